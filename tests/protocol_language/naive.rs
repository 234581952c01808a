//! A second reading of the language, as slow and as plain as its formulas: it never orders,
//! numbers or remembers anything, and shares only the types of the rules with the engine.

use lotbook::domain::id::AreaId;
use lotbook::domain::protocol::Protocol;
use lotbook::domain::protocol::bound::{Bound, Window};
use lotbook::domain::protocol::rule::{
    After, Before, By, Count, Earlier, Items, Kind, Per, Record, Rule, Shape, Since, StaffLimit,
    Stops, Sum, Test, UseScope, Uses,
};
use lotbook::domain::protocol::step::StepNo;
use lotbook::domain::protocol::when::Condition;
use lotbook::domain::quantity::Value;
use lotbook::domain::session::{Event, ItemStatus, Session, SessionState, Use};
use lotbook::domain::time::{Length, Moment};
use rust_decimal::Decimal;

/// What a rule says, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    NotApplicable,
    Pass,
    Pending,
    Fail,
}

impl Says {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::Pass => "pass",
            Self::Pending => "pending",
            Self::Fail => "fail",
        }
    }
}

/// A rule's place in a session: nowhere in particular, one area, or what names no area.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    All,
    In(AreaId),
    Nowhere,
}

/// `rule = verdict` of every rule, as the engine's tests print it.
pub(crate) fn verdicts(protocol: &Protocol, session: &Session, now: Option<Moment>) -> Vec<String> {
    if session.state == SessionState::Voided {
        return Vec::new();
    }
    let mut said = Vec::new();
    for rule in &protocol.rules {
        if let Kind::Automatic(word) = &rule.kind {
            if session.events.iter().any(|event| broken(event, word)) {
                said.push(format!("{} = fail", rule.id));
            }
            continue;
        }
        let naive = Naive { protocol, session, now };
        for place in naive.places(rule) {
            let name = match &place {
                Place::In(area) => format!("{}[{area}]", rule.id),
                _ => rule.id.to_string(),
            };
            said.push(format!("{name} = {}", naive.rule(rule, &place).word()));
        }
    }
    said
}

fn broken(event: &Event, word: &str) -> bool {
    let status = |used: &Use| {
        let status = used.status.to_string();
        used.status != ItemStatus::USABLE && status.split('+').any(|fault| fault == word)
    };
    event.uses.iter().any(status) || event.despite.iter().any(|one| &*one.rule == word)
}

struct Naive<'a> {
    protocol: &'a Protocol,
    session: &'a Session,
    now: Option<Moment>,
}

/// "Order is (occurred_at, seq)".
fn is_before(one: &Event, two: &Event) -> bool {
    (one.at, one.seq) < (two.at, two.seq)
}

