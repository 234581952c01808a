//! `protocol`: the files that say how a session must go.

mod lint;
mod list;
mod publish;
mod show;
mod text;

use crate::context::Context;
use crate::error::Outcome;

/// Protocols: how a session must go
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Lint(lint::Args),
    Publish(publish::Args),
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::List(args) => list::run(&args, context),
        Command::Show(args) => show::run(&args, context),
        Command::Lint(args) => lint::run(&args, context),
        Command::Publish(args) => publish::run(&args, context),
    }
}
