//! Checks a bundle from its files alone; no book is asked.
//!
//! It shares the format with what wrote the bundle and nothing with `verify.py`, which is the other
//! reading of the same files.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::Path;

use super::{CHECKPOINT, ENTRIES, PRODUCTS, README, SCRIPT, STAFF, protocol_file, sums};
use crate::commands::audit::digest::Digest;
use crate::domain::replay::{Noted, Problems, Replay, Tree};
use crate::domain::trail::VERIFY_SCRIPT;
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::entry::Entry;
use crate::domain::trail::hash::Hash;
use crate::domain::trail::line::header;
use crate::domain::trail::lines::CrlfLines;
use crate::domain::trail::merkle::leaf;
use crate::error::Outcome;
use crate::store::{Verified, first_unfit};
use crate::views::bundle;

/// The longest small file that is read, in bytes.
const TEXT_MAX_BYTES: u64 = 16 << 20;

/// Checks the folder, and compares it with a checkpoint that was kept elsewhere.
pub(crate) fn check(
    folder: &Path,
    outside: Option<&Checkpoint>,
    progress: &mut dyn FnMut(u64),
) -> Outcome<Verified> {
    let mut bundle = Bundle::new(folder, outside);
    let (found, mut problems) = std::thread::scope(|scope| {
        let sums = scope.spawn(|| {
            let mut problems = Problems::default();
            (sums::check(folder, &mut problems), problems)
        });
        bundle.read_entries(progress);
        sums.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    bundle.check_checkpoint();
    bundle.check_protocols(&found?);
    let foreign = bundle.check_texts();
    let unchecked = bundle.reading.unchecked(outside.is_some());
    let Bundle { mut replay, tree, reading, .. } = bundle;
    tree.check_claims(&replay.claims, &mut replay.problems);
    let unfit = first_unfit(&tree, &replay.claims);
    let noted = match reading {
        Reading::Broken => Noted::Nothing,
        _ => tree.check_note(replay.book.as_ref(), &mut replay.problems),
    };
    problems.join(replay.problems);
    let (size, root) = (tree.frontier().size(), tree.frontier().root());
    Ok(Verified { size, root, noted, problems, unfit, unchecked, foreign })
}

/// How far the entries could be read, and so what can be held against them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// All of them.
    Whole,
    /// Every line, but some are no entries: what they said is not known.
    Holed,
    /// Not to the end, so their number and root are not known either.
    Broken,
}

impl Reading {
    /// What can't be judged without the entries.
    fn unchecked(self, is_noted: bool) -> Vec<String> {
        let said = match self {
            Self::Whole => return Vec::new(),
            Self::Holed => format!(
                "NOT CHECKED: whether {STAFF}, {PRODUCTS} and {README} say what the entries say, \
                 and which protocols they name, for not all of {ENTRIES} can be read"
            ),
            Self::Broken => format!(
                "NOT CHECKED: whether {CHECKPOINT}, {STAFF}, {PRODUCTS} and {README} say what the \
                 entries say, and which protocols they name, for {ENTRIES} can't be read"
            ),
        };
        let note = "NOT CHECKED: whether the checkpoint from outside covers them".to_owned();
        let of_the_note = (is_noted && self == Self::Broken).then_some(note);
        [said].into_iter().chain(of_the_note).collect()
    }
}

/// A bundle as far as it has been read.
struct Bundle<'b> {
    folder: &'b Path,
    reading: Reading,
    replay: Replay,
    tree: Tree,
    digest: Digest,
}

impl<'b> Bundle<'b> {
    fn new(folder: &'b Path, outside: Option<&Checkpoint>) -> Self {
        let (replay, tree) = (Replay::new(), Tree::new(outside));
        Self { folder, reading: Reading::Whole, replay, tree, digest: Digest::default() }
    }

    /// The entries end where nobody knows what follows.
    fn broken(&mut self, what: impl Into<String>) {
        self.reading = Reading::Broken;
        self.problem(what);
    }

    fn problem(&mut self, what: impl Into<String>) {
        self.replay.problems.add(None, what);
    }

    fn read_entries(&mut self, progress: &mut dyn FnMut(u64)) {
        let file = match sums::open(&self.folder.join(ENTRIES)) {
            Ok(file) => file,
            Err(error) => return self.broken(format!("{ENTRIES} can't be read: {error}")),
        };
        let mut lines = CrlfLines::new(BufReader::with_capacity(1 << 16, file));
        let mut again = String::with_capacity(512);
        let mut is_header = true;
        loop {
            match lines.next_line() {
                Ok(None) => break,
                Ok(Some(line)) if is_header => {
                    if line != header().as_bytes() {
                        self.problem(format!("{ENTRIES} doesn't begin with its header"));
                    }
                    is_header = false;
                }
                Ok(Some(line)) => {
                    self.take_in(line, &mut again);
                    progress(1);
                }
                Err(error) => return self.broken(format!("{ENTRIES}: {error}")),
            }
        }
        self.replay.end();
        if self.tree.frontier().size() == 0 {
            self.broken(format!("{ENTRIES} holds no entry"));
        }
    }

    /// One line: it must be the one form of an entry that follows from those before.
    fn take_in(&mut self, line: &[u8], again: &mut String) {
        let leaf = leaf(line);
        let text = str::from_utf8(line).map_err(|_| "is not UTF-8".to_owned());
        match text.and_then(|text| Entry::parse(text).map_err(|error| error.to_string())) {
            Err(why) => {
                self.reading = Reading::Holed;
                self.replay.unreadable(why);
                self.tree.push("", leaf);
            }
            Ok(entry) => {
                let seq = entry.seq;
                self.replay.apply(&entry);
                again.clear();
                if entry.write_line(again).is_err() || again.as_bytes() != line {
                    self.replay.problems.add(seq, "is not written in its one form");
                }
                // What the replay found wrong with it is not told twice.
                let _ = self.digest.take_in(&entry, leaf);
                self.tree.push(&entry.action, leaf);
            }
        }
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let read = sums::read(&self.folder.join(name), TEXT_MAX_BYTES);
        read.map_err(|error| format!("{name} can't be read: {error}"))
    }

