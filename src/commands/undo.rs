//! `undo`: an earlier command is reversed, whole or not at all.

use std::sync::Arc;

use super::Why;
use super::session::load;
use crate::context::{Context, no_entry};
use crate::domain::fact::{Action, Fact};
use crate::domain::history::session_of;
use crate::domain::place::Place;
use crate::domain::protocol::gate_change;
use crate::domain::quantity::show_parts;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::stock::{Original, item_text, reverse};
use crate::error::{Failure, Outcome};
use crate::store::{StoreError, Writing};

/// Reverse an earlier command, whole or not at all; the originals stay in the ledger
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An entry of the command: 812 or #812
    #[arg(allow_negative_numbers = true)]
    seq: String,
    #[command(flatten)]
    why: Why,
    /// Reverse a step although this block rule of its protocol fails without it
    #[arg(long, value_name = "RULE")]
    despite: Vec<String>,
}

/// Reads `812` or `#812`.
pub fn entry_number(text: &str) -> Outcome<u64> {
    text.strip_prefix('#').unwrap_or(text).parse().map_err(|_| {
        Failure::usage(format!("`{text}` does not name an entry"))
            .hint("write the number that a listing shows, such as 812")
    })
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let mut because = args.why.check(Action::Reversal)?;
    if !args.despite.is_empty() {
        // A reversal's detail is the original's, so the words say what was set aside.
        let rules = format!("despite {}", args.despite.join(", "));
        let note = because.note.map_or(rules.clone(), |note| format!("{rules}: {note}"));
        because.note = Some(note.into());
    }
    let seq = entry_number(&args.seq)?;
    if context.settings.at.is_some() {
        return Err(Failure::usage("an undo happens now: --at has no place here"));
    }
    if context.read(|snapshot| Ok(snapshot.size()))? <= seq {
        return Err(no_entry(seq));
    }
    let (originals, receipt) = context.write(|writing| {
        writing.permit(Action::Reversal)?;
        let originals = writing.command_of(seq)?;
        let facts = reverse(&originals, &because)?;
        refuse_negative(writing, &originals)?;
        refuse_broken(writing, &facts, &args.despite)?;
        for fact in &facts {
            writing.append(fact)?;
        }
        Ok(originals)
    })?;
    let names: Vec<String> = originals
        .iter()
        .map(|original| format!("#{} {}", original.seq, original.fact.action()))
        .collect();
    context.changed(&format!("reversed: {}", names.join(", ")), receipt)
}

/// Without the command, no balance may have been negative at any moment since.
fn refuse_negative(writing: &mut Writing<'_>, originals: &[Original]) -> Result<(), StoreError> {
    let without: Vec<u64> = originals.iter().map(|original| original.seq).collect();
    for original in originals {
        let Some(item) = original.fact.item().filter(|item| item.to.keeps_balance()) else {
            continue;
        };
        let lot = item.lot.as_ref();
        let low = writing.lowest(&item.product, lot, &item.to, original.at, &without)?;
        if low < 0 {
            let name = item_text(&item.product, lot);
            let unit = item.quantity.unit();
            return Err(Refusal::new(format!(
                "#{} can't be undone: {} {unit} of {name} in {} were used since",
                original.seq,
                show_parts(-low, unit),
                item.to.in_words()
            ))
            .why("without it the balance would have been negative")
            .hint(later_hint(&item.to, &name, &original.fact))
            .into());
        }
    }
    Ok(())
}

/// Without the command, no `block` rule of a session's protocol may fail that held before.
fn refuse_broken(
    writing: &mut Writing<'_>,
    facts: &[Fact],
    despite: &[String],
) -> Result<(), StoreError> {
    let Some(id) = facts.iter().find_map(session_of) else { return Ok(()) };
    let (mut fold, protocol) = load(writing, id)?;
    let before = fold.session.clone();
    let by = Arc::new(writing.actor().clone());
    let (seq, now) = (writing.next_seq(), writing.moment());
    for fact in facts {
        fold.apply(seq, now, &by, fact);
    }
    let failing = gate_change(&protocol, &before, &fold.session);
    let open =
        failing.iter().find(|finding| !despite.iter().any(|rule| rule == finding.rule.id.as_str()));
    let Some(finding) = open else { return Ok(()) };
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

fn later_hint(to: &Place, name: &str, fact: &Fact) -> String {
    let name = quote(name).into_owned();
    match (to, fact.action()) {
        (Place::Container(container), _) => {
            format!("undo what came from {container} first: lotbook trace lot {name}")
        }
        _ => format!("undo the later entries first: lotbook trace lot {name}"),
    }
}
