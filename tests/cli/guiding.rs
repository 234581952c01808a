//! What is said to somebody who does something wrong, or is about to: it helps, and what it tells
//! them to type works.

use super::chair::chair;
use super::checking;
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

/// The same answer to every question of the screening.
fn answers(answer: &str) -> String {
    let questions = "skin_problem allergy_to_steel_or_anesthetic bleeding_disorder pregnant \
        isotretinoin_now isotretinoin_recent keloid_history scleroderma hsv_history \
        anticoagulants immunosuppression anesthetic_risk";
    questions.split(' ').map(|name| format!(" {name}={answer}")).collect()
}

#[test]
fn what_is_pressing_is_told_first_and_what_was_left_out_last() {
    let clinic = chair().acting("ben");
    clinic.ok(&format!("session log screening{}", answers("no")));
    insta::assert_snapshot!(all(&clinic, &[
        "session log anesthetic-on --use NUMB-4",
        "session log consent",
    ]), @"
    $ session log anesthetic-on --use NUMB-4
    S-0001 C-7F3K9QWX: anesthetic-on at 10:00  #20 [root]
    ! note: opened K-0001 of NUMB-4/L77, discard by 2026-12-20
    ! note: used 2.5 g of NUMB-4/L77 from K-0001
    ! warning: cleanse-before-cream (minor): anesthetic-on at 10:00 has no cleanse before it
    ! note: next: anesthetic-off: from 10:20, in 20 min, until 11:00
    ! note: next: identity: now
    ! note: next: consent: now
    ! note: next: and 9 more: lotbook session show S-0001
    $ session log consent
    S-0001 C-7F3K9QWX: consent at 10:00  #23 [root]
    ! note: next: anesthetic-off: from 10:20, in 20 min, until 11:00
    ! note: next: identity: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    ");
    clinic.wait_seconds(1500);
    clinic.ok("session log anesthetic-off");
    clinic.ok("session log skin-prep");
    clinic.ok("session log time-out");
    insta::assert_snapshot!(all(&clinic, &[
        "session log needling depth=1 passes=2 --use CART-12",
        "session log sharps",
    ]), @"
    $ session log needling depth=1 passes=2 --use CART-12
    S-0001 C-7F3K9QWX: needling on cheeks at 10:25, depth 1 mm, passes 2  #27 [root]
    ! note: used 1 each of CART-12/24C0110 from stockroom
    ! warning: identity-first (major): needling at 10:25 has no identity before it
    ! warning: photo-first (minor): needling at 10:25 has no before-photo before it
    ! note: next: reaction-check: now
    ! note: next: sharps: now
    ! note: next: after-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log sharps
    S-0001 C-7F3K9QWX: sharps at 10:25  #29 [root]
    ! note: next: reaction-check: now
    ! note: next: after-care-given: now
    ! note: next: identity: left out so far
    ! note: next: and 7 more: lotbook session show S-0001
    ");
}

#[test]
fn two_open_sessions_are_told_apart_by_what_the_hint_says() {
    let clinic = chair().acting("ben");
    clinic.ok("client new 4711");
    clinic.ok("session start acne-scars-face --client 4711 --areas chin");
    let lines = ["session show", "session finish", "session stop --reason client-left"];
    for line in lines {
        let refused = clinic.run(line);
        assert!(refused.stderr.contains("hint: say which: --session S-0001"), "{refused}");
    }
    let twice = clinic.run("session show S-0001 --session S-0002");
    assert_eq!(twice.code, 2, "{twice}");
    let stopping = clinic.run(&format!("session log screening{} --session S-0002", answers("yes")));
    let hint = "lotbook session stop S-0002 --reason screening";
    assert!(stopping.stderr.contains(hint), "{stopping}");
    clinic.ok("session show --session S-0001");
    clinic.ok("session stop --reason client-left --session S-0001");
    clinic.ok("session finish --session S-0002");
}

#[test]
fn the_end_of_a_session_is_told_to_the_second_so_that_the_hint_works() {
    let clinic = chair().acting("ben");
    clinic.wait_seconds(20);
    clinic.ok("session log consent --session S-0001");
    clinic.wait_seconds(90);
    let at = "--at '2026-11-22 10:00'";
    let refused = clinic.run(&format!("session stop S-0001 --reason client-left {at}"));
    let hint = refused.stderr.lines().find(|line| line.starts_with("hint: end it")).unwrap();
    let at = hint.split_once("--at ").unwrap().1.split(", or").next().unwrap();
    clinic.ok(&format!("session stop S-0001 --reason client-left --at {at}"));
}

#[test]
fn a_lot_that_was_used_up_is_found_by_nearly_its_name() {
    let clinic = Clinic::stocked();
    clinic.ok("waste 20 CART-12/24C0110 --reason dropped");
    insta::assert_snapshot!(all(&clinic, &[
        "trace lot CART-12/24c0110",
        "trace lot CART-12/24C0111",
        "trace lot CART-12/NOPE",
        "audit log --product CART-12 --action lot.receive",
    ]), @"
    $ trace lot CART-12/24c0110
    ! error: there is no lot 24c0110 of CART-12
    ! hint: did you mean CART-12/24C0110?
    ! hint: see its lots: lotbook stock --lots CART-12
    ! hint: also those used up: lotbook audit log --product CART-12 --action lot.receive
    exit 3
    $ trace lot CART-12/24C0111
    ! error: there is no lot 24C0111 of CART-12
    ! hint: did you mean CART-12/24C0110?
    ! hint: see its lots: lotbook stock --lots CART-12
    ! hint: also those used up: lotbook audit log --product CART-12 --action lot.receive
    exit 3
    $ trace lot CART-12/NOPE
    ! error: there is no lot NOPE of CART-12
    ! hint: see its lots: lotbook stock --lots CART-12
    ! hint: also those used up: lotbook audit log --product CART-12 --action lot.receive
    exit 3
    $ audit log --product CART-12 --action lot.receive
     #  happened          late  by   action       what                                          standing
    --  ----------------  ----  ---  -----------  --------------------------------------------  --------
    12  2026-11-22 10:00        ana  lot.receive  5 each CART-12/23B0412, supplier ->
                                                  stockroom
    11  2026-11-22 10:00        ana  lot.receive  20 each CART-12/24C0110, supplier ->
                                                  stockroom
    ");
}

#[test]
fn what_no_device_shows_is_refused_whatever_is_said() {
    let clinic = chair().acting("ben");
    let why = "--despite needling.record.depth --reason recorded-late";
    for depth in ["-1", "2.75", "1000000000000000000000"] {
        let line = format!("session log needling@cheeks depth={depth} passes=2 {why}");
        let refused = clinic.run(&format!("{line} --session S-0001"));
        assert_eq!(refused.code, 3, "{refused}");
        assert!(!refused.stderr.contains("--despite"), "{refused}");
    }
}

#[test]
fn stock_says_why_nothing_is_usable() {
    let clinic = Clinic::stocked();
    clinic.ok("lot hold HA-01/007 --reason temperature");
    clinic.ok("lot hold HA-01/7 --reason temperature");
    clinic.ok("waste 20 CART-12/24C0110 --reason dropped");
    clinic.ok("product add CART-36 --category cartridge");
    insta::assert_snapshot!(all(&clinic, &["stock", "stock --place room-1"]), @"
    $ stock
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------------
    CART-12  cartridge         5       0     0        5  each     0               expired
    CART-36  cartridge         0       0     0        0  each     0               out of stock
    HA-01    serum            15       0    15        0  ml       0               held
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    $ stock --place room-1
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ---------
    CART-12  cartridge         0       0     0        0  each     0               none here
    CART-36  cartridge         0       0     0        0  each     0               none here
    HA-01    serum             0       0     0        0  ml       0               none here
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    ");
}

#[test]
fn a_noun_without_a_verb_says_nothing_of_how_the_program_is_built() {
    let clinic = Clinic::without_book();
    for noun in
        ["lot", "product", "place", "staff", "client", "audit", "protocol", "trace", "session"]
    {
        let said = clinic.run(noun);
        assert!(!said.to_string().contains("built"), "{said}");
    }
}

#[test]
fn an_unknown_protocol_is_told_with_what_can_be_started() {
    let clinic = chair().acting("ben");
    insta::assert_snapshot!(all(&clinic, &[
        "session start acne-scars-face@2025.1 --client C-7F3K9QWX --areas chin",
        "session start acne-scar-face --client C-7F3K9QWX --areas chin",
        "session start tattoos --client C-7F3K9QWX --areas chin",
        "session stop --reason client-left --at '5 min ago'",
    ]), @r#"
    $ session start acne-scars-face@2025.1 --client C-7F3K9QWX --areas chin
    ! error: no protocol acne-scars-face@2025.1 is published in this book
    !   published are acne-scars-face@2026.1
    ! hint: leave the version out for the newest: acne-scars-face
    ! hint: see those that there are: lotbook protocol list
    exit 3
    $ session start acne-scar-face --client C-7F3K9QWX --areas chin
    ! error: no protocol acne-scar-face is published in this book
    !   published are acne-scars-face@2026.1
    ! hint: did you mean acne-scars-face?
    ! hint: see those that there are: lotbook protocol list
    exit 3
    $ session start tattoos --client C-7F3K9QWX --areas chin
    ! error: no protocol tattoos is published in this book
    !   published are acne-scars-face@2026.1
    ! hint: a manager publishes one: lotbook protocol publish FILE
    ! hint: see those that there are: lotbook protocol list
    exit 3
    $ session stop --reason client-left --at '5 min ago'
    ! error: `5 min ago` is not a time
    ! hint: write 10:40, "yesterday 16:00", "2026-11-22 10:40", "before 812" (an entry) or 2026-11-22T10:40:00+01:00
    exit 2
    "#);
}

#[test]
fn what_holds_from_its_entry_on_takes_no_earlier_time() {
    let clinic = Clinic::stocked();
    for line in [
        "product add X --category cartridge",
        "product edit CART-12 --attr needles=36",
        "product retire CART-12",
        "staff add eva --role technician",
        "staff edit ben --certificate laser=2027-06-30",
        "place add room-2 --kind room",
        "client new 4711",
        "protocol publish acne-scars-face",
    ] {
        let refused = clinic.run(&format!("{line} --at 'yesterday 16:00'"));
        assert_eq!(refused.code, 2, "`{line}` answered\n{refused}");
        assert!(refused.stderr.contains("from its entry on"), "{refused}");
        clinic.ok(line);
    }
}

#[test]
fn a_product_that_was_retired_by_a_slip_is_taken_into_use_again() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "product retire CART-12",
        "undo 16 --reason duplicate",
        "product add CART-12 --category cartridge",
        "receive 1 CART-12/24C0110",
        "product edit CART-12 --in-use",
        "product edit CART-12 --in-use",
        "stock CART-12",
        "audit log --product CART-12 --action product.edit",
    ]), @"
    $ product retire CART-12
    product CART-12 retired; 25 each of it are left  #16 [root]
    ! note: what is left can't be used: lotbook stock --lots CART-12
    ! hint: if that was a slip, take it into use again: lotbook product edit CART-12 --in-use
    $ undo 16 --reason duplicate
    ! error: #16 is `product.retire`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: take it into use again: lotbook product edit SKU --in-use
    exit 3
    $ product add CART-12 --category cartridge
    ! error: there is a product CART-12 already
    !   SKUs are unique, whatever their case
    ! hint: take it into use again: lotbook product edit CART-12 --in-use
    exit 3
    $ receive 1 CART-12/24C0110
    ! error: the following required arguments were not provided:
    !   --from <FROM>
    !   usage: lotbook receive --from <FROM> <WHAT>...
    ! hint: see how it is written: lotbook receive --help
    exit 2
    $ product edit CART-12 --in-use
    product CART-12: retired yes -> nothing  #17 [root]
    $ product edit CART-12 --in-use
    product CART-12 is as it was: nothing to change
    $ stock CART-12
    product  category   on hand  usable  held  expired  unit  open  next expiry  status
    -------  ---------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge       25      20     0        5  each     0  2027-03-31   usable

    usable on 2026-11-22
    $ audit log --product CART-12 --action product.edit
     #  happened          late  by   action        what                             standing
    --  ----------------  ----  ---  ------------  -------------------------------  --------
    17  2026-11-22 10:00        ana  product.edit  CART-12, retired yes -> nothing
    ");
    clinic.ok("audit verify");
    let copy = clinic.home().join("copy.lotbook");
    clinic.ok(&format!("copy --to '{}'", copy.display()));
}

#[test]
fn a_session_that_passes_with_failed_minor_rules_is_shown_with_them() {
    let clinic = checking::clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    clinic.ok("session log consent signed=yes");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
    clinic.ok("session finish");
    clinic.wait_days(80);
    insta::assert_snapshot!(all(&clinic, &["check S-0001", "check --all"]), @"
    $ check S-0001
    S-0001 passes, 1 minor rule failed: face@1, client C-1, finished, of 2026-11-22
    rule        verdict  severity  because                                                       entries
    ----------  -------  --------  ------------------------------------------------------------  -------
    seen-again  fail     minor     needling at 2026-11-22 10:00 was not followed by review       #20
                                   until 2027-01-06

    a minor rule is shown, and its session can pass
    $ check --all
    session  client  protocol  day         state     verdict  failed rules        lots held
    -------  ------  --------  ----------  --------  -------  ------------------  ---------
    S-0001   C-1     face@1    2026-11-22  finished  pass     seen-again (minor)

    1 session judged: 1 pass; 1 of those that pass failed minor rules
    ");
}

#[test]
fn what_is_typed_the_german_way_or_the_wrong_way_round_is_told_how_to_write_it() {
    let clinic = chair().acting("ben");
    insta::assert_snapshot!(all(&clinic, &[
        "session log needling depth=0,5",
        "session log after-care-serum --use '1,5 ml HA-01'",
        "session log after-care-serum --use 'HA-01 1.5 ml'",
        "stock --expiring -5d",
        "stock --place stockrom",
        "stock --place Fridges",
        "stock --place attic",
        "session list --staff bem",
        "session list --staff BEN",
    ]), @r#"
    $ session log needling depth=0,5
    ! error: depth=0,5 is not a number, and needling asks for one
    ! hint: write a point: depth=0.5
    exit 3
    $ session log after-care-serum --use '1,5 ml HA-01'
    ! error: `1,5 ml HA-01` is not a SKU: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: see the products: lotbook product list
    ! hint: an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    ! hint: a quantity stands before its item, with a point: "1.5 ml SKU"
    exit 3
    $ session log after-care-serum --use 'HA-01 1.5 ml'
    ! error: `HA-01 1.5 ml` is not a SKU: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: see the products: lotbook product list
    ! hint: an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    ! hint: a quantity stands before its item, with a point: "1.5 ml SKU"
    exit 3
    $ stock --expiring -5d
    ! error: `-5` is a negative number, which has no place here
    ! hint: write a number above 0, and leave the sign out
    exit 2
    $ stock --place stockrom
    ! error: there is no place stockrom
    !   the clinic has fridge, room-1, stockroom
    ! hint: did you mean stockroom?
    exit 3
    $ stock --place Fridges
    ! error: there is no place Fridges
    !   the clinic has fridge, room-1, stockroom
    ! hint: did you mean fridge?
    exit 3
    $ stock --place attic
    ! error: there is no place attic
    !   the clinic has fridge, room-1, stockroom
    ! hint: see them: lotbook place list
    ! hint: a new one is named first: lotbook place add attic
    exit 3
    $ session list --staff bem
    ! error: nobody in this book has the id bem
    ! hint: see who is in the book: lotbook staff list
    exit 3
    $ session list --staff BEN
    session  client      protocol                areas   place  staff  started           ended  state
    -------  ----------  ----------------------  ------  -----  -----  ----------------  -----  -----
    S-0001   C-7F3K9QWX  acne-scars-face@2026.1  cheeks         ben    2026-11-22 10:00         open
    "#);
}

#[test]
fn a_reason_for_waste_that_the_book_knows_better_is_doubted_aloud() {
    let clinic = Clinic::stocked();
    clinic.ok("open NUMB-4");
    insta::assert_snapshot!(all(&clinic, &[
        "waste 1 CART-12/24C0110 --reason expired",
        "waste 1 CART-12/24C0110 --reason discard-by",
        "waste '1 g' K-0001 --reason discard-by",
        "waste 1 CART-12/23B0412 --reason expired",
    ]), @"
    $ waste 1 CART-12/24C0110 --reason expired
    1 each of CART-12/24C0110 from stockroom to waste: expired  #17 [root]
    ! warning: CART-12/24C0110 expires 2027-03-31: it had not expired on 2026-11-22; the reason was recorded as expired
    ! hint: to take it back: lotbook undo 17 --reason 'mis-scan|wrong-item|wrong-quantity|wrong-place|wrong-session|duplicate'
    $ waste 1 CART-12/24C0110 --reason discard-by
    1 each of CART-12/24C0110 from stockroom to waste: discard-by  #18 [root]
    ! warning: CART-12/24C0110 was not opened, so it has no discard-by; the reason was recorded as discard-by
    ! hint: to take it back: lotbook undo 18 --reason 'mis-scan|wrong-item|wrong-quantity|wrong-place|wrong-session|duplicate'
    $ waste '1 g' K-0001 --reason discard-by
    1 g of NUMB-4/L77 from K-0001 to waste: discard-by  #19 [root]
    ! warning: K-0001 may be used until 2026-12-20; the reason was recorded as discard-by
    ! hint: to take it back: lotbook undo 19 --reason 'mis-scan|wrong-item|wrong-quantity|wrong-place|wrong-session|duplicate'
    $ waste 1 CART-12/23B0412 --reason expired
    1 each of CART-12/23B0412 from stockroom to waste: expired  #20 [root]
    ");
}

#[test]
fn a_cream_taken_off_again_is_told_of_the_first_time_only_where_there_was_one() {
    let clinic = chair().acting("ben");
    let said = clinic.run("session log anesthetic-off").stderr;
    assert!(!said.contains("since the anesthetic-off"), "{said}");
    let said = clinic.run("session log anesthetic-off").stderr;
    assert!(said.contains("since the anesthetic-off"), "{said}");
}

#[test]
fn a_clearance_by_somebody_who_may_not_give_it_is_said_to_clear_nothing() {
    let clinic = chair().acting("ben");
    let answers = answers("no").replace("hsv_history=no", "hsv_history=yes");
    clinic.ok(&format!("session log screening{answers}"));
    let said = clinic.run("session log prescriber-clearance hsv_history=cleared").stderr;
    let why = "hsv_history=cleared clears nothing: whoever logged it may not clear it";
    assert!(said.contains(why), "{said}");
    let said = clinic
        .run("session log prescriber-clearance hsv_history=cleared --as pia --session S-0001");
    assert!(!said.stderr.contains("clears nothing"), "{said}");
}

#[test]
fn a_session_that_is_started_twice_is_said_aloud_with_the_way_back() {
    let clinic = chair().acting("ben");
    let again = "session start acne-scars-face --client C-7F3K9QWX --areas cheeks";
    let said = clinic.run(again).stderr;
    assert!(said.contains("warning: C-7F3K9QWX has S-0001 open already, since "), "{said}");
    let hint = "lotbook session void S-0002 --reason duplicate";
    assert!(said.contains(hint), "{said}");
    clinic.ok(hint.strip_prefix("lotbook ").unwrap());
}

#[test]
fn a_person_at_the_terminal_is_asked_for_the_scan() {
    let clinic = Clinic::stocked().attended();
    let said = clinic.run_with("stock -", "(01)09504000059118(10)24C0110\n");
    assert_eq!((said.code, &*said.stderr), (0, "scan: "), "{said}");
}

#[test]
fn a_thousand_pieces_are_not_one() {
    let refused = Clinic::stocked().run("receive 1.000 CART-12 --lot X --from Lind");
    assert_eq!(refused.code, 3, "{refused}");
    assert!(refused.stderr.contains("`1.000` is not a whole number of pieces"), "{refused}");
}
