//! Findings that need no rule in the file: the book's own rules, broken knowingly.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::session::{Event, ItemFault};

/// The events that broke one of the book's rules; none where no event did.
pub(super) fn judge<'a>(scene: &Scene<'a>, word: &str) -> Option<Outcome<'a>> {
    let mut outcome: Option<Outcome<'a>> = None;
    for occurrence in &scene.trace.events {
        let event = occurrence.event;
        if let Some(because) = broken(event, word) {
            let outcome = outcome.get_or_insert_with(Outcome::not_triggered);
            outcome.fail(event.seq, None, because);
        }
    }
    outcome
}

fn broken(event: &Event, word: &str) -> Option<String> {
    let fault = word.parse::<ItemFault>().ok();
    let used = event.uses.iter().find(|used| fault.is_some_and(|fault| used.status.has(fault)));
    if let (Some(used), Some(fault)) = (used, fault) {
        return Some(format!("{} used at {} {}", used.item(), event.step, fault.in_words()));
    }
    let overridden = event.despite.iter().find(|despite| &*despite.rule == word)?;
    Some(format!("{} was recorded despite `{word}`: {}", event.step, overridden.code))
}
