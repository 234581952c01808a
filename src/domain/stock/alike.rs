//! Lots that people would take for each other, and how they differ all the same.
//!
//! What looks alike is decided by the skeleton of a text (Unicode Technical Standard 39), in which
//! a Cyrillic В is a B, a 0 an O and a full-width 4 a 4, and letters of any case are one. Marks
//! that stand on a letter and letters without a width are left out, and spaces are all one.

use unicode_width::UnicodeWidthChar;

use super::skeleton::skeleton;
use super::{LotState, item_text};
use crate::domain::barcode::is_in_barcodes;
use crate::domain::id::Lot;

/// How many places are told at which two lots differ.
const TOLD_MAX: usize = 3;

/// A known lot that a new one would be taken for.
#[derive(Debug, PartialEq, Eq)]
pub struct Alike<'l> {
    /// The known one.
    pub known: &'l LotState,
    /// Which two they are and how they differ.
    pub words: String,
}

/// The known lot that a new one would be taken for; none where the lot itself is known. `lots` are
/// lots of one product.
pub fn alike<'l>(lots: &'l [LotState], lot: Option<&Lot>) -> Option<Alike<'l>> {
    let new = lot?;
    if lots.iter().any(|known| known.lot.as_ref() == lot) {
        return None;
    }
    let look = Look::of(new);
    lots.iter().find_map(|known| {
        let text = known.lot.as_ref().filter(|text| look.is_like(&Look::of(text)))?;
        let (item, other) = (item_text(&known.product, lot), known.item());
        let difference = difference(new, text);
        let words = format!("{item} is new, but {other} is known: {difference}");
        Some(Alike { known, words })
    })
}

/// What people see of a lot.
struct Look {
    printed: String,
    /// A Cyrillic в is no b, and is one in capitals.
    capitals: String,
}

impl Look {
    fn of(lot: &Lot) -> Self {
        let seen = |letter: &char| letter.is_whitespace() || letter.width().unwrap_or(0) > 0;
        let spaced = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
        let look = |text: &str| skeleton(text).filter(seen).map(spaced).collect();
        let text = lot.as_str();
        Self { printed: look(text), capitals: look(&text.to_uppercase()) }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.printed == other.printed || self.capitals == other.capitals
    }
}

/// How a new lot differs from a known one that looks like it: letters of which a screen shows no
/// difference are named by their code points.
fn difference(new: &Lot, known: &Lot) -> String {
    if new.as_str().to_lowercase() == known.as_str().to_lowercase() {
        return "the two differ only in upper and lower case".to_owned();
    }
    let letters = |lot: &Lot| lot.as_str().chars().collect::<Vec<char>>();
    let (new, known) = (letters(new), letters(known));
    let same = |(one, other): &(&char, &char)| one == other;
    if new.len() != known.len() {
        let before = new.iter().zip(&known).take_while(same).count();
        let (new, known) = (&new[before..], &known[before..]);
        let after = new.iter().rev().zip(known.iter().rev()).take_while(same).count();
        let only = |all: &[char]| all[..all.len() - after].iter().copied().map(code).collect();
        let (new, known): (Vec<_>, Vec<_>) = (only(new), only(known));
        let said = |codes: Vec<String>| match codes.is_empty() {
            true => "nothing".to_owned(),
            false => codes.join(" "),
        };
        let place = ordinal(before + 1);
        let (new, known) = (said(new), said(known));
        return format!("at its {place} letter it has {new}, where the known lot has {known}");
    }
    let differing = new.iter().zip(&known).enumerate().filter(|(_, pair)| !same(pair));
    let mut told: Vec<String> = differing
        .map(|(index, (new, known))| {
            let place = ordinal(index + 1);
            let (new, known) = (code(*new), code(*known));
            format!("the {place} letter is {new}, where the known lot has {known}")
        })
        .collect();
    let more = told.len().saturating_sub(TOLD_MAX);
    told.truncate(TOLD_MAX);
    let told = told.join("; ");
    if more == 0 { told } else { format!("{told}; and {more} more") }
}

/// What is said of a lot that no label's barcode can have held, because of a letter in it.
pub fn beyond_barcodes(lot: &Lot) -> Option<String> {
    let mut letters = lot.as_str().chars().enumerate();
    let (index, letter) = letters.find(|(_, letter)| !is_in_barcodes(*letter))?;
    let (place, letter) = (ordinal(index + 1), code(letter));
    Some(format!(
        "the {place} letter of the lot is {letter}, which no barcode of a pack can hold: it was \
        typed, so look at the label again"
    ))
}

