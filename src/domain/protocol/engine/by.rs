//! Who may do a step.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::condition::done_by;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::By;
use crate::domain::session::Event;

/// Every occurrence is done by someone with one of the titles and with the certificate valid on
/// that day.
pub(super) fn judge<'a>(
    scene: &Scene<'a>,
    rule: &'a By,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    for index in scene.trace.done(rule.step, group) {
        let event = scene.trace.event(index);
        if !done_by(event, titles) {
            continue;
        }
        match problem(event, rule) {
            None => outcome.pass(event.seq, None, "done by someone who may"),
            Some(because) => outcome.fail(event.seq, None, because),
        }
    }
    outcome
}

/// What is missing for this person to do the step.
pub(super) fn problem(event: &Event, rule: &By) -> Option<String> {
    let person = &event.by;
    if !rule.titles.is_empty() && !rule.titles.iter().any(|title| person.titles.contains(title)) {
        let has = match person.titles.as_slice() {
            [] => "has no title".to_owned(),
            titles => format!("is {}", titles.join(", ")),
        };
        let asked = rule.titles.join(" or ");
        return Some(format!("{} {has}; {} is for {asked}", person.id, event.step));
    }
    let certificate = rule.certificate.as_ref()?;
    let day = event.at.day();
    match person.certificates.get(certificate) {
        None => Some(format!("{} has no certificate `{certificate}`", person.id)),
        Some(last) if *last < day => Some(format!(
            "the certificate `{certificate}` of {} ended on {last}, and the step was on {day}",
            person.id
        )),
        Some(_) => None,
    }
}
