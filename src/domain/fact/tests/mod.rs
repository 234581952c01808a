//! A fact and its entry map one to one, both ways, for every action.

mod any;
mod route;

use std::borrow::Cow;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::domain::history::session_of;
use crate::domain::stock::{Original, reverse};
use crate::domain::time::{Instant, Moment};
use crate::domain::trail::entry::{Columns, Entry, Text};

/// Runs a property on facts of every action, so that none is left to chance.
fn for_every_action(rule: impl Fn(Fact) -> Result<(), TestCaseError>) {
    for action in Action::ALL {
        let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&any::fact(*action), &rule);
        outcome.unwrap_or_else(|error| panic!("{action}: {error}"));
    }
}

fn entry<'a>(fact: &Fact, columns: Columns<'a>) -> Entry<'a> {
    let recorded_at = Instant::parse("2026-11-22T10:15:03.120Z").unwrap();
    Entry {
        seq: 812,
        entry_id: uuid::Builder::from_unix_timestamp_millis(1, &[7; 10]).into_uuid(),
        txn: 811,
        recorded_at,
        occurred_at: Moment::parse("2026-11-22T11:14:00+01:00").unwrap(),
        staff: "ana".into(),
        role: "manager".into(),
        action: fact.action().as_str().into(),
        columns,
    }
}

