//! Why a rule says what it says. Most findings of a healthy session are never read, so those
//! that are common keep what they would say, and say it when they are asked.

use std::fmt;

use crate::domain::id::StepId;
use crate::domain::protocol::edge::Edge;
use crate::domain::protocol::rule::Count;
use crate::domain::session::Event;

/// The reason of a finding; its text is what people read.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason<'a> {
    /// The same words every time.
    Said(&'static str),
    /// Words with values.
    Told(String),
    /// A step was not done, and the rule is about sessions where it was.
    NotDone(&'a StepId),
    /// A step is not done yet, and the rule may come to hold.
    NotDoneYet(&'a StepId),
    /// A step was done too seldom so far.
    SoFar {
        /// The step.
        step: &'a StepId,
        /// How often it was done.
        done: u32,
        /// What is asked.
        count: &'a Count,
    },
    /// A step must still follow another.
    MustFollow {
        /// The step that must follow.
        needs: &'a StepId,
        /// The event that it follows.
        earlier: &'a Event,
        /// The last moment or day for it.
        until: Option<Edge>,
    },
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(words) => out.write_str(words),
            Self::Told(words) => out.write_str(words),
            Self::NotDone(step) => write!(out, "{step} was not done"),
            Self::NotDoneYet(step) => write!(out, "{step} is not done yet"),
            Self::SoFar { step, done, count } => write!(
                out,
                "{step} was {} so far; at least {} is needed",
                did(*done),
                times(count.min)
            ),
            Self::MustFollow { needs, earlier, until } => {
                write!(out, "{needs} must follow {} of {}", earlier.step, earlier.at.short())?;
                match until {
                    Some(last) => write!(out, " until {last}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl From<&'static str> for Reason<'_> {
    fn from(words: &'static str) -> Self {
        Self::Said(words)
    }
}

impl From<String> for Reason<'_> {
    fn from(words: String) -> Self {
        Self::Told(words)
    }
}

/// `not done`, `done once`, `done 3 times`.
pub(super) fn did(count: u32) -> String {
    if count == 0 { "not done".to_owned() } else { format!("done {}", times(count)) }
}

/// `once`, `twice`, `3 times`.
pub(super) fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}
