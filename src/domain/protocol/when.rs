//! The conditions under which a rule holds: closed comparisons, all of which must be true.

use crate::domain::catalog::Category;
use crate::domain::id::FieldName;
use crate::domain::protocol::step::StepNo;
use crate::domain::quantity::Value;

/// One comparison of a `when`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The area that is judged, or any area of the session where the rule is not judged by area,
    /// is one of these, as indexes into the protocol's areas.
    Area(Vec<usize>),
    /// The step was done.
    Done(StepNo),
    /// The last answer to a reading of a step is this value.
    Answer {
        /// The step that asks.
        step: StepNo,
        /// The reading.
        reading: FieldName,
        /// The answer.
        value: Value,
    },
    /// Something of the category was used.
    Used(Category),
    /// The person who did the event that triggers the rule has one of these titles. The rule
    /// looks at no other events.
    Title(Vec<String>),
}
