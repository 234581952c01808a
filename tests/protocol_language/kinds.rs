//! One table for each kind of rule: what a session must look like, and what it then says.

use lotbook::domain::protocol::{Verdict, judge};

use crate::sessions::{at, finished, protocol, session, stopped};

/// The verdict and reason of the first finding of a rule.
fn says(body: &str, lines: &[&str], rule: &str) -> (String, String) {
    said(body, &finished(lines), rule)
}

fn said(body: &str, session: &lotbook::domain::session::Session, rule: &str) -> (String, String) {
    let protocol = protocol(body);
    let judgement = judge(&protocol, session, None);
    let found = judgement.findings.iter().find(|one| one.name() == rule);
    let found = found.unwrap_or_else(|| panic!("no finding {rule}"));
    (found.verdict.as_str().to_owned(), found.because.to_string())
}

/// Rows of lines, verdict and reason.
type Rows<'a> = &'a [(&'a [&'a str], &'a str, &'a str)];

fn table(body: &str, rule: &str, rows: Rows<'_>) {
    for (lines, verdict, because) in rows {
        let said = says(body, lines, rule);
        assert_eq!((said.0.as_str(), said.1.as_str()), (*verdict, *because), "{lines:?}");
    }
}

const STEPS: &str = "[[step]]\nid = \"on\"\n[[step]]\nid = \"off\"\n\
    [[step]]\nid = \"review\"\nphase = \"follow-up\"\n";

#[test]
fn a_step_that_is_required_may_say_why_and_how_grave_it_is() {
    let body = "[[step]]\nid = \"on\"\nrequired = { why = \"law\", severity = \"minor\" }\n";
    let (protocol, session) = (protocol(body), finished(&[]));
    let judgement = judge(&protocol, &session, None);
    let found = &judgement.findings[0];
    assert_eq!((found.name(), found.verdict), ("on.required".to_owned(), Verdict::Fail));
    assert_eq!(found.rule.why.as_deref(), Some("law"));
    assert_eq!(judgement.verdict, Verdict::Pass, "a minor rule fails no session");
}

#[test]
fn a_step_is_done_between_its_least_and_most_times() {
    let body = "[[step]]\nid = \"on\"\ncount = { min = 1, max = 2 }\n";
    table(
        body,
        "on.count",
        &[
            (&[], "fail", "on was not done; at least once is needed"),
            (&["09:00 on"], "pass", "done as often as asked"),
            (&["09:00 on", "09:00 on"], "pass", "done as often as asked"),
            (
                &["09:00 on", "09:00 on", "09:01 on"],
                "fail",
                "on was done 3 times; at most twice is allowed",
            ),
        ],
    );
    let forbidden = "[[step]]\nid = \"on\"\nforbidden = true\n";
    table(
        forbidden,
        "on.forbidden",
        &[
            (&[], "pass", "not triggered"),
            (&["09:00 on"], "fail", "on was done, and is not allowed here"),
        ],
    );
}

#[test]
fn an_unmet_minimum_is_pending_while_open_and_not_applicable_where_stopped() {
    let body = "[[step]]\nid = \"on\"\nrequired = true\n";
    assert_eq!(said(body, &session(&[]), "on.required").0, "pending");
    assert_eq!(said(body, &stopped(&[]), "on.required").0, "not applicable");
    assert_eq!(said(body, &finished(&[]), "on.required").0, "fail");
}

#[test]
fn before_holds_on_its_bounds_and_equal_times_go_by_the_order_of_entry() {
    let body = format!(
        "{STEPS}[[rule]]\nid = \"r\"\nbefore = {{ step = \"off\", needs = \"on\", \
        min = \"10 min\", max = \"20 min\" }}\n"
    );
    table(
        &body,
        "r",
        &[
            (&["09:00 on"], "pass", "not triggered"),
            (&["09:00 on", "09:10 off"], "pass", "in order, and in time"),
            (&["09:00 on", "09:20 off"], "pass", "in order, and in time"),
            (
                &["09:00 on", "09:09 off"],
                "fail",
                "off came 9 min after on (09:00 to 09:09); at least 10 min is needed",
            ),
            (
                &["09:00 on", "10:21 off"],
                "fail",
                "off came 1 h 21 min after on (09:00 to 10:21); at most 20 min is allowed",
            ),
            (&["09:20 off", "09:00 on"], "pass", "in order, and in time"),
            (&["09:00 off"], "fail", "off at 09:00 has no on before it"),
        ],
    );
    let plain =
        format!("{STEPS}[[rule]]\nid = \"r\"\nbefore = {{ step = \"off\", needs = \"on\" }}\n");
    table(
        &plain,
        "r",
        &[
            (&["09:00 on", "09:00 off"], "pass", "in order, and in time"),
            (&["09:00 off", "09:00 on"], "fail", "off at 09:00 has no on before it"),
        ],
    );
}

