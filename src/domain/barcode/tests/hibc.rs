//! HIBC: examples of the standard and of real labels, and what their check characters catch.

use super::*;
use crate::domain::barcode::Kind;
use crate::domain::barcode::check::hibc_check;

/// The text with its check character.
fn checked(text: &str) -> String {
    format!("{text}{}", char::from(hibc_check(text.as_bytes())))
}

#[test]
fn primary_text_names_the_product() {
    let scan = clean("+A123BJC5D6E71G");
    assert_eq!(scan.kind, Kind::Hibc);
    assert_eq!(elements(&scan), [("labeler", "A123"), ("item", "BJC5D6E7"), ("unit", "1")]);
    assert_eq!((scan.gtin, scan.bracketed(), scan.element_string()), (None, None, None));
    assert_eq!(elements(&clean("]C0+A123BJC5D6E71G")), elements(&scan));
    assert_eq!(elements(&clean("]d1+A123BJC5D6E71G")), elements(&scan));
}

#[test]
fn secondary_text_holds_the_link_to_its_primary() {
    let scan = clean("+$$52001510X3GD");
    assert_eq!(elements(&scan), [("expiry", "20015"), ("lot", "10X3"), ("link", "G")]);
    assert_eq!(scan.expiry.unwrap().to_string(), "2020-01-15");
    assert_eq!(clean("+2001510X3GG").lot.as_deref(), Some("10X3"), "date without identifier");
    assert_eq!(clean("+$$710X3G7").expiry, None);
    assert_eq!(clean("+$$+52001510X3GB").serial.as_deref(), Some("10X3"));
    clean("+A123BJCMD6E79+");
    clean("+$$52001510X3+ ");
}

#[test]
fn combined_texts_of_real_labels() {
    let scan = clean("+E203PB414109/$$8243280112R00089525J");
    assert_eq!(
        elements(&scan),
        [
            ("labeler", "E203"),
            ("item", "PB41410"),
            ("unit", "9"),
            ("quantity", "24"),
            ("expiry", "280112"),
            ("lot", "R00089525"),
        ]
    );
    assert_eq!(scan.expiry.unwrap().to_string(), "2028-01-12");
    let scan = clean("+A99912349/$10X3/16D20111231/14D20200131/Q500Z");
    assert_eq!(scan.made.unwrap().to_string(), "2011-12-31");
    assert_eq!(scan.expiry.unwrap().to_string(), "2020-01-31");
    assert_eq!(scan.value("quantity"), Some("500"));
    let long =
        "+A123ABCDEFGHI1234567891/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202$";
    assert_eq!(clean(long).serial.as_deref(), Some("XYZ456789012345678"));
    assert_eq!(clean("+EHWD3551419/$$900100F").value("quantity"), Some("00100"));
    assert_eq!(clean("+J123AQ3451/25330BC34567/S4012X").expiry.unwrap().to_string(), "2025-11-26");
    clean("]d1+EFOR78712011/$26485266/16D20240626/Q10S");
}

#[test]
fn all_date_formats_are_read() {
    for (date, expiry) in [
        ("0327", Some("2027-03-31")),
        ("1228", Some("2028-12-31")),
        ("2033127", Some("2027-03-31")),
        ("3270331", Some("2027-03-31")),
        ("427033123", Some("2027-03-31")),
        ("527090", Some("2027-03-31")),
        ("62709000", Some("2027-03-31")),
        ("7", None),
    ] {
        for (start, naming) in [("$$", "lot"), ("$$+", "serial")] {
            for quantity in ["", "812", "900012"] {
                let text = checked(&format!("+A9991234/{start}{quantity}{date}X1"));
                let scan = clean(&text);
                assert_eq!(scan.expiry.map(|day| day.to_string()).as_deref(), expiry, "{text}");
                assert_eq!(scan.value(naming), Some("X1"), "{text}");
                // Without a date and a quantity too, the field would say nothing.
                if expiry.is_some() || !quantity.is_empty() {
                    clean(&checked(&format!("+A9991234/{start}{quantity}{date}")));
                }
            }
        }
    }
}

