//! What a protocol can say: the kinds of rule, and what every rule carries.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::domain::catalog::{Category, word_enum};
use crate::domain::id::{FieldName, RuleId, Sku};
use crate::domain::protocol::bound::Window;
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::when::Condition;
use crate::domain::quantity::{Quantity, Value};

word_enum! {
    /// What a failed rule leads to. It never changes whether the rule is true.
    Severity, "severity", {
        /// Refuses the entry when it is logged, and fails the session.
        Block = "block",
        /// Fails the session.
        Major = "major",
        /// Is shown.
        Minor = "minor",
        /// Is shown to those who ask.
        Info = "info",
    }
}

impl Severity {
    /// Whether a failed rule makes the session fail.
    pub fn fails_session(self) -> bool {
        matches!(self, Self::Block | Self::Major)
    }
}

/// How often a rule is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Once.
    Session,
    /// For each area planned at the start or logged since.
    Area,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id: given, or made from its place (`needling.record.depth`).
    pub id: RuleId,
    /// What it demands.
    pub kind: Kind,
    /// What a failure leads to.
    pub severity: Severity,
    /// Why it is there, with its source.
    pub why: Option<Box<str>>,
    /// What sources disagree on.
    pub disputed: Option<Box<str>>,
    /// When it holds; empty for always.
    pub when: Vec<Condition>,
    /// How often it is judged.
    pub per: Per,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

/// What a rule demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// How often a step is done.
    Count(Count),
    /// Who may do a step.
    By(By),
    /// A step only after another.
    Before(Before),
    /// A step must follow another.
    After(After),
    /// What is read at a step.
    Record(Record),
    /// What is used at a step.
    Uses(Uses),
    /// Automatic: the book's own rule of this name (`expired`, `held`, `discard-by`, `serial` or
    /// `stock`) was broken when an event was logged.
    Automatic(&'static str),
}

/// `min <= #{i: step i is S} <= max` (DECLARE: existence, absence, exactly).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The step that is counted.
    pub step: StepNo,
    /// At least this often.
    pub min: u32,
    /// At most this often.
    pub max: Option<u32>,
}

/// Every occurrence is done by someone with one of the titles and a certificate that is valid on
/// that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The step.
    pub step: StepNo,
    /// One of these titles; empty for any.
    pub titles: Vec<String>,
    /// A certificate of this name.
    pub certificate: Option<String>,
}

/// Which of the earlier steps must lie inside the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// One of them.
    Any,
    /// At least one is there, and all of them.
    Every,
}

/// How far back a rule looks for the earlier step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// To the start of the session.
    Start,
    /// To the previous occurrence of the later step.
    LastTime,
}

/// Every occurrence of `step` has a `needs` before it, inside the window (DECLARE: precedence).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The later step, which triggers the rule.
    pub step: StepNo,
    /// The earlier step, which it needs.
    pub needs: StepNo,
    /// From the earlier to the later.
    pub window: Window,
    /// Which of the earlier ones.
    pub earlier: Earlier,
    /// How far back.
    pub since: Since,
}

/// Every occurrence of `step` has a `needs` after it, inside the window (DECLARE: response).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// The earlier step, which triggers the rule.
    pub step: StepNo,
    /// The later step, which must follow.
    pub needs: StepNo,
    /// From the earlier to the later.
    pub window: Window,
}

/// Numbers from `min` to `max`, both included; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The least.
    pub min: Option<Decimal>,
    /// The most.
    pub max: Option<Decimal>,
}

impl Span {
    /// Whether a number lies inside or on an end.
    pub fn holds(self, number: Decimal) -> bool {
        self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => write!(out, "{min}"),
            (Some(min), Some(max)) => write!(out, "{min} to {max}"),
            (Some(min), None) => write!(out, "{min} or more"),
            (None, Some(max)) => write!(out, "at most {max}"),
            (None, None) => out.write_str("any number"),
        }
    }
}

