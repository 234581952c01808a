//! What is next in a session, and from when.

use crate::domain::id::AreaId;
use crate::domain::protocol::edge::Edge;
use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::condition::{self, Holds};
use crate::domain::protocol::engine::stops::{Standing, standing};
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::{After, Before, Count, Earlier, Kind, Per, Rule, Since};
use crate::domain::protocol::step::{Step, StepNo};
use crate::domain::protocol::{Protocol, step};
use crate::domain::session::{Session, SessionState};
use crate::domain::time::Moment;

/// A step that is still due.
#[derive(Debug, Clone, PartialEq)]
pub struct Next<'a> {
    /// The step.
    pub step: &'a Step,
    /// The areas it is due in; empty where it is due once.
    pub areas: Vec<&'a AreaId>,
    /// From when on no rule is broken; none where it may be done at once.
    pub from: Option<Edge>,
    /// Until when.
    pub until: Option<Edge>,
    /// Steps that come first.
    pub waits_for: Vec<&'a Step>,
    /// Rules whose last answer stops it, and that nobody has cleared.
    pub stopped_by: Vec<&'a Rule>,
    /// Whether something that was done asks for it, such as a cream that must come off again.
    pub is_owed: bool,
    /// Whether steps that stand behind it in the file were done already, and none still due waits
    /// for it.
    pub is_left_out: bool,
}

/// Which of the due steps is told first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Its time ends today: a clock is running.
    Closing,
    /// What was done asks for it.
    Owed,
    /// Its turn comes in the order of the file.
    Due,
    /// Its turn is over; it can still be done late.
    LeftOut,
    /// It is due on a later day.
    Later,
}

/// The steps still due in an open or ended session: what is pressing first, else in the order of
/// the file. A step is due where its minimum is unmet, where it must follow a step that was done,
/// or where a due step needs it.
pub fn next<'a>(
    protocol: &'a Protocol,
    session: &'a Session,
    now: Option<Moment>,
) -> Vec<Next<'a>> {
    if session.state == SessionState::Voided {
        return Vec::new();
    }
    let scene = Scene::new(protocol, session, None, now);
    let mut due = Due { scene: &scene, steps: vec![None; protocol.steps.len()] };
    for rule in &protocol.rules {
        due.minimum_or_response(rule);
    }
    for _ in 0..step::STEPS_MAX.min(protocol.steps.len()) {
        if !due.add_needed() {
            break;
        }
    }
    let mut next: Vec<Next<'_>> = due.steps.into_iter().flatten().collect();
    mark_left_out(protocol, session, &mut next);
    if let Some(now) = now {
        next.sort_by_key(|next| {
            let turn = next.turn(now);
            (turn, next.until.filter(|_| turn == Turn::Closing).map(Edge::closing))
        });
    }
    next
}

