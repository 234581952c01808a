//! What an item is that somebody named, by what the book knows.

use crate::context::Context;
use crate::domain::barcode::Kind;
use crate::domain::catalog::Product;
use crate::domain::expiry::SaidExpiry;
use crate::domain::id::{ContainerId, Lot, Serial};
use crate::domain::item::{Named, Scanned, meant, names_no_product, read, unknown_gtin};
use crate::domain::place::Place;
use crate::domain::refusal::Refusal;
use crate::domain::stock::{
    Arrival, Holding, Label, LotState, Piece, Which, agree_label, agree_lot, came_later,
    no_such_lot, taken_before,
};
use crate::error::{Failure, Outcome};
use crate::store::{LotRow, Snapshot, StoreError, Writing};

/// An item with the product that the book knows for it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The product.
    pub product: Product,
    /// The lot that was named; `Some(None)` is the stock without a lot.
    pub lot: Option<Option<Lot>>,
    /// The container that was named, or that the scanned pack was opened as.
    pub container: Option<ContainerId>,
    /// The serial number that was scanned.
    pub serial: Option<Serial>,
    /// The lot and the place that the book knows for the serial number.
    pub seen: Option<(Option<Lot>, Place)>,
    /// The expiry that was scanned.
    pub expiry: Option<SaidExpiry>,
    /// Why the scanned label contradicts itself.
    pub contradiction: Option<Box<str>>,
    /// The GTIN that was scanned, with how many packs its pack level holds.
    pub gtin: Option<(Box<str>, u32)>,
    /// How many the scanned label counts by itself.
    pub count: Option<u32>,
}

impl Item {
    /// What it says of itself, with what the book knows of its serial number.
    pub fn label(&self) -> Label<'_> {
        Label {
            lot: self.lot.as_ref().map(Option::as_ref),
            expiry: self.expiry,
            contradiction: self.contradiction.as_deref(),
            serial: self.piece(),
        }
    }

    /// Its serial number, with what the book knows of it.
    pub fn piece(&self) -> Option<Piece<'_>> {
        self.serial.as_ref().map(|serial| Piece::new(serial, self.seen.as_ref()))
    }

    /// Its lot: the one that was named, or the one that the book knows for its serial number.
    pub fn lot(&self) -> Option<Option<&Lot>> {
        self.label().lot()
    }

    /// Refuses a label whose lot is not that of its serial number.
    pub fn agree_serial(&self) -> Result<(), Refusal> {
        let agreed = self.piece().map(|piece| agree_lot(&self.product.sku, piece, self.lot()));
        agreed.unwrap_or(Ok(()))
    }

    /// Which lots it can be of.
    pub fn which(&self) -> Which {
        self.label().which()
    }

    /// Whether what there is somewhere may be the item: of its lot or its expiry, and in its
    /// container.
    pub fn holds(&self, holding: &Holding) -> bool {
        self.which().holds(holding)
            && self.container.is_none_or(|id| holding.place == Place::Container(id))
    }
}

/// A refusal of an item at `--at`, with what of it came only later. `wanted` is in smallest parts.
pub fn refused_then(
    writing: &mut Writing<'_>,
    (item, wanted): (&Item, i64),
    holdings: &[Holding],
    refusal: Refusal,
) -> Result<Refusal, StoreError> {
    if !writing.is_backdated() {
        return Ok(refusal);
    }
    let mut arrivals = writing.arrivals(&item.product.sku)?;
    let which = item.which();
    arrivals.retain(|Arrival { item, .. }| which.takes(item.lot.as_ref(), item.expiry));
    if item.container.is_some() {
        arrivals.clear();
    }
    let of_it: Vec<&Holding> = holdings.iter().filter(|holding| item.holds(holding)).collect();
    Ok(came_later(refusal, (&item.product, wanted), &of_it, &arrivals, writing.moment()))
}

/// What of a product is free to take at the moment of the entry.
pub fn free(writing: &mut Writing<'_>, product: &Product) -> Result<Vec<Holding>, StoreError> {
    let at = writing.moment();
    // Only what lies in the past needs what happened since.
    if writing.is_backdated() {
        writing.holdings_at(product, at)
    } else {
        writing.holdings(product)
    }
}

/// Reads how an item was named; `-` reads one scan from the terminal or the input.
pub fn named(text: &str, context: &mut Context) -> Outcome<Named> {
    let settings = context.scan_settings();
    let today = context.today()?;
    let line;
    let text = if text == "-" {
        line = context.ui.read_scan()?.ok_or_else(|| {
            Failure::usage("`-` reads one scan, but the input has ended")
                .hint("write what the label says in its place: SKU/LOT")
        })?;
        &*line
    } else {
        text
    };
    if text.trim().is_empty() {
        return Err(Failure::usage("nothing was scanned")
            .detail("an item is a SKU, SKU/LOT, a container such as K-0007, or a scan")
            .hint("see what there is: lotbook stock --lots"));
    }
    let named = read(text, &settings, today)?;
    if let Named::Scanned(scanned) = &named {
        for warning in &scanned.warnings {
            context.ui.warn(warning);
        }
    }
    Ok(named)
}

