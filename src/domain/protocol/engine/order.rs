//! Which step comes before or after which, and how long may lie between them.

use std::fmt::Write as _;

use crate::domain::protocol::bound::{Bound, Fit, Window};
use crate::domain::protocol::engine::condition::done_by;
use crate::domain::protocol::engine::outcome::Outcome;
use crate::domain::protocol::engine::reason::Reason;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::engine::{Clock, Scene};
use crate::domain::protocol::rule::{After, Before, Earlier, Since};
use crate::domain::session::{Event, SessionState};
use crate::domain::time::{Length, Moment};

/// For every occurrence of the step an earlier `needs` lies inside the window.
pub(super) fn before<'a>(
    scene: &Scene<'a>,
    rule: &'a Before,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    let mut from = 0;
    for index in scene.trace.in_order(rule.step, group) {
        let event = scene.trace.event(index);
        if done_by(event, titles) {
            before_one(scene, rule, group, from..index, &mut outcome);
        }
        if rule.since == Since::LastTime {
            from = index + 1;
        }
    }
    outcome
}

/// One occurrence, at the end of `range`; the earlier steps lie in it.
fn before_one<'a>(
    scene: &Scene<'a>,
    rule: &'a Before,
    group: Group,
    range: std::ops::Range<usize>,
    outcome: &mut Outcome<'a>,
) {
    let later = scene.trace.event(range.end);
    let mut inside: Option<&Event> = None;
    let mut outside: Option<(&Event, String)> = None;
    for index in scene.trace.in_order(rule.needs, group) {
        if !range.contains(&index) {
            continue;
        }
        let earlier = scene.trace.event(index);
        match misfit(&rule.window, earlier, later) {
            None => inside = Some(earlier),
            Some(because) => outside = Some((earlier, because)),
        }
    }
    match (inside, outside, rule.earlier) {
        (Some(earlier), None, _) | (Some(earlier), Some(_), Earlier::Any) => {
            outcome.pass(later.seq, Some(earlier.seq), "in order, and in time");
        }
        (_, Some((earlier, because)), _) => {
            outcome.fail(later.seq, Some(earlier.seq), because);
        }
        (None, None, _) => outcome.fail(later.seq, None, nothing_before(scene, rule, later)),
    }
}

fn nothing_before(scene: &Scene<'_>, rule: &Before, later: &Event) -> String {
    let needs = &scene.protocol.step(rule.needs).id;
    let mut events = scene.trace.events.iter().map(|occurrence| occurrence.event);
    let is_first = !events
        .any(|event| event.step == later.step && (event.at, event.seq) < (later.at, later.seq));
    let since = match rule.since {
        Since::LastTime if !is_first => format!("since the {} before it", later.step),
        Since::Start | Since::LastTime => "before it".to_owned(),
    };
    format!("{} at {} has no {needs} {since}", later.step, later.at.clock_face())
}

/// Why a pair lies outside the window; none where it lies inside.
fn misfit(window: &Window, earlier: &Event, later: &Event) -> Option<String> {
    if window.is_open() {
        return None;
    }
    let lengths = match window.after(earlier) {
        Ok(lengths) => lengths,
        Err(error) => return Some(error.to_string()),
    };
    let (limit, asked, bound) = match lengths.fit(earlier.at, later.at) {
        Fit::Inside => return None,
        Fit::TooSoon(min) => (min, format!("at least {min} is needed"), &window.min),
        Fit::TooLate(max) => (max, format!("at most {max} is allowed"), &window.max),
    };
    let mut because = format!(
        "{} came {} after {} ({} to {}); {asked}",
        later.step,
        apart(earlier.at, later.at, limit),
        earlier.step,
        shown(earlier.at, limit),
        shown(later.at, limit),
    );
    if let Some(Bound::Product(attribute)) = bound {
        let _ = write!(because, " ({attribute} of {})", products(earlier, attribute.as_str()));
    }
    Some(because)
}

fn products(event: &Event, attribute: &str) -> String {
    let with = event.uses.iter().filter(|used| used.attributes.contains_key(attribute));
    with.map(|used| used.product.as_str()).collect::<Vec<_>>().join(", ")
}

/// How far apart two moments are, in days where the limit is.
fn apart(earlier: Moment, later: Moment, limit: Length) -> String {
    if limit.in_days() {
        Length::Days(earlier.day().days_until(later.day())).to_string()
    } else {
        lasting(later.seconds() - earlier.seconds())
    }
}

/// `1 h 12 min`, `12 min`, `40 s`: a length of time for people.
pub(in crate::domain::protocol) fn lasting(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, rest) => format!("{minutes} min {rest} s"),
        (hours, 0, 0) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn shown(moment: Moment, limit: Length) -> String {
    if limit.in_days() { moment.day().to_string() } else { moment.clock_face() }
}

/// For every occurrence of the step a later `needs` lies inside the window.
pub(super) fn after<'a>(
    scene: &Scene<'a>,
    rule: &'a After,
    group: Group,
    titles: Option<&[String]>,
) -> Outcome<'a> {
    let mut outcome = Outcome::not_triggered();
    for index in scene.trace.in_order(rule.step, group) {
        if done_by(scene.trace.event(index), titles) {
            after_one(scene, rule, group, index, &mut outcome);
        }
    }
    outcome
}

fn after_one<'a>(
    scene: &Scene<'a>,
    rule: &After,
    group: Group,
    index: usize,
    outcome: &mut Outcome<'a>,
) {
    let earlier = scene.trace.event(index);
    let lengths = match rule.window.after(earlier) {
        Ok(lengths) => lengths,
        Err(error) => return outcome.fail(earlier.seq, None, error.to_string()),
    };
    let mut outside = None;
    for later in scene.trace.in_order(rule.needs, group).filter(|later| *later > index) {
        let later = scene.trace.event(later);
        if lengths.fit(earlier.at, later.at) == Fit::Inside {
            return outcome.pass(earlier.seq, Some(later.seq), "followed in time");
        }
        outside = outside.or(Some(later));
    }
    let needs = scene.protocol.step(rule.needs);
    let deadline = lengths.closes(earlier.at);
    let may_come = match scene.state {
        SessionState::Open => true,
        SessionState::Finished | SessionState::Stopped => needs.is_follow_up(),
        SessionState::Voided => false,
    };
    let closed = match scene.clock {
        Clock::Over => true,
        Clock::Now(now) => lengths.is_past(earlier.at, now),
    };
    if may_come && !closed {
        let reason = Reason::MustFollow { needs: &needs.id, earlier, until: deadline };
        return outcome.wait(earlier.seq, deadline, reason);
    }
    if scene.state == SessionState::Stopped && !needs.is_follow_up() {
        return outcome.release("the session was stopped before it was due");
    }
    let misfit = outside.and_then(|later| misfit(&rule.window, earlier, later));
    let because = misfit.unwrap_or_else(|| {
        let when = earlier.at.short();
        let until = deadline.map(|last| format!(" until {last}")).unwrap_or_default();
        format!("{} at {when} was not followed by {}{until}", earlier.step, needs.id)
    });
    outcome.fail(earlier.seq, outside.map(|later| later.seq), because);
}
