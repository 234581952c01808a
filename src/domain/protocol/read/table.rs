//! A TOML table as it is written: its keys in the order of the text, each with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One key with its value.
#[derive(Clone)]
pub(super) struct Entry<'d> {
    pub(super) key: &'d str,
    pub(super) key_span: Range<usize>,
    pub(super) value: &'d DeValue<'d>,
    pub(super) span: Range<usize>,
}

/// The keys of a table in the order of the text.
pub(super) struct Table<'d> {
    pub(super) entries: Vec<Entry<'d>>,
    /// Where the table is named: its header, its key or its braces.
    pub(super) span: Range<usize>,
}

impl<'d> Table<'d> {
    pub(super) fn new(table: &'d DeTable<'d>, span: Range<usize>) -> Self {
        let mut entries: Vec<Entry<'d>> =
            table.iter().filter_map(|(key, value)| entry(key, value)).collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Self { entries, span }
    }

    /// The entry of a key.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'d>> {
        self.entries.iter().find(|entry| entry.key == key).cloned()
    }
}

/// An entry, unless the parser put it there in place of a value that it couldn't read; that was
/// said already.
fn entry<'d>(
    key: &'d Spanned<std::borrow::Cow<'d, str>>,
    value: &'d Spanned<DeValue<'d>>,
) -> Option<Entry<'d>> {
    let span = value.span();
    if span.is_empty() && !matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_)) {
        return None;
    }
    Some(Entry { key: key.get_ref(), key_span: key.span(), value: value.get_ref(), span })
}