#[test]
fn wrong_dates_are_refused() {
    for date in ["1327", "0027", "2023027", "3270229", "427033124", "527366", "52700", "62709024"] {
        let text = checked(&format!("+A9991234/$${date}"));
        assert!(!scan(&text).accepted(), "{text}");
    }
    refused(&checked("+A9991234/$$1327X"), &[Code::InvalidDate]);
    refused(&checked("+A9991234/14D20270231"), &[Code::InvalidDate]);
    refused(&checked("+A9991234/16D270228"), &[Code::InvalidDate]);
    refused(&checked("+A9991234/$$3270331X/14D20270330"), &[Code::RepeatedIdentifier]);
    clean(&checked("+A9991234/$$3270331X/14D20270331"));
}

#[test]
fn every_single_wrong_character_is_caught() {
    for text in ["+A123BJC5D6E71G", "+$$52001510X3GD", "+A99912349/$10X3/16D20111231/Q500"] {
        let text = if text.ends_with('0') { checked(text) } else { text.to_owned() };
        clean(&text);
        for place in 1..text.len() {
            for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%".chars() {
                let wrong = format!("{}{other}{}", &text[..place], &text[place + 1..]);
                assert_eq!(scan(&wrong).accepted(), wrong == text, "{wrong}");
            }
        }
    }
    let scan = scan("+A123BJC5D6E71F");
    assert_eq!(
        scan.problems[0].message,
        "HIBC '+A123BJC5D6E71F' ends in check character 'F', and 'G' would fit"
    );
}

#[test]
fn fields_that_do_not_follow_the_standard_are_refused() {
    for text in [
        "+A12",
        "+A1231",
        "+A123X",
        "+A123-1",
        "+-1231",
        "+A12345678901234567890123",
        "+A9991234/",
        "+A9991234/X1",
        "+A9991234/$$",
        "+A9991234/$$8",
        "+A9991234/$$81X",
        "+A9991234/$$8128",
        "+A9991234/$$327",
        "+A9991234/Q",
        "+A9991234/Q1X",
        "+A9991234/$A+B",
        "+$$7A$B",
        "+A9991234/$",
        "+A9991234/$+",
        "+A9991234/S",
        "+A9991234/$$7",
        "+A9991234/$$+7",
        "+$$7G",
        "+A9991234/$$800",
        "+A9991234/Q0",
        "+A9991234/$ L0",
        "+A9991234/SL0 ",
        "+A9991234/$ ",
    ] {
        refused(&checked(text), &[Code::WrongHibcField]);
    }
    refused(&checked("+/EU720060FF0"), &[Code::WrongHibcField]);
    refused(&checked("+A9991234/$1234567890123456789"), &[Code::TooLong]);
    for twice in [
        "+A9991234/$A/$B",
        "+A9991234/$A/16D20260101/16D20260202",
        "+A9991234/Q24/Q25",
        "+A9991234/$$8243270331LOT/Q25",
        "+A9991234/$$0327A/14D20270430",
    ] {
        refused(&checked(twice), &[Code::RepeatedIdentifier]);
    }
    clean(&checked("+A9991234/$$824A/Q024"));
    clean(&checked("+A9991234/$A/16D20260101/16D20260101"));
    let text = checked("+A9991234/$$0327A/14D20270315");
    assert_eq!(clean(&text).expiry.unwrap().to_string(), "2027-03-15", "the day wins");
    let text = checked("+A9991234/$$3270331A/16D20270401");
    assert_eq!(codes(&scan(&text)), [Code::ContradictingDates]);
    refused("+", &[Code::WrongHibcField]);
    refused("++", &[Code::WrongHibcField]);
    refused("+a123", &[Code::WrongCharacter]);
    refused("+A123\u{20ac}", &[Code::WrongCharacter]);
}