impl Naive<'_> {
    fn is(&self, event: &Event, step: StepNo) -> bool {
        event.step == self.protocol.step(step).id
    }

    /// "judged for each area planned at the start or logged since".
    fn session_areas(&self) -> Vec<AreaId> {
        let mut areas = self.session.areas.clone();
        for event in &self.session.events {
            for area in &event.areas {
                if !areas.contains(area) {
                    areas.push(area.clone());
                }
            }
        }
        areas
    }

    fn places(&self, rule: &Rule) -> Vec<Place> {
        if rule.per == Per::Session {
            return vec![Place::All];
        }
        let areas = self.session_areas();
        if areas.is_empty() {
            return vec![Place::All];
        }
        let mut places: Vec<Place> = areas.into_iter().map(Place::In).collect();
        let order = matches!(rule.kind, Kind::Before(_) | Kind::After(_));
        let area_less = |step| {
            self.session.events.iter().any(|event| self.is(event, step) && event.areas.is_empty())
        };
        if !order && rule.kind.trigger().is_some_and(area_less) {
            places.push(Place::Nowhere);
        }
        places
    }

    /// The events of a step that are counted, read or use something in a place.
    fn done(&self, step: StepNo, place: &Place) -> Vec<&Event> {
        let here = |event: &&Event| match place {
            Place::All => true,
            Place::In(area) => event.areas.contains(area),
            Place::Nowhere => event.areas.is_empty(),
        };
        self.session.events.iter().filter(|event| self.is(event, step)).filter(here).collect()
    }

    /// "Steps without an area take part in order and windows of every area".
    fn ordered(&self, step: StepNo, place: &Place) -> Vec<&Event> {
        let here = |event: &&Event| match place {
            Place::All => true,
            Place::In(area) => event.areas.is_empty() || event.areas.contains(area),
            Place::Nowhere => event.areas.is_empty(),
        };
        self.session.events.iter().filter(|event| self.is(event, step)).filter(here).collect()
    }

    fn open(&self) -> bool {
        self.session.state == SessionState::Open
    }

    fn stopped(&self) -> bool {
        self.session.state == SessionState::Stopped
    }

    fn rule(&self, rule: &Rule, place: &Place) -> Says {
        let mut undecided = false;
        let mut never = false;
        for condition in &rule.when {
            match self.condition(rule, condition, place) {
                Some(false) => return Says::NotApplicable,
                Some(true) => {}
                None if self.open() => undecided = true,
                None => never = true,
            }
        }
        if never {
            return if self.stopped() { Says::NotApplicable } else { Says::Fail };
        }
        if undecided {
            return Says::Pending;
        }
        let titles = rule.when.iter().find_map(|condition| match condition {
            Condition::Title(titles) => Some(titles.clone()),
            _ => None,
        });
        let by = |event: &Event| {
            titles.as_ref().is_none_or(|titles| {
                titles.iter().any(|title| event.by.titles.iter().any(|has| has == title))
            })
        };
        match &rule.kind {
            Kind::Count(count) => self.count(count, place),
            Kind::By(rule) => self.by(rule, place, &by),
            Kind::Before(rule) => self.before(rule, place, &by),
            Kind::After(rule) => self.after(rule, place, &by),
            Kind::Record(rule) => self.record(rule, place, &by),
            Kind::Uses(rule) => self.uses(rule, place, &by),
            Kind::Automatic(_) => Says::Pass,
        }
    }

    /// True, false, or undecided.
    fn condition(&self, rule: &Rule, condition: &Condition, place: &Place) -> Option<bool> {
        match condition {
            Condition::Area(indexes) => {
                let listed = |area: &AreaId| {
                    indexes.iter().any(|index| self.protocol.areas[*index] == *area)
                };
                Some(match place {
                    Place::In(area) => listed(area),
                    Place::All => self.session_areas().iter().any(listed),
                    Place::Nowhere => false,
                })
            }
            Condition::Done(step) => {
                let done = !self.ordered(*step, place).is_empty();
                if done {
                    Some(true)
                } else if self.open() {
                    None
                } else {
                    Some(false)
                }
            }
            Condition::Answer { step, reading, value } => {
                let mut last: Option<(&Event, &Value)> = None;
                for event in self.ordered(*step, place) {
                    if let Some(answer) = event.readings.get(reading)
                        && last.is_none_or(|(other, _)| is_before(other, event))
                    {
                        last = Some((event, answer));
                    }
                }
                last.map(|(_, answer)| answer == value)
            }
            Condition::Used(category) => {
                let mut uses = self.session.events.iter().flat_map(|event| &event.uses);
                let used = uses.any(|used| used.category == *category);
                if used {
                    Some(true)
                } else if self.open() {
                    None
                } else {
                    Some(false)
                }
            }
            Condition::Title(titles) => {
                let triggers = self.ordered(rule.kind.trigger()?, place);
                let has = |event: &&Event| {
                    titles.iter().any(|title| event.by.titles.iter().any(|has| has == title))
                };
                Some(triggers.is_empty() || triggers.iter().any(has))
            }
        }
    }

    /// min <= #{i: step i is S} <= max
    fn count(&self, rule: &Count, place: &Place) -> Says {
        let n = self.done(rule.step, place).len() as u32;
        if rule.max.is_some_and(|max| n > max) {
            Says::Fail
        } else if n >= rule.min {
            Says::Pass
        } else if self.open() {
            Says::Pending
        } else if self.stopped() {
            Says::NotApplicable
        } else {
            Says::Fail
        }
    }

    /// for all i with step i = S: a title, and the certificate valid on that day
    fn by(&self, rule: &By, place: &Place, by: &dyn Fn(&Event) -> bool) -> Says {
        pass(
            self.done(rule.step, place)
                .iter()
                .filter(|event| by(event))
                .all(|event| may(rule, event)),
        )
    }

    /// for all j with B there is (or: all) i < j with A inside the window
    fn before(&self, rule: &Before, place: &Place, by: &dyn Fn(&Event) -> bool) -> Says {
        let laters = self.ordered(rule.step, place);
        let holds = |later: &Event| {
            let previous = laters
                .iter()
                .filter(|other| is_before(other, later))
                .max_by_key(|other| (other.at, other.seq));
            let earlier: Vec<&Event> = self
                .ordered(rule.needs, place)
                .into_iter()
                .filter(|earlier| is_before(earlier, later))
                .filter(|earlier| match (rule.since, previous) {
                    (Since::LastTime, Some(previous)) => is_before(previous, earlier),
                    _ => true,
                })
                .collect();
            let inside = |earlier: &&Event| inside(&rule.window, earlier, later) == Some(true);
            match rule.earlier {
                Earlier::Any => earlier.iter().any(inside),
                Earlier::Every => !earlier.is_empty() && earlier.iter().all(inside),
            }
        };
        pass(laters.iter().filter(|later| by(later)).all(|later| holds(later)))
    }

    /// for all i with A there is j > i with B inside the window
    fn after(&self, rule: &After, place: &Place, by: &dyn Fn(&Event) -> bool) -> Says {
        let follow_up = self.protocol.step(rule.needs).is_follow_up();
        let mut worst = None;
        for earlier in self.ordered(rule.step, place).into_iter().filter(|event| by(event)) {
            let laters = self.ordered(rule.needs, place);
            let met = laters
                .iter()
                .filter(|later| is_before(earlier, later))
                .any(|later| inside(&rule.window, earlier, later) == Some(true));
            let attribute_missing = inside(&rule.window, earlier, earlier).is_none();
            let late = match (self.clock(), &rule.window.max) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(now), Some(max)) => {
                    length(max, earlier, false).is_some_and(|max| more(earlier.at, now, max))
                }
            };
            let says = if met {
                Says::Pass
            } else if attribute_missing {
                Says::Fail
            } else if (self.open() || follow_up) && !late {
                Says::Pending
            } else if self.stopped() && !follow_up {
                Says::NotApplicable
            } else {
                Says::Fail
            };
            worst = worst.max(Some(says));
        }
        worst.unwrap_or(Says::Pass)
    }

    /// The time up to which all is known; none for ever.
    fn clock(&self) -> Option<Moment> {
        let last = self.session.events.iter().map(|event| event.at).max();
        let started = self.session.started;
        match self.now {
            Some(now) => Some(now),
            None if self.open() => Some(last.map_or(started, |last| last.max(started))),
            None => None,
        }
    }

    /// for all i with S: present, in its unit, allowed in its area
    fn record(&self, rule: &Record, place: &Place, by: &dyn Fn(&Event) -> bool) -> Says {
        let events: Vec<&Event> =
            self.done(rule.step, place).into_iter().filter(|event| by(event)).collect();
        let mut says = pass(events.iter().all(|event| self.carries(rule, event, place)));
        if rule.sum == Sum::Total && !events.is_empty() {
            says = says.max(self.total(rule, &events, place));
        }
        if let Some(stops) = &rule.stops {
            says = says.max(pass(self.nothing_stopped(rule, stops, place)));
        }
        says
    }

    fn carries(&self, rule: &Record, event: &Event, place: &Place) -> bool {
        let Some(value) = event.readings.get(&rule.name) else { return false };
        match &rule.shape {
            Shape::Any => true,
            Shape::Word { one_of, expected } => {
                let narrowed = rule.stops.is_none() && !expected.is_empty();
                one_of.contains(value) && (!narrowed || expected.contains(value))
            }
            Shape::Number { unit, ranges: _ } => {
                let Some(read) = number(value, unit) else { return false };
                let within = |limit: &Value| number(limit, unit).is_some_and(|most| read <= most);
                let limits = event.by.limits.get(&rule.name);
                if rule.staff_limit == StaffLimit::Kept && !limits.into_iter().all(within) {
                    return false;
                }
                let areas: Vec<Option<&AreaId>> = match place {
                    Place::In(area) => vec![Some(area)],
                    Place::All if !event.areas.is_empty() => event.areas.iter().map(Some).collect(),
                    Place::All | Place::Nowhere => vec![None],
                };
                rule.sum == Sum::Total
                    || areas.iter().all(|area| self.in_range(rule, *area, read) == Some(true))
            }
        }
    }

    /// Whether a number lies in the range of an area; none where it has no range.
    fn in_range(&self, rule: &Record, area: Option<&AreaId>, read: Decimal) -> Option<bool> {
        let (min, max) = self.range(rule, area)?;
        Some(min.is_none_or(|min| min <= read) && max.is_none_or(|max| read <= max))
    }

    fn range(
        &self,
        rule: &Record,
        area: Option<&AreaId>,
    ) -> Option<(Option<Decimal>, Option<Decimal>)> {
        let Shape::Number { ranges, .. } = &rule.shape else { return None };
        let index = area.and_then(|area| self.protocol.areas.iter().position(|one| one == area));
        let own = index.and_then(|index| ranges.by_area.get(index)).and_then(|span| *span);
        own.or(ranges.other).map(|span| (span.min, span.max))
    }

    fn total(&self, rule: &Record, events: &[&Event], place: &Place) -> Says {
        let Shape::Number { unit, .. } = &rule.shape else { return Says::Pass };
        let sum: Decimal = events
            .iter()
            .filter_map(|event| event.readings.get(&rule.name))
            .filter_map(|value| number(value, unit))
            .sum();
        let area = match place {
            Place::In(area) => Some(area),
            _ => None,
        };
        let Some((min, max)) = self.range(rule, area) else { return Says::Fail };
        if min.is_some_and(|min| sum < min) {
            if self.open() {
                Says::Pending
            } else if self.stopped() {
                Says::NotApplicable
            } else {
                Says::Fail
            }
        } else {
            pass(max.is_none_or(|max| sum <= max))
        }
    }

    /// for all j in stops: the last answer before j is expected, or was cleared in between
    fn nothing_stopped(&self, rule: &Record, stops: &Stops, place: &Place) -> bool {
        let Shape::Word { expected, .. } = &rule.shape else { return true };
        let stopped = stops.steps.iter().flat_map(|step| self.ordered(*step, place));
        stopped.into_iter().all(|event| {
            let last = self
                .ordered(rule.step, place)
                .into_iter()
                .filter(|answer| is_before(answer, event))
                .filter(|answer| answer.readings.contains_key(&rule.name))
                .max_by_key(|answer| (answer.at, answer.seq));
            let Some(last) = last else { return false };
            let clearances = stops.cleared_by.map(|step| self.ordered(step, place));
            expected.contains(&last.readings[&rule.name])
                || clearances.unwrap_or_default().into_iter().any(|clearance| {
                    is_before(last, clearance)
                        && is_before(clearance, event)
                        && self.protocol.rules.iter().all(|rule| match &rule.kind {
                            Kind::By(by) if Some(by.step) == stops.cleared_by => may(by, clearance),
                            _ => true,
                        })
                        && clearance.readings.get(&rule.name)
                            == Some(&Value::Word("cleared".into()))
                })
        })
    }

    /// the quantity in [min, max], usable, with the attributes
    fn uses(&self, rule: &Uses, place: &Place, by: &dyn Fn(&Event) -> bool) -> Says {
        let mut triggers: Vec<&Event> =
            self.done(rule.step, place).into_iter().filter(|event| by(event)).collect();
        triggers.sort_by_key(|event| (event.at, event.seq));
        let max = |parts: i64| rule.max.is_none_or(|max| parts <= max.parts());
        let min = |parts: i64| rule.min.is_none_or(|min| parts >= min.parts());
        let matching = |event: &Event| -> Vec<Use> {
            let is = |used: &&Use| match &rule.items {
                Items::Category(category) => used.category == *category,
                Items::Products(products) => products.contains(&used.product),
            };
            event.uses.iter().filter(is).cloned().collect()
        };
        match rule.scope {
            UseScope::Event => pass(triggers.into_iter().all(|event| {
                let uses = matching(event);
                let parts = uses.iter().map(|used| used.quantity.parts()).sum();
                min(parts) && max(parts) && uses.iter().all(|used| good(rule, used))
            })),
            UseScope::Session => {
                let Some(first) = triggers.first() else { return Says::Pass };
                let all: Vec<Use> = self.session.events.iter().flat_map(&matching).collect();
                let so_far = self
                    .session
                    .events
                    .iter()
                    .filter(|event| !is_before(first, event))
                    .flat_map(&matching)
                    .map(|used| used.quantity.parts())
                    .sum();
                let parts = all.iter().map(|used| used.quantity.parts()).sum();
                pass(min(so_far) && max(parts) && all.iter().all(|used| good(rule, used)))
            }
        }
    }
}

