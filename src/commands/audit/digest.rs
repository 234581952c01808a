//! What a bundle says about its entries as a whole, gathered while they go by. Only the few entries
//! that name something are read as facts, so that a million take little memory and little time.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::fact::{Action, Fact, Opening};
use crate::domain::replay::Catalog;
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::entry::Entry;
use crate::domain::trail::hash::Hash;
use crate::domain::trail::merkle::Frontier;
use crate::views::bundle::{Readme, readme};

/// The whole of some entries.
#[derive(Debug, Default)]
pub(super) struct Digest {
    /// The tree over their lines.
    pub(super) frontier: Frontier,
    /// What their ids mean.
    pub(super) catalog: Catalog,
    /// The SHA-256 of every protocol text that they name.
    pub(super) texts: BTreeSet<Box<str>>,
    opening: Option<Opening>,
    counts: BTreeMap<Action, u64>,
    export: Option<Fact>,
}

impl Digest {
    /// Takes in the next entry with the leaf of its line.
    pub(super) fn take_in(&mut self, entry: &Entry<'_>, leaf: Hash) -> Result<(), String> {
        self.frontier.push(leaf);
        self.export = None;
        let action: Action = entry.action.parse().map_err(|_| "has an unknown action")?;
        *self.counts.entry(action).or_default() += 1;
        if !names_something(action) {
            return Ok(());
        }
        let fact = Fact::from_columns(&entry.action, &entry.columns);
        let fact = fact.map_err(|error| error.to_string())?;
        match &fact {
            Fact::BookOpen(opening) => self.opening = Some(opening.clone()),
            Fact::ProtocolPublish { sha256, parent, .. } => {
                self.texts.insert(sha256.clone());
                self.texts.extend(parent.iter().map(|(_, sha256)| sha256.clone()));
            }
            Fact::SessionStart { sha256, .. } => {
                if !self.texts.contains(sha256) {
                    self.texts.insert(sha256.clone());
                }
            }
            Fact::AuditExport { .. } => {}
            other => self.catalog.apply(other)?,
        }
        self.export = matches!(fact, Fact::AuditExport { .. }).then_some(fact);
        Ok(())
    }

    /// Size and root, under the book's id.
    pub(super) fn checkpoint(&self) -> Result<Checkpoint, String> {
        let opening = self.opening.as_ref().ok_or("doesn't open a book")?;
        let book = opening.book.hyphenated().to_string();
        Checkpoint::new(book, self.frontier.size(), self.frontier.root())
            .map_err(|error| error.to_string())
    }

    /// The text that explains the bundle.
    pub(super) fn readme(&self, checkpoint: &Checkpoint) -> String {
        let counts: Vec<(Action, u64)> = self.counts.iter().map(|(a, n)| (*a, *n)).collect();
        readme(&Readme {
            clinic: self.opening.as_ref().map(|opening| &*opening.clinic),
            checkpoint,
            last: self.export.as_ref(),
            counts: &counts,
        })
    }
}

/// Whether an entry says what others mean. Clients are references and mean nothing further.
fn names_something(action: Action) -> bool {
    matches!(
        action,
        Action::BookOpen
            | Action::StaffAdd
            | Action::StaffEdit
            | Action::ProductAdd
            | Action::ProductEdit
            | Action::ProductRetire
            | Action::ProtocolPublish
            | Action::SessionStart
            | Action::AuditExport
    )
}
