//! Quantities are integers in a smallest unit: pieces, milligrams, microlitres. Readings and
//! attributes are exact decimals. Nothing here is ever a float, so nothing is ever left over.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::domain::shown::shown;

/// The unit a product is counted in; its smallest part is what the book stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Pieces; the smallest part is one.
    Each,
    /// Grams; the smallest part is a milligram.
    Gram,
    /// Millilitres; the smallest part is a microlitre.
    Millilitre,
}

impl Unit {
    /// All units, in the order that help shows them.
    pub const ALL: [Self; 3] = [Self::Each, Self::Gram, Self::Millilitre];

    /// The word in the ledger: `each`, `g`, `ml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Gram => "g",
            Self::Millilitre => "ml",
        }
    }

    /// How many smallest parts make one unit.
    pub fn parts(self) -> i64 {
        match self {
            Self::Each => 1,
            Self::Gram | Self::Millilitre => 1000,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl FromStr for Unit {
    type Err = QuantityError;
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::ALL
            .into_iter()
            .find(|unit| unit.as_str() == text)
            .ok_or_else(|| QuantityError::UnknownUnit(shown(text)))
    }
}

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a number with a decimal point.
    #[error("`{0}` is not a quantity")]
    NotANumber(String),
    /// Zero or below.
    #[error("{0} is no quantity: it must be more than zero")]
    NotPositive(String),
    /// More decimal places than the unit has.
    #[error("`{0}` is finer than the book counts: the smallest part of a {1} is 0.001 {1}")]
    TooFine(String, Unit),
    /// A fraction of a piece.
    #[error("`{0}` is not a whole number of pieces")]
    NotWhole(String),
    /// A fraction of a pack.
    #[error("`{0}` is not a whole number of packs")]
    NotWholePacks(String),
    /// More than the book can hold.
    #[error("`{0}` is more than the book can hold")]
    TooLarge(String),
    /// A decimal comma, with the text as it should be.
    #[error("`{0}` has a comma, and the book writes a decimal point")]
    Comma(String, String),
    /// A word that is no unit.
    #[error("`{0}` is not a unit: units are each, g, ml and packs")]
    UnknownUnit(String),
    /// A unit that the product isn't counted in.
    #[error("this product is counted in {expected}, not in {given}")]
    OtherUnit {
        /// The product's base unit.
        expected: Unit,
        /// The unit of the text.
        given: Unit,
    },
}

impl QuantityError {
    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            Self::NotANumber(_) => "write a number such as 12, 2.5 g, 0.3 ml or 2 packs".into(),
            Self::Comma(_, meant) => format!("write the point: \"{meant}\""),
            Self::UnknownUnit(_) => "write one of them, such as g".into(),
            Self::NotPositive(_) => {
                "write how much it is, above 0; which way it goes, the command says".into()
            }
            Self::TooFine(..) => "write at most three decimal places".into(),
            Self::NotWhole(_) => "write whole pieces, such as 2".into(),
            Self::NotWholePacks(_) => "write whole packs, or how much it is".into(),
            Self::TooLarge(_) => {
                "look whether a scan went into it; a quantity is such as 12 or 2.5 g".into()
            }
            Self::OtherUnit { expected: Unit::Each, .. } => "write how many pieces".into(),
            Self::OtherUnit { expected, .. } => format!("write how much it is in {expected}"),
        }
    }
}

/// The largest quantity of one move or balance, in smallest parts: a bound that no clinic meets
/// and no sum of a few million entries overflows.
pub const QUANTITY_MAX: i64 = 1_000_000_000_000;

/// An amount of one product: more than zero, in smallest parts of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    parts: i64,
    unit: Unit,
}

impl Quantity {
    /// An amount from smallest parts (pieces, mg, µL), from 1 to `QUANTITY_MAX`.
    pub fn from_parts(parts: i64, unit: Unit) -> Result<Self, QuantityError> {
        match parts {
            ..=0 => Err(QuantityError::NotPositive(format!("{} {unit}", show_parts(parts, unit)))),
            1..=QUANTITY_MAX => Ok(Self { parts, unit }),
            _ => Err(QuantityError::TooLarge(parts.to_string())),
        }
    }

    /// The amount in smallest parts.
    pub fn parts(self) -> i64 {
        self.parts
    }

    /// The unit that the amount is printed in.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The number alone, as the ledger's `quantity` column holds it: `2.5`.
    pub fn number(self) -> String {
        show_parts(self.parts, self.unit)
    }

    /// This amount `count` times, or an error beyond the limit.
    pub fn times(self, count: i64) -> Result<Self, QuantityError> {
        let parts = self
            .parts
            .checked_mul(count)
            .ok_or_else(|| QuantityError::TooLarge(format!("{count} times {self}")))?;
        Self::from_parts(parts, self.unit)
    }

