//! What is used at a step: how much, usable, and with which attributes.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::condition::done_by;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{Items, Test, UseScope, Uses};
use crate::domain::quantity::{Quantity, Unit, Value, show_parts};
use crate::domain::session::{ItemStatus, Use};

/// The quantity lies in its range, every item is usable and has the attributes.
pub(super) fn judge<'a>(
    scene: &Scene<'a>,
    rule: &'a Uses,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    match rule.scope {
        UseScope::Event => each_event(scene, rule, group, titles),
        UseScope::Session => together(scene, rule, group, titles),
    }
}

fn each_event<'a>(
    scene: &Scene<'a>,
    rule: &'a Uses,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        if !done_by(event, titles) {
            continue;
        }
        let mut sum = Sum::new(rule);
        event.uses.iter().for_each(|used| sum.add(used));
        match sum.too_little().or_else(|| sum.too_much()).or(sum.problem) {
            None => outcome.pass(event.seq, None, "used as it should be"),
            Some(because) => {
                outcome.fail(event.seq, None, format!("{}: {because}", event.step));
            }
        }
    }
    outcome
}

/// All steps of the session together: the minimum is met when the first such event is over, the
/// rest holds for everything used before and after it.
fn together<'a>(
    scene: &Scene<'a>,
    rule: &'a Uses,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    let mut triggers = scene
        .trace
        .done(rule.step, group)
        .filter(|index| done_by(scene.trace.event(*index), titles));
    let Some(first) = triggers.next() else { return outcome };
    let trigger = scene.trace.event(first);
    let mut sum = Sum::new(rule);
    let mut short = None;
    for (index, occurrence) in scene.trace.events.iter().enumerate() {
        let parts = sum.parts;
        occurrence.event.uses.iter().for_each(|used| sum.add(used));
        if index == first {
            short = sum.too_little();
        }
        let too_much = if sum.parts > parts { sum.too_much() } else { None };
        if let Some(because) = sum.problem.take().or(too_much) {
            let event = occurrence.event;
            outcome.fail(event.seq, None, format!("{}: {because}", event.step));
        }
    }
    match short {
        Some(because) => {
            let because = format!("up to the first {}, {because}", trigger.step);
            outcome.fail(trigger.seq, None, because);
        }
        None => outcome.pass(trigger.seq, None, "used as it should be"),
    }
    outcome
}

/// What was used of one demand.
struct Sum<'r> {
    rule: &'r Uses,
    unit: Unit,
    parts: i64,
    problem: Option<String>,
}

impl<'r> Sum<'r> {
    fn new(rule: &'r Uses) -> Self {
        let unit = rule.min.or(rule.max).map_or(Unit::Each, Quantity::unit);
        Self { rule, unit, parts: 0, problem: None }
    }

    fn add(&mut self, used: &Use) {
        if !self.rule.items.holds(used) {
            return;
        }
        let counted = self.rule.min.is_some() || self.rule.max.is_some();
        if counted && used.quantity.unit() != self.unit {
            let item = used.item();
            self.note(format!(
                "{item} is counted in {}, not in {}",
                used.quantity.unit(),
                self.unit
            ));
        } else {
            self.parts = self.parts.saturating_add(used.quantity.parts());
        }
        if used.status != ItemStatus::USABLE {
            self.note(format!("{} {}", used.item(), used.status.in_words()));
        }
        for (name, test) in &self.rule.attributes {
            let value = used.attributes.get(name);
            if !value.is_some_and(|value| test.holds(value)) {
                let has = match value {
                    Some(value) => format!("{name} of {} is {value}", used.product),
                    None => format!("{} has no `{name}`", used.product),
                };
                self.note(format!("{has}; {test} is needed"));
            }
        }
    }

    fn note(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    fn too_little(&self) -> Option<String> {
        let min = self.rule.min.filter(|min| self.parts < min.parts())?;
        Some(format!("{}; at least {} is needed", self.used(), shown(min.parts(), self.unit)))
    }

    fn too_much(&self) -> Option<String> {
        let max = self.rule.max.filter(|max| self.parts > max.parts())?;
        Some(format!("{}; at most {} is allowed", self.used(), shown(max.parts(), self.unit)))
    }

    fn used(&self) -> String {
        match self.parts {
            0 => format!("no {} was used", self.rule.name),
            parts => format!("{} of {} was used", shown(parts, self.unit), self.rule.name),
        }
    }
}

/// `2.5 g`, `3`: pieces without a word.
fn shown(parts: i64, unit: Unit) -> String {
    match unit {
        Unit::Each => parts.to_string(),
        Unit::Gram | Unit::Millilitre => format!("{} {unit}", show_parts(parts, unit)),
    }
}

impl Items {
    /// Whether a use is one of these.
    pub fn holds(&self, used: &Use) -> bool {
        match self {
            Self::Category(category) => used.category == *category,
            Self::Products(products) => products.contains(&used.product),
        }
    }
}

impl Test {
    /// Whether an attribute's value passes.
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Is(wanted), value) => wanted == value,
            (Self::Number(span, asked), Value::Number { number, unit }) => {
                span.holds(*number) && (asked.is_none() || asked == unit)
            }
            (Self::Number(..), Value::Word(_)) => false,
        }
    }
}

impl std::fmt::Display for Test {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Is(value) => value.fmt(out),
            Self::Number(span, Some(unit)) => write!(out, "{span} {unit}"),
            Self::Number(span, None) => span.fmt(out),
        }
    }
}
