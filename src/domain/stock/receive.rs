//! A delivery arrives: what may be written for it, and what contradicts what is known.

use super::moving::one_expiry;
use super::piece::history;
use super::{Alike, LotState, LotStatus, Numbered, alike, item_text};
use crate::domain::catalog::Product;
use crate::domain::expiry::SaidExpiry;
use crate::domain::fact::{Fact, Item, Receipt};
use crate::domain::id::{Lot, Serial};
use crate::domain::place::Place;
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::time::Expiry;

/// What arrived, as typed or scanned.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// How much.
    pub quantity: Quantity,
    /// The maker's lot; none where the pack shows none.
    pub lot: Option<Lot>,
    /// The serial number of the pack.
    pub serial: Option<Serial>,
    /// What the label says; none where nothing was said, which leaves a known expiry alone.
    pub expiry: Option<SaidExpiry>,
    /// Why its label contradicts itself.
    pub contradiction: Option<Box<str>>,
    /// Where it is put.
    pub to: Place,
    /// Who sent it.
    pub supplier: Box<str>,
    /// What all of it cost.
    pub cost: Option<Box<str>>,
    /// The number on the delivery note.
    pub document: Option<Box<str>>,
    /// The GTIN that was scanned.
    pub gtin: Option<Box<str>>,
    /// How many packs were counted.
    pub packs: Option<u32>,
    /// Whether the person confirmed that a lot which looks like a known one is another one.
    pub other_lot_confirmed: bool,
}

/// What is retired is not received, however much of it arrived.
pub(super) fn refuse_retired(product: &Product) -> Result<(), Refusal> {
    let sku = &product.sku;
    match product.retired {
        false => Ok(()),
        true => Err(Refusal::new(format!("{sku} is retired: it is not received any more"))
            .hint("see the products in use: lotbook product list")
            .hint(format!(
                "a manager can take it into use again: lotbook product edit {sku} --in-use"
            ))),
    }
}

/// The fact of a delivery, or what contradicts it. `lots` are the received lots of the
/// product; `serial_known` tells whether the serial is in the book already.
pub fn receive(
    product: &Product,
    lots: &[LotState],
    serial_known: bool,
    delivery: Delivery,
) -> Result<Fact, Refusal> {
    let sku = &product.sku;
    if let Some(contradiction) = &delivery.contradiction {
        return Err(Refusal::new(format!("the label contradicts itself: {contradiction}"))
            .why("which of its dates is right would be a guess")
            .hint("ask the supplier, then type what is right: --lot LOT --expiry DAY"));
    }
    let item = item_text(sku, delivery.lot.as_ref());
    let known = lots.iter().find(|known| known.lot == delivery.lot);
    let expiry = expiry(&item, known, delivery.expiry)?;
    if !delivery.other_lot_confirmed {
        check_look(lots, delivery.lot.as_ref())?;
    }
    let item = Item {
        product: sku.clone(),
        lot: delivery.lot,
        serial: delivery.serial,
        expiry,
        container: None,
        quantity: delivery.quantity,
        from: Place::Supplier,
        to: delivery.to,
    };
    check_serial(product, serial_known, &item)?;
    Ok(Fact::LotReceive(Receipt {
        item,
        supplier: delivery.supplier,
        cost: delivery.cost,
        document: delivery.document,
        gtin: delivery.gtin,
        packs: delivery.packs,
    }))
}

/// A new lot that looks like a known one is most often that one, written otherwise: holding or
/// tracing the known one would miss it.
fn check_look(lots: &[LotState], lot: Option<&Lot>) -> Result<(), Refusal> {
    let Some(Alike { known, words }) = alike(lots, lot) else { return Ok(()) };
    let refusal = match known.status {
        LotStatus::Released => Refusal::new(words),
        status => Refusal::new(words).why(format!("{} is {status}", known.item())),
    };
    Err(refusal.hint("if it is the same lot, write it as it is known; if it is another: --yes"))
}

/// One lot has one expiry: what is known stays, and a new lot must say it.
fn expiry(
    item: &str,
    known: Option<&LotState>,
    told: Option<SaidExpiry>,
) -> Result<Expiry, Refusal> {
    match (known, told) {
        (Some(known), Some(told)) if !told.agrees(known.expiry) => Err(one_expiry(
            Refusal::new(format!(
                "{item} is known with expiry {}, and this delivery says {told}",
                known.expiry
            )),
            known,
        )),
        (Some(known), _) => Ok(known.expiry),
        (None, Some(told)) => Ok(told.expiry()),
        (None, None) => Err(Refusal::new(format!("the expiry of {item} is missing"))
            .why("it is a new lot, and an unknown expiry must be asked, not assumed")
            .hint("write --expiry 2027-03, --expiry 2027-03-31, or --expiry none")),
    }
}

/// A serial number names one pack, which arrives once.
fn check_serial(product: &Product, serial_known: bool, item: &Item) -> Result<(), Refusal> {
    let (sku, Some(serial)) = (&product.sku, &item.serial) else { return Ok(()) };
    if serial_known {
        return Err(Refusal::new(format!("serial {serial} of {sku} is in the book already"))
            .why("a serial number names one pack, which arrives once")
            .hint(history(sku, serial)));
    }
    let named = Numbered::of(product).moves(product.pack, item);
    named.map_err(|refusal| refusal.hint("receive each serial on its own"))
}
