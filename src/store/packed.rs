//! Rows on their way from one thread to another: their cells in one block of bytes, so that a
//! million rows are not twenty million small pieces of memory.

use std::ops::Range;

use super::StoreError;
use super::engine::Row;

/// How many columns a row of the ledger has.
const COLUMNS: usize = 31;

/// The columns that are integers, and those that are bytes; all others are text.
const INTEGERS: [usize; 7] = [0, 2, 3, 4, 15, 27, 29];
const BLOBS: [usize; 2] = [1, 30];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Integer,
    Text,
    Blob,
}

/// Where a cell lies, among the texts or among the bytes.
type Cell = (Kind, Range<u32>);

const NULL: Cell = (Kind::Null, 0..0);

/// Some rows of the ledger.
#[derive(Default)]
pub(super) struct Packed {
    text: String,
    bytes: Vec<u8>,
    /// Where each cell lies, with its kind, row after row.
    cells: Vec<Cell>,
}

impl Packed {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len() / COLUMNS
    }

    /// Takes in a copy of a row, and returns it.
    pub(super) fn push(&mut self, row: &dyn Row) -> Result<PackedRow<'_>, StoreError> {
        let first = self.cells.len();
        for column in 0..COLUMNS {
            let cell = if INTEGERS.contains(&column) {
                let bytes = row.integer(column)?.map(i64::to_be_bytes);
                self.put(Kind::Integer, bytes.as_ref().map(<[u8; 8]>::as_slice))?
            } else if BLOBS.contains(&column) {
                self.put(Kind::Blob, row.blob(column)?)?
            } else if let Some(text) = row.text(column)? {
                let start = self.text.len();
                self.text.push_str(text);
                (Kind::Text, at(start)?..at(self.text.len())?)
            } else {
                NULL
            };
            self.cells.push(cell);
        }
        Ok(self.row(&self.cells[first..]))
    }

    fn put(&mut self, kind: Kind, value: Option<&[u8]>) -> Result<Cell, StoreError> {
        let Some(value) = value else { return Ok(NULL) };
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        Ok((kind, at(start)?..at(self.bytes.len())?))
    }

    /// The rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = PackedRow<'_>> {
        self.cells.chunks_exact(COLUMNS).map(|cells| self.row(cells))
    }

    fn row<'p>(&'p self, cells: &'p [Cell]) -> PackedRow<'p> {
        PackedRow { text: &self.text, bytes: &self.bytes, cells }
    }
}

fn at(position: usize) -> Result<u32, StoreError> {
    u32::try_from(position)
        .map_err(|_| StoreError::Invariant("a block of rows is longer than 4 GB".to_owned()))
}

/// One row of a block.
pub(super) struct PackedRow<'p> {
    text: &'p str,
    bytes: &'p [u8],
    cells: &'p [Cell],
}

impl PackedRow<'_> {
    /// Where a cell of this kind lies; none where it is NULL.
    fn cell(&self, column: usize, wanted: Kind) -> Result<Option<Range<usize>>, StoreError> {
        match self.cells.get(column) {
            Some((Kind::Null, _)) => Ok(None),
            Some((kind, range)) if *kind == wanted => {
                Ok(Some(range.start as usize..range.end as usize))
            }
            _ => Err(StoreError::Corrupt(format!("column {column} has another type"))),
        }
    }
}

impl Row for PackedRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        let bytes = self.cell(column, Kind::Integer)?.and_then(|range| self.bytes.get(range));
        Ok(bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?))))
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        Ok(self.cell(column, Kind::Text)?.and_then(|range| self.text.get(range)))
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        Ok(self.cell(column, Kind::Blob)?.and_then(|range| self.bytes.get(range)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::engine::{Engine, Rows};
    use crate::store::{Sqlite, StoreError};

    #[test]
    fn a_packed_row_says_what_the_row_said() {
        let mut columns = vec!["'é'"; COLUMNS];
        INTEGERS.iter().for_each(|&column| columns[column] = "-7");
        BLOBS.iter().for_each(|&column| columns[column] = "x'00ff'");
        (columns[8], columns[9], columns[15]) = ("NULL", "''", "NULL");
        let columns = columns.join(", ");
        let sql: &'static str = Box::leak(format!("SELECT {columns}").into_boxed_str());
        let (mut engine, mut packed) = (Sqlite::memory().unwrap(), Packed::default());
        let pushed: Result<(), StoreError> = engine.query(sql, &[], &mut |row| {
            packed.push(row)?;
            let pushed = packed.push(row)?;
            assert_eq!((pushed.integer(0)?, pushed.text(5)?), (Some(-7), Some("é")));
            Ok(Rows::More)
        });
        pushed.unwrap();
        assert_eq!(packed.len(), 2);
        for row in packed.rows() {
            assert_eq!((row.integer(0).unwrap(), row.integer(15).unwrap()), (Some(-7), None));
            assert_eq!((row.text(5).unwrap(), row.text(9).unwrap()), (Some("é"), Some("")));
            assert_eq!((row.text(8).unwrap(), row.blob(30).unwrap()), (None, Some(&[0, 255][..])));
            assert!(row.text(0).is_err() && row.integer(5).is_err() && row.blob(5).is_err());
        }
    }
}
