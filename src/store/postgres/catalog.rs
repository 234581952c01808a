//! What the server's catalog says: which schemas are books, and whether the tables of a book are as
//! this program's migrations make them.

use std::collections::BTreeSet;

use postgres::Client;
use postgres::types::Type;

use super::address::{Server, check_schema};
use super::errors::working;
use super::{LOCK_TIMEOUT, Postgres};
use crate::store::engine::{Engine, Rows, Value};
use crate::store::quoted::identifier;
use crate::store::{Says, Shelved, StoreError};

/// What a schema is.
pub(super) enum Found {
    Nothing,
    Empty,
    Book,
    /// Something that this user may not look into.
    Closed,
    Other,
}

/// The schemas that hold a ledger and that this user may look into.
pub(super) fn books(client: &mut Client, server: &Server) -> Result<Vec<String>, StoreError> {
    let rows = client.query_typed(
        "SELECT n.nspname::text FROM pg_catalog.pg_namespace n \
          WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
            AND 3 = (SELECT count(*) FROM pg_catalog.pg_class c \
                      WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p') \
                        AND c.relname IN ('entry', 'head', 'migration')) \
          ORDER BY n.nspname COLLATE \"C\"",
        &[],
    );
    let rows = rows.map_err(|error| working(&error, server))?;
    let names = rows.iter().map(|row| row.try_get(0).map_err(|error| working(&error, server)));
    // A name that no URL can hold is not of this program.
    names.filter(|name| name.as_deref().map_or(true, |name| check_schema(name).is_ok())).collect()
}

/// How many schemas hold a ledger that this user may not look into.
pub(super) fn closed(client: &mut Client, server: &Server) -> Result<u64, StoreError> {
    let rows = client.query_typed(
        "SELECT count(*) FROM pg_catalog.pg_namespace n \
          WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
            AND 3 = (SELECT count(*) FROM pg_catalog.pg_class c \
                      WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p') \
                        AND c.relname IN ('entry', 'head', 'migration'))",
        &[],
    );
    let count = rows.and_then(|rows| rows.first().map_or(Ok(0_i64), |row| row.try_get(0)));
    count.map(|count| count.unsigned_abs()).map_err(|error| working(&error, server))
}

/// What a book says of itself to this user.
pub(super) fn shelved(
    client: &mut Client,
    server: &Server,
    name: String,
) -> Result<Shelved, StoreError> {
    // Somebody may hold a table for himself.
    let begin = format!("BEGIN READ ONLY; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'");
    let bound = client.batch_execute(&begin);
    bound.map_err(|error| working(&error, server))?;
    let schema = identifier(&name);
    let text =
        format!("SELECT clinic, size FROM {schema}.book b JOIN {schema}.head h ON h.one = b.one");
    let read = client.query_typed(&text, &[]).and_then(|rows| match rows.first() {
        Some(row) => Ok(Says::Whole { clinic: row.try_get(0)?, entries: row.try_get(1)? }),
        None => Ok(Says::Unfinished),
    });
    // Whatever was read, nothing was written; a connection that is lost fails at the next question.
    let _ = client.batch_execute("ROLLBACK");
    match read.map_err(|error| working(&error, server)) {
        Ok(says) => Ok(Shelved { name, says }),
        Err(StoreError::Denied { .. } | StoreError::Corrupt(_)) => {
            Ok(Shelved { name, says: Says::Closed })
        }
        Err(error) => Err(error),
    }
}

/// What the schema of this name is.
pub(super) fn what_is(
    client: &mut Client,
    server: &Server,
    schema: &str,
) -> Result<Found, StoreError> {
    let rows = client.query_typed(
        "SELECT (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid), \
                (SELECT count(*) FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid \
                    AND c.relkind IN ('r', 'p') AND c.relname IN ('entry', 'head', 'migration')), \
                pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
           FROM pg_catalog.pg_namespace n WHERE n.nspname = $1",
        &[(&schema, Type::TEXT)],
    );
    let rows = rows.map_err(|error| working(&error, server))?;
    let Some(row) = rows.first() else { return Ok(Found::Nothing) };
    let count = |column: usize| row.try_get::<_, i64>(column);
    let said = || Ok((count(0)?, count(1)?, row.try_get::<_, bool>(2)?));
    Ok(match said().map_err(|error| working(&error, server))? {
        (0, _, _) => Found::Empty,
        (_, _, false) => Found::Closed,
        (_, 3, true) => Found::Book,
        _ => Found::Other,
    })
}

/// Every table, column, constraint, index, trigger and function of a schema, a line each, and
/// whatever lets a table show or forget other rows than it holds.
const LINES: &str = "\
SELECT CAST(line AS TEXT) FROM (
  SELECT 'column ' || c.relname || '.' || a.attname || ' ' ||
         pg_catalog.format_type(a.atttypid, a.atttypmod) ||
         CASE WHEN a.attnotnull THEN ' not null' ELSE '' END ||
         CASE WHEN a.atthasdef THEN ' with a default' ELSE '' END ||
         coalesce(' collate ' || o.collname, '') ||
         CASE WHEN o.collnamespace <> CAST('pg_catalog' AS regnamespace)
              THEN ' of its own' ELSE '' END AS line
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'view ' || c.relname ||
         CASE WHEN c.relkind = 'v' THEN '' ELSE ' of kind ' || CAST(c.relkind AS TEXT) END ||
         coalesce(' with ' || CAST(c.reloptions AS TEXT), '') ||
         chr(10) || coalesce(pg_catalog.pg_get_viewdef(c.oid), '')
    FROM pg_catalog.pg_class c
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind NOT IN ('r', 'p', 'i', 't')
  UNION ALL
  SELECT 'table with row security ' || c.relname
    FROM pg_catalog.pg_class c
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND (c.relrowsecurity OR c.relforcerowsecurity)
  UNION ALL
  SELECT 'table that a crash empties ' || c.relname
    FROM pg_catalog.pg_class c
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind IN ('r', 'p') AND c.relpersistence <> 'p'
  UNION ALL
  SELECT 'table that shows the rows of another ' || c.relname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_inherits h ON h.inhparent = c.oid
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'table into which another one reaches ' || c.relname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'constraint ' || c.relname || '.' || k.conname || ' ' ||
         pg_catalog.pg_get_constraintdef(k.oid) ||
         CASE WHEN k.convalidated THEN '' ELSE ' not valid' END
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype <> 'n'
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
  UNION ALL
  SELECT 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid) ||
         CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' invalid' END
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
     AND c.relkind IN ('r', 'p')
  UNION ALL
  SELECT 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid) || ' ' || CAST(t.tgenabled AS TEXT) ||
         CASE WHEN p.pronamespace = c.relnamespace THEN '' ELSE ' of another schema' END
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
  UNION ALL
  SELECT 'foreign key that is switched off ' || c.relname
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_trigger t
      ON t.tgrelid = c.oid AND t.tgisinternal AND CAST(t.tgenabled AS TEXT) <> 'O'
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
  UNION ALL
  SELECT 'rule ' || c.relname || '.' || r.rulename
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
   WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
  UNION ALL
  SELECT 'function ' || p.proname || ' ' || p.prosrc ||
         CASE WHEN p.prosecdef THEN ' with its owner''s rights' ELSE '' END ||
         coalesce(' ' || CAST(p.proconfig AS TEXT), '')
    FROM pg_catalog.pg_proc p
   WHERE p.pronamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?1)
  UNION ALL
  SELECT 'setting session_replication_role, which switches its triggers off'
   WHERE pg_catalog.current_setting('session_replication_role') <> 'origin'
) AS lines (line)";

