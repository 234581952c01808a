//! `SHA256SUMS`: the files of a bundle, each as it was written, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{FILES, SUMS};
use crate::domain::replay::Problems;
use crate::domain::trail::hash::{Hash, Hasher};
use crate::error::{Failure, Outcome};

/// The longest list that is read, in bytes: ten thousand protocols fit.
const SUMS_MAX_BYTES: u64 = 1 << 20;

/// Compares the files of a folder with the list, and returns the names found.
///
/// # Errors
///
/// Where the system lets nobody read: then nothing is known, and nothing was found wrong.
pub(super) fn check(folder: &Path, problems: &mut Problems) -> Outcome<BTreeSet<String>> {
    let listed = listed(folder, problems)?;
    let mut found = BTreeSet::new();
    walk(folder, "", &mut found, problems)
        .map_err(|error| Failure::file("read", folder, &error))?;
    found.remove(SUMS);
    for name in found.iter().filter(|name| !listed.contains_key(*name)) {
        problems.add(None, format!("{name} lies in the folder, but {SUMS} doesn't list it"));
    }
    for (name, sum) in &listed {
        if !found.contains(name) {
            problems.add(None, format!("{name} is missing, which {SUMS} lists"));
            continue;
        }
        let path = folder.join(name);
        match hash(&path) {
            Ok(hash) if hash == *sum => {}
            Ok(_) => problems.add(None, format!("{name} was changed: {SUMS} lists another hash")),
            Err(error) if is_closed(&error) => return Err(Failure::file("read", &path, &error)),
            Err(error) => problems.add(None, format!("{name} can't be read: {error}")),
        }
    }
    for name in &found {
        if !FILES.contains(&name.as_str()) && !is_protocol(name) {
            problems.add(None, format!("{name} is no file of a full export"));
        }
    }
    Ok(found)
}

/// Whether it is the system that won't read what is there.
fn is_closed(error: &io::Error) -> bool {
    error.raw_os_error().is_some() && error.kind() != io::ErrorKind::NotFound
}

fn is_protocol(name: &str) -> bool {
    let hash = name.strip_prefix("protocols/").and_then(|name| name.strip_suffix(".toml"));
    hash.is_some_and(|hash| hash.parse::<Hash>().is_ok())
}

/// The list: a hash, two blanks and a name on each line, sorted by name.
fn listed(folder: &Path, problems: &mut Problems) -> Outcome<BTreeMap<String, Hash>> {
    let mut listed = BTreeMap::new();
    let path = folder.join(SUMS);
    let text = match read(&path, SUMS_MAX_BYTES) {
        Ok(text) => text,
        Err(error) if is_closed(&error) => return Err(Failure::file("read", &path, &error)),
        Err(error) => {
            problems.add(None, format!("{SUMS} can't be read: {error}"));
            return Ok(listed);
        }
    };
    let mut last = "";
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let read = line.strip_suffix('\n').and_then(|line| {
            let (hash, name) = line.split_once("  ")?;
            Some((name, hash.parse::<Hash>().ok()?))
        });
        match read {
            Some((name, hash)) if name > last => {
                listed.insert(name.to_owned(), hash);
                last = name;
            }
            _ => problems.add(None, not_a_sum(number, line)),
        }
    }
    Ok(listed)
}

fn not_a_sum(number: u64, line: &str) -> String {
    let shown: String = line.trim_end().chars().take(100).collect();
    format!(
        "{SUMS}, line {number}: `{shown}` is not a hash, two blanks and the next name by letters"
    )
}

/// Opens a plain file. A link may lead out of the folder, and a pipe would keep the reader waiting.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path)?.is_file() {
        return File::open(path);
    }
    Err(io::Error::other("it is no plain file; put the file itself there, no link and no pipe"))
}

/// A small text file, whole.
pub(in crate::commands::audit) fn read(path: &Path, max_bytes: u64) -> io::Result<String> {
    let mut text = String::new();
    let read = open(path)?.take(max_bytes + 1).read_to_string(&mut text)?;
    if read as u64 > max_bytes {
        return Err(io::Error::other(format!("it is longer than {max_bytes} bytes")));
    }
    Ok(text)
}

/// Every file below a folder, by its name with `/` between.
fn walk(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
    problems: &mut Problems,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = format!("{prefix}{}", name.to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() && prefix.is_empty() && name == "protocols" {
            walk(&entry.path(), "protocols/", found, problems)?;
        } else if kind.is_file() {
            found.insert(name);
        } else {
            problems.add(None, format!("{name} is no file of a full export"));
        }
    }
    Ok(())
}

/// The hash of a file of any size.
fn hash(path: &Path) -> io::Result<Hash> {
    let mut file = open(path)?;
    let mut hasher = Hasher::default();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_or_no_plain_file_is_wrong_and_what_is_closed_is_unknown() {
        assert!(is_closed(&io::Error::from_raw_os_error(13)));
        assert!(is_closed(&io::Error::from_raw_os_error(5)));
        assert!(!is_closed(&io::Error::from_raw_os_error(2)));
        assert!(!is_closed(&io::Error::other("it is no plain file")));
    }
}
