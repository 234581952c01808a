//! GS1 Digital Link: elements inside a web address (GS1 Digital Link standard, URI syntax).
//!
//! `https://example.com/01/00844588003288/10/AB12/21/7?17=270331`: the rightmost primary key of
//! the path, its qualifiers in their order, and further elements as query parameters. Nothing is
//! looked up on the network.

use std::borrow::Cow;

use super::charset::set_of;
use super::companions;
use super::date::Today;
use super::excerpt::{character, excerpt};
use super::identifier::Index;
use super::problem::Code;
use super::scan::{Kind, Scan};
use super::stand_in;
use super::value::Place;

/// Qualifiers that may follow a primary key, in their order; any of them may be left out.
type Sequences = &'static [&'static [&'static str]];

/// Primary keys, and the sequences of qualifiers that may follow each in the path.
const KEYS: [(&str, Sequences); 10] = [
    ("00", &[]),
    ("01", &[&["22", "10", "21"], &["235"]]),
    ("414", &[]),
    ("415", &[&["8020"]]),
    ("417", &[]),
    ("8003", &[]),
    ("8004", &[]),
    ("8006", &[&["22", "10", "21"]]),
    ("8013", &[]),
    ("8018", &[]),
];

/// Identifiers that may not be query parameters: qualifiers, which belong in the path, and the
/// address itself.
const PATH_ONLY: [&str; 5] = ["21", "22", "235", "8020", "8200"];

const TYPE_IT: &str = "scan the label's GS1 DataMatrix or linear code instead, \
    or type in the bracketed text printed beside it";

/// One stretch of the address.
#[derive(Clone, Copy)]
struct Segment<'a> {
    text: &'a str,
    at: usize,
}

/// Whether a text begins as a web address.
pub fn is_address(text: &str) -> bool {
    scheme(text).is_some()
}

/// The length of `http://` or `https://` in any case.
fn scheme(text: &str) -> Option<usize> {
    let begins = |scheme: &str| {
        let start = text.as_bytes().get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    ["https://", "http://"].into_iter().find(|known| begins(known)).map(str::len)
}

/// Reads a web address that begins at byte `start`.
pub(super) fn read(text: &str, start: usize, today: Today) -> Scan<'_> {
    let mut scan = Scan::empty(Kind::DigitalLink);
    let wrong = text.bytes().skip(start).position(|byte| !OF_ADDRESSES[usize::from(byte)]);
    if let Some(at) = wrong.map(|offset| start + offset) {
        let wrong = text[at..].chars().next().map_or_else(String::new, character);
        let message = format!("a web address can't have {wrong}");
        scan.problem(Code::WrongCharacter, at, message, TYPE_IT);
        return scan;
    }
    let address = find(text, start, text.len(), b'#').unwrap_or(text.len());
    let query = find(text, start, address, b'?');
    let host = start + scheme(&text[start..]).unwrap_or(0);
    let path_end = query.unwrap_or(address);
    let path = find(text, host, path_end, b'/');
    let segments = path.map(|path| segments(text, path, path_end)).unwrap_or_default();
    match root(&segments).filter(|_| path > Some(host)) {
        Some((root, sequences)) => read_path(&mut scan, &segments[root..], sequences, today),
        None => no_key(&mut scan, &text[start..address], segments.last().copied(), start),
    }
    if let Some(query) = query.filter(|_| !scan.elements.is_empty()) {
        read_query(&mut scan, text, query + 1, address, today);
    }
    companions::check(&mut scan);
    stand_in::check(&mut scan);
    scan
}

/// `OF_ADDRESSES[byte]`: whether it is a character of RFC 3986, all of which are ASCII.
const OF_ADDRESSES: [bool; 256] = set_of(
    b"!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~",
);

/// Where a byte stands first at or after `from`. Addresses are short, so that looking at one byte
/// after the other is the quickest.
fn find(text: &str, from: usize, end: usize, wanted: u8) -> Option<usize> {
    text.as_bytes()[from..end].iter().position(|byte| *byte == wanted).map(|offset| from + offset)
}

/// What stands between the slashes of `path..end`; the first is what follows the first slash.
fn segments(text: &str, path: usize, end: usize) -> Vec<Segment<'_>> {
    let mut segments = Vec::with_capacity(8);
    let mut at = path + 1;
    loop {
        let until = find(text, at, end, b'/').unwrap_or(end);
        segments.push(Segment { text: &text[at..until], at });
        if until == end {
            return segments;
        }
        at = until + 1;
    }
}

