//! The command that an entry belongs to: its entries stand together, have one actor, and were
//! recorded and happened at once; what it uses belongs to the step that it logs.

use super::{Replay, Verdict};
use crate::domain::catalog::Role;
use crate::domain::fact::Fact;
use crate::domain::time::{Instant, Moment};
use crate::domain::trail::entry::{Columns, Entry, Text};

/// The command that the entries before belong to.
#[derive(Debug, Default)]
pub(super) struct Command {
    pub(super) first: u64,
    staff: Box<str>,
    recorded_at: Option<Instant>,
    occurred_at: Option<Moment>,
    /// The roles that its actor had when it began.
    pub(super) roles: Option<Vec<Role>>,
    step: Logged,
}

/// The last step that the command logged, as its uses must repeat it: session, step, areas.
#[derive(Debug, Default)]
struct Logged {
    is_there: bool,
    columns: [String; 3],
}

const REPEATED: [&str; 3] = ["session", "step", "area"];

fn repeated<'c>(columns: &'c Columns<'_>) -> [&'c str; 3] {
    let text = |column: &'c Text<'_>| column.as_deref().unwrap_or_default();
    [text(&columns.session), text(&columns.step), text(&columns.area)]
}

impl Logged {
    fn remember(&mut self, columns: &Columns<'_>) {
        self.is_there = true;
        for (ours, theirs) in self.columns.iter_mut().zip(repeated(columns)) {
            ours.clear();
            ours.push_str(theirs);
        }
    }

    fn check(&self, columns: &Columns<'_>) -> Verdict {
        if !self.is_there {
            return Err("uses an item, and its command logs no step before it".to_owned());
        }
        let pairs = self.columns.iter().zip(repeated(columns));
        match pairs.zip(REPEATED).find(|((ours, theirs), _)| ours != theirs) {
            None => Ok(()),
            Some(((ours, theirs), name)) => Err(format!(
                "uses an item with {name} \"{theirs}\"; the step of its command has \"{ours}\""
            )),
        }
    }
}

impl Command {
    fn begin(&mut self, entry: &Entry<'_>, roles: Option<Vec<Role>>) {
        self.first = entry.seq;
        self.staff = (&*entry.staff).into();
        self.recorded_at = Some(entry.recorded_at);
        self.occurred_at = Some(entry.occurred_at);
        self.roles = roles;
        self.step.is_there = false;
    }
}

impl Replay {
    /// Entries of one command stand together, have one actor and one time.
    pub(super) fn check_command(&mut self, entry: &Entry<'_>) -> Verdict {
        if entry.txn == entry.seq {
            let roles = self.catalog.roles(&entry.staff);
            self.command.begin(entry, roles);
            return Ok(());
        }
        let command = &self.command;
        if entry.txn != command.first {
            return Err(format!(
                "belongs to a command of entry {}, which is not the last one",
                entry.txn
            ));
        }
        if *entry.staff != *command.staff {
            return Err(format!("is by {}, its command by {}", entry.staff, command.staff));
        }
        if Some(entry.recorded_at) != command.recorded_at {
            return Err("was recorded at another time than its command".to_owned());
        }
        if Some(entry.occurred_at) != command.occurred_at {
            return Err("happened at another time than its command".to_owned());
        }
        Ok(())
    }

    /// A use follows the step that it is of, in the same command.
    pub(super) fn check_step(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        match fact {
            Fact::SessionStep { .. } => {
                self.command.step.remember(&entry.columns);
                Ok(())
            }
            Fact::StockUse(_) => self.command.step.check(&entry.columns),
            _ => Ok(()),
        }
    }
}
