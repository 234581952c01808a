//! What is refused when an event is logged: `block` rules that fail because of it, and that no
//! later event could mend.

use crate::domain::protocol::Protocol;
use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::finding::{Finding, Verdict};
use crate::domain::protocol::rule::{Rule, Severity};
use crate::domain::session::{Event, Session};
use crate::domain::time::Moment;

/// The `block` rules that fail because of a new event, given the entries so far. The event may be
/// a late entry: it is judged in its place, with what it does to the events after it.
pub fn gate<'a>(
    protocol: &'a Protocol,
    session: &'a Session,
    candidate: &'a Event,
) -> Vec<Finding<'a>> {
    let now = gate_moment(session, candidate);
    let after = Scene::new(protocol, session, Some(candidate), Some(now));
    newly_failing(protocol, &after, || Scene::new(protocol, session, None, Some(now)))
}

/// As of when a new event is judged: the last thing that is known of the session.
pub fn gate_moment(session: &Session, candidate: &Event) -> Moment {
    last(session).max(candidate.at)
}

/// The same for a correction: the `block` rules that fail after it and didn't before.
pub fn gate_change<'a>(
    protocol: &'a Protocol,
    before: &'a Session,
    after: &'a Session,
) -> Vec<Finding<'a>> {
    let now = last(before).max(last(after));
    let corrected = Scene::new(protocol, after, None, Some(now));
    newly_failing(protocol, &corrected, || Scene::new(protocol, before, None, Some(now)))
}

/// Both are judged as of the same moment: what time alone makes fail is nobody's entry.
fn last(session: &Session) -> Moment {
    session.events.iter().map(|event| event.at).fold(session.started, Moment::max)
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
        scene.judge_rule(rule, &mut failing);
    }
    failing.retain(|finding| finding.verdict == Verdict::Fail);
    failing
}
