//! `trace lot`: a lot followed forward, from its receipts to sessions, clients and what is left.

use std::collections::HashSet;
use std::rc::Rc;

use super::held::WhileHeld;
use super::{counted, entry, held_by};
use crate::commands::item::{find, named};
use crate::commands::lot::one_lot;
use crate::context::{Context, changed_entry};
use crate::domain::catalog::Product;
use crate::domain::fact::Action;
use crate::domain::id::{SessionId, lot_text};
use crate::domain::place::Place;
use crate::domain::quantity::Unit;
use crate::domain::stock::{Holding, LotState, LotStatus, usable};
use crate::domain::time::{Day, Moment};
use crate::error::Outcome;
use crate::store::{Filter, LotEntry, Rows, Snapshot, StoreError};
use crate::ui::Ui;
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook trace lot CART-12/24C0110\n  \
    lotbook trace lot CART-12/24C0110 --format csv > lot.csv\n  \
    lotbook trace lot CART-12/24C0110 --all-books --book \"postgres://ana@db.example/clinics\"\n\n\
    What was reversed stays visible, with the entry that reverses it.\n\n\
    With --all-books a chain of clinics asks all its books at once: they answer in one document\n\
    whose first column is the book. A book that does not know the lot is named in a note. One\n\
    that fails is named with its failure and the others still answer; then it ends with exit 4.")]
pub struct Args {
    /// SKU/LOT, a container, or a scan of its label
    lot: String,
}

/// How many entries of a lot are hashed in passing: they cost a few thousandths of a second.
const HASHED_MAX: u64 = 1000;

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let named = named(&args.lot, context)?;
    let now = context.book()?.now();
    let format = context.settings.format;
    let (book, ui) = context.book_and_ui()?;
    let shown = book.read(|snapshot| {
        let today = snapshot.about().zone.moment(now).day();
        let item = find(snapshot, &named)?;
        let lot = one_lot(snapshot, &item)?;
        if format == Format::Csv {
            let listed = list(snapshot, &lot, item.product.unit(), ui);
            return listed
                .map_or_else(|failure| Ok(Err(failure)), |seen| held(snapshot, &lot, seen, ui));
        }
        let mut left = snapshot.holdings(&item.product)?;
        left.retain(|holding| holding.lot.lot == lot.lot);
        let mut trace = Trace::new(item.product, left, today);
        let mut seen = 0;
        snapshot.entries_of_lot(&lot, None, &mut |entry| {
            seen += 1;
            trace.add(&lot, entry)?;
            Ok(Rows::More)
        })?;
        let report = trace.report(&lot);
        let shown = match format {
            Format::Table => ui.show(&report.without_blank_columns(), format),
            Format::Csv | Format::Json => ui.show(&report, format),
        };
        shown.map_or_else(|failure| Ok(Err(failure)), |()| held(snapshot, &lot, seen, ui))
    })?;
    context.warn_of_clock();
    shown
}

/// Whether the entries that were shown are those that were recorded, where they are few enough to
/// hash while somebody waits.
fn held(
    snapshot: &mut Snapshot<'_>,
    lot: &LotState,
    entries: u64,
    ui: &mut Ui,
) -> Result<Outcome, StoreError> {
    if entries > HASHED_MAX {
        ui.note(format!(
            "{entries} entries are too many to hash in passing: lotbook audit verify tells \
             whether the book holds"
        ));
        return Ok(Ok(()));
    }
    let filter = Filter {
        product: Some(lot.product.to_string()),
        lot: Some(lot_text(lot.lot.as_ref()).to_owned()),
        ..Filter::default()
    };
    let changed = snapshot.first_changed(&filter)?;
    Ok(changed.map_or(Ok(()), |seq| Err(changed_entry(seq))))
}

/// One table of everything that is known of a lot, for a spreadsheet, written while it is read; how
/// many entries it has.
fn list(snapshot: &mut Snapshot<'_>, lot: &LotState, unit: Unit, ui: &mut Ui) -> Outcome<u64> {
    let columns = vec![
        Column::left("kind", "kind"),
        Column::right("seq", "entry"),
        Column::left("at", "at"),
        Column::late(),
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
        held_by(),
    ];
    let mut while_held = WhileHeld::default();
    let mut listing = ui.listing("lotbook/trace-lot-moves/1", columns, Format::Csv)?;
    let mut written = Ok(());
    let mut seen = 0;
    snapshot.entries_of_lot(lot, None, &mut |moved| {
        seen += 1;
        let (supplier, document) = moved.delivery()?;
        written = listing.row(&[
            moved.action.as_str().into(),
            entry(moved.seq),
            moved.at.into(),
            moved.lag.into(),
            amount(moved.parts, unit),
            moved.parts.map(|_| unit.as_str()).into(),
            words(moved.from),
            words(moved.to),
            words(moved.serial),
            words(moved.container),
            words(moved.session),
            words(moved.client),
            words(moved.step),
            moved.area.map(commas).into(),
            words(Some(moved.staff)),
            supplier.into(),
            document.into(),
            moved.discard_by()?.into(),
            words(moved.reason_code),
            words(moved.reason),
            moved.reverses.map(entry).into(),
            moved.reversed_by.map(entry).into(),
            while_held.add(moved)?.map(entry).into(),
        ]);
        Ok(if written.is_ok() { Rows::More } else { Rows::Enough })
    })?;
    written?;
    listing.end()?;
    Ok(seen)
}

