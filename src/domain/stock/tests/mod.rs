//! What may be used, and what is taken first.

mod arrival;
mod choose;
mod label;
mod today;
mod usable;

use std::collections::BTreeMap;

use super::*;
use crate::domain::catalog::{Category, UseKind};
use crate::domain::quantity::{Quantity, Unit};
use crate::domain::time::Zone;

pub(super) fn product(use_kind: UseKind) -> Product {
    let unit = if use_kind == UseKind::Single { Unit::Each } else { Unit::Gram };
    Product {
        sku: "NUMB-4".parse().unwrap(),
        name: None,
        category: Category::Anesthetic,
        use_kind,
        pack: Quantity::from_parts(if use_kind == UseKind::Single { 1 } else { 30 }, unit).unwrap(),
        dose: None,
        opened_life: (use_kind == UseKind::Multi).then_some(Length::Days(28)),
        gtins: BTreeMap::new(),
        attributes: BTreeMap::new(),
        retired: false,
    }
}

pub(super) fn lot(name: &str, expiry: &str, first_seq: u64) -> LotState {
    LotState {
        product: "NUMB-4".parse().unwrap(),
        lot: (name != "none").then(|| name.parse().unwrap()),
        expiry: expiry.parse().unwrap(),
        status: LotStatus::Released,
        status_seq: None,
        first_seq,
    }
}

fn opened(number: u32, discard_by: Option<&str>) -> Opened {
    let at = Moment::parse("2026-11-01T09:00:00+01:00").unwrap();
    let discard_by = discard_by.map(|day| day.parse().unwrap());
    Opened { id: ContainerId::new(number), at, discard_by }
}

/// A moment as people in the clinic write it.
fn at(zone: &str, text: &str) -> Moment {
    let now = crate::domain::time::Instant::parse("2026-11-22T10:15:03.120Z").unwrap();
    Zone::new(zone).unwrap().read_moment(text, now).unwrap()
}
