//! The tree over the lines of a ledger as they are read, with the roots it had on the way that
//! somebody speaks of: exports inside the ledger, a checkpoint that was kept outside it.

use super::{Claim, Problems};
use crate::domain::fact::{Action, Opening};
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::hash::Hash;
use crate::domain::trail::merkle::Frontier;

/// What a checkpoint from outside says of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// There is none.
    Nothing,
    /// They are those that it was made of, so many of them.
    Covers(u64),
    /// They are not.
    Contradicts,
    /// It is of another book, so it says nothing of these.
    OtherBook,
}

impl Noted {
    /// How many entries it covers; none where it says nothing for them.
    pub fn covered(self) -> Option<u64> {
        match self {
            Self::Covers(entries) => Some(entries),
            Self::Nothing | Self::Contradicts | Self::OtherBook => None,
        }
    }
}

/// The tree so far.
#[derive(Debug, Default)]
pub struct Tree {
    frontier: Frontier,
    note: Option<Checkpoint>,
    at_note: Option<Hash>,
    before_exports: Vec<(u64, Hash)>,
}

impl Tree {
    /// A tree without leaves; `note` is a checkpoint from outside that it will be compared with.
    pub fn new(note: Option<&Checkpoint>) -> Self {
        let mut tree = Self { note: note.cloned(), ..Self::default() };
        tree.remember();
        tree
    }

    /// Takes in the next leaf.
    pub fn push(&mut self, action: &str, leaf: Hash) {
        if action == Action::AuditExport.as_str() {
            self.before_exports.push((self.frontier.size(), self.frontier.root()));
        }
        self.frontier.push(leaf);
        self.remember();
    }

    fn remember(&mut self) {
        if self.note.as_ref().is_some_and(|note| note.size() == self.frontier.size()) {
            self.at_note = Some(self.frontier.root());
        }
    }

    /// Size and peaks.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// An export names the size and the root that the ledger had before it.
    pub fn check_claims(&self, claims: &[Claim], problems: &mut Problems) {
        for claim in claims {
            let found = self.before_exports.iter().find(|(size, _)| *size == claim.size);
            let holds = claim.size == claim.seq
                && found.is_some_and(|(_, root)| root.to_string() == *claim.root);
            if !holds {
                problems.add(
                    claim.seq,
                    format!(
                        "says that {} entries stood before it with the root {}; they don't",
                        claim.size, claim.root
                    ),
                );
            }
        }
    }

    /// Compares the ledger with the checkpoint from outside.
    pub fn check_note(&self, book: Option<&Opening>, problems: &mut Problems) -> Noted {
        let Some(note) = &self.note else { return Noted::Nothing };
        let id = book.map(|opening| opening.book.hyphenated().to_string()).unwrap_or_default();
        if note.book() != id {
            problems.add(None, format!("the checkpoint is of the book {}, not {id}", note.book()));
            return Noted::OtherBook;
        }
        let (covers, size) = (note.size(), self.frontier.size());
        match self.at_note {
            None => problems.add(
                size,
                format!("is missing: the checkpoint covers {covers} entries, and {size} are left"),
            ),
            Some(root) if root != note.root() => problems.add(
                None,
                format!(
                    "the first {covers} entries were changed since the checkpoint was made: \
                     their root is {root}, the checkpoint's {}",
                    note.root()
                ),
            ),
            Some(_) => return Noted::Covers(covers),
        }
        Noted::Contradicts
    }
}
