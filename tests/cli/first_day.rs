//! What somebody meets on the first day with a shelf: cases, sealed packs, words that are wrong.

use crate::clinic::{Clinic, all};

const CASE: &str = "product edit CART-12 --gtin 19504000059115=10";

#[test]
fn what_is_sealed_is_thrown_away_whole() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "waste 1 NUMB-4/L77 --reason dropped",
        "waste '1 pack' NUMB-4/L77 --reason dropped",
        "open NUMB-4/L77",
        "waste '2 g' NUMB-4/L77 --reason dropped",
        "waste '2 g' K-0001 --reason partial-container",
    ]), @r#"
    $ waste 1 NUMB-4/L77 --reason dropped
    ! error: 1 g is not whole packs of 30 g
    !   NUMB-4 is opened a whole pack at a time
    ! hint: did you mean "1 pack"?
    exit 3
    $ waste '1 pack' NUMB-4/L77 --reason dropped
    30 g of NUMB-4/L77 from room-1 to waste: dropped  #16 [root]
    $ open NUMB-4/L77
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #17 [root]
    $ waste '2 g' NUMB-4/L77 --reason dropped
    ! error: 2 g is not whole packs of 30 g
    !   NUMB-4 is opened a whole pack at a time
    ! hint: did you mean "1 pack"?
    ! hint: if it was in K-0001, which is open: lotbook waste "2 g" K-0001 --reason CODE
    exit 3
    $ waste '2 g' K-0001 --reason partial-container
    2 g of NUMB-4/L77 from K-0001 to waste: partial-container  #18 [root]
    "#);
}

#[test]
fn a_number_beside_the_scan_of_a_case_is_no_guess() {
    let clinic = Clinic::stocked();
    clinic.ok(CASE);
    insta::assert_snapshot!(all(&clinic, &[
        "receive '2 packs' '(01)19504000059115(17)270331(10)24C0110' --from Lind",
        "receive 2 '(01)19504000059115(17)270331(10)24C0110' --from Lind",
        "waste 1 '(01)19504000059115(17)270331(10)24C0110' --reason dropped",
        "waste '1 each' CART-12/24C0110 --reason dropped",
    ]), @r#"
    $ receive '2 packs' '(01)19504000059115(17)270331(10)24C0110' --from Lind
    2 each in 2 packs of CART-12/24C0110 into stockroom, expiry 2027-03-31  #17 [root]
    ! warning: the scan is of a case of 10 packs, and 2 packs were typed: 2 each of CART-12 came in, where 2 such cases would be 20 each
    $ receive 2 '(01)19504000059115(17)270331(10)24C0110' --from Lind
    20 each in 20 packs of CART-12/24C0110 into stockroom, expiry 2027-03-31  #18 [root]
    $ waste 1 '(01)19504000059115(17)270331(10)24C0110' --reason dropped
    ! error: 1 of what is not clear: 10 each or 1 each of CART-12
    !   the scan is of a case of 10 packs
    ! hint: counted in cases: lotbook waste "10 each" CART-12/24C0110 --reason CODE
    ! hint: counted alone: lotbook waste "1 each" CART-12/24C0110 --reason CODE
    exit 3
    $ waste '1 each' CART-12/24C0110 --reason dropped
    1 each of CART-12/24C0110 from stockroom to waste: dropped  #19 [root]
    "#);
}

#[test]
fn a_client_has_one_reference_that_does_not_say_who_it_is() {
    let clinic = Clinic::stocked();
    clinic.ok("protocol publish acne-scars-face");
    insta::assert_snapshot!(all(&clinic, &[
        "client new P-200",
        "client new p-200",
        "client new P-200",
        "session start acne-scars-face --client p-200 --areas cheeks",
        "session start acne-scars-face --client P-201 --areas cheeks",
        "client new 1980-05-12",
        "client new +49-30-1234567",
    ]), @"
    $ client new P-200
    P-200  #17 [root]
    $ client new p-200
    ! error: the book knows this client as P-200
    !   p-200 differs from it only in upper and lower case
    ! hint: write --client P-200
    exit 3
    $ client new P-200
    ! error: the reference P-200 is in use already
    ! hint: start a session with it, or take another
    exit 3
    $ session start acne-scars-face --client p-200 --areas cheeks
    ! error: the book does not know the client p-200
    !   it knows P-200, which differs only in upper and lower case
    ! hint: write --client P-200
    exit 3
    $ session start acne-scars-face --client P-201 --areas cheeks
    ! error: the book does not know the client P-201
    ! hint: take the reference into use: lotbook client new P-201
    exit 3
    $ client new 1980-05-12
    1980-05-12  #18 [root]
    ! warning: 1980-05-12 looks like a date, such as that of a birth: a reference should not say who somebody is
    ! hint: a random one says nothing: lotbook client new
    $ client new +49-30-1234567
    +49-30-1234567  #19 [root]
    ! warning: +49-30-1234567 looks like a telephone number: a reference should not say who somebody is
    ! hint: a random one says nothing: lotbook client new
    ");
}

#[test]
fn an_undo_says_what_it_took_back() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "open NUMB-4/L77",
        "undo 16 --reason mis-scan",
    ]), @"
    $ open NUMB-4/L77
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #16 [root]
    $ undo 16 --reason mis-scan
    reversed: #16 container.open: 30 g NUMB-4/L77 K-0001, room-1 -> container:K-0001  #17 [root]
    ");
}
