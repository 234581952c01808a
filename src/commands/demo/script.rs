//! What was played and is not written yet: the commands of the demonstration, in order.
//!
//! The days are played on one thread and written on another. A script knows beforehand which
//! position a fact will have and when it will be recorded, because both follow from what came
//! before.

use std::sync::Arc;

use crate::domain::catalog::Person;
use crate::domain::fact::Fact;
use crate::domain::time::{Instant, Moment, Zone};
use crate::store::{StoreError, Writing};

/// What a command begins with: when it is written, and who writes it.
type Begin = (Instant, Arc<Person>);

/// What comes next, behind the entries that a book has.
pub(super) struct Script {
    zone: Zone,
    next_seq: u64,
    now: Instant,
    recorded_at: Instant,
    begin: Option<Begin>,
    facts: Vec<(Option<Begin>, Fact)>,
}

impl Script {
    /// An empty script: the position of the next entry, and when the last one was recorded.
    pub(super) fn new(zone: Zone, next_seq: u64, recorded_at: Instant) -> Self {
        Self { zone, next_seq, now: recorded_at, recorded_at, begin: None, facts: Vec::new() }
    }

    /// Begins the next command. What would lie before the last entry is recorded with it.
    pub(super) fn begin(&mut self, now: Instant, by: &Arc<Person>) {
        self.now = now.max(self.recorded_at);
        self.begin = Some((self.now, Arc::clone(by)));
    }

    /// When the command happens.
    pub(super) fn moment(&self) -> Moment {
        self.zone.moment(self.now)
    }

    /// The position of the next fact.
    pub(super) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Adds a fact to the command, and returns its position.
    pub(super) fn append(&mut self, fact: Fact) -> u64 {
        let seq = self.next_seq;
        self.facts.push((self.begin.take(), fact));
        self.next_seq += 1;
        self.recorded_at = self.now;
        seq
    }

    /// Cuts off what was played so far, in which so many sessions ended.
    pub(super) fn cut(&mut self, ended: u64) -> Scene {
        Scene { facts: std::mem::take(&mut self.facts), ended }
    }
}

/// A piece of a script, to be written.
pub(super) struct Scene {
    facts: Vec<(Option<Begin>, Fact)>,
    /// How many sessions end in it.
    pub(super) ended: u64,
}

impl Scene {
    /// Writes it, command by command.
    pub(super) fn write(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for (begin, fact) in &self.facts {
            if let Some((now, by)) = begin {
                writing.next_command(*now, by)?;
            }
            writing.append(fact)?;
        }
        Ok(())
    }
}
