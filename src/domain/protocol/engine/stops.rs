//! An unexpected answer is always recordable, and stops the steps it names until it is cleared.

use crate::domain::protocol::Protocol;
use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::by;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::record::READ;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{Kind, Record, Shape, Stops};
use crate::domain::protocol::step::StepNo;
use crate::domain::quantity::Value;
use crate::domain::session::Session;

/// The value by which a clearance answers a question that it names.
pub const CLEARED: &str = "cleared";

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

/// What the answers of one entry stop, a sentence each: the question, the steps and who may clear
/// it.
pub fn stopping(protocol: &Protocol, session: &Session, seq: u64) -> Vec<String> {
    let scene = Scene::new(protocol, session, None, None);
    let mut said = Vec::new();
    for rule in &protocol.rules {
        let Kind::Record(record) = &rule.kind else { continue };
        let Some(stops) = &record.stops else { continue };
        let standing = standing(&scene, record, stops, Group::All, usize::MAX);
        let Standing::Stopped(answered, answer) = standing else { continue };
        if answered == seq {
            let steps: Vec<&str> =
                stops.steps.iter().map(|step| protocol.step(*step).id.as_str()).collect();
            let until = cleared_by(&scene, stops.cleared_by);
            let name = &record.name;
            said.push(format!("{name} is {answer}: it stops {}{until}", steps.join(" and ")));
        }
    }
    said
}

/// What the clearances of one entry leave undone, a sentence each: a step that could clear answers
/// and names none, and a question that it clears although nothing waits for that.
pub fn idle_clearances(protocol: &Protocol, session: &Session, seq: u64) -> Vec<String> {
    let scene = Scene::new(protocol, session, None, None);
    let mut events = scene.trace.events.iter().map(|occurrence| occurrence.event).enumerate();
    let Some((index, event)) = events.find(|(_, event)| event.seq == seq) else {
        return Vec::new();
    };
    let step = protocol.step_no(&event.step);
    let clearable: Vec<(&Record, &Stops)> = protocol
        .rules
        .iter()
        .filter_map(|rule| match &rule.kind {
            Kind::Record(record) => record.stops.as_ref().map(|stops| (record, stops)),
            _ => None,
        })
        .filter(|(_, stops)| step.is_some() && stops.cleared_by == step)
        .collect();
    let before =
        |(record, stops): (&Record, &Stops)| standing(&scene, record, stops, Group::All, index);
    let named = |(record, _): &&(&Record, &Stops)| event.readings.contains_key(&record.name);
    if !clearable.is_empty() && !clearable.iter().any(|one| named(&one)) {
        let waits = clearable.iter().find(|one| matches!(before(**one), Standing::Stopped(..)));
        let how = waits.map(|(record, _)| format!(": log it with {}={CLEARED}", record.name));
        let how = how.unwrap_or_default();
        return vec![format!("{} names no question, so it clears nothing{how}", event.step)];
    }
    let idle = clearable.iter().filter(named).filter_map(|one| {
        let why = match before(*one) {
            Standing::Unanswered => "it is not answered yet",
            Standing::Clear(_) => "its answer stops nothing",
            Standing::Stopped(..) if !may_clear(&scene, index) => {
                "whoever logged it may not clear it"
            }
            Standing::Stopped(..) => return None,
        };
        Some(format!("{}={CLEARED} clears nothing: {why}", one.0.name))
    });
    idle.collect()
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
        answered < *index && *index < before && clears && may_clear(scene, *index)
    });
    match cleared {
        Some(index) => Standing::Clear(scene.trace.event(index).seq),
        None => Standing::Stopped(seq, answer),
    }
}

/// A clearance counts where whoever gave it keeps the `by` rules of its step.
fn may_clear(scene: &Scene<'_>, index: usize) -> bool {
    let event = scene.trace.event(index);
    scene.protocol.rules.iter().all(|rule| match &rule.kind {
        Kind::By(by) if scene.protocol.step(by.step).id == event.step => {
            by::problem(event, by).is_none()
        }
        _ => true,
    })
}
