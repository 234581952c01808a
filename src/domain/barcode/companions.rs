//! Which elements must and may stand beside which, over the whole text.

use super::identifier::{Derived, Index};
use super::problem::Code;
use super::scan::Scan;

/// Adds what is wrong between the elements of a text. What is missing is only asked for where
/// everything could be read: it may stand in the unread rest.
pub(super) fn check(scan: &mut Scan<'_>) {
    let complete = scan.accepted();
    let mut checked = 0u64;
    for place in 0..scan.elements.len() {
        let Some(index) = scan.elements[place].index else {
            continue;
        };
        if checked & index.bit() != 0 {
            continue;
        }
        checked |= index.bit();
        let at = scan.elements[place].at;
        let Derived { beside, never_beside, .. } = index.derived();
        if scan.present & never_beside != 0 {
            forbidden(scan, index, at);
        }
        for (number, group) in beside.iter().enumerate() {
            if complete && *group != 0 && scan.present & group == 0 {
                missing(scan, index, number, at);
            }
        }
    }
}

fn forbidden(scan: &mut Scan<'_>, index: Index, at: usize) {
    let identifier = index.get();
    let others = identifier.never_beside.iter().copied();
    let found: Vec<_> = others.filter(|other| scan.value(other).is_some()).collect();
    let message = format!(
        "({}) {} may not stand beside {}",
        identifier.code,
        identifier.title,
        named(&found)
    );
    scan.problem(
        Code::ForbiddenCompanion,
        at,
        message,
        "scan one label at a time; if this is one label, it is wrong: tell the supplier",
    );
}

fn missing(scan: &mut Scan<'_>, index: Index, group: usize, at: usize) {
    let identifier = index.get();
    let message = format!(
        "({}) {} must stand beside {}, and the text has none",
        identifier.code,
        identifier.title,
        named(identifier.beside[group])
    );
    scan.problem(
        Code::MissingCompanion,
        at,
        message,
        "scan the label's code that holds all of it, or type in the bracketed text of both codes",
    );
}

/// `(01) GTIN or (8006) piece of a trade item`.
fn named(codes: &[&str]) -> String {
    let mut text = String::with_capacity(80);
    for code in codes {
        let or = if text.is_empty() { "" } else { " or " };
        let title = Index::of_code(code).map_or("", |index| index.get().title);
        text.extend([or, "(", code, ") ", title]);
    }
    text
}
