//! A report: named sections of typed tables, and what must be said beside them.
//!
//! | format | a report of one section | a report of several sections |
//! |---|---|---|
//! | table | the table | each under its title |
//! | csv | its columns | a `section` column, then every column of any section, once |
//! | json | `{"schema": ..., "rows": [...]}` | one member a section, named after it |
//!
//! A section of one [`Record`](Shape::Record) is `title  value` lines on a screen and an object in
//! JSON. The schema names the document and its version; columns are added, never changed, in it.

use std::borrow::Cow;

use super::table::{Column, Table};

/// Whether a section is many things or one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Any number of rows.
    List,
    /// One row, read from top to bottom.
    Record,
}

/// One table of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The documented name in CSV and JSON, in snake_case.
    pub name: &'static str,
    /// What stands above it on a screen; empty for none.
    pub title: Cow<'static, str>,
    /// Its columns and rows.
    pub table: Table,
    /// Many things or one.
    pub shape: Shape,
}

/// Everything that one command answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Name and version of the document: `lotbook/stock/1`.
    pub schema: Cow<'static, str>,
    /// The tables in reading order.
    pub sections: Vec<Section>,
    /// Sentences that belong to the numbers: below the tables on a screen, `notes` in JSON. CSV has
    /// no place for them; [`Ui::show`](crate::ui::Ui::show) says them on stderr then.
    pub notes: Vec<String>,
}

impl Report {
    /// A report without sections yet.
    pub fn new(schema: &'static str) -> Self {
        Self { schema: Cow::Borrowed(schema), sections: Vec::new(), notes: Vec::new() }
    }

    /// The usual report: one table, whose rows are `rows` in JSON.
    pub fn of(schema: &'static str, table: Table) -> Self {
        Self::new(schema).list("rows", "", table)
    }

    /// Adds a table.
    #[must_use]
    pub fn list(
        mut self,
        name: &'static str,
        title: impl Into<Cow<'static, str>>,
        table: Table,
    ) -> Self {
        self.sections.push(Section { name, title: title.into(), table, shape: Shape::List });
        self
    }

    /// Adds one thing, whose table has one row.
    #[must_use]
    pub fn record(
        mut self,
        name: &'static str,
        title: impl Into<Cow<'static, str>>,
        table: Table,
    ) -> Self {
        self.sections.push(Section { name, title: title.into(), table, shape: Shape::Record });
        self
    }

    /// Adds a sentence.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same report for a screen, without the columns in which no row says anything. For files
    /// the columns must not depend on the rows.
    #[must_use]
    pub fn without_blank_columns(mut self) -> Self {
        for section in &mut self.sections {
            let table = std::mem::replace(&mut section.table, Table::new([]));
            section.table = table.without_blank_columns();
        }
        self
    }

    /// Every column of any section, once, in order of appearance.
    pub(super) fn all_columns(&self) -> Vec<&Column> {
        let mut all: Vec<&Column> = Vec::new();
        for column in self.sections.iter().flat_map(|section| section.table.columns()) {
            if !all.iter().any(|known| known.key == column.key) {
                all.push(column);
            }
        }
        all
    }
}