fn pass(holds: bool) -> Says {
    if holds { Says::Pass } else { Says::Fail }
}

/// In the unit of the bounds, usable, and with the attributes.
fn good(rule: &Uses, used: &Use) -> bool {
    let unit = rule.min.or(rule.max).map(|bound| bound.unit());
    unit.is_none_or(|unit| unit == used.quantity.unit())
        && used.status == ItemStatus::USABLE
        && rule.attributes.iter().all(|(name, test)| match (test, used.attributes.get(name)) {
            (_, None) => false,
            (Test::Is(wanted), Some(value)) => wanted == value,
            (Test::Number(span, asked), Some(Value::Number { number, unit })) => {
                span.min.is_none_or(|min| min <= *number)
                    && span.max.is_none_or(|max| *number <= max)
                    && (asked.is_none() || asked == unit)
            }
            (Test::Number(..), Some(Value::Word(_))) => false,
        })
}

fn number(value: &Value, asked: &Option<Box<str>>) -> Option<Decimal> {
    match value {
        Value::Number { number, unit } if unit == asked => Some(*number),
        _ => None,
    }
}

/// min <= t_j - t_i <= max; none where the product used at i has no such attribute.
fn inside(window: &Window, earlier: &Event, later: &Event) -> Option<bool> {
    let mut holds = true;
    if let Some(min) = &window.min {
        let min = length(min, earlier, true)?;
        holds &= !less(earlier.at, later.at, min);
    }
    if let Some(max) = &window.max {
        let max = length(max, earlier, false)?;
        holds &= !more(earlier.at, later.at, max);
    }
    Some(holds)
}