/// Marks the steps whose turn is over: the session has gone on without them.
fn mark_left_out(protocol: &Protocol, session: &Session, next: &mut [Next<'_>]) {
    let done = session.events.iter().filter_map(|event| protocol.step_no(&event.step));
    let furthest = done.filter(|no| !protocol.step(*no).is_follow_up()).max();
    let needed: Vec<&Step> = next.iter().flat_map(|next| next.waits_for.clone()).collect();
    for next in next {
        let is_past = protocol.step_no(&next.step.id) < furthest;
        next.is_left_out = is_past && !next.is_owed && !needed.contains(&next.step);
    }
}

struct Due<'s, 'a> {
    scene: &'s Scene<'a>,
    steps: Vec<Option<Next<'a>>>,
}

impl<'a> Due<'_, 'a> {
    /// Adds what a count or an `after` still asks for.
    fn minimum_or_response(&mut self, rule: &'a Rule) {
        for group in groups(self.scene, rule.per) {
            if !matches!(condition::holds(self.scene, rule, group), Holds::Yes) {
                continue;
            }
            match &rule.kind {
                Kind::Count(count) => self.minimum(count, group),
                Kind::After(after) => self.response(rule, after, group),
                _ => {}
            }
        }
    }

    fn minimum(&mut self, count: &Count, group: Group) {
        let done = self.scene.trace.done(count.step, group).count();
        let short = u32::try_from(done).is_ok_and(|done| done < count.min);
        if short && self.scene.state == SessionState::Open {
            self.add(count.step, group, None, None);
        }
    }

    fn response(&mut self, rule: &Rule, after: &After, group: Group) {
        let needs = self.scene.protocol.step(after.needs);
        if self.scene.state != SessionState::Open && !needs.is_follow_up() {
            return;
        }
        let trace = &self.scene.trace;
        for index in trace.in_order(after.step, group) {
            let earlier = trace.event(index);
            let Ok(lengths) = after.window.after(earlier) else { continue };
            let met = trace.in_order(after.needs, group).any(|later| {
                let fit = lengths.fit(earlier.at, trace.event(later).at);
                later > index && fit == crate::domain::protocol::bound::Fit::Inside
            });
            let past = match self.scene.clock {
                super::Clock::Now(now) => lengths.is_past(earlier.at, now),
                super::Clock::Over => true,
            };
            if !met && !past && condition::done_by(earlier, condition::titles(rule)) {
                let (from, until) = (lengths.opens(earlier.at), lengths.closes(earlier.at));
                self.add(after.needs, group, from, until);
                self.owe(after);
            }
        }
    }

    /// What was done asks for a step, once all of it was done.
    fn owe(&mut self, after: &After) {
        let is_due = |no: StepNo| self.steps.get(no.index()).is_some_and(Option::is_some);
        let goes_on = is_due(after.step);
        if let Some(Some(next)) = self.steps.get_mut(after.needs.index()) {
            next.is_owed |= !goes_on;
        }
    }

    fn add(&mut self, step: StepNo, group: Group, from: Option<Edge>, until: Option<Edge>) -> bool {
        let scene = self.scene;
        let Some(place) = self.steps.get_mut(step.index()) else { return false };
        let new = place.is_none();
        let next = place.get_or_insert_with(|| Next {
            step: scene.protocol.step(step),
            areas: Vec::new(),
            from: None,
            until: None,
            waits_for: Vec::new(),
            stopped_by: Vec::new(),
            is_owed: false,
            is_left_out: false,
        });
        next.narrow(from, until);
        if let Group::Area(area) = group
            && let Some(area) = scene.trace.areas.get(area)
            && !next.areas.contains(&area.id)
        {
            next.areas.push(area.id);
        }
        if new {
            self.order(step);
            self.stops(step);
        }
        new
    }

    /// What the `before` rules of a due step say about its time.
    fn order(&mut self, step: StepNo) {
        let protocol = self.scene.protocol;
        for rule in &protocol.rules {
            let Kind::Before(before) = &rule.kind else { continue };
            if before.step != step {
                continue;
            }
            for group in groups(self.scene, rule.per) {
                if !matches!(condition::holds(self.scene, rule, group), Holds::Yes) {
                    continue;
                }
                let opening = opening(self.scene, before, group);
                let Some(next) = self.steps.get_mut(step.index()).and_then(Option::as_mut) else {
                    return;
                };
                match opening {
                    Some((from, until)) => next.narrow(from, until),
                    None => next.wait(protocol.step(before.needs)),
                }
            }
        }
    }

    /// The answers that stop a due step.
    fn stops(&mut self, step: StepNo) {
        let protocol = self.scene.protocol;
        for rule in &protocol.rules {
            let Kind::Record(record) = &rule.kind else { continue };
            let Some(stops) = record.stops.as_ref().filter(|stops| stops.steps.contains(&step))
            else {
                continue;
            };
            let end = self.scene.trace.events.len();
            let standing = standing(self.scene, record, stops, Group::All, end);
            let Some(next) = self.steps.get_mut(step.index()).and_then(Option::as_mut) else {
                return;
            };
            match standing {
                Standing::Clear(_) => {}
                Standing::Unanswered => next.wait(protocol.step(record.step)),
                Standing::Stopped(..) => {
                    next.stopped_by.push(rule);
                    if let Some(clearance) = stops.cleared_by {
                        next.wait(protocol.step(clearance));
                    }
                }
            }
        }
    }

    /// Adds the steps that the due ones wait for; true where there was a new one.
    fn add_needed(&mut self) -> bool {
        let needed: Vec<&Step> =
            self.steps.iter().flatten().flat_map(|next| next.waits_for.iter().copied()).collect();
        let mut added = false;
        for step in needed {
            if let Some(no) = self.scene.protocol.step_no(&step.id)
                && self.steps.get(no.index()).is_some_and(Option::is_none)
            {
                added |= self.add(no, Group::All, None, None);
            }
        }
        added
    }
}

