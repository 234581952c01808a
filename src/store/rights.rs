//! What a database user may do with the tables of a book on a server, as SQL.
//!
//! An owner who can't log in keeps schema and tables. Staff read everything, add rows, change the
//! head and the projections, and remove the few rows that the program removes; nobody changes or
//! removes what was recorded. Inspectors read.

use super::migrate::POSTGRES;
use super::quoted::{identifier, literal};

/// How much a database user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Read and record.
    Record,
    /// Read alone.
    Read,
}

/// Every table and view of a book.
const ALL: &[&str] = &[
    "attribute",
    "balance",
    "book",
    "client",
    "container",
    "entry",
    "entry_text",
    "gtin",
    "head",
    "lot",
    "migration",
    "place",
    "product",
    "protocol",
    "protocol_text",
    "qualification",
    "serial",
    "session",
    "staff",
];

/// Tables to which only the making of a book adds rows.
const MADE_ONCE: &[&str] = &["book", "entry_text", "head", "migration"];

/// Tables whose rows the program changes.
const CHANGED: &[&str] =
    &["balance", "container", "head", "lot", "product", "serial", "session", "staff"];

/// Tables from which the program removes rows.
const REMOVED: &[&str] = &["attribute", "balance", "gtin", "qualification", "serial"];

/// The longest name of a role, in bytes; PostgreSQL cuts off what is longer.
const NAME_MAX: usize = 63;

/// The SQL that gives a database user exactly these rights on the book of this schema. Run twice it
/// changes nothing; run with other rights it replaces the former ones.
pub fn script(schema: &str, user: &str, rights: Rights) -> Result<String, String> {
    let owner = format!("{schema}_owner");
    check_names(user, &owner)?;
    let (name, text, owner_text) = (identifier(user), literal(user), literal(&owner));
    let (schema, owner) = (identifier(schema), identifier(&owner));
    let in_schema = |tables: &[&str]| {
        tables.iter().map(|table| format!("{schema}.{table}")).collect::<Vec<_>>()
    };
    let owned: String = in_schema(ALL)
        .iter()
        .map(|table| format!("ALTER TABLE {table} OWNER TO {owner};\n"))
        .collect();
    let whole = whole(&schema);
    let mut sql = format!(
        "BEGIN;\n\
         SET LOCAL lotbook.book_owner = {owner_text};\n\
         SET LOCAL lotbook.book_user = {text};\n\
         {OWNER}\
         GRANT {owner} TO CURRENT_USER;\n\
         {whole}\
         ALTER SCHEMA {schema} OWNER TO {owner};\n\
         {owned}\
         ALTER FUNCTION {schema}.refuse_change() OWNER TO {owner};\n\
         \n\
         REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {name};\n\
         REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {name};\n\
         GRANT USAGE ON SCHEMA {schema} TO {name};\n\
         GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {name};\n"
    );
    if rights == Rights::Record {
        let added: Vec<&str> =
            ALL.iter().copied().filter(|table| !MADE_ONCE.contains(table)).collect();
        for (verb, tables) in [("INSERT", &added[..]), ("UPDATE", CHANGED), ("DELETE", REMOVED)] {
            let tables = in_schema(tables).join(",\n  ");
            sql.push_str(&format!("GRANT {verb} ON\n  {tables}\n  TO {name};\n"));
        }
    }
    sql.push_str(&format!("\nREVOKE {owner} FROM CURRENT_USER;\nCOMMIT;\n"));
    Ok(sql)
}

/// Makes the owner where it is missing, and refuses a user whom no rights hold.
const OWNER: &str = "\
DO $$
DECLARE
  book_owner text := current_setting('lotbook.book_owner');
  book_user  text := current_setting('lotbook.book_user');
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = book_user) THEN
    RAISE EXCEPTION 'there is no database user %; make one first: CREATE ROLE % LOGIN',
      book_user, pg_catalog.quote_ident(book_user);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = book_owner) THEN
    IF current_setting('server_version_num')::integer >= 160000
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
      RAISE EXCEPTION 'the first grant is given by a superuser of the server: from PostgreSQL 16 \
on, whoever makes the role % could become it for good', book_owner;
    END IF;
    EXECUTE format('CREATE ROLE %I NOLOGIN', book_owner);
  END IF;
  IF (SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = book_owner) THEN
    RAISE EXCEPTION 'the role % can log in, so it can not own a book', book_owner;
  END IF;
  IF pg_catalog.pg_has_role(book_user, book_owner, 'MEMBER') THEN
    RAISE EXCEPTION 'the database user % is a superuser or owns the book: no rights hold it',
      book_user;
  END IF;
