//! A new book, and the books that can't be opened.

use crate::clinic::Clinic;

#[test]
fn a_new_book_has_a_manager_and_a_stockroom() {
    let clinic = Clinic::without_book();
    insta::assert_snapshot!(clinic.run("init --clinic 'Clinic Lind' --zone Europe/Berlin \
        --currency EUR --manager 'ana=Ana Lind'"), @"
    book of Clinic Lind made at [home]/data/lotbook/clinic.lotbook  #0 [root]
    ! hint: say who acts in every command with --as ana, or once for all: export LOTBOOK_STAFF=ana
    ");
    insta::assert_snapshot!(clinic.run("staff list"), @"
    staff  name      roles    titles  certificates  limits
    -----  --------  -------  ------  ------------  ------
    ana    Ana Lind  manager
    ");
    insta::assert_snapshot!(clinic.run("place list"), @"
    place      kind
    ---------  ---------
    stockroom  stockroom
    ");
}

#[test]
fn a_stocked_clinic_knows_what_it_may_use() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(clinic.run("stock"), @"
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge        25      20     0        5  each     0  2027-03-31   usable
    HA-01    serum            15      15     0        0  ml       0  2027-01-31   usable
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    ");
    insta::assert_snapshot!(clinic.run("stock --lots"), @"
    product  lot      place      quantity  unit  expiry      discard by  days left  status
    -------  -------  ---------  --------  ----  ----------  ----------  ---------  -------
    CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired
    CART-12  24C0110  stockroom        20  each  2027-03-31                    129  usable
    HA-01    007      fridge           10  ml    2027-01-31                     70  usable
    HA-01    7        fridge            5  ml    2027-01-31                     70  usable
    NUMB-4   L77      room-1           90  g     2027-06-30                    220  usable

    usable on 2026-11-22
    ");
}

#[test]
fn a_book_is_made_of_words_that_make_sense() {
    let clinic = Clinic::without_book();
    let init = |clinic_name: &str, zone: &str, currency: &str, manager: &str| {
        let line = format!(
            "init --clinic '{clinic_name}' --zone '{zone}' --currency '{currency}' \
            --manager '{manager}'"
        );
        clinic.run(&line).to_string()
    };
    insta::assert_snapshot!([
        init(" ", "Europe/Berlin", "EUR", "ana=Ana"),
        init("Lind", "Berlin", "EUR", "ana=Ana"),
        init("Lind", "Europe/Berlin", "euro", "ana=Ana"),
        init("Lind", "Europe/Berlin", "EUR", "Ana Lind"),
        init("Lind", "Europe/Berlin", "EUR", "=Ana"),
        init(&"x".repeat(1 << 20), "Europe/Berlin", "EUR", "ana"),
    ]
    .concat(), @r#"
    ! error: the clinic needs a name
    ! hint: write --clinic "..."
    exit 2
    ! error: `Berlin` is not a time zone: write an IANA name such as Europe/Berlin
    exit 2
    ! error: `euro` is not a currency code
    ! hint: write three capital letters of ISO 4217, such as EUR, USD or GBP
    exit 2
    ! error: `Ana Lind` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    exit 2
    ! error: `` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    exit 2
    ! error: the text of its facts is 1048670 bytes long
    !   the book holds at most 32768: an entry stays for ever
    ! hint: write it shorter
    exit 3
    "#);
    assert!(!clinic.book().exists(), "a refused book leaves no file");
    init("Lind", "Europe/Berlin", "EUR", "ana");
    insta::assert_snapshot!(init("Lind", "Europe/Berlin", "EUR", "ana"), @"
    ! error: [home]/data/lotbook/clinic.lotbook exists already
    !   a new book never takes the place of a file
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
    insta::assert_snapshot!(clinic.run("stock --book postgres://ana:secret@127.0.0.1:1/c?schema=c"), @r"
    ! error: no PostgreSQL server answers at 127.0.0.1:1: Connection refused (os error 111)
    !   nothing was recorded
    ! hint: look whether the server runs, and whether host and port are right
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

#[test]
fn a_damaged_newer_or_read_only_book_says_so() {
    let clinic = Clinic::stocked();
    let alter = |sql: &str| {
        rusqlite::Connection::open(clinic.book()).unwrap().execute_batch(sql).unwrap();
    };
    alter("PRAGMA user_version = 99");
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: the book has schema 99, and this program knows schemas up to 1
    ! hint: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    alter("PRAGMA user_version = 1");
    assert_eq!(clinic.run("stock").code, 0);
    alter("UPDATE migration SET sha256 = 'x'");
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: migration 1 of the book is not the one of this program
    !   it was made by a changed program, or its schema was changed by hand
    exit 4
    ");

    let clinic = Clinic::stocked();
    let mut bytes = std::fs::read(clinic.book()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0x5a);
    std::fs::write(clinic.book(), bytes).unwrap();
    insta::assert_snapshot!(clinic.run("stock"), @"
    ! error: the book is damaged: database disk image is malformed
    !   nothing was written
    ! hint: keep the file as it is; see what still holds: lotbook audit verify
    exit 4
    ");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: the book is damaged: database disk image is malformed
    !   nothing was written
    ! hint: keep the file as it is; see what still holds: lotbook audit verify
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
    ! hint: try again when the other program has ended
    exit 4
    ");
}

#[test]
fn a_clock_behind_the_last_entry_writes_nothing() {
    let clinic = Clinic::stocked();
    clinic.wait_days(-1);
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: this computer's clock says 2026-11-21T09:00:25.000Z, but the last entry was written at 2026-11-22T09:00:22.000Z
    !   entries never go back in time, so nothing was written
    ! hint: set this computer's clock right
    exit 4
    ");
    assert_eq!(clinic.run("stock").code, 0);
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
    assert_eq!(read.code, 0, "{read}");
    if held_back {
        insta::assert_snapshot!(write, @"
        ! error: the book can be read but not written: its file or folder is read-only
        ! hint: reading commands still work
        exit 4
        ");
    }
}

#[test]
fn the_beginning_of_a_command_shows_its_help() {
    let output = Clinic::stocked().run("lot");
    assert_eq!((output.code, output.stderr.as_str()), (2, ""));
    assert!(output.stdout.contains("Usage: lotbook lot"), "{output}");
}
