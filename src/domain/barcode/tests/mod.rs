//! What the parser promises: on real labels, on all that the table allows, on any text at all.

mod docs;
mod fuzz;
mod hibc;
mod labels;
mod links;
mod pinned;
mod separators;
mod table;

use super::{Code, Scan, ScanSettings, Today, read};

/// Reads a text in 2026 from a scanner that sends GS.
fn scan(text: &str) -> Scan<'_> {
    read(text, &ScanSettings::default(), Today::in_year(2026))
}

fn codes(scan: &Scan<'_>) -> Vec<Code> {
    scan.problems.iter().map(|problem| problem.code).collect()
}

fn elements<'a>(scan: &'a Scan<'_>) -> Vec<(&'a str, &'a str)> {
    scan.elements.iter().map(|element| (element.ai, &*element.value)).collect()
}

/// A text that is accepted without any problem.
#[track_caller]
fn clean(text: &str) -> Scan<'_> {
    let scan = scan(text);
    assert_eq!(scan.problems, [], "{text}");
    scan
}

/// A text that is refused for exactly these reasons, in this order.
#[track_caller]
fn refused(text: &str, reasons: &[Code]) {
    let scan = scan(text);
    assert_eq!(codes(&scan), reasons, "{text}: {:#?}", scan.problems);
    assert!(!scan.accepted(), "{text}");
}
