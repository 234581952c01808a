//! First expired, first out: which lots and containers a use takes from.

use std::cmp::Reverse;

use super::{Fault, Holding, Which, discard_by, item_text, usable};
use crate::domain::catalog::{Product, UseKind};
use crate::domain::fact::{Fact, Item};
use crate::domain::id::{ContainerId, PlaceName, Serial, lot_text};
use crate::domain::place::Place;
use crate::domain::quantity::{Quantity, show_parts};
use crate::domain::refusal::Refusal;
use crate::domain::session::{Despite, ItemFault, ItemStatus, despite};
use crate::domain::shell::quote;
use crate::domain::time::{Day, Moment};

/// What a use asks for.
#[derive(Debug, Clone)]
pub struct Want<'w> {
    /// How much.
    pub quantity: Quantity,
    /// Which lots the person means, or the label of the pack in hand.
    pub which: Which,
    /// Where the pack lies that the person named by its serial number.
    pub place: Option<&'w Place>,
    /// What the person holds.
    pub in_hand: InHand,
    /// The room whose shelf comes first.
    pub room: Option<&'w PlaceName>,
    /// When it is used.
    pub at: Moment,
    /// What the person records although the book would refuse it.
    pub despite: &'w [ItemFault],
    /// Whether the quantity was typed, so that a hint must repeat it.
    pub told: bool,
    /// The command that asks.
    pub verb: Verb<'w>,
}

/// What of a product somebody holds who uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InHand {
    /// They didn't say.
    Any,
    /// This container.
    Container(ContainerId),
    /// A pack that is not open yet, which its serial number names.
    Pack,
}

/// The command that takes something, for the hints: they are words that it understands.
#[derive(Debug, Clone, Copy)]
pub enum Verb<'w> {
    /// `open`, with the flags that a hint must repeat.
    Open {
        /// Each with a blank in front.
        flags: &'w str,
    },
    /// `session log`, with what was set aside already.
    Log {
        /// Each with its reason.
        given: &'w [Despite],
    },
}

impl Verb<'_> {
    /// What to type for another item.
    fn retry(self, item: &str) -> String {
        match self {
            Self::Open { flags } => format!("lotbook open {}{flags}", quote(item)),
            Self::Log { .. } => format!("--use {}", quote(item)),
        }
    }

    /// What to type where an item was used although the book refuses it.
    fn despite(self, item: &str, status: ItemStatus) -> String {
        match self {
            Self::Open { .. } => format!(
                "if it was used all the same, its session records that, and the opening too: \
                 lotbook session log STEP --use {} {}",
                quote(item),
                despite::words_of_item(&[], status)
            ),
            Self::Log { given } => {
                let words = despite::words_of_item(given, status);
                format!("if it was used all the same, record it: {words}")
            }
        }
    }
}

/// One part of a choice, in the order in which it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draw<'h> {
    /// Open a new container with one pack of this holding.
    Open {
        /// Where the pack is.
        from: &'h Holding,
        /// The new container.
        container: ContainerId,
        /// The last day on which it may be used.
        discard_by: Option<Day>,
    },
    /// Take an amount.
    Take {
        /// The holding the lot is known from.
        from: &'h Holding,
        /// The container: an open one, or one that this choice opens.
        container: Option<(ContainerId, Option<Day>)>,
        /// How much.
        quantity: Quantity,
        /// What the item is like at this moment.
        status: ItemStatus,
    },
}

/// What a use takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<'h> {
    /// The parts, in order.
    pub draws: Vec<Draw<'h>>,
    /// Whether a person chose another lot than first expired, first out would have.
    pub overridden: bool,
}

/// Chooses as [`choose`] does, but takes from the shelf of another treatment room only where
/// nothing else is enough: a technician holds what lies in their own room or in a shared place.
pub fn choose_near<'h>(
    product: &Product,
    holdings: &'h [Holding],
    other_rooms: &[PlaceName],
    want: &Want<'_>,
    next_container: ContainerId,
) -> Result<Choice<'h>, Refusal> {
    let near = holdings.iter().filter(|holding| match &holding.place {
        Place::Real(place) => !other_rooms.contains(place),
        _ => true,
    });
    choose_of(product, near, want, next_container)
        .or_else(|_| choose(product, holdings, want, next_container))
}

/// Chooses what a use takes from, or says why nothing may be taken. `next_container` numbers the
/// containers that must be opened.
///
/// Order: open containers by discard-by, then lots by expiry (none last), then by first receipt,
/// then the room's own shelf.
pub fn choose<'h>(
    product: &Product,
    holdings: &'h [Holding],
    want: &Want<'_>,
    next_container: ContainerId,
) -> Result<Choice<'h>, Refusal> {
    choose_of(product, holdings.iter(), want, next_container)
}

