//! `session`: treatment sessions, step by step.

mod beside;
mod end;
mod list;
mod log;
mod show;
mod start;
mod uses;

use std::collections::VecDeque;

pub(super) use self::beside::Beside;
use crate::commands::receive::place;
use crate::context::Context;
use crate::domain::history::SessionFold;
use crate::domain::id::{PlaceName, SessionId, StaffId};
use crate::domain::protocol::{self, Finding, Protocol, Verdict};
use crate::domain::refusal::Refusal;
use crate::domain::session::SessionState;
use crate::domain::time::Moment;
use crate::error::Outcome;
use crate::store::{Actor, Rows, SessionRow, Snapshot, StoreError};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Start a session
    Start(start::Args),
    /// Log a step, with its readings and the items it used
    Log(log::Args),
    /// Show what was done in a session, and what is next and from when
    Show(show::Args),
    /// Finish a session; what its protocol still finds is shown
    Finish(end::Finish),
    /// End a session half-way
    Stop(end::End),
    /// Say that a session never happened; refused while what it used is not given back
    Void(end::Void),
    /// List sessions
    List(list::Args),
}

// The session that a command is about.
#[derive(Debug, clap::Args)]
struct Named {
    /// The session, where more than one is open
    #[arg(value_name = "SESSION")]
    session: Option<SessionId>,
    /// The session, written as other commands take it
    #[arg(long = "session", value_name = "SESSION", conflicts_with = "session")]
    named: Option<SessionId>,
}

impl Named {
    fn id(&self) -> Option<SessionId> {
        self.session.or(self.named)
    }
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Start(args) => start::run(args, context),
        Command::Log(args) => log::run(args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Finish(args) => end::finish(args, context),
        Command::Stop(args) => end::stop(args, context),
        Command::Void(args) => end::void(args, context),
        Command::List(args) => list::run(&args, context),
    }
}

/// The refusal of a session that the book doesn't know.
pub(super) fn no_session(id: SessionId) -> Refusal {
    Refusal::new(format!("there is no session {id}")).hint("see them: lotbook session list")
}

/// The session that is meant: the one named, or the only open one of whoever acts, in the room
/// where one is known.
fn meant(
    snapshot: &mut Snapshot<'_>,
    named: Option<SessionId>,
    actor: Option<&Actor>,
    room: Option<&PlaceName>,
) -> Result<SessionRow, StoreError> {
    if let Some(id) = named {
        return snapshot.session_row(id)?.ok_or_else(|| no_session(id).into());
    }
    let Some(Actor::Staff(staff)) = actor else {
        return Err(Refusal::new("which session is meant is not known")
            .hint("name it, such as S-0042; see them: lotbook session list")
            .into());
    };
    let id = snapshot.person(staff.as_str())?.map_or_else(|| staff.clone(), |person| person.id);
    let mut open = snapshot.open_sessions(&id)?;
    let room = this_room(snapshot, room)?;
    let room = room.as_ref();
    open.retain(|row| room.is_none_or(|room| row.place.as_ref() == Some(room)));
    match &mut open[..] {
        [_] => Ok(open.remove(0)),
        [] => {
            let place = room.map_or(String::new(), |room| format!(" in {room}"));
            let refusal = Refusal::new(format!("{id} has no open session{place}"));
            Err(with_last_sessions(refusal, last_sessions(snapshot, &id)?).into())
        }
        rows => {
            let mut refusal = Refusal::new(format!("{id} has {} open sessions", rows.len()));
            for row in rows.iter() {
                let (session, client) = (&row.id, &row.client);
                let started = row.started.short();
                refusal = refusal.why(format!("{session} with {client}, since {started}"));
            }
            Err(refusal.hint(format!("say which: --session {}", rows[0].id)).into())
        }
    }
}

/// How many sessions a refusal names.
const LAST_NAMED: usize = 3;

