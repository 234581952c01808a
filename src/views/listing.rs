//! A table too long for memory, written while its rows are read: an audit log of a million entries.
//!
//! The output is that of a [`Report`](super::report::Report) of one table. Only a text table
//! differs: its columns are measured on the first rows, and later words that are wider fold.

use std::io::{self, Write};

use super::json::Row;
use super::table::{Cell, Column, Table};
use super::text::{Layout, Page};
use super::{Format, Screen, csv};

/// How many rows a text table is measured on.
const MEASURED: usize = 1000;

/// A table being written.
pub struct Listing<'out> {
    columns: Vec<Column>,
    rows: usize,
    form: Form<'out>,
}

enum Form<'out> {
    /// The rows wait until there are enough to lay the columns out.
    Text {
        page: Page<'out>,
        waiting: Table,
        layout: Option<Layout>,
    },
    Csv(Box<csv::File<'out>>),
    Json(&'out mut dyn Write),
}

impl<'out> Listing<'out> {
    /// Begins the document with this schema.
    ///
    /// # Errors
    ///
    /// Here and below, only what the writer itself fails with.
    pub fn begin(
        schema: &str,
        columns: Vec<Column>,
        format: Format,
        screen: Screen,
        out: &'out mut dyn Write,
    ) -> io::Result<Self> {
        let form = match format {
            Format::Table => {
                let waiting = Table::new(columns.clone());
                Form::Text { page: Page::new(screen, out), waiting, layout: None }
            }
            Format::Csv => Form::Csv(Box::new(csv::begin(&columns, out)?)),
            Format::Json => {
                out.write_all(b"{\"schema\":")?;
                serde_json::to_writer(&mut *out, schema)?;
                out.write_all(b",\"rows\":[")?;
                Form::Json(out)
            }
        };
        Ok(Self { columns, rows: 0, form })
    }

    /// Writes a row: one cell for each column.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let columns = &self.columns;
        match &mut self.form {
            Form::Text { page, layout: Some(layout), .. } => {
                page.row(columns, layout, self.rows, cells)?;
            }
            Form::Text { page, waiting, layout } => {
                waiting.row(cells.iter().cloned());
                if waiting.rows().len() == MEASURED {
                    *layout = Some(lay_out(page, waiting)?);
                }
            }
            Form::Csv(file) => csv::write_row(file, cells.iter())?,
            Form::Json(out) => {
                out.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut **out, &Row { columns, cells })?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Writes what is still held back, and the end of the document.
    pub fn end(self) -> io::Result<()> {
        match self.form {
            Form::Text { layout: Some(_), .. } => Ok(()),
            Form::Text { mut page, .. } if self.rows == 0 => page.nothing(),
            Form::Text { mut page, waiting, .. } => lay_out(&mut page, &waiting).map(drop),
            Form::Csv(mut file) => file.flush(),
            Form::Json(out) => out.write_all(if self.rows == 0 { b"]}\n" } else { b"\n]}\n" }),
        }
    }
}

/// Lays a table out by the rows that waited, and writes them.
fn lay_out(page: &mut Page<'_>, waiting: &Table) -> io::Result<Layout> {
    let layout = Layout::of(waiting, page.screen());
    page.head(waiting.columns(), &layout)?;
    for (number, row) in waiting.rows().enumerate() {
        page.row(waiting.columns(), &layout, number, row)?;
    }
    Ok(layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::report::Report;

    fn table(rows: i64) -> Table {
        let columns = [Column::right("seq", "seq"), Column::left("what", "what")];
        let mut table = Table::new(columns);
        (1..=rows).for_each(|seq| table.row([seq.into(), Cell::text(format!("move {seq}"))]));
        table
    }

    fn listed(table: &Table, format: Format, screen: Screen) -> String {
        let mut out = Vec::new();
        let columns = table.columns().to_vec();
        let mut listing =
            Listing::begin("lotbook/log/1", columns, format, screen, &mut out).unwrap();
        table.rows().for_each(|row| listing.row(row).unwrap());
        listing.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_listing_writes_what_a_report_of_the_same_rows_writes() {
        let screen = Screen { width: 40, colour: false };
        for rows in [0, 1, 999, 1000, 1001] {
            for format in [Format::Table, Format::Csv, Format::Json] {
                let table = table(rows);
                let mut out = Vec::new();
                let report = Report::of("lotbook/log/1", table.clone());
                report.write(format, screen, &mut out).unwrap();
                let expected = String::from_utf8(out).unwrap();
                let folds = format == Format::Table && rows > MEASURED as i64;
                if !folds {
                    assert_eq!(listed(&table, format, screen), expected, "{format:?} {rows}");
                }
            }
        }
    }

    #[test]
    fn rows_after_the_measured_ones_keep_to_the_same_columns() {
        let mut table = table(MEASURED as i64);
        table.row([Cell::Integer(1_000_000), Cell::from("moved to another room")]);
        let text = listed(&table, Format::Table, Screen { width: 40, colour: false });
        assert!(text.ends_with("\n1000000  moved to\n      another\n      room\n"), "{text}");
        let blocks = listed(&table, Format::Table, Screen { width: 8, colour: false });
        assert!(blocks.contains("\n\nseq   1000\nwhat  move 1000\n\nseq"), "{blocks}");
    }
}
