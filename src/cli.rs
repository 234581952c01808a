//! The top of the command line: global flags, the list of commands and its one match.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::across;
use crate::commands;
use crate::config::{Flags, Settings, first_manner};
use crate::context::{Context, Surroundings};
use crate::error::{Failure, Kind, Outcome};

/// The lot book of a micro-needling clinic: stock by lot, sessions checked against protocols, and
/// an audit trail that shows what was changed.
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
    /// Products
    Product(Noun<commands::product::Command>),
    /// Places of the clinic
    Place(Noun<commands::place::Command>),
    /// Members of staff
    Staff(Noun<commands::staff::Command>),
    /// Client references
    Client(Noun<commands::client::Command>),
    /// Take a delivery of one lot into stock
    Receive(commands::receive::Args),
    /// Open a tube, vial or bottle: exactly one pack, from now on with a discard-by
    Open(commands::open::Args),
    /// Throw stock away, with a reason
    Waste(commands::waste::Args),
    /// Lots: hold one everywhere at once, or release it again
    Lot(Noun<commands::lot::Command>),
    /// Reverse an earlier command, whole or not at all; the originals stay in the ledger
    Undo(commands::undo::Args),
    /// What there is of each product, and what of it may be used today
    Stock(commands::stock::Args),
    /// The audit trail: read it, export it for an inspector, verify it
    Audit(Noun<commands::audit::Command>),
    /// Treatment sessions
    Session(Noun<commands::session::Command>),
    /// Protocols: how a session must go
    Protocol(Noun<commands::protocol::Command>),
    /// Judge sessions by the protocols that they are pinned to
    Check(commands::check::Args),
    /// Follow a lot forward to its sessions and clients, or a session back to its lots
    Trace(Noun<commands::trace::Command>),
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

// The commands about one thing, which are built when that thing is named. Not a doc comment: that
// would be the first line of their help.
#[derive(Debug, clap::Args)]
struct Noun<C: Subcommand> {
    #[command(subcommand)]
    command: C,
}

/// What a command has to do with `--at`.
enum At {
    /// It records what happened then.
    Happened,
    /// It records what holds from its entry on: entries are read in their order, so an earlier day
    /// would be written and mean nothing.
    FromNowOn,
    /// It only reads, or is about no moment of its own.
    Nothing,
}

impl Command {
    fn at(&self) -> At {
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
            | Self::Demo(_) => At::Nothing,
            Self::Product(noun) => match noun.command {
                product::Command::List | product::Command::Show(_) => At::Nothing,
                product::Command::Add(_)
                | product::Command::Edit(_)
                | product::Command::Retire(_) => At::FromNowOn,
            },
            Self::Place(noun) => match noun.command {
                place::Command::List => At::Nothing,
                place::Command::Add(_) => At::FromNowOn,
            },
            Self::Staff(noun) => match noun.command {
                staff::Command::List => At::Nothing,
                staff::Command::Add(_) | staff::Command::Edit(_) => At::FromNowOn,
            },
            Self::Protocol(noun) => match noun.command {
                protocol::Command::Publish(_) => At::FromNowOn,
                _ => At::Nothing,
            },
            Self::Client(_) => At::FromNowOn,
            Self::Session(noun) => match noun.command {
                session::Command::Show(_) | session::Command::List(_) => At::Nothing,
                _ => At::Happened,
            },
            _ => At::Happened,
        }
    }

    /// Whether it can be asked of every book of a server: it reads, and shows a table.
    fn asks_books(&self) -> bool {
        match self {
            Self::Stock(_) | Self::Check(_) | Self::Trace(_) => true,
            Self::Audit(noun) => matches!(noun.command, commands::audit::Command::Log(_)),
            _ => false,
        }
    }
}

/// Refuses `--at` where no entry would mean what it says.
fn refuse_at(at: &str, what: &At) -> Outcome {
    let why = match what {
        At::Happened => return Ok(()),
        At::Nothing => "it says when something happened that is recorded, and nothing is",
        At::FromNowOn => {
            "products, places, people, clients and protocols are what the book says of them from \
             its entry on, and never were so before it"
        }
    };
    let refusal = Failure::usage(format!("--at {at} has no place here"));
    Err(refusal.detail(why).hint("leave --at out"))
}

