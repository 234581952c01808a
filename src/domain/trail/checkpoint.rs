//! A checkpoint: how many entries a book had and what their root was, short enough to carry away.
//!
//! The text is a C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint): three lines, each ended by a
//! newline, and an empty one, behind which a signed note has its signature lines. One that is not
//! signed ends there, and what it says is worth as much as the place where it was kept.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::hash::Hash;

/// Size and root of one book at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    book: String,
    size: u64,
    root: Hash,
}

/// Why a text is not a checkpoint that this program writes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Not three lines and an empty one.
    #[error("a checkpoint is three lines and an empty one, each ended by a newline")]
    Shape,
    /// The first line doesn't name a book.
    #[error("the first line is {0:?} instead of {ORIGIN:?} and the id of a book")]
    Origin(String),
    /// The id of a book is something else than 1 to 64 of a-z, 0-9 and `-`.
    #[error("{0:?} is not the id of a book: 1 to 64 of a-z, 0-9 and `-`")]
    Book(String),
    /// The second line is no number of entries.
    #[error("the second line is {0:?} instead of the number of entries")]
    Size(String),
    /// The third line is no hash.
    #[error("the third line is {0:?} instead of a hash in base64")]
    Root(String),
    /// Something follows the empty line.
    #[error("text follows the empty line; signatures can't be read here")]
    Signed,
}

/// What the first line begins with, so that no other log's checkpoint passes for a book's.
const ORIGIN: &str = "lotbook/";

impl Checkpoint {
    /// States the size of a book and the root over its entries.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Book`] where the id could not stand in the first line.
    pub fn new(book: impl Into<String>, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        let book = book.into();
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if matches!(book.len(), 1..=64) && book.bytes().all(fits) {
            Ok(Self { book, size, root })
        } else {
            Err(CheckpointError::Book(book))
        }
    }

    /// Reads a checkpoint that may have been typed from paper: other line ends, blanks around a
    /// line, a byte order mark and missing or further empty lines around all three mean the same.
    ///
    /// # Errors
    ///
    /// As [`FromStr`] where the three lines themselves are not as they must be.
    pub fn typed(text: &str) -> Result<Self, CheckpointError> {
        let text = text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let lines = text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line).trim_matches([' ', '\t']));
        format!("{}\n\n", lines.collect::<Vec<_>>().join("\n")).parse()
    }

    /// The id of the book, as its entry 0 records it.
    pub fn book(&self) -> &str {
        &self.book
    }

    /// The number of entries covered: those with a position below it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle root over the lines of these entries.
    pub fn root(&self) -> Hash {
        self.root
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ORIGIN}{}\n{}\n{}\n\n", self.book, self.size, self.root.to_base64())
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads exactly what `Display` writes.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.splitn(5, '\n').collect();
        let [origin, size_line, root, "", rest] = lines[..] else {
            return Err(CheckpointError::Shape);
        };
        if !rest.is_empty() {
            return Err(CheckpointError::Signed);
        }
        let book = origin
            .strip_prefix(ORIGIN)
            .ok_or_else(|| CheckpointError::Origin(origin.to_owned()))?;
        let size = size_line.parse().ok().filter(|size: &u64| size.to_string() == size_line);
        let size = size.ok_or_else(|| CheckpointError::Size(size_line.to_owned()))?;
        let root = Hash::from_base64(root).map_err(|_| CheckpointError::Root(root.to_owned()))?;
        Self::new(book, size, root)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "lotbook/7f3a-01\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n";

    #[test]
    fn a_checkpoint_is_three_lines_and_an_empty_one() {
        let checkpoint = Checkpoint::new("7f3a-01", 0, Hash::of(b"")).unwrap();
        assert_eq!(checkpoint.to_string(), TEXT);
        assert_eq!(TEXT.parse(), Ok(checkpoint));
    }

    #[test]
    fn one_that_was_typed_again_may_end_otherwise() {
        let checkpoint: Checkpoint = TEXT.parse().unwrap();
        let texts = [TEXT.trim_end().to_owned(), TEXT.replace('\n', "\r\n"), format!("{TEXT}\n\n")];
        for text in texts {
            assert_eq!(Checkpoint::typed(&text), Ok(checkpoint.clone()), "{text:?}");
        }
        assert_eq!(Checkpoint::typed(&format!("\u{feff} {TEXT}")), Ok(checkpoint));
        let signed = format!("{TEXT}\u{2014} lotbook/7f3a-01 AAAA\n");
        assert_eq!(Checkpoint::typed(&signed), Err(CheckpointError::Signed));
        assert_eq!(Checkpoint::typed("lotbook/a\n1\n"), Err(CheckpointError::Shape));
    }

    #[test]
    fn anything_looser_is_refused() {
        let cases = [
            (TEXT.replace("\n\n", "\n"), CheckpointError::Shape),
            (TEXT.replace('\n', "\r\n"), CheckpointError::Shape),
            (TEXT.replace("\n\n", "\nextension\n\n"), CheckpointError::Shape),
            (format!("{TEXT}\n"), CheckpointError::Signed),
            (format!("{TEXT}— lotbook/7f3a-01 AAAA\n"), CheckpointError::Signed),
            (TEXT.replace("lotbook/", "otherlog/"), {
                CheckpointError::Origin("otherlog/7f3a-01".to_owned())
            }),
            (TEXT.replace("7f3a-01", ""), CheckpointError::Book(String::new())),
            (TEXT.replace("7f3a-01", "A 1"), CheckpointError::Book("A 1".to_owned())),
            (TEXT.replace("\n0\n", "\n007\n"), CheckpointError::Size("007".to_owned())),
            (TEXT.replace("\n0\n", "\n+7\n"), CheckpointError::Size("+7".to_owned())),
            (TEXT.replace("\n0\n", "\n-1\n"), CheckpointError::Size("-1".to_owned())),
        ];
        for (text, reason) in cases {
            assert_eq!(text.parse::<Checkpoint>(), Err(reason), "{text:?}");
        }
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
        let text = TEXT.replace("FU=\n", "FU\n");
        assert_eq!(text.parse::<Checkpoint>(), Err(CheckpointError::Root(root.to_owned())));
    }

    proptest! {
        #[test]
        fn every_checkpoint_comes_back(
            book in "[a-z0-9-]{1,64}", size: u64, root: [u8; 32]
        ) {
            let checkpoint = Checkpoint::new(book, size, Hash(root)).unwrap();
            prop_assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
        }
    }
}
