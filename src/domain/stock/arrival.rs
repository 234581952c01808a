//! Why there was less at a past moment than there is now: what is asked for came later.

use super::{Holding, item_text};
use crate::domain::catalog::Product;
use crate::domain::fact::Item;
use crate::domain::quantity::show_parts;
use crate::domain::refusal::Refusal;
use crate::domain::time::Moment;

/// A delivery that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When it came.
    pub at: Moment,
    /// What came where.
    pub item: Item,
}

/// How many later deliveries a refusal names.
const NAMED: usize = 3;

/// A refusal of something at a past moment, which says what came later, where there was too little.
/// `holdings` are what was asked for as of that moment, and `arrivals` are in order of time.
pub fn came_later(
    refusal: Refusal,
    (product, wanted): (&Product, i64),
    holdings: &[&Holding],
    arrivals: &[Arrival],
    at: Moment,
) -> Refusal {
    let there: i64 = holdings.iter().map(|holding| holding.parts).sum();
    if there >= wanted {
        return refusal;
    }
    // To the second, where a minute is the same.
    let openings = holdings.iter().filter_map(|holding| holding.opened.as_ref());
    let times = openings.map(|opened| opened.at).chain(arrivals.iter().map(|arrival| arrival.at));
    let is_close = times.filter(|then| *then > at).any(|then| then.short() == at.short());
    let clock = |then: Moment| if is_close { then.exact() } else { then.short() };
    let opened = holdings.iter().filter_map(|holding| holding.opened.as_ref());
    let opened = opened
        .filter(|opened| opened.at > at)
        .map(|opened| format!("{} was opened at {}", opened.id, clock(opened.at)));
    let later = arrivals.iter().filter(|arrival| arrival.at > at).map(|arrival| {
        let item = &arrival.item;
        let name = item_text(&item.product, item.lot.as_ref());
        format!("{} of {name} came to {} at {}", item.quantity, item.to, clock(arrival.at))
    });
    let later: Vec<String> = opened.chain(later).take(NAMED).collect();
    if later.is_empty() {
        return refusal;
    }
    let (there, unit) = (show_parts(there, product.unit()), product.unit());
    let then = clock(at);
    let refusal = refusal.why(format!("at {then} only {there} {unit} was there to take"));
    later.into_iter().fold(refusal, Refusal::why)
}
