//! What the book would say today to an item that somebody holds in their hand.

use std::fmt;
use std::str::FromStr;

use super::{
    Delivery, Fault, Holding, LotState, LotStatus, Numbered, Piece, Pieces, Which, agree_label,
    agree_lot, agree_received, receive, usable,
};
use crate::domain::barcode::Scan;
use crate::domain::catalog::{Product, word_enum};
use crate::domain::expiry::SaidExpiry;
use crate::domain::fact::Fact;
use crate::domain::id::{Lot, Serial, Sku, lot_text};
use crate::domain::item::{long_past, names_no_product, unknown_gtin};
use crate::domain::place::Place;
use crate::domain::time::Day;

/// What a label or a person says of an item.
#[derive(Debug, Clone, Copy, Default)]
pub struct Label<'l> {
    /// The lot that it names.
    pub lot: Option<Option<&'l Lot>>,
    /// Its expiry.
    pub expiry: Option<SaidExpiry>,
    /// Why it contradicts itself.
    pub contradiction: Option<&'l str>,
    /// Its serial number, with what the book knows of it.
    pub serial: Option<Piece<'l>>,
}

word_enum! {
    /// Why the book would refuse an item.
    Why, "reason", {
        /// It names no product by a GTIN.
        NoGtin = "no-gtin",
        /// No product has its GTIN.
        UnknownGtin = "unknown-gtin",
        /// Its lot is none that a book can hold.
        WrongLot = "wrong-lot",
        /// Its serial number is none that a book can hold.
        WrongSerial = "wrong-serial",
        /// Its product is retired.
        Retired = "retired",
        /// Its lot was never received.
        UnknownLot = "unknown-lot",
        /// Its lot is held.
        Held = "held",
        /// Its lot was called back.
        Recalled = "recalled",
        /// Its lot was disposed of.
        Disposed = "disposed",
        /// It is set apart.
        Quarantine = "quarantine",
        /// The label's last day is past.
        Expired = "expired",
        /// The last day of what is open is past.
        DiscardBy = "discard-by",
        /// The book knows another expiry for its lot.
        OtherExpiry = "other-expiry",
        /// The book knows another lot for its serial number.
        OtherLot = "other-lot",
        /// Its serial number was never received, and those of all that is left were.
        UnknownSerial = "unknown-serial",
        /// This piece was used or thrown away.
        SerialGone = "serial-gone",
        /// There is none of it.
        NothingLeft = "nothing-left",
    }
}

impl<'l> Label<'l> {
    /// The lot it is on: its own, or the one that the book knows for its serial number.
    pub fn lot(&self) -> Option<Option<&'l Lot>> {
        self.lot.or_else(|| self.serial.and_then(|piece| piece.seen).map(|(lot, _)| lot))
    }

    /// Which lots it can be on.
    pub fn which(&self) -> Which {
        Which::new(self.lot().map(Option::<&Lot>::cloned).as_ref(), self.expiry)
    }

    /// Whether the pack that its serial number names can lie with this: where the book last saw it,
    /// and one that was never seen is not open.
    fn lies_in(&self, product: &Product, holding: &Holding) -> bool {
        match self.serial.map(|piece| piece.place()) {
            None => true,
            Some(Some(place)) => *place == holding.place,
            Some(None) if Numbered::of(product) == Numbered::Opened => holding.opened.is_none(),
            Some(None) => true,
        }
    }

    /// That its own last day is past: where the book knows no lot for it, nothing else says so.
    fn expired(&self, sku: &Sku, today: Day) -> Option<Refused> {
        let said = self.expiry.filter(|said| said.expiry().is_past(today))?;
        Some(Refused::new(Why::Expired, expired_words(sku, said)))
    }
}

impl From<&Fault> for Why {
    fn from(fault: &Fault) -> Self {
        match fault {
            Fault::Retired => Self::Retired,
            Fault::Status(LotStatus::Recalled) => Self::Recalled,
            Fault::Status(LotStatus::Disposed) => Self::Disposed,
            Fault::Status(LotStatus::Held | LotStatus::Released) => Self::Held,
            Fault::Expired(_) => Self::Expired,
            Fault::DiscardBy(_) => Self::DiscardBy,
            Fault::Quarantine => Self::Quarantine,
        }
    }
}

