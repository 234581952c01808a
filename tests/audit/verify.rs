//! What is done to the file of a book behind the program's back, and what `verify` says.

use std::collections::BTreeMap;

use lotbook::domain::fact::{AtStep, Fact};
use lotbook::domain::quantity::Unit;
use lotbook::domain::replay::Problem;
use lotbook::domain::stock::reverse;
use lotbook::domain::trail::checkpoint::Checkpoint;
use lotbook::domain::trail::entry::Entry;
use lotbook::domain::trail::merkle::Frontier;
use lotbook::store::{Actor, Book, Rows, StoreError, Verified};
use rusqlite::Connection;

use crate::book::{Desk, because, item, problems, receipt};

#[test]
fn a_sound_book_verifies() {
    let desk = Desk::new();
    let verified = desk.verify();
    assert_eq!(problems(&verified), "");
    let head = desk.open().read(|snapshot| snapshot.head()).unwrap();
    assert_eq!((verified.size, verified.root), (head.frontier.size(), head.frontier.root()));
    assert_eq!(verified.noted.covered(), None);
}

#[test]
fn the_ledger_refuses_every_statement_but_the_next_insert() {
    let desk = Desk::new();
    let file = desk.file();
    file.execute_batch("PRAGMA recursive_triggers = ON").unwrap();
    let copy = |seq: &str| {
        let columns = "entry_id, txn, recorded_at, occurred_at, staff, role, action, detail, \
            occurred_offset_min, leaf";
        format!("INTO entry (seq, {columns}) SELECT {seq}, {columns} FROM entry WHERE seq = 3")
    };
    let last = "(SELECT max(seq) FROM entry)";
    for (statement, refusal) in [
        ("UPDATE entry SET staff = 'eve' WHERE seq = 3".to_owned(), "never changed"),
        ("UPDATE entry SET seq = seq + 1 WHERE seq = 3".to_owned(), "never changed"),
        ("DELETE FROM entry WHERE seq = 3".to_owned(), "never cut"),
        ("DELETE FROM entry".to_owned(), "never cut"),
        (format!("INSERT {}", copy("3")), "seq must be the next"),
        (format!("INSERT {}", copy(&format!("{last} + 2"))), "seq must be the next"),
        (format!("INSERT {}", copy("-1")), "seq must be the next"),
        (format!("INSERT {}", copy(&format!("{last} + 1"))), "holds this entry_id already"),
        (format!("INSERT OR REPLACE {}", copy("3")), "seq must be the next"),
        (format!("REPLACE {}", copy(&format!("{last} + 1"))), "holds this entry_id already"),
        (
            "INSERT INTO entry (seq, entry_id, txn, recorded_at, occurred_at, staff, role, action,
                corrects, occurred_offset_min, leaf)
             SELECT (SELECT max(seq) + 1 FROM entry), randomblob(16), 0, recorded_at, occurred_at,
                staff, role, action, corrects, 0, leaf FROM entry WHERE corrects IS NOT NULL"
                .to_owned(),
            "corrects an entry only once",
        ),
    ] {
        let error = file.execute_batch(&statement).unwrap_err().to_string();
        assert!(error.contains(refusal), "{statement}: {error}");
    }
    drop(file);
    assert_eq!(desk.problems(), "");
}

fn try_write(book: &mut Book, facts: &[Fact]) -> Result<u64, StoreError> {
    let actor = Actor::Staff("mara".parse().unwrap());
    let written = book.write(actor, None, |writing| {
        facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
    });
    written.map(|(_, receipt)| receipt.first.unwrap())
}

fn try_undo(book: &mut Book, seq: u64) -> Result<u64, StoreError> {
    let because = because("mis-scan");
    let facts = book.read(|snapshot| Ok(reverse(&snapshot.command_of(seq)?, &because)?))?;
    try_write(book, &facts)
}

