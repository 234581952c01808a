//! `session list`: the sessions of the book.

use crate::context::Context;
use crate::domain::id::{ClientRef, StaffId};
use crate::domain::session::SessionState;
use crate::domain::time::Day;
use crate::error::Outcome;
use crate::store::Rows;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

/// List sessions
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those that are open
    #[arg(long)]
    open: bool,
    /// Only those of this client
    #[arg(long, value_name = "REF")]
    client: Option<ClientRef>,
    /// Only those that this person started
    #[arg(long, value_name = "ID")]
    staff: Option<StaffId>,
    /// Only those that began on this day or later
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Only those that began on this day or earlier
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut table = Table::new([
        Column::left("session", "session"),
        Column::left("client", "client"),
        Column::left("protocol", "protocol"),
        Column::left("areas", "areas"),
        Column::left("place", "place"),
        Column::left("staff", "staff"),
        Column::left("started", "started"),
        Column::left("ended", "ended"),
        Column::left("state", "state"),
    ]);
    context.read(|snapshot| {
        snapshot.each_session(&mut |row| {
            let day = row.started.day();
            let shown = (!args.open || row.state == SessionState::Open)
                && args.client.as_ref().is_none_or(|client| *client == row.client)
                && args
                    .staff
                    .as_ref()
                    .is_none_or(|staff| staff.as_str().eq_ignore_ascii_case(row.staff.as_str()))
                && args.from.is_none_or(|from| from <= day)
                && args.to.is_none_or(|to| day <= to);
            if shown {
                let tone = match row.state {
                    SessionState::Open => Tone::Warn,
                    SessionState::Finished => Tone::Good,
                    SessionState::Stopped => Tone::Bad,
                    SessionState::Voided => Tone::Muted,
                };
                let areas = row.area.as_deref().unwrap_or_default().replace('+', ", ");
                table.row([
                    Cell::text(row.id),
                    Cell::text(&row.client),
                    Cell::text(&row.protocol),
                    Cell::text(areas),
                    Cell::maybe(row.place.as_ref()),
                    Cell::text(&row.staff),
                    row.started.into(),
                    row.ended.into(),
                    Cell::label(row.state.as_str(), tone),
                ]);
            }
            Ok(Rows::More)
        })
    })?;
    context.ui.show(&Report::of("lotbook/sessions/1", table), context.settings.format)
}
