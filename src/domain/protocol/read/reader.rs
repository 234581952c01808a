//! The state of one reading: the text, the names it declares, and every problem found so far.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::names::Names;
use crate::domain::protocol::read::suggest::nearest;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::shown::shown;

/// Reads tables and values, and keeps what is wrong with them.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) names: Names,
    pub(super) found: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, names: Names::default(), found: Vec::new() }
    }

    /// Notes an error together with what to write instead.
    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(Diagnostic::error(code, span, message).remedy(remedy));
    }

    /// The text of a place.
    pub(super) fn source(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or("")
    }

    /// A table whose keys are known; keys that don't belong there are said.
    pub(super) fn table<'d>(&mut self, entry: &Entry<'d>, place: Place) -> Option<Table<'d>> {
        match entry.value {
            DeValue::Table(table) => Some(self.known(table, entry.key_span.clone(), place)),
            _ => {
                self.wrong_type(entry, "a table", &format!("{} = {{ ... }}", entry.key));
                None
            }
        }
    }

    /// A table whose keys are names.
    pub(super) fn free_table<'d>(&mut self, entry: &Entry<'d>) -> Option<Table<'d>> {
        match entry.value {
            DeValue::Table(table) => Some(Table::new(table, entry.key_span.clone())),
            _ => {
                self.wrong_type(entry, "a table", &format!("{} = {{ name = ... }}", entry.key));
                None
            }
        }
    }

    /// The tables of `[[step]]` or `[[rule]]`, with the places of their headers.
    pub(super) fn tables<'d>(&mut self, entry: &Entry<'d>, place: Place) -> Vec<Table<'d>> {
        let DeValue::Array(array) = entry.value else {
            let header = format!("[[{}]]", entry.key);
            self.wrong_type(entry, "a list of tables", &header);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(self.known(table, item.span(), place)),
                _ => self.error(
                    codes::WRONG_TYPE,
                    item.span(),
                    format!("`{}` is a list of tables, and this is none", entry.key),
                    format!("[[{}]]", entry.key),
                ),
            }
        }
        tables
    }

    /// A table, whose unknown keys are said.
    pub(super) fn known<'d>(
        &mut self,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        place: Place,
    ) -> Table<'d> {
        let table = Table::new(table, span);
        for entry in &table.entries {
            if !place.keys().contains(&entry.key) {
                self.stray_key(entry, place);
            }
        }
        table
    }

    fn stray_key(&mut self, entry: &Entry<'_>, place: Place) {
        let (key, title, span) = (entry.key, place.title(), entry.key_span.clone());
        if place.later().contains(&key) {
            let message = format!(
                "`{key}` is not supported yet: the language has it, \
                this version of lotbook can't judge by it"
            );
            let remedy = format!("leave `{key}` out, or use a later version");
            return self.error(codes::NOT_SUPPORTED_YET, span, message, remedy);
        }
        let near = nearest(key, place.keys().iter().copied());
        let exact = |home: &&Place| home.keys().contains(&key) || home.later().contains(&key);
        if let Some(home) = place.around().iter().find(exact) {
            let message = format!("`{key}` stands in {title}, but belongs to {}", home.title());
            return self.error(codes::MISPLACED_KEY, span, message, self::home(key, *home, place));
        }
        let message = format!("{title} has no key `{}`", shown(key));
        match near {
            Some(near) => {
                self.error(codes::UNKNOWN_KEY, span, message, format!("did you mean `{near}`?"));
            }
            None => {
                let keys = place.keys().join(", ");
                self.error(codes::UNKNOWN_KEY, span, message, format!("its keys are {keys}"));
            }
        }
    }

    /// Says that a value is of the wrong type.
    pub(super) fn wrong_type(&mut self, entry: &Entry<'_>, wanted: &str, remedy: &str) {
        let found = match entry.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{}` is {found}, but takes {wanted}", entry.key);
        let span = if matches!(entry.value, DeValue::Table(_)) {
            entry.key_span.clone()
        } else {
            entry.span.clone()
        };
        self.error(codes::WRONG_TYPE, span, message, format!("write {remedy}"));
    }

    /// Says that a key is missing.
    pub(super) fn missing(&mut self, span: Range<usize>, place: Place, key: &str, line: &str) {
        let message = format!("{} needs `{key}`", place.title());
        self.error(codes::MISSING_KEY, span, message, format!("add {line}"));
    }
}

/// How to move a key home. TOML puts every key under the last header above it.
fn home(key: &str, home: Place, place: Place) -> String {
    match (home, place) {
        (Place::File, _) => format!(
            "TOML puts a key under the last header above it: move `{key}` above the first [[step]]"
        ),
        (Place::Step, Place::Record) => format!(
            "TOML puts a key under the last header above it: \
            move `{key}` above the [step.record.NAME] header"
        ),
        (Place::Step, Place::File) if matches!(key, "record" | "uses") => {
            format!("write [step.{key}.NAME] after its [[step]]")
        }
        (Place::Step, Place::Rule) => format!("write `{key}` in the [[step]] it is about"),
        (Place::Record, _) => format!("write `{key}` under [step.record.NAME]"),
        (Place::Rule, Place::Step) => format!("write `{key}` in a [[rule]] of its own"),
        _ => {
            let home = home.title().replacen("a ", "its ", 1);
            format!("move `{key}` out of the braces, to {home}")
        }
    }
}