END $$;
";

/// Refuses a book of a newer program, and half a copy: only the row about itself makes it a book,
/// and until then whoever copies must own it.
fn whole(schema: &str) -> String {
    let known = POSTGRES.len();
    format!(
        "DO $$\n\
         BEGIN\n  \
           IF NOT EXISTS (SELECT FROM {schema}.book) THEN\n    \
             RAISE EXCEPTION 'the book was never finished: go on with its copy first';\n  \
           END IF;\n  \
           IF (SELECT count(*) FROM {schema}.migration) > {known} THEN\n    \
             RAISE EXCEPTION 'the book is of a newer program: use one that is as new';\n  \
           END IF;\n\
         END $$;\n"
    )
}

fn check_names(user: &str, owner: &str) -> Result<(), String> {
    // In GRANT these two are no names, not even in quotes.
    let is_reserved = ["public", "none"].contains(&user) || user.starts_with("pg_");
    if user.is_empty() || user.len() > NAME_MAX || user.contains('\0') || is_reserved {
        return Err(format!(
            "`{user}` is not the name of a database user: it is 1 to {NAME_MAX} bytes, and neither \
            public, none nor pg_..."
        ));
    }
    if owner.len() > NAME_MAX {
        return Err(format!(
            "the book's owner would be called {owner}, and a name has at most {NAME_MAX} bytes"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The tables that stand behind these words in a text.
    fn named(text: &str, words: &str) -> BTreeSet<String> {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let names = flat.split(words).skip(1).filter_map(|rest| rest.split([' ', '(']).next());
        names.map(str::to_owned).collect()
    }

    fn set(tables: &[&str]) -> BTreeSet<String> {
        tables.iter().map(|table| (*table).to_owned()).collect()
    }

    #[test]
    fn the_rights_are_those_that_the_queries_need() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/queries");
        let mut queries = String::new();
        for file in std::fs::read_dir(folder).unwrap() {
            queries.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
        assert_eq!(named(&queries, "UPDATE "), set(CHANGED));
        assert_eq!(named(&queries, "DELETE FROM "), set(REMOVED));
        let schema = include_str!("schema/postgres/0001_book.sql");
        let mut all = named(schema, "CREATE TABLE ");
        all.extend(named(schema, "CREATE VIEW "));
        all.insert("migration".to_owned());
        assert_eq!(all, set(ALL));
    }

    #[test]
    fn what_was_recorded_is_never_changed_or_removed() {
        for table in ["entry", "protocol_text", "migration"] {
            assert!(!CHANGED.contains(&table) && !REMOVED.contains(&table));
        }
        let read = script("clinic_a", "ivo", Rights::Read).unwrap();
        for verb in ["GRANT INSERT", "GRANT UPDATE", "GRANT DELETE", "TRUNCATE", "GRANT ALL"] {
            assert!(!read.contains(verb));
        }
    }

    #[test]
    fn a_name_can_not_leave_its_quotes() {
        let sql = script("clinic_a", "a\"; DROP TABLE x; --", Rights::Read).unwrap();
        assert!(sql.contains("TO \"a\"\"; DROP TABLE x; --\";"), "{sql}");
        let sql = script("clinic_a", "o'neil\\", Rights::Read).unwrap();
        assert!(sql.contains("lotbook.book_user = E'o''neil\\\\';"), "{sql}");
        for name in ["", "public", "none", "pg_monitor", "a\0", &"a".repeat(64)] {
            assert!(script("clinic_a", name, Rights::Read).is_err(), "{name}");
        }
        assert!(script(&"a".repeat(60), "ana", Rights::Read).is_err());
    }
}
