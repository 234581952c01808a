//! Text as one word of a POSIX shell, for commands that a person pastes from a hint.

use std::borrow::Cow;
use std::fmt::Write;

use crate::domain::trail::escape::is_hidden;

/// The text so that a shell reads it back as one word; borrows what needs no quotes.
///
/// Control and invisible characters, such as a scanner's separator, become octal escapes inside
/// `$'...'` (POSIX.1-2024, section 2.2.4): raw they would neither show nor survive the paste.
pub fn quote(text: &str) -> Cow<'_, str> {
    if text.chars().any(|letter| letter.is_control() || is_hidden(letter)) {
        return Cow::Owned(quote_octal(text));
    }
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:@%+,=^#".contains(letter);
    // A `#` only begins a comment, and a `=` is only expanded (by zsh), at the start of a word.
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with(['#', '=', '^']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

fn quote_octal(text: &str) -> String {
    let mut word = String::from("$'");
    let mut buffer = [0; 4];
    for letter in text.chars() {
        match letter {
            '\\' | '\'' => word.extend(['\\', letter]),
            _ if letter.is_control() || is_hidden(letter) => {
                for byte in letter.encode_utf8(&mut buffer).bytes() {
                    // Writing to a string can't fail.
                    let _ = write!(word, "\\{byte:03o}");
                }
            }
            _ => word.push(letter),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_word_of_a_shell() {
        for (text, word) in [
            ("CART-12/24C0110", "CART-12/24C0110"),
            ("2 packs", "'2 packs'"),
            ("", "''"),
            ("#812", "'#812'"),
            ("depth=1.5mm", "depth=1.5mm"),
            ("before 812", "'before 812'"),
            ("it's", r"'it'\''s'"),
            ("$(rm -r ~)`x`!", "'$(rm -r ~)`x`!'"),
            ("(01)0084(10)A*", "'(01)0084(10)A*'"),
            ("A\u{1d}B\\'", r"$'A\035B\\\''"),
            ("x\u{202e}", r"$'x\342\200\256'"),
            ("Зал", "Зал"),
        ] {
            assert_eq!(quote(text), word);
        }
    }
}
