//! A whole book from one engine to another.
//!
//! The ledger goes entry by entry through `Writing::append_verbatim`, in transactions of their own,
//! so that a copy that was interrupted goes on where it stopped. Until the last transaction the new
//! book lacks the row that makes it one, and nobody can open it. The tables follow in that last
//! transaction, as the old book holds them, and are compared with a replay of the entries: a table
//! that was meddled with is not carried over, it stops the copy.
//!
//! **Proof.** Every entry is read back from the new book and hashed before that last transaction;
//! size and root of the two are the same, or there is no new book.
//!
//! **Speed.** The old book is read and replayed, and the new one read back, each on a connection
//! and a thread of its own.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use super::append::{Actor, Writing};
use super::clock::Ids;
use super::engine::{Engine, OwnedValue, Row, Rows, Value};
use super::packed::Packed;
use super::read::{self, entry_from_row};
use super::verify::tables::{self, Table};
use super::{About, Book, Snapshot, StoreError, migrate, sql};
use crate::domain::replay::{Problems, Replay};
use crate::domain::trail::hash::Hash;
use crate::domain::trail::merkle::Frontier;

/// How many entries go in one transaction.
const BATCH: usize = 8192;

/// How many entries are read before they are handed over.
const CHUNK: usize = 2048;

/// How many chunks may wait to be written.
const WAITING: usize = 8;

type Copying<T> = Result<T, StoreError>;

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// How many entries both books have.
    pub size: u64,
    /// Their root in both.
    pub root: Hash,
    /// How many of them an earlier, interrupted copy had brought over.
    pub known: u64,
}

impl Book {
    /// Copies the whole book onto an engine that holds nothing, or a copy that was interrupted.
    pub fn copy_to(
        &mut self,
        engine: &mut dyn Engine,
        progress: &mut dyn FnMut(u64),
    ) -> Copying<Copied> {
        prepare(engine)?;
        let Self { engine: old, ids, about, .. } = self;
        old.begin_read()?;
        let done = (|| {
            let size = read::head(old.as_mut())?.frontier.size();
            let mut snapshot = Snapshot::new(old.as_mut(), about, size);
            copy(&mut snapshot, engine, ids.as_mut(), progress)
        })();
        old.rollback();
        done
    }
}

/// Makes the tables where there are none, and refuses a book that is one already.
fn prepare(engine: &mut dyn Engine) -> Copying<()> {
    engine.begin_create()?;
    let made = (|| {
        migrate::run(engine)?;
        refuse_book(engine)?;
        engine.begin_filling()?;
        // Another copy may have ended while this one waited for its tables.
        refuse_book(engine)?;
        let mut has_head = false;
        engine.query(sql!("head_rows"), &[], &mut |_| {
            has_head = true;
            Ok(Rows::Enough)
        })?;
        if has_head { Ok(()) } else { read::head_begin(engine) }
    })();
    super::end(engine, made)
}

fn refuse_book(engine: &mut dyn Engine) -> Copying<()> {
    engine.query(sql!("book_read"), &[], &mut |_| Err(StoreError::Exists("the book".into())))
}

fn copy(
    old: &mut Snapshot<'_>,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
    progress: &mut dyn FnMut(u64),
) -> Copying<Copied> {
    engine.bulk(true)?;
    let copied = fill_and_prove(old, engine, ids, progress);
    // What stopped the copy says more than what may follow from it.
    let settled = engine.bulk(false);
    let copied = copied?;
    settled.map(|()| copied)
}

fn fill_and_prove(
    old: &mut Snapshot<'_>,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
    progress: &mut dyn FnMut(u64),
) -> Copying<Copied> {
    let size = old.size();
    let (prover, reader) = (engine.reader()?, old.engine().reader()?);
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING);
        let (told, tell) = channel();
        let (prover, tell) = match prover {
            Some(mut prover) => {
                let work = move || prove(prover.as_mut(), &mut tell.into_iter(), size);
                (Some(scope.spawn(work)), None)
            }
            None => (None, Some(tell)),
        };
        let about = old.about();
        let (replay, written) = if let Some(mut reader) = reader {
            let reading = scope.spawn(move || {
                stream(reader.as_mut(), size, &mut |chunk| send.send(chunk).is_ok())
            });
            let written = write(&mut Chunks(receive), about, engine, ids, progress, told);
            (reading.join().map_err(|_| fell())?, written)
        } else {
            // A book in memory has no second connection; it is small enough to be held twice.
            let mut chunks = Vec::new();
            let replay = stream(old.engine(), size, &mut |chunk| {
                chunks.push(chunk);
                true
            });
            (replay, write(&mut chunks.into_iter(), about, engine, ids, progress, told))
        };
        // What stopped the reading is the cause where both stopped.
        let (replay, (frontier, known)) = (replay?, written?);
        if let Some(tell) = tell {
            prove(engine, &mut tell.into_iter(), size)?;
        }
        let proven = || prover.map_or(Ok(()), |prover| prover.join().map_err(|_| fell())?);
        finish(old, engine, replay, &frontier, proven)?;
        Ok(Copied { size, root: frontier.root(), known })
    })
}

