//! Elements as they are printed for people: `(01)00844588003288(17)141120(10)7654321D`.
//!
//! Each opening bracket begins an identifier, except after a backslash: `\(` is a bracket inside
//! a value. No separators are needed.

use std::borrow::Cow;

use super::companions;
use super::contradiction;
use super::date::Today;
use super::excerpt::excerpt;
use super::identifier::Index;
use super::problem::Code;
use super::scan::{Kind, Scan};
use super::stand_in;
use super::value::Place;

/// Reads a text that begins with an opening bracket at byte `start`.
pub(super) fn read(text: &str, start: usize, today: Today) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::Gs1);
    let mut at = start;
    while at < text.len() && scan.has_room(at) {
        let Some(closing) = text[at..].find(')').map(|closing| at + closing) else {
            not_closed(&mut scan, &text[at..], at);
            break;
        };
        let code = &text[at + 1..closing];
        let value_at = closing + 1;
        let end = end_of_value(text, value_at);
        match Index::of_code(code) {
            Some(index) => {
                let written = &text[value_at..end];
                let value = unescaped(written);
                let verbatim = matches!(value, Cow::Borrowed(_));
                scan.take(index, value, at, Place { start: value_at, verbatim }, today);
            }
            None => unknown(&mut scan, code, at),
        }
        at = end;
    }
    companions::check(&mut scan);
    stand_in::check_typed(&mut scan);
    contradiction::check(&mut scan, today);
    scan
}

/// Where the next bracket opens that no backslash stands before, or the text ends.
fn end_of_value(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    (from..bytes.len())
        .find(|at| bytes[*at] == b'(' && (*at == from || bytes[at - 1] != b'\\'))
        .unwrap_or(bytes.len())
}

fn unescaped(written: &str) -> Cow<'_, str> {
    if written.contains('\\') {
        Cow::Owned(written.replace("\\(", "("))
    } else {
        Cow::Borrowed(written)
    }
}

fn not_closed(scan: &mut Scan<'_>, rest: &str, at: usize) {
    scan.problem(
        Code::WrongBracket,
        at,
        format!("the bracket of '{}' is not closed", excerpt(rest)),
        "write each element as (identifier)value, and a bracket inside a value as \\(",
    );
}

fn unknown(scan: &mut Scan<'_>, code: &str, at: usize) {
    scan.problem(
        Code::UnknownIdentifier,
        at,
        format!("({}) is no known application identifier", excerpt(code)),
        "compare the label; a bracket inside a value is written \\(",
    );
}
