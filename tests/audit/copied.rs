//! Entries that were written honestly from a table that lied: the tables are right again, every
//! hash holds, and what the entry repeats is still not what the entries before it make.

use std::collections::BTreeMap;

use lotbook::domain::catalog::Category;
use lotbook::domain::fact::{AtStep, Change, Fact, InSession, Item, Usage};
use lotbook::domain::id::{Lot, SessionId};
use lotbook::domain::place::Place;
use lotbook::domain::quantity::{Quantity, Unit, Value};
use lotbook::domain::session::{ItemFault, ItemStatus};
use lotbook::domain::time::{Day, Expiry, Moment};
use lotbook::store::{Actor, Writing};

use crate::book::{Desk, because, item, receipt, write};

fn day(text: &str) -> Option<Day> {
    Some(text.parse().unwrap())
}

fn change(field: &str, old: &str, new: &str) -> Change {
    Change { field: field.into(), old: Some(old.into()), new: Some(new.into()) }
}

fn cartridge(to: &str) -> Item {
    item("CART-12", "24C0110", 1, Unit::Each, "stockroom", to)
}

pub(crate) fn tube(number: u32) -> Item {
    let container = format!("container:K-{number:04}");
    let mut item = item("NUMB", "N/7", 10_000, Unit::Gram, "room-1", &container);
    item.container = Some(format!("K-{number:04}").parse().unwrap());
    item
}

pub(crate) fn within(session: u32) -> InSession {
    InSession {
        session: SessionId::new(session),
        client: "C-7K2M9QX4".parse().unwrap(),
        protocol: "acne-scars-face@2026.1".parse().unwrap(),
    }
}

/// What an honest program writes for one cartridge.
pub(crate) fn usage() -> Usage {
    let areas = vec!["cheek".parse().unwrap()];
    Usage {
        // The session has ended, and takes what its follow-up uses.
        at: AtStep { within: within(1), step: "review".parse().unwrap(), areas },
        item: cartridge("session:S-0001"),
        attributes: BTreeMap::from([("needles".parse().unwrap(), Value::read("12"))]),
        category: Category::Cartridge,
        discard_by: None,
        fefo_overridden: false,
        status: ItemStatus::USABLE,
    }
}

/// What an honest program writes for a gram of the open tube.
pub(crate) fn cream() -> Usage {
    let item = Item {
        quantity: Quantity::from_parts(1000, Unit::Gram).unwrap(),
        from: Place::Container("K-0001".parse().unwrap()),
        to: Place::Session(SessionId::new(1)),
        ..tube(1)
    };
    Usage {
        item,
        attributes: BTreeMap::from([("strength".parse().unwrap(), Value::read("5 %"))]),
        category: Category::Anesthetic,
        discard_by: day("2026-12-20"),
        ..usage()
    }
}

fn hold(desk: &Desk) {
    let (product, lot) = ("CART-12".parse().unwrap(), Lot::new("24C0110").ok());
    let held = Fact::LotHold { product, lot, because: because("complaint") };
    write(&mut desk.open(), "ana", &[held]);
}

/// The facts of one command: a use comes behind the step that it is of.
pub(crate) fn command(fact: Fact) -> Vec<Fact> {
    let Fact::StockUse(usage) = &fact else { return vec![fact] };
    let (readings, despite) = (BTreeMap::new(), Vec::new());
    vec![Fact::SessionStep { at: usage.at.clone(), readings, despite }, fact]
}

/// What verifying says of one more entry; it is the first bad one if anything is wrong.
#[track_caller]
fn judged(desk: &Desk, fact: Fact) -> String {
    let facts = command(fact);
    let seq = write(&mut desk.open(), "mara", &facts) + facts.len() as u64 - 1;
    let problems = desk.problems();
    assert!(problems.is_empty() || problems.starts_with(&format!("entry {seq}: ")), "{problems}");
    problems
}

#[track_caller]
fn refused(fact: Fact, expected: &str) {
    let problems = judged(&Desk::new(), fact);
    assert!(problems.contains(expected), "not said: {expected}\n{problems}");
}

#[test]
fn an_honest_use_verifies() {
    let desk = Desk::new();
    assert_eq!(judged(&desk, Fact::StockUse(usage())), "");
    assert_eq!(judged(&desk, Fact::StockUse(cream())), "");
    let discard_by = day("2026-12-20");
    assert_eq!(judged(&desk, Fact::ContainerOpen { item: tube(2), discard_by }), "");
}

