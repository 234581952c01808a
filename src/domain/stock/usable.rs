//! May it be used? The only place that decides; everything that asks calls this.

use std::fmt;

use super::{LotState, LotStatus, Opened};
use crate::domain::catalog::Product;
use crate::domain::place::Place;
use crate::domain::session::ItemStatus;
use crate::domain::time::Day;

/// Why an item may not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// The product is retired.
    Retired,
    /// The lot is held, recalled or disposed of.
    Status(LotStatus),
    /// The label's last day is past.
    Expired(Day),
    /// The container's last day is past.
    DiscardBy(Day),
    /// It is set apart.
    Quarantine,
}

impl Unusable {
    /// What `--despite` calls this, and the entry of the use records; none where nothing lets
    /// the item be used.
    pub fn status(&self) -> Option<ItemStatus> {
        match self {
            Self::Status(_) | Self::Quarantine => Some(ItemStatus::Held),
            Self::Expired(_) => Some(ItemStatus::Expired),
            Self::DiscardBy(_) => Some(ItemStatus::DiscardBy),
            Self::Retired => None,
        }
    }
}

impl Unusable {
    /// The word of listings, whose other columns hold the dates.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Status(status) => status.as_str(),
            Self::Expired(_) => "expired",
            Self::DiscardBy(_) => "past discard-by",
            Self::Quarantine => "quarantine",
        }
    }
}

impl fmt::Display for Unusable {
    /// The end of a sentence that begins with the item: "... expired on 2026-10-31".
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retired => out.write_str("is of a retired product"),
            Self::Status(status) => write!(out, "is {status}"),
            Self::Expired(day) => write!(out, "expired on {day}"),
            Self::DiscardBy(day) => write!(out, "was to be discarded after {day}"),
            Self::Quarantine => out.write_str("is in quarantine"),
        }
    }
}

/// Whether an item may be used on a day. A lot may be used through the end of its expiry day in
/// the clinic, a container through the end of its discard-by.
pub fn usable(
    product: &Product,
    lot: &LotState,
    opened: Option<&Opened>,
    place: &Place,
    day: Day,
) -> Result<(), Unusable> {
    if product.retired {
        return Err(Unusable::Retired);
    }
    if lot.status != LotStatus::Released {
        return Err(Unusable::Status(lot.status));
    }
    if *place == Place::Quarantine {
        return Err(Unusable::Quarantine);
    }
    if let Some(last) = lot.expiry.0.filter(|_| lot.expiry.is_past(day)) {
        return Err(Unusable::Expired(last));
    }
    match opened.and_then(|opened| opened.discard_by) {
        Some(last) if last < day => Err(Unusable::DiscardBy(last)),
        _ => Ok(()),
    }
}
