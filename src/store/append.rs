//! The one place that writes the ledger.
//!
//! A fact becomes an entry, the entry its canonical line and leaf; the row is inserted and
//! projected onto the tables of the present state. Before the commit every row that was written is
//! read back, rendered and hashed again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::clock::Ids;
use super::engine::{Rows, Value};
use super::read::entry_from_row;
use super::{Head, Snapshot, StoreError, project, sql};
use crate::domain::catalog::{Person, Role};
use crate::domain::edit::unknown_actor;
use crate::domain::fact::{Action, AtStep, Fact, check_lengths};
use crate::domain::id::StaffId;
use crate::domain::refusal::Refusal;
use crate::domain::replay::stands_alone;
use crate::domain::time::{Instant, Moment, Zone};
use crate::domain::trail::entry::{Columns, Entry};
use crate::domain::trail::hash::Hash;

/// How far the clock may stand behind the last entry before the book refuses to write.
const CLOCK_TOLERANCE_MS: i64 = 120_000;

/// Who writes.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A member of staff, looked up under the write lock.
    Staff(StaffId),
    /// The manager who opens a new book, and whom its first command adds.
    Opening(Person),
    /// Nobody: the entries of another book are taken over, and nothing new is written.
    Nobody,
}

/// What a command wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The first entry that it wrote; none where it wrote nothing.
    pub first: Option<u64>,
    /// The size of the ledger now.
    pub size: u64,
    /// The root of the ledger now.
    pub root: Hash,
}

/// A write in progress: it sees what it reads under the lock, and appends facts.
pub struct Writing<'w> {
    snapshot: Snapshot<'w>,
    ids: &'w mut dyn Ids,
    head: Head,
    actor: Arc<Person>,
    now: Instant,
    at: Option<Moment>,
    first: Option<u64>,
    txn: Option<u64>,
    /// The last step that this command logged.
    step: Option<AtStep>,
    /// The leaf of every entry of this write, to compare with what is read back.
    leaves: Vec<Hash>,
    line: String,
    /// Whether the tables follow entry by entry. A copy brings them over whole, and replays every
    /// entry to prove them.
    projects: bool,
}

impl<'w> std::ops::Deref for Writing<'w> {
    type Target = Snapshot<'w>;
    fn deref(&self) -> &Snapshot<'w> {
        &self.snapshot
    }
}

impl std::ops::DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.snapshot
    }
}

/// A clock outside the years of a book is held at their edge, and nothing is written by it: neither
/// a book that begins then, nor an entry that no later one could follow.
pub(super) fn believed(now: Instant) -> Result<Instant, StoreError> {
    if now > Instant::EARLIEST && now < Instant::LATEST {
        return Ok(now);
    }
    Err(Refusal::new("the clock stands outside the years 2000 to 9999")
        .why("nothing can be recorded by such a clock")
        .hint("set the clock right: the computer's, or that of the server whose book it is")
        .into())
}

/// The time to write with: the clock's, or the last entry's where the clock stands a little
/// behind it, so that `recorded_at` never goes backwards.
pub(super) fn clamp(now: Instant, last: Instant, zone: &Zone) -> Result<Instant, StoreError> {
    let now = believed(now)?;
    if is_behind(now, last) {
        return Err(StoreError::Clock { now, last, zone: Box::new(zone.clone()) });
    }
    Ok(now.max(last))
}

/// Whether the clock stands so far behind the last entry that nothing is written by it.
pub(super) fn is_behind(now: Instant, last: Instant) -> bool {
    now.millis() + CLOCK_TOLERANCE_MS < last.millis()
}

impl<'w> Writing<'w> {
    pub(super) fn begin(
        mut snapshot: Snapshot<'w>,
        ids: &'w mut dyn Ids,
        head: Head,
        now: Instant,
        actor: Actor,
    ) -> Result<Self, StoreError> {
        let actor = Arc::new(find_actor(&mut snapshot, actor)?);
        Ok(Self {
            snapshot,
            ids,
            head,
            actor,
            now,
            at: None,
            first: None,
            txn: None,
            step: None,
            leaves: Vec::new(),
            line: String::with_capacity(512),
            projects: true,
        })
    }

    /// Sets when the command is written and when its facts happened; refuses the future.
    pub(super) fn set_time(&mut self, now: Instant, at: Option<Moment>) -> Result<(), StoreError> {
        if let Some(at) = at.filter(|at| at.instant() > now) {
            let clock = self.about().zone.moment(now);
            return Err(Refusal::new(format!("{} lies in the future", at.short()))
                .why(format!("it is {} now; only what has happened can be recorded", clock.short()))
                .hint("write when it happened, such as --at \"yesterday 16:00\", or leave --at out")
                .into());
        }
        self.now = now;
        self.at = at;
        Ok(())
    }

