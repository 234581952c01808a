//! The names that a file declares and that its rules may refer to.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::diagnostic::Diagnostic;
use crate::domain::id::{AreaId, FieldName, StepId};
use crate::domain::protocol::codes;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::suggest::nearest;
use crate::domain::protocol::rule::Limit;
use crate::domain::protocol::step::{Phase, StepNo};
use crate::domain::quantity::Value;
use crate::domain::shown::shown;

/// A step as other rules see it.
pub(super) struct StepName {
    /// Its id, where it has a good one.
    pub(super) id: Option<StepId>,
    /// Its phase, where it has a good one.
    pub(super) phase: Option<Phase>,
    /// Its readings, each with the answers it offers (none for numbers).
    pub(super) readings: BTreeMap<String, Vec<Value>>,
    /// Where its id stands.
    pub(super) span: Range<usize>,
}

/// All names of one file.
#[derive(Default)]
pub(super) struct Names {
    pub(super) steps: Vec<StepName>,
    pub(super) areas: Vec<AreaId>,
    pub(super) limits: BTreeMap<FieldName, Limit>,
}

impl Reader<'_> {
    /// The number of a step that the file declares, or an error.
    pub(super) fn step_named(&mut self, name: &str, span: Range<usize>) -> Option<StepNo> {
        let is_it = |step: &StepName| step.id.as_ref().is_some_and(|id| id.as_str() == name);
        if let Some(index) = self.names.steps.iter().position(is_it) {
            return StepNo::new(index);
        }
        let ids = || self.names.steps.iter().filter_map(|step| step.id.as_ref());
        let remedy = match nearest(name, ids().map(StepId::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: [[step]] with id = \"{}\"", shown(name)),
        };
        let message = format!("no step `{}` is declared in this file", shown(name));
        self.error(codes::UNKNOWN_STEP, span, message, remedy);
        None
    }

    /// The index of an area that the file lists, or an error.
    pub(super) fn area_named(&mut self, name: &str, span: Range<usize>) -> Option<usize> {
        if let Some(index) = self.names.areas.iter().position(|area| area.as_str() == name) {
            return Some(index);
        }
        let remedy = match nearest(name, self.names.areas.iter().map(AreaId::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to `areas` at the top of the file".to_owned(),
        };
        let message = format!("`{}` is not one of the `areas` of this protocol", shown(name));
        self.error(codes::UNKNOWN_AREA, span, message, remedy);
        None
    }

    /// Says that an id is taken, and by whom.
    pub(super) fn duplicate(
        &mut self,
        what: &str,
        id: &str,
        span: Range<usize>,
        first: &Range<usize>,
    ) {
        let message = format!("the {what} `{}` is there twice", shown(id));
        let found = Diagnostic::error(codes::DUPLICATE_ID, span, message)
            .label(first.clone(), "the first stands here")
            .remedy(format!("give the second {what} another id"));
        self.found.push(found);
    }
}
