//! Why the book can't be reached, opened, read or written.

use std::path::PathBuf;

use crate::domain::fact::{Action, FactError};
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;
use crate::domain::trail::detail::DetailError;
use crate::domain::trail::line::LineError;

/// A failure of the store. Variants carry data; the words for people are made at the edge.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No book at this path.
    #[error("there is no book at {}", .0.display())]
    Missing(PathBuf),
    /// A book or another file is there already.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The file is not a SQLite database.
    #[error("{} is not a book: it is not a SQLite database", .0.display())]
    NotADatabase(PathBuf),
    /// The file is a database of another program.
    #[error("{} is a SQLite database, but not a book of lotbook", .0.display())]
    Foreign(PathBuf),
    /// The program was stopped while it made the book.
    #[error("the book was never finished: its making was cut short")]
    Unfinished,
    /// The book was made by a newer program.
    #[error("the book has schema {found}, and this program knows schemas up to {known}")]
    Newer {
        /// The schema of the book.
        found: i64,
        /// The newest schema of this program.
        known: i64,
    },
    /// A migration that was applied is not the one that this program has.
    #[error("migration {number} of the book is not the one of this program")]
    Migration {
        /// Its number.
        number: i64,
    },
    /// The database is damaged.
    #[error("the book is damaged: {0}")]
    Corrupt(String),
    /// Another process held the lock for too long.
    #[error("the book is locked by another program, and stayed so for 10 seconds")]
    Locked,
    /// The file or its folder may not be written.
    #[error("the book can be read but not written: its file or folder is read-only")]
    ReadOnly,
    /// The system does not let this user open it.
    #[error("the book can't be opened: {0}")]
    Access(String),
    /// No room left on the disk.
    #[error("the disk is full: nothing was written")]
    DiskFull,
    /// The SQLite library is too old to be trusted.
    #[error("the SQLite library {found} is older than {needed}, which the book needs")]
    OldLibrary {
        /// The version in the program.
        found: &'static str,
        /// The oldest that is trusted.
        needed: &'static str,
    },
    /// The clock stands behind the last entry.
    #[error("this computer's clock says {now}, but the last entry was written at {last}")]
    Clock {
        /// What the clock says.
        now: Instant,
        /// When the last entry was written.
        last: Instant,
    },
    /// What was read back is not what was written.
    #[error("entry {seq} did not read back as it was written: nothing was kept")]
    ReadBack {
        /// Its position.
        seq: u64,
    },
    /// An entry that can't be read.
    #[error("entry {seq} can't be read: {why}")]
    Entry {
        /// Its position.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// An entry from another book that does not continue this one.
    #[error("entry {seq} does not continue this book: {why}")]
    Verbatim {
        /// Its position.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A rule of the book refuses this.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// None of the actor's roles permits this; the attempt is recorded.
    #[error("{refusal}")]
    NotPermitted {
        /// What was tried.
        action: Action,
        /// The words for people.
        refusal: Refusal,
    },
    /// The book's time zone is not one that this program knows.
    #[error("the book's time zone: {0}")]
    Zone(String),
    /// Something that can't be unless the book or the program is broken.
    #[error("the book contradicts itself: {0}")]
    Invariant(String),
    /// A failure of the engine that has no name of its own.
    #[error("the database failed: {0}")]
    Engine(String),
}

impl From<DetailError> for StoreError {
    fn from(error: DetailError) -> Self {
        Self::Refused(Refusal::new(error.to_string()))
    }
}

impl From<LineError> for StoreError {
    fn from(error: LineError) -> Self {
        Self::Refused(Refusal::new(error.to_string()))
    }
}

impl StoreError {
    /// The failure of reading a stored entry.
    pub(super) fn entry(seq: u64, error: &FactError) -> Self {
        Self::Entry { seq, why: error.to_string() }
    }
}
