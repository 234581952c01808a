//! Steps at the chair: the items that are used, and what is said when a code is doubtful.

use crate::clinic::{Clinic, all};

/// A stocked clinic with a client in the chair: `ben`'s session S-0001 by the shipped protocol.
pub(crate) fn chair() -> Clinic {
    let clinic = Clinic::stocked();
    clinic.ok("protocol publish acne-scars-face");
    clinic.ok("client new C-7F3K9QWX");
    clinic.ok("session start acne-scars-face --client C-7F3K9QWX --areas cheeks --as ben");
    clinic.acting("ben")
}

/// Runs a line that must be refused by the book, and returns what it said.
#[track_caller]
fn refused(clinic: &Clinic, line: &str) -> String {
    let output = clinic.run(line);
    assert_eq!(output.code, 3, "`{line}` answered\n{output}");
    output.stderr
}

#[test]
fn a_scanned_expiry_that_contradicts_the_lot_is_refused() {
    let clinic = chair();
    let line = "session log consent --use (01)09504000059118(17)270430(10)24C0110";
    let said = refused(&clinic, line);
    assert!(said.contains("2027-04-30") && said.contains("2027-03-31"), "{said}");
    clinic.ok("session log consent --use (01)09504000059118(17)270331(10)24C0110");
}

#[test]
fn a_lot_that_the_book_does_not_know_is_named_with_the_nearest() {
    let clinic = chair();
    let said = refused(&clinic, "session log consent --use CART-12/24c0110");
    assert!(said.contains("there is no lot 24c0110 of CART-12"), "{said}");
    assert!(said.contains("did you mean CART-12/24C0110?"), "{said}");
}

#[test]
fn a_code_without_a_lot_is_doubted_aloud() {
    let clinic = chair();
    let output = clinic.run("session log consent --use (01)09504000059118");
    assert_eq!(output.code, 0, "{output}");
    let said = "the code holds no lot: took CART-12/24C0110, check the pack";
    assert!(output.stderr.contains(said), "{output}");
    let output = clinic.run("session log consent --use CART-12");
    assert!(!output.stderr.contains("check the pack"), "{output}");
    // A serial number that the book knows names the lot; another one does not.
    clinic.ok("receive (01)09504000059118(17)270331(10)24C0110(21)A1 --from Lind --as ana");
    let output = clinic.run("session log consent --use (01)09504000059118(21)A1");
    assert!(!output.stderr.contains("check the pack"), "{output}");
    let output = clinic.run("session log consent --use (01)09504000059118(21)NEW");
    assert!(output.stderr.contains(said), "{output}");
}

#[test]
fn a_code_with_an_expiry_and_no_lot_takes_only_a_lot_that_expires_then() {
    let clinic = chair();
    let line = "session log consent --use (01)09504000059118(17)";
    let said = refused(&clinic, &format!("{line}280430"));
    assert!(said.contains("2028-04-30") && said.contains("24C0110 expires 2027-03-31"), "{said}");
    let said = refused(&clinic, &format!("{line}261031"));
    assert!(said.contains("lot 23B0412 of CART-12 expired on 2026-10-31"), "{said}");
    assert!(said.contains("--despite expired"), "{said}");
    let despite = format!("{line}261031 --despite expired --reason clinical-judgement");
    let output = clinic.run(&despite);
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stderr.contains("took CART-12/23B0412, check the pack"), "{output}");
    let output = clinic.run(&format!("{line}270300"));
    assert!(output.stderr.contains("took CART-12/24C0110, check the pack"), "{output}");
}

#[test]
fn the_shelf_of_another_room_comes_last_and_rooms_ignore_case() {
    let clinic = chair();
    clinic.ok("place add room-2 --kind room --as ana");
    let early = "receive 1 CART-12 --lot EARLY --expiry 2026-12-31 --from Lind --to room-2";
    clinic.ok(&format!("{early} --as ana"));
    let line = "session log consent --session S-0001 --room ROOM-1 --use";
    let output = clinic.run(&format!("{line} CART-12"));
    assert!(output.stderr.contains("CART-12/24C0110 from stockroom"), "{output}");
    let output = clinic.run(&format!("{line} CART-12/EARLY"));
    assert!(output.stderr.contains("was taken from room-2, which is another room"), "{output}");
}

