//! GS1 Digital Link: elements inside a web address (GS1 Digital Link standard, URI syntax).
//!
//! `https://example.com/01/00844588003288/10/AB12/21/7?17=270331`: the rightmost primary key of
//! the path, its qualifiers in their order, and further elements as query parameters. Nothing is
//! looked up on the network.

use std::borrow::Cow;
use std::ops::Range;

use super::charset::set_of;
use super::companions;
use super::compressed;
use super::contradiction;
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

/// Identifiers that may stand in the path alone, whatever the key. The lot (10) may be a parameter
/// too, beside a key that it does not qualify.
const PATH_ONLY: [&str; 4] = ["21", "22", "235", "8020"];

const TYPE_IT: &str = "scan the label's GS1 DataMatrix or linear code instead, \
    or type in the bracketed text printed beside it";

/// One stretch of the address.
#[derive(Clone, Copy)]
struct Segment<'a> {
    text: &'a str,
    at: usize,
}

/// The path from its primary key on: pairs of identifier and value.
#[derive(Clone, Copy)]
struct Path<'p, 'a> {
    segments: &'p [Segment<'a>],
    /// The sequences of qualifiers that may follow the key.
    sequences: Sequences,
}

impl Path<'_, '_> {
    /// The identifiers after the key.
    fn qualifiers(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().step_by(2).skip(1).map(|segment| segment.text)
    }

    /// Whether a sequence holds all qualifiers of the path in their order.
    fn fits(&self, sequence: &[&str]) -> bool {
        let mut left = sequence.iter();
        self.qualifiers().all(|code| left.any(|known| *known == code))
    }

    /// Whether a parameter would qualify the key, and so belongs in the path. What stands there
    /// already is there twice.
    fn lacks(&self, code: &str) -> bool {
        if self.qualifiers().any(|known| known == code) {
            return false;
        }
        let qualifies = |sequence: &[&str]| sequence.contains(&code) && self.fits(sequence);
        PATH_ONLY.contains(&code) || self.sequences.iter().any(|sequence| qualifies(sequence))
    }
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
        Some((root, sequences)) => {
            let path = Path { segments: &segments[root..], sequences };
            read_path(&mut scan, path, today);
            if let Some(query) = query.filter(|_| !scan.elements.is_empty()) {
                read_query(&mut scan, path, text, query + 1..address, today);
            }
        }
        None => no_key(&mut scan, &text[start..address], &segments, start),
    }
    companions::check(&mut scan);
    stand_in::check_typed(&mut scan);
    contradiction::check(&mut scan, today);
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
fn read_path<'a>(scan: &mut Scan<'a>, path: Path<'_, 'a>, today: Today) {
    check_order(scan, path);
    for pair in path.segments.chunks_exact(2) {
        if !scan.has_room(pair[0].at) {
            return;
        }
        if let Some(index) = Index::of_code(pair[0].text) {
            take(scan, index, pair[0].at, pair[1], false, today);
        }
    }
}

fn check_order(scan: &mut Scan<'_>, path: Path<'_, '_>) {
    let [Segment { text: key, .. }, _, first, ..] = path.segments else {
        return;
    };
    if path.sequences.iter().any(|sequence| path.fits(sequence)) {
        return;
    }
    let allowed = match path.sequences {
        [] => "none may follow it".to_owned(),
        sequences => sequences.iter().map(|one| one.join(", ")).collect::<Vec<_>>().join(" or "),
    };
    let found = path.qualifiers().collect::<Vec<_>>().join(", ");
    let found = excerpt(&found);
    let message = format!("the path of the link has {found} after {key}; allowed: {allowed}");
    scan.problem(Code::WrongLinkOrder, first.at, message, TYPE_IT);
}

/// Reads the parameters of a stretch. Those whose names are no numbers belong to the web site.
fn read_query<'a>(
    scan: &mut Scan<'a>,
    path: Path<'_, 'a>,
    text: &'a str,
    query: Range<usize>,
    today: Today,
) {
    let mut at = query.start;
    for parameter in text[query].split('&') {
        let begins = at;
        at += parameter.len() + 1;
        let Some((code, value)) = parameter.split_once('=') else {
            continue;
        };
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let value = Segment { text: value, at: begins + code.len() + 1 };
        let problem = match Index::of_code(code) {
            None if code.is_empty() => {
                let shown = excerpt(parameter);
                let message = format!("'{shown}' has no identifier before '='");
                (Code::UnknownIdentifier, message)
            }
            None => {
                let message = format!("({}) is no known application identifier", excerpt(code));
                (Code::UnknownIdentifier, message)
            }
            Some(_) if code == "8200" => {
                let message = "(8200) is a web address itself, and can't stand in one".to_owned();
                (Code::WrongLinkOrder, message)
            }
            Some(_) if path.lacks(code) => {
                let message = format!("({code}) belongs in the path of the link, not after '?'");
                (Code::WrongLinkOrder, message)
            }
            Some(index) => {
                take(scan, index, begins, value, true, today);
                continue;
            }
        };
        scan.problem(problem.0, begins, problem.1, TYPE_IT);
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
    let identifier = index.get();
    // Two different values are a problem everywhere; in a link even the same one is.
    if scan.present & index.bit() != 0 && scan.value(identifier.code) == Some(&*value) {
        let message =
            format!("({}) {} stands in the link twice", identifier.code, identifier.title);
        scan.problem(Code::RepeatedIdentifier, at, message, TYPE_IT);
    }
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

fn no_key(scan: &mut Scan<'_>, address: &str, segments: &[Segment<'_>], at: usize) {
    let last = segments.last();
    // What stands beside a key may be compressed by itself.
    let beside_key = last.is_some() && root(&segments[..segments.len() - 1]).is_some();
    let is_compressed = |last: &&Segment<'_>| {
        compressed::is_plausible(last.text) || beside_key && compressed::is_base_64(last.text)
    };
    if let Some(last) = last.filter(is_compressed) {
        let shown = excerpt(last.text);
        let message =
            format!("'{shown}' may be a compressed GS1 Digital Link, and those are not read");
        scan.problem(Code::CompressedLink, last.at, message, TYPE_IT);
        return;
    }
    let perhaps = match last.filter(|last| compressed::is_base_64(last.text)) {
        Some(last) => {
            format!("; if '{}' is a compressed one, those are not read", excerpt(last.text))
        }
        None => String::new(),
    };
    let mut before_last = segments.iter().rev().skip(1);
    let key = before_last.find(|segment| KEYS.iter().any(|(key, _)| *key == segment.text));
    let (at, message) = match key {
        Some(Segment { text, at }) => {
            let message = format!(
                "the path of the web address has /{text}/, but is not pairs of known identifiers \
                 and values from there to its end{perhaps}"
            );
            (*at, message)
        }
        None => {
            let shown = excerpt(address);
            let what = format!("the web address '{shown}' has no GS1 key such as /01/ in its path");
            (at, what + &perhaps)
        }
    };
    scan.problem(Code::NoPrimaryKey, at, message, TYPE_IT);
}
