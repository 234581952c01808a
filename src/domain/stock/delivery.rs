//! What the words and the scan of a delivery say together: how much, of which lot, at what cost.

use super::packs::{of_scanned, whole_packs};
use super::receive::refuse_retired;
use crate::domain::catalog::Product;
use crate::domain::expiry::SaidExpiry;
use crate::domain::id::{Lot, Sku, lot_text};
use crate::domain::quantity::{Ask, Quantity, QuantityError};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::Expiry;

/// What a scan says of how much it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackLevel {
    /// How many packs the scanned pack level holds.
    pub packs: u32,
    /// The count of (30), where the label holds one.
    pub count: Option<u32>,
}

/// How much of a product in use arrived, and how many packs were counted. At a scan a bare number
/// counts what was scanned, and the label's own count stands where nothing was typed.
pub fn amount(
    product: &Product,
    scanned: Option<PackLevel>,
    asked: Option<Ask>,
) -> Result<(Quantity, Option<u32>), Refusal> {
    refuse_retired(product)?;
    let packs = scanned.map(|level| i64::from(level.packs));
    let counted = scanned.and_then(|level| level.count).map(|count| Ask::Bare(count.into()));
    let resolved = |asked| resolve(product, packs, asked).map_err(Refusal::from);
    let told = resolved(asked.or(counted))?;
    if let (Some(_), Some(_)) = (asked, counted) {
        let (label, _) = resolved(counted)?;
        if label != told.0 {
            return Err(Refusal::new(format!(
                "{} of {} was typed, and the label counts {label}",
                told.0, product.sku
            ))
            .why("the label holds its own count, element (30)")
            .hint("count again, and leave the quantity out where the label is right"));
        }
    }
    whole_packs(product, asked, told.0)?;
    Ok(told)
}

/// What a HIBC label counts against what was typed. The label does not say what it counts, so
/// somebody must; what was typed stands, with a warning where it is neither so many pieces nor so
/// many packs.
pub fn counted(
    product: &Product,
    (label, asked): (u32, Option<Ask>),
    quantity: Quantity,
) -> Result<Option<String>, Refusal> {
    let sku = &product.sku;
    if asked.is_none() && label != 1 {
        return Err(Refusal::new(format!("how much of {sku} arrived is not said"))
            .why(format!("the label counts {label}, and a HIBC label does not say of what"))
            .hint(format!(
                "write how much before the item, such as {label} or \"{label} packs\""
            )));
    }
    let unit = product.unit();
    let is = |parts: i64| i64::from(label).checked_mul(parts) == Some(quantity.parts());
    let fits = is(unit.parts()) || is(product.pack.parts());
    let differs = format!("the label counts {label}, and {quantity} of {sku} were received");
    Ok((!fits).then_some(differs))
}

fn resolve(
    product: &Product,
    scanned: Option<i64>,
    asked: Option<Ask>,
) -> Result<(Quantity, Option<u32>), QuantityError> {
    let packs = match (asked, scanned) {
        (None, _) => scanned.unwrap_or(1),
        (Some(Ask::Bare(count)), Some(each)) => {
            let quantity = of_scanned(product, each, count)?;
            return Ok((quantity, u32::try_from(quantity.parts() / product.pack.parts()).ok()));
        }
        (Some(Ask::Packs(packs)), _) => packs,
        (Some(asked), _) => return Ok((asked.resolve(product.unit(), product.pack)?, None)),
    };
    let quantity = Ask::Packs(packs).resolve(product.unit(), product.pack)?;
    Ok((quantity, u32::try_from(packs).ok()))
}

/// The lot from the scan or the command line; one that neither names must be said.
pub fn delivered_lot(
    product: &Sku,
    typed: Option<&str>,
    scanned: Option<Option<Lot>>,
) -> Result<Option<Lot>, Refusal> {
    let typed = match typed {
        None => None,
        Some(text) if text.eq_ignore_ascii_case("none") => Some(None),
        Some(text) => Some(Some(Lot::new(text)?)),
    };
    agree("lot", typed, scanned, lot_words)?.ok_or_else(|| {
        Refusal::new(format!("the lot of {product} is missing"))
            .why("without it a recall could not find what it went to")
            .hint("scan the label, write --lot exactly as printed, or --lot none")
    })
}

/// A lot in words; `none` for stock without one.
pub fn lot_words(lot: &Option<Lot>) -> String {
    lot_text(lot.as_ref()).to_owned()
}

/// What was typed and what was scanned must not contradict each other.
pub fn agree<T: PartialEq>(
    what: &str,
    typed: Option<T>,
    scanned: Option<T>,
    words: impl Fn(&T) -> String,
) -> Result<Option<T>, Refusal> {
    one_of(typed, scanned).map_err(|(typed, scanned)| {
        Refusal::new(format!("the {what} that was typed is not the one of the item"))
            .why(format!("typed {}, the item says {}", words(&typed), words(&scanned)))
            .hint("look at the label again, and leave out what the item says already")
    })
}

/// The expiry that was typed or scanned; a label that leaves the day open contradicts no day of
/// its month.
pub fn agree_expiry(
    typed: Option<Expiry>,
    scanned: Option<SaidExpiry>,
) -> Result<Option<SaidExpiry>, Refusal> {
    let (typed, scanned) = SaidExpiry::told_apart(typed.map(SaidExpiry::from), scanned);
    agree("expiry", typed, scanned, SaidExpiry::to_string)
}

