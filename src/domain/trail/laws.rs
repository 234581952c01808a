//! The laws of the canonical line, on random fields and on lines that something damaged.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::detail::Detail;
use super::hash::Hash;
use super::line::{COLUMNS, decode, encode};
use super::merkle::leaf;

/// A value: any text without NUL, thick with what the escape and the quotes are about.
pub(super) fn value() -> impl Strategy<Value = String> {
    let spikes = vec![
        "\\", "\"", ",", ";", "; ", "=", "+", "-", "@", "＝", "＠", " ", "\u{a0}", "\u{3000}",
        "\n", "\r", "\r\n", "\t", "\u{1}", "\u{7f}", "\u{85}", "\u{61c}", "\u{200b}", "\u{2028}",
        "\u{2066}", "\u{feff}", "\\n", "\\u{3b}", "lot", "0.5 mm", "é", "e\u{301}", "🙂",
    ];
    let piece = prop_oneof![
        select(spikes).prop_map(String::from),
        "[ -~]{1,8}",
        any::<char>().prop_filter("NUL is refused", |c| *c != '\0').prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

fn detail() -> impl Strategy<Value = String> {
    let keys = "[a-z][a-z0-9_-]{0,3}(\\.[a-z0-9]{1,3})?";
    prop::collection::btree_map(keys, value(), 1..4).prop_map(|values| {
        let mut detail = Detail::new();
        for (key, value) in values {
            detail.insert(key, value).unwrap();
        }
        detail.to_string()
    })
}

/// The fields of an entry, any of them absent.
pub(super) fn fields() -> impl Strategy<Value = Vec<Option<String>>> {
    let values = prop::collection::vec(prop::option::of(value()), COLUMNS.len() - 1);
    (values, prop::option::of(detail())).prop_map(|(mut fields, detail)| {
        fields.push(detail);
        fields
    })
}

/// The line of fields that are known to have one.
pub(super) fn line_of(fields: &[Option<String>]) -> String {
    let mut line = String::new();
    encode(&std::array::from_fn(|index| fields[index].as_deref()), &mut line).unwrap();
    line
}

/// One way in which a line gets damaged.
#[derive(Debug, Clone)]
enum Damage {
    Insert(Index, String),
    Remove(Index),
    Double(Index),
    Swap(Index, Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), value()).prop_map(|(at, text)| Damage::Insert(at, text)),
        any::<Index>().prop_map(Damage::Remove),
        any::<Index>().prop_map(Damage::Double),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Damage::Swap(one, other)),
    ]
}

/// A line that one thing happened to; mostly not one that is ever written.
pub(super) fn damaged() -> impl Strategy<Value = String> {
    (fields(), damage()).prop_map(|(fields, damage)| {
        let mut line: Vec<char> = line_of(&fields).chars().collect();
        match damage {
            Damage::Insert(at, text) => {
                let at = at.index(line.len() + 1);
                line.splice(at..at, text.chars());
            }
            Damage::Remove(at) => drop(line.remove(at.index(line.len()))),
            Damage::Double(at) => {
                let at = at.index(line.len());
                line.insert(at, line[at]);
            }
            Damage::Swap(one, other) => {
                let (one, other) = (one.index(line.len()), other.index(line.len()));
                line.swap(one, other);
            }
        }
        line.into_iter().collect()
    })
}

/// What starts a formula.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What some program or other ends a line at.
const BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

proptest! {
    #[test]
    fn every_entry_comes_back_from_its_line(fields in fields()) {
        let line = line_of(&fields);
        let read = decode(&line).unwrap();
        prop_assert_eq!(read.map(|field| field.map(String::from)).to_vec(), fields);
    }

    #[test]
    fn an_ordinary_csv_reader_finds_29_cells_and_no_formula(fields in fields()) {
        let line = line_of(&fields);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let cells: Vec<&str> = rows.iter().flatten().collect();
        let expected = fields.iter().flatten().count();
        prop_assert_eq!((rows.len(), cells.len()), (1, COLUMNS.len()));
        prop_assert_eq!(cells.iter().filter(|cell| !cell.is_empty()).count(), expected);
        // Where the locale separates by semicolons, a reader splits the line there instead.
        for cell in cells.into_iter().chain(line.split(';')) {
            prop_assert!(!cell.trim_start().starts_with(SIGNS), "{}", line);
        }
    }

    #[test]
    fn no_program_sees_more_than_one_line(fields in fields()) {
        prop_assert!(!line_of(&fields).contains(BREAKS));
    }

    #[test]
    fn different_entries_have_different_lines(one in fields(), other in fields()) {
        prop_assert_eq!(one == other, line_of(&one) == line_of(&other));
    }

    #[test]
    fn a_damaged_line_is_refused_or_is_the_line_of_what_it_says(line in damaged()) {
        if let Ok(fields) = decode(&line) {
            let fields: Vec<Option<String>> = fields.map(|f| f.map(String::from)).to_vec();
            prop_assert_eq!(line_of(&fields), line);
        }
    }

    #[test]
    fn no_text_makes_decoding_panic(line: String) {
        let _ = decode(&line);
    }

    #[test]
    fn a_leaf_is_the_hash_of_a_zero_byte_and_the_line(line: Vec<u8>) {
        let mut bytes = vec![0];
        bytes.extend_from_slice(&line);
        prop_assert_eq!(leaf(&line), Hash::of(&bytes));
    }
}
