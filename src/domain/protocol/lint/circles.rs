//! Steps that need each other before themselves.

use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::rule::{Before, Kind, Rule};
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::{Protocol, codes};

/// Finds each circle of `before` rules that are always in force, once.
pub(super) fn before(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    let edges: Vec<(&Rule, &Before)> = protocol
        .rules
        .iter()
        .filter_map(|rule| match &rule.kind {
            Kind::Before(before) if rule.when.is_empty() => Some((rule, before)),
            _ => None,
        })
        .collect();
    let mut told = vec![false; protocol.steps.len()];
    for (rule, edge) in &edges {
        if told.get(edge.step.index()).copied().unwrap_or(true) {
            continue;
        }
        let Some(way) = way(protocol, &edges, edge.needs, edge.step) else { continue };
        for step in &way {
            if let Some(told) = told.get_mut(step.index()) {
                *told = true;
            }
        }
        let mut names: Vec<&str> =
            way.iter().map(|step| protocol.step(*step).id.as_str()).collect();
        names.insert(0, protocol.step(edge.step).id.as_str());
        let message = format!("none of these can be done first: {}", names.join(" needs "));
        let diagnostic = Diagnostic::error(codes::BEFORE_CIRCLE, rule.span.clone(), message);
        found.push(diagnostic.remedy("leave one of these `before` rules out"));
    }
}

/// The steps on the shortest way from one to another along `needs`, both included.
fn way(
    protocol: &Protocol,
    edges: &[(&Rule, &Before)],
    from: StepNo,
    to: StepNo,
) -> Option<Vec<StepNo>> {
    let mut came_from: Vec<Option<StepNo>> = vec![None; protocol.steps.len()];
    let mut queue = std::collections::VecDeque::from([from]);
    let mut seen = vec![false; protocol.steps.len()];
    while let Some(step) = queue.pop_front() {
        if step == to {
            let mut way = vec![to];
            let mut at = to;
            while at != from
                && let Some(before) = came_from.get(at.index()).copied().flatten()
            {
                way.push(before);
                at = before;
            }
            way.reverse();
            return Some(way);
        }
        for (_, edge) in edges.iter().filter(|(_, edge)| edge.step == step) {
            if let Some(seen) = seen.get_mut(edge.needs.index()).filter(|seen| !**seen) {
                *seen = true;
                if edge.needs != from {
                    came_from[edge.needs.index()] = Some(step);
                }
                queue.push_back(edge.needs);
            }
        }
    }
    None
}
