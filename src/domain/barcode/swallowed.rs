//! Finds values that seem to have swallowed the next element because a separator is missing.
//!
//! A scanner that drops the separator turns lot `AB1` and expiry 2026-06-30 into the one lot
//! `AB117260630`, which is valid text. Nothing can prove it, so this is a warning. A whole date at
//! the end of a value is suspected in every text. A lot or serial number begins with two digits
//! that many lots hold, so it is suspected only where the text has no separator at all.

use super::date::{Today, Written, yymmdd};
use super::identifier::{Index, set_of};
use super::problem::Code;
use super::scan::{Element, Scan};
use super::value::{self, Place};

/// Values of free text that stand beside a product. What partners and companies agreed between
/// themselves, (90) to (99), may look like anything.
const SWALLOWING: u64 = set_of(&[
    "10", "21", "22", "235", "240", "241", "243", "250", "251", "400", "710", "711", "712", "713",
    "714", "715", "716", "717", "8012",
]);

/// Warns of every value that may hold another element, where all is right so far.
pub(super) fn check(scan: &mut Scan<'_>, separated: bool, today: Today) {
    if !scan.accepted() {
        return;
    }
    for place in 0..scan.elements.len() {
        let Element { ai, value, at, index } = &scan.elements[place];
        if index.is_none_or(|index| index.bit() & SWALLOWING == 0) {
            continue;
        }
        let begins = |from: &usize| begins_element(&value.as_bytes()[*from..], separated);
        let mut places = (1..value.len()).filter(begins);
        let from = places.find(|from| is_sequence(&value[*from..], scan.present, today));
        let Some((from, index)) =
            from.and_then(|from| Some((from, Index::at_start(value[from..].as_bytes())?)))
        else {
            continue;
        };
        let (kept, tail) = value.split_at(from);
        let (code, title) = (index.get().code, index.get().title);
        let rest = &tail[code.len()..];
        let message = format!(
            "({ai}) '{value}' may be '{kept}' and ({code}) {title} '{rest}' \
             without a separator between"
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
}

/// Whether an element that may be swallowed can begin so: at once, because every lot is asked at
/// every place.
const fn begins_element(text: &[u8], separated: bool) -> bool {
    match text {
        [b'1', b'1' | b'3' | b'5' | b'6' | b'7', ..]
        | [b'7', b'0', b'0', b'3' | b'7', ..]
        | [b'8', b'0', b'0', b'8', ..] => text.len() > 7,
        [b'1', b'0', ..] | [b'2', b'1', ..] => !separated,
        _ => false,
    }
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
            "7003" | "7007" | "8008" => return is_right(index, value, today),
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

/// Whether a date of variable length is right, to the end of the value.
fn is_right(index: Index, text: &str, today: Today) -> bool {
    let mut problems = Vec::new();
    value::check(index, text, Place { start: 0, verbatim: false }, today, &mut problems)
        && problems.is_empty()
}
