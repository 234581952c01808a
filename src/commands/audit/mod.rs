//! `audit`: the trail itself, for whoever checks it.

mod bundle;
mod chosen;
mod digest;
pub mod export;
pub mod log;
pub mod verify;

use crate::context::Context;
use crate::error::Outcome;

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Read the ledger: who did what, when it happened and how late it was written
    ///
    /// With `--format csv` the columns and lines are those of the inspector's audit.csv.
    Log(log::Args),
    /// Export the whole ledger as a folder that an inspector can check without this program
    ///
    /// The export is recorded in the book first, and so is the last entry of the folder. With
    /// `--at-size` an earlier export is made again, byte for byte.
    Export(export::Args),
    /// Verify the book, or an exported folder, and say how far that can be trusted
    Verify(verify::Args),
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Log(args) => log::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Verify(args) => verify::run(args, context),
    }
}
