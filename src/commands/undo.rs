//! `undo`: an earlier command is reversed, whole or not at all.

use super::Why;
use crate::context::{Context, no_entry};
use crate::domain::fact::{Action, Fact};
use crate::domain::place::Place;
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
    seq: String,
    #[command(flatten)]
    why: Why,
}

/// Reads `812` or `#812`.
pub fn entry_number(text: &str) -> Outcome<u64> {
    text.strip_prefix('#').unwrap_or(text).parse().map_err(|_| {
        Failure::usage(format!("`{text}` does not name an entry"))
            .hint("write the number that a listing shows, such as 812")
    })
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let because = args.why.check(Action::Reversal)?;
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
                item.to
            ))
            .why("without it the balance would have been negative")
            .hint(later_hint(&item.to, &name, &original.fact))
            .into());
        }
    }
    Ok(())
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
