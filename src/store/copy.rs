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
use super::engine::{Engine, OwnedValue, Rows, Value};
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
        let mut is_book = false;
        engine.query(sql!("book_read"), &[], &mut |_| {
            is_book = true;
            Ok(Rows::Enough)
        })?;
        if is_book {
            return Err(StoreError::Exists("the book".into()));
        }
        let mut has_head = false;
        engine.query(sql!("head_rows"), &[], &mut |_| {
            has_head = true;
            Ok(Rows::Enough)
        })?;
        if has_head { Ok(()) } else { read::head_begin(engine) }
    })();
    super::end(engine, made)
}

fn copy(
    old: &mut Snapshot<'_>,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
    progress: &mut dyn FnMut(u64),
) -> Copying<Copied> {
    let size = old.size();
    engine.bulk(true)?;
    let copied = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING);
        let (told, tell) = channel();
        let prover = engine
            .reader()
            .map(|mut prover| scope.spawn(move || prove(prover.as_mut(), &mut tell.into_iter())));
        let about = old.about();
        let (replay, written) = if let Some(mut reader) = old.engine().reader() {
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
        let proven = match prover {
            Some(prover) => prover.join().map_err(|_| fell())?,
            None => prove(engine, &mut std::iter::once(size)),
        };
        // What stopped the reading is the cause where several stopped.
        Ok((replay?, written?, proven?))
    });
    let finished = copied.and_then(|(replay, (frontier, known), proven)| {
        let copied = Copied { size, root: frontier.root(), known };
        if proven != frontier {
            return Err(not_the_same(proven.size()));
        }
        finish(old, engine, replay, frontier)?;
        Ok(copied)
    });
    engine.bulk(false)?;
    finished
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
        let (entry, _) = entry_from_row(row)?;
        // A command stays whole: a chunk ends before the first entry of the next one.
        let is_full = chunk.len() >= CHUNK && entry.txn == entry.seq;
        if is_full && !take(std::mem::take(&mut chunk)) {
            return Ok(Rows::Enough);
        }
        replay.apply(&entry);
        chunk.push(row)?;
        Ok(Rows::More)
    })?;
    take(chunk);
    Ok(replay)
}

/// Writes the entries that the new book lacks, and returns the frontier over all of them with how
/// many it had.
fn write(
    chunks: &mut dyn Iterator<Item = Packed>,
    about: &About,
    engine: &mut dyn Engine,
    ids: &mut dyn Ids,
    progress: &mut dyn FnMut(u64),
    told: Sender<u64>,
) -> Copying<(Frontier, u64)> {
    let had = read_head(engine)?;
    let known = had.size();
    let mut frontier = Frontier::new();
    let (mut waiting, mut count) = (Vec::new(), 0);
    let mut chunks = chunks.peekable();
    while let Some(chunk) = chunks.next() {
        for row in chunk.rows() {
            let (entry, leaf) = entry_from_row(&row)?;
            if entry.seq == known && frontier != had {
                return Err(another_book());
            }
            frontier.push(leaf);
        }
        progress(chunk.len() as u64);
        count += chunk.len();
        waiting.push(chunk);
        if count >= BATCH || chunks.peek().is_none() {
            append(&waiting, known, about, engine, ids)?;
            (waiting, count) = (Vec::new(), 0);
            // Where nobody listens any more, the reading back says why.
            let _ = told.send(frontier.size().max(known));
        }
    }
    if frontier.size() < known || (frontier.size() == known && frontier != had) {
        return Err(another_book());
    }
    Ok((frontier, known))
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

/// Reads the new ledger back as far as it is said to be written, hashes every entry, and returns
/// the frontier over all of them.
fn prove(engine: &mut dyn Engine, sizes: &mut dyn Iterator<Item = u64>) -> Copying<Frontier> {
    engine.rollback();
    let (mut frontier, mut line) = (Frontier::new(), String::with_capacity(512));
    for size in sizes {
        let range = [Value::from(frontier.size()), Value::from(size)];
        engine.begin_read()?;
        let read = engine.query(sql!("entry_range"), &range, &mut |row| {
            let (entry, stored) = entry_from_row(row)?;
            let (seq, leaf) = (frontier.size(), entry.leaf(&mut line)?);
            if entry.seq != seq || stored != leaf {
                return Err(StoreError::ReadBack { seq });
            }
            frontier.push(leaf);
            Ok(Rows::More)
        });
        engine.rollback();
        read?;
    }
    Ok(frontier)
}

fn fell() -> StoreError {
    StoreError::Invariant("a part of the copy fell".to_owned())
}

fn not_the_same(seq: u64) -> StoreError {
    StoreError::Verbatim { seq, why: "the two books have not the same root".to_owned() }
}

/// Brings the tables over, proves them and the ledger, and makes the new book one.
fn finish(
    old: &mut Snapshot<'_>,
    engine: &mut dyn Engine,
    mut replay: Replay,
    frontier: Frontier,
) -> Copying<()> {
    let mut problems = std::mem::take(&mut replay.problems);
    let locked = engine.begin_write()?;
    let done = (|| {
        let head = locked.ok_or_else(read::no_head)?;
        if read::head_of(&head.frontier, head.recorded_at)?.frontier != frontier {
            return Err(not_the_same(frontier.size()));
        }
        for table in tables::all(&replay) {
            fill(old, engine, &table)?;
        }
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
