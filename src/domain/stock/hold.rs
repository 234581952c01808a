//! A lot is held, so that it is used nowhere, or released again.

use super::{LotState, LotStatus};
use crate::domain::fact::{Because, Fact};
use crate::domain::refusal::Refusal;

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
    let refusal = Refusal::new(format!("{} is {status}", lot.item()));
    match lot.status_seq {
        Some(seq) => refusal.why(format!("entry #{seq} says so")),
        None => refusal.why("it was never held"),
    }
}