/// All that is known of one lot, added up while its entries are read.
struct Trace {
    product: Product,
    left: Vec<Holding>,
    today: Day,
    sections: Sections,
    /// The entry that gave the lot its status, where that wasn't its receipt.
    status: Option<(Moment, u64)>,
    received: i64,
    used: i64,
    /// What left the clinic's places otherwise than by a use.
    gone: i64,
    sessions: HashSet<SessionId>,
    clients: HashSet<Box<str>>,
    while_held: WhileHeld,
    reversed: usize,
}

impl Trace {
    fn new(product: Product, left: Vec<Holding>, today: Day) -> Self {
        Self {
            sections: Sections::new(product.unit()),
            product,
            left,
            today,
            status: None,
            received: 0,
            used: 0,
            gone: 0,
            sessions: HashSet::new(),
            clients: HashSet::new(),
            while_held: WhileHeld::default(),
            reversed: 0,
        }
    }

    fn add(&mut self, lot: &LotState, moved: &LotEntry<'_>) -> Result<(), StoreError> {
        if lot.status_seq == Some(moved.seq) {
            self.status = Some((moved.at, moved.seq));
        }
        match moved.reversed_by {
            None => self.count(moved),
            Some(_) => self.reversed += 1,
        }
        let held_by = self.while_held.add(moved)?;
        self.sections.add(moved, held_by, &self.left)
    }

    /// Counts what was not reversed.
    fn count(&mut self, moved: &LotEntry<'_>) {
        let parts = moved.parts.unwrap_or(0);
        match moved.action {
            Action::LotReceive => self.received += parts,
            Action::StockUse => {
                self.used += parts;
                if let Some(Ok(session)) = moved.session.map(str::parse) {
                    self.sessions.insert(session);
                }
                if let Some(client) = moved.client {
                    self.clients.insert(client.into());
                }
            }
            Action::ContainerOpen | Action::Reversal => {}
            _ => self.gone += parts * (ends(moved.to) - ends(moved.from)),
        }
    }

    /// A section for each kind of entry, in the order in which a lot lives.
    fn report(self, lot: &LotState) -> Report {
        let (head, left, notes) = (self.head(lot), self.left(), self.notes(lot));
        let report = Report::new("lotbook/trace-lot/1")
            .record("lot", "", head)
            .list("receipts", "Receipts", self.sections.receipts)
            .list("containers", "Containers opened", self.sections.containers)
            .list("uses", "Uses", self.sections.uses)
            .list("moves", "Waste and other moves", self.sections.moves)
            .list("status", "Held and released", self.sections.status)
            .list("left", "Left", left);
        notes.into_iter().fold(report, Report::note)
    }

    fn head(&self, lot: &LotState) -> Table {
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
        let left = self.left.iter().map(|holding| holding.parts).sum();
        let tone = match lot.status {
            LotStatus::Released => Tone::Good,
            LotStatus::Held | LotStatus::Recalled | LotStatus::Disposed => Tone::Bad,
        };
        table.row([
            Cell::text(&self.product.sku),
            Cell::text(lot.lot.as_ref().map_or("none", |lot| lot.as_str())),
            lot.expiry.into(),
            Cell::label(lot.status.as_str(), tone),
            self.status.map(|(at, _)| at).into(),
            self.status.map(|(_, seq)| entry(seq)).into(),
            unit.as_str().into(),
            Cell::Amount(self.received, unit),
            Cell::Amount(self.used, unit),
            Cell::Amount(self.gone, unit),
            Cell::Amount(left, unit),
        ]);
        table
    }

