//! What a command found, shown: a typed report to text, CSV or JSON.
//!
//! A view decides how something looks and nothing else. It is given a writer, never opens one, and
//! knows neither the book nor the terminal.

pub mod across;
pub mod assurance;
pub mod bundle;
mod csv;
pub mod diagnostics;
pub mod entries;
mod json;
pub mod listing;
pub mod report;
pub mod table;
#[cfg(test)]
mod tests;
mod text;
pub mod visible;

use std::io::{self, Write};

use report::Report;

/// How a report is written: the same data every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For reading: columns that fit the screen.
    #[default]
    Table,
    /// For spreadsheets: RFC 4180 with a header of column keys.
    Csv,
    /// For programs: one document that names its schema.
    Json,
}

/// What text is laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal, at least 20.
    pub width: usize,
    /// Whether labels are coloured.
    pub colour: bool,
}

impl Report {
    /// Writes the whole report.
    ///
    /// # Errors
    ///
    /// Only what the writer itself fails with.
    pub fn write(&self, format: Format, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Table => text::write(self, screen, out),
            Format::Csv => csv::write(self, out),
            Format::Json => json::write(self, out),
        }
    }
}
