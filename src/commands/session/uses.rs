//! The items of a step: what `--use` names becomes what the book takes out of stock.

use crate::commands::item::{
    Item, agree_received_lot, find, free, named, refused_then, taken_late,
};
use crate::context::Context;
use crate::domain::catalog::{PlaceKind, Product};
use crate::domain::id::{ContainerId, PlaceName, SessionId};
use crate::domain::item::{Named, split_quantity};
use crate::domain::quantity::Ask;
use crate::domain::session::usage::{
    Items, check_unreceived, doubts, may_use, next_container, quantity, settle, take,
};
use crate::domain::session::{Despite, ItemFault};
use crate::domain::stock::{Holding, InHand, Numbered, Pieces, Verb, Want, choose_near};
use crate::error::Outcome;
use crate::store::{StoreError, Writing};

/// An item as `--use` names it.
pub(super) struct Asked {
    quantity: Option<Ask>,
    item: Named,
}

/// Reads `[QTY ]ITEM`: a quantity stands before the item, and neither a SKU nor a scan holds a
/// blank.
pub(super) fn read(text: &str, context: &mut Context) -> Outcome<Asked> {
    let (quantity, item) = split_quantity(text);
    let quantity = quantity.map(str::parse).transpose()?;
    let item = named(item, context).map_err(|failure| match (quantity, text.contains(' ')) {
        (None, true) => {
            failure.hint("a quantity stands before its item, with a point: \"1.5 ml SKU\"")
        }
        _ => failure,
    })?;
    Ok(Asked { quantity, item })
}

/// What the items of one step come to.
#[derive(Default)]
pub(super) struct Used {
    /// What is opened and taken.
    pub items: Items,
    /// What the person at the chair must look at once more.
    pub warnings: Vec<String>,
}

/// What every item of a step is chosen with.
pub(super) struct Choosing<'c> {
    /// The session that uses them.
    pub session: SessionId,
    /// The room whose shelf comes first.
    pub room: Option<&'c PlaceName>,
    /// What is recorded although the book would refuse it.
    pub despite: &'c [ItemFault],
    /// What was named so, rules too.
    pub given: &'c [Despite],
}

/// Chooses all items of a step; a later one sees what the earlier ones left.
pub(super) fn choose_all(
    writing: &mut Writing<'_>,
    asked: &[Asked],
    choosing: &Choosing<'_>,
) -> Result<Used, StoreError> {
    let mut used = Used::default();
    let mut shelves: Vec<(Product, Vec<Holding>)> = Vec::new();
    let mut next = writing.next_container()?;
    for asked in asked {
        let item = find(writing, &asked.item)?;
        let sku = item.product.sku.clone();
        if !shelves.iter().any(|(product, _)| product.sku == sku) {
            let holdings = free(writing, &item.product)?;
            shelves.push((item.product.clone(), holdings));
        }
        let Some((_, holdings)) = shelves.iter_mut().find(|(product, _)| product.sku == sku) else {
            continue;
        };
        next = choose_one(writing, (asked, item), holdings, (choosing, next), &mut used)?;
    }
    Ok(used)
}

fn choose_one(
    writing: &mut Writing<'_>,
    (asked, item): (&Asked, Item),
    holdings: &mut Vec<Holding>,
    (choosing, next): (&Choosing<'_>, ContainerId),
    used: &mut Used,
) -> Result<ContainerId, StoreError> {
    may_use(&item.product, item.piece())?;
    let product = &item.product;
    agree_received_lot(writing, &item)?;
    let in_hand = in_hand(&item, &used.items);
    used.items.is_free(product, item.serial.as_ref())?;
    // What is taken from a container bears no number: its pack had it.
    let serial = item.serial.as_ref().filter(|_| !matches!(in_hand, InHand::Container(_)));
    let quantity = quantity(product, asked.quantity, serial)?;
    let at = writing.moment();
    let place = item.seen.as_ref().map(|(_, place)| place);
    let want = Want {
        quantity,
        which: item.which(),
        place,
        in_hand,
        room: choosing.room,
        at,
        despite: choosing.despite,
        told: asked.quantity.is_some(),
        verb: Verb::Log { given: choosing.given },
    };
    let elsewhere = other_rooms(writing, choosing.room)?;
    let choice = match choose_near(product, holdings, &elsewhere, &want, next) {
        Ok(choice) => choice,
        Err(refusal) => {
            let asked = (&item, quantity.parts());
            return Err(refused_then(writing, asked, holdings, refusal)?.into());
        }
    };
    if let Some(serial) = serial.filter(|_| item.seen.is_none()) {
        let pieces = pieces_left(writing, product, &used.items)?;
        check_unreceived(product, &choice, serial, &pieces)?;
    }
    let taken = take(product, &choice, choosing.session, serial);
    drop(choice);
    settle(holdings, &taken, at);
    let next = next_container(next, &taken);
    let unnamed = asked.item.is_scan() && item.lot().is_none();
    used.warnings.extend(doubts(&taken, &elsewhere, unnamed));
    let unheld = taken.parts.iter().filter(|part| !part.status.has(ItemFault::Held));
    used.warnings.extend(taken_late(writing, unheld.map(|part| &part.item))?);
    used.items.add(product, taken);
    Ok(next)
}

/// What the person holds: a container, also one that this step opens from the pack they scanned,
/// or that pack.
fn in_hand(item: &Item, items: &Items) -> InHand {
    let sku = &item.product.sku;
    let opened = item.serial.as_ref().and_then(|serial| items.opened(sku, serial));
    match (item.container.or(opened), &item.serial) {
        (Some(id), _) => InHand::Container(id),
        (None, Some(_)) if Numbered::of(&item.product) == Numbered::Opened => InHand::Pack,
        (None, _) => InHand::Any,
    }
}

/// The packs with a known serial number that this step has not used yet.
fn pieces_left(
    writing: &mut Writing<'_>,
    product: &Product,
    items: &Items,
) -> Result<Pieces, StoreError> {
    let mut pieces = writing.pieces(&product.sku)?;
    for (item, serial) in items.numbered(&product.sku) {
        if writing.serial(&product.sku, serial)?.is_some() {
            pieces.take(item.lot.clone(), item.from.clone());
        }
    }
    Ok(pieces)
}

/// The treatment rooms besides the one where the work is done; none where that is not known.
fn other_rooms(
    writing: &mut Writing<'_>,
    room: Option<&PlaceName>,
) -> Result<Vec<PlaceName>, StoreError> {
    let Some(room) = room else { return Ok(Vec::new()) };
    let places = writing.places()?.into_iter();
    let rooms = places.filter(|place| place.kind == PlaceKind::Room && place.name != *room);
    Ok(rooms.map(|place| place.name).collect())
}
