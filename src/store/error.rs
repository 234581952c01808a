//! Why the book can't be reached, opened, read or written.

use std::path::PathBuf;

use crate::domain::fact::{Action, FactError};
use crate::domain::refusal::Refusal;
use crate::domain::time::{Instant, Zone};
use crate::domain::trail::detail::DetailError;
use crate::domain::trail::line::LineError;

/// What keeps a server from being trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFault {
    /// It speaks no TLS.
    NoTls,
    /// Its certificate names another host.
    Name,
    /// Its certificate is not valid any more, or not yet.
    Time,
    /// Its certificate is an authority's own, or vouches for itself.
    OwnAuthority,
    /// Its certificate is of an old kind.
    OldKind,
    /// The file of authorities can't be used.
    File,
    /// No authority that is known vouches for it, or anything else.
    Authority,
}

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
    #[error("the book was never finished: it was cut short while it was made or copied")]
    Unfinished,
    /// The book was made by a newer program.
    #[error("the book has schema {found}, and this program knows schemas up to {known}")]
    Newer {
        /// The schema of the book.
        found: i64,
        /// The newest schema of this program.
        known: i64,
    },
    /// The ledger has a format of a newer program.
    #[error(
        "the ledger has format {found}, and this program knows formats up to {}",
        super::FORMAT
    )]
    NewerFormat {
        /// The format of the ledger.
        found: u32,
    },
    /// The book was made by an older program, and may not be brought up here.
    #[error("the book has schema {found}, and this program needs {known}: {why}")]
    Older {
        /// The schema of the book.
        found: i64,
        /// The newest schema of this program.
        known: i64,
        /// Why it stays as it is.
        why: String,
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
    /// The server lets this book only be read.
    #[error("the book can be read but not written: {0}")]
    OnlyReads(String),
    /// The system does not let this user open it.
    #[error("the book can't be opened: {0}")]
    Access(String),
    /// No room left on the disk.
    #[error("the disk is full: nothing was written")]
    DiskFull,
    /// The URL of a server's book is wrong.
    #[error("{0}")]
    Url(String),
    /// No server answers.
    #[error("no PostgreSQL server answers at {host}: {why}")]
    Unreachable {
        /// Where one was looked for.
        host: String,
        /// What the system or the network says.
        why: String,
    },
    /// The server is there and takes no connection yet, or any more.
    #[error("the server at {host} is not ready: {why}")]
    NotReady {
        /// The server.
        host: String,
        /// What it says.
        why: String,
    },
    /// The server has as many connections as it takes.
    #[error("the server at {host} takes no more connections: {why}")]
    Full {
        /// The server.
        host: String,
        /// What it says.
        why: String,
    },
    /// The server does not let this user in.
    #[error("the server does not let {user} in: {why}")]
    Login {
        /// The user of the database.
        user: String,
        /// What the server says.
        why: String,
    },
    /// The server can't be trusted to be the one that was meant.
    #[error("the connection to {host} can't be encrypted and checked: {why}")]
    Tls {
        /// The server.
        host: String,
        /// What is wrong with it.
        fault: TlsFault,
        /// The same in the words of whoever found it.
        why: String,
    },
    /// The server has no such database.
    #[error("the server has no database {0}")]
    NoDatabase(String),
    /// A schema is missing from the URL, or names no book.
    #[error("{what}")]
    NoBook {
        /// What is wrong.
        what: String,
        /// The books that this user may see there.
        books: Vec<String>,
    },
    /// The server is too old.
    #[error("the server is PostgreSQL {found}, and a book needs 14 or newer")]
    OldServer {
        /// Its version.
        found: String,
    },
    /// The database does not hold text as UTF-8.
    #[error("the database holds text as {found}, and a book needs UTF8")]
    Encoding {
        /// Its encoding.
        found: String,
    },
    /// The database user lacks a right.
    #[error("the database user {user} may not do this: {why}")]
    Denied {
        /// The user of the database.
        user: String,
        /// What the server says.
        why: String,
    },
    /// The connection was lost, and with it whatever was not committed.
    #[error("the connection to the server was lost: {0}")]
    Lost(String),
    /// The connection was lost after a commit was asked for and before it was answered, or what was
    /// answered is not to be relied on.
    #[error("what the server did with the commit is not known: {0}")]
    LostReply(String),
    /// Another write was in the way; it can be tried again.
    #[error("another write was in the way, and stayed so: {0}")]
    Again(String),
    /// The answer to a commit was lost, and the server doesn't come back to be asked.
    #[error("whether it was recorded is not known: {why}")]
    Unknown {
        /// The id of the first entry, by which it can be found.
        id: uuid::Uuid,
        /// How the connection was lost.
        why: String,
    },
    /// The SQLite library is too old to be trusted.
    #[error("the SQLite library {found} is older than {needed}, which the book needs")]
    OldLibrary {
        /// The version in the program.
        found: &'static str,
        /// The oldest that is trusted.
        needed: &'static str,
    },
    /// The clock stands behind the last entry.
    #[error(
        "the clock says {}, but the last entry was written at {}",
        zone.moment(*now).short(),
        zone.moment(*last).short()
    )]
    Clock {
        /// What the clock says.
        now: Instant,
        /// When the last entry was written.
        last: Instant,
        /// The clinic's zone, in which both are told.
        zone: Box<Zone>,
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
    /// None of the actor's roles permits this. The attempt is recorded, or the refusal says why
    /// it was not.
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
        Self::Refused(unprintable(&error))
    }
}

impl From<LineError> for StoreError {
    fn from(error: LineError) -> Self {
        Self::Refused(unprintable(&error))
    }
}

/// The refusal of a text that no line of the ledger can hold.
fn unprintable(error: &impl ToString) -> Refusal {
    Refusal::new(error.to_string()).hint("type it as it is printed, and don't paste it")
}

impl StoreError {
    /// The failure of reading a stored entry.
    pub(super) fn entry(seq: u64, error: &FactError) -> Self {
        Self::Entry { seq, why: error.to_string() }
    }
}
