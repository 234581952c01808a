//! A newer program meets a book of an older one: it is migrated when it is opened, whole or not at
//! all.

use lotbook::store::{Book, Engine, StoreError};

use crate::clinic::{Clinic, Seeded, Ticking, actor};
use crate::engines::{On, on_every_engine};

fn open(engine: Box<dyn Engine>) -> Result<Book, StoreError> {
    Book::open(engine, Box::new(Ticking::new()), Box::new(Seeded::new(7)))
}

fn a_book_of_an_older_program_is_migrated_when_it_is_opened(on: On) {
    let database = on.database();
    let before = Clinic::equipped(database.engine(), 1).tree();
    let text = "CREATE TABLE later (a INTEGER NOT NULL); INSERT INTO later VALUES (5)";
    let mut book = open(database.newer(text)).unwrap();
    let head = book.read(|snapshot| snapshot.head()).unwrap();
    assert_eq!((head.frontier.size(), head.frontier.root().to_string()), before);
    assert_eq!((database.rows("later").len(), database.rows("migration").len()), (1, 2));
    let client = lotbook::domain::fact::Fact::ClientNew("C-77".parse().unwrap());
    book.write(actor("mara"), None, |writing| writing.append(&client)).unwrap();
    // It is done once, and the older program takes its hands off.
    open(database.newer(text)).unwrap();
    assert_eq!(database.rows("later").len(), 1);
    let older = open(database.engine()).map(|_| "it opened").unwrap_err();
    assert!(matches!(older, StoreError::Newer { found: 2, known: 1 }), "{older}");
}

fn a_migration_that_fails_leaves_the_book_as_it_was(on: On) {
    let database = on.database();
    Clinic::equipped(database.engine(), 1);
    let text = "CREATE TABLE later (a INTEGER NOT NULL); INSERT INTO nowhere VALUES (5)";
    open(database.newer(text)).map(|_| "it opened").unwrap_err();
    open(database.engine()).unwrap();
    assert!(database.prepare("SELECT a FROM later").is_err());
}

fn a_book_that_may_only_be_read_says_who_migrates_it(on: On) {
    let database = on.database();
    Clinic::equipped(database.engine(), 1);
    let mut engine = database.engine();
    let only_reads = match engine.name() {
        "postgres" => "SET default_transaction_read_only = on",
        _ => "PRAGMA query_only = on",
    };
    engine.batch(only_reads).unwrap();
    let text = "CREATE TABLE later (a INTEGER NOT NULL)";
    let error = open(database.newer(text)).map(|_| "it opened").unwrap_err();
    assert!(matches!(error, StoreError::Older { found: 1, known: 2, .. }), "{error}");
    open(database.engine()).unwrap();
}

on_every_engine!(
    a_book_that_may_only_be_read_says_who_migrates_it,
    a_book_of_an_older_program_is_migrated_when_it_is_opened,
    a_migration_that_fails_leaves_the_book_as_it_was,
);