struct Chunks(Receiver<Packed>);

impl Iterator for Chunks {
    type Item = Packed;
    fn next(&mut self) -> Option<Self::Item> {
        self.0.recv().ok()
    }
}

/// Reads and replays the old ledger, and hands it over in chunks, until nobody takes them.
fn stream(
    engine: &mut dyn Engine,
    size: u64,
    take: &mut dyn FnMut(Packed) -> bool,
) -> Copying<Replay> {
    let mut replay = Replay::new();
    let mut chunk = Packed::default();
    let range = [Value::Integer(0), Value::from(size)];
    engine.query(sql!("entry_range"), &range, &mut |row| {
        // A command stays whole: a chunk ends before the first entry of the next one.
        let is_full = chunk.len() >= CHUNK && row.integer(0)? == row.integer(2)?;
        if is_full && !take(std::mem::take(&mut chunk)) {
            return Ok(Rows::Enough);
        }
        let row = chunk.push(row)?;
        replay.apply(&entry_from_row(&row)?.0);
        Ok(Rows::More)
    })?;
    replay.end();
    take(chunk);
    Ok(replay)
}

/// Writes the entries that the new book lacks, and returns the frontier over all of them with how
/// many it had. Tells the leaves of what is there for the reading back.
fn write(
    chunks: &mut dyn Iterator<Item = Packed>,
    about: &About,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
    progress: &mut dyn FnMut(u64),
    told: Sender<Vec<Hash>>,
) -> Copying<(Frontier, u64)> {
    let had = read_head(engine)?;
    let mut there = Frontier::new();
    let mut waiting = Waiting::default();
    let mut chunks = chunks.peekable();
    while let Some(chunk) = chunks.next() {
        for row in chunk.rows() {
            let leaf = leaf_of(&row)?;
            if there.size() < had.size() {
                there.push(leaf);
            }
            waiting.leaves.push(leaf);
        }
        if there.size() == had.size() && there != had {
            return Err(another_book());
        }
        progress(chunk.len() as u64);
        waiting.chunks.push(chunk);
        if waiting.leaves.len() >= BATCH || chunks.peek().is_none() {
            let Waiting { chunks, leaves } = std::mem::take(&mut waiting);
            append(&chunks, had.size(), about, engine, ids)?;
            // Where nobody listens any more, the reading back says why.
            let _ = told.send(leaves);
        }
    }
    if there != had {
        return Err(another_book());
    }
    Ok((read_head(engine)?, had.size()))
}

/// What waits for its transaction, with the leaves that the old book holds of it.
#[derive(Default)]
struct Waiting {
    chunks: Vec<Packed>,
    leaves: Vec<Hash>,
}

/// The leaf that a row of the ledger stores.
fn leaf_of(row: &dyn Row) -> Copying<Hash> {
    let leaf = row.blob(30)?.and_then(|bytes| bytes.try_into().ok());
    leaf.map(Hash).ok_or_else(|| StoreError::Corrupt("an entry has no leaf".to_owned()))
}

fn another_book() -> StoreError {
    let why = "what is there already is not the beginning of this book".to_owned();
    StoreError::Verbatim { seq: 0, why }
}

fn read_head(engine: &mut dyn Engine) -> Copying<Frontier> {
    engine.begin_read()?;
    let head = read::head(engine);
    engine.rollback();
    Ok(head?.frontier)
}

