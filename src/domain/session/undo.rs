//! Whether a protocol lets an entry of a session be taken back.

use std::fmt;

use crate::domain::fact::Because;
use crate::domain::id::{RuleId, SessionId};
use crate::domain::protocol::{Finding, Protocol, Verdict, gate_change, judge};
use crate::domain::refusal::Refusal;
use crate::domain::session::{Session, SessionState, despite};
use crate::domain::time::Moment;

/// The session before and after an undo: no `block` rule may fail that held before, unless it is
/// named; and no other rule is named.
pub fn may_undo(
    id: SessionId,
    protocol: &Protocol,
    (before, after): (&Session, &Session),
    despite: &[RuleId],
) -> Result<(), Refusal> {
    let failing = gate_change(protocol, before, after);
    let open: Vec<_> =
        failing.iter().filter(|finding| !despite.contains(&finding.rule.id)).collect();
    if let Some(first) = open.first() {
        let named = despite.iter().chain(open.iter().map(|finding| &finding.rule.id));
        return Err(broken(id, first, named));
    }
    let failing: Vec<&RuleId> = failing.iter().map(|finding| &finding.rule.id).collect();
    refuse_idle(despite, &failing)
}

/// What a session that has ended is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejudged {
    /// The session.
    pub session: SessionId,
    /// What it was before an undo.
    pub before: Verdict,
    /// What it is after it.
    pub after: Verdict,
}

impl Rejudged {
    /// The verdicts before and after an undo, where they differ. Of a session that is open, or that
    /// the undo opens again, nobody has a verdict yet.
    pub fn of(
        protocol: &Protocol,
        (before, after): (&Session, &Session),
        now: Moment,
    ) -> Option<Self> {
        let has_ended = |session: &Session| {
            matches!(session.state, SessionState::Finished | SessionState::Stopped)
        };
        if !has_ended(before) || !has_ended(after) {
            return None;
        }
        let verdict = |session| judge(protocol, session, Some(now)).verdict;
        let (was, is) = (verdict(before), verdict(after));
        (was != is).then_some(Self { session: before.id, before: was, after: is })
    }

    /// Whether it is worse that way.
    pub fn fails(self) -> bool {
        self.after == Verdict::Fail
    }
}

impl fmt::Display for Rejudged {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { session, before, after } = self;
        let (before, after) = (before.as_str(), after.as_str());
        write!(out, "the verdict of {session} was {before}, and is {after} now")
    }
}

/// The refusal of an undo; all that must be `named` stands in its hint.
fn broken<'n>(
    id: SessionId,
    finding: &Finding<'_>,
    named: impl Iterator<Item = &'n RuleId>,
) -> Refusal {
    let what = format!("without it {id} breaks {}: {}", finding.name(), finding.because);
    let refusal = Refusal::new(what);
    let refusal = match &finding.rule.why {
        Some(why) => refusal.why(why.to_string()),
        None => refusal,
    };
    refusal
        .hint("log first what was really done, late with --at, and undo then")
        .hint(format!("to undo it all the same: {}", despite::names(named.map(RuleId::as_str))))
}

/// A rule is set aside only where it fails: else the ledger would say what is not so.
pub fn refuse_idle(despite: &[RuleId], failing: &[&RuleId]) -> Result<(), Refusal> {
    match despite.iter().find(|rule| !failing.contains(rule)) {
        None => Ok(()),
        Some(rule) => Err(Refusal::new(format!("--despite {rule}: this undo breaks no such rule"))
            .why("only a block rule that fails without the entry can be set aside")
            .hint(format!("leave out --despite {rule}"))),
    }
}

/// A reversal's detail is the original's, so the words say which rules were set aside.
pub fn set_aside(because: &Because, despite: &[RuleId]) -> Because {
    if despite.is_empty() {
        return because.clone();
    }
    let rules: Vec<&str> = despite.iter().map(RuleId::as_str).collect();
    because.after(&format!("despite {}", rules.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Action;

    #[test]
    fn what_was_set_aside_stands_in_the_words_of_the_reason() {
        let because = |note| Because::new(Action::Reversal, "mis-scan", note).unwrap();
        let rules: Vec<RuleId> = vec!["numb-first".parse().unwrap(), "one-cap".parse().unwrap()];
        let note = |note, rules| set_aside(&because(note), rules).note().map(str::to_owned);
        assert_eq!(note(None, &rules).as_deref(), Some("despite numb-first, one-cap"));
        assert_eq!(note(Some("x"), &rules[..1]).as_deref(), Some("despite numb-first: x"));
        assert_eq!(note(Some("x"), &[]).as_deref(), Some("x"));
        assert_eq!(note(None, &[]), None);
    }

    #[test]
    fn only_a_rule_that_fails_is_set_aside() {
        let (one, two): (RuleId, RuleId) =
            ("numb-first".parse().unwrap(), "one-cap".parse().unwrap());
        assert!(refuse_idle(&[], &[&one]).is_ok());
        assert!(refuse_idle(std::slice::from_ref(&one), &[&one, &two]).is_ok());
        assert!(refuse_idle(&[one, two.clone()], &[&two]).is_err());
    }
}
