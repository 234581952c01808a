//! Everything a barcode scanner types, read strictly by one function: [`read`].
//!
//! It returns what could be read and all that is wrong with it. Formats: GS1 elements as scanned
//! (`element_string`), as printed (`bracketed`) and inside web addresses (`digital_link`),
//! the plain digits of EAN, UPC and ITF-14 (`ean`), and HIBC (`hibc`). ISBT 128 is recognised
//! and refused.
//!
//! The verdict on GS1 elements is that of GS1's Barcode Syntax Engine in its default settings.
//! docs/barcodes.md lists the few deliberate differences and their reasons.

mod boundary;
mod bracketed;
mod charset;
mod check;
mod companions;
mod compressed;
mod contradiction;
mod country;
mod date;
mod digital_link;
mod ean;
mod element_string;
mod excerpt;
mod gtin;
mod hibc;
mod hibc_field;
mod identifier;
mod part;
mod print;
mod problem;
mod report;
mod scan;
mod settings;
mod stand_in;
mod swallowed;
mod symbology;
#[cfg(test)]
mod tests;
mod value;

pub use check::is_in_barcodes;
pub use date::{ScanDate, Today};
pub use digital_link::is_address;
pub use gtin::{Gtin, GtinError};
pub use problem::{Code, Problem, Severity};
pub use report::{Remark, ScanReport};
pub use scan::{Element, Kind, Scan};
pub use settings::{ScanSettings, Separator, SeparatorError};
pub use symbology::Symbology;

use ean::Digits;
use excerpt::excerpt;
use identifier::Index;
use symbology::Content;

/// The longest text of any barcode: a QR code of digits (ISO/IEC 18004), in bytes.
pub const LONGEST: usize = 7089;

/// Reads one scanned text, without the Enter that ends it.
///
/// `today` decides the century of two-digit years. Nothing fails: what is wrong is among the
/// scan's problems, and [`Scan::accepted`] is the verdict.
pub fn read<'a>(text: &'a str, settings: &ScanSettings, today: Today) -> Scan<'a> {
    let mut scan = read_any(text, settings, today);
    if scan.problems.len() > 1 {
        scan.problems.sort_by_key(|problem| problem.at);
    }
    scan
}

fn read_any<'a>(text: &'a str, settings: &ScanSettings, today: Today) -> Scan<'a> {
    if text.len() > LONGEST {
        let message = format!("the text has {} bytes; no barcode has over {LONGEST}", text.len());
        return unreadable(0, message);
    }
    if !text.starts_with(']') {
        return read_unnamed(text, settings, today);
    }
    let Some(symbology) = Symbology::at_start(text) else {
        return unsupported(text);
    };
    let start = symbology.id.len();
    let mut scan = match symbology.content {
        Content::Elements => element_string::read(text, start, settings, today),
        Content::Ean13 => ean::read(text, start, Digits::Exactly(13)),
        Content::Ean8 => ean::read(text, start, Digits::Exactly(8)),
        Content::Itf14 => ean::read(text, start, Digits::Exactly(14)),
        Content::Text => read_self_described(text, start, today)
            .unwrap_or_else(|| unknown(text, start, Some(symbology.name))),
    };
    scan.symbology = Some(symbology);
    scan
}

/// Reads plain digits that somebody typed from under the bars of a shop code.
pub fn read_shop_code(digits: &str) -> Scan<'_> {
    ean::read(digits, 0, Digits::AnyCount)
}

/// Reads a text whose scanner did not say what kind of barcode it is.
fn read_unnamed<'a>(text: &'a str, settings: &ScanSettings, today: Today) -> Scan<'a> {
    if let Some(scan) = read_self_described(text, 0, today) {
        return scan;
    }
    if ean::is_plain(text) {
        return ean::read(text, 0, Digits::AnyCount);
    }
    if settings.is_marked(text) || Index::at_start(text.as_bytes()).is_some() {
        let mut scan = element_string::read(text, 0, settings, today);
        ean::warn_of_lost_digits(&mut scan, text);
        return scan;
    }
    if text.is_empty() {
        let mut scan = Scan::empty(Kind::Unknown);
        scan.problem(Code::Empty, 0, "there is no data to read".to_owned(), "scan it again");
        return scan;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return ean::read(text, 0, Digits::AnyCount);
    }
    unknown(text, 0, None)
}

/// Reads a text that says by its first characters what it is.
fn read_self_described(text: &str, start: usize, today: Today) -> Option<Scan<'_>> {
    match text.as_bytes().get(start)? {
        b'(' if start == 0 => Some(bracketed::read(text, start, today)),
        b'+' => Some(hibc::read(text, start, today)),
        b'=' | b'&' => Some(isbt(text, start)),
        _ if digital_link::is_address(&text[start..]) => {
            Some(digital_link::read(text, start, today))
        }
        _ => None,
    }
}

/// ISBT 128 texts begin with `=` or `&` (ICCBBA ST-001).
fn isbt(text: &str, start: usize) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::Isbt);
    let message = format!(
        "'{}' is an ISBT 128 code, for blood, cells and tissue, which this book does not keep",
        excerpt(&text[start..])
    );
    scan.problem(Code::Isbt128, start, message, "scan the product's GS1 or HIBC code");
    scan
}

fn unsupported(text: &str) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::Unknown);
    let message = symbology::describe(text);
    let remedy = "scan the label's GS1, EAN/UPC or HIBC code, or type in the bracketed text";
    scan.problem(Code::UnsupportedSymbology, 0, message, remedy);
    scan
}

/// The scan of what is no text at all, such as bytes that are not UTF-8, with where and why.
pub fn unreadable(at: usize, why: impl Into<String>) -> Scan<'static> {
    let mut scan = Scan::empty(Kind::Unknown);
    scan.problem(Code::UnknownFormat, at, why.into(), "scan it again, one code a line");
    scan
}

/// A text in no format that is read; `symbology` is the kind of barcode, where it may hold only
/// what says itself what it is.
fn unknown<'a>(text: &'a str, start: usize, symbology: Option<&str>) -> Scan<'a> {
    let mut scan = Scan::empty(Kind::Unknown);
    let rest = &text[start..];
    let message = if rest.is_empty() {
        "there is no data to read".to_owned()
    } else if rest.starts_with("[)>") {
        format!("'{}' is an ISO/IEC 15434 message, which is not read", excerpt(rest))
    } else if let Some(symbology) = symbology {
        let shown = excerpt(rest);
        format!("'{shown}' from {symbology} is neither HIBC nor a GS1 Digital Link, all it may be")
    } else {
        format!("'{}' is text without GS1, EAN/UPC or HIBC data", excerpt(rest))
    };
    let code = if rest.is_empty() { Code::Empty } else { Code::UnknownFormat };
    scan.problem(code, start, message, in_its_place(rest));
    scan
}

/// What to type or scan in the place of a text in no format: what people add to a code, or leave
/// out, is named.
fn in_its_place(text: &str) -> &'static str {
    let path = |key: &str| text.contains(&format!("/{key}/"));
    if text.len() > 2 && text.starts_with('*') && text.ends_with('*') {
        "leave out the stars: they only mark where a Code 39 begins and ends"
    } else if text.contains(' ') {
        "leave out the spaces: they are printed for people, and no code begins with one"
    } else if ["01", "00", "414", "8006"].into_iter().any(path) {
        "write a web address whole, with https:// in front"
    } else {
        "scan the label's GS1, EAN/UPC or HIBC code, or type in the bracketed text"
    }
}
