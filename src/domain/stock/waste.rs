//! Stock is thrown away: from the container or the lot that was named, whatever its state.

use super::packs::whole_packs;
use super::piece::history;
use super::{
    Holding, NO_QUANTITY, Piece, Pieces, Which, agree_lot, agree_received, item_text, one_pack,
};
use crate::domain::catalog::Product;
use crate::domain::fact::{Because, Fact, Item};
use crate::domain::id::{ClientRef, ContainerId, PlaceName, Serial, SessionId};
use crate::domain::place::Place;
use crate::domain::quantity::{Ask, Quantity, show_parts};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::Day;

/// What is to be thrown away.
#[derive(Debug, Clone)]
pub struct Discard<'d> {
    /// How much; none for all that the container holds.
    pub asked: Option<Ask>,
    /// Which lots are meant.
    pub which: Which,
    /// The serial number that was scanned, and the packs of the product that came in by one.
    pub serial: Option<(Piece<'d>, &'d Pieces)>,
    /// The container that was named.
    pub container: Option<ContainerId>,
    /// The place that was named.
    pub place: Option<&'d PlaceName>,
    /// The session it was opened for.
    pub session: Option<(SessionId, ClientRef)>,
    /// Why.
    pub because: Because,
}

/// The fact that throws an item away. Nothing is chosen by itself here: what was thrown away is
/// named by its lot or container, and where a lot lies in several places, by its place too.
pub fn waste(
    product: &Product,
    holdings: &[Holding],
    discard: Discard<'_>,
) -> Result<Fact, Refusal> {
    let sku = &product.sku;
    let asked = discard.asked.map(|asked| asked.resolve(product.unit(), product.pack));
    let asked = asked.transpose()?;
    let serial = check_serial(product, &discard, asked)?;
    let from = the_one(product, holdings, &discard)?;
    if let Some((piece, pieces)) = discard.serial
        && piece.seen.is_none()
    {
        agree_received(product, piece.serial, from, pieces)?;
    }
    let quantity = match asked {
        Some(quantity) => quantity,
        None if serial.is_some() => product.pack,
        None if from.opened.is_some() => Quantity::from_parts(from.parts, product.unit())?,
        None => {
            return Err(Refusal::new(format!("how much of {} was thrown away?", from.lot.item()))
                .hint(
                    "write the quantity before the item: lotbook waste 2 SKU/LOT --reason CODE",
                ));
        }
    };
    if quantity.parts() > from.parts {
        let (item, unit) = (from.lot.item(), product.unit());
        let left = format!("{} {unit}", show_parts(from.parts, unit));
        let refusal = Refusal::new(format!(
            "{quantity} of {item} can't be thrown away: {} holds {left}",
            from.place
        ));
        let rest = format!("lotbook waste {} {} --reason CODE", quote(&left), quote(&item));
        return Err(match serial {
            Some(_) => refusal.hint(format!("what is left of a pack is named by its lot: {rest}")),
            None => refusal,
        }
        .hint(format!("see what there is: lotbook stock --lots {}", product.sku)));
    }
    stays_whole(product, holdings, (from, discard.asked), quantity)?;
    Ok(Fact::StockWaste {
        item: Item {
            product: sku.clone(),
            lot: from.lot.lot.clone(),
            serial: serial.cloned(),
            expiry: from.lot.expiry,
            container: from.opened.as_ref().map(|opened| opened.id),
            quantity,
            from: from.place.clone(),
            to: Place::Waste,
        },
        session: discard.session,
        because: discard.because,
    })
}

/// What is thrown away unopened leaves whole packs; of an opened container it may be any part.
fn stays_whole(
    product: &Product,
    holdings: &[Holding],
    (from, asked): (&Holding, Option<Ask>),
    quantity: Quantity,
) -> Result<(), Refusal> {
    let rest = from.parts - quantity.parts();
    if from.opened.is_some() || rest % product.pack.parts() == 0 {
        return Ok(());
    }
    whole_packs(product, asked, quantity).map_err(|refusal| {
        let opened = holdings.iter().find(|holding| {
            holding.lot == from.lot && holding.parts > 0 && holding.opened.is_some()
        });
        match opened.and_then(|holding| holding.opened.as_ref()) {
            Some(opened) => refusal.hint(format!(
                "if it was in {}, which is open: lotbook waste \"{quantity}\" {} --reason CODE",
                opened.id, opened.id
            )),
            None => refusal,
        }
    })
}

/// What of a reason is not so, as far as the book can tell: it is recorded all the same.
pub fn doubt_waste(fact: &Fact, holdings: &[Holding], day: Day) -> Option<String> {
    let Fact::StockWaste { item, because, .. } = fact else { return None };
    let name = item_text(&item.product, item.lot.as_ref());
    match because.code() {
        "expired" => match item.expiry.0 {
            Some(last) if last < day => None,
            Some(last) => Some(format!("{name} expires {last}: it had not expired on {day}")),
            None => Some(format!("{name} has no expiry, as far as the book knows")),
        },
        "discard-by" => {
            let Some(id) = item.container else {
                return Some(format!("{name} was not opened, so it has no discard-by"));
            };
            let opened = holdings.iter().filter_map(|holding| holding.opened.as_ref());
            match opened.into_iter().find(|opened| opened.id == id)?.discard_by {
                Some(last) if last < day => None,
                Some(last) => Some(format!("{id} may be used until {last}")),
                None => Some(format!("{id} has no discard-by")),
            }
        }
        _ => None,
    }
}