    /// Leaves the tables as they are: they are brought over whole.
    pub(super) fn without_tables(mut self) -> Self {
        self.projects = false;
        self
    }

    /// Begins the next command of a bulk write: who, and when by the simulated clock.
    pub fn next_command(&mut self, now: Instant, actor: &Arc<Person>) -> Result<(), StoreError> {
        self.now = clamp(now, self.head.recorded_at, &self.about().zone)?;
        self.at = None;
        self.txn = None;
        self.step = None;
        self.actor = Arc::clone(actor);
        Ok(())
    }

    /// Who acts.
    pub fn actor(&self) -> &Person {
        &self.actor
    }

    /// When the facts of this command happened.
    pub fn moment(&self) -> Moment {
        self.at.unwrap_or_else(|| self.about().zone.moment(self.now))
    }

    /// Whether the facts of this command happened before it is written.
    pub fn is_backdated(&self) -> bool {
        self.at.is_some()
    }

    /// The last step that this command logged.
    pub(super) fn step(&self) -> Option<&AtStep> {
        self.step.as_ref()
    }

    /// The position of the next entry.
    pub fn next_seq(&self) -> u64 {
        self.head.frontier.size()
    }

    /// The root and size of the ledger as it stands in this write.
    pub fn tree(&self) -> (Hash, u64) {
        (self.head.frontier.root(), self.head.frontier.size())
    }

    /// Fresh random bits, for client references.
    pub fn random(&mut self) -> u64 {
        self.ids.random()
    }

    /// The role in which the actor may do this; the attempt is recorded where there is none.
    pub fn permit(&self, action: Action) -> Result<Role, StoreError> {
        action.permit(&self.actor).map_err(|refusal| StoreError::NotPermitted { action, refusal })
    }

    /// Writes a new fact, and returns its position.
    pub fn append(&mut self, fact: &Fact) -> Result<u64, StoreError> {
        let role = self.permit(fact.action())?;
        let occurred_at = self.moment();
        self.check_course(fact)?;
        self.check_moves(fact)?;
        let columns = fact.columns()?;
        check_lengths(&columns)?;
        let seq = self.next_seq();
        let entry_id: Uuid = self.ids.entry_id(self.now);
        let actor = Arc::clone(&self.actor);
        let entry = Entry {
            seq,
            entry_id,
            txn: self.txn.unwrap_or(seq),
            recorded_at: self.now,
            occurred_at,
            staff: Cow::Borrowed(actor.id.as_str()),
            role: Cow::Borrowed(role.as_str()),
            action: Cow::Borrowed(fact.action().as_str()),
            columns,
        };
        refuse_unsound(fact, &entry.columns)?;
        let leaf = entry.leaf(&mut self.line)?;
        self.insert(&entry, leaf)?;
        project::project(self.snapshot.engine(), &entry, fact)?;
        self.check_edit(fact)?;
        if let Fact::SessionStep { at, .. } = fact {
            self.step = Some(at.clone());
        }
        Ok(seq)
    }

    /// Writes an entry that another book wrote, as it is: for copy and restore. `leaf` is the hash
    /// that the other book holds of it.
    pub fn append_verbatim(&mut self, entry: &Entry<'_>, leaf: Hash) -> Result<(), StoreError> {
        let seq = entry.seq;
        let refuse = |why: String| StoreError::Verbatim { seq, why };
        if seq != self.next_seq() {
            return Err(refuse(format!("the next entry is {}", self.next_seq())));
        }
        if entry.leaf(&mut self.line)? != leaf {
            return Err(refuse("it does not hash to its leaf, so it was changed".to_owned()));
        }
        if entry.txn != seq && Some(entry.txn) != self.txn {
            return Err(refuse(format!("it belongs to command {}, which is over", entry.txn)));
        }
        if seq > 0 && entry.recorded_at < self.head.recorded_at {
            return Err(refuse(format!("it was recorded before entry {}", seq - 1)));
        }
        if entry.occurred_at.instant() > entry.recorded_at {
            return Err(refuse("it was recorded before it happened".to_owned()));
        }
        if !self.projects {
            return self.insert(entry, leaf);
        }
        let fact = Fact::from_columns(&entry.action, &entry.columns)
            .map_err(|error| refuse(error.to_string()))?;
        self.insert(entry, leaf)?;
        project::project(self.snapshot.engine(), entry, &fact)
    }

