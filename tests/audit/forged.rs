//! Entries that contradict their own action, or what stands before them, added by somebody who may
//! write in the book and knows the format: ids, times, hashes, head and tables all fit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lotbook::domain::fact::{AtStep, Because, Fact, Item, Usage};
use lotbook::domain::id::Lot;
use lotbook::domain::quantity::{Quantity, Unit};
use lotbook::domain::stock::reverse;
use lotbook::domain::time::{Day, Instant};
use lotbook::domain::trail::entry::Entry;
use lotbook::store::{Actor, Ids};

use crate::book::{Counted, Desk, because, item, receipt, write};
use crate::copied::{command, cream, tube, usage, within};

/// Who forges, what they happen to be, and when it happened: seconds before it was recorded.
struct Forger {
    staff: &'static str,
    role: &'static str,
    ago: i64,
}

const MANAGER: Forger = Forger { staff: "mara", role: "manager", ago: 0 };

impl Forger {
    /// Adds these facts as one command past everything that refuses them, and returns the position
    /// of the last.
    fn adds(&self, desk: &Desk, facts: &[Fact]) -> u64 {
        let mut book = desk.open();
        let head = book.read(|snapshot| snapshot.head()).unwrap();
        let (first, zone) = (head.frontier.size(), book.about().zone.clone());
        let now = Instant::from_millis(head.recorded_at.millis() + 1000).unwrap();
        let occurred_at = zone.moment(now.plus_millis(-1000 * self.ago));
        let mut ids = Counted::new(first << 40);
        let written = book.write(Actor::Nobody, None, |writing| {
            for (seq, fact) in (first..).zip(facts) {
                let entry = Entry {
                    seq,
                    entry_id: ids.entry_id(now),
                    txn: first,
                    recorded_at: now,
                    occurred_at,
                    staff: self.staff.into(),
                    role: self.role.into(),
                    action: Cow::Borrowed(fact.action().as_str()),
                    columns: fact.columns().unwrap(),
                };
                let leaf = entry.leaf(&mut String::new()).unwrap();
                writing.append_verbatim(&entry, leaf)?;
            }
            Ok(())
        });
        written.unwrap();
        first + facts.len() as u64 - 1
    }
}

/// Adds the facts, each list as a command, and holds that the last entry is the one named, alone,
/// with these words.
#[track_caller]
fn found(commands: &[Vec<Fact>], expected: &str) {
    found_on(&Desk::new(), commands, expected);
}

#[track_caller]
fn found_on(desk: &Desk, commands: &[Vec<Fact>], expected: &str) {
    let mut last = 0;
    for facts in commands {
        last = MANAGER.adds(desk, facts);
    }
    named(desk, last, expected);
}

#[track_caller]
fn named(desk: &Desk, seq: u64, expected: &str) {
    let problems = desk.problems();
    let first = problems.lines().next().unwrap_or_default();
    let because = first.strip_prefix(&format!("entry {seq}: "));
    assert!(because.is_some_and(|why| why.contains(expected)), "not said: {expected}\n{problems}");
    assert!(!problems.contains("table"), "the tables don't fit: {problems}");
}

/// All of it holds.
#[track_caller]
fn holds(desk: &Desk, commands: &[Vec<Fact>]) {
    for facts in commands {
        MANAGER.adds(desk, facts);
    }
    assert_eq!(desk.problems(), "");
}

fn opened_until() -> Option<Day> {
    Some("2026-12-20".parse().unwrap())
}

fn pieces(from: &str, to: &str) -> Item {
    item("CART-12", "24C0110", 1, Unit::Each, from, to)
}

fn waste(item: Item) -> Fact {
    Fact::StockWaste { item, session: None, because: because("dropped") }
}

fn step(at: &AtStep) -> Fact {
    Fact::SessionStep { at: at.clone(), readings: BTreeMap::new(), despite: Vec::new() }
}

fn used(from: &str, to: &str) -> Usage {
    Usage { item: pieces(from, to), ..usage() }
}

fn using(from: &str, to: &str) -> Vec<Fact> {
    command(Fact::StockUse(used(from, to)))
}

#[test]
fn what_an_honest_program_writes_holds() {
    let desk = Desk::new();
    holds(
        &desk,
        &[
            vec![receipt(pieces("supplier", "room-1"))],
            vec![waste(pieces("room-1", "waste"))],
            using("stockroom", "session:S-0001"),
            command(Fact::StockUse(cream())),
            vec![Fact::ContainerOpen { item: tube(2), discard_by: opened_until() }],
        ],
    );
}

