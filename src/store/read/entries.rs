//! Entries of the ledger, streamed row by row.

use super::windows::Windows;
use super::{LotRow, Snapshot, count, entry_from_row, integer};
use crate::domain::fact::{Action, Fact};
use crate::domain::id::{Sku, lot_text};
use crate::domain::stock::{Arrival, Original};
use crate::domain::time::{Day, Moment};
use crate::domain::trail::entry::Entry;
use crate::domain::trail::hash::Hash;
use crate::store::engine::{Rows, Value};
use crate::store::{StoreError, sql};

/// Which entries a listing shows. An empty filter shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Entries that happened on this day or later.
    pub from: Option<Day>,
    /// Entries that happened on this day or earlier.
    pub to: Option<Day>,
    /// The product.
    pub product: Option<String>,
    /// The lot.
    pub lot: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The container.
    pub container: Option<String>,
    /// The session.
    pub session: Option<String>,
    /// The client's reference.
    pub client: Option<String>,
    /// Who did it.
    pub staff: Option<String>,
    /// What was done; a trailing `.` stands for all actions that begin so.
    pub action: Option<String>,
}

impl Filter {
    /// Whether an index leads to the entries; otherwise all are looked at.
    pub(super) fn has_index(&self) -> bool {
        self.session.is_some() || self.product.is_some() && self.lot.is_some()
    }

    /// Whether an entry is shown.
    pub fn shows(&self, entry: &Entry<'_>) -> bool {
        let columns = &entry.columns;
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == value)
        };
        let day = entry.occurred_at.day();
        let action = self.action.as_deref().is_none_or(|wanted| {
            entry.action == wanted || wanted.ends_with('.') && entry.action.starts_with(wanted)
        });
        let staff =
            self.staff.as_deref().is_none_or(|wanted| entry.staff.eq_ignore_ascii_case(wanted));
        let product = self.product.as_deref().is_none_or(|wanted| {
            columns.product.as_deref().is_some_and(|sku| sku.eq_ignore_ascii_case(wanted))
        });
        action
            && staff
            && product
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && is(&self.lot, columns.lot.as_deref())
            && is(&self.serial, columns.serial.as_deref())
            && is(&self.container, columns.container.as_deref())
            && is(&self.session, columns.session.as_deref())
            && is(&self.client, columns.client.as_deref())
    }
}

/// What is called with each entry and its stored leaf.
type EachEntry<'f> = dyn FnMut(&Entry<'_>, Hash) -> Result<Rows, StoreError> + 'f;

pub(super) fn bound(seq: u64) -> Value<'static> {
    seq.into()
}

