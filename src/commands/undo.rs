//! `undo`: an earlier command is reversed, whole or not at all.

use std::sync::Arc;

use super::Why;
use super::session::load;
use crate::context::Context;
use crate::domain::fact::{Action, Because, Fact};
use crate::domain::history::session_of;
use crate::domain::id::{RuleId, entry_number};
use crate::domain::protocol::gate_change;
use crate::domain::refusal::Refusal;
use crate::domain::stock::{after_undo, reverse};
use crate::error::{Failure, Outcome};
use crate::store::{StoreError, Writing};

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
        return Err(Failure::usage("an undo happens now: --at has no place here"));
    }
    let ((originals, hints), receipt) = context.write(|writing| {
        let originals = writing.command_of(seq)?;
        if originals.is_empty() {
            return Err(Refusal::new(format!("there is no entry #{seq}"))
                .hint("see the newest entries: lotbook audit log")
                .into());
        }
        writing.permit(Action::Reversal)?;
        let mut facts = reverse(&originals, &because)?;
        // Whoever may not record something may not take it back either.
        for original in &originals {
            writing.permit(original.fact.action())?;
        }
        refuse_broken(writing, &facts, &args.despite)?;
        if !args.despite.is_empty() {
            facts = reverse(&originals, &set_aside(&because, &args.despite))?;
        }
        for fact in &facts {
            writing.append(fact)?;
        }
        Ok((originals, after_undo(&facts)))
    })?;
    let names: Vec<String> = originals
        .iter()
        .map(|original| format!("#{} {}", original.seq, original.fact.action()))
        .collect();
    context.changed(&format!("reversed: {}", names.join(", ")), receipt)?;
    hints.into_iter().for_each(|hint| context.ui.hint(hint));
    Ok(())
}

/// A reversal's detail is the original's, so the words say which rules were set aside.
fn set_aside(because: &Because, despite: &[RuleId]) -> Because {
    let rules: Vec<&str> = despite.iter().map(RuleId::as_str).collect();
    let rules = format!("despite {}", rules.join(", "));
    let note = because.note.as_ref().map_or(rules.clone(), |note| format!("{rules}: {note}"));
    Because { code: because.code.clone(), note: Some(note.into()) }
}

/// Without the command, no `block` rule of a session's protocol may fail that held before, unless
/// it was named; and no other rule is named.
fn refuse_broken(
    writing: &mut Writing<'_>,
    facts: &[Fact],
    despite: &[RuleId],
) -> Result<(), StoreError> {
    let Some(id) = facts.iter().find_map(session_of) else { return refuse_idle(despite, &[]) };
    let (mut fold, protocol) = load(writing, id)?;
    let before = fold.session.clone();
    let by = Arc::new(writing.actor().clone());
    let (seq, now) = (writing.next_seq(), writing.moment());
    for fact in facts {
        fold.apply(seq, now, &by, fact);
    }
    let failing = gate_change(&protocol, &before, &fold.session);
    let open = failing.iter().find(|finding| !despite.contains(&finding.rule.id));
    let Some(finding) = open else {
        let failing: Vec<&RuleId> = failing.iter().map(|finding| &finding.rule.id).collect();
        return refuse_idle(despite, &failing);
    };
    let mut refusal =
        Refusal::new(format!("without it {id} breaks {}: {}", finding.name(), finding.because));
    if let Some(why) = &finding.rule.why {
        refusal = refusal.why(why.to_string());
    }
    Err(refusal
        .hint("log first what was really done, late with --at, and undo then")
        .hint(format!("to undo it all the same: --despite {}", finding.rule.id))
        .into())
}

/// A rule is set aside only where it fails: else the ledger would say what is not so.
fn refuse_idle(despite: &[RuleId], failing: &[&RuleId]) -> Result<(), StoreError> {
    match despite.iter().find(|rule| !failing.contains(rule)) {
        None => Ok(()),
        Some(rule) => Err(Refusal::new(format!("--despite {rule}: this undo breaks no such rule"))
            .why("only a block rule that fails without the entry can be set aside")
            .hint(format!("leave out --despite {rule}"))
            .into()),
    }
}
