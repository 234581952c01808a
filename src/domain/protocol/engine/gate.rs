//! What is refused when an event is logged: `block` rules that fail because of it, and that no
//! later event could mend.

use crate::domain::protocol::Protocol;
use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::finding::{Finding, Verdict};
use crate::domain::protocol::rule::{Rule, Severity};
use crate::domain::session::{Event, Session};

/// The `block` rules that fail because of a new event, given the entries so far. The event may be
/// a late entry: it is judged in its place, with what it does to the events after it.
pub fn gate<'a>(
    protocol: &'a Protocol,
    session: &'a Session,
    candidate: &'a Event,
) -> Vec<Finding<'a>> {
    let after = scene(protocol, session, Some(candidate));
    newly_failing(protocol, &after, || scene(protocol, session, None))
}

/// The same for a correction: the `block` rules that fail after it and didn't before.
pub fn gate_change<'a>(
    protocol: &'a Protocol,
    before: &'a Session,
    after: &'a Session,
) -> Vec<Finding<'a>> {
    let corrected = scene(protocol, after, None);
    newly_failing(protocol, &corrected, || scene(protocol, before, None))
}

fn scene<'a>(
    protocol: &'a Protocol,
    session: &'a Session,
    candidate: Option<&'a Event>,
) -> Scene<'a> {
    let last = session.events.iter().chain(candidate).map(|event| event.at).max();
    Scene::new(protocol, session, candidate, Some(last.unwrap_or(session.started)))
}

fn newly_failing<'a>(
    protocol: &'a Protocol,
    after: &Scene<'a>,
    before: impl FnOnce() -> Scene<'a>,
) -> Vec<Finding<'a>> {
    let mut failing = failing(after, protocol.rules.iter());
    if failing.is_empty() {
        return failing;
    }
    let before = before();
    let old = self::failing(&before, failing.iter().map(|finding| finding.rule));
    failing.retain(|new| {
        let known = |old: &&Finding<'_>| old.rule.id == new.rule.id && old.area == new.area;
        match old.iter().find(known) {
            Some(old) => new.events.iter().any(|event| !old.events.contains(event)),
            None => true,
        }
    });
    failing
}

fn failing<'a>(scene: &Scene<'a>, rules: impl Iterator<Item = &'a Rule>) -> Vec<Finding<'a>> {
    let mut failing = Vec::new();
    for rule in rules.filter(|rule| rule.severity == Severity::Block) {
        scene.judge_rule(rule, &mut |finding| {
            if finding.verdict == Verdict::Fail {
                failing.push(finding);
            }
        });
    }
    failing
}
