//! An unexpected answer is always recordable, and stops the steps it names until it is cleared.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::record::READ;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{Record, Shape, Stops};
use crate::domain::protocol::step::StepNo;
use crate::domain::quantity::Value;

/// The value by which a clearance answers a question that it names.
pub(in crate::domain::protocol) const CLEARED: &str = "cleared";

/// For every stopped step that was done: the last answer before it is expected, or a clearance
/// that names the question lies between them.
pub(super) fn judge(
    scene: &Scene<'_>,
    rule: &Record,
    stops: &Stops,
    group: Group,
    outcome: &mut Outcome<'_>,
) {
    for step in &stops.steps {
        for index in scene.trace.in_order(*step, group) {
            let event = scene.trace.event(index);
            match standing(scene, rule, stops, group, index) {
                Standing::Clear(seq) => outcome.pass(event.seq, Some(seq), READ),
                Standing::Unanswered => {
                    let asks = &scene.protocol.step(rule.step).id;
                    let because =
                        format!("{} was not answered at {asks} before {}", rule.name, event.step);
                    outcome.fail(event.seq, None, because);
                }
                Standing::Stopped(seq, answer) => {
                    let because = format!(
                        "{} is {answer}, which stops {}{}",
                        rule.name,
                        event.step,
                        cleared_by(scene, stops.cleared_by)
                    );
                    outcome.fail(event.seq, Some(seq), because);
                }
            }
        }
    }
}

fn cleared_by(scene: &Scene<'_>, step: Option<StepNo>) -> String {
    match step {
        Some(step) => format!(" until {} clears it", scene.protocol.step(step).id),
        None => String::new(),
    }
}

/// How a question stands before an event.
pub(super) enum Standing<'a> {
    /// By this entry nothing stops the step.
    Clear(u64),
    /// Nobody has answered it.
    Unanswered,
    /// The last answer, in this entry, stops the step.
    Stopped(u64, &'a Value),
}

/// How a question stands before the event at an index; past the last index: now.
pub(super) fn standing<'a>(
    scene: &Scene<'a>,
    rule: &Record,
    stops: &Stops,
    group: Group,
    before: usize,
) -> Standing<'a> {
    let mut last = None;
    for index in scene.trace.in_order(rule.step, group).take_while(|index| *index < before) {
        if let Some(answer) = scene.trace.reading(index, rule) {
            last = Some((index, answer));
        }
    }
    let Some((answered, answer)) = last else { return Standing::Unanswered };
    let seq = scene.trace.event(answered).seq;
    let expected = match &rule.shape {
        Shape::Word { expected, .. } => expected.contains(answer),
        Shape::Number { .. } | Shape::Any => true,
    };
    if expected {
        return Standing::Clear(seq);
    }
    let mut clearances =
        stops.cleared_by.into_iter().flat_map(|step| scene.trace.in_order(step, group));
    let cleared = clearances.find(|index| {
        let names = scene.trace.event(*index).readings.get(&rule.name);
        let clears = matches!(names, Some(Value::Word(word)) if &**word == CLEARED);
        answered < *index && *index < before && clears
    });
    match cleared {
        Some(index) => Standing::Clear(scene.trace.event(index).seq),
        None => Standing::Stopped(seq, answer),
    }
}
