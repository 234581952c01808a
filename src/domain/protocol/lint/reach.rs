//! Rules that another rule makes impossible to trigger or to meet.

use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::rule::{Kind, Rule};
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::when::Condition;
use crate::domain::protocol::{Protocol, codes};

/// Rules about steps that are always forbidden.
pub(super) fn unreachable(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    for rule in &protocol.rules {
        for step in mentioned(rule) {
            let Some(ban) = ban(protocol, step).filter(|ban| ban.id != rule.id) else { continue };
            let step = &protocol.step(step).id;
            let message = format!("`{}` is about {step}, which is forbidden", rule.id);
            let remedy = format!("leave `{}` or `{}` out", rule.id, ban.id);
            let diagnostic =
                Diagnostic::warning(codes::UNREACHABLE_RULE, rule.span.clone(), message)
                    .label(ban.span.clone(), "forbidden here")
                    .remedy(remedy);
            found.push(diagnostic);
            break;
        }
    }
}

/// The rule that forbids a step under all circumstances.
fn ban(protocol: &Protocol, step: StepNo) -> Option<&Rule> {
    protocol.rules.iter().find(|rule| {
        let Kind::Count(count) = &rule.kind else { return false };
        count.step == step && count.max == Some(0) && rule.when.is_empty()
    })
}

fn mentioned(rule: &Rule) -> Vec<StepNo> {
    let mut steps: Vec<StepNo> = match &rule.kind {
        // Contradictory counts are an error of their own.
        Kind::Count(_) | Kind::Automatic(_) => Vec::new(),
        Kind::Before(before) => vec![before.step, before.needs],
        Kind::After(after) => vec![after.step, after.needs],
        Kind::By(_) | Kind::Record(_) | Kind::Uses(_) => rule.kind.trigger().into_iter().collect(),
    };
    steps.extend(rule.when.iter().filter_map(|condition| match condition {
        Condition::Done(step) | Condition::Answer { step, .. } => Some(*step),
        _ => None,
    }));
    steps
}
