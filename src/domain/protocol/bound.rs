//! Windows of time between two steps. Seconds compare instants, days compare calendar days in
//! the clinic: a window of 45 days closes at the end of that day.

use std::fmt;

use crate::domain::id::FieldName;
use crate::domain::protocol::edge::Edge;
use crate::domain::quantity::Value;
use crate::domain::session::Event;
use crate::domain::time::{Length, Moment};

/// One end of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// A length that the file gives.
    Fixed(Length),
    /// An attribute of the product used at the earlier of the two steps, from its label.
    Product(FieldName),
}

/// How long may lie between an earlier and a later step; an absent end is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// At least this long.
    pub min: Option<Bound>,
    /// At most this long.
    pub max: Option<Bound>,
}

/// Why a bound given by a product has no length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLength {
    /// No product used there has the attribute.
    #[error("no product used at {step} has `{attribute}`")]
    Missing {
        /// The earlier step.
        step: Box<str>,
        /// The attribute.
        attribute: FieldName,
    },
    /// The attribute is no length of time.
    #[error("`{attribute}` of {product} is {value}, which is no length of time")]
    NotALength {
        /// The product.
        product: Box<str>,
        /// The attribute.
        attribute: FieldName,
        /// Its value.
        value: Value,
    },
}

impl Bound {
    /// The length in force after an event. Of several products that have the attribute, `stricter`
    /// says whether the second of two lengths is the one that counts.
    pub fn length(
        &self,
        earlier: &Event,
        stricter: fn(Length, Length) -> bool,
    ) -> Result<Length, NoLength> {
        let attribute = match self {
            Self::Fixed(length) => return Ok(*length),
            Self::Product(attribute) => attribute,
        };
        let mut strictest: Option<Length> = None;
        for used in &earlier.uses {
            let Some(value) = used.attributes.get(attribute) else { continue };
            let length = as_length(value).ok_or_else(|| NoLength::NotALength {
                product: used.product.as_str().into(),
                attribute: attribute.clone(),
                value: value.clone(),
            })?;
            if strictest.is_none_or(|so_far| stricter(so_far, length)) {
                strictest = Some(length);
            }
        }
        strictest.ok_or_else(|| NoLength::Missing {
            step: earlier.step.as_str().into(),
            attribute: attribute.clone(),
        })
    }
}

/// Of two minimums the longer counts.
pub(super) fn longer(so_far: Length, other: Length) -> bool {
    other.seconds_about() > so_far.seconds_about()
}

/// Of two maximums the shorter counts.
pub(super) fn shorter(so_far: Length, other: Length) -> bool {
    other.seconds_about() < so_far.seconds_about()
}

/// `20 min`, `1.5 h`, `3 days`: a number whose unit is one of time, in whole seconds or days.
fn as_length(value: &Value) -> Option<Length> {
    let Value::Number { number, unit: Some(unit) } = value else { return None };
    if let Ok(count) = i64::try_from(*number)
        && number.is_integer()
    {
        return Length::new(count, unit);
    }
    let Length::Seconds(size) = Length::new(1, unit)? else { return None };
    let seconds = number.checked_mul(size.into())?;
    if seconds.is_integer() { Length::new(i64::try_from(seconds).ok()?, "s") } else { None }
}

impl fmt::Display for Bound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(length) => length.fmt(out),
            Self::Product(attribute) => write!(out, "the product's {attribute}"),
        }
    }
}

impl Window {
    /// The window after an event, with the product's own bounds filled in.
    pub fn after(&self, earlier: &Event) -> Result<Lengths, NoLength> {
        let min = self.min.as_ref().map(|bound| bound.length(earlier, longer)).transpose()?;
        let max = self.max.as_ref().map(|bound| bound.length(earlier, shorter)).transpose()?;
        Ok(Lengths { min, max })
    }

    /// True where neither end is given.
    pub fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// A window whose ends are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lengths {
    /// At least this long.
    pub min: Option<Length>,
    /// At most this long.
    pub max: Option<Length>,
}

/// Where a later event lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// In the window, or on one of its ends.
    Inside,
    /// Less than the minimum after the earlier event.
    TooSoon(Length),
    /// More than the maximum after it.
    TooLate(Length),
}

impl Lengths {
    /// Where `later` lies in the window that begins at `earlier`.
    pub fn fit(self, earlier: Moment, later: Moment) -> Fit {
        if let Some(min) = self.min
            && elapsed(earlier, later, min) < count(min)
        {
            return Fit::TooSoon(min);
        }
        match self.max {
            Some(max) if elapsed(earlier, later, max) > count(max) => Fit::TooLate(max),
            _ => Fit::Inside,
        }
    }