/// The lines that the migrations make, each ended by a line of `--`; a test writes and holds them.
pub(super) const MADE: &str = include_str!("../schema/postgres/made.txt");

impl Postgres {
    /// What the schema holds, a line each, without its own name. In a transaction, whose search
    /// path lets the server leave that name out wherever it does so at all.
    pub fn catalog_lines(&mut self) -> Result<BTreeSet<String>, StoreError> {
        let schema = self.schema.clone();
        let mut lines = BTreeSet::new();
        self.query(LINES, &[Value::Text(&schema)], &mut |row| {
            lines.insert(plain(row.text(0)?.unwrap_or_default(), &schema));
            Ok(Rows::More)
        })?;
        Ok(lines)
    }

    pub(super) fn catalog_differences(&mut self) -> Result<Vec<String>, StoreError> {
        let found = self.catalog_lines()?;
        let made: BTreeSet<String> =
            MADE.split("\n--\n").map(str::to_owned).filter(|line| !line.is_empty()).collect();
        let mut differences = Vec::new();
        for line in made.difference(&found) {
            differences.push(format!("the schema lacks or altered the {}", first_line(line)));
        }
        for line in found.difference(&made) {
            differences.push(format!("the schema has a {} of its own", first_line(line)));
        }
        Ok(differences)
    }
}

/// The line as every server and every schema would write it.
fn plain(line: &str, schema: &str) -> String {
    match line.split_once('\n') {
        Some((view, text)) if line.starts_with("view ") => {
            format!("{view}\n{}", plain_view(text))
        }
        _ => without_schema(line, schema),
    }
}

/// The text of a view on one line. A server older than 16 names the table before each column.
fn plain_view(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace(" entry.", " ").replace("(entry.", "(")
}

/// The line without the name of the schema. Whatever the search path, the server writes it before
/// the table of an index or a trigger, and nowhere else: a table may have the same name.
fn without_schema(line: &str, schema: &str) -> String {
    if !line.starts_with("index ") && !line.starts_with("trigger ") {
        return line.to_owned();
    }
    let line = line.replacen(&format!(" ON {schema}."), " ON ", 1);
    line.replacen(&format!(" ON \"{schema}\"."), " ON ", 1)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
