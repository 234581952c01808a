//! Where stock can be. A quantity moves from one place to another; nothing is created or lost.

use std::fmt;
use std::str::FromStr;

use crate::domain::id::{ContainerId, IdError, PlaceName, SessionId};

/// A place that stock comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Where deliveries come from; no balance is kept.
    Supplier,
    /// Where the stock of the first day comes from; no balance is kept.
    Opening,
    /// A shelf, room or fridge of the clinic; its balance is never negative.
    Real(PlaceName),
    /// Set apart; its balance is never negative and its stock never usable.
    Quarantine,
    /// An opened tube, vial or bottle; its balance is never negative.
    Container(ContainerId),
    /// What a session used; the entries are the record, no balance is kept.
    Session(SessionId),
    /// Thrown away, with a reason; no balance is kept.
    Waste,
    /// Sent back, with a reason; no balance is kept.
    Returned,
    /// What a count found missing or too much; no balance is kept.
    Variance,
}

impl Place {
    /// Whether the book keeps a balance here.
    pub fn keeps_balance(&self) -> bool {
        matches!(self, Self::Real(_) | Self::Quarantine | Self::Container(_))
    }

    /// Where something in this place has gone, as a sentence goes on: `was used in S-0042` or
    /// `went to waste`; none where it is still at hand.
    pub fn gone(&self) -> Option<String> {
        match self {
            Self::Session(id) => Some(format!("was used in {id}")),
            place if place.keeps_balance() => None,
            place => Some(format!("went to {place}")),
        }
    }

    /// What people call it: a container and a session by their ids alone.
    pub fn in_words(&self) -> String {
        match self {
            Self::Container(id) => id.to_string(),
            Self::Session(id) => id.to_string(),
            place => place.to_string(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Supplier => out.pad("supplier"),
            Self::Opening => out.pad("opening"),
            Self::Real(name) => out.pad(name.as_str()),
            Self::Quarantine => out.pad("quarantine"),
            Self::Container(id) => write!(out, "container:{id}"),
            Self::Session(id) => write!(out, "session:{id}"),
            Self::Waste => out.pad("waste"),
            Self::Returned => out.pad("returned"),
            Self::Variance => out.pad("variance"),
        }
    }
}

impl FromStr for Place {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Ok(match text {
            "supplier" => Self::Supplier,
            "opening" => Self::Opening,
            "quarantine" => Self::Quarantine,
            "waste" => Self::Waste,
            "returned" => Self::Returned,
            "variance" => Self::Variance,
            _ => match text.split_once(':') {
                Some(("container", id)) => Self::Container(id.parse()?),
                Some(("session", id)) => Self::Session(id.parse()?),
                _ => Self::Real(PlaceName::new(text)?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_or_thrown_away_is_gone() {
        let gone = |text: &str| text.parse::<Place>().unwrap().gone();
        assert_eq!(gone("session:S-0042").unwrap(), "was used in S-0042");
        assert_eq!(gone("waste").unwrap(), "went to waste");
        for at_hand in ["room-1", "quarantine", "container:K-0007"] {
            assert_eq!(gone(at_hand), None);
        }
    }

    #[test]
    fn a_place_reads_as_it_prints_and_reserved_names_are_not_real() {
        for text in ["supplier", "room-1", "quarantine", "container:K-0007", "session:S-0042"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for bad in ["Waste", "container", "container:7", "a/b", "x:y", ""] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }
}