fn choose_of<'h>(
    product: &Product,
    holdings: impl Iterator<Item = &'h Holding>,
    want: &Want<'_>,
    next_container: ContainerId,
) -> Result<Choice<'h>, Refusal> {
    let day = want.at.day();
    let mut ordered: Vec<&Holding> = holdings.filter(|holding| holding.parts > 0).collect();
    ordered.sort_by_cached_key(|holding| order_key(product, holding, want.room));
    let allowed = |holding: &Holding| match usable(
        product,
        &holding.lot,
        holding.opened.as_ref(),
        &holding.place,
        day,
    ) {
        Ok(()) => Ok(ItemStatus::USABLE),
        Err(unusable) => match unusable.status() {
            Some(status) if named(want) && excuses(want, status) => Ok(status),
            _ => Err(unusable),
        },
    };
    let wanted = |holding: &&&Holding| is_wanted(want, holding);
    let mut taker = Taker { product, want, left: want.quantity.parts(), next: next_container };
    let mut draws = Vec::new();
    for holding in ordered.iter().filter(wanted) {
        if let Ok(status) = allowed(holding) {
            taker.take(holding, status, &mut draws)?;
        }
    }
    if taker.left > 0 {
        want.which.agree_expiry(product, ordered.iter().copied())?;
        return Err(not_enough(product, &ordered, want, taker.left));
    }
    let first = ordered.iter().find(|holding| {
        usable(product, &holding.lot, holding.opened.as_ref(), &holding.place, day).is_ok()
            && can_give(product, holding)
    });
    let chosen = draws.first().map(Draw::holding);
    let overridden = named(want)
        && match (first, chosen) {
            (Some(first), Some(chosen)) => {
                (&first.lot.lot, &first.opened) != (&chosen.lot.lot, &chosen.opened)
            }
            _ => false,
        };
    Ok(Choice { draws, overridden })
}

impl<'h> Draw<'h> {
    fn holding(&self) -> &'h Holding {
        match self {
            Self::Open { from, .. } | Self::Take { from, .. } => from,
        }
    }
}

fn named(want: &Want<'_>) -> bool {
    want.which != Which::Any || want.in_hand != InHand::Any
}

/// Whether each fault of an item is recorded knowingly.
fn excuses(want: &Want<'_>, status: ItemStatus) -> bool {
    status.without(want.despite) == ItemStatus::USABLE
}

fn is_wanted(want: &Want<'_>, holding: &Holding) -> bool {
    let in_hand = match want.in_hand {
        InHand::Any => true,
        InHand::Container(wanted) => {
            holding.opened.as_ref().is_some_and(|opened| opened.id == wanted)
        }
        InHand::Pack => holding.opened.is_none(),
    };
    want.which.holds(holding) && in_hand && want.place.is_none_or(|place| *place == holding.place)
}

/// The place of a holding in the order; smaller comes first.
fn order_key(product: &Product, holding: &Holding, room: Option<&PlaceName>) -> impl Ord + use<> {
    let last_day = match &holding.opened {
        Some(opened) => opened.discard_by,
        None => holding.lot.expiry.0,
    };
    let elsewhere = match (&holding.place, room) {
        (Place::Real(place), Some(room)) => place != room,
        _ => true,
    };
    (
        Reverse(product.use_kind == UseKind::Multi && holding.opened.is_some()),
        last_day.is_none(),
        last_day,
        holding.lot.first_seq,
        elsewhere,
        holding.place.clone(),
    )
}

/// Whether this holding can serve a use at all: single-use pieces from a shelf, the rest from an
/// opened container or a whole pack.
fn can_give(product: &Product, holding: &Holding) -> bool {
    match product.use_kind {
        UseKind::Single => holding.opened.is_none(),
        UseKind::Multi => holding.opened.is_some() || holding.parts >= product.pack.parts(),
    }
}

struct Taker<'t> {
    product: &'t Product,
    want: &'t Want<'t>,
    left: i64,
    next: ContainerId,
}

impl Taker<'_> {
    fn take<'h>(
        &mut self,
        holding: &'h Holding,
        status: ItemStatus,
        draws: &mut Vec<Draw<'h>>,
    ) -> Result<(), Refusal> {
        if self.product.use_kind == UseKind::Single || holding.opened.is_some() {
            if self.left == 0 || !can_give(self.product, holding) {
                return Ok(());
            }
            let parts = self.left.min(holding.parts);
            let container = holding.opened.as_ref().map(|opened| (opened.id, opened.discard_by));
            return self.push(holding, container, parts, status, draws);
        }
        let pack = self.product.pack.parts();
        let mut packs = holding.parts / pack;
        while self.left > 0 && packs > 0 {
            let container = self.next;
            self.next = ContainerId::new(container.number() + 1);
            packs -= 1;
            let day = self.want.at.day();
            let discard_by = discard_by(self.product, holding.lot.expiry, day);
            draws.push(Draw::Open { from: holding, container, discard_by });
            let parts = self.left.min(pack);
            self.push(holding, Some((container, discard_by)), parts, status, draws)?;
        }
        Ok(())
    }

    fn push<'h>(
        &mut self,
        from: &'h Holding,
        container: Option<(ContainerId, Option<Day>)>,
        parts: i64,
        status: ItemStatus,
        draws: &mut Vec<Draw<'h>>,
    ) -> Result<(), Refusal> {
        let quantity = Quantity::from_parts(parts, self.product.unit())?;
        self.left -= parts;
        draws.push(Draw::Take { from, container, quantity, status });
        Ok(())
    }
}

