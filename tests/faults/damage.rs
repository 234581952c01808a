//! The disk is full, flips a bit or loses the end of the file.

use std::path::Path;

use lotbook::store::{Book, Engine as _, Sqlite, StoreError, SystemClock, SystemIds};
use rusqlite::Connection;

use crate::clinic::{Clinic, cartridge, cream, delivery, item, mara, moved, opening, waste};
use crate::{Desk, client, clients, open, write_client};

/// The tables, which hold everything that a book says.
const TABLES: [&str; 17] = [
    "attribute",
    "balance",
    "book",
    "client",
    "container",
    "entry",
    "gtin",
    "head",
    "lot",
    "place",
    "product",
    "protocol",
    "protocol_text",
    "qualification",
    "serial",
    "session",
    "staff",
];

/// A closed book with something of everything in it, as bytes.
fn book_bytes(folder: &Path) -> Vec<u8> {
    let path = folder.join("whole.lotbook");
    let mut clinic = Clinic::equipped(Box::new(Sqlite::create(&path).unwrap()), 1);
    let tube = |parts| item(&cream(), "T", "2027-03-31", parts);
    clinic.writes(&[delivery(tube(60_000)), delivery(item(&cartridge(), "=cmd()", "none", 20))]);
    let open = moved(tube(30_000), "stockroom", "container:K-0001");
    let discard_by = Some("2026-11-30".parse().unwrap());
    clinic.writes(&[lotbook::domain::fact::Fact::ContainerOpen { item: open, discard_by }]);
    for number in 0..60 {
        clinic.writes(&[client(&format!("C-{number}"))]);
        clinic.writes(&[waste(tube(500), "container:K-0001", "partial-container")]);
    }
    drop(clinic);
    std::fs::read(&path).unwrap()
}

/// Everything that a book says, as text; none where any of it can't be read.
fn contents(path: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open(path)?;
    let mut rows = Vec::new();
    for table in TABLES {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} NOT INDEXED"))?;
        let columns = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let cells = (0..columns).map(|column| row.get_ref(column).map(|v| format!("{v:?}")));
            rows.push(format!("{table}: {:?}", cells.collect::<Result<Vec<_>, _>>()?));
        }
    }
    Ok(rows)
}

/// Whether opening or verifying a book finds that something is wrong with it.
fn is_found(path: &Path) -> bool {
    let Ok(mut book) = open(path) else { return true };
    match book.read(|snapshot| snapshot.verify(None, &mut |_| {})) {
        Ok(verified) => !verified.problems.is_empty(),
        Err(_) => true,
    }
}

/// A flipped bit in space that no table uses changes nothing and can't be found; all others are.
#[test]
fn a_flipped_bit_is_found_or_changes_nothing_that_the_book_says() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = book_bytes(folder.path());
    let path = folder.path().join("flipped.lotbook");
    std::fs::write(&path, &bytes).unwrap();
    assert!(!is_found(&path));
    let whole = contents(&path).unwrap();
    let (mut found, rounds) = (0, 300);
    for round in 0..rounds {
        // A stride that is prime to the size walks over all parts of the file.
        let bit = (round * 0x9e37_79b1 + 12_345) % (bytes.len() * 8);
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        for beside in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("flipped.lotbook{beside}")));
        }
        std::fs::write(&path, &flipped).unwrap();
        if is_found(&path) {
            found += 1;
        } else {
            let says = contents(&path);
            assert_eq!(says.as_ref(), Ok(&whole), "byte {}, bit {}", bit / 8, bit % 8);
        }
    }
    assert!(found * 5 > rounds, "only {found} of {rounds} flips were in use");
}

#[test]
fn a_file_that_lost_its_end_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = book_bytes(folder.path());
    let path = folder.path().join("cut.lotbook");
    for keep in [100, 4096, 8192, bytes.len() / 2, bytes.len() - 4096, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..keep]).unwrap();
        assert!(is_found(&path), "{keep} of {} bytes", bytes.len());
    }
}

#[test]
fn a_full_disk_is_named_and_nothing_half_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk { folder };
    let mut engine = Sqlite::create(&desk.path()).unwrap();
    // A limit of the database stands for the disk's.
    engine.batch("PRAGMA max_page_count = 60").unwrap();
    let ids = Box::new(SystemIds::default());
    let made = Book::create(Box::new(engine), Box::new(SystemClock), ids, opening(), mara());
    let (mut book, _) = made.unwrap();
    let mut kept = Vec::new();
    let error = loop {
        let name = format!("C-{}", kept.len());
        match write_client(&mut book, &name) {
            Ok(_) => kept.push(name),
            Err(error) => break error,
        }
        assert!(kept.len() < 10_000, "the limit is never reached");
    };
    assert!(matches!(error, StoreError::DiskFull), "{error}");
    assert!(!kept.is_empty());
    assert_eq!(clients(&mut book), kept);
    drop(book);
    // With room again the book goes on.
    let mut book = desk.book();
    write_client(&mut book, "C-after-1").unwrap();
    assert_eq!(clients(&mut book).len(), kept.len() + 1);
}

/// Whoever is told that it failed would record it again.
#[cfg(target_os = "linux")]
#[test]
fn what_is_recorded_and_can_not_be_said_is_done() {
    let desk = Desk::new();
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let done = desk.lotbook(&["client", "new", "89"]).stdout(full()).output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(said.starts_with("error: recorded as #3, but that can't be written out\n"), "{said}");
    assert!(said.contains("\nhint: don't record it again; see it: lotbook audit log"), "{said}");
    assert_eq!(clients(&mut desk.book()), ["89"]);
    let done = desk.lotbook(&["stock"]).stdout(full()).output().unwrap();
    assert_ne!(done.status.code(), Some(0), "an answer that nobody got is a failure");
}
