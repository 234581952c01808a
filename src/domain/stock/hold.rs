//! A lot is held, so that it is used nowhere, or released again.

use super::{LotState, LotStatus};
use crate::domain::fact::{Because, Fact};
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
            format!("let it be used again: lotbook lot release {item} --reason CODE")
        }
        LotStatus::Released => {
            format!("keep it from being used: lotbook lot hold {item} --reason CODE")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Action;
    use crate::domain::time::Expiry;

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
            ["let it be used again: lotbook lot release 'CART-12/24C 0110' --reason CODE"]
        );
        let refusal =
            release(&lot(LotStatus::Released, None), because(Action::LotRelease, "other"));
        assert_eq!(
            refusal.unwrap_err().hints,
            ["keep it from being used: lotbook lot hold 'CART-12/24C 0110' --reason CODE"]
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
}
