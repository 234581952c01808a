//! Whole processes against a named reference, in the same run: `cargo bench --bench process`.
//!
//! Absolute times travel badly, so every figure stands beside a reference that was timed in turns
//! with it on the same machine: the `sqlite3` shell on the same book. The large book has
//! `LOTBOOK_BENCH_SESSIONS` sessions (100,000 unless told).

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints what it measured")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The program as it is installed: copied, as the reference was. Straight from the linker it lies
/// in the system's memory in small pieces, and each start takes longer until that forgets it.
static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
const RUNS: usize = 41;

fn main() {
    if Command::new("sqlite3").arg("--version").output().is_err() {
        eprintln!("no sqlite3 shell on this machine: nothing to compare with");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let installed = folder.path().join("lotbook");
    std::fs::copy(env!("CARGO_BIN_EXE_lotbook"), &installed).expect("the program is copied");
    INSTALLED.set(installed).expect("it is installed once");
    small_book(folder.path());
    large_book(folder.path());
}

/// A warm `stock`, and one durable step with one use, on a book of about 10,000 entries.
fn small_book(folder: &Path) {
    let book = demo(&folder.join("small"), 950);
    println!("\nbook of {} entries", entries(&book));
    compare(
        "stock",
        "sqlite3 'select 1'",
        RUNS,
        || lotbook(&book, &["stock"]),
        || sqlite(&book, "select 1"),
    );
    lotbook(&book, &["client", "new", "BENCH-1", "--as", "ben"]).run();
    start_session(&book);
    let delivery = ["receive", "40 packs", "NUMB-4", "--lot", "BENCH", "--expiry", "none"];
    lotbook(&book, &[&delivery[..], &["--from", "Lind", "--as", "ana"]].concat()).run();
    let log = ["session", "log", "anesthetic-on", "--use", "0.1 g NUMB-4", "--as", "ben"];
    let (mut steps, mut number) = (0, 0);
    compare(
        "log one step with one use",
        "sqlite3 one durable insert",
        RUNS,
        || {
            // A session has some ten steps, and its length is read with every one.
            steps += 1;
            if steps % 10 == 0 {
                let stop = ["session", "stop", "--reason", "client-left", "--as", "ben"];
                lotbook(&book, &stop).run();
                start_session(&book);
            }
            lotbook(&book, &log)
        },
        || {
            number += 1;
            sqlite(&book, &format!("insert into client values ('bench-{number}')"))
        },
    );
}

fn start_session(book: &Path) {
    let start = ["session", "start", "demo-short", "--client", "BENCH-1"];
    lotbook(book, &[&start[..], &["--areas", "cheeks", "--as", "ben"]].concat()).run();
}

/// Writing a large book, and reading from it.
fn large_book(folder: &Path) {
    let sessions = std::env::var("LOTBOOK_BENCH_SESSIONS").ok();
    let sessions = sessions.and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let begin = Instant::now();
    let book = demo(&folder.join("large"), sessions);
    let took = begin.elapsed();
    let entries = entries(&book);
    let bytes = std::fs::metadata(&book).map_or(0, |file| file.len());
    println!("\ndemo --sessions {sessions}: {entries} entries in {} ms", took.as_millis());
    println!("  {} entries a second", u128::from(entries) * 1000 / took.as_millis().max(1));
    println!("  {} bytes an entry", bytes / entries.max(1));
    compare(
        "stock",
        "sqlite3 'select 1'",
        21,
        || lotbook(&book, &["stock"]),
        || sqlite(&book, "select 1"),
    );
    let lot = most_used_lot(&book);
    let uses = uses_of(&book, &lot);
    println!("{lot} has {uses} uses");
    compare(
        "trace lot",
        "sqlite3 'select 1'",
        21,
        || lotbook(&book, &["trace", "lot", &lot]),
        || sqlite(&book, "select 1"),
    );
    compare(
        "audit verify",
        "sqlite3 'select 1'",
        1,
        || lotbook(&book, &["audit", "verify"]),
        || sqlite(&book, "select 1"),
    );
}

/// One process to time.
struct Run(Command);

impl Run {
    fn run(mut self) -> Duration {
        let begin = Instant::now();
        let status = self.0.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let took = begin.elapsed();
        assert!(status.is_ok_and(|status| status.code().is_some_and(|code| code <= 1)));
        took
    }
}

fn program() -> Command {
    Command::new(INSTALLED.get().expect("it is installed first"))
}

fn lotbook(book: &Path, words: &[&str]) -> Run {
    let mut command = program();
    command.arg("--book").arg(book).args(words);
    Run(command)
}

fn sqlite(book: &Path, sql: &str) -> Run {
    let mut command = Command::new("sqlite3");
    command.arg(book).arg(sql);
    Run(command)
}

fn demo(folder: &Path, sessions: u64) -> PathBuf {
    let sessions = sessions.to_string();
    let mut command = program();
    command.args(["demo", "--today", "2026-11-22", "--sessions", &sessions, "--out"]).arg(folder);
    Run(command).run();
    folder.join("demo.lotbook")
}

fn ask(book: &Path, sql: &str) -> String {
    let answer = Command::new("sqlite3").arg(book).arg(sql).output().expect("the sqlite3 shell");
    String::from_utf8_lossy(&answer.stdout).trim().to_owned()
}

fn entries(book: &Path) -> u64 {
    ask(book, "select size from head").parse().expect("a number")
}

fn most_used_lot(book: &Path) -> String {
    ask(
        book,
        "select product || '/' || lot from entry where action = 'stock.use' \
        and product = 'CART-12' group by product, lot order by count(*) desc limit 1",
    )
}

fn uses_of(book: &Path, item: &str) -> String {
    let (product, lot) = item.split_once('/').expect("SKU/LOT");
    ask(
        book,
        &format!(
            "select count(*) from entry where product = '{product}' \
        and lot = '{lot}' and action = 'stock.use'"
        ),
    )
}

/// Times two processes in turns and prints both medians and their ratio.
fn compare(
    what: &str,
    reference: &str,
    runs: usize,
    mut ours: impl FnMut() -> Run,
    mut theirs: impl FnMut() -> Run,
) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for turn in 0..=runs {
        let times = (ours().run(), theirs().run());
        // The first turn warms the caches.
        if turn > 0 {
            a.push(times.0);
            b.push(times.1);
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_micros()
    };
    let (a, b) = (median(&mut a), median(&mut b));
    let hundredths = a * 100 / b.max(1);
    println!(
        "{what}: {}.{:03} ms; {reference}: {}.{:03} ms; ratio {}.{:02}",
        a / 1000,
        a % 1000,
        b / 1000,
        b % 1000,
        hundredths / 100,
        hundredths % 100
    );
}
