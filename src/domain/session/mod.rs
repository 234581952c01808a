//! A treatment session as a list of timed steps. What a protocol is judged against.

pub mod blocked;
pub mod clock;
pub mod despite;
mod reading;
pub mod record;
mod status;
pub mod undo;
pub mod usage;

pub use status::{ItemFault, ItemStatus};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::catalog::{Category, Person, word_enum};
use crate::domain::id::{
    AreaId, ClientRef, ContainerId, FieldName, Lot, ProtocolRef, Serial, SessionId, Sku, StepId,
};
use crate::domain::quantity::{Quantity, Value};
use crate::domain::time::Moment;
use std::fmt;
use std::str::FromStr;

/// One item that an event used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The entry of the use.
    pub seq: u64,
    /// The product's category when it was used.
    pub category: Category,
    /// The product.
    pub product: Sku,
    /// The lot, where the product has lots.
    pub lot: Option<Lot>,
    /// The serial number, where the piece has one.
    pub serial: Option<Serial>,
    /// The opened container it came from.
    pub container: Option<ContainerId>,
    /// How much.
    pub quantity: Quantity,
    /// The product's attributes when it was used.
    pub attributes: BTreeMap<FieldName, Value>,
    /// Whether it was usable at that moment.
    pub status: ItemStatus,
}

impl Use {
    /// The item as people name it: its container, or its product and lot.
    pub fn item(&self) -> String {
        match (self.container, &self.lot) {
            (Some(container), _) => format!("{container} ({})", self.product),
            (None, Some(lot)) => format!("{}/{lot}", self.product),
            (None, None) => self.product.to_string(),
        }
    }
}

/// A rule that was broken knowingly, with the reason's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Despite {
    /// A rule id, or one of the words `expired`, `held`, `discard-by`.
    pub rule: Box<str>,
    /// The code of the reason.
    pub code: Box<str>,
}

/// One timed step of a session. Order is `(at, seq)`: real logs are full of equal times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The entry of the step.
    pub seq: u64,
    /// When it happened.
    pub at: Moment,
    /// Who did it, with the titles, certificates and limits they had when it was recorded.
    pub by: Arc<Person>,
    /// Which step.
    pub step: StepId,
    /// The areas it was done on; empty for a step without an area.
    pub areas: Vec<AreaId>,
    /// The readings taken.
    pub readings: BTreeMap<FieldName, Value>,
    /// The items used.
    pub uses: Vec<Use>,
    /// Rules broken knowingly.
    pub despite: Vec<Despite>,
}

word_enum! {
    /// How far a session is.
    SessionState, "session state", {
        /// Steps may still be logged.
        Open = "open",
        /// All done.
        Finished = "finished",
        /// Ended half-way.
        Stopped = "stopped",
        /// It never happened.
        Voided = "voided",
    }
}

/// A session with its events in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The client's reference.
    pub client: ClientRef,
    /// The protocol it is pinned to.
    pub protocol: ProtocolRef,
    /// The areas planned at its start, in the protocol's order.
    pub areas: Vec<AreaId>,
    /// When it was started.
    pub started: Moment,
    /// When it was finished, stopped or voided.
    pub ended: Option<Moment>,
    /// How far it is.
    pub state: SessionState,
    /// The steps done, ordered by `(at, seq)`.
    pub events: Vec<Event>,
}

impl Session {
    /// Puts an event in its place by `(at, seq)`.
    pub fn insert(&mut self, event: Event) {
        let place =
            self.events.partition_point(|other| (other.at, other.seq) <= (event.at, event.seq));
        self.events.insert(place, event);
    }
}
