//! Any text at all: no panic, positions inside the text, and what is printed reads the same.
//!
//! `LOTBOOK_FUZZ_CASES` says how many cases each property is tried with.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::barcode::ScanDate;
use crate::domain::barcode::check::hibc_check;
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
    assert!(scan.problems.is_sorted_by_key(|problem| problem.at), "{text:?}");
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
    fn any_link_is_read_without_panic(path in "https://example\\.org(/[A-Za-z0-9_-]{1,24}){1,3}") {
        holds(&path);
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

/// A HIBC label of the supplier's fields, and what must be read from it.
#[derive(Debug, Clone)]
struct Label {
    text: String,
    elements: Vec<(&'static str, String)>,
    expiry: Option<String>,
    made: Option<String>,
}

/// A day in one of HIBC's formats: what is written behind `$$`, and what is read.
fn hibc_date() -> impl Strategy<Value = (String, String, String)> {
    let day = (2000..2076u16, 1..13u8, 1..29u8, 0..24u8, 0..7usize);
    day.prop_map(|(year, month, day, hour, format)| {
        let yy = year % 100;
        let date = ScanDate::new(year, month, day).unwrap();
        let before = (1..month).map(|month| ScanDate::end_of_month(year, month).unwrap().day());
        let nth = before.map(u16::from).sum::<u16>() + u16::from(day);
        let month_end = ScanDate::end_of_month(year, month).unwrap();
        let (digit, written) = match format {
            0 => ("", format!("{month:02}{yy:02}")),
            1 => ("2", format!("{month:02}{day:02}{yy:02}")),
            2 => ("3", format!("{yy:02}{month:02}{day:02}")),
            3 => ("4", format!("{yy:02}{month:02}{day:02}{hour:02}")),
            4 => ("5", format!("{yy:02}{nth:03}")),
            5 => ("6", format!("{yy:02}{nth:03}{hour:02}")),
            _ => ("3", format!("{yy:02}{month:02}{day:02}")),
        };
        let meant = if format == 0 { month_end } else { date };
        (format!("{digit}{written}"), written, meant.to_string())
    })
}

/// A combined label with all fields, each of which may be left out.
fn hibc_label() -> impl Strategy<Value = Label> {
    let primary = ("[A-Z][A-Z0-9]{3}", "[A-Z0-9]{1,18}", "[0-9]");
    let name = "[A-Z0-9]([A-Z0-9. %-]{0,16}[A-Z0-9])?";
    let counted = proptest::option::of(1..100u32);
    let secondary = (counted, hibc_date(), proptest::option::of(name));
    let serial = proptest::option::of(name);
    let made = proptest::option::of((1990..2000u16, 1..13u8, 1..29u8));
    (primary, secondary, serial, made).prop_map(|(primary, secondary, serial, made)| {
        let (labeler, item, unit) = primary;
        let (count, (written, date, expiry), lot) = secondary;
        let mut text = format!("+{labeler}{item}{unit}/$$");
        let mut elements = vec![("labeler", labeler), ("item", item), ("unit", unit)];
        if let Some(count) = count {
            text.push_str(&format!("8{count:02}"));
            elements.push(("quantity", format!("{count:02}")));
        }
        text.push_str(&written);
        elements.push(("expiry", date));
        if let Some(lot) = lot {
            text.push_str(&lot);
            elements.push(("lot", lot));
        }
        if let Some(serial) = serial {
            text.push_str(&format!("/S{serial}"));
            elements.push(("serial", serial));
        }
        let made = made.map(|(year, month, day)| {
            text.push_str(&format!("/16D{year}{month:02}{day:02}"));
            elements.push(("made", format!("{year}{month:02}{day:02}")));
            format!("{year}-{month:02}-{day:02}")
        });
        text.push(char::from(hibc_check(text.as_bytes())));
        Label { text, elements, expiry: Some(expiry), made }
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_a_hibc_label_was_made_of_is_read_from_it(label in hibc_label()) {
        let scan = scan(&label.text);
        prop_assert_eq!(&scan.problems, &[], "{:?}", label);
        let found = elements(&scan);
        let expected: Vec<_> = label.elements.iter().map(|(ai, text)| (*ai, &**text)).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(scan.expiry.map(|day| day.to_string()), label.expiry);
        prop_assert_eq!(scan.made.map(|day| day.to_string()), label.made);
        let value = |name| label.elements.iter().find(|(ai, _)| *ai == name);
        let value = |name| value(name).map(|(_, text)| &**text);
        prop_assert_eq!(scan.lot.as_deref(), value("lot"));
        prop_assert_eq!(scan.serial.as_deref(), value("serial"));
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