/// The product of a SKU, or a refusal that names the products that look alike.
pub fn product(snapshot: &mut Snapshot<'_>, sku: &str) -> Result<Product, StoreError> {
    if let Some(product) = snapshot.product(sku)? {
        return Ok(product);
    }
    let mut refusal = Refusal::new(format!("there is no product {sku}"));
    let known = snapshot.products()?;
    let skus: Vec<&str> = known.iter().map(|product| product.sku.as_str()).collect();
    if let Some(meant) = meant(sku, &skus) {
        return Err(refusal.hint(format!("did you mean {meant}?")).into());
    }
    let alike = known.iter().map(|product| product.sku.as_str()).filter(|known| {
        let (known, sku) = (known.to_ascii_lowercase(), sku.to_ascii_lowercase());
        known.contains(&sku) || sku.contains(&known)
    });
    let alike: Vec<&str> = alike.take(5).collect();
    if !alike.is_empty() {
        let more = match known.len() - alike.len() {
            0 => String::new(),
            1 => ", and 1 other".to_owned(),
            more => format!(", and {more} others"),
        };
        refusal = refusal.why(format!("the book knows {}{more}", alike.join(", ")));
    }
    Err(refusal.hint("see them all: lotbook product list").into())
}

/// What the book knows of a named item.
pub fn find(snapshot: &mut Snapshot<'_>, named: &Named) -> Result<Item, StoreError> {
    let plain = |product, lot, container| Item {
        product,
        lot,
        container,
        serial: None,
        seen: None,
        expiry: None,
        contradiction: None,
        gtin: None,
        count: None,
    };
    match named {
        Named::Product(sku) => Ok(plain(product(snapshot, sku.as_str())?, None, None)),
        Named::Lot(sku, lot) => {
            Ok(plain(product(snapshot, sku.as_str())?, Some(lot.clone()), None))
        }
        Named::Container(id) => {
            let container = snapshot.container(*id)?.filter(|container| !container.undone);
            let Some(container) = container else {
                return Err(Refusal::new(format!("there is no container {id}"))
                    .hint("see the open ones: lotbook stock --lots")
                    .into());
            };
            let product = product(snapshot, container.product.as_str())?;
            Ok(plain(product, Some(container.lot), Some(*id)))
        }
        Named::Scanned(scanned) => find_scanned(snapshot, scanned),
    }
}

fn find_scanned(snapshot: &mut Snapshot<'_>, scanned: &Scanned) -> Result<Item, StoreError> {
    let Some(gtin) = &scanned.gtin else {
        return Err(names_no_product(Kind::Hibc).into());
    };
    let Some((sku, packs)) = snapshot.gtin(gtin)? else {
        return Err(unknown_gtin(gtin).into());
    };
    let product = product(snapshot, &sku)?;
    let seen = match &scanned.serial {
        Some(serial) => snapshot.serial(&product.sku, serial)?,
        None => None,
    };
    let piece = scanned.serial.as_ref().map(|serial| Piece::new(serial, seen.as_ref()));
    Ok(Item {
        container: piece.and_then(|piece| piece.opened()),
        product,
        lot: scanned.lot.clone().map(Some),
        serial: scanned.serial.clone(),
        seen,
        expiry: scanned.expiry,
        contradiction: scanned.contradiction.clone(),
        gtin: Some((gtin.clone(), packs)),
        count: scanned.count,
    })
}

/// A lot that was named is one that was received, and a scan contradicts neither it nor what the
/// book knows of its serial number.
pub fn agree_received_lot(writing: &mut Writing<'_>, item: &Item) -> Result<(), StoreError> {
    let Some(lot) = item.lot() else { return Ok(()) };
    let sku = &item.product.sku;
    item.agree_serial()?;
    let received = |row: &LotRow| row.receipts > 0;
    if let Some(row) = writing.lot(sku, lot)?.filter(received) {
        return Ok(agree_label(&row.state, item.expiry)?);
    }
    let lots = writing.lots(sku)?.into_iter().filter(received);
    let lots: Vec<LotState> = lots.map(|row| row.state).collect();
    Err(no_such_lot(sku, &lots, lot).into())
}

/// What is said of lots that a late entry takes and that are held or recalled now.
pub fn taken_late<'i>(
    writing: &mut Writing<'_>,
    items: impl IntoIterator<Item = &'i crate::domain::fact::Item>,
) -> Result<Vec<String>, StoreError> {
    let mut said = Vec::new();
    if !writing.is_backdated() {
        return Ok(said);
    }
    for item in items {
        let row = writing.lot(&item.product, item.lot.as_ref())?;
        said.extend(row.and_then(|row| taken_before(&row.state)));
    }
    said.dedup();
    Ok(said)
}
