//! Entries of the ledger for people and programs.
//!
//! A file holds every column of an entry; a screen shows when, who and what in words. How late an
//! entry was written and which entry takes it back stand with it wherever it is shown.

use std::io::{self, Write};
use std::rc::Rc;

use super::across;
use super::listing::{Listed, Listing, Turn};
use super::table::{Cell, Column, Table, Tone};
use super::{Format, Screen};
use crate::domain::quantity::{Unit, show_parts};
use crate::domain::trail::entry::{Columns, Entry, Text};
use crate::domain::trail::hash::Hash;
use crate::domain::trail::line::{COLUMNS, header};

/// A log being written while its entries are read.
pub struct Log<'out>(Form<'out>);

enum Form<'out> {
    Screen(Listing<'out>),
    /// The ledger's own lines, byte for byte those of the inspector's audit.csv, behind the name
    /// of the book where there are several.
    Lines {
        out: &'out mut dyn Write,
        line: String,
        book: Option<Rc<str>>,
    },
    Json(Listing<'out>),
}

/// Name and version of the log as a document.
const SCHEMA: &str = "lotbook/audit-log/1";

impl<'out> Log<'out> {
    /// Begins a log, or goes on with that of several books.
    ///
    /// # Errors
    ///
    /// Here and below, only what the writer itself fails with.
    pub fn begin(
        format: Format,
        screen: Screen,
        out: &'out mut dyn Write,
        turn: Option<Turn<'out>>,
    ) -> io::Result<Self> {
        let columns = match format {
            Format::Table => screen_columns(),
            Format::Csv => return Self::begin_lines(out, turn),
            Format::Json => file_columns(),
        };
        let listing = match turn {
            None => Listing::begin(SCHEMA, columns, format, screen, out),
            Some(turn) => Listing::take_turn(turn, SCHEMA, columns, format, screen, out),
        }?;
        Ok(Self(match format {
            Format::Table => Form::Screen(listing),
            Format::Csv | Format::Json => Form::Json(listing),
        }))
    }

    fn begin_lines(out: &'out mut dyn Write, turn: Option<Turn<'out>>) -> io::Result<Self> {
        match &turn {
            None => write!(out, "{}\r\n", header())?,
            Some(turn) if turn.listed.is_none() => {
                write!(out, "{},{}\r\n", across::BOOK.key, header())?;
            }
            Some(_) => {}
        }
        let book = turn.map(|Turn { book, listed }| {
            listed.get_or_insert_with(|| Listed::new(Vec::new()));
            book
        });
        Ok(Self(Form::Lines { out, line: String::new(), book }))
    }

    /// Writes one entry; `corrected_by` is the entry that takes it back.
    pub fn put(&mut self, entry: &Entry<'_>, corrected_by: Option<u64>) -> io::Result<()> {
        match &mut self.0 {
            Form::Screen(listing) => listing.row(&screen_row(entry, corrected_by)),
            Form::Json(listing) => listing.row(&file_row(entry, corrected_by)),
            Form::Lines { out, line, book } => {
                line.clear();
                if let Some(book) = book {
                    // A book's name is plain: no field of CSV needs less care.
                    line.push_str(book);
                    line.push(',');
                }
                entry.write_line(line).map_err(io::Error::other)?;
                line.push_str("\r\n");
                out.write_all(line.as_bytes())
            }
        }
    }

    /// Ends the log.
    pub fn end(self) -> io::Result<()> {
        match self.0 {
            Form::Screen(listing) | Form::Json(listing) => listing.end(),
            Form::Lines { .. } => Ok(()),
        }
    }
}

/// The columns of a screen.
fn screen_columns() -> Vec<Column> {
    vec![
        Column::right("seq", "#"),
        Column::left("occurred_at", "happened"),
        Column::late(),
        Column::left("staff", "by"),
        Column::left("action", "action"),
        Column::left("what", "what"),
        Column::left("standing", "standing"),
    ]
}

/// One entry on a screen; `corrected_by` is the entry that takes it back.
fn screen_row(entry: &Entry<'_>, corrected_by: Option<u64>) -> Vec<Cell> {
    let what = told(&entry.columns);
    let what = match corrected_by {
        Some(_) => Cell::label(what, Tone::Struck),
        None => Cell::from(what),
    };
    let standing = match (corrected_by, entry.columns.corrects) {
        (Some(by), _) => Cell::label(format!("reversed by #{by}"), Tone::Warn),
        (None, Some(original)) => Cell::from(format!("reverses #{original}")),
        (None, None) => Cell::Empty,
    };
    vec![
        Cell::Integer(entry.seq.cast_signed()),
        Cell::from(entry.occurred_at),
        entry.lag().into(),
        Cell::text(&entry.staff),
        Cell::text(&entry.action),
        what,
        standing,
    ]
}

/// The columns of a file: all of the ledger's, and what stands beside them.
fn file_columns() -> Vec<Column> {
    let ledger = COLUMNS.into_iter().map(|name| Column::left(name, name));
    let beside = [Column::right("corrected_by", "corrected_by"), Column::late()];
    ledger.chain(beside).collect()
}

/// One entry in a file.
fn file_row(entry: &Entry<'_>, corrected_by: Option<u64>) -> Vec<Cell> {
    let columns = &entry.columns;
    let number = |seq: u64| Cell::Integer(seq.cast_signed());
    let text = |text: &Text<'_>| Cell::maybe(text.as_deref());
    let unit = columns.unit.as_deref().and_then(|unit| unit.parse::<Unit>().ok());
    let quantity = match (columns.quantity, unit) {
        (Some(parts), Some(unit)) => Cell::Amount(parts, unit),
        (Some(parts), None) => Cell::text(parts),
        (None, _) => Cell::Empty,
    };
    vec![
        number(entry.seq),
        Cell::text(entry.entry_id.hyphenated()),
        number(entry.txn),
        Cell::from(entry.recorded_at),
        Cell::from(entry.occurred_at),
        Cell::text(&entry.staff),
        Cell::text(&entry.role),
        Cell::text(&entry.action),
        text(&columns.session),
        text(&columns.client),
        text(&columns.product),
        text(&columns.lot),
        text(&columns.serial),
        text(&columns.expiry),
        text(&columns.container),
        quantity,
        text(&columns.unit),
        text(&columns.from_place),
        text(&columns.to_place),
        text(&columns.protocol),
        text(&columns.step),
        text(&columns.area),
        text(&columns.field),
        text(&columns.old_value),
        text(&columns.new_value),
        text(&columns.reason_code),
        text(&columns.reason),
        columns.corrects.map_or(Cell::Empty, number),
        text(&columns.detail),
        corrected_by.map_or(Cell::Empty, number),
        entry.lag().into(),
    ]
}

/// One entry whole: for a screen only the columns that it fills.
pub fn whole(entry: &Entry<'_>, leaf: Hash, corrected_by: Option<u64>, only_filled: bool) -> Table {
    let mut columns = file_columns();
    let mut cells = file_row(entry, corrected_by);
    columns.push(Column::left("leaf", "leaf"));
    cells.push(Cell::text(leaf));
    if only_filled {
        let pairs = columns.into_iter().zip(cells);
        (columns, cells) = pairs.filter(|(_, cell)| !cell.is_blank()).unzip();
    }
    let mut table = Table::new(columns);
    table.row(cells);
    table
}

/// What an entry says, in the order in which people tell it.
pub fn told(columns: &Columns<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut add = |words: Vec<&str>| {
        if !words.is_empty() {
            parts.push(words.join(" "));
        }
    };
    let moved = columns.quantity.map(|parts| amount(parts, columns.unit.as_deref()));
    let item = item(columns);
    let session = [&columns.session, &columns.step, &columns.area, &columns.client];
    add(session.iter().filter_map(|text| text.as_deref()).collect());
    add(moved.as_deref().into_iter().chain(item.as_deref()).collect());
    match (columns.from_place.as_deref(), columns.to_place.as_deref()) {
        (Some(from), Some(to)) => add(vec![from, "->", to]),
        (from, to) => add(from.or(to).into_iter().collect()),
    }
    if let Some(field) = columns.field.as_deref() {
        let [old, new] = [&columns.old_value, &columns.new_value]
            .map(|value| value.as_deref().unwrap_or("nothing"));
        add(vec![field, old, "->", new]);
    }
    if columns.step.is_none() {
        add(columns.protocol.as_deref().into_iter().collect());
    }
    let reason = [&columns.reason_code, &columns.reason];
    add(reason.iter().filter_map(|text| text.as_deref()).collect());
    let detail = columns.detail.as_deref().filter(|_| columns.quantity.is_none());
    let detail = detail.map(|detail| detail.split("; ").map(shortened).collect::<Vec<_>>());
    add(detail.map(|parts| parts.join("; ")).as_deref().into_iter().collect());
    parts.join(", ")
}

/// One part of a detail; of a hash, which nobody reads, the first digits.
fn shortened(part: &str) -> &str {
    let is_hash = part.split_once('=').is_some_and(|(_, value)| {
        value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    if is_hash { &part[..part.len() - 56] } else { part }
}

fn amount(parts: i64, unit: Option<&str>) -> String {
    let known = unit.and_then(|unit| unit.parse().ok());
    let number = known.map_or_else(|| parts.to_string(), |unit| show_parts(parts, unit));
    format!("{number} {}", unit.unwrap_or_default())
}

fn item(columns: &Columns<'_>) -> Option<String> {
    let mut item = columns.product.as_deref()?.to_owned();
    if let Some(lot) = columns.lot.as_deref() {
        item = format!("{item}/{lot}");
    }
    for more in [&columns.serial, &columns.container] {
        if let Some(more) = more.as_deref() {
            item = format!("{item} {more}");
        }
    }
    Some(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(line: &str) -> Entry<'_> {
        Entry::parse(line).unwrap()
    }

    const START: &str = "7,019a0000-0000-7000-8000-000000000007,7,2026-11-22T10:15:03.120Z,";

    #[test]
    fn an_entry_reads_as_people_tell_it() {
        let line = format!(
            "{START}2026-11-20T09:14:00+01:00,ana,technician,stock.waste,S-0042,C-7K,NUMB,N/7,,\
            2027-03-31,K-0007,2.5,g,container:K-0007,waste,,,,,,,dropped,\"fell, twice\",,"
        );
        let entry = entry(&line);
        let cells = screen_row(&entry, Some(9));
        assert_eq!(cells[2].for_screen(), "2 d 2 h");
        assert_eq!(cells[2].for_file(), "180063");
        let what = "S-0042 C-7K, 2.5 g NUMB/N/7 K-0007, container:K-0007 -> waste, \
            dropped fell, twice";
        assert_eq!(cells[5], Cell::label(what, Tone::Struck));
        assert_eq!(cells[6], Cell::label("reversed by #9", Tone::Warn));
        assert_eq!(file_row(&entry, None).len(), file_columns().len());
    }

    #[test]
    fn an_entry_written_at_once_is_not_late() {
        let line = format!(
            "{START}2026-11-22T11:15:03+01:00,mara,manager,staff.edit,,,,,,,,,,,,,,,limit.depth,\
            1.5 mm,2 mm,,,,id=ana"
        );
        let cells = screen_row(&entry(&line), None);
        assert!(cells[2].is_blank());
        assert_eq!(cells[5], Cell::from("limit.depth 1.5 mm -> 2 mm, id=ana".to_owned()));
    }
}
