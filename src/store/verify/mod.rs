//! Verifying a book: every entry is read, rendered and hashed again, the ledger is replayed in
//! plain Rust, and every row of every other table must be what the replay says.
//!
//! **What it can find.** Whatever was done to the file without hashing everything anew: an edited,
//! missing, added or moved entry, a projection that was meddled with, a protocol text that is not
//! the one named, a fence that was torn down. **What it can't find**: a book that was rewritten as
//! a whole by someone who knows this format. Only a checkpoint kept elsewhere shows that.
//!
//! **Memory**: the replay's (see there), about 45 bytes an entry and the rows of the tables.

mod rows;
mod tables;

use super::engine::{Row, Rows, Value};
use super::read::entry_from_row;
use super::{Snapshot, StoreError, sql};
use crate::domain::replay::{Problems, Replay, Tree};
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::hash::Hash;
use crate::domain::trail::merkle::Frontier;

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub size: u64,
    /// The root over their lines.
    pub root: Hash,
    /// How many of them the checkpoint from outside covers; none without one.
    pub covered: Option<u64>,
    /// What doesn't hold.
    pub problems: Problems,
}

/// How many entries are read between two reports of progress.
const PROGRESS_STEP: u64 = 4096;

impl Snapshot<'_> {
    /// Verifies the whole book, and compares it with a checkpoint that was kept outside it.
    ///
    /// # Errors
    ///
    /// Only where the book can't be read at all; a damaged book is an answer, not an error.
    pub fn verify(
        &mut self,
        outside: Option<&Checkpoint>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Verified, StoreError> {
        let mut replay = Replay::new();
        let mut tree = Tree::new(outside);
        self.replay(&mut replay, &mut tree, progress)?;
        let mut problems = std::mem::take(&mut replay.problems);
        tree.check_claims(&replay.claims, &mut problems);
        self.check_head(&replay, tree.frontier(), &mut problems)?;
        tables::compare(self, &replay, &mut problems)?;
        for what in self.engine().differences()? {
            problems.add(None, what);
        }
        let covered = tree.check_note(replay.book.as_ref(), &mut problems);
        let frontier = tree.frontier();
        Ok(Verified { size: frontier.size(), root: frontier.root(), covered, problems })
    }

    /// Reads all entries, and those beyond the head too.
    fn replay(
        &mut self,
        replay: &mut Replay,
        tree: &mut Tree,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), StoreError> {
        let mut line = String::with_capacity(512);
        let everything = [Value::Integer(i64::MIN), Value::Integer(i64::MAX)];
        let read = self.engine().query(sql!("entry_range"), &everything, &mut |row| {
            take_in(row, replay, tree, &mut line);
            if replay.size() % PROGRESS_STEP == 0 {
                progress(PROGRESS_STEP);
            }
            Ok(Rows::More)
        });
        match read {
            Err(StoreError::Corrupt(why)) => {
                replay.unreadable(format!("can't be read: {why}"));
                Ok(())
            }
            other => other,
        }
    }

    /// The head must say what the entries add up to.
    fn check_head(
        &mut self,
        replay: &Replay,
        frontier: &Frontier,
        problems: &mut Problems,
    ) -> Result<(), StoreError> {
        let last = replay.recorded_at().map(|at| at.millis());
        self.engine().query(sql!("head_rows"), &[], &mut |row| {
            let size = row.integer(1)?.and_then(|size| u64::try_from(size).ok());
            let stored = Frontier::from_bytes(row.blob(2)?.unwrap_or_default());
            if size != Some(frontier.size()) {
                let said = size.unwrap_or_default();
                let size = frontier.size();
                problems.add(None, format!("the head says {said} entries; there are {size}"));
            }
            if stored.as_ref() != Ok(frontier) {
                let said = stored.map_or_else(|_| "nothing".to_owned(), |s| s.root().to_string());
                let root = frontier.root();
                let what = format!("the head says the root {said}; the entries have {root}");
                problems.add(None, what);
            }
            if row.integer(3)? != last {
                problems.add(None, "the head says another time of the last entry than it has");
            }
            Ok(Rows::More)
        })
    }
}

/// One row: an entry whose line has the leaf that the row stores.
fn take_in(row: &dyn Row, replay: &mut Replay, tree: &mut Tree, line: &mut String) {
    let (entry, stored) = match entry_from_row(row) {
        Ok(read) => read,
        Err(error) => return unreadable(row, &error, replay, tree),
    };
    replay.apply(&entry);
    match entry.leaf(line) {
        Ok(leaf) => {
            if leaf != stored {
                replay
                    .problems
                    .add(entry.seq, "was changed: its line has another hash than stored");
            }
            tree.push(&entry.action, leaf);
        }
        Err(error) => {
            replay.problems.add(entry.seq, error.to_string());
            tree.push(&entry.action, stored);
        }
    }
}

/// The leaf that is stored stands in for a row that can't be read.
fn unreadable(row: &dyn Row, error: &StoreError, replay: &mut Replay, tree: &mut Tree) {
    let why = match error {
        StoreError::Entry { why, .. } => why.clone(),
        other => other.to_string(),
    };
    replay.unreadable(format!("can't be read: {why}"));
    let leaf = row.blob(30).ok().flatten().and_then(|leaf| Hash::try_from(leaf).ok());
    tree.push("", leaf.unwrap_or(Hash([0; 32])));
}
