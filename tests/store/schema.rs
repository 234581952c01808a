//! The tables that the migrations make on a server, written down so that a book can tell by itself
//! whether somebody altered them.

use lotbook::store::{Book, Engine as _, Login, Postgres, Server};

use crate::clinic::{Clinic, Seeded, Ticking};
use crate::servers;

const MADE: &str = "src/store/schema/postgres/made.txt";

fn book() -> (Server, Postgres) {
    book_named(&servers::fresh_schema())
}

fn book_named(schema: &str) -> (Server, Postgres) {
    let url = servers::shared().url(servers::OWNER, schema);
    let server = Server::parse(&url, &Login::default()).unwrap();
    let engine = Postgres::create(&server).unwrap();
    Clinic::open(Box::new(engine), 1);
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
        (
            "DROP VIEW entry_text; CREATE VIEW entry_text AS SELECT 0 AS seq",
            "view of other rows entry_text",
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
        let schema = server.schema().unwrap();
        servers::shared().psql(&format!("SET search_path = {schema}; {sql}"));
        let engine = Box::new(Postgres::open(&server).unwrap());
        let ids = Box::new(Seeded::new(2));
        let mut book = Book::open(engine, Box::new(Ticking::new()), ids).unwrap();
        let verified = book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap();
        let found = format!("{:?}", verified.problems);
        assert!(found.contains(named), "{sql}: {found}");
    }
}
