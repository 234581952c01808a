//! The application identifiers that are read: number, format, and what they stand beside.
//!
//! The facts are those of the GS1 General Specifications in the form of the GS1 Barcode Syntax
//! Dictionary. Left out of the companions are identifiers that are not in this table (03, 255,
//! 426, 4307, 8026): a text that holds one of them is refused for that alone.

use super::part::{Part, Rule};

/// One application identifier.
#[derive(Debug)]
pub(super) struct Identifier {
    /// Its two to four digits, without brackets.
    pub code: &'static str,
    /// What a message calls it.
    pub title: &'static str,
    /// What its value is made of, in order.
    pub parts: &'static [Part],
    /// Groups of identifiers of which each must have one member in the same text.
    pub beside: &'static [&'static [&'static str]],
    /// Identifiers that may not be in the same text.
    pub never_beside: &'static [&'static str],
}

/// Where an identifier stands in [`IDENTIFIERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Index(u8);

type Groups = &'static [&'static [&'static str]];

const NONE: Groups = &[];
/// A trade item, one inside a logistic unit, or a piece of one.
const ITEM: Groups = &[&["01", "02", "8006"]];
const OWN_ITEM: Groups = &[&["01", "8006"]];
const GTIN: Groups = &[&["01"]];
const COUNTED: Groups = &[&["01", "02"]];

const CHECKED_14: &[Part] = &[Part::digits(14).that_is(Rule::CheckDigit)];
const CHECKED_18: &[Part] = &[Part::digits(18).that_is(Rule::CheckDigit)];
const LOCATION: &[Part] = &[Part::digits(13).that_is(Rule::CheckDigit)];
const DATE: &[Part] = &[Part::digits(6).that_is(Rule::Date)];
const COUNT: &[Part] = &[Part::digits_up_to(8)];
const TEXT_20: &[Part] = &[Part::text_up_to(20)];
const TEXT_25: &[Part] = &[Part::text_up_to(25)];
const TEXT_28: &[Part] = &[Part::text_up_to(28)];
const TEXT_30: &[Part] = &[Part::text_up_to(30)];
const TEXT_70: &[Part] = &[Part::text_up_to(70)];
const TEXT_90: &[Part] = &[Part::text_up_to(90)];
const COUNTRY: Part = Part::digits(3).that_is(Rule::Country);
const DAY: Part = Part::digits(6).that_is(Rule::Day);
const SIXTIETH: Part = Part::digits(2).that_is(Rule::Sixtieth);

const POSTCODE_ABROAD: &[Part] = &[COUNTRY, Part::text_up_to(9)];
const EXPIRY_TIME: &[Part] = &[DAY, Part::digits(4).that_is(Rule::HourMinute)];
const HARVEST: &[Part] = &[DAY, DAY.or_nothing()];
const MADE_TIME: &[Part] =
    &[DAY, Part::digits(2).that_is(Rule::Hour), SIXTIETH.or_nothing(), SIXTIETH.or_nothing()];
const RETURNABLE: &[Part] = &[
    Part::digits(1).that_is(Rule::Zero),
    Part::digits(13).that_is(Rule::CheckDigit),
    Part::text_up_to(16).or_nothing(),
];
const ASSET: &[Part] = &[Part::text_up_to(30).that_is(Rule::CompanyPrefix)];
const PIECE: &[Part] =
    &[Part::digits(14).that_is(Rule::CheckDigit), Part::digits(4).that_is(Rule::PieceOfTotal)];
const MODEL: &[Part] = &[Part::text_up_to(25).that_is(Rule::ModelNumber)];

/// One row of the table.
const fn row(
    code: &'static str,
    title: &'static str,
    parts: &'static [Part],
    beside: Groups,
    never_beside: &'static [&'static str],
) -> Identifier {
    Identifier { code, title, parts, beside, never_beside }
}

/// How many identifiers are known. At most 64: a set of them is the bits of a `u64`.
pub(super) const COUNT_KNOWN: usize = 62;

/// All known identifiers in the order of their digits, so that those with the same first two
/// digits are neighbours. These all have the same number of digits.
pub(super) static IDENTIFIERS: [Identifier; COUNT_KNOWN] = TABLE;