#[test]
fn every_and_since_last_say_which_earlier_steps_count() {
    let rule = |keys: &str| {
        format!(
            "{STEPS}[[rule]]\nid = \"r\"\nbefore = {{ step = \"off\", needs = \"on\", \
            min = \"10 min\", max = \"20 min\"{keys} }}\n"
        )
    };
    let lines: &[&str] = &["09:00 on", "09:12 on", "09:20 off"];
    assert_eq!(says(&rule(""), lines, "r").0, "pass");
    assert_eq!(says(&rule(", every = true"), lines, "r").0, "fail");
    let again: &[&str] = &["09:00 on", "09:10 off", "09:15 off"];
    assert_eq!(says(&rule(", every = true"), again, "r").0, "pass");
    let (verdict, because) = says(&rule(", since_last = true"), again, "r");
    assert_eq!(
        (verdict.as_str(), because.as_str()),
        ("fail", "off at 09:15 has no on since the off before it")
    );
}

#[test]
fn a_bound_may_come_from_the_product_that_was_used() {
    let body = format!(
        "{STEPS}[[rule]]\nid = \"r\"\nbefore = {{ step = \"off\", needs = \"on\", \
        min = \"product.dwell_min\" }}\n"
    );
    let with = "09:00 on use=2g:anesthetic:LMX4:dwell_min=30min";
    let without = "09:00 on use=2g:anesthetic:LMX4";
    let wrong = "09:00 on use=2g:anesthetic:LMX4:dwell_min=30";
    let two = "09:00 on use=1g:anesthetic:A:dwell_min=30min use=1g:anesthetic:B:dwell_min=20min";
    table(
        &body,
        "r",
        &[
            (&[with, "09:30 off"], "pass", "in order, and in time"),
            (
                &[with, "09:29 off"],
                "fail",
                "off came 29 min after on (09:00 to 09:29); at least 30 min is needed \
                (dwell_min of LMX4)",
            ),
            (&[without, "09:30 off"], "fail", "no product used at on has `dwell_min`"),
            (
                &[wrong, "09:30 off"],
                "fail",
                "`dwell_min` of LMX4 is 30, which is no length of time",
            ),
            (&[two, "09:30 off"], "pass", "in order, and in time"),
            (
                &[two, "09:25 off"],
                "fail",
                "off came 25 min after on (09:00 to 09:25); at least 30 min is needed \
                (dwell_min of A, B)",
            ),
        ],
    );
}

#[test]
fn after_is_pending_until_its_window_closes_at_the_end_of_its_day() {
    let body = format!(
        "{STEPS}[[rule]]\nid = \"r\"\nafter = {{ step = \"on\", needs = \"review\", \
        min = \"21 days\", max = \"45 days\" }}\n"
    );
    let protocol = protocol(&body);
    let reviewed = |day: &str| {
        let line = format!("{day}T00:00:00+01:00 review");
        judge(&protocol, &finished(&["2026-10-24T18:00:00+02:00 on", &line]), None).verdict
    };
    assert_eq!(reviewed("2026-11-13"), Verdict::Fail);
    assert_eq!(reviewed("2026-11-14"), Verdict::Pass);
    assert_eq!(reviewed("2026-12-08"), Verdict::Pass);
    assert_eq!(reviewed("2026-12-09"), Verdict::Fail);

    for ended in [finished, stopped] {
        let session = ended(&["2026-10-24T18:00:00+02:00 on"]);
        let then = |text: &str| judge(&protocol, &session, Some(at(text))).verdict;
        let Verdict::Pending { deadline: Some(last) } = then("2026-12-08T23:59:59+01:00") else {
            panic!("the window is open to the end of its last day");
        };
        assert_eq!(last.to_string(), "2026-12-08");
        assert_eq!(then("2026-12-09T00:00:00+01:00"), Verdict::Fail);
    }
    let session = finished(&["2026-10-24T18:00:00+02:00 on"]);
    assert_eq!(judge(&protocol, &session, None).verdict, Verdict::Fail, "all windows are over");
}

