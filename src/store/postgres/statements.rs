//! Which statements this connection has prepared.
//!
//! A statement that comes a second time is prepared, which saves its parsing and planning. Its name
//! lives in the server's session, and a pooler may give each transaction another session: so a name
//! is used again only where the server says, at the beginning of the transaction, that it is the
//! same process. Where a name is gone or taken all the same, names are given up, and the write is
//! tried again without them.

use std::collections::HashMap;

use postgres::Statement;
use postgres::error::SqlState;

/// What is known of a statement.
pub(super) enum Known {
    /// It is new, or not worth a round trip of its own: it runs once, without a name.
    Unnamed,
    /// It came before and is worth preparing now.
    Again,
    /// It is prepared.
    Prepared(Statement),
}

/// The statements of one connection, by their text.
#[derive(Default)]
pub(super) struct Statements {
    known: HashMap<Box<str>, Option<Statement>>,
    process: Option<i64>,
    has_no_names: bool,
}

impl Statements {
    /// Begins a transaction in a process of the server; none where it was not asked.
    pub(super) fn begin(&mut self, process: Option<i64>) {
        if process.is_none() || process != self.process {
            self.known.clear();
        }
        self.process = process;
    }

    /// What is known of this text, which is remembered.
    pub(super) fn meet(&mut self, text: &str) -> Known {
        match self.known.get(text) {
            _ if self.has_no_names => Known::Unnamed,
            Some(Some(statement)) => Known::Prepared(statement.clone()),
            Some(None) => Known::Again,
            None => {
                self.known.insert(text.into(), None);
                Known::Unnamed
            }
        }
    }

    pub(super) fn keep(&mut self, text: &str, statement: &Statement) {
        self.known.insert(text.into(), Some(statement.clone()));
    }

    /// Whether names of statements are of use: nothing has shown a pooler that mixes sessions.
    pub(super) fn may_name(&self) -> bool {
        !self.has_no_names
    }

    /// Learns from an error that a pooler mixes sessions.
    pub(super) fn learn(&mut self, code: Option<&SqlState>) {
        if code.is_some_and(is_about_names) {
            self.has_no_names = true;
            self.known.clear();
        }
    }
}

/// Whether an error says that the name of a statement is gone, or taken by somebody else.
pub(super) fn is_about_names(code: &SqlState) -> bool {
    [SqlState::DUPLICATE_PSTATEMENT, SqlState::INVALID_SQL_STATEMENT_NAME].contains(code)
}