/// A letter by its code point, and as it looks where it shows anything.
fn code(letter: char) -> String {
    let point = format!("U+{:04X}", u32::from(letter));
    match letter.width() {
        _ if letter.is_whitespace() && !letter.is_control() => format!("{point} (a space)"),
        Some(width) if width > 0 => format!("{point} ({letter})"),
        _ => point,
    }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Sku;
    use crate::domain::stock::LotStatus;
    use crate::domain::time::Expiry;

    fn lot(text: &str) -> Lot {
        Lot::new(text).unwrap()
    }

    fn state(text: &str) -> LotState {
        LotState {
            product: Sku::new("CART-12").unwrap(),
            lot: Some(lot(text)),
            expiry: Expiry(None),
            status: LotStatus::Released,
            status_seq: None,
            first_seq: 1,
        }
    }

    fn is_asked(known: &str, new: &str) -> bool {
        alike(&[state("zzz"), state(known)], Some(&lot(new))).is_some()
    }

    #[test]
    fn a_lot_that_looks_like_a_known_one_is_asked_for() {
        let known = "26B 01916";
        let alike = [
            "26b 01916",
            "26\u{412} 01916",
            "26\u{432} 01916",
            "26\u{392} 01916",
            "26\u{ff22} 01916",
            "\u{ff12}6B 01916",
            "26B O1916",
            "26B 0I916",
            "26B 0l9l6",
            "26B\u{a0}01916",
            "26B\u{2007}01916",
            "26B\u{2003}01916",
            "26B\t01916",
            "26B\u{301} 01916",
            "26B\u{323} 01916",
            "26B \u{200b}01916",
            "26B \u{2060}01916\u{200e}",
            "26B 0\u{661}916",
        ];
        for new in alike {
            assert!(is_asked(known, new), "{new:?}");
            assert!(is_asked(new, known), "{new:?} is known");
        }
        for new in ["26B01916", "26B 01917", "26C 01916", "26B-01916", "26B 1916", "2\u{664}"] {
            assert!(!is_asked(known, new), "{new:?}");
        }
    }

    #[test]
    fn a_known_lot_is_asked_for_no_more_and_none_looks_like_nothing() {
        let lots = [state("26B01916"), state("26\u{412}01916")];
        assert_eq!(alike(&lots, Some(&lot("26\u{412}01916"))), None);
        assert_eq!(alike(&lots, None), None);
        let found = alike(&lots, Some(&lot("26b01916"))).unwrap();
        assert_eq!(found.known, &lots[0]);
        assert_eq!(
            found.words,
            "CART-12/26b01916 is new, but CART-12/26B01916 is known: \
            the two differ only in upper and lower case"
        );
    }

    #[test]
    fn what_differs_is_named_by_its_code_points() {
        let table = [
            ("26b01", "26B01", "the two differ only in upper and lower case"),
            (
                "26\u{412}01",
                "26B01",
                "the 3rd letter is U+0412 (В), where the known lot has \
                U+0042 (B)",
            ),
            (
                "A\u{a0}1",
                "A 1",
                "the 2nd letter is U+00A0 (a space), where the known lot has \
                U+0020 (a space)",
            ),
            ("B\u{301}1", "B1", "at its 2nd letter it has U+0301, where the known lot has nothing"),
            (
                "rn1",
                "m1",
                "at its 1st letter it has U+0072 (r) U+006E (n), where the known lot has \
                U+006D (m)",
            ),
            (
                "0000",
                "OOOO",
                "the 1st letter is U+0030 (0), where the known lot has U+004F (O); \
                the 2nd letter is U+0030 (0), where the known lot has U+004F (O); the 3rd letter \
                is U+0030 (0), where the known lot has U+004F (O); and 1 more",
            ),
        ];
        for (new, known, words) in table {
            assert_eq!(difference(&lot(new), &lot(known)), words);
        }
        assert_eq!(
            [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal).join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th"
        );
    }

    #[test]
    fn a_letter_that_no_barcode_holds_gets_a_warning() {
        for fine in ["26B01916", "26b-01/9_16", "A B", "A$B%+.", "=cmd()"] {
            assert_eq!(beyond_barcodes(&lot(fine)), None, "{fine}");
        }
        for odd in ["26\u{412}01", "\u{ff12}6", "2\u{664}", "A\u{a0}B", "A\u{301}", "A#1", "A\n1"] {
            assert!(beyond_barcodes(&lot(odd)).is_some(), "{odd:?}");
        }
        let said = beyond_barcodes(&lot("26\u{412}01")).unwrap();
        assert!(said.starts_with("the 3rd letter of the lot is U+0412 (В), "), "{said}");
    }
}
