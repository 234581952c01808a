//! What a clinic says about its scanner.

/// The separator between elements: FNC1 as scanners send it, ASCII group separator.
pub(super) const GS: char = '\u{1d}';

/// The longest stand-in, in bytes.
const LONGEST: usize = 16;

/// How the scanner writes the separator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanSettings {
    separators: Vec<String>,
}

/// Why a text can't stand in for the separator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeparatorError {
    /// Nothing at all.
    #[error("a stand-in for the separator can't be empty")]
    Empty,
    /// So long that it is no stand-in.
    #[error("the stand-in '{0}' for the separator is longer than 16 bytes")]
    TooLong(String),
    /// Letters and digits are what lots are made of.
    #[error(
        "the stand-in '{0}' for the separator may be part of a lot: \
         use a text with a character other than letters and digits, such as | or {{GS}}"
    )]
    Alphanumeric(String),
}

impl ScanSettings {
    /// Texts that a keyboard scanner sends in place of GS, such as `|` or `{GS}`. GS itself is
    /// always understood.
    pub fn with_separators(separators: Vec<String>) -> Result<Self, SeparatorError> {
        for separator in &separators {
            if separator.is_empty() {
                return Err(SeparatorError::Empty);
            }
            if separator.len() > LONGEST {
                return Err(SeparatorError::TooLong(separator.clone()));
            }
            if separator.chars().all(char::is_alphanumeric) {
                return Err(SeparatorError::Alphanumeric(separator.clone()));
            }
        }
        Ok(Self { separators })
    }

    /// The stand-ins beside GS.
    pub fn separators(&self) -> &[String] {
        &self.separators
    }

    /// The first separator at or after `from`: where it begins and ends. The earliest wins, and
    /// at one place the longest.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let gs = text.as_bytes()[from..].iter().position(|byte| *byte == GS as u8);
        let gs = gs.map(|at| (from + at, from + at + 1));
        if self.separators.is_empty() {
            return gs;
        }
        let others = self.separators.iter().filter_map(|separator| {
            let at = from + text[from..].find(separator.as_str())?;
            Some((at, at + separator.len()))
        });
        others.chain(gs).min_by_key(|(start, end)| (*start, usize::MAX - *end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_and_longest_separator_is_found() {
        let settings =
            ScanSettings::with_separators(vec!["|".into(), "||".into(), "{GS}".into()]).unwrap();
        assert_eq!(settings.find("ab||c\u{1d}", 0), Some((2, 4)));
        assert_eq!(settings.find("ab||c\u{1d}", 4), Some((5, 6)));
        assert_eq!(settings.find("a{GS}b", 0), Some((1, 5)));
        assert_eq!(settings.find("ab", 0), None);
        assert_eq!(ScanSettings::default().find("a|b", 0), None);
    }

    #[test]
    fn a_stand_in_can_not_be_part_of_a_lot() {
        let refused = |text: &str| ScanSettings::with_separators(vec![text.into()]).unwrap_err();
        assert_eq!(refused(""), SeparatorError::Empty);
        assert_eq!(refused("GS"), SeparatorError::Alphanumeric("GS".into()));
        assert_eq!(refused(&"|".repeat(17)), SeparatorError::TooLong("|".repeat(17)));
    }
}
