//! Text that can't deceive a reader: what a terminal would obey or hide is shown as an escape.
//!
//! A lot number is whatever a label or a file said it is. Printed raw, an escape character could
//! move the cursor and a bidi mark could make `LOT-12` read as `LOT-21`.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::domain::trail::escape::is_hidden;

/// The text with control characters, line ends, bidi marks and characters of no width written as
/// `\n` or `\u{202e}`; borrows it where there are none.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape_where(text, |letter| letter.is_control() || is_hidden(letter))
}

/// [`visible`] text with its [`width`]; nearly every text is looked at only once.
pub(super) fn measured(text: &str) -> (Cow<'_, str>, usize) {
    if is_printable(text) {
        return (Cow::Borrowed(text), text.len());
    }
    let shown = visible(text);
    let width = width(&shown);
    (shown, width)
}

/// Like [`visible`], for a message of several lines: line ends stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape_where(text, |letter| letter != '\n' && (letter.is_control() || is_hidden(letter)))
}

fn escape_where(text: &str, deceives: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_printable(text) || !text.contains(&deceives) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' if deceives(letter) => shown.extend(letter.escape_default()),
            _ if deceives(letter) => shown.extend(letter.escape_unicode()),
            _ => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

/// Columns that visible text takes on a terminal.
pub fn width(text: &str) -> usize {
    if is_printable(text) { text.len() } else { text.width() }
}

/// Printable ASCII, which nearly every cell is and which needs no look at a Unicode table.
fn is_printable(text: &str) -> bool {
    // No early exit: the loop over a short text then runs on whole vectors of bytes.
    !text.bytes().fold(false, |any, byte| any | !(b' '..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_that_a_terminal_obeys_or_hides_is_printed() {
        let marks = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        let marks = marks.chain(['\u{200e}', '\u{200f}', '\u{61c}', '\u{feff}', '\u{2028}']);
        for letter in ('\0'..' ').chain('\u{7f}'..='\u{9f}').chain(marks) {
            let text = format!("é{letter}b");
            let shown = visible(&text);
            assert!(!shown.contains(letter), "{letter:?} reached the terminal");
            assert!(shown.starts_with("é\\") && shown.ends_with('b'), "{shown}");
        }
        assert_eq!(visible("A\u{202e}B\nC\u{1b}[2J"), "A\\u{202e}B\\nC\\u{1b}[2J");
        assert_eq!(visible_lines("A\nB\r"), "A\nB\\r");
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        for text in ["", "CART-12", "Зал 2", "麻酔クリーム", "µL", "a\\b"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(width("麻酔"), 4);
        assert_eq!(width("µL"), 2);
    }
}
