//! The `detail` column: what a fact holds besides the 28 other columns, as sorted named values
//! (`pen=P-02; reading.depth=0.5 mm`).
//!
//! A new kind of fact gets new keys here and never a new column. A dot nests: the readings of a
//! step all begin with `reading.`. Values are escaped as every other value is, so that a semicolon
//! in the text always separates; the text as a whole begins with a key and is not escaped again.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use thiserror::Error;

use super::escape::{EscapeError, InputError, check_value, escape, unescape};

/// Named values, sorted by the bytes of their keys. No key twice, no value empty. What is read
/// borrows from the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// Why a name or value is not taken, or a text is not what a [`Detail`] is written as.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DetailError {
    /// A key that is not `[a-z][a-z0-9_.-]*`.
    #[error("{0:?} is not a key: a-z first, then a-z, 0-9, `_`, `.` or `-`")]
    Key(String),
    /// The key is there already.
    #[error("the key {0:?} is there twice")]
    Twice(String),
    /// The key stands behind one that sorts after it.
    #[error("the key {0:?} is out of order")]
    Order(String),
    /// A semicolon without a blank behind it, or one that ends the text.
    #[error("a `;` that isn't followed by a blank and a key")]
    Separator,
    /// A part without an equals sign.
    #[error("{0:?} has no `=` after its key")]
    NoValue(String),
    /// The value is empty or holds a NUL.
    #[error("the value of {key:?} {reason}")]
    Input {
        /// Whose value.
        key: String,
        /// What is wrong with it.
        reason: InputError,
    },
    /// The value is not written in its one escaped form.
    #[error("in the value of {key:?}, {reason}")]
    Escape {
        /// Whose value.
        key: String,
        /// What is wrong with it.
        reason: EscapeError,
    },
}

impl<'a> Detail<'a> {
    /// No values yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a named value.
    ///
    /// # Errors
    ///
    /// Refuses a malformed key, a key that is there already, an empty value and one with a NUL.
    pub fn insert(
        &mut self,
        key: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Result<(), DetailError> {
        let (key, value) = (key.into(), value.into());
        if !is_key(&key) {
            return Err(DetailError::Key(key.into_owned()));
        }
        let Err(place) = self.find(&key) else {
            return Err(DetailError::Twice(key.into_owned()));
        };
        if let Err(reason) = check_value(&value) {
            return Err(DetailError::Input { key: key.into_owned(), reason });
        }
        self.0.insert(place, (key, value));
        Ok(())
    }

    /// Where a key stands, or where it would.
    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_ref().cmp(key))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.find(key).ok().map(|place| self.0[place].1.as_ref())
    }

    /// All keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// The values whose key begins with `prefix`, under what follows it: with `reading.`, the
    /// names of the readings.
    pub fn nested<'d>(&'d self, prefix: &'d str) -> impl Iterator<Item = (&'d str, &'d str)> {
        let (Ok(from) | Err(from)) = self.find(prefix);
        let names = self.0[from..].iter();
        names.map_while(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_ref())))
    }

    /// True where there is no value, and so no text for the column.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the text of the column; nothing where there is no value.
    pub fn render(&self, out: &mut String) {
        for (index, (key, value)) in self.iter().enumerate() {
            if index > 0 {
                out.push_str("; ");
            }
            out.push_str(key);
            out.push('=');
            out.push_str(&escape(value));
        }
    }

    /// Reads the text of the column; empty text holds no values.
    ///
    /// # Errors
    ///
    /// Refuses every text that [`Detail::render`] would not have written.
    pub fn parse(text: &'a str) -> Result<Self, DetailError> {
        let mut values = Vec::new();
        read(text, |key, value| values.push((Cow::Borrowed(key), value)))?;
        Ok(Self(values))
    }

    /// The same values, kept beyond the text that they were read from.
    pub fn into_owned(self) -> Detail<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Detail(self.0.into_iter().map(|(key, value)| (own(key), own(value))).collect())
    }

    /// Says whether [`Detail::parse`] would read the text, without keeping what it holds.
    ///
    /// # Errors
    ///
    /// The same as for [`Detail::parse`].
    pub fn check(text: &str) -> Result<(), DetailError> {
        read(text, |_, _| {})
    }
}

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.render(&mut text);
        f.write_str(&text)
    }
}

/// Hands out the keys and values of a rendered text, in order, each checked.
fn read<'a>(text: &'a str, mut keep: impl FnMut(&'a str, Cow<'a, str>)) -> Result<(), DetailError> {
    let mut before = "";
    let mut rest = (!text.is_empty()).then_some(text);
    while let Some(text) = rest {
        let (part, after) = split_part(text)?;
        let (key, value) = read_part(part)?;
        match before.cmp(key) {
            Ordering::Less => keep(key, value),
            Ordering::Equal => return Err(DetailError::Twice(key.to_owned())),
            Ordering::Greater => return Err(DetailError::Order(key.to_owned())),
        }
        (before, rest) = (key, after);
    }
    Ok(())
}