#[rustfmt::skip] // one identifier a line
const TABLE: [Identifier; COUNT_KNOWN] = [
    row("00", "logistic unit (SSCC)", CHECKED_18, NONE, &[]),
    row("01", "GTIN", CHECKED_14, NONE, &["37"]),
    row("02", "GTIN of the contents", CHECKED_14, &[&["37"]], &["01"]),
    row("10", "lot", TEXT_20, ITEM, &[]),
    row("11", "production date", DATE, ITEM, &[]),
    row("12", "due date", DATE, &[&["8020"]], &[]),
    row("13", "packaging date", DATE, ITEM, &[]),
    row("15", "best-before date", DATE, ITEM, &[]),
    row("16", "sell-by date", DATE, ITEM, &[]),
    row("17", "expiry date", DATE, ITEM, &[]),
    row("20", "product variant", &[Part::digits(2)], ITEM, &[]),
    row("21", "serial number", TEXT_20, OWN_ITEM, &["235"]),
    row("22", "consumer variant", TEXT_20, GTIN, &[]),
    row("235", "controlled serial number", TEXT_28, GTIN, &[]),
    row("240", "additional product id", TEXT_30, ITEM, &[]),
    row("241", "customer part number", TEXT_30, ITEM, &[]),
    row("243", "packaging component", TEXT_20, GTIN, &[]),
    row("250", "secondary serial number", TEXT_30, &[&["01", "8006"], &["21"]], &[]),
    row("251", "source reference", TEXT_30, OWN_ITEM, &[]),
    row("30", "variable count", COUNT, COUNTED, &[]),
    row("37", "count of items", COUNT, &[&["00"], &["02"]], &[]),
    row("400", "order number", TEXT_30, NONE, &[]),
    row("410", "ship-to location", LOCATION, NONE, &[]),
    row("411", "bill-to location", LOCATION, NONE, &[]),
    row("412", "purchased-from location", LOCATION, NONE, &[]),
    row("413", "ship-for location", LOCATION, NONE, &[]),
    row("414", "location", LOCATION, NONE, &[]),
    row("415", "invoicing party", LOCATION, &[&["8020"]], &[]),
    row("416", "production location", LOCATION, NONE, &[]),
    row("417", "party", LOCATION, NONE, &[]),
    row("420", "ship-to postcode", TEXT_20, NONE, &["421"]),
    row("421", "ship-to country and postcode", POSTCODE_ABROAD, NONE, &[]),
    row("422", "country of origin", &[COUNTRY], ITEM, &[]),
    row("7003", "expiry date and time", EXPIRY_TIME, COUNTED, &[]),
    row("7007", "harvest date", HARVEST, COUNTED, &[]),
    row("710", "German reimbursement number", TEXT_20, GTIN, &[]),
    row("711", "French reimbursement number", TEXT_20, GTIN, &[]),
    row("712", "Spanish reimbursement number", TEXT_20, GTIN, &[]),
    row("713", "Brazilian reimbursement number", TEXT_20, GTIN, &[]),
    row("714", "Portuguese reimbursement number", TEXT_20, GTIN, &[]),
    row("715", "US national drug code", TEXT_20, GTIN, &[]),
    row("716", "Italian reimbursement number", TEXT_20, GTIN, &[]),
    row("717", "national reimbursement number", TEXT_20, GTIN, &[]),
    row("8003", "returnable asset", RETURNABLE, NONE, &[]),
    row("8004", "individual asset", ASSET, NONE, &[]),
    row("8006", "piece of a trade item", PIECE, NONE, &["01", "37"]),
    row("8008", "production date and time", MADE_TIME, COUNTED, &[]),
    row("8012", "software version", TEXT_20, OWN_ITEM, &[]),
    row("8013", "model number", MODEL, NONE, &[]),
    row("8018", "service recipient", CHECKED_18, NONE, &[]),
    row("8020", "payment slip reference", TEXT_25, &[&["415"]], &[]),
    row("8200", "web address", TEXT_70, GTIN, &[]),
    row("90", "agreed between partners", TEXT_30, NONE, &[]),
    row("91", "company internal", TEXT_90, NONE, &[]),
    row("92", "company internal", TEXT_90, NONE, &[]),
    row("93", "company internal", TEXT_90, NONE, &[]),
    row("94", "company internal", TEXT_90, NONE, &[]),
    row("95", "company internal", TEXT_90, NONE, &[]),
    row("96", "company internal", TEXT_90, NONE, &[]),
    row("97", "company internal", TEXT_90, NONE, &[]),
    row("98", "company internal", TEXT_90, NONE, &[]),
    row("99", "company internal", TEXT_90, NONE, &[]),
];

impl Identifier {
    /// The fewest characters of a value.
    pub(super) const fn min(&self) -> usize {
        let (mut min, mut part) = (0, 0);
        while part < self.parts.len() {
            min += if self.parts[part].optional { 0 } else { self.parts[part].min };
            part += 1;
        }
        min
    }

    /// The most characters of a value.
    pub(super) const fn max(&self) -> usize {
        let (mut max, mut part) = (0, 0);
        while part < self.parts.len() {
            max += self.parts[part].max;
            part += 1;
        }
        max
    }

    /// Whether the standard fixes the length for all time, so that no separator need follow: those
    /// that begin with 00 to 04, 11 to 20, 31 to 36 and 41 (GS1 General Specifications, "Element
    /// strings with predefined length using GS1 application identifiers").
    pub(super) fn is_predefined(&self) -> bool {
        matches!(
            &self.code.as_bytes()[..2],
            [b'0', b'0'..=b'4']
                | [b'1', b'1'..=b'9']
                | [b'2', b'0']
                | [b'3', b'1'..=b'6']
                | [b'4', b'1']
        )
    }
}

