//! What goes wrong outside the program: it is killed while it writes, others write at the same
//! time, the disk is full or flips a bit, the server stops or the wire to it is cut. No time is
//! asserted; what may take long is bounded.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

#[allow(dead_code, reason = "the store's suite uses the rest of the fixture")]
#[path = "../store/clinic.rs"]
mod clinic;
mod damage;
mod killed;
mod log;
#[cfg(has_postgres_server)]
mod proxy;
#[cfg(has_postgres_server)]
mod server;
#[cfg(has_postgres_server)]
#[path = "../servers/mod.rs"]
mod servers;
mod together;
#[cfg(has_postgres_server)]
mod wire;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lotbook::domain::fact::Fact;
use lotbook::store::{Book, Sqlite, StoreError, SystemClock, SystemIds};
use tempfile::TempDir;

use clinic::{actor, mara, opening};

/// A folder with a new book of the real clock and real ids.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let engine = Box::new(Sqlite::create(&desk.path()).unwrap());
        let ids = Box::new(SystemIds::default());
        Book::create(engine, Box::new(SystemClock), ids, opening(), mara()).unwrap();
        desk
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("clinic.lotbook")
    }

    /// The book, whose log gives no false alarm.
    fn book(&self) -> Book {
        let book = open(&self.path()).unwrap();
        assert_eq!(book.unread(), None);
        book
    }

    /// The program itself, with this book and this environment and no other.
    fn lotbook(&self, args: &[&str]) -> Command {
        program(self.path().as_os_str(), self.folder.path(), args)
    }

    /// A process that writes to this book.
    fn writer(&self, prefix: &str, count: u32) -> Command {
        writer(self.path().as_os_str(), prefix, count)
    }
}

/// The program itself, with this book and this environment and no other.
fn program(book: &OsStr, home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotbook"));
    command.env_clear().env("HOME", home).env("LOTBOOK_STAFF", "mara");
    command.arg("--book").arg(book).args(args);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A process that takes client references into use, `PREFIX0`, `PREFIX1` ..., until it has
/// written `count` of them or is killed, and says each on its standard output once it is kept.
fn writer(book: &OsStr, prefix: &str, count: u32) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "writes_until_it_is_killed", "--ignored", "--nocapture"]);
    command.env("LOTBOOK_FAULTS_BOOK", book);
    command.env("LOTBOOK_FAULTS_PREFIX", prefix);
    command.env("LOTBOOK_FAULTS_COUNT", count.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The book of a process that was started as a writer.
fn open_named(book: &OsStr) -> Book {
    #[cfg(has_postgres_server)]
    if let Some(url) = book.to_str().filter(|url| url.starts_with("postgres://")) {
        return server::open(url).unwrap();
    }
    let book = open(Path::new(book)).unwrap();
    assert_eq!(book.unread(), None);
    book
}

fn open(path: &Path) -> Result<Book, StoreError> {
    let engine = Box::new(Sqlite::open(path)?);
    Book::open(engine, Box::new(SystemClock), Box::new(SystemIds::default()))
}

fn client(name: &str) -> Fact {
    Fact::ClientNew(name.parse().unwrap())
}

fn write_client(book: &mut Book, name: &str) -> Result<u64, StoreError> {
    book.write(actor("mara"), None, |writing| writing.append(&client(name))).map(|(seq, _)| seq)
}

/// Every client reference of the ledger, after the whole book has been verified: that its
/// positions have no gap, its leaves hash to its root and its tables are what the entries add up
/// to.
fn clients(book: &mut Book) -> Vec<String> {
    receipts(book).into_iter().map(|receipt| name_of(&receipt).to_owned()).collect()
}

/// The same with their positions, as a writer says them: `C-1 17`.
fn receipts(book: &mut Book) -> Vec<String> {
    let verified = book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap();
    assert!(verified.problems.is_empty(), "{:#?}", verified.problems);
    let mut receipts = Vec::new();
    let mut seq = 0;
    let read = book.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |entry, _| {
            assert_eq!(entry.seq, seq);
            if entry.action == "client.new" {
                receipts.extend(entry.columns.client.iter().map(|name| format!("{name} {seq}")));
            }
            seq += 1;
            Ok(lotbook::store::Rows::More)
        })
    });
    read.unwrap();
    assert_eq!(verified.size, seq);
    receipts
}

