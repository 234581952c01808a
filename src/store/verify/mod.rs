//! Verifying a book: every entry is read, rendered and hashed again, the ledger is replayed in
//! plain Rust, and every row of every other table must be what the replay says.
//!
//! **What it can find.** Whatever was done to the file without hashing everything anew: an edited,
//! missing, added or moved entry, a projection that was meddled with, a protocol text that is not
//! the one named, a fence that was torn down, a flipped bit.
//!
//! **What it can't find**: a book that was rewritten as a whole by someone who knows this format.
//! Only a checkpoint kept elsewhere shows that.
//!
//! **Speed.** Entries below a fixed size never change, so three readers share the work, each on a
//! connection of its own: one replays, one hashes, one lets the engine look at its pages.
//!
//! **Memory**: the replay's (see there), and the rows of the tables that it stands for.

mod hashing;
mod rows;
pub(super) mod tables;

use std::panic::resume_unwind;
use std::thread::{Scope, ScopedJoinHandle};

use super::engine::{Engine, Row, Rows, Value};
use super::read::{entry_from_row, last_seq};
use super::{Snapshot, StoreError, sql};
use crate::domain::replay::{Claim, Noted, Problems, Replay, Tree};
use crate::domain::time::Instant;
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
    /// What the checkpoint from outside says of them.
    pub noted: Noted,
    /// What doesn't hold.
    pub problems: Problems,
    /// The first entry that records a root which those before it don't have: one of them is wrong,
    /// and nothing says which.
    pub unfit: Option<u64>,
    /// What could not be checked, a sentence each.
    pub unchecked: Vec<String>,
    /// Files beside the entries that this program would have written otherwise.
    pub foreign: Vec<String>,
}

/// The first of the claims that doesn't fit the entries before it.
pub fn first_unfit(tree: &Tree, claims: &[Claim]) -> Option<u64> {
    let mut problems = Problems::default();
    tree.check_claims(claims, &mut problems);
    problems.first_bad_entry()
}

/// How many entries are read between two reports of progress.
const PROGRESS_STEP: u64 = 4096;

type Read<T> = Result<T, StoreError>;

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
    ) -> Read<Verified> {
        let last = last_seq(self.engine())?.unwrap_or(-1);
        let (replay, hashed, damage) = std::thread::scope(|scope| {
            let hashed = self.aside(scope, move |engine| hashing::hash(engine, last, outside));
            let damage = self.aside(scope, |engine| engine.damage());
            (self.replay(last, progress), hashed.wait(), damage.wait())
        });
        let (mut replay, (tree, mut problems)) = (replay?, hashed?);
        problems.join(std::mem::take(&mut replay.problems));
        tree.check_claims(&replay.claims, &mut problems);
        self.check_head(&replay, tree.frontier(), &mut problems)?;
        tables::compare(self, &replay, &mut problems)?;
        let differences = self.engine().differences()?;
        differences.into_iter().for_each(|what| problems.add(None, what));
        let rights = self.engine().rights()?;
        rights.problems.into_iter().for_each(|what| problems.add(None, what));
        let mut unchecked = Vec::new();
        match damage {
            Ok(damage) => {
                damage.problems.into_iter().for_each(|what| problems.add(None, what));
                unchecked = damage.unchecked;
            }
            Err(error @ (StoreError::Corrupt(_) | StoreError::Engine(_))) => {
                problems.add(None, error.to_string());
            }
            Err(error) => return Err(error),
        }
        unchecked.extend(rights.unchecked);
        let noted = tree.check_note(replay.book.as_ref(), &mut problems);
        let (frontier, foreign) = (tree.frontier(), Vec::new());
        let unfit = first_unfit(&tree, &replay.claims);
        Ok(Verified {
            size: frontier.size(),
            root: frontier.root(),
            noted,
            problems,
            unfit,
            unchecked,
            foreign,
        })
    }

    /// Does some reading on a connection and a thread of its own, or at once where there is no
    /// second connection.
    fn aside<'scope, T: Send + 'scope>(
        &mut self,
        scope: &'scope Scope<'scope, '_>,
        work: impl FnOnce(&mut dyn Engine) -> T + Send + 'scope,
    ) -> Aside<'scope, T> {
        match self.engine().reader() {
            Ok(Some(mut reader)) => Aside::Thread(scope.spawn(move || work(reader.as_mut()))),
            // A second connection that can't be had, as on a full server, costs time only.
            Ok(None) | Err(_) => Aside::Done(work(self.engine())),
        }
    }

    fn replay(&mut self, last: i64, progress: &mut dyn FnMut(u64)) -> Read<Replay> {
        let mut replay = Replay::new();
        let mut read = 0_u64;
        each_row(self.engine(), last, &mut |row| {
            match row.and_then(entry_from_row) {
                Ok((entry, _)) => replay.apply(&entry),
                Err(error) => replay.unreadable(unreadable(&error)),
            }
            read += 1;
            if read.is_multiple_of(PROGRESS_STEP) {
                progress(PROGRESS_STEP);
            }
        })?;
        replay.end();
        Ok(replay)
    }

    /// There is one head, and it says what the entries add up to.
    fn check_head(
        &mut self,
        replay: &Replay,
        frontier: &Frontier,
        problems: &mut Problems,
    ) -> Read<()> {
        let last = replay.recorded_at().map(|at| at.millis());
        let mut heads = 0;
        let read = self.engine().query(sql!("head_rows"), &[], &mut |row| {
            heads += 1;
            compare_head(row, last, frontier, problems)?;
            Ok(Rows::More)
        });
        match (read, heads) {
            (Err(StoreError::Corrupt(why) | StoreError::Engine(why)), _) => {
                problems.add(None, format!("the head can't be read: {why}"));
            }
            (Err(error), _) => return Err(error),
            (Ok(()), 0) => problems.add(None, "the head of the ledger is missing"),
            (Ok(()), 1) => {}
            (Ok(()), _) => problems.add(None, format!("the ledger has {heads} heads, not one")),
        }
        Ok(())
    }
}

