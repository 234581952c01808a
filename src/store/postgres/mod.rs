//! The engine of a book that several desks share: one schema on a PostgreSQL server.
//!
//! **Writing.** One round trip begins the transaction, takes the head row `FOR UPDATE` and reads
//! the server's clock; entries are kept back and go out in one statement together with the head;
//! one more commits. Nothing rests on advisory locks, table locks or triggers: the head row, the
//! primary keys and `entry_id` are what keeps two writers apart.
//!
//! **Poolers.** Every transaction sets its own `search_path`, names of prepared statements are used
//! only in the process of the server that made them, and nothing else is kept in the session.

mod address;
mod catalog;
mod connect;
mod entries;
mod errors;
mod fill;
mod foreseen;
mod governed;
mod indexes;
mod password;
mod row;
mod statements;
mod watched;

use std::borrow::Cow;
use std::sync::Arc;

use postgres::{Client, SimpleQueryMessage};

pub use address::Server;

use super::engine::{EachRow, Engine, EntryRow, Inspected, Locked, OwnedValue, Rows, Value};
use super::migrate::{self, Migrations};
use super::quoted::identifier;
use super::{Shelved, StoreError};
use entries::{Kept, each_of};
use foreseen::{Foreseen, Names, by_statement};
use statements::{Known, Statements};
use watched::Watch;

/// What takes the lock of a book, and what tells the server's time and process.
const LOCK: &str = "SELECT frontier, recorded_at FROM head WHERE one = 1 FOR UPDATE";
const CLOCK: &str =
    "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, pg_backend_pid()";

/// What only the server's own means can look at.
const PAGES: &str = "NOT CHECKED: whether the server's pages are whole; its own means do that \
    (data checksums, pg_amcheck --heapallindexed)";

/// How long anybody waits for a lock, to read too: some locks of a table leave nobody to it.
pub(super) const LOCK_TIMEOUT: &str = "10s";

/// One connection to one book.
pub struct Postgres {
    client: Client,
    server: Server,
    schema: String,
    is_hasty: bool,
    watch: Arc<Watch>,
    /// Whether it is being filled, and no commit needs to be durable yet.
    is_filling: bool,
    /// Whether something failed in this transaction: its commit would be a rollback.
    has_failed: bool,
    /// Rows of the ledger that are not sent yet.
    kept: Kept,
    statements: Statements,
    /// What this write asks first.
    foreseen: Option<Foreseen>,
    names: Names,
}

impl Postgres {
    /// Opens a book that exists.
    pub fn open(server: &Server) -> Result<Self, StoreError> {
        let (client, hello, schema, may_look) = Self::find(server)?;
        if !may_look {
            let why = format!("permission denied for schema {schema}");
            return Err(StoreError::Denied { user: server.user().to_owned(), why });
        }
        Ok(Self::on(client, server, schema, hello))
    }

    /// Runs SQL about a book, which whoever runs it need not be able to read.
    pub fn govern(server: &Server, sql: &str) -> Result<(), StoreError> {
        let (mut client, ..) = Self::find(server)?;
        client.batch_execute(sql).map_err(|error| errors::working(&error, server))
    }

    /// A connection to the server of a book that is there, its schema, and whether this user may
    /// look into it. One that is lost over the question is made again.
    fn find(server: &Server) -> Result<(Client, connect::Hello, String, bool), StoreError> {
        connect::until_kept(server, || Self::find_once(server))
    }

    fn find_once(server: &Server) -> Result<(Client, connect::Hello, String, bool), StoreError> {
        let (mut client, hello) = connect::connect(server)?;
        let what = match server.schema() {
            None => "the URL names no book: a schema is missing from it".to_owned(),
            Some(schema) => match catalog::what_is(&mut client, server, schema)? {
                catalog::Found::Book => return Ok((client, hello, schema.to_owned(), true)),
                catalog::Found::Closed => return Ok((client, hello, schema.to_owned(), false)),
                catalog::Found::Nothing => format!("the database has no book {schema}"),
                catalog::Found::Empty => {
                    format!("the schema {schema} is empty: no book was made in it")
                }
                catalog::Found::Other => format!("the schema {schema} is not a book of lotbook"),
            },
        };
        Err(StoreError::NoBook { what, books: catalog::books(&mut client, server)? })
    }

    /// Makes the schema for a new book; refuses one that holds anything.
    pub fn create(server: &Server) -> Result<Self, StoreError> {
        let (mut client, hello) = connect::connect(server)?;
        let Some(schema) = server.schema().map(str::to_owned) else {
            let what = "the URL names no book to make: end it with ?schema=NAME".to_owned();
            let books = catalog::books(&mut client, server)?;
            return Err(StoreError::NoBook { what, books });
        };
        match catalog::what_is(&mut client, server, &schema)? {
            catalog::Found::Nothing | catalog::Found::Empty => {}
            catalog::Found::Book | catalog::Found::Closed | catalog::Found::Other => {
                return Err(StoreError::Exists(format!("the schema {schema}").into()));
            }
        }
        Ok(Self::on(client, server, schema, hello))
    }

