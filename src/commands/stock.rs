//! `stock`: what there is, and what of it may be used.

use super::item::{find, named};
use super::lot::one_lot as named_lot;
use super::receive::place as find_place;
use crate::context::Context;
use crate::domain::id::{PlaceName, lot_text};
use crate::domain::place::Place;
use crate::domain::stock::{LotStock, ProductStock, lot_stock, product_stock};
use crate::domain::time::{Day, Length};
use crate::error::Outcome;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook stock --lots --place fridge\n  \
    lotbook stock --expiring 60d\n  \
    lotbook stock CART-12 --all-books\n\n\
    With --all-books every book on the server answers, as with lotbook trace lot.")]
pub struct Args {
    /// Only this product, or only this lot of it: SKU, SKU/LOT, a container or a scan
    #[arg(value_name = "ITEM")]
    item: Option<String>,
    /// Lot by lot, place by place, in the order in which they should be used
    #[arg(long)]
    lots: bool,
    /// Only what is in this place
    #[arg(long)]
    place: Option<PlaceName>,
    /// Only what expires, or is to be discarded, within this time from today, such as 60d
    #[arg(long, value_name = "60d")]
    expiring: Option<String>,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let now = context.book()?.now();
    let within: Option<Length> = args.expiring.as_deref().map(str::parse).transpose()?;
    let named = args.item.as_deref().map(|item| named(item, context)).transpose()?;
    let report = context.read(|snapshot| {
        let today = snapshot.about().zone.moment(now).day();
        let place = match &args.place {
            Some(name) => Some(Place::Real(find_place(snapshot, Some(name))?)),
            None => None,
        };
        let mut one_lot = false;
        let (products, mut holdings) = match &named {
            Some(named) => {
                let item = find(snapshot, named)?;
                let mut holdings = snapshot.holdings(&item.product)?;
                one_lot = item.lot().is_some();
                item.which().agree_expiry(&item.product, &holdings)?;
                if one_lot {
                    named_lot(snapshot, &item)?;
                }
                holdings.retain(|holding| item.holds(holding));
                (vec![item.product], holdings)
            }
            None => (snapshot.products()?, snapshot.all_holdings()?),
        };
        holdings.retain(|holding| place.as_ref().is_none_or(|place| holding.place == *place));
        let mut lines = lot_stock(&products, &holdings, today);
        if let Some(within) = within {
            let last = today.plus_days(within.seconds_about() / 86_400);
            lines.retain(|line| line.last_day().is_some_and(|day| day <= last));
        }
        if args.lots || one_lot || within.is_some() {
            return Ok(lots_report(&lines, today));
        }
        Ok(products_report(&product_stock(&products, &lines), today, place.is_some()))
    })?;
    context.ui.show(&report, context.settings.format)
}

fn products_report(stock: &[ProductStock<'_>], today: Day, asked_place: bool) -> Report {
    let mut table = Table::new([
        Column::left("product", "product"),
        Column::left("category", "category"),
        Column::right("on_hand", "on hand"),
        Column::right("usable", "usable"),
        Column::right("held", "held"),
        Column::right("expired", "expired"),
        Column::left("unit", "unit"),
        Column::right("open_containers", "open"),
        Column::left("next_expiry", "next expiry"),
        Column::left("status", "status"),
    ]);
    for row in stock {
        let unit = row.product.unit();
        let tone = match (row.product.retired, row.usable) {
            (true, _) => Tone::Muted,
            (false, 0) => Tone::Bad,
            (false, _) => Tone::Good,
        };
        let status = Cell::label(row.standing(asked_place), tone);
        table.row([
            Cell::text(&row.product.sku),
            row.product.category.as_str().into(),
            Cell::Amount(row.on_hand, unit),
            Cell::Amount(row.usable, unit),
            Cell::Amount(row.held, unit),
            Cell::Amount(row.expired, unit),
            unit.as_str().into(),
            row.open.into(),
            row.next_expiry.into(),
            status,
        ]);
    }
    Report::of("lotbook/stock/1", table).note(format!("usable on {today}"))
}

fn lots_report(lines: &[LotStock<'_>], today: Day) -> Report {
    let mut table = Table::new([
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::left("place", "place"),
        Column::right("quantity", "quantity"),
        Column::left("unit", "unit"),
        Column::left("expiry", "expiry"),
        Column::left("discard_by", "discard by"),
        Column::right("days_left", "days left"),
        Column::left("status", "status"),
    ]);
    for line in lines {
        let holding = line.holding;
        let status = match &line.unusable {
            None => Cell::label("usable", Tone::Good),
            Some(why) => Cell::label(why.word(), Tone::Bad),
        };
        let lot = lot_text(holding.lot.lot.as_ref());
        table.row([
            Cell::text(&line.product.sku),
            Cell::text(lot),
            holding.place.in_words().into(),
            Cell::Amount(holding.parts, line.product.unit()),
            line.product.unit().as_str().into(),
            holding.lot.expiry.into(),
            holding.opened.as_ref().and_then(|opened| opened.discard_by).into(),
            line.last_day().map(|day| today.days_until(day)).into(),
            status,
        ]);
    }
    Report::of("lotbook/stock-lots/1", table).note(format!("usable on {today}"))
}
