//! Migrations: numbered, checksummed, applied once and in order.
//!
//! `user_version` is the number of the last one; the table `migration` remembers the SHA-256 of
//! each, so that a book can tell that a program's migrations are the ones it was made with.

use super::engine::{Engine, Rows, Value};
use super::{StoreError, sql};

/// One migration. Its checksum is written down rather than taken at every start, which would cost
/// more than opening the book; a test holds it to the text.
#[derive(Debug)]
pub struct Migration {
    text: &'static str,
    sha256: &'static str,
}

/// The migrations of one engine, oldest first.
pub type Migrations = &'static [Migration];

/// The migrations of a SQLite book.
pub(super) const SQLITE: Migrations = &[Migration {
    text: include_str!("schema/sqlite/0001_book.sql"),
    sha256: "92e8d1e96caccfb273586d3a160389a896dd92e0d7ab7738aa311b50945755ff",
}];

/// The migrations of a PostgreSQL book.
#[cfg(feature = "postgres")]
pub(super) const POSTGRES: Migrations = &[Migration {
    text: include_str!("schema/postgres/0001_book.sql"),
    sha256: "a1e72858e4a99affefd27cce48786a87c4b3db9fe583e4fe4f9a24a9b59eb02c",
}];

/// Applies what is missing. Runs inside the caller's write transaction.
pub(super) fn run(engine: &mut dyn Engine) -> Result<(), StoreError> {
    let migrations = engine.migrations();
    engine.batch(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)",
    )?;
    let applied = checked(engine, migrations)?;
    for (number, migration) in (1_i64..).zip(migrations).skip(applied) {
        engine.batch(migration.text)?;
        let sha256 = Value::Text(migration.sha256);
        engine.execute(sql!("migration_add"), &[number.into(), sha256])?;
        engine.set_schema(number)?;
    }
    Ok(())
}

/// Refuses a book that this program's migrations did not make.
pub(super) fn check(engine: &mut dyn Engine) -> Result<(), StoreError> {
    let migrations = engine.migrations();
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let found = engine.schema()?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == 0 {
        return Err(StoreError::Unfinished);
    }
    if checked(engine, migrations)? < migrations.len() {
        engine.begin_write()?;
        let done = run(engine);
        return super::end(engine, done);
    }
    Ok(())
}

/// How many migrations are applied, each compared with this program's.
fn checked(engine: &mut dyn Engine, migrations: Migrations) -> Result<usize, StoreError> {
    let mut applied = 0;
    engine.query(sql!("migration_list"), &[], &mut |row| {
        let number = row.integer(0)?.unwrap_or(0);
        match migrations.get(applied) {
            None => {
                let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
                return Err(StoreError::Newer { found: number, known });
            }
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