/// The other side of [`writer`]; alone it does nothing.
#[test]
#[ignore = "a part of other tests, which start it as a process of its own"]
fn writes_until_it_is_killed() {
    use std::io::Write as _;
    let Some(path) = std::env::var_os("LOTBOOK_FAULTS_BOOK") else { return };
    let prefix = std::env::var("LOTBOOK_FAULTS_PREFIX").unwrap();
    let count: u32 = std::env::var("LOTBOOK_FAULTS_COUNT").unwrap().parse().unwrap();
    let mut book = open_named(&path);
    let mut out = std::io::stdout();
    for number in 0..count {
        let name = format!("{prefix}{number}");
        match write_client(&mut book, &name) {
            Ok(seq) => writeln!(out, "\nkept {name} {seq}").unwrap(),
            Err(error) => writeln!(out, "\nfailed {name}: {error}").unwrap(),
        }
        out.flush().unwrap();
    }
}

/// The receipt that a writer said in a line: a name and a position.
fn receipt(line: &str) -> Option<&str> {
    assert!(!line.starts_with("failed"), "{line}");
    line.strip_prefix("kept ")
}

/// The name that a writer said was kept.
fn said(line: &str) -> Option<&str> {
    receipt(line).map(name_of)
}

fn name_of(receipt: &str) -> &str {
    receipt.split(' ').next().unwrap()
}

/// Stamps the rules that want a server, which count as ignored where its programs are missing.
macro_rules! with_a_server {
    ($($file:ident::$rule:ident),+ $(,)?) => {$(
        #[test]
        #[cfg_attr(not(has_postgres_server), ignore = "no PostgreSQL server programs")]
        fn $rule() {
            #[cfg(has_postgres_server)]
            $file::$rule();
        }
    )+};
}

with_a_server! {
    server::a_book_is_shared_by_writers_a_reader_and_exports,
    server::no_entry_that_was_kept_is_lost_when_the_server_stops,
    server::no_entry_that_was_kept_is_lost_when_a_standby_takes_over,
    server::what_no_standby_has_is_not_said_to_be_kept,
    server::a_connection_that_died_while_it_was_idle_is_made_again,
    server::a_write_whose_connection_is_ended_is_tried_again_with_the_same_ids,
    server::what_waiting_can_not_mend_is_told_at_once,
    server::a_book_that_two_make_at_once_is_made_once,
    server::a_host_that_fails_behind_the_door_is_passed_over_for_the_next_one,
    server::another_writer_that_stays_is_named_and_reading_is_not_held_up,
    server::what_failed_is_never_committed,
    server::a_commit_that_the_server_takes_back_is_tried_again,
    server::what_a_server_says_has_a_name,
    server::a_server_that_takes_the_connection_and_says_nothing_is_given_up,
    server::a_server_that_lets_nobody_in_says_why,
    server::a_server_that_is_full_is_named,
    server::a_frozen_host_is_passed_over_for_the_next_one,
    wire::a_commit_whose_answer_is_lost_is_found_and_not_written_twice,
    wire::a_commit_that_is_slow_is_waited_for_when_its_answer_is_lost,
    wire::a_commit_that_never_arrives_is_tried_again,
    wire::where_the_server_stays_away_the_outcome_is_called_unknown,
    wire::a_copy_that_is_cut_off_goes_on_and_ends_as_a_whole_book,
    wire::a_listing_that_is_cut_off_is_a_failure_with_a_name,
    wire::a_server_that_freezes_between_two_writes_is_given_up_for_the_next_host,
    wire::a_server_that_freezes_in_a_commit_is_given_up_and_nothing_is_written_twice,
    wire::a_server_that_works_at_something_long_is_not_given_up,
    wire::a_book_is_opened_again_where_the_wire_is_cut_while_it_is_opened,
    wire::a_commit_that_waits_for_a_standby_that_is_gone_is_given_up,
    wire::a_commit_that_no_standby_may_have_is_not_said_to_be_kept,
}
