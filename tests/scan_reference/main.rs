//! The parser of scans against a second reader, as slow and as plain as the rules: it shares no
//! code with the parser, and knows of identifiers only what the table of docs/barcodes.md says.
//!
//! `LOTBOOK_SCAN_STRINGS=1000000` compares so many strings, `LOTBOOK_SCAN_SEED=7` others.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]
#![allow(clippy::print_stdout, reason = "a long comparison says what it compared")]

mod chance;
mod link;
mod reader;
mod strings;
mod table;

use std::env;
use std::fmt::Debug;
use std::str::FromStr;

use lotbook::domain::barcode::{ScanSettings, Today, read};

use chance::Chance;
use link::read_link;
use reader::{Read, read_bracketed, read_scanned};
use strings::Strings;
use table::{Table, documented};

/// The year in which all strings are read.
const YEAR: u16 = 2026;

/// A number from the environment.
fn asked<T: FromStr<Err: Debug>>(name: &str, otherwise: T) -> T {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// What the parser reads, in the words of the reference.
fn read_by_parser(text: &str) -> Option<Read> {
    let scan = read(text, &ScanSettings::default(), Today::in_year(YEAR));
    scan.accepted().then(|| Read {
        elements: scan
            .elements
            .iter()
            .map(|element| (element.ai.to_owned(), element.value.to_string()))
            .collect(),
        gtin: scan.gtin.map(|gtin| gtin.to_string()),
        lot: scan.lot.as_deref().map(str::to_owned),
        serial: scan.serial.as_deref().map(str::to_owned),
        expiry: scan.expiry.map(|day| day.to_string()),
        made: scan.made.map(|day| day.to_string()),
    })
}

/// Compares strings, and demands that a good part of them is accepted, and a good part is not.
fn compare<'t>(
    table: &'t Table,
    next: impl Fn(&mut Strings<'t>) -> String,
    reference: impl Fn(&Table, &str) -> Option<Read>,
) {
    let count: u64 = asked("LOTBOOK_SCAN_STRINGS", 6000) / 3;
    let seed: u64 = asked("LOTBOOK_SCAN_SEED", 1);
    let mut strings = Strings::new(table, Chance::new(seed));
    let mut accepted = 0;
    for _ in 0..count {
        let text = next(&mut strings);
        let found = read_by_parser(&text);
        assert_eq!(found, reference(table, &text), "seed {seed}: {text:?}");
        accepted += u64::from(found.is_some());
    }
    println!("{accepted} of {count} accepted, and no difference");
    assert!(accepted > count / 4 && accepted < count - count / 4, "{accepted} of {count}");
}

#[test]
fn scanned_elements_are_read_as_the_rules_say() {
    let table = documented();
    compare(&table, Strings::scanned, |table, text| read_scanned(table, &text[3..]));
}

#[test]
fn bracketed_elements_are_read_as_the_rules_say() {
    let table = documented();
    compare(&table, Strings::bracketed, read_bracketed);
}

#[test]
fn digital_links_are_read_as_the_rules_say() {
    let table = documented();
    compare(&table, Strings::link, read_link);
}
