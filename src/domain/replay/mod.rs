//! The whole ledger read again, entry by entry, in plain Rust: the second, independent reading that
//! `verify` compares with the tables, and that a bundle is checked with.
//!
//! It knows nothing of databases and shares no code with what writes the tables. Every entry must
//! follow from those before it; what doesn't is a [`Problem`], and the replay goes on, so that one
//! damaged entry doesn't hide the next.
//!
//! Memory grows with what the ledger has made, not with its length, but for 34 bytes an entry:
//! its id, since no id may come twice, and ten bytes for a later reversal.

mod alone;
mod catalog;
mod command;
mod copied;
mod corrections;
mod course;
mod effects;
mod numbered;
mod problem;
mod sessions;
mod stock;
mod tree;

pub use alone::stands_alone;
pub use catalog::{Catalog, ProductRow, StaffRow};
pub use course::Afterwards;
pub use problem::{PROBLEMS_MAX, Problem, Problems};
pub use sessions::{SessionRow, Sessions};
pub use stock::{ContainerRow, LotRow, SerialRow, Stock};
pub use tree::{Noted, Tree};

use std::collections::HashSet;

use crate::domain::catalog::Role;
use crate::domain::fact::{Fact, Opening};
use crate::domain::time::{Instant, Zone};
use crate::domain::trail::entry::Entry;

use command::Command;
use corrections::Corrections;

/// Nothing, or what is wrong.
type Verdict = Result<(), String>;

/// What an `audit.export` says that the ledger was right before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The entry that says so.
    pub seq: u64,
    /// The size it names.
    pub size: u64,
    /// The root it names, in hex.
    pub root: Box<str>,
}

/// A ledger replayed up to some entry.
#[derive(Debug, Default)]
pub struct Replay {
    size: u64,
    last: Option<Instant>,
    ids: HashSet<u128>,
    command: Command,
    opener: Option<Box<str>>,
    zone: Option<Zone>,
    corrections: Corrections,
    afterwards: Afterwards,
    /// What entry 0 says.
    pub book: Option<Opening>,
    /// Staff, places, products and clients.
    pub catalog: Catalog,
    /// Lots, balances, serials and containers.
    pub stock: Stock,
    /// Sessions and protocols.
    pub sessions: Sessions,
    /// What the exports say of the ledger before them.
    pub claims: Vec<Claim>,
    /// What was found.
    pub problems: Problems,
}

impl Replay {
    /// A ledger without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries were taken in, those included that can't be read.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// When the last entry was recorded.
    pub fn recorded_at(&self) -> Option<Instant> {
        self.last
    }

    /// Takes in the next entry.
    pub fn apply(&mut self, entry: &Entry<'_>) {
        self.step_over(entry.seq);
        let seq = entry.seq;
        self.note(seq, |replay| replay.check_order(entry));
        self.note(seq, |replay| replay.check_command(entry));
        self.check_whole(entry.txn == seq);
        match Fact::from_columns(&entry.action, &entry.columns) {
            Ok(fact) => {
                self.note(seq, |_| stands_alone(&fact));
                self.note(seq, |replay| replay.check_places(&fact));
                self.note(seq, |replay| replay.check_step(entry, &fact));
                self.note(seq, |replay| replay.check_course(entry, &fact));
                self.note(seq, |replay| replay.check_copied(entry, &fact));
                self.note(seq, |replay| replay.check_numbered(&fact));
                self.note(seq, |replay| replay.take_in(entry, &fact));
                self.note(seq, |replay| replay.check_actor(entry, &fact));
                self.corrections.remember(entry.txn == seq, Some((&fact, &entry.columns)));
            }
            Err(error) => {
                self.problems.add(seq, error.to_string());
                self.corrections.remember(entry.txn == seq, None);
            }
        }
        self.size += 1;
    }

    /// Takes in an entry that can't even be read as one.
    pub fn unreadable(&mut self, why: impl Into<String>) {
        self.problems.add(self.size, why);
        self.corrections.remember(true, None);
        self.size += 1;
    }

    /// The ledger ends here: what the last command began must be whole.
    pub fn end(&mut self) {
        self.check_whole(true);
    }

    /// Where a command is over, says what it took back by half.
    fn check_whole(&mut self, is_over: bool) {
        if is_over && let Some((seq, what)) = self.corrections.end_command() {
            self.problems.add(seq, what);
        }
    }

    fn note(&mut self, seq: u64, check: impl FnOnce(&mut Self) -> Verdict) {
        if let Err(what) = check(self) {
            self.problems.add(seq, what);
        }
    }

    /// Says which entries are missing, and goes on behind them.
    fn step_over(&mut self, seq: u64) {
        let due = self.size;
        match seq.cmp(&due) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less => {
                self.problems.add(due, format!("says that it is entry {seq}"));
                return;
            }
            std::cmp::Ordering::Greater => {}
        }
        self.problems.add(due, format!("is missing; entry {seq} comes in its place"));
        // What was kept for every entry is kept by position; beyond a few that are missing this is
        // not the ledger any more, and the positions are of no use.
        if seq - due <= 1_000_000 {
            (due..seq).for_each(|_| self.corrections.remember(true, None));
        }
        self.size = seq;
    }

    fn check_order(&mut self, entry: &Entry<'_>) -> Verdict {
        let id = entry.entry_id;
        let before = self.last.replace(entry.recorded_at);
        if !self.ids.insert(id.as_u128()) {
            return Err(format!("has the entry_id {id} of an earlier entry"));
        }
        if id.get_version_num() != 7 || id.get_variant() != uuid::Variant::RFC4122 {
            return Err(format!("has the entry_id {id}, which is no UUID version 7"));
        }
        if before.is_some_and(|before| entry.recorded_at < before) {
            return Err("was recorded before the entry that it follows".to_owned());
        }
        if entry.occurred_at.instant() > entry.recorded_at {
            return Err("happened after it was recorded".to_owned());
        }
        Ok(())
    }

    /// The role is the first of the actor's that permits the action, as they had it when the
    /// command began. Who opens the book is added by entry 1.
    fn check_actor(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        match (entry.seq, fact) {
            (0, _) => {
                self.opener = Some((&*entry.staff).into());
                return if &*entry.role == Role::Manager.as_str() {
                    Ok(())
                } else {
                    Err("opens the book in another role than manager".to_owned())
                };
            }
            (1, Fact::StaffAdd(person)) => {
                if self.opener.as_deref() != Some(person.id.as_str()) {
                    return Err("adds another than the one who opened the book".to_owned());
                }
                self.command.roles = self.catalog.roles(&entry.staff);
            }
            (1, _) => return Err("doesn't add the one who opened the book".to_owned()),
            _ => {}
        }
        let staff = &entry.staff;
        let roles = self.command.roles.as_ref();
        let roles = roles.ok_or_else(|| format!("is by {staff}, whom no entry adds"))?;
        let action = fact.action();
        match action.spec().roles.iter().find(|role| roles.contains(role)) {
            None => Err(format!("is by {staff}, who had no role for `{action}`")),
            Some(role) if role.as_str() != entry.role => {
                Err(format!("is by {staff} as {}; they acted as {role}", entry.role))
            }
            Some(_) => Ok(()),
        }
    }
}
