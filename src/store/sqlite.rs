//! The embedded engine: one SQLite file.
//!
//! Settings: WAL, `synchronous=FULL`, foreign keys, recursive triggers, no trusted schema,
//! defensive mode, `cell_size_check`, a busy timeout of 10 seconds, `temp_store=memory` (triggers
//! would otherwise write their statement journals to disk). A clean exit of the last connection
//! leaves one file. A book in a folder that can't be written is opened as immutable, and only
//! where no `-wal` lies beside it, since such a file may hold committed entries. Writes in a `-wal`
//! that SQLite would forget without a word are looked for when the book is opened (see `wal`).

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use super::engine::{EachRow, Engine, EntryRow, Inspected, Locked, OwnedValue, Row, Rows, Value};
use super::migrate::{self, Migrations};
use super::wal::{self, Unread};
use super::{StoreError, sql};

/// "lotb" in ASCII: what marks a SQLite file as a book.
const APPLICATION_ID: i64 = 0x6c6f_7462;

/// The oldest SQLite that is trusted: 3.51.3 mended a WAL defect that could lose a checkpoint.
const OLDEST: i32 = 3_051_003;
const OLDEST_TEXT: &str = "3.51.3";

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(10);

/// The ending of the copy of a log that holds writes which the disk has lost.
const DAMAGED: &str = "-wal-damaged";

/// SQLite's extended code `SQLITE_IOERR_SHMSIZE`.
const NO_ROOM_FOR_INDEX: i32 = 4874;

/// A connection is used by one thread at a time.
const NO_MUTEX: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;

/// What stands for the path of a book in memory.
const MEMORY: &str = ":memory:";

/// One connection to one SQLite book.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    immutable: bool,
    unread: Option<Unread>,
}

