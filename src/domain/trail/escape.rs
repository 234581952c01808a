//! The reversible escape of one value, so that one entry is one physical line and no cell starts a
//! spreadsheet formula, whatever separator the reader's locale uses.
//!
//! Two things are written differently from what was said:
//!
//! - characters that break a line, hide text or reorder it: the backslash, newline, return, tab,
//!   the semicolon, the Unicode class Cc, and characters that are invisible or turn the direction
//!   of text;
//! - the character that would make a spreadsheet compute: `=`, `+`, `-`, `@` or a full-width form
//!   of one, where only blanks stand before it. It gets a backslash in front.
//!
//! Every text has exactly one escaped form and [`unescape`] accepts no other: it refuses whatever
//! [`escape`] would not have written. These bytes are hashed; the rules never change.

use std::borrow::Cow;

use thiserror::Error;

/// Why a text may not become a value of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InputError {
    /// Empty text: a value that is not there is absent, never empty.
    #[error("is empty; leave it out instead")]
    Empty,
    /// NUL ends a text in too many programs to be written anywhere.
    #[error("holds a NUL character (U+0000)")]
    Nul,
}

/// Why a text is not what [`escape`] writes. `at` counts bytes from the start of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EscapeError {
    /// A character stands there as itself that is always written escaped.
    #[error("{found:?} at byte {at} must be written escaped")]
    Raw {
        /// Where it stands.
        at: usize,
        /// The character.
        found: char,
    },
    /// The value would start a formula and lacks the backslash that prevents it.
    #[error("{found:?} at byte {at} would start a formula and needs a backslash in front")]
    Formula {
        /// Where it stands.
        at: usize,
        /// The character.
        found: char,
    },
    /// The value ends in the middle of an escape.
    #[error("the escape at byte {at} is cut short")]
    Dangling {
        /// Where its backslash stands.
        at: usize,
    },
    /// A backslash stands before a character that is never written so.
    #[error("the backslash at byte {at} begins no known escape")]
    Unknown {
        /// Where the backslash stands.
        at: usize,
    },
    /// A `\u` escape without braces, with other than lowercase hex digits, with a leading zero or
    /// naming no character.
    #[error("the escape at byte {at} is not \\u{{hex}}, lowercase, without leading zeros")]
    Hex {
        /// Where its backslash stands.
        at: usize,
    },
    /// A `\u` escape of a character that is written as itself or has a shorter escape, or of NUL.
    #[error("the escape at byte {at} is not how {found:?} is written")]
    Needless {
        /// Where its backslash stands.
        at: usize,
        /// The character it names.
        found: char,
    },
}

/// Says whether a text may be a value: not empty, no NUL.
pub fn check_value(text: &str) -> Result<(), InputError> {
    if text.is_empty() {
        return Err(InputError::Empty);
    }
    if text.as_bytes().contains(&0) { Err(InputError::Nul) } else { Ok(()) }
}

/// Writes a value in its escaped form; borrows it where nothing has to change.
///
/// Text that [`check_value`] refuses still gets a form, but not one that [`unescape`] accepts.
pub fn escape(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let guarded = formula_start(text).map(|(at, _)| at);
    let escaped = text.char_indices().find(|&(_, c)| is_escaped(c)).map(|(at, _)| at);
    let Some(first) = [guarded, escaped].into_iter().flatten().min() else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 8);
    out.push_str(&text[..first]);
    for (at, c) in text[first..].char_indices() {
        if guarded == Some(first + at) {
            out.push('\\');
        }
        push_char(c, &mut out);
    }
    Cow::Owned(out)
}

/// Reads a value back from its escaped form; borrows it where nothing was escaped.
///
/// # Errors
///
/// Refuses every text that [`escape`] would not have written.
pub fn unescape(text: &str) -> Result<Cow<'_, str>, EscapeError> {
    if is_plain(text) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some((at, found)) = formula_start(text) {
        return Err(EscapeError::Formula { at, found });
    }
    if let Some((at, found)) = text.char_indices().find(|&(_, c)| c != '\\' && is_escaped(c)) {
        return Err(EscapeError::Raw { at, found });
    }
    if !text.contains('\\') {
        return Ok(Cow::Borrowed(text));
    }
    let guard_at = text.len() - after_blanks(text).len();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    while let Some(offset) = text[done..].find('\\') {
        let at = done + offset;
        out.push_str(&text[done..at]);
        let (c, len) = read_escape(&text[at + 1..], at, at == guard_at)?;
        out.push(c);
        done = at + 1 + len;
    }
    out.push_str(&text[done..]);
    Ok(Cow::Owned(out))
}

