//! Filling an empty book. Its indexes are built once behind the rows, its references checked once
//! instead of row by row, and no commit but the last waits for the disk: a copy that was
//! interrupted goes on from whatever the server kept, and only the last commit makes it a book.

use std::collections::BTreeSet;

use super::Postgres;
use super::catalog::MADE;
use crate::store::StoreError;
use crate::store::engine::Engine as _;

/// The table that most of a copy goes into.
const LEDGER: &str = "entry";

/// What a table can do without while it is filled: how it is taken away and made again.
struct Part<'m> {
    table: &'m str,
    drop: String,
    make: String,
}

/// The indexes and references of the schema, but for the keys, which the copy itself needs.
fn parts() -> impl Iterator<Item = Part<'static>> {
    MADE.split("\n--\n").filter_map(|line| index(line).or_else(|| reference(line)))
}

/// `index CREATE INDEX NAME ON TABLE USING ...`, which is no constraint's.
fn index(line: &str) -> Option<Part<'_>> {
    let make = line.strip_prefix("index ")?;
    let (name, rest) = make.split_once(" INDEX ")?.1.split_once(" ON ")?;
    let (table, _) = rest.split_once(' ')?;
    let constraint = format!("constraint {table}.{name} ");
    let is_key = MADE.lines().any(|line| line.starts_with(&constraint));
    let drop = format!("DROP INDEX IF EXISTS {name}");
    (!is_key).then(|| Part { table, drop, make: make.to_owned() })
}

/// `constraint TABLE.NAME FOREIGN KEY ...`
fn reference(line: &str) -> Option<Part<'_>> {
    let (table, rest) = line.strip_prefix("constraint ")?.split_once('.')?;
    let (name, rule) = rest.split_once(' ')?;
    rule.starts_with("FOREIGN KEY").then(|| Part {
        table,
        drop: format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"),
        make: format!("ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"),
    })
}

/// `column TABLE.NAME ...`
fn table(line: &str) -> Option<&str> {
    line.strip_prefix("column ")?.split_once('.').map(|(table, _)| table)
}

impl Postgres {
    pub(super) fn strip(&mut self) -> Result<(), StoreError> {
        let drops: Vec<String> = parts().map(|part| part.drop).collect();
        self.batch(&drops.join("; "))?;
        self.is_filling = true;
        Ok(())
    }

    /// Begins a transaction of its own.
    pub(super) fn complete_ledger(&mut self) -> Result<(), StoreError> {
        self.begin("ISOLATION LEVEL READ COMMITTED", "")?;
        for part in parts().filter(|part| part.table == LEDGER) {
            self.batch(&part.make)?;
        }
        // The first questions come before the server would look at the new tables by itself.
        self.batch("ANALYZE entry (seq, session, product, lot, corrects, action)")
    }

    pub(super) fn complete(&mut self) -> Result<(), StoreError> {
        self.is_filling = false;
        let commit = if self.is_hasty { "on" } else { "DEFAULT" };
        self.batch(&format!("SET LOCAL synchronous_commit TO {commit}"))?;
        for part in parts().filter(|part| part.table != LEDGER) {
            self.batch(&part.make)?;
        }
        let tables: BTreeSet<&str> = MADE.lines().filter_map(table).collect();
        let others: Vec<&str> = tables.into_iter().filter(|table| *table != LEDGER).collect();
        self.batch(&format!("ANALYZE {}", others.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_and_reference_but_the_keys_is_taken_away_and_made_again() {
        let drops: Vec<String> = parts().map(|part| part.drop).collect();
        assert!(drops.contains(&"DROP INDEX IF EXISTS entry_by_lot".to_owned()), "{drops:?}");
        let reference = "ALTER TABLE session DROP CONSTRAINT IF EXISTS session_client_fkey";
        assert!(drops.contains(&reference.to_owned()), "{drops:?}");
        assert!(drops.iter().all(|drop| !drop.contains("_pkey") && !drop.contains("_key ")));
        let text = include_str!("../schema/postgres/0001_book.sql");
        let indexes = text.matches(" INDEX ").count();
        let references = text.matches("REFERENCES").count();
        assert_eq!(drops.len(), indexes + references);
    }
}
