//! What the book refuses, told in one voice: what is wrong with the real values, why, and the
//! command that helps.

use std::fmt;

/// A refusal by a rule of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, with the real values; one line.
    pub what: String,
    /// Why, and what else is known; a line each.
    pub why: Vec<String>,
    /// What to do instead, with a command to paste; a line each.
    pub hints: Vec<String>,
}

impl Refusal {
    /// A refusal that so far says only what is wrong.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), why: Vec::new(), hints: Vec::new() }
    }

    /// The same refusal with one more reason.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// The same refusal with one more way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for Refusal {}

/// Quotes text for a POSIX shell, so that a command in a hint can be pasted. The only function
/// that does.
pub fn quote(text: &str) -> std::borrow::Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@+=,%".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', r"'\''")).into()
    }
}
