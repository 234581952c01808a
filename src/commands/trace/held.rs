//! The uses of a lot that were recorded or reversed while it was held.

use std::collections::HashSet;

use super::counted;
use crate::domain::fact::Action;
use crate::domain::session::ItemFault;
use crate::domain::stock::LotHolds;
use crate::store::{LotEntry, StoreError};

/// What the entries of a lot say of its holds, taken in one after the other.
#[derive(Default)]
pub(super) struct WhileHeld {
    holds: LotHolds,
    recorded: usize,
    reversals: Vec<u64>,
    sessions: HashSet<Box<str>>,
    clients: HashSet<Box<str>>,
}

impl WhileHeld {
    /// Takes in one entry: the hold in force when it was recorded, where it is a use that was
    /// recorded as if the lot might be used.
    pub(super) fn add(&mut self, entry: &LotEntry<'_>) -> Result<Option<u64>, StoreError> {
        match entry.action {
            Action::LotHold => self.holds.hold(entry.seq),
            Action::LotRelease => self.holds.release(entry.seq),
            Action::StockUse => return self.add_use(entry),
            _ => {}
        }
        Ok(None)
    }

    fn add_use(&mut self, used: &LotEntry<'_>) -> Result<Option<u64>, StoreError> {
        if let Some(by) = used.reversed_by {
            self.reversals.push(by);
            self.sessions.extend(used.session.map(Box::from));
            self.clients.extend(used.client.map(Box::from));
        }
        let Some(hold) = self.holds.at(used.seq) else { return Ok(None) };
        if used.status()?.is_some_and(|status| status.has(ItemFault::Held)) {
            return Ok(None);
        }
        self.recorded += 1;
        Ok(Some(hold))
    }

    /// What is to be said below the tables.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.reversals.is_empty() {
            let while_held = self.reversals.iter().filter(|by| self.holds.at(**by).is_some());
            let while_held = match while_held.count() {
                0 => String::new(),
                count if count == self.reversals.len() => ", while the lot was held".to_owned(),
                count => format!(", {count} of them while the lot was held"),
            };
            notes.push(format!(
                "{} reversed, in {} by {}{while_held}",
                counted(self.reversals.len(), "use", "uses"),
                counted(self.sessions.len(), "session", "sessions"),
                counted(self.clients.len(), "client", "clients"),
            ));
        }
        if self.recorded > 0 {
            let uses = counted(self.recorded, "use", "uses");
            notes.push(format!("{uses} recorded while the lot was held"));
        }
        notes
    }
}