#[test]
fn an_answer_that_stops_the_treatment_is_said_aloud_and_may_end_it() {
    let clinic = chair();
    let answers = [
        "skin_problem",
        "allergy_to_steel_or_anesthetic",
        "bleeding_disorder",
        "isotretinoin_now",
        "isotretinoin_recent",
        "keloid_history",
        "scleroderma",
        "hsv_history",
        "anticoagulants",
        "immunosuppression",
        "anesthetic_risk",
    ];
    let answers = answers.map(|name| format!("{name}=no")).join(" ");
    let output = clinic.run(&format!("session log screening pregnant=yes {answers}"));
    assert!(output.stderr.contains("pregnant is yes: it stops "), "{output}");
    assert!(output.stderr.contains("session stop S-0001 --reason screening"), "{output}");
    let shown = clinic.ok("session show");
    assert!(shown.contains("pregnant yes") && !shown.contains("scleroderma"), "{shown}");
    let file = clinic.ok("session show --format csv");
    assert!(file.contains("pregnant yes, scleroderma no"), "{file}");
    clinic.ok("session stop --reason screening");
}

#[test]
fn a_reading_that_no_device_shows_is_refused() {
    let clinic = chair();
    for (reading, nearest) in [
        ("depth=1.1", "depth=1 and depth=1.25"),
        ("passes=-3", "whole number"),
        ("passes=2.5", "whole number"),
    ] {
        let said = refused(&clinic, &format!("session log needling@cheeks {reading}"));
        assert!(said.contains(nearest), "{said}");
    }
}

#[test]
fn a_clearance_takes_its_one_word() {
    let clinic = chair();
    let said = refused(
        &clinic,
        "session log prescriber-clearance hsv_history=yes --as pia \
        --session S-0001",
    );
    assert!(said.contains("hsv_history=cleared"), "{said}");
    let said = refused(
        &clinic,
        "session log prescriber-clearance hsv=cleared --as pia \
        --session S-0001",
    );
    assert!(said.contains("it can clear ") && said.contains("hsv_history"), "{said}");
}

#[test]
fn a_deviation_has_a_code_of_its_own() {
    let clinic = chair();
    let said = refused(&clinic, "session log consent --despite held --reason other");
    assert!(said.contains("`other` needs words"), "{said}");
    assert!(!said.contains("--note"), "{said}");
    let said = refused(&clinic, "session log consent --despite held --reason xx");
    assert!(said.contains("recorded-late: "), "{said}");
    assert!(!said.contains("other: ") && !said.contains("--note"), "{said}");
}

/// Two steps, the second only after the first, and one that no rule asks for.
const ORDERED: &str = r#"lotbook = 1
id = "small"
version = "1"
title = "A small one"

[[step]]
id = "consent"

[[step]]
id = "photo"

[[step]]
id = "needling"

[[rule]]
id = "consent-first"
before = { step = "needling", needs = "consent" }
severity = "block"
why = "Clients are traced through their consent forms"
"#;

