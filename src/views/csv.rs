//! A report as RFC 4180: a header of column keys, CRLF line ends, UTF-8 without a mark.
//!
//! Words go through the ledger's escape, so that no cell starts a formula in a spreadsheet and no
//! cell holds a line end; [`unescape`](crate::domain::trail::escape::unescape) reads them back.
//! Numbers and times are written as they are: their types can't hold anything else.

use std::borrow::Cow;
use std::io::{self, Write};

use super::report::Report;
use super::table::{Cell, Column};
use crate::domain::trail::escape::escape;

/// Writes all sections of a report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    match report.sections.as_slice() {
        [only] => {
            let mut file = begin(only.table.columns(), out)?;
            only.table.rows().try_for_each(|row| write_row(&mut file, row.iter()))?;
            file.flush()
        }
        _ => write_sections(report, out),
    }
}

/// A file with its header.
pub(super) fn begin<'out>(columns: &[Column], out: &'out mut dyn Write) -> io::Result<File<'out>> {
    let mut file = file(out);
    file.write_record(columns.iter().map(|column| column.key)).map_err(cause)?;
    Ok(file)
}

/// A CSV file being written.
pub(super) type File<'out> = csv::Writer<&'out mut dyn Write>;

/// A file that goes on, or that writes its header itself.
pub(super) fn file(out: &mut dyn Write) -> File<'_> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// Several sections in one table: a cell stands under its key, whatever its section.
fn write_sections(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut file = file(out);
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
            write_row(&mut file, std::iter::once(&name).chain(cells))?;
        }
    }
    file.flush()
}

/// One row.
pub(super) fn write_row<'row>(
    file: &mut File<'_>,
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