/// Reads what follows the backslash at byte `at`: the character meant, and the bytes it took.
/// The guard of a formula is known only where a formula could start.
fn read_escape(rest: &str, at: usize, may_guard: bool) -> Result<(char, usize), EscapeError> {
    match rest.chars().next() {
        None => Err(EscapeError::Dangling { at }),
        Some('\\') => Ok(('\\', 1)),
        Some('n') => Ok(('\n', 1)),
        Some('r') => Ok(('\r', 1)),
        Some('t') => Ok(('\t', 1)),
        Some('u') => read_hex(rest, at),
        Some(c) if may_guard && is_formula(c) => Ok((c, c.len_utf8())),
        Some(_) => Err(EscapeError::Unknown { at }),
    }
}

/// Reads `u{hex}`: the character named, and the bytes it took.
fn read_hex(rest: &str, at: usize) -> Result<(char, usize), EscapeError> {
    let wrong = EscapeError::Hex { at };
    let hex = rest.strip_prefix("u{").ok_or(wrong)?;
    let (hex, _) = hex.split_once('}').ok_or(wrong)?;
    if hex.starts_with('0') || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(wrong);
    }
    let found = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).ok_or(wrong)?;
    if is_hex_escaped(found) {
        Ok((found, "u{}".len() + hex.len()))
    } else {
        Err(EscapeError::Needless { at, found })
    }
}

fn push_char(c: char, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_escaped(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// The common case, decided over bytes: ASCII text that stands in a line as it was said, with
/// nothing escaped, guarded or quoted.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let first = bytes.first().map_or(0, |&first| CLASS[usize::from(first)]);
    // No early exit: almost every text is plain to its end, and the loop has no other branch.
    let any = bytes.iter().fold(0, |any, &byte| any | CLASS[usize::from(byte)]);
    first & FIRST == 0 && any & ANYWHERE == 0
}

/// The byte may need a guard where a value begins with it.
const FIRST: u8 = 1;
/// The byte may need an escape or quotes wherever it stands.
const ANYWHERE: u8 = 2;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            0..b' ' | 0x7f.. | b';' | b'\\' | b',' | b'"' => ANYWHERE,
            b' ' | b'=' | b'+' | b'-' | b'@' => FIRST,
            _ => 0,
        };
        byte += 1;
    }
    class
};

fn is_escaped(c: char) -> bool {
    c == '\\' || c == ';' || c.is_control() || is_hidden(c)
}

fn is_hex_escaped(c: char) -> bool {
    is_escaped(c) && !matches!(c, '\\' | '\n' | '\r' | '\t' | '\0')
}

/// Characters of no width or that change the direction of text: what they hide a reader can't see.
/// Unicode calls them Cf, Zl and Zp; the list is fixed here and doesn't grow with Unicode.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The character that would start a formula, and the byte where it stands.
fn formula_start(text: &str) -> Option<(usize, char)> {
    let rest = after_blanks(text);
    let first = rest.chars().next()?;
    is_formula(first).then_some((text.len() - rest.len(), first))
}

