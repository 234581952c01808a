//! `trace`: where a lot went, and what a session was done with.

mod lot;
mod session;

use crate::context::Context;
use crate::error::Outcome;
use crate::views::table::Cell;

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
