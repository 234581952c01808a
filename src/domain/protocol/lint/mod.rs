//! Looks at a protocol as a whole: rules that contradict each other or that nothing can meet.

mod circles;
mod counts;
mod reach;
mod single_use;

use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::Protocol;

/// Adds what is wrong with the protocol as a whole.
pub(super) fn whole(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    counts::contradictory(protocol, found);
    counts::of_follow_up(protocol, found);
    circles::before(protocol, found);
    reach::unreachable(protocol, found);
    single_use::unguarded(protocol, found);
}
