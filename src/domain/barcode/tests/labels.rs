//! Strings of official pages and real products, right and wrong.

use super::*;
use crate::domain::barcode::{Kind, ScanDate};

fn day(year: u16, month: u8, day: u8) -> Option<ScanDate> {
    Some(ScanDate::new(year, month, day).unwrap())
}

#[test]
fn a_label_of_the_fda() {
    let scan = clean("(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234");
    assert_eq!(scan.kind, Kind::Gs1);
    assert_eq!(scan.gtin.unwrap().to_string(), "51022222233336");
    assert_eq!((scan.made, scan.expiry), (day(2014, 12, 31), day(2015, 7, 7)));
    assert_eq!((scan.lot.as_deref(), scan.serial.as_deref()), (Some("A213B1"), Some("1234")));
}

#[test]
fn labels_of_hl7() {
    let scan = clean("(01)00844588003288(17)141120(10)7654321D(21)10987654d321");
    assert_eq!(scan.lot.as_deref(), Some("7654321D"));
    assert_eq!(scan.serial.as_deref(), Some("10987654d321"));
    let scan = clean("(01)00643169001763(17)160712(21)21A11F4855");
    assert_eq!(scan.serial.as_deref(), Some("21A11F4855"));
    assert_eq!(scan.lot, None);
}

#[test]
fn a_label_of_gs1_sweden() {
    let scan = clean("(01)07300016350759(11)230811(10)110822(21)5643");
    assert_eq!((scan.made, scan.expiry), (day(2023, 8, 11), None));
    assert_eq!(scan.lot.as_deref(), Some("110822"));
}

#[test]
fn the_same_label_as_scanned() {
    let typed = "]d201073000163507591123081110110822\u{1d}215643";
    let scan = clean(typed);
    assert_eq!(scan.symbology.unwrap().name, "GS1 DataMatrix");
    assert_eq!(
        elements(&scan),
        [("01", "07300016350759"), ("11", "230811"), ("10", "110822"), ("21", "5643")]
    );
    assert_eq!(elements(&clean(&typed[3..])), elements(&scan), "without symbology identifier");
    for id in ["]C1", "]Q3", "]e0", "]J1"] {
        assert_eq!(elements(&clean(&format!("{id}{}", &typed[3..]))), elements(&scan), "{id}");
    }
}

#[test]
fn official_labels_with_wrong_check_digits_are_refused() {
    refused("(01)00208851107345(17)150331", &[Code::WrongCheckDigit]);
    refused("(01)12345678901234(17)140102(11)100102(10)A1234(21)1234", &[Code::WrongCheckDigit]);
    let scan = scan("(01)00208851107345(17)150331");
    assert_eq!((scan.gtin, scan.expiry), (None, day(2015, 3, 31)), "the rest is still read");
    assert_eq!(
        scan.problems[0].message,
        "(01) GTIN 00208851107345 ends in check digit 5, and 7 would fit"
    );
}

#[test]
fn real_products_of_the_field() {
    for (number, gtin) in [
        ("00304960882301", "00304960882301"),
        ("304960882301", "00304960882301"),
        ("0304960882301", "00304960882301"),
        ("346708582319", "00346708582319"),
        ("373575009090", "00373575009090"),
    ] {
        let scan = clean(number);
        assert_eq!(scan.kind, Kind::Ean);
        assert_eq!(scan.gtin.unwrap().to_string(), gtin);
        assert_eq!(elements(&scan), [("01", gtin)]);
    }
}

