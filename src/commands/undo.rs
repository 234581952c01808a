//! `undo`: an earlier command is reversed, whole or not at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Why;
use super::session::load;
use crate::context::Context;
use crate::domain::fact::{Action, Fact};
use crate::domain::history::session_of;
use crate::domain::id::{RuleId, entry_number};
use crate::domain::refusal::Refusal;
use crate::domain::session::undo::{Rejudged, may_undo, refuse_idle, set_aside};
use crate::domain::shell::quote;
use crate::domain::stock::{LotState, Original, after_undo, reverse, reversed_of, taken_back};
use crate::error::{Failure, Outcome};
use crate::store::{Snapshot, StoreError, Writing};
use crate::views::entries::told;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// An entry of the command: 812 or #812
    #[arg(allow_negative_numbers = true)]
    seq: String,
    #[command(flatten)]
    why: Why,
    /// Reverse a step although this block rule of its protocol fails without it
    #[arg(long, value_name = "RULE")]
    despite: Vec<RuleId>,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let because = args.why.check(Action::Reversal)?;
    let seq = entry_number(&args.seq).ok_or_else(|| {
        Failure::usage(format!("`{}` does not name an entry", args.seq))
            .hint("write the number that a listing shows, such as 812")
    })?;
    if context.settings.at.is_some() {
        return Err(Failure::usage("an undo happens now: --at has no place here")
            .detail("what was wrong is taken back in the moment that it is seen to be so")
            .hint("leave --at out"));
    }
    let ((originals, lots, hints, rejudged), receipt) = context.write(|writing| {
        let (originals, stays) = taken_back(writing.command_of(seq)?);
        if originals.is_empty() {
            return Err(Refusal::new(format!("there is no entry #{seq}"))
                .hint("see the newest entries: lotbook audit log")
                .into());
        }
        writing.permit(Action::Reversal)?;
        let facts = reverse(&originals, &set_aside(&because, &args.despite))?;
        // Whoever may not record something may not take it back either.
        for original in &originals {
            writing.permit(original.fact.action())?;
        }
        let rejudged = check_session(writing, &facts, &args.despite)?;
        for fact in &facts {
            writing.append(fact)?;
        }
        let hints: Vec<String> = after_undo(&facts).into_iter().chain(stays).collect();
        let lots = lots_of(writing, &originals)?;
        Ok((originals, lots, hints, rejudged))
    })?;
    let said: Vec<String> = originals.iter().map(said).collect();
    context.changed(&format!("reversed: {}", said.join("; ")), receipt)?;
    for lot in &lots {
        if let Some(warning) = reversed_of(lot, &originals) {
            context.ui.warn(warning);
            let trace = format!("lotbook trace lot {}", quote(&lot.item()));
            context.ui.hint(format!("see all that was recorded of it: {trace}"));
        }
    }
    if let Some(rejudged) = rejudged {
        match rejudged.fails() {
            true => context.ui.warn(rejudged.to_string()),
            false => context.ui.note(rejudged.to_string()),
        }
        context.ui.hint(format!("see why: lotbook check {}", rejudged.session));
    }
    hints.into_iter().for_each(|hint| context.ui.hint(hint));
    Ok(())
}

/// An entry that was taken back, with what it says.
fn said(original: &Original) -> String {
    let what = original.fact.columns().map(|columns| told(&columns)).unwrap_or_default();
    match &*what {
        "" => original.name(),
        what => format!("{}: {what}", original.name()),
    }
}

/// The lots that a command received, opened, used or threw away, as they are now.
fn lots_of(
    snapshot: &mut Snapshot<'_>,
    originals: &[Original],
) -> Result<Vec<LotState>, StoreError> {
    let items = originals.iter().filter_map(|original| original.fact.item());
    let lots: BTreeSet<_> = items.map(|item| (&item.product, item.lot.as_ref())).collect();
    let rows = lots.into_iter().map(|(product, lot)| snapshot.lot(product, lot));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().flatten().map(|row| row.state).collect())
}

/// Without the command, its session must still keep its protocol; says where it is judged
/// otherwise then.
fn check_session(
    writing: &mut Writing<'_>,
    facts: &[Fact],
    despite: &[RuleId],
) -> Result<Option<Rejudged>, StoreError> {
    let Some(id) = facts.iter().find_map(session_of) else {
        refuse_idle(despite, &[])?;
        return Ok(None);
    };
    let (mut fold, protocol) = load(writing, id)?;
    let before = fold.session.clone();
    let by = Arc::new(writing.actor().clone());
    let (seq, now) = (writing.next_seq(), writing.moment());
    for fact in facts {
        fold.apply(seq, now, &by, fact);
    }
    may_undo(id, &protocol, (&before, &fold.session), despite)?;
    Ok(Rejudged::of(&protocol, (&before, &fold.session), now))
}
