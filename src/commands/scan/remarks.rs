//! What the book says against an item, at the element of its scan that it is about.

use crate::domain::barcode::{Remark, Scan};
use crate::domain::stock::{Refused, Why};

pub(super) fn remarks(scan: &Scan<'_>, refused: &[Refused]) -> Vec<Remark> {
    let remark = |Refused { why, words }: &Refused| Remark {
        code: why.as_str(),
        at: scan.place(about(*why)),
        message: words.clone(),
    };
    refused.iter().map(remark).collect()
}

/// The elements that a reason is about, the nearest first.
fn about(why: Why) -> &'static [&'static str] {
    match why {
        Why::Retired | Why::UnknownGtin => &["01"],
        Why::NoGtin => &[],
        Why::WrongLot => &["10", "lot"],
        Why::WrongSerial => &["21", "serial"],
        Why::OtherExpiry => &["17", "7003"],
        Why::OtherLot => &["10"],
        Why::SerialGone | Why::UnknownSerial => &["21"],
        Why::Expired => &["10", "17", "7003", "01"],
        Why::UnknownLot
        | Why::Held
        | Why::Recalled
        | Why::Disposed
        | Why::Quarantine
        | Why::DiscardBy
        | Why::NothingLeft => &["10", "01"],
    }
}
