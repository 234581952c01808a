//! May it be used? The only place that decides; everything that asks calls this.

use std::fmt;

use super::{LotState, LotStatus, Opened};
use crate::domain::catalog::Product;
use crate::domain::place::Place;
use crate::domain::session::{ItemFault, ItemStatus};
use crate::domain::time::Day;

/// One thing that keeps an item from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The product is retired.
    Retired,
    /// The lot is held, recalled or disposed of.
    Status(LotStatus),
    /// It is set apart.
    Quarantine,
    /// The label's last day is past.
    Expired(Day),
    /// The container's last day is past.
    DiscardBy(Day),
}

impl Fault {
    /// What `--despite` calls this, and the entry of the use records; none where nothing lets
    /// the item be used.
    pub fn recorded(&self) -> Option<ItemFault> {
        match self {
            Self::Status(_) | Self::Quarantine => Some(ItemFault::Held),
            Self::Expired(_) => Some(ItemFault::Expired),
            Self::DiscardBy(_) => Some(ItemFault::DiscardBy),
            Self::Retired => None,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Status(status) => status.as_str(),
            Self::Expired(_) => "expired",
            Self::DiscardBy(_) => "past discard-by",
            Self::Quarantine => "quarantine",
        }
    }
}

impl fmt::Display for Fault {
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

/// Why an item may not be used: everything that keeps it from that, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    first: Fault,
    more: Vec<Fault>,
}

impl Unusable {
    fn of(faults: impl IntoIterator<Item = Fault>) -> Option<Self> {
        let mut faults = faults.into_iter();
        Some(Self { first: faults.next()?, more: faults.collect() })
    }

    /// All that keeps the item from being used.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The fault that is told where there is room for one.
    pub fn first(&self) -> &Fault {
        &self.first
    }

    /// What the entry of a use records; none where nothing lets the item be used.
    pub fn status(&self) -> Option<ItemStatus> {
        let faults: Option<Vec<ItemFault>> = self.faults().map(Fault::recorded).collect();
        faults.map(ItemStatus::of)
    }

    /// The word of listings, whose other columns hold the dates.
    pub fn word(&self) -> &'static str {
        self.first.word()
    }
}

impl fmt::Display for Unusable {
    /// The end of a sentence that begins with the item: "... is held and expired on 2026-10-31".
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(out)?;
        self.more.iter().try_for_each(|fault| write!(out, " and {fault}"))
    }
}

/// Whether an item may be used on a day. A lot may be used through the end of its expiry day in
/// the clinic, a container through the end of its discard-by; one that the label alone limits has
/// the label's day, and is expired after it.
pub fn usable(
    product: &Product,
    lot: &LotState,
    opened: Option<&Opened>,
    place: &Place,
    day: Day,
) -> Result<(), Unusable> {
    let expired = lot.expiry.0.filter(|last| *last < day);
    let discard_by = opened.and_then(|opened| opened.discard_by).filter(|last| *last < day);
    let faults = [
        product.retired.then_some(Fault::Retired),
        (lot.status != LotStatus::Released).then_some(Fault::Status(lot.status)),
        (*place == Place::Quarantine).then_some(Fault::Quarantine),
        expired.map(Fault::Expired),
        discard_by.filter(|_| discard_by != expired).map(Fault::DiscardBy),
    ];
    Unusable::of(faults.into_iter().flatten()).map_or(Ok(()), Err)
}
