//! `trace lot`: a lot followed forward, from its receipts to sessions, clients and what is left.

use super::entry;
use super::moves::{Kind, Moved, moves};
use crate::commands::item::{find, named};
use crate::commands::lot::one_lot;
use crate::context::Context;
use crate::domain::catalog::Product;
use crate::domain::place::Place;
use crate::domain::quantity::Unit;
use crate::domain::stock::{Holding, LotState, LotStatus, usable};
use crate::domain::time::Day;
use crate::error::Outcome;
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook trace lot CART-12/24C0110\n  \
    lotbook trace lot CART-12/24C0110 --format csv > lot.csv\n\n\
    What was reversed stays visible, with the entry that reverses it.")]
pub struct Args {
    /// SKU/LOT, a container, or a scan of its label
    lot: String,
}

/// All that is known of one lot.
struct Trace {
    product: Product,
    lot: LotState,
    moves: Vec<Moved>,
    left: Vec<Holding>,
    today: Day,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let named = named(&args.lot, context)?;
    let now = context.book()?.now();
    let trace = context.read(|snapshot| {
        let today = snapshot.about().zone.moment(now).day();
        let item = find(snapshot, &named)?;
        let lot = one_lot(snapshot, &item)?;
        let moves = moves(snapshot, &lot, Kind::ALL)?;
        let mut left = snapshot.holdings(&item.product)?;
        left.retain(|holding| holding.lot.lot == lot.lot);
        Ok(Trace { product: item.product, lot, moves, left, today })
    })?;
    let format = context.settings.format;
    let report = match format {
        Format::Csv => return trace.list_moves(context),
        Format::Json => trace.of_sections(),
        Format::Table => trace.of_sections().without_blank_columns(),
    };
    context.ui.show(&report, format)
}

impl Trace {
    /// One table of everything that moved, for a spreadsheet.
    fn list_moves(self, context: &mut Context) -> Outcome {
        let columns = [
            Column::left("kind", "kind"),
            Column::right("seq", "entry"),
            Column::left("at", "at"),
            Column::right("quantity", "quantity"),
            Column::left("unit", "unit"),
            Column::left("from", "from"),
            Column::left("to", "to"),
            Column::left("serial", "serial"),
            Column::left("container", "container"),
            Column::left("session", "session"),
            Column::left("client", "client"),
            Column::left("step", "step"),
            Column::left("areas", "areas"),
            Column::left("staff", "staff"),
            Column::left("supplier", "supplier"),
            Column::left("document", "document"),
            Column::left("discard_by", "discard by"),
            Column::left("reason", "reason"),
            Column::left("note", "note"),
            Column::right("reverses", "reverses"),
            Column::right("reversed_by", "reversed by"),
        ];
        let unit = self.product.unit();
        let schema = "lotbook/trace-lot-moves/1";
        let mut listing = context.ui.listing(schema, columns.into(), Format::Csv)?;
        for moved in self.moves {
            listing.row(&[
                moved.action.as_str().into(),
                entry(moved.seq),
                moved.at.into(),
                amount(moved.parts, unit),
                moved.parts.map(|_| unit.as_str()).into(),
                words(moved.from),
                words(moved.to),
                words(moved.serial),
                words(moved.container),
                words(moved.session),
                words(moved.client),
                words(moved.step),
                moved.areas.into(),
                words(Some(moved.staff)),
                words(moved.supplier),
                words(moved.document),
                moved.discard_by.into(),
                words(moved.reason),
                words(moved.note),
                moved.corrects.map(entry).unwrap_or(Cell::Empty),
                moved.reversed_by.map(entry).unwrap_or(Cell::Empty),
            ])?;
        }
        Ok(listing.end()?)
    }

    /// A section for each kind, in the order in which a lot lives.
    fn of_sections(self) -> Report {
        let unit = self.product.unit();
        let head = self.head();
        let notes = self.notes();
        let left = self.left();
        let holdings = self.left;
        let mut sections = Sections::new(unit);
        for moved in self.moves {
            sections.add(moved, &holdings);
        }
        let report = Report::new("lotbook/trace-lot/1")
            .record("lot", "", head)
            .list("receipts", "Receipts", sections.receipts)
            .list("containers", "Containers opened", sections.containers)
            .list("uses", "Uses", sections.uses)
            .list("moves", "Waste and other moves", sections.moves)
            .list("status", "Held and released", sections.status)
            .list("left", "Left", left);
        notes.into_iter().fold(report, Report::note)
    }

