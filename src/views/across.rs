//! What several books answered to one question, as one document.
//!
//! The sections of their reports are joined by name, and the columns of a section by key; a first
//! column says which book a row is of. What was one thing of one book is a list here, so the schema
//! is another one: `lotbook/all-books/stock/1` for `lotbook/stock/1`. A listing is not joined but
//! continued, book after book, so that it still streams.

use std::borrow::Cow;
use std::io::{self, Write};
use std::rc::Rc;

use super::listing::{Listed, Turn};
use super::report::{Report, Section, Shape};
use super::table::{Cell, Column, Table};
use super::{Format, Screen};

/// The column that says which book a row is of.
pub(super) const BOOK: Column = Column::left("book", "book");

/// The answers on their way to one document.
#[derive(Default)]
pub struct Across {
    book: Rc<str>,
    reports: Vec<(Rc<str>, Report)>,
    listed: Option<Listed>,
    totals: Vec<String>,
}

impl Across {
    /// From now on this book answers.
    pub fn turn_to(&mut self, book: &str) {
        self.book = book.into();
    }

    /// The book whose turn it is.
    pub fn book(&self) -> &str {
        &self.book
    }

    /// Keeps a report of the book whose turn it is.
    pub fn add(&mut self, report: Report) {
        self.reports.push((Rc::clone(&self.book), report));
    }

    /// Keeps what stands below a listing.
    pub fn add_total(&mut self, words: &str) {
        self.totals.push(format!("{}: {words}", self.book));
    }

    /// Where a listing of the book whose turn it is goes on.
    pub fn turn(&mut self) -> Turn<'_> {
        Turn { book: Rc::clone(&self.book), listed: &mut self.listed }
    }

    /// Writes what was held back, and returns the notes that CSV has no place for.
    ///
    /// # Errors
    ///
    /// Only what the writer itself fails with.
    pub fn end(
        self,
        format: Format,
        screen: Screen,
        out: &mut dyn Write,
    ) -> io::Result<Vec<String>> {
        if let Some(listed) = self.listed {
            listed.end(format, screen, out)?;
        }
        for (number, total) in self.totals.into_iter().enumerate() {
            let between = if number == 0 { "\n" } else { "" };
            writeln!(out, "{between}{}", super::visible::visible(&total))?;
        }
        let Some(report) = joined(self.reports, format) else { return Ok(Vec::new()) };
        report.write(format, screen, out)?;
        Ok(if format == Format::Csv { report.notes } else { Vec::new() })
    }
}

/// The name of a document across books.
pub(super) fn schema(of_one: &str) -> String {
    of_one.replacen("lotbook/", "lotbook/all-books/", 1)
}

/// One report of all; none where nobody answered.
fn joined(answers: Vec<(Rc<str>, Report)>, format: Format) -> Option<Report> {
    let mut report = Report {
        schema: Cow::Owned(schema(&answers.first()?.1.schema)),
        sections: Vec::new(),
        notes: notes(&answers),
    };
    let mut tables: Vec<Vec<(Rc<str>, Table)>> = Vec::new();
    for (book, Report { sections, .. }) in answers {
        for section in sections {
            let known = report.sections.iter().position(|known| known.name == section.name);
            let at = known.unwrap_or_else(|| {
                let (name, title) = (section.name, section.title);
                let (table, shape) = (Table::new([]), Shape::List);
                report.sections.push(Section { name, title, table, shape });
                tables.push(Vec::new());
                tables.len() - 1
            });
            tables[at].push((Rc::clone(&book), section.table));
        }
    }
    for (section, tables) in report.sections.iter_mut().zip(tables) {
        section.table = table(tables, format);
    }
    Some(report)
}

/// The rows of all under the columns of any. A column that only a later book has stands behind the
/// one that it follows there. On a screen a column is also its heading, since that may be the unit
/// of its numbers.
fn table(tables: Vec<(Rc<str>, Table)>, format: Format) -> Table {
    let is_same = |one: &Column, other: &Column| match format {
        Format::Table => one == other,
        Format::Csv | Format::Json => one.key == other.key,
    };
    let mut columns = vec![BOOK];
    for (_, table) in &tables {
        let mut next = 1;
        for column in table.columns() {
            let known = columns.iter().position(|known| is_same(known, column));
            let at = known.unwrap_or(next);
            if known.is_none() {
                columns.insert(at, column.clone());
            }
            next = at + 1;
        }
    }
    let mut joined = Table::new(columns.clone());
    for (book, table) in tables {
        let own = table.columns();
        let place = |column| own.iter().position(|candidate| is_same(candidate, column));
        let places: Vec<Option<usize>> = columns[1..].iter().map(place).collect();
        for row in table.rows() {
            let cells = places.iter().map(|place| place.map_or(Cell::Empty, |at| row[at].clone()));
            joined.row(std::iter::once(Cell::Shared(Rc::clone(&book))).chain(cells));
        }
    }
    joined
}

