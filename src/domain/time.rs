//! Instants, clinic days, durations and expiry. The only file that names jiff.
//!
//! An event's calendar day is the date in its own text, fixed by the offset it was written with,
//! and never computed again from time zone data that may change later.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::domain::shown::shown;

/// Why a text is not a time, a day or a duration; each holds the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// No form that is understood.
    #[error("`{0}` is not a time")]
    NotATime(String),
    /// No such calendar day, or not a day at all.
    #[error("`{0}` is not a day of the calendar")]
    NotADay(String),
    /// Not an expiry date.
    #[error("`{0}` is not an expiry")]
    NotAnExpiry(String),
    /// Not a duration.
    #[error("`{0}` is not a duration")]
    NotADuration(String),
    /// Not a time zone of the IANA database.
    #[error("`{0}` is not a time zone")]
    NotAZone(String),
    /// A local time that occurs twice or never, with the forms to choose from.
    #[error("{text} {how} in {zone}")]
    Ambiguous {
        /// The local time.
        text: String,
        /// "occurs twice" or "does not exist".
        how: &'static str,
        /// The clinic's zone.
        zone: String,
        /// One reading, RFC 3339.
        first: String,
        /// The other reading, RFC 3339.
        second: String,
    },
    /// Outside the years that a book can hold, 2000 to 9999.
    #[error("`{0}` is outside the years 2000 to 9999 that a book can hold")]
    OutOfRange(String),
}

impl TimeError {
    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            Self::NotATime(_) => "write 10:40, \"yesterday 16:00\", \"2026-11-22 10:40\", \
                \"before 812\" (an entry) or 2026-11-22T10:40:00+01:00"
                .into(),
            Self::NotADay(_) => "write YYYY-MM-DD, such as 2026-11-22".into(),
            Self::NotAnExpiry(_) => {
                "write 2027-03 (its last day counts), 2027-03-31 or none".into()
            }
            Self::NotADuration(_) => "write 90d, 6 weeks, 20 min or 24 h".into(),
            Self::NotAZone(_) => "write an IANA name such as Europe/Berlin".into(),
            Self::Ambiguous { first, second, .. } => format!("write {first} or {second}"),
            Self::OutOfRange(_) => "look at the year, and write it with four digits".into(),
        }
    }
}

/// A point in time, in milliseconds since 1970 UTC: when something was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// The first instant a book can hold: 2000-01-01 UTC.
const FIRST_SECOND: i64 = 946_684_800;
/// The last second a book can hold, which is the last one that jiff knows: 9999-12-30 22:00 UTC. A
/// day is left for offsets.
const LAST_SECOND: i64 = 253_402_207_200;

impl Instant {
    /// The first instant that a book can hold.
    pub const EARLIEST: Self = Self(FIRST_SECOND * 1000);
    /// The last one.
    pub const LATEST: Self = Self(LAST_SECOND * 1000);

    /// From milliseconds since 1970 UTC.
    pub fn from_millis(millis: i64) -> Result<Self, TimeError> {
        let inside = (FIRST_SECOND * 1000..=LAST_SECOND * 1000).contains(&millis);
        if inside { Ok(Self(millis)) } else { Err(TimeError::OutOfRange(millis.to_string())) }
    }

    /// Milliseconds since 1970 UTC.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970 UTC, cut.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant later by some milliseconds, held inside the range.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        let sum = self.0.saturating_add(millis);
        Self(sum.clamp(FIRST_SECOND * 1000, LAST_SECOND * 1000))
    }

    /// Reads exactly the form that `Display` prints.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotATime(shown(text));
        let stamp: Timestamp = text.parse().map_err(|_| wrong())?;
        let instant = Self::from_millis(stamp.as_millisecond())?;
        if instant.to_string() == text { Ok(instant) } else { Err(wrong()) }
    }

    /// UTC with three digits of milliseconds: `2026-11-22T10:15:03.120Z`.
    fn digits(self) -> [u8; 24] {
        let mut text = *b"0000-00-00T00:00:00.000Z";
        put_civil(&mut text, civil_at(self.seconds()));
        put_digits(&mut text[20..23], self.0.rem_euclid(1000));
        text
    }

    /// Appends what `Display` prints.
    pub(super) fn push_to(self, out: &mut String) {
        out.push_str(ascii(&self.digits()));
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(ascii(&self.digits()))
    }
}

