//! The inspector's bundle: a folder that holds the whole ledger as text, with everything that it
//! takes to check it without the book and without this program.

mod check;
mod draft;
mod fill;
mod sums;

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

/// Where the text of a protocol lies.
fn protocol_file(sha256: &str) -> String {
    format!("protocols/{sha256}.toml")
}
