//! A new book, and the books that can't be opened.

use crate::clinic::Clinic;

#[test]
fn a_new_book_has_a_manager_and_a_stockroom() {
    let clinic = Clinic::without_book();
    insta::assert_snapshot!(clinic.run("init --clinic 'Clinic Lind' --zone Europe/Berlin \
        --currency EUR --manager 'ana=Ana Lind'"), @"
    book of Clinic Lind made at [home]/data/lotbook/clinic.lotbook  #0 [root]
    ! hint: say who acts in every command with --as ana, or once for all: export LOTBOOK_STAFF=ana
    ");
    insta::assert_snapshot!(clinic.run("staff list"), @"
    staff  name      roles    titles  certificates  limits
    -----  --------  -------  ------  ------------  ------
    ana    Ana Lind  manager
    ");
    insta::assert_snapshot!(clinic.run("place list"), @"
    place      kind
    ---------  ---------
    stockroom  stockroom
    ");
}

#[test]
fn a_stocked_clinic_knows_what_it_may_use() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(clinic.run("stock"), @"
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge        25      20     0        5  each     0  2027-03-31   usable
    HA-01    serum            15      15     0        0  ml       0  2027-01-31   usable
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    ");
    insta::assert_snapshot!(clinic.run("stock --lots"), @"
    product  lot      place      quantity  unit  expiry      discard by  days left  status
    -------  -------  ---------  --------  ----  ----------  ----------  ---------  --------------------
    CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired on
                                                                                    2026-10-31
    CART-12  24C0110  stockroom        20  each  2027-03-31                    129  usable
    HA-01    007      fridge           10  ml    2027-01-31                     70  usable
    HA-01    7        fridge            5  ml    2027-01-31                     70  usable
    NUMB-4   L77      room-1           90  g     2027-06-30                    220  usable

    usable on 2026-11-22
    ");
}