/// The civil time in UTC of a second since 1970.
fn civil_at(seconds: i64) -> DateTime {
    match Timestamp::from_second(seconds) {
        Ok(stamp) => Offset::UTC.to_datetime(stamp),
        // In the last hours of a book an offset reaches past the last instant that jiff knows.
        Err(_) => DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
            .saturating_add(SignedDuration::from_secs(seconds)),
    }
}

/// Writes `YYYY-MM-DDThh:mm:ss` into the digits of a template. Every entry has three times, each
/// rendered twice, so this is worth doing without the formatting machinery.
fn put_civil(text: &mut [u8], civil: DateTime) {
    put_digits(&mut text[0..4], i64::from(civil.year()));
    put_digits(&mut text[5..7], i64::from(civil.month()));
    put_digits(&mut text[8..10], i64::from(civil.day()));
    put_digits(&mut text[11..13], i64::from(civil.hour()));
    put_digits(&mut text[14..16], i64::from(civil.minute()));
    put_digits(&mut text[17..19], i64::from(civil.second()));
}

/// Writes a number that is not negative with leading zeros.
fn put_digits(text: &mut [u8], mut number: i64) {
    for place in text.iter_mut().rev() {
        *place = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Bytes that are ASCII because nothing else was written into them.
fn ascii(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}

/// When something happened: whole seconds, with the clinic's offset at that time. Ordered and
/// compared by the instant alone.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    seconds: i64,
    offset_min: i16,
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}
impl Eq for Moment {}
impl std::hash::Hash for Moment {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
    }
}
impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

impl Moment {
    /// From seconds since 1970 UTC and an offset in minutes east.
    pub fn new(seconds: i64, offset_min: i16) -> Result<Self, TimeError> {
        let inside = (FIRST_SECOND..=LAST_SECOND).contains(&seconds);
        if inside && (-1439..=1439).contains(&offset_min) {
            Ok(Self { seconds, offset_min })
        } else {
            Err(TimeError::OutOfRange(format!("{seconds} s, {offset_min} min")))
        }
    }

    /// Seconds since 1970 UTC.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// The offset it was written with, in minutes east of UTC.
    pub fn offset_min(self) -> i16 {
        self.offset_min
    }

    /// The instant, for comparison with `recorded_at`.
    pub fn instant(self) -> Instant {
        Instant(self.seconds * 1000)
    }

    /// The same offset, some seconds later or earlier.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let sum = self.seconds.saturating_add(seconds);
        Self { seconds: sum.clamp(FIRST_SECOND, LAST_SECOND), ..self }
    }

    fn civil(self) -> DateTime {
        civil_at(self.seconds + i64::from(self.offset_min) * 60)
    }

    /// RFC 3339 with the offset: `2026-11-22T11:14:00+01:00`.
    fn digits(self) -> [u8; 25] {
        let mut text = *b"0000-00-00T00:00:00+00:00";
        put_civil(&mut text, self.civil());
        let offset = i64::from(self.offset_min.unsigned_abs());
        text[19] = if self.offset_min < 0 { b'-' } else { b'+' };
        put_digits(&mut text[20..22], offset / 60);
        put_digits(&mut text[23..25], offset % 60);
        text
    }

    /// Appends what `Display` prints.
    pub(super) fn push_to(self, out: &mut String) {
        out.push_str(ascii(&self.digits()));
    }

    /// The calendar day in the clinic, which is the date in the text.
    pub fn day(self) -> Day {
        Day(self.civil().date())
    }

    /// Hours and minutes in the clinic: `11:14`.
    pub fn clock_face(self) -> String {
        self.short()[11..].to_owned()
    }

    /// To the second, as `--at` takes it: `2026-11-22 11:14:05`.
    pub fn exact(self) -> String {
        let mut text = *b"0000-00-00 00:00:00";
        put_civil(&mut text, self.civil());
        ascii(&text).to_owned()
    }

    /// Day, hours and minutes for people: `2026-11-22 11:14`.
    pub fn short(self) -> String {
        let mut text = self.exact();
        text.truncate(16);
        text
    }

    /// Two times of one sentence: to the minute, and to the second where the minutes are the same.
    pub fn beside(self, other: Self) -> [String; 2] {
        match self.short() == other.short() {
            true => [self.exact(), other.exact()],
            false => [self.short(), other.short()],
        }
    }

    /// Reads exactly the form that `Display` prints.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotATime(shown(text));
        let stamp: Timestamp = text.parse().map_err(|_| wrong())?;
        let offset = text.get(19..25).ok_or_else(wrong)?;
        let minutes = |text: &str| text.parse::<i16>().map_err(|_| wrong());
        let digits = (minutes(&offset[1..3])?, minutes(&offset[4..6])?);
        let size = digits.0 * 60 + digits.1;
        let moment =
            Self::new(stamp.as_second(), if offset.starts_with('-') { -size } else { size })?;
        if moment.to_string() == text { Ok(moment) } else { Err(wrong()) }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(ascii(&self.digits()))
    }
}