    fn head(&self) -> Table {
        let unit = self.product.unit();
        let mut table = Table::new([
            Column::left("product", "product"),
            Column::left("lot", "lot"),
            Column::left("expiry", "expiry"),
            Column::left("status", "status"),
            Column::left("status_at", "since"),
            Column::right("status_seq", "by entry"),
            Column::left("unit", "unit"),
            Column::right("received", "received"),
            Column::right("used", "used"),
            Column::right("gone", "wasted or gone otherwise"),
            Column::right("left", "left"),
        ]);
        let sum = |kind: Kind| {
            let moves = self.moves.iter().filter(|moved| moved.kind == kind && moved.stands());
            Cell::Amount(moves.filter_map(|moved| moved.parts).sum(), unit)
        };
        let left = self.left.iter().map(|holding| holding.parts).sum();
        let tone = match self.lot.status {
            LotStatus::Released => Tone::Good,
            LotStatus::Held | LotStatus::Recalled | LotStatus::Disposed => Tone::Bad,
        };
        table.row([
            Cell::text(&self.product.sku),
            Cell::text(self.lot.lot.as_ref().map_or("none", |lot| lot.as_str())),
            self.lot.expiry.into(),
            Cell::label(self.lot.status.as_str(), tone),
            self.status_entry().map(|moved| moved.at).into(),
            self.status_entry().map_or(Cell::Empty, |moved| entry(moved.seq)),
            unit.as_str().into(),
            sum(Kind::Receipt),
            sum(Kind::Use),
            Cell::Amount(self.gone(), unit),
            Cell::Amount(left, unit),
        ]);
        table
    }

    /// What left the clinic's places otherwise than by a use.
    fn gone(&self) -> i64 {
        let ends = |place: &Option<Box<str>>| {
            place
                .as_deref()
                .is_some_and(|place| place.parse().is_ok_and(|place: Place| !place.keeps_balance()))
        };
        let moves = self.moves.iter().filter(|moved| moved.kind == Kind::Other && moved.stands());
        let parts = moves.map(|moved| {
            let parts = moved.parts.unwrap_or(0);
            parts * (i64::from(ends(&moved.to)) - i64::from(ends(&moved.from)))
        });
        parts.sum()
    }

    /// The entry that gave the lot its status, where that wasn't its receipt.
    fn status_entry(&self) -> Option<&Moved> {
        let seq = self.lot.status_seq?;
        self.moves.iter().find(|moved| moved.seq == seq)
    }

    fn notes(&self) -> Vec<String> {
        let uses = || self.moves.iter().filter(|moved| moved.kind == Kind::Use && moved.stands());
        let sessions = distinct(uses().filter_map(|moved| moved.session.as_deref()));
        let clients = distinct(uses().filter_map(|moved| moved.client.as_deref()));
        let mut notes = vec![format!(
            "used in {} by {}",
            counted(sessions, "session", "sessions"),
            counted(clients, "client", "clients")
        )];
        if let Some(day) = self.lot.expiry.0.filter(|_| self.lot.expiry.is_past(self.today)) {
            notes.push(format!("{} expired on {day}", self.lot.item()));
        }
        let reversed = self.moves.iter().filter(|moved| moved.reversed_by.is_some()).count();
        if reversed > 0 {
            let entries = counted(reversed, "entry", "entries");
            notes.push(format!("{entries} reversed; what was reversed is not counted"));
        }
        notes
    }

    fn left(&self) -> Table {
        let unit = self.product.unit();
        let mut table = Table::new([
            Column::left("place", "place"),
            Column::right("quantity", unit.as_str()),
            Column::left("discard_by", "discard by"),
            Column::left("status", "status"),
        ]);
        for Holding { place, lot, opened, parts } in &self.left {
            let today = self.today;
            let status = match usable(&self.product, lot, opened.as_ref(), place, today) {
                Ok(()) => Cell::label("usable", Tone::Good),
                Err(why) => Cell::label(why.word(), Tone::Bad),
            };
            table.row([
                place.in_words().into(),
                Cell::Amount(*parts, unit),
                opened.as_ref().and_then(|opened| opened.discard_by).into(),
                status,
            ]);
        }
        table
    }
}