/// Else stopping, voiding and undoing the stop would make a voided session open again.
#[test]
fn nothing_of_a_voided_session_is_undone() {
    let desk = Desk::new();
    let mut book = desk.open();
    let mut of_session = Vec::new();
    let mut within = None;
    let read = book.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |entry, _| {
            if entry.columns.session.as_deref() == Some("S-0001") {
                of_session.push((entry.seq, entry.action.to_string()));
                let fact = Fact::from_columns(&entry.action, &entry.columns).unwrap();
                if let Fact::SessionStart { within: named, .. } = fact {
                    within = Some(named);
                }
            }
            Ok(Rows::More)
        })
    });
    read.unwrap();
    // What it used is given back; a step without uses, and the end of it, stand.
    let logged = of_session.iter().find(|(_, action)| action == "session.step").unwrap().0;
    try_undo(&mut book, logged).unwrap();
    let within = within.unwrap();
    let (readings, despite) = (BTreeMap::new(), Vec::new());
    let (step, areas) = ("review".parse().unwrap(), Vec::new());
    let at = AtStep { within: within.clone(), step, areas };
    let review = try_write(&mut book, &[Fact::SessionStep { at, readings, despite }]).unwrap();
    of_session.push((review, "session.step".to_owned()));
    let because = because("wrong-client");
    try_write(&mut book, &[Fact::SessionVoid { within, because }]).unwrap();
    for (seq, action) in of_session {
        if action == "session.finish" || seq == review {
            let refused = try_undo(&mut book, seq).unwrap_err().to_string();
            assert!(refused.contains("can't be undone: S-0001 was voided"), "{action}: {refused}");
        }
    }
    assert_eq!(problems(&book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap()), "");
}

/// The first receipt that stands says when a lot expires and how old it is.
#[test]
fn a_lot_begins_with_the_oldest_receipt_that_stands() {
    let desk = Desk::new();
    let mut book = desk.open();
    let delivery = |expiry: Option<&str>| {
        let mut again = receipt(item("CART-12", "Z", 5, Unit::Each, "supplier", "stockroom"));
        if let (Fact::LotReceive(receipt), Some(expiry)) = (&mut again, expiry) {
            receipt.item.expiry.0 = Some(expiry.parse().unwrap());
        }
        again
    };
    let dated = |day| [delivery(Some(day))];
    let first = try_write(&mut book, &dated("2027-03-31")).unwrap();
    let second = try_write(&mut book, &dated("2027-03-31")).unwrap();
    let refused = try_write(&mut book, &dated("2028-03-31")).unwrap_err().to_string();
    assert!(refused.starts_with("CART-12/Z expires 2027-03-31 in the book, not 2028"), "{refused}");
    let lot = |book: &mut Book| {
        let lots = book.read(|snapshot| snapshot.lots(&"CART-12".parse().unwrap())).unwrap();
        let lot = lots.into_iter().find(|lot| lot.state.item() == "CART-12/Z").unwrap();
        (lot.state.first_seq, lot.receipts)
    };
    assert_eq!(lot(&mut book), (first, 2));
    try_undo(&mut book, first).unwrap();
    assert_eq!(lot(&mut book), (second, 1));
    try_undo(&mut book, second).unwrap();
    assert_eq!(lot(&mut book), (second, 0));
    let third = try_write(&mut book, &dated("2028-03-31")).unwrap();
    assert_eq!(lot(&mut book), (third, 1));
    assert_eq!(problems(&book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap()), "");
}

/// A damaged head must not hide what verifying would say about it.
#[test]
fn a_missing_doubled_or_unreadable_head_is_named() {
    for (sql, problem) in [
        ("DELETE FROM head", "the head of the ledger is missing"),
        (
            "UPDATE head SET frontier = x'00'",
            "the head's Merkle frontier can't be read: it has 1 bytes, and its size alone needs 8",
        ),
        (
            "INSERT INTO head (one, size, frontier, recorded_at)
             SELECT 2, size, frontier, recorded_at FROM head",
            "the ledger has 2 heads, not one",
        ),
    ] {
        let desk = Desk::new();
        desk.force(sql);
        says(&desk.problems(), &[problem]);
        let answer = desk.run(&["audit", "verify"]);
        assert_eq!(answer.code, 1, "{sql}: {}", answer.stderr);
        assert!(answer.stdout.contains(problem), "{sql}: {}", answer.stdout);
    }
}

