//! `trace`: where a lot went, and what a session was done with.

mod held;
mod lot;
mod session;

use crate::context::Context;
use crate::error::Outcome;
use crate::views::table::{Cell, Column};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Follow a lot forward: receipts, containers, the sessions and clients that it went to, what
    /// was thrown away, and what is left where
    Lot(lot::Args),
    /// Follow a session back: its steps, every item used with its lot and container, and the
    /// deliveries that they came with
    Session(session::Args),
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Lot(args) => lot::run(&args, context),
        Command::Session(args) => session::run(&args, context),
    }
}

/// The number of an entry.
fn entry(seq: u64) -> Cell {
    Cell::Integer(i64::try_from(seq).unwrap_or(i64::MAX))
}

/// Of a use: the hold in force when it was recorded as if the lot might be used.
fn held_by() -> Column {
    Column::right("held_by", "held by")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
