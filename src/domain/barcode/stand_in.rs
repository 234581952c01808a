//! Finds what a scanner sends in place of the separator where the settings don't name it.
//!
//! Most stand-ins hold a character that no value may hold, so that an unnamed one is refused as
//! a wrong character. Words in angle brackets don't: all their characters are of GS1's set, and
//! lot `AB<GS>17300331` is valid text. No label is known that bears such a word, and scanners do
//! send them, so taking it for a lot would bury an expiry in it.

use super::problem::Code;
use super::scan::Scan;

/// The words that scanners are known to be set up with, in any case.
const WORDS: [&str; 2] = ["<GS>", "<FNC1>"];

/// Refuses every value of a scanned text that holds such a word: the settings would have cut it
/// there.
pub(super) fn check_scanned(scan: &mut Scan<'_>) {
    check(scan, |word| {
        format!("write into the settings file: separators = [\"{word}\"] (see docs/barcodes.md)")
    });
}

/// Refuses every such value of a text in which no separator is written, whatever the settings say.
pub(super) fn check_typed(scan: &mut Scan<'_>) {
    check(scan, |word| {
        format!("take {word} out: bracketed text and web addresses are written without separators")
    });
}

fn check(scan: &mut Scan<'_>, remedy: impl Fn(&str) -> String) {
    let holding = scan.elements.iter().filter(|element| element.value.contains('<'));
    let found = holding
        .filter_map(|element| Some((element.ai, element.at, word_in(&element.value)?.to_owned())));
    let found: Vec<_> = found.collect();
    for (ai, at, word) in found {
        match ai {
            "10" => scan.lot = None,
            "21" => scan.serial = None,
            _ => {}
        }
        let message = format!("({ai}) holds '{word}', which scanners send for the separator");
        scan.problem(Code::UnnamedSeparator, at, message, remedy(&word));
    }
}

/// The first such word of a value, as it is written there.
fn word_in(value: &str) -> Option<&str> {
    let mut opened = value.match_indices('<').map(|(at, _)| &value[at..]);
    opened.find_map(|rest| {
        let begins = |word: &&str| rest.get(..word.len());
        let found =
            WORDS.iter().find(|word| begins(word).is_some_and(|it| it.eq_ignore_ascii_case(word)));
        found.and_then(begins)
    })
}