#[test]
fn after_a_step_of_the_visit_fails_when_it_is_finished_and_is_released_when_stopped() {
    let body =
        format!("{STEPS}[[rule]]\nid = \"r\"\nafter = {{ step = \"on\", needs = \"off\" }}\n");
    let lines: &[&str] = &["09:00 off", "09:00 on"];
    assert_eq!(said(&body, &session(lines), "r").0, "pending");
    assert_eq!(said(&body, &stopped(lines), "r").0, "not applicable");
    let (verdict, because) = says(&body, lines, "r");
    assert_eq!(verdict, "fail");
    assert_eq!(because, "on at 2026-11-22 09:00 was not followed by off");
}

#[test]
fn who_may_do_a_step_is_a_title_and_a_certificate_valid_through_its_last_day() {
    let body = "[[step]]\nid = \"on\"\nby = { titles = [\"nurse\"], \
        certificate = \"micro-needling\" }\n";
    table(
        body,
        "on.by",
        &[
            (&["09:00 on"], "pass", "done by someone who may"),
            (&["2026-11-22T23:59:59+01:00 on"], "pass", "done by someone who may"),
            (
                &["2026-11-23T00:00:00+01:00 on"],
                "fail",
                "the certificate `micro-needling` of ana ended on 2026-11-22, \
                and the step was on 2026-11-23",
            ),
            (&["09:00 on by=bo"], "fail", "bo is aesthetician; on is for nurse"),
        ],
    );
}

const DEPTH: &str = "[[step]]\nid = \"on\"\nper = \"area\"\n[step.record.depth]\nunit = \"mm\"\n\
    by_area = { cheeks = [0.5, 1.5] }\nmin = 0.25\nmax = 0.5\nstaff_limit = true\n";

#[test]
fn a_reading_is_there_in_its_unit_and_in_the_range_of_its_area() {
    table(
        DEPTH,
        "on.record.depth[cheeks]",
        &[
            (&[], "pass", "not triggered"),
            (&["09:00 on@cheeks depth=1mm"], "pass", "read, and as it should be"),
            (&["09:00 on@cheeks depth=0.5mm"], "pass", "read, and as it should be"),
            (&["09:00 on@cheeks"], "fail", "depth was not recorded at on"),
            (
                &["09:00 on@cheeks depth=0.25mm"],
                "fail",
                "depth is 0.25 mm at cheeks; 0.5 to 1.5 is allowed",
            ),
            (&["09:00 on@cheeks depth=1cm"], "fail", "depth is 1 cm, which is not in mm"),
            (&["09:00 on@cheeks depth=1"], "fail", "depth is 1, which is not in mm"),
            (&["09:00 on@cheeks depth=deep"], "fail", "depth is `deep`, which is not a number"),
            (
                &["09:00 on@cheeks depth=1.25mm"],
                "fail",
                "depth is 1.25 mm; the limit of ana is 1 mm",
            ),
            (&["09:00 on@cheeks depth=1.25mm by=dr"], "pass", "read, and as it should be"),
        ],
    );
    // One event may name several areas, and each holds it to its own range.
    let both: &[&str] = &["09:00 on@cheeks,chin depth=0.75mm"];
    assert_eq!(says(DEPTH, both, "on.record.depth[cheeks]").0, "pass");
    assert_eq!(says(DEPTH, both, "on.record.depth[chin]").0, "fail");
    // Without an area it is judged once, for the session.
    assert_eq!(says(DEPTH, &["09:00 on depth=0.5mm"], "on.record.depth").0, "pass");
}

