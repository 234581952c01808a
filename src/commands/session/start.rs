//! `session start`: a session begins, pinned to a published protocol.

use super::{next_lines, pinned, say_next, this_room};
use crate::context::Context;
use crate::domain::client::unknown;
use crate::domain::fact::Action;
use crate::domain::history::SessionFold;
use crate::domain::id::{AreaId, ClientRef, IdError};
use crate::domain::protocol::nearest;
use crate::domain::protocol::shipped::shipped;
use crate::domain::refusal::Refusal;
use crate::domain::session::record::{Start, start};
use crate::domain::shell::quote;
use crate::error::Outcome;
use crate::store::{PublishedProtocol, Snapshot, StoreError};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lotbook session start acne-scars-face --client C-7F3K9QWX \
    --areas cheeks,forehead --room room-1 --pen P-0117")]
pub struct Args {
    /// A published protocol: its id for the newest version, or ID@VERSION
    protocol: String,
    /// The client's reference
    #[arg(long, value_name = "REF")]
    client: ClientRef,
    /// The areas planned, joined by commas
    #[arg(long, value_delimiter = ',', value_name = "A,B", value_parser = area)]
    areas: Vec<AreaId>,
    /// The serial number of the pen's handpiece
    #[arg(long, value_name = "SERIAL")]
    pen: Option<String>,
}

/// An area of a list; a blank after its comma is no part of it.
pub(super) fn area(text: &str) -> Result<AreaId, IdError> {
    AreaId::new(text.trim())
}

pub(super) fn run(args: Args, context: &mut Context) -> Outcome {
    let room = context.settings.room.clone();
    let ((id, version, lines, twice), receipt) = context.write(|writing| {
        writing.permit(Action::SessionStart)?;
        let published = newest(writing, &args.protocol)?;
        let protocol = pinned(writing, &published.sha256)?;
        if !writing.knows_client(&args.client)? {
            return Err(unknown(&args.client, &writing.clients_alike(&args.client)?).into());
        }
        let place = this_room(writing, room.as_ref())?;
        let session = writing.next_session()?;
        let fact = start(
            &protocol,
            Start {
                session,
                client: args.client.clone(),
                areas: args.areas.clone(),
                pen: args.pen.as_deref().filter(|pen| !pen.is_empty()).map(Into::into),
                place,
                sha256: published.sha256.as_str().into(),
            },
        )?;
        let staff = writing.actor().id.clone();
        let open = writing.open_sessions(&staff)?;
        let open = open.into_iter().find(|row| row.client == args.client);
        let twice = open.map(|row| (row.id, row.started));
        writing.append(&fact)?;
        let now = writing.moment();
        let fold = SessionFold::start(now, &fact);
        let lines = fold.map_or_else(Vec::new, |fold| next_lines(&protocol, &fold, now));
        Ok((session, published.protocol, lines, twice))
    })?;
    context.changed(&format!("{id} started by {version}"), receipt)?;
    if let Some((open, started)) = twice {
        let (client, started) = (&args.client, started.short());
        context.ui.warn(format!("{client} has {open} open already, since {started}"));
        let void = format!("lotbook session void {id} --reason duplicate");
        context.ui.hint(format!("if it was started twice: {void}"));
    }
    say_next(context, id, &lines);
    Ok(())
}

/// The published protocol of this id and version, or the newest of this id.
fn newest(snapshot: &mut Snapshot<'_>, named: &str) -> Result<PublishedProtocol, StoreError> {
    let published = snapshot.protocols()?;
    let fits = |known: &&PublishedProtocol| known.protocol.is_named(named);
    if let Some(found) = published.iter().filter(fits).max_by_key(|known| known.seq) {
        return Ok(found.clone());
    }
    let known: Vec<String> = published.iter().map(|known| known.protocol.to_string()).collect();
    let refusal = Refusal::new(format!("no protocol {named} is published in this book"));
    let refusal = match &known[..] {
        [] => refusal.why("no protocol is"),
        known => refusal.why(format!("published are {}", known.join(", "))),
    };
    let id = named.split('@').next().unwrap_or(named);
    let ids: Vec<&str> = published.iter().map(|known| known.protocol.id.as_str()).collect();
    let refusal = match (ids.contains(&id), nearest(id, &ids), shipped(id).is_some()) {
        (true, ..) => refusal.hint(format!("leave the version out for the newest: {id}")),
        (false, Some(near), _) => refusal.hint(format!("did you mean {near}?")),
        (false, None, true) => {
            refusal.hint(format!("a manager publishes it: lotbook protocol publish {}", quote(id)))
        }
        (false, None, false) => {
            refusal.hint("a manager publishes one: lotbook protocol publish FILE")
        }
    };
    Err(refusal.hint("see those that there are: lotbook protocol list").into())
}
