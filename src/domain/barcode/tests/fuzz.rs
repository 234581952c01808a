//! Any text at all: no panic, positions inside the text, and what is printed reads the same.
//!
//! `LOTBOOK_FUZZ_CASES` says how many cases each property is tried with.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::barcode::identifier::IDENTIFIERS;

/// How many cases each property is tried with.
fn cases() -> ProptestConfig {
    let asked = std::env::var("LOTBOOK_FUZZ_CASES").ok();
    ProptestConfig::with_cases(asked.and_then(|cases| cases.parse().ok()).unwrap_or(4000))
}

/// What must hold of every scan of every text, whatever the scanner sends for the separator.
fn holds(text: &str) {
    let scan = scan(text);
    stays_inside(text, &scan);
    let separators = ["|", "<GS>", "^]", "\u{20ac}"].map(|text| text.parse().unwrap());
    let settings = ScanSettings::with_separators(separators.into());
    stays_inside(text, &read(text, &settings, Today::in_year(2026)));
    assert_eq!(scan, super::scan(text), "reading is a function of the text");
    for printed in [scan.bracketed(), scan.element_string()].into_iter().flatten() {
        let again = super::scan(&printed);
        assert!(again.accepted(), "{printed:?} of {text:?}: {:?}", again.problems);
        assert_eq!(elements(&again), elements(&scan), "{printed:?} of {text:?}");
        assert_eq!((&again.lot, &again.serial), (&scan.lot, &scan.serial));
        assert_eq!((again.gtin, again.expiry, again.made), (scan.gtin, scan.expiry, scan.made));
    }
}

/// Problems and elements lie in the text, on the boundaries of its characters.
fn stays_inside(text: &str, scan: &Scan<'_>) {
    assert!(scan.problems.len() < 70 && scan.elements.len() < 70);
    for problem in &scan.problems {
        assert!(text.is_char_boundary(problem.at), "{problem:?} of {text:?}");
        assert!(!problem.message.contains(char::is_control), "{problem:?} of {text:?}");
        assert!(problem.message.len() < 700, "{problem:?} of {text:?}");
        assert!(!problem.message.is_empty() && !problem.remedy.is_empty());
    }
    for element in &scan.elements {
        assert!(text.is_char_boundary(element.at), "{element:?} of {text:?}");
    }
}

/// Pieces that texts of scanners are made of, right and wrong ones.
fn piece() -> impl Strategy<Value = String> {
    let code = proptest::sample::select(
        IDENTIFIERS.iter().map(|row| row.code.to_owned()).collect::<Vec<_>>(),
    );
    let fixed = proptest::sample::select(vec![
        "]d2",
        "]C1",
        "]Q3",
        "]e0",
        "]E0",
        "]E4",
        "]I1",
        "]d1",
        "]Q1",
        "]",
        "(",
        ")",
        "\\(",
        "\u{1d}",
        "\u{1d}\u{1d}",
        "|",
        "<GS>",
        "^]",
        "0100844588003288",
        "(01)00844588003288",
        "17270331",
        "17270300",
        "https://id.gs1.org/01/00844588003288",
        "/10/",
        "/21/",
        "?17=270331",
        "&10=",
        "%41",
        "%",
        "%e2%82",
        "+A123BJC5D6E71G",
        "+$$52001510X3GD",
        "+A99912345/",
        "$$3270331",
        "$+",
        "/14D",
        "=A9997",
        "4006381333931",
        "\r",
        "\0",
        "\u{202e}",
        "\u{20ac}",
        "\u{1f489}",
        " ",
    ]);
    prop_oneof![
        code.clone(),
        code.prop_map(|code| format!("({code})")),
        fixed.prop_map(str::to_owned),
        "[0-9]{1,20}",
        "[A-Za-z0-9(]{1,8}",
        "[!-z]{0,25}",
    ]
}

/// The bytes of a scanner at the wrong speed, as a program receives them.
fn noise() -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..60).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn any_bytes_are_read_without_panic(text in noise()) {
        holds(&text);
    }

    #[test]
    fn anything_like_a_scan_is_read_without_panic(pieces in vec(piece(), 0..10)) {
        holds(&pieces.concat());
    }

    #[test]
    fn values_survive_printing(
        lot in "[!-\"%-?A-Z_a-z]{1,20}",
        serial in "[!-\"%-?A-Z_a-z]{1,20}",
        day in 1..29u8,
    ) {
        let text = format!("]d20100844588003288172702{day:02}10{lot}\u{1d}21{serial}");
        let scan = scan(&text);
        prop_assert!(scan.accepted(), "{:?}", scan.problems);
        prop_assert_eq!(scan.lot.as_deref(), Some(&*lot));
        prop_assert_eq!(scan.serial.as_deref(), Some(&*serial));
        holds(&text);
    }
}

#[test]
fn huge_fields_are_refused_in_short_words() {
    let begins = ["]d210", "(10)", "]E0", "0100844588003288", "https://a/01/", "https://a/?", "+A"];
    let fillers = ["A", "7", "(", "\u{1d}", "\u{20ac}", "%41", "/", "/99/", "&99=", "+"];
    for (begin, filler) in begins.iter().flat_map(|begin| fillers.map(|filler| (begin, filler))) {
        let text = format!("{begin}{}", filler.repeat(50_000));
        assert!(!scan(&text).accepted(), "{begin}{filler}");
        holds(&text);
    }
    for begin in begins {
        holds(&format!("{begin}{}", "A".repeat(1_000_000)));
    }
}
