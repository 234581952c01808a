//! The ledger as a listing shows it: each entry with the one that corrects it.
//!
//! What corrects an entry is asked for piece by piece, just before the piece is read: a short
//! listing of a long ledger asks little, and a long one holds little.

use std::collections::HashMap;

use super::entries::bound;
use super::windows::Windows;
use super::{Snapshot, count, integer};
use crate::domain::trail::entry::Entry;
use crate::domain::trail::hash::Hash;
use crate::store::engine::{Rows, Value};
use crate::store::{Filter, StoreError, sql};

/// Which entries of a listing come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// The oldest.
    Oldest,
}

/// What is called with each entry, its stored leaf and the position of the one that corrects it.
type EachLogged<'f> = dyn FnMut(&Entry<'_>, Hash, Option<u64>) -> Result<Rows, StoreError> + 'f;

impl Snapshot<'_> {
    /// The entries that a filter shows, until `each` has enough.
    pub fn log(
        &mut self,
        filter: &Filter,
        order: Order,
        each: &mut EachLogged<'_>,
    ) -> Result<(), StoreError> {
        if filter.has_index() {
            return self.log_by_index(filter, order, each);
        }
        let size = self.size();
        match order {
            Order::Oldest => {
                self.log_in_windows(sql!("entry_range"), Windows::over(0, size), filter, each)
            }
            Order::Newest => {
                let (sql, windows) = (sql!("entry_range_newest_first"), Windows::back_from(size));
                self.log_in_windows(sql, windows, filter, each)
            }
        }
    }

    fn log_in_windows(
        &mut self,
        sql: &'static str,
        windows: impl Iterator<Item = (u64, u64)>,
        filter: &Filter,
        each: &mut EachLogged<'_>,
    ) -> Result<(), StoreError> {
        let mut rows = Rows::More;
        for (from, to) in windows {
            let corrections = self.corrections(from, to)?;
            self.each(sql, &[bound(from), bound(to)], &mut |entry, leaf| {
                if filter.shows(entry) {
                    rows = each(entry, leaf, corrections.get(&entry.seq).copied())?;
                }
                Ok(rows)
            })?;
            if rows == Rows::Enough {
                break;
            }
        }
        Ok(())
    }

    /// What an index finds comes oldest first: its positions, then a piece of them at a time.
    fn log_by_index(
        &mut self,
        filter: &Filter,
        order: Order,
        each: &mut EachLogged<'_>,
    ) -> Result<(), StoreError> {
        let mut found = Vec::new();
        self.filtered(filter, &mut |entry, _| {
            found.push(entry.seq);
            Ok(Rows::More)
        })?;
        if order == Order::Newest {
            found.reverse();
        }
        let mut rows = Rows::More;
        for (from, to) in Windows::over(0, found.len() as u64) {
            let piece = found.iter().copied().skip(from as usize).take((to - from) as usize);
            let (first, last) = (piece.clone().min(), piece.clone().max());
            let corrections =
                self.corrections(first.unwrap_or(0), last.map_or(0, |last| last + 1))?;
            for seq in piece {
                self.entry(seq, &mut |entry, leaf| {
                    rows = each(entry, leaf, corrections.get(&seq).copied())?;
                    Ok(Rows::Enough)
                })?;
                if rows == Rows::Enough {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The entries from one position up to another that are corrected, each with the one that
    /// corrects it.
    fn corrections(&mut self, from: u64, to: u64) -> Result<HashMap<u64, u64>, StoreError> {
        let params = [bound(from), bound(to), Value::from(self.size())];
        let pairs = self.collect(sql!("corrections"), &params, |row| {
            Ok((count(integer(row, 0)?)?, count(integer(row, 1)?)?))
        })?;
        Ok(pairs.into_iter().collect())
    }
}
