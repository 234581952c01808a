//! GS1 Digital Link: addresses that are read, and addresses that are not.

use super::*;
use crate::domain::barcode::Kind;

const GTIN: &str = "00844588003288";

#[test]
fn a_link_with_lot_serial_and_expiry() {
    let scan = clean("https://id.gs1.org/01/00844588003288/10/AB12/21/7?17=270331");
    assert_eq!(scan.kind, Kind::DigitalLink);
    assert_eq!(scan.bracketed().unwrap(), "(01)00844588003288(10)AB12(21)7(17)270331");
    assert_eq!(scan.expiry.unwrap().to_string(), "2027-03-31");
    let scan = clean("]d1https://id.gs1.org/01/00844588003288");
    assert_eq!(scan.symbology.unwrap().name, "Data Matrix");
}

#[test]
fn domain_stem_fragment_and_foreign_parameters_do_not_matter() {
    for link in [
        "HTTPS://ID.GS1.ORG/01/00844588003288?17=270331",
        "http://a/01/00844588003288?17=270331#top",
        "https://shop.example:8080/a/b/01/00844588003288?utm=1&17=270331&linkType=gs1:pip&x",
        "https://a/00/faux/01/00844588003288?&&17=270331&",
    ] {
        let scan = clean(link);
        assert_eq!(elements(&scan), [("01", GTIN), ("17", "270331")], "{link}");
    }
}

#[test]
fn percent_codes_are_decoded() {
    let scan = clean("https://a/01/00844588003288/10/A%2FB%2b%28");
    assert_eq!(scan.lot.as_deref(), Some("A/B+("));
    assert_eq!(clean("https://a/01/00844588003288/10/A+B").lot.as_deref(), Some("A+B"));
    refused("https://a/01/00844588003288?91=A+B", &[Code::WrongCharacter]);
    for wrong in ["%", "%2", "%2g", "A%ff", "%e2%82"] {
        refused(&format!("https://a/01/{GTIN}/10/{wrong}"), &[Code::WrongPercentCode]);
    }
    refused("https://a/01/00844588003288/10/A%00", &[Code::WrongCharacter]);
}

#[test]
fn qualifiers_stand_in_the_path_in_their_order() {
    clean("https://a/01/00844588003288/22/V/10/L/21/S");
    clean("https://a/01/00844588003288/22/V/21/S");
    clean("https://a/01/00844588003288/235/T");
    for path in ["21/S/10/L", "10/L/10/L", "235/T/21/S", "17/270331"] {
        let found =
            codes(&scan(&format!("https://a/01/{GTIN}/{path}"))).contains(&Code::WrongLinkOrder);
        assert!(found, "{path}");
    }
    refused("https://a/01/00844588003288?21=S", &[Code::WrongLinkOrder]);
    refused("https://a/00/006141411234567890/10/L", &[Code::WrongLinkOrder]);
    refused("https://a/01/00844588003288?999=x", &[Code::UnknownIdentifier]);
}

#[test]
fn what_qualifies_the_key_does_not_stand_in_the_query() {
    for link in [
        "https://a/01/00844588003288?10=L",
        "https://a/01/00844588003288/21/7?10=L",
        "https://a/01/00844588003288/22/V/21/7?10=L&17=270331",
        "https://a/01/00844588003288/10/L?22=V",
        "https://a/01/00844588003288/10/L?21=S",
        "https://a/8006/008445880032880102?10=L",
        "https://a/415/4012345000009?8020=X",
    ] {
        let found = codes(&scan(link));
        assert!(found.contains(&Code::WrongLinkOrder), "{link}: {found:?}");
    }
    // Beside a key that it does not qualify, the lot is an element like others.
    clean("https://a/00/006141411234567890?02=00844588003288&37=5&10=L");
    clean("https://a/01/00844588003288/235/T?10=L");
    let address = scan("https://a/01/00844588003288?8200=http");
    assert_eq!(codes(&address), [Code::WrongLinkOrder]);
    let said = &address.problems[0].message;
    assert_eq!(said, "(8200) is a web address itself, and can't stand in one");
}

#[test]
fn an_identifier_stands_in_a_link_once() {
    for link in [
        "https://a/01/00844588003288?17=270331&17=270331",
        "https://a/01/00844588003288/235/T?17=270331&10=L&10=L",
        "https://a/01/00844588003288?01=00844588003288",
        "https://a/01/00844588003288/10/L?17=270331&10=L",
        "https://a/01/00844588003288/10/L?10=M",
        "https://a/01/00844588003288?17=270331&17=270430",
    ] {
        refused(link, &[Code::RepeatedIdentifier]);
    }
    refused("https://a/01/00844588003288?=x", &[Code::UnknownIdentifier]);
}

#[test]
fn shorter_numbers_are_padded_with_a_warning() {
    let scan = scan("https://a/01/4006381333931/10/L");
    assert_eq!(codes(&scan), [Code::ShortGtin]);
    assert!(scan.accepted());
    assert_eq!(scan.gtin.unwrap().to_string(), "04006381333931");
    refused("https://a/01/4006381333932", &[Code::ShortGtin, Code::WrongCheckDigit]);
    refused("https://a/01/063813339", &[Code::TooShort]);
}

#[test]
fn compressed_links_are_refused_by_name() {
    for link in [
        "https://dlnkd.example/ARFKk4XBoCAjK1XF3AO",
        "https://id.example/01/09506000134352/BAnYrT0dZw",
        "https://example.com/shop/ARFKK4XB0CDK",
        "https://id.example/DBHKVAdpQgqrsbbHRA?lang=en",
    ] {
        refused(link, &[Code::CompressedLink]);
    }
}

#[test]
fn a_word_that_begins_with_no_key_is_no_compressed_link() {
    refused("https://example.org/MyProductPage", &[Code::NoPrimaryKey]);
    let message = scan("https://example.org/MyProductPage").problems.remove(0).message;
    let end = "has no GS1 key such as /01/ in its path; \
         if 'MyProductPage' is a compressed one, those are not read";
    assert!(message.ends_with(end), "{message}");
    let message = scan("https://example.org/care").problems.remove(0).message;
    assert!(message.ends_with("in its path"), "{message}");
}

#[test]
fn only_the_characters_of_web_addresses_are_read() {
    for character in '\0'..='\u{ff}' {
        let known =
            character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character);
        let found = codes(&scan(&format!("https://a{character}b/01/{GTIN}")));
        assert_eq!(!found.contains(&Code::WrongCharacter), known, "{character:?}");
    }
}

#[test]
fn other_web_addresses_have_no_key() {
    for link in [
        "https://clinic.example/aftercare/instructions",
        "https://clinic.example",
        "https://",
        "https:///01/00844588003288",
        "https://00/006141411234567890",
        "https://clinic.example/01/00844588003288/",
        "https://clinic.example/99/ABC",
        "https://clinic.example/?01=00844588003288",
    ] {
        refused(link, &[Code::NoPrimaryKey]);
    }
    let open = scan("https://clinic.example/01/00844588003288/");
    assert_eq!(
        (open.problems[0].at, &*open.problems[0].message),
        (
            23,
            "the path of the web address has /01/, but is not pairs of known identifiers and \
             values from there to its end"
        )
    );
    refused("https://clinic.example/01/0084 4588", &[Code::WrongCharacter]);
    refused("https://a/01/00844588003287", &[Code::WrongCheckDigit]);
}
