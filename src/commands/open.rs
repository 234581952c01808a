//! `open`: a tube, vial or bottle is opened.

use super::item::{Item, agree_received_lot, find, free, named, refused_then, taken_late};
use crate::context::Context;
use crate::domain::catalog::UseKind;
use crate::domain::fact::{Action, Fact};
use crate::domain::id::{ContainerId, PlaceName};
use crate::domain::refusal::Refusal;
use crate::domain::session::ItemFault;
use crate::domain::session::usage::check_unreceived;
use crate::domain::shell::quote;
use crate::domain::stock::{
    Draw, InHand, Verb, Want, check_the_pack, choose, item_text, not_gone, opening,
};
use crate::error::Outcome;
use crate::store::{StoreError, Writing};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A SKU, SKU/LOT or a scan; a SKU alone takes the lot that expires first
    item: String,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let named = named(&args.item, context)?;
    let room = context.settings.room.clone();
    let ((opened, unnamed, late), receipt) = context.write(|writing| {
        writing.permit(Action::ContainerOpen)?;
        let item = find(writing, &named)?;
        let fact = choose_pack(writing, &item, room.as_ref())?;
        let late = taken_late(writing, fact.item())?;
        writing.append(&fact)?;
        Ok((fact, named.is_scan() && item.lot().is_none(), late))
    })?;
    let Fact::ContainerOpen { item, discard_by } = &opened else { return Ok(()) };
    let name = item_text(&item.product, item.lot.as_ref());
    let container = item.container.map_or(String::new(), |container| container.to_string());
    let until = discard_by.map_or("no limit".to_owned(), |day| format!("discard by {day}"));
    context
        .changed(&format!("{container} opened: {} of {name}, {until}", item.quantity), receipt)?;
    if unnamed {
        context.ui.warn(check_the_pack(&name));
    }
    late.iter().for_each(|said| context.ui.warn(said));
    Ok(())
}

/// The opening of the pack that is meant.
fn choose_pack(
    writing: &mut Writing<'_>,
    item: &Item,
    room: Option<&PlaceName>,
) -> Result<Fact, StoreError> {
    check_kind(item)?;
    item.piece().map_or(Ok(()), |piece| not_gone(&item.product.sku, piece))?;
    agree_received_lot(writing, item)?;
    let product = &item.product;
    let at = writing.moment();
    let mut holdings = free(writing, product)?;
    holdings.retain(|holding| holding.opened.is_none());
    let late = match writing.is_backdated() {
        true => format!(" --at {}", quote(&at.short())),
        false => String::new(),
    };
    let want = Want {
        quantity: product.pack,
        which: item.which(),
        place: item.seen.as_ref().map(|(_, place)| place),
        in_hand: if item.serial.is_some() { InHand::Pack } else { InHand::Any },
        room,
        at,
        despite: &[] as &[ItemFault],
        told: false,
        verb: Verb::Open { flags: &late },
    };
    let next = writing.next_container()?;
    let choice = match choose(product, &holdings, &want, next) {
        Ok(choice) => choice,
        Err(refusal) => {
            let asked = (item, product.pack.parts());
            return Err(refused_then(writing, asked, &holdings, refusal)?.into());
        }
    };
    let Some(Draw::Open { from, container, discard_by }) = choice.draws.first() else {
        return Err(Refusal::new(format!("no whole pack of {} is left", product.sku)).into());
    };
    let serial = item.serial.as_ref();
    if let Some(unknown) = serial.filter(|_| item.seen.is_none()) {
        check_unreceived(product, &choice, unknown, &writing.pieces(&product.sku)?)?;
    }
    Ok(opening(product, from, (*container, *discard_by), serial))
}

fn check_kind(item: &Item) -> Result<(), Refusal> {
    let sku = &item.product.sku;
    if item.product.use_kind == UseKind::Single {
        return Err(Refusal::new(format!("{sku} is used once, straight from its pack"))
            .hint(format!("log its use: lotbook session log STEP --use {sku}")));
    }
    match item.container {
        Some(container) => Err(Refusal::new(is_open(item, container))
            .why("a pack is opened once, and then taken from")
            .hint(format!("log its use: lotbook session log STEP --use {container}"))
            .hint(format!("to open another pack: lotbook open {sku}"))),
        None => Ok(()),
    }
}

fn is_open(item: &Item, container: ContainerId) -> String {
    match &item.serial {
        Some(serial) => {
            format!("serial {serial} of {} is open already, as {container}", item.product.sku)
        }
        None => format!("{container} is open already"),
    }
}