/// The rightmost primary key from which on the path is pairs of identifier and value, with the
/// sequences of qualifiers that may follow it.
fn root(segments: &[Segment<'_>]) -> Option<(usize, Sequences)> {
    let pairs = (0..segments.len().saturating_sub(1)).rev().step_by(2);
    for place in pairs {
        let code = segments[place].text;
        Index::of_code(code)?;
        if let Some((_, sequences)) = KEYS.iter().find(|(key, _)| *key == code) {
            return Some((place, sequences));
        }
    }
    None
}

/// Reads pairs of identifier and value, the first of them a primary key.
fn read_path<'a>(scan: &mut Scan<'a>, path: &[Segment<'a>], sequences: Sequences, today: Today) {
    check_order(scan, path, sequences);
    for pair in path.chunks_exact(2) {
        if !scan.has_room(pair[0].at) {
            return;
        }
        if let Some(index) = Index::of_code(pair[0].text) {
            take(scan, index, pair[0].at, pair[1], false, today);
        }
    }
}

fn check_order(scan: &mut Scan<'_>, path: &[Segment<'_>], sequences: Sequences) {
    let [Segment { text: key, .. }, _, rest @ ..] = path else {
        return;
    };
    let qualifiers = || rest.iter().step_by(2).map(|segment| segment.text);
    let fits = |sequence: &&[&str]| {
        let mut left = sequence.iter();
        qualifiers().all(|code| left.any(|known| *known == code))
    };
    if rest.is_empty() || sequences.iter().any(fits) {
        return;
    }
    let allowed = match sequences {
        [] => "none may follow it".to_owned(),
        _ => sequences.iter().map(|one| one.join(", ")).collect::<Vec<_>>().join(" or "),
    };
    let found = qualifiers().collect::<Vec<_>>().join(", ");
    let found = excerpt(&found);
    let message = format!("the path of the link has {found} after {key}; allowed: {allowed}");
    scan.problem(Code::WrongLinkOrder, rest[0].at, message, TYPE_IT);
}

/// Reads the parameters of `from..end`. Those that are not numbers belong to the web site.
fn read_query<'a>(scan: &mut Scan<'a>, text: &'a str, from: usize, end: usize, today: Today) {
    let mut at = from;
    for parameter in text[from..end].split('&') {
        let begins = at;
        at += parameter.len() + 1;
        let Some((code, value)) = parameter.split_once('=') else {
            continue;
        };
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let value = Segment { text: value, at: begins + code.len() + 1 };
        match Index::of_code(code) {
            None => {
                let shown = excerpt(code);
                let message = format!("({shown}) is no known application identifier");
                scan.problem(Code::UnknownIdentifier, begins, message, TYPE_IT);
            }
            Some(_) if PATH_ONLY.contains(&code) => {
                let message = format!("({code}) belongs in the path of the link, not after '?'");
                scan.problem(Code::WrongLinkOrder, begins, message, TYPE_IT);
            }
            Some(index) => take(scan, index, begins, value, true, today),
        }
    }
}

/// Takes one element. `plus_is_space` as in the query of a web address.
fn take<'a>(
    scan: &mut Scan<'a>,
    index: Index,
    at: usize,
    written: Segment<'a>,
    plus_is_space: bool,
    today: Today,
) {
    let Some(value) = decoded(written.text, plus_is_space) else {
        let message = format!("'{}' has a percent sign without a character", excerpt(written.text));
        scan.problem(Code::WrongPercentCode, written.at, message, TYPE_IT);
        return;
    };
    let value = match index.get().code {
        "01" => padded(scan, value, written.at),
        _ => value,
    };
    let verbatim = matches!(value, Cow::Borrowed(_));
    scan.take(index, value, at, Place { start: written.at, verbatim }, today);
}

/// Older links leave out the zeros in front of a GTIN; the standard no longer allows it.
fn padded<'a>(scan: &mut Scan<'_>, value: Cow<'a, str>, at: usize) -> Cow<'a, str> {
    if !matches!(value.len(), 8 | 12 | 13) || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value;
    }
    let full = format!("{value:0>14}");
    let message = format!("GTIN {value} has fewer than 14 digits: read as {full}");
    scan.problem(Code::ShortGtin, at, message, "compare the number printed on the label");
    Cow::Owned(full)
}

/// A text without percent codes; `None` if a code is none, or the characters are not UTF-8.
fn decoded(written: &str, plus_is_space: bool) -> Option<Cow<'_, str>> {
    if !written.bytes().any(|byte| byte == b'%' || plus_is_space && byte == b'+') {
        return Some(Cow::Borrowed(written));
    }
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'%' => {
                let (code, after) = rest.split_at_checked(2)?;
                bytes.push(hex(code[0])? << 4 | hex(code[1])?);
                rest = after;
            }
            b'+' if plus_is_space => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

fn no_key(scan: &mut Scan<'_>, address: &str, last: Option<Segment<'_>>, at: usize) {
    match last.filter(|last| looks_compressed(last.text)) {
        Some(last) => scan.problem(
            Code::CompressedLink,
            last.at,
            format!(
                "'{}' looks like a compressed GS1 Digital Link, which is not read",
                excerpt(last.text)
            ),
            TYPE_IT,
        ),
        None => scan.problem(
            Code::NoPrimaryKey,
            at,
            format!(
                "the web address '{}' has no GS1 key such as /01/ in its path",
                excerpt(address)
            ),
            TYPE_IT,
        ),
    }
}

/// Compressed links end in one segment of base 64 letters (GS1 Digital Link standard, Compression),
/// which unlike a word mixes capital and small letters.
fn looks_compressed(segment: &str) -> bool {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    segment.len() >= 10
        && segment.bytes().all(base64)
        && segment.bytes().filter(u8::is_ascii_uppercase).count() >= 2
        && segment.bytes().any(|byte| byte.is_ascii_lowercase())
}
