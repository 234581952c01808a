//! How a person names an item: a scan, `SKU/LOT`, a container, or a SKU alone.

use std::str::FromStr;

use crate::domain::barcode::{
    self, Code, Kind, Scan, ScanDate, ScanSettings, Severity, Today, is_address,
};
use crate::domain::expiry::SaidExpiry;
use crate::domain::id::{ContainerId, IdError, Lot, Serial, Sku};
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::{Day, Expiry};

/// An item as it was named, before the book is asked what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A SKU alone: first expired, first out chooses.
    Product(Sku),
    /// One lot; none for the stock without a lot.
    Lot(Sku, Option<Lot>),
    /// An opened container.
    Container(ContainerId),
    /// What a barcode says.
    Scanned(Scanned),
}

/// What an accepted scan says of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// The GTIN with 14 digits; none where it is a HIBC label, which names its product in a way
    /// that the book does not keep.
    pub gtin: Option<Box<str>>,
    /// The lot, as the code holds it.
    pub lot: Option<Lot>,
    /// The expiry; none where the code holds none, which leaves a known one alone.
    pub expiry: Option<SaidExpiry>,
    /// The serial number.
    pub serial: Option<Serial>,
    /// How many the label counts by itself, in element (30).
    pub count: Option<u32>,
    /// How many a HIBC label counts; of what, pieces or packs, it does not say.
    pub counted: Option<u32>,
    /// Why the label can't be taken at its word at a delivery: two of its dates contradict each
    /// other.
    pub contradiction: Option<Box<str>>,
    /// What the reader must be told although the scan was accepted.
    pub warnings: Vec<String>,
}

impl Named {
    /// Whether it is what a barcode says.
    pub const fn is_scan(&self) -> bool {
        matches!(self, Self::Scanned(_))
    }
}

/// Whether a text is a barcode rather than an id that somebody typed; also one with what people add
/// to it, which no barcode has.
pub fn is_scan(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '*']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.starts_with([']', '(', '+', '=', '&'])
        || text.contains('\u{1d}')
        || is_address(text)
        || digits == text.len() && digits >= 6
        || digits >= 16
}

/// What a text that names an item looks like. A scanner's stand-in for the separator needs no look:
/// it holds a character that no name has.
enum Form<'t> {
    Scan,
    Container(ContainerId),
    Lot { sku: &'t str, lot: &'t str },
    Product,
}

impl<'t> Form<'t> {
    fn of(text: &'t str) -> Self {
        if is_scan(text) {
            return Self::Scan;
        }
        match (text.parse(), text.split_once('/')) {
            (Ok(container), _) => Self::Container(container),
            (Err(_), Some((sku, lot))) => Self::Lot { sku, lot },
            (Err(_), None) => Self::Product,
        }
    }
}

/// The SKU of a product that is named now: wherever an item is asked for, it means that product.
/// (A ledger may hold a SKU that a barcode hides, so reading takes any.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSku(Sku);

impl NewSku {
    /// The SKU.
    pub fn into_sku(self) -> Sku {
        self.0
    }
}

impl FromStr for NewSku {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "new SKU";
        let sku = Sku::new(text).map_err(|error| IdError { what, ..error })?;
        match Form::of(text) {
            Form::Product => Ok(Self(sku)),
            Form::Scan | Form::Container(_) | Form::Lot { .. } => {
                let why = "where an item is asked for it would be read as a barcode".to_owned();
                Err(IdError { what, text: sku.to_string(), why })
            }
        }
    }
}

/// Reads how an item was named. Everything that a scan reports as an error is refused here, with
/// all problems at once.
pub fn read(text: &str, settings: &ScanSettings, today: Today) -> Result<Named, Refusal> {
    let text = text.trim_end_matches(['\r', '\n']);
    let wrong = |error: IdError| {
        Refusal::from(error)
            .hint("an item is a SKU, SKU/LOT, a container such as K-0007, or a scan")
    };
    let form = if settings.is_marked(text) { Form::Scan } else { Form::of(text) };
    match form {
        Form::Scan => scanned(&barcode::read(text, settings, today)).map(Named::Scanned),
        Form::Container(container) => Ok(Named::Container(container)),
        Form::Product => Ok(Named::Product(Sku::new(text).map_err(wrong)?)),
        Form::Lot { sku, lot } if lot.eq_ignore_ascii_case("none") => {
            Ok(Named::Lot(Sku::new(sku).map_err(wrong)?, None))
        }
        Form::Lot { sku, lot } => {
            let sku = Sku::new(sku).map_err(wrong)?;
            Ok(Named::Lot(sku, Some(Lot::new(lot).map_err(wrong)?)))
        }
    }
}

