//! The top of the command line: global flags, the list of commands and its one match.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

use crate::across;
use crate::commands;
use crate::config::{Flags, Settings, first_manner};
use crate::context::{Context, Surroundings};
use crate::error::{Failure, Kind, Outcome};

/// The lot book of a micro-needling clinic: stock by lot, sessions checked against protocols, and
/// an audit trail that proves itself.
#[derive(Debug, Parser)]
#[command(name = "lotbook", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

// Deferred: building every flag of every command would cost a start a quarter of its memory.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Make a new book, with its first manager and the place `stockroom`
    Init(commands::init::Args),
    #[command(subcommand)]
    Product(commands::product::Command),
    #[command(subcommand)]
    Place(commands::place::Command),
    #[command(subcommand)]
    Staff(commands::staff::Command),
    #[command(subcommand)]
    Client(commands::client::Command),
    /// Take a delivery of one lot into stock
    Receive(commands::receive::Args),
    /// Open a tube, vial or bottle: exactly one pack, from now on with a discard-by
    Open(commands::open::Args),
    /// Throw stock away, with a reason
    Waste(commands::waste::Args),
    #[command(subcommand)]
    Lot(commands::lot::Command),
    /// Reverse an earlier command, whole or not at all; the originals stay in the ledger
    Undo(commands::undo::Args),
    /// What there is of each product, and what of it may be used today
    Stock(commands::stock::Args),
    #[command(subcommand)]
    Audit(commands::audit::Command),
    #[command(subcommand)]
    Session(commands::session::Command),
    #[command(subcommand)]
    Protocol(commands::protocol::Command),
    /// Judge sessions by the protocols that they are pinned to
    Check(commands::check::Args),
    #[command(subcommand)]
    Trace(commands::trace::Command),
    /// Say what a barcode holds, what it is, and whether it may be used today
    Scan(commands::scan::Args),
    /// List the books on a PostgreSQL server that the database user may see
    Books,
    /// Give a database user the rights of a role on a book's tables, and no others
    Grant(commands::grant::Args),
    /// Copy the whole book to another place, such as a server, and prove that both are the same
    Copy(commands::copy::Args),
    /// Make the book of a made-up clinic, and show what the program does with it
    Demo(commands::demo::Args),
}

impl Command {
    /// Whether it only reads, or is about no moment of its own: `--at` has no place there.
    fn has_no_time(&self) -> bool {
        use commands::{place, product, protocol, session, staff};
        match self {
            Self::Init(_)
            | Self::Stock(_)
            | Self::Audit(_)
            | Self::Check(_)
            | Self::Trace(_)
            | Self::Scan(_)
            | Self::Books
            | Self::Grant(_)
            | Self::Copy(_)
            | Self::Demo(_) => true,
            Self::Product(command) => {
                matches!(command, product::Command::List | product::Command::Show(_))
            }
            Self::Place(command) => matches!(command, place::Command::List),
            Self::Staff(command) => matches!(command, staff::Command::List),
            Self::Session(command) => {
                matches!(command, session::Command::Show(_) | session::Command::List(_))
            }
            Self::Protocol(command) => !matches!(command, protocol::Command::Publish(_)),
            _ => false,
        }
    }

    /// Whether it can be asked of every book of a server: it reads, and shows a table.
    fn asks_books(&self) -> bool {
        use commands::audit;
        matches!(
            self,
            Self::Stock(_) | Self::Check(_) | Self::Trace(_) | Self::Audit(audit::Command::Log(_))
        )
    }
}

fn dispatch(command: Command, context: &mut Context) -> Outcome {
    if let Some(at) = context.settings.at.as_ref().filter(|_| command.has_no_time()) {
        return Err(Failure::usage(format!("--at {at} has no place here"))
            .detail("it says when something happened that is recorded, and nothing is")
            .hint("leave --at out"));
    }
    match command {
        Command::Init(args) => commands::init::run(args, context),
        Command::Product(command) => commands::product::run(command, context),
        Command::Place(command) => commands::place::run(command, context),
        Command::Staff(command) => commands::staff::run(command, context),
        Command::Client(command) => commands::client::run(command, context),
        Command::Receive(args) => commands::receive::run(args, context),
        Command::Open(args) => commands::open::run(args, context),
        Command::Waste(args) => commands::waste::run(args, context),
        Command::Lot(command) => commands::lot::run(command, context),
        Command::Undo(args) => commands::undo::run(args, context),
        Command::Stock(args) => commands::stock::run(args, context),
        Command::Audit(command) => commands::audit::run(command, context),
        Command::Session(command) => commands::session::run(command, context),
        Command::Protocol(command) => commands::protocol::run(command, context),
        Command::Check(args) => commands::check::run(&args, context),
        Command::Trace(command) => commands::trace::run(command, context),
        Command::Scan(args) => commands::scan::run(&args, context),
        Command::Books => commands::books::run(context),
        Command::Grant(args) => commands::grant::run(&args, context),
        Command::Copy(args) => commands::copy::run(args, context),
        Command::Demo(args) => commands::demo::run(args, context),
    }
}

/// The whole command line as clap knows it, for the reference and its test. A run builds only the
/// part that it was asked for.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Runs one command of the demo's tour in a context that is there already, so that what the tour
/// shows is what the command prints.
pub fn run_words(words: &[OsString], context: &mut Context) -> Outcome {
    let program = OsString::from("lotbook");
    let cli = Cli::try_parse_from(std::iter::once(&program).chain(words))?;
    let former = context.settings.staff.clone();
    if cli.flags.staff.is_some() {
        context.settings.staff = cli.flags.staff;
    }
    let done = dispatch(cli.command, context);
    context.settings.staff = former;
    done
}

/// Runs the program: parses, runs the command, shows its failure, returns the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>, surroundings: Surroundings) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let Surroundings { environment, folders, clock, ids, ui } = surroundings;
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            let mut ui = ui(first_manner(&Flags::default(), &environment));
            return fail(&mut ui, &error.into());
        }
    };
    let settings = match Settings::read(&cli.flags, &environment, &folders) {
        Ok(settings) => settings,
        Err(failure) => {
            let mut ui = ui(first_manner(&cli.flags, &environment));
            return fail(&mut ui, &failure);
        }
    };
    let mut context = Context::new(ui(settings.manner), settings, clock, ids);
    let done = match cli.flags.all_books {
        false => dispatch(cli.command, &mut context).map(|()| 0),
        true => ask_books(&args, &cli.command, &mut context),
    };
    match done.and_then(|code| context.ui.finish().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => fail(&mut context.ui, &failure),
    }
}

/// Asks every book of the server what was asked; the words are read again for each of them.
fn ask_books(args: &[OsString], command: &Command, context: &mut Context) -> Outcome<u8> {
    if !command.asks_books() {
        return Err(Failure::usage("--all-books has no place here")
            .detail("it asks every book of a server, and this is about one book")
            .hint(
                "leave it out, or ask one of: stock, check, trace lot, trace session, audit log",
            ));
    }
    across::ask(context, |context| dispatch(Cli::try_parse_from(args)?.command, context))
}

fn fail(ui: &mut crate::ui::Ui, failure: &Failure) -> u8 {
    ui.failure(failure);
    if failure.kind() != Kind::ClosedPipe {
        // What was printed before the failure still belongs to the answer.
        let _ = ui.finish();
    }
    failure.kind().exit_code()
}
