//! The ledger as a listing shows it: each entry with the one that corrects it.
//!
//! What corrects an entry is asked for piece by piece, just before the piece is read: a short
//! listing of a long ledger asks little, and a long one holds little.

use std::collections::HashMap;

use super::entries::bound;
use super::{Snapshot, count, integer};
use crate::domain::trail::entry::Entry;
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

/// What is called with each entry and the position of the one that corrects it.
type EachLogged<'f> = dyn FnMut(&Entry<'_>, Option<u64>) -> Result<Rows, StoreError> + 'f;

/// How many positions the first piece has; each one has twice as many, up to the largest.
const FIRST_PIECE: u64 = 64;
const LARGEST_PIECE: u64 = 65_536;

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
        let mut rows = Rows::More;
        for (from, to) in pieces(self.size(), order) {
            let corrections = self.corrections(from, to)?;
            let sql = match order {
                Order::Newest => sql!("entry_range_newest_first"),
                Order::Oldest => sql!("entry_range"),
            };
            self.each(sql, &[bound(from), bound(to)], &mut |entry, _| {
                if filter.shows(entry) {
                    rows = each(entry, corrections.get(&entry.seq).copied())?;
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
        for (from, to) in pieces(found.len() as u64, Order::Oldest) {
            let piece = found.iter().copied().skip(from as usize).take((to - from) as usize);
            let (first, last) = (piece.clone().min(), piece.clone().max());
            let corrections =
                self.corrections(first.unwrap_or(0), last.map_or(0, |last| last + 1))?;
            for seq in piece {
                self.entry(seq, &mut |entry, _| {
                    rows = each(entry, corrections.get(&seq).copied())?;
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

/// So many positions in growing pieces, each from one position up to another.
fn pieces(size: u64, order: Order) -> impl Iterator<Item = (u64, u64)> {
    let (mut done, mut length) = (0, FIRST_PIECE);
    std::iter::from_fn(move || {
        let next = (done + length).min(size);
        let piece = match order {
            _ if done == size => return None,
            Order::Newest => (size - next, size - done),
            Order::Oldest => (done, next),
        };
        (done, length) = (next, (length * 2).min(LARGEST_PIECE));
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_cover_every_position_once_in_their_order() {
        for size in [0, 1, 64, 65, 200_000] {
            for order in [Order::Newest, Order::Oldest] {
                let mut next = if order == Order::Newest { size } else { 0 };
                for (from, to) in pieces(size, order) {
                    assert!(from < to && to - from <= LARGEST_PIECE);
                    match order {
                        Order::Newest => assert_eq!(to, std::mem::replace(&mut next, from)),
                        Order::Oldest => assert_eq!(from, std::mem::replace(&mut next, to)),
                    }
                }
                assert_eq!(next, if order == Order::Newest { 0 } else { size });
            }
        }
    }
}