#[test]
fn an_undo_that_breaks_a_block_rule_is_refused_unless_the_rule_is_named() {
    let clinic = Clinic::stocked();
    let file = clinic.file("small.toml", ORDERED);
    clinic.ok(&format!("protocol publish {file}"));
    let clinic = clinic.acting("ben");
    clinic.ok("client new C-1");
    clinic.ok("session start small --client C-1");
    for step in ["consent", "photo", "needling"] {
        clinic.ok(&format!("session log {step}"));
    }
    insta::assert_snapshot!(all(&clinic, &[
        "check S-0001 --every",
        "undo 19 --reason wrong-session",
        "undo 20 --reason wrong-session --despite consent-first",
        "undo 19 --reason wrong-session --despite consent-first --note 'it was S-0002'",
        "audit log --limit 1",
        "check S-0001",
    ]), @"
    $ check S-0001 --every
    S-0001 passes: small@1, client C-1, open, of 2026-11-22
    rule           verdict  severity  because                entries  why
    -------------  -------  --------  ---------------------  -------  ----------------------------------
    consent-first  pass     block     in order, and in time  #19 #21  Clients are traced through their
                                                                      consent forms
    $ undo 19 --reason wrong-session
    ! error: without it S-0001 breaks consent-first: needling at 10:00 has no consent before it
    !   Clients are traced through their consent forms
    ! hint: log first what was really done, late with --at, and undo then
    ! hint: to undo it all the same: --despite consent-first
    exit 3
    $ undo 20 --reason wrong-session --despite consent-first
    ! error: --despite consent-first: this undo breaks no such rule
    !   only a block rule that fails without the entry can be set aside
    ! hint: leave out --despite consent-first
    exit 3
    $ undo 19 --reason wrong-session --despite consent-first --note 'it was S-0002'
    reversed: #19 session.step: S-0001 consent C-1  #22 [root]
    $ audit log --limit 1
     #  happened          late  by   action    what                                         standing
    --  ----------------  ----  ---  --------  -------------------------------------------  ------------
    22  2026-11-22 10:00        ben  reversal  S-0001 consent C-1, wrong-session despite    reverses #19
                                               consent-first: it was S-0002
    ! note: there are more than 1 such entries: --limit N shows more
    $ check S-0001
    S-0001 fails: small@1, client C-1, open, of 2026-11-22
    rule           verdict  severity  because                       entries  why
    -------------  -------  --------  ----------------------------  -------  ---------------------------
    consent-first  fail     block     needling at 10:00 has no      #21      Clients are traced through
                                      consent before it                      their consent forms
    ! error: the session fails its protocol
    exit 1
    ");
}

#[test]
fn unanswered_questions_are_counted_and_not_all_shown() {
    let clinic = chair();
    let said = refused(&clinic, "session log needling@cheeks depth=1 passes=3 --use CART-12");
    assert!(said.contains("more questions of screening are not answered"), "{said}");
}

#[test]
fn a_late_use_asks_what_the_lot_was_like_then() {
    let clinic = chair();
    clinic.wait_seconds(3600);
    clinic.ok("lot hold CART-12/24C0110 --reason damaged --as ana");
    let line = "session log consent --use CART-12/24C0110";
    assert!(refused(&clinic, line).contains("is held"));
    clinic.ok(&format!("{line} --at 10:30"));
}

#[test]
fn a_clearance_without_a_question_is_doubted_aloud() {
    let clinic = chair();
    insta::assert_snapshot!(all(&clinic, &[
        "session log prescriber-clearance --as pia --session S-0001",
        "session log prescriber-clearance hsv_history=cleared --as pia --session S-0001",
    ]), @"
    $ session log prescriber-clearance --as pia --session S-0001
    S-0001 C-7F3K9QWX: prescriber-clearance at 10:00  #19 [root]
    ! warning: prescriber-clearance names no question, so it clears nothing
    ! note: next: identity: now
    ! note: next: consent: now
    ! note: next: screening: now
    ! note: next: and 9 more: lotbook session show S-0001
    $ session log prescriber-clearance hsv_history=cleared --as pia --session S-0001
    S-0001 C-7F3K9QWX: prescriber-clearance at 10:00, hsv_history cleared  #20 [root]
    ! warning: hsv_history=cleared clears nothing: it is not answered yet
    ! note: next: identity: now
    ! note: next: consent: now
    ! note: next: screening: now
    ! note: next: and 9 more: lotbook session show S-0001
    ");
}

#[test]
fn an_item_that_the_step_does_not_ask_for_is_noted() {
    let clinic = chair();
    let output = clinic.run("session log consent --use NUMB-4");
    assert_eq!(output.code, 0, "{output}");
    assert!(output.stderr.contains("note: no rule of consent asks for NUMB-4"), "{output}");
    let output = clinic.run("session log time-out --use CART-12");
    assert!(!output.stderr.contains("no rule of"), "{output}");
}

#[test]
fn a_refusal_names_what_can_be_typed_to_record_it_all_the_same() {
    let clinic = chair();
    insta::assert_snapshot!(all(&clinic, &[
        "session log screening skin_problem=no",
        "session log needling@cheeks passes=3",
    ]), @"
    $ session log screening skin_problem=no
    ! error: screening breaks screening.record.allergy_to_steel_or_anesthetic: allergy_to_steel_or_anesthetic was not recorded at screening
    !   screening.record.allergy_to_steel_or_anesthetic: SkinPen contraindications: allergy to steel or the anesthetic
    !   and 10 more questions of screening are not answered: bleeding_disorder, pregnant, isotretinoin_now, isotretinoin_recent, keloid_history, scleroderma, hsv_history, anticoagulants, immunosuppression, anesthetic_risk
    ! hint: answer what is left: lotbook session log screening QUESTION=ANSWER ...
    ! hint: see the answers: lotbook protocol show acne-scars-face@2026.1
    ! hint: if they were not asked, record that: --despite screening.record.QUESTION for each, --reason 'clinical-judgement|client-request|emergency|supply|recorded-late'
    exit 3
    $ session log needling@cheeks passes=3
    ! error: needling breaks screening.record.skin_problem: skin_problem was not answered at screening before needling
    !   screening.record.skin_problem: SkinPen contraindications: skin cancer or active infection in the area, open wounds
    !   needling.uses.cartridge: up to the first needling, no cartridge was used; at least 1 is needed
    !   needling.uses.cartridge: DEN160029: the cartridge is sterile and single use, and tracked by its lot
    !   needling.record.depth[cheeks]: depth was not recorded at needling
    !   needling.record.depth: DEN160029: 0 to 2.5 mm in steps of 0.25; by area after the Dermapen protocol sheet, scars deeper
    !   consent-first: needling at 10:00 has no consent before it
    !   consent-first: Clients are traced through their consent forms (CDC MMWR 73(16):372)
    !   skin-prep-first[cheeks]: needling at 10:00 has no skin-prep before it
    !   skin-prep-first: SkinPen and Dermapen manuals: disinfect before needling
    !   time-out-first: needling at 10:00 has no time-out before it
    !   time-out-first: DEN160029: the cartridge is sterile and single use: read its lot and expiry before it is used
    !   and 10 more questions of screening are not answered: allergy_to_steel_or_anesthetic, bleeding_disorder, pregnant, isotretinoin_now, isotretinoin_recent, keloid_history, scleroderma, hsv_history, anticoagulants, immunosuppression
    ! hint: answer what is left: lotbook session log screening QUESTION=ANSWER ...
    ! hint: see the answers: lotbook protocol show acne-scars-face@2026.1
    ! hint: if they were not asked, record that: --despite screening.record.QUESTION for each, --reason 'clinical-judgement|client-request|emergency|supply|recorded-late'
    ! hint: if it was done all the same, record it: --despite consent-first --despite needling.record.depth --despite needling.uses.cartridge --despite skin-prep-first --despite time-out-first --reason 'clinical-judgement|client-request|emergency|supply|recorded-late'
    exit 3
    ");
}

#[test]
fn a_session_ends_once_and_not_before_its_last_step() {
    let clinic = chair();
    clinic.ok("session log consent");
    let early = refused(&clinic, "session stop --reason client-left --at 'yesterday 16:00'");
    assert!(early.contains("its last step is of 2026-11-22"), "{early}");
    assert!(early.contains("hint: end it then or later: --at '2026-11-22"), "{early}");
    clinic.ok("session stop --reason client-left");
    let said = refused(&clinic, "session stop S-0001 --reason client-left");
    assert!(said.contains("S-0001 was stopped at 2026-11-22"), "{said}");
    let look = "audit log --session S-0001";
    assert!(said.contains(&format!("lotbook {look}")), "{said}");
    assert!(clinic.ok(look).contains("session.stop"));
}

#[test]
fn a_session_that_is_opened_again_after_its_follow_up_ends_when_it_did() {
    let clinic = chair();
    clinic.wait_seconds(600);
    clinic.ok("session log consent --at '2026-11-22 10:04:40'");
    clinic.ok("session stop --reason client-left --at '2026-11-22 10:05:00'");
    clinic.wait_days(7);
    clinic.ok("session log review-1-week --session S-0001");
    let log = clinic.json("audit log --session S-0001 --action session.stop");
    let seq = &log["rows"][0]["seq"];
    clinic.ok(&format!("undo {seq} --reason mis-scan --as ana"));
    let early = refused(&clinic, "session stop --reason client-left --at '2026-11-22 10:04:39'");
    assert!(early.contains("its last step is of 2026-11-22 10:04:40"), "{early}");
    clinic.ok("session stop --reason reaction --at '2026-11-22 10:05:00'");
    let late = refused(&clinic, "session log cleanse --session S-0001");
    assert!(late.contains("S-0001 was stopped at 2026-11-22 10:05"), "{late}");
}

#[test]
fn a_session_is_not_voided_before_it_began() {
    let clinic = chair();
    let void = "session void S-0001 --reason wrong-client";
    let early = refused(&clinic, &format!("{void} --at 'yesterday 16:00'"));
    assert!(
        early.contains("can't have been voided at 2026-11-21 16:00:00: it began at"),
        "{early}"
    );
    clinic.ok(void);
}

#[test]
fn a_refusal_of_the_role_names_it_with_its_article() {
    let said = refused(&chair(), "audit export --out x");
    assert!(said.contains("hint: let an inspector do it with --as"), "{said}");
}

#[test]
fn a_serial_number_goes_with_its_lot_and_in_the_place_of_no_other_piece() {
    let clinic = chair();
    let pack =
        |lot: &str, serial: &str| format!("'(01)09504000059118(17)290630(10){lot}(21){serial}'");
    for (lot, serial) in [("LA", "U1"), ("LA", "U2"), ("LB", "V1"), ("SER", "001"), ("SER", "002")]
    {
        clinic.ok(&format!("receive {} --from Lind --as ana", pack(lot, serial)));
    }
    let said = |line: &str| {
        let said = refused(&clinic, line);
        said.lines().next().unwrap_or_default().to_owned()
    };
    let uses =
        |lot: &str, serial: &str| said(&format!("session log consent --use {}", pack(lot, serial)));
    let wastes = |lot: &str, serial: &str| {
        said(&format!("waste {} --reason dropped --as ana", pack(lot, serial)))
    };
    let other =
        "error: the code says that serial U1 of CART-12 is of lot LB, and the book knows LA";
    let unknown = "error: serial 009 of CART-12 was never received";
    for said in [&uses, &wastes as &dyn Fn(&str, &str) -> String] {
        assert_eq!(said("LB", "U1"), other);
        assert_eq!(said("LNEVER", "U1"), other.replace("LB", "LNEVER"));
        assert_eq!(said("SER", "009"), unknown);
    }
    let scan = |lot: &str, serial: &str| clinic.ok(&format!("scan {}", pack(lot, serial)));
    assert!(scan("LB", "U1").contains(other.trim_start_matches("error: ")));
    let never = scan("SER", "009");
    assert!(never.contains(unknown.trim_start_matches("error: ")), "{never}");
    assert!(!never.contains("may be used"), "{never}");
    let batch = format!("{}\n{}\n", pack("LB", "U1"), pack("SER", "009")).replace('\'', "");
    let batch = clinic.run_with("scan -", batch).to_string();
    assert!(batch.contains("warning[other-lot] at 2"), "{batch}");
    assert!(batch.contains("warning[unknown-serial] at 3"), "{batch}");
    // Both pieces can be recorded, and one that came without a number may have any.
    clinic.ok(&format!("session log consent --use {}", pack("SER", "001")));
    clinic.ok("receive 1 CART-12 --lot SER --from Lind --as ana");
    let both = format!("--use {} --use {}", pack("SER", "002"), pack("SER", "009"));
    clinic.ok(&format!("session log consent {both}"));
    clinic.ok(&format!("waste {} --reason dropped --as ana", pack("LB", "V1")));
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_piece_is_taken_from_where_it_lies() {
    let clinic = chair();
    clinic.ok("place add room-2 --kind room --as ana");
    for (serial, place) in [("S1", "room-1"), ("S2", "room-2")] {
        let pack = format!("'(01)09504000059118(17)290630(10)L(21){serial}'");
        clinic.ok(&format!("receive {pack} --to {place} --from Lind --as ana"));
    }
    let output = clinic.run("session log consent --use '(01)09504000059118(10)L(21)S2'");
    assert!(output.stderr.contains("used 1 each of CART-12/L from room-2"), "{output}");
    clinic.ok("waste '(01)09504000059118(10)L(21)S1' --reason dropped --as ana");
}

#[test]
fn each_thing_that_is_wrong_with_an_item_is_recorded_by_a_word_of_its_own() {
    let clinic = chair();
    let old = "receive 3 CART-12 --lot OLD --expiry 2025-10-31 --from Lind --as ana";
    clinic.ok(old);
    clinic.ok("lot hold CART-12/OLD --reason damaged --as ana");
    let line = "session log consent --use CART-12/OLD --reason recorded-late";
    let said = refused(&clinic, &format!("{line} --despite held"));
    assert!(said.contains("lot OLD of CART-12 is held and expired on 2025-10-31"), "{said}");
    let words = "--despite expired --despite held";
    assert!(said.contains(words), "{said}");
    clinic.ok(&format!("{line} {words}"));
    let log = clinic.ok("audit log --action stock.use --format csv --as ana");
    assert!(log.contains("expired+held"), "{log}");
    let shown = clinic.run("check S-0001 --as ana").to_string();
    assert!(shown.contains("had expired") && shown.contains("was held"), "{shown}");
    clinic.ok("audit verify --as ana");
}

#[test]
fn a_hint_keeps_the_quantity_and_is_an_option_of_the_same_command() {
    let clinic = chair();
    let said = refused(&clinic, "session log consent --use '2 CART-12/23B0412'");
    assert!(said.contains(": --use '2 each CART-12/24C0110'"), "{said}");
    let said = refused(&clinic, "session log consent --use '99 CART-12/23B0412'");
    assert!(!said.contains("lotbook session log"), "{said}");
}

#[test]
fn an_area_that_nobody_planned_is_said_aloud_once() {
    let clinic = chair();
    let line = "session log sharps@chin --session S-0001 --use CART-12";
    let said = clinic.run(line).to_string();
    let warning = "chin was not planned in S-0001, only cheeks";
    assert!(said.contains(warning), "{said}");
    assert!(!clinic.run(line).to_string().contains(warning));
    assert!(!clinic.run(&line.replace("chin", "cheeks")).to_string().contains("not planned"));
}

/// A session by the small protocol: only `needling` needs something before it.
fn small() -> Clinic {
    let clinic = Clinic::stocked();
    let file = clinic.file("small.toml", ORDERED);
    clinic.ok(&format!("protocol publish {file}"));
    let clinic = clinic.acting("ben");
    clinic.ok("client new C-1");
    clinic.ok("session start small --client C-1");
    clinic
}

#[test]
fn no_name_after_despite_is_taken_and_ignored() {
    let clinic = small();
    let line = "session log photo --use CART-12/23B0412 --reason supply --despite";
    for (name, fits) in [
        ("stock", "lotbook receive QTY ITEM"),
        ("serial", "a piece with a serial number is used once"),
        ("Expired", "did you mean expired?"),
        ("consent-first,expired", "--despite consent-first --despite expired"),
    ] {
        let said = refused(&clinic, &format!("{line} {name}"));
        assert!(said.contains(name) && said.contains(fits), "{said}");
    }
    let said =
        refused(&clinic, "session log photo --use '25 CART-12' --despite expired --reason supply");
    assert!(said.contains("--despite takes what is named alone: --use CART-12/23B0412"), "{said}");
    let said = refused(&clinic, "session finish --despite a,b --reason supply");
    assert!(said.contains("--despite a --despite b"), "{said}");
    clinic.ok(&format!("{line} expired"));
}

#[test]
fn a_hint_keeps_what_was_given_and_tells_the_codes() {
    let clinic = chair();
    let tried = "session log needling depth=1.0 passes=3";
    let said = refused(&clinic, &format!("{tried} --despite consent-first --reason supply"));
    let names = "--despite consent-first --despite needling.uses.cartridge";
    assert!(said.contains(names) && said.contains("time-out-first --reason supply"), "{said}");
    let item = "--use CART-12/23B0412 --despite consent-first --reason supply";
    let said = refused(&clinic, &format!("{tried} {item}"));
    assert!(said.contains("--despite consent-first --despite expired --reason supply"), "{said}");
    // A paste of the hint as it stands records nothing, and says what the codes mean.
    let codes = "'clinical-judgement|client-request|emergency|supply|recorded-late'";
    let said = refused(&clinic, &format!("{tried} --use CART-12/23B0412"));
    assert!(said.contains(&format!("--despite expired --reason {codes}")), "{said}");
    let said = refused(&clinic, &format!("session log time-out --despite held --reason {codes}"));
    assert!(said.contains("supply: nothing else was at hand"), "{said}");
}

#[test]
fn questions_that_are_open_are_told_by_name() {
    let clinic = chair();
    let said = refused(&clinic, "session log screening skin_problem=no");
    assert!(said.contains(" more questions of screening are not answered: "), "{said}");
    assert!(said.contains(", scleroderma"), "{said}");
    assert!(said.contains("see the answers: lotbook protocol show acne-scars-face@"), "{said}");
}

#[test]
fn a_step_of_another_day_than_the_session_began_on_is_said_aloud() {
    let clinic = small();
    let output = clinic.run("session log consent");
    assert!(output.stdout.contains("consent at 10:") && output.stderr.is_empty(), "{output}");
    clinic.wait_days(5);
    let output = clinic.run("session log photo --at 09:06");
    assert!(output.stdout.contains("photo at 2026-11-27 09:06"), "{output}");
    assert!(output.stderr.contains("warning: S-0001 began on 2026-11-22"), "{output}");
    assert!(output.stderr.contains("log it with --at '2026-11-22 09:06'"), "{output}");
}

#[test]
fn no_hint_offers_a_time_that_is_not_true() {
    let clinic = small();
    clinic.ok("session stop --reason reaction");
    clinic.wait_seconds(600);
    let said = refused(&clinic, "session log photo --session S-0001");
    assert!(!said.contains("--at '2026"), "{said}");
    assert!(said.contains("lotbook undo N --reason 'mis-scan|"), "{said}");
    assert!(said.contains("lotbook audit log --session S-0001"), "{said}");
}

#[test]
fn two_times_of_one_minute_are_told_to_the_second() {
    let clinic = small();
    let said = refused(&clinic, "session log photo --at 10:00");
    let words = "photo at 2026-11-22 10:00:00 lies before S-0001 began, at 2026-11-22 10:00:";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("from '2026-11-22 10:00:"), "{said}");
}

#[test]
fn an_area_is_named_and_may_stand_after_a_blank() {
    let clinic = chair();
    for step in ["needling@", "needling@cheeks,", "needling@,cheeks"] {
        let output = clinic.run(&format!("session log {step} depth=1.0"));
        assert_eq!(output.code, 2, "{output}");
        assert!(output.stderr.contains("name each area: needling@AREA,AREA"), "{output}");
    }
    let output = clinic.run("session log needling cheeks depth=1.0");
    assert!(output.stderr.contains("lotbook session log needling@cheeks"), "{output}");
    clinic.ok("client new C-2");
    clinic.ok("session start acne-scars-face --client C-2 --areas 'cheeks, forehead'");
    let output = clinic.run("session start acne-scars-face --client C-2 --areas Cheeks");
    assert!(output.stderr.contains("such as `upper-lip`"), "{output}");
    let output = clinic.run("session log consent --session S-0001 --note 'all well'");
    assert!(output.code == 2 && output.stderr.contains("a step takes no words"), "{output}");
}

#[test]
fn without_an_open_session_the_way_to_an_ended_one_is_told() {
    let clinic = small();
    clinic.ok("session stop --reason reaction");
    let said = refused(&clinic, "session log photo");
    assert!(said.contains("S-0001 with C-1 was stopped at 2026-11-22 10:00"), "{said}");
    assert!(said.contains("--session S-0001; see them all: lotbook session list"), "{said}");
    let said = refused(&clinic, "session log photo --as ana");
    assert!(said.contains("--session S-0042; see them all: lotbook session list"), "{said}");
}

#[test]
fn an_undo_names_what_its_entry_is_about() {
    let clinic = small();
    let seq = |action: &str| {
        clinic.json(&format!("audit log --action {action}"))["rows"][0]["seq"].to_string()
    };
    let start = seq("session.start");
    let said = refused(&clinic, &format!("undo {start} --reason mis-scan"));
    assert!(said.contains("lotbook session void S-0001 --reason 'wrong-client|"), "{said}");
    clinic.ok("lot hold CART-12/24C0110 --reason damaged");
    let said = refused(&clinic, &format!("undo {} --reason mis-scan", seq("lot.hold")));
    assert!(said.contains("lot release CART-12/24C0110 --reason 'cleared|wrong-lot'"), "{said}");
    clinic.ok("session stop --reason reaction");
    let output = clinic.run(&format!("undo {} --reason mis-scan", seq("session.stop")));
    assert!(output.stderr.contains("lotbook session finish S-0001, or half-way"), "{output}");
    assert!(output.stderr.contains("session stop S-0001 --reason 'client-left|"), "{output}");
}

#[test]
fn a_step_is_warned_of_what_it_breaks_and_not_of_what_was_broken_before() {
    let clinic = small();
    let despite = "--despite expired --reason supply";
    clinic.ok(&format!("session log consent --use CART-12/23B0412 {despite}"));
    let output = clinic.run(&format!("session log photo --use CART-12/23B0412 {despite}"));
    assert!(output.stderr.contains("CART-12/23B0412 used at photo had expired"), "{output}");
    assert!(!output.stderr.contains("used at consent"), "{output}");
}
