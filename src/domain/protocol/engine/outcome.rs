//! Adds up what the triggers of a rule say, one after the other, to one verdict with its reason.

use std::borrow::Cow;

use crate::domain::id::AreaId;
use crate::domain::protocol::engine::finding::{Finding, Verdict};
use crate::domain::protocol::rule::Rule;
use crate::domain::time::Moment;

/// The most reasons that are written out; the others are counted.
const REASONS_MAX: usize = 3;

/// The verdict so far. A worse one replaces what is there, an equal one adds to it.
pub(in crate::domain::protocol) struct Outcome {
    verdict: Verdict,
    triggered: bool,
    because: Cow<'static, str>,
    reasons: usize,
    events: Vec<u64>,
    witness: Vec<u64>,
}

impl Outcome {
    /// Nothing triggered the rule yet.
    pub(super) fn not_triggered() -> Self {
        let mut outcome = Self::without_events(Verdict::Pass, "not triggered");
        outcome.triggered = false;
        outcome
    }

    /// A verdict that no event is responsible for.
    pub(super) fn without_events(verdict: Verdict, because: impl Into<Cow<'static, str>>) -> Self {
        Self {
            verdict,
            triggered: false,
            because: because.into(),
            reasons: 0,
            events: Vec::new(),
            witness: Vec::new(),
        }
    }

    /// A trigger that is in order.
    pub(super) fn pass(&mut self, event: u64, witness: Option<u64>, because: &'static str) {
        self.triggered = true;
        if matches!(self.verdict, Verdict::Pass | Verdict::NotApplicable) {
            self.verdict = Verdict::Pass;
            self.because = Cow::Borrowed(because);
            self.note(event, witness);
        }
    }

    /// A trigger that breaks the rule for good.
    pub(super) fn fail(&mut self, event: u64, witness: Option<u64>, because: String) {
        self.worsen(Verdict::Fail, because);
        self.note(event, witness);
    }

    /// A trigger that a later event can still satisfy.
    pub(super) fn wait(&mut self, event: u64, deadline: Option<Moment>, because: String) {
        self.worsen(Verdict::Pending { deadline }, because);
        if matches!(self.verdict, Verdict::Pending { .. }) {
            self.note(event, None);
        }
    }

    /// A trigger that is no longer due, since the session was stopped.
    pub(super) fn release(&mut self, because: &'static str) {
        if !self.triggered {
            self.verdict = Verdict::NotApplicable;
            self.because = Cow::Borrowed(because);
        }
        self.triggered = true;
    }

    fn worsen(&mut self, verdict: Verdict, because: String) {
        self.triggered = true;
        let worst = self.verdict.worse(verdict);
        let same_kind = worst.as_str() == self.verdict.as_str();
        if !same_kind {
            self.because = Cow::Owned(because);
            self.reasons = 1;
            self.events.clear();
            self.witness.clear();
        } else if verdict.as_str() == worst.as_str() {
            self.add_reason(&because);
        }
        self.verdict = worst;
    }

    fn add_reason(&mut self, because: &str) {
        self.reasons += 1;
        let text = self.because.to_mut();
        if self.reasons <= REASONS_MAX {
            text.push_str("; ");
            text.push_str(because);
        } else if self.reasons == REASONS_MAX + 1 {
            text.push_str("; and more");
        }
    }

    fn note(&mut self, event: u64, witness: Option<u64>) {
        if self.events.last() != Some(&event) {
            self.events.push(event);
        }
        if let Some(witness) = witness
            && !self.witness.contains(&witness)
        {
            self.witness.push(witness);
        }
    }

    /// All occurrences together as the trigger, for rules that count.
    pub(super) fn counted(
        verdict: Verdict,
        because: impl Into<Cow<'static, str>>,
        events: Vec<u64>,
    ) -> Self {
        let triggered = !events.is_empty();
        Self { triggered, events, ..Self::without_events(verdict, because) }
    }

    /// The worse of two outcomes about the same rule, with the events of both where they agree.
    pub(super) fn and(mut self, other: Self) -> Self {
        let triggered = self.triggered || other.triggered;
        let same = self.verdict.as_str() == other.verdict.as_str();
        let verdict = self.verdict.worse(other.verdict);
        let first_stays = verdict.as_str() == self.verdict.as_str();
        if !same {
            let worse = if first_stays { self } else { other };
            return Self { triggered, verdict, ..worse };
        }
        if !self.triggered {
            self.because = other.because;
        } else if other.triggered && matches!(verdict, Verdict::Fail | Verdict::Pending { .. }) {
            self.add_reason(&other.because);
        }
        for event in other.events {
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
        self.witness.extend(other.witness);
        Self { triggered, verdict, ..self }
    }

    /// As a finding of a rule.
    pub(super) fn finding<'a>(self, rule: &'a Rule, area: Option<&'a AreaId>) -> Finding<'a> {
        Finding {
            rule,
            area,
            verdict: self.verdict,
            triggered: self.triggered,
            because: self.because,
            events: self.events,
            witness: self.witness,
        }
    }
}
