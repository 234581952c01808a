//! A refusal: what the rules of the book don't allow, why, and what to do now.
//!
//! The domain decides and words it, because it holds the real values; the command line only adds
//! `error:` and `hint:`. A refusal is an answer, not a fault: nothing was written.

use std::error::Error;
use std::fmt;

use crate::domain::id::IdError;
use crate::domain::quantity::QuantityError;
use crate::domain::time::TimeError;

/// Something that was asked for and is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, with the real values: `lot 23B0412 of CART-12 expired on 2026-10-31`.
    pub what: String,
    /// Why that matters, one sentence each: `it can't be used on 2026-11-22`.
    pub why: Vec<String>,
    /// What to do, each a command to paste, with words in front of it where they help. Values in
    /// it are quoted by [`quote`](crate::domain::shell::quote).
    pub hints: Vec<String>,
}

impl Refusal {
    /// A refusal that says what is wrong.
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
    /// What and why in one line, for logs and tests; the command line sets them out itself.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)?;
        self.why.iter().try_for_each(|why| write!(out, "; {why}"))
    }
}

impl Error for Refusal {}

/// A word that can't be what it should be is refused in the words of its type.
impl From<IdError> for Refusal {
    fn from(error: IdError) -> Self {
        Self::new(error.to_string()).hint(error.hint())
    }
}

impl From<QuantityError> for Refusal {
    fn from(error: QuantityError) -> Self {
        Self::new(error.to_string()).hint(error.hint())
    }
}

impl From<TimeError> for Refusal {
    fn from(error: TimeError) -> Self {
        Self::new(error.to_string()).hint(error.hint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_one_line() {
        let refusal = Refusal::new("lot A expired").why("it can't be used").hint("lotbook stock");
        assert_eq!(refusal.to_string(), "lot A expired; it can't be used");
        assert_eq!(refusal.hints, ["lotbook stock"]);
    }
}