/// Nor must what the book says of itself, or a table that is gone.
#[test]
fn a_book_that_can_not_say_what_it_is_is_verified_all_the_same() {
    let lacks = "the table `book` lacks id \"07070707-0707-4707-8707-070707070707\"";
    for (sql, refused, problem) in [
        ("DELETE FROM book", "the book is damaged: its table `book` is empty", lacks),
        ("UPDATE book SET one = 2", "the book is damaged: its table `book` is empty", lacks),
        ("UPDATE book SET id = 'x'", "the book is damaged", "holds id \"x\", which no entry makes"),
        ("UPDATE book SET zone = 'Mars'", "zone", "is \"Mars\""),
        ("DROP TABLE book", "no such table: book", "the table `book` is missing from the schema"),
        ("DROP TABLE head", "no such table: head", "the head can't be read: no such table: head"),
        ("DROP TABLE client", "", "the table `client` can't be read: no such table: client"),
    ] {
        let desk = Desk::new();
        desk.force(sql);
        let answer = desk.run(&["audit", "verify"]);
        assert_eq!(answer.code, 1, "{sql}: {}", answer.stderr);
        says(&answer.stdout, &[problem]);
        let answer = desk.run(&["stock"]);
        assert_eq!(answer.code, if refused.is_empty() { 0 } else { 4 }, "{sql}");
        says(&answer.stderr, &[refused]);
    }
}

/// Runs the statements without the fences, and returns the problems.
fn after(sql: &str) -> String {
    let desk = Desk::new();
    desk.force(sql);
    desk.problems()
}

#[track_caller]
fn says(problems: &str, expected: &[&str]) {
    for part in expected {
        assert!(problems.contains(part), "not said: {part}\n{problems}");
    }
}

#[test]
fn an_edited_column_is_found_at_its_entry() {
    for column in [
        "staff = 'eve'",
        "role = 'technician'",
        "action = 'client.new'",
        "detail = 'kind=fridge'",
        "reason = 'x'",
        "product = 'CART-12'",
        "recorded_at = recorded_at + 1",
        "occurred_at = occurred_at - 1000",
        "occurred_offset_min = 0",
        "txn = seq - 1",
        "entry_id = randomblob(16)",
        "to_place = 'room-2'",
        "corrects = 1",
        "quantity = 7",
    ] {
        let problems = after(&format!("UPDATE entry SET {column} WHERE seq = 5"));
        says(&problems, &["entry 5: was changed: its line has another hash than the one stored"]);
        says(&problems, &["the head says the root"]);
    }
}

#[test]
fn an_edited_entry_with_its_leaf_is_found_by_the_root_and_the_tables() {
    let desk = Desk::new();
    desk.force("UPDATE entry SET quantity = 19 WHERE action = 'lot.receive' AND quantity = 20");
    rehash(&desk.file(), Head::AsItWas);
    let problems = desk.problems();
    says(&problems, &["the head says the root", "the table `balance` was changed"]);
    says(
        &problems,
        &["product \"CART-12\", lot \"24C0110\", place \"stockroom\": quantity is 18; \
         the entries make it 17"],
    );
}

#[test]
fn a_deleted_entry_is_named() {
    says(
        &after("DELETE FROM entry WHERE seq = 7"),
        &["entry 7: is missing; entry 8 comes in its place"],
    );
    let desk = Desk::new();
    let size = desk.verify().size;
    desk.force(&format!("DELETE FROM entry WHERE seq = {}", size - 1));
    let (size, left) = (size, size - 1);
    says(&desk.problems(), &[&format!("the head says {size} entries; there are {left}")]);
}

#[test]
fn an_inserted_entry_is_found() {
    let problems = after(
        "INSERT INTO entry (seq, entry_id, txn, recorded_at, occurred_at, staff, role, action,
            client, occurred_offset_min, leaf)
         SELECT (SELECT max(seq) + 1 FROM entry), zeroblob(16), (SELECT max(seq) + 1 FROM entry),
            recorded_at, occurred_at, staff, role, 'client.new', 'C-9', 60, leaf
           FROM entry WHERE seq = 5",
    );
    says(
        &problems,
        &[
            "has the entry_id",
            "no UUID version 7",
            "its line has another hash",
            "the head says",
            "the table `client` lacks client \"C-9\"",
        ],
    );
}

#[test]
fn a_command_is_recorded_at_one_time_in_a_zone_that_exists() {
    says(
        &after("UPDATE entry SET recorded_at = recorded_at + 1 WHERE seq = 1"),
        &["entry 1: was recorded at another time than its command"],
    );
    for (from, to, expected) in [
        ("zone=Europe/Berlin", "zone=Europe/Nowhere", "entry 0: names no time zone"),
        ("format=1", "format=2", "entry 0: opens a book of format 2; this is 1"),
    ] {
        let replaced = format!("detail = replace(detail, '{from}', '{to}')");
        says(&after(&format!("UPDATE entry SET {replaced} WHERE seq = 0")), &[expected]);
    }
}

