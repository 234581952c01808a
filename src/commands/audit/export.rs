//! `audit export`: the whole ledger as a folder that an inspector can check alone.

use std::path::PathBuf;

use super::bundle::{Draft, fill};
use super::chosen::Chosen;
use crate::context::Context;
use crate::domain::fact::{Action, Fact};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::error::{Failure, Outcome};
use crate::store::{Receipt, StoreError};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The first so many entries: the number in an earlier export's checkpoint.txt
    #[arg(long, value_name = "N")]
    at_size: Option<u64>,
    /// For whom it is made
    #[arg(long = "for", value_name = "WHO")]
    recipient: Option<String>,
    /// What it is made for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    #[command(flatten)]
    chosen: Chosen,
    /// An older checkpoint that the book grew from
    #[arg(long, value_name = "NOTE", hide = true)]
    since: Option<PathBuf>,
}

const RECORDED: &str = "no folder was made, but the book holds an entry that records this export";

pub fn run(args: Args, context: &mut Context) -> Outcome {
    refuse_parts(&args)?;
    let mut draft = Draft::at(&args.out)?;
    let recorded = record(&args, context)?;
    let size = match (args.at_size, recorded) {
        (Some(size), _) => size,
        (None, Some(receipt)) => receipt.size,
        (None, None) => context.read(|snapshot| Ok(snapshot.size()))?,
    };
    let (book, ui) = context.book_and_ui()?;
    let mut progress = ui.progress(size, "exporting");
    let written =
        book.read(|snapshot| fill(snapshot, size, &mut draft, &mut |by| progress.advance(by)));
    drop(progress);
    let checkpoint = written.map_err(Failure::from).flatten().and_then(|checkpoint| {
        draft.finish()?;
        Ok(checkpoint)
    });
    let checkpoint = checkpoint.map_err(|failure| match recorded {
        None => failure,
        // What the book can't show now, it can't show again.
        Some(_) if failure.is_of_book() => failure.detail(RECORDED),
        Some(_) => failure.detail(RECORDED).hint(format!(
            "make the same one again: lotbook audit export --at-size {size} --out {}",
            quote(&args.out.to_string_lossy())
        )),
    })?;
    let what = format!("exported {size} entries to {}", args.out.display());
    match recorded {
        Some(receipt) => context.changed(&what, receipt)?,
        None => {
            context.ui.print(&what)?;
            context.ui.warn("the book can't be written, so this export is not recorded in it");
        }
    }
    context.ui.note(format!("the root over them is {}", checkpoint.root()));
    context.ui.note(
        "these are the entries; whether the book's own tables fit them: lotbook audit verify",
    );
    context.ui.hint("whoever takes checkpoint.txt along can later tell what was changed since");
    Ok(())
}

/// A part of the ledger needs hashes of what it withholds; until they can be made it is refused.
fn refuse_parts(args: &Args) -> Outcome {
    let mut given = args.chosen.given();
    given.extend(args.since.as_ref().map(|_| "--since"));
    let Some(flag) = given.first() else { return Ok(()) };
    let needs = match *flag {
        "--since" => "a consistency proof",
        _ => "withheld proofs",
    };
    Err(Failure::usage(format!("{flag} needs {needs}, which is not supported yet"))
        .detail("an export holds the whole ledger, so that it can be checked")
        .hint("leave it out, or read a part without proof: lotbook audit log --format csv"))
}

/// Records the export; none where the book can only be read.
fn record(args: &Args, context: &mut Context) -> Outcome<Option<Receipt>> {
    let actor = context.actor()?;
    let at = context.at()?;
    let filters = args.at_size.map(|size| format!("at-size={size}").into());
    let text =
        |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(Into::into);
    let (recipient, purpose) = (text(&args.recipient), text(&args.purpose));
    let book = context.book()?;
    let written = book.write(actor, at, |writing| {
        writing.permit(Action::AuditExport)?;
        let (root, size) = writing.tree();
        check_size(args.at_size, size)?;
        let root = root.to_string().into();
        writing.append(&Fact::AuditExport {
            filters: filters.clone(),
            recipient: recipient.clone(),
            purpose: purpose.clone(),
            root,
            size,
        })
    });
    match written {
        Ok((_, receipt)) => Ok(Some(receipt)),
        Err(StoreError::ReadOnly | StoreError::OnlyReads(_)) => {
            let size = context.read(|snapshot| Ok(snapshot.size()))?;
            check_size(args.at_size, size)?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// An earlier size is one that the book has had.
fn check_size(asked: Option<u64>, size: u64) -> Result<(), Refusal> {
    match asked {
        Some(asked) if asked == 0 || asked > size => {
            Err(Refusal::new(format!("the book has {size} entries, so it never had {asked}"))
                .hint("the size of an earlier export is the second line of its checkpoint.txt"))
        }
        _ => Ok(()),
    }
}