impl Snapshot<'_> {
    pub(super) fn each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut EachEntry<'_>,
    ) -> Result<(), StoreError> {
        self.engine.query(sql, params, &mut |row| {
            let (entry, leaf) = entry_from_row(row)?;
            each(&entry, leaf)
        })
    }

    /// The entries from one position up to another, oldest first.
    pub fn entries(
        &mut self,
        from: u64,
        to: u64,
        each: &mut EachEntry<'_>,
    ) -> Result<(), StoreError> {
        self.each(sql!("entry_range"), &[bound(from), bound(to.min(self.size))], each)
    }

    /// The entries that a filter shows, oldest first, by the index that fits best.
    pub fn filtered(
        &mut self,
        filter: &Filter,
        each: &mut EachEntry<'_>,
    ) -> Result<(), StoreError> {
        let size = bound(self.size);
        let mut shown = |entry: &Entry<'_>, leaf: Hash| {
            if filter.shows(entry) { each(entry, leaf) } else { Ok(Rows::More) }
        };
        if let Some(session) = &filter.session {
            return self.each(sql!("entry_by_session"), &[Value::Text(session), size], &mut shown);
        }
        // The index by lot is exact, and people write a SKU in any case.
        if let (Some(sku), Some(lot)) = (&filter.product, &filter.lot)
            && let Some(product) = self.product(sku)?
        {
            let params = [Value::Text(product.sku.as_str()), Value::Text(lot), size];
            return self.each(sql!("entry_by_lot"), &params, &mut shown);
        }
        self.in_windows(sql!("entry_range"), Windows::over(0, self.size), &mut shown)
    }

    /// The entries of one range of positions after the other, until `each` has enough: a server
    /// sends all that a query finds, so one for the whole ledger costs all of it.
    fn in_windows(
        &mut self,
        sql: &'static str,
        windows: impl Iterator<Item = (u64, u64)>,
        each: &mut EachEntry<'_>,
    ) -> Result<(), StoreError> {
        let mut rows = Rows::More;
        for (from, to) in windows {
            self.each(sql, &[bound(from), bound(to)], &mut |entry, leaf| {
                rows = each(entry, leaf)?;
                Ok(rows)
            })?;
            if rows == Rows::Enough {
                break;
            }
        }
        Ok(())
    }

    /// The first of the entries that a filter shows whose line has not the hash stored with it.
    pub fn first_changed(&mut self, filter: &Filter) -> Result<Option<u64>, StoreError> {
        let (mut changed, mut line) = (None, String::new());
        self.filtered(filter, &mut |entry, leaf| {
            if entry.has_leaf(leaf, &mut line) {
                return Ok(Rows::More);
            }
            changed = Some(entry.seq);
            Ok(Rows::Enough)
        })?;
        Ok(changed)
    }

    /// When an entry happened, and who did it.
    pub fn written(&mut self, seq: u64) -> Result<Option<(Moment, String)>, StoreError> {
        let mut found = None;
        self.each(sql!("entry_by_seq"), &[bound(seq)], &mut |entry, _| {
            found = Some((entry.occurred_at, entry.staff.to_string()));
            Ok(Rows::Enough)
        })?;
        Ok(found)
    }

    /// The entry with this position and its stored leaf, handed over where there is one.
    pub fn entry(&mut self, seq: u64, each: &mut EachEntry<'_>) -> Result<(), StoreError> {
        self.each(sql!("entry_by_seq"), &[bound(seq)], each)
    }

    /// The deliveries of a product that stand, in order of time.
    pub fn arrivals(&mut self, product: &Sku) -> Result<Vec<Arrival>, StoreError> {
        let mut found = Vec::new();
        for lot in self.lots(product)?.into_iter().filter(LotRow::is_received) {
            let filter = Filter {
                product: Some(product.to_string()),
                lot: Some(lot_text(lot.state.lot.as_ref()).to_owned()),
                action: Some(Action::LotReceive.as_str().to_owned()),
                ..Filter::default()
            };
            self.filtered(&filter, &mut |entry, _| {
                let fact = Fact::from_columns(&entry.action, &entry.columns)
                    .map_err(|error| StoreError::entry(entry.seq, &error))?;
                if let Fact::LotReceive(receipt) = fact {
                    found.push((entry.seq, entry.occurred_at, receipt.item));
                }
                Ok(Rows::More)
            })?;
        }
        let mut arrivals = Vec::new();
        for (seq, at, item) in found {
            if self.corrected_by(seq)?.is_none() {
                arrivals.push(Arrival { at, item });
            }
        }
        arrivals.sort_by_key(|arrival| arrival.at);
        Ok(arrivals)
    }

    /// The entry that corrects this one.
    pub fn corrected_by(&mut self, seq: u64) -> Result<Option<u64>, StoreError> {
        self.first(sql!("corrected_by"), &[bound(seq)], |row| count(integer(row, 0)?))
    }

    /// All entries of the command that wrote this one, or none where there is no such entry.
    pub fn command_of(&mut self, seq: u64) -> Result<Vec<Original>, StoreError> {
        let mut txn = None;
        self.each(sql!("entry_by_seq"), &[bound(seq)], &mut |entry, _| {
            txn = Some(entry.txn);
            Ok(Rows::Enough)
        })?;
        let Some(txn) = txn else { return Ok(Vec::new()) };
        let mut originals = Vec::new();
        let windows = Windows::over(txn, self.size);
        self.in_windows(sql!("entry_range"), windows, &mut |entry, _| {
            if entry.txn != txn {
                return Ok(Rows::Enough);
            }
            let fact = Fact::from_columns(&entry.action, &entry.columns)
                .map_err(|error| StoreError::entry(entry.seq, &error))?;
            let at = entry.occurred_at;
            originals.push(Original { seq: entry.seq, at, fact, corrected_by: None });
            Ok(Rows::More)
        })?;
        for original in &mut originals {
            original.corrected_by = self.corrected_by(original.seq)?;
        }
        Ok(originals)
    }
}
