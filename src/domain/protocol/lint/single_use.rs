//! A cartridge is sterile and used once: a protocol that needles should demand one.

use crate::domain::catalog::Category;
use crate::domain::diagnostic::Diagnostic;
use crate::domain::protocol::rule::{Items, Kind};
use crate::domain::protocol::when::Condition;
use crate::domain::protocol::{Protocol, codes};

/// The step whose single-use item is the cartridge.
const NEEDLING: &str = "needling";

/// Warns where a protocol needles, or speaks of cartridges, and no rule demands one.
pub(super) fn unguarded(protocol: &Protocol, found: &mut Vec<Diagnostic>) {
    let mut about = protocol
        .rules
        .iter()
        .filter(|rule| {
            let used = rule.when.contains(&Condition::Used(Category::Cartridge));
            used || demand(&rule.kind).is_some()
        })
        .map(|rule| rule.span.clone());
    let needling = protocol.rules.iter().find(|rule| {
        rule.kind.trigger().is_some_and(|step| protocol.step(step).id.as_str() == NEEDLING)
    });
    let Some(span) = needling.map(|rule| rule.span.clone()).or_else(|| about.next()) else {
        return;
    };
    if protocol.rules.iter().any(|rule| demand(&rule.kind) == Some(true)) {
        return;
    }
    let message = "no rule demands a cartridge, which is sterile and used once";
    let diagnostic = Diagnostic::warning(codes::UNGUARDED_SINGLE_USE, span, message);
    found.push(
        diagnostic.remedy("add uses.cartridge = { min = \"1\", per = \"session\" } to the step"),
    );
}

/// Whether a demand for cartridges has a minimum; none where it is about something else. A demand
/// for named products is taken to name cartridges where it is a demand of the needling step.
fn demand(kind: &Kind) -> Option<bool> {
    let Kind::Uses(uses) = kind else { return None };
    let about = match &uses.items {
        Items::Category(category) => *category == Category::Cartridge,
        Items::Products(_) => uses.name.as_str() == Category::Cartridge.as_str(),
    };
    about.then_some(uses.min.is_some())
}