fn dispatch(command: Command, context: &mut Context) -> Outcome {
    if let Some(at) = &context.settings.at {
        refuse_at(at, &command.at())?;
    }
    match command {
        Command::Init(args) => commands::init::run(args, context),
        Command::Product(noun) => commands::product::run(noun.command, context),
        Command::Place(noun) => commands::place::run(noun.command, context),
        Command::Staff(noun) => commands::staff::run(noun.command, context),
        Command::Client(noun) => commands::client::run(noun.command, context),
        Command::Receive(args) => commands::receive::run(args, context),
        Command::Open(args) => commands::open::run(args, context),
        Command::Waste(args) => commands::waste::run(args, context),
        Command::Lot(noun) => commands::lot::run(noun.command, context),
        Command::Undo(args) => commands::undo::run(args, context),
        Command::Stock(args) => commands::stock::run(args, context),
        Command::Audit(noun) => commands::audit::run(noun.command, context),
        Command::Session(noun) => commands::session::run(noun.command, context),
        Command::Protocol(noun) => commands::protocol::run(noun.command, context),
        Command::Check(args) => commands::check::run(&args, context),
        Command::Trace(noun) => commands::trace::run(noun.command, context),
        Command::Scan(args) => commands::scan::run(&args, context),
        Command::Books => commands::books::run(context),
        Command::Grant(args) => commands::grant::run(&args, context),
        Command::Copy(args) => commands::copy::run(args, context),
        Command::Demo(args) => commands::demo::run(args, context),
    }
}

/// Reads a command line.
///
/// The flags that every command knows are copied into each command, which costs a start more than
/// anything else here. So the words are first read as if there were only the command that they
/// name; whatever is wrong with them is said by the whole.
fn parse(words: &[OsString]) -> clap::error::Result<Cli> {
    let whole = Cli::command();
    let named = words.iter().skip(1).find_map(|word| whole.find_subcommand(word)).cloned();
    if let Some(named) = named {
        let small = Flags::augment_args(clap::Command::new("lotbook"));
        let read = small.subcommand(named).try_get_matches_from(words);
        if let Ok(cli) = read.and_then(|matches| Cli::from_arg_matches(&matches)) {
            return Ok(cli);
        }
    }
    Cli::try_parse_from(words)
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
    let args = asked_for_help(args.into_iter().collect());
    let Surroundings { environment, folders, clock, ids, ui } = surroundings;
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(error) => {
            let mut ui = ui(first_manner(&Flags::default(), &environment));
            let is_text = error.kind() != ErrorKind::InvalidUtf8;
            return fail(&mut ui, &if is_text { mistyped(error, &args) } else { no_text(&args) });
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
        Err(failure) => {
            let failure = context.named(failure);
            fail(&mut context.ui, &failure)
        }
    }
}

/// `help` and `help COMMAND` in the words that every command knows: `COMMAND --help`.
fn asked_for_help(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(|word| word == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}

/// The refusal of a line that clap can't read, with the help of the command that it names.
fn mistyped(error: clap::Error, args: &[OsString]) -> Failure {
    if !error.use_stderr() {
        // Help and the version are answers, and clap gives them as errors.
        return error.into();
    }
    Failure::from(error).or_hint(|| {
        let whole = command();
        let (mut path, mut command) = (vec![whole.get_name()], &whole);
        for word in args.iter().skip(1) {
            let Some(named) = command.find_subcommand(word) else { continue };
            (path, command) = ([path, vec![named.get_name()]].concat(), named);
        }
        format!("see how it is written: {} --help", path.join(" "))
    })
}

/// The refusal of an argument that is no text.
fn no_text(args: &[OsString]) -> Failure {
    let wrong = args.iter().find(|arg| arg.to_str().is_none()).map(|arg| arg.to_string_lossy());
    Failure::usage(format!("`{}` is not UTF-8 text", wrong.unwrap_or_default()))
        .detail("what a book keeps must read the same on every computer")
        .hint("type it as it is printed, in a terminal that is set to UTF-8")
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
    across::ask(context, |context| dispatch(parse(args)?.command, context))
}

fn fail(ui: &mut crate::ui::Ui, failure: &Failure) -> u8 {
    ui.failure(failure);
    if failure.kind() != Kind::ClosedPipe {
        // What was printed before the failure still belongs to the answer.
        let _ = ui.finish();
    }
    failure.kind().exit_code()
}