/// The serial number under which something is thrown away: it names one pack, which must not have
/// gone already. What is left of an opened one bears no number.
fn check_serial<'d>(
    product: &Product,
    discard: &Discard<'d>,
    asked: Option<Quantity>,
) -> Result<Option<&'d Serial>, Refusal> {
    let Some((piece, _)) = discard.serial else { return Ok(None) };
    let (sku, serial) = (&product.sku, piece.serial);
    agree_lot(sku, piece, discard.which.lot())?;
    if discard.container.is_some() {
        return Ok(None);
    }
    if let Some(quantity) = asked {
        one_pack(product.pack, serial, quantity).map_err(|refusal| refusal.hint(NO_QUANTITY))?;
    }
    let Some(gone) = piece.place().and_then(Place::gone) else { return Ok(Some(serial)) };
    Err(Refusal::new(format!("serial {serial} of {sku} {gone}"))
        .why("a serial number names one pack, which leaves once")
        .hint(history(sku, serial)))
}

/// The one holding that is meant, or what is unclear about it.
fn the_one<'h>(
    product: &Product,
    holdings: &'h [Holding],
    discard: &Discard<'_>,
) -> Result<&'h Holding, Refusal> {
    let sku = &product.sku;
    let in_place = |holding: &Holding| {
        discard
            .place
            .is_none_or(|place| matches!(&holding.place, Place::Real(name) if name == place))
            && match discard.serial.and_then(|(piece, _)| piece.seen) {
                Some((lot, place)) => holding.place == *place && holding.lot.lot.as_ref() == lot,
                None => true,
            }
    };
    let fits = |holding: &&Holding| match discard.container {
        Some(id) => holding.opened.as_ref().is_some_and(|opened| opened.id == id),
        None => holding.opened.is_none() && in_place(holding) && discard.which.holds(holding),
    };
    let there = |holding: &&Holding| holding.parts > 0;
    let found: Vec<&Holding> = holdings.iter().filter(fits).filter(there).collect();
    let wanted = wanted(product, discard);
    match found[..] {
        [from] => Ok(from),
        [] => {
            discard.which.agree_expiry(product, holdings)?;
            Err(Refusal::new(format!("there is no {wanted} to throw away"))
                .hint(format!("see what there is: lotbook stock --lots {sku}")))
        }
        [..] => {
            let mut refusal = Refusal::new(format!("which {wanted} was thrown away is not clear"));
            for holding in &found {
                refusal = refusal.why(format!(
                    "{} {} of {} in {}",
                    show_parts(holding.parts, product.unit()),
                    product.unit(),
                    holding.lot.item(),
                    holding.place
                ));
            }
            let is_one = found.iter().all(|holding| holding.lot.lot == found[0].lot.lot);
            Err(refusal.hint(match is_one {
                true => format!("name the place: --from {}", found[0].place),
                false => "name the lot as SKU/LOT, and the place with --from PLACE".to_owned(),
            }))
        }
    }
}

fn wanted(product: &Product, discard: &Discard<'_>) -> String {
    match discard.container {
        Some(container) => format!("{} in {container}", product.sku),
        None => discard.which.in_words(product),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{lot, product};
    use super::*;
    use crate::domain::catalog::UseKind;
    use crate::domain::fact::Action;

    fn thrown(kind: UseKind, parts: i64, asked: &str) -> Result<i64, Refusal> {
        let discard = Discard {
            asked: Some(asked.parse().unwrap()),
            which: Which::Any,
            serial: None,
            container: None,
            place: None,
            session: None,
            because: Because::new(Action::StockWaste, "dropped", None).unwrap(),
        };
        let place = "stockroom".parse().unwrap();
        let lot = lot("L78", "2027-06-30", 1);
        let there = Holding { place, lot, opened: None, parts };
        let mut product = product(kind);
        if kind == UseKind::Multi {
            product.pack = Quantity::from_parts(30_000, product.unit()).unwrap();
        }
        let fact = waste(&product, &[there], discard)?;
        Ok(fact.item().unwrap().quantity.parts())
    }

    #[test]
    fn what_is_sealed_is_thrown_away_in_whole_packs() {
        let refusal = thrown(UseKind::Multi, 90_000, "1").unwrap_err();
        assert_eq!(refusal.what, "1 g is not whole packs of 30 g");
        assert_eq!(refusal.hints, ["did you mean \"1 pack\"?"]);
        assert_eq!(thrown(UseKind::Multi, 90_000, "1 pack"), Ok(30_000));
        assert_eq!(thrown(UseKind::Multi, 89_000, "29 g"), Ok(29_000), "a part that was left");
        assert_eq!(thrown(UseKind::Single, 5, "3"), Ok(3));
    }
}
