//! The parts that the value of an application identifier is made of.

use super::charset::Charset;

/// What a part means beyond its characters, as the GS1 Barcode Syntax Dictionary lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Any characters of the set.
    Any,
    /// The last digit is the check digit of the others.
    CheckDigit,
    /// `YYMMDD`; day `00` leaves the day open.
    Date,
    /// `YYMMDD` with a real day.
    Day,
    /// `HHMM`, 0000 to 2359.
    HourMinute,
    /// `HH`, 00 to 23.
    Hour,
    /// `MM` or `SS`, 00 to 59.
    Sixtieth,
    /// An ISO 3166-1 country number.
    Country,
    /// The filler `0` before a returnable asset's number.
    Zero,
    /// Piece and total in two digits each, such as `0203` for piece 2 of 3.
    PieceOfTotal,
    /// Begins with the four digits of the shortest GS1 company prefix.
    CompanyPrefix,
    /// A Global Model Number: a company prefix first, two check characters last.
    ModelNumber,
}

/// A stretch of a value with one set of characters and one meaning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// The characters it may hold.
    pub charset: Charset,
    /// The fewest characters.
    pub min: usize,
    /// The most characters; the part takes as many as are there.
    pub max: usize,
    /// Whether the value may end before it.
    pub optional: bool,
    /// What it must mean.
    pub rule: Rule,
}

impl Part {
    /// Exactly so many digits.
    pub(super) const fn digits(count: usize) -> Self {
        let charset = Charset::Digits;
        Self { charset, min: count, max: count, optional: false, rule: Rule::Any }
    }

    /// One digit up to so many.
    pub(super) const fn digits_up_to(max: usize) -> Self {
        Self { charset: Charset::Digits, min: 1, max, optional: false, rule: Rule::Any }
    }

    /// One character of text up to so many.
    pub(super) const fn text_up_to(max: usize) -> Self {
        Self { charset: Charset::Text, min: 1, max, optional: false, rule: Rule::Any }
    }

    /// The same part with a meaning.
    pub(super) const fn that_is(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// The same part, but the value may end before it.
    pub(super) const fn or_nothing(self) -> Self {
        Self { optional: true, ..self }
    }
}
