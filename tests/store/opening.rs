//! What a book says of itself before it is opened: only a whole book of this or an older program
//! is read, and everything else is named and left as it is.

use std::io::Write as _;
use std::path::Path;

use lotbook::store::{Book, Sqlite, StoreError};
use rusqlite::Connection;

use crate::clinic::{Clinic, Seeded, Ticking, mara, opening};
use crate::engines::On;

fn open(path: &Path) -> Result<Book, StoreError> {
    let engine = Sqlite::open(path)?;
    Book::open(Box::new(engine), Box::new(Ticking::new()), Box::new(Seeded::new(1)))
}

/// A closed book, changed by another program.
fn changed(sql: &str) -> (tempfile::TempDir, Result<Book, StoreError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic.lotbook");
    drop(Clinic::equipped(Box::new(Sqlite::create(&path).unwrap()), 1));
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let opened = open(&path);
    (folder, opened)
}

fn failure(opened: Result<Book, StoreError>) -> StoreError {
    opened.map(|_| "it opened").unwrap_err()
}

#[test]
fn a_book_opens_again_as_it_was() {
    let database = On::SqliteFile.database();
    let mut clinic = crate::golden::flow(database.engine());
    let mut again = open(&database.path()).unwrap();
    assert_eq!(again.about().opening, opening());
    let head = again.read(|snapshot| snapshot.head()).unwrap();
    let tree = (head.frontier.size(), head.frontier.root().to_string());
    assert_eq!(tree, clinic.tree());
}

#[test]
fn a_clean_exit_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic.lotbook");
    drop(Clinic::equipped(Box::new(Sqlite::create(&path).unwrap()), 1));
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["clinic.lotbook"]);
}

#[test]
fn a_book_of_a_newer_program_is_refused_by_name() {
    let (_folder, opened) = changed("PRAGMA user_version = 99");
    assert!(matches!(failure(opened), StoreError::Newer { found: 99, known: 1 }));
    let (_folder, opened) = changed("INSERT INTO migration VALUES (2, 'x')");
    assert!(matches!(failure(opened), StoreError::Newer { found: 2, known: 1 }));
}

#[test]
fn a_book_made_by_other_migrations_is_refused() {
    let (_folder, opened) = changed("UPDATE migration SET sha256 = 'x' WHERE number = 1");
    assert!(matches!(failure(opened), StoreError::Migration { number: 1 }));
}

#[test]
fn a_book_whose_making_was_cut_short_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic.lotbook");
    // What is on the disk when `init` is killed before its one transaction is committed.
    drop(Sqlite::create(&path).unwrap());
    let failure = failure(open(&path));
    assert!(matches!(failure, StoreError::Unfinished), "{failure}");
    assert!(failure.to_string().contains("was never finished"), "{failure}");
}

#[test]
fn a_damaged_beginning_is_named() {
    let (_folder, opened) = changed("DELETE FROM book");
    assert!(matches!(failure(opened), StoreError::Corrupt(_)));
    let (_folder, opened) = changed("DROP TABLE book");
    assert!(matches!(failure(opened), StoreError::Corrupt(_) | StoreError::Engine(_)));
    let (_folder, opened) = changed("UPDATE book SET zone = 'Mars/Olympus'");
    assert!(matches!(failure(opened), StoreError::Zone(_)));
}

#[test]
fn what_is_not_a_book_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.lotbook");
    assert!(matches!(failure(open(&missing)), StoreError::Missing(path) if path == missing));
    assert!(!missing.exists(), "looking for a book does not make one");
    assert!(matches!(failure(open(folder.path())), StoreError::NotADatabase(_)));
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database ".repeat(1000)).unwrap();
    assert!(matches!(failure(open(&text)), StoreError::NotADatabase(path) if path == text));
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(failure(open(&empty)), StoreError::Unfinished));
    assert_eq!(std::fs::read(&empty).unwrap(), b"");
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let bytes = std::fs::read(&other).unwrap();
    assert!(matches!(failure(open(&other)), StoreError::Foreign(path) if path == other));
    assert_eq!(std::fs::read(&other).unwrap(), bytes);
    assert!(matches!(Sqlite::create(&other).map(|_| ()), Err(StoreError::Exists(_))));
}

#[test]
fn a_book_is_not_made_twice() {
    let database = On::SqliteFile.database();
    let mut clinic = Clinic::open(database.engine(), 1);
    let before = clinic.tree();
    let (clock, ids) = (Box::new(Ticking::new()), Box::new(Seeded::new(2)));
    let again = Book::create(database.second().unwrap(), clock, ids, opening(), mara());
    assert!(again.is_err());
    assert_eq!(clinic.tree(), before);
}

/// A name that looks like a URI is a name: else `mode=memory` would lose the book.
#[test]
fn a_book_may_be_named_like_a_uri() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lotbook"));
        command.env_clear().env("HOME", folder.path()).current_dir(folder.path());
        command.args(["--book", "file:a.lotbook?mode=memory"]).args(args);
        command.output().unwrap().status.code()
    };
    let init = ["init", "--clinic", "Lind", "--zone", "Europe/Berlin", "--currency", "EUR"];
    assert_eq!(run(&[&init[..], &["--manager", "mara=Mara"]].concat()), Some(0));
    assert_eq!(run(&["staff", "list"]), Some(0));
    assert!(folder.path().join("file:a.lotbook?mode=memory").exists());
}

/// The tour checks a session that is there, and a folder's name may need quotes.
#[test]
fn the_demo_goes_on_tour_through_few_sessions_in_a_folder_of_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lotbook"));
        command.env_clear().env("HOME", folder.path()).current_dir(folder.path());
        let done = command.arg("demo").args(args).output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    let (code, said) = run(&["--out", "it's new", "--sessions", "2", "--today", "2026-11-22"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("$ lotbook check S-0001\n"), "{said}");
    assert!(said.contains(r"$ lotbook audit verify 'it'\''s new/audit'"), "{said}");
    assert_eq!(run(&["--out", "old", "--today", "2000-02-01"]).0, Some(2));

    let again = ["--out", "again", "--sessions", "2", "--today", "2026-11-22"];
    assert_eq!(run(&again).0, Some(0));
    let trail = |out: &str| std::fs::read(folder.path().join(out).join("audit/audit.csv")).unwrap();
    assert!(trail("it's new") == trail("again"), "the same seed and day make the same book");
    assert_eq!(run(&again).0, Some(3), "a demo takes the place of nothing");
}

/// Says on one visible line what can't be tested here, past the capture of a test's output.
fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}

#[cfg(unix)]
#[test]
fn a_book_in_a_folder_that_can_not_be_written_is_read_and_never_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic?#%41.lotbook");
    drop(Clinic::equipped(Box::new(Sqlite::create(&path).unwrap()), 1));
    let mode = |mode| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), rights).unwrap();
    };
    mode(0o555);
    if tempfile::tempfile_in(folder.path()).is_ok() {
        mode(0o755);
        return skipped("the superuser can write to every folder, so none is read-only here");
    }
    let opened = open(&path);
    let mut book = opened.unwrap();
    assert_eq!(book.read(|snapshot| Ok(snapshot.size())).unwrap(), 9);
    let client = lotbook::domain::fact::Fact::ClientNew("C-1".parse().unwrap());
    let written = book.write(crate::clinic::actor("mara"), None, |writing| writing.append(&client));
    assert!(matches!(written, Err(StoreError::ReadOnly)));
    drop(book);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    mode(0o755);
    assert_eq!(files, 1, "reading left no file behind");
}
