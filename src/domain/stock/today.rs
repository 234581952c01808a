//! What the book would say today to an item that somebody holds in their hand.

use super::{Holding, LotState, agree_label, usable};
use crate::domain::catalog::Product;
use crate::domain::id::{Lot, Serial, lot_text};
use crate::domain::place::Place;
use crate::domain::time::{Day, Expiry};

/// What a label or a person says of an item.
#[derive(Debug, Clone, Copy, Default)]
pub struct Label<'l> {
    /// Its lot.
    pub lot: Option<Option<&'l Lot>>,
    /// Its expiry.
    pub expiry: Option<Expiry>,
    /// Its serial number, with where the book last saw it.
    pub serial: Option<(&'l Serial, Option<&'l Place>)>,
}

/// Why the item would be refused today, a sentence each; empty where it may be used. `lot` is the
/// lot as the book knows it, `holdings` what is left of it or, where no lot is named, of the
/// product.
pub fn refusals(
    product: &Product,
    label: Label<'_>,
    lot: Option<&LotState>,
    holdings: &[Holding],
    today: Day,
) -> Vec<String> {
    let mut reasons = Vec::new();
    let sku = &product.sku;
    if product.retired {
        reasons.push(format!("{sku} is retired"));
    }
    match (label.lot, lot) {
        (Some(named), None) => {
            let name = lot_text(named);
            reasons.push(format!("lot {name} of {sku} was never received"));
        }
        (_, Some(lot)) => {
            // A lot by itself lies nowhere, so that this says what holds of it in every place.
            if let Err(why) = usable(product, lot, None, &Place::Supplier, today)
                && !product.retired
            {
                reasons.push(format!("{} {why}", lot.item()));
            }
            if let Err(refusal) = agree_label(lot, label.expiry) {
                reasons.push(refusal.what);
            }
        }
        (None, None) => {}
    }
    if let Some((serial, Some(place))) = label.serial
        && let Some(gone) = place.gone()
    {
        reasons.push(format!("serial {serial} {gone}"));
    }
    let known = label.lot.is_none() || lot.is_some();
    if reasons.is_empty() && known {
        reasons.extend(nothing_usable(product, holdings, today));
    }
    reasons
}

/// What is said of an item that nothing refuses today. Of a pack whose lot nobody named nothing
/// can be said, whatever else of its product may be used.
pub fn allowance(product: &Product, label: Label<'_>, today: Day) -> String {
    match label.lot {
        Some(_) => format!("it may be used on {today}"),
        None => {
            let sku = &product.sku;
            format!(
                "its lot is not known, so nothing can be said of it: look which lot of {sku} it is"
            )
        }
    }
}

/// Why nothing of what is left may be used.
fn nothing_usable(product: &Product, holdings: &[Holding], today: Day) -> Vec<String> {
    let mut reasons = Vec::new();
    for holding in holdings.iter().filter(|holding| holding.parts > 0) {
        let Holding { lot, opened, place, .. } = holding;
        match usable(product, lot, opened.as_ref(), place, today) {
            Ok(()) => return Vec::new(),
            Err(why) => reasons.push(format!("{} in {} {why}", lot.item(), place.in_words())),
        }
    }
    if reasons.is_empty() {
        reasons.push("nothing of it is left".to_owned());
    }
    reasons
}
