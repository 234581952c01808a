//! `audit`: the trail itself, for whoever checks it.

mod bundle;
mod chosen;
mod digest;
pub mod export;
pub mod log;
pub mod verify;

use crate::context::Context;
use crate::error::Outcome;

/// The audit trail: read it, export it for an inspector, verify it
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Log(log::Args),
    Export(export::Args),
    Verify(verify::Args),
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Log(args) => log::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Verify(args) => verify::run(args, context),
    }
}