    /// Reads the ledger's number in a known unit; the text must be in its one canonical form.
    pub fn from_columns(number: &str, unit: Unit) -> Result<Self, QuantityError> {
        let quantity = Self::from_parts(read_parts(number, unit)?, unit)?;
        if quantity.number() == number {
            Ok(quantity)
        } else {
            Err(QuantityError::NotANumber(shown(number)))
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.number(), self.unit)
    }
}

/// Smallest parts as a number in the unit, without trailing zeros; also for zero and below.
pub fn show_parts(parts: i64, unit: Unit) -> String {
    match unit {
        Unit::Each => parts.to_string(),
        Unit::Gram | Unit::Millilitre => {
            let sign = if parts < 0 { "-" } else { "" };
            let (whole, rest) = (parts.unsigned_abs() / 1000, parts.unsigned_abs() % 1000);
            if rest == 0 {
                return format!("{sign}{whole}");
            }
            format!("{sign}{whole}.{rest:03}").trim_end_matches('0').to_owned()
        }
    }
}

fn read_parts(number: &str, unit: Unit) -> Result<i64, QuantityError> {
    let decimal = read_decimal(number).ok_or_else(|| QuantityError::NotANumber(shown(number)))?;
    let too_large = || QuantityError::TooLarge(shown(number));
    let parts = decimal.checked_mul(Decimal::from(unit.parts())).ok_or_else(too_large)?;
    if !parts.is_integer() {
        return Err(match unit {
            Unit::Each => QuantityError::NotWhole(shown(number)),
            Unit::Gram | Unit::Millilitre => QuantityError::TooFine(shown(number), unit),
        });
    }
    i64::try_from(parts.trunc()).map_err(|_| too_large())
}

/// Digits with at most one decimal point and perhaps a sign; no exponent, no blanks.
fn read_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let shaped = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.ends_with(|last: char| last.is_ascii_digit());
    if plain && shaped && text.len() <= 28 { Decimal::from_str_exact(text).ok() } else { None }
}

/// A quantity as a person writes it: a number with or without a unit, or a count of packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A bare number, in whatever unit the product has.
    Bare(Decimal),
    /// A number with a unit.
    In(Decimal, Unit),
    /// A count of packs.
    Packs(i64),
}

/// A quantity with a decimal comma as it should be written; `1,000` may be a thousand.
fn with_a_point(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(',')?;
    let decimals = rest.bytes().take_while(u8::is_ascii_digit).count();
    let meant = text.replacen(',', ".", 1);
    ((1..=2).contains(&decimals) && meant.parse::<Ask>().is_ok()).then_some(meant)
}

impl FromStr for Ask {
    type Err = QuantityError;
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let split = text
            .find(|letter: char| !(letter.is_ascii_digit() || ".-".contains(letter)))
            .unwrap_or(text.len());
        let (number, word) = text.split_at(split);
        let number = read_decimal(number).ok_or_else(|| QuantityError::NotANumber(shown(text)))?;
        match word.trim() {
            "" => Ok(Self::Bare(number)),
            "pack" | "packs" => {
                let whole = if number.is_integer() { i64::try_from(number).ok() } else { None };
                whole.map(Self::Packs).ok_or_else(|| QuantityError::NotWholePacks(shown(text)))
            }
            word => match with_a_point(text) {
                Some(meant) => Err(QuantityError::Comma(shown(text), meant)),
                None => Ok(Self::In(number, word.parse()?)),
            },
        }
    }
}

impl Ask {
    /// What was asked, in the product's unit; `pack` is the content of one pack.
    pub fn resolve(self, unit: Unit, pack: Quantity) -> Result<Quantity, QuantityError> {
        match self {
            Self::Packs(count) if count <= 0 => {
                Err(QuantityError::NotPositive(format!("{count} packs")))
            }
            Self::Packs(count) => pack.times(count),
            Self::In(_, given) if given != unit => {
                Err(QuantityError::OtherUnit { expected: unit, given })
            }
            // `1.000` pieces are a thousand to whoever groups digits by points, and one to others.
            Self::Bare(number) | Self::In(number, _)
                if unit == Unit::Each && number.scale() > 2 =>
            {
                Err(QuantityError::NotWhole(number.to_string()))
            }
            Self::Bare(number) | Self::In(number, _) => {
                let number = number.normalize().to_string();
                Quantity::from_parts(read_parts(&number, unit)?, unit)
            }
        }
    }
}

