//! What is wrong with a ledger, the first of it by name.

use std::fmt;

/// One thing that doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The entry it was found at; none where it is about the book as a whole.
    pub seq: Option<u64>,
    /// What is wrong, in a sentence without its full stop.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(out, "entry {seq}: {}", self.what),
            None => out.write_str(&self.what),
        }
    }
}

/// Problems in the order in which they were found. One damaged entry can be felt in every later
/// one, so only the first are kept and the rest counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    more: u64,
}

/// How many problems are told one by one.
pub const PROBLEMS_MAX: usize = 20;

impl Problems {
    /// Takes in one more.
    pub fn add(&mut self, seq: impl Into<Option<u64>>, what: impl Into<String>) {
        if self.kept.len() < PROBLEMS_MAX {
            self.kept.push(Problem { seq: seq.into(), what: what.into() });
        } else {
            self.more += 1;
        }
    }

    /// Takes in what another check of the same entries found, and puts all in the order of their
    /// entries, those about the book as a whole behind.
    pub fn join(&mut self, other: Self) {
        self.kept.extend(other.kept);
        self.kept.sort_by_key(|problem| (problem.seq.is_none(), problem.seq));
        let beyond = self.kept.len().saturating_sub(PROBLEMS_MAX);
        self.kept.truncate(PROBLEMS_MAX);
        self.more += other.more + beyond as u64;
    }

    /// The first ones.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.kept.iter()
    }

    /// How many there are beyond the first ones.
    pub fn more(&self) -> u64 {
        self.more
    }

    /// True where everything holds.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The first entry that something is wrong with.
    pub fn first_bad_entry(&self) -> Option<u64> {
        self.kept.iter().filter_map(|problem| problem.seq).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_problems_are_told_and_the_rest_counted() {
        let mut problems = Problems::default();
        assert!(problems.is_empty());
        problems.add(None, "the head is gone");
        (5..40).for_each(|seq| problems.add(seq, "bad"));
        assert_eq!(problems.iter().len(), PROBLEMS_MAX);
        assert_eq!(problems.more(), 16);
        assert_eq!(problems.first_bad_entry(), Some(5));
        let mut others = Problems::default();
        others.add(2, "worse");
        problems.join(others);
        assert_eq!((problems.iter().len(), problems.more()), (PROBLEMS_MAX, 17));
        assert_eq!(problems.first_bad_entry(), Some(2));
        let texts: Vec<String> = problems.iter().take(2).map(ToString::to_string).collect();
        assert_eq!(texts, ["entry 2: worse", "entry 5: bad"]);
    }
}
