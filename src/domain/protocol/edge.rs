//! Where a window of time opens or closes: at a moment, or with a whole day of the clinic. A day
//! is compared with days, since its first and last second depend on the clinic's clocks, which a
//! protocol knows nothing of.

use std::fmt;

use super::engine::order::lasting;
use crate::domain::time::{Day, Length, Moment, Zone};

/// One edge of a window whose length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// At this moment.
    At(Moment),
    /// With this day: it opens with its first second, and closes with its last.
    On(Day),
}

impl Edge {
    /// Whether a window that opens here is open.
    pub fn has_opened(self, now: Moment) -> bool {
        match self {
            Self::At(moment) => moment <= now,
            Self::On(day) => day <= now.day(),
        }
    }

    /// Whether a window that closes here is over.
    pub fn has_closed(self, now: Moment) -> bool {
        match self {
            Self::At(moment) => moment < now,
            Self::On(day) => day < now.day(),
        }
    }

    /// The day of it, a moment's by the clock that hangs there `now`.
    pub fn day(self, now: Moment) -> Day {
        match self {
            Self::At(moment) => by_clock_of(now, moment).day(),
            Self::On(day) => day,
        }
    }

    /// What openings are put in order by: a day opens before any moment of it.
    pub fn opening(self) -> (Day, Option<Moment>) {
        match self {
            Self::At(moment) => (moment.day(), Some(moment)),
            Self::On(day) => (day, None),
        }
    }

    /// What closings are put in order by: a day closes after any moment of it.
    pub fn closing(self) -> (Day, bool, Option<Moment>) {
        match self {
            Self::At(moment) => (moment.day(), false, Some(moment)),
            Self::On(day) => (day, true, None),
        }
    }

    /// The moment itself, or the last second of the day, as the clinic's clocks go then.
    pub fn in_zone(self, zone: &Zone) -> Moment {
        match self {
            Self::At(moment) => zone.again(moment),
            Self::On(day) => zone.end_of(day),
        }
    }

    /// `11:02`, `2026-12-02`, or `today`.
    pub fn in_words(self, now: Moment) -> String {
        match self {
            Self::At(moment) if self.day(now) == now.day() => by_clock_of(now, moment).clock_face(),
            Self::On(day) if day == now.day() => "today".to_owned(),
            Self::At(_) | Self::On(_) => self.day(now).to_string(),
        }
    }

    /// How far away it is: `14 min`, `3 days`.
    pub fn away(self, now: Moment) -> String {
        let days = now.day().days_until(self.day(now));
        match self {
            Self::At(moment) if days <= 0 => {
                let seconds = moment.seconds() - now.seconds();
                // A minute that has begun counts, so that nobody comes too early.
                lasting(if seconds > 60 { (seconds + 59) / 60 * 60 } else { seconds })
            }
            Self::At(_) | Self::On(_) => Length::Days(days).to_string(),
        }
    }
}

impl fmt::Display for Edge {
    /// `2026-11-22 11:02`, or `2026-12-02`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(moment) => out.write_str(&moment.short()),
            Self::On(day) => day.fmt(out),
        }
    }
}

/// The moment as a clock shows it that was set since as that of `now` was.
fn by_clock_of(now: Moment, moment: Moment) -> Moment {
    Moment::new(moment.seconds(), now.offset_min()).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn on(text: &str) -> Edge {
        Edge::On(text.parse().unwrap())
    }

    #[test]
    fn a_day_is_a_day_whatever_the_clocks_do() {
        let edge = on("2026-10-26");
        let first = at("2026-10-26T00:00:00+01:00");
        let last = at("2026-10-26T23:59:59+01:00");
        assert!(!edge.has_opened(first.plus_seconds(-1)) && edge.has_opened(first));
        assert!(!edge.has_closed(last) && edge.has_closed(last.plus_seconds(1)));
        assert_eq!(edge.away(at("2026-10-25T23:30:00+01:00")), "1 day");
        assert_eq!(edge.in_words(first), "today");
    }

    #[test]
    fn a_moment_is_shown_by_the_clock_of_now() {
        let edge = Edge::At(at("2026-10-25T04:30:00+02:00"));
        let now = at("2026-10-25T03:10:00+01:00");
        assert_eq!((edge.in_words(now), edge.away(now)), ("03:30".to_owned(), "20 min".to_owned()));
    }

    #[test]
    fn a_day_opens_before_its_moments_and_closes_after_them() {
        let (day, noon) = (on("2026-11-22"), Edge::At(at("2026-11-22T12:00:00+01:00")));
        assert!(day.opening() < noon.opening() && noon.closing() < day.closing());
        assert!(noon.opening() < on("2026-11-23").opening());
        assert!(on("2026-11-21").closing() < noon.closing());
    }
}
