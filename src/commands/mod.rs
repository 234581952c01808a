//! One file per command: its arguments, whose doc comments are the help, then one `run`.
//!
//! A command gathers, asks the domain, persists, shows. An interesting `if` belongs in the domain.

pub mod audit;
pub mod books;
pub mod check;
pub mod client;
pub mod copy;
pub mod demo;
pub mod grant;
mod gtins;
pub mod init;
pub mod item;
pub mod lot;
pub mod open;
pub mod place;
pub mod product;
pub mod protocol;
pub mod receive;
pub mod scan;
pub mod session;
pub mod staff;
pub mod stock;
pub mod tour;
pub mod trace;
pub mod undo;
pub mod waste;

use crate::context::Context;
use crate::domain::fact::{Action, Because, Change};
use crate::domain::time::Day;
use crate::error::{Failure, Outcome};
use crate::store::Receipt;

// Why something is done: `--reason CODE` and `--note TEXT`.
#[derive(Debug, Clone, clap::Args)]
pub struct Why {
    /// Why: a code of the action's list; a wrong one shows the list
    #[arg(long, value_name = "CODE")]
    reason: String,
    /// Words about the work, never about a client
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

impl Why {
    /// The reason, checked against the action's published list.
    pub fn check(&self, action: Action) -> Outcome<Because> {
        Ok(Because::new(action, &self.reason, self.note.as_deref())?)
    }
}

/// Refuses days the wrong way round: nothing would lie between them, and nothing would say so.
fn days_in_order(from: Option<Day>, to: Option<Day>) -> Outcome {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(Failure::usage(format!("no day lies between {from} and {to}"))
                .hint(format!("write the earlier day first: --from {to} --to {from}")))
        }
        _ => Ok(()),
    }
}

/// Says which fields an edit changed, or that none did.
fn show_changes(
    whose: &str,
    changes: &[Change],
    receipt: Receipt,
    context: &mut Context,
) -> Outcome {
    if changes.is_empty() {
        return context.ui.print_line(&format!("{whose} is as it was: nothing to change"));
    }
    let value = |value: &Option<Box<str>>| value.as_deref().unwrap_or("nothing").to_owned();
    let changed: Vec<String> = changes
        .iter()
        .map(|change| format!("{} {} -> {}", change.field, value(&change.old), value(&change.new)))
        .collect();
    context.changed(&format!("{whose}: {}", changed.join(", ")), receipt)
}
