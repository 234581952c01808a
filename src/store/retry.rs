//! Writing once, whatever happens on the way to the server.
//!
//! A write that met another one, or whose server went away before the commit, left nothing behind
//! and is tried again with the same ids. Where the answer to a commit was lost, nobody can know by
//! waiting: the program connects again, takes the book's lock (behind a commit that may still be
//! under way) and looks for the id of its first entry.

use std::thread::sleep;
use std::time::{Duration, Instant as Stopwatch};

use uuid::Uuid;

use super::append::{self, Writing};
use super::clock::{Clock, Fixed, Ids};
use super::engine::{Engine, Rows, Value};
use super::{About, Actor, Receipt, Snapshot, StoreError, read, sql};
use crate::domain::time::{Instant, Moment};

/// How long a write goes on trying; as long as it would wait for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The first pause between two tries; each one is twice as long, up to a second.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Writes as one command, and tries again what can be tried again.
pub(super) fn write<T>(
    engine: &mut dyn Engine,
    clock: &mut dyn Clock,
    ids: &mut dyn Ids,
    about: &About,
    (actor, at): (Actor, Option<Moment>),
    mut work: impl FnMut(&mut Writing<'_>) -> Result<T, StoreError>,
) -> Result<(T, Receipt), StoreError> {
    let (mut ids, mut tries) = (Fixed::new(ids), Tries::begin());
    loop {
        let tried = once(engine, clock, &mut ids, about, (actor.clone(), at), &mut work);
        match tried {
            Err(StoreError::Again(why)) => tries.pause(StoreError::Again(why))?,
            Err(StoreError::Lost(why)) => reconnect(engine, &mut tries, &why)?,
            done => return done,
        }
        ids.again();
    }
}

/// One try, which settles a lost answer.
pub(super) fn once<T>(
    engine: &mut dyn Engine,
    clock: &mut dyn Clock,
    ids: &mut Fixed<'_>,
    about: &About,
    (actor, at): (Actor, Option<Moment>),
    work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
) -> Result<(T, Receipt), StoreError> {
    if let Actor::Staff(id) = &actor {
        let key = id.as_str().to_ascii_lowercase();
        engine.foresee(sql!("staff_by_key"), &[Value::Text(&key)]);
    }
    let locked = engine.begin_write()?;
    let done: Result<_, StoreError> = (|| {
        let locked = locked.ok_or_else(read::no_head)?;
        let head = read::head_of(&locked.frontier, locked.recorded_at)?;
        let server = locked.server.map(Instant::from_millis).transpose();
        let server = server.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let now = append::clamp(clock.at_server(server), head.recorded_at, &about.zone)?;
        let snapshot = Snapshot::new(&mut *engine, about, head.frontier.size());
        let mut writing = Writing::begin(snapshot, ids, head, now, actor)?;
        writing.set_time(now, at)?;
        let value = work(&mut writing)?;
        Ok((value, writing.finish()?))
    })();
    let done = done.inspect_err(|_| engine.rollback())?;
    match engine.commit() {
        Ok(()) => Ok(done),
        // Nothing was written, so nothing is lost.
        Err(StoreError::LostReply(_)) if done.1.first.is_none() => Ok(done),
        Err(StoreError::LostReply(why)) => match ids.first() {
            Some(id) if is_written(engine, id, &why)? => Ok(done),
            Some(_) => Err(StoreError::Lost(why)),
            None => Err(StoreError::LostReply(why)),
        },
        Err(error) => Err(error),
    }
}

/// Reads what nobody has seen yet, such as what a book says of itself when it is opened: a
/// connection that is lost is made again, for as long as a write would try.
pub(super) fn opened<T>(
    engine: &mut dyn Engine,
    mut work: impl FnMut(&mut dyn Engine) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut tries = Tries::begin();
    loop {
        match work(engine) {
            Err(StoreError::Lost(why)) => reconnect(engine, &mut tries, &why)?,
            done => return done,
        }
    }
}

/// Ends a read. All of it was answered before, so it doesn't matter what becomes of its end.
pub(super) fn end_read<T>(
    engine: &mut dyn Engine,
    done: Result<T, StoreError>,
) -> Result<T, StoreError> {
    let value = done.inspect_err(|_| engine.rollback())?;
    match engine.commit() {
        Ok(()) | Err(StoreError::Lost(_) | StoreError::LostReply(_)) => Ok(value),
        Err(error) => Err(error),
    }
}

/// Begins a read; a connection that died while nobody used it is made again.
pub(super) fn begin_read(engine: &mut dyn Engine) -> Result<(), StoreError> {
    match engine.begin_read() {
        Err(StoreError::Lost(_)) => {
            engine.reconnect()?;
            engine.begin_read()
        }
        begun => begun,
    }
}

/// Whether an entry with this id is in the book. A server that goes away while it is asked is
/// asked again.
fn is_written(engine: &mut dyn Engine, id: Uuid, why: &str) -> Result<bool, StoreError> {
    let unknown = |error: StoreError| match error {
        StoreError::Lost(why) => StoreError::Unknown { id, why },
        error => StoreError::Unknown { id, why: format!("{why}; then {error}") },
    };
    let mut tries = Tries::begin();
    loop {
        reconnect(engine, &mut tries, why).map_err(unknown)?;
        match look_up(engine, id) {
            Err(StoreError::Lost(_) | StoreError::LostReply(_) | StoreError::Again(_)) => {}
            found => return found.map_err(unknown),
        }
    }
}

/// Looks for an id under the lock, so behind every commit that is still under way. Taking the lock
/// is a change, and its commit waits for a standby as the entry's should have: a primary that
/// stopped in that wait shows entries that no standby has.
fn look_up(engine: &mut dyn Engine, id: Uuid) -> Result<bool, StoreError> {
    engine.begin_write()?;
    let mut found = false;
    let looked = engine.query(sql!("entry_by_id"), &[Value::Blob(id.as_bytes())], &mut |_| {
        found = true;
        Ok(Rows::Enough)
    });
    looked.inspect_err(|_| engine.rollback())?;
    engine.commit()?;
    Ok(found)
}

/// Connects again, until patience ends; what then stands in the way is told. What waiting can't
/// mend is told at once.
fn reconnect(engine: &mut dyn Engine, tries: &mut Tries, why: &str) -> Result<(), StoreError> {
    let mut lost = why.to_owned();
    loop {
        tries.pause(StoreError::Lost(lost))?;
        match engine.reconnect() {
            Ok(()) => return Ok(()),
            Err(error) if is_final(&error) => return Err(error),
            Err(error) => lost = format!("{why}; then {error}"),
        }
    }
}

fn is_final(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Login { .. }
            | StoreError::NoDatabase(_)
            | StoreError::NoBook { .. }
            | StoreError::OldServer { .. }
            | StoreError::Encoding { .. }
    )
}

/// Pauses that grow, until patience ends.
struct Tries {
    begun: Option<Stopwatch>,
    next: Duration,
}

impl Tries {
    fn begin() -> Self {
        Self { begun: None, next: PAUSE }
    }

    /// Waits before the next try; `last` where there is none. Patience begins with the first
    /// failure: a server that was silent before it was lost has not used any up.
    fn pause(&mut self, last: StoreError) -> Result<(), StoreError> {
        if self.begun.get_or_insert_with(Stopwatch::now).elapsed() >= PATIENCE {
            return Err(last);
        }
        sleep(self.next);
        self.next = (self.next * 2).min(LONGEST_PAUSE);
        Ok(())
    }
}