fn less(earlier: Moment, later: Moment, length: Length) -> bool {
    match length {
        Length::Seconds(seconds) => later.seconds() - earlier.seconds() < seconds,
        Length::Days(days) => earlier.day().days_until(later.day()) < days,
    }
}

fn more(earlier: Moment, later: Moment, length: Length) -> bool {
    match length {
        Length::Seconds(seconds) => later.seconds() - earlier.seconds() > seconds,
        Length::Days(days) => earlier.day().days_until(later.day()) > days,
    }
}

/// The bound; of several products that give one, the strictest. Attributes here are `NN min`.
fn length(bound: &Bound, earlier: &Event, is_min: bool) -> Option<Length> {
    let attribute = match bound {
        Bound::Fixed(length) => return Some(*length),
        Bound::Product(attribute) => attribute,
    };
    let mut seconds: Vec<i64> = Vec::new();
    for used in &earlier.uses {
        match used.attributes.get(attribute) {
            None => {}
            Some(Value::Number { number, unit: Some(unit) }) if &**unit == "min" => {
                seconds.push(i64::try_from(*number * Decimal::from(60)).ok()?);
            }
            Some(_) => return None,
        }
    }
    let strictest = if is_min { seconds.iter().max() } else { seconds.iter().min() };
    strictest.map(|seconds| Length::Seconds(*seconds))
}

/// one of the titles, and the certificate still valid on the day
fn may(rule: &By, event: &Event) -> bool {
    let titled =
        rule.titles.is_empty() || rule.titles.iter().any(|title| event.by.titles.contains(title));
    let certified = rule.certificate.as_ref().is_none_or(|name| {
        event.by.certificates.get(name).is_some_and(|last| event.at.day() <= *last)
    });
    titled && certified
}
