//! Whether the indexes of a book lead to the rows that its tables hold.
//!
//! Questions read by index; a row that an index lacks is a use that no trace tells of, and nothing
//! about the row itself shows it. So each table is read as a whole, past every index, and each of
//! its rows is looked for by each index, as a question would look. How the server then reads is not
//! left to its planner: what it plans is read, and an index that it doesn't take is named.

use std::collections::BTreeSet;

use super::Postgres;
use super::catalog::MADE;
use crate::store::StoreError;
use crate::store::engine::{Inspected, Rows};

/// How to read: by index wherever one fits, whatever a user or a database is set to.
const READING: &str = "\
    SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; \
    SET LOCAL enable_sort = off; SET LOCAL enable_tidscan = off; SET LOCAL enable_indexscan = on; \
    SET LOCAL enable_indexonlyscan = on; SET LOCAL max_parallel_workers_per_gather = 0; \
    SET LOCAL jit = off";

/// An index as the migrations make it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index<'i> {
    name: &'i str,
    table: &'i str,
    columns: Vec<&'i str>,
    /// Which rows it holds.
    rows: &'i str,
    is_unique: bool,
}

impl<'i> Index<'i> {
    /// The index that a line of the catalog describes; none where the line is about another thing.
    fn of(line: &'i str) -> Option<Self> {
        let rest = line.strip_prefix("index CREATE ")?;
        let (unique, rest) = rest.split_once("INDEX ")?;
        let (name, rest) = rest.split_once(" ON ")?;
        let (table, rest) = rest.split_once(" USING btree (")?;
        let (columns, rest) = rest.split_once(')')?;
        let rows = rest.strip_prefix(" WHERE ").unwrap_or("true");
        let columns = columns.split(", ").collect();
        Some(Self { name, table, columns, rows, is_unique: !unique.is_empty() })
    }

    /// How many keys don't lead to exactly the rows that have them, and the first of those keys.
    fn keys_astray(&self) -> String {
        let Self { table, rows, .. } = self;
        let keys = self.columns.join(", ");
        let texts = self.columns.iter().map(|name| format!("CAST({name} AS TEXT)"));
        let texts = texts.collect::<Vec<_>>().join(", ");
        let has_key = self.columns.iter().map(|name| format!("e.{name} = r.{name}"));
        let has_key = has_key.collect::<Vec<_>>().join(" AND ");
        // A sample of everything is what is never read by an index.
        let (here, group) = match self.is_unique {
            true => ("ARRAY[ctid]", String::new()),
            false => ("array_agg(ctid ORDER BY ctid)", format!("GROUP BY {keys}")),
        };
        format!(
            "SELECT count(*), min(r.key) \
               FROM (SELECT concat_ws(', ', {texts}) AS key, {keys}, {here} AS here \
                       FROM {table} TABLESAMPLE SYSTEM (100) WHERE {rows} {group}) r \
              WHERE r.here IS DISTINCT FROM ARRAY(\
                    SELECT e.ctid FROM {table} e WHERE {has_key} AND {rows} ORDER BY e.ctid)"
        )
    }

    /// How many rows it leads to, and how many there are.
    fn counts(&self) -> String {
        let Self { table, rows, .. } = self;
        let keys = self.columns.join(", ");
        format!(
            "SELECT (SELECT count(*) \
                       FROM (SELECT {keys} FROM {table} WHERE {rows} ORDER BY {keys}) i), \
                    (SELECT count(*) FROM {table} TABLESAMPLE SYSTEM (100) WHERE {rows})"
        )
    }
}

impl Postgres {
    /// Reads every index that the migrations make against its table. In a transaction of its own.
    pub(super) fn read_indexes(&mut self) -> Result<Inspected, StoreError> {
        let found = self.catalog_lines()?;
        self.client.batch_execute(READING).map_err(|error| self.failed(&error))?;
        let mut inspected = Inspected::default();
        // One that is missing or altered is told of with the rest of the catalog.
        for index in MADE.split("\n--\n").filter(|line| found.contains(*line)).filter_map(Index::of)
        {
            match self.read_index(&index)? {
                None => inspected.unchecked.push(format!(
                    "NOT CHECKED: whether the index `{}` leads to every row of `{}`; the server \
                     would not read by it (pg_amcheck --heapallindexed does)",
                    index.name, index.table
                )),
                Some(problem) => inspected.problems.extend(problem),
            }
        }
        Ok(inspected)
    }

    /// What is wrong with an index, if anything; none where the server would not read by it.
    fn read_index(&mut self, index: &Index<'_>) -> Result<Option<Option<String>>, StoreError> {
        let (keys, counts) = (index.keys_astray(), index.counts());
        if !self.goes_by(&keys, index)? || !self.goes_by(&counts, index)? {
            return Ok(None);
        }
        let Index { name, table, .. } = index;
        let (astray, first) = self.pair(&keys, |row| Ok(row.text(1)?.map(str::to_owned)))?;
        if astray > 0 {
            return Ok(Some(Some(format!(
                "the index `{name}` doesn't lead to the rows that the table `{table}` holds: \
                 keys astray: {astray}, the first: {}",
                first.unwrap_or_default()
            ))));
        }
        let (leads_to, rows) = self.pair(&counts, |row| row.integer(1))?;
        let rows = rows.unwrap_or_default();
        Ok(Some((leads_to != rows).then(|| {
            format!("the index `{name}` leads to {leads_to} rows; the table `{table}` has {rows}")
        })))
    }

    /// Whether the server would read the table by this index, and otherwise as a whole.
    fn goes_by(&mut self, text: &str, index: &Index<'_>) -> Result<bool, StoreError> {
        let (mut by, mut whole) = (BTreeSet::new(), 0);
        self.run(&format!("EXPLAIN (COSTS OFF) {text}"), &[], &mut |row| {
            let line = row.text(0)?.unwrap_or_default().trim();
            if let Some((_, rest)) = line.split_once("Scan using ") {
                by.insert(rest.split(' ').next().unwrap_or_default().to_owned());
            }
            whole += i32::from(line.contains("Sample Scan on "));
            by.extend(line.contains("Seq Scan on ").then(String::new));
            Ok(Rows::More)
        })?;
        Ok(whole == 1 && by.len() == 1 && by.contains(index.name))
    }

    /// A number and another value of the one row that a query answers.
    fn pair<T>(
        &mut self,
        text: &str,
        second: impl Fn(&dyn crate::store::engine::Row) -> Result<Option<T>, StoreError>,
    ) -> Result<(i64, Option<T>), StoreError> {
        let mut found = (0, None);
        self.run(text, &[], &mut |row| {
            found = (row.integer(0)?.unwrap_or_default(), second(row)?);
            Ok(Rows::Enough)
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_that_the_migrations_make_is_understood() {
        let lines: Vec<&str> =
            MADE.split("\n--\n").filter(|line| line.starts_with("index ")).collect();
        assert!(lines.len() > 20, "{}", lines.len());
        for line in &lines {
            let index = Index::of(line).expect(line);
            assert!(index.columns.iter().all(|name| !name.contains(' ')), "{index:?}");
        }
        let line = "index CREATE INDEX entry_by_lot ON entry USING btree (product, lot) \
                    WHERE (lot IS NOT NULL)";
        assert_eq!(
            Index::of(line).unwrap(),
            Index {
                name: "entry_by_lot",
                table: "entry",
                columns: vec!["product", "lot"],
                rows: "(lot IS NOT NULL)",
                is_unique: false,
            }
        );
    }
}