/// The tables that the moves of a lot are dealt out to.
struct Sections {
    unit: Unit,
    receipts: Table,
    containers: Table,
    uses: Table,
    moves: Table,
    status: Table,
}

impl Sections {
    fn new(unit: Unit) -> Self {
        let seq = || Column::right("seq", "entry");
        let reversed = || Column::right("reversed_by", "reversed by");
        let quantity = || Column::right("quantity", unit.as_str());
        let left = Column::left;
        Self {
            unit,
            receipts: Table::new([
                left("at", "at"),
                quantity(),
                left("supplier", "supplier"),
                left("document", "document"),
                left("to", "to"),
                left("serial", "serial"),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            containers: Table::new([
                left("container", "container"),
                left("at", "opened"),
                quantity(),
                left("discard_by", "discard by"),
                Column::right("left", "left").unit(unit.as_str()),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            uses: Table::new([
                left("at", "at"),
                left("session", "session"),
                left("client", "client"),
                left("step", "step"),
                left("areas", "areas"),
                quantity(),
                left("from", "from"),
                left("serial", "serial"),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            moves: Table::new([
                left("at", "at"),
                left("kind", "what"),
                quantity(),
                left("from", "from"),
                left("to", "to"),
                left("session", "session"),
                left("reason", "reason"),
                left("note", "note"),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            status: Table::new([
                left("at", "at"),
                left("kind", "what"),
                left("reason", "reason"),
                left("note", "note"),
                left("staff", "staff"),
                seq(),
            ]),
        }
    }

    /// A reversal has no row of its own: what it reverses names it.
    fn add(&mut self, moved: Moved, holdings: &[Holding]) {
        let quantity = amount(moved.parts, self.unit);
        let reversed = moved.reversed_by.map_or(Cell::Empty, entry);
        let (at, seq, staff) = (moved.at.into(), entry(moved.seq), words(Some(moved.staff)));
        match moved.kind {
            Kind::Reversal => {}
            Kind::Receipt => self.receipts.row([
                at,
                quantity,
                words(moved.supplier),
                words(moved.document),
                words(moved.to),
                words(moved.serial),
                staff,
                seq,
                reversed,
            ]),
            Kind::Opening => {
                let there = |holding: &&Holding| match &holding.opened {
                    Some(opened) => moved.container.as_deref() == Some(&opened.id.to_string()),
                    None => false,
                };
                let left = holdings.iter().find(there).map_or(0, |holding| holding.parts);
                self.containers.row([
                    words(moved.container),
                    at,
                    quantity,
                    moved.discard_by.into(),
                    Cell::Amount(left, self.unit),
                    staff,
                    seq,
                    reversed,
                ]);
            }
            Kind::Use => self.uses.row([
                at,
                words(moved.session),
                words(moved.client),
                words(moved.step),
                moved.areas.into(),
                quantity,
                words(moved.container.or(moved.from)),
                words(moved.serial),
                staff,
                seq,
                reversed,
            ]),
            Kind::Other => self.moves.row([
                at,
                moved.action.as_str().into(),
                quantity,
                place(moved.from),
                place(moved.to),
                words(moved.session),
                words(moved.reason),
                words(moved.note),
                staff,
                seq,
                reversed,
            ]),
            Kind::Status => self.status.row([
                at,
                moved.action.as_str().into(),
                words(moved.reason),
                words(moved.note),
                staff,
                seq,
            ]),
        }
    }
}

/// A text of the ledger, moved into a cell.
fn words(text: Option<Box<str>>) -> Cell {
    text.map(String::from).into()
}

/// A place as people call it: a container by its id alone.
fn place(text: Option<Box<str>>) -> Cell {
    Cell::maybe(text.as_deref().map(|text| text.strip_prefix("container:").unwrap_or(text)))
}

fn amount(parts: Option<i64>, unit: Unit) -> Cell {
    parts.map_or(Cell::Empty, |parts| Cell::Amount(parts, unit))
}

/// How many different texts there are.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    let mut texts: Vec<_> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts.len()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