/// The last sessions of somebody that ended, the newest first: a review is logged in one of them.
fn last_sessions(
    snapshot: &mut Snapshot<'_>,
    staff: &StaffId,
) -> Result<VecDeque<SessionRow>, StoreError> {
    let mut last = VecDeque::new();
    snapshot.each_session(&mut |row| {
        if row.staff == *staff && row.state != SessionState::Voided && row.ended.is_some() {
            last.push_front(row);
            last.truncate(LAST_NAMED);
        }
        Ok(Rows::More)
    })?;
    Ok(last)
}

/// Adds what can be named where no session is open.
fn with_last_sessions(mut refusal: Refusal, last: VecDeque<SessionRow>) -> Refusal {
    let example = last.front().map_or("S-0042".to_owned(), |row| row.id.to_string());
    for SessionRow { id, client, state, ended, .. } in last {
        let ended = ended.map_or(String::new(), |at| format!(" at {}", at.short()));
        refusal = refusal.why(format!("{id} with {client} was {state}{ended}"));
    }
    refusal
        .hint("start one: lotbook session start PROTOCOL --client REF --areas A,B")
        .hint(format!("or name one: --session {example}; see them all: lotbook session list"))
}

/// The room as the clinic named it, in whatever case it was written.
fn this_room(
    snapshot: &mut Snapshot<'_>,
    named: Option<&PlaceName>,
) -> Result<Option<PlaceName>, StoreError> {
    named.map(|named| place(snapshot, Some(named))).transpose()
}

/// A session with its events, and the protocol that it is pinned to.
pub(super) fn load(
    snapshot: &mut Snapshot<'_>,
    id: SessionId,
) -> Result<(SessionFold, Protocol), StoreError> {
    let fold = snapshot.session(id)?;
    let fold = fold.ok_or_else(|| no_session(id))?;
    let protocol = pinned(snapshot, &fold.sha256)?;
    Ok((fold, protocol))
}

/// The protocol with this text; it was read without errors when it was published.
pub(super) fn pinned(snapshot: &mut Snapshot<'_>, sha256: &str) -> Result<Protocol, StoreError> {
    let text = snapshot.protocol_text(sha256)?;
    let (protocol, _) = protocol::parse(&text);
    protocol.ok_or_else(|| {
        StoreError::Invariant(format!("the protocol {sha256} can't be read by this program"))
    })
}

/// Says on stderr which rules fail: those that this entry broke, or all of them.
fn say_findings(context: &mut Context, findings: &[String]) {
    for finding in findings {
        context.ui.warn(finding);
    }
}

/// The failed findings of a session as sentences.
fn failed(findings: &[Finding<'_>]) -> Vec<String> {
    let failed = findings.iter().filter(failing);
    failed.map(|finding| sentence(finding, &finding.because.to_string())).collect()
}

fn failing(finding: &&Finding<'_>) -> bool {
    finding.verdict == Verdict::Fail
}

fn sentence(finding: &Finding<'_>, because: &str) -> String {
    format!("{} ({}): {because}", finding.name(), finding.rule.severity)
}

/// How many steps are told after each entry where there are many.
const NEXT_MAX: usize = 3;

/// Says on stderr what is next, and where the rest stands.
fn say_next(context: &mut Context, id: SessionId, lines: &[String]) {
    // One more costs no more room than the line that would count it.
    let (told, more) = match lines.len() {
        ..=4 => (lines, 0),
        all => (&lines[..NEXT_MAX], all - NEXT_MAX),
    };
    for line in told {
        context.ui.note(format!("next: {line}"));
    }
    if more > 0 {
        context.ui.note(format!("next: and {more} more: lotbook session show {id}"));
    }
}

/// What is next, a line a step.
fn next_lines(protocol: &Protocol, fold: &SessionFold, now: Moment) -> Vec<String> {
    let next = protocol::next(protocol, &fold.session, Some(now));
    next.iter().map(|next| next.in_words(now)).collect()
}
