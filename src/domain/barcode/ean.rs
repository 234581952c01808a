//! The plain digits of shop barcodes: EAN-8, EAN-13, UPC-A, UPC-E, and ITF-14 on boxes.

use std::borrow::Cow;

use super::check::{check_digit, ends_in_check_digit};
use super::excerpt::{character, excerpt};
use super::gtin::Gtin;
use super::identifier::Index;
use super::problem::Code;
use super::scan::{Element, Kind, Scan};
use super::value::SCAN_AGAIN;

/// What the number of digits must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// 8, 12, 13 or 14: the scanner did not say.
    AnyCount,
    /// Exactly this many: the scanner said which kind of barcode it read.
    Exactly(usize),
}

/// Whether a text without a symbology identifier is the plain digits of a shop barcode.
pub(super) fn is_plain(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads the digits from byte `start` of the text on.
pub(super) fn read(text: &str, start: usize, count: Digits) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::Ean);
    let digits = &text[start..];
    let wrong = digits.char_indices().find(|(_, character)| !character.is_ascii_digit());
    if let Some((offset, wrong)) = wrong {
        let message = format!("'{}' has {} among its digits", excerpt(digits), character(wrong));
        scan.problem(Code::WrongCharacter, start + offset, message, SCAN_AGAIN);
        return scan;
    }
    if !has_count(digits, count) {
        let expected = match count {
            Digits::AnyCount => "8, 12, 13 or 14".to_owned(),
            Digits::Exactly(count) => count.to_string(),
        };
        let found = digits.len();
        let word = if found == 1 { "digit" } else { "digits" };
        let message = format!("'{}' has {found} {word}, and needs {expected}", excerpt(digits));
        let remedy = "set the scanner up to send all digits, number system and check digit too, \
            or type in all digits printed under the bars";
        scan.problem(Code::WrongLength, start, message, remedy);
        return scan;
    }
    match number(&mut scan, digits, start, count) {
        Some(gtin) => take(&mut scan, gtin, digits, start),
        None => wrong_check_digit(&mut scan, digits, start),
    }
    scan
}

/// The keys that an element string of a trade item, a logistic unit or an asset begins with.
const KEYS: [&str; 6] = ["00", "01", "02", "8003", "8006", "8018"];

/// Warns of plain digits that were read as elements and name nothing by a key: an EAN that lost
/// two digits may read as an order number.
pub(super) fn warn_of_lost_digits(scan: &mut Scan<'_>, text: &str) {
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_bare || !scan.accepted() || KEYS.iter().any(|key| scan.value(key).is_some()) {
        return;
    }
    let Some(first) = scan.elements.first() else { return };
    let message = format!(
        "'{}' is digits alone, read as ({}) {}: it may be an EAN or UPC that lost some",
        excerpt(text),
        first.ai,
        first.title()
    );
    let remedy = "scan it again; if it reads the same, set the scanner up to send all digits and \
        symbology identifiers (see docs/barcodes.md)";
    scan.problem(Code::BareDigits, 0, message, remedy);
}

fn has_count(digits: &str, count: Digits) -> bool {
    match count {
        Digits::AnyCount => is_plain(digits),
        Digits::Exactly(count) => digits.len() == count,
    }
}

/// The GTIN, check digit verified; UPC-E is written out as UPC-A.
///
/// Eight digits from a scanner that does not say what it read may be EAN-8 or UPC-E. Where both
/// fit, those that begin with 0 are UPC-E, because no EAN-8 product number begins with 0.
fn number(scan: &mut Scan<'_>, digits: &str, start: usize, count: Digits) -> Option<Gtin> {
    let is_ean = ends_in_check_digit(digits.as_bytes());
    let as_ean = is_ean.then(|| Gtin::of_checked(digits.as_bytes()));
    let upc_e = if count == Digits::AnyCount { upc_a_of_upc_e(digits.as_bytes()) } else { None };
    match (as_ean, upc_e) {
        (Some(ean), Some(upc)) => {
            let zero = digits.starts_with('0');
            let (taken, read_as, other) =
                if zero { (upc, "UPC-E", "EAN-8") } else { (ean, "EAN-8", "UPC-E") };
            let message = format!("{digits} is a valid UPC-E and a valid EAN-8: read as {read_as}");
            let remedy = format!(
                "if it is {other}, set the scanner up to send symbology identifiers \
                 (see docs/barcodes.md)"
            );
            scan.problem(Code::AmbiguousEan, start, message, remedy);
            Some(taken)
        }
        (ean, upc) => ean.or(upc),
    }
}

/// UPC-A from the eight digits of UPC-E: number system 0 or 1, six digits, check digit of the
/// UPC-A. The sixth digit tells where zeros were left out (GS1 General Specifications, "UPC-E").
fn upc_a_of_upc_e(digits: &[u8]) -> Option<Gtin> {
    let [system @ (b'0' | b'1'), a, b, c, d, e, last, check] = *digits else {
        return None;
    };
    let z = b'0';
    let upc_a = match last {
        b'0'..=b'2' => [system, a, b, last, z, z, z, z, c, d, e, check],
        b'3' => [system, a, b, c, z, z, z, z, z, d, e, check],
        b'4' => [system, a, b, c, d, z, z, z, z, z, e, check],
        _ => [system, a, b, c, d, e, z, z, z, z, last, check],
    };
    ends_in_check_digit(&upc_a).then(|| Gtin::of_checked(&upc_a))
}

fn take<'a>(scan: &mut Scan<'a>, gtin: Gtin, digits: &'a str, start: usize) {
    scan.gtin = Some(gtin);
    scan.warn_variable_measure(gtin, start);
    let index = Index::of_code("01");
    scan.present = index.map_or(0, Index::bit);
    let value = match digits.len() {
        14 => Cow::Borrowed(digits),
        _ => Cow::Owned(gtin.to_string()),
    };
    scan.elements.push(Element { ai: "01", value, at: start, index });
}

fn wrong_check_digit(scan: &mut Scan<'_>, digits: &str, start: usize) {
    let Some((last, rest)) = digits.as_bytes().split_last() else {
        return;
    };
    let (found, expected) = (char::from(*last), char::from(check_digit(rest)));
    let message = format!("{digits} ends in check digit {found}, and {expected} would fit");
    scan.problem(Code::WrongCheckDigit, start, message, SCAN_AGAIN);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upc_e_is_written_out_as_upc_a() {
        for (short, long) in [
            ("04252614", "042100005264"),
            ("01234565", "012345000065"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("04000006", "040000000006"),
        ] {
            assert_eq!(upc_a_of_upc_e(short.as_bytes()), Gtin::parse(long).ok(), "{short}");
        }
        assert_eq!(upc_a_of_upc_e(b"24252614"), None, "number systems are 0 and 1");
        assert_eq!(upc_a_of_upc_e(b"04252615"), None);
    }
}
