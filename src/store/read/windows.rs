//! Ranges of positions that lie side by side, each twice as long as the one before: whoever has
//! enough early has read little more, and whoever wants all has asked seldom.
//!
//! A server sends all that a query finds, so one query for the whole ledger would cost all of it.

/// How many positions the first range has, and the longest.
const FIRST: u64 = 64;
const LONGEST: u64 = 65_536;

/// The ranges between two positions, each from one up to another.
#[derive(Debug)]
pub(super) struct Windows {
    next: u64,
    end: u64,
    length: u64,
}

impl Windows {
    /// From one position up to another.
    pub(super) fn over(from: u64, end: u64) -> Self {
        Self { next: from, end, length: FIRST }
    }

    /// From the last of so many positions down to the first.
    pub(super) fn back_from(size: u64) -> impl Iterator<Item = (u64, u64)> {
        Self::over(0, size).map(move |(from, to)| (size - to, size - from))
    }
}

impl Iterator for Windows {
    type Item = (u64, u64);
    fn next(&mut self) -> Option<(u64, u64)> {
        let from = self.next;
        let to = from.saturating_add(self.length).min(self.end);
        self.next = to;
        self.length = (self.length * 2).min(LONGEST);
        (from < to).then_some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_lie_side_by_side_and_cover_all_positions_once() {
        for (from, end) in [(0, 0), (5, 5), (7, 3), (0, 1), (3, 64), (3, 68), (0, 1_000_000)] {
            let windows: Vec<_> = Windows::over(from, end).collect();
            let mut next = from;
            for (begin, to) in &windows {
                assert!(*begin == next && to > begin && to - begin <= LONGEST);
                next = *to;
            }
            assert_eq!(next, end.max(from), "{windows:?}");
            assert!(windows.len() <= 30);
        }
    }

    #[test]
    fn windows_come_back_from_the_last_position_to_the_first() {
        for size in [0, 1, 64, 65, 200_000] {
            let mut next = size;
            for (from, to) in Windows::back_from(size) {
                assert!(to == next && from < to);
                next = from;
            }
            assert_eq!(next, 0);
        }
    }
}
