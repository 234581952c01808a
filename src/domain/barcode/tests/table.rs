//! Tests generated from the table of identifiers: every row at its limits and beyond them.

use super::*;
use crate::domain::barcode::charset::Charset;
use crate::domain::barcode::check::{check_digit, check_pair};
use crate::domain::barcode::identifier::{IDENTIFIERS, Identifier, Index};
use crate::domain::barcode::part::{Part, Rule};

#[derive(Clone, Copy)]
enum Length {
    Shortest,
    Longest,
}

/// A right value of one part.
fn part_value(part: &Part, length: Length) -> String {
    let count = match length {
        Length::Shortest if part.optional => return String::new(),
        Length::Shortest => part.min,
        Length::Longest => part.max,
    };
    match part.rule {
        Rule::Any if part.charset == Charset::Digits => "7".repeat(count),
        Rule::Any => "z".repeat(count),
        Rule::CheckDigit => {
            let digits = "1".repeat(count - 1);
            format!("{digits}{}", char::from(check_digit(digits.as_bytes())))
        }
        Rule::Date | Rule::Day => "270331".to_owned(),
        Rule::HourMinute => "2359".to_owned(),
        Rule::Hour => "23".to_owned(),
        Rule::Sixtieth => "59".to_owned(),
        Rule::Country => "840".to_owned(),
        Rule::Zero => "0".to_owned(),
        Rule::PieceOfTotal => "0203".to_owned(),
        Rule::CompanyPrefix => format!("1234{}", "z".repeat(count.saturating_sub(4))),
        Rule::ModelNumber => {
            let data = format!("1234{}", "z".repeat(count.saturating_sub(6)));
            let pair = check_pair(data.as_bytes()).unwrap();
            format!("{data}{}", str::from_utf8(&pair).unwrap())
        }
    }
}

fn value(row: &Identifier, length: Length) -> String {
    row.parts.iter().map(|part| part_value(part, length)).collect()
}