/// The range of a reading in each area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ranges {
    /// By index of the protocol's areas; none where the area has no range of its own.
    pub by_area: Vec<Option<Span>>,
    /// For every other area; none where the file gives ranges by area only.
    pub other: Option<Span>,
}

impl Ranges {
    /// The range in an area of the protocol, or where no area is named.
    pub fn at(&self, area: Option<usize>) -> Option<Span> {
        area.and_then(|area| self.by_area.get(area).copied().flatten()).or(self.other)
    }
}

/// What a reading looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A number in a unit; none stands for a count.
    Number {
        /// The unit.
        unit: Option<Box<str>>,
        /// Where it may lie.
        ranges: Ranges,
    },
    /// One of a closed list of answers.
    Word {
        /// What may be answered.
        one_of: Vec<Value>,
        /// The answers that need nothing further; empty where all of `one_of` do.
        expected: Vec<Value>,
    },
    /// Anything, as long as it is there.
    Any,
}

/// What an unexpected answer stops, and who clears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stops {
    /// The steps that may not be done.
    pub steps: Vec<StepNo>,
    /// The step that clears the question, by a reading of the question's name that is `cleared`.
    pub cleared_by: Option<StepNo>,
}

/// Whether the range holds for each reading or for their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// For each.
    Each,
    /// For the sum over the events of the area, or of the session.
    Total,
}

/// Whether the person's own limit holds too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffLimit {
    /// No.
    Ignored,
    /// Never above it; a person without a limit has none.
    Kept,
}

/// Every occurrence of a step carries a reading, in its unit, in its range or list. With `stops`,
/// the last answer before each stopped step is expected, or was cleared since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The step.
    pub step: StepNo,
    /// The reading.
    pub name: FieldName,
    /// What it looks like.
    pub shape: Shape,
    /// For each or for the sum.
    pub sum: Sum,
    /// Whether the person's own limit holds too.
    pub staff_limit: StaffLimit,
    /// What an unexpected answer stops.
    pub stops: Option<Stops>,
    /// Its place among the readings of its step in the order of their names, which saves the
    /// engine from looking them up.
    pub(in crate::domain::protocol) slot: usize,
}

/// Which items a demand is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Items {
    /// All of a category.
    Category(Category),
    /// These products.
    Products(Vec<Sku>),
}

/// Over what the used quantity is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseScope {
    /// Each event of the step by itself.
    Event,
    /// All steps of the session together; the minimum holds from the first such event on.
    Session,
}

/// What an attribute of a used product must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A number in a range, in this unit where one is named.
    Number(Span, Option<Box<str>>),
    /// This value.
    Is(Value),
}

/// The quantity used lies between `min` and `max`; every item is usable and has the attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// The step.
    pub step: StepNo,
    /// The demand's own name.
    pub name: FieldName,
    /// What it is about.
    pub items: Items,
    /// At least this much.
    pub min: Option<Quantity>,
    /// At most this much, in the same unit.
    pub max: Option<Quantity>,
    /// Summed over what.
    pub scope: UseScope,
    /// Attributes that each used product must have.
    pub attributes: Vec<(FieldName, Test)>,
}

/// What the registered device can do with one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The range of the device.
    pub span: Span,
    /// The steps in which it is set.
    pub step: Option<Decimal>,
    /// The unit.
    pub unit: Option<Box<str>>,
}

impl Kind {
    /// The step whose occurrence triggers the rule; none for the automatic ones.
    pub fn trigger(&self) -> Option<StepNo> {
        match self {
            Self::Count(rule) => Some(rule.step),
            Self::By(rule) => Some(rule.step),
            Self::Before(rule) => Some(rule.step),
            Self::After(rule) => Some(rule.step),
            Self::Record(rule) => Some(rule.step),
            Self::Uses(rule) => Some(rule.step),
            Self::Automatic(_) => None,
        }
    }
}
