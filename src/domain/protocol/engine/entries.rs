//! A short list of entries. Judging a clinic's whole history makes millions of them, and most
//! hold one or two, so the first few need no memory of their own.

use std::fmt;
use std::ops::Deref;

/// How many entries are kept in place.
const FEW: usize = 4;

/// The `seq` of some entries, in the order they were noted. Reads as a slice.
#[derive(Clone)]
pub struct Entries(Store);

#[derive(Clone)]
enum Store {
    Few([u64; FEW], u8),
    Many(Vec<u64>),
}

impl Default for Entries {
    fn default() -> Self {
        Self(Store::Few([0; FEW], 0))
    }
}

impl Entries {
    /// Adds an entry at the end.
    pub(super) fn push(&mut self, seq: u64) {
        match &mut self.0 {
            Store::Many(seqs) => seqs.push(seq),
            Store::Few(seqs, count) => match seqs.get_mut(usize::from(*count)) {
                Some(place) => {
                    *place = seq;
                    *count += 1;
                }
                None => {
                    let mut many = seqs.to_vec();
                    many.push(seq);
                    self.0 = Store::Many(many);
                }
            },
        }
    }

    /// Removes all.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Deref for Entries {
    type Target = [u64];
    fn deref(&self) -> &[u64] {
        match &self.0 {
            Store::Few(seqs, count) => seqs.get(..usize::from(*count)).unwrap_or(seqs),
            Store::Many(seqs) => seqs,
        }
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = &'e u64;
    type IntoIter = std::slice::Iter<'e, u64>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<u64> for Entries {
    fn from_iter<I: IntoIterator<Item = u64>>(seqs: I) -> Self {
        let mut entries = Self::default();
        seqs.into_iter().for_each(|seq| entries.push(seq));
        entries
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order_however_long_it_grows() {
        for length in 0..10 {
            let entries: Entries = (0..length).collect();
            assert_eq!(*entries, (0..length).collect::<Vec<u64>>());
        }
        let mut entries: Entries = (0..9).collect();
        entries.clear();
        assert!(entries.is_empty());
        entries.push(7);
        assert_eq!(*entries, [7]);
    }
}
