//! GTIN: the number that names a product at one level of packing.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::check::{check_digit, ends_in_check_digit};
use super::excerpt::{character, excerpt};

/// A Global Trade Item Number of 14 digits whose check digit is right. Shorter ones (GTIN-8, 12
/// and 13: EAN-8, UPC-A, EAN-13) are padded with zeros on the left, which changes neither their
/// meaning nor their check digit (GS1 General Specifications).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(u64);

/// Why a text is no GTIN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Not 8, 12, 13 or 14 characters.
    #[error("a GTIN has 8, 12, 13 or 14 digits, and '{text}' has {found}")]
    Length {
        /// The text, shortened.
        text: String,
        /// How many characters it has.
        found: usize,
    },
    /// Something else than a digit.
    #[error("a GTIN has only digits, and '{text}' has {wrong} at position {at}")]
    Character {
        /// The text, shortened.
        text: String,
        /// The character, in words.
        wrong: String,
        /// Its byte position.
        at: usize,
    },
    /// The last digit does not fit the others.
    #[error("the check digit of GTIN {text} is {found}, and {expected} would fit the other digits")]
    CheckDigit {
        /// All digits.
        text: String,
        /// The last of them.
        found: char,
        /// What it would have to be.
        expected: char,
    },
}

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        if let Some((at, wrong)) = text.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(GtinError::Character {
                text: excerpt(text).into_owned(),
                wrong: character(wrong),
                at,
            });
        }
        let digits = text.as_bytes();
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return Err(GtinError::Length {
                text: excerpt(text).into_owned(),
                found: digits.len(),
            });
        }
        if !ends_in_check_digit(digits) {
            let (found, expected) =
                (digits[digits.len() - 1], check_digit(&digits[..digits.len() - 1]));
            return Err(GtinError::CheckDigit {
                text: text.to_owned(),
                found: char::from(found),
                expected: char::from(expected),
            });
        }
        Ok(Self::of_checked(digits))
    }

    /// The number of at most 14 digits that are known to be a GTIN.
    pub(super) fn of_checked(digits: &[u8]) -> Self {
        Self(digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
    }

    /// The first of the 14 digits: 0 a single item, 1 to 8 a pack of it, 9 a variable measure.
    pub const fn indicator(self) -> u8 {
        (self.0 / 10_000_000_000_000) as u8
    }
}

impl fmt::Display for Gtin {
    /// All 14 digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:014}", self.0)
    }
}

impl FromStr for Gtin {
    type Err = GtinError;

    fn from_str(text: &str) -> Result<Self, GtinError> {
        Self::parse(text)
    }
}

impl Serialize for Gtin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_numbers_are_padded_to_14_digits() {
        for (text, padded) in [
            ("96385074", "00000096385074"),
            ("036000291452", "00036000291452"),
            ("4006381333931", "04006381333931"),
            ("00304960882301", "00304960882301"),
            ("10614141000415", "10614141000415"),
        ] {
            let gtin = Gtin::parse(text).unwrap();
            assert_eq!(gtin.to_string(), padded);
            assert_eq!(Gtin::parse(padded), Ok(gtin));
        }
        assert_eq!(Gtin::parse("10614141000415").unwrap().indicator(), 1);
        assert_eq!(Gtin::parse("4006381333931").unwrap().indicator(), 0);
    }

    #[test]
    fn errors_name_the_digits() {
        assert_eq!(
            Gtin::parse("00208851107345").unwrap_err().to_string(),
            "the check digit of GTIN 00208851107345 is 5, and 7 would fit the other digits"
        );
        assert_eq!(
            Gtin::parse("0030496088").unwrap_err().to_string(),
            "a GTIN has 8, 12, 13 or 14 digits, and '0030496088' has 10"
        );
        assert_eq!(
            Gtin::parse("0496-0882-30").unwrap_err().to_string(),
            "a GTIN has only digits, and '0496-0882-30' has '-' at position 4"
        );
        assert!(Gtin::parse("").is_err());
    }
}