#[test]
fn plain_digits_are_ean_upc_or_itf() {
    for (text, gtin) in [
        ("4006381333931", "04006381333931"),
        ("]E04006381333931", "04006381333931"),
        ("96385074", "00000096385074"),
        ("]E496385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("04252614", "00042100005264"),
        ("15400141288763", "15400141288763"),
        ("]I115400141288763", "15400141288763"),
    ] {
        assert_eq!(clean(text).gtin.unwrap().to_string(), gtin, "{text}");
    }
    refused("4006381333932", &[Code::WrongCheckDigit]);
    refused("400638133393", &[Code::WrongCheckDigit]);
    refused("]E0400638133393", &[Code::WrongLength]);
    refused("]E0", &[Code::WrongLength]);
    refused("]E0400638133393x", &[Code::WrongCharacter]);
    refused("]E34006381333931", &[Code::UnsupportedSymbology]);
    refused("5", &[Code::WrongLength]);
}

#[test]
fn eight_digits_may_be_two_things() {
    let both = |text| {
        let scan = scan(text);
        assert_eq!(codes(&scan), [Code::AmbiguousEan], "{text}");
        assert!(scan.accepted());
        scan.gtin.unwrap().to_string()
    };
    assert_eq!(both("04000006"), "00040000000006");
    assert_eq!(both("14000003"), "00000014000003");
    assert_eq!(clean("]E404000006").gtin.unwrap().to_string(), "00000004000006");
}

#[test]
fn a_variable_measure_is_pointed_out() {
    let scan = scan("(01)90614141000411(10)A");
    assert_eq!(codes(&scan), [Code::VariableMeasure]);
    assert!(scan.accepted());
}

#[test]
fn a_day_left_open_is_the_last_of_its_month() {
    let scan = scan("(01)00844588003288(17)270200(10)A");
    assert_eq!(codes(&scan), [Code::DayZero]);
    assert!(scan.accepted());
    assert_eq!(scan.expiry, day(2027, 2, 28));
    assert_eq!(
        scan.problems[0].message,
        "(17) expiry date 270200 leaves the day open: read as 2027-02-28"
    );
}

#[test]
fn dates_with_a_time_fill_in_where_no_other_stands() {
    let gtin = "(01)00844588003288";
    let both = format!("{gtin}(7003)2703311159(8008)26010112");
    let scan = clean(&both);
    assert_eq!((scan.expiry, scan.made), (day(2027, 3, 31), day(2026, 1, 1)));
    let both = format!("{gtin}(7003)2703311159(17)270401(8008)26010112(11)260102");
    let scan = clean(&both);
    assert_eq!((scan.expiry, scan.made), (day(2027, 4, 1), day(2026, 1, 2)));
}

#[test]
fn what_is_not_kept_here_is_refused_by_name() {
    refused("=A99971231234500", &[Code::Isbt128]);
    refused("&,1000000000000XYZ123", &[Code::Isbt128]);
    refused("]C0=A99971231234500", &[Code::Isbt128]);
    refused("]G0ABC", &[Code::UnsupportedSymbology]);
    refused("]C0HELLO", &[Code::UnknownFormat]);
    refused("[)>\u{1e}06\u{1d}9N110375286414", &[Code::UnknownFormat]);
    refused("hello", &[Code::UnknownFormat]);
    refused("", &[Code::Empty]);
    refused("]d2", &[Code::Empty]);
    refused("]C0", &[Code::Empty]);
    assert_eq!(scan("=A99971231234500").kind, Kind::Isbt);
}

#[test]
fn brackets_may_stand_in_a_value() {
    let scan = clean("(01)00844588003288(10)A\\(1)B(21)7");
    assert_eq!(scan.lot.as_deref(), Some("A(1)B"));
    assert_eq!(scan.bracketed().unwrap(), "(01)00844588003288(10)A\\(1)B(21)7");
    assert_eq!(scan.element_string().unwrap(), "]d2010084458800328810A(1)B\u{1d}217");
    refused("(01)00844588003288(10", &[Code::WrongBracket]);
    refused("(01)00844588003288(10)", &[Code::EmptyValue]);
    refused("(10)(11)98765", &[Code::EmptyValue, Code::TooShort]);
    refused("(1A)12345", &[Code::UnknownIdentifier]);
    refused("(17)9(90)217", &[Code::TooShort]);
    refused("]d2(01)00844588003288", &[Code::UnknownIdentifier]);
}

#[test]
fn a_missing_separator_is_suspected() {
    let suspect = |text, at| {
        let scan = scan(text);
        assert_eq!(codes(&scan), [Code::MissingSeparator], "{text}");
        assert!(scan.accepted());
        assert_eq!(scan.problems[0].at, at, "{text}");
    };
    suspect("]d2010084458800328810AB117260630", 24);
    suspect("010084458800328810AB117260630", 21);
    suspect("]d2010084458800328810AB1211234", 24);
    suspect("]d2010084458800328821SER17260630", 24);
    suspect("]d2010084458800328821SER10LOT", 24);
    suspect("]d2010084458800328810A112512311727063021X", 22);
    for fine in [
        "]d2010084458800328810AB1\u{1d}2117260630",
        "]d201008445880032881727063010AB117260630",
        "]d2010084458800328810AB117261330",
        "]d201008445880032881726063010A213B1\u{1d}211234",
        "(01)00844588003288(10)AB117260630",
        "]d2010084458800328810AB117260630\u{1d}",
    ] {
        clean(fine);
    }
}

#[test]
fn digits_alone_without_a_key_may_be_a_shop_code_that_lost_some() {
    let codes = |text| scan(text).problems.iter().map(|problem| problem.code).collect::<Vec<_>>();
    // 4006381333931 without its last two digits reads as an order number.
    assert_eq!(codes("40063813339"), [Code::BareDigits]);
    assert_eq!(codes("9112345"), [Code::BareDigits]);
    assert!(scan("40063813339").accepted());
    for sure in ["]C140063813339", "(400)63813339", "0100844588003288", "00006141411234567890"] {
        assert_eq!(codes(sure), [], "{sure}");
    }
    assert_eq!(scan("1").problems[0].message, "'1' has 1 digit, and needs 8, 12, 13 or 14");
    assert_eq!(scan("]Z9").problems[0].message, "]Z9 is no known kind of barcode");
}
