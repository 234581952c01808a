//! Dates of one label that can't all be true.
//!
//! GS1's syntax engine compares no dates, so this is a warning. A delivery is refused for it: which
//! of the dates is the lot's would be a guess.

use super::date::{ScanDate, Today, Written, yymmdd};
use super::identifier::set_of;
use super::problem::Code;
use super::scan::{Kind, Scan};

/// What a date says of the item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It was made or packed then.
    Made,
    /// It is sold or at its best until then.
    Before,
    /// It is used until then.
    Expires,
}

/// The identifiers with a date of the item; one that leaves the day open has only `YYMM00`.
const DATES: [(&str, Says); 7] = [
    ("11", Says::Made),
    ("13", Says::Made),
    ("8008", Says::Made),
    ("15", Says::Before),
    ("16", Says::Before),
    ("17", Says::Expires),
    ("7003", Says::Expires),
];

const PRESENT: u64 = set_of(&["11", "13", "15", "16", "17", "7003", "8008"]);

/// One date of a label: the first and the last day that it can mean.
#[derive(Clone, Copy)]
struct Dated {
    ai: &'static str,
    says: Says,
    first: ScanDate,
    last: ScanDate,
    at: usize,
}

/// Warns of every two dates that contradict each other, where all is right so far.
pub(super) fn check(scan: &mut Scan<'_>, today: Today) {
    if scan.kind == Kind::Hibc {
        return check_hibc(scan);
    }
    if (scan.present & PRESENT).count_ones() < 2 || !scan.accepted() {
        return;
    }
    let dates = DATES.map(|(ai, says)| dated(scan, ai, says, today));
    for (place, one) in dates.iter().enumerate() {
        for other in &dates[place + 1..] {
            if let (Some(one), Some(other)) = (one, other)
                && contradict(one, other)
            {
                report(scan, one, other);
            }
        }
    }
}

fn dated(scan: &Scan<'_>, ai: &'static str, says: Says, today: Today) -> Option<Dated> {
    let element = scan.elements.iter().find(|element| element.ai == ai)?;
    let (first, last) = match yymmdd(element.value.as_bytes().get(..6)?, today) {
        Written::Day(day) => (day, day),
        Written::MonthOnly(last) => (ScanDate::new(last.year(), last.month(), 1)?, last),
        Written::Nothing => return None,
    };
    Some(Dated { ai, says, first, last, at: element.at })
}

/// Whether the second, which says as much or more about the end, can't be true beside the first.
/// Packed and made, and best before and sold, may be two days.
fn contradict(one: &Dated, other: &Dated) -> bool {
    let apart = one.first > other.last || other.first > one.last;
    match (one.says, other.says) {
        (Says::Expires, Says::Expires) => apart,
        (Says::Made, Says::Made) => apart && one.ai == "11" && other.ai == "8008",
        (Says::Before, Says::Before) => false,
        _ => one.first > other.last,
    }
}

fn report(scan: &mut Scan<'_>, one: &Dated, other: &Dated) {
    let title = |ai: &str| scan.elements.iter().find(|it| it.ai == ai).map_or("", |it| it.title());
    let how = if one.says == other.says { "and" } else { "is after" };
    let end = if one.says == other.says { ", which can't both be right" } else { "" };
    let message = format!(
        "({}) {} {} {how} ({}) {} {}{end}",
        one.ai,
        title(one.ai),
        one.last,
        other.ai,
        title(other.ai),
        other.last
    );
    scan.problem(Code::ContradictingDates, one.at.max(other.at), message, REMEDY);
}

/// HIBC has one date of either sort; two expiry dates that differ are refused where they are read.
fn check_hibc(scan: &mut Scan<'_>) {
    let (Some(made), Some(expiry)) = (scan.made, scan.expiry) else { return };
    if made > expiry && scan.accepted() {
        let message = format!("HIBC production date {made} is after expiry date {expiry}");
        scan.problem(Code::ContradictingDates, scan.place(&["made"]), message, REMEDY);
    }
}

const REMEDY: &str = "compare the dates printed on the label, and ask the supplier which is right";
