//! Foreign text inside a message: short, on one line, and unable to disturb a terminal.

use std::borrow::Cow;

/// The most characters of a value that a message repeats.
const LONGEST: usize = 32;

/// The beginning of a text, with `<GS>` for separators, escapes for all else that does not print
/// (control and bidirectional characters among them), and an ellipsis where it was cut.
pub(super) fn excerpt(text: &str) -> Cow<'_, str> {
    let begins = &text.as_bytes()[..text.len().min(LONGEST)];
    if begins.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return match text.len() {
            0..=LONGEST => Cow::Borrowed(text),
            _ => Cow::Owned([&text[..LONGEST], "..."].concat()),
        };
    }
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push_str("...");
            break;
        }
        match character {
            '\u{1d}' => shown.push_str("<GS>"),
            '\'' | '"' | '\\' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    Cow::Owned(shown)
}

/// One character in words that can be looked up: "a space", "'#'", "'€' (U+20AC)".
pub(super) fn character(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\r' => "a carriage return (Enter)".to_owned(),
        '\n' => "a line feed (Enter)".to_owned(),
        '\u{1d}' => "a separator (GS)".to_owned(),
        '!'..='~' => format!("'{character}'"),
        _ if character.escape_debug().count() == 1 => {
            format!("'{character}' (U+{:04X})", u32::from(character))
        }
        _ => format!("the character U+{:04X}", u32::from(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_short_and_harmless() {
        assert_eq!(excerpt("10AB\u{1d}21X"), "10AB<GS>21X");
        assert_eq!(excerpt("a\u{202e}b\u{0}\u{1b}[31m"), "a\\u{202e}b\\0\\u{1b}[31m");
        assert_eq!(excerpt(&"9".repeat(1000)).len(), LONGEST + 3);
    }

    #[test]
    fn characters_are_named() {
        assert_eq!(character('#'), "'#'");
        assert_eq!(character('\u{20ac}'), "'\u{20ac}' (U+20AC)");
        assert_eq!(character('\u{202e}'), "the character U+202E");
        assert_eq!(character('\u{0}'), "the character U+0000");
    }
}
