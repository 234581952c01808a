//! What a label says against what the book knows.

use super::*;

#[test]
fn a_label_that_contradicts_the_book_is_refused_with_both_values() {
    let known = lot("A", "2026-11-30", 7);
    assert_eq!(agree_label(&known, None), Ok(()));
    assert_eq!(agree_label(&known, Some("2026-11-30".parse().unwrap())), Ok(()));
    for (scanned, expiry) in [("2022-04-30", "2026-11-30"), ("2022-04-30", "none")] {
        let known = lot("A", expiry, 7);
        let refused = agree_label(&known, Some(scanned.parse().unwrap())).unwrap_err();
        assert!(refused.what.contains(scanned), "{refused}");
        assert!(refused.what.contains(expiry), "{refused}");
    }
}