#[test]
fn a_use_must_repeat_what_was_known_of_its_item() {
    let later = Expiry(day("2030-01-01"));
    let used = |change: fn(&mut Usage), base: Usage| {
        let mut usage = base;
        change(&mut usage);
        Fact::StockUse(usage)
    };
    refused(
        used(|u| u.status = ItemStatus::of([ItemFault::Held]), usage()),
        "the item was \"held\"; the entries",
    );
    refused(used(|u| u.category = Category::Serum, usage()), "the category is \"serum\"; the en");
    refused(used(|u| u.attributes.clear(), usage()), "`needles` is nothing; the entries before");
    refused(
        used(|u| _ = u.attributes.insert("depth".parse().unwrap(), Value::read("1")), usage()),
        "`depth` is \"1\"; the entries before it make it nothing",
    );
    refused(used(|u| u.discard_by = None, cream()), "discarded after nothing; the entries befor");
    let mut usage = usage();
    usage.item.expiry = later;
    refused(Fact::StockUse(usage), "the expiry is \"2030-01-01\"; the entries before it make it");
}

#[test]
fn a_use_of_a_held_lot_is_not_usable_because_the_table_said_so_for_a_moment() {
    let desk = Desk::new();
    hold(&desk);
    desk.meddle("UPDATE lot SET status = 'released' WHERE lot = '24C0110'");
    let seq = write(&mut desk.open(), "mara", &command(Fact::StockUse(usage()))) + 1;
    desk.meddle("UPDATE lot SET status = 'held' WHERE lot = '24C0110'");
    let expected = "the item was \"usable\"; the entries before it make it \"held\"";
    assert_eq!(desk.problems(), format!("entry {seq}: says that {expected}\n"));
}

#[test]
fn a_late_use_may_know_the_status_of_then_or_of_now() {
    let desk = Desk::new();
    let then = desk.open().read(|snapshot| snapshot.head()).unwrap().recorded_at;
    hold(&desk);
    let at = desk.open().about().zone.moment(then);
    for status in [ItemStatus::USABLE, ItemStatus::of([ItemFault::Held])] {
        let facts = command(Fact::StockUse(Usage { status, ..usage() }));
        let actor = Actor::Staff("ana".parse().unwrap());
        let append = |fact: &Fact, writing: &mut Writing<'_>| writing.append(fact).map(drop);
        let written = desk.open().write(actor, Some(at), |writing| {
            facts.iter().try_for_each(|fact| append(fact, writing))
        });
        written.unwrap();
        assert_eq!(desk.problems(), "");
    }
}

#[test]
fn an_opening_must_follow_from_product_and_lot() {
    let open = |item: Item, last: &str| Fact::ContainerOpen { item, discard_by: day(last) };
    refused(open(tube(2), "2027-03-31"), "discarded after \"2027-03-31\"; the entries before it");
    refused(open(tube(3), "2026-12-20"), "the container has the number \"3\"; the entries before");
    let mut half = tube(2);
    half.quantity = Quantity::from_parts(5000, Unit::Gram).unwrap();
    refused(open(half, "2026-12-20"), "one pack holds \"5\"; the entries before it make it \"10\"");
    let mut other = tube(2);
    other.expiry = Expiry(day("2026-12-01"));
    refused(open(other, "2026-12-01"), "the expiry is \"2026-12-01\"; the entries before it make");
}

#[test]
fn waste_and_a_later_receipt_repeat_the_expiry_of_the_lot() {
    let mut thrown = cartridge("waste");
    thrown.expiry = Expiry(None);
    let waste = Fact::StockWaste { item: thrown, session: None, because: because("expired") };
    refused(waste, "the expiry is nothing; the entries before it make it \"2027-03-31\"");
    let mut more = item("CART-12", "24C0110", 1, Unit::Each, "supplier", "stockroom");
    more.expiry = Expiry(day("2030-01-01"));
    let desk = Desk::new();
    desk.meddle("UPDATE lot SET expiry = '2030-01-01' WHERE lot = '24C0110'");
    write(&mut desk.open(), "mara", &[receipt(more)]);
    desk.meddle("UPDATE lot SET expiry = '2027-03-31' WHERE lot = '24C0110'");
    let problems = desk.problems();
    assert!(problems.contains("the expiry is \"2030-01-01\"; the entries before"), "{problems}");
}