    /// The one insert. `leaf` is the hash of the entry's line.
    fn insert(&mut self, entry: &Entry<'_>, leaf: Hash) -> Result<(), StoreError> {
        let columns = &entry.columns;
        let row = [
            Value::from(entry.seq),
            Value::Blob(entry.entry_id.as_bytes()),
            Value::from(entry.txn),
            Value::Integer(entry.recorded_at.millis()),
            Value::Integer(entry.occurred_at.instant().millis()),
            Value::Text(&entry.staff),
            Value::Text(&entry.role),
            Value::Text(&entry.action),
            columns.session.as_deref().into(),
            columns.client.as_deref().into(),
            columns.product.as_deref().into(),
            columns.lot.as_deref().into(),
            columns.serial.as_deref().into(),
            columns.expiry.as_deref().into(),
            columns.container.as_deref().into(),
            columns.quantity.into(),
            columns.unit.as_deref().into(),
            columns.from_place.as_deref().into(),
            columns.to_place.as_deref().into(),
            columns.protocol.as_deref().into(),
            columns.step.as_deref().into(),
            columns.area.as_deref().into(),
            columns.field.as_deref().into(),
            columns.old_value.as_deref().into(),
            columns.new_value.as_deref().into(),
            columns.reason_code.as_deref().into(),
            columns.reason.as_deref().into(),
            columns.corrects.into(),
            columns.detail.as_deref().into(),
            Value::Integer(i64::from(entry.occurred_at.offset_min())),
            Value::Blob(&leaf.0),
        ];
        self.snapshot.engine().insert_entry(&row)?;
        self.leaves.push(leaf);
        self.head.frontier.push(leaf);
        self.snapshot.grow(self.head.frontier.size());
        self.head.recorded_at = entry.recorded_at;
        self.txn = Some(entry.txn);
        self.first.get_or_insert(entry.seq);
        Ok(())
    }

    /// Ends a write of a copy: its rows are read back on a connection of their own, before the copy
    /// becomes a book.
    pub(super) fn finish_unread(mut self) -> Result<(), StoreError> {
        let bytes = self.head.frontier.to_bytes();
        let head = self.head.row(&bytes);
        self.snapshot.engine().execute(sql!("head_set"), &head).map(drop)
    }

    /// Ends the write: the head is written once for all entries, and every row that this write
    /// wrote is rendered again and compared with the leaf that went into the tree.
    pub(super) fn finish(mut self) -> Result<Receipt, StoreError> {
        let frontier = &self.head.frontier;
        let receipt = Receipt { first: self.first, size: frontier.size(), root: frontier.root() };
        let Some(first) = self.first else { return Ok(receipt) };
        let bytes = frontier.to_bytes();
        let head = self.head.row(&bytes);
        let (line, mut written) = (&mut self.line, (first..).zip(&self.leaves));
        let seq = i64::try_from(first).unwrap_or(i64::MAX);
        self.snapshot.engine().finish_entries(seq, &head, &mut |row| {
            let Some((seq, leaf)) = written.next() else { return Ok(Rows::Enough) };
            let (entry, stored) = entry_from_row(row)?;
            let same = entry.seq == seq && stored == *leaf && entry.leaf(line)? == *leaf;
            if same { Ok(Rows::More) } else { Err(StoreError::ReadBack { seq }) }
        })?;
        match written.next() {
            None => Ok(receipt),
            Some((seq, _)) => Err(StoreError::ReadBack { seq }),
        }
    }
}

/// What is once in the ledger can never be mended, so whatever `verify` would find wrong with the
/// entry by itself is refused.
fn refuse_unsound(fact: &Fact, columns: &Columns<'_>) -> Result<(), Refusal> {
    let sound = match fact.reads_back(columns) {
        true => stands_alone(fact),
        false => Err("its entry would read back as something else".to_owned()),
    };
    sound.map_err(|why| {
        Refusal::new(format!("`{}` can't be written as it was said", fact.action()))
            .why(why)
            .hint("say it otherwise, in printed letters and digits")
    })
}

fn find_actor(snapshot: &mut Snapshot<'_>, actor: Actor) -> Result<Person, StoreError> {
    match actor {
        Actor::Opening(person) => Ok(person),
        Actor::Nobody => Ok(Person {
            id: StaffId::new("nobody").map_err(|error| StoreError::Invariant(error.to_string()))?,
            name: None,
            roles: Vec::new(),
            titles: Vec::new(),
            certificates: BTreeMap::new(),
            limits: BTreeMap::new(),
        }),
        Actor::Staff(id) => match snapshot.person(id.as_str())? {
            Some(person) => Ok(person),
            None => {
                let people = snapshot.people()?;
                Err(unknown_actor(&id, &people).into())
            }
        },
    }
}