fn after_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// The visible blanks of Unicode's class Zs that a spreadsheet may skip in front of a formula.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{1680}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
        || matches!(c, '\u{2000}'..='\u{200a}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What was said, and how it is written.
    const PAIRS: [(&str, &str); 21] = [
        ("", ""),
        ("Derma 12-pin, 0.5 mm \"soft\"", "Derma 12-pin, 0.5 mm \"soft\""),
        ("Größe 🙂 é e\u{301}", "Größe 🙂 é e\u{301}"),
        ("a\\b", "a\\\\b"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("a;b", "a\\u{3b}b"),
        ("\u{1}\u{1f}\u{7f}\u{80}\u{9f}", "\\u{1}\\u{1f}\\u{7f}\\u{80}\\u{9f}"),
        ("a\u{200b}\u{202e}b\u{feff}", "a\\u{200b}\\u{202e}b\\u{feff}"),
        ("\u{61c}\u{2060}", "\\u{61c}\\u{2060}"),
        ("=1+1", "\\=1+1"),
        ("-1", "\\-1"),
        ("@x", "\\@x"),
        ("+", "\\+"),
        ("  =x", "  \\=x"),
        ("\u{3000}\u{a0}＝x", "\u{3000}\u{a0}\\＝x"),
        ("＋－", "\\＋－"),
        ("\\=x", "\\\\=x"),
        ("\t=x", "\\t=x"),
        ("\u{200b}=x", "\\u{200b}=x"),
        ("x=1", "x=1"),
        ("=;\\", "\\=\\u{3b}\\\\"),
    ];

    #[test]
    fn every_rule_writes_what_the_design_says() {
        for (text, written) in PAIRS {
            assert_eq!(escape(text), written);
            assert_eq!(unescape(written).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_value_without_specials_is_not_copied() {
        for text in ["GC 0.5 mm", "Größe", "  x", "\u{a0}é"] {
            assert!(matches!(escape(text), Cow::Borrowed(_)), "{text:?}");
            assert!(matches!(unescape(text), Ok(Cow::Borrowed(_))), "{text:?}");
        }
    }

    #[test]
    fn each_wrong_form_is_refused_for_its_own_reason() {
        use EscapeError::{Dangling, Formula, Hex, Needless, Raw, Unknown};
        let cases = [
            ("a;b", Raw { at: 1, found: ';' }),
            ("a\r\nb", Raw { at: 1, found: '\r' }),
            ("\0", Raw { at: 0, found: '\0' }),
            ("é\u{85}", Raw { at: 2, found: '\u{85}' }),
            ("=1", Formula { at: 0, found: '=' }),
            (" \u{3000}＠", Formula { at: 4, found: '＠' }),
            ("a\\", Dangling { at: 1 }),
            ("a\\=", Unknown { at: 1 }),
            ("\\=\\=", Unknown { at: 2 }),
            ("\\x", Unknown { at: 0 }),
            ("\\;", Raw { at: 1, found: ';' }),
            ("\\u", Hex { at: 0 }),
            ("\\u{}", Hex { at: 0 }),
            ("\\u{3b", Hex { at: 0 }),
            ("\\u{3B}", Hex { at: 0 }),
            ("\\u{03b}", Hex { at: 0 }),
            ("\\u{+3b}", Hex { at: 0 }),
            ("\\u{d800}", Hex { at: 0 }),
            ("\\u{110000}", Hex { at: 0 }),
            ("\\u{fffffffff}", Hex { at: 0 }),
            ("\\u{0}", Hex { at: 0 }),
            ("\\u{61}", Needless { at: 0, found: 'a' }),
            ("\\u{a}", Needless { at: 0, found: '\n' }),
            ("\\u{5c}", Needless { at: 0, found: '\\' }),
        ];
        for (text, reason) in cases {
            assert_eq!(unescape(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn nul_and_empty_text_are_no_values() {
        assert_eq!(check_value(""), Err(InputError::Empty));
        assert_eq!(check_value("a\0"), Err(InputError::Nul));
        assert_eq!(check_value("a"), Ok(()));
    }

    #[test]
    fn exactly_the_listed_characters_are_written_otherwise() {
        for c in (1..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let text = format!("a{c}");
            let listed = matches!(u32::from(c), 0x01..=0x1f | 0x7f..=0x9f | 0x3b | 0x5c | 0x61c
                | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff);
            let written = escape(&text);
            assert_eq!(written != text, listed, "{c:?}");
            assert_eq!(unescape(&written).as_deref(), Ok(text.as_str()), "{c:?}");
        }
    }

    #[test]
    fn a_formula_is_guarded_after_exactly_the_listed_blanks() {
        for c in (1..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let blank = matches!(
                u32::from(c),
                0x20 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000
            );
            let text = format!("{c}=");
            let written = escape(&text);
            // Behind a backslash nothing is guarded; `\\=` is that backslash and the sign itself.
            assert_eq!(written == format!("{c}\\="), blank || c == '\\', "{c:?}");
            assert_eq!(unescape(&written).as_deref(), Ok(text.as_str()), "{c:?}");
        }
    }

    /// Text thick with what the rules are about.
    fn spiked(max_len: usize) -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => any::<char>().prop_map(String::from),
            5 => prop::sample::select(vec![
                "\\", "u", "{", "}", "3", "b", "0", "n", "=", "+", "-", "@", "＝", " ", ";", "\n",
                "\r", "\t", "\u{3000}", "\u{200b}", "\u{85}", "\\u{3b}", "\\=", "\\\\", "a",
            ]).prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..max_len).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_text_without_nul_comes_back(text in spiked(12)) {
            prop_assume!(!text.contains('\0'));
            let written = escape(&text).into_owned();
            prop_assert_eq!(unescape(&written), Ok(Cow::Borrowed(text.as_str())));
        }

        #[test]
        fn only_what_escape_writes_is_read(written in spiked(12)) {
            if let Ok(text) = unescape(&written) {
                prop_assert_eq!(escape(&text), written.as_str());
                prop_assert!(!text.contains('\0'));
            }
        }
    }
}
