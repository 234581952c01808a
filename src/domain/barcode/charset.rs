//! The two character sets of GS1 values.

use super::check::TEXT_CHARACTERS;

/// What a part of a value may consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// The digits 0 to 9.
    Digits,
    /// GS1's 82 characters: letters, digits and `!"%&'()*+,-./:;<=>?_`, no space
    /// (GS1 General Specifications, "GS1 AI encodable character set 82").
    Text,
}

/// `IN_TEXT[byte]`: whether the byte is one of the 82.
const IN_TEXT: [bool; 256] = set_of(TEXT_CHARACTERS);

/// `set[byte]`: whether the byte is one of these.
pub(super) const fn set_of(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        set[bytes[index] as usize] = true;
        index += 1;
    }
    set
}

impl Charset {
    /// Whether the set holds the byte. No byte of a character outside ASCII is in either set.
    pub(super) const fn holds(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Text => IN_TEXT[byte as usize],
        }
    }

    /// What a message calls the set.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Text => "letters, digits and !\"%&'()*+,-./:;<=>?_",
        }
    }

    /// Where the first byte outside the set is. What stands before it is ASCII, so the place is
    /// the beginning of a character.
    pub(super) fn first_outside(self, value: &[u8]) -> Option<usize> {
        value.iter().position(|byte| !self.holds(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_set_has_82_characters() {
        assert_eq!((0..=255).filter(|byte| Charset::Text.holds(*byte)).count(), 82);
        for outside in b" #$@[\\]^`{|}~\x1d\x7f" {
            assert!(!Charset::Text.holds(*outside), "{outside:#x}");
        }
    }

    #[test]
    fn the_first_byte_outside_is_found() {
        assert_eq!(Charset::Digits.first_outside(b"12a4"), Some(2));
        assert_eq!(Charset::Text.first_outside("AB\u{20ac}".as_bytes()), Some(2));
        assert_eq!(Charset::Text.first_outside(b"AB"), None);
    }
}
