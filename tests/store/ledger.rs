//! What the ledger promises whoever writes to it: it only grows, a command is written whole or not
//! at all, and reading sees one moment.

use std::sync::Arc;

use lotbook::domain::catalog::{PlaceKind, Role};
use lotbook::domain::fact::{Action, Change, Fact};
use lotbook::domain::time::Instant;
use lotbook::domain::trail::line::COLUMNS;
use lotbook::store::{Book, Rows, StoreError};

use crate::clinic::{
    Clinic, Seeded, Ticking, actor, append_all, cartridge, cream, delivery, item, mara, moment,
    moved, opening, person, waste,
};
use crate::engines::{Database, On, on_every_engine};
use crate::golden;

on_every_engine!(
    every_query_file_can_be_prepared,
    no_sql_verb_changes_or_cuts_the_ledger,
    a_command_that_fails_half_way_leaves_nothing,
    a_fact_that_its_entry_would_not_give_back_is_refused,
    an_edit_that_could_not_be_read_again_is_refused,
    a_read_sees_one_moment_while_others_write,
    bulk_writing_makes_the_same_root_as_single_commands,
    bulk_writing_keeps_the_rules_of_the_clock_and_of_roles,
    a_clock_a_little_behind_is_held_at_the_last_entry_and_one_far_behind_is_refused,
    nothing_happens_in_the_future,
    an_act_outside_ones_roles_is_refused_and_recorded,
    a_refusal_stands_where_its_attempt_is_not_recorded,
    whoever_has_no_role_is_told_what_they_tried,
    a_clock_outside_the_years_of_a_book_writes_nothing,
    an_unknown_actor_is_refused_and_nothing_recorded,
    reading_leaves_no_trace,
);

fn every_query_file_can_be_prepared(on: On) {
    let database = on.database();
    Clinic::open(database.engine(), 1);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/queries");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let prepared = database.prepare(&text);
        prepared.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        count += 1;
    }
    assert!(count > 60, "only {count} query files were found");
}

/// Statements that would rewrite history, each with what it would do.
fn forbidden() -> Vec<(&'static str, String)> {
    let stored: Vec<&str> =
        COLUMNS.iter().copied().chain(["occurred_offset_min", "leaf"]).collect();
    let into = format!("INTO entry ({})", stored.join(", "));
    // A copy of entry 30 with some columns changed; entry 30 corrects another one.
    let copy = |changed: &[(&str, &str)]| {
        let values: Vec<&str> = stored
            .iter()
            .map(|column| changed.iter().find(|(name, _)| name == column).map_or(*column, |c| c.1))
            .collect();
        format!("{into} SELECT {} FROM entry WHERE seq = 30", values.join(", "))
    };
    let next = ("seq", "(SELECT max(seq) + 1 FROM entry)");
    let (later, new_id) = (("seq", "(SELECT max(seq) + 2 FROM entry)"), ("entry_id", FRESH_ID));
    let no_corrects = ("corrects", "NULL");
    let fresh = copy(&[new_id, no_corrects]);
    let upsert = "ON CONFLICT (seq) DO UPDATE SET staff = 'eve'";
    vec![
        ("edit", "UPDATE entry SET staff = 'eve' WHERE seq = 3".into()),
        ("edit nothing", "UPDATE entry SET seq = seq".into()),
        ("delete the last", "DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)".into()),
        ("delete all", "DELETE FROM entry".into()),
        ("insert again", format!("INSERT {fresh}")),
        ("replace by seq", format!("INSERT OR REPLACE {fresh}")),
        ("replace by seq, briefly", format!("REPLACE {fresh}")),
        ("ignore by seq", format!("INSERT OR IGNORE {fresh}")),
        ("upsert", format!("INSERT {} AND true {upsert}", fresh)),
        ("replace by entry_id", format!("INSERT OR REPLACE {}", copy(&[next, no_corrects]))),
        ("replace by corrects", format!("INSERT OR REPLACE {}", copy(&[next, new_id]))),
        ("leave a gap", format!("INSERT {}", copy(&[later, new_id, no_corrects]))),
        ("insert before", format!("INSERT {}", copy(&[("seq", "-1"), new_id, no_corrects]))),
        ("no seq", format!("INSERT {}", copy(&[("seq", "NULL"), new_id, no_corrects]))),
        ("move", "UPDATE OR REPLACE entry SET seq = 5 WHERE seq = 6".into()),
        ("move away", "UPDATE OR IGNORE entry SET seq = 99 WHERE seq = 6".into()),
    ]
}

