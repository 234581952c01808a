//! `waste`: stock is thrown away, with a reason.

use super::Why;
use super::item::{agree_received_lot, find, free, named, refused_then};
use super::receive::place;
use super::session::no_session;
use crate::context::Context;
use crate::domain::fact::{Action, Fact, pick};
use crate::domain::id::{ClientRef, PlaceName, SessionId};
use crate::domain::item::{is_scan, split_quantity};
use crate::domain::quantity::{Ask, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::session::SessionState;
use crate::domain::shell::quote;
use crate::domain::stock::{
    Discard, Pieces, check_the_pack, doubt_waste, item_text, not_of_a_case, waste,
};
use crate::error::{Failure, Outcome};
use crate::store::{StoreError, Writing};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook waste 1 CART-12/24C0110 --reason dropped\n  \
    lotbook waste K-0007 --reason discard-by")]
pub struct Args {
    /// [QTY] ITEM: without a quantity, all that a container holds
    #[arg(num_args = 1..=3, required = true, allow_negative_numbers = true, value_name = "WHAT")]
    what: Vec<String>,
    /// The place it was taken from, where a lot lies in several
    #[arg(long, value_name = "PLACE")]
    from: Option<PlaceName>,
    /// The session it was opened for
    #[arg(long)]
    session: Option<SessionId>,
    #[command(flatten)]
    why: Why,
}

/// The session that something was opened for, and its client.
fn opened_for(
    id: SessionId,
    writing: &mut Writing<'_>,
) -> Result<(SessionId, ClientRef), StoreError> {
    let row = writing.session_row(id)?.ok_or_else(|| no_session(id))?;
    if row.state == SessionState::Voided {
        return Err(Refusal::new(format!("{id} was voided: it never happened"))
            .hint("leave --session out")
            .into());
    }
    let at = writing.moment();
    if at.instant() < row.started.instant() {
        let [began, at] = row.started.beside(at);
        return Err(Refusal::new(format!("{id} began at {began} only"))
            .why(format!("this happened at {at}"))
            .hint("write another --at, or leave --session out")
            .into());
    }
    Ok((id, row.client))
}

/// The words of the command line, told apart. A quantity is one word, and the item another.
fn words(what: &[String]) -> Outcome<(Option<Ask>, &String)> {
    let line = what.join(" ");
    match what {
        [quantity, item]
            if is_scan(item) || item.parse::<Ask>().is_err() || quantity.parse::<Ask>().is_ok() =>
        {
            Ok((Some(quantity.parse()?), item))
        }
        [item] if is_scan(item) => Ok((None, item)),
        [item] => match split_quantity(item) {
            (None, _) => Ok((None, item)),
            (Some(quantity), item) => Err(not_told_apart(&line, quantity, item)),
        },
        [item, quantity] => Err(not_told_apart(&line, quantity, item)),
        [number, unit, item] if format!("{number} {unit}").parse::<Ask>().is_ok() => {
            Err(not_told_apart(&line, &format!("{number} {unit}"), item))
        }
        _ => Err(not_told_apart(&line, "QTY", "ITEM")),
    }
}

fn not_told_apart(line: &str, quantity: &str, item: &str) -> Failure {
    Failure::usage(format!("`{line}` is not [QTY] ITEM"))
        .detail("the quantity is one word before the item, in quotes where it holds a blank")
        .hint(format!("lotbook waste \"{quantity}\" {} --reason CODE", quote(item)))
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let because = args.why.check(Action::StockWaste)?;
    let (asked, item) = words(&args.what)?;
    let named = named(item, context)?;
    let ((fact, unnamed, doubt), receipt) = context.write(|writing| {
        writing.permit(Action::StockWaste)?;
        let item = find(writing, &named)?;
        let product = &item.product;
        if let Some((_, packs)) = &item.gtin {
            not_of_a_case(product, (*packs, item.lot().flatten()), asked)?;
        }
        let quantity = asked.map(|asked| asked.resolve(product.unit(), product.pack)).transpose();
        let quantity = quantity.map_err(Refusal::from)?;
        let session = args.session.map(|id| opened_for(id, writing)).transpose()?;
        let piece = item.piece();
        let pieces = match piece {
            Some(piece) if piece.seen.is_none() => writing.pieces(&product.sku)?,
            _ => Pieces::default(),
        };
        agree_received_lot(writing, &item)?;
        let holdings = free(writing, product)?;
        let from = args.from.as_ref().map(|named| place(writing, Some(named))).transpose()?;
        let discard = Discard {
            asked,
            which: item.which(),
            serial: piece.map(|piece| (piece, &pieces)),
            container: item.container,
            place: from.as_ref(),
            session,
            because: because.clone(),
        };
        let wanted = quantity.map_or(1, Quantity::parts);
        let fact = match waste(product, &holdings, discard) {
            Ok(fact) => fact,
            Err(refusal) => {
                return Err(refused_then(writing, (&item, wanted), &holdings, refusal)?.into());
            }
        };
        writing.append(&fact)?;
        let unnamed = named.is_scan() && item.lot().is_none();
        let doubt = doubt_waste(&fact, &holdings, writing.moment().day());
        Ok((fact, unnamed, doubt))
    })?;
    let Fact::StockWaste { item, because, .. } = &fact else { return Ok(()) };
    let name = item_text(&item.product, item.lot.as_ref());
    let from = item.from.in_words();
    let line = format!("{} of {name} from {from} to waste: {}", item.quantity, because.code());
    context.changed(&line, receipt)?;
    if unnamed {
        context.ui.warn(check_the_pack(&name));
    }
    if let Some(doubt) = doubt {
        context.ui.warn(format!("{doubt}; the reason was recorded as {}", because.code()));
        if let Some(first) = receipt.first {
            let reasons = pick(Action::Reversal.spec().reasons);
            context.ui.hint(format!("to take it back: lotbook undo {first} {reasons}"));
        }
    }
    Ok(())
}
