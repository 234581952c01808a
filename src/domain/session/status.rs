//! What an item was like at the moment of its use.

use std::fmt;
use std::str::FromStr;

use crate::domain::catalog::{WordError, word_enum};

word_enum! {
    /// What keeps an item from being used, by the word that `--despite` takes.
    ItemFault, "item status", {
        /// Past the label's last day.
        Expired = "expired",
        /// The lot was held, recalled or disposed of.
        Held = "held",
        /// The opened container was past its discard-by.
        DiscardBy = "discard-by",
    }
}

impl ItemFault {
    /// How a sentence about an item goes on: `had expired`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Expired => "had expired",
            Self::Held => "was held",
            Self::DiscardBy => "was past its discard-by",
        }
    }
}

/// What an item was like at the moment of its use: all that kept it from being used, or nothing.
/// Copied into the entry of the use, so that a later check needs nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemStatus {
    expired: bool,
    held: bool,
    discard_by: bool,
}

/// The word for an item that nothing keeps from being used.
const USABLE: &str = "usable";

impl ItemStatus {
    /// Nothing keeps it from being used.
    pub const USABLE: Self = Self { expired: false, held: false, discard_by: false };

    /// The status with these faults.
    pub fn of(faults: impl IntoIterator<Item = ItemFault>) -> Self {
        let mut status = Self::USABLE;
        for fault in faults {
            *status.slot(fault) = true;
        }
        status
    }

    fn slot(&mut self, fault: ItemFault) -> &mut bool {
        match fault {
            ItemFault::Expired => &mut self.expired,
            ItemFault::Held => &mut self.held,
            ItemFault::DiscardBy => &mut self.discard_by,
        }
    }

    /// Whether this is one of the faults.
    pub fn has(mut self, fault: ItemFault) -> bool {
        *self.slot(fault)
    }

    /// The faults, in their documented order.
    pub fn faults(self) -> impl Iterator<Item = ItemFault> {
        ItemFault::ALL.iter().copied().filter(move |fault| self.has(*fault))
    }

    /// What is left of it where these faults are excused.
    #[must_use]
    pub fn without(self, excused: &[ItemFault]) -> Self {
        Self::of(self.faults().filter(|fault| !excused.contains(fault)))
    }

    /// How a sentence about an item goes on: `had expired and was held`.
    pub fn in_words(self) -> String {
        let words: Vec<&str> = self.faults().map(ItemFault::in_words).collect();
        if words.is_empty() { "was usable".to_owned() } else { words.join(" and ") }
    }
}

impl fmt::Display for ItemStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.faults().map(ItemFault::as_str).collect();
        out.pad(&if words.is_empty() { USABLE.to_owned() } else { words.join("+") })
    }
}

impl FromStr for ItemStatus {
    type Err = WordError;
    /// Reads what is written here and nothing else: each fault once, in their order.
    fn from_str(text: &str) -> Result<Self, WordError> {
        if text == USABLE {
            return Ok(Self::USABLE);
        }
        let faults = text.split('+').map(str::parse).collect::<Result<Vec<ItemFault>, _>>()?;
        let status = Self::of(faults);
        // What is not written so is no word of the list.
        if status.to_string() == text {
            Ok(status)
        } else {
            text.parse::<ItemFault>().map(|fault| Self::of([fault]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_is_written_and_in_no_other_way() {
        for faults in 0..8_usize {
            let one =
                |(bit, fault): (usize, &ItemFault)| (faults >> bit & 1 == 1).then_some(*fault);
            let status = ItemStatus::of(ItemFault::ALL.iter().enumerate().filter_map(one));
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        let all = ItemStatus::of(ItemFault::ALL.iter().copied());
        assert_eq!(all.to_string(), "expired+held+discard-by");
        assert_eq!(
            all.without(&[ItemFault::Held]).in_words(),
            "had expired and was past its discard-by"
        );
        assert_eq!(ItemStatus::USABLE.in_words(), "was usable");
        for wrong in ["", "held+expired", "held+held", "usable+held", "held+", "old"] {
            assert!(wrong.parse::<ItemStatus>().is_err(), "{wrong}");
        }
    }
}
