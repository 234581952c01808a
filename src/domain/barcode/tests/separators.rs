//! Separators as GS1's Barcode Syntax Engine takes them, and stand-ins for them.

use super::*;

const GTIN: &str = "0100844588003288";

/// Replaces `^` by the separator.
fn text(pattern: &str) -> String {
    pattern.replace("GTIN", GTIN).replace('^', "\u{1d}")
}

#[test]
fn one_separator_may_follow_any_element() {
    for pattern in ["]d2GTIN^10A^17270331^21B^", "]d2GTIN10A^1727033121B", "GTIN^10A"] {
        clean(&text(pattern));
    }
}

#[test]
fn a_separator_in_front_is_forgiven_once() {
    let expected = "(01)00844588003288(10)A";
    for pattern in ["]d2^GTIN10A", "^GTIN10A"] {
        assert_eq!(clean(&text(pattern)).bracketed().unwrap(), expected);
    }
    refused(&text("]d2^^GTIN10A"), &[Code::EmptyElement]);
    refused(&text("]d2^"), &[Code::Empty]);
    refused(&text("^"), &[Code::Empty]);
}

#[test]
fn two_separators_in_a_row_are_refused() {
    refused(&text("]d2GTIN^^10A"), &[Code::EmptyElement]);
    refused(&text("]d2GTIN10A^^21B"), &[Code::EmptyElement]);
    refused(&text("]d2GTIN10A^^"), &[Code::EmptyElement]);
}

#[test]
fn an_identifier_without_value_is_refused() {
    refused(&text("]d2GTIN10"), &[Code::EmptyValue]);
    refused(&text("]d2GTIN10^21B"), &[Code::EmptyValue]);
    refused(&text("]d201"), &[Code::EmptyValue]);
}

#[test]
fn a_predefined_length_can_not_be_cut_by_a_separator() {
    refused(&text("]d2010084458800^3288"), &[Code::TooShort, Code::UnknownIdentifier]);
    refused(&text("]d2GTIN1727^0331"), &[Code::TooShort, Code::UnknownIdentifier]);
}

#[test]
fn a_fixed_length_without_separator_takes_all_that_follows() {
    clean(&text("]d2GTIN70032703311159^10A"));
    refused(&text("]d2GTIN7003270331115910A"), &[Code::TooLong]);
}

#[test]
fn reading_goes_on_after_an_unknown_identifier() {
    let typed = text("]d2GTIN99X^55ABC^10LOT");
    refused(&typed, &[Code::UnknownIdentifier]);
    let scan = scan(&typed);
    assert_eq!(scan.lot.as_deref(), Some("LOT"));
    assert_eq!(scan.problems[0].at, 23);
    assert!(scan.problems[0].message.contains("'55AB'"), "{}", scan.problems[0].message);
}

#[test]
fn stand_ins_are_separators() {
    let separators = ["|", "{GS}"].map(|text| text.parse().unwrap());
    let settings = ScanSettings::with_separators(separators.into());
    for pattern in ["]d2GTIN10A|21B", "]d2GTIN10A{GS}21B", "|GTIN10A^21B|", "GTIN|10A^21B{GS}"] {
        let typed = text(pattern);
        let scan = read(&typed, &settings, Today::in_year(2026));
        assert_eq!(scan.problems, [], "{pattern}");
        assert_eq!(scan.bracketed().unwrap(), "(01)00844588003288(10)A(21)B");
    }
    refused(&text("]d2GTIN10A|21B"), &[Code::WrongCharacter]);
}

#[test]
fn a_word_for_the_separator_must_be_named_in_the_settings() {
    let typed = "]d2010950400005911810AB<GS>17300331";
    let refused_scan = scan(typed);
    refused(typed, &[Code::UnnamedSeparator]);
    assert_eq!((refused_scan.lot, refused_scan.problems[0].at), (None, 19));
    refused("010950400005911821S1<FNC1>10AB", &[Code::UnnamedSeparator]);
    let named = ScanSettings::with_separators(vec!["<GS>".parse().unwrap()]);
    let read = read(typed, &named, Today::in_year(2026));
    assert_eq!((read.lot.as_deref(), read.problems.len()), (Some("AB"), 0));
    refused("(01)09504000059118(10)AB<GS>", &[Code::UnnamedSeparator]);
    refused("]d2010950400005911810AB<gs>17300331", &[Code::UnnamedSeparator]);
    refused("010950400005911821S1<Fnc1>10AB", &[Code::UnnamedSeparator]);
    let remedy = |text: &str| scan(text).problems[0].remedy.to_string();
    assert!(remedy("]d2010950400005911810AB<gs>7").contains("separators = [\"<gs>\"]"));
    let typed = ["(01)09504000059118(10)AB<GS>", "https://a/01/09504000059118/10/A%3CGS%3EB"];
    for typed in typed {
        assert!(remedy(typed).starts_with("take <GS> out"), "{typed}");
    }
    // What is only like one is a lot.
    clean("]d2010950400005911810AB<G>7");
}

#[test]
fn the_same_identifier_twice_must_say_the_same() {
    let same = text("]d2GTIN10A^GTIN10A");
    let scan = clean(&same);
    assert_eq!(scan.elements.len(), 4);
    refused(&text("]d2GTIN10A^10B"), &[Code::RepeatedIdentifier]);
    refused(&text("]d2GTIN10A^10B^10A"), &[Code::RepeatedIdentifier]);
    refused(&text("]d2GTIN0110614141000415"), &[Code::RepeatedIdentifier]);
}

#[test]
fn lots_and_serials_need_a_product() {
    refused("]d210A", &[Code::MissingCompanion]);
    refused("]d221A", &[Code::MissingCompanion]);
    clean("]d2020084458800328837005\u{1d}0000614141123456789010A");
    refused("]d2020084458800328837005", &[Code::MissingCompanion]);
    refused("(01)00844588003288(21)A(235)B", &[Code::ForbiddenCompanion]);
    refused(
        "(00)006141411234567890(01)00844588003288(02)00844588003288(37)5",
        &[Code::ForbiddenCompanion, Code::ForbiddenCompanion],
    );
    let scan = scan("]d210A");
    assert_eq!(
        scan.problems[0].message,
        "(10) lot must stand beside (01) GTIN or (02) GTIN of the contents or \
         (8006) piece of a trade item, and the text has none"
    );
}

#[test]
fn no_label_has_more_than_64_elements() {
    let many = |count| format!("]d2{}", "91A\u{1d}".repeat(count));
    clean(&many(64));
    refused(&many(65), &[Code::TooManyElements]);
    refused(&many(100), &[Code::TooManyElements]);
}
