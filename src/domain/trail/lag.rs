//! How late an entry was written: the time from what happened to its record.

use std::fmt;

use crate::domain::time::{Instant, Moment};

/// Whole seconds from an event to its record; none where it was written at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lag(i64);

impl Lag {
    /// Between what happened and its record. An event lies in no future, so none is below zero.
    pub fn between(occurred: Moment, recorded: Instant) -> Self {
        Self((recorded.seconds() - occurred.seconds()).max(0))
    }

    /// In seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Whether it was written at once.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Lag {
    /// Its two largest units: `2 d 3 h`, `4 min`; nothing where it was written at once.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        let parts = [
            (seconds / 86_400, "d"),
            (seconds / 3600 % 24, "h"),
            (seconds / 60 % 60, "min"),
            (seconds % 60, "s"),
        ];
        let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len());
        let shown = parts[first..].iter().take(2).filter(|(count, _)| *count > 0);
        let shown: Vec<String> = shown.map(|(count, unit)| format!("{count} {unit}")).collect();
        out.pad(&shown.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_said_in_its_two_largest_units() {
        let recorded = Instant::parse("2026-11-22T10:15:03.120Z").unwrap();
        for (occurred, seconds, said) in [
            ("2026-11-20T09:14:00+01:00", 180_063, "2 d 2 h"),
            ("2026-11-22T11:11:00+01:00", 243, "4 min 3 s"),
            ("2026-11-21T11:15:00+01:00", 86_403, "1 d"),
            ("2026-11-22T11:15:03+01:00", 0, ""),
            ("2026-11-22T11:15:04+01:00", 0, ""),
        ] {
            let lag = Lag::between(Moment::parse(occurred).unwrap(), recorded);
            assert_eq!((lag.seconds(), lag.to_string().as_str()), (seconds, said), "{occurred}");
            assert_eq!(lag.is_none(), said.is_empty());
        }
    }
}