/// The quantity before an item, where there is one: `2.5 g NUMB-4`, `2 CART-12`.
pub fn split_quantity(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_start_matches(' ');
    let Some((number, rest)) = text.split_once(' ') else { return (None, text) };
    let rest = rest.trim_start_matches(' ');
    let digits = number.trim_start_matches('-').trim_end_matches(|unit: char| unit.is_alphabetic());
    let is_number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !number.contains('/');
    if !is_number {
        return (None, text);
    }
    let units = ["each", "g", "ml", "pack", "packs"];
    match rest.split_once(' ') {
        Some((unit, item)) if units.contains(&unit) => {
            let end = text.len() - item.len();
            (Some(text[..end].trim_end()), item.trim_start_matches(' '))
        }
        _ => (Some(number), rest),
    }
}

/// The SKU of a book that somebody meant: it differs only in case and in what stands between its
/// letters and digits, or by one letter.
pub fn meant<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let letters = |text: &str| -> Vec<char> {
        let kept = text.chars().filter(|letter| letter.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let typed = letters(typed);
    let same = known.iter().find(|known| letters(known) == typed);
    let mut near = known.iter().filter(|known| one_letter_apart(&letters(known), &typed));
    // Where two are as near, each would be a guess.
    same.or(match (near.next(), near.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    })
    .copied()
}

/// Whether one letter was added, left out or changed, or two neighbours were swapped.
fn one_letter_apart(one: &[char], two: &[char]) -> bool {
    let front = one.iter().zip(two).take_while(|(one, two)| one == two).count();
    let (one, two) = (&one[front..], &two[front..]);
    let back = one.iter().rev().zip(two.iter().rev()).take_while(|(one, two)| one == two).count();
    match (&one[..one.len() - back], &two[..two.len() - back]) {
        ([a, b], [c, d]) => (a, b) == (d, c),
        (one, two) => one.len().max(two.len()) <= 1,
    }
}

/// The expiry of an accepted scan that is older than any that a book can hold: GS1 reads the years
/// 77 to 99 as those of the last century.
pub fn long_past(scan: &Scan<'_>) -> Option<ScanDate> {
    scan.expiry.filter(|day| day.year() < Day::FIRST_YEAR.unsigned_abs() && scan.accepted())
}

/// What an accepted scan says of an item, or all that is wrong with it.
pub fn scanned(scan: &Scan<'_>) -> Result<Scanned, Refusal> {
    let errors = || scan.problems.iter().filter(|problem| problem.severity() == Severity::Error);
    if let Some(first) = errors().next() {
        let mut refusal = Refusal::new(format!("the scan can't be trusted: {}", first.message));
        for problem in errors().skip(1) {
            refusal = refusal.why(problem.message.clone());
        }
        return Err(refusal.hint(&*first.remedy));
    }
    if scan.gtin.is_none() && scan.kind != Kind::Hibc {
        return Err(names_no_product(scan.kind));
    }
    let expiry = scan.expiry.map(|date| date.to_string().parse::<Day>()).transpose();
    let expiry = expiry.map_err(|error| Refusal::new(format!("the scan's expiry: {error}")))?;
    Ok(Scanned {
        gtin: scan.gtin.map(|gtin| gtin.to_string().into()),
        lot: scan.lot.as_deref().map(Lot::new).transpose()?,
        expiry: expiry.map(|day| match scan.day_open {
            true => SaidExpiry::month(day),
            false => Expiry(Some(day)).into(),
        }),
        serial: scan.serial.as_deref().map(Serial::new).transpose()?,
        count: scan.value("30").and_then(|count| count.parse().ok()),
        counted: scan.value("quantity").and_then(|count| count.parse().ok()),
        contradiction: scan
            .problems
            .iter()
            .find(|problem| problem.code == Code::ContradictingDates)
            .map(|problem| problem.message.as_str().into()),
        warnings: scan.problems.iter().map(|problem| problem.message.clone()).collect(),
    })
}

/// The refusal of a scan without a GTIN, where a product must be named.
pub fn names_no_product(kind: Kind) -> Refusal {
    match kind {
        Kind::Hibc => Refusal::new("the scan names no product: a HIBC label holds no GTIN")
            .why("the book knows products by SKU and GTIN")
            .hint("name the product before the scan of a delivery: lotbook receive SKU SCAN")
            .hint("elsewhere type what the label says: SKU/LOT"),
        _ => Refusal::new("the scan names no product: it holds no GTIN").hint(
            "scan the code that holds (01), or type what is printed beside the code: \
             the GTIN at --gtin, elsewhere SKU/LOT",
        ),
    }
}

/// The refusal of a GTIN that no product has.
pub fn unknown_gtin(gtin: &str) -> Refusal {
    Refusal::new(format!("no product has the GTIN {gtin}"))
        .why("the code was read well, but the book does not know what it is")
        .hint(format!("teach a product this GTIN: lotbook product edit SKU --gtin {}", quote(gtin)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Named, NewSku, is_scan, meant, read, split_quantity};
    use crate::domain::barcode::{ScanSettings, Today};
    use crate::domain::id::Sku;

    #[test]
    fn a_sku_that_begins_as_a_barcode_is_no_new_one() {
        let error = "1234567890123456A".parse::<NewSku>().unwrap_err();
        assert!(error.to_string().contains("read as a barcode"), "{error}");
        assert!(Sku::new("1234567890123456A").is_ok(), "a ledger may hold it");
        assert!("123456789012345A".parse::<NewSku>().is_ok());
    }

    proptest! {
        #[test]
        fn every_new_sku_names_its_product(
            text in "[A-Za-z0-9._-]{1,33}|[0-9]{5,17}[A-Z._-]?[0-9A-Z]{0,3}|[KkS]-[0-9]{1,4}[A-Z]?",
        ) {
            let separators = ["<GS>", "|", "^]"].map(|text| text.parse().unwrap());
            let settings = ScanSettings::with_separators(separators.into());
            let today = Today::in_year(2026);
            if let Ok(sku) = text.parse::<NewSku>() {
                prop_assert_eq!(read(&text, &settings, today), Ok(Named::Product(sku.into_sku())));
            }
        }
    }

    #[test]
    fn a_barcode_is_told_from_what_is_typed() {
        for scan in [
            "]d2",
            "(01)",
            "+A1",
            "=A",
            "&A",
            "HTTPS://ID.GS1.ORG/01/",
            "http://a",
            "96385074",
            " (01)",
            "*+A1",
        ] {
            assert!(is_scan(scan), "{scan}");
        }
        for typed in ["CART-12", "CART-12/24C0110", "K-0007", "https", "12345", ""] {
            assert!(!is_scan(typed), "{typed}");
        }
    }

    #[test]
    fn a_sku_that_is_nearly_one_is_guessed() {
        let known = ["CART-12", "CART-36", "HA-01", "HA-02"];
        for (typed, sku) in [
            ("CART12", Some("CART-12")),
            ("cart 36", Some("CART-36")),
            ("CRAT-12", Some("CART-12")),
            ("CART-1", Some("CART-12")),
            ("HA-O1", Some("HA-01")),
            ("HA-03", None),
            ("CART-48", None),
            ("X", None),
        ] {
            assert_eq!(meant(typed, &known), sku, "{typed}");
        }
    }

    #[test]
    fn a_quantity_stands_before_the_item() {
        for (text, quantity, item) in [
            ("CART-12", None, "CART-12"),
            ("2 CART-12", Some("2"), "CART-12"),
            ("2.5 g NUMB-4", Some("2.5 g"), "NUMB-4"),
            ("2.5g NUMB-4/A B", Some("2.5g"), "NUMB-4/A B"),
            ("-1 CART-12", Some("-1"), "CART-12"),
            ("7up/A 12", None, "7up/A 12"),
            ("(01)09504000059118(10)A", None, "(01)09504000059118(10)A"),
            ("1 (01)09504000059118(10)A", Some("1"), "(01)09504000059118(10)A"),
        ] {
            assert_eq!(split_quantity(text), (quantity, item), "{text}");
        }
    }
}
