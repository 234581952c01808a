//! A lot is followed to its clients, and a session to its lots.

use super::checking;
use crate::clinic::{Clinic, all};

/// A clinic in which lot L77 was used by two sessions, one use of which was undone; the rest of the
/// tube was thrown away, and the lot was held afterwards.
fn clinic() -> Clinic {
    let clinic = checking::clinic();
    clinic.ok("client new C-2");
    for client in ["C-1", "C-2"] {
        clinic.ok(&format!("session start face --client {client} --areas cheeks,chin"));
        clinic.ok("session log consent signed=yes --use NUMB-4");
        clinic.ok("session log needling@cheeks,chin depth=1.0 --use CART-12/24C0110");
        clinic.ok("session finish");
    }
    clinic.ok("undo 28 --reason duplicate");
    clinic.ok("waste K-0001 --reason partial-container");
    clinic.ok("waste '1 packs' NUMB-4/L77 --reason dropped --note 'fell, cap off'");
    clinic.ok("lot hold NUMB-4/L77 --reason complaint");
    clinic
}

#[test]
fn a_lot_is_followed_from_its_receipts_to_its_clients() {
    let clinic = clinic();
    insta::assert_snapshot!(clinic.run("trace lot NUMB-4/L77"), @"
    product                   NUMB-4
    lot                       L77
    expiry                    2027-06-30
    status                    held
    since                     2026-11-22 10:00
    by entry                  36
    unit                      g
    received                  90
    used                      2.5
    wasted or gone otherwise  57.5
    left                      30

    Receipts
    at                 g  supplier  to      staff  entry
    ----------------  --  --------  ------  -----  -----
    2026-11-22 10:00  90  Lind      room-1  ana       13

    Containers opened
    container  opened             g  discard by  left (g)  staff  entry
    ---------  ----------------  --  ----------  --------  -----  -----
    K-0001     2026-11-22 10:00  30  2026-12-20         0  ben       20

    Uses
    at                session  client  step       g  from    staff  entry  reversed by
    ----------------  -------  ------  -------  ---  ------  -----  -----  -----------
    2026-11-22 10:00  S-0001   C-1     consent  2.5  K-0001  ben       22
    2026-11-22 10:00  S-0002   C-2     consent  2.5  K-0001  ben       28           32

    Waste and other moves
    at                what            g  from    to     reason             note           staff  entry
    ----------------  -----------  ----  ------  -----  -----------------  -------------  -----  -----
    2026-11-22 10:00  stock.waste  27.5  K-0001  waste  partial-container                 ben       34
    2026-11-22 10:00  stock.waste    30  room-1  waste  dropped            fell, cap off  ben       35

    Held and released
    at                what      reason     staff  entry
    ----------------  --------  ---------  -----  -----
    2026-11-22 10:00  lot.hold  complaint  ben       36

    Left
    place    g  status
    ------  --  ------
    room-1  30  held

    used in 1 session by 1 client
    1 use reversed, in 1 session by 1 client
    1 entry reversed; what was reversed is not counted
    ");
    insta::assert_snapshot!(clinic.run("trace lot NUMB-4/L77 --format csv"), @r#"
    kind,seq,at,late_s,quantity,unit,from,to,serial,container,session,client,step,areas,staff,supplier,document,discard_by,reason,note,reverses,reversed_by,held_by
    lot.receive,13,2026-11-22T10:00:16+01:00,0,90,g,supplier,room-1,,,,,,,ana,Lind,,,,,,,
    container.open,20,2026-11-22T10:00:29+01:00,0,30,g,room-1,container:K-0001,,K-0001,,,,,ben,,,2026-12-20,,,,,
    stock.use,22,2026-11-22T10:00:29+01:00,0,2.5,g,container:K-0001,session:S-0001,,K-0001,S-0001,C-1,consent,,ben,,,,,,,,
    stock.use,28,2026-11-22T10:00:35+01:00,0,2.5,g,container:K-0001,session:S-0002,,K-0001,S-0002,C-2,consent,,ben,,,,,,,32,
    reversal,32,2026-11-22T10:00:39+01:00,0,2.5,g,session:S-0002,container:K-0001,,K-0001,S-0002,C-2,consent,,ben,,,,duplicate,,28,,
    stock.waste,34,2026-11-22T10:00:41+01:00,0,27.5,g,container:K-0001,waste,,K-0001,,,,,ben,,,,partial-container,,,,
    stock.waste,35,2026-11-22T10:00:43+01:00,0,30,g,room-1,waste,,,,,,,ben,,,,dropped,"fell, cap off",,,
    lot.hold,36,2026-11-22T10:00:45+01:00,0,,,,,,,,,,,ben,,,,complaint,,,,
    "#);
    insta::assert_snapshot!(clinic.run("trace lot NUMB-4/L77 --format json"), @r#"
    {"schema":"lotbook/trace-lot/1","lot":{"product":"NUMB-4","lot":"L77","expiry":"2027-06-30","status":"held","status_at":"2026-11-22T10:00:45+01:00","status_seq":36,"unit":"g","received":"90","used":"2.5","gone":"57.5","left":"30"},"receipts":[
    {"at":"2026-11-22T10:00:16+01:00","late_s":0,"quantity":"90","supplier":"Lind","document":null,"to":"room-1","serial":null,"staff":"ana","seq":13,"reversed_by":null}
    ],"containers":[
    {"container":"K-0001","at":"2026-11-22T10:00:29+01:00","late_s":0,"quantity":"30","discard_by":"2026-12-20","left":"0","staff":"ben","seq":20,"reversed_by":null}
    ],"uses":[
    {"at":"2026-11-22T10:00:29+01:00","late_s":0,"session":"S-0001","client":"C-1","step":"consent","areas":null,"quantity":"2.5","from":"K-0001","serial":null,"staff":"ben","seq":22,"reversed_by":null,"held_by":null},
    {"at":"2026-11-22T10:00:35+01:00","late_s":0,"session":"S-0002","client":"C-2","step":"consent","areas":null,"quantity":"2.5","from":"K-0001","serial":null,"staff":"ben","seq":28,"reversed_by":32,"held_by":null}
    ],"moves":[
    {"at":"2026-11-22T10:00:41+01:00","late_s":0,"kind":"stock.waste","quantity":"27.5","from":"K-0001","to":"waste","session":null,"client":null,"reason":"partial-container","note":null,"staff":"ben","seq":34,"reversed_by":null},
    {"at":"2026-11-22T10:00:43+01:00","late_s":0,"kind":"stock.waste","quantity":"30","from":"room-1","to":"waste","session":null,"client":null,"reason":"dropped","note":"fell, cap off","staff":"ben","seq":35,"reversed_by":null}
    ],"status":[
    {"at":"2026-11-22T10:00:45+01:00","late_s":0,"kind":"lot.hold","reason":"complaint","note":null,"staff":"ben","seq":36}
    ],"left":[
    {"place":"room-1","quantity":"30","discard_by":null,"status":"held"}
    ],"notes":["used in 1 session by 1 client","1 use reversed, in 1 session by 1 client","1 entry reversed; what was reversed is not counted"]}
    "#);
}

#[test]
fn a_lot_is_named_by_a_scan_or_a_container_too() {
    let clinic = clinic();
    let by_name = clinic.ok("trace lot NUMB-4/L77");
    assert_eq!(clinic.ok("trace lot K-0001"), by_name);
    assert_eq!(clinic.ok("trace lot '(01)09504000059125(10)L77'"), by_name);
    insta::assert_snapshot!(clinic.run("trace lot HA-01/007"), @"
    product                   HA-01
    lot                       007
    expiry                    2027-01-31
    status                    released
    unit                      ml
    received                  10
    used                      0
    wasted or gone otherwise  0
    left                      10

    Receipts
    at                ml  supplier   to      staff  entry
    ----------------  --  ---------  ------  -----  -----
    2026-11-22 10:00  10  Serumhaus  fridge  ana       14

    Containers opened
    none

    Uses
    none

    Waste and other moves
    none

    Held and released
    none

    Left
    place   ml  status
    ------  --  ------
    fridge  10  usable

    used in 0 sessions by 0 clients
    ");
    let all = |lines: &[&str]| -> String {
        lines.iter().map(|line| clinic.run(line).to_string()).collect()
    };
    insta::assert_snapshot!(all(&[
        "trace lot NUMB-4",
        "trace lot NUMB-4/nothing",
        "trace lot NOTHING/1",
        "trace lot K-0099",
        "trace lot '(01)09504000059125'",
        "trace lot ''",
        "trace session S-0099",
    ]), @"
    ! error: which lot of NUMB-4 is meant is not clear
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: name one as SKU/LOT
    exit 3
    ! error: there is no lot nothing of NUMB-4
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: also those used up: lotbook audit log --product NUMB-4 --action lot.receive
    exit 3
    ! error: there is no product NOTHING
    ! hint: see them all: lotbook product list
    exit 3
    ! error: there is no container K-0099
    ! hint: see the open ones: lotbook stock --lots
    exit 3
    ! error: which lot of NUMB-4 is meant is not clear
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: name one as SKU/LOT
    exit 3
    ! error: nothing was scanned
    !   an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    ! hint: see what there is: lotbook stock --lots
    exit 2
    ! error: there is no session S-0099
    ! hint: see them: lotbook session list
    exit 3
    ");
}

#[test]
fn a_session_is_followed_back_to_its_deliveries() {
    let clinic = clinic();
    insta::assert_snapshot!(clinic.run("trace session S-0002"), @"
    session   S-0002
    client    C-2
    protocol  face@1
    sha256    683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a
    areas     cheeks, chin
    staff     ben
    started   2026-11-22 10:00
    ended     2026-11-22 10:00
    state     finished

    Steps
    at                step      areas         readings    staff  entry
    ----------------  --------  ------------  ----------  -----  -----
    2026-11-22 10:00  needling  cheeks, chin  depth 1 mm  ben       29

    Items used
    step      product  lot      quantity  unit  expiry      at its use  the lot now  entry
    --------  -------  -------  --------  ----  ----------  ----------  -----------  -----
    needling  CART-12  24C0110         1  each  2027-03-31  usable      released        30

    Waste
    none

    Received
    product  lot      received          quantity  unit  supplier  document  staff  entry
    -------  -------  ----------------  --------  ----  --------  --------  -----  -----
    CART-12  24C0110  2026-11-22 10:00        20  each  Lind      D-1       ana       11

    reversed, and not shown: #28 by #32, #27 by #33
    ");
    insta::assert_snapshot!(clinic.run("trace session S-0001 --format json"), @r#"
    {"schema":"lotbook/trace-session/1","session":{"session":"S-0001","client":"C-1","protocol":"face@1","sha256":"683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a","areas":"cheeks, chin","place":null,"pen":null,"staff":"ben","started":"2026-11-22T10:00:27+01:00","ended":"2026-11-22T10:00:32+01:00","state":"finished"},"steps":[
    {"at":"2026-11-22T10:00:29+01:00","late_s":0,"step":"consent","areas":null,"readings":"signed yes","despite":null,"staff":"ben","seq":21},
    {"at":"2026-11-22T10:00:31+01:00","late_s":0,"step":"needling","areas":"cheeks, chin","readings":"depth 1 mm","despite":null,"staff":"ben","seq":23}
    ],"items":[
    {"step":"consent","product":"NUMB-4","lot":"L77","serial":null,"quantity":"2.5","unit":"g","expiry":"2027-06-30","container":"K-0001","opened":"2026-11-22T10:00:29+01:00","opened_by":"ben","discard_by":"2026-12-20","then":"usable","now":"held","now_since":"2026-11-22T10:00:45+01:00","late_s":0,"seq":22,"held_by":null},
    {"step":"needling","product":"CART-12","lot":"24C0110","serial":null,"quantity":"1","unit":"each","expiry":"2027-03-31","container":null,"opened":null,"opened_by":null,"discard_by":null,"then":"usable","now":"released","now_since":null,"late_s":0,"seq":24,"held_by":null}
    ],"waste":[],"receipts":[
    {"product":"CART-12","lot":"24C0110","at":"2026-11-22T10:00:10+01:00","late_s":0,"quantity":"20","unit":"each","supplier":"Lind","document":"D-1","staff":"ana","seq":11,"reversed_by":null},
    {"product":"NUMB-4","lot":"L77","at":"2026-11-22T10:00:16+01:00","late_s":0,"quantity":"90","unit":"g","supplier":"Lind","document":null,"staff":"ana","seq":13,"reversed_by":null}
    ]}
    "#);
    assert!(clinic.ok("trace session S-0001 --format csv").starts_with("section,session,"));
}

#[test]
fn what_was_thrown_away_for_a_session_names_its_client() {
    let clinic = checking::clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    clinic.ok("waste 2 CART-12/24C0110 --reason dropped --session S-0001");
    let traced = clinic.json("trace lot CART-12/24C0110");
    let moved = &traced["moves"][0];
    assert_eq!(
        (&moved["session"], &moved["client"]),
        (&"S-0001".into(), &"C-1".into()),
        "{traced}"
    );
}

#[test]
fn a_question_about_what_the_book_does_not_know_says_so() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "audit log --staff nobody",
        "audit log --session S-0099",
        "audit log --lot NEVER",
        "audit log --serial NEVER --client C-AAAA1111",
        "audit log --from 2026-02-01 --to 2026-01-01",
    ]), @"
    $ audit log --staff nobody
    none
    ! hint: nobody in this book has the id nobody: lotbook staff list
    $ audit log --session S-0099
    none
    ! hint: there is no session S-0099: lotbook session list
    $ audit log --lot NEVER
    none
    ! hint: no product has a lot NEVER: lotbook stock --lots
    $ audit log --serial NEVER --client C-AAAA1111
    none
    ! hint: the book knows no client C-AAAA1111: lotbook session list
    ! hint: the book knows no serial number NEVER: lotbook audit log --action lot.receive
    $ audit log --from 2026-02-01 --to 2026-01-01
    ! error: no day lies between 2026-02-01 and 2026-01-01
    ! hint: write the earlier day first: --from 2026-01-01 --to 2026-02-01
    exit 2
    ");
}

/// A question that can't be answered is no answer of nothing.
#[test]
fn what_is_asked_beside_one_entry_or_of_nobody_is_refused() {
    let clinic = Clinic::stocked();
    let asked = [
        "audit log 3 --lot 24C0110",
        "session list --from 2026-02-01 --to 2026-01-01",
        "session list --client 4799",
        "audit log --lot none --limit 2",
    ];
    insta::assert_snapshot!(all(&clinic, &asked), @"
    $ audit log 3 --lot 24C0110
    ! error: 3 is one entry, and --lot chooses among all
    ! hint: see the entry: lotbook audit log 3
    ! hint: or those that fit: leave the number out
    exit 2
    $ session list --from 2026-02-01 --to 2026-01-01
    ! error: no day lies between 2026-02-01 and 2026-01-01
    ! hint: write the earlier day first: --from 2026-01-01 --to 2026-02-01
    exit 2
    $ session list --client 4799
    ! error: the book knows no client 4799
    ! hint: see the clients of all sessions: lotbook session list
    exit 3
    $ audit log --lot none --limit 2
    none
    ! hint: no product has stock without a lot: lotbook stock --lots
    ");
}

#[test]
fn how_late_an_entry_was_written_stands_wherever_it_is_shown() {
    let clinic = checking::clinic();
    clinic.wait_seconds(3 * 3600);
    clinic.ok("session start face --client C-1 --areas cheeks --at 11:00");
    clinic.ok("session log consent signed=yes --use NUMB-4 --at 11:30");
    clinic.ok("session log needling depth=1.0 --use CART-12/24C0110");
    clinic.ok("waste 1 CART-12/24C0110 --reason dropped --session S-0001 --at 11:45");
    clinic.ok("waste 1 CART-12/24C0110 --reason dropped --session S-0001");
    clinic.ok("undo 25 --reason duplicate");
    insta::assert_snapshot!(all(&clinic, &[
        "trace lot CART-12/24C0110",
        "trace session S-0001",
        "session show S-0001",
    ]), @"
    $ trace lot CART-12/24C0110
    product                   CART-12
    lot                       24C0110
    expiry                    2027-03-31
    status                    released
    unit                      each
    received                  20
    used                      1
    wasted or gone otherwise  1
    left                      18

    Receipts
    at                each  supplier  document  to         staff  entry
    ----------------  ----  --------  --------  ---------  -----  -----
    2026-11-22 10:00    20  Lind      D-1       stockroom  ana       11

    Containers opened
    none

    Uses
    at                session  client  step      areas   each  from       staff  entry
    ----------------  -------  ------  --------  ------  ----  ---------  -----  -----
    2026-11-22 13:00  S-0001   C-1     needling  cheeks     1  stockroom  ben       23

    Waste and other moves
    at           2026-11-22 11:45
    late         1 h 15 min
    what         stock.waste
    each         1
    from         stockroom
    to           waste
    session      S-0001
    client       C-1
    reason       dropped
    staff        ben
    entry        24
    reversed by

    at           2026-11-22 13:00
    late
    what         stock.waste
    each         1
    from         stockroom
    to           waste
    session      S-0001
    client       C-1
    reason       dropped
    staff        ben
    entry        25
    reversed by  26

    Held and released
    none

    Left
    place      each  status
    ---------  ----  ------
    stockroom    18  usable

    used in 1 session by 1 client
    1 entry reversed; what was reversed is not counted
    $ trace session S-0001
    session   S-0001
    client    C-1
    protocol  face@1
    sha256    683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a
    areas     cheeks
    staff     ben
    started   2026-11-22 11:00
    state     open

    Steps
    at                late        step      areas   readings    staff  entry
    ----------------  ----------  --------  ------  ----------  -----  -----
    2026-11-22 11:30  1 h 30 min  consent           signed yes  ben       20
    2026-11-22 13:00              needling  cheeks  depth 1 mm  ben       22

    Items used
    step         consent
    product      NUMB-4
    lot          L77
    quantity     2.5
    unit         g
    expiry       2027-06-30
    container    K-0001
    opened       2026-11-22 11:30
    opened by    ben
    discard by   2026-12-20
    at its use   usable
    the lot now  released
    late         1 h 30 min
    entry        21

    step         needling
    product      CART-12
    lot          24C0110
    quantity     1
    unit         each
    expiry       2027-03-31
    container
    opened
    opened by
    discard by
    at its use   usable
    the lot now  released
    late
    entry        23

    Waste
    at                late        product  lot      quantity  unit  from       reason   staff  entry
    ----------------  ----------  -------  -------  --------  ----  ---------  -------  -----  -----
    2026-11-22 11:45  1 h 15 min  CART-12  24C0110         1  each  stockroom  dropped  ben       24

    Received
    product  lot      received          quantity  unit  supplier  document  staff  entry
    -------  -------  ----------------  --------  ----  --------  --------  -----  -----
    CART-12  24C0110  2026-11-22 10:00        20  each  Lind      D-1       ana       11
    NUMB-4   L77      2026-11-22 10:00        90  g     Lind                ana       13

    reversed, and not shown: #25 by #26
    $ session show S-0001
    session   S-0001
    client    C-1
    protocol  face@1
    areas     cheeks
    staff     ben
    started   2026-11-22 11:00
    state     open
    verdict   pending

    Steps
    entry  at                late        step      areas   readings    used                    staff
    -----  ----------------  ----------  --------  ------  ----------  ----------------------  -----
       20  2026-11-22 11:30  1 h 30 min  consent           signed yes  2.5 g K-0001 (NUMB-4)   ben
       22  2026-11-22 13:00              needling  cheeks  depth 1 mm  1 each CART-12/24C0110  ben

    Waste
    at                late        product  lot      quantity  unit  from       reason   staff  entry
    ----------------  ----------  -------  -------  --------  ----  ---------  -------  -----  -----
    2026-11-22 11:45  1 h 15 min  CART-12  24C0110         1  each  stockroom  dropped  ben       24

    Next
    next
    -----------------------------------------------------
    review: from 2026-12-13, in 21 days, until 2027-01-06
    ");
    // In minutes.
    let late = |line: &str, section: &str| -> Vec<i64> {
        let answer = clinic.json(line);
        let rows = answer[section].as_array().unwrap();
        rows.iter().map(|row| row["late_s"].as_i64().unwrap() / 60).collect()
    };
    assert_eq!(late("trace session S-0001", "steps"), [90, 0]);
    assert_eq!(late("trace session S-0001", "items"), [90, 0]);
    assert_eq!(late("trace session S-0001", "waste"), [75]);
    assert_eq!(late("session show S-0001", "steps"), [90, 0]);
    assert_eq!(late("trace lot CART-12/24C0110", "moves"), [75, 0]);
    assert_eq!(late("trace lot CART-12/24C0110", "uses"), [0]);
    let lines = clinic.ok("trace lot CART-12/24C0110 --format csv");
    let places: Vec<&str> = lines.lines().next().unwrap().split(',').collect();
    assert_eq!(places[3], "late_s");
}
