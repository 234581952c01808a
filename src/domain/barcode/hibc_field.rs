//! A stretch of HIBC text that knows where it stands.

/// A stretch of the text, all of it in the characters of HIBC.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Its characters.
    pub text: &'a str,
    /// The byte position of the first in the scanned text.
    pub at: usize,
}

impl<'a> Field<'a> {
    /// The first `count` characters and the rest, if there are so many.
    pub(super) fn split(self, count: usize) -> Option<(Self, Self)> {
        let (text, rest) = self.text.split_at_checked(count)?;
        Some((Self { text, at: self.at }, Self { text: rest, at: self.at + count }))
    }

    /// What follows a prefix, if it is there.
    pub(super) fn after(self, prefix: &str) -> Option<Self> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Self { text, at: self.at + prefix.len() })
    }

    /// All but the last character.
    pub(super) fn without_last(self) -> Self {
        Self { text: &self.text[..self.text.len().saturating_sub(1)], at: self.at }
    }

    /// The parts between slashes.
    pub(super) fn parts(self) -> impl Iterator<Item = Self> {
        let mut at = self.at;
        self.text.split('/').map(move |text| {
            let part = Self { text, at };
            at += text.len() + 1;
            part
        })
    }

    /// Whether it is digits, at least one.
    pub(super) fn is_digits(self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether it is digits and capital letters alone.
    pub(super) fn is_alphanumeric(self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_places() {
        let whole = Field { text: "A1/$2//", at: 3 };
        let parts: Vec<_> = whole.parts().map(|part| (part.text, part.at)).collect();
        assert_eq!(parts, [("A1", 3), ("$2", 6), ("", 9), ("", 10)]);
        let rest = whole.after("A1/").and_then(|rest| rest.after("$"));
        assert_eq!(rest.map(|rest| (rest.text, rest.at)), Some(("2//", 7)));
        assert!(whole.split(8).is_none());
    }
}
