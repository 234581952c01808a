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

/// Some rows of the ledger.
#[derive(Default)]
pub(super) struct Packed {
    bytes: Vec<u8>,
    /// Where each cell lies, with its kind, row after row.
    cells: Vec<(Kind, Range<u32>)>,
}

impl Packed {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len() / COLUMNS
    }

    /// Takes in a copy of a row.
    pub(super) fn push(&mut self, row: &dyn Row) -> Result<(), StoreError> {
        for column in 0..COLUMNS {
            let start = self.bytes.len();
            let kind = if INTEGERS.contains(&column) {
                self.put(Kind::Integer, row.integer(column)?.map(i64::to_be_bytes))
            } else if BLOBS.contains(&column) {
                self.put(Kind::Blob, row.blob(column)?)
            } else {
                self.put(Kind::Text, row.text(column)?)
            };
            self.cells.push((kind, at(start)?..at(self.bytes.len())?));
        }
        Ok(())
    }

    fn put(&mut self, kind: Kind, value: Option<impl AsRef<[u8]>>) -> Kind {
        let Some(value) = value else { return Kind::Null };
        self.bytes.extend_from_slice(value.as_ref());
        kind
    }

    /// The rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = PackedRow<'_>> {
        self.cells.chunks_exact(COLUMNS).map(|cells| PackedRow { bytes: &self.bytes, cells })
    }
}

fn at(position: usize) -> Result<u32, StoreError> {
    u32::try_from(position)
        .map_err(|_| StoreError::Invariant("a block of rows is longer than 4 GB".to_owned()))
}

/// One row of a block.
pub(super) struct PackedRow<'p> {
    bytes: &'p [u8],
    cells: &'p [(Kind, Range<u32>)],
}

impl PackedRow<'_> {
    /// The bytes of a cell of this kind; none where it is NULL.
    fn cell(&self, column: usize, wanted: Kind) -> Result<Option<&[u8]>, StoreError> {
        let wrong = || StoreError::Corrupt(format!("column {column} has another type"));
        let (kind, range) = self.cells.get(column).ok_or_else(wrong)?;
        match *kind {
            Kind::Null => Ok(None),
            kind if kind == wanted => {
                self.bytes.get(range.start as usize..range.end as usize).map(Some).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}

impl Row for PackedRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        let bytes = self.cell(column, Kind::Integer)?;
        Ok(bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?))))
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        let text = self.cell(column, Kind::Text)?.map(std::str::from_utf8).transpose();
        text.map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.cell(column, Kind::Blob)
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
            packed.push(row)?;
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
