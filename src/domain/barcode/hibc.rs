//! HIBC: the Health Industry Bar Code of suppliers (ANSI/HIBC 2.6).
//!
//! Primary text names the product: `+`, labeler, item, unit, check character. Secondary text
//! carries lot or serial number and expiry: `+$$...`, the link character (the check character of
//! the primary text it belongs to), check character. Combined text joins both by `/` and has one
//! check character at its end. Further data may follow, each after a `/`.

use std::borrow::Cow;

use super::check::{hibc_check, is_hibc};
use super::contradiction;
use super::date::{ScanDate, Today, pair};
use super::excerpt::{character, excerpt};
use super::hibc_field::Field;
use super::problem::Code;
use super::scan::{Element, Kind, Scan};
use super::value::SCAN_AGAIN;

/// The most characters of an item, a lot or a serial number.
const LONGEST: usize = 18;

const CAPITALS: &str = "HIBC has capital letters only: type them so; \
    a scanner that seems to send small ones types through Caps Lock";

/// Whether a name after the date is that of a batch or of one piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Lot,
    Serial,
}

/// Reads a text with `+` at byte `start`.
pub(super) fn read(text: &str, start: usize, today: Today) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::Hibc);
    let whole = Field { text: &text[start..], at: start };
    let wrong = whole.text.char_indices().find(|(_, character)| !is_hibc(*character));
    if let Some((offset, wrong)) = wrong {
        let shown = excerpt(whole.text);
        let message = format!("HIBC '{shown}' has {}, which HIBC does not know", character(wrong));
        let remedy = match wrong.is_ascii_lowercase() {
            true => CAPITALS,
            false => SCAN_AGAIN,
        };
        scan.problem(Code::WrongCharacter, start + offset, message, remedy);
        return scan;
    }
    let intact = check(&mut scan, whole);
    read_body(&mut scan, whole, today);
    if !intact {
        (scan.lot, scan.serial, scan.expiry, scan.made) = (None, None, None, None);
    }
    contradiction::check(&mut scan, today);
    scan
}

/// Reads what stands between the `+` and the check character.
fn read_body<'a>(scan: &mut Scan<'a>, whole: Field<'a>, today: Today) {
    let Some(body) = whole.without_last().after("+") else {
        wrong_field(scan, whole, "has nothing after its first character");
        return;
    };
    match body.text.bytes().next() {
        Some(b'/') => wrong_field(scan, body, "is of a care provider, and names no product"),
        Some(b'A'..=b'Z') => {
            let mut parts = body.parts();
            if let Some(primary) = parts.next() {
                read_primary(scan, primary);
            }
            read_all(scan, parts, today);
        }
        Some(b'0'..=b'9' | b'$') => {
            let data = body.without_last();
            read_all(scan, data.parts(), today);
            let end = data.text.len();
            let link = Field { text: &body.text[end..], at: body.at + end };
            push(scan, "link", link);
        }
        _ => wrong_field(scan, body, "begins with neither a labeler nor secondary data"),
    }
}

/// Whether the check character covers what stands before it. It covers all fields together, so
/// with a wrong one none of them can be trusted.
fn check(scan: &mut Scan<'_>, whole: Field<'_>) -> bool {
    let Some((last, rest)) = whole.text.as_bytes().split_last() else {
        return true;
    };
    let expected = hibc_check(rest);
    if rest.is_empty() || expected == *last {
        return true;
    }
    let message = format!(
        "HIBC '{}' ends in check character {}, and {} would fit",
        excerpt(whole.text),
        character(char::from(*last)),
        character(char::from(expected))
    );
    let remedy = "scan it again; a space at the end is part of the code and must be sent too";
    scan.problem(Code::WrongCheckCharacter, whole.at + rest.len(), message, remedy);
    false
}

/// Labeler (a letter and three more), item (1 to 18), unit (one digit).
fn read_primary<'a>(scan: &mut Scan<'a>, primary: Field<'a>) {
    let fields = primary.split(4).and_then(|(labeler, rest)| {
        let (item, unit) = rest.split(rest.text.len().checked_sub(1)?)?;
        Some((labeler, item, unit))
    });
    match fields {
        Some((labeler, item, unit))
            if labeler.is_alphanumeric()
                && item.is_alphanumeric()
                && (1..=LONGEST).contains(&item.text.len())
                && unit.is_digits() =>
        {
            push(scan, "labeler", labeler);
            push(scan, "item", item);
            push(scan, "unit", unit);
        }
        _ => wrong_field(
            scan,
            primary,
            "is not a labeler of 4, an item of 1 to 18 and a unit of 1 character",
        ),
    }
}

fn read_all<'a>(scan: &mut Scan<'a>, parts: impl Iterator<Item = Field<'a>>, today: Today) {
    for part in parts {
        if !scan.has_room(part.at) {
            return;
        }
        read_data(scan, part, today);
    }
}

