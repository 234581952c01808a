//! What goes wrong outside the program: it is killed while it writes, others write at the same
//! time, the disk is full or flips a bit. No time is asserted; what may take long is bounded.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

#[allow(dead_code, reason = "the store's suite uses the rest of the fixture")]
#[path = "../store/clinic.rs"]
mod clinic;
mod damage;
mod killed;
mod together;

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

    fn book(&self) -> Book {
        open(&self.path()).unwrap()
    }

    /// The program itself, with this book and this environment and no other.
    fn lotbook(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotbook"));
        command.env_clear().env("HOME", self.folder.path()).env("LOTBOOK_STAFF", "mara");
        command.arg("--book").arg(self.path()).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A process that takes client references into use, `PREFIX0`, `PREFIX1` ..., until it has
    /// written `count` of them or is killed, and says each on its standard output once it is kept.
    fn writer(&self, prefix: &str, count: u32) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "writes_until_it_is_killed", "--ignored", "--nocapture"]);
        command.env("LOTBOOK_FAULTS_BOOK", self.path());
        command.env("LOTBOOK_FAULTS_PREFIX", prefix);
        command.env("LOTBOOK_FAULTS_COUNT", count.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }
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
    let verified = book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap();
    assert!(verified.problems.is_empty(), "{:#?}", verified.problems);
    let mut clients = Vec::new();
    let mut seq = 0;
    let read = book.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |entry, _| {
            assert_eq!(entry.seq, seq);
            seq += 1;
            if entry.action == "client.new" {
                clients.extend(entry.columns.client.as_deref().map(str::to_owned));
            }
            Ok(lotbook::store::Rows::More)
        })
    });
    read.unwrap();
    assert_eq!(verified.size, seq);
    clients
}

/// The other side of [`Desk::writer`]; alone it does nothing.
#[test]
#[ignore = "a part of other tests, which start it as a process of its own"]
fn writes_until_it_is_killed() {
    use std::io::Write as _;
    let Some(path) = std::env::var_os("LOTBOOK_FAULTS_BOOK") else { return };
    let prefix = std::env::var("LOTBOOK_FAULTS_PREFIX").unwrap();
    let count: u32 = std::env::var("LOTBOOK_FAULTS_COUNT").unwrap().parse().unwrap();
    let mut book = open(Path::new(&path)).unwrap();
    let mut out = std::io::stdout();
    for number in 0..count {
        let name = format!("{prefix}{number}");
        match write_client(&mut book, &name) {
            Ok(_) => writeln!(out, "\nkept {name}").unwrap(),
            Err(error) => writeln!(out, "\nfailed {name}: {error}").unwrap(),
        }
        out.flush().unwrap();
    }
}

/// What a writer said, line by line.
fn said(line: &str) -> Option<&str> {
    assert!(!line.starts_with("failed"), "{line}");
    line.strip_prefix("kept ")
}
