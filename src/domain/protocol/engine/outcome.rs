//! Adds up what the triggers of a rule say, one after the other, to one verdict with its reason.

use crate::domain::id::AreaId;
use crate::domain::protocol::edge::Edge;
use crate::domain::protocol::engine::entries::Entries;
use crate::domain::protocol::engine::finding::{Fault, Finding, Verdict};
use crate::domain::protocol::engine::reason::Reason;
use crate::domain::protocol::rule::Rule;

/// The most reasons that are written out; the others are counted.
const REASONS_MAX: usize = 3;

/// The verdict so far. A worse one replaces what is there, an equal one adds to it.
pub(in crate::domain::protocol) struct Outcome<'a> {
    verdict: Verdict,
    triggered: bool,
    because: Reason<'a>,
    reasons: usize,
    events: Entries,
    witness: Entries,
    faults: Vec<Fault>,
}

impl<'a> Outcome<'a> {
    /// Nothing triggered the rule yet.
    pub(super) fn not_triggered() -> Self {
        Self::without_events(Verdict::Pass, "not triggered")
    }

    /// A verdict that no event is responsible for.
    pub(super) fn without_events(verdict: Verdict, because: impl Into<Reason<'a>>) -> Self {
        Self {
            verdict,
            triggered: false,
            because: because.into(),
            reasons: 0,
            events: Entries::default(),
            witness: Entries::default(),
            faults: Vec::new(),
        }
    }

    /// All occurrences together as the trigger, for rules that count.
    pub(super) fn counted(
        verdict: Verdict,
        because: impl Into<Reason<'a>>,
        events: Entries,
    ) -> Self {
        let triggered = !events.is_empty();
        Self { triggered, events, ..Self::without_events(verdict, because) }
    }

    /// A trigger that is in order.
    pub(super) fn pass(&mut self, event: u64, witness: Option<u64>, because: &'static str) {
        self.triggered = true;
        if matches!(self.verdict, Verdict::Pass | Verdict::NotApplicable) {
            self.verdict = Verdict::Pass;
            self.because = Reason::Said(because);
            self.note(event, witness);
        }
    }

    /// A trigger that breaks the rule for good.
    pub(super) fn fail(&mut self, event: u64, witness: Option<u64>, because: String) {
        self.triggered = true;
        self.faults.push(Fault { event, witness, because: because.clone() });
        if self.verdict == Verdict::Fail {
            self.add_reason(&because);
        } else {
            self.replace(Verdict::Fail, because.into());
        }
        self.note(event, witness);
    }

    /// A trigger that a later event can still satisfy; the reason of the first one stands for
    /// the others.
    pub(super) fn wait(&mut self, event: u64, deadline: Option<Edge>, because: Reason<'a>) {
        self.triggered = true;
        let pending = Verdict::Pending { deadline };
        match self.verdict {
            Verdict::Fail => return,
            Verdict::Pending { .. } => self.verdict = self.verdict.worse(pending),
            _ => self.replace(pending, because),
        }
        self.note(event, None);
    }

    /// A trigger that is no longer due, since the session was stopped.
    pub(super) fn release(&mut self, because: &'static str) {
        if !self.triggered {
            self.verdict = Verdict::NotApplicable;
            self.because = Reason::Said(because);
        }
        self.triggered = true;
    }

    fn replace(&mut self, verdict: Verdict, because: Reason<'a>) {
        self.verdict = verdict;
        self.because = because;
        self.reasons = 1;
        self.events.clear();
        self.witness.clear();
    }

    /// A reason that was given already is not said once more.
    fn add_reason(&mut self, because: &str) {
        if self.because.to_string().split("; ").any(|said| said == because) {
            return;
        }
        self.reasons += 1;
        if self.reasons <= REASONS_MAX {
            self.because = Reason::Told(format!("{}; {because}", self.because));
        } else if self.reasons == REASONS_MAX + 1 {
            self.because = Reason::Told(format!("{}; and more", self.because));
        }
    }

    fn note(&mut self, event: u64, witness: Option<u64>) {
        if !self.events.contains(&event) {
            self.events.push(event);
        }
        if let Some(witness) = witness
            && !self.witness.contains(&witness)
        {
            self.witness.push(witness);
        }
    }

    /// Some triggers that break the rule together.
    pub(super) fn fail_all(&mut self, events: &[u64], because: String) {
        if let Some((first, rest)) = events.split_first() {
            self.fail(*first, None, because.clone());
            for event in rest {
                self.faults.push(Fault { event: *event, witness: None, because: because.clone() });
                self.note(*event, None);
            }
        }
    }

    /// Some triggers that a later event can still satisfy together.
    pub(super) fn wait_all(&mut self, events: &[u64], until: Option<Edge>, because: String) {
        if let Some((first, rest)) = events.split_first() {
            self.wait(*first, until, because.into());
            if self.verdict != Verdict::Fail {
                rest.iter().for_each(|event| self.note(*event, None));
            }
        }
    }

    /// As a finding of a rule.
    pub(super) fn finding(self, rule: &'a Rule, area: Option<&'a AreaId>) -> Finding<'a> {
        Finding {
            rule,
            area,
            verdict: self.verdict,
            triggered: self.triggered,
            because: self.because,
            events: self.events,
            witness: self.witness,
            faults: self.faults,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::parse;
    use crate::domain::protocol::shipped::shipped;

    #[test]
    fn an_entry_is_told_what_it_breaks_itself_and_each_thing_once() {
        let (protocol, _) = parse(shipped("acne-scars-face").unwrap().text);
        let protocol = protocol.unwrap();
        let mut outcome = Outcome::not_triggered();
        for (event, witness, because) in [
            (1, None, "one"),
            (2, None, "two"),
            (3, Some(1), "three"),
            (4, None, "four"),
            (4, None, "four"),
        ] {
            outcome.fail(event, witness, because.to_owned());
        }
        let finding = outcome.finding(&protocol.rules[0], None);
        assert_eq!(finding.because.to_string(), "one; two; three; and more");
        assert_eq!(finding.because_of(1), "one; three");
        assert_eq!(finding.because_of(2), "two");
        assert_eq!(finding.because_of(4), "four");
        assert_eq!(finding.because_of(9), "one; two; three; and more");
        let all = Outcome::counted(Verdict::Fail, "too often", Entries::default());
        assert_eq!(all.finding(&protocol.rules[0], None).because_of(1), "too often");
    }
}
