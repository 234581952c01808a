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
    20 each in 2 cases of 10 packs of CART-12/24C0110 into stockroom, expiry 2027-03-31  #18 [root]
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
        "session list --client p-200",
        "audit log --client p-200",
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
    $ session list --client p-200
    ! error: the book knows no client p-200
    ! hint: write --client P-200
    exit 3
    $ audit log --client p-200
    none
    ! hint: the book knows no client p-200: write --client P-200
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

#[test]
fn words_that_are_wrong_are_named_with_what_to_write() {
    let clinic = Clinic::stocked();
    clinic.ok("product add NUMB-5 --category anesthetic --unit g --pack '30 g' --opened-life 28d");
    clinic.ok("product retire NUMB-5");
    insta::assert_snapshot!(all(&clinic, &[
        "product add NUMB-6 --category anesthetic --pack '30 g' --opened-life 28d",
        "product add NUMB-6 --category anesthetic --pack 30 --opened-life 28d --dose '2,5 g'",
        "product edit CART-12 --gtin 09504000059118=ten",
        "product add 'CART 12' --category cartridge",
        "product show CART12",
        "receive twenty CART-12 --from X",
        "receive 20 pcs CART-12 --from X",
        "receive CART-12 20 --from X",
        "receive 20 NUMB-5 --lot none --expiry none --from X",
        "receive '2,5 g' NUMB-4 --from X",
        "receive 1 CRAT-12 --from X",
        "receive 1 CART-12 --lot N1 --expiry 2062-03 --from X",
        "waste '1 g K-0004' --reason dropped",
        "waste 1 g K-0004 --reason dropped",
        "waste K-0004 1 --reason dropped",
        "stock --as nobody-here",
        "open CART-12 --as nobody-here",
        "staff add zoe --role technician --as nobody-here",
    ]), @r#"
    $ product add NUMB-6 --category anesthetic --pack '30 g' --opened-life 28d
    ! error: NUMB-6 would be counted in each, and its pack or dose is said in g
    ! hint: say what it is counted in: --unit g
    exit 2
    $ product add NUMB-6 --category anesthetic --pack 30 --opened-life 28d --dose '2,5 g'
    ! error: `2,5 g` has a comma, and the book writes a decimal point
    ! hint: write the point: "2.5 g"
    exit 2
    $ product edit CART-12 --gtin 09504000059118=ten
    ! error: `ten` is not a count of packs
    !   a GTIN is followed by how many packs it holds, in digits
    ! hint: write it in digits: --gtin 09504000059118=10
    exit 2
    $ product add 'CART 12' --category cartridge
    ! error: invalid value 'CART 12' for '<SKU>': `CART 12` is not a new SKU: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write a name that begins with a letter, such as CART-12
    exit 2
    $ product show CART12
    ! error: there is no product CART12
    ! hint: did you mean CART-12?
    exit 3
    $ receive twenty CART-12 --from X
    ! error: `twenty` is not a quantity
    !   and `CART-12` is not the scan of an item twenty
    ! hint: write digits: lotbook receive 20 CART-12 ...
    exit 2
    $ receive 20 pcs CART-12 --from X
    ! error: `20 pcs` is not a quantity
    !   `pcs` is not a unit: units are each, g, ml and packs
    ! hint: leave the word out: lotbook receive 20 CART-12 ...
    exit 2
    $ receive CART-12 20 --from X
    ! error: the quantity "20" stands last
    !   a delivery is [QTY] ITEM [SCAN]: the quantity comes first
    ! hint: turn them round: lotbook receive 20 CART-12 ...
    exit 2
    $ receive 20 NUMB-5 --lot none --expiry none --from X
    ! error: NUMB-5 is retired: it is not received any more
    ! hint: see the products in use: lotbook product list
    ! hint: a manager can take it into use again: lotbook product edit NUMB-5 --in-use
    exit 3
    $ receive '2,5 g' NUMB-4 --from X
    ! error: `2,5 g` has a comma, and the book writes a decimal point
    ! hint: write the point: "2.5 g"
    exit 2
    $ receive 1 CRAT-12 --from X
    ! error: there is no product CRAT-12
    ! hint: did you mean CART-12?
    exit 3
    $ receive 1 CART-12 --lot N1 --expiry 2062-03 --from X
    1 each of CART-12/N1 into stockroom, expiry 2062-03-31  #18 [root]
    ! warning: lot CART-12/N1 expires in 35 years, on 2062-03-31: look at the label again
    $ waste '1 g K-0004' --reason dropped
    ! error: `1 g K-0004` is not [QTY] ITEM
    !   the quantity is one word before the item, in quotes where it holds a blank
    ! hint: lotbook waste "1 g" K-0004 --reason CODE
    exit 2
    $ waste 1 g K-0004 --reason dropped
    ! error: `1 g K-0004` is not [QTY] ITEM
    !   the quantity is one word before the item, in quotes where it holds a blank
    ! hint: lotbook waste "1 g" K-0004 --reason CODE
    exit 2
    $ waste K-0004 1 --reason dropped
    ! error: `K-0004 1` is not [QTY] ITEM
    !   the quantity is one word before the item, in quotes where it holds a blank
    ! hint: lotbook waste "1" K-0004 --reason CODE
    exit 2
    $ stock --as nobody-here
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  -------
    CART-12  cartridge        26      21     0        5  each     0  2027-03-31   usable
    HA-01    serum            15      15     0        0  ml       0  2027-01-31   usable
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable
    NUMB-5   anesthetic        0       0     0        0  g        0               retired

    usable on 2026-11-22
    $ open CART-12 --as nobody-here
    ! error: nobody in this book has the id nobody-here
    !   the book knows ana, ben, ivo, pia
    ! hint: say who acts by one of these ids: --as ID, or LOTBOOK_STAFF=ID
    ! hint: a manager adds people: lotbook staff add nobody-here --role technician --as ana
    exit 3
    $ staff add zoe --role technician --as nobody-here
    ! error: nobody in this book has the id nobody-here
    !   the book knows ana, ben, ivo, pia
    ! hint: say who acts by one of these ids: --as ID, or LOTBOOK_STAFF=ID
    ! hint: a manager adds people: lotbook staff add nobody-here --role technician --as ana
    exit 3
    "#);
}

#[test]
fn a_name_for_the_first_manager_says_what_it_may_hold() {
    let clinic = Clinic::without_book();
    insta::assert_snapshot!(all(&clinic, &[
        "init --clinic C --zone Europe/Berlin --currency EUR --manager 'ana lind=Ana'",
    ]), @r#"
    $ init --clinic C --zone Europe/Berlin --currency EUR --manager 'ana lind=Ana'
    ! error: `ana lind` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write a short id, and the name behind it: ana="Ana Lind"
    exit 2
    "#);
}