    fn notes(&self, lot: &LotState) -> Vec<String> {
        let mut notes = vec![format!(
            "used in {} by {}",
            counted(self.sessions.len(), "session", "sessions"),
            counted(self.clients.len(), "client", "clients")
        )];
        notes.extend(self.while_held.notes());
        if let Some(day) = lot.expiry.0.filter(|_| lot.expiry.is_past(self.today)) {
            notes.push(format!("{} expired on {day}", lot.item()));
        }
        if self.reversed > 0 {
            let entries = counted(self.reversed, "entry", "entries");
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

/// The tables that the entries of a lot are dealt out to.
struct Sections {
    unit: Unit,
    words: Repeated,
    areas: Repeated,
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
            words: Repeated::default(),
            areas: Repeated::default(),
            receipts: Self::receipts(quantity()),
            containers: Table::new([
                left("container", "container"),
                left("at", "opened"),
                Column::late(),
                quantity(),
                left("discard_by", "discard by"),
                Column::right("left", "left").unit(unit.as_str()),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            uses: Table::new([
                left("at", "at"),
                Column::late(),
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
                held_by(),
            ]),
            moves: Table::new([
                left("at", "at"),
                Column::late(),
                left("kind", "what"),
                quantity(),
                left("from", "from"),
                left("to", "to"),
                left("session", "session"),
                left("client", "client"),
                left("reason", "reason"),
                left("note", "note"),
                left("staff", "staff"),
                seq(),
                reversed(),
            ]),
            status: Table::new([
                left("at", "at"),
                Column::late(),
                left("kind", "what"),
                left("reason", "reason"),
                left("note", "note"),
                left("staff", "staff"),
                seq(),
            ]),
        }
    }

    fn receipts(quantity: Column) -> Table {
        Table::new([
            Column::left("at", "at"),
            Column::late(),
            quantity,
            Column::left("supplier", "supplier"),
            Column::left("document", "document"),
            Column::left("to", "to"),
            Column::left("serial", "serial"),
            Column::left("staff", "staff"),
            Column::right("seq", "entry"),
            Column::right("reversed_by", "reversed by"),
        ])
    }

    fn add_receipt(&mut self, moved: &LotEntry<'_>) -> Result<(), StoreError> {
        let (supplier, document) = moved.delivery()?;
        self.receipts.row([
            moved.at.into(),
            moved.lag.into(),
            amount(moved.parts, self.unit),
            supplier.into(),
            document.into(),
            words(moved.to),
            words(moved.serial),
            words(Some(moved.staff)),
            entry(moved.seq),
            moved.reversed_by.map(entry).into(),
        ]);
        Ok(())
    }

    /// A reversal has no row of its own: what it reverses names it.
    fn add(
        &mut self,
        moved: &LotEntry<'_>,
        held_by: Option<u64>,
        holdings: &[Holding],
    ) -> Result<(), StoreError> {
        let (at, late) = (moved.at.into(), moved.lag.into());
        let quantity = amount(moved.parts, self.unit);
        let staff = self.words.cell(Some(moved.staff), str::to_owned);
        let seq = entry(moved.seq);
        let reversed = moved.reversed_by.map(entry).into();
        match moved.action {
            Action::Reversal => {}
            Action::LotReceive => self.add_receipt(moved)?,
            Action::ContainerOpen => self.containers.row([
                words(moved.container),
                at,
                late,
                quantity,
                moved.discard_by()?.into(),
                Cell::Amount(left_in(moved.container, holdings), self.unit),
                staff,
                seq,
                reversed,
            ]),
            Action::StockUse => self.uses.row([
                at,
                late,
                words(moved.session),
                words(moved.client),
                self.words.cell(moved.step, str::to_owned),
                self.areas.cell(moved.area, commas),
                quantity,
                self.words.cell(moved.container.or(moved.from), str::to_owned),
                words(moved.serial),
                staff,
                seq,
                reversed,
                held_by.map(entry).into(),
            ]),
            action if moved.parts.is_some() => self.moves.row([
                at,
                late,
                action.as_str().into(),
                quantity,
                place(moved.from),
                place(moved.to),
                words(moved.session),
                words(moved.client),
                words(moved.reason_code),
                words(moved.reason),
                staff,
                seq,
                reversed,
            ]),
            action => self.status.row([
                at,
                late,
                action.as_str().into(),
                words(moved.reason_code),
                words(moved.reason),
                staff,
                seq,
            ]),
        }
        Ok(())
    }
}

/// What is left in an opened container.
fn left_in(container: Option<&str>, holdings: &[Holding]) -> i64 {
    let there = |holding: &&Holding| match &holding.opened {
        Some(opened) => container == Some(&opened.id.to_string()),
        None => false,
    };
    holdings.iter().find(there).map_or(0, |holding| holding.parts)
}

/// 1 where stock that comes here is gone, 0 where it is still there.
fn ends(place: Option<&str>) -> i64 {
    let place = place.and_then(|place| place.parse::<Place>().ok());
    place.is_some_and(|place| !place.keeps_balance()).into()
}

/// A text of the ledger as it is.
fn words(text: Option<&str>) -> Cell {
    text.map(str::to_owned).into()
}

/// Areas as a list.
fn commas(areas: &str) -> String {
    areas.replace('+', ", ")
}

/// What nearly every use says again, such as its step or its room, by what the ledger writes.
#[derive(Default)]
struct Repeated(Vec<(Box<str>, Rc<str>)>);

impl Repeated {
    /// How many texts are remembered: the search must stay short.
    const MOST: usize = 16;

    /// A text as `show` writes it, kept once where it was seen before.
    fn cell(&mut self, text: Option<&str>, show: fn(&str) -> String) -> Cell {
        let Some(text) = text else { return Cell::Empty };
        if let Some((_, shown)) = self.0.iter().find(|(known, _)| **known == *text) {
            return Rc::clone(shown).into();
        }
        let shown: Rc<str> = show(text).into();
        if self.0.len() < Self::MOST {
            self.0.push((text.into(), Rc::clone(&shown)));
        }
        shown.into()
    }
}

/// A place as people call it: a container by its id alone.
fn place(text: Option<&str>) -> Cell {
    words(text.map(|text| text.strip_prefix("container:").unwrap_or(text)))
}

fn amount(parts: Option<i64>, unit: Unit) -> Cell {
    parts.map(|parts| Cell::Amount(parts, unit)).into()
}
