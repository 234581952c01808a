//! What is recorded although a rule, or the state of an item, stands against it: the names that
//! `--despite` takes, and the words that a hint writes for them.

use crate::domain::fact::{Action, DESPITE, pick};
use crate::domain::protocol::{self, Protocol, RESERVED};
use crate::domain::refusal::Refusal;
use crate::domain::session::{Despite, ItemFault, ItemStatus};
use crate::domain::shell::quote;

/// Refuses a name that is neither a rule of the protocol nor a state of an item: it could clear
/// nothing, whatever else is wrong.
pub fn check_names<'n>(
    protocol: &Protocol,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<(), Refusal> {
    let is_rule = |name: &str| protocol.rules.iter().any(|rule| rule.id.as_str() == name);
    // The automatic rules of a session bear the reserved words.
    let is_known = |name: &&str| match RESERVED.contains(name) {
        true => name.parse::<ItemFault>().is_ok(),
        false => is_rule(name),
    };
    match names.into_iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some("stock") => Err(Refusal::new("--despite stock can't be recorded")
            .why("nothing is taken from stock that the book does not have")
            .hint("receive what is missing, late with --at: lotbook receive QTY ITEM --from NAME")),
        Some("serial") => Err(Refusal::new("--despite serial can't be recorded")
            .why("a piece with a serial number is used once")
            .hint(format!(
                "if the other use was the mistake, take it back: lotbook undo N {}",
                pick(Action::Reversal.spec().reasons)
            ))
            .hint("find its entry: lotbook audit log --limit 20")),
        Some(name) => Err(unknown(protocol, name)),
    }
}

fn unknown(protocol: &Protocol, name: &str) -> Refusal {
    let states = ItemFault::ALL.iter().map(|fault| fault.as_str());
    let rules = protocol.rules.iter().map(|rule| rule.id.as_str());
    let rules = rules.filter(|rule| !RESERVED.contains(rule));
    let names: Vec<&str> = rules.chain(states.clone()).collect();
    let states: Vec<&str> = states.collect();
    let refusal = Refusal::new(format!("{} has no rule {name}", protocol.reference))
        .why(format!("the states of an item are {}", states.join(", ")));
    let parts: Vec<&str> = name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        let each = parts.iter().map(|part| format!("--despite {}", quote(part)));
        let each = each.collect::<Vec<_>>().join(" ");
        return refusal.hint(format!("write --despite before each name: {each}"));
    }
    let lower = name.to_lowercase();
    let refusal = match protocol::nearest(&lower, &names) {
        Some(near) => refusal.hint(format!("did you mean {near}?")),
        None => refusal,
    };
    refusal.hint(format!("see its rules: lotbook protocol show {}", protocol.reference))
}

/// What is typed for these names, each once: `--despite a --despite b`.
pub fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut words: Vec<String> = Vec::new();
    for name in names {
        let word = format!("--despite {name}");
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" ")
}

/// The reason that was given, or the codes to pick from.
fn reason(given: &[Despite]) -> String {
    match given.first() {
        Some(despite) => format!("--reason {}", quote(&despite.code)),
        None => pick(DESPITE),
    }
}

/// What to type to set these aside together with those that were given already, so that the hint
/// in the place of the last try is enough: `--despite a --despite b --reason supply`.
pub fn words<'n>(given: &'n [Despite], more: impl IntoIterator<Item = &'n str>) -> String {
    let all = names(given.iter().map(|despite| &*despite.rule).chain(more));
    format!("{all} {}", reason(given))
}

/// The same for an item with these faults: of the states that were given, only those that it is in
/// are left.
pub fn words_of_item<'g>(given: &'g [Despite], status: ItemStatus) -> String {
    let rules = given.iter().map(|despite| &*despite.rule);
    let rules = rules.filter(|rule| rule.parse::<ItemFault>().is_err());
    let faults = status.faults().map(|fault| -> &'g str { fault.as_str() });
    let all = names(rules.chain(faults));
    format!("{all} {}", reason(given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::parse;
    use crate::domain::protocol::shipped::shipped;

    fn refused(name: &str) -> Option<(String, String)> {
        let (protocol, _) = parse(shipped("acne-scars-face").unwrap().text);
        let refusal = check_names(&protocol.unwrap(), [name]).err()?;
        Some((refusal.what, refusal.hints.join("; ")))
    }

    #[test]
    fn a_name_that_can_clear_nothing_is_told_with_what_fits() {
        for good in ["expired", "held", "discard-by", "consent-first"] {
            assert_eq!(refused(good), None);
        }
        for (name, hint) in [
            ("Expired", "did you mean expired?"),
            ("HELD", "did you mean held?"),
            ("consent-frist", "did you mean consent-first?"),
            ("a,b", "--despite a --despite b"),
            ("consent-first, held", "--despite consent-first --despite held"),
            ("stock", "lotbook receive"),
            ("serial", "lotbook undo N"),
            ("banana", "lotbook protocol show acne-scars-face@"),
        ] {
            let (what, hints) = refused(name).unwrap();
            assert!(what.contains(name) && hints.contains(hint), "{what} {hints}");
        }
    }

    #[test]
    fn a_name_is_written_once() {
        assert_eq!(names(["a", "b", "a"]), "--despite a --despite b");
    }

    #[test]
    fn a_hint_keeps_what_was_given_and_its_reason() {
        let given = |rule: &str| Despite { rule: rule.into(), code: "supply".into() };
        assert_eq!(
            words(&[given("a"), given("held")], ["b", "a"]),
            "--despite a --despite held --despite b --reason supply"
        );
        let status = ItemStatus::of([ItemFault::Expired]);
        assert_eq!(
            words_of_item(&[given("a"), given("held")], status),
            "--despite a --despite expired --reason supply"
        );
        assert_eq!(
            words(&[], ["b"]),
            "--despite b --reason \
            'clinical-judgement|client-request|emergency|supply|recorded-late'"
        );
    }
}