/// One reason why the book would refuse an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The reason.
    pub why: Why,
    /// The reason in words, with the real values.
    pub words: String,
}

impl Refused {
    const fn new(why: Why, words: String) -> Self {
        Self { why, words }
    }
}

/// Why every command refuses what an accepted scan says, whatever lies on the shelves. `sku` is the
/// product that the book knows for its GTIN. Of a scan with an error its own problems say enough.
pub fn declined(scan: &Scan<'_>, sku: Option<&Sku>) -> Vec<Refused> {
    let mut said = Vec::new();
    if !scan.accepted() {
        return said;
    }
    match (scan.gtin, sku) {
        (None, _) => said.push(Refused::new(Why::NoGtin, names_no_product(scan.kind).what)),
        (Some(gtin), None) => {
            let refusal = unknown_gtin(&gtin.to_string());
            said.push(Refused::new(Why::UnknownGtin, refusal.what));
        }
        (Some(_), Some(sku)) => {
            let expired = |day| Refused::new(Why::Expired, expired_words(sku, day));
            said.extend(long_past(scan).map(expired));
        }
    }
    let lot = scan.lot.as_deref().and_then(|lot| Lot::new(lot).err());
    let serial = scan.serial.as_deref().and_then(|serial| Serial::new(serial).err());
    for (why, error) in [(Why::WrongLot, lot), (Why::WrongSerial, serial)] {
        said.extend(error.map(|error| Refused::new(why, error.to_string())));
    }
    said
}

/// Why the item would be refused today; empty where it may be used. `lot` is the lot as the book
/// knows it, `holdings` what is left of the product, and
/// `pieces` what of the product was received by serial number.
pub fn refusals<'h>(
    product: &Product,
    label: Label<'_>,
    lot: Option<&LotState>,
    (holdings, pieces): (impl IntoIterator<Item = &'h Holding>, &Pieces),
    today: Day,
) -> Vec<Refused> {
    let mut reasons = Vec::new();
    let sku = &product.sku;
    if product.retired {
        reasons.push(Refused::new(Why::Retired, format!("{sku} is retired")));
    }
    match (label.lot(), lot) {
        (Some(named), None) => {
            let name = lot_text(named);
            let words = format!("lot {name} of {sku} was never received");
            reasons.push(Refused::new(Why::UnknownLot, words));
        }
        (_, Some(lot)) => {
            // A lot by itself lies nowhere, so that this says what holds of it in every place.
            if let Err(unusable) = usable(product, lot, None, &Place::Supplier, today) {
                let faults = unusable.faults().filter(|fault| **fault != Fault::Retired);
                reasons.extend(faults.map(|fault| refused(&lot.item(), fault)));
            }
            if let Err(refusal) = agree_label(lot, label.expiry) {
                reasons.push(Refused::new(Why::OtherExpiry, refusal.what));
            }
        }
        (None, None) => {}
    }
    if let Some(piece) = label.serial {
        if let Err(refusal) = agree_lot(sku, piece, label.lot) {
            reasons.push(Refused::new(Why::OtherLot, refusal.what));
        }
        if let Some(gone) = piece.place().and_then(Place::gone) {
            let words = format!("serial {} {gone}", piece.serial);
            reasons.push(Refused::new(Why::SerialGone, words));
        }
    }
    if reasons.is_empty() && (label.lot().is_none() || lot.is_some()) {
        reasons = of_what_is_left(product, label, holdings, pieces, today);
    }
    if lot.is_none() && reasons.iter().all(|found| found.why != Why::Expired) {
        reasons.extend(label.expired(sku, today));
    }
    reasons
}

