//! Calendar dates as barcodes carry them: two-digit years, and days that may be left open.
//!
//! These are plain numbers on purpose: this folder parses, it knows no clock and no time zone.

use std::fmt;

use serde::{Serialize, Serializer};

/// The year a scan is read in; it decides the century of two-digit years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Today {
    year: u16,
}

impl Today {
    /// The clinic's current year, such as 2026.
    pub const fn in_year(year: u16) -> Self {
        Self { year }
    }

    /// The full year of a two-digit one: 51 or more years ahead is the last century, 50 or more
    /// years back is the next (GS1 General Specifications, "Determination of century in dates").
    pub(super) const fn full_year(self, two_digits: u16) -> u16 {
        let century = self.year - self.year % 100;
        let ahead = two_digits as i32 - (self.year % 100) as i32;
        if ahead >= 51 {
            century.saturating_sub(100) + two_digits
        } else if ahead <= -50 {
            century + 100 + two_digits
        } else {
            century + two_digits
        }
    }
}

/// A day that exists in the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanDate {
    year: u16,
    month: u8,
    day: u8,
}

impl ScanDate {
    /// The date, or `None` if there is no such day.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The last day of a month, or `None` if there is no such month.
    pub const fn end_of_month(year: u16, month: u8) -> Option<Self> {
        if month < 1 || month > 12 {
            return None;
        }
        Some(Self { year, month, day: days_in_month(year, month) })
    }

    /// The day with this number in its year, 1 for 1 January, or `None` past the year's end.
    pub(super) const fn of_year_day(year: u16, year_day: u16) -> Option<Self> {
        let mut left = year_day;
        let mut month = 1;
        while month <= 12 {
            let days = days_in_month(year, month) as u16;
            if left <= days {
                return Self::new(year, month, left as u8);
            }
            left -= days;
            month += 1;
        }
        None
    }

    /// The year, such as 2027.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Year and month.
    pub(super) const fn month_of(self) -> (u16, u8) {
        (self.year, self.month)
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for ScanDate {
    /// `2027-03-31`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for ScanDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a date field reads: a real day, a month with its day left open (`00`), or no date at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Day(ScanDate),
    MonthOnly(ScanDate),
    Nothing,
}

/// Reads `YYMMDD`. Anything but six ASCII digits is [`Written::Nothing`].
pub(super) fn yymmdd(digits: &[u8], today: Today) -> Written {
    let (Some(year), Some(month), Some(day), 6) =
        (pair(digits, 0), pair(digits, 2), pair(digits, 4), digits.len())
    else {
        return Written::Nothing;
    };
    let year = today.full_year(u16::from(year));
    if day == 0 {
        return ScanDate::end_of_month(year, month).map_or(Written::Nothing, Written::MonthOnly);
    }
    ScanDate::new(year, month, day).map_or(Written::Nothing, Written::Day)
}

/// The two-digit number at `start`, if two ASCII digits stand there.
pub(super) fn pair(digits: &[u8], start: usize) -> Option<u8> {
    match digits.get(start..start + 2) {
        Some([tens @ b'0'..=b'9', ones @ b'0'..=b'9']) => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    }
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Today = Today::in_year(2026);

    fn day(year: u16, month: u8, day: u8) -> ScanDate {
        ScanDate::new(year, month, day).unwrap()
    }

    #[test]
    fn two_digit_years_fall_within_half_a_century_of_today() {
        for (two_digits, full) in [(26, 2026), (76, 2076), (77, 1977), (99, 1999), (0, 2000)] {
            assert_eq!(TODAY.full_year(two_digits), full);
        }
        let late = Today::in_year(2085);
        for (two_digits, full) in [(85, 2085), (36, 2036), (35, 2135), (0, 2100)] {
            assert_eq!(late.full_year(two_digits), full);
        }
        assert_eq!(Today::in_year(0).full_year(99), 99, "no year before the first century");
    }

    #[test]
    fn day_zero_means_the_last_day_of_the_month() {
        assert_eq!(yymmdd(b"280200", TODAY), Written::MonthOnly(day(2028, 2, 29)));
        assert_eq!(yymmdd(b"270200", TODAY), Written::MonthOnly(day(2027, 2, 28)));
        assert_eq!(yymmdd(b"271300", TODAY), Written::Nothing);
        assert_eq!(yymmdd(b"270000", TODAY), Written::Nothing);
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        assert_eq!(yymmdd(b"270331", TODAY), Written::Day(day(2027, 3, 31)));
        assert_eq!(yymmdd(b"000229", TODAY), Written::Day(day(2000, 2, 29)));
        for wrong in ["270431", "270229", "270001", "271301", "27033", "2703311", "27o331", ""] {
            assert_eq!(yymmdd(wrong.as_bytes(), TODAY), Written::Nothing, "{wrong}");
        }
        assert_eq!(ScanDate::new(2100, 2, 29), None, "2100 is no leap year");
    }

    #[test]
    fn the_day_of_the_year_counts_leap_days() {
        assert_eq!(ScanDate::of_year_day(2020, 15), Some(day(2020, 1, 15)));
        assert_eq!(ScanDate::of_year_day(2025, 330), Some(day(2025, 11, 26)));
        assert_eq!(ScanDate::of_year_day(2024, 366), Some(day(2024, 12, 31)));
        assert_eq!(ScanDate::of_year_day(2023, 366), None);
        assert_eq!(ScanDate::of_year_day(2023, 0), None);
    }

    #[test]
    fn dates_print_as_iso_8601() {
        assert_eq!(day(2027, 3, 9).to_string(), "2027-03-09");
    }
}
