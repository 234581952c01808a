//! What is said today of an item in somebody's hand.

use super::*;

#[test]
fn only_an_item_whose_lot_is_named_may_be_used() {
    let (product, named) = (product(UseKind::Single), lot("L77", "2027-06-30", 1));
    let today = "2026-11-22".parse().unwrap();
    let label = Label { lot: Some(named.lot.as_ref()), ..Label::default() };
    assert_eq!(allowance(&product, label, today), "it may be used on 2026-11-22");
    let said = allowance(&product, Label::default(), today);
    assert!(said.starts_with("its lot is not known"), "{said}");
}
