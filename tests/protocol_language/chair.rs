//! At the chair, with the shipped protocol: what is refused, what is next, how it ends.

use lotbook::domain::protocol::{
    Protocol, Verdict, gate, gate_change, idle_clearances, judge, next, parse,
};
use lotbook::domain::session::Session;
use lotbook::domain::session::record::unasked_items;
use lotbook::domain::time::Moment;

use crate::sessions::{at, event, finished, protocol, session, stopped};

pub(crate) const SHIPPED: &str = include_str!("../../protocols/acne-scars-face.toml");

fn shipped() -> Protocol {
    parse(SHIPPED).0.expect("the shipped protocol is right")
}

/// Every question answered as expected, with one answer changed.
fn screening(time: &str, but: &str) -> String {
    let questions = [
        "skin_problem",
        "allergy_to_steel_or_anesthetic",
        "bleeding_disorder",
        "pregnant",
        "isotretinoin_now",
        "isotretinoin_recent",
        "keloid_history",
        "scleroderma",
        "hsv_history",
        "anticoagulants",
        "immunosuppression",
        "anesthetic_risk",
    ];
    let answers = questions.iter().map(|name| {
        let answer = if *name == but { "yes" } else { "no" };
        format!(" {name}={answer}")
    });
    format!("{time} screening{}", answers.collect::<String>())
}

const CREAM: &str = "10:05 anesthetic-on \
    use=2.5g:anesthetic:LMX4:strength_percent=4,dwell_min=30min,dwell_max=60min";

fn good() -> Vec<String> {
    let lines = [
        "09:55 identity allergies=none age_22_or_over=yes",
        "09:56 consent",
        &screening("09:57", ""),
        "10:00 before-photo",
        "10:02 cleanse",
        CREAM,
        "10:40 anesthetic-off",
        "10:42 skin-prep",
        "10:45 time-out",
        "10:46 needling@cheeks depth=1mm passes=3 use=1:cartridge:CART-12",
        "10:55 needling@chin depth=0.5mm passes=3",
        "11:00 after-care-serum use=0.3ml:serum:HA-01",
        "11:02 after-photo",
        "11:05 reaction-check redness=moderate swelling=mild bruising=no",
        "11:06 sharps",
        "11:08 after-care-given",
    ];
    lines.map(str::to_owned).into()
}

fn of(lines: &[String], build: fn(&[&str]) -> Session) -> Session {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    build(&lines)
}

#[test]
fn a_good_session_passes_once_its_reviews_are_done() {
    let protocol = shipped();
    let mut lines = good();
    let open = of(&lines, finished);
    let judgement = judge(&protocol, &open, Some(at("12:00")));
    let not: Vec<String> = judgement
        .findings
        .iter()
        .filter(|one| matches!(one.verdict, Verdict::Fail | Verdict::Pending { .. }))
        .map(|one| format!("{} {}: {}", one.name(), one.verdict.as_str(), one.because))
        .collect();
    assert_eq!(not.len(), 4, "{not:#?}");
    assert!(
        not[0].starts_with(
            "review-at-1-week pending: review-1-week must follow needling of 2026-11-22 10:46 \
        until 2026-12-02"
        ),
        "{not:#?}"
    );

    for (review, day) in [
        ("review-1-week", "2026-11-29"),
        ("review-4-weeks", "2026-12-20"),
        ("review-12-weeks", "2027-02-14"),
        ("review-26-weeks", "2027-05-23"),
    ] {
        lines.push(format!("{day}T10:00:00+01:00 {review}"));
    }
    assert_eq!(judge(&protocol, &of(&lines, finished), None).verdict, Verdict::Pass);
}