#[test]
fn a_total_is_summed_over_the_events_of_the_area() {
    let body = "[[step]]\nid = \"on\"\nper = \"area\"\n[step.record.passes]\nunit = \"count\"\n\
        min = 2\nmax = 6\ntotal = true\n";
    let rule = "on.record.passes[cheeks]";
    let lines: &[&str] = &["09:00 on@cheeks passes=4", "09:05 on@cheeks,chin passes=2"];
    assert_eq!(says(body, lines, rule).0, "pass");
    let more: &[&str] = &["09:00 on@cheeks passes=4", "09:05 on@cheeks,chin passes=3"];
    assert_eq!(says(body, more, rule).1, "passes is 7 in all; 2 to 6 is allowed");
    let little: &[&str] = &["09:00 on@cheeks passes=1"];
    assert_eq!(said(body, &session(little), rule).0, "pending");
    assert_eq!(said(body, &finished(little), rule).0, "fail");
}

const SCREENING: &str = "[[step]]\nid = \"ask\"\n[step.record.hsv]\none_of = [\"yes\", \"no\"]\n\
    expected = [\"no\"]\nstops = [\"needle\"]\ncleared_by = \"clear\"\n\
    [[step]]\nid = \"clear\"\n[[step]]\nid = \"needle\"\n";

#[test]
fn an_unexpected_answer_stops_a_step_until_it_is_cleared_by_name() {
    table(
        SCREENING,
        "ask.record.hsv",
        &[
            (&["09:00 ask hsv=yes"], "pass", "read, and as it should be"),
            (&["09:00 ask"], "fail", "hsv was not recorded at ask"),
            (&["09:00 ask hsv=perhaps"], "fail", "hsv is perhaps, not one of yes, no"),
            (&["09:00 ask hsv=no", "09:10 needle"], "pass", "read, and as it should be"),
            (&["09:10 needle"], "fail", "hsv was not answered at ask before needle"),
            (
                &["09:00 ask hsv=yes", "09:10 needle"],
                "fail",
                "hsv is yes, which stops needle until clear clears it",
            ),
            (
                &["09:00 ask hsv=yes", "09:05 clear hsv=cleared", "09:10 needle"],
                "pass",
                "read, and as it should be",
            ),
            (
                &["09:00 ask hsv=yes", "09:05 clear hsv=refused", "09:10 needle"],
                "fail",
                "hsv is yes, which stops needle until clear clears it",
            ),
            (
                &["09:00 ask hsv=yes", "09:05 clear other=cleared", "09:10 needle"],
                "fail",
                "hsv is yes, which stops needle until clear clears it",
            ),
            // The last answer counts, so a new one needs a new clearance.
            (
                &[
                    "09:00 ask hsv=yes",
                    "09:05 clear hsv=cleared",
                    "09:06 ask hsv=yes",
                    "09:10 needle",
                ],
                "fail",
                "hsv is yes, which stops needle until clear clears it",
            ),
        ],
    );
}

#[test]
fn an_answer_that_stops_nothing_is_a_finding_where_it_is_not_expected() {
    let body = "[[step]]\nid = \"check\"\n[step.record.bruising]\none_of = [\"yes\", \"no\"]\n\
        expected = [\"no\"]\nseverity = \"minor\"\n";
    let (verdict, because) = says(body, &["09:00 check bruising=yes"], "check.record.bruising");
    assert_eq!((verdict.as_str(), because.as_str()), ("fail", "bruising is yes; no is expected"));
    let protocol = protocol(body);
    let session = finished(&["09:00 check bruising=yes"]);
    assert_eq!(
        judge(&protocol, &session, None).verdict,
        Verdict::Pass,
        "a minor rule fails nothing"
    );
}

