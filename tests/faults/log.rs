//! A crash leaves the `-wal` file beside the book, and the disk does something to it.

use std::path::PathBuf;

use lotbook::store::{Book, Sqlite, StoreError, SystemClock, SystemIds, Unread};

use crate::clinic::{mara, opening};
use crate::{Desk, open, write_client};

const HEADER: usize = 32;
const FRAME: usize = 24 + 4096;

/// A book and its log as a crash leaves them: six writes are in the log, and in no other place.
struct Crashed {
    desk: Desk,
    book: Vec<u8>,
    log: Vec<u8>,
    /// The numbers of the frames that end a write.
    commits: Vec<usize>,
}

impl Crashed {
    fn new() -> Self {
        let desk = Desk::new();
        let mut book = desk.book();
        for number in 0..6 {
            write_client(&mut book, &format!("C-{number}")).unwrap();
        }
        let bytes = |path| std::fs::read(path).unwrap();
        let (whole, log) = (bytes(desk.path()), bytes(log_of(&desk)));
        drop(book);
        let frames = log[HEADER..].chunks_exact(FRAME).enumerate();
        let ends = frames.filter(|(_, frame)| frame[4..8] != [0; 4]);
        let commits: Vec<usize> = ends.map(|(number, _)| number).collect();
        assert_eq!(commits.len(), 6);
        Self { desk, book: whole, log, commits }
    }

    /// The frame of the log with this number, counted from 0.
    fn frame(&mut self, number: usize) -> &mut [u8] {
        &mut self.log[HEADER + number * FRAME..][..FRAME]
    }

    /// The first frame of a write, counted from 0.
    fn first_of(&self, write: usize) -> usize {
        self.commits[write - 1] + 1
    }

    /// Opens the book with this log beside it: how many of the six writes are there, and what is
    /// said of the others.
    fn opens(&self) -> (usize, Option<Unread>) {
        self.lay_out();
        let mut book = open(&self.desk.path()).unwrap();
        let verified = book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap();
        let lost = book.unread() == Some(Unread::Lost);
        assert_eq!(verified.problems.is_empty(), !lost, "{:#?}", verified.problems);
        (usize::try_from(verified.size).unwrap() - 3, book.unread())
    }

    fn lay_out(&self) {
        for ending in ["-shm", "-wal-damaged"] {
            let _ = std::fs::remove_file(beside(&self.desk, ending));
        }
        std::fs::write(self.desk.path(), &self.book).unwrap();
        std::fs::write(log_of(&self.desk), &self.log).unwrap();
    }
}

fn beside(desk: &Desk, ending: &str) -> PathBuf {
    desk.folder.path().join(format!("clinic.lotbook{ending}"))
}

fn log_of(desk: &Desk) -> PathBuf {
    beside(desk, "-wal")
}

#[test]
fn a_log_that_a_crash_left_is_taken_in_without_a_word() {
    let crashed = Crashed::new();
    assert_eq!(crashed.opens(), (6, None));
    // The next write was on its way, and never came to its end: killed in it, at any byte.
    let last = crashed.first_of(5);
    for kept in [last, last + 1] {
        for bytes in [0, 7, 24, 2000] {
            let mut killed = Crashed::new();
            killed.log.truncate(HEADER + kept * FRAME + bytes);
            assert_eq!(killed.opens(), (5, None), "{kept} frames and {bytes} bytes");
        }
    }
}

#[test]
fn frames_of_an_earlier_round_of_the_log_are_not_missed() {
    let mut crashed = Crashed::new();
    let (from, to) = (crashed.first_of(3), crashed.commits[5]);
    // An earlier round of the log reached further, and had other salts.
    (from..=to).for_each(|number| crashed.frame(number)[11] ^= 1);
    assert_eq!(crashed.opens(), (3, None));
}

#[test]
fn a_flipped_bit_in_a_write_that_was_kept_is_told() {
    // In the page, its checksum, its salt and its number.
    for byte in [2000, 17, 9, 2] {
        let mut crashed = Crashed::new();
        let first = crashed.first_of(2);
        crashed.frame(first)[byte] ^= 4;
        assert_eq!(crashed.opens(), (2, Some(Unread::Lost)), "byte {byte}");
    }
}

#[test]
fn a_hole_in_the_log_is_told() {
    let mut crashed = Crashed::new();
    let (from, to) = (crashed.first_of(1), crashed.commits[2]);
    (from..=to).for_each(|number| crashed.frame(number).fill(0));
    assert_eq!(crashed.opens(), (1, Some(Unread::Lost)));
}

#[test]
fn a_log_whose_header_went_bad_is_told() {
    for byte in [0, 5, 9, 17, 25] {
        let mut crashed = Crashed::new();
        crashed.log[byte] ^= 4;
        assert_eq!(crashed.opens(), (0, Some(Unread::Lost)), "byte {byte}");
    }
}

