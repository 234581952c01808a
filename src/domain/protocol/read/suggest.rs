//! "Did you mean": the nearest word of a list.

/// The word of a list that differs from `word` in the fewest letters, where that is few enough to
/// be a slip.
pub(in crate::domain::protocol) fn nearest<'w>(
    word: &str,
    list: impl Iterator<Item = &'w str>,
) -> Option<&'w str> {
    if word.chars().count() > 64 {
        return None;
    }
    let most = (word.chars().count() / 3).clamp(1, 3);
    list.map(|other| (distance(word, other), other))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// How many letters must be added, left out, changed or swapped with a neighbour (the optimal
/// string alignment distance); `-` and `_` are the same letter.
fn distance(one: &str, two: &str) -> usize {
    let letters = |word: &str| -> Vec<char> {
        word.chars().map(|letter| if letter == '_' { '-' } else { letter }).collect()
    };
    let (one, two) = (letters(one), letters(two));
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=two.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, other) in two.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut best = changed.min(last[column + 1] + 1).min(line[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == two[column - 1] && one[row - 1] == *other;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut last, line);
    }
    last[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let words = ["severity", "step", "anesthetic-on"];
        for (slip, meant) in [
            ("severty", Some("severity")),
            ("setp", Some("step")),
            ("anesthetic_on", Some("anesthetic-on")),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(nearest(slip, words.into_iter()), meant, "{slip}");
        }
    }
}
