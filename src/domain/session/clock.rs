//! What is said of the time of a step, so that a time on the wrong day is seen.

use crate::domain::protocol::Protocol;
use crate::domain::session::{Event, Session};
use crate::domain::shell::quote;
use crate::domain::time::Moment;

/// The clock alone on the day on which the session began, with its day on any other.
pub fn shown(session: &Session, at: Moment) -> String {
    if at.day() == session.started.day() { at.clock_face() } else { at.short() }
}

/// Says of a step of the treatment that it is recorded of another day than the session began on: a
/// clock time without a day means today.
pub fn other_day(protocol: &Protocol, session: &Session, event: &Event) -> Option<String> {
    let step = protocol.step(protocol.step_no(&event.step)?);
    let (began, day) = (session.started.day(), event.at.day());
    if began == day || step.is_follow_up() {
        return None;
    }
    let meant = quote(&format!("{began} {}", event.at.clock_face())).into_owned();
    Some(format!(
        "{} began on {began}, and {} is recorded of {day}; if that is wrong: lotbook undo {} \
         --reason other --note 'wrong day', and log it with --at {meant}",
        session.id, event.step, event.seq
    ))
}
