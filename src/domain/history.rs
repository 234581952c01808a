//! Entries folded, in seq order, into sessions and into what staff were at each moment.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::catalog::Person;
use crate::domain::fact::{Change, Fact, TakenBack};
use crate::domain::id::{SessionId, StaffId};
use crate::domain::quantity::Value;
use crate::domain::session::{Event, Session, SessionState, Use};
use crate::domain::time::Moment;

/// What each member of staff was, entry by entry. A check asks for the titles and limits that held
/// when a step was recorded, never for today's.
#[derive(Debug, Default)]
pub struct StaffHistory {
    people: HashMap<StaffId, Vec<(u64, Arc<Person>)>>,
}

impl StaffHistory {
    /// Takes in one entry; others than those about staff change nothing.
    pub fn apply(&mut self, seq: u64, fact: &Fact) {
        match fact {
            Fact::StaffAdd(person) => {
                self.people
                    .entry(person.id.clone())
                    .or_default()
                    .push((seq, Arc::new(person.clone())));
            }
            Fact::StaffEdit { id, change } => {
                let Some(versions) = self.people.get_mut(id) else { return };
                let Some((_, latest)) = versions.last() else { return };
                let mut person = Person::clone(latest);
                edit_person(&mut person, change);
                versions.push((seq, Arc::new(person)));
            }
            _ => {}
        }
    }

    /// The person as they were when entry `seq` was written.
    pub fn at(&self, id: &str, seq: u64) -> Option<Arc<Person>> {
        let versions = self.people.get(id)?;
        let place = versions.partition_point(|(since, _)| *since <= seq);
        versions.get(place.checked_sub(1)?).map(|(_, person)| Arc::clone(person))
    }
}

/// Applies one edit to a person; a value that can't be read leaves the field empty, as verify
/// reports such an entry anyway.
pub fn edit_person(person: &mut Person, change: &Change) {
    let new = change.new.as_deref();
    let words = || new.into_iter().flat_map(|text| text.split('+'));
    match change.field.split_once('.') {
        Some(("certificate", name)) => {
            match new.and_then(|day| day.parse().ok()) {
                Some(day) => person.certificates.insert(name.to_owned(), day),
                None => person.certificates.remove(name),
            };
        }
        Some(("limit", name)) => {
            let Ok(field) = name.parse() else { return };
            match new {
                Some(value) => person.limits.insert(field, Value::read(value)),
                None => person.limits.remove(&field),
            };
        }
        _ => match &*change.field {
            "name" => person.name = new.map(str::to_owned),
            "roles" => person.roles = words().filter_map(|word| word.parse().ok()).collect(),
            "titles" => person.titles = words().map(str::to_owned).collect(),
            _ => {}
        },
    }
}

/// One session while its entries are folded.
#[derive(Debug, Clone)]
pub struct SessionFold {
    /// The session so far.
    pub session: Session,
    /// SHA-256 of the protocol text that it is pinned to.
    pub sha256: Box<str>,
    /// The uses that were reversed.
    pub reversed: Vec<ReversedUse>,
}

/// A use that is no part of its session any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversedUse {
    /// What was used, as its entry says.
    pub used: Use,
    /// The entry that reversed it.
    pub by: u64,
}

impl SessionFold {
    /// A session from the fact that starts it; none for any other fact.
    pub fn start(at: Moment, fact: &Fact) -> Option<Self> {
        let Fact::SessionStart { within, areas, sha256, .. } = fact else { return None };
        Some(Self {
            session: Session {
                id: within.session,
                client: within.client.clone(),
                protocol: within.protocol.clone(),
                areas: areas.clone(),
                started: at,
                ended: None,
                state: SessionState::Open,
                events: Vec::new(),
            },
            sha256: sha256.clone(),
            reversed: Vec::new(),
        })
    }

    /// Takes in one further entry of the session.
    pub fn apply(&mut self, seq: u64, at: Moment, by: &Arc<Person>, fact: &Fact) {
        match fact {
            Fact::SessionStep { at: step, readings, despite } => self.session.insert(Event {
                seq,
                at,
                by: Arc::clone(by),
                step: step.step.clone(),
                areas: step.areas.clone(),
                readings: readings.clone(),
                uses: Vec::new(),
                despite: despite.clone(),
            }),
            Fact::StockUse(usage) => {
                // The step stands right before its uses: it is the last one written before them.
                let step = self
                    .session
                    .events
                    .iter_mut()
                    .filter(|event| event.seq < seq && event.step == usage.at.step)
                    .max_by_key(|event| event.seq);
                if let Some(event) = step {
                    event.uses.push(Use {
                        seq,
                        category: usage.category,
                        product: usage.item.product.clone(),
                        lot: usage.item.lot.clone(),
                        serial: usage.item.serial.clone(),
                        container: usage.item.container,
                        quantity: usage.item.quantity,
                        attributes: usage.attributes.clone(),
                        status: usage.status,
                    });
                }
            }
            Fact::SessionFinish { .. } => self.end(at, SessionState::Finished),
            Fact::SessionStop { .. } => self.end(at, SessionState::Stopped),
            Fact::SessionVoid { .. } => self.end(at, SessionState::Voided),
            Fact::Reversal(reversal) => match reversal.takes_back() {
                TakenBack::End(_) => {
                    self.session.state = SessionState::Open;
                    self.session.ended = None;
                }
                _ => self.forget(reversal.corrects, seq),
            },
            _ => {}
        }
    }

    fn end(&mut self, at: Moment, state: SessionState) {
        self.session.state = state;
        self.session.ended = Some(at);
    }

    /// A reversed step or use is no part of the session any more.
    fn forget(&mut self, seq: u64, by: u64) {
        self.session.events.retain(|event| event.seq != seq);
        for event in &mut self.session.events {
            let gone = event.uses.extract_if(.., |used| used.seq == seq);
            self.reversed.extend(gone.map(|used| ReversedUse { used, by }));
        }
    }
}

/// The session that an entry belongs to.
pub fn session_of(fact: &Fact) -> Option<SessionId> {
    match fact {
        Fact::SessionStart { within, .. }
        | Fact::SessionFinish { within, .. }
        | Fact::SessionStop { within, .. }
        | Fact::SessionVoid { within, .. } => Some(within.session),
        Fact::SessionStep { at, .. } => Some(at.within.session),
        Fact::StockUse(usage) => Some(usage.at.within.session),
        Fact::StockWaste { session, .. } => session.as_ref().map(|(session, _)| *session),
        Fact::Reversal(reversal) => reversal.within.as_ref().map(|within| within.session),
        _ => None,
    }
}
