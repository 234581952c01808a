//! `protocol`: the files that say how a session must go.

mod lint;
mod list;
mod publish;
mod show;
mod text;

use crate::context::Context;
use crate::error::Outcome;

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// List the protocols of the book, and the shipped ones that are not published yet
    List(list::Args),
    /// Show a protocol in words: its steps, what each asks for, and every rule with its reason
    Show(show::Args),
    /// Look at protocol files and say everything that is wrong with them, with line and caret
    Lint(lint::Args),
    /// Publish a protocol: sessions start with it, and are judged by this very text for ever
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