/// A reading or an attribute: an exact decimal with its unit, or a word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A number with its unit; no unit stands for a count.
    Number {
        /// The number, without trailing zeros.
        number: Decimal,
        /// `mm`, `min`, `percent` ...; none for a count.
        unit: Option<Box<str>>,
    },
    /// An answer such as `yes` or `normal`.
    Word(Box<str>),
}

impl Value {
    /// A number in its canonical form; the unit `count` is left out.
    pub fn number(number: Decimal, unit: Option<&str>) -> Self {
        let unit = unit.filter(|unit| *unit != "count").map(Into::into);
        Self::Number { number: number.normalize(), unit }
    }

    /// Reads `0.5 mm`, `0.5mm`, `4` or a word. Never fails: what isn't a number is a word.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let split = text
            .find(|letter: char| !(letter.is_ascii_digit() || ".-".contains(letter)))
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let unit = unit.trim();
        let is_unit = unit.len() <= 16
            && unit.chars().all(|letter| letter.is_alphabetic() || "%/²³".contains(letter));
        match read_decimal(number) {
            Some(number) if unit.is_empty() => Self::number(number, None),
            Some(number) if is_unit => Self::number(number, Some(unit)),
            _ => Self::Word(text.into()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { number, unit: Some(unit) } => write!(out, "{number} {unit}"),
            Self::Number { number, unit: None } => write!(out, "{number}"),
            Self::Word(word) => out.write_str(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(text: &str, unit: Unit) -> Result<String, QuantityError> {
        let pack = Quantity::from_parts(30 * unit.parts(), unit).unwrap();
        Ok(text.parse::<Ask>()?.resolve(unit, pack)?.to_string())
    }

    #[test]
    fn a_quantity_reads_as_people_write_it() {
        assert_eq!(ask("12", Unit::Each).unwrap(), "12 each");
        assert_eq!(ask("2.50 g", Unit::Gram).unwrap(), "2.5 g");
        assert_eq!(ask("0.3ml", Unit::Millilitre).unwrap(), "0.3 ml");
        assert_eq!(ask("2 packs", Unit::Gram).unwrap(), "60 g");
        assert_eq!(ask("1.0", Unit::Each).unwrap(), "1 each");
        assert!(ask("1.000", Unit::Each).is_err());
        assert_eq!(ask("1.000", Unit::Gram).unwrap(), "1 g");
    }

    #[test]
    fn wrong_quantities_say_what_is_wrong() {
        use QuantityError::*;
        assert!(matches!(ask("0", Unit::Each), Err(NotPositive(_))));
        assert!(matches!(ask("-1", Unit::Gram), Err(NotPositive(_))));
        assert!(matches!(ask("1.5", Unit::Each), Err(NotWhole(_))));
        assert!(matches!(ask("0.0001 g", Unit::Gram), Err(TooFine(..))));
        assert!(matches!(ask("99999999999999999999", Unit::Each), Err(TooLarge(_))));
        assert!(matches!(ask("1e5", Unit::Each), Err(UnknownUnit(_))));
        assert!(matches!(ask("2 ml", Unit::Gram), Err(OtherUnit { .. })));
        assert!(matches!(ask("two", Unit::Each), Err(NotANumber(_))));
        assert!(matches!(ask("1.5 packs", Unit::Each), Err(NotWholePacks(_))));
    }

    #[test]
    fn a_decimal_comma_is_told_to_be_a_point() {
        for (text, meant) in [("2,5 g", "2.5 g"), ("1,5", "1.5"), ("0,25ml", "0.25ml")] {
            let error = text.parse::<Ask>().unwrap_err();
            assert_eq!(error.hint(), format!("write the point: \"{meant}\""));
        }
        for text in ["1,000", "1,5,5", "2,5 boxes"] {
            let error = text.parse::<Ask>().unwrap_err();
            assert!(matches!(error, QuantityError::UnknownUnit(_)), "{text}: {error}");
        }
    }

    #[test]
    fn readings_print_in_one_form() {
        for (written, printed) in [
            ("0.50mm", "0.5 mm"),
            ("20 min", "20 min"),
            ("3", "3"),
            ("3 count", "3"),
            ("yes", "yes"),
            ("4.0 %", "4 %"),
            ("2026-01-01", "2026-01-01"),
        ] {
            assert_eq!(Value::read(written).to_string(), printed);
            assert_eq!(Value::read(printed).to_string(), printed);
        }
    }

    proptest! {
        #[test]
        fn a_quantity_survives_its_columns(parts in 1..=QUANTITY_MAX, which in 0..3_usize) {
            let quantity = Quantity::from_parts(parts, Unit::ALL[which]).unwrap();
            let again = Quantity::from_columns(&quantity.number(), quantity.unit()).unwrap();
            prop_assert_eq!(quantity, again);
        }
    }
}
