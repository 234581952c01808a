//! `audit verify`: does the trail hold, and how far can that be trusted?

use std::path::{Path, PathBuf};

use super::bundle;
use crate::config::Address;
use crate::context::Context;
use crate::domain::replay::Noted;
use crate::domain::trail::checkpoint::Checkpoint;
use crate::error::{Failure, Outcome};
use crate::store::Verified;
use crate::views::assurance::{Assurance, Verdict, report};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of an export; without it, the book itself
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// A checkpoint.txt that was kept elsewhere since an earlier export
    #[arg(long, value_name = "NOTE")]
    checkpoint: Option<PathBuf>,
}

const BOOK_CHECKS: &[&str] = &[
    "every entry is in its one form, in order, and follows from those before it",
    "every line has the hash that is stored, all of them the root",
    "every row of every table is what the entries make it",
    "the protocol texts are those that the entries name",
];

/// What is checked of the database itself, where it is a file.
const FENCES: &str = "the fences of the database stand and its pages are whole";

/// The same on a server, which doesn't show its pages.
const FENCES_OF_A_SERVER: &[&str] = &[
    "the fences of the database stand, and nobody but those named below gets round them",
    "every index leads to the rows of its table, all of them",
];

const FOLDER_CHECKS: &[&str] = &[
    "the files are those of SHA256SUMS and no others",
    "every entry is in its one form, in order, and follows from those before it",
    "number and root of the entries are the checkpoint's",
    "the lists of staff and products say what the entries say",
    "the protocol texts are those that the entries name",
];

/// The longest note that is read, in bytes.
const NOTE_MAX_BYTES: u64 = 1 << 16;

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let outside = outside(&args)?;
    let (target, verified, checks) = match &args.folder {
        Some(folder) => {
            let found = folder_of(folder, &outside, context)?;
            (folder.display().to_string(), found, FOLDER_CHECKS.to_vec())
        }
        None => {
            let path = context.settings.book.to_string();
            let found = book(&outside, context);
            let found = found.map_err(|failure| failure.tried("lotbook audit verify"))?;
            (path, found, of_book(&context.settings.book))
        }
    };
    let report = report(&Verdict {
        target: &target,
        size: verified.size,
        root: verified.root,
        assurance: verified.noted.covered().map_or(Assurance::SelfAttested, Assurance::Witnessed),
        problems: &verified.problems,
        is_other: is_other(&verified),
        checks: &checks,
        unchecked: &verified.unchecked,
        foreign: &verified.foreign,
    });
    context.ui.show(&report, context.settings.format)?;
    if verified.problems.is_empty() {
        return if verified.foreign.is_empty() { Ok(()) } else { Err(foreign(&verified.foreign)) };
    }
    if is_other(&verified) {
        return Err(other());
    }
    Err(Failure::no(match verified.problems.first_bad_entry() {
        Some(seq) if is_of_those_before(&verified, seq) => format!(
            "the trail does not hold: one of the entries before {seq} was changed, added or left \
             out, and nothing says which"
        ),
        Some(seq) => format!("the trail does not hold: the first bad entry is {seq}"),
        None => "the trail does not hold; no single entry shows why".to_owned(),
    })
    .hint("keep it as it is, and compare it with an older copy or checkpoint"))
}

/// Whether nothing is wrong with an entry but the root that it records of those before it.
fn is_of_those_before(verified: &Verified, seq: u64) -> bool {
    let with_it = verified.problems.iter().filter(|problem| problem.seq == Some(seq));
    verified.unfit == Some(seq) && with_it.count() == 1
}

/// Whether nothing else is wrong than that the checkpoint is of another book.
fn is_other(verified: &Verified) -> bool {
    verified.noted == Noted::OtherBook && verified.problems.iter().len() == 1
}

/// The entries agree with themselves, and the checkpoint is of another book.
fn other() -> Failure {
    Failure::no("the checkpoint is of another book, so it says nothing of these entries")
        .detail("either it is not the one of this book, or another book was put in its place")
        .hint("give the checkpoint of this book, or leave --checkpoint out")
        .hint("if it is the right one, keep what lies here, and ask for the book that it is of")
}

/// The entries hold, and what lies beside them says something else than this program's files do.
fn foreign(names: &[String]) -> Failure {
    let (names, are, them) = match names {
        [name] => (name.clone(), "is", "it"),
        names => (names.join(" and "), "are", "them"),
    };
    Failure::no(format!("{names} {are} not what this program writes"))
        .detail("another version of it made this folder, or somebody changed it since")
        .hint(format!(
            "neither run nor believe {them}; the entries were judged without {them}. Verify with \
             the version that made the folder, or with a verify.py from elsewhere"
        ))
}

/// What is checked of a book, by where it lies.
fn of_book(book: &Address) -> Vec<&'static str> {
    let of_the_database = match book {
        Address::File(_) => &[FENCES][..],
        Address::Server(_) => FENCES_OF_A_SERVER,
    };
    [BOOK_CHECKS, of_the_database].concat()
}

/// The checkpoint from outside. One that lies in the folder itself is not from outside.
fn outside(args: &Args) -> Outcome<Option<Checkpoint>> {
    let Some(path) = &args.checkpoint else { return Ok(None) };
    let inside = args.folder.as_ref().is_some_and(|folder| {
        let real = |path: &Path| path.canonicalize().ok();
        real(path).zip(real(folder)).is_some_and(|(path, folder)| path.starts_with(folder))
    });
    if inside {
        return Err(Failure::usage(format!("{} is a file of that export", path.display()))
            .detail("a checkpoint shows something only if it was kept elsewhere")
            .hint("give one that you kept, or leave --checkpoint out"));
    }
    let note = bundle::read_plain(path, NOTE_MAX_BYTES)
        .map_err(|error| Failure::file("read", path, &error))?;
    let note = Checkpoint::typed(&note).map_err(|error| {
        Failure::usage(format!("{} is no checkpoint: {error}", path.display()))
            .detail("nothing was compared, so this says nothing about the entries")
            .hint("compare it with what you wrote down: lotbook/ID, a number, a hash, a line each")
    })?;
    if note.size() == 0 {
        return Err(Failure::usage(format!("{} covers nothing", path.display()))
            .detail("it was made of 0 entries, and every book agrees with it")
            .hint("give the checkpoint.txt of an export, which covers at least one entry"));
    }
    Ok(Some(note))
}

fn book(outside: &Option<Checkpoint>, context: &mut Context) -> Outcome<Verified> {
    let (book, ui) = context.book_to_verify()?;
    let size = book.inspect(|snapshot| Ok(snapshot.size()))?;
    let mut progress = ui.progress(size, "verifying");
    let mut advance = |by| progress.advance(by);
    Ok(book.inspect(|snapshot| snapshot.verify(outside.as_ref(), &mut advance))?)
}

fn folder_of(
    folder: &Path,
    outside: &Option<Checkpoint>,
    context: &mut Context,
) -> Outcome<Verified> {
    if !folder.is_dir() {
        return Err(Failure::usage(format!("{} is not a folder", folder.display()))
            .hint("name the folder of an export, or leave it out to verify the book"));
    }
    if !bundle::is_export(folder) {
        return Err(Failure::no(format!("{} is no export", folder.display()))
            .detail("nothing of an export lies in it: no audit.csv, no checkpoint.txt, no list")
            .hint("name the folder that audit export made, or leave it out to verify the book"));
    }
    let mut progress = context.ui.progress(0, "verifying");
    let checked = bundle::check(folder, outside.as_ref(), &mut |by| progress.advance(by));
    drop(progress);
    checked
}
