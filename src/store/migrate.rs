//! Migrations: numbered, checksummed, applied once and in order.
//!
//! `user_version` is the number of the last one; the table `migration` remembers the SHA-256 of
//! each, so that a book can tell that a program's migrations are the ones it was made with.

use super::engine::{Engine, Rows, Value};
use super::{StoreError, sql};

/// One migration. Its checksum is written down rather than taken at every start, which would cost
/// more than opening the book; a test holds it to the text.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    text: &'static str,
    sha256: &'static str,
}

impl Migration {
    /// A migration and the checksum of its text.
    pub const fn new(text: &'static str, sha256: &'static str) -> Self {
        Self { text, sha256 }
    }
}

/// The migrations of one engine, oldest first.
pub type Migrations = &'static [Migration];

/// The migrations of a SQLite book.
pub(super) const SQLITE: Migrations = &[Migration::new(
    include_str!("schema/sqlite/0001_book.sql"),
    "cf432386161d2ff03795cba5d1e183c66a3e0aea5ea2876c2da303b99a3dc7c4",
)];

/// The migrations of a PostgreSQL book.
pub(super) const POSTGRES: Migrations = &[Migration::new(
    include_str!("schema/postgres/0001_book.sql"),
    "9685a2e5ffe247e23f65fea683c19f30e2331cc82151288bdaf2d70371f7311d",
)];

/// Makes the tables of a new book. Runs inside the caller's transaction, and fails where another
/// book was made there meanwhile.
pub(super) fn make(engine: &mut dyn Engine) -> Result<(), StoreError> {
    engine.batch("CREATE TABLE migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)")?;
    apply(engine, 0)
}

/// Applies what is missing, all of it where nothing is there. Runs inside the caller's write
/// transaction.
pub(super) fn run(engine: &mut dyn Engine) -> Result<(), StoreError> {
    engine.batch(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)",
    )?;
    let applied = checked(engine)?;
    apply(engine, applied)
}

fn apply(engine: &mut dyn Engine, applied: usize) -> Result<(), StoreError> {
    for (number, migration) in (1_i64..).zip(engine.migrations()).skip(applied) {
        engine.batch(migration.text)?;
        let sha256 = Value::Text(migration.sha256);
        engine.execute(sql!("migration_add"), &[number.into(), sha256])?;
        engine.set_schema(number)?;
    }
    Ok(())
}

/// Begins a read of a book that is as new as this program. A book of an older one is brought up
/// first, in a transaction of its own that holds the book's lock; whoever waited for it finds
/// nothing left to do. A book that this program's migrations did not make is refused.
pub(super) fn begin_read(engine: &mut dyn Engine) -> Result<(), StoreError> {
    engine.begin_read()?;
    let Some(found) = older(engine).inspect_err(|_| engine.rollback())? else { return Ok(()) };
    engine.rollback();
    bring_up(engine, found)?;
    engine.begin_read()?;
    match older(engine).inspect_err(|_| engine.rollback())? {
        None => Ok(()),
        Some(number) => {
            engine.rollback();
            Err(StoreError::Migration { number })
        }
    }
}

fn bring_up(engine: &mut dyn Engine, found: i64) -> Result<(), StoreError> {
    let begun = engine.begin_write();
    let done = begun.and_then(|_| {
        let done = run(engine);
        super::end(engine, done)
    });
    done.map_err(|error| match error {
        StoreError::ReadOnly | StoreError::OnlyReads(_) | StoreError::Denied { .. } => {
            StoreError::Older { found, known: known(engine), why: error.to_string() }
        }
        other => other,
    })
}

/// The number of the last migration where this program has more of them.
fn older(engine: &mut dyn Engine) -> Result<Option<i64>, StoreError> {
    let (found, known) = (engine.schema()?, known(engine));
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == 0 {
        return Err(StoreError::Unfinished);
    }
    let applied = number(checked(engine)?);
    if applied != found {
        return Err(StoreError::Migration { number: applied.min(found) + 1 });
    }
    Ok((found < known).then_some(found))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The number of this program's last migration.
fn known(engine: &dyn Engine) -> i64 {
    number(engine.migrations().len())
}

/// How many migrations are applied, each compared with this program's.
fn checked(engine: &mut dyn Engine) -> Result<usize, StoreError> {
    let (migrations, known) = (engine.migrations(), known(engine));
    let mut applied = 0;
    engine.query(sql!("migration_list"), &[], &mut |row| {
        let number = row.integer(0)?.unwrap_or(0);
        match migrations.get(applied) {
            None => return Err(StoreError::Newer { found: number, known }),
            Some(known) if row.text(1)? != Some(known.sha256) => {
                return Err(StoreError::Migration { number });
            }
            Some(_) => applied += 1,
        }
        Ok(Rows::More)
    })?;
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trail::hash::Hash;

    #[test]
    fn every_migration_has_the_checksum_of_its_text() {
        let engines = [
            SQLITE,
            #[cfg(feature = "postgres")]
            POSTGRES,
        ];
        for migrations in engines {
            for (number, migration) in (1..).zip(migrations) {
                let sha256 = Hash::of(migration.text.as_bytes()).to_string();
                assert_eq!(sha256, migration.sha256, "migration {number}");
            }
        }
    }
}
