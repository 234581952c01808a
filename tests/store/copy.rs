//! A book copied entry by entry is the same book: for `copy`, `restore`, and from one engine to
//! another.

use lotbook::domain::fact::Fact;
use lotbook::domain::trail::entry::Entry;
use lotbook::domain::trail::hash::Hash;
use lotbook::store::{Book, Engine, Receipt, StoreError, Writing};

use crate::clinic::{Clinic, Seeded, Ticking, actor, opening};
use crate::engines::{On, on_every_engine};
use crate::golden;

on_every_engine!(
    a_book_copied_entry_by_entry_is_the_same_book,
    a_copy_refuses_gaps_changes_and_time_that_goes_back,
    a_copy_that_fails_leaves_nothing,
    a_copied_book_goes_on_where_the_original_stood,
    nobody_acts_in_a_copy,
    a_whole_book_moves_to_this_engine_and_from_it,
    an_interrupted_copy_is_no_book_and_goes_on,
    a_copy_does_not_carry_over_what_was_meddled_with,
);

/// The ledger, its head, the texts it names, and every projection.
pub(crate) const TABLES: [&str; 17] = [
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

/// Every entry as its canonical line with its leaf.
fn entries(clinic: &mut Clinic) -> Vec<(String, Hash)> {
    let hash = |line: String| {
        let leaf = lotbook::domain::trail::merkle::leaf(line.as_bytes());
        (line, leaf)
    };
    clinic.lines().into_iter().map(hash).collect()
}

/// The texts of all protocols.
fn texts(clinic: &mut Clinic) -> Vec<String> {
    let read = clinic.book.read(|snapshot| {
        let published = snapshot.protocols()?;
        published.iter().map(|protocol| snapshot.protocol_text(&protocol.sha256)).collect()
    });
    read.unwrap()
}

fn copy(
    engine: Box<dyn Engine>,
    work: impl FnOnce(&mut Writing<'_>) -> Result<(), StoreError>,
) -> Result<(Book, Receipt), StoreError> {
    let ids = Box::new(Seeded::new(9));
    let (book, (), receipt) = Book::copy(engine, Box::new(Ticking::new()), ids, opening(), work)?;
    Ok((book, receipt))
}

fn copy_lines(
    engine: Box<dyn Engine>,
    texts: &[String],
    entries: &[(String, Hash)],
) -> Result<(Book, Receipt), StoreError> {
    copy(engine, |writing| {
        for text in texts {
            writing.keep_protocol_text(text)?;
        }
        for (line, leaf) in entries {
            writing.append_verbatim(&Entry::parse(line).unwrap(), *leaf)?;
        }
        Ok(())
    })
}

fn a_book_copied_entry_by_entry_is_the_same_book(on: On) {
    let (from, to) = (On::SqliteMemory.database(), on.database());
    let mut original = golden::flow(from.engine());
    let (texts, entries) = (texts(&mut original), entries(&mut original));
    let (book, receipt) = copy_lines(to.engine(), &texts, &entries).unwrap();
    assert_eq!((receipt.size, receipt.root.to_string()), original.tree());
    assert_eq!(book.about().opening, opening());
    for table in TABLES {
        assert_eq!(from.rows(table), to.rows(table), "{table}");
    }
    original.verifies();
    Clinic { book, ..original }.verifies();
}

fn a_copy_refuses_gaps_changes_and_time_that_goes_back(on: On) {
    let from = On::SqliteMemory.database();
    let mut original = golden::flow(from.engine());
    let (texts, entries) = (texts(&mut original), entries(&mut original));
    let hashed = |line: String| {
        let leaf = lotbook::domain::trail::merkle::leaf(line.as_bytes());
        (line, leaf)
    };
    // Entry 20 and 21 belong to one command; 21 is the first use.
    let change = |from: &str, to: &str| {
        let line = &entries[21].0;
        assert!(line.contains(from), "{from} is in {line}");
        line.replacen(from, to, 1)
    };
    let earlier = change("2026-11-02T08:00:16.000Z", "2026-11-02T08:00:15.999Z");
    let earlier = earlier.replace("2026-11-02T09:00:16", "2026-11-02T09:00:15");
    let cases: Vec<(&str, Vec<(String, Hash)>)> = vec![
        ("an entry left out", [&entries[..21], &entries[22..]].concat()),
        ("the first entry left out", entries[1..].to_vec()),
        ("an entry twice", [&entries[..22], &entries[21..]].concat()),
        ("two entries the other way round", {
            let mut entries = entries.clone();
            entries.swap(21, 22);
            entries
        }),
        ("a changed entry under its old leaf", {
            let mut entries = entries.clone();
            entries[21].0 = change(",tara,", ",mara,");
            entries
        }),
        ("time going back", [&entries[..21], &[hashed(earlier)]].concat()),
        ("recorded before it happened", {
            let late = change("2026-11-02T09:00:16", "2026-11-02T09:00:17");
            [&entries[..21], &[hashed(late)]].concat()
        }),
        ("a command that another one interrupts", {
            let stray = change(",20,2026", ",18,2026");
            [&entries[..21], &[hashed(stray)]].concat()
        }),
        ("columns that the action does not have", {
            let foreign = change("status=expired", "status=expired; x=1");
            [&entries[..21], &[hashed(foreign)]].concat()
        }),
    ];
    for (what, entries) in cases {
        let to = on.database();
        let refused = copy_lines(to.engine(), &texts, &entries).map(|_| ()).unwrap_err();
        assert!(matches!(refused, StoreError::Verbatim { .. }), "{what}: {refused}");
    }
}

fn a_copy_that_fails_leaves_nothing(on: On) {
    let from = On::SqliteMemory.database();
    let mut original = golden::flow(from.engine());
    let (texts, entries) = (texts(&mut original), entries(&mut original));
    let to = on.database();
    copy_lines(to.engine(), &texts, &entries[1..]).map(|_| ()).unwrap_err();
    copy_lines(to.engine(), &[], &[]).map(|_| ()).unwrap_err();
    let (_, receipt) = copy_lines(to.engine(), &texts, &entries).unwrap();
    assert_eq!((receipt.size, receipt.root.to_string()), original.tree());
}

fn a_copied_book_goes_on_where_the_original_stood(on: On) {
    let (from, to) = (On::SqliteMemory.database(), on.database());
    let mut original = golden::flow(from.engine());
    let (texts, entries) = (texts(&mut original), entries(&mut original));
    copy_lines(to.engine(), &texts, &entries).unwrap();
    let write = |engine: Box<dyn Engine>| {
        let clock = Ticking::new();
        clock.set("2026-11-02T10:00:00.000Z");
        let mut book = Book::open(engine, Box::new(clock), Box::new(Seeded::new(3))).unwrap();
        let client = Fact::ClientNew("C-2".parse().unwrap());
        book.write(actor("mara"), None, |writing| writing.append(&client)).unwrap().1.root
    };
    assert_eq!(write(from.engine()), write(to.engine()));
}

fn nobody_acts_in_a_copy(on: On) {
    let from = On::SqliteMemory.database();
    let mut original = golden::flow(from.engine());
    let entries = entries(&mut original);
    let to = on.database();
    let acted = copy(to.engine(), |writing| {
        for (line, leaf) in &entries[..3] {
            writing.append_verbatim(&Entry::parse(line).unwrap(), *leaf)?;
        }
        writing.append(&Fact::ClientNew("C-2".parse().unwrap())).map(drop)
    });
    assert!(matches!(acted.map(|_| ()), Err(StoreError::NotPermitted { .. })));
}

/// Says that nobody is told how far a copy is.
fn silent(_: u64) {}

fn a_whole_book_moves_to_this_engine_and_from_it(on: On) {
    for (from, to) in [(On::SqliteMemory, on), (on, On::SqliteFile), (on, on)] {
        let (from, to) = (from.database(), to.database());
        let mut original = golden::flow(from.engine());
        let copied = original.book.copy_to(to.engine().as_mut(), &mut silent).unwrap();
        assert_eq!((copied.size, copied.root.to_string()), original.tree());
        assert_eq!(copied.known, 0);
        for table in TABLES {
            assert_eq!(from.rows(table), to.rows(table), "{table}");
        }
        let ids = Box::new(Seeded::new(3));
        let book = Book::open(to.engine(), Box::new(original.clock.clone()), ids).unwrap();
        Clinic { book, ..original }.verifies();
    }
}

fn an_interrupted_copy_is_no_book_and_goes_on(on: On) {
    let (from, to, other) = (On::SqliteFile.database(), on.database(), on.database());
    let mut original = golden::flow(from.engine());
    let whole = original.tree();
    // What an interrupted copy leaves: the entries of its first transaction, and no book.
    let mut begun = to.engine();
    original.book.copy_to(begun.as_mut(), &mut silent).unwrap();
    begun.batch("DELETE FROM book").unwrap();
    for table in ["session", "protocol", "protocol_text", "container", "serial", "balance", "lot"] {
        begun.batch(&format!("DELETE FROM {table}")).unwrap();
    }
    for table in ["attribute", "gtin", "product", "client", "place", "qualification", "staff"] {
        begun.batch(&format!("DELETE FROM {table}")).unwrap();
    }
    let opened = Book::open(to.engine(), Box::new(Ticking::new()), Box::new(Seeded::new(1)));
    assert!(matches!(opened.err(), Some(StoreError::Unfinished)));
    original.clock.shift_seconds(60);
    original.writes(&[Fact::ClientNew("C-99".parse().unwrap())]);
    let copied = original.book.copy_to(to.engine().as_mut(), &mut silent).unwrap();
    assert_eq!((copied.known, copied.size), (whole.0, whole.0 + 1));
    assert_eq!((copied.size, copied.root.to_string()), original.tree());
    assert!(to.engine().differences().unwrap().is_empty(), "no index or reference is left out");
    let again = original.book.copy_to(to.engine().as_mut(), &mut silent);
    assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    // The beginning of another book is not gone on with.
    let mut another = Clinic::equipped(other.engine(), 77);
    another.writes(&[Fact::ClientNew("C-1".parse().unwrap())]);
    drop(another);
    other.engine().batch("DELETE FROM book").unwrap();
    let refused = original.book.copy_to(other.engine().as_mut(), &mut silent);
    assert!(matches!(refused, Err(StoreError::Verbatim { .. })), "{refused:?}");
}

fn a_copy_does_not_carry_over_what_was_meddled_with(on: On) {
    let (from, to) = (on.database(), on.database());
    let mut original = golden::flow(from.engine());
    from.engine().batch("UPDATE balance SET quantity = quantity + 1").unwrap();
    let refused = original.book.copy_to(to.engine().as_mut(), &mut silent);
    assert!(matches!(refused, Err(StoreError::Invariant(_))), "{refused:?}");
    let opened = Book::open(to.engine(), Box::new(Ticking::new()), Box::new(Seeded::new(1)));
    assert!(matches!(opened.err(), Some(StoreError::Unfinished)));
}
