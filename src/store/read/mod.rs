//! Reading: everything that commands ask of a book, in one snapshot.

mod catalog;
mod entries;
mod log;
mod lots;
mod sessions;
mod trace;
mod windows;

pub use entries::Filter;
pub use log::Order;
pub use lots::{ContainerRow, LotRow};
pub use sessions::{PublishedProtocol, SessionRow};
pub use trace::LotEntry;

use std::borrow::Cow;

use uuid::Uuid;

use super::engine::{Engine, Row, Rows, Value};
use super::{About, Head, StoreError, sql};
use crate::domain::fact::Opening;
use crate::domain::time::{Instant, Moment, TimeError, Zone};
use crate::domain::trail::entry::{Columns, Entry};
use crate::domain::trail::hash::Hash;
use crate::domain::trail::merkle::Frontier;

/// One consistent view of a book: the ledger up to `size` and the tables as they stand with it.
pub struct Snapshot<'s> {
    engine: &'s mut dyn Engine,
    about: &'s About,
    size: u64,
}

impl<'s> Snapshot<'s> {
    pub(super) fn new(engine: &'s mut dyn Engine, about: &'s About, size: u64) -> Self {
        Self { engine, about, size }
    }

    pub(super) fn engine(&mut self) -> &mut dyn Engine {
        self.engine
    }

    /// What entry 0 says of the book.
    pub fn about(&self) -> &'s About {
        self.about
    }

    /// How many entries it shows: those that it began with, and those of the write that reads.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Shows the entries of its own write too.
    pub(super) fn grow(&mut self, size: u64) {
        self.size = size;
    }

    /// Size, frontier and last time of the ledger.
    pub fn head(&mut self) -> Result<Head, StoreError> {
        head(self.engine)
    }

    /// Collects one value a row.
    fn collect<T>(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.engine.query(sql, params, &mut |row| {
            rows.push(read(row)?);
            Ok(Rows::More)
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    fn first<T>(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut first = None;
        self.engine.query(sql, params, &mut |row| {
            first = Some(read(row)?);
            Ok(Rows::Enough)
        })?;
        Ok(first)
    }
}

/// A column that the schema says is never NULL.
fn integer(row: &dyn Row, column: usize) -> Result<i64, StoreError> {
    row.integer(column)?.ok_or_else(|| null(column))
}

/// A column that the schema says is never NULL.
fn text(row: &dyn Row, column: usize) -> Result<&str, StoreError> {
    row.text(column)?.ok_or_else(|| null(column))
}

fn null(column: usize) -> StoreError {
    StoreError::Corrupt(format!("column {column} of an answer is NULL"))
}

fn owned(row: &dyn Row, column: usize) -> Result<String, StoreError> {
    text(row, column).map(str::to_owned)
}

fn maybe(row: &dyn Row, column: usize) -> Result<Option<String>, StoreError> {
    row.text(column).map(|text| text.map(str::to_owned))
}

/// A stored value that must parse, since the book wrote it.
fn parsed<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error: T::Err| StoreError::Corrupt(error.to_string()))
}

fn moment(millis: i64, offset_min: i64) -> Result<Moment, StoreError> {
    let offset = i16::try_from(offset_min).unwrap_or(i16::MAX);
    Moment::new(millis.div_euclid(1000), offset).map_err(damaged_time)
}

fn damaged_time(error: TimeError) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// A whole number that is never negative in a sound book.
fn count(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} is negative")))
}

/// The number of a session or container.
fn number(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} is not a number")))
}

/// The number after the last one that was given.
fn next_number(last: Option<i64>) -> Result<u32, StoreError> {
    let next = number(last.unwrap_or(0))?.checked_add(1);
    next.ok_or_else(|| StoreError::Invariant("its numbers are used up".to_owned()))
}

