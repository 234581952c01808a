//! The audit trail: an entry as one canonical line, the lines as the leaves of a Merkle tree, the
//! tree's head as a checkpoint that an inspector can carry away.
//!
//! In reading order: [`escape`] writes one value, [`detail`] a set of named values, [`cell`]
//! quotes, [`mod@line`] joins the 29 columns of an entry; [`lines`] finds them again in a file;
//! [`merkle`] hashes them to one root; [`checkpoint`] states size and root. `verify.py` is the
//! inspector's own reading of all of it, without this program.
//!
//! Invariant: nothing here knows what an action means. The bytes written here are hashed for ever,
//! so what is here changes by addition only.

pub mod base64;
pub mod cell;
pub mod checkpoint;
pub mod detail;
pub mod entry;
pub mod escape;
pub mod hash;
pub mod lag;
pub mod line;
pub mod lines;
pub mod merkle;

/// The inspector's own check of an export, which goes into it: Python, its standard library alone.
pub const VERIFY_SCRIPT: &str = include_str!("verify.py");

#[cfg(test)]
mod inspector;
#[cfg(test)]
mod laws;