#[test]
fn an_entry_at_the_last_position_of_all_is_found() {
    let desk = Desk::new();
    let size = desk.verify().size;
    desk.force(
        "INSERT INTO entry (seq, entry_id, txn, recorded_at, occurred_at, staff, role, action,
            client, occurred_offset_min, leaf)
         SELECT 9223372036854775807, x'00', 9223372036854775807, recorded_at, occurred_at, staff,
            role, 'client.new', 'C-9', 60, leaf
           FROM entry WHERE seq = 5",
    );
    let one_more = size + 1;
    says(
        &desk.problems(),
        &[
            &format!("entry {size}: "),
            &format!("the head says {size} entries; there are {one_more}"),
        ],
    );
}

#[test]
fn two_swapped_entries_are_found() {
    let problems = after(
        "UPDATE entry SET seq = -1 WHERE seq = 8;
         UPDATE entry SET seq = 8 WHERE seq = 9;
         UPDATE entry SET seq = 9 WHERE seq = -1",
    );
    says(&problems, &["entry 8: belongs to a command", "entry 8: was changed", "entry 9: was"]);
}

/// What happens to the head when the leaves are made anew.
enum Head {
    AsItWas,
    Rewritten,
}

/// Hashes every line anew, as someone who knows the format would.
fn rehash(file: &Connection, head: Head) {
    file.execute_batch(
        "CREATE TEMP TABLE fence AS SELECT sql FROM sqlite_schema WHERE type = 'trigger';
         DROP TRIGGER entry_append_only_update",
    )
    .unwrap();
    let path: String = file.query_row("PRAGMA database_list", [], |row| row.get(2)).unwrap();
    let mut frontier = Frontier::new();
    let mut leaves = Vec::new();
    let engine = lotbook::store::Sqlite::open(path.as_ref()).unwrap();
    let clock = Box::new(crate::book::Ticking::default());
    let ids = Box::new(crate::book::Counted::default());
    let mut book = lotbook::store::Book::open(Box::new(engine), clock, ids).unwrap();
    let mut recorded_at = 0;
    book.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |entry: &Entry<'_>, _| {
            let leaf = entry.leaf(&mut String::new()).unwrap();
            frontier.push(leaf);
            leaves.push((entry.seq, leaf));
            recorded_at = entry.recorded_at.millis();
            Ok(Rows::More)
        })
    })
    .unwrap();
    drop(book);
    for (seq, leaf) in leaves {
        file.execute("UPDATE entry SET leaf = ?2 WHERE seq = ?1", (seq.cast_signed(), &leaf.0[..]))
            .unwrap();
    }
    if matches!(head, Head::Rewritten) {
        let bytes = frontier.to_bytes();
        let params = (frontier.size().cast_signed(), bytes, recorded_at);
        file.execute("UPDATE head SET size = ?1, frontier = ?2, recorded_at = ?3", params).unwrap();
    }
    let fence = "SELECT sql FROM fence WHERE sql LIKE '%append_only_update%'";
    let fence: String = file.query_row(fence, [], |row| row.get(0)).unwrap();
    file.execute_batch(&fence).unwrap();
}

fn note(desk: &Desk) -> Checkpoint {
    let verified = desk.verify();
    let book = desk.open().about().opening.book;
    Checkpoint::new(book.hyphenated().to_string(), verified.size, verified.root).unwrap()
}

fn against(desk: &Desk, note: &Checkpoint) -> Verified {
    desk.open().read(|snapshot| snapshot.verify(Some(note), &mut |_| {})).unwrap()
}

#[test]
fn a_tail_cut_off_with_its_head_shows_in_the_tables_or_against_a_checkpoint() {
    let desk = Desk::new();
    let note = note(&desk);
    // The last entry is a refused attempt, which no table shows.
    desk.force("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)");
    rehash(&desk.file(), Head::Rewritten);
    assert_eq!(desk.problems(), "", "nothing inside the file can show this: it is what L0 means");
    let verified = against(&desk, &note);
    let (size, left) = (note.size(), note.size() - 1);
    says(
        &problems(&verified),
        &[&format!(
            "entry {left}: is missing: the checkpoint covers {size} entries, and {left} are left"
        )],
    );
    assert_eq!(verified.noted.covered(), None);

    desk.force("DELETE FROM entry WHERE seq >= (SELECT max(seq) FROM entry)");
    rehash(&desk.file(), Head::Rewritten);
    says(&desk.problems(), &["the table `qualification` was changed"]);
}