#[test]
fn a_session_stopped_half_way_fails_nothing_that_was_not_due() {
    let protocol = shipped();
    let lines = &good()[..11];
    let session = of(lines, stopped);
    let judgement = judge(&protocol, &session, Some(at("12:00")));
    let failed: Vec<String> = judgement
        .findings
        .iter()
        .filter(|one| one.verdict == Verdict::Fail)
        .map(|one| format!("{}: {}", one.name(), one.because))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// What the gate says to one more line, as `rule: because`.
fn refused(lines: &[String], line: &str) -> Vec<String> {
    let protocol = shipped();
    let session = of(lines, session);
    let candidate = event(100, line);
    gate(&protocol, &session, &candidate)
        .iter()
        .map(|one| format!("{}: {}", one.name(), one.because))
        .collect()
}

#[test]
fn what_no_later_entry_could_mend_is_refused() {
    let lines = good();
    let cartridge = "10:46 needling@cheeks depth=1mm passes=3 use=1:cartridge:CART-12";
    assert!(refused(&lines[..9], cartridge).is_empty());
    assert_eq!(
        refused(&lines[..9], "10:46 needling@cheeks depth=2mm passes=3 use=1:cartridge:CART-12"),
        ["needling.record.depth[cheeks]: depth is 2 mm; the limit of ana is 1 mm"]
    );
    assert_eq!(
        refused(&lines[..9], "10:46 needling@chin depth=0.5mm passes=3"),
        ["needling.uses.cartridge: up to the first needling, no cartridge was used; \
            at least 1 is needed"]
    );
    assert_eq!(
        refused(&lines[..8], cartridge),
        ["time-out-first: needling at 10:46 has no time-out before it"]
    );
    // The cream is still on; the disinfection before it is another matter.
    let still_on = refused(&lines[..6], "10:10 skin-prep");
    assert!(still_on.is_empty(), "a major rule refuses nothing: {still_on:?}");
}

#[test]
fn an_answer_is_always_recordable_and_then_stops_what_it_names() {
    let mut lines = good()[..2].to_vec();
    assert!(refused(&lines, &screening("09:57", "hsv_history")).is_empty());
    lines.push(screening("09:57", "hsv_history"));
    lines.extend(good()[3..9].iter().cloned());
    let needling = "10:46 needling@cheeks depth=1mm passes=3 use=1:cartridge:CART-12";
    assert_eq!(
        refused(&lines, needling),
        ["screening.record.hsv_history: hsv_history is yes, which stops needling until \
            prescriber-clearance clears it"]
    );
    lines.push("10:45 prescriber-clearance by=dr hsv_history=cleared".to_owned());
    assert!(refused(&lines, needling).is_empty());
}

#[test]
fn a_clearance_that_clears_nothing_is_said() {
    let idle = |answers: &str, line: &str| {
        let protocol = shipped();
        let lines = [answers.to_owned(), format!("10:45 prescriber-clearance by=dr {line}")];
        idle_clearances(&protocol, &of(&lines, session), 2)
    };
    let (yes, no) = (screening("09:57", "hsv_history"), screening("09:57", ""));
    assert!(idle(&yes, "hsv_history=cleared").is_empty());
    assert_eq!(
        idle(&yes, ""),
        ["prescriber-clearance names no question, so it clears nothing: \
            log it with hsv_history=cleared"]
    );
    assert_eq!(idle(&no, ""), ["prescriber-clearance names no question, so it clears nothing"]);
    let nothing = "hsv_history=cleared clears nothing";
    assert_eq!(idle(&no, "hsv_history=cleared"), [format!("{nothing}: its answer stops nothing")]);
    let early = idle("09:57 consent", "hsv_history=cleared");
    assert_eq!(early, [format!("{nothing}: it is not answered yet")]);
    assert!(idle_clearances(&shipped(), &of(&[no], session), 1).is_empty());
}

#[test]
fn an_item_is_asked_for_by_its_step_or_by_the_whole_session() {
    let protocol = shipped();
    let unasked = |line: &str| unasked_items(&protocol, &event(1, line));
    assert!(unasked(CREAM).is_empty());
    assert!(unasked("10:45 time-out use=1:cartridge:CART-12").is_empty(), "of the session");
    assert_eq!(
        unasked("10:45 consent use=1ml:serum:HA-01 use=2ml:serum:HA-01"),
        ["no rule of consent asks for HA-01"]
    );
}

#[test]
fn answers_that_stop_nothing_are_counted() {
    let protocol = shipped();
    let short = |line: &str| protocol.readings_in_short(&event(1, line)).join(", ");
    assert_eq!(short(&screening("09:57", "")), "12 answers, none stops a step");
    let one = short(&screening("09:57", "hsv_history"));
    assert_eq!(one, "hsv_history yes, 11 answers that stop no step");
    assert_eq!(short("09:57 screening pregnant=no"), "pregnant no");
    let needling = short("10:46 needling@cheeks depth=1mm passes=3");
    assert_eq!(needling, "depth 1 mm, passes 3");
    assert_eq!(short("10:00 unknown"), "");
}

#[test]
fn a_late_entry_or_a_correction_that_breaks_what_was_done_is_refused_too() {
    let lines = good();
    let said = refused(&lines, &screening("10:44", "pregnant"));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("screening.record.pregnant: pregnant is yes, which stops needling")
    );

    let protocol = shipped();
    let before = of(&lines, session);
    let mut after = before.clone();
    after.events[9] = event(10, "10:46 needling@cheeks depth=0.25mm passes=3 use=1:cartridge:C");
    let broken = gate_change(&protocol, &before, &after);
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].because.to_string(), "depth is 0.25 mm at cheeks; 0.5 to 1.5 is allowed");
    assert!(gate_change(&protocol, &after, &after).is_empty(), "it was broken before");
}

#[test]
fn what_failed_before_does_not_refuse_the_next_entry() {
    let mut lines = good()[..9].to_vec();
    lines.push("10:46 needling@cheeks depth=2mm passes=3 use=1:cartridge:C despite=x".to_owned());
    let next = "10:50 needling@cheeks depth=1mm passes=1";
    assert!(refused(&lines, next).is_empty());
    let again = refused(&lines, "10:50 needling@cheeks depth=2mm passes=1");
    assert_eq!(again.len(), 1, "{again:?}");
}

