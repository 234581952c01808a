//! The identifiers once more, written down apart from the table: what is shortest and longest, and
//! beside which keys each may stand (GS1 General Specifications, section 3). A wrong length, set of
//! characters or companion in the table fails here.

use super::*;

/// `A*20` is twenty times `A`.
fn repeated(pattern: &str) -> String {
    match pattern.split_once('*') {
        Some((one, count)) => one.repeat(count.parse().unwrap()),
        None => pattern.to_owned(),
    }
}

/// The keys of a trade item: one letter each, for the lists below.
const KEYS: [(char, &str); 3] = [
    ('t', "(01)00844588003288"),
    ('c', "(02)00844588003288(37)1(00)006141411234567890"),
    ('p', "(8006)008445880032880102"),
];

/// Identifier, shortest value, longest value, and the keys that it may stand beside: a trade item,
/// the contents of a logistic unit, a piece of a trade item.
const BESIDE_ITEMS: [(&str, &str, &str, &str); 34] = [
    ("10", "A", "z*20", "tcp"),
    ("11", "270331", "270331", "tcp"),
    ("13", "270331", "270331", "tcp"),
    ("15", "270331", "270331", "tcp"),
    ("16", "270331", "270331", "tcp"),
    ("17", "270331", "270331", "tcp"),
    ("20", "07", "07", "tcp"),
    ("21", "A", "z*20", "tp"),
    ("22", "A", "z*20", "t"),
    ("235", "A", "z*28", "t"),
    ("240", "A", "z*30", "tcp"),
    ("241", "A", "z*30", "tcp"),
    ("243", "A", "z*20", "t"),
    ("251", "A", "z*30", "tp"),
    ("30", "7", "7*8", "tc"),
    ("422", "276", "276", "tcp"),
    ("7003", "2703312359", "2703312359", "tc"),
    ("7007", "270331", "270331270430", "tc"),
    ("710", "A", "z*20", "t"),
    ("711", "A", "z*20", "t"),
    ("712", "A", "z*20", "t"),
    ("713", "A", "z*20", "t"),
    ("714", "A", "z*20", "t"),
    ("715", "A", "z*20", "t"),
    ("716", "A", "z*20", "t"),
    ("717", "A", "z*20", "t"),
    ("8008", "27033123", "270331235959", "tc"),
    ("8012", "A", "z*20", "tp"),
    ("8200", "A", "z*70", "t"),
    ("400", "A", "z*30", "tcp"),
    ("420", "A", "z*20", "tcp"),
    ("421", "276A", "276zzzzzzzzz", "tcp"),
    ("90", "A", "z*30", "tcp"),
    ("99", "A", "z*90", "tcp"),
];

/// Identifier, shortest and longest value of what stands alone.
const ALONE: [(&str, &str, &str); 27] = [
    ("00", "006141411234567890", "006141411234567890"),
    ("01", "00844588003288", "00844588003288"),
    ("400", "A", "z*30"),
    ("410", "GLN", "GLN"),
    ("411", "GLN", "GLN"),
    ("412", "GLN", "GLN"),
    ("413", "GLN", "GLN"),
    ("414", "GLN", "GLN"),
    ("416", "GLN", "GLN"),
    ("417", "GLN", "GLN"),
    ("420", "A", "z*20"),
    ("421", "276A", "276zzzzzzzzz"),
    ("8003", "0GLN", "0GLNzzzzzzzzzzzzzzzz"),
    ("8004", "1234", "1234zzzzzzzzzzzzzzzzzzzzzzzzzz"),
    ("8006", "008445880032880102", "008445880032880102"),
    ("8013", "1234PAIR", "1987654Ad4X4bL5ttr2310c2K"),
    ("8018", "006141411234567890", "006141411234567890"),
    ("90", "A", "z*30"),
    ("91", "A", "z*90"),
    ("92", "A", "z*90"),
    ("93", "A", "z*90"),
    ("94", "A", "z*90"),
    ("95", "A", "z*90"),
    ("96", "A", "z*90"),
    ("97", "A", "z*90"),
    ("98", "A", "z*90"),
    ("99", "A", "z*90"),
];

