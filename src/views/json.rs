//! A report as one JSON document on stable keys, written row by row:
//!
//! ```json
//! {"schema":"lotbook/stock/1","rows":[
//! {"product":"CART-12","lot":"23B0412","pieces":"14","expires":"2026-10-31"}
//! ]}
//! ```
//!
//! A count is a number and a flag a boolean. An amount of a product is a *string* in its unit
//! (`"2.5"`), because a reader that takes numbers for floats would change it. Days are
//! `YYYY-MM-DD`, moments RFC 3339 with the clinic's offset, instants RFC 3339 in UTC. What is not
//! known is `null`; every row has every key. Notes are an array of sentences, `notes`, where there
//! are any. Each row stands on its own line.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::report::{Report, Section, Shape};
use super::table::{Cell, Column};

/// Writes the document.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"schema\":")?;
    serde_json::to_writer(&mut *out, &report.schema)?;
    for section in &report.sections {
        out.write_all(b",")?;
        serde_json::to_writer(&mut *out, section.name)?;
        out.write_all(b":")?;
        write_section(section, out)?;
    }
    if !report.notes.is_empty() {
        out.write_all(b",\"notes\":")?;
        serde_json::to_writer(&mut *out, &report.notes)?;
    }
    out.write_all(b"}\n")
}

fn write_section(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    let columns = section.table.columns();
    let mut rows = section.table.rows();
    if section.shape == Shape::Record {
        return match rows.next() {
            Some(cells) => Ok(serde_json::to_writer(out, &Row { columns, cells })?),
            None => out.write_all(b"null"),
        };
    }
    let mut before: &[u8] = b"[\n";
    if rows.len() == 0 {
        return out.write_all(b"[]");
    }
    for cells in rows {
        out.write_all(before)?;
        serde_json::to_writer(&mut *out, &Row { columns, cells })?;
        before = b",\n";
    }
    out.write_all(b"\n]")
}

/// One row as an object.
pub(super) struct Row<'table> {
    pub(super) columns: &'table [Column],
    pub(super) cells: &'table [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            match cell {
                Cell::Empty => map.serialize_entry(column.key, &())?,
                Cell::Integer(number) => map.serialize_entry(column.key, number)?,
                Cell::Lag(lag) => map.serialize_entry(column.key, &lag.seconds())?,
                Cell::Flag(flag) => map.serialize_entry(column.key, flag)?,
                other => map.serialize_entry(column.key, &*other.for_file())?,
            }
        }
        map.end()
    }
}
