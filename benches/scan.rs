//! Scans, in memory and as whole processes: `cargo bench --bench scan`.
//!
//! In memory every mix of texts is read on one core, beside the plainest reading of the same texts
//! there is: are they UTF-8? Whole processes read `LOTBOOK_BENCH_LINES` lines (1,000,000 unless
//! told) from a file, beside `wc -l` and `cat`, which hands the same lines on.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints what it measured")]

use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lotbook::domain::barcode::{ScanSettings, Today, read};

const LOTBOOK: &str = env!("CARGO_BIN_EXE_lotbook");

/// Texts of one sort, as scanners type them.
struct Mix {
    name: &'static str,
    accepted: bool,
    texts: &'static [&'static str],
}

const MIXES: [Mix; 9] = [
    Mix {
        name: "element strings",
        accepted: true,
        texts: &[
            "]d20109504000010126172705301026B01630\u{1d}21A100234",
            "]d201073000163507591123081110110822\u{1d}215643",
            "]C1010084458800328817141120107654321D\u{1d}2110987654d321",
            "0109504000010126172705301026B01630",
            "]d20100304960882301112401011727053010NEVER",
        ],
    },
    Mix {
        name: "bracketed text",
        accepted: true,
        texts: &[
            "(01)09504000010126(17)270530(10)26B01630",
            "(01)00844588003288(17)141120(10)7654321D(21)10987654d321",
            "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234",
        ],
    },
    Mix {
        name: "Digital Links",
        accepted: true,
        texts: &[
            "https://id.gs1.org/01/09504000010126/10/26B01630?17=270530",
            "https://example.com/01/00844588003288/10/AB12/21/77?17=270331",
        ],
    },
    Mix {
        name: "EAN, UPC and ITF-14",
        accepted: true,
        texts: &["4006381333931", "036000291452", "96385074", "10614141000415"],
    },
    Mix {
        name: "HIBC, primary or secondary",
        accepted: true,
        texts: &["+A123BJC5D6E71G", "+$$52001510X3GD"],
    },
    Mix {
        name: "HIBC, combined",
        accepted: true,
        texts: &["+E203PB414109/$$8243280112R00089525J"],
    },
    Mix {
        name: "refused element strings",
        accepted: false,
        texts: &[
            "]d2010950400005911917270331103X4711",
            "]d2010084458800328817270229",
            "]d210AB12",
            "]d201008445880032885512",
            "]d20109504000059118107654321D7654321D7654321D",
        ],
    },
    Mix {
        name: "refused HIBC, combined",
        accepted: false,
        texts: &["+E203PB414109/$$8243280112R00089525K"],
    },
    Mix {
        name: "other refused texts",
        accepted: false,
        texts: &["hello", "=A99971231234500", "4006381333932", "]G0ABC", "https://example.com/"],
    },
];

fn main() {
    println!("in memory, one core, strings a second");
    MIXES.iter().for_each(in_memory);
    let lines = std::env::var("LOTBOOK_BENCH_LINES").ok();
    let lines = lines.and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let book = demo(folder.path());
    println!("\n`scan -`, whole process, {lines} lines from a file, lines a second");
    for (name, accepted) in [("good", Some(true)), ("bad", Some(false)), ("both", None)] {
        let file = folder.path().join(name);
        write_lines(&file, lines, accepted);
        whole(&format!("{name} lines: wc -l"), lines, || command("wc", &["-l"]), &file);
        whole(&format!("{name} lines: cat"), lines, || command("cat", &[]), &file);
        for (with, book) in [("no book", None), ("a book", Some(&*book))] {
            for format in ["table", "csv", "json"] {
                let what = format!("{name} lines, {with}, {format}");
                whole(&what, lines, || scan(folder.path(), book, format), &file);
            }
        }
    }
}

/// Reads a mix again and again, in turns with the reference, and prints the medians.
fn in_memory(mix: &Mix) {
    const ROUNDS: usize = 200_000;
    let (settings, today) = (ScanSettings::default(), Today::in_year(2026));
    let count = ROUNDS / mix.texts.len() * mix.texts.len();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        ours.push(timed(|| {
            for text in mix.texts.iter().cycle().take(count) {
                assert_eq!(read(black_box(text), &settings, today).accepted(), mix.accepted);
            }
        }));
        theirs.push(timed(|| {
            for text in mix.texts.iter().cycle().take(count) {
                assert!(std::str::from_utf8(black_box(text.as_bytes())).is_ok());
            }
        }));
    }
    let (ours, theirs) = (rate(count, &mut ours), rate(count, &mut theirs));
    println!("{}: {ours}; is it UTF-8: {theirs}", mix.name);
}

/// Times a process that reads the file, three times, and prints the median.
fn whole(what: &str, lines: usize, new: impl Fn() -> Command, file: &Path) {
    let run = || {
        let input = File::open(file).expect("the lines");
        let status = new().stdin(input).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.code().is_some_and(|code| code <= 1)), "{what}");
    };
    let mut times: Vec<Duration> = (0..3).map(|_| timed(run)).collect();
    println!("{what}: {}", rate(lines, &mut times));
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

/// So many a second, by the median.
fn rate(count: usize, times: &mut [Duration]) -> u128 {
    times.sort();
    count as u128 * 1_000_000 / times[times.len() / 2].as_micros().max(1)
}

fn command(name: &str, words: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(words);
    command
}

/// `scan -` of somebody whose home holds no book.
fn scan(home: &Path, book: Option<&Path>, format: &str) -> Command {
    let mut command = command(LOTBOOK, &["scan", "-", "--format", format]);
    command.env_clear().env("HOME", home);
    if let Some(book) = book {
        command.arg("--book").arg(book);
    }
    command
}

/// A book of about 10,000 entries, whose products the lines name among others.
fn demo(folder: &Path) -> PathBuf {
    let words = ["demo", "--today", "2026-11-22", "--sessions", "950", "--out"];
    let made = command(LOTBOOK, &words).arg(folder.join("book")).output();
    assert!(made.is_ok_and(|made| made.status.success()));
    folder.join("book").join("demo.lotbook")
}

fn write_lines(file: &Path, lines: usize, accepted: Option<bool>) {
    let mixes = MIXES.iter().filter(|mix| accepted.is_none_or(|asked| asked == mix.accepted));
    let texts: Vec<&str> = mixes.flat_map(|mix| mix.texts).copied().collect();
    let all: String = texts.iter().cycle().take(lines).flat_map(|text| [text, "\r\n"]).collect();
    std::fs::write(file, all).expect("the lines");
}
