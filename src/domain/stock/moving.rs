//! What no move of stock may do, whichever command brings it. The store asks these under the write
//! lock, with what the book knows then.

use super::{LotState, item_text};
use crate::domain::fact::Item;
use crate::domain::id::{Lot, Serial};
use crate::domain::place::Place;
use crate::domain::quantity::show_parts;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::{Expiry, Moment};

/// A delivery expires when its lot does, as long as any receipt of the lot stands.
pub fn expires_as_known(item: &Item, known: &LotState) -> Result<(), Refusal> {
    if known.expiry == item.expiry {
        return Ok(());
    }
    let day = |expiry: Expiry| expiry.0.map_or("never".to_owned(), |day| day.to_string());
    let (ours, theirs) = (day(item.expiry), day(known.expiry));
    Err(one_expiry(
        Refusal::new(format!("{} expires {theirs} in the book, not {ours}", known.item())),
        known,
    ))
}

/// Why a lot has one expiry, and what to do where a delivery says another.
pub(super) fn one_expiry(refusal: Refusal, known: &LotState) -> Refusal {
    let first = known.first_seq;
    let undo = format!("lotbook undo {first} --reason wrong-item");
    match &known.lot {
        Some(_) => refusal
            .why("one lot has one expiry, so one of the two labels was misread")
            .why(format!("the expiry was recorded by #{first}"))
            .hint(format!("look at the label again; if the first was wrong: {undo}")),
        None => refusal
            .why("what has no lot can't be told apart, so all of it has one expiry")
            .why(format!("the expiry was recorded by #{first}"))
            .hint("give this delivery a number of your own, written on its packs: --lot OWN-1")
            .hint(format!("if the first was wrong: {undo}")),
    }
}

/// A late move takes no more than was there at every moment since; `lowest` is the least of them.
pub fn was_there(item: &Item, at: Moment, lowest: i64) -> Result<(), Refusal> {
    if lowest >= item.quantity.parts() {
        return Ok(());
    }
    let unit = item.quantity.unit();
    let name = item_text(&item.product, item.lot.as_ref());
    let (quantity, from, at) = (item.quantity, &item.from, at.short());
    Err(Refusal::new(format!("{quantity} of {name} can't have left {from} at {at}"))
        .why(format!(
            "between then and now only {} {unit} was there at its lowest",
            show_parts(lowest.max(0), unit)
        ))
        .hint(format!("see what moved: lotbook trace lot {}", quote(&name))))
}

/// A move is taken back where enough of it lies there still; `lowest` is the least that the place
/// would have held without the original, `seq`. The item is the reversal's.
pub fn can_go_back(item: &Item, seq: u64, lowest: i64) -> Result<(), Refusal> {
    if lowest >= 0 {
        return Ok(());
    }
    let (name, unit) = (item_text(&item.product, item.lot.as_ref()), item.quantity.unit());
    let first = match &item.from {
        Place::Container(container) => format!("what came from {container}"),
        _ => "the later entries".to_owned(),
    };
    Err(Refusal::new(format!(
        "#{seq} can't be undone: {} {unit} of {name} in {} are gone since",
        show_parts(-lowest, unit),
        item.from.in_words()
    ))
    .why("without it the balance would have been negative")
    .hint(format!("undo {first} first: lotbook trace lot {}", quote(&name))))
}

