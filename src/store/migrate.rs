//! Migrations: numbered, checksummed, applied once and in order.
//!
//! `user_version` is the number of the last one; the table `migration` remembers the SHA-256 of
//! each, so that a book can tell that a program's migrations are the ones it was made with.

use super::engine::{Engine, Rows, Value};
use super::{StoreError, sql};
use crate::domain::trail::hash::Hash;

/// The migrations of one engine, oldest first.
pub(super) type Migrations = &'static [&'static str];

/// The migrations of a SQLite book.
pub(super) const SQLITE: Migrations = &[include_str!("schema/sqlite/0001_book.sql")];

/// Applies what is missing. Runs inside the caller's write transaction.
pub(super) fn run(engine: &mut dyn Engine, migrations: Migrations) -> Result<(), StoreError> {
    engine.batch(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)",
    )?;
    let applied = checked(engine, migrations)?;
    for (number, text) in (1_i64..).zip(migrations).skip(applied) {
        engine.batch(text)?;
        let sha256 = Hash::of(text.as_bytes()).to_string();
        engine.execute(sql!("migration_add"), &[number.into(), Value::Text(&sha256)])?;
        engine.set_schema(number)?;
    }
    Ok(())
}

/// Refuses a book that this program's migrations did not make.
pub(super) fn check(engine: &mut dyn Engine, migrations: Migrations) -> Result<(), StoreError> {
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
        let done = run(engine, migrations);
        return super::end(engine, done);
    }
    Ok(())
}

/// How many migrations are applied, each compared with this program's.
fn checked(engine: &mut dyn Engine, migrations: Migrations) -> Result<usize, StoreError> {
    let mut applied = 0;
    engine.query(sql!("migration_list"), &[], &mut |row| {
        let number = row.integer(0)?.unwrap_or(0);
        let known = migrations.get(applied).map(|text| Hash::of(text.as_bytes()).to_string());
        match known {
            None => {
                let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
                return Err(StoreError::Newer { found: number, known });
            }
            Some(known) if row.text(1)? != Some(&known) => {
                return Err(StoreError::Migration { number });
            }
            Some(_) => applied += 1,
        }
        Ok(Rows::More)
    })?;
    Ok(applied)
}