#[test]
fn a_book_rewritten_as_a_whole_verifies_and_only_a_checkpoint_shows_it() {
    let desk = Desk::new();
    let note = note(&desk);
    assert_eq!(against(&desk, &note).noted.covered(), Some(note.size()));
    desk.force("UPDATE entry SET reason = 'fell off the tray' WHERE action = 'stock.waste'");
    rehash(&desk.file(), Head::Rewritten);
    assert_eq!(desk.problems(), "", "it is self-attested: L0");
    says(&problems(&against(&desk, &note)), &["were changed since the checkpoint was made"]);
}

#[test]
fn an_old_file_put_back_verifies_and_only_a_checkpoint_shows_it() {
    let desk = Desk::new();
    let old = std::fs::read(&desk.path).unwrap();
    let client = lotbook::domain::id::ClientRef::new("C-2").unwrap();
    let fact = lotbook::domain::fact::Fact::ClientNew(client);
    crate::book::write(&mut desk.open(), "ana", &[fact]);
    let note = note(&desk);
    std::fs::write(&desk.path, old).unwrap();
    assert_eq!(desk.problems(), "", "it is self-attested: L0");
    says(&problems(&against(&desk, &note)), &["is missing: the checkpoint covers"]);
}

#[test]
fn a_checkpoint_of_another_book_covers_nothing() {
    let desk = Desk::new();
    let note = note(&desk);
    let other = Checkpoint::new("0000", note.size(), note.root()).unwrap();
    let verified = against(&desk, &other);
    assert_eq!(verified.noted.covered(), None);
    says(&problems(&verified), &["the checkpoint is of the book 0000"]);
}

#[test]
fn every_table_is_compared_row_by_row() {
    for (sql, expected) in [
        ("UPDATE balance SET quantity = quantity + 1 WHERE place = 'room-1'", "`balance` was chan"),
        ("DELETE FROM balance WHERE place = 'room-1'", "`balance` lacks product \"NUMB\", lot"),
        ("INSERT INTO balance VALUES ('CART-12', '007', 'room-1', 5)", "`balance` holds product"),
        ("UPDATE lot SET status = 'held' WHERE lot = '24C0110'", "status is \"held\"; the entries"),
        ("UPDATE lot SET expiry = '2030-01-01' WHERE lot = 'N/7'", "expiry is \"2030-01-01\""),
        ("UPDATE lot SET receipts = 9", "receipts is 9; the entries make it 2"),
        (
            "UPDATE lot SET lot = '7' WHERE lot = '007'",
            "`lot` lacks product \"CART-12\", lot \"007",
        ),
        (
            "UPDATE serial SET place = 'room-1'",
            "place is \"room-1\"; the entries make it \"session",
        ),
        ("UPDATE serial SET known_seq = 1", "known_seq is 1; the entries make it"),
        ("DELETE FROM serial", "the table `serial` lacks product \"CART-12\", serial \"SN-1\""),
        ("UPDATE container SET undone = 1", "number 1: undone is 1; the entries make it 0"),
        ("UPDATE container SET discard_by = NULL", "discard_by is nothing; the entries make it"),
        ("UPDATE session SET state = 'open' WHERE number = 1", "number 1: state is \"open\""),
        ("UPDATE session SET client = 'C-8' WHERE number = 2", "client is \"C-8\""),
        ("DELETE FROM session WHERE number = 2", "the table `session` lacks number 2"),
        ("INSERT INTO client VALUES ('C-8')", "the table `client` holds client \"C-8\""),
        ("UPDATE product SET dose = 1 WHERE product = 'NUMB'", "dose is 1; the entries make it 25"),
        ("UPDATE product SET retired = 0", "retired is 0; the entries make it 1"),
        ("UPDATE product SET name = 'x' WHERE product = 'NUMB'", "the entries make it nothing"),
        ("DELETE FROM attribute", "the table `attribute` lacks product \"CART-12\", field"),
        ("UPDATE gtin SET packs = 2", "packs is 2; the entries make it 4"),
        ("UPDATE staff SET roles = 'manager'", "roles is \"manager\"; the entries make it \"tech"),
        ("DELETE FROM qualification", "`qualification` lacks staff_key \"ana\", field \"cert"),
        ("UPDATE place SET kind = 'shelf'", "kind is \"shelf\"; the entries make it \"room\""),
        ("UPDATE book SET clinic = 'x'", "clinic is \"x\"; the entries make it \"Praxis"),
        ("UPDATE protocol SET sha256 = 'x'", "the table `protocol` was changed: seq"),
        ("UPDATE protocol_text SET text = text || ' '", "the protocol text"),
        ("DELETE FROM protocol_text", "names the protocol text"),
        (
            "INSERT INTO protocol_text VALUES (printf('%064d', 0), 'x')",
            "no entry names the protocol",
        ),
        (
            "UPDATE head SET recorded_at = 1799999999000",
            "the head says the time 2027-01-15T07:59:59.000Z of the last entry, which has 2026-",
        ),
        ("UPDATE head SET size = 3", "the head says 3 entries; there are"),
    ] {
        let problems = after(sql);
        assert!(problems.contains(expected), "{sql}\nshould say: {expected}\nsays: {problems}");
    }
}