/// More days than lie between any two days of a book.
const DAYS_SHIFT_MAX: i64 = 3_000_000;

/// A calendar day in the clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The first year that a book can hold.
    pub const FIRST_YEAR: i16 = 2000;

    /// A day of the calendar, years 2000 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, TimeError> {
        let text = || format!("{year:04}-{month:02}-{day:02}");
        let date = Date::new(year, month, day).map_err(|_| TimeError::NotADay(text()))?;
        if (Self::FIRST_YEAR..=9999).contains(&year) {
            Ok(Self(date))
        } else {
            Err(TimeError::OutOfRange(text()))
        }
    }

    /// The last day of a month.
    pub fn last_of_month(year: i16, month: i8) -> Result<Self, TimeError> {
        let first = Self::new(year, month, 1)?;
        Ok(Self(first.0.last_of_month()))
    }

    /// The day some days later, or earlier where negative; held inside the years of a book.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let (first, last) = (Date::constant(2000, 1, 1), Date::constant(9999, 12, 31));
        let hours = days.clamp(-DAYS_SHIFT_MAX, DAYS_SHIFT_MAX) * 24;
        let bound = if days < 0 { first } else { last };
        let sum = self.0.checked_add(SignedDuration::from_hours(hours)).unwrap_or(bound);
        Self(sum.clamp(first, last))
    }

    /// Calendar days from this day to a later one; negative where it is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        self.0.until(later.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Year, month and day of the month.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        let mut text = *b"0000-00-00";
        put_digits(&mut text[0..4], i64::from(year));
        put_digits(&mut text[5..7], i64::from(month));
        put_digits(&mut text[8..10], i64::from(day));
        out.pad(ascii(&text))
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotADay(shown(text));
        let [year, month, day] = digits(text, &[4, 2, 2]).ok_or_else(wrong)?[..] else {
            return Err(wrong());
        };
        Self::new(
            year,
            i8::try_from(month).map_err(|_| wrong())?,
            i8::try_from(day).map_err(|_| wrong())?,
        )
        .map_err(|error| match error {
            TimeError::NotADay(_) => wrong(),
            other => other,
        })
    }
}

/// Numbers of fixed widths joined by `-`: `2027-03` or `2027-03-31`.
fn digits(text: &str, widths: &[usize]) -> Option<Vec<i16>> {
    let parts: Vec<&str> = text.split('-').collect();
    let fits = parts.len() == widths.len()
        && parts.iter().zip(widths).all(|(part, width)| {
            part.len() == *width && part.bytes().all(|byte| byte.is_ascii_digit())
        });
    if fits { parts.iter().map(|part| part.parse().ok()).collect() } else { None }
}

/// The last day on which a lot may be used; none where the maker gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry(pub Option<Day>);

impl Expiry {
    /// True where the day is after the label's last day.
    pub fn is_past(self, day: Day) -> bool {
        self.0.is_some_and(|last| last < day)
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(day) => day.fmt(out),
            None => out.pad("none"),
        }
    }
}

