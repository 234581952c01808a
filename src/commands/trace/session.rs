//! `trace session`: a session followed back, to the lots, containers and deliveries behind it.

use std::collections::BTreeMap;

use super::{entry, held_by};
use crate::commands::session::Beside;
use crate::context::{Context, changed_entry};
use crate::domain::fact::Action;
use crate::domain::id::{AreaId, Lot, SessionId, Sku};
use crate::domain::quantity::Unit;
use crate::domain::refusal::Refusal;
use crate::domain::session::blocked::{lots_of, recorded_while_held};
use crate::domain::session::{Event, ItemStatus, Session, SessionState, Use};
use crate::domain::stock::{Holds, LotState, LotStatus, item_text};
use crate::domain::time::Moment;
use crate::error::Outcome;
use crate::store::{ContainerRow, Filter, Rows, SessionRow, Snapshot, StoreError};
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook trace session S-0042\n\n\
    With --all-books every book on the server answers for its own session of this number, as with\n\
    lotbook trace lot.")]
pub struct Args {
    /// The session, such as S-0042
    session: SessionId,
}

/// A lot that the session used, as it stands now.
struct Origin {
    lot: LotState,
    /// When its status changed, where it may not be used any more.
    blocked: Option<Moment>,
    receipts: Vec<[Cell; 11]>,
}

/// Every lot that the session used.
type Origins = BTreeMap<(Sku, Option<Lot>), Origin>;

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let (report, changed) = context.read(|snapshot| {
        let missing = || {
            Refusal::new(format!("there is no session {}", args.session))
                .hint("see them: lotbook session list")
        };
        let row = snapshot.session_row(args.session)?.ok_or_else(missing)?;
        let fold = snapshot.session(args.session)?.ok_or_else(missing)?;
        let beside = Beside::read(snapshot, args.session)?;
        let origins = origins(snapshot, &fold.session)?;
        let holds = snapshot.holds(lots_of(&fold))?;
        let report = Report::new("lotbook/trace-session/1")
            .record("session", "", head(&row, &fold.session))
            .list("steps", "Steps", steps(&fold.session.events, &beside))
            .list(
                "items",
                "Items used",
                items(snapshot, &fold.session.events, (&origins, &holds, &beside))?,
            )
            .list("waste", "Waste", beside.waste())
            .list("receipts", "Received", receipts(origins));
        let notes = notes(&fold.session, &holds, &beside);
        let filter = Filter { session: Some(args.session.to_string()), ..Filter::default() };
        let changed = snapshot.first_changed(&filter)?;
        Ok((notes.into_iter().fold(report, Report::note), changed))
    })?;
    let report = match context.settings.format {
        Format::Table => report.without_blank_columns(),
        Format::Csv | Format::Json => report,
    };
    context.ui.show(&report, context.settings.format)?;
    changed.map_or(Ok(()), |seq| Err(changed_entry(seq)))
}

fn origins(snapshot: &mut Snapshot<'_>, session: &Session) -> Result<Origins, StoreError> {
    let mut origins = Origins::new();
    for used in session.events.iter().flat_map(|event| &event.uses) {
        let key = (used.product.clone(), used.lot.clone());
        if origins.contains_key(&key) {
            continue;
        }
        let Some(row) = snapshot.lot(&used.product, used.lot.as_ref())? else { continue };
        let lot = row.state;
        let blocked = match lot.status_seq.filter(|_| lot.status != LotStatus::Released) {
            Some(seq) => snapshot.written(seq)?.map(|(at, _)| at),
            None => None,
        };
        let receipts = receipts_of(snapshot, &lot, used.quantity.unit())?;
        origins.insert(key, Origin { lot, blocked, receipts });
    }
    Ok(origins)
}

fn areas(areas: &[AreaId]) -> Cell {
    joined(areas.iter().map(ToString::to_string))
}

/// Words with commas between them; blank where there are none.
fn joined(words: impl Iterator<Item = String>) -> Cell {
    let words = words.collect::<Vec<_>>().join(", ");
    Some(words).filter(|words| !words.is_empty()).into()
}

fn head(row: &SessionRow, session: &Session) -> Table {
    let mut table = Table::new([
        Column::left("session", "session"),
        Column::left("client", "client"),
        Column::left("protocol", "protocol"),
        Column::left("sha256", "sha256"),
        Column::left("areas", "areas"),
        Column::left("place", "place"),
        Column::left("pen", "pen"),
        Column::left("staff", "staff"),
        Column::left("started", "started"),
        Column::left("ended", "ended"),
        Column::left("state", "state"),
    ]);
    let tone = match session.state {
        SessionState::Open | SessionState::Stopped => Tone::Warn,
        SessionState::Finished => Tone::Good,
        SessionState::Voided => Tone::Muted,
    };
    table.row([
        Cell::text(row.id),
        Cell::text(&row.client),
        Cell::text(&row.protocol),
        Cell::text(&row.sha256),
        areas(&session.areas),
        Cell::maybe(row.place.as_ref()),
        Cell::maybe(row.pen.as_ref()),
        Cell::text(&row.staff),
        row.started.into(),
        row.ended.into(),
        Cell::label(session.state.as_str(), tone),
    ]);
    table
}