/// One stretch of secondary or further data.
fn read_data<'a>(scan: &mut Scan<'a>, data: Field<'a>, today: Today) {
    if let Some(rest) = data.after("$$+") {
        read_quantity(scan, rest, Naming::Serial, today);
    } else if let Some(rest) = data.after("$$") {
        read_quantity(scan, rest, Naming::Lot, today);
    } else if let Some(rest) = data.after("$+").or_else(|| data.after("S")) {
        read_bare_name(scan, data, rest, Naming::Serial);
    } else if let Some(rest) = data.after("$") {
        read_bare_name(scan, data, rest, Naming::Lot);
    } else if let Some(rest) = data.after("14D") {
        read_long_date(scan, rest, "expiry");
    } else if let Some(rest) = data.after("16D") {
        read_long_date(scan, rest, "made");
    } else if let Some(rest) = data.after("Q") {
        match (1..=8).contains(&rest.text.len()) && rest.is_digits() {
            true => read_count(scan, rest),
            false => wrong_field(scan, data, "is no quantity"),
        }
    } else if let Some((day, name)) = data.split(5).filter(|(day, _)| day.is_digits()) {
        read_expiry(scan, day, year_day(day, today), false);
        read_name(scan, name, Naming::Lot);
    } else {
        wrong_field(scan, data, "begins with no known data identifier");
    }
}

/// An optional quantity (8 and two digits, or 9 and five), then date and name.
fn read_quantity<'a>(scan: &mut Scan<'a>, data: Field<'a>, naming: Naming, today: Today) {
    let count = match data.text.bytes().next() {
        Some(b'8') => 2,
        Some(b'9') => 5,
        // It says that there is no date, and then there is nothing at all.
        Some(b'7') if data.text.len() == 1 => {
            return wrong_field(scan, data, "has neither a date nor a lot or serial number");
        }
        _ => return read_date(scan, data, naming, today),
    };
    let split = data.split(1).and_then(|(_, rest)| rest.split(count));
    let Some((quantity, rest)) = split.filter(|(quantity, _)| quantity.is_digits()) else {
        return wrong_field(scan, data, "is no quantity");
    };
    read_count(scan, quantity);
    match rest.text.bytes().next() {
        Some(b'0'..=b'9') => read_date(scan, rest, naming, today),
        _ => read_name(scan, rest, naming),
    }
}

/// A quantity may stand in two places; then both must count the same.
fn read_count<'a>(scan: &mut Scan<'a>, count: Field<'a>) {
    let counted = count.text.trim_start_matches('0');
    let first = scan.value("quantity").filter(|first| first.trim_start_matches('0') != counted);
    if let Some(first) = first {
        let message = format!("HIBC has two quantities, {first} and {}", count.text);
        scan.problem(Code::RepeatedIdentifier, count.at, message, SCAN_AGAIN);
    } else if counted.is_empty() {
        wrong_field(scan, count, "counts nothing");
    }
    push(scan, "quantity", count);
}

/// The date's format digit, the date in this format, and the name after it. 0 and 1 are the first
/// digit of the month in MMYY.
fn read_date<'a>(scan: &mut Scan<'a>, data: Field<'a>, naming: Naming, today: Today) {
    let (skipped, length) = match data.text.bytes().next() {
        Some(b'0' | b'1') => (0, 4),
        Some(b'2' | b'3') => (1, 6),
        Some(b'4') => (1, 8),
        Some(b'5') => (1, 5),
        Some(b'6') => (1, 7),
        Some(b'7') => (1, 0),
        _ => return wrong_field(scan, data, "has no known date format"),
    };
    let split = data.split(skipped).and_then(|(format, rest)| {
        let (date, name) = rest.split(length)?;
        Some((format.text, date, name))
    });
    let Some((format, date, name)) = split else {
        return wrong_field(scan, data, "ends inside its date");
    };
    if length > 0 {
        let day_open = format.is_empty();
        read_expiry(scan, date, formatted_date(format, date, today), day_open);
    }
    read_name(scan, name, naming);
}

/// The day of a date field, the month's last where it has none; `None` if there is no such day or
/// hour.
fn formatted_date(format: &str, date: Field<'_>, today: Today) -> Option<ScanDate> {
    let digits = date.text.as_bytes();
    let year = |at| Some(today.full_year(u16::from(pair(digits, at)?)));
    let hour = |at| pair(digits, at).filter(|hour| *hour < 24);
    match format {
        "" => ScanDate::end_of_month(year(2)?, pair(digits, 0)?),
        "2" => ScanDate::new(year(4)?, pair(digits, 0)?, pair(digits, 2)?),
        "3" => ScanDate::new(year(0)?, pair(digits, 2)?, pair(digits, 4)?),
        "4" => {
            hour(6)?;
            ScanDate::new(year(0)?, pair(digits, 2)?, pair(digits, 4)?)
        }
        "6" => {
            hour(5)?;
            year_day(date.split(5)?.0, today)
        }
        _ => year_day(date, today),
    }
}

