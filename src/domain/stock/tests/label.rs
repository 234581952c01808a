//! What a label says against what the book knows.

use super::*;
use crate::domain::expiry::SaidExpiry;

#[test]
fn a_label_that_contradicts_the_book_is_refused_with_both_values() {
    let known = lot("A", "2026-11-30", 7);
    assert_eq!(agree_label(&known, None), Ok(()));
    let said = |day: &str| Some(SaidExpiry::from(day.parse::<Expiry>().unwrap()));
    assert_eq!(agree_label(&known, said("2026-11-30")), Ok(()));
    let november = Some(SaidExpiry::month("2026-11-30".parse().unwrap()));
    assert_eq!(agree_label(&lot("A", "2026-11-22", 7), november), Ok(()));
    assert!(agree_label(&lot("A", "2026-12-22", 7), november).is_err());
    for (scanned, expiry) in [("2022-04-30", "2026-11-30"), ("2022-04-30", "none")] {
        let known = lot("A", expiry, 7);
        let refused = agree_label(&known, said(scanned)).unwrap_err();
        assert!(refused.what.contains(scanned), "{refused}");
        assert!(refused.what.contains(expiry), "{refused}");
    }
}

#[test]
fn an_unknown_lot_is_refused_with_the_nearest_known_one() {
    let lots = [lot("24C0110", "2027-03-31", 1), lot("ab-7", "2027-03-31", 2)];
    let sku = "NUMB-4".parse().unwrap();
    let refused = |name: &str| no_such_lot(&sku, &lots, Some(&name.parse().unwrap()));
    for (slip, meant) in [("AB-7", "ab-7"), ("24C0111", "24C0110")] {
        let refused = refused(slip);
        assert_eq!(refused.what, format!("there is no lot {slip} of NUMB-4"));
        assert_eq!(refused.hints[0], format!("did you mean NUMB-4/{meant}?"));
    }
    assert_eq!(refused("NOPE").hints.len(), 1);
}