#[test]
fn a_delivery_comes_from_the_supplier_to_a_place() {
    for (from, to) in [
        ("waste", "stockroom"),
        ("session:S-0001", "stockroom"),
        ("room-1", "room-1"),
        ("variance", "stockroom"),
        ("opening", "stockroom"),
        ("supplier", "session:S-0001"),
        ("supplier", "supplier"),
        ("supplier", "waste"),
        ("supplier", "quarantine"),
        ("supplier", "container:K-0001"),
    ] {
        let desk = Desk::new();
        let fills = vec![receipt(pieces("supplier", "room-1"))];
        let expected =
            format!("from {from} to {to}; `lot.receive` moves its item from supplier to a place");
        found_on(&desk, &[fills, vec![receipt(pieces(from, to))]], &expected);
    }
    let named = Item { container: "K-0001".parse().ok(), ..pieces("supplier", "room-1") };
    found(&[vec![receipt(named)]], "to room-1 and names K-0001; `lot.receive` moves");
}

#[test]
fn waste_comes_from_where_stock_lies_and_goes_to_waste() {
    for (from, to) in [
        ("supplier", "waste"),
        ("opening", "waste"),
        ("session:S-0001", "stockroom"),
        ("session:S-0001", "waste"),
        ("stockroom", "room-1"),
        ("stockroom", "stockroom"),
        ("stockroom", "returned"),
        ("stockroom", "session:S-0077"),
        ("stockroom", "container:K-0077"),
        ("waste", "waste"),
    ] {
        let expected = format!("moves its item from {from} to {to}; `stock.waste` moves its item");
        found(&[vec![waste(pieces(from, to))]], &expected);
    }
}

#[test]
fn a_use_goes_from_where_stock_lies_to_its_own_session() {
    for (from, to) in [
        ("stockroom", "session:S-0002"),
        ("stockroom", "waste"),
        ("stockroom", "room-1"),
        ("stockroom", "stockroom"),
        ("supplier", "session:S-0001"),
        ("returned", "session:S-0001"),
        ("session:S-0001", "session:S-0001"),
    ] {
        let expected = format!("moves its item from {from} to {to}; `stock.use` moves its item");
        found(&[using(from, to)], &expected);
    }
    let unnamed = Usage { item: Item { container: None, ..cream().item }, ..cream() };
    found(&[command(Fact::StockUse(unnamed))], "from container:K-0001 to session:S-0001; `stock");
}

#[test]
fn a_container_is_filled_from_a_place_and_from_nowhere_else() {
    let opened = |from: &str, to: &str| {
        let mut item = Item { from: from.parse().unwrap(), ..tube(2) };
        item.to = to.parse().unwrap();
        vec![Fact::ContainerOpen { item, discard_by: opened_until() }]
    };
    for (from, to) in [
        ("supplier", "container:K-0002"),
        ("waste", "container:K-0002"),
        ("session:S-0001", "container:K-0002"),
        ("room-1", "container:K-0001"),
        ("room-1", "room-1"),
        ("room-1", "waste"),
    ] {
        found(
            &[opened(from, to)],
            "; `container.open` moves its item from a place or quarantine to its",
        );
    }
}

#[test]
fn what_is_used_once_is_not_opened_and_many_doses_come_from_a_container() {
    let shelf = Item { container: None, from: "room-1".parse().unwrap(), ..cream().item };
    let used = Fact::StockUse(Usage { item: shelf, discard_by: None, ..cream() });
    found(&[command(used)], "uses NUMB from no container");
    let opened =
        Item { container: "K-0002".parse().ok(), ..pieces("stockroom", "container:K-0002") };
    let opened = Fact::ContainerOpen { item: opened, discard_by: opened_until() };
    found(&[vec![opened]], "opens CART-12, which is used once, from its pack");
}

#[test]
fn places_containers_sessions_and_people_must_be_known() {
    let add = |place: &str| vec![receipt(pieces("supplier", place))];
    found(&[add("attic")], "names the place attic, which no entry before it adds");
    found(&[add("Room-1")], "names the place Room-1, which no entry before it adds");
    let desk = Desk::new();
    let attic = MANAGER.adds(&desk, &add("attic"));
    MANAGER.adds(&desk, &[waste(pieces("attic", "waste"))]);
    let problems = desk.problems();
    for seq in [attic, attic + 1] {
        assert!(problems.contains(&format!("entry {seq}: names the place attic")), "{problems}");
    }
    let sha256 = |desk: &Desk| -> String {
        desk.file().query_row("SELECT sha256 FROM protocol", [], |row| row.get(0)).unwrap()
    };
    let start = Fact::SessionStart {
        within: within(3),
        areas: Vec::new(),
        pen: None,
        place: "attic".parse().ok(),
        sha256: sha256(&desk).into(),
    };
    found(&[vec![start]], "names the place attic");
    let mut of_nobody = usage();
    of_nobody.at.within = within(77);
    of_nobody.item.to = "session:S-0077".parse().unwrap();
    found(&[vec![step(&of_nobody.at)]], "names S-0077, which no entry before it starts");
    let thrown = Fact::StockWaste {
        item: pieces("stockroom", "waste"),
        session: Some((within(77).session, within(77).client)),
        because: because("dropped"),
    };
    found(&[vec![thrown]], "names S-0077, which no entry before it starts");
    let desk = Desk::new();
    let eve = Forger { staff: "eve", ..MANAGER };
    let seq = eve.adds(&desk, &[waste(pieces("stockroom", "waste"))]);
    named(&desk, seq, "is by eve, whom no entry adds");
}

