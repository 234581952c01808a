//! Packs: what is opened whole stays whole until then, and what a number counts beside the scan of
//! a case.

use rust_decimal::Decimal;

use super::item_text;
use crate::domain::catalog::{Product, UseKind};
use crate::domain::id::Lot;
use crate::domain::quantity::{Ask, Quantity, QuantityError};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// A tube, vial or bottle is opened whole, so that a part of one could never be used: stock of it
/// comes and goes in whole packs until it is opened.
pub(super) fn whole_packs(
    product: &Product,
    asked: Option<Ask>,
    quantity: Quantity,
) -> Result<(), Refusal> {
    if product.use_kind == UseKind::Single || quantity.parts() % product.pack.parts() == 0 {
        return Ok(());
    }
    let meant = match asked {
        Some(Ask::Bare(count)) => whole_number(count).ok(),
        _ => None,
    };
    let packs = meant.unwrap_or(quantity.parts() / product.pack.parts() + 1);
    Err(Refusal::new(format!("{quantity} is not whole packs of {}", product.pack))
        .why(format!("{} is opened a whole pack at a time", product.sku))
        .hint(format!("did you mean \"{}\"?", in_packs(packs))))
}

/// `1 pack`, `2 packs`.
fn in_packs(packs: i64) -> String {
    format!("{packs} {}", if packs == 1 { "pack" } else { "packs" })
}

fn whole_number(count: Decimal) -> Result<i64, QuantityError> {
    match format!("{} packs", count.normalize()).parse::<Ask>()? {
        Ask::Packs(packs) => Ok(packs),
        Ask::Bare(_) | Ask::In(..) => Ok(0),
    }
}

/// So many of a scanned pack level, each of which holds `packs` packs.
pub(super) fn of_scanned(
    product: &Product,
    packs: i64,
    count: Decimal,
) -> Result<Quantity, QuantityError> {
    Ask::Packs(whole_number(count)?).resolve(product.unit(), product.pack.times(packs)?)
}

/// Whether a bare number beside the scan of a case would be a guess: it counts cases where a
/// delivery is scanned, and whoever throws one piece of the case away means the piece.
pub fn not_of_a_case(
    product: &Product,
    (packs, lot): (u32, Option<&Lot>),
    asked: Option<Ask>,
) -> Result<(), Refusal> {
    let (Some(Ask::Bare(count)), 2..) = (asked, packs) else { return Ok(()) };
    let sku = &product.sku;
    let alone = Ask::Bare(count).resolve(product.unit(), product.pack)?;
    let cases = of_scanned(product, packs.into(), count)?;
    let item = lot.map_or_else(|| format!("{sku}/LOT"), |lot| item_text(sku, Some(lot)));
    let write =
        |quantity: Quantity| format!("lotbook waste \"{quantity}\" {} --reason CODE", quote(&item));
    Err(Refusal::new(format!("{count} of what is not clear: {cases} or {alone} of {sku}"))
        .why(format!("the scan is of a case of {}", in_packs(packs.into())))
        .hint(format!("counted in cases: {}", write(cases)))
        .hint(format!("counted alone: {}", write(alone))))
}

/// What is said of a count of packs beside the scan of a case: it counts packs, not cases.
pub fn packs_beside_a_case(product: &Product, packs: u32, asked: Option<Ask>) -> Option<String> {
    let (Some(Ask::Packs(count)), 2..) = (asked, packs) else { return None };
    let told = product.pack.times(count).ok()?;
    let cases = told.times(packs.into()).ok()?;
    Some(format!(
        "the scan is of a case of {}, and {} were typed: {told} of {} came in, where {count} \
         such {} would be {cases}",
        in_packs(packs.into()),
        in_packs(count),
        product.sku,
        if count == 1 { "case" } else { "cases" },
    ))
}

/// In what a delivery came, as people count it: ` in 2 packs`, ` in 1 case of 10 packs`.
pub fn came_in(packs: Option<u32>, scanned: Option<u32>) -> String {
    match (packs, scanned) {
        (None, _) => String::new(),
        (Some(packs), Some(level @ 2..)) if packs % level == 0 => {
            let cases = packs / level;
            let word = if cases == 1 { "case" } else { "cases" };
            format!(" in {cases} {word} of {}", in_packs(level.into()))
        }
        (Some(packs), _) => format!(" in {}", in_packs(packs.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::product;
    use super::*;

    #[test]
    fn a_scanned_case_and_a_bare_number_are_no_quantity_to_throw_away() {
        let mut piece = product(UseKind::Single);
        piece.sku = "CART-12".parse().unwrap();
        let lot = "24C0110".parse().unwrap();
        let asked = |text: &str| Some(text.parse().unwrap());
        let refusal = not_of_a_case(&piece, (10, Some(&lot)), asked("2")).unwrap_err();
        assert_eq!(refusal.what, "2 of what is not clear: 20 each or 2 each of CART-12");
        assert_eq!(refusal.why, ["the scan is of a case of 10 packs"]);
        assert_eq!(
            refusal.hints,
            [
                "counted in cases: lotbook waste \"20 each\" CART-12/24C0110 --reason CODE",
                "counted alone: lotbook waste \"2 each\" CART-12/24C0110 --reason CODE",
            ]
        );
        for (packs, text) in [(1, "2"), (10, "2 each"), (10, "2 packs")] {
            assert_eq!(not_of_a_case(&piece, (packs, Some(&lot)), asked(text)), Ok(()), "{text}");
        }
        assert_eq!(not_of_a_case(&piece, (10, None), None), Ok(()));
    }

    #[test]
    fn a_delivery_is_told_as_it_came() {
        assert_eq!(came_in(Some(10), Some(10)), " in 1 case of 10 packs");
        assert_eq!(came_in(Some(20), Some(10)), " in 2 cases of 10 packs");
        assert_eq!(came_in(Some(2), Some(10)), " in 2 packs");
        assert_eq!(came_in(Some(1), Some(1)), " in 1 pack");
        assert_eq!(came_in(None, None), "");
    }

    #[test]
    fn packs_beside_a_scanned_case_are_told_in_both_counts() {
        let told = |packs, text: &str| {
            packs_beside_a_case(&product(UseKind::Single), packs, Some(text.parse().unwrap()))
        };
        assert_eq!(
            told(10, "2 packs").unwrap(),
            "the scan is of a case of 10 packs, and 2 packs were typed: 2 each of NUMB-4 came in, \
             where 2 such cases would be 20 each"
        );
        assert_eq!((told(1, "2 packs"), told(10, "2"), told(10, "2 each")), (None, None, None));
    }
}