/// A pack with a serial number leaves the place where it is, and not before it got there: `last`
/// is when it moved last, where that matters.
pub fn piece_is_there(
    item: &Item,
    serial: &Serial,
    known: &(Option<Lot>, Place),
    last: Option<Moment>,
    at: Moment,
) -> Result<(), Refusal> {
    let (lot, place) = known;
    let why = if *place != item.from || *lot != item.lot {
        "a serial number names one pack, of one lot and in one place".to_owned()
    } else if let Some(last) = last.filter(|last| *last > at) {
        let [last, at] = last.beside(at);
        format!("it got there at {last} only, and this is of {at}")
    } else {
        return Ok(());
    };
    let sku = &item.product;
    let known = format!("{} in {place}", item_text(sku, lot.as_ref()));
    let asked = format!("{} in {}", item_text(sku, item.lot.as_ref()), item.from);
    Err(Refusal::new(format!("serial {serial} is {known}, not {asked}"))
        .why(why)
        .hint(super::piece::history(sku, serial)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quantity::{Quantity, Unit};
    use crate::domain::stock::LotStatus;

    fn item(from: &str) -> Item {
        Item {
            product: "CART-12".parse().unwrap(),
            lot: Some("26A1".parse().unwrap()),
            serial: None,
            expiry: Expiry(Some("2027-03-31".parse().unwrap())),
            container: None,
            quantity: Quantity::from_parts(3, Unit::Each).unwrap(),
            from: from.parse().unwrap(),
            to: Place::Waste,
        }
    }

    fn known(lot: Option<&str>, expiry: &str) -> LotState {
        LotState {
            product: "CART-12".parse().unwrap(),
            lot: lot.map(|lot| lot.parse().unwrap()),
            expiry: Expiry(Some(expiry.parse().unwrap())),
            status: LotStatus::Released,
            status_seq: None,
            first_seq: 7,
        }
    }

    fn at(clock: &str) -> Moment {
        Moment::parse(&format!("2026-11-22T{clock}:00+01:00")).unwrap()
    }

    #[test]
    fn one_lot_has_one_expiry_and_what_has_no_lot_may_get_a_number() {
        let item = item("supplier");
        assert_eq!(expires_as_known(&item, &known(Some("26A1"), "2027-03-31")), Ok(()));
        let refused = expires_as_known(&item, &known(Some("26A1"), "2027-04-30")).unwrap_err();
        assert_eq!(refused.what, "CART-12/26A1 expires 2027-04-30 in the book, not 2027-03-31");
        assert!(refused.hints[0].ends_with("lotbook undo 7 --reason wrong-item"), "{refused:?}");
        let refused = expires_as_known(&item, &known(None, "2027-04-30")).unwrap_err();
        assert!(refused.hints[0].contains("--lot OWN-1"), "{refused:?}");
    }

    #[test]
    fn no_more_leaves_late_than_was_there_at_the_least() {
        assert_eq!(was_there(&item("room-1"), at("10:00"), 3), Ok(()));
        let refused = was_there(&item("room-1"), at("10:00"), 2).unwrap_err();
        assert!(refused.to_string().contains("only 2 each was there"), "{refused}");
        let refused = was_there(&item("room-1"), at("10:00"), -1).unwrap_err();
        assert!(refused.to_string().contains("only 0 each was there"), "{refused}");
    }

    #[test]
    fn what_is_gone_since_does_not_go_back() {
        assert_eq!(can_go_back(&item("room-1"), 12, 0), Ok(()));
        let refused = can_go_back(&item("room-1"), 12, -2).unwrap_err();
        assert!(refused.what.starts_with("#12 can't be undone: 2 each of CART-12/26A1"));
    }

    #[test]
    fn a_piece_leaves_where_it_is_and_not_before_it_came() {
        let (item, serial) = (item("room-1"), "S1".parse().unwrap());
        let here = (item.lot.clone(), "room-1".parse().unwrap());
        let there = |last| piece_is_there(&item, &serial, &here, last, at("10:00"));
        assert_eq!(there(None), Ok(()));
        assert_eq!(there(Some(at("10:00"))), Ok(()));
        let refused = there(Some(at("10:01"))).unwrap_err();
        assert!(refused.to_string().contains("it got there at 2026-11-22 10:01 only"), "{refused}");
        for other in [(item.lot.clone(), "room-2".parse().unwrap()), (None, here.1.clone())] {
            assert!(piece_is_there(&item, &serial, &other, None, at("10:00")).is_err());
        }
    }
}
