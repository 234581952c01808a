//! GS1 Digital Link by the second reader: https://host/any/path/01/GTIN/10/LOT?17=EXPIRY#any.

use crate::reader::{Read, judged, value_at_start};
use crate::table::Table;

/// What may follow each key in the path, in this order, any of it left out (GS1 Digital Link
/// standard, URI syntax).
pub(crate) const KEYS: &[(&str, &[&[&str]])] = &[
    ("00", &[&[]]),
    ("01", &[&["22", "10", "21"], &["235"]]),
    ("414", &[&[]]),
    ("415", &[&["8020"]]),
    ("417", &[&[]]),
    ("8003", &[&[]]),
    ("8004", &[&[]]),
    ("8006", &[&["22", "10", "21"]]),
    ("8013", &[&[]]),
    ("8018", &[&[]]),
];

/// What qualifies a key and has no meaning of its own stands in the path alone. So does a lot whose
/// key it may follow there. A web address holds no other.
const NEVER_IN_QUERY: [&str; 5] = ["21", "22", "235", "8020", "8200"];

pub(crate) fn read_link(table: &Table, text: &str) -> Option<Read> {
    let known = "-._~:/?#[]@!$&'()*+,;=%";
    if !text.chars().all(|letter| letter.is_ascii_alphanumeric() || known.contains(letter)) {
        return None;
    }
    let address = text.split('#').next()?;
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let (_, path) = address.split_once("://")?.1.split_once('/')?;
    let segments: Vec<&str> = path.split('/').collect();
    let key = (0..segments.len().checked_sub(1)?)
        .rev()
        .step_by(2)
        .take_while(|place| table.row(segments[*place]).is_some())
        .find(|place| KEYS.iter().any(|(key, _)| segments[*place] == *key))?;
    let sequences = KEYS.iter().find(|(known, _)| *known == segments[key])?.1;
    let pairs: Vec<&[&str]> = segments[key..].chunks(2).collect();
    let qualifiers: Vec<&str> = pairs[1..].iter().map(|pair| pair[0]).collect();
    let follows: Vec<&&[&str]> =
        sequences.iter().filter(|sequence| in_order(&qualifiers, sequence)).collect();
    if follows.is_empty() {
        return None;
    }
    let mut written: Vec<(&str, String)> = Vec::new();
    for pair in pairs {
        written.push((pair[0], decoded(pair[1], false)?));
    }
    for parameter in query.split('&') {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if !name.chars().all(|letter| letter.is_ascii_digit()) {
            continue;
        }
        let in_path = name == "10" && follows.iter().any(|sequence| sequence.contains(&"10"));
        if in_path || NEVER_IN_QUERY.contains(&name) {
            return None;
        }
        written.push((name, decoded(value, true)?));
    }
    let mut elements: Vec<(String, String)> = Vec::new();
    for (code, value) in written {
        let value = match (code, value.len()) {
            ("01", 8 | 12 | 13) if value.parse::<u64>().is_ok() => format!("{value:0>14}"),
            _ => value,
        };
        let row = table.row(code)?;
        if value_at_start(row, &value)? != value || elements.iter().any(|(it, _)| it == code) {
            return None;
        }
        elements.push((code.to_owned(), value));
    }
    judged(table, elements)
}

fn in_order(qualifiers: &[&str], sequence: &[&str]) -> bool {
    let places: Option<Vec<usize>> =
        qualifiers.iter().map(|code| sequence.iter().position(|known| known == code)).collect();
    places.is_some_and(|places| places.windows(2).all(|two| two[0] < two[1]))
}

/// A value without its percent codes; a plus sign in a query is a space.
fn decoded(written: &str, in_query: bool) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = written.as_bytes().iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(*rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            b'+' if in_query => b' ',
            byte => *byte,
        });
    }
    String::from_utf8(bytes).ok()
}
