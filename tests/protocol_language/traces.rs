//! The engine against the naive reading, on all short traces and on random longer ones.

use lotbook::domain::protocol::{Protocol, judge};
use lotbook::domain::session::{Event, Session, SessionState};
use lotbook::domain::time::Moment;
use proptest::prelude::*;

use crate::naive;
use crate::sessions::{at, event, protocol, session, verdicts};

/// Every kind of rule over the steps `a`, `b` and `c`, with windows that the spacings straddle.
const RULES: &str = r#"
[[step]]
id = "a"
[[step]]
id = "b"
[[step]]
id = "c"
[[step]]
id = "later"
phase = "follow-up"

[[rule]]
id = "at-least-two"
step = { step = "a", min = 2 }
[[rule]]
id = "at-most-two"
step = { step = "b", max = 2 }
[[rule]]
id = "one-to-two"
step = { step = "c", min = 1, max = 2 }
[[rule]]
id = "none"
step = { step = "c", max = 0 }
when = { done = "a" }
[[rule]]
id = "before"
before = { step = "b", needs = "a" }
[[rule]]
id = "before-min"
before = { step = "b", needs = "a", min = "10 min" }
[[rule]]
id = "before-max"
before = { step = "b", needs = "a", max = "10 min" }
[[rule]]
id = "before-window"
before = { step = "b", needs = "a", min = "10 min", max = "20 min" }
[[rule]]
id = "before-every"
before = { step = "b", needs = "a", min = "10 min", max = "20 min", every = true }
[[rule]]
id = "before-since"
before = { step = "b", needs = "a", min = "10 min", max = "20 min", since_last = true }
[[rule]]
id = "before-every-since"
[rule.before]
step = "b"
needs = "a"
min = "10 min"
max = "20 min"
every = true
since_last = true
[[rule]]
id = "before-days"
before = { step = "b", needs = "a", max = "0 days" }
[[rule]]
id = "after"
after = { step = "a", needs = "b" }
[[rule]]
id = "after-min"
after = { step = "a", needs = "b", min = "10 min" }
[[rule]]
id = "after-window"
after = { step = "a", needs = "b", min = "10 min", max = "20 min" }
[[rule]]
id = "after-itself"
after = { step = "a", needs = "a", max = "20 min" }
when = { done = "c" }
[[rule]]
id = "after-later"
after = { step = "a", needs = "later", min = "1 day", max = "2 days" }
[[rule]]
id = "after-day"
after = { step = "a", needs = "c", min = "1 day", max = "1 day" }
"#;

/// All traces of up to six events over three steps, each with the same gap between its events.
#[test]
fn the_engine_agrees_with_the_formulas_on_every_short_trace() {
    let protocol = protocol(RULES);
    let steps: Vec<Event> = ["a", "b", "c"].map(|step| event(1, &format!("09:00 {step}"))).into();
    let start = at("23:00");
    for gap_min in [0, 10, 15] {
        for length in 0..=6_u32 {
            for number in 0..3_usize.pow(length) {
                let mut session = session(&[]);
                let mut rest = number;
                for index in 0..length {
                    let mut event = steps[rest % 3].clone();
                    rest /= 3;
                    event.seq = u64::from(index) + 1;
                    event.at = start.plus_seconds(i64::from(index) * gap_min * 60);
                    session.insert(event);
                }
                agree(&protocol, &mut session);
            }
        }
    }
}

/// Open and ended, now and later and never.
fn agree(protocol: &Protocol, session: &mut Session) {
    let last = session.events.last().map_or(session.started, |last| last.at);
    for state in [SessionState::Open, SessionState::Finished, SessionState::Stopped] {
        session.state = state;
        for now in [
            None,
            Some(last),
            Some(last.plus_seconds(20 * 60)),
            Some(last.plus_seconds(3 * 86_400)),
        ] {
            same(protocol, session, now);
        }
    }
}

fn same(protocol: &Protocol, session: &Session, now: Option<Moment>) {
    let engine = verdicts(&judge(protocol, session, now));
    let naive = naive::verdicts(protocol, session, now);
    if engine == naive {
        return;
    }
    let lines: Vec<String> = engine
        .iter()
        .zip(&naive)
        .filter(|(engine, naive)| engine != naive)
        .map(|(engine, naive)| format!("engine: {engine}; naive: {naive}"))
        .collect();
    let events: Vec<String> = session
        .events
        .iter()
        .map(|event| format!("{} {} {:?} {:?}", event.at, event.step, event.areas, event.readings))
        .collect();
    panic!(
        "{:?} at {now:?}\n{}\n{}\n{} {}",
        session.state,
        lines.join("\n"),
        events.join("\n"),
        engine.len(),
        naive.len()
    );
}

