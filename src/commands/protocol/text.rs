//! The text of a protocol: from a file, or from the program.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::domain::protocol::shipped::{SHIPPED, shipped};
use crate::error::{Failure, Outcome};

/// A protocol's text, and what messages call it.
pub(super) struct Text {
    /// The path, or the name of the shipped file.
    pub(super) name: String,
    /// The text itself.
    pub(super) text: String,
}

/// The largest file that is read, in bytes. The largest *protocol* is smaller; the reader of
/// protocols says so with its own words.
const FILE_MAX: u64 = 1 << 20;

/// Whether what was named can only be a file: it has a folder, or ends in `.toml`.
pub(super) fn is_path(named: &OsStr) -> bool {
    let path = Path::new(named);
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
        || path.components().count() > 1
}

/// The text of a shipped protocol, or of a file.
pub(super) fn find(named: &OsStr) -> Outcome<Text> {
    let id = named.to_str().filter(|_| !is_path(named));
    if let Some(shipped) = id.and_then(shipped) {
        return Ok(Text { name: format!("{}.toml", shipped.id), text: shipped.text.to_owned() });
    }
    match id.filter(|_| !Path::new(named).exists()) {
        None => read(Path::new(named)),
        Some(id) => {
            let shipped: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.id).collect();
            Err(Failure::usage(format!("`{id}` is neither a file nor a shipped protocol"))
                .detail(format!("with the program comes {}", shipped.join(", ")))
                .hint("see all protocols: lotbook protocol list"))
        }
    }
}

/// Reads a protocol file.
pub(super) fn read(path: &Path) -> Outcome<Text> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::usage(format!("{name} is a folder, not a protocol file"))
            .hint("name the files in it, such as protocols/*.toml"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > FILE_MAX {
        return Err(Failure::usage(format!("{name} holds more than {FILE_MAX} bytes"))
            .detail("no protocol is that long, so it was not read")
            .hint("name the protocol's own file; the shipped ones: lotbook protocol list"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::usage(format!("{name} is not UTF-8 text: byte {at}, in line {line}, is wrong"))
            .hint("save the file as UTF-8")
    })?;
    Ok(Text { name, text })
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format!("there is no file {}", path.display()))
            .hint("see the protocols that come with the program: lotbook protocol list"),
        _ => Failure::file("read", path, error),
    }
}
