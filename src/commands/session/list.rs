//! `session list`: the sessions of the book.

use crate::commands::days_in_order;
use crate::context::Context;
use crate::domain::client::in_another_case;
use crate::domain::id::{ClientRef, StaffId};
use crate::domain::refusal::Refusal;
use crate::domain::session::SessionState;
use crate::domain::time::Day;
use crate::error::Outcome;
use crate::store::{Rows, SessionRow, Snapshot, StoreError};
use crate::views::table::{Cell, Column, Tone};

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
    days_in_order(args.from, args.to)?;
    context.read(|snapshot| args.refuse_unknown(snapshot))?;
    let format = context.settings.format;
    let (book, ui) = context.book_and_ui()?;
    let mut listing = ui.listing("lotbook/sessions/1", columns(), format)?;
    let mut written = Ok(());
    book.read(|snapshot| {
        snapshot.each_session(&mut |row| {
            if args.chooses(&row) {
                written = listing.row(&cells(&row));
            }
            Ok(if written.is_ok() { Rows::More } else { Rows::Enough })
        })
    })?;
    written?;
    Ok(listing.end()?)
}

impl Args {
    /// Nobody's sessions are none, and that must not read as an answer about somebody.
    fn refuse_unknown(&self, snapshot: &mut Snapshot<'_>) -> Result<(), StoreError> {
        if let Some(staff) = &self.staff
            && snapshot.person(staff.as_str())?.is_none()
        {
            return Err(Refusal::new(format!("nobody in this book has the id {staff}"))
                .hint("see who is in the book: lotbook staff list")
                .into());
        }
        if let Some(client) = &self.client
            && !snapshot.knows_client(client)?
        {
            let known = in_another_case(&snapshot.clients_alike(client)?);
            let all = || "see the clients of all sessions: lotbook session list".to_owned();
            return Err(Refusal::new(format!("the book knows no client {client}"))
                .hint(known.unwrap_or_else(all))
                .into());
        }
        Ok(())
    }

    fn chooses(&self, row: &SessionRow) -> bool {
        let day = row.started.day();
        let staff = |staff: &StaffId| staff.as_str().eq_ignore_ascii_case(row.staff.as_str());
        (!self.open || row.state == SessionState::Open)
            && self.client.as_ref().is_none_or(|client| *client == row.client)
            && self.staff.as_ref().is_none_or(staff)
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::left("session", "session"),
        Column::left("client", "client"),
        Column::left("protocol", "protocol"),
        Column::left("areas", "areas"),
        Column::left("place", "place"),
        Column::left("staff", "staff"),
        Column::left("started", "started"),
        Column::left("ended", "ended"),
        Column::left("state", "state"),
    ]
}

fn cells(row: &SessionRow) -> [Cell; 9] {
    let tone = match row.state {
        SessionState::Open => Tone::Warn,
        SessionState::Finished => Tone::Good,
        SessionState::Stopped => Tone::Bad,
        SessionState::Voided => Tone::Muted,
    };
    [
        Cell::text(row.id),
        Cell::text(&row.client),
        Cell::text(&row.protocol),
        Cell::text(row.area.as_deref().unwrap_or_default().replace('+', ", ")),
        Cell::maybe(row.place.as_ref()),
        Cell::text(&row.staff),
        row.started.into(),
        row.ended.into(),
        Cell::label(row.state.as_str(), tone),
    ]
}