impl FromStr for Expiry {
    type Err = TimeError;
    /// Reads `2027-03` (the month's last day), `2027-03-31` or `none`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text == "none" {
            return Ok(Self(None));
        }
        if let Some(month) = digits(text, &[4, 2]) {
            let number = i8::try_from(month[1]).unwrap_or(0);
            return match Day::last_of_month(month[0], number) {
                Ok(day) => Ok(Self(Some(day))),
                Err(TimeError::OutOfRange(_)) => Err(TimeError::OutOfRange(shown(text))),
                Err(_) => Err(TimeError::NotAnExpiry(shown(text))),
            };
        }
        match text.parse::<Day>() {
            Ok(day) => Ok(Self(Some(day))),
            Err(TimeError::NotADay(text)) if digits(&text, &[4, 2, 2]).is_none() => {
                Err(TimeError::NotAnExpiry(text))
            }
            Err(error) => Err(error),
        }
    }
}

/// A length of time: elapsed seconds, or calendar days in the clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// Seconds between two instants.
    Seconds(i64),
    /// Calendar days between two dates.
    Days(i64),
}

/// The longest duration, about 100 years, so that no sum leaves the calendar.
const DAYS_MAX: i64 = 36_525;

impl Length {
    /// A whole number of a unit: s, min, h (or hours), d (or days), weeks.
    pub fn new(count: i64, unit: &str) -> Option<Self> {
        let (size, days) = match unit {
            "s" | "sec" | "second" | "seconds" => (1, false),
            "min" | "minute" | "minutes" => (60, false),
            "h" | "hour" | "hours" => (3600, false),
            "d" | "day" | "days" => (1, true),
            "w" | "week" | "weeks" => (7, true),
            _ => return None,
        };
        let size = count.checked_mul(size).filter(|size| *size >= 0)?;
        match days {
            true if size <= DAYS_MAX => Some(Self::Days(size)),
            false if size <= DAYS_MAX * 86_400 => Some(Self::Seconds(size)),
            _ => None,
        }
    }

    /// Whether it counts calendar days.
    pub fn in_days(self) -> bool {
        matches!(self, Self::Days(_))
    }

    /// Compares two lengths; a day counts as 24 hours.
    pub fn seconds_about(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Days(days) => days * 86_400,
        }
    }
}

impl FromStr for Length {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let trimmed = text.trim();
        let split = trimmed.find(|letter: char| !letter.is_ascii_digit());
        let (number, unit) = trimmed.split_at(split.unwrap_or(trimmed.len()));
        let wrong = || TimeError::NotADuration(shown(text));
        let count: i64 = number.parse().map_err(|_| wrong())?;
        Self::new(count, unit.trim()).ok_or_else(wrong)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Days(1) => out.write_str("1 day"),
            Self::Days(days) => write!(out, "{days} days"),
            Self::Seconds(seconds) if seconds % 3600 == 0 && seconds > 0 => {
                write!(out, "{} h", seconds / 3600)
            }
            Self::Seconds(seconds) if seconds % 60 == 0 && seconds > 0 => {
                write!(out, "{} min", seconds / 60)
            }
            Self::Seconds(seconds) => write!(out, "{seconds} s"),
        }
    }
}

/// The clinic's time zone, fixed when the book is opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    name: Box<str>,
    zone: TimeZone,
}