const FRESH_ID: &str = "X'01a19b45b800738d949198559cdb5d46'";

fn no_sql_verb_changes_or_cuts_the_ledger(on: On) {
    let database = on.database();
    golden::flow(database.engine());
    let before = database.rows("entry");
    for (what, sql) in forbidden() {
        let done = database.engine().batch(&sql);
        assert!(done.is_err(), "{what}: {sql}");
        assert_eq!(database.rows("entry"), before, "{what}");
    }
    // What a foreign shell leaves off must not open the door either.
    for recursive_triggers in ["OFF", "ON"] {
        let Some(shell) = database.foreign_shell() else { return };
        shell.execute_batch(&format!("PRAGMA recursive_triggers = {recursive_triggers}")).unwrap();
        for (what, sql) in forbidden() {
            let done = shell.execute_batch(&sql);
            assert!(done.is_err(), "{what} with recursive_triggers {recursive_triggers}: {sql}");
            assert_eq!(database.rows("entry"), before, "{what}");
        }
    }
}

/// Everything that a book holds.
fn contents(database: &Database) -> Vec<Vec<String>> {
    crate::copy::TABLES.iter().map(|table| database.rows(table)).collect()
}

fn a_command_that_fails_half_way_leaves_nothing(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    clinic.writes(&[delivery(item(&cartridge(), "A", "2027-03", 5))]);
    let before = (clinic.tree(), contents(&database));
    let client = Fact::ClientNew("C-1".parse().unwrap());
    let changed_mind = clinic.book.write(actor("mara"), None, |writing| {
        append_all(writing, &[client.clone(), delivery(item(&cartridge(), "B", "none", 1))])?;
        writing.keep_protocol_text("id = \"x\"\n")?;
        Err::<(), _>(StoreError::Invariant("changed my mind".to_owned()))
    });
    assert!(matches!(changed_mind, Err(StoreError::Invariant(_))));
    assert_eq!((clinic.tree(), contents(&database)), before);
    let too_much = waste(item(&cartridge(), "A", "2027-03", 6), "stockroom", "dropped");
    let unknown = waste(item(&cartridge(), "Z", "2027-03", 1), "stockroom", "dropped");
    let twice = Fact::PlaceAdd { place: "Room-1".parse().unwrap(), kind: PlaceKind::Room };
    for failing in [too_much, unknown, twice] {
        clinic.try_write(&[client.clone(), failing]).unwrap_err();
        assert_eq!((clinic.tree(), contents(&database)), before);
    }
    clinic.writes(&[client]);
    assert_eq!(clinic.tree().0, before.0.0 + 1, "the book goes on");
}

fn a_fact_that_its_entry_would_not_give_back_is_refused(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let before = clinic.tree();
    let mut titles = person("eva", &[Role::Technician]);
    titles.titles = vec!["nurse+physician".to_owned()];
    let mut retired = cartridge();
    retired.sku = "OLD-1".parse().unwrap();
    retired.retired = true;
    let mut single_with_life = cartridge();
    single_with_life.sku = "CART-9".parse().unwrap();
    single_with_life.opened_life = cream().opened_life;
    for fact in [
        Fact::StaffAdd(person("eva", &[])),
        Fact::StaffAdd(titles),
        Fact::ProductAdd(retired),
        Fact::ProductAdd(single_with_life),
    ] {
        let refused = clinic.try_write(std::slice::from_ref(&fact));
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{fact:?}: {refused:?}");
    }
    assert_eq!(clinic.tree(), before);
}

