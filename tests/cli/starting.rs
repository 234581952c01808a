//! A new book, and what the clock of the computer may not do to it.

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
    -------  -------  ---------  --------  ----  ----------  ----------  ---------  -------
    CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired
    CART-12  24C0110  stockroom        20  each  2027-03-31                    129  usable
    HA-01    007      fridge           10  ml    2027-01-31                     70  usable
    HA-01    7        fridge            5  ml    2027-01-31                     70  usable
    NUMB-4   L77      room-1           90  g     2027-06-30                    220  usable

    usable on 2026-11-22
    ");
}

#[test]
fn a_book_is_made_of_words_that_make_sense() {
    let clinic = Clinic::without_book();
    let init = |clinic_name: &str, zone: &str, currency: &str, manager: &str| {
        let line = format!(
            "init --clinic '{clinic_name}' --zone '{zone}' --currency '{currency}' \
            --manager '{manager}'"
        );
        clinic.run(&line).to_string()
    };
    insta::assert_snapshot!([
        init(" ", "Europe/Berlin", "EUR", "ana=Ana"),
        init("Lind", "Berlin", "EUR", "ana=Ana"),
        init("Lind", "Europe/Berlin", "euro", "ana=Ana"),
        init("Lind", "Europe/Berlin", "EUR", "Ana Lind"),
        init("Lind", "Europe/Berlin", "EUR", "=Ana"),
        init(&"x".repeat(1 << 20), "Europe/Berlin", "EUR", "ana"),
    ]
    .concat(), @r#"
    ! error: the clinic needs a name
    ! hint: write --clinic "..."
    exit 2
    ! error: `Berlin` is not a time zone
    ! hint: write an IANA name such as Europe/Berlin
    exit 2
    ! error: `euro` is not a currency code
    ! hint: write three capital letters of ISO 4217, such as EUR, USD or GBP
    exit 2
    ! error: `Ana Lind` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write a short id, and the name behind it: ana="Ana Lind"
    exit 2
    ! error: `` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write a short id, and the name behind it: ana="Ana Lind"
    exit 2
    ! error: the text of its facts is 1048670 bytes long
    !   the book holds at most 32768: an entry stays for ever
    ! hint: write it shorter
    exit 3
    "#);
    assert!(!clinic.book().exists(), "a refused book leaves no file");
    assert_eq!(init("Lind", "Europe/Berlin", "EUR", "ana").lines().count(), 2, "nor anything else");
}

#[test]
fn a_clock_behind_the_last_entry_writes_nothing() {
    let clinic = Clinic::stocked();
    clinic.wait_days(-1);
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: the clock says 2026-11-21 10:00, but the last entry was written at 2026-11-22 10:00
    !   entries never go back in time: by this clock nothing is recorded before 2026-11-22 10:00, 24 hours away
    ! hint: set the clock right, where it is wrong
    ! hint: where it is right, it was ahead when that entry was written: lotbook audit log --limit 1
    ! hint: until then reading works; keep what is done on paper, and record it then, with --at when it was done
    exit 4
    ");
    assert_eq!(clinic.run("stock").code, 0);
}

#[test]
fn the_beginning_of_a_command_shows_its_help() {
    let output = Clinic::stocked().run("lot");
    assert_eq!((output.code, output.stderr.as_str()), (2, ""));
    assert!(output.stdout.contains("Usage: lotbook lot"), "{output}");
}

#[test]
fn help_is_a_command_too() {
    let clinic = Clinic::new();
    for (asked, whole) in [("help", "--help"), ("help product add", "product add --help")] {
        assert_eq!(clinic.ok(asked), clinic.ok(whole), "{asked}");
    }
    let refused = clinic.run("help nothing");
    assert_eq!(refused.code, 2, "{refused}");
}