/// From when and until when a step may be done.
type Opening = (Option<Edge>, Option<Edge>);

/// From when and until when the earlier steps of a `before` allow the later one; none where there
/// is no earlier step yet.
fn opening(scene: &Scene<'_>, rule: &Before, group: Group) -> Option<Opening> {
    let start = match rule.since {
        Since::Start => 0,
        Since::LastTime => scene.trace.in_order(rule.step, group).last().map_or(0, |at| at + 1),
    };
    let mut found: Option<Opening> = None;
    for index in scene.trace.in_order(rule.needs, group).filter(|index| *index >= start) {
        let earlier = scene.trace.event(index);
        let Ok(lengths) = rule.window.after(earlier) else { continue };
        let (from, until) = (lengths.opens(earlier.at), lengths.closes(earlier.at));
        found = Some(match (found, rule.earlier) {
            (None, _) => (from, until),
            (Some((one, two)), Earlier::Any) => (
                [one, from].into_iter().min_by_key(|edge| edge.map(Edge::opening)).flatten(),
                two.zip(until).map(|(two, until)| [two, until]).and_then(last_closing),
            ),
            (Some((one, two)), Earlier::Every) => {
                (last_opening([one, from]), first_closing([two, until]))
            }
        });
    }
    found
}

/// The later of two beginnings, of which an absent one was always open.
fn last_opening(edges: [Option<Edge>; 2]) -> Option<Edge> {
    edges.into_iter().flatten().max_by_key(|edge| edge.opening())
}

/// The earlier of two ends, of which an absent one is open.
fn first_closing(edges: [Option<Edge>; 2]) -> Option<Edge> {
    edges.into_iter().flatten().min_by_key(|edge| edge.closing())
}

fn last_closing(edges: [Edge; 2]) -> Option<Edge> {
    edges.into_iter().max_by_key(|edge| edge.closing())
}

fn groups(scene: &Scene<'_>, per: Per) -> Vec<Group> {
    match per {
        Per::Area if !scene.trace.areas.is_empty() => {
            (0..scene.trace.areas.len()).map(Group::Area).collect()
        }
        Per::Area | Per::Session => vec![Group::All],
    }
}

impl<'a> Next<'a> {
    fn narrow(&mut self, from: Option<Edge>, until: Option<Edge>) {
        self.from = last_opening([self.from, from]);
        self.until = first_closing([self.until, until]);
    }

    fn wait(&mut self, step: &'a Step) {
        if !self.waits_for.contains(&step) {
            self.waits_for.push(step);
        }
    }

    /// Whether it may be done now.
    pub fn is_ready(&self, now: Moment) -> bool {
        self.waits_for.is_empty()
            && self.stopped_by.is_empty()
            && self.from.is_none_or(|from| from.has_opened(now))
    }

    fn turn(&self, now: Moment) -> Turn {
        let today = now.day();
        match (self.from, self.until) {
            (Some(from), _) if from.day(now) > today => Turn::Later,
            (_, Some(until)) if until.day(now) == today => Turn::Closing,
            _ if self.is_owed => Turn::Owed,
            _ if self.is_left_out => Turn::LeftOut,
            _ => Turn::Due,
        }
    }

    /// One line for people: `needling: from 11:02, in 14 min`.
    pub fn in_words(&self, now: Moment) -> String {
        let mut said = Vec::new();
        if !self.areas.is_empty() {
            let areas: Vec<&str> = self.areas.iter().map(|area| area.as_str()).collect();
            said.push(areas.join(", "));
        }
        for rule in &self.stopped_by {
            said.push(format!("stopped by {}", rule.id));
        }
        if !self.waits_for.is_empty() {
            let steps: Vec<&str> = self.waits_for.iter().map(|step| step.id.as_str()).collect();
            said.push(format!("after {}", steps.join(", ")));
        }
        if let Some(from) = self.from.filter(|from| !from.has_opened(now)) {
            said.push(format!("from {}, in {}", from.in_words(now), from.away(now)));
        }
        if let Some(until) = self.until {
            let verb = if until.has_closed(now) { "was due until" } else { "until" };
            said.push(format!("{verb} {}", until.in_words(now)));
        }
        if self.is_left_out {
            said.push("left out so far".to_owned());
        }
        if said.is_empty() {
            said.push("now".to_owned());
        }
        format!("{}: {}", self.step.id, said.join(", "))
    }
}