fn an_edit_that_could_not_be_read_again_is_refused(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let before = clinic.tree();
    let staff = |id: &str, field: &str, new: &str| Fact::StaffEdit {
        id: id.parse().unwrap(),
        change: Change { field: field.into(), old: None, new: Some(new.into()) },
    };
    let product = |sku: &str, field: &str, new: &str| Fact::ProductEdit {
        product: sku.parse().unwrap(),
        unit: cream().unit(),
        change: Change { field: field.into(), old: None, new: Some(new.into()) },
    };
    for fact in [
        staff("tara", "roles", "queen"),
        staff("tara", "certificate.laser", "soon"),
        staff("tara", "shoes", "42"),
        staff("nobody", "name", "N."),
        product("NUMB-4", "category", "creams"),
        product("NUMB-4", "opened_life", "a while"),
        product("NUMB-4", "dose", "2.5"),
        product("NUMB-4", "dose", "2.5 ml"),
        product("NUMB-4", "shoes", "42"),
        product("NUMB-5", "name", "none such"),
        staff("tara", "limit.", "1"),
        product("NUMB-4", "attr.Big", "1"),
        product("NUMB-4", "gtin.09504000059101", "many"),
        Fact::ProtocolPublish {
            protocol: "acne@1".parse().unwrap(),
            sha256: "not a hash".into(),
            parent: None,
        },
    ] {
        let refused = clinic.try_write(std::slice::from_ref(&fact));
        assert!(refused.is_err(), "{fact:?}");
        assert_eq!(clinic.tree(), before, "{fact:?}");
    }
    clinic.book.read(|snapshot| Ok((snapshot.people()?, snapshot.products()?))).unwrap();
}

fn a_read_sees_one_moment_while_others_write(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let Some(engine) = database.second() else { return };
    let clock = Box::new(Ticking::new());
    let mut reader = Book::open(engine, clock, Box::new(Seeded::new(2))).unwrap();
    let product = cartridge();
    let read = reader.read(|snapshot| {
        let look = |snapshot: &mut lotbook::store::Snapshot<'_>| {
            let mut entries = 0;
            snapshot.entries(0, u64::MAX, &mut |_, _| {
                entries += 1;
                Ok(Rows::More)
            })?;
            let head = snapshot.head()?.frontier.root();
            Ok::<_, StoreError>((entries, head, snapshot.holdings(&product)?))
        };
        let before = look(snapshot)?;
        clinic.writes(&[delivery(item(&product, "A", "2027-03", 5))]);
        assert_eq!(look(snapshot)?, before);
        Ok(before)
    });
    let (entries, ..) = read.unwrap();
    assert_eq!(reader.read(|snapshot| Ok(snapshot.size())).unwrap(), entries + 1);
}

fn bulk_writing_makes_the_same_root_as_single_commands(on: On) {
    let commands = |product| {
        [
            vec![
                delivery(item(product, "A", "2027-03", 5)),
                delivery(item(product, "B", "none", 7)),
            ],
            vec![waste(item(product, "A", "2027-03", 2), "stockroom", "dropped")],
            vec![Fact::ClientNew("C-1".parse().unwrap())],
        ]
    };
    let product = cartridge();
    let (single, bulk) = (on.database(), on.database());
    let mut one = Clinic::equipped(single.engine(), 7);
    let first = one.clock.next();
    let mut receipts = Vec::new();
    for facts in commands(&product) {
        receipts.push(one.writes(&facts));
    }
    let mut many = Clinic::equipped(bulk.engine(), 7);
    let mara = many.book.read(|snapshot| snapshot.person("mara")).unwrap().unwrap();
    let mara = Arc::new(mara);
    let written = many.book.write_bulk(actor("mara"), |writing| {
        for (second, facts) in (0..).zip(commands(&product)) {
            writing.next_command(first.plus_millis(second * 1000), &mara)?;
            append_all(writing, &facts)?;
        }
        Ok(())
    });
    assert_eq!(written.unwrap().1.root, receipts.last().unwrap().root);
    assert_eq!(one.lines(), many.lines());
    assert_eq!(contents(&single), contents(&bulk));
}