/// The text up to the first semicolon and the text behind the blank that follows it.
fn split_part(text: &str) -> Result<(&str, Option<&str>), DetailError> {
    match text.bytes().position(|byte| byte == b';') {
        None => Ok((text, None)),
        Some(end) => {
            let after = text[end + 1..].strip_prefix(' ').ok_or(DetailError::Separator)?;
            Ok((&text[..end], Some(after)))
        }
    }
}

fn read_part(part: &str) -> Result<(&str, Cow<'_, str>), DetailError> {
    let end = part.bytes().position(|byte| byte == b'=');
    let end = end.ok_or_else(|| DetailError::NoValue(part.to_owned()))?;
    let (key, value) = (&part[..end], &part[end + 1..]);
    if !is_key(key) {
        return Err(DetailError::Key(key.to_owned()));
    }
    if value.is_empty() {
        return Err(DetailError::Input { key: key.to_owned(), reason: InputError::Empty });
    }
    let value =
        unescape(value).map_err(|reason| DetailError::Escape { key: key.to_owned(), reason })?;
    Ok((key, value))
}

fn is_key(text: &str) -> bool {
    let goes_on = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
    text.as_bytes().first().is_some_and(u8::is_ascii_lowercase) && text.bytes().all(goes_on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn detail<'a>(values: &[(&'a str, &'a str)]) -> Detail<'a> {
        let mut detail = Detail::new();
        for (key, value) in values {
            detail.insert(*key, *value).unwrap();
        }
        detail
    }

    #[test]
    fn values_are_written_sorted_by_key_and_escaped() {
        let detail = detail(&[
            ("reading.depth", "0.5 mm"),
            ("pen", "P-02"),
            ("note", "a;b=c"),
            ("limit", "-3"),
        ]);
        let text = r"limit=\-3; note=a\u{3b}b=c; pen=P-02; reading.depth=0.5 mm";
        assert_eq!(detail.to_string(), text);
        assert_eq!(Detail::parse(text), Ok(detail));
    }

    #[test]
    fn no_values_are_no_text() {
        assert_eq!(Detail::new().to_string(), "");
        assert_eq!(Detail::parse(""), Ok(Detail::new()));
        assert!(Detail::new().is_empty());
    }

    #[test]
    fn nested_values_are_found_by_their_prefix_alone() {
        let detail = detail(&[
            ("reading", "x"),
            ("reading.depth", "0.5 mm"),
            ("reading.passes", "2"),
            ("readings", "y"),
        ]);
        let readings: Vec<_> = detail.nested("reading.").collect();
        assert_eq!(readings, [("depth", "0.5 mm"), ("passes", "2")]);
        assert_eq!(detail.get("reading"), Some("x"));
        assert_eq!(detail.get("depth"), None);
    }

    #[test]
    fn a_malformed_name_or_value_is_not_taken() {
        let mut detail = Detail::new();
        for key in ["", "A", "1a", ".a", "a b", "a=b", "ä", "a;"] {
            assert_eq!(detail.insert(key, "x"), Err(DetailError::Key(key.to_owned())));
        }
        let input = |reason| Err(DetailError::Input { key: "a".to_owned(), reason });
        assert_eq!(detail.insert("a", ""), input(InputError::Empty));
        assert_eq!(detail.insert("a", "\0"), input(InputError::Nul));
        assert_eq!(detail.insert("a", "x"), Ok(()));
        assert_eq!(detail.insert("a", "y"), Err(DetailError::Twice("a".to_owned())));
        assert_eq!(detail.get("a"), Some("x"));
    }

    #[test]
    fn only_the_rendered_form_is_read() {
        let raw = |at, found| EscapeError::Raw { at, found };
        let escape = |key: &str, reason| DetailError::Escape { key: key.to_owned(), reason };
        let cases = [
            ("b=1; a=2", DetailError::Order("a".to_owned())),
            ("a=1; a=2", DetailError::Twice("a".to_owned())),
            ("a", DetailError::NoValue("a".to_owned())),
            ("a=1; ", DetailError::NoValue(String::new())),
            ("=1", DetailError::Key(String::new())),
            ("a=1;  b=2", DetailError::Key(" b".to_owned())),
            ("a=1;b=2", DetailError::Separator),
            ("a=1;", DetailError::Separator),
            ("a=1\nb=2", escape("a", raw(1, '\n'))),
            ("a==", escape("a", EscapeError::Formula { at: 0, found: '=' })),
            ("a=", DetailError::Input { key: "a".to_owned(), reason: InputError::Empty }),
            ("a =1", DetailError::Key("a ".to_owned())),
        ];
        for (text, reason) in cases {
            assert_eq!(Detail::check(text), Err(reason.clone()), "{text:?}");
            assert_eq!(Detail::parse(text), Err(reason), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_detail_comes_back(
            values in prop::collection::btree_map("[a-z][a-z0-9_.-]{0,6}", "[^\0]{1,8}", 0..6)
        ) {
            let mut detail = Detail::new();
            for (key, value) in values {
                detail.insert(key, value).unwrap();
            }
            let text = detail.to_string();
            prop_assert_eq!(Detail::parse(&text), Ok(detail));
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "([ab][=;\\\\]? ?[=1;\\\\]?){0,6}") {
            if let Ok(detail) = Detail::parse(&text) {
                prop_assert_eq!(detail.to_string(), text);
            }
        }
    }
}
