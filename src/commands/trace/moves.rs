//! Everything that the ledger says of one lot, read by its index in one pass.

use std::collections::{HashMap, HashSet};

use crate::domain::fact::{Action, Fact};
use crate::domain::quantity::Unit;
use crate::domain::stock::LotState;
use crate::domain::time::{Day, Moment};
use crate::domain::trail::entry::Entry;
use crate::store::{Filter, Rows, Snapshot, StoreError};

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
}

/// One entry of a lot. Texts are as the ledger holds them.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) kind: Kind,
    /// The action: `lot.receive`, `stock.use` ...
    pub(super) action: Box<str>,
    pub(super) seq: u64,
    pub(super) at: Moment,
    pub(super) staff: Box<str>,
    /// How much moved, in smallest parts.
    pub(super) parts: Option<i64>,
    pub(super) unit: Option<Unit>,
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

    fn of(entry: &Entry<'_>, kind: Kind) -> Result<Self, StoreError> {
        let columns = &entry.columns;
        let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(Box::from);
        let mut moved = Self {
            kind,
            action: entry.action.as_ref().into(),
            seq: entry.seq,
            at: entry.occurred_at,
            staff: entry.staff.as_ref().into(),
            parts: columns.quantity,
            unit: columns.unit.as_deref().and_then(|unit| unit.parse().ok()),
            from: text(&columns.from_place),
            to: text(&columns.to_place),
            serial: text(&columns.serial),
            container: text(&columns.container),
            session: text(&columns.session),
            client: text(&columns.client),
            step: text(&columns.step),
            areas: columns.area.as_deref().map(|areas| areas.replace('+', ", ")),
            reason: text(&columns.reason_code),
            note: text(&columns.reason),
            corrects: columns.corrects,
            reversed_by: None,
            supplier: None,
            document: None,
            discard_by: None,
        };
        // Only these two have something to say in their detail, which takes time to read.
        if matches!(moved.kind, Kind::Receipt | Kind::Opening) {
            let fact = Fact::from_columns(&entry.action, columns)
                .map_err(|error| StoreError::Entry { seq: entry.seq, why: error.to_string() })?;
            match fact {
                Fact::LotReceive(receipt) => {
                    moved.supplier = Some(receipt.supplier);
                    moved.document = receipt.document;
                }
                Fact::ContainerOpen { discard_by, .. } => moved.discard_by = discard_by,
                _ => {}
            }
        }
        Ok(moved)
    }
}

/// In how many sessions a lot was used, without the uses that were reversed.
pub(in crate::commands) fn sessions_that_used(
    snapshot: &mut Snapshot<'_>,
    lot: &LotState,
) -> Result<usize, StoreError> {
    let uses = moves(snapshot, lot, &[Kind::Use])?;
    let standing = uses.into_iter().filter(Moved::stands).filter_map(|used| used.session);
    Ok(standing.collect::<HashSet<_>>().len())
}

fn kind(action: &str, moves: bool) -> Kind {
    match action.parse::<Action>() {
        Ok(Action::LotReceive) => Kind::Receipt,
        Ok(Action::ContainerOpen) => Kind::Opening,
        Ok(Action::StockUse) => Kind::Use,
        Ok(Action::Reversal) => Kind::Reversal,
        _ if moves => Kind::Other,
        _ => Kind::Status,
    }
}

/// The entries of a lot of these kinds in the order of the ledger, each with the entry that
/// reverses it.
pub(super) fn moves(
    snapshot: &mut Snapshot<'_>,
    lot: &LotState,
    kinds: &[Kind],
) -> Result<Vec<Moved>, StoreError> {
    let filter = Filter {
        product: Some(lot.product.to_string()),
        lot: Some(lot.lot.as_ref().map_or("none", |lot| lot.as_str()).to_owned()),
        ..Filter::default()
    };
    let mut all: Vec<Moved> = Vec::new();
    let mut reversed: HashMap<u64, u64> = HashMap::new();
    snapshot.filtered(&filter, &mut |entry, _| {
        if let Some(original) = entry.columns.corrects {
            reversed.insert(original, entry.seq);
        }
        let kind = kind(&entry.action, entry.columns.quantity.is_some());
        if kinds.contains(&kind) {
            all.push(Moved::of(entry, kind)?);
        }
        Ok(Rows::More)
    })?;
    if !reversed.is_empty() {
        for moved in &mut all {
            moved.reversed_by = reversed.get(&moved.seq).copied();
        }
    }
    Ok(all)
}