/// `YYJJJ`: year and day of the year.
fn year_day(date: Field<'_>, today: Today) -> Option<ScanDate> {
    let year = today.full_year(u16::from(pair(date.text.as_bytes(), 0)?));
    ScanDate::of_year_day(
        year,
        date.split(2).filter(|(_, day)| day.is_digits())?.1.text.parse().ok()?,
    )
}

/// `YYYYMMDD`.
fn read_long_date<'a>(scan: &mut Scan<'a>, date: Field<'a>, name: &'static str) {
    let digits = date.text.as_bytes();
    let day = (digits.len() == 8 && date.is_digits()).then(|| {
        let year = u16::from(pair(digits, 0)?) * 100 + u16::from(pair(digits, 2)?);
        ScanDate::new(year, pair(digits, 4)?, pair(digits, 6)?)
    });
    if name == "expiry" {
        return read_expiry(scan, date, day.flatten(), false);
    }
    push(scan, name, date);
    match (day.flatten(), scan.made) {
        (None, _) => no_such_day(scan, date, "production date"),
        (Some(day), Some(first)) if day != first => {
            let message = format!("HIBC has two production dates, {first} and {day}");
            scan.problem(Code::RepeatedIdentifier, date.at, message, SCAN_AGAIN);
        }
        (Some(day), _) => scan.made = Some(day),
    }
}

/// An expiry date may stand in two places; then both must name the same day, or month where one
/// leaves the day open.
fn read_expiry<'a>(scan: &mut Scan<'a>, date: Field<'a>, day: Option<ScanDate>, day_open: bool) {
    push(scan, "expiry", date);
    let Some(day) = day else { return no_such_day(scan, date, "expiry date") };
    let Some(first) = scan.expiry else {
        (scan.expiry, scan.day_open) = (Some(day), day_open);
        return;
    };
    let open = day_open || scan.day_open;
    if day != first && !(open && day.month_of() == first.month_of()) {
        let message = format!("HIBC has two expiry dates, {first} and {day}");
        scan.problem(Code::RepeatedIdentifier, date.at, message, SCAN_AGAIN);
    } else if scan.day_open {
        (scan.expiry, scan.day_open) = (Some(day), day_open);
    }
}

fn no_such_day(scan: &mut Scan<'_>, date: Field<'_>, title: &str) {
    let message = format!("HIBC {title} '{}' is no day of the calendar", excerpt(date.text));
    scan.problem(Code::InvalidDate, date.at, message, SCAN_AGAIN);
}

/// A lot or serial number that stands by itself, so that there must be one.
fn read_bare_name<'a>(scan: &mut Scan<'a>, data: Field<'a>, name: Field<'a>, naming: Naming) {
    match name.text.is_empty() {
        true => wrong_field(scan, data, "has no lot or serial number"),
        false => read_name(scan, name, naming),
    }
}

/// A lot or serial number of up to 18 characters; after a date or quantity it may be left out.
fn read_name<'a>(scan: &mut Scan<'a>, name: Field<'a>, naming: Naming) {
    let (title, known) = match naming {
        Naming::Lot => ("lot", scan.lot.clone()),
        Naming::Serial => ("serial", scan.serial.clone()),
    };
    if name.text.is_empty() {
        return;
    }
    if name.text.len() > LONGEST {
        let (shown, count) = (excerpt(name.text), name.text.len());
        let message =
            format!("HIBC {title} '{shown}' has {count} characters, and takes at most 18");
        scan.problem(Code::TooLong, name.at + LONGEST, message, SCAN_AGAIN);
    } else if name.text.contains(['$', '+']) {
        wrong_field(scan, name, "has $ or + inside a lot or serial number");
    } else if name.text.starts_with(' ') || name.text.ends_with(' ') {
        wrong_field(scan, name, "has a blank at an end of its lot or serial number");
    } else if let Some(first) = known.filter(|first| first != name.text) {
        let message = format!("HIBC has two values of its {title}, '{first}' and '{}'", name.text);
        scan.problem(Code::RepeatedIdentifier, name.at, message, SCAN_AGAIN);
    } else {
        let value = Some(Cow::Borrowed(name.text));
        match naming {
            Naming::Lot => scan.lot = value,
            Naming::Serial => scan.serial = value,
        }
    }
    push(scan, title, name);
}

fn push<'a>(scan: &mut Scan<'a>, ai: &'static str, field: Field<'a>) {
    let value = Cow::Borrowed(field.text);
    scan.elements.push(Element { ai, value, at: field.at, index: None });
}

fn wrong_field(scan: &mut Scan<'_>, field: Field<'_>, what: &str) {
    let message = format!("HIBC data '{}' {what}", excerpt(field.text));
    scan.problem(Code::WrongHibcField, field.at, message, SCAN_AGAIN);
}
