//! `check`: sessions judged by the protocols that they are pinned to.
//!
//! Named sessions are shown with their findings. Many are judged while the ledger is read once, a
//! row each, and none is kept.

mod tables;

use std::collections::HashMap;

use super::days_in_order;
use super::session::{no_session, pinned};
use crate::context::Context;
use crate::domain::history::SessionFold;
use crate::domain::id::SessionId;
use crate::domain::protocol::{Protocol, judge};
use crate::domain::refusal::Refusal;
use crate::domain::session::Session;
use crate::domain::session::blocked::{lots_of, used_blocked};
use crate::domain::time::Day;
use crate::error::{Failure, Outcome};
use crate::store::{PublishedProtocol, Rows, Snapshot, StoreError};
use tables::{Judged, Totals, findings_of, findings_together, session_columns, session_row};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook check S-0042\n  \
    lotbook check --all\n  \
    lotbook check --from 2026-11-01 --to 2026-11-30 --every --format csv\n\n\
    It ends with exit 1 where a session fails. A session that is still open is judged as of now.\n\
    Rules of the severity block or major make a session fail; minor ones are only shown.\n\
    Many sessions stand in the order of their last entries.\n\
    \n\
    With --all-books every book on the server answers, as with lotbook trace lot; where one fails\n\
    to answer it ends with exit 4.")]
pub struct Args {
    /// The sessions, such as S-0042
    #[arg(value_name = "SESSION", conflicts_with_all = ["all", "from", "to", "protocol"])]
    sessions: Vec<SessionId>,
    /// All sessions; shown are those that don't pass, or that failed minor rules
    #[arg(long)]
    all: bool,
    /// Those that began on this day or later
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Those that began on this day or earlier
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// Those of this protocol: ID for all versions, or ID@VERSION
    #[arg(long, value_name = "ID")]
    protocol: Option<String>,
    /// Show also what passes: every finding of a named session, every session of many
    #[arg(long)]
    every: bool,
}

impl Args {
    fn chooses(&self, session: &Session) -> bool {
        let day = session.started.day();
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.protocol.as_deref().is_none_or(|named| session.protocol.is_named(named))
    }
}

pub fn run(args: &Args, context: &mut Context) -> Outcome {
    let filters = args.from.is_some() || args.to.is_some() || args.protocol.is_some();
    if args.sessions.is_empty() && !args.all && !filters {
        return Err(Failure::usage("which sessions are to be checked is not said")
            .hint("name them: lotbook check S-0042")
            .hint("or take all: lotbook check --all"));
    }
    days_in_order(args.from, args.to)?;
    match args.sessions.is_empty() {
        true => many(args, context),
        false => named(args, context),
    }
}

/// The named sessions, each with its findings.
fn named(args: &Args, context: &mut Context) -> Outcome {
    let now = context.book()?.now();
    let (judged, totals) = context.read(|snapshot| {
        let zone = snapshot.about().zone.clone();
        let now = zone.moment(now);
        let blocked = snapshot.blocked_lots()?;
        let (mut judged, mut totals) = (Vec::new(), Totals::default());
        for id in &args.sessions {
            let fold = snapshot.session(*id)?.ok_or_else(|| no_session(*id))?;
            let protocol = pinned(snapshot, &fold.sha256)?;
            let judgement = judge(&protocol, &fold.session, Some(now));
            totals.count(&fold.session, judgement.verdict);
            let holds = snapshot.holds(lots_of(&fold))?;
            let since = used_blocked(&fold, &holds, &blocked);
            judged.push(Judged::with_findings(
                &fold.session,
                &judgement,
                since,
                (args.every, &zone),
            ));
        }
        Ok((judged, totals))
    })?;
    let format = context.settings.format;
    let report = match context.ui.is_across() {
        false => findings_of(&judged, &totals, format),
        true => findings_together(&judged, &totals, format),
    };
    context.ui.show(&report, format)?;
    totals.failure().map_or(Ok(()), |what| Err(Failure::no(what)))
}

/// All sessions that the filters choose, by one scan of the ledger, in the order of their last
/// entries. Nothing of them is kept.
fn many(args: &Args, context: &mut Context) -> Outcome {
    let format = context.settings.format;
    let (book, ui) = context.book_and_ui()?;
    let (now, is_across) = (book.now(), ui.is_across());
    let mut totals = Totals::default();
    let mut listing = ui.listing("lotbook/check/1", session_columns(), format)?;
    let mut written = Ok(());
    book.read(|snapshot| {
        let now = snapshot.about().zone.moment(now);
        let blocked = snapshot.blocked_lots()?;
        let published = snapshot.protocols()?;
        if let Some(named) = args.protocol.as_deref().filter(|_| !is_across) {
            refuse_unknown(named, &published)?;
        }
        let protocols = protocols(snapshot, &published)?;
        snapshot.each_session_folded(&mut |fold, holds| {
            let SessionFold { session, sha256, .. } = &fold;
            if !args.chooses(session) {
                return Ok(Rows::More);
            }
            let protocol = protocols.get(sha256).ok_or_else(|| {
                StoreError::Corrupt(format!("{} is pinned to a text that is not kept", session.id))
            })?;
            let judgement = judge(protocol, session, Some(now));
            let passes = totals.count(session, judgement.verdict);
            let since = used_blocked(&fold, holds, &blocked);
            let judged = Judged::without_findings(session, &judgement, since);
            totals.count_minor(&judged);
            if args.every || !passes || judged.is_worth_showing() {
                written = listing.row(&session_row(&judged));
            }
            Ok(if written.is_ok() { Rows::More } else { Rows::Enough })
        })
    })?;
    written?;
    listing.end()?;
    context.warn_of_clock();
    context.ui.total(&totals.words(), format)?;
    let Some(what) = totals.failure() else { return Ok(()) };
    let failure = Failure::no(what);
    Err(match totals.first_failure {
        Some(id) => failure.hint(format!("see what was found: lotbook check {id}")),
        None => failure,
    })
}

/// Every published protocol by the SHA-256 of its text, each read once.
fn protocols(
    snapshot: &mut Snapshot<'_>,
    published: &[PublishedProtocol],
) -> Result<HashMap<Box<str>, Protocol>, StoreError> {
    let read = |known: &PublishedProtocol| {
        let protocol = pinned(snapshot, &known.sha256)?;
        Ok((known.sha256.as_str().into(), protocol))
    };
    published.iter().map(read).collect()
}

/// A protocol that was never published has no session, which must not read as if all passed. Of
/// many books one may not have it.
fn refuse_unknown(named: &str, published: &[PublishedProtocol]) -> Result<(), Refusal> {
    if published.iter().any(|known| known.protocol.is_named(named)) {
        return Ok(());
    }
    Err(Refusal::new(format!("no protocol {named} was published in this book"))
        .hint("see those that were: lotbook protocol list"))
}
