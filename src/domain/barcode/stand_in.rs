//! Finds what a scanner sends in place of the separator where the settings don't name it.
//!
//! Most stand-ins hold a character that no value may hold, so that an unnamed one is refused as
//! a wrong character. Words in angle brackets don't: all their characters are of GS1's set, and
//! lot `AB<GS>17300331` is valid text. No label is known that bears such a word, and scanners do
//! send them, so taking it for a lot would bury an expiry in it.

use super::problem::Code;
use super::scan::Scan;

/// The words that scanners are known to be set up with.
const WORDS: [&str; 2] = ["<GS>", "<FNC1>"];

/// Refuses every value that holds such a word: the settings would have cut it there.
pub(super) fn check(scan: &mut Scan<'_>) {
    let holding = scan.elements.iter().filter(|element| element.value.contains('<'));
    let found = holding.filter_map(|element| {
        let word = WORDS.into_iter().find(|word| element.value.contains(word))?;
        Some((element.ai, element.at, word))
    });
    let found: Vec<_> = found.collect();
    for (ai, at, word) in found {
        match ai {
            "10" => scan.lot = None,
            "21" => scan.serial = None,
            _ => {}
        }
        let message = format!("({ai}) holds '{word}', which scanners send for the separator");
        let remedy = format!(
            "write into the settings file: separators = [\"{word}\"] (see docs/barcodes.md)"
        );
        scan.problem(Code::UnnamedSeparator, at, message, remedy);
    }
}
