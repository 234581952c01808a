//! What is read at a step: present, in its unit, in its range or list.

use rust_decimal::Decimal;

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::condition::done_by;
use crate::domain::protocol::engine::finding::Verdict;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::stops;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{Ranges, Record, Shape, Span, StaffLimit, Sum};
use crate::domain::quantity::Value;
use crate::domain::session::{Event, SessionState};

/// Every occurrence carries the reading, and it is allowed in its area.
pub(super) fn judge(
    scene: &Scene<'_>,
    rule: &Record,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome {
    let mut outcome = Outcome::not_triggered();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        if !done_by(event, titles) {
            continue;
        }
        match problem(scene, rule, group, index) {
            None => outcome.pass(event.seq, None, "read, and as it should be"),
            Some(because) => outcome.fail(event.seq, None, because),
        }
    }
    if rule.sum == Sum::Total {
        outcome = total(scene, rule, group, titles, outcome);
    }
    match &rule.stops {
        Some(stops) => outcome.and(stops::judge(scene, rule, stops, group)),
        None => outcome,
    }
}

fn problem(scene: &Scene<'_>, rule: &Record, group: Group, index: usize) -> Option<String> {
    let event = scene.trace.event(index);
    let Some(value) = event.readings.get(&rule.name) else {
        return Some(format!("{} has no {}", event.step, rule.name));
    };
    match &rule.shape {
        Shape::Any => None,
        Shape::Word { one_of, expected } => {
            let listed = one_of.is_empty() || one_of.contains(value);
            // An answer that stops other steps may always be recorded.
            let narrowed = rule.stops.is_none() && !expected.is_empty();
            if !listed {
                Some(format!("{} is {value}, not one of {}", rule.name, list(one_of)))
            } else if narrowed && !expected.contains(value) {
                Some(format!("{} is {value}; {} is expected", rule.name, list(expected)))
            } else {
                None
            }
        }
        Shape::Number { unit, ranges } => {
            let number = match number(value, unit.as_deref()) {
                Ok(number) => number,
                Err(because) => return Some(format!("{} {because}", rule.name)),
            };
            let over = match rule.staff_limit {
                StaffLimit::Kept => over_limit(event, rule, number, unit.as_deref()),
                StaffLimit::Ignored => None,
            };
            match rule.sum {
                _ if over.is_some() => over,
                Sum::Total => None,
                Sum::Each => out_of_range(scene, rule, ranges, group, index, value, number),
            }
        }
    }
}

fn list(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The number of a reading in the unit that is asked for, or what is wrong with it.
fn number(value: &Value, asked: Option<&str>) -> Result<Decimal, String> {
    match value {
        Value::Number { number, unit } if unit.as_deref() == asked => Ok(*number),
        Value::Number { .. } => {
            Err(format!("is {value}, which is not in {}", asked.unwrap_or("pieces without a unit")))
        }
        Value::Word(word) => Err(format!("is `{word}`, which is not a number")),
    }
}

fn over_limit(event: &Event, rule: &Record, read: Decimal, unit: Option<&str>) -> Option<String> {
    let limit = event.by.limits.get(&rule.name)?;
    match number(limit, unit) {
        Ok(most) if read <= most => None,
        Ok(_) => {
            let read = Value::number(read, unit);
            Some(format!("{} is {read}; the limit of {} is {limit}", rule.name, event.by.id))
        }
        Err(because) => Some(format!("the {} limit of {} {because}", rule.name, event.by.id)),
    }
}

fn out_of_range(
    scene: &Scene<'_>,
    rule: &Record,
    ranges: &Ranges,
    group: Group,
    index: usize,
    value: &Value,
    number: Decimal,
) -> Option<String> {
    let one = [match group {
        Group::Area(area) => area,
        Group::All | Group::AreaLess => usize::MAX,
    }];
    let named = scene.trace.areas_of(index);
    let areas = if group == Group::All && !named.is_empty() { named } else { &one };
    areas.iter().find_map(|area| {
        let area = scene.trace.areas.get(*area);
        let known = area.and_then(|area| area.known);
        let at = || area.map(|area| format!(" at {}", area.id)).unwrap_or_default();
        match ranges.at(known) {
            Some(span) if span.holds(number) => None,
            Some(span) => Some(format!("{} is {value}{}; {span} is allowed", rule.name, at())),
            None => Some(format!("{} is {value}{}, where no range is given", rule.name, at())),
        }
    })
}

/// The sum over the events of the area, or of the session.
fn total(
    scene: &Scene<'_>,
    rule: &Record,
    group: Group,
    titles: Option<&[String]>,
    outcome: Outcome,
) -> Outcome {
    let Shape::Number { unit, ranges } = &rule.shape else { return outcome };
    let mut sum = Decimal::ZERO;
    let mut events = Vec::new();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        let read = event.readings.get(&rule.name).map(|value| number(value, unit.as_deref()));
        if !done_by(event, titles) {
            continue;
        }
        events.push(event.seq);
        if let Some(Ok(number)) = read {
            sum = sum.saturating_add(number);
        }
    }
    let known = match group {
        Group::Area(area) => scene.trace.areas.get(area).and_then(|area| area.known),
        Group::All | Group::AreaLess => None,
    };
    match ranges.at(known) {
        _ if events.is_empty() => outcome,
        None => outcome.and(Outcome::counted(
            Verdict::Fail,
            format!("no range is given for {} here", rule.name),
            events,
        )),
        Some(span) => outcome.and(held_to(scene, rule, span, sum, unit.as_deref(), events)),
    }
}

fn held_to(
    scene: &Scene<'_>,
    rule: &Record,
    span: Span,
    sum: Decimal,
    unit: Option<&str>,
    events: Vec<u64>,
) -> Outcome {
    if span.holds(sum) {
        return Outcome::counted(Verdict::Pass, "read, and in all as it should be", events);
    }
    let shown = Value::number(sum, unit);
    let too_little = span.min.is_some_and(|min| sum < min);
    let (verdict, far) = match scene.state {
        SessionState::Open if too_little => (Verdict::Pending { deadline: None }, " so far"),
        SessionState::Stopped if too_little => (Verdict::NotApplicable, ", and it was stopped"),
        _ => (Verdict::Fail, ""),
    };
    let because = format!("{} is {shown} in all{far}; {span} is allowed", rule.name);
    Outcome::counted(verdict, because, events)
}
