//! A session's events with their steps and areas as numbers, so that rules compare integers.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::id::{AreaId, FieldName};
use crate::domain::protocol::Protocol;
use crate::domain::protocol::rule::Record;
use crate::domain::protocol::step::StepNo;
use crate::domain::quantity::Value;
use crate::domain::session::{Event, Session};
use crate::domain::time::Moment;

/// Which events a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::protocol) enum Group {
    /// All of them.
    All,
    /// Those of one of the session's areas.
    Area(usize),
    /// Those that name no area.
    AreaLess,
}

/// An area of the session.
pub(in crate::domain::protocol) struct SessionArea<'a> {
    pub(in crate::domain::protocol) id: &'a AreaId,
    /// Its index in the protocol, where the protocol knows it.
    pub(in crate::domain::protocol) known: Option<usize>,
}

/// One event of the trace.
pub(in crate::domain::protocol) struct Occurrence<'a> {
    pub(in crate::domain::protocol) event: &'a Event,
    /// The step, where the protocol declares it.
    step: Option<StepNo>,
    areas: Range<usize>,
    /// The values of the step's own readings, by slot.
    values: Range<usize>,
    /// The next event of the same step, by index.
    next: usize,
}

/// No further event.
const NONE: usize = usize::MAX;

/// The events of a session in order.
pub(in crate::domain::protocol) struct Trace<'a> {
    pub(in crate::domain::protocol) events: Vec<Occurrence<'a>>,
    /// Planned at the start, then logged since.
    pub(in crate::domain::protocol) areas: Vec<SessionArea<'a>>,
    area_lists: Vec<usize>,
    values: Vec<Option<&'a Value>>,
    /// The first event of each step.
    first: Vec<usize>,
}

impl<'a> Trace<'a> {
    /// Numbers the events of a session and of a candidate, put in its place by `(at, seq)`.
    pub(super) fn new(
        protocol: &'a Protocol,
        session: &'a Session,
        candidate: Option<&'a Event>,
    ) -> Self {
        let mut trace = Self {
            events: Vec::with_capacity(session.events.len() + 1),
            areas: Vec::with_capacity(session.areas.len()),
            area_lists: Vec::with_capacity(session.events.len()),
            values: Vec::with_capacity(4 * session.events.len()),
            first: vec![NONE; protocol.steps.len()],
        };
        for area in &session.areas {
            trace.area(protocol, area);
        }
        let mut waiting = candidate;
        for event in &session.events {
            if let Some(added) = waiting
                && (added.at, added.seq) < (event.at, event.seq)
            {
                trace.push(protocol, added);
                waiting = None;
            }
            trace.push(protocol, event);
        }
        if let Some(added) = waiting {
            trace.push(protocol, added);
        }
        trace.link();
        trace
    }

    fn push(&mut self, protocol: &'a Protocol, event: &'a Event) {
        let start = self.area_lists.len();
        for area in &event.areas {
            let area = self.area(protocol, area);
            self.area_lists.push(area);
        }
        let areas = start..self.area_lists.len();
        let start = self.values.len();
        let step = protocol.step_no(&event.step);
        if let Some(names) = step.and_then(|step| protocol.readings.get(step.index())) {
            self.values.extend(in_slots(names, &event.readings));
        }
        let values = start..self.values.len();
        self.events.push(Occurrence { event, step, areas, values, next: NONE });
    }

    /// The index of an area, which is added where it is new.
    fn area(&mut self, protocol: &Protocol, id: &'a AreaId) -> usize {
        if let Some(index) = self.areas.iter().position(|area| area.id == id) {
            return index;
        }
        let known = protocol.areas.iter().position(|area| area == id);
        self.areas.push(SessionArea { id, known });
        self.areas.len() - 1
    }

    /// Chains the events of each step, from the last to the first.
    fn link(&mut self) {
        for index in (0..self.events.len()).rev() {
            let occurrence = &mut self.events[index];
            let Some(step) = occurrence.step else { continue };
            occurrence.next = std::mem::replace(&mut self.first[step.index()], index);
        }
    }

    /// The events of a step that *name* the group's area, in order: what counts, readings and
    /// uses are judged by.
    pub(super) fn done(&self, step: StepNo, group: Group) -> impl Iterator<Item = usize> + '_ {
        self.of_step(step).filter(move |index| {
            let areas = self.areas_of(*index);
            match group {
                Group::All => true,
                Group::Area(area) => areas.contains(&area),
                Group::AreaLess => areas.is_empty(),
            }
        })
    }

    /// The events of a step that take part in the order of the group: an event without an area
    /// takes part in every area.
    pub(super) fn in_order(&self, step: StepNo, group: Group) -> impl Iterator<Item = usize> + '_ {
        self.of_step(step).filter(move |index| {
            let areas = self.areas_of(*index);
            match group {
                Group::All => true,
                Group::Area(area) => areas.is_empty() || areas.contains(&area),
                Group::AreaLess => areas.is_empty(),
            }
        })
    }

    fn of_step(&self, step: StepNo) -> impl Iterator<Item = usize> + '_ {
        let next = |index: usize| if index == NONE { None } else { Some(index) };
        let first = self.first.get(step.index()).copied().and_then(next);
        std::iter::successors(first, move |index| next(self.events[*index].next))
    }

    /// The session's areas that an event names, as indexes.
    pub(super) fn areas_of(&self, index: usize) -> &[usize] {
        self.events.get(index).map_or(&[], |event| &self.area_lists[event.areas.clone()])
    }

    /// A reading of the step's own, where the event carries it.
    pub(super) fn reading(&self, index: usize, record: &Record) -> Option<&'a Value> {
        let values = self.events.get(index)?.values.clone();
        self.values.get(values)?.get(record.slot).copied().flatten()
    }

    /// The event at an index of this trace.
    pub(super) fn event(&self, index: usize) -> &'a Event {
        self.events[index].event
    }

    /// When the last event was, or the session's start.
    pub(super) fn last_moment(&self, started: Moment) -> Moment {
        self.events.last().map_or(started, |last| last.event.at.max(started))
    }
}

/// The values of some names, both in the order of the names.
fn in_slots<'a>(
    names: &[FieldName],
    readings: &'a BTreeMap<FieldName, Value>,
) -> impl Iterator<Item = Option<&'a Value>> {
    let mut readings = readings.iter().peekable();
    names.iter().map(move |name| {
        while let Some((other, value)) = readings.peek().copied() {
            match other.cmp(name) {
                std::cmp::Ordering::Less => readings.next(),
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Greater => return None,
            };
        }
        None
    })
}
