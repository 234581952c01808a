//! GS1 elements one after the other, as scanners type them.
//!
//! Where one element ends follows from its identifier: those of predefined length end by count,
//! all others at a separator or at the end of the text. What the standard's syntax engine does
//! with separators is kept: one after an element of predefined length and one at the end of the
//! text are fine, two in a row are not. A single one at the very beginning is forgiven: some
//! scanners send the FNC1 that marks GS1 codes as a separator.

use std::borrow::Cow;

use super::boundary::Boundary;
use super::companions;
use super::contradiction;
use super::date::Today;
use super::excerpt::excerpt;
use super::identifier::Index;
use super::problem::Code;
use super::scan::{Kind, Scan};
use super::settings::ScanSettings;
use super::stand_in;
use super::swallowed;
use super::value::Place;

/// Reads the elements from byte `start` of the text on.
pub(super) fn read<'a>(
    text: &'a str,
    start: usize,
    settings: &ScanSettings,
    today: Today,
) -> Scan<'a> {
    let mut scan = Scan::empty(Kind::Gs1);
    let mut separators = 0;
    let mut from = start;
    loop {
        let found = settings.find(text, from);
        let (until, next) = found.unwrap_or((text.len(), text.len()));
        let mut reads_on = true;
        if from < until {
            reads_on = read_run(&mut scan, text, from, until, today);
        } else if from > start && found.is_some() {
            empty_element(&mut scan, from);
        }
        if found.is_none() || !reads_on || scan.is_hopeless() {
            break;
        }
        separators += usize::from(from > start || until > start);
        from = next;
    }
    if scan.elements.is_empty() && scan.problems.is_empty() {
        scan.problem(Code::Empty, start, "there is no data to read".to_owned(), "scan it again");
    }
    companions::check(&mut scan);
    stand_in::check_scanned(&mut scan);
    contradiction::check(&mut scan, today);
    swallowed::check(&mut scan, separators > 0, today);
    scan
}

/// Reads the elements between two separators. Whether to read on after them.
fn read_run<'a>(
    scan: &mut Scan<'a>,
    text: &'a str,
    from: usize,
    until: usize,
    today: Today,
) -> bool {
    let mut at = from;
    while at < until {
        if !scan.has_room(at) {
            return false;
        }
        let Some(index) = Index::at_start(&text.as_bytes()[at..until]) else {
            unknown(scan, &text[at..until], at);
            return true;
        };
        let identifier = index.get();
        let value_at = at + identifier.code.len();
        let end = if identifier.is_predefined() {
            until.min(text.ceil_boundary(value_at + index.derived().max))
        } else {
            until
        };
        let place = Place { start: value_at, verbatim: true };
        scan.take(index, Cow::Borrowed(&text[value_at..end]), at, place, today);
        at = end;
    }
    true
}

fn unknown(scan: &mut Scan<'_>, rest: &str, at: usize) {
    let begins = &rest[..rest.ceil_boundary(4)];
    scan.problem(
        Code::UnknownIdentifier,
        at,
        format!("no known application identifier begins with '{}'", excerpt(begins)),
        "scan it again; if it reads the same, a separator before it may be missing \
         (see docs/barcodes.md), or the identifier is one that is not read here",
    );
}

fn empty_element(scan: &mut Scan<'_>, at: usize) {
    scan.problem(
        Code::EmptyElement,
        at,
        "two separators follow each other with nothing between them".to_owned(),
        "scan it again; if it reads the same, check how the scanner sends separators \
         (see docs/barcodes.md)",
    );
}
