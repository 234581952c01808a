//! Finds values that seem to have swallowed the next element because a separator is missing.
//!
//! A scanner that drops the separator turns lot `AB1` and expiry 2026-06-30 into the one lot
//! `AB117260630`, which is valid text. Nothing can prove it, so this is a warning, and it is only
//! looked for where the text has no separator at all.

use super::date::{Today, Written, yymmdd};
use super::identifier::Index;
use super::problem::Code;
use super::scan::{Element, Scan};

/// Values that often stand before others, and are free text.
const SWALLOWING: [&str; 4] = ["10", "21", "240", "241"];

/// Warns of the last element, the only one that can have swallowed others, where all is right so
/// far.
pub(super) fn check(scan: &mut Scan<'_>, today: Today) {
    let Some(Element { ai, value, at, .. }) = scan.elements.last() else {
        return;
    };
    if !SWALLOWING.contains(ai) || !scan.accepted() {
        return;
    }
    let found = (1..value.len()).find(|from| is_sequence(&value[*from..], scan.present, today));
    let Some(from) = found else { return };
    let (kept, tail) = value.split_at(from);
    let Some(index) = Index::at_start(tail.as_bytes()) else {
        return;
    };
    let (code, title) = (index.get().code, index.get().title);
    let message = format!(
        "({ai}) '{value}' may be '{kept}' and ({code}) {title} '{}' without a separator between",
        &tail[code.len()..]
    );
    let at = at + ai.len() + from;
    scan.problem(
        Code::MissingSeparator,
        at,
        message,
        "compare the label; if it has both, set the scanner up to send the separator GS \
         (see docs/barcodes.md)",
    );
}

/// Whether a text reads as elements that the scan does not have yet: dates, then perhaps a lot or
/// a serial number.
fn is_sequence(text: &str, present: u64, today: Today) -> bool {
    let mut rest = text;
    let mut present = present;
    while let Some(index) = Index::at_start(rest.as_bytes()) {
        let value = &rest[index.get().code.len()..];
        if present & index.bit() != 0 || value.is_empty() {
            return false;
        }
        present |= index.bit();
        match index.get().code {
            "10" | "21" => return true,
            "11" | "13" | "15" | "16" | "17" => {
                let date = value.as_bytes().get(..6).map(|digits| yymmdd(digits, today));
                if matches!(date, None | Some(Written::Nothing)) {
                    return false;
                }
                rest = &value[6..];
            }
            _ => return false,
        }
        if rest.is_empty() {
            return true;
        }
    }
    false
}
