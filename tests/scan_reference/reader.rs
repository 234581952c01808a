//! The second reader: it says what an accepted text says, or nothing.

use crate::YEAR;
use crate::table::{Form, Row, Table};

/// GS, which ends a value.
pub(crate) const GS: char = '\u{1d}';

/// The 82 characters of text, in the order in which check characters count them.
pub(crate) const TEXT: &str =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// ISO 3166-1.
pub(crate) const COUNTRIES: &str = "\
    004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 \
    070 072 074 076 084 086 090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 \
    152 156 158 162 166 170 174 175 178 180 184 188 191 192 196 203 204 208 212 214 218 \
    222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 \
    288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 \
    368 372 376 380 384 388 392 398 400 404 408 410 414 417 418 422 426 428 430 434 438 \
    440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500 504 508 512 \
    516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 \
    585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 \
    660 662 663 666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716 724 728 \
    729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 \
    804 807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894";

/// What an accepted text says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) elements: Vec<(String, String)>,
    pub(crate) gtin: Option<String>,
    pub(crate) lot: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) expiry: Option<String>,
    pub(crate) made: Option<String>,
}

/// Elements as a scanner sends them. One separator at the very beginning is forgiven, and one may
/// follow every element.
pub(crate) fn read_scanned(table: &Table, text: &str) -> Option<Read> {
    let mut rest = text.strip_prefix(GS).unwrap_or(text);
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let row = table.0.iter().find(|row| rest.starts_with(&row.code))?;
        rest = &rest[row.code.len()..];
        let value = value_at_start(row, rest.split(GS).next()?)?;
        rest = &rest[value.len()..];
        elements.push((row.code.clone(), value.to_owned()));
        match rest.strip_prefix(GS) {
            Some(after) => rest = after,
            None if row.separator && !rest.is_empty() => return None,
            None => {}
        }
    }
    judged(table, elements)
}

/// Elements as they are printed: a bracket inside a value stands behind a backslash.
pub(crate) fn read_bracketed(table: &Table, text: &str) -> Option<Read> {
    let mut rest = text;
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (code, after) = rest.strip_prefix('(')?.split_once(')')?;
        let mut end = 0;
        while end < after.len() && !after[end..].starts_with('(') {
            end += if after[end..].starts_with("\\(") {
                2
            } else {
                after[end..].chars().next()?.len_utf8()
            };
        }
        let value = after[..end].replace("\\(", "(");
        let row = table.row(code)?;
        if value_at_start(row, &value)? != value {
            return None;
        }
        rest = &after[end..];
        elements.push((code.to_owned(), value));
    }
    judged(table, elements)
}

/// The value that a text begins with: each part takes as many characters as it may.
pub(crate) fn value_at_start<'v>(row: &Row, text: &'v str) -> Option<&'v str> {
    let mut length = 0;
    for (form, optional) in &row.parts {
        let (min, max) = form.lengths();
        let rest = &text[length..];
        let part = &rest[..rest.char_indices().nth(max).map_or(rest.len(), |(end, _)| end)];
        if part.is_empty() && *optional {
            continue;
        }
        if part.chars().count() < min || !is_of(*form, part) {
            return None;
        }
        length += part.len();
    }
    (length > 0).then(|| &text[..length])
}

fn is_of(form: Form, part: &str) -> bool {
    let digits = part.chars().all(|character| character.is_ascii_digit());
    match form {
        Form::Digits { check_digit, .. } => digits && (!check_digit || has_check_digit(part)),
        Form::Text { begins_with_digits, check_pair, .. } => {
            let first: Vec<char> = part.chars().take(4).collect();
            let begins = first.len() == 4 && first.iter().all(char::is_ascii_digit);
            part.chars().all(|character| TEXT.contains(character))
                && (!begins_with_digits || begins)
                && (!check_pair || has_check_pair(part))
        }
        Form::Date { day_may_be_open } => digits && day(part, day_may_be_open).is_some(),
        Form::HourMinute => digits && &part[..2] < "24" && &part[2..] < "60",
        Form::Hour => digits && part < "24",
        Form::Sixtieth => digits && part < "60",
        Form::Country => digits && COUNTRIES.split_whitespace().any(|known| known == part),
        Form::Zero => part == "0",
        Form::PieceOfTotal => digits && &part[..2] > "00" && part[..2] <= part[2..],
    }
}

/// The digits from the right, the first once and the second three times, add up to tens.
fn has_check_digit(digits: &str) -> bool {
    let weighted = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 10 == 0
}

/// The two characters behind a model number.
pub(crate) fn check_pair(number: &str) -> String {
    let primes = (2_usize..).filter(|number| (2..*number).all(|factor| number % factor != 0));
    let values = number.chars().rev().map(|character| TEXT.find(character).unwrap());
    let sum = values.zip(primes).map(|(value, prime)| value * prime).sum::<usize>() % 1021;
    let letters = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    [sum / 32, sum % 32].iter().map(|place| char::from(letters[*place])).collect()
}

fn has_check_pair(text: &str) -> bool {
    let split = text.len().checked_sub(2).filter(|split| *split > 0);
    split.is_some_and(|split| check_pair(&text[..split]) == text[split..])
}

/// `2027-03-31` for `270331`, and for `270300` where that may stand.
fn day(yymmdd: &str, may_be_open: bool) -> Option<String> {
    let number = |from: usize| yymmdd[from..from + 2].parse::<u16>().unwrap();
    let (two, month, day) = (number(0), number(2), number(4));
    // The year with these digits that is at most 49 years back and 50 years ahead.
    let year = (YEAR - 49..=YEAR + 50).find(|year| year % 100 == two).unwrap();
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    let day = if day == 0 && may_be_open { days } else { day };
    (1..=days).contains(&day).then(|| format!("{year}-{month:02}-{day:02}"))
}

/// What the elements say together, where they may stand together.
pub(crate) fn judged(table: &Table, elements: Vec<(String, String)>) -> Option<Read> {
    let has = |code: &String| elements.iter().any(|(other, _)| other == code);
    let first = |code: &str| elements.iter().find(|(other, _)| other == code);
    let value = |code: &str| first(code).map(|(_, value)| value.clone());
    let allowed = elements.iter().all(|(code, written)| {
        let row = table.row(code).unwrap();
        let word = written.to_ascii_uppercase();
        row.beside.iter().all(|group| group.iter().any(has))
            && !row.never.iter().any(has)
            && value(code).as_ref() == Some(written)
            && !word.contains("<GS>")
            && !word.contains("<FNC1>")
    });
    if !allowed || elements.is_empty() || elements.len() > 64 {
        return None;
    }
    let date = |code: &str| value(code).and_then(|value| day(&value[..6], true));
    // Of one month the day that is named wins.
    let open = value("17").is_some_and(|value| value.ends_with("00"));
    let month = |day: &Option<String>| day.as_ref().map(|day| day[..7].to_owned());
    let (label, hour) = (date("17"), date("7003"));
    let expiry = match open && month(&label) == month(&hour) {
        true => hour,
        false => label.or(hour),
    };
    Some(Read {
        gtin: value("01"),
        lot: value("10"),
        serial: value("21"),
        expiry,
        made: date("11").or_else(|| date("8008")),
        elements,
    })
}
