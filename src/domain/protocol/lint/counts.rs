//! Counts that contradict each other, or that never close.

use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::rule::{Count, Kind, Rule};
use crate::domain::protocol::{Protocol, codes};

/// Two counts of a step, both always in force, of which one's minimum exceeds the other's maximum.
pub(super) fn contradictory(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    let counts: Vec<(&Rule, &Count)> = counts(protocol).collect();
    for (index, (rule, count)) in counts.iter().enumerate() {
        for (first, other) in &counts[..index] {
            let same = count.step == other.step && rule.per == first.per;
            if !same || !rule.when.is_empty() || !first.when.is_empty() {
                continue;
            }
            let clash = |one: &Count, two: &Count| two.max.is_some_and(|max| one.min > max);
            if clash(count, other) || clash(other, count) {
                let sentence =
                    |rule: &Rule| protocol.describe(rule).trim_end_matches('.').to_owned();
                let message = format!(
                    "`{}` and `{}` can't both be met: {}, and {}",
                    first.id,
                    rule.id,
                    sentence(first),
                    sentence(rule)
                );
                let remedy = format!("leave `{}` or `{}` out", first.id, rule.id);
                let found_one =
                    Diagnostic::error(codes::CONTRADICTORY_COUNTS, rule.span.clone(), message)
                        .label(first.span.clone(), "the other count")
                        .remedy(remedy);
                found.push(found_one);
            } else if rule.id.as_str().contains('.') && first.id.as_str().contains('.') {
                let message = format!("`{}` and `{}` both count the step", first.id, rule.id);
                let found_one =
                    Diagnostic::warning(codes::SAYS_NOTHING, rule.span.clone(), message)
                        .label(first.span.clone(), "the other count")
                        .remedy(
                            "say it once: exactly_once = true, or count = { min = 1, max = 3 }",
                        );
                found.push(found_one);
            }
        }
    }
}

/// A minimum of a follow-up step, which would be due for ever.
pub(super) fn of_follow_up(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    for (rule, count) in counts(protocol) {
        let step = protocol.step(count.step);
        if step.is_follow_up() && count.min > 0 {
            let message = format!(
                "{} is a follow-up, and a minimum doesn't say by when it must be done",
                step.id
            );
            let remedy = format!(
                "write a [[rule]] with after = {{ step = \"...\", needs = \"{}\", \
                max = \"45 days\" }}",
                step.id
            );
            let found_one = Diagnostic::error(codes::FOLLOW_UP_MINIMUM, rule.span.clone(), message);
            found.push(found_one.remedy(remedy));
        }
    }
}

fn counts(protocol: &Protocol) -> impl Iterator<Item = (&Rule, &Count)> {
    protocol.rules.iter().filter_map(|rule| match &rule.kind {
        Kind::Count(count) => Some((rule, count)),
        _ => None,
    })
}
