//! A table of typed cells, which every writer renders in its own way.
//!
//! Cells keep their type until they are written, so that a number is right-aligned on a screen,
//! bare in a CSV file and a number in JSON without anyone parsing text again.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use crate::domain::quantity::{Quantity, Unit, show_parts};
use crate::domain::time::{Day, Expiry, Instant, Moment};
use crate::domain::trail::lag::Lag;

/// On which side of its column a text table puts a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words; may be folded where the screen is narrow.
    Left,
    /// Numbers; never folded.
    Right,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The documented name in CSV and JSON, in snake_case.
    pub key: &'static str,
    /// What a text table says above it.
    pub title: &'static str,
    /// The unit of all its numbers, where they share one.
    pub unit: Option<&'static str>,
    /// The side of its cells.
    pub align: Align,
}

impl Column {
    /// A column of words, days or codes.
    pub const fn left(key: &'static str, title: &'static str) -> Self {
        Self { key, title, unit: None, align: Align::Left }
    }

    /// How late an entry was written.
    pub const fn late() -> Self {
        Self::left("late_s", "late")
    }

    /// A column of numbers.
    pub const fn right(key: &'static str, title: &'static str) -> Self {
        Self { key, title, unit: None, align: Align::Right }
    }

    /// The same column with the unit of its numbers.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The title with its unit: `left (days)`.
    pub fn heading(&self) -> Cow<'static, str> {
        match self.unit {
            Some(unit) => Cow::Owned(format!("{} ({unit})", self.title)),
            None => Cow::Borrowed(self.title),
        }
    }
}

/// What a label means. Colour shows it a second time; the words alone must say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Needs a look.
    Warn,
    /// Must not be used, or has failed.
    Bad,
    /// Of less interest than the rest.
    Muted,
    /// Taken back by something later; drawn struck through.
    Struck,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known or nothing applies: blank, an empty field, `null`.
    Empty,
    /// Words.
    Text(Cow<'static, str>),
    /// Words that many rows repeat, kept once.
    Shared(Rc<str>),
    /// A state or a verdict.
    Label(Cow<'static, str>, Tone),
    /// A count.
    Integer(i64),
    /// An amount in smallest parts; the unit stands in another column.
    Amount(i64, Unit),
    /// Yes or no.
    Flag(bool),
    /// A calendar day.
    Day(Day),
    /// When something happened; screens show it to the minute, files in RFC 3339.
    Moment(Moment),
    /// When something was recorded, in UTC.
    Instant(Instant),
    /// How late it was recorded; screens show it in words where it was late, files in seconds.
    Lag(Lag),
}

impl Cell {
    /// Words that come from anything printable, such as an id.
    pub fn text(words: impl fmt::Display) -> Self {
        Self::Text(Cow::Owned(words.to_string()))
    }

    /// Words, or blank where there are none.
    pub fn maybe(words: Option<impl fmt::Display>) -> Self {
        words.map_or(Self::Empty, Self::text)
    }

    /// A state with its tone.
    pub fn label(words: impl Into<Cow<'static, str>>, tone: Tone) -> Self {
        Self::Label(words.into(), tone)
    }

    /// What a person reads.
    pub(super) fn for_screen(&self) -> Cow<'_, str> {
        match self {
            Self::Moment(moment) => Cow::Owned(moment.short()),
            Self::Lag(lag) => Cow::Owned(lag.to_string()),
            other => other.for_file(),
        }
    }

    /// What a program reads.
    pub(super) fn for_file(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(words) | Self::Label(words, _) => Cow::Borrowed(words),
            Self::Shared(words) => Cow::Borrowed(words),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Amount(parts, unit) => Cow::Owned(show_parts(*parts, *unit)),
            Self::Flag(true) => Cow::Borrowed("yes"),
            Self::Flag(false) => Cow::Borrowed("no"),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Moment(moment) => Cow::Owned(moment.to_string()),
            Self::Instant(instant) => Cow::Owned(instant.to_string()),
            Self::Lag(lag) => Cow::Owned(lag.seconds().to_string()),
        }
    }

    /// Whether it says nothing to a person.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Lag(lag) => lag.is_none(),
            Self::Text(words) | Self::Label(words, _) => words.is_empty(),
            Self::Shared(words) => words.is_empty(),
            _ => false,
        }
    }

    /// Whether its text came from outside, and so may hold anything.
    pub(super) fn is_words(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Shared(_) | Self::Label(..))
    }
}

impl From<&'static str> for Cell {
    fn from(words: &'static str) -> Self {
        Self::Text(Cow::Borrowed(words))
    }
}

impl From<String> for Cell {
    fn from(words: String) -> Self {
        Self::Text(Cow::Owned(words))
    }
}

impl From<Rc<str>> for Cell {
    fn from(words: Rc<str>) -> Self {
        Self::Shared(words)
    }
}

impl From<u64> for Cell {
    /// A position or a count.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Quantity> for Cell {
    fn from(quantity: Quantity) -> Self {
        Self::Amount(quantity.parts(), quantity.unit())
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<Expiry> for Cell {
    /// An expiry of none is the word, not a blank: it was said, not left out.
    fn from(expiry: Expiry) -> Self {
        expiry.0.map_or(Self::from("none"), Self::Day)
    }
}

impl From<Moment> for Cell {
    fn from(moment: Moment) -> Self {
        Self::Moment(moment)
    }
}

impl From<Instant> for Cell {
    fn from(instant: Instant) -> Self {
        Self::Instant(instant)
    }
}

impl From<Lag> for Cell {
    fn from(lag: Lag) -> Self {
        Self::Lag(lag)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Rows under columns. The cells lie in one block, row after row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    cells: Vec<Cell>,
}

impl Table {
    /// A table without rows. A table without columns stays empty.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), cells: Vec::new() }
    }

    /// Adds a row: one cell for each column. What is missing is blank, what is too much is dropped.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let end = self.cells.len() + self.columns.len();
        self.cells.extend(cells);
        debug_assert_eq!(self.cells.len(), end, "a row has one cell for each column");
        self.cells.resize(end, Cell::Empty);
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        self.cells.chunks_exact(self.columns.len().max(1))
    }

    /// The same table without the columns in which no row says anything.
    #[must_use]
    pub fn without_blank_columns(mut self) -> Self {
        let mut says = vec![false; self.columns.len()];
        for row in self.rows() {
            for (says, cell) in says.iter_mut().zip(row) {
                *says |= !cell.is_blank();
            }
        }
        let width = says.len();
        if self.is_empty() || says.iter().all(|says| *says) {
            return self;
        }
        let mut at = 0..;
        self.cells.retain(|_| at.next().is_some_and(|at| says[at % width]));
        let mut at = 0..;
        self.columns.retain(|_| at.next().is_some_and(|at: usize| says[at]));
        self
    }

    /// True where there are no rows.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}
