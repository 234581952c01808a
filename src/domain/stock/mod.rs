//! Lots, where they are, whether they may be used, and which comes first.

mod alike;
mod arrival;
mod choose;
mod delivery;
mod hold;
mod holds;
mod label;
mod moving;
mod numbered;
mod packs;
mod piece;
mod receive;
mod skeleton;
mod summary;
mod timeline;
mod today;
mod undo;
mod usable;
mod waste;
mod which;

pub use alike::{Alike, alike, beyond_barcodes};
pub use arrival::{Arrival, came_later};
pub use choose::{Choice, Draw, InHand, Verb, Want, choose, choose_near, opening};
pub use delivery::{
    PackLevel, agree, agree_expiry, agree_scans, amount, cost, counted, delivered_lot, lot_words,
};
pub use hold::{hold, release, reversed_of, taken_before};
pub use holds::{Holds, LotHolds};
pub use label::{agree_label, no_such_lot};
pub use moving::{can_go_back, expires_as_known, piece_is_there, was_there};
pub use numbered::{NO_QUANTITY, Numbered, keeps_its_pack, one_pack};
pub use packs::{came_in, not_of_a_case, packs_beside_a_case};
pub use piece::{Piece, Pieces, agree_lot, agree_received, not_gone};
pub use receive::{Delivery, receive};
pub use summary::{LotStock, ProductStock, lot_stock, product_stock};
pub use timeline::{Move, lowest_since};
pub use today::{Label, Refused, Why, allowance, declined, delivery as delivery_of, refusals};
pub use undo::{Original, after_undo, reverse, taken_back};
pub use usable::{Fault, Unusable, usable};
pub use waste::{Discard, doubt_waste, waste};
pub use which::{Which, check_the_pack};

use std::fmt;
use std::str::FromStr;

use crate::domain::catalog::{Product, word_enum};
use crate::domain::id::{ContainerId, Lot, Sku, lot_text};
use crate::domain::place::Place;
use crate::domain::time::{Day, Expiry, Length, Moment};

word_enum! {
    /// What may be done with a lot, everywhere at once.
    LotStatus, "lot status", {
        /// It may be used.
        Released = "released",
        /// It may not be used for now.
        Held = "held",
        /// It was called back and is never used again.
        Recalled = "recalled",
        /// It was disposed of.
        Disposed = "disposed",
    }
}

/// A lot: identified by its product and the maker's text exactly as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotState {
    /// The product.
    pub product: Sku,
    /// The maker's text; none for stock without a lot.
    pub lot: Option<Lot>,
    /// The label's last day.
    pub expiry: Expiry,
    /// Whether it may be used.
    pub status: LotStatus,
    /// The entry that gave it this status, where that wasn't its receipt.
    pub status_seq: Option<u64>,
    /// The entry of its first receipt.
    pub first_seq: u64,
}

impl LotState {
    /// `SKU/LOT`, as the command line takes it.
    pub fn item(&self) -> String {
        item_text(&self.product, self.lot.as_ref())
    }
}

/// `SKU/LOT`, as the command line takes it; `SKU/none` for stock without a lot.
pub fn item_text(product: &Sku, lot: Option<&Lot>) -> String {
    format!("{product}/{}", lot_text(lot))
}

/// An opened tube, vial or bottle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its id.
    pub id: ContainerId,
    /// When it was opened.
    pub at: Moment,
    /// The last day on which it may be used.
    pub discard_by: Option<Day>,
}

/// What is available of one lot in one place, or in one opened container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Where it is.
    pub place: Place,
    /// The lot.
    pub lot: LotState,
    /// The container, where the place is one.
    pub opened: Option<Opened>,
    /// How much, in smallest parts: the least that is there from the moment asked until now.
    pub parts: i64,
}

/// The last day on which a container may be used: the earlier of the label's last day and the
/// opening plus the product's life after opening. Opening can only shorten life.
pub fn discard_by(product: &Product, expiry: Expiry, opened: Day) -> Option<Day> {
    let after_opening = product.opened_life.map(|life| match life {
        Length::Days(days) => opened.plus_days(days),
        Length::Seconds(seconds) => opened.plus_days(seconds / 86_400),
    });
    match (after_opening, expiry.0) {
        (Some(life), Some(label)) => Some(life.min(label)),
        (life, label) => life.or(label),
    }
}

#[cfg(test)]
mod tests;
