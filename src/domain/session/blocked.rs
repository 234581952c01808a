//! Lots of a session that may not be used any more, or were held when the book was told of a use.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::{ItemFault, Session, SessionState, Use};
use crate::domain::history::{ReversedUse, SessionFold};
use crate::domain::id::{Lot, Sku};
use crate::domain::stock::{Holds, LotStatus, item_text};

/// Lots that are held, recalled or disposed of now, with the entry that made them so.
pub type Blocked = HashMap<(Sku, Option<Lot>), (LotStatus, Option<u64>)>;

/// A lot of a session that is blocked now, or was held when a use of it was recorded or reversed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsedBlocked {
    /// The product and lot, as people name them.
    pub item: String,
    /// What the lot is now.
    pub status: LotStatus,
    /// The entry that made it so, where it may not be used now.
    pub since: Option<u64>,
    /// What the book was told of its use, and when.
    pub told: Told,
}

/// What the book was told of a use while its lot was held, by the order of the entries. A later
/// release changes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Nothing: the use was recorded while the lot might be used.
    Before,
    /// The use was recorded then, as if the lot might be used.
    Recorded {
        /// The entry of the use.
        used: u64,
        /// The entry of the hold.
        hold: u64,
    },
    /// The use was reversed then.
    Reversed {
        /// The entry of the use.
        used: u64,
        /// The entry that reverses it.
        by: u64,
        /// The entry of the hold.
        hold: u64,
    },
}

impl UsedBlocked {
    /// The sentence about it.
    pub fn sentence(&self, session: &str) -> String {
        let Self { item, status, since, told } = self;
        let by = since.map_or_else(String::new, |seq| format!(" by #{seq}"));
        let now = |hold| match *since == Some(hold) {
            true => format!("is still {status}"),
            false => format!("is {status} now{by}"),
        };
        match *told {
            Told::Before => {
                format!("{session}: the use of {item} was recorded before the lot was {status}{by}")
            }
            Told::Recorded { used, hold } => format!(
                "{session}: the use of {item}, #{used}, was recorded while the lot was held by \
                 #{hold}; it {}",
                now(hold)
            ),
            Told::Reversed { used, by, hold } => format!(
                "{session}: the use of {item}, #{used}, was reversed by #{by} while the lot was \
                 held by #{hold}; it {}",
                now(hold)
            ),
        }
    }
}

impl fmt::Display for UsedBlocked {
    /// In a list: `CART-12/A1 held`, or `CART-12/A1 released (recorded while held)`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = match self.told {
            Told::Before => "",
            Told::Recorded { .. } => " (recorded while held)",
            Told::Reversed { .. } => " (reversed while held)",
        };
        write!(out, "{} {}{told}", self.item, self.status)
    }
}

/// The hold in force when a use was recorded as if the lot might be used.
pub fn recorded_while_held(used: &Use, holds: &Holds) -> Option<u64> {
    let known = used.status.has(ItemFault::Held);
    holds.at(&used.product, used.lot.as_ref(), used.seq).filter(|_| !known)
}

/// What is to be said of the lots that a session used as usable, or did not use after all.
pub fn used_blocked(fold: &SessionFold, holds: &Holds, blocked: &Blocked) -> BTreeSet<UsedBlocked> {
    let used = uses(&fold.session).filter(|used| !used.status.has(ItemFault::Held));
    let used = used.filter_map(|used| {
        let told = recorded_while_held(used, holds)
            .map_or(Told::Before, |hold| Told::Recorded { used: used.seq, hold });
        let (status, since) = now(used, blocked);
        let said = told != Told::Before || status != LotStatus::Released;
        said.then(|| UsedBlocked { item: lot_of(used), status, since, told })
    });
    let reversed = fold.reversed.iter().filter_map(|ReversedUse { used, by }| {
        let hold = holds.at(&used.product, used.lot.as_ref(), *by)?;
        let (status, since) = now(used, blocked);
        let told = Told::Reversed { used: used.seq, by: *by, hold };
        Some(UsedBlocked { item: lot_of(used), status, since, told })
    });
    used.chain(reversed).collect()
}

/// The lots that a session used, also those whose use was reversed.
pub fn lots_of(fold: &SessionFold) -> impl Iterator<Item = (&Sku, Option<&Lot>)> {
    let reversed = fold.reversed.iter().map(|reversed| &reversed.used);
    let used = fold.session.events.iter().flat_map(|event| &event.uses).chain(reversed);
    used.map(|used| (&used.product, used.lot.as_ref()))
}

/// The uses of a session; none of one that never happened.
fn uses(session: &Session) -> impl Iterator<Item = &Use> {
    let happened = session.state != SessionState::Voided;
    session.events.iter().filter(move |_| happened).flat_map(|event| &event.uses)
}

fn lot_of(used: &Use) -> String {
    item_text(&used.product, used.lot.as_ref())
}

/// What a lot is now, and by which entry it is blocked.
fn now(used: &Use, blocked: &Blocked) -> (LotStatus, Option<u64>) {
    if blocked.is_empty() {
        return (LotStatus::Released, None);
    }
    let found = blocked.get(&(used.product.clone(), used.lot.clone()));
    found.copied().unwrap_or((LotStatus::Released, None))
}