/// Every kind of rule with areas, readings, uses, people and conditions.
const RICH: &str = r#"
[[step]]
id = "ask"
[step.record.ill]
one_of = ["yes", "no"]
expected = ["no"]
stops = ["needle"]
cleared_by = "clear"
[step.record.mood]
one_of = ["good", "bad"]
expected = ["good"]
[[step]]
id = "clear"
by = { titles = ["physician"] }
[[step]]
id = "cream"
uses.anesthetic = { min = "1 g", max = "3 g", where = { strength = { max = 4 } } }
uses.session = { category = "anesthetic", max = "4 g", per = "session" }
uses.named = { products = ["EMLA"], max = "2 g" }
[[step]]
id = "off"
[step.record.passes]
unit = "count"
by_area = { cheeks = [1, 2] }
max = 1
[[step]]
id = "needle"
per = "area"
count = { min = 1, max = 2 }
by = { titles = ["nurse", "physician"], certificate = "micro-needling" }
uses.cartridge = { min = "1", max = "3", per = "session" }
uses.glide = { category = "serum", where = { glide = "yes" } }
[step.record.depth]
unit = "mm"
by_area = { cheeks = [0.5, 1.5] }
max = 1
staff_limit = true
[step.record.passes]
unit = "count"
min = 2
max = 4
total = true
[step.record.note]
[step.record.nurse_depth]
unit = "mm"
max = 1
when = { title = ["nurse"] }
[[rule]]
id = "numbing"
[rule.before]
step = "off"
needs = "cream"
min = "product.dwell_min"
max = "product.dwell_max"
every = true
since_last = true
[[rule]]
id = "numbing-any"
before = { step = "needle", needs = "cream", min = "product.dwell_min" }
per = "area"
when = { used = "anesthetic" }
[[rule]]
id = "off-first"
before = { step = "needle", needs = "off" }
per = "area"
when = { done = "cream", area = ["cheeks"] }
[[rule]]
id = "comes-off"
after = { step = "cream", needs = "off", max = "product.dwell_max" }
per = "area"
[[rule]]
id = "nurse-after"
after = { step = "needle", needs = "clear", max = "30 min" }
when = { title = ["nurse"] }
[[rule]]
id = "ill-clear"
step = { step = "clear", min = 1 }
when = { answer = { ask.ill = "yes" } }
[[rule]]
id = "ill-area"
step = { step = "off", min = 1, max = 2 }
per = "area"
when = { answer = { ask.mood = "bad" } }
[[rule]]
id = "chin"
step = { step = "off", max = 1 }
when = { area = ["chin"] }
"#;

fn words(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::option::of(proptest::sample::select(values))
        .prop_map(move |value| value.map(|value| format!(" {name}={value}")).unwrap_or_default())
}

fn uses() -> impl Strategy<Value = String> {
    let items: &'static [&'static str] = &[
        " use=1:cartridge:CART",
        " use=2:cartridge:CART",
        " use=1:cartridge:CART:expired",
        " use=2g:anesthetic:EMLA:strength=4,dwell_min=10min,dwell_max=20min",
        " use=2.5g:anesthetic:EMLA:strength=4,dwell_min=20min,dwell_max=30min",
        " use=1g:anesthetic:LMX:strength=5",
        " use=1ml:anesthetic:LMX:strength=4,dwell_min=soon",
        " use=0.3ml:serum:HA:glide=yes",
        " use=0.3ml:serum:HA:glide=no,held",
    ];
    proptest::collection::vec(proptest::sample::select(items), 0..3).prop_map(|uses| uses.concat())
}

fn line() -> impl Strategy<Value = String> {
    let steps: &'static [&'static str] =
        &["ask", "clear", "cream", "off", "needle", "needle", "other"];
    let areas: &'static [&'static str] = &["", "", "@cheeks", "@chin", "@cheeks,chin", "@brow"];
    let times: &'static [&'static str] = &[
        "09:00",
        "09:10",
        "09:20",
        "09:20",
        "09:30",
        "09:40",
        "10:00",
        "2026-11-23T08:00:00+01:00",
    ];
    let select = proptest::sample::select::<&'static str>;
    (
        select(times),
        select(steps),
        select(areas),
        words("by", &["ana", "bo", "dr"]),
        (words("ill", &["yes", "no", "cleared", "maybe"]), words("mood", &["good", "bad"])),
        words("depth", &["0.5mm", "1mm", "1.25mm", "1.5mm", "2mm", "1", "deep"]),
        (
            words("passes", &["1", "2", "3", "2mm"]),
            words("note", &["x"]),
            words("nurse_depth", &["1mm", "2mm"]),
        ),
        (uses(), words("despite", &["stock", "serial", "off-first"])),
    )
        .prop_map(
            |(
                time,
                step,
                areas,
                by,
                (ill, mood),
                depth,
                (passes, note, nurse),
                (uses, despite),
            )| {
                format!(
                    "{time} {step}{areas}{by}{ill}{mood}{depth}{passes}{note}{nurse}{uses}{despite}"
                )
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn the_engine_agrees_with_the_formulas_on_random_sessions(
        lines in proptest::collection::vec(line(), 0..14),
        planned in 0..3_usize,
    ) {
        let protocol = rich();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut session = session(&lines);
        session.areas.truncate(planned);
        agree(protocol, &mut session);
    }
}

fn rich() -> &'static Protocol {
    static RICH_PROTOCOL: std::sync::OnceLock<Protocol> = std::sync::OnceLock::new();
    RICH_PROTOCOL.get_or_init(|| protocol(RICH))
}
