//! The steps that a protocol declares.

use std::fmt;
use std::str::FromStr;

use crate::domain::catalog::word_enum;
use crate::domain::id::StepId;

/// A step by its place in the file, from 0. Rules refer to steps by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepNo(u16);

impl StepNo {
    /// The number of the step at an index; none past the most steps that a protocol may have.
    pub fn new(index: usize) -> Option<Self> {
        if index < STEPS_MAX { u16::try_from(index).ok().map(Self) } else { None }
    }

    /// The index into the protocol's steps.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The most steps of one protocol.
pub const STEPS_MAX: usize = 500;

word_enum! {
    /// A label for people that orders nothing, except that steps of the follow-up may be done
    /// after the session was finished.
    Phase, "phase", {
        /// Before the treatment.
        Preparation = "preparation",
        /// The treatment itself.
        Treatment = "treatment",
        /// What ends the visit.
        Closing = "closing",
        /// Reviews on later days.
        FollowUp = "follow-up",
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// What people call it; the id where the file gives no title.
    pub title: String,
    /// Its phase, where the file gives one.
    pub phase: Option<Phase>,
}

impl Step {
    /// Whether it may be done after the session was finished.
    pub fn is_follow_up(&self) -> bool {
        self.phase == Some(Phase::FollowUp)
    }
}
