//! Whether a rule's `when` is true.

use std::borrow::Cow;

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::Rule;
use crate::domain::protocol::when::Condition;
use crate::domain::session::{Event, SessionState};

/// What the conditions of a rule say together.
pub(super) enum Holds {
    /// All are true.
    Yes,
    /// One is false.
    No(Cow<'static, str>),
    /// None is false, and one can still become true.
    Undecided(Cow<'static, str>),
    /// None is false, and a question that decides was not answered before the session ended.
    NeverAnswered(Cow<'static, str>),
}

impl Holds {
    fn rank(&self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::Undecided(_) => 1,
            Self::NeverAnswered(_) => 2,
            Self::No(_) => 3,
        }
    }
}

/// The titles that the triggers of a rule are narrowed to.
pub(super) fn titles(rule: &Rule) -> Option<&[String]> {
    rule.when.iter().find_map(|condition| match condition {
        Condition::Title(titles) => Some(titles.as_slice()),
        _ => None,
    })
}

/// Whether the person who did an event has one of the titles; true where none are asked for.
pub(super) fn done_by(event: &Event, titles: Option<&[String]>) -> bool {
    titles.is_none_or(|titles| titles.iter().any(|title| event.by.titles.contains(title)))
}

/// All conditions of a rule, for one group of events.
pub(super) fn holds(scene: &Scene<'_>, rule: &Rule, group: Group) -> Holds {
    let mut worst = Holds::Yes;
    for condition in &rule.when {
        let one = one(scene, rule, condition, group);
        if one.rank() > worst.rank() {
            worst = one;
        }
    }
    worst
}

fn one(scene: &Scene<'_>, rule: &Rule, condition: &Condition, group: Group) -> Holds {
    let open = scene.state == SessionState::Open;
    match condition {
        Condition::Area(areas) => area(scene, areas, group),
        Condition::Done(step) => {
            if scene.trace.in_order(*step, group).next().is_some() {
                return Holds::Yes;
            }
            let step = scene.protocol.step(*step);
            // A step of the follow-up may still be done after the session was finished.
            if open {
                Holds::Undecided(format!("{} is not done yet", step.id).into())
            } else {
                Holds::No(format!("{} was not done", step.id).into())
            }
        }
        Condition::Answer { step, reading, value } => {
            let answers = scene.trace.in_order(*step, group);
            let last = answers.filter_map(|at| scene.trace.event(at).readings.get(reading)).last();
            match last {
                Some(answer) if answer == value => Holds::Yes,
                Some(answer) => Holds::No(format!("{reading} is {answer}").into()),
                None => unanswered(scene, *step, reading.as_str(), open),
            }
        }
        Condition::Used(category) => {
            let used = |index: &usize| {
                let event = scene.trace.event(*index);
                event.uses.iter().any(|used| used.category == *category)
            };
            if (0..scene.trace.events.len()).any(|index| used(&index)) {
                Holds::Yes
            } else if open {
                Holds::Undecided(format!("no {category} was used yet").into())
            } else {
                Holds::No(format!("no {category} was used").into())
            }
        }
        Condition::Title(titles) => title(scene, rule, titles, group),
    }
}

fn unanswered(
    scene: &Scene<'_>,
    step: crate::domain::protocol::step::StepNo,
    reading: &str,
    open: bool,
) -> Holds {
    let step = &scene.protocol.step(step).id;
    if open {
        Holds::Undecided(format!("{reading} is not answered at {step} yet").into())
    } else {
        Holds::NeverAnswered(format!("{reading} was never answered at {step}").into())
    }
}

fn area(scene: &Scene<'_>, areas: &[usize], group: Group) -> Holds {
    let named = |index: usize| {
        let known = scene.trace.areas.get(index).and_then(|area| area.known);
        known.is_some_and(|known| areas.contains(&known))
    };
    let holds = match group {
        Group::Area(area) => named(area),
        Group::All => (0..scene.trace.areas.len()).any(named),
        Group::AreaLess => false,
    };
    if holds { Holds::Yes } else { Holds::No(Cow::Borrowed("for other areas")) }
}

/// A title narrows the triggers. Where there are triggers and none is left, the rule is about
/// nobody here.
fn title(scene: &Scene<'_>, rule: &Rule, titles: &[String], group: Group) -> Holds {
    let Some(step) = rule.kind.trigger() else { return Holds::Yes };
    let mut triggers = scene.trace.in_order(step, group).peekable();
    if triggers.peek().is_none() {
        return Holds::Yes;
    }
    if triggers.any(|index| done_by(scene.trace.event(index), Some(titles))) {
        Holds::Yes
    } else {
        Holds::No(Cow::Owned(format!("for {} only", titles.join(", "))))
    }
}
