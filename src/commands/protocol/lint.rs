//! `protocol lint`: every problem of protocol files at once. It needs no book.

use std::path::PathBuf;

use super::text::{Text, read};
use crate::context::Context;
use crate::domain::diagnostic::{Diagnostic, Level, any_error};
use crate::domain::protocol::parse;
use crate::error::{Failure, Outcome};
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
#[command(after_help = "It ends with exit 1 where a file has errors, and 0 where it has none or \
    only warnings.")]
pub struct Args {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// How many files are how.
#[derive(Default)]
struct Counts {
    wrong: usize,
    unread: usize,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut counts = Counts::default();
    let mut table = table();
    for path in &args.files {
        match read(path) {
            Ok(text) => {
                let (_, problems) = parse(&text.text);
                counts.wrong += usize::from(any_error(&problems));
                say(&text, &problems, &mut table, context)?;
            }
            Err(failure) if args.files.len() == 1 => return Err(failure),
            Err(failure) => {
                counts.unread += 1;
                context.ui.failure(&failure);
            }
        }
    }
    if context.settings.format != Format::Table {
        context.ui.show(&Report::of("lotbook/lint/1", table), context.settings.format)?;
    }
    verdict(&counts, args.files.len())
}

/// Draws the problems on a screen, or keeps them as rows for a program.
fn say(text: &Text, problems: &[Diagnostic], table: &mut Table, context: &mut Context) -> Outcome {
    if context.settings.format != Format::Table {
        problems.iter().for_each(|problem| table.row(row(text, problem)));
        return Ok(());
    }
    if problems.is_empty() {
        return context.ui.print(&format!("{} lints clean", text.name));
    }
    context.ui.problems(&text.name, &text.text, problems);
    Ok(())
}

fn verdict(counts: &Counts, all: usize) -> Outcome {
    let Counts { wrong, unread } = *counts;
    match (unread, wrong) {
        (0, 0) => Ok(()),
        (0, 1) if all == 1 => Err(Failure::no("the file has errors")),
        (0, _) => Err(Failure::no(format!("{wrong} of {all} files have errors"))),
        _ => Err(Failure::usage(format!(
            "of {all} files {unread} could not be read, and {wrong} have errors"
        ))),
    }
}

fn table() -> Table {
    Table::new([
        Column::left("file", "file"),
        Column::right("line", "line"),
        Column::right("column", "column"),
        Column::left("level", "level"),
        Column::left("code", "code"),
        Column::left("message", "message"),
        Column::left("remedy", "remedy"),
    ])
}

fn row(text: &Text, problem: &Diagnostic) -> [Cell; 7] {
    let before = text.text.get(..problem.span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let tone = if problem.level == Level::Error { Tone::Bad } else { Tone::Warn };
    [
        Cell::text(&text.name),
        (line as u64).into(),
        (column as u64).into(),
        Cell::label(problem.level.to_string(), tone),
        problem.code.into(),
        Cell::text(&problem.message),
        Cell::maybe(problem.remedy.as_ref()),
    ]
}