impl Sqlite {
    /// Opens a book that exists.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        if path.is_dir() {
            return Err(StoreError::NotADatabase(path.to_owned()));
        }
        let path = &real(path);
        match Self::connect(path, false) {
            Err(StoreError::Access(_) | StoreError::ReadOnly)
                if beside(path, "-wal").exists() && !is_folder_writable(path) =>
            {
                Err(StoreError::Access(format!(
                    "{} lies beside it and may hold entries, and their folder is read-only",
                    beside(path, "-wal").display()
                )))
            }
            Err(refused @ (StoreError::Access(_) | StoreError::ReadOnly))
                if is_set_in_stone(path) =>
            {
                match Self::connect(path, true) {
                    Err(StoreError::Access(_)) => Err(refused),
                    connected => connected,
                }
            }
            connected => connected,
        }
    }

    fn connect(path: &Path, immutable: bool) -> Result<Self, StoreError> {
        let connection = if immutable {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(
                format!("{}?immutable=1", crate::os::file_uri(path)),
                flags | NO_MUTEX,
            )
        } else {
            Connection::open_with_flags(plain(path), OpenFlags::SQLITE_OPEN_READ_WRITE | NO_MUTEX)
        };
        let connection = connection.map_err(|error| engine_error(&error, path))?;
        let mut engine = Self { connection, path: path.to_owned(), immutable, unread: None };
        engine.configure()?;
        let id = engine.pragma("application_id")?;
        engine.unread = engine.look_behind()?;
        if id != APPLICATION_ID {
            if engine.unread == Some(Unread::Lost) {
                return Err(StoreError::Corrupt(engine.lost_writes()));
            }
            // A program that is stopped while it makes a book leaves a database without a table.
            let empty = id == 0 && engine.schema_texts()?.is_empty();
            let foreign = StoreError::Foreign(path.to_owned());
            return Err(if empty { StoreError::Unfinished } else { foreign });
        }
        Ok(engine)
    }

    /// Makes a new file for a book; refuses one that exists.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::Access(format!("{}: {error}", folder.display())))?;
        }
        // The system decides who makes the file: of two at once only one may, and only whoever made
        // it may take it away again.
        OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error
            .kind()
        {
            ErrorKind::AlreadyExists => StoreError::Exists(path.to_owned()),
            _ => StoreError::Access(format!("{}: {error}", path.display())),
        })?;
        let made = Self::prepare_file(path);
        if made.is_err() {
            let _ = std::fs::remove_file(path);
        }
        made
    }

    /// Begins a book anew in a file that holds no table.
    pub fn begin_again(path: &Path) -> Result<Self, StoreError> {
        Self::prepare_file(path)
    }

    fn prepare_file(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | NO_MUTEX;
        let connection = Connection::open_with_flags(plain(path), flags);
        let connection = connection.map_err(|error| engine_error(&error, path))?;
        let mut engine = Self { connection, path: path.to_owned(), immutable: false, unread: None };
        engine.prepare_new()?;
        Ok(engine)
    }

    /// A book in memory, for tests.
    pub fn memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(MEMORY);
        let connection =
            Connection::open_in_memory().map_err(|error| engine_error(&error, &path))?;
        let mut engine = Self { connection, path, immutable: false, unread: None };
        engine.prepare_new()?;
        Ok(engine)
    }

    fn prepare_new(&mut self) -> Result<(), StoreError> {
        self.batch("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;")?;
        self.configure()?;
        self.batch(&format!("PRAGMA application_id = {APPLICATION_ID};"))
    }

    fn configure(&mut self) -> Result<(), StoreError> {
        if rusqlite::version_number() < OLDEST {
            let found = rusqlite::version();
            return Err(StoreError::OldLibrary { found, needed: OLDEST_TEXT });
        }
        self.connection.set_prepared_statement_cache_capacity(128);
        let set = |config, on| self.connection.set_db_config(config, on).map(|_| ());
        let settings = self
            .connection
            .busy_timeout(BUSY)
            .and_then(|()| set(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true))
            .and_then(|()| set(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false))
            .and_then(|()| set(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true));
        settings.map_err(|error| engine_error(&error, &self.path))?;
        self.batch(
            "PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON; \
             PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
        )
    }

    /// Looks for writes that SQLite does not see. Their log is gone as soon as somebody writes, so
    /// a copy of it is kept.
    fn look_behind(&mut self) -> Result<Option<Unread>, StoreError> {
        let log = beside(&self.path, "-wal");
        if self.immutable || std::fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
            return Ok(None);
        }
        let unreadable = |error| StoreError::Access(format!("{}: {error}", log.display()));
        let read = self.frames();
        let look = || File::open(&log).and_then(|mut log| wal::unread(&mut log, read));
        if look().map_err(unreadable)?.is_none() {
            return Ok(None);
        }
        // What is there may just be on its way. With the lock held, nobody is writing.
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let locked = self.batch("BEGIN IMMEDIATE");
        let _ = self.connection.busy_timeout(BUSY);
        if matches!(locked, Err(StoreError::Locked)) {
            return Ok(None);
        }
        let found = look().and_then(|found| {
            if found == Some(Unread::Lost) {
                keep_aside(&log, &self.path)?;
            }
            Ok(found)
        });
        self.rollback();
        found.map_err(unreadable)
    }

    /// How many frames of the log SQLite reads; none where it does not say.
    fn frames(&self) -> u64 {
        let frames =
            self.connection.query_row("PRAGMA wal_checkpoint = NOOP", [], |row| row.get(1));
        frames.ok().and_then(|frames: i64| u64::try_from(frames).ok()).unwrap_or_default()
    }

    /// What is said of writes that the disk has lost.
    fn lost_writes(&self) -> String {
        let damaged = beside(&self.path, DAMAGED);
        format!(
            "writes that were kept are missing; what is left of them is in {}",
            damaged.display()
        )
    }

    fn pragma(&self, name: &str) -> Result<i64, StoreError> {
        self.connection
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(|error| engine_error(&error, &self.path))
    }

    fn in_memory(&self) -> bool {
        self.path.as_os_str() == MEMORY
    }

    /// The text of every table, index, trigger and view, by kind and name. SQLite's own names are
    /// among them: whoever writes the schema by hand may give them to anything.
    fn schema_texts(&mut self) -> Result<BTreeMap<String, String>, StoreError> {
        const SCHEMA: &str = "SELECT type || ' `' || name || '`', \
            tbl_name || char(10) || coalesce(sql, '') || char(10) FROM sqlite_schema";
        let mut texts = BTreeMap::<String, String>::new();
        self.query(SCHEMA, &[], &mut |row| {
            let text = |column| -> Result<String, StoreError> {
                Ok(row.text(column)?.unwrap_or_default().to_owned())
            };
            // A name that stands there twice has another text than it should.
            texts.entry(text(0)?).or_default().push_str(&text(1)?);
            Ok(Rows::More)
        })?;
        Ok(texts)
    }

    /// What the file's header says and SQLite's own check doesn't look at: how many pages there
    /// are, and free ones among them. Only where no log lies beside the file, for it may hold a
    /// newer header.
    fn header_damage(&self) -> Result<Option<String>, StoreError> {
        let log = std::fs::metadata(beside(&self.path, "-wal")).map_or(0, |log| log.len());
        if self.in_memory() || log > 0 {
            return Ok(None);
        }
        let unreadable = |error| StoreError::Access(format!("{}: {error}", self.path.display()));
        // Never closed: on many systems that would give up SQLite's own locks on the same file.
        let mut file = ManuallyDrop::new(File::open(&self.path).map_err(unreadable)?);
        let length = file.metadata().map_err(unreadable)?.len();
        let mut header = [0; 40];
        file.read_exact(&mut header).map_err(unreadable)?;
        let number =
            |at: usize| header[at..at + 4].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let (pages, first_free, free) = (number(28), number(32), number(36));
        let size = pages * self.pragma("page_size")?.unsigned_abs();
        Ok(if length != size {
            Some(format!("the file has {length} bytes, and its header counts {size}"))
        } else if first_free == 0 && free != 0 {
            Some(format!("the header counts {free} free pages, and there are none"))
        } else {
            None
        })
    }

    fn failed(&self, error: &rusqlite::Error) -> StoreError {
        engine_error(error, &self.path)
    }
}

