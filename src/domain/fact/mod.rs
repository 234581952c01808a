//! Everything that can be written to the ledger, one variant for each kind of fact.
//!
//! A fact and its entry map one to one, both ways, without loss: `write` turns a fact into
//! columns, `read` turns columns into the fact and refuses columns that say anything else.

mod action;
mod because;
mod limit;
mod read;
mod route;
mod write;

use std::collections::BTreeMap;

pub use action::{Action, DESPITE, Reason, Spec, check_step_reason, pick, step_reasons};
pub use because::Because;
pub use limit::check_lengths;
pub use read::FactError;
pub use route::{End, Route};

use crate::domain::catalog::{Category, Person, PlaceKind, Product};
use crate::domain::id::{
    AreaId, ClientRef, ContainerId, FieldName, Lot, PlaceName, ProtocolRef, Serial, SessionId, Sku,
    StaffId, StepId,
};
use crate::domain::place::Place;
use crate::domain::quantity::{Quantity, Unit, Value};
use crate::domain::session::{Despite, ItemStatus};
use crate::domain::time::{Day, Expiry};
use crate::domain::trail::detail::Detail;

/// An item that moves from one place to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The product.
    pub product: Sku,
    /// The maker's lot; none where the pack shows none.
    pub lot: Option<Lot>,
    /// The serial number of one pack, as it is labelled.
    pub serial: Option<Serial>,
    /// The lot's expiry.
    pub expiry: Expiry,
    /// The opened container, where the item is in one.
    pub container: Option<ContainerId>,
    /// How much moves.
    pub quantity: Quantity,
    /// Where it was.
    pub from: Place,
    /// Where it is now.
    pub to: Place,
}

/// One field of a product or a person that changes; the ledger writes one entry for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, such as `dose` or `certificate.micro-needling`.
    pub field: Box<str>,
    /// Its value before; none where there was none.
    pub old: Option<Box<str>>,
    /// Its value now; none where it is taken away.
    pub new: Option<Box<str>>,
}

/// The session that an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InSession {
    /// The session.
    pub session: SessionId,
    /// The client's reference.
    pub client: ClientRef,
    /// The protocol that the session is pinned to.
    pub protocol: ProtocolRef,
}

/// The step of a session that an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtStep {
    /// The session.
    pub within: InSession,
    /// The step.
    pub step: StepId,
    /// The areas, in the protocol's order.
    pub areas: Vec<AreaId>,
}

/// How an entry 0 opens a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The book's random id.
    pub book: uuid::Uuid,
    /// The clinic's name.
    pub clinic: Box<str>,
    /// ISO 4217 code of the currency of costs.
    pub currency: Box<str>,
    /// The format version of the ledger.
    pub format: u32,
    /// IANA name of the clinic's time zone.
    pub zone: Box<str>,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What arrived where.
    pub item: Item,
    /// Who sent it.
    pub supplier: Box<str>,
    /// What all of it cost, in the book's currency.
    pub cost: Option<Box<str>>,
    /// The number on the delivery note.
    pub document: Option<Box<str>>,
    /// The GTIN that was scanned.
    pub gtin: Option<Box<str>>,
    /// How many packs were counted.
    pub packs: Option<u32>,
}

/// The use of an item in a step, with everything a later check needs to know of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The step that used it.
    pub at: AtStep,
    /// What was used.
    pub item: Item,
    /// The product's attributes at that moment.
    pub attributes: BTreeMap<FieldName, Value>,
    /// The product's category at that moment.
    pub category: Category,
    /// The container's discard-by.
    pub discard_by: Option<Day>,
    /// Whether a person chose another lot than first expired, first out would have.
    pub fefo_overridden: bool,
    /// Whether the item was usable at that moment.
    pub status: ItemStatus,
}

/// The session of a reversed entry; waste names no protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversedSession {
    /// The session.
    pub session: SessionId,
    /// The client's reference.
    pub client: ClientRef,
    /// The protocol, where the original named it.
    pub protocol: Option<ProtocolRef>,
}

/// What a reversal takes back: the original's columns with the places swapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The session of the original.
    pub within: Option<ReversedSession>,
    /// The step of the original; none where it ended a session or was waste.
    pub step: Option<StepId>,
    /// The areas of the original.
    pub areas: Vec<AreaId>,
    /// The item of the original, going back where it came from.
    pub item: Option<Item>,
    /// The original's detail.
    pub detail: Detail<'static>,
    /// The entry that is reversed.
    pub corrects: u64,
    /// Why.
    pub because: Because,
}

/// What kind of entry a reversal takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// A delivery.
    Receipt,
    /// The opening of this container.
    Opening(ContainerId),
    /// A use or a waste.
    Move,
    /// A step, which moves nothing by itself.
    Step,
    /// The end of this session.
    End(SessionId),
}

impl Reversal {
    /// What it takes back, by the shape of the original that it repeats: a delivery
    /// names its supplier, wherever the stock came from; only an opening puts something into a
    /// container, outside of any session; and only the end of a session names it and no step.
    pub fn takes_back(&self) -> TakenBack {
        match (&self.item, &self.within, &self.step) {
            (Some(_), ..) if self.detail.get("supplier").is_some() => TakenBack::Receipt,
            (Some(Item { from: Place::Container(id), .. }), None, _) => TakenBack::Opening(*id),
            (Some(_), ..) => TakenBack::Move,
            (None, Some(within), None) => TakenBack::End(within.session),
            (None, ..) => TakenBack::Step,
        }
    }
}

