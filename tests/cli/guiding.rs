//! What is said to somebody who does something wrong, or is about to: it helps, and what it tells
//! them to type works.

use crate::clinic::{Clinic, all};

#[test]
fn a_clock_that_stands_before_the_last_entry_is_told_with_what_works_meanwhile() {
    let clinic = Clinic::stocked();
    clinic.wait_days(10);
    clinic.ok("client new 4711");
    clinic.wait_days(-10);
    insta::assert_snapshot!(all(&clinic, &["client new 4712", "stock NUMB-4", "client new 4712"]), @"
    $ client new 4712
    ! error: the clock says 2026-11-22 10:00, but the last entry was written at 2026-12-02 10:00
    !   entries never go back in time: by this clock nothing is recorded before 2026-12-02 10:00, 10 days away
    ! hint: set the clock right, where it is wrong
    ! hint: where it is right, it was ahead when that entry was written: lotbook audit log --limit 1
    ! hint: until then reading works; keep what is done on paper, and record it then, with --at when it was done
    exit 4
    $ stock NUMB-4
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    ! warning: the clock says 2026-11-22 10:00, but the last entry was written at 2026-12-02 10:00: what depends on today may be wrong
    $ client new 4712
    ! error: the clock says 2026-11-22 10:00, but the last entry was written at 2026-12-02 10:00
    !   entries never go back in time: by this clock nothing is recorded before 2026-12-02 10:00, 10 days away
    ! hint: set the clock right, where it is wrong
    ! hint: where it is right, it was ahead when that entry was written: lotbook audit log --limit 1
    ! hint: until then reading works; keep what is done on paper, and record it then, with --at when it was done
    exit 4
    ");
    clinic.wait_seconds(10 * 86_400 - 60);
    clinic.ok("client new 4712");
    let stock = clinic.run("stock");
    assert_eq!(stock.stderr, "", "{stock}");
}

#[test]
fn a_note_that_says_nothing_is_refused_and_the_book_still_verifies() {
    let clinic = Clinic::stocked();
    for line in [
        "waste 1 CART-12/24C0110 --reason other --note ''",
        "waste 1 CART-12/24C0110 --reason other --note ' '",
        "waste 1 CART-12/24C0110 --reason dropped --note ''",
        "lot hold CART-12/24C0110 --reason other --note ''",
        "lot release CART-12/24C0110 --reason other --note ' '",
        "undo 15 --reason other --note '   '",
        "session stop S-0001 --reason other --note ''",
        "session void S-0001 --reason other --note ''",
        "session finish S-0001 --despite one --reason other --note ''",
    ] {
        let refused = clinic.run(line);
        assert_eq!(refused.code, 3, "{line}\n{refused}");
        assert!(refused.stderr.contains("the note says nothing"), "{line}\n{refused}");
    }
    insta::assert_snapshot!(all(
        &clinic,
        &[
            "waste 1 CART-12/24C0110 --reason other --note ''",
            "waste 1 CART-12/24C0110 --reason dropped --note ' '",
            "waste 1 CART-12/24C0110 --reason other --note 'it rolled off'",
        ]
    ), @r#"
    $ waste 1 CART-12/24C0110 --reason other --note ''
    ! error: the note says nothing
    !   it holds no word
    ! hint: add words about the work: --note "..."
    exit 3
    $ waste 1 CART-12/24C0110 --reason dropped --note ' '
    ! error: the note says nothing
    !   it holds no word
    ! hint: write a word in --note, or leave --note out
    exit 3
    $ waste 1 CART-12/24C0110 --reason other --note 'it rolled off'
    1 each of CART-12/24C0110 from stockroom to waste: other  #16 [root]
    "#);
    clinic.ok("audit verify");
}