/// What SQLite found, with the entry that it means where it counts rows: from 1, and entries are
/// counted from 0.
fn explained(found: &str) -> String {
    let told = found.strip_prefix("row ").and_then(|told| told.split_once(' '));
    let row = told.filter(|(_, index)| index.contains(" index entry_"));
    match row.and_then(|(row, _)| row.parse::<u64>().ok()) {
        Some(row @ 1..) => {
            format!("{found}; row {row} is entry {}, if none before it is missing", row - 1)
        }
        _ => found.to_owned(),
    }
}

/// The path so that SQLite, which may be built to read every name as a URI, reads it as a path.
fn plain(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

struct SqliteRow<'r>(&'r rusqlite::Row<'r>);

impl SqliteRow<'_> {
    fn value(&self, column: usize) -> Result<ValueRef<'_>, StoreError> {
        self.0.get_ref(column).map_err(|error| StoreError::Engine(error.to_string()))
    }

    fn damaged(&self, column: usize, how: &str) -> StoreError {
        let name = self.0.as_ref().column_name(column).unwrap_or("?");
        StoreError::Corrupt(format!("the column `{name}` {how}"))
    }

    fn wrong_type(&self, column: usize) -> StoreError {
        self.damaged(column, "has another type than its schema")
    }
}

impl Row for SqliteRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(self.wrong_type(column)),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .map(Some)
                .map_err(|_| self.damaged(column, "holds what is not UTF-8")),
            _ => Err(self.wrong_type(column)),
        }
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(self.wrong_type(column)),
        }
    }
}

