//! What came later than it was asked for.

use super::*;
use crate::domain::fact::Item;
use crate::domain::refusal::Refusal;

fn arrival(product: &Product, day: &str) -> Arrival {
    let item = Item {
        product: product.sku.clone(),
        lot: Some("L77".parse().unwrap()),
        serial: None,
        expiry: "none".parse().unwrap(),
        container: None,
        quantity: Quantity::from_parts(20, product.unit()).unwrap(),
        from: Place::Supplier,
        to: "fridge".parse().unwrap(),
    };
    Arrival { at: at("Europe/Berlin", &format!("{day} 10:00")), item }
}

fn told(wanted: i64, holding: Option<&Holding>, arrivals: &[Arrival]) -> Vec<String> {
    let product = product(UseKind::Single);
    let then = at("Europe/Berlin", "2026-10-31 10:00");
    let holdings: Vec<&Holding> = holding.into_iter().collect();
    came_later(Refusal::new("too little"), (&product, wanted), &holdings, arrivals, then).why
}

#[test]
fn too_little_then_says_what_came_later() {
    let product = product(UseKind::Single);
    let days = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"];
    let arrivals = days.map(|day| arrival(&product, day));
    let said = told(2, None, &arrivals);
    assert_eq!(said[0], "at 2026-10-31 10:00 only 0 each was there to take");
    assert_eq!(said[1], "20 each of NUMB-4/L77 came to fridge at 2026-11-01 10:00");
    assert_eq!(said.len(), 4);
    assert!(told(2, None, &arrivals[..1]).is_empty(), "that one was there");
    let place = "fridge".parse().unwrap();
    let there = Holding { place, lot: lot("L77", "none", 1), opened: None, parts: 2 };
    assert!(told(2, Some(&there), &arrivals).is_empty(), "it is refused for something else");
    let container = Holding { opened: Some(opened(1, None)), parts: 0, ..there };
    let said = told(2, Some(&container), &[]);
    assert_eq!(said[1], "K-0001 was opened at 2026-11-01 09:00");
    let moment = |clock: &str| at("Europe/Berlin", &format!("2026-10-31 {clock}"));
    let close = Arrival { at: moment("10:00:34"), ..arrival(&product, "2026-10-31") };
    let said = told(2, None, &[close]);
    assert_eq!(said[0], "at 2026-10-31 10:00:00 only 0 each was there to take");
    assert!(said[1].ends_with("at 2026-10-31 10:00:34"), "the minute is the same: {said:?}");
}
