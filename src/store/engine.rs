//! The seam under the two database engines: a handful of verbs over one connection.
//!
//! Everything above it is written once. Query text is portable (the rules stand in
//! ARCHITECTURE.md and a test holds them); parameters are written `?1 ?2 ...`.

use super::StoreError;
use super::migrate::Migrations;
use super::wal::Unread;

/// A value that a query is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Blob(&'v [u8]),
}

impl From<u64> for Value<'_> {
    /// A position or a count; what no column could hold is the largest that one can.
    fn from(value: u64) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Self::Text(value)
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A value that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedValue {
    Null,
    Integer(i64),
    Text(Box<str>),
    Blob(Box<[u8]>),
}

impl From<&Value<'_>> for OwnedValue {
    fn from(value: &Value<'_>) -> Self {
        match *value {
            Value::Null => Self::Null,
            Value::Integer(value) => Self::Integer(value),
            Value::Text(value) => Self::Text(value.into()),
            Value::Blob(value) => Self::Blob(value.into()),
        }
    }
}

impl OwnedValue {
    /// A column of a row in whatever type it has.
    pub fn of(row: &dyn Row, column: usize) -> Result<Self, StoreError> {
        if let Ok(value) = row.integer(column) {
            return Ok(value.map_or(Self::Null, Self::Integer));
        }
        if let Ok(value) = row.text(column) {
            return Ok(value.map_or(Self::Null, |text| Self::Text(text.into())));
        }
        Ok(row.blob(column)?.map_or(Self::Null, |bytes| Self::Blob(bytes.into())))
    }

    /// The value as a query takes it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Integer(value) => Value::Integer(*value),
            Self::Text(value) => Value::Text(value),
            Self::Blob(value) => Value::Blob(value),
        }
    }
}

/// One row of an answer. A column is read in the type it has; NULL is `None`.
pub trait Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError>;
    fn text(&self, column: usize) -> Result<Option<&str>, StoreError>;
    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError>;
}

/// Whether a query wants more rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    More,
    Enough,
}

/// What is called with each row.
pub type EachRow<'f> = dyn FnMut(&dyn Row) -> Result<Rows, StoreError> + 'f;

/// What an engine says of itself, a sentence each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspected {
    /// What is wrong.
    pub problems: Vec<String>,
    /// What it can't tell.
    pub unchecked: Vec<String>,
}

/// The head of the ledger as a write finds it, with the lock held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The Merkle frontier, as bytes.
    pub frontier: Vec<u8>,
    /// `recorded_at` of the last entry, in milliseconds.
    pub recorded_at: i64,
    /// The server's time in milliseconds, read after the lock; none where the book is a file.
    pub server: Option<i64>,
}

/// A row of the ledger, in the order of its columns.
pub type EntryRow<'v> = [Value<'v>; 31];

/// One connection to one book.
pub trait Engine {
    /// The engine's name, for messages.
    fn name(&self) -> &'static str;

    /// Runs a statement and returns how many rows it changed.
    fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Runs a query and calls `each` with every row as it comes.
    fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError>;

    /// Runs several statements without parameters, such as a migration.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;

    /// The migrations that make a book on this engine.
    fn migrations(&self) -> Migrations;

    /// The number of the last migration of this book.
    fn schema(&mut self) -> Result<i64, StoreError>;

    /// Remembers the number of the last migration.
    fn set_schema(&mut self, number: i64) -> Result<(), StoreError>;

    /// What of the schema is not as this program's migrations make it, one sentence each: a trigger
    /// that was dropped, a table that was altered, an index that somebody added.
    fn differences(&mut self) -> Result<Vec<String>, StoreError>;

    /// Asks the engine whether what it keeps is whole: pages, indexes, constraints. Long work.
    fn damage(&mut self) -> Result<Inspected, StoreError>;

    /// Asks the engine who may do to the book what the program never does. Whoever may write a file
    /// may do anything to it.
    fn rights(&mut self) -> Result<Inspected, StoreError> {
        Ok(Inspected::default())
    }

    /// Writes that a crash left on the disk and that the engine does not see; found when the book
    /// was opened. A server looks after its own log.
    fn unread(&self) -> Option<Unread> {
        None
    }

    /// A second connection that reads the same book, for work aside; none for a book in memory.
    fn reader(&mut self) -> Result<Option<Box<dyn Engine + Send>>, StoreError>;

    /// Begins a transaction that sees one snapshot and writes nothing.
    fn begin_read(&mut self) -> Result<(), StoreError>;

    /// Begins a transaction that makes a book where there is none.
    fn begin_create(&mut self) -> Result<(), StoreError>;

    /// Says what the next write asks first, so that an engine may ask it in one message with the
    /// lock. Its columns are integers and text.
    fn foresee(&mut self, _sql: &'static str, _params: &[Value<'_>]) {}

    /// Begins a transaction that holds the book's write lock, and returns the head as it stands
    /// under the lock; none where there is no head.
    fn begin_write(&mut self) -> Result<Option<Locked>, StoreError>;

    /// Inserts a row of the ledger. An engine may keep it back until it is asked for or finished.
    fn insert_entry(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError>;

    /// Makes ready to fill an empty book, in the transaction that made its tables: an engine may
    /// take indexes and references away until the end, and need not make a commit durable before.
    fn begin_filling(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// The ledger is filled: it gets its indexes again. In no transaction; other tables may be
    /// filled on another connection meanwhile.
    fn end_filling_ledger(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// The other tables are filled, in the last transaction: they get what was taken away again,
    /// and the commit makes all of it durable.
    fn end_filling(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Inserts rows into a table that is being filled anew.
    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<OwnedValue>],
    ) -> Result<(), StoreError>;

    /// Sets the head (size, frontier, recorded_at) behind the entries of this transaction, and
    /// calls `each` with every row of the ledger from `first` on, as the engine now holds it.
    fn finish_entries(
        &mut self,
        first: i64,
        head: &[Value<'_>; 3],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError>;

    /// Ends the transaction and makes it durable. `StoreError::LostReply` where nobody can know
    /// whether it did.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Ends the transaction and forgets it. Called on every way out that isn't a commit.
    fn rollback(&mut self);

    /// Connects again after the connection was lost.
    fn reconnect(&mut self) -> Result<(), StoreError>;

    /// Turns the settings for bulk writing on or off: a larger cache, rarer checkpoints. The
    /// durability of a commit is the same.
    fn bulk(&mut self, on: bool) -> Result<(), StoreError>;
}