    fn check_checkpoint(&mut self) {
        let note = self.text(CHECKPOINT).and_then(|text| {
            text.parse::<Checkpoint>().map_err(|error| format!("{CHECKPOINT}: {error}"))
        });
        let note = match note {
            Ok(note) => note,
            Err(what) => return self.problem(what),
        };
        if self.reading == Reading::Broken {
            return;
        }
        let frontier = self.tree.frontier();
        let (size, root) = (frontier.size(), frontier.root());
        let id = self.replay.book.as_ref().map(|opening| opening.book.hyphenated().to_string());
        if note.size() != size {
            let said = note.size();
            self.problem(format!("{CHECKPOINT} says {said} entries; {ENTRIES} holds {size}"));
        }
        if note.root() != root {
            let said = note.root();
            self.problem(format!("{CHECKPOINT} says the root {said}; {ENTRIES} has {root}"));
        }
        if let Some(id) = id.filter(|id| id != note.book()) {
            let said = note.book();
            self.problem(format!("{CHECKPOINT} is of the book {said}; {ENTRIES} is of {id}"));
        }
    }

    /// The texts are those that the entries name, all of them and no others.
    fn check_protocols(&mut self, found: &BTreeSet<String>) {
        let texts = std::mem::take(&mut self.replay.sessions.texts);
        for (sha256, seq) in &texts {
            let name = protocol_file(sha256);
            match self.text(&name) {
                Ok(text) if Hash::of(text.as_bytes()).to_string() == **sha256 => {
                    let afterwards = self.replay.check_afterwards(sha256, &text);
                    self.replay.problems.join(afterwards);
                }
                Ok(_) => self.problem(format!("{name} was changed: its hash is not its name")),
                Err(_) => {
                    let what = format!("names the protocol text {sha256}, which is missing");
                    self.replay.problems.add(*seq, what);
                }
            }
        }
        if self.reading != Reading::Whole {
            return;
        }
        let named: BTreeSet<String> = texts.keys().map(|sha256| protocol_file(sha256)).collect();
        for name in found.iter().filter(|name| name.starts_with("protocols/")) {
            if !named.contains(name) {
                self.problem(format!("no entry names {name}"));
            }
        }
    }

    /// The lists are those that the entries make. The words and the script may be those of another
    /// version of the program, so these are named, and not called wrong.
    fn check_texts(&mut self) -> Vec<String> {
        let is_whole = self.reading == Reading::Whole;
        let staff = bundle::staff(&self.replay.catalog).unwrap_or_default();
        let products = bundle::products(&self.replay.catalog).unwrap_or_default();
        for (name, made) in [(STAFF, staff), (PRODUCTS, products)] {
            match self.text(name) {
                Ok(text) if is_whole => {
                    if let Some(differs) = first_difference(&text, &String::from_utf8_lossy(&made))
                    {
                        self.problem(format!("{name} doesn't say what the entries say: {differs}"));
                    }
                }
                Ok(_) => {}
                Err(what) => self.problem(what),
            }
        }
        let readme = self.digest.checkpoint().map(|note| self.digest.readme(&note));
        let mut foreign = Vec::new();
        for (name, made) in [(README, readme.as_deref()), (SCRIPT, Ok(VERIFY_SCRIPT))] {
            match (self.text(name), made) {
                (Ok(text), Ok(made)) if text == made => {}
                (Ok(_), _) if name == README && !is_whole => {}
                (Ok(_), _) => foreign.push(name.to_owned()),
                (Err(what), _) => self.problem(what),
            }
        }
        foreign
    }
}

/// The first row in which a list is another than the entries make it, with both; none where it is
/// the same.
fn first_difference(text: &str, made: &str) -> Option<String> {
    let (mut rows, mut right) = (text.split_inclusive('\n'), made.split_inclusive('\n'));
    let mut number = 1;
    loop {
        match (rows.next(), right.next()) {
            (None, None) => return None,
            (row, right) if row == right => number += 1,
            (row, right) => {
                let (row, right) = (shown(row, right), shown(right, row));
                return Some(format!("its row {number} is {row}, and they make it {right}"));
            }
        }
    }
}

/// A row as it is shown: without its end, where that doesn't tell it from the other.
fn shown(row: Option<&str>, other: Option<&str>) -> String {
    let Some(row) = row else { return "missing".to_owned() };
    let other = other.unwrap_or_default();
    match row.trim_end() == other.trim_end() {
        true => format!("{row:?}"),
        false => format!("`{}`", row.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_differs_is_told_with_both_texts() {
        let made = "staff,name\r\nana,Ana\r\nbo,Bo\r\n";
        assert_eq!(first_difference(made, made), None);
        for (text, told) in [
            (
                "staff,name\r\nana,Eva\r\nbo,Bo\r\n",
                "its row 2 is `ana,Eva`, and they make it `ana,Ana`",
            ),
            ("staff,name\r\nana,Ana\r\n", "its row 3 is missing, and they make it `bo,Bo`"),
            (
                "staff,name\nana,Ana\nbo,Bo\n",
                r#"its row 1 is "staff,name\n", and they make it "staff,name\r\n""#,
            ),
            (&format!("{made}cy,Cy\r\n"), "its row 4 is `cy,Cy`, and they make it missing"),
        ] {
            assert_eq!(first_difference(text, made).as_deref(), Some(told));
        }
    }
}
