//! The inspector's bundle: a folder that holds the whole ledger as text, with everything that it
//! takes to check it without the book and without this program.

mod check;
mod draft;
mod fill;
mod sums;

use std::io;
use std::path::Path;

pub(super) use check::check;
pub(super) use draft::Draft;
pub(super) use fill::fill;
pub(super) use sums::read as read_plain;

/// The entries.
const ENTRIES: &str = "audit.csv";
/// Their size and root.
const CHECKPOINT: &str = "checkpoint.txt";
/// What the staff ids mean.
const STAFF: &str = "staff.csv";
/// What the product ids mean.
const PRODUCTS: &str = "products.csv";
/// What the bundle is.
const README: &str = "README.txt";
/// The inspector's own check.
const SCRIPT: &str = "verify.py";
/// The SHA-256 of every other file.
const SUMS: &str = "SHA256SUMS";
/// Every file that a bundle has, but for the texts of protocols.
const FILES: [&str; 6] = [ENTRIES, CHECKPOINT, STAFF, PRODUCTS, README, SCRIPT];

/// The files that tell an export from any other folder: a README.txt lies in many.
const SIGNS: [&str; 6] = [ENTRIES, CHECKPOINT, STAFF, PRODUCTS, SCRIPT, SUMS];

/// Whether anything of an export lies in a folder, as far as the system lets anybody see.
pub(super) fn is_export(folder: &Path) -> bool {
    let is_gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
    SIGNS.iter().any(|name| !folder.join(name).symlink_metadata().is_err_and(is_gone))
}

/// Where the text of a protocol lies.
fn protocol_file(sha256: &str) -> String {
    format!("protocols/{sha256}.toml")
}
