//! What a serial number names: one pack as it is labelled.

use crate::clinic::{Clinic, all};

/// The clinic of these stories: one more cartridge, `NEEDLE`, of which nothing is there.
fn clinic() -> Clinic {
    let clinic = Clinic::stocked();
    clinic.ok("product add NEEDLE --category cartridge --gtin 09504000059149");
    clinic
}

/// The same with a client in the chair of `ben`.
fn chair() -> Clinic {
    let clinic = clinic();
    clinic.ok("protocol publish acne-scars-face");
    clinic.ok("client new C-7F3K9QWX");
    clinic.ok("session start acne-scars-face --client C-7F3K9QWX --areas cheeks --as ben");
    clinic.acting("ben")
}

#[test]
fn two_pieces_are_not_used_under_one_number() {
    let clinic = chair();
    for serial in ["AAA", "BBB"] {
        let pack = format!("'(01)09504000059149(17)290630(10)A1(21){serial}'");
        clinic.ok(&format!("receive {pack} --from Lind --as ana"));
    }
    insta::assert_snapshot!(all(&clinic, &[
        "session log consent --use \"2 (01)09504000059149(10)A1(21)AAA\"",
        "session log consent --use '(01)09504000059149(21)AAA' --use '(01)09504000059149(21)AAA'",
        "session log consent --use '1 (01)09504000059149(10)A1(21)AAA' \
            --use '(01)09504000059149(10)A1(21)BBB'",
        "session log consent --use '(01)09504000059149(10)A1(21)BBB'",
    ]), @r#"
    $ session log consent --use "2 (01)09504000059149(10)A1(21)AAA"
    ! error: serial AAA names one pack, not 2 each
    ! hint: leave the quantity out, or name the lot as SKU/LOT
    exit 3
    $ session log consent --use '(01)09504000059149(21)AAA' --use '(01)09504000059149(21)AAA'
    ! error: this step uses serial AAA of NEEDLE twice
    !   a serial number names one pack, which is used once
    ! hint: name each pack once
    exit 3
    $ session log consent --use '1 (01)09504000059149(10)A1(21)AAA' --use '(01)09504000059149(10)A1(21)BBB'
    S-0001 C-7F3K9QWX: consent at 10:00  #22 [root]
    ! note: used 1 each of NEEDLE/A1 from stockroom
    ! note: used 1 each of NEEDLE/A1 from stockroom
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '(01)09504000059149(10)A1(21)BBB'
    ! error: serial BBB of NEEDLE can't be used again
    !   it was used in S-0001
    ! hint: take a new one from its pack
    exit 3
    "#);
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_tube_that_was_received_by_its_number_is_used_by_scanning_it() {
    let clinic = chair();
    let tube = "(01)09504000059125(17)270630(10)L77(21)T1";
    clinic.ok(&format!("receive '{tube}' --to stockroom --from Lind --as ana"));
    insta::assert_snapshot!(all(&clinic, &[
        "session log consent --use '(01)09504000059125(10)L77(21)T1'",
        "session log consent --use '1.5 g (01)09504000059125(10)L77(21)T1'",
        "open '(01)09504000059125(10)L77(21)T1'",
        "receive '(01)09504000059125(10)L77(21)T1' --from Lind --as ana",
        "receive K-0001 '(01)09504000059125(10)L77(21)T2' --from Lind --as ana",
        "scan '(01)09504000059125(10)L77(21)T1'",
        "waste '(01)09504000059125(10)L77(21)T1' --reason contaminated",
        "waste '(01)09504000059125(10)L77(21)T1' --reason contaminated",
        "audit log --serial T1 --as ana",
    ]), @"
    $ session log consent --use '(01)09504000059125(10)L77(21)T1'
    S-0001 C-7F3K9QWX: consent at 10:00  #21 [root]
    ! note: opened K-0001 of NUMB-4/L77, discard by 2026-12-20
    ! note: used 2.5 g of NUMB-4/L77 from K-0001
    ! note: no rule of consent asks for NUMB-4
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '1.5 g (01)09504000059125(10)L77(21)T1'
    S-0001 C-7F3K9QWX: consent at 10:00  #24 [root]
    ! note: used 1.5 g of NUMB-4/L77 from K-0001
    ! note: no rule of consent asks for NUMB-4
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ open '(01)09504000059125(10)L77(21)T1'
    ! error: serial T1 of NUMB-4 is open already, as K-0001
    !   a pack is opened once, and then taken from
    ! hint: log its use: lotbook session log STEP --use K-0001
    ! hint: to open another pack: lotbook open NUMB-4
    exit 3
    $ receive '(01)09504000059125(10)L77(21)T1' --from Lind --as ana
    ! error: serial T1 of NUMB-4 is in the book already
    !   a serial number names one pack, which arrives once
    ! hint: see its history: lotbook audit log --product NUMB-4 --serial T1
    exit 3
    $ receive K-0001 '(01)09504000059125(10)L77(21)T2' --from Lind --as ana
    ! error: a container is opened from stock, never delivered
    ! hint: say what arrived: lotbook receive QTY NUMB-4 ...
    exit 3
    $ scan '(01)09504000059125(10)L77(21)T1'
    kind     gs1
    GTIN     09504000059125
    product  NUMB-4
    lot      L77
    serial   T1

    Elements
    element  name           value
    -------  -------------  --------------
    01       GTIN           09504000059125
    10       lot            L77
    21       serial number  T1

    Left
    lot  place   quantity  unit  expiry      discard by  status
    ---  ------  --------  ----  ----------  ----------  ------
    L77  K-0001        26  g     2027-06-30  2026-12-20  usable

    it may be used on 2026-11-22
    a delivery of it would be refused: serial T1 of NUMB-4 is in the book already
    $ waste '(01)09504000059125(10)L77(21)T1' --reason contaminated
    26 g of NUMB-4/L77 from K-0001 to waste: contaminated  #26 [root]
    $ waste '(01)09504000059125(10)L77(21)T1' --reason contaminated
    ! error: there is no NUMB-4 in K-0001 to throw away
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    $ audit log --serial T1 --as ana
     #  happened          late  by   action          what                                       standing
    --  ----------------  ----  ---  --------------  -----------------------------------------  --------
    21  2026-11-22 10:00        ben  container.open  30 g NUMB-4/L77 T1 K-0001, stockroom ->
                                                     container:K-0001
    20  2026-11-22 10:00        ana  lot.receive     30 g NUMB-4/L77 T1, supplier -> stockroom
    ");
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_tube_that_was_opened_by_its_number_is_that_container() {
    let clinic = chair();
    let tube = "(01)09504000059125(17)270630(10)L77(21)T1";
    clinic.ok(&format!("receive '{tube}' --to stockroom --from Lind --as ana"));
    clinic.ok("open NUMB-4/L77");
    insta::assert_snapshot!(all(&clinic, &[
        "open '(01)09504000059125(21)T1'",
        "session log consent --use '(01)09504000059125(21)T1'",
        "undo 23 --reason mis-scan",
        "undo 22 --reason mis-scan",
        "scan '(01)09504000059125(21)T1'",
        "waste '(01)09504000059125(21)T1' --reason dropped",
        "open '(01)09504000059125(21)T1'",
    ]), @"
    $ open '(01)09504000059125(21)T1'
    K-0002 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #22 [root]
    $ session log consent --use '(01)09504000059125(21)T1'
    S-0001 C-7F3K9QWX: consent at 10:00  #23 [root]
    ! note: used 2.5 g of NUMB-4/L77 from K-0002
    ! note: no rule of consent asks for NUMB-4
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ undo 23 --reason mis-scan
    reversed: #23 session.step: S-0001 consent C-7F3K9QWX; #24 stock.use: S-0001 consent C-7F3K9QWX, 2.5 g NUMB-4/L77 K-0002, container:K-0002 -> session:S-0001  #25 [root]
    $ undo 22 --reason mis-scan
    reversed: #22 container.open: 30 g NUMB-4/L77 T1 K-0002, stockroom -> container:K-0002  #27 [root]
    $ scan '(01)09504000059125(21)T1'
    kind     gs1
    GTIN     09504000059125
    product  NUMB-4
    serial   T1

    Elements
    element  name           value
    -------  -------------  --------------
    01       GTIN           09504000059125
    21       serial number  T1

    Left
    lot  place      quantity  unit  expiry      discard by  status
    ---  ---------  --------  ----  ----------  ----------  ------
    L77  K-0001           30  g     2027-06-30  2026-12-20  usable
    L77  room-1           60  g     2027-06-30              usable
    L77  stockroom        30  g     2027-06-30              usable

    the book knows serial T1 as one of NUMB-4/L77
    it may be used on 2026-11-22
    a delivery of it would be refused: serial T1 of NUMB-4 is in the book already
    $ waste '(01)09504000059125(21)T1' --reason dropped
    30 g of NUMB-4/L77 from stockroom to waste: dropped  #28 [root]
    $ open '(01)09504000059125(21)T1'
    ! error: serial T1 of NUMB-4 can't be used again
    !   it went to waste
    ! hint: take a new one from its pack
    exit 3
    ");
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_vial_whose_number_was_never_seen_is_opened_by_its_first_scan_and_then_taken_from() {
    let clinic = chair();
    clinic.ok("product edit HA-01 --gtin 09504000059156 --as ana");
    clinic.ok("open HA-01/007");
    insta::assert_snapshot!(all(&clinic, &[
        "session log consent --use '(01)09504000059156(10)007(21)V1'",
        "session log consent --use '(01)09504000059156(10)007(21)V1'",
        "session log consent --use '1 ml (01)09504000059156(10)7(21)W1' \
            --use '2 ml (01)09504000059156(10)7(21)W1'",
        "session log consent --use '6 ml (01)09504000059156(10)007(21)V1'",
        "session log consent --use '(01)09504000059156(10)007(21)V2'",
        "stock --lots HA-01",
    ]), @"
    $ session log consent --use '(01)09504000059156(10)007(21)V1'
    S-0001 C-7F3K9QWX: consent at 10:00  #22 [root]
    ! note: opened K-0002 of HA-01/007, discard by 2026-12-20
    ! note: used 1 ml of HA-01/007 from K-0002
    ! note: no rule of consent asks for HA-01
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '(01)09504000059156(10)007(21)V1'
    S-0001 C-7F3K9QWX: consent at 10:00  #25 [root]
    ! note: used 1 ml of HA-01/007 from K-0002
    ! note: no rule of consent asks for HA-01
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '1 ml (01)09504000059156(10)7(21)W1' --use '2 ml (01)09504000059156(10)7(21)W1'
    S-0001 C-7F3K9QWX: consent at 10:00  #27 [root]
    ! note: opened K-0003 of HA-01/7, discard by 2026-12-20
    ! note: used 1 ml of HA-01/7 from K-0003
    ! note: used 2 ml of HA-01/7 from K-0003
    ! note: no rule of consent asks for HA-01
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '6 ml (01)09504000059156(10)007(21)V1'
    ! error: not enough HA-01 in K-0002: 6 ml wanted, 3 ml usable
    ! hint: 5 ml of lot 007 expire 2027-01-31: --use '5 ml K-0001'
    exit 3
    $ session log consent --use '(01)09504000059156(10)007(21)V2'
    ! error: not enough HA-01/007: 1 ml wanted, 0 ml usable
    ! hint: 5 ml of lot 007 expire 2027-01-31: --use K-0001
    exit 3
    $ stock --lots HA-01
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    HA-01    007  K-0001         5  ml    2027-01-31  2026-12-20         28  usable
    HA-01    007  K-0002         3  ml    2027-01-31  2026-12-20         28  usable
    HA-01    7    K-0003         2  ml    2027-01-31  2026-12-20         28  usable

    usable on 2026-11-22
    ");
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_pack_in_hand_is_none_of_those_that_came_in_by_number() {
    let clinic = chair();
    let tube = "'(01)09504000059125(17)280131(10)L88(21)T1'";
    clinic.ok(&format!("receive {tube} --from Lind --as ana"));
    insta::assert_snapshot!(all(&clinic, &[
        "open '(01)09504000059125(10)L88(21)T9'",
        "session log consent --use '(01)09504000059125(10)L88(21)T9'",
    ]), @"
    $ open '(01)09504000059125(10)L88(21)T9'
    ! error: serial T9 of NUMB-4 was never received
    !   the 30 g of NUMB-4/L88 in stockroom were received by serial number, and it is none of them
    ! hint: look at the label, and scan it again
    ! hint: if it is a delivery that nobody recorded: lotbook receive SCAN --from SUPPLIER
    exit 3
    $ session log consent --use '(01)09504000059125(10)L88(21)T9'
    ! error: serial T9 of NUMB-4 was never received
    !   the 30 g of NUMB-4/L88 in stockroom were received by serial number, and it is none of them
    ! hint: look at the label, and scan it again
    ! hint: if it is a delivery that nobody recorded: lotbook receive SCAN --from SUPPLIER
    exit 3
    ");
    let scanned = clinic.ok("scan '(01)09504000059125(10)L88(21)T9'");
    assert!(scanned.contains("serial T9 of NUMB-4 was never received"), "{scanned}");
}

#[test]
fn pieces_of_a_box_are_used_by_its_lot_and_the_box_keeps_its_number() {
    let clinic = chair();
    let add = "product add BOX --category cartridge --pack 10 --gtin 09504000059163";
    clinic.ok(&format!("{add} --as ana"));
    insta::assert_snapshot!(all(&clinic, &[
        "receive '(01)09504000059163(17)290630(10)B(21)S1' --from Lind --as ana",
        "session log consent --use '(01)09504000059163(10)B(21)S1'",
        "session log consent --use '2 (01)09504000059163(10)B(21)S1'",
        "scan '(01)09504000059163(10)B(21)S1'",
        "waste '(01)09504000059163(10)B(21)S1' --reason dropped",
        "session log consent --use '(01)09504000059163(10)B(21)S9'",
        "waste '3 each' '(01)09504000059163(10)B(21)S1' --reason dropped",
        "receive '(01)09504000059163(17)290630(10)B(21)S2' --from Lind --as ana",
        "waste '(01)09504000059163(10)B(21)S2' --reason dropped",
        "session log consent --use '(01)09504000059163(10)B(21)S2'",
    ]), @"
    $ receive '(01)09504000059163(17)290630(10)B(21)S1' --from Lind --as ana
    10 each in 1 pack of BOX/B into stockroom, expiry 2029-06-30  #21 [root]
    $ session log consent --use '(01)09504000059163(10)B(21)S1'
    S-0001 C-7F3K9QWX: consent at 10:00  #22 [root]
    ! note: used 1 each of BOX/B from stockroom
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ session log consent --use '2 (01)09504000059163(10)B(21)S1'
    S-0001 C-7F3K9QWX: consent at 10:00  #24 [root]
    ! note: used 2 each of BOX/B from stockroom
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ scan '(01)09504000059163(10)B(21)S1'
    kind     gs1
    GTIN     09504000059163
    product  BOX
    lot      B
    serial   S1

    Elements
    element  name           value
    -------  -------------  --------------
    01       GTIN           09504000059163
    10       lot            B
    21       serial number  S1

    Left
    lot  place      quantity  unit  expiry      status
    ---  ---------  --------  ----  ----------  ------
    B    stockroom         7  each  2029-06-30  usable

    it may be used on 2026-11-22
    a delivery of it would be refused: serial S1 of BOX is in the book already
    $ waste '(01)09504000059163(10)B(21)S1' --reason dropped
    ! error: 10 each of BOX/B can't be thrown away: stockroom holds 7 each
    ! hint: what is left of a pack is named by its lot: lotbook waste '7 each' BOX/B --reason CODE
    ! hint: see what there is: lotbook stock --lots BOX
    exit 3
    $ session log consent --use '(01)09504000059163(10)B(21)S9'
    S-0001 C-7F3K9QWX: consent at 10:00  #26 [root]
    ! note: used 1 each of BOX/B from stockroom
    ! note: next: identity: now
    ! note: next: screening: now
    ! note: next: before-photo: now
    ! note: next: and 8 more: lotbook session show S-0001
    $ waste '3 each' '(01)09504000059163(10)B(21)S1' --reason dropped
    ! error: serial S1 names one pack, not 3 each
    ! hint: leave the quantity out, or name the lot as SKU/LOT
    exit 3
    $ receive '(01)09504000059163(17)290630(10)B(21)S2' --from Lind --as ana
    10 each in 1 pack of BOX/B into stockroom, expiry 2029-06-30  #28 [root]
    $ waste '(01)09504000059163(10)B(21)S2' --reason dropped
    10 each of BOX/B from stockroom to waste: dropped  #29 [root]
    $ session log consent --use '(01)09504000059163(10)B(21)S2'
    ! error: serial S2 of BOX can't be used again
    !   it went to waste
    ! hint: take a new one from its pack
    exit 3
    ");
    clinic.ok("audit verify --as ana");
}

#[test]
fn the_pack_of_a_product_stays_while_serial_numbers_name_it() {
    let clinic = clinic();
    let pack = "'(01)09504000059149(17)290630(10)A1(21)AAA'";
    clinic.ok("product edit NEEDLE --pack 2");
    clinic.ok("product edit NEEDLE --pack 1");
    clinic.ok(&format!("receive {pack} --from Lind"));
    insta::assert_snapshot!(all(&clinic, &[
        "product edit NEEDLE --pack 10",
        "undo 19 --reason mis-scan",
        "product edit NEEDLE --pack 10",
    ]), @"
    $ product edit NEEDLE --pack 10
    ! error: serial numbers name packs of 1 each of NEEDLE, which can't be of 10 each from now on
    !   a serial number names one pack as it is labelled
    ! hint: add another product, and then: lotbook product retire NEEDLE
    exit 3
    $ undo 19 --reason mis-scan
    reversed: #19 lot.receive: 1 each NEEDLE/A1 AAA, supplier -> stockroom  #20 [root]
    $ product edit NEEDLE --pack 10
    product NEEDLE: pack 1 each -> 10 each  #21 [root]
    ");
    clinic.ok("audit verify");
}

#[test]
fn a_number_that_was_scanned_by_mistake_is_unknown_again_after_the_undo() {
    let clinic = clinic();
    clinic.ok("receive 1 NEEDLE --lot A1 --expiry 2027-03 --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "waste '(01)09504000059149(10)A1(21)WRONG' --reason dropped",
        "undo 18 --reason mis-scan",
        "waste '(01)09504000059149(10)A1(21)RIGHT' --reason dropped",
        "receive '(01)09504000059149(17)290630(10)A2(21)WRONG' --from Lind",
        "waste '(01)09504000059149(10)A2(21)WRONG' --reason dropped",
        "undo 21 --reason mis-scan",
        "undo 22 --reason mis-scan",
        "undo 21 --reason mis-scan",
        "audit log --product NEEDLE --serial WRONG",
    ]), @"
    $ waste '(01)09504000059149(10)A1(21)WRONG' --reason dropped
    1 each of NEEDLE/A1 from stockroom to waste: dropped  #18 [root]
    $ undo 18 --reason mis-scan
    reversed: #18 stock.waste: 1 each NEEDLE/A1 WRONG, stockroom -> waste, dropped  #19 [root]
    $ waste '(01)09504000059149(10)A1(21)RIGHT' --reason dropped
    1 each of NEEDLE/A1 from stockroom to waste: dropped  #20 [root]
    $ receive '(01)09504000059149(17)290630(10)A2(21)WRONG' --from Lind
    1 each in 1 pack of NEEDLE/A2 into stockroom, expiry 2029-06-30  #21 [root]
    $ waste '(01)09504000059149(10)A2(21)WRONG' --reason dropped
    1 each of NEEDLE/A2 from stockroom to waste: dropped  #22 [root]
    $ undo 21 --reason mis-scan
    ! error: serial WRONG is NEEDLE/A2 in waste, not NEEDLE/A2 in stockroom
    !   a serial number names one pack, of one lot and in one place
    ! hint: see its history: lotbook audit log --product NEEDLE --serial WRONG
    exit 3
    $ undo 22 --reason mis-scan
    reversed: #22 stock.waste: 1 each NEEDLE/A2 WRONG, stockroom -> waste, dropped  #23 [root]
    $ undo 21 --reason mis-scan
    reversed: #21 lot.receive: 1 each NEEDLE/A2 WRONG, supplier -> stockroom  #24 [root]
    $ audit log --product NEEDLE --serial WRONG
     #  happened          late  by   action       what                                   standing
    --  ----------------  ----  ---  -----------  -------------------------------------  ---------------
    24  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A2 WRONG, stockroom ->   reverses #21
                                                  supplier, mis-scan
    23  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A2 WRONG, waste ->       reverses #22
                                                  stockroom, mis-scan
    22  2026-11-22 10:00        ana  stock.waste  1 each NEEDLE/A2 WRONG, stockroom ->   reversed by #23
                                                  waste, dropped
    21  2026-11-22 10:00        ana  lot.receive  1 each NEEDLE/A2 WRONG, supplier ->    reversed by #24
                                                  stockroom
    19  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A1 WRONG, waste ->       reverses #18
                                                  stockroom, mis-scan
    18  2026-11-22 10:00        ana  stock.waste  1 each NEEDLE/A1 WRONG, stockroom ->   reversed by #19
                                                  waste, dropped
    ");
    clinic.ok("audit verify");
}
