//! Whether a rule's `when` is true.

use crate::domain::protocol::engine::Scene;
use crate::domain::protocol::engine::reason::Reason;
use crate::domain::protocol::engine::trace::Group;
use crate::domain::protocol::rule::Rule;
use crate::domain::protocol::when::Condition;
use crate::domain::session::{Event, SessionState};

/// What the conditions of a rule say together.
pub(super) enum Holds<'a> {
    /// All are true.
    Yes,
    /// One is false.
    No(Reason<'a>),
    /// None is false, and one can still become true.
    Undecided(Reason<'a>),
    /// None is false, and a question that decides was not answered before the session ended.
    NeverAnswered(Reason<'a>),
}

impl Holds<'_> {
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
pub(super) fn holds<'a>(scene: &Scene<'a>, rule: &Rule, group: Group) -> Holds<'a> {
    let mut worst = Holds::Yes;
    for condition in &rule.when {
        let one = one(scene, rule, condition, group);
        if one.rank() > worst.rank() {
            worst = one;
        }
    }
    worst
}

fn one<'a>(scene: &Scene<'a>, rule: &Rule, condition: &Condition, group: Group) -> Holds<'a> {
    let open = scene.state == SessionState::Open;
    match condition {
        Condition::Area(areas) => area(scene, areas, group),
        Condition::Done(step) => {
            if scene.trace.in_order(*step, group).next().is_some() {
                return Holds::Yes;
            }
            let step = scene.protocol.step(*step);
            if open {
                Holds::Undecided(Reason::NotDoneYet(&step.id))
            } else {
                Holds::No(Reason::NotDone(&step.id))
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

fn unanswered<'a>(
    scene: &Scene<'a>,
    step: crate::domain::protocol::step::StepNo,
    reading: &str,
    open: bool,
) -> Holds<'a> {
    let step = &scene.protocol.step(step).id;
    if open {
        Holds::Undecided(format!("{reading} is not answered at {step} yet").into())
    } else {
        Holds::NeverAnswered(format!("{reading} was never answered at {step}").into())
    }
}

fn area<'a>(scene: &Scene<'a>, areas: &[usize], group: Group) -> Holds<'a> {
    let named = |index: usize| {
        let known = scene.trace.areas.get(index).and_then(|area| area.known);
        known.is_some_and(|known| areas.contains(&known))
    };
    let holds = match group {
        Group::Area(area) => named(area),
        Group::All => (0..scene.trace.areas.len()).any(named),
        Group::AreaLess => false,
    };
    if holds { Holds::Yes } else { Holds::No("for other areas".into()) }
}

/// A title narrows the triggers. Where there are triggers and none is left, the rule is about
/// nobody here.
fn title<'a>(scene: &Scene<'a>, rule: &Rule, titles: &[String], group: Group) -> Holds<'a> {
    let Some(step) = rule.kind.trigger() else { return Holds::Yes };
    let mut triggers = scene.trace.in_order(step, group).peekable();
    if triggers.peek().is_none() {
        return Holds::Yes;
    }
    if triggers.any(|index| done_by(scene.trace.event(index), Some(titles))) {
        Holds::Yes
    } else {
        Holds::No(format!("for {} only", titles.join(", ")).into())
    }
}
