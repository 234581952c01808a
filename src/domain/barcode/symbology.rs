//! The symbology identifier that a scanner puts before the text: `]`, a letter, a digit
//! (ISO/IEC 15424). It says what kind of barcode was read, and with it how to read the text.

use super::excerpt::excerpt;

/// How the text after a symbology identifier is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// GS1 elements, one after the other.
    Elements,
    /// The 13 digits of EAN-13; UPC-A and UPC-E are filled up to them.
    Ean13,
    /// The 8 digits of EAN-8.
    Ean8,
    /// The 14 digits of ITF-14.
    Itf14,
    /// Anything that says itself what it is: HIBC, a web address.
    Text,
}

/// A kind of barcode that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbology {
    /// The identifier, such as `]d2`.
    pub id: &'static str,
    /// Its usual name.
    pub name: &'static str,
    pub(super) content: Content,
}

const fn known(id: &'static str, name: &'static str, content: Content) -> Symbology {
    Symbology { id, name, content }
}

static READ: [Symbology; 22] = [
    known("]d2", "GS1 DataMatrix", Content::Elements),
    known("]C1", "GS1-128", Content::Elements),
    known("]Q3", "GS1 QR Code", Content::Elements),
    known("]e0", "GS1 DataBar", Content::Elements),
    known("]J1", "GS1 DotCode", Content::Elements),
    known("]E0", "EAN-13 or UPC", Content::Ean13),
    known("]E4", "EAN-8", Content::Ean8),
    known("]I0", "ITF", Content::Itf14),
    known("]I1", "ITF with check digit", Content::Itf14),
    known("]d1", "Data Matrix", Content::Text),
    known("]Q0", "QR Code", Content::Text),
    known("]Q1", "QR Code", Content::Text),
    known("]C0", "Code 128", Content::Text),
    known("]A0", "Code 39", Content::Text),
    known("]A1", "Code 39 with check character", Content::Text),
    known("]A2", "Code 39 with check character", Content::Text),
    known("]z0", "Aztec Code", Content::Text),
    known("]L0", "PDF417", Content::Text),
    known("]L1", "PDF417", Content::Text),
    known("]L2", "PDF417", Content::Text),
    known("]J0", "DotCode", Content::Text),
    known("]X0", "an unnamed symbology", Content::Text),
];

/// The families of symbology identifiers by their letter.
const FAMILIES: [(u8, &str); 20] = [
    (b'A', "Code 39"),
    (b'C', "Code 128"),
    (b'E', "EAN/UPC"),
    (b'F', "Codabar"),
    (b'G', "Code 93"),
    (b'I', "ITF"),
    (b'J', "DotCode"),
    (b'K', "Code 16K"),
    (b'L', "PDF417"),
    (b'M', "MSI"),
    (b'O', "Codablock"),
    (b'Q', "QR Code"),
    (b'R', "Code 2 of 5"),
    (b'S', "Code 2 of 5"),
    (b'U', "MaxiCode"),
    (b'X', "an unnamed symbology"),
    (b'd', "Data Matrix"),
    (b'e', "GS1 DataBar or composite"),
    (b'h', "Han Xin Code"),
    (b'z', "Aztec Code"),
];

impl Symbology {
    /// The kind of barcode that a text names at its start, if it is one that is read.
    pub(super) fn at_start(text: &str) -> Option<&'static Self> {
        READ.iter().find(|symbology| text.starts_with(symbology.id))
    }
}

/// What a symbology identifier that is not read stands for.
pub(super) fn describe(text: &str) -> String {
    let id = match text.char_indices().nth(3) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    match text.as_bytes() {
        [b']', b'E', b'1'..=b'3', ..] => {
            format!("{id} is an EAN/UPC with an add-on, which is not read")
        }
        [b']', b'Q', b'4', ..] | [b']', b'd', b'5', ..] | [b']', b'J', b'4', ..] => {
            format!("{id} is a GS1 code with extended characters (ECI), which is not read")
        }
        [b']', letter, ..] => {
            let family = FAMILIES.iter().find(|(known, _)| known == letter);
            match family {
                Some((_, name)) => {
                    format!("{} is a variant of {name}, which is not read", excerpt(id))
                }
                None => format!("{} is no known kind of barcode", excerpt(id)),
            }
        }
        _ => format!("{} is no known kind of barcode", excerpt(id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters() {
        assert_eq!(Symbology::at_start("]e001").unwrap().name, "GS1 DataBar");
        assert_eq!(Symbology::at_start("]E001").unwrap().name, "EAN-13 or UPC");
        assert_eq!(Symbology::at_start("]D201"), None);
    }

    #[test]
    fn what_is_not_read_is_named() {
        assert_eq!(describe("]E3123"), "]E3 is an EAN/UPC with an add-on, which is not read");
        assert_eq!(describe("]G0ABC"), "]G0 is a variant of Code 93, which is not read");
        assert_eq!(describe("]\u{20ac}"), "]\u{20ac} is no known kind of barcode");
        assert_eq!(describe("]"), "] is no known kind of barcode");
    }
}
