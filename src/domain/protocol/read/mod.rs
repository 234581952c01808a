//! Reads a protocol from TOML, with every problem of the text at once.
//!
//! The file is walked twice: first for the names that rules may refer to (`names`), then table by
//! table in the order of the text. What can't be read is left out and said; nothing stops early.

mod example;
mod file;
mod keys;
mod names;
mod reader;
mod record;
mod rules;
mod scalar;
mod step;
pub(super) mod suggest;
mod table;
mod uses;
mod when;

use std::ops::Range;

use toml::de::DeTable;

use crate::domain::diagnostic::{Diagnostic, any_error};
use crate::domain::protocol::{Protocol, codes, lint};
use reader::Reader;

/// The largest protocol file, in bytes.
const TEXT_MAX: usize = 512 * 1024;

/// Reads a protocol. The protocol is there where no diagnostic is an error; the diagnostics are
/// in the order of the text.
pub fn parse(text: &str) -> (Option<Protocol>, Vec<Diagnostic>) {
    if text.len() > TEXT_MAX {
        let message = format!("the file holds {} bytes, a protocol at most {TEXT_MAX}", text.len());
        let found = Diagnostic::error(codes::TOO_LARGE, 0..0, message)
            .remedy("split it into protocols of one treatment each");
        return (None, vec![found]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader::new(text);
    for error in errors {
        let span = inside(text, error.span().unwrap_or(0..0));
        let found = Diagnostic::error(codes::SYNTAX, span, capital_free(error.message()));
        reader.found.push(found.remedy("mend the TOML here: `key = value`, texts in quotes"));
    }
    let protocol = file::read(&mut reader, table.get_ref());
    let mut found = reader.found;
    if let Some(protocol) = &protocol {
        lint::whole(protocol, &mut found);
    }
    for diagnostic in &mut found {
        diagnostic.span = inside(text, diagnostic.span.clone());
    }
    found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    (protocol.filter(|_| !any_error(&found)), found)
}

/// A span that lies in the text and ends on characters.
fn inside(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |mut index: usize| {
        index = index.min(text.len());
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

fn capital_free(message: &str) -> String {
    message.trim().replace('\n', "; ")
}