/// What must stand together: the first asks for each of the others.
const TOGETHER: [&[&str]; 5] = [
    &["(00)006141411234567890(02)00844588003288", "(37)7"],
    &["(37)7", "(00)006141411234567890", "(02)00844588003288"],
    &["(415)GLN", "(8020)X"],
    &["(12)270331", "(8020)X", "(415)GLN"],
    &["(250)A", "(21)S", "(01)00844588003288"],
];

/// What may not stand together.
const APART: [(&str, &str); 6] = [
    ("(01)00844588003288", "(02)00844588003288(37)7"),
    ("(01)00844588003288", "(37)7"),
    ("(01)00844588003288", "(8006)008445880032880102"),
    ("(01)00844588003288(21)A", "(235)B"),
    ("(420)A", "(421)276A"),
    ("(8006)008445880032880102", "(02)00844588003288(37)7"),
];

fn filled(pattern: &str) -> String {
    repeated(&pattern.replace("GLN", "4012345000009").replace("PAIR", "9Z"))
}

/// The value is right; one character more or less, or a wrong one in it, is not.
#[track_caller]
fn ends_there(before: &str, code: &str, shortest: &str, longest: &str) {
    for value in [shortest, longest] {
        let text = format!("{before}({code}){value}");
        assert!(scan(&text).accepted(), "{text}: {:?}", codes(&scan(&text)));
        let wrong = format!("{before}({code})#{}", &value[1..]);
        assert!(!scan(&wrong).accepted(), "{wrong}");
    }
    let shorter = format!("{before}({code}){}", &shortest[..shortest.len() - 1]);
    assert!(!scan(&shorter).accepted(), "{shorter}");
    let longer = format!("{before}({code}){longest}0");
    assert!(codes(&scan(&longer)).contains(&Code::TooLong), "{longer}");
    if longest.bytes().all(|byte| byte.is_ascii_digit()) {
        let letter = format!("{before}({code})x{}", &longest[1..]);
        assert_eq!(codes(&scan(&letter))[0], Code::WrongCharacter, "{letter}");
    }
}

#[test]
fn lengths_and_keys_are_those_that_were_written_down() {
    for (code, shortest, longest, beside) in BESIDE_ITEMS {
        let (shortest, longest) = (filled(shortest), filled(longest));
        for (key, text) in KEYS {
            match beside.contains(key) {
                true => ends_there(text, code, &shortest, &longest),
                false => {
                    let text = format!("{text}({code}){longest}");
                    assert_eq!(codes(&scan(&text)), [Code::MissingCompanion], "{text}");
                }
            }
        }
        let alone = format!("({code}){longest}");
        let stands_alone = ALONE.iter().any(|(known, ..)| *known == code);
        assert_eq!(scan(&alone).accepted(), stands_alone, "{alone}");
    }
    for (code, shortest, longest) in ALONE {
        ends_there("", code, &filled(shortest), &filled(longest));
    }
}

#[test]
fn what_must_and_may_not_stand_together_is_what_was_written_down() {
    for parts in TOGETHER {
        let parts: Vec<String> = parts.iter().map(|part| filled(part)).collect();
        assert_eq!(codes(&scan(&parts.concat())), [], "{parts:?}");
        for left_out in 1..parts.len() {
            let mut rest = parts.clone();
            rest.remove(left_out);
            let text = rest.concat();
            assert!(codes(&scan(&text)).contains(&Code::MissingCompanion), "{text}");
        }
    }
    for (one, other) in APART {
        let text = format!("{one}{other}");
        assert!(codes(&scan(&text)).contains(&Code::ForbiddenCompanion), "{text}");
    }
}

#[test]
fn every_identifier_is_written_down() {
    use crate::domain::barcode::identifier::IDENTIFIERS;
    let together = TOGETHER.concat().concat();
    for row in &IDENTIFIERS {
        let listed = BESIDE_ITEMS.iter().any(|(code, ..)| *code == row.code)
            || ALONE.iter().any(|(code, ..)| *code == row.code)
            || together.contains(&format!("({})", row.code));
        assert!(listed, "{}", row.code);
    }
}
