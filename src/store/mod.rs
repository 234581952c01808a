//! The book: open it, read from it, write to it.
//!
//! **Locking.** A write begins with the book's write lock held, so what a decision saw is what is
//! written; a read runs in one snapshot and blocks nobody.
//!
//! **One way in.** Everything that changes is a `Fact`, and every fact goes through
//! `Writing::append`, or, for entries that another book wrote, `Writing::append_verbatim`. Both
//! end in the same insert and the same projection.
//!
//! **Compatibility.** Migrations are numbered and checksummed; a book of a newer program is
//! refused by name and left as it is.

mod append;
mod clock;
mod copy;
mod engine;
mod error;
mod guard;
mod login;
mod migrate;
mod packed;
#[cfg(feature = "postgres")]
mod postgres;
mod project;
mod quoted;
mod read;
mod retry;
pub mod rights;
mod sqlite;
mod verify;
mod wal;

#[cfg(feature = "postgres")]
pub use self::postgres::{Postgres, Server};
pub use append::{Actor, Receipt, Writing};
pub use clock::{Clock, Ids, SystemClock, SystemIds};
pub use copy::Copied;
pub use engine::{EachRow, Engine, EntryRow, Inspected, Locked, OwnedValue, Row, Rows, Value};
pub use error::{StoreError, TlsFault};
pub use login::Login;
pub use migrate::{Migration, Migrations};
pub use read::{
    ContainerRow, Filter, LotEntry, LotRow, Order, PublishedProtocol, SessionRow, Snapshot,
};
pub use rights::Rights;
pub use sqlite::Sqlite;
pub use verify::{Verified, first_unfit};
pub use wal::Unread;

use uuid::Uuid;

use crate::domain::catalog::Person;
use crate::domain::fact::{Fact, Opening};
use crate::domain::time::{Instant, Moment, Zone};
use crate::domain::trail::merkle::Frontier;

/// The text of a query, which lies in a file of its own beside the store.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/queries/", $name, ".sql"))
    };
}
pub(crate) use sql;

/// What entry 0 says of a book, with its zone ready to use.
#[derive(Debug, Clone)]
pub struct About {
    /// Entry 0.
    pub opening: Opening,
    /// The clinic's time zone.
    pub zone: Zone,
}

/// The format of the ledger that this program writes, and the newest that it knows.
pub const FORMAT: u32 = 1;

impl About {
    /// Refuses a book whose ledger has a format that this program doesn't know.
    fn known(self) -> Result<Self, StoreError> {
        let found = self.opening.format;
        if found > FORMAT { Err(StoreError::NewerFormat { found }) } else { Ok(self) }
    }

    /// What stands for a book whose row about itself can't be read. Verifying asks the entries.
    fn unknown() -> Result<Self, StoreError> {
        let zone = Zone::new("UTC").map_err(|error| StoreError::Zone(error.to_string()))?;
        let (book, zone_name) = (Uuid::nil(), zone.name().into());
        let (clinic, currency) = (Box::default(), Box::default());
        let opening = Opening { book, clinic, currency, format: 0, zone: zone_name };
        Ok(Self { opening, zone })
    }
}

/// A book on a server, as a list of them shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its schema.
    pub name: String,
    /// What it says of itself.
    pub says: Says,
}

/// What a book on a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It is a book.
    Whole {
        /// The clinic's name.
        clinic: String,
        /// How many entries it has.
        entries: i64,
    },
    /// It is a copy that was interrupted.
    Unfinished,
    /// The database user may not read it.
    Closed,
}

/// Size, frontier and last time of the ledger.
#[derive(Debug, Clone)]
pub struct Head {
    /// The Merkle frontier, which knows the size and the root.
    pub frontier: Frontier,
    /// `recorded_at` of the last entry.
    pub recorded_at: Instant,
}

impl Head {
    /// The row of the head, given the bytes of its frontier.
    fn row<'b>(&self, frontier: &'b [u8]) -> [Value<'b>; 3] {
        let recorded_at = Value::Integer(self.recorded_at.millis());
        [self.frontier.size().into(), Value::Blob(frontier), recorded_at]
    }
}

/// An open book.
pub struct Book {
    engine: Box<dyn Engine>,
    clock: Box<dyn Clock>,
    ids: Box<dyn Ids>,
    about: About,
    /// What the clock said when it was last asked for a reading.
    asked: Option<Instant>,
    behind: Option<Behind>,
}

