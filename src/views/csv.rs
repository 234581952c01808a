//! A report as RFC 4180: a header of column keys, CRLF line ends, UTF-8 without a mark.
//!
//! Words go through the ledger's escape, so that no cell starts a formula in a spreadsheet and no
//! cell holds a line end; [`unescape`](crate::domain::trail::escape::unescape) reads them back.
//! Numbers and times are written as they are: their types can't hold anything else.

use std::borrow::Cow;
use std::io::{self, Write};

use super::report::Report;
use super::table::Cell;
use crate::domain::trail::escape::escape;

/// Writes all sections of a report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    match report.sections.as_slice() {
        [only] => {
            let keys = only.table.columns().iter().map(|column| column.key);
            file.write_record(keys).map_err(cause)?;
            for row in only.table.rows() {
                write_row(&mut file, row.iter())?;
            }
        }
        _ => write_sections(report, &mut file)?,
    }
    file.flush()
}

/// Several sections in one table: a cell stands under its key, whatever its section.
fn write_sections<W: Write>(report: &Report, file: &mut csv::Writer<W>) -> io::Result<()> {
    let columns = report.all_columns();
    let keys = columns.iter().map(|column| column.key);
    file.write_record(std::iter::once("section").chain(keys)).map_err(cause)?;
    for section in &report.sections {
        let own = section.table.columns();
        let places: Vec<Option<usize>> = columns
            .iter()
            .map(|column| own.iter().position(|candidate| candidate.key == column.key))
            .collect();
        let name = Cell::from(section.name);
        for row in section.table.rows() {
            let cells = places.iter().map(|place| place.map_or(&Cell::Empty, |at| &row[at]));
            write_row(file, std::iter::once(&name).chain(cells))?;
        }
    }
    Ok(())
}

fn write_row<'row, W: Write>(
    file: &mut csv::Writer<W>,
    cells: impl Iterator<Item = &'row Cell>,
) -> io::Result<()> {
    for cell in cells {
        file.write_field(field(cell).as_bytes()).map_err(cause)?;
    }
    file.write_record(None::<&[u8]>).map_err(cause)
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell.for_file() {
        Cow::Borrowed(words) if cell.is_words() => escape(words),
        text => text,
    }
}

/// What the writer failed with: a closed pipe must still be seen as one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
