//! Judging a session: the events are numbered once (`trace`), then each rule is read off its
//! formula, one file a kind. Order is `(at, seq)` everywhere.

pub(super) mod automatic;
pub(super) mod by;
pub(super) mod condition;
pub(super) mod count;
pub(super) mod entries;
pub(super) mod finding;
pub(super) mod follow_up;
pub(super) mod gate;
pub(super) mod next;
pub(super) mod order;
pub(super) mod outcome;
pub(super) mod reason;
pub(super) mod record;
pub(super) mod stops;
pub(super) mod trace;
pub(super) mod uses;

use crate::domain::protocol::Protocol;
use crate::domain::protocol::rule::{Kind, Per, Rule};
use crate::domain::session::{Session, SessionState};
use crate::domain::time::Moment;
use condition::Holds;
use finding::{Finding, Judgement, Verdict};
use outcome::Outcome;
use trace::{Group, Trace};

/// Judges a session by every rule of a protocol. A session that was voided has no findings.
///
/// `now` closes the windows that have passed. Without it, an open session is judged as of its
/// last event, and of an ended one every window has closed.
pub fn judge<'a>(
    protocol: &'a Protocol,
    session: &'a Session,
    now: Option<Moment>,
) -> Judgement<'a> {
    let mut findings = Vec::with_capacity(protocol.rules.len());
    if session.state != SessionState::Voided {
        let scene = Scene::new(protocol, session, None, now);
        for rule in &protocol.rules {
            scene.judge_rule(rule, &mut findings);
        }
    }
    Judgement::of(findings)
}

/// Until when a session is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Clock {
    /// Until this moment.
    Now(Moment),
    /// To its end: no event will come.
    Over,
}

/// All that a rule is judged by.
pub(super) struct Scene<'a> {
    pub(super) protocol: &'a Protocol,
    pub(super) trace: Trace<'a>,
    pub(super) state: SessionState,
    pub(super) clock: Clock,
}

impl<'a> Scene<'a> {
    /// A session with perhaps one more event in its place.
    pub(super) fn new(
        protocol: &'a Protocol,
        session: &'a Session,
        candidate: Option<&'a crate::domain::session::Event>,
        now: Option<Moment>,
    ) -> Self {
        let trace = Trace::new(protocol, session, candidate);
        let clock = match (now, session.state) {
            (Some(now), _) => Clock::Now(now),
            (None, SessionState::Open) => Clock::Now(trace.last_moment(session.started)),
            (None, _) => Clock::Over,
        };
        Self { protocol, trace, state: session.state, clock }
    }

    /// Every finding of one rule: one, or one for each area.
    pub(super) fn judge_rule(&self, rule: &'a Rule, found: &mut Vec<Finding<'a>>) {
        if let Kind::Automatic(word) = &rule.kind {
            if let Some(outcome) = automatic::judge(self, word) {
                found.push(outcome.finding(rule, None));
            }
            return;
        }
        if rule.per == Per::Session {
            return found.push(self.finding(rule, Group::All));
        }
        for area in 0..self.trace.areas.len() {
            found.push(self.finding(rule, Group::Area(area)));
        }
        let areas = !self.trace.areas.is_empty();
        let order = matches!(rule.kind, Kind::Before(_) | Kind::After(_));
        let area_less = !order
            && rule
                .kind
                .trigger()
                .is_some_and(|step| self.trace.done(step, Group::AreaLess).next().is_some());
        if !areas {
            found.push(self.finding(rule, Group::All));
        } else if area_less {
            found.push(self.finding(rule, Group::AreaLess));
        }
    }

    fn finding(&self, rule: &'a Rule, group: Group) -> Finding<'a> {
        let outcome = match condition::holds(self, rule, group) {
            Holds::Yes => self.outcome(rule, group),
            Holds::No(because) => Outcome::without_events(Verdict::NotApplicable, because),
            Holds::Undecided(because) => {
                Outcome::without_events(Verdict::Pending { deadline: None }, because)
            }
            Holds::NeverAnswered(because) if self.state == SessionState::Stopped => {
                Outcome::without_events(Verdict::NotApplicable, because)
            }
            Holds::NeverAnswered(because) => Outcome::without_events(Verdict::Fail, because),
        };
        let area = match group {
            Group::Area(area) => self.trace.areas.get(area).map(|area| area.id),
            Group::All | Group::AreaLess => None,
        };
        outcome.finding(rule, area)
    }

    fn outcome(&self, rule: &'a Rule, group: Group) -> Outcome<'a> {
        let titles = condition::titles(rule);
        match &rule.kind {
            Kind::Count(count) => count::judge(self, count, group),
            Kind::By(by) => by::judge(self, by, group, titles),
            Kind::Before(before) => order::before(self, before, group, titles),
            Kind::After(after) => order::after(self, after, group, titles),
            Kind::Record(record) => record::judge(self, record, group, titles),
            Kind::Uses(uses) => uses::judge(self, uses, group, titles),
            Kind::Automatic(_) => Outcome::not_triggered(),
        }
    }
}
