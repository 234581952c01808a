//! What a clinic says about its scanner.

use std::str::FromStr;

use super::charset::Charset;

/// The separator between elements: FNC1 as scanners send it, ASCII group separator.
pub(super) const GS: char = '\u{1d}';

/// The longest stand-in, in characters.
const LONGEST: usize = 8;

/// A text that a scanner sends in place of the separator, such as `|` or `<GS>`, and that can't
/// be taken for a part of a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separator(Box<str>);

/// Why a text can't stand for the separator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeparatorError {
    /// Nothing at all, or so much that it is no stand-in.
    #[error("`{0}` can't stand for the separator: write 1 to 8 characters, such as \"<GS>\"")]
    Length(String),
    /// A line end ends the scan.
    #[error("`{0}` can't stand for the separator: a line end ends the scan")]
    LineEnd(String),
    /// Characters that lots are made of.
    #[error(
        "`{0}` can't stand for the separator, because a lot may hold it: \
         let the scanner send a text such as \"<GS>\", \"{{GS}}\", \"^]\", \"|\" or \"~\""
    )]
    PartOfLot(String),
}

impl FromStr for Separator {
    type Err = SeparatorError;

    fn from_str(text: &str) -> Result<Self, SeparatorError> {
        let shown = || text.escape_debug().to_string();
        if !(1..=LONGEST).contains(&text.chars().count()) {
            return Err(SeparatorError::Length(shown()));
        }
        if text.contains(['\r', '\n']) {
            return Err(SeparatorError::LineEnd(shown()));
        }
        let is_word = text.len() > 2 && text.starts_with('<') && text.ends_with('>');
        if !is_word && text.bytes().all(|byte| Charset::Text.holds(byte)) {
            return Err(SeparatorError::PartOfLot(shown()));
        }
        Ok(Self(text.into()))
    }
}

/// How the scanner writes the separator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanSettings {
    separators: Vec<Separator>,
}

impl ScanSettings {
    /// With what a keyboard scanner sends in place of GS, which is always understood too.
    pub const fn with_separators(separators: Vec<Separator>) -> Self {
        Self { separators }
    }

    /// Whether a text begins with a separator, as some scanners send the FNC1 that only marks a
    /// code as GS1.
    pub fn is_marked(&self, text: &str) -> bool {
        self.find(text, 0).is_some_and(|(start, _)| start == 0)
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
            let at = from + text[from..].find(&*separator.0)?;
            Some((at, at + separator.0.len()))
        });
        others.chain(gs).min_by_key(|(start, end)| (*start, usize::MAX - *end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separators(texts: &[&str]) -> ScanSettings {
        let separators = texts.iter().map(|text| text.parse().unwrap());
        ScanSettings::with_separators(separators.collect())
    }

    #[test]
    fn the_earliest_and_longest_separator_is_found() {
        let settings = separators(&["|", "||", "{GS}"]);
        assert_eq!(settings.find("ab||c\u{1d}", 0), Some((2, 4)));
        assert_eq!(settings.find("ab||c\u{1d}", 4), Some((5, 6)));
        assert_eq!(settings.find("a{GS}b", 0), Some((1, 5)));
        assert_eq!(settings.find("ab", 0), None);
        assert_eq!(ScanSettings::default().find("a|b", 0), None);
    }

    #[test]
    fn a_stand_in_can_not_be_part_of_a_lot() {
        for fine in ["|", "~", "^]", "<GS>", "{GS}", "[FNC1]", " ", "\t", "\u{1e}", "#", "\\F"] {
            assert!(fine.parse::<Separator>().is_ok(), "{fine:?}");
        }
        for part in ["GS", "-", "/", ".", "_", "%", "(", "<", "<>", "--", "+GS+", "A-1"] {
            let refused = part.parse::<Separator>().unwrap_err();
            assert_eq!(refused, SeparatorError::PartOfLot(part.into()));
        }
        for (text, refused) in [
            ("", SeparatorError::Length(String::new())),
            ("|||||||||", SeparatorError::Length("|||||||||".into())),
            ("|\n", SeparatorError::LineEnd("|\\n".into())),
        ] {
            assert_eq!(text.parse::<Separator>(), Err(refused));
        }
    }

    #[test]
    fn a_text_may_begin_with_a_separator() {
        assert!(separators(&["|"]).is_marked("|0109504000059118"));
        assert!(ScanSettings::default().is_marked("\u{1d}0109504000059118"));
        assert!(!ScanSettings::default().is_marked("|0109504000059118"));
    }
}