#[test]
fn a_fence_that_was_torn_down_is_named() {
    for (sql, expected) in [
        (
            "DROP TRIGGER entry_append_only_update",
            "the trigger `entry_append_only_update` is missing from the schema\n",
        ),
        (
            "DROP TRIGGER entry_append_only_delete;
             CREATE TRIGGER entry_append_only_delete BEFORE DELETE ON entry BEGIN SELECT 1; END",
            "the trigger `entry_append_only_delete` of the schema was altered\n",
        ),
        ("DROP INDEX entry_by_id", "the index `entry_by_id` is missing from the schema\n"),
        ("CREATE TABLE notes (x)", "the table `notes` was added to the schema\n"),
        (
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_t',
             'entry', 0, 'CREATE TRIGGER sqlite_t BEFORE INSERT ON entry BEGIN SELECT 1; END')",
            "the trigger `sqlite_t` was added to the schema\n",
        ),
        (
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT 'index', 'entry_by_lot',
             'entry', rootpage, NULL FROM sqlite_schema WHERE name = 'entry_by_lot'",
            "the index `entry_by_lot` of the schema was altered\n",
        ),
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'clienT'
             WHERE name = 'client'",
            "the table `client` of the schema was altered\n",
        ),
        (
            "ALTER TABLE client ADD COLUMN name TEXT",
            "the table `client` of the schema was altered\n",
        ),
    ] {
        let desk = Desk::new();
        desk.meddle(sql);
        assert_eq!(desk.problems(), expected);
    }
}

#[test]
fn a_header_that_counts_wrongly_is_named() {
    let desk = Desk::new();
    let sound = std::fs::read(&desk.path).unwrap();
    let mut counted = sound.clone();
    counted[38] ^= 1;
    std::fs::write(&desk.path, &counted).unwrap();
    says(&desk.problems(), &["the header counts 256 free pages, and there are none"]);
    std::fs::write(&desk.path, [&sound[..], &[7; 5000]].concat()).unwrap();
    says(&desk.problems(), &["bytes, and its header counts"]);
    std::fs::write(&desk.path, &sound).unwrap();
    assert_eq!(desk.problems(), "");
}

#[test]
fn a_ledger_of_nonsense_is_answered_and_its_first_bad_entry_named() {
    for sql in [
        "DELETE FROM entry",
        "DELETE FROM entry WHERE seq = 0",
        "UPDATE entry SET seq = seq * 1000000007 WHERE seq > 3",
        "UPDATE entry SET seq = seq - 9",
        "UPDATE entry SET txn = 9223372036854775807, corrects = 9223372036854775807",
        "UPDATE entry SET recorded_at = 9223372036854775807 WHERE seq > 4",
        "UPDATE entry SET recorded_at = -9223372036854775807, occurred_at = -9223372036854775000",
        "UPDATE entry SET occurred_offset_min = 30000",
        "UPDATE entry SET quantity = 9223372036854775807 WHERE quantity > 0",
        "UPDATE entry SET quantity = -9223372036854775807 WHERE quantity > 0",
        "UPDATE entry SET entry_id = x'00', leaf = x'11'",
        "UPDATE entry SET detail = 'x', action = 'stock.use'",
        "UPDATE entry SET detail = '', staff = '', role = char(0)",
        "UPDATE entry SET staff = CAST(x'ff' AS TEXT)",
        "UPDATE entry SET action = 'reversal', corrects = seq - 1, reason_code = 'mis-scan'",
    ] {
        let desk = Desk::new();
        desk.force(sql);
        let verified = desk.verify();
        assert!(!verified.problems.is_empty(), "{sql}");
        let first: Option<&Problem> = verified.problems.iter().next();
        assert!(
            first.is_some_and(
                |problem| problem.seq.is_some() || sql.starts_with("DELETE FROM entry")
            )
        );
    }
}