fn steps(events: &[Event], beside: &Beside) -> Table {
    let mut table = Table::new([
        Column::left("at", "at"),
        Column::late(),
        Column::left("step", "step"),
        Column::left("areas", "areas"),
        Column::left("readings", "readings"),
        Column::left("despite", "despite"),
        Column::left("staff", "staff"),
        Column::right("seq", "entry"),
    ]);
    for event in events {
        let readings = event.readings.iter().map(|(name, value)| format!("{name} {value}"));
        let despite = event.despite.iter().map(|rule| format!("{} ({})", rule.rule, rule.code));
        table.row([
            event.at.into(),
            beside.lag(event.seq),
            Cell::text(&event.step),
            areas(&event.areas),
            joined(readings),
            joined(despite),
            Cell::text(&event.by.id),
            entry(event.seq),
        ]);
    }
    table
}

fn items(
    snapshot: &mut Snapshot<'_>,
    events: &[Event],
    (origins, holds, beside): (&Origins, &Holds, &Beside),
) -> Result<Table, StoreError> {
    let mut table = Table::new([
        Column::left("step", "step"),
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::left("serial", "serial"),
        Column::right("quantity", "quantity"),
        Column::left("unit", "unit"),
        Column::left("expiry", "expiry"),
        Column::left("container", "container"),
        Column::left("opened", "opened"),
        Column::left("opened_by", "opened by"),
        Column::left("discard_by", "discard by"),
        Column::left("then", "at its use"),
        Column::left("now", "the lot now"),
        Column::left("now_since", "since"),
        Column::late(),
        Column::right("seq", "entry"),
        held_by(),
    ]);
    for event in events {
        for used in &event.uses {
            let container = match used.container {
                Some(id) => snapshot.container(id)?,
                None => None,
            };
            let opener = match &container {
                Some(container) => snapshot.written(container.opened_seq)?.map(|(_, by)| by),
                None => None,
            };
            let origin = origins.get(&(used.product.clone(), used.lot.clone()));
            let cells = item_row(event, used, container, opener, origin);
            let held_by = recorded_while_held(used, holds).map(entry).into();
            let told = [beside.lag(used.seq), entry(used.seq), held_by];
            table.row(cells.into_iter().chain(told));
        }
    }
    Ok(table)
}

fn item_row(
    event: &Event,
    used: &Use,
    container: Option<ContainerRow>,
    opener: Option<String>,
    origin: Option<&Origin>,
) -> [Cell; 14] {
    let tone = if used.status == ItemStatus::USABLE { Tone::Good } else { Tone::Bad };
    let opened = container.map(|container| container.opened);
    [
        Cell::text(&event.step),
        Cell::text(&used.product),
        Cell::text(used.lot.as_ref().map_or("none", |lot| lot.as_str())),
        Cell::maybe(used.serial.as_ref()),
        used.quantity.into(),
        used.quantity.unit().as_str().into(),
        origin.map(|origin| origin.lot.expiry).into(),
        Cell::maybe(used.container),
        opened.as_ref().map(|opened| opened.at).into(),
        opener.into(),
        opened.and_then(|opened| opened.discard_by).into(),
        Cell::label(used.status.to_string(), tone),
        origin.map_or(Cell::Empty, lot_now),
        origin.and_then(|origin| origin.blocked).into(),
    ]
}

fn lot_now(origin: &Origin) -> Cell {
    let status = origin.lot.status;
    let tone = if status == LotStatus::Released { Tone::Good } else { Tone::Bad };
    Cell::label(status.as_str(), tone)
}

fn receipts(origins: Origins) -> Table {
    let mut table = Table::new([
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::left("at", "received"),
        Column::late(),
        Column::right("quantity", "quantity"),
        Column::left("unit", "unit"),
        Column::left("supplier", "supplier"),
        Column::left("document", "document"),
        Column::left("staff", "staff"),
        Column::right("seq", "entry"),
        Column::right("reversed_by", "reversed by"),
    ]);
    let receipts = origins.into_values().flat_map(|origin| origin.receipts);
    receipts.for_each(|receipt| table.row(receipt));
    table
}

/// The deliveries that a lot came with.
fn receipts_of(
    snapshot: &mut Snapshot<'_>,
    lot: &LotState,
    unit: Unit,
) -> Result<Vec<[Cell; 11]>, StoreError> {
    let mut receipts = Vec::new();
    snapshot.entries_of_lot(lot, Some(Action::LotReceive), &mut |received| {
        let (supplier, document) = received.delivery()?;
        receipts.push([
            Cell::text(&lot.product),
            Cell::text(lot.lot.as_ref().map_or("none", |lot| lot.as_str())),
            received.at.into(),
            received.lag.into(),
            received.parts.map(|parts| Cell::Amount(parts, unit)).into(),
            unit.as_str().into(),
            supplier.into(),
            document.into(),
            Cell::text(received.staff),
            entry(received.seq),
            received.reversed_by.map(entry).into(),
        ]);
        Ok(Rows::More)
    })?;
    Ok(receipts)
}

/// What is to be known of the session besides its tables.
fn notes(session: &Session, holds: &Holds, beside: &Beside) -> Vec<String> {
    let mut notes = Vec::new();
    if session.state == SessionState::Voided {
        notes.push(format!("{} was voided: it never happened", session.id));
    }
    for used in session.events.iter().flat_map(|event| &event.uses) {
        if let Some(hold) = recorded_while_held(used, holds) {
            let item = item_text(&used.product, used.lot.as_ref());
            notes.push(format!("#{} was recorded while {item} was held by #{hold}", used.seq));
        }
    }
    let reversed = beside.reversed();
    if !reversed.is_empty() {
        notes.push(format!("reversed, and not shown: {}", reversed.join(", ")));
    }
    notes
}
