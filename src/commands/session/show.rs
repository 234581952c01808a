//! `session show`: what was done in a session, and what is next.

use super::{Beside, Named, load, meant, next_lines};
use crate::context::Context;
use crate::domain::history::SessionFold;
use crate::domain::id::AreaId;
use crate::domain::protocol::{self, Protocol};
use crate::domain::session::{Event, SessionState};
use crate::domain::time::Moment;
use crate::error::Outcome;
use crate::store::SessionRow;
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A screen counts the answers that stop no step; --format json and csv have \
    them all."
)]
pub struct Args {
    #[command(flatten)]
    named: Named,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let room = context.settings.room.clone();
    let actor = context.actor().ok();
    let now = context.book()?.now();
    let format = context.settings.format;
    let report = context.read(|snapshot| {
        let row = meant(snapshot, args.named.id(), actor.as_ref(), room.as_ref())?;
        let (fold, protocol) = load(snapshot, row.id)?;
        let beside = Beside::read(snapshot, row.id)?;
        let now = snapshot.about().zone.moment(now);
        let report = report(&row, (&fold, &protocol, &beside), now, format);
        Ok(match format {
            Format::Table => report.without_blank_columns(),
            Format::Csv | Format::Json => report,
        })
    })?;
    context.ui.show(&report, format)
}

fn report(
    row: &SessionRow,
    (fold, protocol, beside): (&SessionFold, &Protocol, &Beside),
    now: Moment,
    format: Format,
) -> Report {
    let session = &fold.session;
    let judged = protocol::judge(protocol, session, Some(now));
    let mut head = Table::new([
        Column::left("session", "session"),
        Column::left("client", "client"),
        Column::left("protocol", "protocol"),
        Column::left("areas", "areas"),
        Column::left("place", "place"),
        Column::left("pen", "pen"),
        Column::left("staff", "staff"),
        Column::left("started", "started"),
        Column::left("ended", "ended"),
        Column::left("state", "state"),
        Column::left("verdict", "verdict"),
    ]);
    head.row([
        Cell::text(session.id),
        Cell::text(&session.client),
        Cell::text(&session.protocol),
        Cell::text(join(&session.areas)),
        Cell::maybe(row.place.as_ref()),
        Cell::maybe(row.pen.as_ref()),
        Cell::text(&row.staff),
        session.started.into(),
        session.ended.into(),
        session.state.as_str().into(),
        judged.verdict.as_str().into(),
    ]);
    let steps = steps(&session.events, (protocol, beside), format);
    let report = Report::new("lotbook/session/1").record("session", "", head);
    let report = report.list("steps", "Steps", steps);
    let report = match format {
        Format::Table if !beside.has_waste() => report,
        _ => report.list("waste", "Waste", beside.waste()),
    };
    if session.state == SessionState::Voided {
        return report;
    }
    let mut next = Table::new([Column::left("next", "next")]);
    for line in next_lines(protocol, fold, now) {
        next.row([Cell::text(line)]);
    }
    report.list("next", "Next", next)
}

fn join(areas: &[AreaId]) -> String {
    areas.iter().map(AreaId::as_str).collect::<Vec<_>>().join(", ")
}

/// What was done, step by step. A screen folds the answers that stop nothing; a file has them all.
fn steps(events: &[Event], (protocol, beside): (&Protocol, &Beside), format: Format) -> Table {
    let mut table = Table::new([
        Column::right("seq", "entry"),
        Column::left("at", "at"),
        Column::late(),
        Column::left("step", "step"),
        Column::left("areas", "areas"),
        Column::left("readings", "readings"),
        Column::left("uses", "used"),
        Column::left("staff", "staff"),
        Column::left("despite", "despite"),
    ]);
    for event in events {
        let readings = match format {
            Format::Table => protocol.readings_in_short(event),
            Format::Csv | Format::Json => {
                event.readings.iter().map(|(name, value)| format!("{name} {value}")).collect()
            }
        };
        let uses: Vec<String> =
            event.uses.iter().map(|used| format!("{} {}", used.quantity, used.item())).collect();
        let despite: Vec<String> = event
            .despite
            .iter()
            .map(|despite| format!("{} ({})", despite.rule, despite.code))
            .collect();
        table.row([
            event.seq.into(),
            event.at.into(),
            beside.lag(event.seq),
            Cell::text(&event.step),
            Cell::text(join(&event.areas)),
            Cell::text(readings.join(", ")),
            Cell::text(uses.join(", ")),
            Cell::text(&event.by.id),
            Cell::text(despite.join(", ")),
        ]);
    }
    table
}
