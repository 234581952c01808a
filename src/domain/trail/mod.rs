//! The audit trail: an entry as one canonical line, the lines as the leaves of a Merkle tree, the
//! tree's head as a checkpoint that an inspector can carry away.
//!
//! In reading order: [`escape`] writes one value, [`detail`] a set of named values, [`line`] the 29
//! columns of an entry; [`merkle`] hashes lines to one root; [`checkpoint`] states size and root.

pub mod escape;