impl Engine for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let changed = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)));
        changed.map(|rows| rows as u64).map_err(|error| self.failed(&error))
    }

    fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        let path = &self.path;
        let failed = |error: rusqlite::Error| engine_error(&error, path);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if each(&SqliteRow(row))? == Rows::Enough {
                break;
            }
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| self.failed(&error))
    }

    fn migrations(&self) -> Migrations {
        migrate::SQLITE
    }

    fn schema(&mut self) -> Result<i64, StoreError> {
        self.pragma("user_version")
    }

    fn set_schema(&mut self, number: i64) -> Result<(), StoreError> {
        self.batch(&format!("PRAGMA user_version = {number}"))
    }

    fn differences(&mut self) -> Result<Vec<String>, StoreError> {
        let mut fresh = Self::memory()?;
        migrate::run(&mut fresh)?;
        let (found, made) = (self.schema_texts()?, fresh.schema_texts()?);
        let mut differences = Vec::new();
        for (name, text) in &made {
            match found.get(name) {
                None => differences.push(format!("the {name} is missing from the schema")),
                Some(other) if other != text => {
                    differences.push(format!("the {name} of the schema was altered"));
                }
                Some(_) => {}
            }
        }
        let added = found.keys().filter(|name| !made.contains_key(*name));
        differences.extend(added.map(|name| format!("the {name} was added to the schema")));
        Ok(differences)
    }

    fn damage(&mut self) -> Result<Inspected, StoreError> {
        // A link that leads nowhere lies there too.
        let is_kept = std::fs::symlink_metadata(beside(&self.path, DAMAGED)).is_ok();
        let lost = self.unread == Some(Unread::Lost) || is_kept;
        let mut found: Vec<String> = lost.then(|| self.lost_writes()).into_iter().collect();
        self.query("PRAGMA integrity_check(20)", &[], &mut |row| {
            let text = row.text(0)?.unwrap_or_default();
            found.extend((text != "ok").then(|| explained(text)));
            Ok(Rows::More)
        })?;
        found.extend(self.header_damage()?);
        Ok(Inspected { problems: found, unchecked: Vec::new() })
    }

    fn unread(&self) -> Option<Unread> {
        self.unread
    }

    fn reader(&mut self) -> Result<Option<Box<dyn Engine + Send>>, StoreError> {
        if self.in_memory() {
            return Ok(None);
        }
        Ok(Some(Box::new(Self::open(&self.path)?)))
    }

    fn begin_read(&mut self) -> Result<(), StoreError> {
        self.batch("BEGIN DEFERRED")
    }

    fn begin_create(&mut self) -> Result<(), StoreError> {
        if self.immutable {
            return Err(StoreError::ReadOnly);
        }
        self.batch("BEGIN IMMEDIATE")
    }

    fn begin_write(&mut self) -> Result<Option<Locked>, StoreError> {
        self.begin_create()?;
        let mut head = None;
        self.query(sql!("head_read"), &[], &mut |row| {
            let frontier = row.blob(0)?.unwrap_or_default().to_vec();
            let recorded_at = row.integer(1)?.unwrap_or_default();
            head = Some(Locked { frontier, recorded_at, server: None });
            Ok(Rows::Enough)
        })
        .inspect_err(|_| self.rollback())?;
        Ok(head)
    }

    fn insert_entry(&mut self, row: &EntryRow<'_>) -> Result<(), StoreError> {
        self.execute(sql!("entry_insert"), row).map(drop)
    }

    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<OwnedValue>],
    ) -> Result<(), StoreError> {
        let places: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
        let (names, places) = (columns.join(", "), places.join(", "));
        let failed = |error: rusqlite::Error| engine_error(&error, &self.path);
        let text = format!("INSERT INTO {table} ({names}) VALUES ({places})");
        let mut statement = self.connection.prepare(&text).map_err(failed)?;
        for row in rows {
            let values = rusqlite::params_from_iter(row.iter().map(OwnedValue::value));
            statement.execute(values).map_err(failed)?;
        }
        Ok(())
    }

    fn finish_entries(
        &mut self,
        first: i64,
        head: &[Value<'_>; 3],
        each: &mut EachRow<'_>,
    ) -> Result<(), StoreError> {
        self.execute(sql!("head_set"), head)?;
        self.query(sql!("entry_range"), &[first.into(), head[0]], each)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let done = self.batch("COMMIT");
        if done.is_err() {
            self.rollback();
        }
        done
    }

    fn rollback(&mut self) {
        // An error has often ended the transaction already; then there is nothing to roll back.
        if !self.connection.is_autocommit() {
            let _ = self.batch("ROLLBACK");
        }
    }

    fn reconnect(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn bulk(&mut self, on: bool) -> Result<(), StoreError> {
        self.batch(if on {
            "PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 100000;"
        } else {
            "PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1000;"
        })
    }
}

/// The file beside a book that bears its name with an ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Keeps a copy of a damaged log; one of an earlier damage stays, and this one gets a number.
fn keep_aside(log: &Path, book: &Path) -> io::Result<()> {
    let content = std::fs::read(log)?;
    let mut place = beside(book, DAMAGED);
    let mut number = 1;
    while place.exists() {
        if std::fs::read(&place)? == content {
            return Ok(());
        }
        number += 1;
        place = beside(book, &format!("{DAMAGED}-{number}"));
    }
    // A link that leads nowhere keeps nothing.
    if std::fs::symlink_metadata(&place).is_ok() {
        std::fs::remove_file(&place)?;
    }
    let mut kept = File::create_new(&place)?;
    kept.write_all(&content)?;
    kept.sync_all()
}

/// The file that a link leads to: SQLite keeps its log beside that one.
fn real(path: &Path) -> PathBuf {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|file| file.is_symlink());
    let led = is_link.then(|| path.canonicalize().ok()).flatten();
    led.unwrap_or_else(|| path.to_owned())
}

/// Whether nobody can change the book: its folder can't be written, and no `-wal` lies beside it
/// that may hold committed entries. Only asked where the plain way to open it has failed, because
/// trying a folder costs a file.
fn is_set_in_stone(path: &Path) -> bool {
    !beside(path, "-wal").exists() && !is_folder_writable(path)
}

fn is_folder_writable(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    crate::os::is_writable(folder.unwrap_or(Path::new(".")))
}

/// SQLite's codes as the store's own errors.
fn engine_error(error: &rusqlite::Error, path: &Path) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return StoreError::Engine(error.to_string());
    };
    let text = || message.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::NotADatabase => StoreError::NotADatabase(path.to_owned()),
        ErrorCode::DatabaseCorrupt => StoreError::Corrupt(text()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked,
        ErrorCode::ReadOnly => StoreError::ReadOnly,
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            StoreError::Access(format!("{}: {}", path.display(), text()))
        }
        // The index of the log is a file too; where it can't grow, SQLite says no more than this.
        ErrorCode::DiskFull => StoreError::DiskFull,
        _ if failure.extended_code == NO_ROOM_FOR_INDEX => StoreError::DiskFull,
        _ => StoreError::Engine(text()),
    }
}