/// The text columns with their names, in the ledger's order.
fn named<'c, 'a>(columns: &'c mut Columns<'a>) -> [(&'static str, &'c mut Text<'a>); 19] {
    [
        ("session", &mut columns.session),
        ("client", &mut columns.client),
        ("product", &mut columns.product),
        ("lot", &mut columns.lot),
        ("serial", &mut columns.serial),
        ("expiry", &mut columns.expiry),
        ("container", &mut columns.container),
        ("unit", &mut columns.unit),
        ("from_place", &mut columns.from_place),
        ("to_place", &mut columns.to_place),
        ("protocol", &mut columns.protocol),
        ("step", &mut columns.step),
        ("area", &mut columns.area),
        ("field", &mut columns.field),
        ("old_value", &mut columns.old_value),
        ("new_value", &mut columns.new_value),
        ("reason_code", &mut columns.reason_code),
        ("reason", &mut columns.reason),
        ("detail", &mut columns.detail),
    ]
}

#[test]
fn a_fact_comes_back_from_its_columns() {
    for_every_action(|fact| {
        let columns = fact.columns().unwrap();
        let again = Fact::from_columns(fact.action().as_str(), &columns).unwrap();
        prop_assert_eq!(&again, &fact);
        prop_assert_eq!(again.columns().unwrap(), columns);
        Ok(())
    });
}

#[test]
fn a_fact_comes_back_from_its_canonical_line() {
    for_every_action(|fact| {
        let entry = entry(&fact, fact.columns().unwrap());
        let line = entry.line().unwrap();
        prop_assert!(!line.contains(['\r', '\n']), "one entry is one physical line: {line}");
        let read = Entry::parse(&line).unwrap();
        prop_assert_eq!(&read, &entry);
        prop_assert_eq!(&read.line().unwrap(), &line);
        prop_assert_eq!(Fact::from_columns(&read.action, &read.columns).unwrap(), fact);
        Ok(())
    });
}

/// Whatever is done to one column, it is either refused or means exactly what it says.
#[test]
fn changed_columns_are_refused_or_mean_what_they_say() {
    let change = (0..21_usize, prop::option::of(any::text()), 0..8_i64);
    for action in Action::ALL {
        let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
        let given = (any::fact(*action), change.clone());
        let outcome = TestRunner::new(config).run(&given, |(fact, (which, text, number))| {
            let original = fact.columns().unwrap();
            let mut columns = original.clone();
            match which {
                19 => columns.quantity = text.is_some().then_some(number - 2),
                20 => columns.corrects = text.is_some().then_some(number.unsigned_abs()),
                _ => *named(&mut columns)[which].1 = text.as_deref().map(Cow::Borrowed),
            }
            match Fact::from_columns(action.as_str(), &columns) {
                Err(_) => prop_assert_ne!(columns, original),
                Ok(read) => {
                    prop_assert_eq!(read == fact, columns == original);
                    prop_assert_eq!(read.columns().unwrap(), columns);
                }
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{action}: {error}"));
    }
}

#[test]
fn columns_of_one_action_are_no_other_action_unless_it_has_the_same_columns() {
    for_every_action(|fact| {
        let columns = fact.columns().unwrap();
        for other in Action::ALL.iter().filter(|other| **other != fact.action()) {
            if let Ok(read) = Fact::from_columns(other.as_str(), &columns) {
                prop_assert_eq!(read.action(), *other);
                prop_assert_eq!(read.columns().unwrap(), columns.clone());
            }
        }
        Ok(())
    });
}

/// Whether a key of `detail` is one of the listed: capitals stand for a name.
fn is_listed(key: &str, listed: &str) -> bool {
    let listed = listed.trim_end_matches('?');
    match listed.strip_suffix(|last: char| last.is_ascii_uppercase()) {
        Some(_) if listed.ends_with("RULE") => key.starts_with("despite."),
        Some(prefix) => key.starts_with(prefix),
        None => key == listed,
    }
}

/// The table of actions is what the manual prints; here it is held to what is written.
#[test]
fn an_entry_fills_the_columns_and_keys_that_the_table_of_actions_lists_and_no_others() {
    for_every_action(|fact| {
        let (action, spec) = (fact.action(), fact.action().spec());
        if action == Action::Reversal {
            return Ok(());
        }
        let mut columns = fact.columns().unwrap();
        let detail = columns.detail.clone().unwrap_or_default();
        let detail = Detail::parse(&detail).unwrap();
        let quantity = ("quantity", columns.quantity.is_some());
        let corrects = ("corrects", columns.corrects.is_some());
        let texts = named(&mut columns).map(|(name, text)| (name, text.is_some()));
        for (name, filled) in texts[..18].iter().copied().chain([quantity, corrects]) {
            let row = spec.columns.split(' ').find(|word| word.trim_end_matches('?') == name);
            prop_assert!(row.is_some() || !filled, "{action} fills `{name}`, which is not listed");
            let optional = row.is_none_or(|word| word.ends_with('?'));
            prop_assert!(optional || filled, "{action} leaves `{name}` empty");
        }
        let listed: Vec<&str> = spec.detail.split(' ').filter(|word| !word.is_empty()).collect();
        for (key, _) in detail.iter() {
            prop_assert!(listed.iter().any(|listed| is_listed(key, listed)), "{action}: `{key}`");
        }
        for listed in listed.iter().filter(|listed| !listed.ends_with('?')) {
            prop_assert!(detail.get(listed).is_some(), "{action} leaves `{listed}` out");
        }
        Ok(())
    });
}

#[test]
fn a_value_that_no_entry_can_hold_is_refused_when_it_is_written() {
    let publish = |sha256: &str| Fact::ProtocolPublish {
        protocol: "acne@1".parse().unwrap(),
        sha256: sha256.into(),
        parent: None,
    };
    assert!(publish("").columns().is_err());
    assert!(publish("a\0b").columns().is_err());
}

/// Every reason that an entry can be read with is one that a command could give, and the other way
/// round: what is refused at the desk is refused in the ledger.
#[test]
fn a_reason_is_read_where_it_can_be_given() {
    let reasons = Action::ALL.iter().filter(|action| !action.spec().reasons.is_empty());
    let codes: Vec<&str> =
        reasons.clone().flat_map(|action| action.spec().reasons).map(|r| r.0).collect();
    let note = prop_oneof![
        prop::option::of(any::text().prop_map(String::from)),
        "[ \t.\u{a0}-]{0,3}".prop_map(Some),
    ];
    for action in reasons {
        let given = (any::fact(*action), prop::sample::select(codes.clone()), note.clone());
        let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&given, |(fact, code, note)| {
            let mut columns = fact.columns().unwrap();
            columns.reason_code = Some(code.into());
            columns.reason = note.as_deref().map(Into::into);
            let read = Fact::from_columns(action.as_str(), &columns);
            let given = Because::new(*action, code, note.as_deref());
            prop_assert_eq!(read.is_ok(), given.is_ok(), "{:?} {:?}", code, note);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{action}: {error}"));
    }
}

#[test]
fn nobody_joins_without_a_role() {
    let columns = Columns { detail: Some("id=ana".into()), ..Columns::default() };
    let missing = FactError::Missing { action: Action::StaffAdd, name: "roles" };
    assert_eq!(Fact::from_columns("staff.add", &columns), Err(missing));
}

/// The fact as its command writes it: an opening fills its container, and waste is thrown away.
fn as_written(fact: Fact) -> Fact {
    match fact {
        Fact::ContainerOpen { mut item, discard_by } => {
            let id = ContainerId::new(7);
            (item.container, item.to) = (Some(id), Place::Container(id));
            Fact::ContainerOpen { item, discard_by }
        }
        Fact::StockWaste { mut item, session, because } => {
            item.to = Place::Waste;
            Fact::StockWaste { item, session, because }
        }
        fact => fact,
    }
}

#[test]
fn a_reversal_shows_what_it_takes_back_wherever_the_item_came_from() {
    let because = Because::new(Action::Reversal, "duplicate", None).unwrap();
    for_every_action(|fact| {
        let (action, fact) = (fact.action(), as_written(fact));
        let session = session_of(&fact);
        let at = Moment::parse("2026-11-22T11:14:00+01:00").unwrap();
        let original = Original { seq: 812, at, fact, corrected_by: None };
        let Ok(reversed) = reverse(&[original], &because) else { return Ok(()) };
        let [Fact::Reversal(reversal)] = &reversed[..] else { panic!("{reversed:?}") };
        let expected = match action {
            Action::LotReceive => TakenBack::Receipt,
            Action::ContainerOpen => TakenBack::Opening(ContainerId::new(7)),
            Action::StockUse | Action::StockWaste => TakenBack::Move,
            Action::SessionStep => TakenBack::Step,
            _ => TakenBack::End(session.unwrap()),
        };
        prop_assert_eq!(reversal.takes_back(), expected);
        Ok(())
    });
}
