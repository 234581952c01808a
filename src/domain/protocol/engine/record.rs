//! What is read at a step: present, in its unit, in its range or list.

use rust_decimal::Decimal;

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::condition::done_by;
use crate::domain::protocol::engine::entries::Entries;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::stops;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{Ranges, Record, Shape, StaffLimit, Sum};
use crate::domain::quantity::Value;
use crate::domain::session::{Event, SessionState};

/// What is said of a reading that is in order.
pub(super) const READ: &str = "read, and as it should be";

/// Every occurrence carries the reading, and it is allowed in its area.
pub(super) fn judge<'a>(
    scene: &Scene<'a>,
    rule: &'a Record,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        if !done_by(event, titles) {
            continue;
        }
        match problem(scene, rule, group, index) {
            None => outcome.pass(event.seq, None, READ),
            Some(because) => outcome.fail(event.seq, None, because),
        }
    }
    if rule.sum == Sum::Total {
        total(scene, rule, group, titles, &mut outcome);
    }
    if let Some(stops) = &rule.stops {
        stops::judge(scene, rule, stops, group, &mut outcome);
    }
    outcome
}

fn problem(scene: &Scene<'_>, rule: &Record, group: Group, index: usize) -> Option<String> {
    let event = scene.trace.event(index);
    let Some(value) = scene.trace.reading(index, rule) else {
        return Some(format!("{} was not recorded at {}", rule.name, event.step));
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
    outcome: &mut Outcome<'_>,
) {
    let Shape::Number { unit, ranges } = &rule.shape else { return };
    let unit = unit.as_deref();
    let mut sum = Decimal::ZERO;
    let mut events = Entries::default();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        if !done_by(event, titles) {
            continue;
        }
        events.push(event.seq);
        if let Some(Ok(read)) = scene.trace.reading(index, rule).map(|value| number(value, unit)) {
            sum = sum.saturating_add(read);
        }
    }
    let known = match group {
        Group::Area(area) => scene.trace.areas.get(area).and_then(|area| area.known),
        Group::All | Group::AreaLess => None,
    };
    match ranges.at(known) {
        _ if events.is_empty() => {}
        None => outcome.fail_all(&events, format!("no range is given for {} here", rule.name)),
        Some(span) if span.holds(sum) => {}
        Some(span) => {
            let because = |far: &str| {
                let shown = Value::number(sum, unit);
                format!("{} is {shown} in all{far}; {span} is allowed", rule.name)
            };
            let too_little = span.min.is_some_and(|min| sum < min);
            match scene.state {
                SessionState::Open if too_little => {
                    outcome.wait_all(&events, None, because(" so far"));
                }
                SessionState::Stopped if too_little => {}
                _ => outcome.fail_all(&events, because("")),
            }
        }
    }
}