/// An entry as the row holds it, with the leaf that the row stores. Nothing is copied.
pub(super) fn entry_from_row(row: &dyn Row) -> Result<(Entry<'_>, Hash), StoreError> {
    let seq = count(integer(row, 0)?)?;
    let damaged = |why: &str| StoreError::Entry { seq, why: why.to_owned() };
    let column = |index: usize| row.text(index).map(|text| text.map(Cow::Borrowed));
    let id = row.blob(1)?.and_then(|bytes| Uuid::from_slice(bytes).ok());
    let leaf = row.blob(30)?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let time = |error: TimeError| StoreError::Entry { seq, why: error.to_string() };
    let occurred = integer(row, 4)?;
    if occurred % 1000 != 0 {
        return Err(damaged("occurred_at is not a whole second"));
    }
    let offset = i16::try_from(integer(row, 29)?).unwrap_or(i16::MAX);
    let entry = Entry {
        seq,
        entry_id: id.ok_or_else(|| damaged("entry_id is not a UUID"))?,
        txn: count(integer(row, 2)?)?,
        recorded_at: Instant::from_millis(integer(row, 3)?).map_err(time)?,
        occurred_at: Moment::new(occurred / 1000, offset).map_err(time)?,
        staff: text(row, 5)?.into(),
        role: text(row, 6)?.into(),
        action: text(row, 7)?.into(),
        columns: Columns {
            session: column(8)?,
            client: column(9)?,
            product: column(10)?,
            lot: column(11)?,
            serial: column(12)?,
            expiry: column(13)?,
            container: column(14)?,
            quantity: row.integer(15)?,
            unit: column(16)?,
            from_place: column(17)?,
            to_place: column(18)?,
            protocol: column(19)?,
            step: column(20)?,
            area: column(21)?,
            field: column(22)?,
            old_value: column(23)?,
            new_value: column(24)?,
            reason_code: column(25)?,
            reason: column(26)?,
            corrects: row.integer(27)?.map(count).transpose()?,
            detail: column(28)?,
        },
    };
    Ok((entry, Hash(leaf.ok_or_else(|| damaged("leaf is not 32 bytes"))?)))
}

/// Reads size, frontier and last time of the ledger.
pub(super) fn head(engine: &mut dyn Engine) -> Result<Head, StoreError> {
    let mut found = None;
    engine.query(sql!("head_read"), &[], &mut |row| {
        found = Some(head_of(row.blob(0)?.unwrap_or_default(), integer(row, 1)?)?);
        Ok(Rows::Enough)
    })?;
    found.ok_or_else(no_head)
}

/// The head from its columns.
pub(super) fn head_of(frontier: &[u8], recorded_at: i64) -> Result<Head, StoreError> {
    let frontier = Frontier::from_bytes(frontier)
        .map_err(|error| StoreError::Corrupt(format!("the Merkle frontier: {error}")))?;
    let recorded_at = Instant::from_millis(recorded_at).map_err(damaged_time)?;
    Ok(Head { frontier, recorded_at })
}

pub(super) fn no_head() -> StoreError {
    StoreError::Corrupt("the head of the ledger is missing".to_owned())
}

/// The position of the last entry, whatever the head says; none in a ledger without entries.
pub(super) fn last_seq(engine: &mut dyn Engine) -> Result<Option<i64>, StoreError> {
    let mut last = None;
    engine.query(sql!("entry_last"), &[], &mut |row| {
        last = row.integer(0)?;
        Ok(Rows::Enough)
    })?;
    Ok(last)
}

/// The size of the ledger by its entries alone.
pub(super) fn size_by_entries(engine: &mut dyn Engine) -> Result<u64, StoreError> {
    let last = last_seq(engine)?;
    Ok(last.and_then(|last| u64::try_from(last).ok()).map_or(0, |last| last.saturating_add(1)))
}

/// Writes the head of a book that has no entries yet.
pub(super) fn head_begin(engine: &mut dyn Engine) -> Result<(), StoreError> {
    let head = Head { frontier: Frontier::new(), recorded_at: Instant::EARLIEST };
    engine.execute(sql!("head_add"), &head.row(&head.frontier.to_bytes())).map(drop)
}

/// Reads what entry 0 said.
pub(super) fn about(engine: &mut dyn Engine) -> Result<About, StoreError> {
    let mut about = None;
    engine.query(sql!("book_read"), &[], &mut |row| {
        let zone = text(row, 4)?;
        let opening = Opening {
            book: parsed(text(row, 0)?)?,
            clinic: text(row, 1)?.into(),
            currency: text(row, 2)?.into(),
            format: number(integer(row, 3)?)?,
            zone: zone.into(),
        };
        let zone = Zone::new(zone).map_err(|error| StoreError::Zone(error.to_string()))?;
        about = Some(About { opening, zone });
        Ok(Rows::Enough)
    })?;
    if let Some(about) = about {
        return Ok(about);
    }
    // A copy fills all tables at once, in its last transaction; a book has staff from its first.
    let mut is_damaged = false;
    engine.query(sql!("staff_list"), &[], &mut |_| {
        is_damaged = true;
        Ok(Rows::Enough)
    })?;
    let missing = || StoreError::Corrupt("its table `book` is empty".to_owned());
    Err(if is_damaged { missing() } else { StoreError::Unfinished })
}