    /// Whether the window that began at `earlier` has closed.
    pub fn is_past(self, earlier: Moment, now: Moment) -> bool {
        self.max.is_some_and(|max| elapsed(earlier, now, max) > count(max))
    }

    /// Where the window opens; none where it is open from the earlier event on.
    pub fn opens(self, earlier: Moment) -> Option<Edge> {
        Some(match self.min? {
            Length::Seconds(seconds) => Edge::At(earlier.plus_seconds(seconds)),
            Length::Days(days) => Edge::On(earlier.day().plus_days(days)),
        })
    }

    /// Where the window closes; none where it stays open.
    pub fn closes(self, earlier: Moment) -> Option<Edge> {
        Some(match self.max? {
            Length::Seconds(seconds) => Edge::At(earlier.plus_seconds(seconds)),
            Length::Days(days) => Edge::On(earlier.day().plus_days(days)),
        })
    }
}

fn count(length: Length) -> i64 {
    match length {
        Length::Seconds(count) | Length::Days(count) => count,
    }
}

/// Elapsed seconds, or calendar days between the dates as written, by the kind of length.
fn elapsed(earlier: Moment, later: Moment, length: Length) -> i64 {
    match length {
        Length::Seconds(_) => later.seconds() - earlier.seconds(),
        Length::Days(_) => day_number(later) - day_number(earlier),
    }
}

const DAY_SECONDS: i64 = 86_400;

fn local_seconds(moment: Moment) -> i64 {
    moment.seconds() + i64::from(moment.offset_min()) * 60
}

/// The calendar day as days since 1970: the same day as `Moment::day`, without a calendar.
pub(super) fn day_number(moment: Moment) -> i64 {
    local_seconds(moment).div_euclid(DAY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Zone;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn a_window_of_days_closes_at_the_end_of_its_day_even_across_summer_time() {
        let lengths = Lengths { min: Some(Length::Days(1)), max: Some(Length::Days(2)) };
        let start = at("2026-10-24T18:00:00+02:00");
        assert_eq!(
            lengths.fit(start, at("2026-10-24T23:59:59+02:00")),
            Fit::TooSoon(Length::Days(1))
        );
        assert_eq!(lengths.fit(start, at("2026-10-25T00:00:00+02:00")), Fit::Inside);
        assert_eq!(lengths.fit(start, at("2026-10-26T23:59:59+01:00")), Fit::Inside);
        assert_eq!(
            lengths.fit(start, at("2026-10-27T00:00:00+01:00")),
            Fit::TooLate(Length::Days(2))
        );
        assert_eq!(lengths.opens(start), "2026-10-25".parse().ok().map(Edge::On));
        let closes = lengths.closes(start).unwrap();
        assert_eq!(closes, Edge::On("2026-10-26".parse().unwrap()));
        let berlin = Zone::new("Europe/Berlin").unwrap();
        assert_eq!(closes.in_zone(&berlin).to_string(), "2026-10-26T23:59:59+01:00");
        let day = Lengths { min: None, max: Some(Length::Seconds(24 * 3600)) };
        let closes = day.closes(start).unwrap().in_zone(&berlin);
        assert_eq!(closes.to_string(), "2026-10-25T17:00:00+01:00");
    }

    #[test]
    fn hours_are_elapsed_time_so_the_night_of_the_change_is_longer() {
        let lengths = Lengths { min: None, max: Some(Length::Seconds(24 * 3600)) };
        let start = at("2026-10-24T18:00:00+02:00");
        assert_eq!(lengths.fit(start, at("2026-10-25T17:00:00+01:00")), Fit::Inside);
        assert!(matches!(lengths.fit(start, at("2026-10-25T17:00:01+01:00")), Fit::TooLate(_)));
    }

    #[test]
    fn a_day_number_is_the_day_in_the_text() {
        for text in ["2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00-09:30"] {
            let moment = at(text);
            let epoch: crate::domain::time::Day = "2000-01-01".parse().unwrap();
            assert_eq!(epoch.days_until(moment.day()) + 10_957, day_number(moment));
        }
    }

    #[test]
    fn an_attribute_is_a_length_where_its_unit_is_one_of_time() {
        for (text, length) in [
            ("20 min", Some(Length::Seconds(1200))),
            ("1.5 h", Some(Length::Seconds(5400))),
            ("3 days", Some(Length::Days(3))),
            ("20", None),
            ("0.5 days", None),
            ("20 mm", None),
            ("-5 min", None),
            ("soon", None),
        ] {
            assert_eq!(as_length(&Value::read(text)), length, "{text}");
        }
    }
}
