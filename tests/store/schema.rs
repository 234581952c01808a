//! The tables that the migrations make on a server, written down so that a book can tell by itself
//! whether somebody altered them.

use lotbook::store::{Book, Engine as _, Login, Postgres, Server, Verified};

use crate::clinic::{Clinic, Seeded, Ticking, cartridge, delivery, item};
use crate::servers;

const MADE: &str = "src/store/schema/postgres/made.txt";

fn book() -> (Server, Postgres) {
    book_named(&servers::fresh_schema())
}

fn book_named(schema: &str) -> (Server, Postgres) {
    let url = servers::shared().url(servers::OWNER, schema);
    let server = Server::parse(&url, &Login::default()).unwrap();
    let engine = Postgres::create(&server).unwrap();
    let mut clinic = Clinic::equipped(Box::new(engine), 1);
    clinic.writes(&[delivery(item(&cartridge(), "26B0112", "2028-02-28", 20))]);
    drop(clinic);
    let engine = Postgres::open(&server).unwrap();
    (server, engine)
}

#[test]
fn what_the_migrations_make_is_written_down() {
    let (_, mut engine) = book();
    engine.begin_read().unwrap();
    let made = engine.catalog_lines().unwrap().into_iter().collect::<Vec<_>>().join("\n--\n");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(MADE);
    if std::env::var_os("LOTBOOK_REWRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(made, written, "write it anew: LOTBOOK_REWRITE=1 cargo test --test store schema");
}

/// As a table, as the end of one, as a row in a trigger, and as a word of SQL.
#[test]
fn a_book_may_be_named_like_what_is_in_it() {
    for schema in ["book", "entry", "t", "new", "values"] {
        let (_, mut engine) = book_named(schema);
        engine.begin_read().unwrap();
        assert_eq!(engine.differences().unwrap(), [""; 0], "{schema}");
    }
}

#[test]
fn what_somebody_did_to_the_tables_is_found() {
    for (sql, named) in [
        ("DROP TRIGGER entry_append_only ON entry", "trigger"),
        ("ALTER TABLE entry DISABLE TRIGGER entry_append_only", "trigger"),
        ("CREATE INDEX own ON entry (staff)", "index CREATE INDEX own"),
        ("ALTER TABLE balance DROP CONSTRAINT balance_quantity_check", "constraint balance"),
        ("ALTER TABLE client ADD COLUMN name TEXT", "column client.name text"),
        ("CREATE RULE r AS ON INSERT TO client DO INSTEAD NOTHING", "rule client.r"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS \
            'BEGIN RETURN NULL; END'",
            "function refuse_change",
        ),
        ("CREATE TABLE own (a BIGINT)", "column own.a bigint"),
        ("ALTER TABLE entry ENABLE ROW LEVEL SECURITY", "table with row security entry"),
        ("ALTER TABLE migration SET UNLOGGED", "table that a crash empties migration"),
        ("CREATE TABLE own () INHERITS (balance)", "table that shows the rows of another balance"),
        ("ALTER TABLE balance DISABLE TRIGGER ALL", "foreign key that is switched off balance"),
        ("ALTER TABLE head ALTER COLUMN size SET DEFAULT 1", "column head.size bigint"),
        ("CREATE SEQUENCE own", "view own"),
        ("DROP VIEW entry_text; CREATE VIEW entry_text AS SELECT 0 AS seq", "view entry_text"),
        (
            "CREATE OR REPLACE VIEW entry_text AS SELECT * FROM \
             (SELECT * FROM entry_text WHERE false) v",
            "view entry_text",
        ),
        ("ALTER VIEW entry_text SET (security_barrier)", "view entry_text with"),
        (
            "DROP VIEW entry_text; CREATE MATERIALIZED VIEW entry_text AS SELECT * FROM entry",
            "view entry_text of kind m",
        ),
        ("DROP VIEW entry_text; CREATE TYPE entry_text AS (seq int)", "view entry_text of kind c"),
        (
            "CREATE SCHEMA IF NOT EXISTS above; DROP TABLE IF EXISTS above.p; \
             CREATE TABLE above.p (seq BIGINT NOT NULL, lot TEXT COLLATE \"C\"); \
             ALTER TABLE entry INHERIT above.p",
            "table into which another one reaches entry",
        ),
        ("ALTER FUNCTION refuse_change() SET search_path = other", "function refuse_change"),
        (
            "CREATE SCHEMA own; CREATE FUNCTION own.refuse_change() RETURNS trigger LANGUAGE \
            plpgsql AS 'BEGIN RETURN NULL; END'; DROP TRIGGER entry_append_only ON entry; \
            CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry \
            FOR EACH STATEMENT EXECUTE FUNCTION own.refuse_change()",
            "trigger",
        ),
    ] {
        let (server, engine) = book();
        drop(engine);
        let found = verified_after(&server, sql).problems;
        assert!(format!("{found:?}").contains(named), "{sql}: {found:?}");
    }
}

/// What verifying says of the book after somebody did this to it.
fn verified_after(server: &Server, sql: &str) -> Verified {
    let schema = server.schema().unwrap();
    servers::shared().psql(&format!("SET search_path = {schema}; {sql}"));
    let engine = Box::new(Postgres::open(server).unwrap());
    let ids = Box::new(Seeded::new(2));
    let mut book = Book::open(engine, Box::new(Ticking::new()), ids).unwrap();
    book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap()
}

/// Writes rows anew, unchanged, while an index is not kept up.
fn behind(index: &str, table: &str, rows: &str) -> String {
    let ready = |is: bool| {
        format!(
            "UPDATE pg_index SET indisready = {is}, indisvalid = {is} \
              WHERE indexrelid = CAST('{index}' AS regclass)"
        )
    };
    format!(
        "ALTER TABLE {table} DISABLE TRIGGER ALL; {}; \
         CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE {rows}; \
         DELETE FROM {table} WHERE {rows}; INSERT INTO {table} SELECT * FROM kept; {}; \
         DROP TABLE kept; ALTER TABLE {table} ENABLE TRIGGER ALL",
        ready(false),
        ready(true)
    )
}

#[test]
fn an_index_that_forgets_rows_is_found() {
    for (index, table, rows) in [
        ("entry_by_lot", "entry", "seq = (SELECT max(seq) FROM entry WHERE lot IS NOT NULL)"),
        ("entry_of_staff", "entry", "action = 'staff.add'"),
        ("entry_by_id", "entry", "seq = 1"),
        ("entry_pkey", "entry", "seq = 1"),
        ("staff_pkey", "staff", "true"),
        ("product_product_key", "product", "true"),
    ] {
        let (server, engine) = book();
        drop(engine);
        let verified = verified_after(&server, "ANALYZE entry");
        assert!(verified.problems.is_empty(), "{:?}", verified.problems);
        let unchecked = format!("{:?}", verified.unchecked);
        assert!(!unchecked.contains("would not read"), "{unchecked}");
        let verified = verified_after(&server, &behind(index, table, rows));
        let found = format!("{:?}", verified.problems);
        assert!(
            found.contains(&format!("the index `{index}` doesn't lead to")),
            "{index}: {found}"
        );
    }
}

/// A row under another key than its own, and a row twice: as by whoever writes the file.
#[test]
fn an_index_that_leads_elsewhere_is_found() {
    let (server, engine) = book();
    drop(engine);
    let swapped = "UPDATE pg_index SET indkey = CAST((SELECT attnum || ' ' || attnum \
         FROM pg_attribute WHERE attrelid = CAST('lot' AS regclass) AND attname = 'product') \
         AS int2vector) WHERE indexrelid = CAST('lot_pkey' AS regclass)";
    let back = "UPDATE pg_index SET indkey = CAST('1 2' AS int2vector) \
         WHERE indexrelid = CAST('lot_pkey' AS regclass)";
    let sql = format!(
        "ALTER TABLE lot DISABLE TRIGGER ALL; ALTER TABLE balance DISABLE TRIGGER ALL; \
         CREATE TEMP TABLE kept AS SELECT * FROM lot LIMIT 1; \
         DELETE FROM lot WHERE (product, lot) IN (SELECT product, lot FROM kept); {swapped}; \
         INSERT INTO lot SELECT * FROM kept; {back}; DROP TABLE kept; \
         ALTER TABLE lot ENABLE TRIGGER ALL; ALTER TABLE balance ENABLE TRIGGER ALL"
    );
    let found = format!("{:?}", verified_after(&server, &sql).problems);
    assert!(found.contains("the index `lot_pkey` doesn't lead to"), "{found}");
}