/// The clock stood before the last entry when it was asked for a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// What the clock said.
    pub now: Instant,
    /// When the last entry was written.
    pub last: Instant,
}

impl Book {
    /// Makes a new book on an empty engine: the schema, entry 0 and the manager who is its actor.
    pub fn create(
        mut engine: Box<dyn Engine>,
        mut clock: Box<dyn Clock>,
        mut ids: Box<dyn Ids>,
        opening: Opening,
        manager: Person,
    ) -> Result<(Self, Receipt), StoreError> {
        let zone = Zone::new(&opening.zone).map_err(|error| StoreError::Zone(error.to_string()))?;
        let about = About { opening, zone };
        engine.begin_create()?;
        let made = (|| {
            migrate::make(engine.as_mut())?;
            read::head_begin(engine.as_mut())?;
            let now = append::believed(clock.now())?;
            let head = Head { frontier: Frontier::new(), recorded_at: now };
            let actor = Actor::Opening(manager.clone());
            let snapshot = Snapshot::new(engine.as_mut(), &about, 0);
            let mut writing = Writing::begin(snapshot, ids.as_mut(), head, now, actor)?;
            writing.append(&Fact::BookOpen(about.opening.clone()))?;
            writing.append(&Fact::StaffAdd(manager))?;
            let place = crate::domain::id::PlaceName::new("stockroom")
                .map_err(|error| StoreError::Invariant(error.to_string()))?;
            let kind = crate::domain::catalog::PlaceKind::Stockroom;
            writing.append(&Fact::PlaceAdd { place, kind })?;
            writing.finish()
        })();
        let receipt = end(engine.as_mut(), made)?;
        Ok((Self { engine, clock, ids, about, asked: None, behind: None }, receipt))
    }

    /// Makes a new book on an empty engine from the entries of another one, which `work` hands to
    /// `Writing::append_verbatim`: for copy and restore. Nobody acts, so nothing new is written.
    /// `opening` is what entry 0 says.
    pub fn copy<T>(
        mut engine: Box<dyn Engine>,
        clock: Box<dyn Clock>,
        mut ids: Box<dyn Ids>,
        opening: Opening,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<(Self, T, Receipt), StoreError> {
        let zone = Zone::new(&opening.zone).map_err(|error| StoreError::Zone(error.to_string()))?;
        let about = About { opening, zone };
        engine.begin_create()?;
        let made = (|| {
            migrate::make(engine.as_mut())?;
            read::head_begin(engine.as_mut())?;
            let now = Instant::EARLIEST;
            let head = Head { frontier: Frontier::new(), recorded_at: now };
            let snapshot = Snapshot::new(engine.as_mut(), &about, 0);
            let mut writing = Writing::begin(snapshot, ids.as_mut(), head, now, Actor::Nobody)?;
            let value = work(&mut writing)?;
            let receipt = writing.finish()?;
            if read::about(engine.as_mut())?.opening != about.opening {
                let why = "it opens another book than the one that was named".to_owned();
                return Err(StoreError::Verbatim { seq: 0, why });
            }
            Ok((value, receipt))
        })();
        let (value, receipt) = end(engine.as_mut(), made)?;
        Ok((Self { engine, clock, ids, about, asked: None, behind: None }, value, receipt))
    }

    /// Opens the book on an engine; one of an older program is migrated first.
    pub fn open(
        mut engine: Box<dyn Engine>,
        clock: Box<dyn Clock>,
        ids: Box<dyn Ids>,
    ) -> Result<Self, StoreError> {
        let about = retry::opened(engine.as_mut(), |engine| {
            migrate::begin_read(engine)?;
            let about = read::about(engine).and_then(About::known);
            retry::end_read(engine, about)
        })?;
        Ok(Self { engine, clock, ids, about, asked: None, behind: None })
    }

    /// Opens a book to verify it, also where what it says of itself can't be read: that is then one
    /// of the findings.
    pub fn open_to_verify(
        mut engine: Box<dyn Engine>,
        clock: Box<dyn Clock>,
        ids: Box<dyn Ids>,
    ) -> Result<Self, StoreError> {
        let about = retry::opened(engine.as_mut(), |engine| {
            migrate::begin_read(engine)?;
            match read::about(engine) {
                Err(StoreError::Corrupt(_) | StoreError::Zone(_) | StoreError::Engine(_)) => {
                    engine.rollback();
                    About::unknown()
                }
                about => retry::end_read(engine, about),
            }
        })?;
        Ok(Self { engine, clock, ids, about, asked: None, behind: None })
    }

    /// What entry 0 says.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Writes that a crash left on the disk and that are not in the book.
    pub fn unread(&self) -> Option<Unread> {
        self.engine.unread()
    }

    /// The book's clock.
    pub fn now(&mut self) -> Instant {
        *self.asked.insert(self.clock.now())
    }

    /// That the clock, asked for what was read, stands before the last entry. Told once.
    pub fn take_behind(&mut self) -> Option<Behind> {
        self.behind.take()
    }

    /// Fresh random bits from the book's source, for client references.
    pub fn random(&mut self) -> u64 {
        self.ids.random()
    }

    /// Reads in one snapshot.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (mut last, asked) = (None, self.asked.take());
        let size = |engine: &mut dyn Engine| {
            let head = read::head(engine)?;
            last = Some(head.recorded_at);
            Ok(head.frontier.size())
        };
        let done = self.read_sized(size, work);
        self.behind = asked
            .zip(last)
            .filter(|(now, last)| append::is_behind(*now, *last))
            .map(|(now, last)| Behind { now, last });
        done
    }

