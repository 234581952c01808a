//! `audit`: the trail itself, for whoever checks it.

mod chosen;
mod log;

use crate::context::Context;
use crate::error::Outcome;

/// The audit trail: read it, export it for an inspector, verify it
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Log(log::Args),
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Log(args) => log::run(args, context),
    }
}