/// Everything that the tables hold, as text.
fn contents(file: &Connection) -> Option<String> {
    let mut all = String::new();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = file.prepare(tables).ok()?;
    let names = statement.query_map([], |row| row.get::<_, String>(0)).ok()?;
    for name in names {
        let mut statement = file.prepare(&format!("SELECT * FROM \"{}\"", name.ok()?)).ok()?;
        let columns = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            for column in 0..columns {
                all.push_str(&format!("{:?},", row.get_ref(column).ok()?));
            }
        }
    }
    Some(all)
}

#[test]
fn a_flipped_bit_is_found_wherever_it_means_anything() {
    let desk = Desk::new();
    let (sound, bytes) = (contents(&desk.file()).unwrap(), std::fs::read(&desk.path).unwrap());
    let mut found = 0;
    // Every page is hit in several places, and every kind of bit.
    for (count, at) in (100..bytes.len()).step_by(2999).enumerate() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (count % 8);
        std::fs::write(&desk.path, &flipped).unwrap();
        let verified = desk
            .try_open()
            .and_then(|mut book| book.read(|snapshot| snapshot.verify(None, &mut |_| {})));
        match verified {
            Ok(verified) if verified.problems.is_empty() => {
                let now = contents(&desk.file());
                assert_eq!(now.as_ref(), Some(&sound), "a changed byte at {at} was not found");
            }
            _ => found += 1,
        }
    }
    assert!(found > 5, "only {found} of the flipped bits lay where something is written");
}

/// What can't be read is named by its table, key and column, and all the rest is checked.
#[test]
fn a_value_of_another_kind_is_named_by_its_column_and_stops_no_other_check() {
    for (sql, expected) in [
        (
            "UPDATE protocol_text SET text = cast(x'ff' AS TEXT); UPDATE staff SET name = 'Eve'",
            &[" can't be read: the column `text` holds what is not UTF-8", "`staff`"][..],
        ),
        (
            "UPDATE entry SET lot = cast(x'ff' AS TEXT) WHERE seq = 9;
             UPDATE staff SET name = 'Eve'",
            &["entry 9: ", "the column `lot` holds what is not UTF-8", "`staff`"],
        ),
        (
            "UPDATE head SET frontier = substr(frontier, 1, length(frontier) - 32)",
            &["the head's Merkle frontier can't be read: it has ", "that it counts it needs "],
        ),
    ] {
        let desk = Desk::new();
        desk.force(sql);
        says(&desk.problems(), expected);
        assert_eq!(desk.run(&["audit", "verify"]).code, 1, "{sql}");
    }
}

/// SQLite counts the rows of a table from 1, the ledger its entries from 0.
#[test]
fn an_entry_that_an_index_forgot_is_named_by_its_number() {
    let desk = Desk::new();
    let alter = |from: &str, to: &str| {
        desk.force(&format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema
             SET sql = replace(sql, '{from}', '{to}') WHERE name = 'entry_by_lot'"
        ));
    };
    let query = "SELECT seq FROM entry WHERE lot IS NOT NULL LIMIT 1";
    let seq: i64 = desk.file().query_row(query, [], |row| row.get(0)).unwrap();
    let narrow = format!("lot IS NOT NULL AND seq <> {seq}");
    alter("lot IS NOT NULL", &narrow);
    desk.force("REINDEX entry_by_lot");
    alter(&narrow, "lot IS NOT NULL");
    let row = seq + 1;
    let told = format!("row {row} missing from index entry_by_lot; row {row} is entry {seq}, if");
    says(&desk.problems(), &[&told]);
}
