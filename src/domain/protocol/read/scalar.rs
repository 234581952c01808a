//! Texts, numbers, words and lists, read from the text and never through floats.

use std::ops::Range;
use std::str::FromStr;

use rust_decimal::Decimal;
use toml::de::DeValue;

use crate::domain::catalog::WordError;
use crate::domain::id::{FieldName, IdError};
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::suggest::nearest;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::quantity::Value;
use crate::domain::shown::shown;

/// The units that a reading may have.
pub(super) const UNITS: &[&str] = &[
    "count", "mm", "cm", "s", "min", "h", "days", "weeks", "g", "mg", "kg", "ml", "percent", "%",
    "mmHg", "celsius", "Hz", "rpm",
];

impl Reader<'_> {
    /// A text.
    pub(super) fn string<'d>(&mut self, entry: &Entry<'d>) -> Option<&'d str> {
        match entry.value {
            DeValue::String(text) => Some(text),
            _ => {
                let text = self.example(entry.key, self.source(&entry.span));
                let line = format!("{} = {text}", entry.key);
                self.wrong_type(entry, "a text in quotes", &line);
                None
            }
        }
    }

    /// The text of a key, where it is there.
    pub(super) fn string_of<'d>(&mut self, table: &Table<'d>, key: &str) -> Option<&'d str> {
        table.get(key).and_then(|entry| self.string(&entry))
    }

    /// The text of a key that must be there.
    pub(super) fn needed<'d>(
        &mut self,
        table: &Table<'d>,
        place: Place,
        key: &str,
        line: &str,
    ) -> Option<(&'d str, Range<usize>)> {
        match table.get(key) {
            Some(entry) => self.string(&entry).map(|text| (text, entry.span)),
            None => {
                self.missing(table.span.clone(), place, key, line);
                None
            }
        }
    }

    /// `true` or `false`; an absent key is `false`.
    pub(super) fn flag(&mut self, table: &Table<'_>, key: &str) -> bool {
        let Some(entry) = table.get(key) else { return false };
        match entry.value {
            DeValue::Boolean(value) => *value,
            _ => {
                self.wrong_type(&entry, "true or false", &format!("{key} = true"));
                false
            }
        }
    }

    /// A list of texts with their places.
    pub(super) fn strings<'d>(&mut self, entry: &Entry<'d>) -> Vec<(&'d str, Range<usize>)> {
        let DeValue::Array(items) = entry.value else {
            let text = match entry.value {
                DeValue::String(text) if !text.contains(['"', '\\']) => {
                    format!("\"{}\"", shown(text))
                }
                _ => self.example(entry.key, self.source(&entry.span)),
            };
            self.wrong_type(entry, "a list of texts", &format!("{} = [{text}]", entry.key));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push((&**text, item.span())),
                _ => self.error(
                    codes::WRONG_TYPE,
                    item.span(),
                    format!("`{}` holds texts, and this is none", entry.key),
                    format!("write {}", self.example(entry.key, self.source(&item.span()))),
                ),
            }
        }
        texts
    }

    /// A number as it is written.
    pub(super) fn decimal(&mut self, entry: &Entry<'_>) -> Option<Decimal> {
        self.decimal_value(entry, entry.value, entry.span.clone())
    }

    fn decimal_value(
        &mut self,
        entry: &Entry<'_>,
        value: &DeValue<'_>,
        span: Range<usize>,
    ) -> Option<Decimal> {
        let digits = match value {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::Float(number) => Some(number.as_str()),
            DeValue::Integer(_) => None,
            _ => {
                self.wrong_type(entry, "a number", &format!("{} = 0.5", entry.key));
                return None;
            }
        };
        let plain = digits
            .filter(|digits| {
                digits.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
            })
            .and_then(|digits| Decimal::from_str_exact(digits.trim_start_matches('+')).ok());
        if plain.is_none() {
            let source = shown(self.source(&span));
            let message = format!("`{source}` is not a plain decimal number");
            self.error(codes::BAD_NUMBER, span, message, "write digits with a decimal point: 0.5");
        }
        plain.map(|number| number.normalize())
    }

    /// The number of a key, where it is there.
    pub(super) fn decimal_of(&mut self, table: &Table<'_>, key: &str) -> Option<Decimal> {
        table.get(key).and_then(|entry| self.decimal(&entry))
    }

    /// A pair of numbers, `[0.25, 0.5]`.
    pub(super) fn pair(&mut self, entry: &Entry<'_>) -> Option<(Decimal, Decimal)> {
        let DeValue::Array(items) = entry.value else {
            self.wrong_type(entry, "its least and most", &format!("{} = [0.25, 0.5]", entry.key));
            return None;
        };
        let numbers: Vec<Option<Decimal>> = items
            .iter()
            .map(|item| self.decimal_value(entry, item.get_ref(), item.span()))
            .collect();
        match numbers[..] {
            [Some(min), Some(max)] => Some((min, max)),
            [_, _] => None,
            _ => {
                let count = numbers.len();
                let message = format!("`{}` holds {count} numbers, but a range has two", entry.key);
                let remedy = format!("write {} = [0.25, 0.5]", entry.key);
                self.error(codes::WRONG_TYPE, entry.span.clone(), message, remedy);
                None
            }
        }
    }

    /// How often a step is done: a whole number from 0 to 1000.
    pub(super) fn times(&mut self, table: &Table<'_>, key: &str) -> Option<u32> {
        let entry = table.get(key)?;
        let number = self.decimal(&entry)?;
        let times =
            u32::try_from(number).ok().filter(|times| number.is_integer() && *times <= 1000);
        if times.is_none() {
            let message = format!("`{key} = {number}` is not a number of times");
            let remedy = format!("write a whole number from 0 to 1000: {key} = 1");
            self.error(codes::BAD_NUMBER, entry.span.clone(), message, remedy);
        }
        times
    }

    /// An id, or an error with the shape it must have.
    pub(super) fn id<T: FromStr<Err = IdError>>(
        &mut self,
        text: &str,
        span: Range<usize>,
    ) -> Option<T> {
        match text.parse() {
            Ok(id) => Some(id),
            Err(IdError { what, text, why }) => {
                let remedy = match as_kebab(&text, what) {
                    Some(better) => format!("write \"{better}\""),
                    None => why.clone(),
                };
                let an = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                let message = format!("`{text}` is not {an} {what}: {why}");
                self.error(codes::BAD_ID, span, message, remedy);
                None
            }
        }
    }

    /// The name of a reading, an attribute or a demand, from a key.
    pub(super) fn field(&mut self, entry: &Entry<'_>) -> Option<FieldName> {
        self.id(entry.key, entry.key_span.clone())
    }

    /// A word of a closed list.
    pub(super) fn word<T: FromStr<Err = WordError>>(
        &mut self,
        text: &str,
        span: Range<usize>,
    ) -> Option<T> {
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let remedy = match nearest(text, error.words.iter().copied()) {
                    Some(near) => format!("write \"{near}\""),
                    None => format!("write one of {}", error.words.join(", ")),
                };
                self.error(codes::BAD_WORD, span, error.to_string(), remedy);
                None
            }
        }
    }

    /// A unit that readings may have; `count` is the absence of one.
    pub(super) fn unit(&mut self, text: &str, span: Range<usize>) -> Option<Option<Box<str>>> {
        if UNITS.contains(&text) {
            return Some(if text == "count" { None } else { Some(text.into()) });
        }
        let remedy = match nearest(text, UNITS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("units are {}", UNITS.join(", ")),
        };
        let message = format!("`{}` is not a unit of readings", shown(text));
        self.error(codes::UNKNOWN_UNIT, span, message, remedy);
        None
    }

    /// A value as it would be recorded: a text, or a number without a unit.
    pub(super) fn value(&mut self, entry: &Entry<'_>) -> Option<Value> {
        match entry.value {
            DeValue::String(text) => Some(Value::read(text)),
            DeValue::Integer(_) | DeValue::Float(_) => {
                self.decimal(entry).map(|number| Value::number(number, None))
            }
            _ => {
                let line = format!("{} = \"yes\"", entry.key);
                self.wrong_type(entry, "a text or a number", &line);
                None
            }
        }
    }
}

/// The same words in the shape that was asked for, where that is only a matter of letters.
fn as_kebab(text: &str, what: &str) -> Option<String> {
    let (from, to) = if what == "name" { ('-', '_') } else { ('_', '-') };
    let better = text.trim().to_lowercase().replace([from, ' '], &to.to_string());
    let shaped = better.starts_with(|first: char| first.is_ascii_lowercase())
        && better
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == to as u8);
    (shaped && better != text).then_some(better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_can_be_typed_as_a_reading() {
        for unit in UNITS.iter().filter(|unit| **unit != "count") {
            let typed = Value::read(&format!("1.5 {unit}"));
            assert_eq!(typed, Value::number(Decimal::new(15, 1), Some(unit)), "{unit}");
        }
    }
}