    /// Reads in one snapshot whatever the head says, or where there is none: to verify a book. Its
    /// size is what the entries say.
    pub fn inspect<T>(
        &mut self,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read_sized(read::size_by_entries, work)
    }

    fn read_sized<T>(
        &mut self,
        size: impl FnOnce(&mut dyn Engine) -> Result<u64, StoreError>,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        retry::begin_read(self.engine.as_mut())?;
        let done = (|| {
            let size = size(self.engine.as_mut())?;
            work(&mut Snapshot::new(self.engine.as_mut(), &self.about, size))
        })();
        retry::end_read(self.engine.as_mut(), done)
    }

    /// Writes as one command: everything that `work` appends, or nothing. `at` is when it
    /// happened; none for now. An act outside the actor's roles is refused, and the attempt is
    /// recorded. `work` may run more than once: a write that met another one, or lost its server,
    /// is tried again with the same ids.
    pub fn write<T>(
        &mut self,
        actor: Actor,
        at: Option<Moment>,
        mut work: impl FnMut(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Receipt), StoreError> {
        let refused = actor.clone();
        match self.write_once(actor, at, &mut work) {
            Err(StoreError::NotPermitted { action, refusal }) => {
                let recorded = self.write_once(refused, None, |writing| {
                    writing.append(&Fact::AccessRefuse { action })
                });
                let refusal = match recorded {
                    // Whoever has no role at all has none to write the attempt in either.
                    Ok(_) | Err(StoreError::NotPermitted { .. }) => refusal,
                    Err(error) => refusal.why(format!("the attempt was not recorded: {error}")),
                };
                Err(StoreError::NotPermitted { action, refusal })
            }
            other => other,
        }
    }

    fn write_once<T>(
        &mut self,
        actor: Actor,
        at: Option<Moment>,
        work: impl FnMut(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Receipt), StoreError> {
        let Self { engine, clock, ids, about, .. } = self;
        retry::write(engine.as_mut(), clock.as_mut(), ids.as_mut(), about, (actor, at), work)
    }

    /// Turns the settings for bulk writing on, and off again when it is over. The large cache is
    /// kept from one transaction to the next.
    pub fn bulk(&mut self, on: bool) -> Result<(), StoreError> {
        self.engine.bulk(on)
    }

    /// Writes many commands in one database transaction, for bulk work such as the demo. Each
    /// command begins with `Writing::next_command`. It is not tried again.
    pub fn write_bulk<T>(
        &mut self,
        actor: Actor,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Receipt), StoreError> {
        let Self { engine, clock, ids, about, .. } = self;
        let mut ids = clock::Fixed::new(ids.as_mut());
        retry::once(engine.as_mut(), clock.as_mut(), &mut ids, about, (actor, None), work)
    }
}

/// Commits what went well and forgets the rest.
fn end<T>(engine: &mut dyn Engine, done: Result<T, StoreError>) -> Result<T, StoreError> {
    match done {
        Ok(value) => {
            engine.commit()?;
            Ok(value)
        }
        Err(error) => {
            engine.rollback();
            Err(error)
        }
    }
}
