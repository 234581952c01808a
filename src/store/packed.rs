//! Rows on their way from one thread to another: their cells in one block of bytes, so that a
//! million rows are not twenty million small pieces of memory.

use std::ops::Range;

use super::StoreError;
use super::engine::Row;

/// How many columns are packed of a row.
const COLUMNS: usize = 31;

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

/// Some rows.
#[derive(Default)]
pub(super) struct Packed {
    bytes: Vec<u8>,
    /// Where each cell lies, with its kind, row after row.
    cells: Vec<(u8, Range<u32>)>,
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
            let kind = if let Ok(value) = row.text(column) {
                value.map_or(NULL, |text| {
                    self.bytes.extend_from_slice(text.as_bytes());
                    TEXT
                })
            } else if let Ok(value) = row.integer(column) {
                value.map_or(NULL, |value| {
                    self.bytes.extend_from_slice(&value.to_be_bytes());
                    INTEGER
                })
            } else {
                row.blob(column)?.map_or(NULL, |bytes| {
                    self.bytes.extend_from_slice(bytes);
                    BLOB
                })
            };
            self.cells.push((kind, at(start)?..at(self.bytes.len())?));
        }
        Ok(())
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
    cells: &'p [(u8, Range<u32>)],
}

impl PackedRow<'_> {
    /// The bytes of a cell of this kind; none where it is NULL.
    fn cell(&self, column: usize, wanted: u8) -> Result<Option<&[u8]>, StoreError> {
        let wrong = || StoreError::Corrupt(format!("column {column} has another type"));
        let (kind, range) = self.cells.get(column).ok_or_else(wrong)?;
        match *kind {
            NULL => Ok(None),
            kind if kind == wanted => {
                self.bytes.get(range.start as usize..range.end as usize).map(Some).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}

impl Row for PackedRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        let bytes = self.cell(column, INTEGER)?;
        Ok(bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?))))
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        let text = self.cell(column, TEXT)?.map(std::str::from_utf8).transpose();
        text.map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.cell(column, BLOB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::engine::{Engine, Rows};
    use crate::store::{Sqlite, StoreError};

    #[test]
    fn a_packed_row_says_what_the_row_said() {
        let columns = ["NULL", "7", "'é'", "''", "x'00ff'", "-1"].join(", ");
        let more = vec!["'x'"; COLUMNS - 6].join(", ");
        let sql: &'static str = Box::leak(format!("SELECT {columns}, {more}").into_boxed_str());
        let (mut engine, mut packed) = (Sqlite::memory().unwrap(), Packed::default());
        let pushed: Result<(), StoreError> = engine.query(sql, &[], &mut |row| {
            packed.push(row)?;
            packed.push(row)?;
            Ok(Rows::More)
        });
        pushed.unwrap();
        assert_eq!(packed.len(), 2);
        for row in packed.rows() {
            assert!(matches!(
                (row.text(0), row.integer(0), row.blob(0)),
                (Ok(None), Ok(None), Ok(None))
            ));
            assert_eq!((row.integer(1).unwrap(), row.integer(5).unwrap()), (Some(7), Some(-1)));
            assert_eq!((row.text(2).unwrap(), row.text(3).unwrap()), (Some("é"), Some("")));
            assert_eq!(row.blob(4).unwrap(), Some(&[0_u8, 255][..]));
            assert!(row.text(1).is_err() && row.integer(2).is_err() && row.blob(2).is_err());
        }
    }
}