#[test]
fn a_window_that_time_closes_refuses_no_entry() {
    let protocol = protocol(
        "[[step]]\nid = \"on\"\n[[step]]\nid = \"off\"\n[[step]]\nid = \"photo\"\n[[rule]]\n\
        id = \"r\"\nafter = { step = \"on\", needs = \"off\", max = \"60 min\" }\n\
        severity = \"block\"\nwhy = \"It burns\"\n",
    );
    let session = session(&["09:00 on"]);
    assert!(matches!(
        judge(&protocol, &session, Some(at("10:00"))).verdict,
        Verdict::Pending { .. }
    ));
    for late in ["10:01 photo", "10:01 off"] {
        let candidate = event(9, late);
        assert!(gate(&protocol, &session, &candidate).is_empty(), "{late}");
    }
    assert_eq!(judge(&protocol, &session, Some(at("10:01"))).verdict, Verdict::Fail);
}

fn next_lines(lines: &[String], now: &str) -> Vec<String> {
    let protocol = shipped();
    let session = of(lines, session);
    let now = at(now);
    next(&protocol, &session, Some(now)).iter().map(|one| one.in_words(now)).collect()
}

#[test]
fn what_is_next_says_from_when_and_after_what() {
    let lines = good();
    let said = next_lines(&lines[..6], "10:21");
    assert_eq!(said[0], "anesthetic-off: from 10:35, in 14 min, until 11:05");
    assert_eq!(said[1], "skin-prep: after anesthetic-off");
    assert_eq!(said[2], "time-out: now");
    assert_eq!(said[3], "needling: cheeks, chin, after anesthetic-off, skin-prep, time-out");
    let said = next_lines(&lines[..10], "10:50");
    assert_eq!(said[0], "needling: chin");
    let first = next_lines(&[], "08:00");
    assert_eq!(first[0], "identity: now");
    let stopped = {
        let mut lines = lines[..2].to_vec();
        lines.push(screening("09:57", "hsv_history"));
        next_lines(&lines, "10:00")
    };
    assert_eq!(stopped[0], "prescriber-clearance: now");
    assert!(stopped.iter().any(|line| line.contains("stopped by screening.record.hsv_history")));
}

#[test]
fn reviews_are_next_after_the_session_was_finished() {
    let protocol = shipped();
    let session = of(&good(), finished);
    let now = at("12:00");
    let said: Vec<String> =
        next(&protocol, &session, Some(now)).iter().map(|one| one.in_words(now)).collect();
    assert_eq!(said[0], "review-1-week: from 2026-11-27, in 5 days, until 2026-12-02");
    assert_eq!(said.len(), 4);
}

#[test]
fn a_window_of_days_is_told_in_days_across_a_change_of_the_clocks() {
    let file = "[[step]]\nid = \"needling\"\n[[step]]\nid = \"review\"\nphase = \"follow-up\"\n\
        [[rule]]\nid = \"reviewed\"\nafter = { step = \"needling\", needs = \"review\", \
        min = \"1 day\", max = \"2 days\" }\n";
    let protocol = protocol(file);
    let session = session(&["2026-10-24T18:00:00+02:00 needling"]);
    let said = |now: &str| {
        let now = Moment::parse(now).unwrap();
        let next = next(&protocol, &session, Some(now));
        next.iter().map(|one| one.in_words(now)).collect::<Vec<_>>().join("; ")
    };
    let before = "review: from 2026-10-25, in 1 day, until 2026-10-26";
    assert_eq!(said("2026-10-24T23:30:00+02:00"), before);
    assert_eq!(said("2026-10-25T00:00:00+02:00"), "review: until 2026-10-26");
    assert_eq!(said("2026-10-26T23:30:00+01:00"), "review: until today");
    assert_eq!(said("2026-10-27T00:00:00+01:00"), "");
}

#[test]
fn every_rule_reads_as_a_sentence() {
    let protocol = shipped();
    let lines =
        protocol.rules.iter().map(|rule| format!("{}: {}\n", rule.id, protocol.describe(rule)));
    insta::assert_snapshot!(lines.collect::<String>());
}

#[test]
fn a_bare_number_takes_the_unit_that_the_step_asks_for() {
    let protocol = protocol("[[step]]\nid = \"on\"\n[step.record.depth]\nunit = \"mm\"\n");
    let step = protocol.step_no(&"on".parse().unwrap()).unwrap();
    let read = |text: &str| {
        let value = lotbook::domain::quantity::Value::read(text);
        protocol.with_unit(step, &"depth".parse().unwrap(), value).to_string()
    };
    assert_eq!(read("0.50"), "0.5 mm");
    assert_eq!(read("1 cm"), "1 cm");
    assert_eq!(read("deep"), "deep");
}
