//! The engines that the suite runs on. What a rule of the store needs of an engine is here, so
//! that one more engine is one more variant.

use std::cell::RefCell;
use std::rc::Rc;

use lotbook::store::{
    EachRow, Engine, EntryRow, Inspected, Locked, Migration, Migrations, OwnedValue, Row, Rows,
    Sqlite, StoreError, Value,
};
#[cfg(has_postgres_server)]
use lotbook::store::{Login, Postgres, Server};
use tempfile::TempDir;

#[cfg(has_postgres_server)]
use crate::servers;

/// Where a rule is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    SqliteFile,
    SqliteMemory,
    #[cfg(has_postgres_server)]
    Postgres,
}

/// One database, empty at first, and gone when dropped.
pub(crate) struct Database {
    on: On,
    folder: TempDir,
    #[cfg_attr(not(has_postgres_server), expect(dead_code, reason = "where a server is"))]
    url: String,
    engine: Shared,
}

impl On {
    /// A new database.
    pub(crate) fn database(self) -> Database {
        let folder = tempfile::tempdir().unwrap();
        let (engine, url): (Box<dyn Engine>, String) = match self {
            Self::SqliteFile => {
                let path = folder.path().join("clinic.lotbook");
                (Box::new(Sqlite::create(&path).unwrap()), String::new())
            }
            Self::SqliteMemory => (Box::new(Sqlite::memory().unwrap()), String::new()),
            #[cfg(has_postgres_server)]
            Self::Postgres => {
                // The tests look at the tables between transactions too.
                let (server, schema) = (servers::shared(), servers::fresh_schema());
                let path = format!("&options=-c%20search_path%3D{schema}");
                let url = server.url(servers::OWNER, &schema) + &path;
                (Box::new(Postgres::create(&address(&url)).unwrap()), url)
            }
        };
        let engine = Shared(Rc::new(RefCell::new(engine)), None);
        Database { on: self, folder, url, engine }
    }
}

impl Database {
    /// The connection that the book under test uses; the test may use it too.
    pub(crate) fn engine(&self) -> Box<dyn Engine> {
        Box::new(self.engine.clone())
    }

    /// The same connection in a program that has one more migration.
    pub(crate) fn newer(&self, text: &'static str) -> Box<dyn Engine> {
        let mut migrations = self.engine().migrations().to_vec();
        migrations.push(Migration::new(text, "the second"));
        Box::new(Shared(Rc::clone(&self.engine.0), Some(migrations.leak())))
    }

    /// Another connection, where there can be one.
    pub(crate) fn second(&self) -> Option<Box<dyn Engine>> {
        match self.on {
            On::SqliteFile => Some(Box::new(Sqlite::open(&self.path()).unwrap())),
            On::SqliteMemory => None,
            #[cfg(has_postgres_server)]
            On::Postgres => Some(Box::new(Postgres::open(&address(&self.url)).unwrap())),
        }
    }

    /// A connection of another program: without the settings of ours, where there can be one.
    pub(crate) fn foreign_shell(&self) -> Option<rusqlite::Connection> {
        let connection = || rusqlite::Connection::open(self.path()).unwrap();
        (self.on == On::SqliteFile).then(connection)
    }

    /// The path of a book that is a file.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("clinic.lotbook")
    }

    /// Whether a statement's text can be prepared, without running it.
    pub(crate) fn prepare(&self, sql: &str) -> Result<(), StoreError> {
        match self.on {
            On::SqliteFile | On::SqliteMemory => self.engine().batch(&format!("EXPLAIN {sql}")),
            #[cfg(has_postgres_server)]
            On::Postgres => {
                let sql = sql.replace('?', "$");
                self.engine().batch(&format!("PREPARE tried AS {sql}; DEALLOCATE tried"))
            }
        }
    }

    /// Every row of a table or view as text, sorted.
    pub(crate) fn rows(&self, table: &str) -> Vec<String> {
        rows(self.engine().as_mut(), &format!("SELECT * FROM {table}"))
    }
}

#[cfg(has_postgres_server)]
fn address(url: &str) -> Server {
    Server::parse(url, &Login::default()).unwrap()
}