/// Appends the entries of the old book from `known` on, in one transaction.
fn append(
    chunks: &[Packed],
    known: u64,
    about: &About,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
) -> Copying<()> {
    let locked = engine.begin_write()?;
    let done = (|| {
        let locked = locked.ok_or_else(read::no_head)?;
        let head = read::head_of(&locked.frontier, locked.recorded_at)?;
        let snapshot = Snapshot::new(&mut *engine, about, head.frontier.size());
        let now = head.recorded_at;
        let writing = Writing::begin(snapshot, ids, head, now, Actor::Nobody)?;
        let mut writing = writing.without_tables();
        for row in chunks.iter().flat_map(Packed::rows) {
            let (entry, leaf) = entry_from_row(&row)?;
            if entry.seq >= known {
                writing.append_verbatim(&entry, leaf)?;
            }
        }
        writing.finish_unread()
    })();
    super::end(engine, done)
}

/// Reads the new ledger back as far as it is said to be written, hashes every entry, and compares
/// it with the leaf that it has in the old one. Then the new ledger, which has so many, is whole.
fn prove(
    engine: &mut dyn Engine,
    told: &mut dyn Iterator<Item = Vec<Hash>>,
    all: u64,
) -> Copying<()> {
    engine.rollback();
    let (mut size, mut line) = (0, String::with_capacity(512));
    for leaves in told {
        let end = size + leaves.len() as u64;
        let mut due = (size..end).zip(leaves);
        engine.begin_read()?;
        let range = [Value::from(size), Value::from(end)];
        let read = engine.query(sql!("entry_range"), &range, &mut |row| {
            let Some((seq, leaf)) = due.next() else { return Ok(Rows::Enough) };
            let (entry, stored) = entry_from_row(row)?;
            let same = entry.seq == seq && stored == leaf && entry.leaf(&mut line)? == leaf;
            if same { Ok(Rows::More) } else { Err(StoreError::ReadBack { seq }) }
        });
        engine.rollback();
        read?;
        if let Some((seq, _)) = due.next() {
            return Err(StoreError::ReadBack { seq });
        }
        size = end;
    }
    if size < all { Err(not_the_same(size)) } else { engine.end_filling_ledger() }
}

fn fell() -> StoreError {
    StoreError::Invariant("a part of the copy fell".to_owned())
}

fn not_the_same(seq: u64) -> StoreError {
    StoreError::Verbatim { seq, why: "the two books have not the same root".to_owned() }
}

/// Brings the tables over, proves them, waits for the ledger to be `proven`, and makes the new book
/// one.
fn finish(
    old: &mut Snapshot<'_>,
    engine: &mut dyn Engine,
    mut replay: Replay,
    frontier: &Frontier,
    proven: impl FnOnce() -> Copying<()>,
) -> Copying<()> {
    let mut problems = std::mem::take(&mut replay.problems);
    let locked = engine.begin_write()?;
    let done = (|| {
        let head = locked.ok_or_else(read::no_head)?;
        let new = read::head_of(&head.frontier, head.recorded_at)?.frontier;
        if new != *frontier || old.head()?.frontier != *frontier {
            return Err(not_the_same(frontier.size()));
        }
        for table in tables::all(&replay) {
            fill(old, engine, &table)?;
        }
        engine.end_filling()?;
        proven()?;
        let mut new = Snapshot::new(&mut *engine, old.about(), frontier.size());
        tables::compare(&mut new, &replay, &mut problems)?;
        sound(&problems)
    })();
    super::end(engine, done)
}

fn sound(problems: &Problems) -> Copying<()> {
    match problems.iter().next() {
        None => Ok(()),
        Some(problem) => Err(StoreError::Invariant(problem.to_string())),
    }
}

/// One table, as the old book holds it.
fn fill(old: &mut Snapshot<'_>, engine: &mut dyn Engine, table: &Table) -> Copying<()> {
    let mut rows: Vec<Vec<OwnedValue>> = Vec::new();
    old.engine().query(table.sql, &[], &mut |row| {
        let cells = (0..table.columns.len()).map(|column| OwnedValue::of(row, column));
        let mut cells = cells.collect::<Copying<Vec<_>>>()?;
        cells.extend(table.fixed.iter().map(|(_, value)| OwnedValue::Integer(*value)));
        rows.push(cells);
        if rows.len() == CHUNK {
            engine.fill(table.name, &table.all_columns(), &rows)?;
            rows.clear();
        }
        Ok(Rows::More)
    })?;
    engine.fill(table.name, &table.all_columns(), &rows)
}
