//! The Merkle tree over the lines of the ledger (RFC 6962 section 2.1, RFC 9162 section 2.1).
//!
//! A leaf is SHA-256(0x00 ‖ line), a node SHA-256(0x01 ‖ left ‖ right); the two prefixes keep a
//! node from passing for a leaf. The left side of a node is always the largest power of two of
//! leaves that leaves something for the right; so a tree of n leaves is a row of perfect trees, one
//! for each 1 in the binary digits of n, largest first. Their roots are all that an append needs:
//! the [`Frontier`]. Inner nodes are not kept; a million leaves hash again in well under a second.

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::hash::Hash;

/// The hash of one line, given without the CRLF that ends it in a file.
pub fn leaf(line: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
}

/// The hash of the node over two neighbours.
pub fn node(left: Hash, right: Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The root over all leaves, in their order; one pass, nothing kept but a [`Frontier`].
pub fn root(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    leaves.into_iter().collect::<Frontier>().root()
}

/// What of a tree suffices to append to it and to know its root: the number of its leaves and the
/// roots of its perfect subtrees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Largest subtree first; as many as `size` has binary ones.
    peaks: Vec<Hash>,
}

/// Bytes that are no [`Frontier`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrontierError {
    /// Not even the 8 bytes of its size.
    #[error("it has {0} bytes, and its size alone needs 8")]
    Short(usize),
    /// Not 32 bytes for each binary one of its size.
    #[error("it has {found} bytes, and for the {size} entries that it counts it needs {needed}")]
    Length {
        /// How many there are.
        found: usize,
        /// The size that they begin with.
        size: u64,
        /// How many a frontier of this size has.
        needed: usize,
    },
    /// More leaves than a position in the ledger can number.
    #[error("a tree can't have {0} leaves")]
    Size(u64),
}

/// The largest size: positions are 64-bit signed integers in both databases.
const SIZE_MAX: u64 = i64::MAX as u64;

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of leaves, which is also the position of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf: one node hash on average, log2(size) at worst.
    pub fn push(&mut self, leaf: Hash) {
        let mut peak = leaf;
        // Every perfect subtree of the new one's height joins it, smallest first.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                peak = node(left, peak);
            }
        }
        self.peaks.push(peak);
        self.size += 1;
    }

    /// The root; of no leaves, the SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let joined = self.peaks.iter().rev().copied().reduce(|right, left| node(left, right));
        joined.unwrap_or_else(|| Hash::of(b""))
    }

    /// The bytes that a database keeps: the size (8 bytes, big-endian), then the peaks, largest
    /// subtree first, 32 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend_from_slice(&peak.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote. That the peaks belong to the leaves can't be seen
    /// from the bytes; hashing the leaves again shows it.
    ///
    /// # Errors
    ///
    /// Refuses bytes of another length than the size asks for, and a size above 2^63 - 1.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let found = bytes.len();
        let (size, rest) = bytes.split_first_chunk().ok_or(FrontierError::Short(found))?;
        let size = u64::from_be_bytes(*size);
        if size > SIZE_MAX {
            return Err(FrontierError::Size(size));
        }
        let needed = 8 + 32 * size.count_ones() as usize;
        if found != needed {
            return Err(FrontierError::Length { found, size, needed });
        }
        let (peaks, _) = rest.as_chunks();
        Ok(Self { size, peaks: peaks.iter().copied().map(Hash).collect() })
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut frontier = Self::new();
        frontier.extend(leaves);
        frontier
    }
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;

    use super::*;

    /// The eight leaves that implementations of RFC 6962 are commonly tested with.
    const REFERENCE: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];

    /// The definition of RFC 6962 word by word: split, hash both sides, join.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().div_ceil(2).next_power_of_two());
                node(root_by_definition(left), root_by_definition(right))
            }
        }
    }

    #[test]
    fn the_known_values_hold() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root([]).to_string(), empty);
        assert_eq!(format!("{:.16}", leaf(b"")), "6e340b9cffb37a98");
        let eight = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
        assert_eq!(root(REFERENCE.map(leaf)).to_string(), eight);
    }

    #[test]
    fn the_root_is_the_definition_s_at_every_size() {
        let leaves: Vec<Hash> = (0..300_u32).map(|n| leaf(&n.to_be_bytes())).collect();
        let mut frontier = Frontier::new();
        for size in 0..leaves.len() {
            assert_eq!(frontier.root(), root_by_definition(&leaves[..size]), "{size} leaves");
            assert_eq!(frontier.size(), size as u64);
            frontier.push(leaves[size]);
        }
    }

    #[test]
    fn a_frontier_survives_the_database_and_goes_on() {
        for size in 0..70 {
            let mut frontier: Frontier =
                REFERENCE.iter().cycle().take(size).map(|l| leaf(l)).collect();
            let bytes = frontier.to_bytes();
            let mut again = Frontier::from_bytes(&bytes).unwrap();
            assert_eq!(again, frontier);
            frontier.push(leaf(b"x"));
            again.push(leaf(b"x"));
            assert_eq!(again.root(), frontier.root());
        }
    }

    #[test]
    fn damaged_bytes_are_no_frontier() {
        let frontier: Frontier = REFERENCE.map(leaf).into_iter().take(7).collect();
        let bytes = frontier.to_bytes();
        for len in 0..bytes.len() {
            let error = match len {
                ..8 => FrontierError::Short(len),
                _ => FrontierError::Length { found: len, size: 7, needed: 8 + 3 * 32 },
            };
            assert_eq!(Frontier::from_bytes(&bytes[..len]), Err(error));
        }
        let huge = [0xff; 8 + 64 * 32];
        assert_eq!(Frontier::from_bytes(&huge), Err(FrontierError::Size(u64::MAX)));
    }

    proptest! {
        #[test]
        fn roots_agree_with_another_implementation(
            lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..70)
        ) {
            let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            lines.iter().for_each(|line| oracle.push(line.clone()));
            let ours = root(lines.iter().map(|line| leaf(line)));
            let theirs = oracle.root();
            prop_assert_eq!(&ours.0[..], &theirs.as_bytes()[..]);
        }
    }
}
