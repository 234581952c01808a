//! What is said to somebody who does something wrong, or is about to: it helps, and what it tells
//! them to type works.

use crate::clinic::{Clinic, all};

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