#[test]
fn a_use_belongs_to_the_step_of_its_command() {
    let alone = Fact::StockUse(usage());
    found(&[vec![alone.clone()]], "uses an item, and its command logs no step before it");
    let before = Desk::new();
    MANAGER.adds(&before, &[step(&usage().at)]);
    found_on(&before, &[vec![alone.clone()]], "its command logs no step before it");
    let mut other = usage();
    other.at.step = "needling".parse().unwrap();
    let expected = "with step \"needling\"; the step of its command has \"review\"";
    found(&[vec![step(&usage().at), Fact::StockUse(other)]], expected);
    let mut areas = usage().at;
    areas.areas.push("nose".parse().unwrap());
    let expected = "with area \"cheek\"; the step of its command has \"cheek+nose\"";
    found(&[vec![step(&areas), alone.clone()]], expected);
    let mut session = usage().at;
    session.within = within(2);
    let expected = "with session \"S-0001\"; the step of its command has \"S-0002\"";
    found(&[vec![step(&session), alone]], expected);
}

#[test]
fn a_session_that_has_ended_takes_its_follow_up_and_what_was_done_before() {
    let mut needling = usage();
    needling.at.step = "needling".parse().unwrap();
    let desk = Desk::new();
    let seq = MANAGER.adds(&desk, &command(Fact::StockUse(needling.clone()))) - 1;
    let expected = "logs needling after the end of its session: no step of the follow-up of acne";
    named(&desk, seq, expected);
    let desk = Desk::new();
    let ended = || -> i64 {
        let sql = "SELECT ended_at FROM session WHERE number = 1";
        desk.file().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let now = desk.open().read(|snapshot| snapshot.head()).unwrap().recorded_at.millis() + 1000;
    let late = Forger { ago: (now - ended()) / 1000 + 1, ..MANAGER };
    late.adds(&desk, &command(Fact::StockUse(needling.clone())));
    assert_eq!(desk.problems(), "");
    let desk = Desk::new();
    let early = Forger { ago: 600, ..MANAGER };
    let seq = early.adds(&desk, &command(Fact::StockUse(needling)));
    named(&desk, seq - 1, "before S-0001 began at 2026-11-22T");
}

#[test]
fn a_session_ends_once_and_is_voided_when_nothing_it_used_is_left() {
    let finish = |session| Fact::SessionFinish { within: within(session), because: None };
    let stop =
        |session| Fact::SessionStop { within: within(session), because: because("client-left") };
    let void =
        |session| Fact::SessionVoid { within: within(session), because: because("wrong-client") };
    found(&[vec![finish(1)]], "is `session.finish` of S-0001, which is finished, not open");
    found(&[vec![stop(1)]], "is `session.stop` of S-0001, which is finished, not open");
    found(&[vec![finish(2)]], "is `session.finish` of S-0002, which is stopped, not open");
    found(&[vec![void(1)]], "voids S-0001, of which 2 uses were not reversed");
    holds(&Desk::new(), &[vec![void(2)]]);
    found(&[vec![void(2)], vec![void(2)]], "belongs to S-0002, which was voided");
    found(&[vec![void(2)], vec![finish(2)]], "which is voided, not open");
    let at = AtStep { within: within(2), ..usage().at };
    found(&[vec![void(2)], vec![step(&at)]], "belongs to S-0002, which was voided");
    let thrown = Fact::StockWaste {
        item: pieces("stockroom", "waste"),
        session: Some((within(2).session, within(2).client)),
        because: because("dropped"),
    };
    found(&[vec![void(2)], vec![thrown]], "belongs to S-0002, which was voided");
}

#[test]
fn a_command_is_taken_back_whole_and_its_last_entry_first() {
    let facts = using("stockroom", "session:S-0001");
    let second = Fact::StockUse(used("stockroom", "session:S-0001"));
    let facts = [&facts[..], &[second]].concat();
    let undone = |desk: &Desk, first: u64, which: &[usize]| {
        let because = Because::new(lotbook::domain::fact::Action::Reversal, "mis-scan", None);
        let because = because.unwrap();
        let read = desk.open().read(|snapshot| snapshot.command_of(first));
        let all = reverse(&read.unwrap(), &because).unwrap();
        let taken: Vec<Fact> = which.iter().map(|index| all[*index].clone()).collect();
        MANAGER.adds(desk, &taken)
    };
    // The reversals stand in their order: of the last use, the first use, the step.
    for (which, at, expected) in [
        (&[0, 1][..], 1, "reverses entry 43 and not entry 42, which is of the same command"),
        (&[0], 0, "reverses entry 44 and not entry 43, which is of the same command"),
        (&[1, 2], 0, "reverses entry 43 and not entry 44, which is of the same command"),
        (&[2], 0, "reverses entry 42 and not entry 44, which is of the same command"),
        (&[0, 2], 1, "reverses entry 42 and not entry 43, which is of the same command"),
    ] {
        let desk = Desk::new();
        let first = write(&mut desk.open(), "mara", &facts);
        assert_eq!(first, 42);
        let last = undone(&desk, first, which);
        named(&desk, last + 1 - which.len() as u64 + at, expected);
        // It is named as well where another command follows.
        write(&mut desk.open(), "ana", &[Fact::ClientNew("C-77".parse().unwrap())]);
        named(&desk, last + 1 - which.len() as u64 + at, expected);
    }
    let desk = Desk::new();
    let first = write(&mut desk.open(), "mara", &facts);
    undone(&desk, first, &[0, 1, 2]);
    assert_eq!(desk.problems(), "");
}

#[test]
fn what_a_product_learned_from_a_delivery_stays_when_it_is_taken_back() {
    let learned = Fact::ProductEdit {
        product: "CART-12".parse().unwrap(),
        unit: Unit::Each,
        change: lotbook::domain::fact::Change {
            field: "gtin.09504000059118".into(),
            old: None,
            new: Some("1".into()),
        },
    };
    let delivery = receipt(pieces("supplier", "stockroom"));
    for facts in [[learned.clone(), delivery.clone()], [delivery, learned]] {
        let desk = Desk::new();
        let first = write(&mut desk.open(), "mara", &facts);
        let read = desk.open().read(|snapshot| snapshot.command_of(first)).unwrap();
        let (taken, _) = lotbook::domain::stock::taken_back(read);
        let because = because("mis-scan");
        write(&mut desk.open(), "mara", &reverse(&taken, &because).unwrap());
        assert_eq!(desk.problems(), "");
    }
}

#[test]
fn a_lot_is_held_and_released_in_turn() {
    let lot = || ("CART-12".parse().unwrap(), Lot::new("24C0110").ok());
    let hold = || {
        let (product, lot) = lot();
        vec![Fact::LotHold { product, lot, because: because("complaint") }]
    };
    let release = || {
        let (product, lot) = lot();
        vec![Fact::LotRelease { product, lot, because: because("cleared") }]
    };
    found(&[hold(), hold()], "is `lot.hold` of a lot that is held, not released");
    found(&[release()], "is `lot.release` of a lot that is released, not held");
    holds(&Desk::new(), &[hold(), release(), hold()]);
}

#[test]
fn a_session_does_not_end_before_it_began() {
    let early = Forger { ago: 400 * 86_400, ..MANAGER };
    let desk = Desk::new();
    let void = Fact::SessionVoid { within: within(2), because: because("wrong-client") };
    let seq = early.adds(&desk, &[void]);
    named(&desk, seq, "before it began at 2026-");
}

/// Whatever of this a program tried to write through the one path is refused there already.
#[test]
fn what_would_contradict_itself_is_not_written_either() {
    let (attic, one) = (pieces("supplier", "attic"), pieces("supplier", "waste"));
    let half = Item { quantity: Quantity::from_parts(1, Unit::Each).unwrap(), ..one };
    let void = Fact::SessionVoid { within: within(1), because: because("wrong-client") };
    let (product, lot) = ("CART-12".parse().unwrap(), Lot::new("24C0110").ok());
    let release = Fact::LotRelease { product, lot, because: because("cleared") };
    for (facts, expected) in [
        (vec![receipt(half)], "`lot.receive` can't be written as it was said"),
        (vec![receipt(attic)], "the book does not know the place attic"),
        (vec![Fact::StockUse(usage())], "CART-12 can't be used in review of S-0001 by itself"),
        (vec![void], "S-0001 used items, so it can't be voided as it is"),
        (vec![Fact::SessionFinish { within: within(1), because: None }], "S-0001 was finished at"),
        (vec![release], "CART-12/24C0110 is released"),
    ] {
        let desk = Desk::new();
        let actor = Actor::Staff("mara".parse().unwrap());
        let written = desk.open().write(actor, None, |writing| {
            facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
        });
        let refused = written.unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
}