/// The codes that must stand beside a row, and what must stand beside those.
fn companions(row: &'static Identifier) -> Vec<&'static Identifier> {
    let mut found = vec![row];
    let mut next = 0;
    while next < found.len() {
        for group in found[next].beside {
            let member = Index::of_code(group[0]).unwrap().get();
            if !group.iter().any(|code| found.iter().any(|row| row.code == *code)) {
                found.push(member);
            }
        }
        next += 1;
    }
    found.remove(0);
    found
}

/// The companions of a row, each with a separator if it needs one.
fn before(row: &'static Identifier) -> String {
    let mut text = "]d2".to_owned();
    for companion in companions(row) {
        text.push_str(companion.code);
        text.push_str(&value(companion, Length::Longest));
        text.push_str(if companion.is_predefined() { "" } else { "\u{1d}" });
    }
    text
}

#[test]
fn every_identifier_is_read_at_its_limits() {
    for row in &IDENTIFIERS {
        for length in [Length::Shortest, Length::Longest] {
            let (start, value) = (before(row), value(row, length));
            let last = format!("{start}{}{value}", row.code);
            assert_eq!(clean(&last).value(row.code), Some(&*value));
            let other = if row.code == "91" { "92" } else { "91" };
            let separator = if row.is_predefined() { "" } else { "\u{1d}" };
            let followed = format!("{last}{separator}{other}X");
            let scan = clean(&followed);
            assert_eq!((scan.value(row.code), scan.value(other)), (Some(&*value), Some("X")));
            clean(&format!("{last}\u{1d}{other}X"));
        }
    }
}

#[test]
fn without_a_separator_what_needs_one_takes_all_that_follows() {
    for row in IDENTIFIERS.iter().filter(|row| !row.is_predefined()) {
        let longest = format!("{}{}{}", before(row), row.code, value(row, Length::Longest));
        refused(&format!("{longest}91X"), &[Code::TooLong]);
        refused(&format!("{longest}00844588003288"), &[Code::TooLong]);
    }
}

#[test]
fn every_identifier_is_refused_beyond_its_limits() {
    for row in &IDENTIFIERS {
        let start = format!("{}{}", before(row), row.code);
        let (shortest, longest) = (value(row, Length::Shortest), value(row, Length::Longest));
        for shorter in (0..row.min()).map(|count| &shortest[..count]) {
            assert!(!scan(&format!("{start}{shorter}")).accepted(), "{start}{shorter}");
            let followed = format!("{start}{shorter}\u{1d}91X");
            assert!(!scan(&followed).accepted(), "{followed}");
        }
        for filler in ["0", "z"] {
            let longer = format!("{start}{longest}{filler}");
            assert!(!scan(&longer).accepted(), "{longer}");
        }
        let bracketed = format!("({}){longest}0", row.code);
        assert!(codes(&scan(&bracketed)).contains(&Code::TooLong), "{bracketed}");
    }
}

#[test]
fn every_character_of_a_value_is_checked() {
    for row in &IDENTIFIERS {
        let start = format!("{}{}", before(row), row.code);
        let value = value(row, Length::Longest);
        let text_from = row.parts.iter().take_while(|part| part.charset == Charset::Digits);
        let text_from: usize = text_from.map(|part| part.max).sum();
        for place in 0..value.len() {
            let wrong = if place < text_from { &["x", " "][..] } else { &[" ", "#", "^"][..] };
            for wrong in wrong {
                let typed = format!("{start}{}{wrong}{}", &value[..place], &value[place + 1..]);
                let scan = scan(&typed);
                let first = &scan.problems[0];
                assert_eq!((first.code, first.at), (Code::WrongCharacter, start.len() + place));
                assert!(!scan.accepted());
            }
            let typed = format!("{start}{}\u{20ac}{}", &value[..place], &value[place + 1..]);
            assert!(!scan(&typed).accepted());
        }
    }
}

#[test]
fn every_check_digit_is_checked() {
    let mut checked = Vec::new();
    for row in &IDENTIFIERS {
        let Some(part) = row.parts.iter().position(|part| part.rule == Rule::CheckDigit) else {
            continue;
        };
        checked.push(row.code);
        let start = format!("{}{}", before(row), row.code);
        let place: usize = row.parts[..=part].iter().map(|part| part.max).sum();
        let right = value(row, Length::Longest);
        for digit in '0'..='9' {
            let value = format!("{}{digit}{}", &right[..place - 1], &right[place..]);
            let typed = format!("{start}{value}");
            if value == right {
                clean(&typed);
            } else {
                refused(&typed, &[Code::WrongCheckDigit]);
            }
        }
    }
    let keys = "00 01 02 410 411 412 413 414 415 416 417 8003 8006 8018";
    assert_eq!(checked.join(" "), keys);
}

#[test]
fn every_check_pair_is_checked() {
    let right = value(Index::of_code("8013").unwrap().get(), Length::Longest);
    let (data, pair) = right.split_at(right.len() - 2);
    let letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let pairs = letters.chars().flat_map(|one| letters.chars().map(move |two| [one, two]));
    for other in pairs.map(String::from_iter) {
        let typed = format!("]d28013{data}{other}");
        match other == pair {
            true => _ = clean(&typed),
            false => refused(&typed, &[Code::WrongCheckCharacter]),
        }
    }
}

#[test]
fn every_country_number_is_looked_up() {
    let known = |number| scan(&format!("]d20100844588003288422{number:03}")).accepted();
    assert_eq!((0..1000).filter(|number| known(*number)).count(), 249);
}

#[test]
fn every_companion_is_asked_for() {
    for row in &IDENTIFIERS {
        let alone = format!("]d2{}{}", row.code, value(row, Length::Longest));
        if row.beside.is_empty() {
            clean(&alone);
        } else {
            refused(&alone, &vec![Code::MissingCompanion; row.beside.len()]);
        }
        for other in row.never_beside {
            let other = Index::of_code(other).unwrap().get();
            let other = format!("({}){}", other.code, value(other, Length::Longest));
            let both = format!("({}){}{other}", row.code, value(row, Length::Longest));
            assert!(codes(&scan(&both)).contains(&Code::ForbiddenCompanion), "{both}");
        }
    }
}

#[test]
fn meanings_are_checked() {
    let gtin = "(01)00844588003288";
    for (element, code) in [
        ("(17)271301", Code::InvalidDate),
        ("(17)270001", Code::InvalidDate),
        ("(17)270229", Code::InvalidDate),
        ("(7003)2703002359", Code::InvalidDate),
        ("(7003)2703312400", Code::InvalidTime),
        ("(7003)2703312360", Code::InvalidTime),
        ("(7007)270331270332", Code::InvalidDate),
        ("(7007)2703312703", Code::TooShort),
        ("(8008)26010124", Code::InvalidTime),
        ("(8008)2601012360", Code::InvalidTime),
        ("(8008)260101235", Code::TooShort),
        ("(8008)260101235960", Code::InvalidTime),
        ("(8008)26010023", Code::InvalidDate),
        ("(422)999", Code::UnknownCountry),
        ("(421)99912345", Code::UnknownCountry),
        ("(421)840", Code::TooShort),
        ("(8003)11111111111116", Code::MissingZero),
        ("(8004)123", Code::WrongCompanyPrefix),
        ("(8004)123A", Code::WrongCompanyPrefix),
        ("(8013)1987654Ad4X4bL5ttr2310cXK", Code::WrongCheckCharacter),
        ("(8013)22", Code::WrongCompanyPrefix),
        ("(8013)2", Code::TooShort),
        ("(8013)1987654Ad4X4bL5ttr2310c2k", Code::WrongCheckCharacter),
    ] {
        refused(&format!("{gtin}{element}"), &[code]);
    }
    for (piece, right) in [("0101", true), ("0102", true), ("0001", false), ("0201", false)] {
        let text = format!("(8006)00844588003288{piece}");
        assert_eq!(scan(&text).accepted(), right, "{text}");
    }
    clean("(8013)1987654Ad4X4bL5ttr2310c2K");
}
