//! The protocol language: how a session must go, in words that a practice manager can edit and
//! with a meaning that a logician can check.
//!
//! In reading order: `rule` holds what a protocol can say, `read` makes it from TOML together
//! with every problem of the text, `lint` looks at the protocol as a whole, `engine` judges a
//! session by it, and `describe` says each rule in a sentence.
//!
//! Every rule about order is a template of DECLARE (van der Aalst, Pesic, Maggi, Montali) over
//! finite traces. A trace is ordered by `(at, seq)`, and every bound is inclusive.

pub mod bound;
pub mod codes;
mod describe;
pub mod edge;
mod engine;
mod lint;
pub mod publish;
mod read;
pub mod rule;
pub mod shipped;
pub mod step;
pub mod when;

use std::collections::BTreeMap;

use crate::domain::id::{AreaId, FieldName, ProtocolRef, RuleId, StepId};
use crate::domain::quantity::Value;
use crate::domain::session::{Event, Use};

pub use engine::entries::Entries;
pub use engine::finding::{Finding, Judgement, Verdict};
pub use engine::follow_up::idle_follow_up;
pub use engine::gate::{gate, gate_change, gate_moment};
pub use engine::judge;
pub use engine::next::{Next, next};
pub use engine::reason::Reason;
pub use engine::stops::{CLEARED, idle_clearances, stopping};
pub use read::parse;
use rule::{Kind, Limit, Record, Rule, Shape, UseScope};
pub use step::{Phase, Step, StepNo};

/// A protocol, ready to judge sessions: its steps and areas are numbered, its rules refer to
/// them by number.
#[derive(Debug, Clone, PartialEq)]
pub struct Protocol {
    /// Its id and version.
    pub reference: ProtocolRef,
    /// What people call it.
    pub title: String,
    /// The areas it may be done on, in the file's order.
    pub areas: Vec<AreaId>,
    /// Where its facts come from.
    pub sources: Vec<String>,
    /// Marked as a use that the device is not cleared for.
    pub off_label: bool,
    /// What the registered device can do, by reading.
    pub limits: BTreeMap<FieldName, Limit>,
    /// The steps, in the file's order.
    pub steps: Vec<Step>,
    /// The rules in the file's order, the inline ones of a step where the step stands. The
    /// automatic ones come last: `expired`, `held`, `discard-by`, `serial`, `stock`.
    pub rules: Vec<Rule>,
    /// The names of each step's readings, in their order.
    pub(in crate::domain::protocol) readings: Vec<Vec<FieldName>>,
    /// Step numbers ordered by step id, to look a step up.
    pub(in crate::domain::protocol) by_id: Vec<StepNo>,
}

/// The words of `--despite` that no rule of a protocol may take as its id. The first three are the
/// states of an item; the book refuses a used serial number and stock that isn't there whatever is
/// said, so `serial` and `stock` are kept for the day on which that can be recorded too: a protocol
/// that used one of them as an id could never be read again.
pub const RESERVED: [&str; 5] = ["expired", "held", "discard-by", "serial", "stock"];

/// The word of a list that somebody who wrote `word` probably meant.
pub fn nearest<'w>(word: &str, list: &[&'w str]) -> Option<&'w str> {
    read::suggest::nearest(word, list.iter().copied())
}

impl Protocol {
    /// The number of a step that the protocol declares.
    pub fn step_no(&self, id: &StepId) -> Option<StepNo> {
        let place = self.by_id.binary_search_by(|no| self.step(*no).id.cmp(id)).ok()?;
        self.by_id.get(place).copied()
    }

    /// A step by its number; numbers come from this protocol.
    pub fn step(&self, no: StepNo) -> &Step {
        &self.steps[no.index()]
    }

    /// The step with this id, where the protocol declares it.
    pub fn step_named(&self, id: &StepId) -> Option<&Step> {
        self.step_no(id).map(|no| self.step(no))
    }

    /// The rule with this id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// The readings that a step must carry, in the file's order.
    pub fn records(&self, step: StepNo) -> impl Iterator<Item = &Record> {
        self.rules.iter().filter_map(move |rule| match &rule.kind {
            Kind::Record(record) if record.step == step => Some(record),
            _ => None,
        })
    }

    /// Whether no rule asks for this item at a step: neither one of the step nor one that is about
    /// all steps of the session together.
    pub fn is_unasked(&self, step: StepNo, used: &Use) -> bool {
        !self.rules.iter().any(|rule| match &rule.kind {
            Kind::Uses(uses) => {
                (uses.step == step || uses.scope == UseScope::Session) && uses.items.holds(used)
            }
            _ => false,
        })
    }

    /// The readings of an event, a few words each, for a screen: of the answers that could have
    /// stopped a step only those that did are named, and the others counted.
    pub fn readings_in_short(&self, event: &Event) -> Vec<String> {
        let clears = |(name, value): &(&FieldName, &Value)| {
            let step = self.step_no(&event.step);
            let mut asked = step.into_iter().flat_map(|step| self.records(step));
            asked.any(|record| match &record.shape {
                Shape::Word { expected, .. } => {
                    record.name == **name && record.stops.is_some() && expected.contains(value)
                }
                Shape::Number { .. } | Shape::Any => false,
            })
        };
        let (clearing, others): (Vec<_>, Vec<_>) = event.readings.iter().partition(clears);
        let shown = if clearing.len() > 1 { &others } else { &event.readings.iter().collect() };
        let mut words: Vec<String> =
            shown.iter().map(|(name, value)| format!("{name} {value}")).collect();
        match (clearing.len(), words.is_empty()) {
            (0 | 1, _) => {}
            (count, true) => words.push(format!("{count} answers, none stops a step")),
            (count, false) => words.push(format!("{count} answers that stop no step")),
        }
        words
    }

    /// A reading as it was given, with the protocol's unit where it is a bare number: someone who
    /// writes `depth=0.5` means the unit that the step asks for.
    pub fn with_unit(&self, step: StepNo, name: &FieldName, value: Value) -> Value {
        let record = self.records(step).find(|record| record.name == *name);
        match (value, record.map(|record| &record.shape)) {
            (Value::Number { number, unit: None }, Some(Shape::Number { unit, .. })) => {
                Value::Number { number, unit: unit.clone() }
            }
            (value, _) => value,
        }
    }
}
