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
    let one = clean(&both);
    assert_eq!((one.expiry, one.made), (day(2027, 3, 31), day(2026, 1, 1)));
    let both = format!("{gtin}(7003)2703311159(17)270401(8008)26010112(11)260102");
    let scan = scan(&both);
    assert_eq!((scan.expiry, scan.made), (day(2027, 4, 1), day(2026, 1, 2)));
    assert_eq!(codes(&scan), [Code::ContradictingDates; 2]);
}

#[test]
fn dates_that_contradict_each_other_are_pointed_out() {
    let gtin = "(01)00844588003288";
    for (dates, said) in [
        (
            "(17)280131(7003)2003010000",
            "(17) expiry date 2028-01-31 and (7003) expiry date and time 2020-03-01, which can't \
             both be right",
        ),
        (
            "(11)290101(17)280131",
            "(11) production date 2029-01-01 is after (17) expiry date 2028-01-31",
        ),
        (
            "(16)280201(17)280131",
            "(16) sell-by date 2028-02-01 is after (17) expiry date 2028-01-31",
        ),
        (
            "(15)280131(8008)28020100",
            "(8008) production date and time 2028-02-01 is after (15) best-before date 2028-01-31",
        ),
        (
            "(11)260101(8008)26010200",
            "(11) production date 2026-01-01 and (8008) production date and time 2026-01-02, \
             which can't both be right",
        ),
    ] {
        let typed = format!("{gtin}{dates}");
        let scan = scan(&typed);
        assert!(scan.accepted());
        let found = scan.problems.iter().find(|it| it.code == Code::ContradictingDates);
        assert_eq!(found.map(|found| &*found.message), Some(said));
    }
    for fine in [
        "(17)280131(7003)2801312359",
        "(11)280131(17)280131",
        "(16)271231(15)271130(17)280131",
        "(11)260101(13)260102(17)280131",
    ] {
        clean(&format!("{gtin}{fine}"));
    }
    let open = format!("{gtin}(17)280100(7003)2801150000");
    assert_eq!(codes(&scan(&open)), [Code::DayZero], "a day of the month that is left open");
    for both in ["(17)280100(7003)2801150000", "(7003)2801150000(17)280100"] {
        let label = format!("{gtin}{both}");
        let scan = scan(&label);
        assert_eq!(scan.expiry.map(|day| day.to_string()).as_deref(), Some("2028-01-15"), "{both}");
        assert!(!scan.day_open, "{both}");
    }
}

#[test]
fn problems_stand_in_the_order_of_their_places() {
    let scan = scan("(01) 00844588003288 ");
    assert_eq!(codes(&scan), [Code::WrongCharacter, Code::TooLong]);
    assert!(scan.problems.is_sorted_by_key(|problem| problem.at));
}

#[test]
fn what_is_not_kept_here_is_refused_by_name() {
    refused("=A99971231234500", &[Code::Isbt128]);
    refused("&,1000000000000XYZ123", &[Code::Isbt128]);
    refused("]C0=A99971231234500", &[Code::Isbt128]);
    refused("]G0ABC", &[Code::UnsupportedSymbology]);
    refused("]C0HELLO", &[Code::UnknownFormat]);
    let said = |text: &str| scan(text).problems[0].message.clone();
    assert_eq!(
        said("]C04006381333931"),
        "'4006381333931' from Code 128 is neither HIBC nor a GS1 Digital Link, all it may be"
    );
    assert!(said("]X0HELLO").starts_with("'HELLO' from an unnamed symbology is neither"));
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
    // Separators elsewhere prove nothing of this one.
    suspect("]d2010084458800328810L7817270630\u{1d}21X", 24);
    suspect("]d2010084458800328810AB117260630\u{1d}", 24);
    suspect("]d2010084458800328821S117270630\u{1d}10L1", 23);
    suspect("]d2010084458800328810L7\u{1d}21S117270630\u{1d}240X", 28);
    // Dates with a time, and of the harvest, need a separator too.
    suspect("]d2010084458800328810L7\u{1d}240A70032706301200", 28);
    suspect("]d2010084458800328810L770032706301200", 23);
    suspect("]d2010084458800328810L77007270630", 23);
    suspect("]d2010084458800328810L780082706301200", 23);
    for fine in [
        "]d2010084458800328810AB1\u{1d}2117260630",
        "]d201008445880032881727063010AB117260630",
        "]d2010084458800328810AB117261330",
        "]d201008445880032881726063010A213B1\u{1d}211234",
        "(01)00844588003288(10)AB117260630",
        // Where the scanner sends separators, two digits of a lot are no identifier.
        "]d2010084458800328810AB1211234\u{1d}",
        "]d201008445880032881726063010A2112\u{1d}240X10Y",
        "]d201008445880032881727063010L77\u{1d}91A17270630",
        "]d2010084458800328810AB17003270630240",
        "]d2010084458800328810AB170032706302400",
        "]d2010084458800328830517270",
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

#[test]
fn what_people_add_when_they_type_a_code_is_told_to_be_left_out() {
    for (typed, word) in [
        ("*+A123BJC5D6E71G*", "stars"),
        (" (01)09504000059118", "spaces"),
        ("0950 4000 0591 18", "spaces"),
        ("(01)09504000059118 (17)270331", "spaces"),
        ("(01)09504000059118(10)A (17)270331", "spaces"),
        ("id.gs1.org/01/09504000059118/10/A", "https://"),
        ("(01)09504000059118(17)2027-03-31", "six digits"),
        ("+a123bjc5d6e71g", "capital letters"),
        ("LOT24C0110", "scan the label's"),
    ] {
        let scan = scan(typed);
        assert!(!scan.accepted(), "{typed}");
        assert!(scan.problems[0].remedy.contains(word), "{typed}: {:?}", scan.problems);
    }
}