fn bulk_writing_keeps_the_rules_of_the_clock_and_of_roles(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let now = clinic.clock.next();
    let (mara, client) = (Arc::new(crate::clinic::mara()), Fact::ClientNew("C-1".parse().unwrap()));
    let back = clinic.book.write_bulk(actor("mara"), |writing| {
        writing.next_command(now.plus_millis(-240_000), &mara)
    });
    assert!(matches!(back, Err(StoreError::Clock { .. })));
    // Whoever acts acts as they are by then, not as they were when the bulk began.
    let written = clinic.book.write_bulk(actor("mara"), |writing| {
        writing.next_command(now, &mara)?;
        let (old, new) = (Some("manager".into()), Some("technician".into()));
        let change = Change { field: "roles".into(), old, new };
        writing.append(&Fact::StaffEdit { id: mara.id.clone(), change })?;
        writing.next_command(now, &Arc::new(person("mara", &[Role::Technician])))?;
        writing.append(&client)
    });
    written.unwrap();
    assert!(clinic.lines().last().unwrap().contains(",mara,technician,client.new,"));
    clinic.verifies();
}

fn a_clock_a_little_behind_is_held_at_the_last_entry_and_one_far_behind_is_refused(on: On) {
    let database = on.database();
    let mut clinic = Clinic::open(database.engine(), 1);
    let client = |number: u32| Fact::ClientNew(format!("C-{number}").parse().unwrap());
    clinic.clock.set("2026-11-02T10:00:00.500Z");
    clinic.writes(&[client(1)]);
    clinic.clock.set("2026-11-02T09:58:00.500Z");
    clinic.writes(&[client(2)]);
    let line = clinic.lines().pop().unwrap();
    assert!(line.contains(",2026-11-02T10:00:00.500Z,2026-11-02T11:00:00+01:00,"), "{line}");
    let before = clinic.tree();
    clinic.clock.set("2026-11-02T09:58:00.499Z");
    let refused = clinic.try_write(&[client(3)]).unwrap_err();
    let StoreError::Clock { now, last, .. } = refused else { panic!("{refused}") };
    assert_eq!(now.to_string(), "2026-11-02T09:58:00.499Z");
    assert_eq!(last.to_string(), "2026-11-02T10:00:00.500Z");
    assert_eq!(clinic.tree(), before);
    clinic.clock.set("2026-11-02T10:00:01.000Z");
    clinic.writes(&[client(3)]);
}

fn nothing_happens_in_the_future(on: On) {
    let database = on.database();
    let mut clinic = Clinic::open(database.engine(), 1);
    let client = |number: u32| [Fact::ClientNew(format!("C-{number}").parse().unwrap())];
    let before = clinic.tree();
    clinic.clock.set("2026-11-02T10:00:00.999Z");
    let soon = Some(moment("2026-11-02T11:00:01+01:00"));
    let refused = clinic.try_write_as("mara", soon, &client(1)).unwrap_err();
    assert!(refused.to_string().contains("lies in the future"), "{refused}");
    assert_eq!(clinic.tree(), before);
    clinic.clock.set("2026-11-02T10:00:00.999Z");
    let now = Some(moment("2026-11-02T11:00:00+01:00"));
    clinic.try_write_as("mara", now, &client(1)).unwrap();
    clinic.try_write_as("mara", Some(moment("2000-01-01T01:00:00+01:00")), &client(2)).unwrap();
}