impl Zone {
    /// A zone of the IANA database, which is in the program.
    pub fn new(name: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotAZone(shown(name));
        let zone = TimeZone::get(name).map_err(|_| wrong())?;
        let name = zone.iana_name().ok_or_else(wrong)?.into();
        Ok(Self { name, zone })
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment of an instant in this zone, cut to its second.
    pub fn moment(&self, instant: Instant) -> Moment {
        let stamp = Timestamp::from_second(instant.seconds()).unwrap_or(Timestamp::UNIX_EPOCH);
        let offset = self.zone.to_offset(stamp).seconds() / 60;
        let offset_min = i16::try_from(offset).unwrap_or(0);
        Moment { seconds: instant.seconds(), offset_min }
    }

    /// The moment of a civil time; refused where summer time makes it ambiguous or skips it.
    fn civil(&self, civil: DateTime) -> Result<Moment, TimeError> {
        let out_of_range = || TimeError::OutOfRange(civil.to_string());
        let at = |offset: Offset| -> Result<Moment, TimeError> {
            let stamp = offset.to_timestamp(civil).map_err(|_| out_of_range())?;
            Ok(self.moment(Instant::from_millis(stamp.as_second() * 1000)?))
        };
        match self.zone.to_ambiguous_zoned(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset),
            AmbiguousOffset::Fold { before, after } => {
                Err(self.ambiguous(civil, "occurs twice", at(before)?, at(after)?))
            }
            AmbiguousOffset::Gap { before, after } => {
                Err(self.ambiguous(civil, "does not exist", at(after)?, at(before)?))
            }
        }
    }

    fn ambiguous(
        &self,
        civil: DateTime,
        how: &'static str,
        first: Moment,
        second: Moment,
    ) -> TimeError {
        TimeError::Ambiguous {
            text: format!("{} {:02}:{:02}", Day(civil.date()), civil.hour(), civil.minute()),
            how,
            zone: self.name.to_string(),
            first: first.to_string(),
            second: second.to_string(),
        }
    }

    /// The first moment of a day in the clinic.
    pub fn start_of(&self, day: Day) -> Moment {
        let zoned = day.0.to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp().as_second());
        self.moment(Instant(zoned.unwrap_or(FIRST_SECOND) * 1000))
    }

    /// The same instant as the clinic's clocks say it.
    pub fn again(&self, moment: Moment) -> Moment {
        self.moment(Instant(moment.seconds * 1000))
    }

    /// The last second of a day in the clinic.
    pub fn end_of(&self, day: Day) -> Moment {
        let next = self.start_of(day.plus_days(1));
        self.moment(Instant((next.seconds - 1) * 1000))
    }

    /// Reads a time as a person writes it: `10:40` (today), `yesterday 16:00`,
    /// `2026-11-22 10:40[:30]`, or RFC 3339. `now` says what today is.
    pub fn read_moment(&self, text: &str, now: Instant) -> Result<Moment, TimeError> {
        let trimmed = text.trim();
        let wrong = || TimeError::NotATime(shown(text));
        let today = self.moment(now).day();
        let (day, time) = match trimmed.split_once(' ') {
            None if trimmed.contains('T') => return self.read_rfc3339(trimmed),
            // A day alone is no time, and one that never was says so.
            None if digits(trimmed, &[4, 2, 2]).is_some() => (trimmed.parse()?, ""),
            None => (today, trimmed),
            Some(("today", time)) => (today, time),
            Some(("yesterday", time)) => (today.plus_days(-1), time),
            Some((_, time)) if read_clock(time.trim()).is_none() => return Err(wrong()),
            Some((day, time)) => (day.parse()?, time),
        };
        let time = read_clock(time.trim()).ok_or_else(wrong)?;
        self.civil(day.0.to_datetime(time))
    }

    fn read_rfc3339(&self, text: &str) -> Result<Moment, TimeError> {
        let stamp: Timestamp = text.parse().map_err(|_| {
            match text.split_once('T').map(|(day, _)| day.parse::<Day>()) {
                Some(Err(error)) => error,
                _ => TimeError::NotATime(shown(text)),
            }
        })?;
        Ok(self.moment(Instant::from_millis(stamp.as_millisecond())?))
    }
}

/// `10:40` or `10:40:30`, from 00:00 to 23:59:59.
fn read_clock(text: &str) -> Option<Time> {
    let parts: Vec<&str> = text.split(':').collect();
    let plain = parts.iter().all(|part| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    if !plain || !(2..=3).contains(&parts.len()) || parts[1..].iter().any(|part| part.len() != 2) {
        return None;
    }
    let mut numbers = parts.iter().map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    if second > 59 { None } else { Time::new(hour, minute, second, 0).ok() }
}

#[cfg(test)]
mod tests;