    /// The books on a server that this user may see, by name, and how many there are besides.
    pub fn books(server: &Server) -> Result<(Vec<Shelved>, u64), StoreError> {
        let (mut client, _) = connect::connect(server)?;
        let names = catalog::books(&mut client, server)?.into_iter();
        let seen = names.map(|name| catalog::shelved(&mut client, server, name));
        let seen = seen.collect::<Result<_, _>>()?;
        Ok((seen, catalog::closed(&mut client, server)?))
    }

    fn on(client: Client, server: &Server, schema: String, hello: connect::Hello) -> Self {
        Self {
            client,
            server: server.clone(),
            schema,
            is_hasty: hello.is_hasty,
            watch: hello.watch,
            is_filling: false,
            has_failed: false,
            kept: Kept::default(),
            statements: Statements::default(),
            foreseen: None,
            names: Names::default(),
        }
    }

    fn failed(&mut self, error: &postgres::Error) -> StoreError {
        self.has_failed = true;
        self.statements.learn(error.code());
        errors::working(error, &self.server)
    }

    /// Begins a transaction, whose text may go on.
    fn begin(&mut self, mode: &str, more: &str) -> Result<Vec<SimpleQueryMessage>, StoreError> {
        self.has_failed = false;
        self.kept.clear();
        let schema = identifier(&self.schema);
        let text = format!("BEGIN {mode}; SET LOCAL search_path = {schema}, pg_temp; {more}");
        let begun = self.client.simple_query(&text);
        begun.map_err(|error| {
            let error = self.failed(&error);
            self.rollback();
            error
        })
    }

    /// Runs a statement, which is prepared when it comes again.
    fn run(
        &mut self,
        text: &str,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<Option<u64>, StoreError> {
        // What was asked ahead is what comes first, and holds until anything else is asked.
        self.foreseen = None;
        let kinds = params.iter().map(Value::kind);
        let done = match self.statements.meet(text) {
            Known::Unnamed => self
                .client
                .query_typed_raw(text, params.iter().zip(kinds))
                .and_then(|mut rows| each_of(&mut rows, each)),
            Known::Prepared(statement) => self
                .client
                .query_raw(&statement, params)
                .and_then(|mut rows| each_of(&mut rows, each)),
            Known::Again => {
                let prepared = self.client.prepare_typed(text, &kinds.collect::<Vec<_>>());
                let prepared = prepared.map_err(|error| self.failed(&error))?;
                self.statements.keep(text, &prepared);
                return self.run(text, params, each);
            }
        };
        done.map_err(|error| self.failed(&error))?
    }
}

/// Whether a statement names the ledger, whatever stands before it.
fn asks_the_ledger(sql: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    sql.split(|letter| !is_part(letter)).any(|word| word.eq_ignore_ascii_case("entry"))
}

/// The text as the server takes it: `?1` as `$1`, but for what stands in quotes.
fn with_dollars(sql: &str) -> Cow<'_, str> {
    if !sql.contains('?') {
        return Cow::Borrowed(sql);
    }
    let mut quoted = false;
    let letters = sql.chars().map(|letter| {
        quoted ^= letter == '\'';
        if letter == '?' && !quoted { '$' } else { letter }
    });
    Cow::Owned(letters.collect())
}

