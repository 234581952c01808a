//! Why something was done. Made by one constructor, which commands and readers of entries share, so
//! that no reason can be written that couldn't be read.

use super::Action;
use crate::domain::refusal::Refusal;
use crate::domain::shown::shown;

/// A code of an action's published list, and words about the work. `other` has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    code: Box<str>,
    note: Option<Box<str>>,
}

impl Because {
    /// A reason of this action. The note keeps its blanks, but must hold a letter or a digit.
    ///
    /// # Errors
    ///
    /// Refuses a code that is not of the action's list, a note that says nothing, and `other`
    /// without a note.
    pub fn new(action: Action, code: &str, note: Option<&str>) -> Result<Self, Refusal> {
        let list = action.spec().reasons;
        if !list.iter().any(|(known, _)| *known == code) {
            let mut refusal = Refusal::new(format!("`{}` is not a reason code here", shown(code)));
            for (code, meaning) in list {
                refusal = refusal.why(format!("{code}: {meaning}"));
            }
            return Err(
                refusal.hint("write --reason CODE, and --note \"...\" for words of your own")
            );
        }
        let add_words = "add words about the work: --note \"...\"";
        match note {
            None if code == "other" => {
                Err(Refusal::new("the reason `other` says nothing by itself").hint(add_words))
            }
            Some(note) if !note.contains(is_seen) => {
                let refusal = Refusal::new("the note says nothing").why("it holds no word");
                Err(match code {
                    "other" => refusal.hint(add_words),
                    _ => refusal.hint("write a word in --note, or leave --note out"),
                })
            }
            _ => Ok(Self { code: code.into(), note: note.map(Into::into) }),
        }
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The words, where there are any.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The same reason with these words before its own.
    pub fn after(&self, words: &str) -> Self {
        let note = self.note.as_ref().map_or(words.into(), |note| format!("{words}: {note}"));
        Self { code: self.code.clone(), note: Some(note.into()) }
    }
}

/// A letter or digit that can be seen; Unicode counts the fillers of Hangul as letters.
fn is_seen(letter: char) -> bool {
    letter.is_alphanumeric() && !matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_needs_words_that_say_something() {
        let because = |code, note| Because::new(Action::StockWaste, code, note);
        assert!(because("dropped", None).is_ok());
        assert_eq!(because("other", Some("  fell 2 ")).unwrap().note(), Some("  fell 2 "));
        assert_eq!(because("other", Some("日本語")).unwrap().code(), "other");
        for code in ["other", "dropped"] {
            for note in ["", " ", "\t\n", "\u{200b}", "\u{a0}", "...", "-"] {
                assert!(because(code, Some(note)).is_err(), "{code} {note:?}");
            }
        }
        for code in ["", "Dropped", "cleared"] {
            assert!(because(code, Some("words")).is_err(), "{code}");
        }
        assert!(because("other", None).is_err());
    }
}
