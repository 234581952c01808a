//! A follow-up that was done when nothing asked for it. A phase orders nothing, so it breaks no
//! rule and is recorded; but whoever logs it may well have meant another step or another day.

use crate::domain::protocol::Protocol;
use crate::domain::protocol::bound::Fit;
use crate::domain::protocol::edge::Edge;
use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{After, Kind};
use crate::domain::session::{Event, Session};

/// Says of the entry `seq`, a follow-up, where no step before it is followed in time by it.
pub fn idle_follow_up(protocol: &Protocol, session: &Session, seq: u64) -> Option<String> {
    let scene = Scene::new(protocol, session, None, None);
    let mut events = scene.trace.events.iter().map(|occurrence| occurrence.event);
    let index = events.position(|event| event.seq == seq)?;
    let event = scene.trace.event(index);
    let step = protocol.step_no(&event.step)?;
    if !protocol.step(step).is_follow_up() {
        return None;
    }
    let rules = protocol.rules.iter().filter_map(|rule| match &rule.kind {
        Kind::After(after) if after.needs == step => Some(after),
        _ => None,
    });
    let whys: Vec<Option<String>> = rules.map(|after| idle(&scene, after, event, index)).collect();
    let why = whys.iter().all(Option::is_some).then(|| whys.into_iter().flatten().next());
    why.flatten().map(|why| format!("{} follows nothing in time: {why}", event.step))
}

/// Why a rule does not take the event at `index` for what it asks; none where it does.
fn idle(scene: &Scene<'_>, after: &After, event: &Event, index: usize) -> Option<String> {
    let mut why = format!("{} was not done before it", scene.protocol.step(after.step).id);
    for earlier in scene.trace.in_order(after.step, Group::All).filter(|at| *at < index) {
        let earlier = scene.trace.event(earlier);
        let Ok(lengths) = after.window.after(earlier) else { continue };
        let day = |edge: Option<Edge>| edge.map(|edge| edge.day(event.at));
        let days = (day(lengths.opens(earlier.at)), day(lengths.closes(earlier.at)));
        why = match (lengths.fit(earlier.at, event.at), days) {
            (Fit::Inside, _) => return None,
            (Fit::TooSoon(_), (Some(first), Some(last))) => {
                format!("it is due from {first} until {last}")
            }
            (Fit::TooSoon(_), (Some(first), None)) => format!("it is due from {first}"),
            (Fit::TooLate(_), (_, Some(last))) => format!("it was due until {last}"),
            // What nothing bounds is neither too soon nor too late.
            (Fit::TooSoon(_), (None, _)) | (Fit::TooLate(_), (_, None)) => continue,
        };
    }
    Some(why)
}
