//! Everything that the ledger says of one lot, read by its index in one pass.

use std::collections::HashMap;

use crate::domain::fact::Action;
use crate::domain::stock::LotState;
use crate::domain::time::{Day, Moment};
use crate::store::{LotEntry, Snapshot, StoreError};

/// What kind of entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It arrived.
    Receipt,
    /// A container was opened.
    Opening,
    /// A step of a session used it.
    Use,
    /// It went elsewhere: to waste, for one.
    Other,
    /// An earlier entry was reversed.
    Reversal,
    /// Its status changed; nothing moved.
    Status,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: &[Self] =
        &[Self::Receipt, Self::Opening, Self::Use, Self::Other, Self::Reversal, Self::Status];

    fn of(entry: &LotEntry<'_>) -> Self {
        match entry.action {
            Action::LotReceive => Self::Receipt,
            Action::ContainerOpen => Self::Opening,
            Action::StockUse => Self::Use,
            Action::Reversal => Self::Reversal,
            _ if entry.parts.is_some() => Self::Other,
            _ => Self::Status,
        }
    }
}

/// One entry of a lot. Texts are as the ledger holds them.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) kind: Kind,
    pub(super) action: Action,
    pub(super) seq: u64,
    pub(super) at: Moment,
    pub(super) staff: Box<str>,
    /// How much moved, in smallest parts.
    pub(super) parts: Option<i64>,
    pub(super) from: Option<Box<str>>,
    pub(super) to: Option<Box<str>>,
    pub(super) serial: Option<Box<str>>,
    pub(super) container: Option<Box<str>>,
    pub(super) session: Option<Box<str>>,
    pub(super) client: Option<Box<str>>,
    pub(super) step: Option<Box<str>>,
    pub(super) areas: Option<String>,
    pub(super) reason: Option<Box<str>>,
    pub(super) note: Option<Box<str>>,
    pub(super) corrects: Option<u64>,
    pub(super) reversed_by: Option<u64>,
    /// Of a receipt: who sent it, and the number of its delivery note.
    pub(super) supplier: Option<Box<str>>,
    pub(super) document: Option<Box<str>>,
    /// Of an opening.
    pub(super) discard_by: Option<Day>,
}

impl Moved {
    /// Whether it moved something and was not reversed.
    pub(super) fn stands(&self) -> bool {
        self.reversed_by.is_none() && !matches!(self.kind, Kind::Reversal | Kind::Status)
    }

    fn of(entry: &LotEntry<'_>, kind: Kind) -> Result<Self, StoreError> {
        let text = |text: Option<&str>| text.map(Box::from);
        let mut moved = Self {
            kind,
            action: entry.action,
            seq: entry.seq,
            at: entry.at,
            staff: entry.staff.into(),
            parts: entry.parts,
            from: text(entry.from),
            to: text(entry.to),
            serial: text(entry.serial),
            container: text(entry.container),
            session: text(entry.session),
            client: text(entry.client),
            step: text(entry.step),
            areas: entry.area.map(|areas| areas.replace('+', ", ")),
            reason: text(entry.reason_code),
            note: text(entry.reason),
            corrects: entry.corrects,
            reversed_by: None,
            supplier: None,
            document: None,
            discard_by: None,
        };
        // Only these two have something to say in their detail, which takes time to read.
        match kind {
            Kind::Receipt => (moved.supplier, moved.document) = entry.delivery()?,
            Kind::Opening => moved.discard_by = entry.discard_by()?,
            _ => {}
        }
        Ok(moved)
    }
}

/// The entries of a lot of these kinds in the order of the ledger, each with the entry that
/// reverses it.
pub(super) fn moves(
    snapshot: &mut Snapshot<'_>,
    lot: &LotState,
    kinds: &[Kind],
) -> Result<Vec<Moved>, StoreError> {
    let mut all: Vec<Moved> = Vec::new();
    let mut reversed: HashMap<u64, u64> = HashMap::new();
    snapshot.entries_of_lot(lot, &mut |entry| {
        if let Some(original) = entry.corrects {
            reversed.insert(original, entry.seq);
        }
        let kind = Kind::of(entry);
        if kinds.contains(&kind) {
            all.push(Moved::of(entry, kind)?);
        }
        Ok(())
    })?;
    if !reversed.is_empty() {
        for moved in &mut all {
            moved.reversed_by = reversed.get(&moved.seq).copied();
        }
    }
    Ok(all)
}
