//! A SHA-256 value (FIPS 180-4), the only kind of hash in the trail.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::base64;

/// 32 bytes of SHA-256. Shown as 64 lowercase hex digits; `{:.8}` shows the first eight.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

/// The text or bytes are no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HashError {
    /// Not 64 lowercase hex digits.
    #[error("a hash is 64 hex digits, in lowercase")]
    Hex,
    /// Not 44 characters of padded base64 for 32 bytes.
    #[error("a hash is 44 characters of base64")]
    Base64,
    /// Not 32 bytes.
    #[error("a hash has 32 bytes, not {0}")]
    Length(usize),
}

/// The plain SHA-256 of bytes that come piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all of them.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

impl Hash {
    /// The plain SHA-256 of some bytes, as `sha256sum` prints it; not a leaf of the tree.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash as base64 with padding, 44 characters, as a checkpoint writes it.
    pub fn to_base64(self) -> String {
        base64::encode(&self.0)
    }

    /// Reads base64 strictly: [`Hash::to_base64`] of the result is the same text.
    ///
    /// # Errors
    ///
    /// [`HashError::Base64`] for any other text.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        let bytes = base64::decode(text).ok_or(HashError::Base64)?;
        Self::try_from(bytes.as_slice()).map_err(|_| HashError::Base64)
    }

    fn to_hex(self) -> [u8; 64] {
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
            pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
        }
        hex
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(str::from_utf8(&self.to_hex()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    /// Reads 64 hex digits, in lowercase only.
    fn from_str(text: &str) -> Result<Self, HashError> {
        let mut hash = [0; 32];
        if text.len() != 64 {
            return Err(HashError::Hex);
        }
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(hash))
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError::Length(bytes.len()))
    }
}

fn nibble(digit: u8) -> Result<u8, HashError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(HashError::Hex),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_hash_reads_back_from_hex_and_base64() {
        let hash = Hash::of(b"");
        assert_eq!(hash.to_string(), EMPTY);
        assert_eq!(format!("{hash:.8}"), "e3b0c442");
        assert_eq!(EMPTY.parse(), Ok(hash));
        assert_eq!(hash.to_base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    }

    #[test]
    fn other_texts_are_no_hash() {
        for text in ["", &EMPTY[1..], &EMPTY.to_uppercase(), &EMPTY.replace('e', "é")] {
            assert_eq!(text.parse::<Hash>(), Err(HashError::Hex), "{text:?}");
        }
        for text in ["", "47DE", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="] {
            assert_eq!(Hash::from_base64(text), Err(HashError::Base64), "{text:?}");
        }
        assert_eq!(Hash::try_from(&[0; 31][..]), Err(HashError::Length(31)));
    }
}