/// Every row of a query as text, sorted.
pub(crate) fn rows(engine: &mut dyn Engine, sql: &str) -> Vec<String> {
    let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
    let mut rows = Vec::new();
    let read = engine.query(sql, &[], &mut |row| {
        rows.push((0..).map_while(|column| cell(row, column)).collect::<Vec<_>>().join("|"));
        Ok(Rows::More)
    });
    read.unwrap();
    rows.sort_unstable();
    rows
}

/// A value in whatever type it has; none behind the last column.
fn cell(row: &dyn Row, column: usize) -> Option<String> {
    if let Ok(value) = row.integer(column) {
        return Some(value.map_or("NULL".to_owned(), |value| value.to_string()));
    }
    if let Ok(value) = row.text(column) {
        return Some(value.map_or("NULL".to_owned(), |value| format!("{value:?}")));
    }
    let value = row.blob(column).ok()?;
    Some(value.map_or("NULL".to_owned(), |value| format!("{value:?}")))
}

/// One connection in two hands, one of which may have migrations of its own.
#[derive(Clone)]
struct Shared(Rc<RefCell<Box<dyn Engine>>>, Option<Migrations>);

impl Engine for Shared {
    fn name(&self) -> &'static str {
        self.0.borrow().name()
    }

    fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        self.0.borrow_mut().execute(sql, params)
    }

    fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        self.0.borrow_mut().query(sql, params, each)
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.0.borrow_mut().batch(sql)
    }

    fn schema(&mut self) -> Result<i64, StoreError> {
        self.0.borrow_mut().schema()
    }

    fn set_schema(&mut self, number: i64) -> Result<(), StoreError> {
        self.0.borrow_mut().set_schema(number)
    }

    fn begin_read(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().begin_read()
    }

    fn begin_create(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().begin_create()
    }

    fn foresee(&mut self, sql: &'static str, params: &[Value<'_>]) {
        self.0.borrow_mut().foresee(sql, params);
    }

    fn begin_write(&mut self) -> Result<Option<Locked>, StoreError> {
        self.0.borrow_mut().begin_write()
    }

    fn insert_entry(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError> {
        self.0.borrow_mut().insert_entry(row)
    }

    fn begin_filling(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().begin_filling()
    }

    fn end_filling_ledger(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().end_filling_ledger()
    }

    fn end_filling(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().end_filling()
    }

    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<OwnedValue>],
    ) -> Result<(), StoreError> {
        self.0.borrow_mut().fill(table, columns, rows)
    }

    fn finish_entries(
        &mut self,
        first: i64,
        head: &[Value<'_>; 3],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        self.0.borrow_mut().finish_entries(first, head, each)
    }

    fn migrations(&self) -> Migrations {
        self.1.unwrap_or_else(|| self.0.borrow().migrations())
    }

    fn reconnect(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().reconnect()
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.0.borrow_mut().commit()
    }

    fn rollback(&mut self) {
        self.0.borrow_mut().rollback();
    }

    fn differences(&mut self) -> Result<Vec<String>, StoreError> {
        self.0.borrow_mut().differences()
    }

    fn damage(&mut self) -> Result<Inspected, StoreError> {
        self.0.borrow_mut().damage()
    }

    fn rights(&mut self) -> Result<Inspected, StoreError> {
        self.0.borrow_mut().rights()
    }

    fn reader(&mut self) -> Result<Option<Box<dyn Engine + Send>>, StoreError> {
        self.0.borrow_mut().reader()
    }

    fn bulk(&mut self, on: bool) -> Result<(), StoreError> {
        self.0.borrow_mut().bulk(on)
    }
}

/// Stamps the named rules onto every engine.
macro_rules! on_every_engine {
    ($($rule:ident),+ $(,)?) => {
        mod sqlite_file {
            $(#[test] fn $rule() { super::$rule(crate::engines::On::SqliteFile); })+
        }
        mod sqlite_memory {
            $(#[test] fn $rule() { super::$rule(crate::engines::On::SqliteMemory); })+
        }
        mod postgres {
            $(
                #[test]
                #[cfg_attr(not(has_postgres_server), ignore = "no PostgreSQL server programs")]
                fn $rule() {
                    #[cfg(has_postgres_server)]
                    super::$rule(crate::engines::On::Postgres);
                }
            )+
        }
    };
}
pub(crate) use on_every_engine;
