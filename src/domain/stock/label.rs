//! Is it a lot that the book knows, and does a scanned label agree with it?

use super::LotState;
use crate::domain::id::{Lot, Sku, lot_text};
use crate::domain::protocol::nearest;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::Expiry;

/// The lot of a product that somebody named, or a refusal that names the nearest one.
pub fn known_lot<'l>(
    sku: &Sku,
    lots: &'l [LotState],
    lot: Option<&Lot>,
) -> Result<&'l LotState, Refusal> {
    if let Some(known) = lots.iter().find(|known| known.lot.as_ref() == lot) {
        return Ok(known);
    }
    let text = lot_text(lot);
    let names: Vec<&str> = lots.iter().map(|known| lot_text(known.lot.as_ref())).collect();
    let same = names.iter().copied().find(|name| name.eq_ignore_ascii_case(text));
    let near = same.or_else(|| nearest(text, &names));
    let refusal = Refusal::new(format!("there is no lot {text} of {sku}"));
    let refusal = match near {
        Some(near) => refusal.hint(format!("did you mean {}?", quote(&format!("{sku}/{near}")))),
        None => refusal,
    };
    Err(refusal.hint(format!("see its lots: lotbook stock --lots {sku}")))
}

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
