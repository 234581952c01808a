//! Does a scanned label agree with what the book knows of the lot?

use super::LotState;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::Expiry;

/// Refuses an expiry, as a code holds it, that contradicts the book. A code without one says
/// nothing, and leaves what is known alone.
pub fn agree_label(lot: &LotState, expiry: Option<Expiry>) -> Result<(), Refusal> {
    let Some(scanned) = expiry.filter(|scanned| *scanned != lot.expiry) else { return Ok(()) };
    let item = lot.item();
    let known = match lot.expiry.0 {
        Some(day) => format!("the book knows {day}"),
        None => "the book knows none".to_owned(),
    };
    Err(Refusal::new(format!("the code says that {item} expires {scanned}, and {known}"))
        .why("one lot has one expiry, so one of the two labels was misread")
        .why(format!("the expiry was recorded by #{}", lot.first_seq))
        .hint("look at the label, and scan it again")
        .hint(format!("see where the lot went: lotbook trace lot {}", quote(&item))))
}
