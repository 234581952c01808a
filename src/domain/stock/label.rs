//! Is it a lot that the book knows, and does a scanned label agree with it?

use super::LotState;
use crate::domain::expiry::SaidExpiry;
use crate::domain::id::{Lot, Sku, lot_text};
use crate::domain::protocol::nearest;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// The refusal of a lot that a product has not, with the nearest of those that it has.
pub fn no_such_lot(sku: &Sku, lots: &[LotState], lot: Option<&Lot>) -> Refusal {
    let text = lot_text(lot);
    let names: Vec<&str> = lots.iter().map(|known| lot_text(known.lot.as_ref())).collect();
    let same = names.iter().copied().find(|name| name.eq_ignore_ascii_case(text));
    let near = same.or_else(|| nearest(text, &names));
    let refusal = Refusal::new(format!("there is no lot {text} of {sku}"));
    let refusal = match near {
        Some(near) => refusal.hint(format!("did you mean {}?", quote(&format!("{sku}/{near}")))),
        None => refusal,
    };
    refusal.hint(format!("see its lots: lotbook stock --lots {sku}"))
}

/// Refuses an expiry, as a code holds it, that contradicts the book. A code without one says
/// nothing, and leaves what is known alone.
pub fn agree_label(lot: &LotState, expiry: Option<SaidExpiry>) -> Result<(), Refusal> {
    let Some(scanned) = expiry.filter(|said| !said.agrees(lot.expiry)) else { return Ok(()) };
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
