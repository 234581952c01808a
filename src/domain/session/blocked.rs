//! Lots that a session used and that may not be used any more: held, recalled or disposed of.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::{ItemFault, Session, SessionState};
use crate::domain::id::{Lot, Sku};
use crate::domain::stock::{LotStatus, item_text};

/// Lots that are held, recalled or disposed of now, with the entry that made them so.
pub type Blocked = HashMap<(Sku, Option<Lot>), (LotStatus, Option<u64>)>;

/// A lot that may not be used any more, in a session that used it without a word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsedBlocked {
    /// The product and lot, as people name them.
    pub item: String,
    /// What it is now.
    pub status: LotStatus,
    /// The use, where it was recorded only after that: nobody can say that it was in good faith.
    pub recorded_after: Option<(u64, u64)>,
}

impl UsedBlocked {
    /// The sentence about it.
    pub fn sentence(&self, session: &str) -> String {
        let Self { item, status, recorded_after } = self;
        match recorded_after {
            None => format!("{session} used {item} in good faith, which is {status} now"),
            Some((used, since)) => format!(
                "{session} used {item}, which is {status} by #{since}, and the use was recorded \
                 only after that, by #{used}"
            ),
        }
    }
}

impl fmt::Display for UsedBlocked {
    /// In a list: `CART-12/A1 held`, or `CART-12/A1 held (recorded after that)`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = if self.recorded_after.is_some() { " (recorded after that)" } else { "" };
        write!(out, "{} {}{after}", self.item, self.status)
    }
}

/// The lots that a session used as usable, and that may not be used any more.
pub fn used_blocked(session: &Session, blocked: &Blocked) -> BTreeSet<UsedBlocked> {
    if blocked.is_empty() || session.state == SessionState::Voided {
        return BTreeSet::new();
    }
    let uses = session.events.iter().flat_map(|event| &event.uses);
    let uses = uses.filter(|used| !used.status.has(ItemFault::Held));
    uses.filter_map(|used| {
        let (status, since) = *blocked.get(&(used.product.clone(), used.lot.clone()))?;
        Some(UsedBlocked {
            item: item_text(&used.product, used.lot.as_ref()),
            status,
            recorded_after: since.filter(|since| used.seq > *since).map(|since| (used.seq, since)),
        })
    })
    .collect()
}
