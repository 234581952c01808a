//! `session finish`, `stop` and `void`: a session ends as planned, half-way, or never happened.

use super::{Named, failed, load, meant, say_findings};
use crate::commands::Why;
use crate::context::Context;
use crate::domain::fact::{Action, Because, Fact};
use crate::domain::id::SessionId;
use crate::domain::protocol;
use crate::domain::session::record::{finish as finish_fact, stop as stop_fact, void as void_fact};
use crate::domain::session::{Session, SessionState};
use crate::error::Outcome;
use crate::store::{StoreError, Writing};

#[derive(Debug, clap::Args)]
pub struct Finish {
    #[command(flatten)]
    named: Named,
    /// Finish although this block rule fails
    #[arg(long, value_name = "RULE", requires = "reason")]
    despite: Vec<String>,
    /// Why: a code; a wrong one shows the list
    #[arg(long, value_name = "CODE", requires = "despite")]
    reason: Option<String>,
    /// Words about the work, never about a client
    #[arg(long, value_name = "TEXT", requires = "reason")]
    note: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct End {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    why: Why,
}

#[derive(Debug, clap::Args)]
pub struct Void {
    /// The session
    session: SessionId,
    #[command(flatten)]
    why: Why,
}

pub(super) fn finish(args: Finish, context: &mut Context) -> Outcome {
    let because = |code| Because::new(Action::SessionFinish, code, args.note.as_deref());
    let because = args.reason.as_deref().map(because).transpose()?;
    end(context, args.named.id(), Action::SessionFinish, |writing, session, protocol| {
        let at = writing.moment();
        Ok(finish_fact(protocol, session, &args.despite, because.clone(), at)?)
    })
}

pub(super) fn stop(args: End, context: &mut Context) -> Outcome {
    let because = args.why.check(Action::SessionStop)?;
    end(context, args.named.id(), Action::SessionStop, |writing, session, protocol| {
        Ok(stop_fact(protocol, session, because.clone(), writing.moment())?)
    })
}

pub(super) fn void(args: Void, context: &mut Context) -> Outcome {
    let because = args.why.check(Action::SessionVoid)?;
    end(context, Some(args.session), Action::SessionVoid, |writing, session, _| {
        Ok(void_fact(session, because.clone(), writing.moment())?)
    })
}

/// Ends a session with the fact that `decide` makes, and shows what its protocol finds.
fn end(
    context: &mut Context,
    named: Option<SessionId>,
    action: Action,
    decide: impl Fn(&Writing<'_>, &Session, &protocol::Protocol) -> Result<Fact, StoreError>,
) -> Outcome {
    let (actor, room) = (context.actor()?, context.settings.room.clone());
    let ((id, state, verdict, findings), receipt) = context.write(|writing| {
        writing.permit(action)?;
        let row = meant(writing, named, Some(&actor), room.as_ref())?;
        let (mut fold, protocol) = load(writing, row.id)?;
        let fact = decide(writing, &fold.session, &protocol)?;
        let seq = writing.append(&fact)?;
        let by = std::sync::Arc::new(writing.actor().clone());
        let now = writing.moment();
        fold.apply(seq, now, &by, &fact);
        let judged = protocol::judge(&protocol, &fold.session, Some(now));
        let findings = failed(&judged.findings);
        Ok((row.id, fold.session.state, judged.verdict.as_str(), findings))
    })?;
    if state == SessionState::Voided {
        return context.changed(&format!("{id} voided: it never happened"), receipt);
    }
    context.changed(&format!("{id} {state}, verdict {verdict}"), receipt)?;
    say_findings(context, &findings);
    context.ui.hint(format!("see every rule: lotbook check {id}"));
    Ok(())
}