/// Says what is missing, and why what is there does not count.
fn not_enough(product: &Product, ordered: &[&Holding], want: &Want<'_>, missing: i64) -> Refusal {
    let day = want.at.day();
    let judge = |holding: &Holding| {
        usable(product, &holding.lot, holding.opened.as_ref(), &holding.place, day)
    };
    let of_want: Vec<&&Holding> =
        ordered.iter().filter(|holding| is_wanted(want, holding)).collect();
    let blocked = of_want.iter().find_map(|holding| judge(holding).err().map(|why| (holding, why)));
    let mut refusal = match (named(want), blocked) {
        // Where a part of it may be used, the rest is not what is in the way: there is too little.
        (true, Some((holding, why))) if missing == want.quantity.parts() => {
            let lot = lot_text(holding.lot.lot.as_ref());
            let what = match (&holding.opened, why.first()) {
                (Some(opened), Fault::DiscardBy(_)) => {
                    format!("container {} of {} {why}", opened.id, product.sku)
                }
                _ => format!("lot {lot} of {} {why}", product.sku),
            };
            let refusal = Refusal::new(what).why(format!("it can't be used on {day}"));
            let status = why.status().map(|status| (holding.lot.item(), status));
            return with_way_out(refusal, product, ordered, want, status);
        }
        _ => {
            let unit = product.unit();
            let there = want.quantity.parts() - missing;
            Refusal::new(format!(
                "not enough {}: {} wanted, {} {unit} usable",
                wanted_text(product, want),
                want.quantity,
                show_parts(there, unit)
            ))
        }
    };
    for holding in &of_want {
        if let Err(why) = judge(holding) {
            let parts = show_parts(holding.parts, product.unit());
            let item = item_text(&product.sku, holding.lot.lot.as_ref());
            let place = holding.place.in_words();
            refusal = refusal.why(format!("{parts} {} of {item} in {place} {why}", product.unit()));
        }
    }
    let excused = |holding: &&&&Holding| {
        let status = judge(holding).err().and_then(|why| why.status());
        !named(want) && status.is_some_and(|status| excuses(want, status))
    };
    if let Some(holding) = of_want.iter().find(excused) {
        let retry = want.verb.retry(&holding.lot.item());
        refusal = refusal.hint(format!("--despite takes what is named alone: {retry}"));
    }
    with_way_out(refusal, product, ordered, want, None)
}

fn wanted_text(product: &Product, want: &Want<'_>) -> String {
    match want.in_hand {
        InHand::Container(container) => format!("{} in {container}", product.sku),
        InHand::Any | InHand::Pack => want.which.in_words(product),
    }
}

/// Adds the hints: another lot that is usable, or how to record what truly happened.
fn with_way_out(
    mut refusal: Refusal,
    product: &Product,
    ordered: &[&Holding],
    want: &Want<'_>,
    status: Option<(String, ItemStatus)>,
) -> Refusal {
    let day = want.at.day();
    let other = ordered.iter().find(|holding| {
        // A label with an expiry and no lot is on no pack of another expiry.
        !is_wanted(want, holding)
            && (want.which.lot().is_some() || want.which.holds(holding))
            && can_give(product, holding)
            && usable(product, &holding.lot, holding.opened.as_ref(), &holding.place, day).is_ok()
    });
    if let Some(other) = other {
        let item = match &other.opened {
            Some(opened) => opened.id.to_string(),
            None => other.lot.item(),
        };
        let item =
            match Quantity::from_parts(want.quantity.parts().min(other.parts), product.unit()) {
                Ok(quantity) if want.told => format!("{quantity} {item}"),
                _ => item,
            };
        let lot = lot_text(other.lot.lot.as_ref());
        let expiry = match other.lot.expiry.0 {
            Some(day) => format!("expire {day}"),
            None => "have no expiry".to_owned(),
        };
        let parts = show_parts(other.parts, product.unit());
        refusal = refusal.hint(format!(
            "{parts} {} of lot {lot} {expiry}: {}",
            product.unit(),
            want.verb.retry(&item)
        ));
    } else if status.is_none() {
        refusal = refusal.hint(format!("see what there is: lotbook stock --lots {}", product.sku));
    }
    match status {
        Some((item, status)) => refusal.hint(want.verb.despite(&item, status)),
        None => refusal,
    }
}

/// The fact that opens a container with one pack of a holding; a serial number names that pack.
pub fn opening(
    product: &Product,
    from: &Holding,
    (container, discard_by): (ContainerId, Option<Day>),
    serial: Option<&Serial>,
) -> Fact {
    Fact::ContainerOpen {
        item: Item {
            product: product.sku.clone(),
            lot: from.lot.lot.clone(),
            serial: serial.cloned(),
            expiry: from.lot.expiry,
            container: Some(container),
            quantity: product.pack,
            from: from.place.clone(),
            to: Place::Container(container),
        },
        discard_by,
    }
}
