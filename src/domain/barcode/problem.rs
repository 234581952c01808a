//! What is wrong with a scan, where, and what to do about it.

use std::borrow::Cow;

use serde::Serialize;

/// Whether a problem keeps a scan from being accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The scan is not accepted anywhere.
    Error,
    /// The scan is accepted; a person should look.
    Warning,
}

/// One finding about a scanned text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which problem it is.
    pub code: Code,
    /// Where, as a byte position in the scanned text: at most its length, never inside a character.
    pub at: usize,
    /// What is wrong, with the real values.
    pub message: String,
    /// What to do now.
    pub remedy: Cow<'static, str>,
}

impl Problem {
    /// Whether it keeps the scan from being accepted; the code decides.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Writes the closed list of codes once: variant, stable text, severity.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $text:literal $severity:ident,)+) => {
        /// Every problem a scan can have. The texts are part of the output format.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text, such as `wrong-check-digit`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Whether the problem keeps a scan from being accepted.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// There is nothing to read.
    Empty "empty" Error,
    /// The text is in no format that is read here.
    UnknownFormat "unknown-format" Error,
    /// The scanner named a kind of barcode that is not read here.
    UnsupportedSymbology "unsupported-symbology" Error,
    /// A label for blood, cells or tissue.
    Isbt128 "isbt-128" Error,
    /// No known application identifier stands here.
    UnknownIdentifier "unknown-identifier" Error,
    /// An application identifier without a value.
    EmptyValue "empty-value" Error,
    /// Two separators with nothing between them.
    EmptyElement "empty-element" Error,
    /// A value with too few characters.
    TooShort "too-short" Error,
    /// A value with too many characters.
    TooLong "too-long" Error,
    /// A character that may not stand here.
    WrongCharacter "wrong-character" Error,
    /// A word that scanners send for the separator, in a value.
    UnnamedSeparator "unnamed-separator" Error,
    /// The check digit does not fit the digits before it.
    WrongCheckDigit "wrong-check-digit" Error,
    /// The check character or pair does not fit the text before it.
    WrongCheckCharacter "wrong-check-character" Error,
    /// No such day.
    InvalidDate "invalid-date" Error,
    /// No such time of day.
    InvalidTime "invalid-time" Error,
    /// No such country number.
    UnknownCountry "unknown-country" Error,
    /// A returnable asset number must begin with 0.
    MissingZero "missing-zero" Error,
    /// A piece number that can't be right, such as 3 of 2.
    WrongPiece "wrong-piece" Error,
    /// A key must begin with four digits of a company prefix.
    WrongCompanyPrefix "wrong-company-prefix" Error,
    /// An identifier without the one it must stand beside.
    MissingCompanion "missing-companion" Error,
    /// Two identifiers that may not stand together.
    ForbiddenCompanion "forbidden-companion" Error,
    /// The same identifier twice with different values, or twice in a Digital Link.
    RepeatedIdentifier "repeated-identifier" Error,
    /// More elements than any label has.
    TooManyElements "too-many-elements" Error,
    /// Text that is not in the form `(identifier)value`.
    WrongBracket "wrong-bracket" Error,
    /// Plain digits that are no EAN, UPC or ITF-14 number by their count, and no elements.
    WrongLength "wrong-length" Error,
    /// A web address without a GS1 key.
    NoPrimaryKey "no-primary-key" Error,
    /// A compressed GS1 Digital Link.
    CompressedLink "compressed-link" Error,
    /// Identifiers of a GS1 Digital Link in the wrong place or order.
    WrongLinkOrder "wrong-link-order" Error,
    /// A percent sign that begins no valid character.
    WrongPercentCode "wrong-percent-code" Error,
    /// HIBC text whose fields do not follow its standard.
    WrongHibcField "wrong-hibc-field" Error,
    /// A date without a day: read as the month's last day.
    DayZero "day-zero" Warning,
    /// Two dates of one label that can't both be true.
    ContradictingDates "contradicting-dates" Warning,
    /// A value that seems to have swallowed the element after it.
    MissingSeparator "missing-separator" Warning,
    /// A GTIN of a variable-measure item: what it holds differs from piece to piece.
    VariableMeasure "variable-measure" Warning,
    /// A GTIN with fewer than 14 digits in a GS1 Digital Link.
    ShortGtin "short-gtin" Warning,
    /// Plain digits read as elements without a key, which may be a shop code that lost digits.
    BareDigits "bare-digits" Warning,
    /// Eight digits that are both a valid EAN-8 and a valid UPC-E.
    AmbiguousEan "ambiguous-ean" Warning,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_kebab_case_words() {
        let mut texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
        for text in texts {
            let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(text.chars().all(known), "{text}");
        }
    }
}
