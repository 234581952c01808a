//! Sessions for tests, written as short lines:
//!
//! `09:10 needling@cheeks,chin depth=0.5mm by=ana use=1each:cartridge:CART:a=1`

use std::collections::BTreeMap;
use std::sync::Arc;

use lotbook::domain::catalog::Person;
use lotbook::domain::diagnostic::Diagnostic;
use lotbook::domain::id::AreaId;
use lotbook::domain::protocol::{Judgement, Protocol, parse};
use lotbook::domain::quantity::{Ask, Quantity, Unit, Value};
use lotbook::domain::session::{Despite, Event, ItemStatus, Session, SessionState, Use};
use lotbook::domain::time::Moment;

/// A protocol that must be right, from what follows its head.
pub(crate) fn protocol(body: &str) -> Protocol {
    let (protocol, found) = read(body);
    protocol.unwrap_or_else(|| panic!("{found:#?}"))
}

/// A protocol from what follows its head, with what is wrong with it.
pub(crate) fn read(body: &str) -> (Option<Protocol>, Vec<Diagnostic>) {
    let head = "lotbook = 1\nid = \"p\"\nversion = \"1\"\ntitle = \"P\"\n\
        areas = [\"cheeks\", \"chin\"]\n";
    parse(&format!("{head}{body}"))
}

/// `09:10` on the day of the tests, or a whole RFC 3339 time.
pub(crate) fn at(text: &str) -> Moment {
    if text.contains('T') {
        return Moment::parse(text).unwrap();
    }
    Moment::parse(&format!("2026-11-22T{text}:00+01:00")).unwrap()
}

/// People: `ana` a nurse with a certificate until 2026-11-22 and a limit of 1 mm; `bo` an
/// aesthetician; `dr` a physician.
pub(crate) fn person(name: &str) -> Arc<Person> {
    let titles: &[&str] = match name {
        "ana" => &["nurse"],
        "bo" => &["aesthetician"],
        _ => &["physician"],
    };
    let mut certificates = BTreeMap::new();
    let mut limits = BTreeMap::new();
    if name == "ana" {
        certificates.insert("micro-needling".to_owned(), "2026-11-22".parse().unwrap());
        limits.insert("depth".parse().unwrap(), Value::read("1 mm"));
    }
    Arc::new(Person {
        id: name.parse().unwrap(),
        name: None,
        roles: Vec::new(),
        titles: titles.iter().map(|title| (*title).to_owned()).collect(),
        certificates,
        limits,
    })
}

/// One event from its line.
pub(crate) fn event(seq: u64, line: &str) -> Event {
    let mut words = line.split_whitespace();
    let moment = at(words.next().unwrap());
    let (step, areas) =
        words.next().map(|word| word.split_once('@').unwrap_or((word, ""))).unwrap();
    let mut event = Event {
        seq,
        at: moment,
        by: person("ana"),
        step: step.parse().unwrap(),
        areas: areas.split(',').filter(|area| !area.is_empty()).map(area).collect(),
        readings: BTreeMap::new(),
        uses: Vec::new(),
        despite: Vec::new(),
    };
    for word in words {
        match word.split_once('=').unwrap() {
            ("by", name) => event.by = person(name),
            ("use", text) => event.uses.push(used(seq, text)),
            ("despite", rule) => {
                event.despite.push(Despite { rule: rule.into(), code: "needed".into() });
            }
            (name, value) => {
                event.readings.insert(name.parse().unwrap(), Value::read(value));
            }
        }
    }
    event
}

fn area(name: &str) -> AreaId {
    name.parse().unwrap()
}

/// `2.5g:anesthetic:EMLA:dwell_min=60min,expired`
fn used(seq: u64, text: &str) -> Use {
    let parts: Vec<&str> = text.splitn(4, ':').collect();
    let mut attributes = BTreeMap::new();
    let mut status = ItemStatus::USABLE;
    for word in parts.get(3).into_iter().flat_map(|rest| rest.split(',')) {
        match word.split_once('=') {
            Some((name, value)) => {
                attributes.insert(name.parse().unwrap(), Value::read(value));
            }
            None => status = word.parse().unwrap(),
        }
    }
    Use {
        seq,
        category: parts[1].parse().unwrap(),
        product: parts[2].parse().unwrap(),
        lot: None,
        serial: None,
        container: None,
        quantity: quantity(parts[0]),
        attributes,
        status,
    }
}

fn quantity(text: &str) -> Quantity {
    let ask: Ask = text.parse().unwrap();
    let unit = match ask {
        Ask::In(_, unit) => unit,
        _ => Unit::Each,
    };
    ask.resolve(unit, Quantity::from_parts(1, unit).unwrap()).unwrap()
}

/// An open session of the cheeks and the chin with these events, one a line, numbered from 1.
pub(crate) fn session(lines: &[&str]) -> Session {
    let mut session = Session {
        id: "S-0001".parse().unwrap(),
        client: "C-1".parse().unwrap(),
        protocol: "p@1".parse().unwrap(),
        areas: vec![area("cheeks"), area("chin")],
        started: at("08:00"),
        ended: None,
        state: SessionState::Open,
        events: Vec::new(),
    };
    for (index, line) in lines.iter().enumerate() {
        session.insert(event(index as u64 + 1, line));
    }
    session
}

/// The same session, finished.
pub(crate) fn finished(lines: &[&str]) -> Session {
    ended(session(lines), SessionState::Finished)
}

/// The same session, stopped half-way.
pub(crate) fn stopped(lines: &[&str]) -> Session {
    ended(session(lines), SessionState::Stopped)
}

fn ended(mut session: Session, state: SessionState) -> Session {
    session.ended = session.events.last().map(|last| last.at);
    session.state = state;
    session
}

/// `rule = verdict` or `rule[area] = verdict` for each finding, one a line, the automatic ones
/// only where they are there.
pub(crate) fn verdicts(judgement: &Judgement<'_>) -> Vec<String> {
    let lines = judgement.findings.iter();
    lines.map(|one| format!("{} = {}", one.name(), one.verdict.as_str())).collect()
}
