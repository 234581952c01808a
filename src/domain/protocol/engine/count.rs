//! How often a step is done.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::entries::Entries;
use crate::domain::protocol::engine::finding::Verdict;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::reason::{Reason, did, times};
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::Count;
use crate::domain::session::SessionState;

/// `min <= #{i: step i is S} <= max`. A minimum that an open session has not met is pending; of a
/// stopped one it is not applicable.
pub(super) fn judge<'a>(scene: &Scene<'a>, rule: &'a Count, group: Group) -> Outcome<'a> {
    let events: Entries =
        scene.trace.done(rule.step, group).map(|index| scene.trace.event(index).seq).collect();
    let done = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let step = &scene.protocol.step(rule.step).id;
    match rule.max {
        Some(0) if done > 0 => {
            let because = format!("{step} was done, and is not allowed here");
            return Outcome::counted(Verdict::Fail, because, events);
        }
        Some(max) if done > max => {
            let because = format!("{step} was {}; at most {} is allowed", did(done), times(max));
            return Outcome::counted(Verdict::Fail, because, events);
        }
        _ => {}
    }
    if done >= rule.min {
        if done == 0 {
            return Outcome::not_triggered();
        }
        return Outcome::counted(Verdict::Pass, "done as often as asked", events);
    }
    let (verdict, because) = match scene.state {
        SessionState::Open => {
            (Verdict::Pending { deadline: None }, Reason::SoFar { step, done, count: rule })
        }
        SessionState::Stopped => (
            Verdict::NotApplicable,
            format!("the session was stopped before {step} was {}", did(rule.min)).into(),
        ),
        SessionState::Finished | SessionState::Voided => (
            Verdict::Fail,
            format!("{step} was {}; at least {} is needed", did(done), times(rule.min)).into(),
        ),
    };
    Outcome::counted(verdict, because, events)
}
