//! No text makes the reader panic, and no diagnostic points outside its text.

use lotbook::domain::diagnostic::any_error;
use lotbook::domain::protocol::{gate, judge, next, parse};
use proptest::prelude::*;

use crate::chair::SHIPPED;
use crate::sessions::{at, event, session};

/// What someone may do to a file by accident.
#[derive(Debug, Clone)]
enum Slip {
    LeaveOutLine(usize),
    RepeatLine(usize),
    MoveLine(usize, usize),
    Cut(usize),
    Type(usize, String),
}

fn slip() -> impl Strategy<Value = Slip> {
    let place = 0..100_000_usize;
    prop_oneof![
        place.clone().prop_map(Slip::LeaveOutLine),
        place.clone().prop_map(Slip::RepeatLine),
        (place.clone(), place.clone()).prop_map(|(from, to)| Slip::MoveLine(from, to)),
        place.clone().prop_map(Slip::Cut),
        (place, "[a-z0-9\\[\\]{}=\"'.,# \n\u{e9}\u{1f600}-]{1,4}")
            .prop_map(|(at, text)| Slip::Type(at, text)),
    ]
}

fn apply(text: String, slip: &Slip) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let count = lines.len().max(1);
    let character = |at: usize| {
        let at = at % (text.chars().count() + 1);
        text.char_indices().nth(at).map_or(text.len(), |(index, _)| index)
    };
    match slip {
        Slip::LeaveOutLine(at) if !lines.is_empty() => drop(lines.remove(at % count)),
        Slip::RepeatLine(at) if !lines.is_empty() => {
            let line = lines[at % count].clone();
            lines.insert(at % count, line);
        }
        Slip::MoveLine(from, to) if !lines.is_empty() => {
            let line = lines.remove(from % count);
            lines.insert(to % count, line);
        }
        Slip::Cut(at) => return text[..character(*at)].to_owned(),
        Slip::Type(at, typed) => {
            let (head, tail) = text.split_at(character(*at));
            return format!("{head}{typed}{tail}");
        }
        _ => {}
    }
    lines.join("\n")
}

fn never_panics(text: &str) {
    let (protocol, found) = parse(text);
    assert_eq!(protocol.is_none(), any_error(&found));
    for one in &found {
        assert!(text.get(one.span.clone()).is_some(), "{one:?}");
        assert!(one.labels.iter().all(|label| text.get(label.span.clone()).is_some()));
        assert!(one.remedy.is_some(), "{one:?}");
    }
    if let Some(protocol) = protocol {
        let session = session(&["09:00 needling@cheeks,brow depth=1mm", "09:00 other"]);
        let candidate = event(9, "08:00 screening pregnant=yes");
        judge(&protocol, &session, None);
        next(&protocol, &session, Some(at("10:00")));
        gate(&protocol, &session, &candidate);
        for rule in &protocol.rules {
            protocol.describe(rule);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_file_with_slips_is_read_to_its_end(slips in proptest::collection::vec(slip(), 1..4)) {
        never_panics(&slips.iter().fold(SHIPPED.to_owned(), apply));
    }

    #[test]
    fn any_text_is_read(text in "[\\[\\]a-z=\"{}.,0-9 \n\u{e9}]{0,80}") {
        never_panics(&text);
    }
}