/// Why nothing of what is left can be the item, or may be used.
fn of_what_is_left<'h>(
    product: &Product,
    label: Label<'_>,
    holdings: impl IntoIterator<Item = &'h Holding>,
    pieces: &Pieces,
    today: Day,
) -> Vec<Refused> {
    let which = label.which();
    let may_be = |holding: &&Holding| {
        label.lies_in(product, holding) && (which.lot().is_none() || which.holds(holding))
    };
    let mut holdings: Vec<&Holding> = holdings.into_iter().filter(may_be).collect();
    if let Err(refusal) = which.agree_expiry(product, holdings.iter().copied()) {
        return vec![Refused::new(Why::OtherExpiry, refusal.what)];
    }
    holdings.retain(|holding| which.holds(holding));
    let mut reasons = nothing_usable(product, holdings.iter().copied(), today);
    if reasons.is_empty() {
        reasons.extend(never_received(product, label, &holdings, pieces));
    }
    reasons
}

/// What is said of a delivery of one pack with this label. `lots` are the received lots
/// of the product.
pub fn delivery(
    product: &Product,
    label: Label<'_>,
    lots: &[LotState],
    today: Day,
) -> Option<String> {
    let lot = label.lot()?.cloned();
    let pack = Delivery {
        quantity: product.pack,
        lot,
        serial: label.serial.map(|piece| piece.serial.clone()),
        expiry: label.expiry,
        contradiction: label.contradiction.map(Into::into),
        to: Place::Quarantine,
        supplier: "".into(),
        cost: None,
        document: None,
        gtin: None,
        packs: None,
        other_lot_confirmed: false,
    };
    let serial_known = label.serial.is_some_and(|piece| piece.seen.is_some());
    Some(match receive(product, lots, serial_known, pack) {
        Ok(Fact::LotReceive(taken)) if taken.item.expiry.is_past(today) => format!(
            "a delivery of it would be taken, but it expired on {}: it can't be used",
            taken.item.expiry
        ),
        Ok(_) => "a delivery of it would be taken".to_owned(),
        Err(refusal) => format!("a delivery of it would be refused: {}", refusal.what),
    })
}

/// What is said of an item that nothing refuses today. Of a pack whose lot nobody named nothing
/// can be said, whatever else of its product may be used.
pub fn allowance(product: &Product, label: Label<'_>, today: Day) -> String {
    match label.lot() {
        Some(_) => format!("it may be used on {today}"),
        None => {
            let sku = &product.sku;
            format!(
                "its lot is not known, so nothing can be said of it: look which lot of {sku} it is"
            )
        }
    }
}

fn expired_words(sku: &Sku, expiry: impl fmt::Display) -> String {
    format!("the code says that this {sku} expired on {expiry}")
}

fn refused(item: &str, fault: &Fault) -> Refused {
    Refused::new(Why::from(fault), format!("{item} {fault}"))
}

/// Why none of what is left can be the piece that the label is on.
fn never_received(
    product: &Product,
    label: Label<'_>,
    holdings: &[&Holding],
    pieces: &Pieces,
) -> Option<Refused> {
    let piece = label.serial.filter(|piece| piece.seen.is_none())?;
    let mut there = holdings.iter().filter(|holding| holding.parts > 0);
    if there.clone().any(|holding| pieces.leave_one(product, holding)) {
        return None;
    }
    let refusal = agree_received(product, piece.serial, there.next()?, pieces).err()?;
    Some(Refused::new(Why::UnknownSerial, refusal.what))
}

/// Why nothing of what is left may be used.
fn nothing_usable<'h>(
    product: &Product,
    holdings: impl IntoIterator<Item = &'h Holding>,
    today: Day,
) -> Vec<Refused> {
    let mut reasons = Vec::new();
    for holding in holdings.into_iter().filter(|holding| holding.parts > 0) {
        let Holding { lot, opened, place, .. } = holding;
        match usable(product, lot, opened.as_ref(), place, today) {
            Ok(()) => return Vec::new(),
            Err(unusable) => {
                let item = format!("{} in {}", lot.item(), place.in_words());
                reasons.extend(unusable.faults().map(|fault| refused(&item, fault)));
            }
        }
    }
    if reasons.is_empty() {
        reasons.push(Refused::new(Why::NothingLeft, "nothing of it is left".to_owned()));
    }
    reasons
}
