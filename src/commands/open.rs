//! `open`: a tube, vial or bottle is opened.

use super::item::{find, named, refused_then};
use crate::context::Context;
use crate::domain::catalog::UseKind;
use crate::domain::fact::{Action, Fact};
use crate::domain::refusal::Refusal;
use crate::domain::session::ItemStatus;
use crate::domain::stock::{Draw, Piece, Want, agree_lot, choose, item_text, opening};
use crate::error::Outcome;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A SKU, SKU/LOT or a scan; a SKU alone takes the lot that expires first
    item: String,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let named = named(&args.item, context)?;
    let room = context.settings.room.clone();
    let (opened, receipt) = context.write(|writing| {
        writing.permit(Action::ContainerOpen)?;
        let item = find(writing, &named)?;
        let product = &item.product;
        if product.use_kind == UseKind::Single {
            return Err(Refusal::new(format!(
                "{} is used once, straight from its pack",
                product.sku
            ))
            .hint(format!("log its use: lotbook session log STEP --use {}", product.sku))
            .into());
        }
        if let Some(container) = item.container {
            return Err(Refusal::new(format!("{container} is open already")).into());
        }
        let seen = match &item.serial {
            Some(serial) => writing.serial(&product.sku, serial)?,
            None => None,
        };
        let named = item.lot.as_ref().map(Option::as_ref);
        if let Some(serial) = &item.serial {
            agree_lot(&product.sku, Piece::new(serial, seen.as_ref()), named)?;
        }
        let lot = item.lot.clone().or(seen.map(|(lot, _)| lot));
        let at = writing.moment();
        let mut holdings = writing.holdings_at(product, at)?;
        item.check_label(&holdings)?;
        holdings.retain(|holding| holding.opened.is_none());
        let want = Want {
            quantity: product.pack,
            lot,
            place: None,
            container: None,
            room: room.as_ref(),
            at,
            despite: &[] as &[ItemStatus],
            retry: "lotbook open {}",
        };
        let next = writing.next_container()?;
        let choice = match choose(product, &holdings, &want, next) {
            Ok(choice) => choice,
            Err(refusal) => {
                let asked = (&item, product.pack.parts());
                return Err(refused_then(writing, asked, &holdings, refusal)?.into());
            }
        };
        let Some(Draw::Open { from, container, discard_by }) = choice.draws.first() else {
            return Err(Refusal::new(format!("no whole pack of {} is left", product.sku)).into());
        };
        let fact = opening(product, from, *container, *discard_by);
        writing.append(&fact)?;
        Ok(fact)
    })?;
    let Fact::ContainerOpen { item, discard_by } = &opened else { return Ok(()) };
    let name = item_text(&item.product, item.lot.as_ref());
    let container = item.container.map_or(String::new(), |container| container.to_string());
    let until = discard_by.map_or("no limit".to_owned(), |day| format!("discard by {day}"));
    context.changed(&format!("{container} opened: {} of {name}, {until}", item.quantity), receipt)
}