/// What two words for one delivery name, an item and the scan after it, must not contradict
/// each other.
pub fn agree_scans<T: PartialEq>(
    what: &str,
    item: Option<T>,
    scan: Option<T>,
    words: impl Fn(&T) -> String,
) -> Result<Option<T>, Refusal> {
    one_of(item, scan).map_err(|(item, scan)| {
        Refusal::new(format!("the {what} of the item is not that of the scan after it"))
            .why(format!("the item says {}, the scan {}", words(&item), words(&scan)))
            .hint("receive each label on its own, or name the product before the scan by its SKU")
    })
}

/// The one value of two, or both where they differ.
fn one_of<T: PartialEq>(first: Option<T>, second: Option<T>) -> Result<Option<T>, (T, T)> {
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err((first, second)),
        (first, second) => Ok(first.or(second)),
    }
}

/// An amount of money: digits, and at most three behind a decimal point.
pub fn cost(text: &str) -> Result<Box<str>, Refusal> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(cents) && cents.len() <= 3 && whole.len() <= 12 {
        Ok(text.into())
    } else {
        Err(Refusal::new(format!("{} is not an amount of money", quote(text)))
            .hint("write digits and a decimal point, such as 149.90; the book has one currency"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::catalog::{Category, UseKind};
    use crate::domain::quantity::Unit;

    fn product(use_kind: UseKind, parts: i64, unit: Unit) -> Product {
        Product {
            sku: Sku::new("NUMB-4").unwrap(),
            name: None,
            category: Category::Other,
            use_kind,
            pack: Quantity::from_parts(parts, unit).unwrap(),
            dose: None,
            opened_life: None,
            gtins: BTreeMap::new(),
            attributes: BTreeMap::new(),
            retired: false,
        }
    }

    fn told(product: &Product, scanned: Option<PackLevel>, asked: &str) -> String {
        let asked = (!asked.is_empty()).then(|| asked.parse().unwrap());
        match amount(product, scanned, asked) {
            Ok((quantity, packs)) => format!("{quantity} {packs:?}"),
            Err(refusal) => refusal.what,
        }
    }

    #[test]
    fn a_receipt_of_a_product_that_is_opened_is_whole_packs() {
        let tube = product(UseKind::Multi, 30_000, Unit::Gram);
        assert_eq!(told(&tube, None, "3"), "3 g is not whole packs of 30 g");
        let refusal = amount(&tube, None, Some("3".parse().unwrap())).unwrap_err();
        assert_eq!(refusal.hints, ["did you mean \"3 packs\"?"]);
        let refusal = amount(&tube, None, Some("29 g".parse().unwrap())).unwrap_err();
        assert_eq!(refusal.hints, ["did you mean \"1 pack\"?"]);
        assert_eq!(told(&tube, None, "60 g"), "60 g None");
        assert_eq!(told(&tube, None, "3 packs"), "90 g Some(3)");
        let gauze = product(UseKind::Single, 10, Unit::Each);
        assert_eq!(told(&gauze, None, "3"), "3 each None");
    }

    #[test]
    fn what_is_retired_is_refused_before_its_packs_are_counted() {
        let tube = Product { retired: true, ..product(UseKind::Multi, 30_000, Unit::Gram) };
        assert_eq!(told(&tube, None, "20"), "NUMB-4 is retired: it is not received any more");
    }

    #[test]
    fn the_count_of_a_label_stands_unless_something_else_was_typed() {
        let gauze = product(UseKind::Single, 10, Unit::Each);
        let label = |count| Some(PackLevel { packs: 2, count });
        assert_eq!(told(&gauze, label(None), ""), "20 each Some(2)");
        assert_eq!(told(&gauze, label(None), "3"), "60 each Some(6)");
        assert_eq!(told(&gauze, label(Some(5)), ""), "100 each Some(10)");
        assert_eq!(told(&gauze, label(Some(5)), "5"), "100 each Some(10)");
        assert_eq!(
            told(&gauze, label(Some(5)), "4"),
            "80 each of NUMB-4 was typed, and the label counts 100 each"
        );
    }

    #[test]
    fn what_a_hibc_label_counts_is_never_passed_over() {
        let gauze = product(UseKind::Single, 10, Unit::Each);
        let said = |label, asked: Option<&str>| {
            let asked = asked.map(|text| text.parse().unwrap());
            let (quantity, _) = amount(&gauze, None, asked).unwrap();
            counted(&gauze, (label, asked), quantity)
        };
        assert!(said(24, None).is_err());
        for (label, asked) in [(24, Some("24")), (24, Some("24 packs")), (1, None)] {
            assert_eq!(said(label, asked), Ok(None), "{label} {asked:?}");
        }
        assert_eq!(
            said(24, Some("2 packs")).unwrap().unwrap(),
            "the label counts 24, and 20 each of NUMB-4 were received"
        );
    }

    #[test]
    fn a_lot_is_said_once_or_twice_alike() {
        let sku = Sku::new("NUMB-4").unwrap();
        let lot = |text| Some(Lot::new(text).unwrap());
        assert_eq!(delivered_lot(&sku, Some("007"), None).unwrap(), lot("007"));
        assert_eq!(delivered_lot(&sku, Some("007"), Some(lot("007"))).unwrap(), lot("007"));
        assert!(delivered_lot(&sku, Some("7"), Some(lot("007"))).is_err());
        assert_eq!(delivered_lot(&sku, Some("NONE"), None).unwrap(), None);
        assert!(delivered_lot(&sku, None, None).is_err());
    }

    #[test]
    fn money_is_digits() {
        assert!(cost("149.90").is_ok() && cost("7").is_ok());
        for bad in ["", "1,5", "-1", "1e3", "1.2345", ".5"] {
            assert!(cost(bad).is_err(), "{bad}");
        }
    }
}