impl Engine for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        // A change that looks at the ledger must see all of it.
        if asks_the_ledger(sql) {
            self.send_kept()?;
        }
        let done = self.run(&with_dollars(sql), params, &mut |_| Ok(Rows::More))?;
        Ok(done.unwrap_or_default())
    }

    fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        if let Some(foreseen) = self.foreseen.take_if(|foreseen| foreseen.is(sql, params)) {
            return foreseen.tell(each);
        }
        self.send_kept()?;
        self.run(&with_dollars(sql), params, each).map(drop)
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| self.failed(&error))
    }

    fn migrations(&self) -> Migrations {
        migrate::POSTGRES
    }

    fn schema(&mut self) -> Result<i64, StoreError> {
        let mut last = 0;
        self.query("SELECT coalesce(MAX(number), 0) FROM migration", &[], &mut |row| {
            last = row.integer(0)?.unwrap_or_default();
            Ok(Rows::Enough)
        })?;
        // A book is made in one transaction, so a table without migrations was emptied by hand.
        if last == 0 { Err(StoreError::Migration { number: 1 }) } else { Ok(last) }
    }

    /// The table of migrations knows it.
    fn set_schema(&mut self, _: i64) -> Result<(), StoreError> {
        Ok(())
    }

    fn differences(&mut self) -> Result<Vec<String>, StoreError> {
        self.catalog_differences()
    }

    /// A server looks after its own pages, and says nothing about them here.
    fn damage(&mut self) -> Result<Inspected, StoreError> {
        let mut inspected = self.read_indexes()?;
        inspected.unchecked.insert(0, PAGES.to_owned());
        Ok(inspected)
    }

    fn rights(&mut self) -> Result<Inspected, StoreError> {
        self.judge_rights()
    }

    fn reader(&mut self) -> Result<Option<Box<dyn Engine + Send>>, StoreError> {
        let mut reader = Self::open(&self.server)?;
        reader.begin_read()?;
        Ok(Some(Box::new(reader)))
    }

    fn begin_read(&mut self) -> Result<(), StoreError> {
        self.statements.begin(None);
        self.foreseen = None;
        let more = format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'");
        self.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY", &more).map(drop)
    }

    fn begin_create(&mut self) -> Result<(), StoreError> {
        let found = catalog::what_is(&mut self.client, &self.server, &self.schema)?;
        self.statements.begin(None);
        let make = match found {
            catalog::Found::Nothing => format!("CREATE SCHEMA {}", identifier(&self.schema)),
            _ => String::new(),
        };
        self.begin("ISOLATION LEVEL READ COMMITTED", &make).map(drop)
    }

    fn foresee(&mut self, sql: &'static str, params: &[Value<'_>]) {
        self.foreseen = Some(Foreseen::new(sql, params));
    }

    fn begin_write(&mut self) -> Result<Option<Locked>, StoreError> {
        let mut more = format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; ");
        if self.is_filling {
            more.push_str("SET LOCAL synchronous_commit = off; ");
        } else if self.is_hasty {
            more.push_str("SET LOCAL synchronous_commit = on; ");
        }
        let may_name = self.statements.may_name();
        more.push_str(&self.names.message(LOCK, CLOCK, self.foreseen.as_ref(), may_name));
        let begun = self.begin("ISOLATION LEVEL READ COMMITTED", &more);
        let begun = begun.inspect_err(|_| self.names.forget());
        let answers = begun.map_err(|error| match error {
            StoreError::Denied { user, .. } => {
                StoreError::OnlyReads(format!("the database user {user} may only read it"))
            }
            other => other,
        })?;
        let mut answers = by_statement(answers);
        if let Some(foreseen) = &mut self.foreseen {
            foreseen.answered(answers.pop().unwrap_or_default());
        }
        let (clock, head) = (answers.pop().unwrap_or_default(), answers.pop().unwrap_or_default());
        let (Some(head), Some(clock)) = (head.first(), clock.first()) else { return Ok(None) };
        let broken = || StoreError::Corrupt("the head of the ledger can't be read".to_owned());
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        self.statements.begin(number(clock.get(1)));
        Ok(Some(Locked {
            frontier: head.get(0).and_then(from_hex).ok_or_else(broken)?,
            recorded_at: number(head.get(1)).ok_or_else(broken)?,
            server: number(clock.get(0)),
        }))
    }

    fn insert_entry(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError> {
        self.keep(row)
    }

    fn begin_filling(&mut self) -> Result<(), StoreError> {
        self.strip()
    }

    fn end_filling_ledger(&mut self) -> Result<(), StoreError> {
        let done = self.complete_ledger();
        super::end(self, done)
    }

    fn end_filling(&mut self) -> Result<(), StoreError> {
        self.complete()
    }

    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<OwnedValue>],
    ) -> Result<(), StoreError> {
        self.copy_rows(table, &columns.join(", "), rows)
    }

    fn finish_entries(
        &mut self,
        first: i64,
        head: &[Value<'_>; 3],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        self.finish(first, head, each)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.has_failed {
            self.rollback();
            let why = "something failed in a transaction that was to be kept".to_owned();
            return Err(StoreError::Invariant(why));
        }
        self.send_kept().inspect_err(|_| self.rollback())?;
        self.watch.take_warning();
        self.client.batch_execute("COMMIT").map_err(|error| match self.failed(&error) {
            StoreError::Lost(why) => StoreError::LostReply(why),
            // An answer that isn't the server's own word is none.
            StoreError::Engine(why) if error.code().is_none() => StoreError::LostReply(why),
            other => other,
        })?;
        // Whoever ends the wait for a standby makes the server answer before one has it.
        if self.watch.take_warning() {
            let why = "the server warns that no standby may have it".to_owned();
            return Err(StoreError::LostReply(why));
        }
        Ok(())
    }

    fn rollback(&mut self) {
        self.kept.clear();
        // A connection that is lost has rolled back already.
        let _ = self.client.batch_execute("ROLLBACK");
    }

    fn reconnect(&mut self) -> Result<(), StoreError> {
        let (client, hello) = connect::connect(&self.server)?;
        *self = Self::on(client, &self.server, self.schema.clone(), hello);
        Ok(())
    }

    /// A server is set up for its load by whoever runs it.
    fn bulk(&mut self, _: bool) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The bytes of `\x0a0b`, as a server writes them.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?;
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_names_the_ledger_is_known() {
        for sql in ["SELECT 1 FROM entry", "DELETE FROM a\nUSING x JOIN\n  Entry e ON 1 = 1"] {
            assert!(asks_the_ledger(sql), "{sql}");
        }
        assert!(!asks_the_ledger("UPDATE lot SET entry_id = 1 WHERE carpentry = 2"));
    }

    #[test]
    fn a_parameter_is_marked_as_the_server_marks_it() {
        let text = "SELECT '?' FROM lot WHERE lot = ?1 ORDER BY expiry NULLS FIRST, first_seq";
        assert_eq!(with_dollars(text), text.replace("?1", "$1"));
    }
}
