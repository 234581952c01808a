//! The book as a file: its path, its folder, its locks and its bytes. On a server these stories
//! have no meaning; what goes wrong there is told in `tests/cli_on_server`.

use crate::clinic::Clinic;

#[test]
fn a_new_book_never_takes_the_place_of_a_file() {
    let clinic = Clinic::new();
    let init = "init --clinic Lind --zone Europe/Berlin --currency EUR --manager ana";
    insta::assert_snapshot!(clinic.run(init), @"
    ! error: [home]/data/lotbook/clinic.lotbook exists already
    !   a new book never takes the place of anything
    ! hint: name another with --book PATH
    exit 3
    ");
}

#[test]
fn a_book_that_can_not_be_opened_says_why() {
    let clinic = Clinic::without_book();
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: there is no book at [home]/data/lotbook/clinic.lotbook
    ! hint: make one: lotbook init --clinic NAME --zone ZONE --currency CODE --manager ID=NAME
    ! hint: or name another: --book PATH
    exit 4
    ");
    let text = clinic.file("text.lotbook", "this is no database, but it is long enough to look");
    insta::assert_snapshot!(clinic.run(&format!("stock --book {text}")), @"
    ! error: [home]/text.lotbook is not a book: it is not a SQLite database
    ! hint: name the book with --book PATH, or set LOTBOOK_BOOK
    exit 4
    ");
    let empty = clinic.file("empty.lotbook", "");
    insta::assert_snapshot!(clinic.run(&format!("stock --book {empty}")), @"
    ! error: the book was never finished: it was cut short while it was made or copied
    !   the book is [home]/empty.lotbook
    ! hint: go on with the copy: lotbook copy --to BOOK, with the old book as --book
    ! hint: or take away what is there, and make a new book: lotbook init
    exit 4
    ");
    let folder = format!("'{}'", clinic.home().display());
    insta::assert_snapshot!(clinic.run(&format!("stock --book {folder}")), @"
    ! error: [home] is not a book: it is not a SQLite database
    ! hint: name the book with --book PATH, or set LOTBOOK_BOOK
    exit 4
    ");
    let foreign = clinic.home().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    insta::assert_snapshot!(clinic.run(&format!("stock --book '{}'", foreign.display())), @"
    ! error: [home]/foreign.db is a SQLite database, but not a book of lotbook
    ! hint: name the book with --book PATH, or set LOTBOOK_BOOK
    exit 4
    ");
}

/// A copy that is killed at once leaves a file without a table, and none of these is half a book.
#[test]
fn a_copy_that_was_stopped_before_its_first_table_begins_again() {
    let clinic = Clinic::stocked();
    let prepare = |sql: &str| {
        let path = clinic.file("copy.lotbook", "");
        let database = rusqlite::Connection::open(clinic.home().join("copy.lotbook")).unwrap();
        database.execute_batch(sql).unwrap();
        path
    };
    let name = "PRAGMA application_id = 1819243618";
    for sql in ["", "PRAGMA journal_mode = WAL", &format!("PRAGMA journal_mode = WAL; {name}")] {
        let path = prepare(sql);
        clinic.ok(&format!("copy --to {path}"));
        clinic.ok(&format!("audit verify --book {path}"));
        let again = clinic.run(&format!("copy --to {path}"));
        assert_eq!(again.code, 3, "{again}");
        std::fs::remove_file(clinic.home().join("copy.lotbook")).unwrap();
    }
}

#[test]
fn half_of_another_book_is_not_gone_on_with() {
    let (clinic, other) = (Clinic::stocked(), Clinic::without_book());
    other.ok("init --clinic Roth --zone Europe/Berlin --currency EUR --manager 'eve=Eve Roth'");
    let path = other.home().join("half.lotbook");
    let copy = format!("copy --to '{}'", path.display());
    clinic.ok(&copy);
    // What makes a copy a book is written last.
    let half = rusqlite::Connection::open(&path).unwrap();
    half.execute_batch("DELETE FROM book").unwrap();
    insta::assert_snapshot!(other.run(&copy), @"
    ! error: entry 0 does not continue this book: what is there already is not the beginning of this book
    !   it belongs to another book, or one of the two was changed
    !   what was begun is no book yet: [home]/half.lotbook
    ! hint: copy to a place where nothing is: lotbook copy --to PATH or URL
    ! hint: see whether the old book holds: lotbook audit verify
    exit 4
    ");
}

/// A password in it would be shown, and a file made of it.
#[test]
fn what_was_meant_as_a_server_is_never_made_into_a_file() {
    let clinic = Clinic::stocked();
    let files = || std::fs::read_dir(clinic.home()).unwrap().count();
    let before = files();
    for meant in
        ["postgres:/eva:s3cret@h/c", "postgres:eva:s3cret@h/c", " postgres://eva:s3cret@h/c"]
    {
        for line in [
            format!("init --clinic L --zone UTC --currency EUR --manager a --book '{meant}'"),
            format!("stock --book '{meant}'"),
            format!("copy --to '{meant}'"),
        ] {
            let output = clinic.run(&line);
            assert_eq!(output.code, 2, "{line}: {output}");
            assert!(!output.to_string().contains("s3cret"), "{output}");
        }
    }
    assert_eq!(files(), before);
}

#[test]
fn a_damaged_newer_or_read_only_book_says_so() {
    let clinic = Clinic::stocked();
    let alter = |sql: &str| {
        rusqlite::Connection::open(clinic.book()).unwrap().execute_batch(sql).unwrap();
    };
    alter("PRAGMA user_version = 99");
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: the book has schema 99, and this program knows schemas up to 1
    !   the book is [home]/data/lotbook/clinic.lotbook
    ! hint: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    alter("PRAGMA user_version = 1");
    assert_eq!(clinic.run("stock").code, 0);
    alter("UPDATE book SET format = 2");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: the ledger has format 2, and this program knows formats up to 1
    !   the book is [home]/data/lotbook/clinic.lotbook
    ! hint: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    alter("UPDATE book SET format = 1");
    alter("UPDATE migration SET sha256 = 'x'");
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: migration 1 of the book is not the one of this program
    !   the book is [home]/data/lotbook/clinic.lotbook
    !   it was made by a changed program, or its schema was changed by hand
    ! hint: use the program that made it, or go on with the newest copy of the book
    exit 4
    ");

    let clinic = Clinic::stocked();
    let mut bytes = std::fs::read(clinic.book()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0x5a);
    std::fs::write(clinic.book(), bytes).unwrap();
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: the book is damaged: database disk image is malformed
    !   the book is [home]/data/lotbook/clinic.lotbook
    !   nothing more was recorded
    ! hint: see what still holds: lotbook audit verify
    ! hint: keep it as it is, and go on with the newest copy of the book
    exit 4
    ");
    let verified = clinic.run("audit verify");
    assert_eq!(verified.code, 4, "{verified}");
    assert!(verified.stderr.contains("newest copy"), "{verified}");
    assert!(!verified.stderr.contains("lotbook audit verify"), "it was just tried: {verified}");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: the book is damaged: database disk image is malformed
    !   the book is [home]/data/lotbook/clinic.lotbook
    !   nothing more was recorded
    ! hint: see what still holds: lotbook audit verify
    ! hint: keep it as it is, and go on with the newest copy of the book
    exit 4
    ");
}

#[test]
fn a_locked_book_is_read_but_not_written() {
    let clinic = Clinic::stocked();
    let other = rusqlite::Connection::open(clinic.book()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(clinic.run("stock").code, 0, "readers wait for nobody");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: the book is locked by another program, and stayed so for 10 seconds
    !   the book is [home]/data/lotbook/clinic.lotbook
    ! hint: try again when the other program has ended
    exit 4
    ");
}

#[test]
fn a_book_in_a_read_only_folder_is_read_but_not_written() {
    let clinic = Clinic::stocked();
    let book = clinic.book();
    let folder = book.parent().unwrap();
    let set_read_only = |read_only| {
        let mut rights = std::fs::metadata(folder).unwrap().permissions();
        rights.set_readonly(read_only);
        std::fs::set_permissions(folder, rights).unwrap();
    };
    set_read_only(true);
    // The rights of a folder hold nobody back who may do everything.
    let held_back = tempfile::tempfile_in(folder).is_err();
    let (read, write) = (clinic.run("stock"), clinic.run("open NUMB-4"));
    set_read_only(false);
    std::fs::write(book.with_extension("lotbook-wal"), "").unwrap();
    set_read_only(true);
    let beside = clinic.run("stock");
    set_read_only(false);
    assert_eq!(read.code, 0, "{read}");
    if held_back {
        insta::assert_snapshot!(write, @"
        ! error: the book can be read but not written: its file or folder is read-only
        !   the book is [home]/data/lotbook/clinic.lotbook
        ! hint: reading commands still work
        exit 4
        ");
        insta::assert_snapshot!(beside, @"
        ! error: the book can't be opened: [home]/data/lotbook/clinic.lotbook-wal lies beside it and may hold entries, and their folder is read-only
        ! hint: whoever looks after this computer can let you read and write it
        ! hint: or name another: --book PATH
        exit 4
        ");
    }
}