#[test]
fn a_use_has_its_quantity_its_attributes_and_is_usable() {
    let body = "[[step]]\nid = \"on\"\nuses.anesthetic = { min = \"1 g\", max = \"3 g\", \
        where = { strength = { max = 4 } } }\n";
    let of = |what: &str| format!("09:00 on use={what}");
    let fit = of("2g:anesthetic:LMX4:strength=4");
    table(
        body,
        "on.uses.anesthetic",
        &[
            (&[], "pass", "not triggered"),
            (&[&fit], "pass", "used as it should be"),
            (&["09:00 on"], "fail", "on: no anesthetic was used; at least 1 g is needed"),
            (
                &[&of("3.5g:anesthetic:LMX4:strength=4")],
                "fail",
                "on: 3.5 g of anesthetic was used; at most 3 g is allowed",
            ),
            (
                &[&of("2g:anesthetic:LMX4:strength=5")],
                "fail",
                "on: strength of LMX4 is 5; at most 4 is needed",
            ),
            (
                &[&of("2g:anesthetic:LMX4")],
                "fail",
                "on: LMX4 has no `strength`; at most 4 is needed",
            ),
            (&[&of("2g:anesthetic:LMX4:strength=4,expired")], "fail", "on: LMX4 had expired"),
            (
                &[&format!("{fit} use=1ml:anesthetic:GEL:strength=4")],
                "fail",
                "on: GEL is counted in ml, not in g",
            ),
        ],
    );
}

#[test]
fn a_minimum_per_session_holds_from_the_first_such_event_on() {
    let body = "[[step]]\nid = \"out\"\n[[step]]\nid = \"needle\"\nper = \"area\"\n\
        uses.cartridge = { min = \"1\", max = \"2\", per = \"session\" }\n";
    let rule = "needle.uses.cartridge";
    let one = "use=1:cartridge:CART";
    let early = format!("09:00 out {one}");
    let first = format!("09:10 needle@cheeks {one}");
    let late = format!("09:20 needle@chin {one}");
    assert_eq!(says(body, &[&early], rule).0, "pass");
    assert_eq!(says(body, &[&early, "09:10 needle@cheeks"], rule).0, "pass");
    assert_eq!(says(body, &[&first, "09:20 needle@chin"], rule).0, "pass");
    assert_eq!(
        says(body, &["09:10 needle@cheeks", &late], rule).1,
        "up to the first needle, no cartridge was used; at least 1 is needed"
    );
    assert_eq!(
        says(body, &[&early, &first, &late], rule).1,
        "needle: 3 of cartridge was used; at most 2 is allowed"
    );
}

#[test]
fn a_condition_is_not_applicable_pending_or_a_fail_where_nobody_asked() {
    let body = "[[step]]\nid = \"ask\"\n[step.record.hsv]\none_of = [\"yes\", \"no\"]\n\
        [[step]]\nid = \"clear\"\n[[rule]]\nid = \"r\"\nstep = { step = \"clear\", min = 1 }\n\
        when = { answer = { ask.hsv = \"yes\" } }\n";
    let no: &[&str] = &["09:00 ask hsv=no"];
    let yes: &[&str] = &["09:00 ask hsv=no", "09:01 ask hsv=yes"];
    assert_eq!(says(body, no, "r"), ("not applicable".into(), "hsv is no".into()));
    assert_eq!(says(body, yes, "r").0, "fail");
    assert_eq!(says(body, &[], "r"), ("fail".into(), "hsv was never answered at ask".into()));
    assert_eq!(said(body, &session(&[]), "r").0, "pending");
    assert_eq!(said(body, &stopped(&[]), "r").0, "not applicable");
}

#[test]
fn what_was_recorded_despite_the_books_own_rules_is_a_major_finding() {
    let body = "[[step]]\nid = \"on\"\n";
    let protocol = protocol(body);
    let clean = finished(&["09:00 on use=1:cartridge:CART"]);
    assert!(judge(&protocol, &clean, None).findings.is_empty());
    let session = finished(&[
        "09:00 on use=1:cartridge:CART:expired despite=expired",
        "09:01 on use=1:cartridge:CART:held",
        "09:02 on despite=stock",
    ]);
    let judgement = judge(&protocol, &session, None);
    let said: Vec<String> =
        judgement.findings.iter().map(|one| format!("{}: {}", one.rule.id, one.because)).collect();
    assert_eq!(
        said,
        [
            "expired: CART used at on had expired",
            "held: CART used at on was held",
            "stock: on was recorded despite `stock`: needed",
        ]
    );
    assert_eq!(judgement.verdict, Verdict::Fail);
}
