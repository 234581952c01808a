//! `audit log`: the entries of the ledger, or one of them whole.

use super::chosen::Chosen;
use crate::context::{Context, changed_entry, no_entry};
use crate::domain::id::entry_number;
use crate::domain::trail::entry::Entry;
use crate::error::{Failure, Outcome};
use crate::store::{Order, Rows};
use crate::views::Format;
use crate::views::entries::whole;
use crate::views::report::Report;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook audit log --session S-0042\n  \
    lotbook audit log --staff ana --action stock. --from 2026-11-01 --format csv > ana.csv\n\n\
    With --all-books every book on the server answers, as with lotbook trace lot: one book after\n\
    the other, each in its own order and with its own --limit.")]
pub struct Args {
    /// One entry, such as 812, shown whole
    #[arg(conflicts_with_all = ["limit", "order"])]
    entry: Option<String>,
    #[command(flatten)]
    chosen: Chosen,
    /// At most so many entries; a table stops at 50 unless told, a file doesn't
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Which entries come first
    #[arg(long, value_enum, default_value_t)]
    order: First,
}

/// Which entries come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum First {
    /// The newest
    #[default]
    Newest,
    /// The oldest
    Oldest,
}

impl From<First> for Order {
    fn from(first: First) -> Self {
        match first {
            First::Newest => Self::Newest,
            First::Oldest => Self::Oldest,
        }
    }
}

/// How many entries a table shows unless told.
const TABLE_LIMIT: u64 = 50;

pub fn run(args: Args, context: &mut Context) -> Outcome {
    args.chosen.check()?;
    match &args.entry {
        Some(entry) if args.chosen.given().is_empty() => one(entry, context),
        Some(entry) => Err(Failure::usage(format!(
            "{entry} is one entry, and {} chooses among all",
            args.chosen.given().join(", ")
        ))
        .hint(format!("see the entry: lotbook audit log {entry}"))
        .hint("or those that fit: leave the number out")),
        None => many(&args, context),
    }
}

fn many(args: &Args, context: &mut Context) -> Outcome {
    let format = context.settings.format;
    let limit = args.limit.unwrap_or(match format {
        Format::Table => TABLE_LIMIT,
        Format::Csv | Format::Json => u64::MAX,
    });
    let (book, ui) = context.book_and_ui()?;
    let mut log = ui.log(format)?;
    let mut shown = 0;
    let mut more = false;
    let mut written = Ok(());
    let mut unknown = Vec::new();
    let (mut changed, mut line) = (None, String::new());
    book.read(|snapshot| {
        let filter = args.chosen.filter(snapshot)?;
        let mut each = |entry: &Entry<'_>, leaf, corrected_by| {
            more = shown == limit;
            if more {
                return Ok(Rows::Enough);
            }
            if changed.is_none() && !entry.has_leaf(leaf, &mut line) {
                changed = Some(entry.seq);
            }
            written = log.put(entry, corrected_by);
            shown += 1;
            Ok(if written.is_ok() { Rows::More } else { Rows::Enough })
        };
        snapshot.log(&filter, args.order.into(), &mut each)?;
        if shown == 0 {
            unknown = args.chosen.unknown(snapshot)?;
        }
        Ok(())
    })?;
    written.and_then(|()| log.end())?;
    unknown.iter().for_each(|what| ui.hint(what));
    if more {
        ui.note(format!("there are more than {limit} such entries: --limit N shows more"));
    }
    changed.map_or(Ok(()), |seq| Err(changed_entry(seq)))
}

/// One entry with all that it holds.
fn one(text: &str, context: &mut Context) -> Outcome {
    let seq = entry_number(text).ok_or_else(|| {
        Failure::usage(format!("`{text}` does not name an entry"))
            .hint("write the number of an entry, such as 812: lotbook audit log 812")
    })?;
    let format = context.settings.format;
    let (book, ui) = context.book_and_ui()?;
    let mut shown = None;
    let mut holds = true;
    book.read(|snapshot| {
        let corrected_by = snapshot.corrected_by(seq)?;
        snapshot.entry(seq, &mut |entry, leaf| {
            holds = entry.has_leaf(leaf, &mut String::new());
            shown = Some(match format {
                Format::Csv => ui.log(format).and_then(|mut log| Ok(log.put(entry, corrected_by)?)),
                Format::Table | Format::Json => {
                    let table = whole(entry, leaf, corrected_by, format == Format::Table);
                    let report = Report::new("lotbook/audit-entry/1").record("entry", "", table);
                    ui.show(&report, format)
                }
            });
            Ok(Rows::Enough)
        })
    })?;
    shown.ok_or_else(|| no_entry(seq))??;
    if holds { Ok(()) } else { Err(changed_entry(seq)) }
}