/// The power failed while the last write was synced: its end reached the disk, its beginning did
/// not. Nobody was told that it was kept; but nobody can know that.
#[test]
fn a_last_write_that_is_torn_is_told_and_is_no_damage() {
    let mut crashed = Crashed::new();
    let first = crashed.first_of(5);
    crashed.frame(first).fill(0);
    assert_eq!(crashed.opens(), (5, Some(Unread::Torn)));
}

#[test]
fn what_is_lost_is_said_aloud_once_kept_aside_and_found_by_verify_until_it_is_moved() {
    let mut crashed = Crashed::new();
    let first = crashed.first_of(2);
    crashed.frame(first)[2000] ^= 4;
    crashed.lay_out();
    let run = |args: &[&str]| {
        let done = crashed.desk.lotbook(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    };
    let (code, _, talk) = run(&["stock"]);
    assert_eq!(code, Some(0));
    assert!(talk.contains("writes that were said to be recorded are missing"), "{talk}");
    // The book was closed, which ended the log; its copy is as it was.
    let damaged = beside(&crashed.desk, "-wal-damaged");
    assert!(!log_of(&crashed.desk).exists());
    assert_eq!(std::fs::read(&damaged).unwrap(), crashed.log);
    let (code, _, talk) = run(&["stock"]);
    assert_eq!((code, talk.contains("missing")), (Some(0), false));
    let (code, report, _) = run(&["audit", "verify"]);
    assert_eq!(code, Some(1));
    assert!(report.contains("clinic.lotbook-wal-damaged"), "{report}");
    std::fs::remove_file(&damaged).unwrap();
    assert_eq!(run(&["audit", "verify"]).0, Some(0));
}

/// A link laid there beforehand must not keep the copy from being kept.
#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_hides_no_lost_writes() {
    let mut crashed = Crashed::new();
    let first = crashed.first_of(2);
    crashed.frame(first)[2000] ^= 4;
    crashed.lay_out();
    let damaged = beside(&crashed.desk, "-wal-damaged");
    std::os::unix::fs::symlink("nowhere", &damaged).unwrap();
    let verified = crashed.desk.lotbook(&["audit", "verify"]).output().unwrap();
    assert_eq!(verified.status.code(), Some(1));
    assert_eq!(std::fs::read(&damaged).unwrap(), crashed.log);
    std::fs::remove_file(&damaged).unwrap();
    std::os::unix::fs::symlink("nowhere", &damaged).unwrap();
    let verified = crashed.desk.lotbook(&["audit", "verify"]).output().unwrap();
    assert_eq!(verified.status.code(), Some(1), "something lies there");
}

/// What was kept of an earlier damage is evidence too.
#[test]
fn a_second_damage_is_kept_beside_the_first() {
    let mut crashed = Crashed::new();
    let first = crashed.first_of(2);
    crashed.frame(first)[2000] ^= 4;
    crashed.lay_out();
    std::fs::write(beside(&crashed.desk, "-wal-damaged"), "of last year").unwrap();
    assert!(crashed.desk.lotbook(&["stock"]).output().unwrap().status.success());
    let kept = |ending| std::fs::read(beside(&crashed.desk, ending)).unwrap();
    assert_eq!(kept("-wal-damaged"), b"of last year");
    assert_eq!(kept("-wal-damaged-2"), crashed.log);
}

/// SQLite keeps its log beside the file, and not beside the link that leads to it.
#[cfg(unix)]
#[test]
fn lost_writes_are_found_through_a_link_to_the_book_too() {
    let mut crashed = Crashed::new();
    let first = crashed.first_of(2);
    crashed.frame(first)[2000] ^= 4;
    crashed.lay_out();
    let link = crashed.desk.folder.path().join("link.lotbook");
    std::os::unix::fs::symlink(crashed.desk.path(), &link).unwrap();
    let book = open(&link).unwrap();
    assert_eq!(book.unread(), Some(Unread::Lost));
    assert_eq!(std::fs::read(beside(&crashed.desk, "-wal-damaged")).unwrap(), crashed.log);
}

#[test]
fn a_book_that_is_in_its_log_alone_is_damaged_and_not_unfinished() {
    let desk = Desk { folder: tempfile::tempdir().unwrap() };
    let engine = Box::new(Sqlite::create(&desk.path()).unwrap());
    let ids = Box::new(SystemIds::default());
    let (mut book, _) =
        Book::create(engine, Box::new(SystemClock), ids, opening(), mara()).unwrap();
    write_client(&mut book, "C-1").unwrap();
    let bytes = |path| std::fs::read(path).unwrap();
    let (whole, mut log) = (bytes(desk.path()), bytes(log_of(&desk)));
    drop(book);
    log[17] ^= 4;
    std::fs::write(desk.path(), whole).unwrap();
    std::fs::write(log_of(&desk), log).unwrap();
    let error = open(&desk.path()).err().unwrap();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
}