impl Index {
    /// The identifier that a text begins with.
    pub(super) fn at_start(text: &[u8]) -> Option<Self> {
        let [first, second, ..] = text else {
            return None;
        };
        let (first, second) = (first.wrapping_sub(b'0'), second.wrapping_sub(b'0'));
        if first > 9 || second > 9 {
            return None;
        }
        let neighbours = usize::from(FIRST[usize::from(first * 10 + second)]);
        (neighbours..COUNT_KNOWN)
            .take_while(|index| IDENTIFIERS[*index].code.as_bytes()[..2] == text[..2])
            .find(|index| text.starts_with(IDENTIFIERS[*index].code.as_bytes()))
            .map(|index| Self(index as u8))
    }

    /// The identifier with exactly these digits.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::at_start(code.as_bytes()).filter(|index| index.get().code == code)
    }

    /// The row of the table.
    pub(super) fn get(self) -> &'static Identifier {
        &IDENTIFIERS[usize::from(self.0)]
    }

    /// The set that holds this identifier alone.
    pub(super) const fn bit(self) -> u64 {
        1 << self.0
    }

    /// What follows from the row.
    pub(super) fn derived(self) -> &'static Derived {
        &DERIVED[usize::from(self.0)]
    }
}

/// For each two digits the first row whose code begins with them, or past the table's end.
const FIRST: [u8; 100] = {
    let mut first = [COUNT_KNOWN as u8; 100];
    let mut index = COUNT_KNOWN;
    while index > 0 {
        index -= 1;
        let code = TABLE[index].code.as_bytes();
        first[((code[0] - b'0') * 10 + code[1] - b'0') as usize] = index as u8;
    }
    first
};

/// What follows from a row and is asked for at every element: its lengths, and its companions as
/// sets of rows.
#[derive(Clone, Copy)]
pub(super) struct Derived {
    /// The fewest characters of a value.
    pub min: usize,
    /// The most characters of a value.
    pub max: usize,
    /// The groups of which one member each must be in the same text; 0 asks for nothing.
    pub beside: [u64; 2],
    /// The identifiers that may not be in the same text.
    pub never_beside: u64,
}

static DERIVED: [Derived; COUNT_KNOWN] = {
    let mut all = [Derived { min: 0, max: 0, beside: [0; 2], never_beside: 0 }; COUNT_KNOWN];
    let mut index = 0;
    while index < COUNT_KNOWN {
        let mut group = 0;
        while group < TABLE[index].beside.len() {
            all[index].beside[group] = set_of(TABLE[index].beside[group]);
            group += 1;
        }
        all[index].never_beside = set_of(TABLE[index].never_beside);
        all[index].min = TABLE[index].min();
        all[index].max = TABLE[index].max();
        index += 1;
    }
    all
};

/// The rows of these codes as bits. A code that is not in the table stops the build.
pub(super) const fn set_of(codes: &[&str]) -> u64 {
    let mut set = 0;
    let mut next = 0;
    while next < codes.len() {
        let mut index = 0;
        while !same(TABLE[index].code.as_bytes(), codes[next].as_bytes()) {
            index += 1;
        }
        set |= 1 << index;
        next += 1;
    }
    set
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    one.len() == other.len() && index == one.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of docs/barcodes.md.
    const LISTED: &str = "00 01 02 10 11 12 13 15 16 17 20 21 22 30 37 235 240 241 243 250 251 400 \
        410 411 412 413 414 415 416 417 420 421 422 710 711 712 713 714 715 716 717 7003 7007 \
        8003 8004 8006 8008 8012 8013 8018 8020 8200 90 91 92 93 94 95 96 97 98 99";

    #[test]
    fn the_table_holds_62_identifiers_in_order() {
        let mut listed: Vec<_> = LISTED.split(' ').collect();
        listed.sort_unstable();
        let known: Vec<_> = IDENTIFIERS.iter().map(|row| row.code).collect();
        assert_eq!(known, listed);
        assert_eq!(known.len(), 62);
    }

    #[test]
    fn each_identifier_is_found_before_its_value() {
        for row in &IDENTIFIERS {
            let found = Index::at_start(format!("{}1", row.code).as_bytes()).unwrap();
            assert_eq!(found.get().code, row.code);
            assert_eq!(Index::of_code(row.code), Some(found));
        }
        for unknown in ["", "1", "03", "04", "14", "23", "230", "39", "80", "8001", "x0", "0x"] {
            assert_eq!(Index::of_code(unknown), None, "{unknown}");
        }
        assert_eq!(Index::of_code("010"), None, "more digits than the identifier has");
    }

    #[test]
    fn predefined_lengths_are_those_of_the_general_specifications() {
        for row in &IDENTIFIERS {
            let two: u8 = row.code[..2].parse().unwrap();
            let predefined = matches!(two, 0..=4 | 11..=20 | 31..=36 | 41);
            assert_eq!(row.is_predefined(), predefined, "{}", row.code);
            assert!(!predefined || row.min() == row.max(), "{}", row.code);
        }
        let row = Index::of_code("7003").unwrap().get();
        assert!(!row.is_predefined(), "7003 has one length but needs a separator");
    }

    #[test]
    fn only_the_last_part_of_a_value_varies_in_length() {
        for row in &IDENTIFIERS {
            let (_, before) = row.parts.split_last().unwrap();
            assert!(before.iter().all(|part| part.min == part.max), "{}", row.code);
        }
    }
}
