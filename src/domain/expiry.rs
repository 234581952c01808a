//! An expiry as a label or a person says it: a label may leave the day of the month open.

use std::fmt;

use super::time::{Day, Expiry};

/// A last day that was said, which may be that of any day of its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidExpiry {
    expiry: Expiry,
    day_open: bool,
}

impl SaidExpiry {
    /// A month without a day, by its last day.
    pub const fn month(last: Day) -> Self {
        Self { expiry: Expiry(Some(last)), day_open: true }
    }

    /// What is kept of it: the month's last day, where the day is open.
    pub const fn expiry(self) -> Expiry {
        self.expiry
    }

    /// Whether both can be true of one lot. A month without a day contradicts no day of it.
    pub fn agrees(self, known: Expiry) -> bool {
        match (self.day_open, self.expiry.0, known.0) {
            (true, Some(said), Some(known)) => {
                let ((year, month, _), (known_year, known_month, _)) =
                    (said.parts(), known.parts());
                (year, month) == (known_year, known_month)
            }
            _ => self.expiry == known,
        }
    }

    /// The two that were said of one lot; of two that agree only the one that says more.
    pub fn told_apart(first: Option<Self>, second: Option<Self>) -> (Option<Self>, Option<Self>) {
        match (first, second) {
            (Some(one), Some(other)) if one.agrees(other.expiry) => (None, Some(other)),
            (Some(one), Some(other)) if other.agrees(one.expiry) => (Some(one), None),
            both => both,
        }
    }
}

impl From<Expiry> for SaidExpiry {
    fn from(expiry: Expiry) -> Self {
        Self { expiry, day_open: false }
    }
}

impl fmt::Display for SaidExpiry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expiry.fmt(out)
    }
}

/// The years until an expiry that is more than ten years away: most often a year was misread.
pub fn far_off(expiry: Expiry, today: Day) -> Option<i16> {
    let ((year, month, day), now) = (expiry.0?.parts(), today.parts());
    let years = year - now.0 - i16::from((month, day) < (now.1, now.2));
    ((year - 10, month, day) > now).then_some(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> SaidExpiry {
        SaidExpiry::from(text.parse::<Expiry>().unwrap())
    }

    #[test]
    fn a_month_without_a_day_contradicts_no_day_of_it() {
        let month = SaidExpiry::month("2026-11-30".parse().unwrap());
        for (known, agrees) in [
            ("2026-11-01", true),
            ("2026-11-22", true),
            ("2026-11-30", true),
            ("2026-12-01", false),
            ("2025-11-30", false),
            ("none", false),
        ] {
            assert_eq!(month.agrees(known.parse().unwrap()), agrees, "{known}");
            assert_eq!(day("2026-11-30").agrees(known.parse().unwrap()), known == "2026-11-30");
        }
        assert!(day("none").agrees(Expiry(None)));
    }

    #[test]
    fn an_expiry_more_than_ten_years_away_is_far_off() {
        let today = "2026-11-22".parse().unwrap();
        for (expiry, years) in [
            ("2036-11-22", None),
            ("2036-11-23", Some(10)),
            ("2062-03-31", Some(35)),
            ("2027-03-31", None),
            ("none", None),
        ] {
            assert_eq!(far_off(expiry.parse().unwrap(), today), years, "{expiry}");
        }
    }

    #[test]
    fn of_two_that_agree_the_one_with_a_day_stands() {
        let (month, day) = (SaidExpiry::month("2026-11-30".parse().unwrap()), day("2026-11-22"));
        assert_eq!(SaidExpiry::told_apart(Some(month), Some(day)), (None, Some(day)));
        assert_eq!(SaidExpiry::told_apart(Some(day), Some(month)), (Some(day), None));
        assert_eq!(SaidExpiry::told_apart(Some(day), Some(day)), (None, Some(day)));
        assert_eq!(SaidExpiry::told_apart(Some(day), None), (Some(day), None));
        let other = SaidExpiry::month("2026-12-31".parse().unwrap());
        assert_eq!(SaidExpiry::told_apart(Some(day), Some(other)), (Some(day), Some(other)));
    }
}
