//! Byte positions in foreign text that do not cut a character in two.

/// Finds the boundary of a character next to a byte position.
pub(super) trait Boundary {
    /// The last boundary at or before `at`.
    fn floor_boundary(&self, at: usize) -> usize;
    /// The first boundary at or after `at`, at most the text's length.
    fn ceil_boundary(&self, at: usize) -> usize;
}

impl Boundary for str {
    fn floor_boundary(&self, at: usize) -> usize {
        (0..=at.min(self.len())).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0)
    }

    fn ceil_boundary(&self, at: usize) -> usize {
        (at..self.len()).find(|at| self.is_char_boundary(*at)).unwrap_or(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_inside_a_character_are_moved_out_of_it() {
        let text = "a\u{20ac}b";
        let moved = |at| (text.floor_boundary(at), text.ceil_boundary(at));
        assert_eq!([0, 1, 2, 3, 4, 5].map(moved), [(0, 0), (1, 1), (1, 4), (1, 4), (4, 4), (5, 5)]);
        assert_eq!(moved(9), (5, 5));
    }
}
