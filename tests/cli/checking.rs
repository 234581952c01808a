//! Sessions are judged by the protocol that they are pinned to.

use super::protocols::SHORT;
use crate::clinic::{Clinic, Output, all};

/// A clinic with the short protocol and the client `C-1`, in which `ben` acts.
pub(crate) fn clinic() -> Clinic {
    let clinic = Clinic::stocked();
    let file = clinic.file("face.toml", SHORT);
    clinic.ok(&format!("protocol publish {file}"));
    let clinic = clinic.acting("ben");
    clinic.ok("client new C-1");
    clinic
}

/// A session that goes as it must.
fn good_session(clinic: &Clinic) {
    clinic.ok("session start face --client C-1 --areas cheeks");
    clinic.ok("session log consent signed=yes");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
    clinic.ok("session finish");
}

#[test]
fn an_open_session_is_pending_and_a_finished_one_is_judged() {
    let clinic = clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    insta::assert_snapshot!(clinic.run("check S-0001"), @r"
    S-0001 is pending: face@1, client C-1, open, of 2026-11-22
    rule                  area    verdict  severity  because
    --------------------  ------  -------  --------  ---------------------------------------------------
    consent.exactly_once          pending  major     consent was not done so far; at least once is
                                                     needed
    needling.required     cheeks  pending  major     needling was not done so far; at least once is
                                                     needed
    ");
    clinic.ok("session log consent signed=yes");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
    clinic.ok("session finish");
    insta::assert_snapshot!(clinic.run("check S-0001"), @r"
    S-0001 is pending: face@1, client C-1, finished, of 2026-11-22
    rule        verdict  severity  because                                     entries  until
    ----------  -------  --------  ------------------------------------------  -------  ----------------
    seen-again  pending  minor     review must follow needling of 2026-11-22   #20      2027-01-06 23:59
                                   10:00 until 2027-01-06
    ");
    insta::assert_snapshot!(clinic.run("check S-0001 --every --format csv"), @r#"
    section,session,client,protocol,day,state,verdict,failed,since,rule,area,severity,because,entries,deadline,why
    sessions,S-0001,C-1,face@1,2026-11-22,finished,pending,,,,,,,,,
    findings,S-0001,,,,,pass,,,consent.exactly_once,,major,done as often as asked,#19,,
    findings,S-0001,,,,,pass,,,consent.record.signed,,major,"read, and as it should be",#19 #20,,
    findings,S-0001,,,,,pass,,,needling.required,cheeks,major,done as often as asked,#20,,
    findings,S-0001,,,,,pass,,,needling.by,cheeks,major,done by someone who may,#20,,
    findings,S-0001,,,,,pass,,,needling.uses.cartridge,,major,used as it should be,#20,,
    findings,S-0001,,,,,pass,,,needling.record.depth,cheeks,block,"read, and as it should be",#20,,DEN160029: 0 to 2.5 mm
    findings,S-0001,,,,,pending,,,seen-again,,minor,review must follow needling of 2026-11-22 10:00 until 2027-01-06,#20,2027-01-06T23:59:59+01:00,
    "#);
    clinic.wait_days(50);
    insta::assert_snapshot!(clinic.run("check S-0001"), @"
    S-0001 passes, 1 minor rule failed: face@1, client C-1, finished, of 2026-11-22
    rule        verdict  severity  because                                                       entries
    ----------  -------  --------  ------------------------------------------------------------  -------
    seen-again  fail     minor     needling at 2026-11-22 10:00 was not followed by review       #20
                                   until 2027-01-06

    a minor rule is shown, and its session can pass
    ");
    insta::assert_snapshot!(clinic.run("check S-0001 --format json"), @r##"
    {"schema":"lotbook/check-session/1","totals":{"judged":1,"fail":0,"pending":0,"excused":0,"pass":1,"voided":0},"sessions":[
    {"session":"S-0001","client":"C-1","protocol":"face@1","day":"2026-11-22","state":"finished","verdict":"pass","failed":"seen-again (minor)","since":""}
    ],"findings":[
    {"session":"S-0001","rule":"seen-again","area":null,"verdict":"fail","severity":"minor","because":"needling at 2026-11-22 10:00 was not followed by review until 2027-01-06","entries":"#20","deadline":null,"why":null}
    ]}
    "##);
}

#[test]
fn a_failing_session_ends_with_exit_1_and_names_the_entries() {
    let clinic = clinic();
    good_session(&clinic);
    clinic.ok("session start face --client C-1 --areas cheeks,chin");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
    clinic.ok("session finish");
    insta::assert_snapshot!(clinic.run("check S-0002"), @r"
    S-0002 fails: face@1, client C-1, finished, of 2026-11-22
    rule                   area  verdict  severity  because                    entries  until
    ---------------------  ----  -------  --------  -------------------------  -------  ----------------
    consent.exactly_once         fail     major     consent was not done; at
                                                    least once is needed
    consent.record.signed        fail     major     signed was not answered    #24
                                                    at consent before
                                                    needling
    needling.required      chin  fail     major     needling was not done; at
                                                    least once is needed
    seen-again                   pending  minor     review must follow         #24      2027-01-06 23:59
                                                    needling of 2026-11-22
                                                    10:00 until 2027-01-06
    ! error: the session fails its protocol
    exit 1
    ");
    insta::assert_snapshot!(clinic.run("check S-0001 S-0002 --format json"), @r##"
    {"schema":"lotbook/check-session/1","totals":{"judged":2,"fail":1,"pending":1,"excused":0,"pass":0,"voided":0},"sessions":[
    {"session":"S-0001","client":"C-1","protocol":"face@1","day":"2026-11-22","state":"finished","verdict":"pending","failed":"","since":""},
    {"session":"S-0002","client":"C-1","protocol":"face@1","day":"2026-11-22","state":"finished","verdict":"fail","failed":"consent.exactly_once, consent.record.signed, needling.required[chin]","since":""}
    ],"findings":[
    {"session":"S-0001","rule":"seen-again","area":null,"verdict":"pending","severity":"minor","because":"review must follow needling of 2026-11-22 10:00 until 2027-01-06","entries":"#20","deadline":"2027-01-06T23:59:59+01:00","why":null},
    {"session":"S-0002","rule":"consent.exactly_once","area":null,"verdict":"fail","severity":"major","because":"consent was not done; at least once is needed","entries":"","deadline":null,"why":null},
    {"session":"S-0002","rule":"consent.record.signed","area":null,"verdict":"fail","severity":"major","because":"signed was not answered at consent before needling","entries":"#24","deadline":null,"why":null},
    {"session":"S-0002","rule":"needling.required","area":"chin","verdict":"fail","severity":"major","because":"needling was not done; at least once is needed","entries":"","deadline":null,"why":null},
    {"session":"S-0002","rule":"seen-again","area":null,"verdict":"pending","severity":"minor","because":"review must follow needling of 2026-11-22 10:00 until 2027-01-06","entries":"#24","deadline":"2027-01-06T23:59:59+01:00","why":null}
    ]}
    ! error: 1 of 2 sessions fails its protocol
    exit 1
    "##);
    insta::assert_snapshot!(clinic.run("check --all"), @"
    session  client  protocol  day         state     verdict  failed rules                     lots held
    -------  ------  --------  ----------  --------  -------  -------------------------------  ---------
    S-0001   C-1     face@1    2026-11-22  finished  pending
    S-0002   C-1     face@1    2026-11-22  finished  fail     consent.exactly_once,
                                                              consent.record.signed,
                                                              needling.required[chin]

    2 sessions judged: 1 fail, 1 pending
    ! error: 1 of 2 sessions fails its protocol
    ! hint: see what was found: lotbook check S-0002
    exit 1
    ");
    insta::assert_snapshot!(clinic.run("check --all --every --format csv"), @r#"
    session,client,protocol,day,state,verdict,failed,since
    S-0001,C-1,face@1,2026-11-22,finished,pending,,
    S-0002,C-1,face@1,2026-11-22,finished,fail,"consent.exactly_once, consent.record.signed, needling.required[chin]",
    ! note: 2 sessions judged: 1 fail, 1 pending
    ! error: 1 of 2 sessions fails its protocol
    ! hint: see what was found: lotbook check S-0002
    exit 1
    "#);
    insta::assert_snapshot!(clinic.run("check --all --format json"), @r#"
    {"schema":"lotbook/check/1","rows":[
    {"session":"S-0001","client":"C-1","protocol":"face@1","day":"2026-11-22","state":"finished","verdict":"pending","failed":"","since":""},
    {"session":"S-0002","client":"C-1","protocol":"face@1","day":"2026-11-22","state":"finished","verdict":"fail","failed":"consent.exactly_once, consent.record.signed, needling.required[chin]","since":""}
    ]}
    ! note: 2 sessions judged: 1 fail, 1 pending
    ! error: 1 of 2 sessions fails its protocol
    ! hint: see what was found: lotbook check S-0002
    exit 1
    "#);
    insta::assert_snapshot!(clinic.run("check --protocol other"), @r"
    ! error: no protocol other was published in this book
    ! hint: see those that were: lotbook protocol list
    exit 3
    ");
    assert_eq!(clinic.run("check --to 2026-11-21").code, 0);
    assert_eq!(clinic.run("check --from 2026-11-22 --to 2026-11-22").code, 1);
}

#[test]
fn a_voided_session_never_happened() {
    let clinic = clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    clinic.ok("session void S-0001 --reason never-happened");
    insta::assert_snapshot!(clinic.run("check S-0001"), @r"
    S-0001 was voided: it never happened
    none
    ");
    insta::assert_snapshot!(clinic.run("check --all"), @r"
    none

    0 sessions judged: 1 voided, which never happened
    ");
}

#[test]
fn a_lot_that_was_held_since_is_marked_and_changes_no_verdict() {
    let clinic = clinic();
    good_session(&clinic);
    clinic.ok("session log review --session S-0001");
    let before = clinic.json("check S-0001");
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    insta::assert_snapshot!(clinic.run("check S-0001"), @"
    S-0001 is pending: face@1, client C-1, finished, of 2026-11-22
    rule        verdict  severity  because                                     entries  until
    ----------  -------  --------  ------------------------------------------  -------  ----------------
    seen-again  pending  minor     review must follow needling of 2026-11-22   #20      2027-01-06 23:59
                                   10:00 until 2027-01-06

    S-0001: the use of CART-12/24C0110 was recorded before the lot was held by #24
    ");
    insta::assert_snapshot!(clinic.run("check --all"), @"
    session  client  protocol  day         state     verdict  failed rules  lots held
    -------  ------  --------  ----------  --------  -------  ------------  --------------------
    S-0001   C-1     face@1    2026-11-22  finished  pending                CART-12/24C0110 held

    1 session judged: 1 pending
    ");
    assert_eq!(clinic.json("check S-0001")["findings"], before["findings"]);
}

/// Whoever records a use after the hold, as of before it, may know more than the book did.
#[test]
fn a_use_that_was_recorded_after_the_hold_is_told_apart() {
    let clinic = clinic();
    clinic.wait_days(1);
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    clinic.ok("session start face --client C-1 --areas cheeks --at '2026-11-22 12:00'");
    clinic.ok("session log consent signed=yes --at '2026-11-22 12:10'");
    clinic
        .ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110 --at '2026-11-22 12:30'");
    insta::assert_snapshot!(clinic.run("check S-0001"), @"
    S-0001 is pending: face@1, client C-1, open, of 2026-11-22
    rule        verdict  severity  because                                     entries  until
    ----------  -------  --------  ------------------------------------------  -------  ----------------
    seen-again  pending  minor     review must follow needling of 2026-11-22   #21      2027-01-06 23:59
                                   12:30 until 2027-01-06

    S-0001: the use of CART-12/24C0110, #22, was recorded while the lot was held by #18; it is still held
    ");
}

/// A later release and a new hold change nothing of what was known when the use was recorded.
#[test]
fn a_release_does_not_wash_what_was_recorded_while_the_lot_was_held() {
    let clinic = clinic();
    clinic.wait_days(1);
    clinic.ok("session start face --client C-1 --areas cheeks --at '2026-11-22 12:00'");
    clinic.ok("session log consent signed=yes --at '2026-11-22 12:10'");
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110 --at 'before 20'");
    let said = || {
        let named = clinic.run("check S-0001").stdout;
        let named = named.lines().filter(|line| line.starts_with("S-0001:")).collect::<String>();
        let all = clinic.json("check --all")["rows"][0]["since"].clone();
        format!("{named}\n{all}\n")
    };
    let mut told = said();
    clinic.ok("lot release CART-12/24C0110 --reason cleared --as ana");
    told += &said();
    clinic.ok("lot hold CART-12/24C0110 --reason complaint");
    told += &said();
    insta::assert_snapshot!(told, @r#"
    S-0001: the use of CART-12/24C0110, #22, was recorded while the lot was held by #20; it is still held
    "CART-12/24C0110 held (recorded while held)"
    S-0001: the use of CART-12/24C0110, #22, was recorded while the lot was held by #20; it is released now
    "CART-12/24C0110 released (recorded while held)"
    S-0001: the use of CART-12/24C0110, #22, was recorded while the lot was held by #20; it is held now by #24
    "CART-12/24C0110 held (recorded while held)"
    "#);
    insta::assert_snapshot!(all(&clinic, &[
        "trace lot CART-12/24C0110",
        "trace session S-0001",
    ]), @"
    $ trace lot CART-12/24C0110
    product                   CART-12
    lot                       24C0110
    expiry                    2027-03-31
    status                    held
    since                     2026-11-23 10:00
    by entry                  24
    unit                      each
    received                  20
    used                      1
    wasted or gone otherwise  0
    left                      19

    Receipts
    at                each  supplier  document  to         staff  entry
    ----------------  ----  --------  --------  ---------  -----  -----
    2026-11-22 10:00    20  Lind      D-1       stockroom  ana       11

    Containers opened
    none

    Uses
    at                late  session  client  step      areas   each  from       staff  entry  held by
    ----------------  ----  -------  ------  --------  ------  ----  ---------  -----  -----  -------
    2026-11-23 10:00  3 s   S-0001   C-1     needling  cheeks     1  stockroom  ben       22       20

    Waste and other moves
    none

    Held and released
    at                what         reason           staff  entry
    ----------------  -----------  ---------------  -----  -----
    2026-11-23 10:00  lot.hold     supplier-notice  ben       20
    2026-11-23 10:00  lot.release  cleared          ana       23
    2026-11-23 10:00  lot.hold     complaint        ben       24

    Left
    place      each  status
    ---------  ----  ------
    stockroom    19  held

    used in 1 session by 1 client
    1 use recorded while the lot was held
    $ trace session S-0001
    session   S-0001
    client    C-1
    protocol  face@1
    sha256    683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a
    areas     cheeks
    staff     ben
    started   2026-11-22 12:00
    state     open

    Steps
    at                late         step      areas   readings    staff  entry
    ----------------  -----------  --------  ------  ----------  -----  -----
    2026-11-22 12:10  21 h 50 min  consent           signed yes  ben       19
    2026-11-23 10:00  3 s          needling  cheeks  depth 1 mm  ben       21

    Items used
    step         needling
    product      CART-12
    lot          24C0110
    quantity     1
    unit         each
    expiry       2027-03-31
    at its use   usable
    the lot now  held
    since        2026-11-23 10:00
    late         3 s
    entry        22
    held by      20

    Waste
    none

    Received
    product  lot      received          quantity  unit  supplier  document  staff  entry
    -------  -------  ----------------  --------  ----  --------  --------  -----  -----
    CART-12  24C0110  2026-11-22 10:00        20  each  Lind      D-1       ana       11

    #22 was recorded while CART-12/24C0110 was held by #20
    ");
    let listed = clinic.ok("trace lot CART-12/24C0110 --format csv");
    let marked = |line: &&str| line.ends_with(",20");
    let marked: Vec<&str> = listed.lines().filter(marked).collect();
    assert!(matches!(marked[..], [line] if line.starts_with("stock.use,22,")), "{listed}");
}

/// Between two holds, and where the hold was named, nothing was out of order.
#[test]
fn a_use_between_two_holds_or_despite_one_was_not_recorded_as_if_nothing_were() {
    let clinic = clinic();
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    clinic.ok("session start face --client C-1 --areas cheeks,chin");
    clinic.ok("session log consent signed=yes");
    let needling = "session log needling@cheeks depth=1.0 --use CART-12/24C0110";
    clinic.ok(&format!("{needling} --despite held --reason clinical-judgement"));
    clinic.ok("lot release CART-12/24C0110 --reason cleared --as ana");
    let since = || clinic.json("check --all --every")["rows"][0]["since"].clone();
    assert_eq!(since(), "");
    clinic.ok("session log needling@chin depth=1.0 --use CART-12/24C0110");
    clinic.ok("lot hold CART-12/24C0110 --reason complaint");
    assert_eq!(since(), "CART-12/24C0110 held");
    let traced = clinic.json("trace lot CART-12/24C0110");
    let uses = traced["uses"].as_array().unwrap();
    assert_eq!(uses.len(), 2);
    assert!(uses.iter().all(|used| used["held_by"].is_null()), "{traced}");
}

#[test]
fn a_use_that_is_reversed_after_a_recall_leaves_its_mark() {
    let clinic = clinic();
    clinic.ok("receive 5 CART-12 --lot 25A0001 --expiry 2027-05 --from Lind --as ana");
    good_session(&clinic);
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    insta::assert_snapshot!(all(&clinic, &[
        "undo 22 --reason mis-scan",
        "session log needling@cheeks depth=1.0 --session S-0001 --use CART-12/25A0001 \
         --at 'before 23'",
        "check S-0001",
        "check --all",
        "trace lot CART-12/24C0110",
    ]), @"
    $ undo 22 --reason mis-scan
    reversed: #21 session.step: S-0001 needling cheeks C-1, reading.depth=1 mm; #22 stock.use: S-0001 needling cheeks C-1, 1 each CART-12/24C0110, stockroom -> session:S-0001  #25 [root]
    ! warning: CART-12/24C0110 is held now, since #24, and what was recorded of it is reversed: #22 stock.use
    ! hint: see all that was recorded of it: lotbook trace lot CART-12/24C0110
    ! warning: the verdict of S-0001 was pending, and is fail now
    ! hint: see why: lotbook check S-0001
    $ session log needling@cheeks depth=1.0 --session S-0001 --use CART-12/25A0001 --at 'before 23'
    S-0001 C-1: needling on cheeks at 10:00, depth 1 mm  #27 [root]
    ! note: used 1 each of CART-12/25A0001 from stockroom
    ! note: next: review: from 2026-12-13, in 21 days, until 2027-01-06
    $ check S-0001
    S-0001 is pending: face@1, client C-1, finished, of 2026-11-22
    rule        verdict  severity  because                                     entries  until
    ----------  -------  --------  ------------------------------------------  -------  ----------------
    seen-again  pending  minor     review must follow needling of 2026-11-22   #27      2027-01-06 23:59
                                   10:00 until 2027-01-06

    S-0001: the use of CART-12/24C0110, #22, was reversed by #25 while the lot was held by #24; it is still held
    $ check --all
    session  client  protocol  day         state     verdict  failed rules  lots held
    -------  ------  --------  ----------  --------  -------  ------------  ----------------------------
    S-0001   C-1     face@1    2026-11-22  finished  pending                CART-12/24C0110 held
                                                                            (reversed while held)

    1 session judged: 1 pending
    $ trace lot CART-12/24C0110
    product                   CART-12
    lot                       24C0110
    expiry                    2027-03-31
    status                    held
    since                     2026-11-22 10:00
    by entry                  24
    unit                      each
    received                  20
    used                      0
    wasted or gone otherwise  0
    left                      20

    Receipts
    at                each  supplier  document  to         staff  entry
    ----------------  ----  --------  --------  ---------  -----  -----
    2026-11-22 10:00    20  Lind      D-1       stockroom  ana       11

    Containers opened
    none

    Uses
    at                session  client  step      areas   each  from       staff  entry  reversed by
    ----------------  -------  ------  --------  ------  ----  ---------  -----  -----  -----------
    2026-11-22 10:00  S-0001   C-1     needling  cheeks     1  stockroom  ben       22           25

    Waste and other moves
    none

    Held and released
    at                what      reason           staff  entry
    ----------------  --------  ---------------  -----  -----
    2026-11-22 10:00  lot.hold  supplier-notice  ben       24

    Left
    place      each  status
    ---------  ----  ------
    stockroom    20  held

    used in 0 sessions by 0 clients
    1 use reversed, in 1 session by 1 client, while the lot was held
    1 entry reversed; what was reversed is not counted
    ");
}

#[test]
fn an_undo_of_a_delivery_of_a_held_lot_is_no_silent_one() {
    let clinic = clinic();
    clinic.ok("lot hold NUMB-4/L77 --reason complaint");
    clinic.ok("lot hold CART-12/24C0110 --reason complaint");
    clinic.ok("waste '1 packs' NUMB-4/L77 --reason dropped");
    insta::assert_snapshot!(all(&clinic, &[
        "undo 20 --reason mis-scan",
        "undo 11 --reason wrong-quantity",
        "undo 12 --reason wrong-quantity",
    ]), @"
    $ undo 20 --reason mis-scan
    reversed: #20 stock.waste: 30 g NUMB-4/L77, room-1 -> waste, dropped  #21 [root]
    ! warning: NUMB-4/L77 is held now, since #18, and what was recorded of it is reversed: #20 stock.waste
    ! hint: see all that was recorded of it: lotbook trace lot NUMB-4/L77
    $ undo 11 --reason wrong-quantity
    reversed: #11 lot.receive: 20 each CART-12/24C0110, supplier -> stockroom  #22 [root]
    ! warning: CART-12/24C0110 is held now, since #19, and what was recorded of it is reversed: #11 lot.receive
    ! hint: see all that was recorded of it: lotbook trace lot CART-12/24C0110
    $ undo 12 --reason wrong-quantity
    reversed: #12 lot.receive: 5 each CART-12/23B0412, supplier -> stockroom  #23 [root]
    ");
}

#[test]
fn a_check_of_nothing_says_what_to_write() {
    let clinic = clinic();
    let all = |lines: &[&str]| -> String {
        lines.iter().map(|line| clinic.run(line)).map(|output: Output| output.to_string()).collect()
    };
    insta::assert_snapshot!(all(&[
        "check",
        "check S-0099",
        "check 99",
        "check S-0001 --all",
        "check --from 2026-11-30 --to 2026-11-01",
        "check --from 2026-02-30",
        "check --all",
    ]), @"
    ! error: which sessions are to be checked is not said
    ! hint: name them: lotbook check S-0042
    ! hint: or take all: lotbook check --all
    exit 2
    ! error: there is no session S-0099
    ! hint: see them: lotbook session list
    exit 3
    ! error: invalid value '99' for '[SESSION]...': `99` is not a session id: it looks like S-0042
    ! hint: see the sessions: lotbook session list
    exit 2
    ! error: the argument '[SESSION]...' cannot be used with '--all'
    !   usage: lotbook check <SESSION>...
    ! hint: see how it is written: lotbook check --help
    exit 2
    ! error: no day lies between 2026-11-30 and 2026-11-01
    ! hint: write the earlier day first: --from 2026-11-01 --to 2026-11-30
    exit 2
    ! error: invalid value '2026-02-30' for '--from <DAY>': `2026-02-30` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    none

    0 sessions judged
    ");
}

#[test]
fn a_protocol_that_nobody_published_is_named() {
    let clinic = clinic();
    let refused = clinic.run("check --all --protocol foo");
    assert_eq!(refused.code, 3, "{refused}");
    assert!(refused.stderr.contains("no protocol foo was published"), "{refused}");
    let known = clinic.ok("protocol list --format csv");
    let id = known.lines().nth(1).and_then(|row| row.split(',').next()).unwrap();
    clinic.ok(&format!("check --all --protocol {id}"));
}

#[test]
fn an_undo_in_a_session_that_has_ended_says_where_its_verdict_changes() {
    let clinic = clinic();
    good_session(&clinic);
    insta::assert_snapshot!(all(&clinic, &[
        "undo 19 --reason mis-scan",
        "session log consent signed=yes --session S-0001 --at 'before 20'",
        "session log consent signed=yes --session S-0001 --at 'before 20'",
        "undo 25 --reason duplicate",
        "undo 22 --reason other --note 'there was more to do'",
        "undo 24 --reason mis-scan",
    ]), @"
    $ undo 19 --reason mis-scan
    reversed: #19 session.step: S-0001 consent C-1, reading.signed=yes  #23 [root]
    ! warning: the verdict of S-0001 was pending, and is fail now
    ! hint: see why: lotbook check S-0001
    $ session log consent signed=yes --session S-0001 --at 'before 20'
    S-0001 C-1: consent at 10:00, signed yes  #24 [root]
    ! note: next: review: from 2026-12-13, in 21 days, until 2027-01-06
    $ session log consent signed=yes --session S-0001 --at 'before 20'
    S-0001 C-1: consent at 10:00, signed yes  #25 [root]
    ! warning: consent.exactly_once (major): consent was done twice; at most once is allowed
    ! note: next: review: from 2026-12-13, in 21 days, until 2027-01-06
    $ undo 25 --reason duplicate
    reversed: #25 session.step: S-0001 consent C-1, reading.signed=yes  #26 [root]
    ! note: the verdict of S-0001 was fail, and is pending now
    ! hint: see why: lotbook check S-0001
    $ undo 22 --reason other --note 'there was more to do'
    reversed: #22 session.finish: S-0001 C-1, face@1  #27 [root]
    ! hint: S-0001 is open again, to log what is missing: lotbook session log STEP --session S-0001
    ! hint: and then to end it: lotbook session finish S-0001, or half-way: lotbook session stop S-0001 --reason 'client-left|reaction|screening|equipment|supply'
    $ undo 24 --reason mis-scan
    reversed: #24 session.step: S-0001 consent C-1, reading.signed=yes  #28 [root]
    ");
}

#[test]
fn a_follow_up_that_follows_nothing_is_recorded_and_said_aloud() {
    let clinic = clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    let said = |line: &str| {
        let answer = clinic.run(line).stderr;
        let warnings: Vec<&str> = answer.lines().filter(|line| line.contains("follows")).collect();
        format!("{}\n", warnings.join("\n"))
    };
    let early = said("session log review");
    clinic.ok("session log consent signed=yes");
    clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
    clinic.ok("session finish");
    let soon = said("session log review --session S-0001");
    clinic.wait_days(21);
    let in_time = said("session log review --session S-0001");
    clinic.wait_days(40);
    let late = said("session log review --session S-0001");
    insta::assert_snapshot!([early, soon, in_time, late].concat(), @"
    warning: review follows nothing in time: needling was not done before it
    warning: review follows nothing in time: it is due from 2026-12-13 until 2027-01-06

    warning: review follows nothing in time: it was due until 2027-01-06
    ");
}

#[test]
fn a_deadline_is_told_as_the_clocks_go_on_its_day() {
    let clinic = clinic();
    // From 22 February 2027 the 45 days end in April, when the clocks are an hour ahead.
    clinic.wait_days(92);
    good_session(&clinic);
    let answer = clinic.json("check S-0001");
    let findings = answer["findings"].as_array().unwrap();
    let review = findings.iter().find(|finding| finding["rule"] == "seen-again").unwrap();
    assert_eq!(review["deadline"], "2027-04-08T23:59:59+02:00");
}