/// Everything that can be written to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// `book.open`
    BookOpen(Opening),
    /// `staff.add`
    StaffAdd(Person),
    /// `staff.edit`
    StaffEdit {
        /// Whom it is about.
        id: StaffId,
        /// What changes.
        change: Change,
    },
    /// `place.add`
    PlaceAdd {
        /// The place.
        place: PlaceName,
        /// Its kind.
        kind: PlaceKind,
    },
    /// `product.add`
    ProductAdd(Product),
    /// `product.edit`
    ProductEdit {
        /// The product.
        product: Sku,
        /// Its base unit, which never changes.
        unit: Unit,
        /// What changes.
        change: Change,
    },
    /// `product.retire`
    ProductRetire {
        /// The product.
        product: Sku,
        /// Its base unit.
        unit: Unit,
    },
    /// `client.new`
    ClientNew(ClientRef),
    /// `lot.receive`
    LotReceive(Receipt),
    /// `container.open`
    ContainerOpen {
        /// One pack's content, from its place into the container.
        item: Item,
        /// The last day on which the container may be used.
        discard_by: Option<Day>,
    },
    /// `protocol.publish`
    ProtocolPublish {
        /// Which protocol.
        protocol: ProtocolRef,
        /// SHA-256 of its text, in lowercase hex.
        sha256: Box<str>,
        /// The protocol it extends, with the SHA-256 of that text.
        parent: Option<(Box<str>, Box<str>)>,
    },
    /// `session.start`
    SessionStart {
        /// The session.
        within: InSession,
        /// The areas planned.
        areas: Vec<AreaId>,
        /// The serial number of the pen's handpiece.
        pen: Option<Box<str>>,
        /// The room.
        place: Option<PlaceName>,
        /// SHA-256 of the protocol's text.
        sha256: Box<str>,
    },
    /// `session.step`
    SessionStep {
        /// The step.
        at: AtStep,
        /// The readings taken.
        readings: BTreeMap<FieldName, Value>,
        /// Rules broken knowingly.
        despite: Vec<Despite>,
    },
    /// `stock.use`
    StockUse(Usage),
    /// `session.finish`, with a reason where a rule was broken knowingly.
    SessionFinish {
        /// The session.
        within: InSession,
        /// Why it was finished although a rule fails.
        because: Option<Because>,
    },
    /// `session.stop`
    SessionStop {
        /// The session.
        within: InSession,
        /// Why.
        because: Because,
    },
    /// `session.void`
    SessionVoid {
        /// The session.
        within: InSession,
        /// Why.
        because: Because,
    },
    /// `stock.waste`
    StockWaste {
        /// What was thrown away.
        item: Item,
        /// The session it was opened for.
        session: Option<(SessionId, ClientRef)>,
        /// Why.
        because: Because,
    },
    /// `lot.hold`
    LotHold {
        /// The product.
        product: Sku,
        /// The lot.
        lot: Option<Lot>,
        /// Why.
        because: Because,
    },
    /// `lot.release`
    LotRelease {
        /// The product.
        product: Sku,
        /// The lot.
        lot: Option<Lot>,
        /// Why.
        because: Because,
    },
    /// `reversal`
    Reversal(Box<Reversal>),
    /// `audit.export`
    AuditExport {
        /// Which entries were chosen; none for all.
        filters: Option<Box<str>>,
        /// For whom.
        recipient: Option<Box<str>>,
        /// What for.
        purpose: Option<Box<str>>,
        /// The root before this entry, in lowercase hex.
        root: Box<str>,
        /// The size before this entry.
        size: u64,
    },
    /// `access.refuse`
    AccessRefuse {
        /// What was tried.
        action: Action,
    },
}

impl Fact {
    /// Which kind of fact this is.
    pub fn action(&self) -> Action {
        match self {
            Self::BookOpen(_) => Action::BookOpen,
            Self::StaffAdd(_) => Action::StaffAdd,
            Self::StaffEdit { .. } => Action::StaffEdit,
            Self::PlaceAdd { .. } => Action::PlaceAdd,
            Self::ProductAdd(_) => Action::ProductAdd,
            Self::ProductEdit { .. } => Action::ProductEdit,
            Self::ProductRetire { .. } => Action::ProductRetire,
            Self::ClientNew(_) => Action::ClientNew,
            Self::LotReceive(_) => Action::LotReceive,
            Self::ContainerOpen { .. } => Action::ContainerOpen,
            Self::ProtocolPublish { .. } => Action::ProtocolPublish,
            Self::SessionStart { .. } => Action::SessionStart,
            Self::SessionStep { .. } => Action::SessionStep,
            Self::StockUse(_) => Action::StockUse,
            Self::SessionFinish { .. } => Action::SessionFinish,
            Self::SessionStop { .. } => Action::SessionStop,
            Self::SessionVoid { .. } => Action::SessionVoid,
            Self::StockWaste { .. } => Action::StockWaste,
            Self::LotHold { .. } => Action::LotHold,
            Self::LotRelease { .. } => Action::LotRelease,
            Self::Reversal(_) => Action::Reversal,
            Self::AuditExport { .. } => Action::AuditExport,
            Self::AccessRefuse { .. } => Action::AccessRefuse,
        }
    }

    /// The item that this fact moves.
    pub fn item(&self) -> Option<&Item> {
        match self {
            Self::LotReceive(receipt) => Some(&receipt.item),
            Self::ContainerOpen { item, .. } | Self::StockWaste { item, .. } => Some(item),
            Self::StockUse(usage) => Some(&usage.item),
            Self::Reversal(reversal) => reversal.item.as_ref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