/// One row of the head against the entries.
fn compare_head(
    row: &dyn Row,
    last: Option<i64>,
    frontier: &Frontier,
    problems: &mut Problems,
) -> Read<()> {
    let size = row.integer(1)?.and_then(|size| u64::try_from(size).ok());
    if size != Some(frontier.size()) {
        let said = size.unwrap_or_default();
        let size = frontier.size();
        problems.add(None, format!("the head says {said} entries; there are {size}"));
    }
    match Frontier::from_bytes(row.blob(2)?.unwrap_or_default()) {
        Err(error) => {
            problems.add(None, format!("the head's Merkle frontier can't be read: {error}"));
        }
        Ok(stored) if stored != *frontier => {
            let (said, root) = (stored.root(), frontier.root());
            let what = format!("the head says the root {said}; the entries have {root}");
            problems.add(None, what);
        }
        Ok(_) => {}
    }
    let said = row.integer(3)?;
    if said != last {
        let (said, last) = (time(said), time(last));
        problems.add(
            None,
            format!("the head says the time {said} of the last entry, which has {last}"),
        );
    }
    Ok(())
}

/// A stored time for a message.
fn time(millis: Option<i64>) -> String {
    let Some(millis) = millis else { return "none".to_owned() };
    Instant::from_millis(millis).map_or_else(|_| millis.to_string(), |time| time.to_string())
}

/// Work that goes on aside, or that was done at once.
enum Aside<'scope, T> {
    Thread(ScopedJoinHandle<'scope, T>),
    Done(T),
}

impl<T> Aside<'_, T> {
    fn wait(self) -> T {
        match self {
            Self::Thread(handle) => handle.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Self::Done(value) => value,
        }
    }
}

/// Hands out every row of the ledger up to and with the last, and the damage that ends it early.
fn each_row(
    engine: &mut dyn Engine,
    last: i64,
    each: &mut dyn FnMut(Result<&dyn Row, StoreError>),
) -> Read<()> {
    let read = engine.query(sql!("entry_through"), &[Value::Integer(last)], &mut |row| {
        each(Ok(row));
        Ok(Rows::More)
    });
    match read {
        Err(error @ StoreError::Corrupt(_)) => each(Err(error)),
        other => other?,
    }
    Ok(())
}

/// Why an entry can't be read, without its position, which the problem names.
fn unreadable(error: &StoreError) -> String {
    match error {
        StoreError::Entry { why, .. } => format!("can't be read: {why}"),
        other => format!("can't be read: {other}"),
    }
}
