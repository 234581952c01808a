//! A table too long for memory, written while its rows are read: an audit log of a million entries.
//!
//! The output is that of a [`Report`](super::report::Report) of one table. Only a text table
//! differs: its columns are measured on the first rows, and later words that are wider fold.

use std::io::{self, Write};
use std::rc::Rc;

use super::across;
use super::json::Row;
use super::table::{Cell, Column, Table};
use super::text::{Layout, Page};
use super::{Format, Screen, csv};

/// How many rows a text table is measured on.
const MEASURED: usize = 1000;

/// A table being written.
pub struct Listing<'out> {
    /// The cell in front of every row, where several books fill one listing.
    book: Option<Cell>,
    listed: Held<'out>,
    form: Form<'out>,
}

/// Whose turn it is to go on with the listing that several books fill, one after the other.
pub struct Turn<'out> {
    /// The name of the book.
    pub(super) book: Rc<str>,
    /// How far it has come; none where no book has begun it.
    pub(super) listed: &'out mut Option<Listed>,
}

/// How far a listing has come.
pub struct Listed {
    columns: Vec<Column>,
    rows: usize,
    /// The rows of a text wait until there are enough to lay the columns out.
    waiting: Table,
    layout: Option<Layout>,
}

enum Held<'out> {
    Own(Listed),
    Lent(&'out mut Listed),
}

enum Form<'out> {
    Text(Page<'out>),
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
        begin_document(schema, &columns, format, out)?;
        let listed = Held::Own(Listed::new(columns));
        Ok(Self { book: None, listed, form: Form::new(format, screen, out) })
    }

    /// Begins the document, or goes on with it, with the rows of one book of several.
    pub fn take_turn(
        turn: Turn<'out>,
        schema: &str,
        mut columns: Vec<Column>,
        format: Format,
        screen: Screen,
        out: &'out mut dyn Write,
    ) -> io::Result<Self> {
        if turn.listed.is_none() {
            columns.insert(0, across::BOOK);
            begin_document(&across::schema(schema), &columns, format, out)?;
        }
        let listed = turn.listed.get_or_insert_with(|| Listed::new(columns));
        let form = Form::new(format, screen, out);
        Ok(Self { book: Some(turn.book.into()), listed: Held::Lent(listed), form })
    }

    /// Writes a row: one cell for each column.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let with_book;
        let cells = match &self.book {
            None => cells,
            Some(book) => {
                with_book = [std::slice::from_ref(book), cells].concat();
                &with_book
            }
        };
        let Listed { columns, rows, waiting, layout } = self.listed.get();
        match &mut self.form {
            Form::Text(page) => match layout {
                Some(layout) => page.row(columns, layout, *rows, cells)?,
                None => {
                    waiting.row(cells.iter().cloned());
                    if waiting.rows().len() == MEASURED {
                        *layout = Some(lay_out(page, waiting)?);
                    }
                }
            },
            Form::Csv(file) => csv::write_row(file, cells.iter())?,
            Form::Json(out) => {
                out.write_all(if *rows == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut **out, &Row { columns, cells })?;
            }
        }
        *rows += 1;
        Ok(())
    }

    /// Hands over the rows that are written; those of a text wait to be laid out.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Text(_) => Ok(()),
            Form::Csv(file) => file.flush(),
            Form::Json(out) => out.flush(),
        }
    }

    /// Writes what is still held back, and the end of the document, unless other books go on.
    pub fn end(self) -> io::Result<()> {
        match (self.listed, self.form) {
            (Held::Own(listed), form) => listed.end_in(form),
            (Held::Lent(_), Form::Csv(mut file)) => file.flush(),
            (Held::Lent(_), Form::Text(_) | Form::Json(_)) => Ok(()),
        }
    }
}

/// What stands before the first row.
fn begin_document(
    schema: &str,
    columns: &[Column],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Table => Ok(()),
        Format::Csv => csv::begin(columns, out)?.flush(),
        Format::Json => {
            out.write_all(b"{\"schema\":")?;
            serde_json::to_writer(&mut *out, schema)?;
            out.write_all(b",\"rows\":[")
        }
    }
}

impl<'out> Form<'out> {
    fn new(format: Format, screen: Screen, out: &'out mut dyn Write) -> Self {
        match format {
            Format::Table => Self::Text(Page::new(screen, out)),
            Format::Csv => Self::Csv(Box::new(csv::file(out))),
            Format::Json => Self::Json(out),
        }
    }
}

impl Held<'_> {
    fn get(&mut self) -> &mut Listed {
        match self {
            Self::Own(listed) => listed,
            Self::Lent(listed) => listed,
        }
    }
}

impl Listed {
    pub(super) fn new(columns: Vec<Column>) -> Self {
        Self { waiting: Table::new(columns.clone()), columns, rows: 0, layout: None }
    }

    /// Ends what several books filled.
    pub(super) fn end(self, format: Format, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
        self.end_in(Form::new(format, screen, out))
    }

    fn end_in(self, form: Form<'_>) -> io::Result<()> {
        match form {
            Form::Text(_) if self.layout.is_some() => Ok(()),
            Form::Text(mut page) if self.rows == 0 => page.nothing(),
            Form::Text(mut page) => lay_out(&mut page, &self.waiting).map(drop),
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

    fn written(table: &Table, format: Format, screen: Screen) -> String {
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
                    assert_eq!(written(&table, format, screen), expected, "{format:?} {rows}");
                }
            }
        }
    }

    #[test]
    fn several_books_fill_one_listing_also_where_one_breaks_off() {
        let screen = Screen { width: 40, colour: false };
        for format in [Format::Table, Format::Csv, Format::Json] {
            let (mut out, mut listed) = (Vec::new(), None);
            for (book, rows) in [("a", 600), ("b", 0), ("c", 600)] {
                let table = table(rows);
                let turn = Turn { book: book.into(), listed: &mut listed };
                let columns = table.columns().to_vec();
                let mut listing =
                    Listing::take_turn(turn, "lotbook/log/1", columns, format, screen, &mut out)
                        .unwrap();
                table.rows().for_each(|row| listing.row(row).unwrap());
                if book != "a" {
                    listing.end().unwrap();
                }
            }
            listed.unwrap().end(format, screen, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let heads = ["book  seq", "book,seq,what", "lotbook/all-books/log/1"];
            assert_eq!(heads.map(|head| text.matches(head).count()).iter().sum::<usize>(), 1);
            assert_eq!(text.matches("move 600").count(), 2, "{format:?}");
            if format == Format::Json {
                let read: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(read["rows"].as_array().unwrap().len(), 1200);
                assert_eq!(read["rows"][1199]["book"], "c");
            }
        }
    }

    #[test]
    fn rows_after_the_measured_ones_keep_to_the_same_columns() {
        let mut table = table(MEASURED as i64);
        table.row([Cell::Integer(1_000_000), Cell::from("moved to another room")]);
        let text = written(&table, Format::Table, Screen { width: 40, colour: false });
        assert!(text.ends_with("\n1000000  moved to\n      another\n      room\n"), "{text}");
        let blocks = written(&table, Format::Table, Screen { width: 8, colour: false });
        assert!(blocks.contains("\n\nseq   1000\nwhat  move 1000\n\nseq"), "{blocks}");
    }
}
