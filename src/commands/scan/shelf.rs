//! What a batch of scans is compared with: products, lots, what is left of them, and pieces with a
//! serial number. It is read once, when the batch begins, so that no scan asks the book.

use std::collections::HashMap;

use crate::domain::barcode::{Gtin, Scan};
use crate::domain::catalog::Product;
use crate::domain::id::{Lot, Serial, Sku};
use crate::domain::item::{Scanned, scanned};
use crate::domain::place::Place;
use crate::domain::stock::{Holding, Label, LotState, Piece, Pieces, Refused, declined, refusals};
use crate::domain::time::{Day, Instant};
use crate::store::{Snapshot, StoreError};

/// All that the book knows of what may be scanned.
pub(super) struct Shelf {
    gtins: HashMap<Gtin, usize>,
    kept: Vec<Kept>,
    today: Day,
}

/// What the book knows of one product.
struct Kept {
    product: Product,
    lots: HashMap<Option<Lot>, LotState>,
    holdings: Vec<Holding>,
    serials: HashMap<Serial, (Option<Lot>, Place)>,
    pieces: Pieces,
}

impl Shelf {
    pub(super) fn read(snapshot: &mut Snapshot<'_>, now: Instant) -> Result<Self, StoreError> {
        let today = snapshot.about().zone.moment(now).day();
        let new = |product| Kept {
            product,
            lots: HashMap::new(),
            holdings: Vec::new(),
            serials: HashMap::new(),
            pieces: Pieces::default(),
        };
        let mut kept: Vec<Kept> = snapshot.products()?.into_iter().map(new).collect();
        let place = |(place, kept): (usize, &Kept)| (kept.product.sku.clone(), place);
        let places: HashMap<Sku, usize> = kept.iter().enumerate().map(place).collect();
        let mut gtins = HashMap::new();
        for (place, kept) in kept.iter().enumerate() {
            let known = kept.product.gtins.keys().filter_map(|gtin| Gtin::parse(gtin).ok());
            gtins.extend(known.map(|gtin| (gtin, place)));
        }
        for row in snapshot.all_lots()?.into_iter().filter(|row| row.receipts > 0) {
            if let Some(place) = places.get(&row.state.product) {
                kept[*place].lots.insert(row.state.lot.clone(), row.state);
            }
        }
        for holding in snapshot.all_holdings()? {
            if let Some(place) = places.get(&holding.lot.product) {
                kept[*place].holdings.push(holding);
            }
        }
        for row in snapshot.all_serials()? {
            if let Some(place) = places.get(&row.product) {
                kept[*place].pieces.add(row.lot.clone(), row.place.clone(), 1);
                kept[*place].serials.insert(row.serial, (row.lot, row.place));
            }
        }
        Ok(Self { gtins, kept, today })
    }

    /// The product of a scan, and why the scanned item would be refused today; nothing is said of
    /// a scan with an error.
    pub(super) fn judge(&self, scan: &Scan<'_>) -> (Option<&Sku>, Vec<Refused>) {
        let place = scan.gtin.and_then(|gtin| self.gtins.get(&gtin));
        let kept = place.and_then(|place| self.kept.get(*place));
        let sku = kept.map(|kept| &kept.product.sku);
        let refused = kept.and_then(|kept| Some(kept.refusals(&scanned(scan).ok()?, self.today)));
        (sku, refused.unwrap_or_else(|| declined(scan, sku)))
    }
}

impl Kept {
    fn refusals(&self, scanned: &Scanned, today: Day) -> Vec<Refused> {
        let Self { product, lots, holdings, serials, pieces } = self;
        let known = scanned.serial.as_ref().and_then(|serial| serials.get(serial));
        let label = Label {
            lot: scanned.lot.as_ref().map(Some),
            expiry: scanned.expiry,
            contradiction: scanned.contradiction.as_deref(),
            serial: scanned.serial.as_ref().map(|serial| Piece::new(serial, known)),
        };
        let lot = label.lot().and_then(|named| lots.get(&named.cloned()));
        refusals(product, label, lot, (holdings, pieces), today)
    }
}
