//! Writing rows of the ledger: a few of them in one statement together with the head, many of them
//! by COPY.

use std::fmt::Write as _;
use std::io::Write as _;

use super::row::PostgresRow;
use super::{Postgres, with_dollars};
use crate::store::engine::{EachRow, EntryRow, OwnedValue, Rows, Value};
use crate::store::{StoreError, sql};

/// How many rows one statement may take; more of them go by COPY.
const FUSED: usize = 64;

/// How many rows are kept back before they are sent.
const KEPT: usize = 4096;

/// What every COPY in the binary format begins and ends with (PostgreSQL's manual, COPY).
const COPY_HEAD: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const COPY_END: &[u8; 2] = b"\xff\xff";

/// The columns of the ledger, as its one insert names them.
fn columns() -> &'static str {
    let insert = sql!("entry_insert");
    let (begin, end) = (insert.find('(').unwrap_or(0), insert.find(')').unwrap_or(0));
    &insert[begin + 1..end]
}

/// The types of the columns, which a NULL in a list of rows can't show.
const TYPES: [&str; 31] = {
    let mut types = ["TEXT"; 31];
    let mut integers = [0, 2, 3, 4, 15, 27, 29].as_slice();
    while let [column, rest @ ..] = integers {
        types[*column] = "BIGINT";
        integers = rest;
    }
    types[1] = "BYTEA";
    types[30] = "BYTEA";
    types
};

/// Rows of the ledger that are not sent yet: values for one statement as long as they are few, and
/// the bytes of a COPY once they are many.
#[derive(Default)]
pub(super) struct Kept {
    few: Vec<[OwnedValue; 31]>,
    many: Vec<u8>,
    count: usize,
}

impl Kept {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn add(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError> {
        self.count += 1;
        if self.count <= FUSED {
            self.few.push(row.each_ref().map(OwnedValue::from));
            return Ok(());
        }
        if self.many.is_empty() {
            self.many.extend_from_slice(COPY_HEAD);
            for row in std::mem::take(&mut self.few) {
                encode(row.iter().map(OwnedValue::value), &mut self.many)?;
            }
        }
        encode(row.iter().copied(), &mut self.many)
    }
}

impl Postgres {
    pub(super) fn keep(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError> {
        self.kept.add(row)?;
        if self.kept.count < KEPT { Ok(()) } else { self.send_kept() }
    }

    /// Sends what is kept back, before anything else is asked.
    pub(super) fn send_kept(&mut self) -> Result<(), StoreError> {
        let Kept { few, mut many, count } = std::mem::take(&mut self.kept);
        if count == 0 {
            return Ok(());
        }
        if count > FUSED {
            many.extend_from_slice(COPY_END);
            return self.copy_in("entry", columns(), &many);
        }
        let statement = format!("INSERT INTO entry ({}) {}", columns(), values(count, 0));
        let params: Vec<Value<'_>> = few.iter().flatten().map(OwnedValue::value).collect();
        self.run(&statement, &params, &mut |_| Ok(Rows::More)).map(drop)
    }

    /// One statement that inserts what is kept back, sets the head, and reads back what it wrote.
    pub(super) fn finish(
        &mut self,
        first: i64,
        head: &[Value<'_>; 3],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        let Value::Integer(size) = head[0] else {
            return Err(StoreError::Invariant("the size of a ledger is a number".to_owned()));
        };
        let is_all_kept = usize::try_from(size - first).is_ok_and(|all| all == self.kept.count);
        if !is_all_kept || self.kept.count > FUSED {
            self.send_kept()?;
            let params = [Value::Integer(first), head[0]];
            self.run(&with_dollars(sql!("head_set")), head, &mut |_| Ok(Rows::More))?;
            return self.run(&with_dollars(sql!("entry_range")), &params, each).map(drop);
        }
        let kept = std::mem::take(&mut self.kept).few;
        let statement = format!(
            "WITH head_now AS (UPDATE head SET size = $1, frontier = $2, recorded_at = $3 \
                WHERE one = 1), \
             written AS (INSERT INTO entry ({columns}) {values} RETURNING {columns}) \
             SELECT {columns} FROM written ORDER BY seq",
            columns = columns(),
            values = values(kept.len(), head.len()),
        );
        let rows = kept.iter().flatten().map(OwnedValue::value);
        let params: Vec<Value<'_>> = head.iter().copied().chain(rows).collect();
        self.run(&statement, &params, each).map(drop)
    }

    /// Fills a table anew.
    pub(super) fn copy_rows(
        &mut self,
        table: &str,
        columns: &str,
        rows: &[Vec<OwnedValue>],
    ) -> Result<(), StoreError> {
        let mut bytes = COPY_HEAD.to_vec();
        for row in rows {
            encode(row.iter().map(OwnedValue::value), &mut bytes)?;
        }
        bytes.extend_from_slice(COPY_END);
        self.copy_in(table, columns, &bytes)
    }

    fn copy_in(&mut self, table: &str, columns: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let statement = format!("COPY {table} ({columns}) FROM STDIN BINARY");
        let copied = self.client.copy_in(&statement).and_then(|mut copy| {
            // What goes wrong on the way is said by the server when the copy is finished.
            let _ = copy.write_all(bytes);
            copy.finish()
        });
        copied.map(drop).map_err(|error| self.failed(&error))
    }
}

/// `VALUES ($1, ...), ...` for so many rows, behind so many other parameters.
fn values(rows: usize, offset: usize) -> String {
    let mut text = String::from("VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (column, kind) in TYPES.iter().enumerate() {
            let comma = if column == 0 { "" } else { ", " };
            let number = offset + row * TYPES.len() + column + 1;
            // A String takes all that is written to it.
            let _ = write!(text, "{comma}CAST(${number} AS {kind})");
        }
        text.push(')');
    }
    text
}

/// A row of the binary format: the number of its fields, and each with its length, or -1 alone.
fn encode<'v>(
    row: impl ExactSizeIterator<Item = Value<'v>>,
    out: &mut Vec<u8>,
) -> Result<(), StoreError> {
    let too_long = |_| StoreError::Invariant("a row is too long for the server".to_owned());
    out.extend_from_slice(&i16::try_from(row.len()).map_err(too_long)?.to_be_bytes());
    for value in row {
        let integer;
        let bytes = match value {
            Value::Null => {
                out.extend_from_slice(&(-1_i32).to_be_bytes());
                continue;
            }
            Value::Integer(value) => {
                integer = value.to_be_bytes();
                integer.as_slice()
            }
            Value::Text(value) => value.as_bytes(),
            Value::Blob(value) => value,
        };
        out.extend_from_slice(&i32::try_from(bytes.len()).map_err(too_long)?.to_be_bytes());
        out.extend_from_slice(bytes);
    }
    Ok(())
}

/// Calls `each` with every row of an answer.
pub(super) fn each_of(
    rows: &mut postgres::RowIter<'_>,
    each: &mut EachRow<'_>,
) -> Result<Result<Option<u64>, StoreError>, postgres::Error> {
    use postgres::fallible_iterator::FallibleIterator;
    while let Some(row) = rows.next()? {
        match each(&PostgresRow(&row)) {
            Ok(Rows::More) => {}
            Ok(Rows::Enough) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(rows.rows_affected()))
}