#[test]
fn an_edit_must_name_the_value_that_was_there() {
    let desk = Desk::new();
    desk.meddle("UPDATE qualification SET value = '9 mm' WHERE field = 'limit.depth'");
    let change_limit = change("limit.depth", "9 mm", "1 mm");
    let edit = Fact::StaffEdit { id: "ana".parse().unwrap(), change: change_limit };
    write(&mut desk.open(), "mara", &[edit]);
    let problems = desk.problems();
    assert!(problems.contains("`limit.depth` was \"9 mm\"; the entries before"), "{problems}");

    let desk = Desk::new();
    desk.meddle("UPDATE product SET opened_life = '300 days' WHERE product = 'NUMB'");
    let edit = Fact::ProductEdit {
        product: "NUMB".parse().unwrap(),
        unit: Unit::Gram,
        change: change("opened_life", "300 days", "28 days"),
    };
    let problems = judged(&desk, edit);
    assert!(problems.contains("`opened_life` was \"300 days\"; the entries"), "{problems}");
}

#[test]
fn sessions_are_numbered_without_a_gap_and_retired_products_stay_away() {
    let desk = Desk::new();
    let sha256: String =
        desk.file().query_row("SELECT sha256 FROM protocol", [], |row| row.get(0)).unwrap();
    let start = Fact::SessionStart {
        within: within(9),
        areas: vec!["cheek".parse().unwrap()],
        pen: None,
        place: None,
        sha256: sha256.into(),
    };
    let problems = judged(&desk, start);
    assert!(problems.contains("the session has the number \"9\"; the entries"), "{problems}");
    let retired = item("CART-12-X", "L1", 1, Unit::Each, "supplier", "stockroom");
    refused(receipt(retired), "handles CART-12-X, which was retired before it");
}

#[test]
fn an_entry_happened_at_the_offset_of_the_zone() {
    let desk = Desk::new();
    let at = Moment::parse("2026-11-21T22:00:00+14:00").unwrap();
    let fact = Fact::ClientNew("C-99".parse().unwrap());
    let actor = Actor::Staff("ana".parse().unwrap());
    desk.open().write(actor, Some(at), |writing| writing.append(&fact)).unwrap();
    let expected = "happened at 2026-11-21T22:00:00+14:00, which in Europe/Berlin is 2026-11-21T09";
    assert!(desk.problems().contains(expected), "{}", desk.problems());
}

#[test]
fn what_moves_under_a_serial_number_is_its_pack_from_where_it_lies() {
    let numbered = |item: Item, serial: &str| Item { serial: serial.parse().ok(), ..item };
    let desk = Desk::new();
    let pack = |parts| format!("UPDATE product SET pack = {parts} WHERE product = 'CART-12'");
    desk.meddle(&pack(2));
    let two = item("CART-12", "24C0110", 2, Unit::Each, "supplier", "stockroom");
    let seq = write(&mut desk.open(), "mara", &[receipt(numbered(two, "SN-2"))]);
    desk.meddle(&pack(1));
    let expected = "moves another than its pack: serial SN-2 names one pack, not 2 each";
    assert_eq!(desk.problems(), format!("entry {seq}: {expected}\n"));

    let desk = Desk::new();
    desk.meddle("UPDATE serial SET place = 'stockroom'");
    let again =
        Fact::StockUse(Usage { item: numbered(cartridge("session:S-0001"), "SN-1"), ..usage() });
    let seq = write(&mut desk.open(), "mara", &command(again)) + 1;
    let problems = desk.problems();
    let expected = "moves serial number SN-1 of lot 24C0110 from stockroom; the entries before it";
    assert!(problems.starts_with(&format!("entry {seq}: {expected}")), "{problems}");

    let desk = Desk::new();
    desk.meddle("CREATE TABLE kept AS SELECT * FROM serial; DELETE FROM serial");
    let edit = Fact::ProductEdit {
        product: "CART-12".parse().unwrap(),
        unit: Unit::Each,
        change: change("pack", "1 each", "2 each"),
    };
    let seq = write(&mut desk.open(), "mara", &[edit]);
    desk.meddle("INSERT INTO serial SELECT * FROM kept; DROP TABLE kept");
    let expected = "changes the pack of CART-12, which serial numbers name";
    assert_eq!(desk.problems(), format!("entry {seq}: {expected}\n"));
}
