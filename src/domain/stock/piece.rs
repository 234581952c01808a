//! Packs with a serial number: does a scanned one agree with what was received?

use std::collections::HashMap;

use super::{Holding, Numbered, item_text};
use crate::domain::catalog::Product;
use crate::domain::id::{ContainerId, Lot, Serial, Sku, lot_text};
use crate::domain::place::Place;
use crate::domain::quantity::show_parts;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// A serial number as a label holds it, with what the book knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'p> {
    /// The serial number.
    pub serial: &'p Serial,
    /// Its lot, and where the book last saw it; none where it was never received.
    pub seen: Option<(Option<&'p Lot>, &'p Place)>,
}

impl<'p> Piece<'p> {
    /// What the book answered when it was asked for a serial number.
    pub fn new(serial: &'p Serial, seen: Option<&'p (Option<Lot>, Place)>) -> Self {
        Self { serial, seen: seen.map(|(lot, place)| (lot.as_ref(), place)) }
    }

    /// Where the book last saw it.
    pub fn place(&self) -> Option<&'p Place> {
        self.seen.map(|(_, place)| place)
    }

    /// The container that it was opened as.
    pub fn opened(&self) -> Option<ContainerId> {
        match self.place() {
            Some(Place::Container(id)) => Some(*id),
            _ => None,
        }
    }
}

/// How many packs with a known serial number lie where, by lot.
#[derive(Debug, Clone, Default)]
pub struct Pieces(HashMap<(Option<Lot>, Place), i64>);

impl FromIterator<(Option<Lot>, Place, i64)> for Pieces {
    fn from_iter<I: IntoIterator<Item = (Option<Lot>, Place, i64)>>(rows: I) -> Self {
        let mut pieces = Self::default();
        for (lot, place, count) in rows {
            pieces.add(lot, place, count);
        }
        pieces
    }
}

impl Pieces {
    /// Adds packs that lie in one place.
    pub fn add(&mut self, lot: Option<Lot>, place: Place, count: i64) {
        *self.0.entry((lot, place)).or_default() += count;
    }

    /// Takes one pack away that is used or opened, but not in the book yet.
    pub fn take(&mut self, lot: Option<Lot>, place: Place) {
        if let Some(count) = self.0.get_mut(&(lot, place)) {
            *count -= 1;
        }
    }

    /// Whether no serial number is known at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, holding: &Holding) -> i64 {
        let key = (holding.lot.lot.clone(), holding.place.clone());
        self.0.get(&key).copied().unwrap_or(0)
    }

    /// Whether a holding has a pack that was received without a serial number. Only such a pack
    /// can be the one that a label with an unknown serial number is on. Of boxes nobody can tell:
    /// the single pieces that are gone may be of any.
    pub fn leave_one(&self, product: &Product, holding: &Holding) -> bool {
        let pack = product.pack.parts();
        Numbered::of(product) == Numbered::Box || holding.parts - self.of(holding) * pack >= pack
    }
}

/// Refuses a pack that was used or thrown away: that is done once.
pub fn not_gone(sku: &Sku, piece: Piece<'_>) -> Result<(), Refusal> {
    let Some(gone) = piece.place().and_then(Place::gone) else { return Ok(()) };
    Err(Refusal::new(format!("serial {} of {sku} can't be used again", piece.serial))
        .why(format!("it {gone}"))
        .hint("take a new one from its pack"))
}

/// Refuses a label whose lot is not the one with which its serial number was received. A label
/// without a lot says nothing.
pub fn agree_lot(sku: &Sku, piece: Piece<'_>, lot: Option<Option<&Lot>>) -> Result<(), Refusal> {
    let (Some((known, _)), Some(named)) = (piece.seen, lot) else { return Ok(()) };
    if named == known {
        return Ok(());
    }
    let (serial, named, known) = (piece.serial, lot_text(named), lot_text(known));
    let what = format!(
        "the code says that serial {serial} of {sku} is of lot {named}, and the book knows {known}"
    );
    Err(Refusal::new(what)
        .why("a serial number names one pack, so one of the two labels was misread")
        .hint("look at the label, and scan it again")
        .hint(history(sku, serial)))
}

/// Refuses to take a pack whose serial number was never received where all that lies there was
/// received by serial number: it would go in the place of another one, which could never be
/// recorded any more.
pub fn agree_received(
    product: &Product,
    serial: &Serial,
    from: &Holding,
    pieces: &Pieces,
) -> Result<(), Refusal> {
    if pieces.leave_one(product, from) {
        return Ok(());
    }
    let sku = &product.sku;
    let item = item_text(sku, from.lot.lot.as_ref());
    let parts = show_parts(from.parts, product.unit());
    let place = from.place.in_words();
    Err(Refusal::new(format!("serial {serial} of {sku} was never received"))
        .why(format!(
            "the {parts} {} of {item} in {place} were received by serial number, and it is none \
            of them",
            product.unit()
        ))
        .hint("look at the label, and scan it again")
        .hint("if it is a delivery that nobody recorded: lotbook receive SCAN --from SUPPLIER"))
}

/// The hint to the history of a pack.
pub(super) fn history(sku: &Sku, serial: &Serial) -> String {
    let serial = quote(serial.as_str());
    format!("see its history: lotbook audit log --product {sku} --serial {serial}")
}
