//! What verifying found, with how far it can be trusted: the label, its meaning, its limits.

use super::report::Report;
use super::table::{Cell, Column, Table, Tone};
use crate::domain::replay::{Problem, Problems};
use crate::domain::trail::hash::Hash;

/// How far a trail that holds can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Nothing from outside was compared.
    SelfAttested,
    /// A checkpoint from outside covers the first so many entries.
    Witnessed(u64),
}

impl Assurance {
    /// The label, which is the same in every report.
    pub fn label(self) -> &'static str {
        match self {
            Self::SelfAttested => "L0 self-attested",
            Self::Witnessed(_) => "L2 witnessed",
        }
    }

    /// What the label means, a sentence each.
    fn meaning(self, size: u64) -> Vec<String> {
        match self {
            Self::SelfAttested => vec![
                "L0: everything agrees with itself; no checkpoint from outside was compared."
                    .into(),
                format!("Whoever owns the book could have written all {size} entries anew."),
                "Compare it with a checkpoint that was kept elsewhere: --checkpoint NOTE".into(),
            ],
            Self::Witnessed(covered) => vec![
                "L2: a checkpoint from outside agrees, if it was you who kept it.".into(),
                format!("The first {covered} entries are those that it was made of."),
                format!("The {} newest entries are covered by none.", size.saturating_sub(covered)),
                "It has no signature: it is worth as much as the place where it was kept.".into(),
            ],
        }
    }
}

/// What no check of a book or a bundle can know.
const UNKNOWN: [&str; 2] = [
    "No check can know what was never entered, or was entered wrongly;",
    "nor whether the clock was right, nor who made an export.",
];

/// What was verified.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'v> {
    /// The book or the folder, as the person named it.
    pub target: &'v str,
    /// How many entries there are.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// How far it can be trusted, if it holds.
    pub assurance: Assurance,
    /// What doesn't hold.
    pub problems: &'v Problems,
    /// Whether that is only that the checkpoint is of another book.
    pub is_other: bool,
    /// The checks that were made, each in a few words.
    pub checks: &'v [&'static str],
    /// What could not be checked, a sentence each.
    pub unchecked: &'v [String],
    /// Files that this program would have written otherwise.
    pub foreign: &'v [String],
}

/// The report of a verification.
pub fn report(verdict: &Verdict<'_>) -> Report {
    let holds = verdict.problems.is_empty();
    let mut report = Report::new("lotbook/audit-verify/1").record("result", "", result(verdict));
    if !holds {
        report = report.list("problems", "what doesn't hold", problems(verdict.problems));
        let more = verdict.problems.more();
        if more > 0 {
            report = report.note(format!("there are {more} more problems"));
        }
    } else {
        let mut checks = Table::new([Column::left("holds", "holds")]);
        verdict.checks.iter().for_each(|check| checks.row([Cell::from(*check)]));
        report = report.list("checks", "", checks);
        for sentence in verdict.assurance.meaning(verdict.size) {
            report = report.note(sentence);
        }
    }
    for name in verdict.foreign {
        report = report.note(format!("NOT KNOWN: {name} is not the one that this program writes"));
    }
    report = verdict.unchecked.iter().fold(report, Report::note);
    UNKNOWN.into_iter().fold(report, Report::note)
}

fn result(verdict: &Verdict<'_>) -> Table {
    let holds = verdict.problems.is_empty();
    let covered = match verdict.assurance {
        Assurance::Witnessed(covered) if holds => covered,
        _ => 0,
    };
    let mut table = Table::new([
        Column::left("verified", "verified"),
        Column::right("entries", "entries"),
        Column::left("root", "root"),
        Column::left("verdict", "verdict"),
        Column::left("assurance", "assurance"),
        Column::right("covered", "covered from outside"),
    ]);
    table.row([
        Cell::text(verdict.target),
        Cell::Integer(verdict.size.cast_signed()),
        Cell::text(verdict.root),
        match (holds, verdict.foreign, verdict.unchecked) {
            (true, [], []) => Cell::label("all of it holds", Tone::Good),
            (true, [], _) => Cell::label("it holds but for what is NOT CHECKED", Tone::Warn),
            (true, [..], _) => Cell::label("the entries hold; a file is NOT KNOWN", Tone::Bad),
            (false, ..) if verdict.is_other => {
                Cell::label("NOT COMPARED: the checkpoint is of another book", Tone::Bad)
            }
            (false, ..) => Cell::label("IT DOES NOT HOLD", Tone::Bad),
        },
        if holds { Cell::from(verdict.assurance.label()) } else { Cell::from("none") },
        Cell::Integer(covered.cast_signed()),
    ]);
    table
}

fn problems(problems: &Problems) -> Table {
    let mut table = Table::new([Column::right("seq", "entry"), Column::left("problem", "problem")]);
    for Problem { seq, what } in problems.iter() {
        let seq = seq.map_or(Cell::Empty, |seq| Cell::Integer(seq.cast_signed()));
        table.row([seq, Cell::text(what)]);
    }
    table
}