fn an_act_outside_ones_roles_is_refused_and_recorded(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let before = clinic.tree().0;
    let eva = Fact::StaffAdd(person("eva", &[Role::Manager]));
    let client = Fact::ClientNew("C-1".parse().unwrap());
    let tried = clinic.try_write_as("tara", None, &[client, eva]);
    let Err(StoreError::NotPermitted { action, refusal }) = tried else { panic!("{tried:?}") };
    assert_eq!(action, Action::StaffAdd);
    assert_eq!(
        refusal.to_string(),
        "tara may not record `staff.add`; it needs the role manager; tara is technician"
    );
    let lines = clinic.lines();
    assert_eq!(lines.len() as u64, before + 1, "only the attempt is written");
    assert!(lines.last().unwrap().contains(",tara,technician,access.refuse,"));
    assert!(lines.last().unwrap().ends_with(",action=staff.add"));
}

fn a_refusal_stands_where_its_attempt_is_not_recorded(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let (before, clock) = (clinic.tree().0, clinic.clock.clone());
    let tried = clinic.book.write(actor("tara"), None, |writing| {
        clock.shift_seconds(-86_400);
        writing.permit(Action::StaffAdd)
    });
    let Err(StoreError::NotPermitted { refusal, .. }) = tried else { panic!("{tried:?}") };
    assert!(refusal.what.contains("tara may not record"), "{refusal}");
    assert!(refusal.why.iter().any(|why| why.contains("was not recorded: the clock")), "{refusal}");
    assert_eq!(clinic.tree().0, before);
}

fn a_clock_outside_the_years_of_a_book_writes_nothing(on: On) {
    for edge in [Instant::EARLIEST, Instant::LATEST] {
        let (database, clock) = (on.database(), Ticking::new());
        clock.set(&edge.to_string());
        let given = (Box::new(clock.clone()), Box::new(Seeded::new(1)));
        let made = Book::create(database.engine(), given.0, given.1, opening(), mara());
        let said = made.map(drop).unwrap_err().to_string();
        assert!(said.contains("outside the years 2000 to 9999"), "{said}");
    }
    let database = on.database();
    let mut clinic = Clinic::open(database.engine(), 1);
    clinic.clock.set(&Instant::LATEST.to_string());
    let refused = clinic.try_write_as("mara", None, &[Fact::ClientNew("C-1".parse().unwrap())]);
    assert!(refused.unwrap_err().to_string().contains("outside the years"));
}

fn whoever_has_no_role_is_told_what_they_tried(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let old = Some("technician".into());
    let change = Change { field: "roles".into(), old, new: None };
    clinic.writes(&[Fact::StaffEdit { id: "tara".parse().unwrap(), change }]);
    let client = Fact::ClientNew("C-1".parse().unwrap());
    let tried = clinic.try_write_as("tara", None, &[client]);
    let Err(StoreError::NotPermitted { action, .. }) = tried else { panic!("{tried:?}") };
    assert_eq!(action, Action::ClientNew);
}

fn an_unknown_actor_is_refused_and_nothing_recorded(on: On) {
    let database = on.database();
    let mut clinic = Clinic::equipped(database.engine(), 1);
    let before = clinic.tree();
    let client = [Fact::ClientNew("C-1".parse().unwrap())];
    let refused = clinic.try_write_as("zoe", None, &client).unwrap_err().to_string();
    assert_eq!(refused, "nobody in this book has the id zoe; the book knows ivo, mara, tara");
    assert_eq!(clinic.tree(), before);
}

fn reading_leaves_no_trace(on: On) {
    let database = on.database();
    let mut clinic = golden::flow(database.engine());
    let before = contents(&database);
    clinic.lines();
    let ids = (cream(), "S-0001".parse().unwrap());
    clinic
        .book
        .read(|snapshot| Ok((snapshot.holdings(&ids.0)?, snapshot.session(ids.1)?)))
        .unwrap();
    assert_eq!(contents(&database), before);
}

/// A use of a tube needs a tube: kept here so that the fixture's own moves are checked once.
#[test]
fn the_fixture_moves_name_the_container_at_either_end() {
    let tube = item(&cream(), "7", "none", 1);
    for (from, to) in [("stockroom", "container:K-0001"), ("container:K-0001", "waste")] {
        let moved = moved(tube.clone(), from, to);
        assert_eq!(moved.container.unwrap().to_string(), "K-0001");
    }
}