/// The notes of all: once what all of them say, else with the name of the book.
fn notes(answers: &[(Rc<str>, Report)]) -> Vec<String> {
    let is_shared = |note: &String| {
        answers.len() > 1 && answers.iter().all(|(_, report)| report.notes.contains(note))
    };
    let mut notes = Vec::new();
    for (book, report) in answers {
        for note in &report.notes {
            let who = if is_shared(note) { "each that answered" } else { book };
            let note = format!("{who}: {note}");
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: &'static str) -> Column {
        Column::left(key, key)
    }

    fn one_row<const N: usize>(columns: [Column; N], cells: [&'static str; N]) -> Table {
        let mut table = Table::new(columns);
        table.row(cells.map(Cell::from));
        table
    }

    fn written(answers: Vec<(&str, Report)>, format: Format) -> String {
        let mut across = Across::default();
        for (book, report) in answers {
            across.turn_to(book);
            across.add(report);
        }
        let mut out = Vec::new();
        let screen = Screen { width: 60, colour: false };
        let notes = across.end(format, screen, &mut out).unwrap();
        let notes: String = notes.iter().map(|note| format!("({note})\n")).collect();
        String::from_utf8(out).unwrap().replace('\r', "") + &notes
    }

    fn traces() -> Vec<(&'static str, Report)> {
        let uses = one_row([text("at"), text("session"), text("staff")], ["1", "S-1", "ana"]);
        let a = Report::new("lotbook/trace-lot/1")
            .record("lot", "", one_row([text("lot"), text("left")], ["A", "3"]))
            .list("uses", "Uses", uses)
            .note("usable on 2026-11-22")
            .note("used in 1 session");
        let uses = one_row([text("at"), text("step"), text("staff")], ["2", "numb", "eve"]);
        let b = Report::new("lotbook/trace-lot/1")
            .record("lot", "", one_row([text("lot"), text("left")], ["A", "0"]))
            .list("uses", "Uses", uses)
            .list("moves", "Moves", Table::new([text("at")]))
            .note("used in 2 sessions")
            .note("usable on 2026-11-22");
        vec![("a", a), ("b", b)]
    }

    #[test]
    fn sections_are_joined_by_name_and_columns_by_key() {
        insta::assert_snapshot!(written(traces(), Format::Table), @r"
        book  lot  left
        ----  ---  ----
        a     A    3
        b     A    0

        Uses
        book  at  step  session  staff
        ----  --  ----  -------  -----
        a     1         S-1      ana
        b     2   numb           eve

        Moves
        none

        each that answered: usable on 2026-11-22
        a: used in 1 session
        b: used in 2 sessions
        ");
        insta::assert_snapshot!(written(traces(), Format::Csv), @r"
        section,book,lot,left,at,step,session,staff
        lot,a,A,3,,,,
        lot,b,A,0,,,,
        uses,a,,,1,,S-1,ana
        uses,b,,,2,numb,,eve
        (each that answered: usable on 2026-11-22)
        (a: used in 1 session)
        (b: used in 2 sessions)
        ");
        insta::assert_snapshot!(written(traces(), Format::Json), @r#"
        {"schema":"lotbook/all-books/trace-lot/1","lot":[
        {"book":"a","lot":"A","left":"3"},
        {"book":"b","lot":"A","left":"0"}
        ],"uses":[
        {"book":"a","at":"1","step":null,"session":"S-1","staff":"ana"},
        {"book":"b","at":"2","step":"numb","session":null,"staff":"eve"}
        ],"moves":[],"notes":["each that answered: usable on 2026-11-22","a: used in 1 session","b: used in 2 sessions"]}
        "#);
    }

    #[test]
    fn numbers_in_different_units_never_stand_under_one_heading() {
        let report =
            |unit| Report::of("lotbook/x/1", one_row([Column::right("left", unit)], ["5"]));
        let answers = || vec![("a", report("g")), ("b", report("ml"))];
        insta::assert_snapshot!(written(answers(), Format::Table), @r"
        book  ml  g
        ----  --  -
        a         5
        b      5
        ");
        assert_eq!(written(answers(), Format::Csv), "book,left\na,5\nb,5\n");
    }

    #[test]
    fn a_note_is_of_each_book_only_where_there_are_others() {
        let one = || vec![traces().remove(0)];
        let text = written(one(), Format::Table);
        assert!(text.ends_with("\na: usable on 2026-11-22\na: used in 1 session\n"), "{text}");
        assert_eq!(written(Vec::new(), Format::Json), "");
    }
}
