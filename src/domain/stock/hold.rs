//! A lot is held, so that it is used nowhere, or released again.

use super::{LotState, LotStatus, Original};
use crate::domain::fact::{Action, Because, Fact, pick};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// The fact that holds a lot; refused where it is not in use.
pub fn hold(lot: &LotState, because: Because) -> Result<Fact, Refusal> {
    match lot.status {
        LotStatus::Released => {
            Ok(Fact::LotHold { product: lot.product.clone(), lot: lot.lot.clone(), because })
        }
        status => Err(already(lot, status)),
    }
}

/// The fact that releases a held lot; a recalled or disposed lot never comes back.
pub fn release(lot: &LotState, because: Because) -> Result<Fact, Refusal> {
    match lot.status {
        LotStatus::Held => {
            Ok(Fact::LotRelease { product: lot.product.clone(), lot: lot.lot.clone(), because })
        }
        status => Err(already(lot, status)),
    }
}

fn already(lot: &LotState, status: LotStatus) -> Refusal {
    let item = lot.item();
    let refusal = Refusal::new(format!("{item} is {status}"));
    let item = quote(&item);
    let refusal = match lot.status_seq {
        Some(seq) => refusal.why(format!("entry #{seq} says so")),
        None => refusal.why("it was never held"),
    };
    refusal.hint(match status {
        LotStatus::Held => {
            format!(
                "let it be used again: lotbook lot release {item} {}",
                pick(Action::LotRelease.spec().reasons)
            )
        }
        LotStatus::Released => {
            format!(
                "keep it from being used: lotbook lot hold {item} {}",
                pick(Action::LotHold.spec().reasons)
            )
        }
        LotStatus::Recalled | LotStatus::Disposed => {
            format!("see where it went: lotbook trace lot {item}")
        }
    })
}

/// What is said of a late entry that takes from a lot which may not be used any more: at its time
/// nothing was in the way.
pub fn taken_before(lot: &LotState) -> Option<String> {
    let item = lot.item();
    let seq = lot.status_seq.filter(|_| lot.status != LotStatus::Released)?;
    Some(format!(
        "{item} is {} now, since #{seq}: check whether it was taken from that",
        lot.status
    ))
}

/// What is said of an undo that takes back something of a lot which may not be used any more: what
/// is reversed is missing from what the lot was used for.
pub fn reversed_of(lot: &LotState, reversed: &[Original]) -> Option<String> {
    let seq = lot.status_seq.filter(|_| lot.status != LotStatus::Released)?;
    let is_of = |original: &&Original| {
        let item = original.fact.item();
        item.is_some_and(|item| (&item.product, &item.lot) == (&lot.product, &lot.lot))
    };
    let of_lot = reversed.iter().filter(is_of);
    let named: Vec<String> = of_lot.map(Original::name).collect();
    (!named.is_empty()).then(|| {
        let (item, status, named) = (lot.item(), lot.status, named.join(", "));
        format!(
            "{item} is {status} now, since #{seq}, and what was recorded of it is reversed: {named}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{Action, Item};
    use crate::domain::quantity::{Quantity, Unit};
    use crate::domain::time::{Expiry, Moment};

    fn lot(status: LotStatus, status_seq: Option<u64>) -> LotState {
        LotState {
            product: "CART-12".parse().unwrap(),
            lot: Some("24C 0110".parse().unwrap()),
            expiry: Expiry(None),
            status,
            status_seq,
            first_seq: 12,
        }
    }

    #[test]
    fn who_holds_or_releases_twice_is_told_the_other_command() {
        let because = |action, code| Because::new(action, code, Some("x")).unwrap();
        let refusal = hold(&lot(LotStatus::Held, Some(16)), because(Action::LotHold, "other"));
        assert_eq!(
            refusal.unwrap_err().hints,
            ["let it be used again: lotbook lot release 'CART-12/24C 0110' --reason \
                 'cleared|wrong-lot'"]
        );
        let refusal =
            release(&lot(LotStatus::Released, None), because(Action::LotRelease, "other"));
        assert_eq!(
            refusal.unwrap_err().hints,
            ["keep it from being used: lotbook lot hold 'CART-12/24C 0110' --reason \
             'supplier-notice|complaint|adverse-reaction|temperature|damaged'"]
        );
        let refusal = hold(&lot(LotStatus::Recalled, Some(9)), because(Action::LotHold, "other"));
        assert_eq!(
            refusal.unwrap_err().hints,
            ["see where it went: lotbook trace lot 'CART-12/24C 0110'"]
        );
    }

    #[test]
    fn a_late_entry_names_the_hold_that_came_later() {
        for (status, said) in [
            (LotStatus::Held, Some("CART-12/24C 0110 is held now, since #16")),
            (LotStatus::Recalled, Some("CART-12/24C 0110 is recalled now, since #16")),
            (LotStatus::Released, None),
        ] {
            let told = taken_before(&lot(status, Some(16)));
            let told = told.as_deref().and_then(|told| told.split_once(':')).map(|told| told.0);
            assert_eq!(told, said);
        }
    }
    #[test]
    fn an_undo_names_what_it_takes_back_of_a_blocked_lot_and_nothing_else() {
        let opening = |seq, lot: &str| {
            let item = Item {
                product: "CART-12".parse().unwrap(),
                lot: Some(lot.parse().unwrap()),
                serial: None,
                expiry: Expiry(None),
                container: Some("K-0001".parse().unwrap()),
                quantity: Quantity::from_parts(1, Unit::Each).unwrap(),
                from: "room-1".parse().unwrap(),
                to: "container:K-0001".parse().unwrap(),
            };
            let at = Moment::parse("2026-11-22T10:00:00+01:00").unwrap();
            let fact = Fact::ContainerOpen { item, discard_by: None };
            Original { seq, at, fact, corrected_by: None }
        };
        let reversed = [opening(20, "24C 0110"), opening(21, "OTHER"), opening(22, "24C 0110")];
        let told = reversed_of(&lot(LotStatus::Held, Some(16)), &reversed).unwrap();
        assert!(told.ends_with("reversed: #20 container.open, #22 container.open"), "{told}");
        assert!(told.starts_with("CART-12/24C 0110 is held now, since #16"), "{told}");
        assert_eq!(reversed_of(&lot(LotStatus::Released, Some(16)), &reversed), None);
        assert_eq!(reversed_of(&lot(LotStatus::Held, Some(16)), &reversed[1..2]), None);
    }
}
