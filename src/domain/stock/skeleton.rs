//! What a letter looks like: its skeleton (Unicode Technical Standard 39), in which letters that
//! people take for each other are one.

use unicode_normalization::UnicodeNormalization;

// `PLACES`, in the order of their letters, and `SKELETONS`, made by build.rs.
include!(concat!(env!("OUT_DIR"), "/confusable.rs"));

/// The letters of a text's skeleton. Marks on a letter stand in no certain order.
pub(super) fn skeleton(text: &str) -> impl Iterator<Item = char> {
    text.nfd().flat_map(|letter| {
        let (own, of_table) = match PLACES.binary_search_by_key(&letter, |(letter, ..)| *letter) {
            Ok(index) => {
                let (_, begin, length) = PLACES[index];
                let begin = usize::from(begin);
                (None, &SKELETONS[begin..begin + usize::from(length)])
            }
            Err(_) => (Some(letter), ""),
        };
        own.into_iter().chain(of_table.chars())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        let look = |text: &str| skeleton(text).collect::<String>();
        for (one, other) in [
            ("\u{412}1", "B1"),
            ("\u{ff14}2", "42"),
            ("O0", "0O"),
            ("e\u{301}", "\u{e9}"),
            ("\u{200b}A", "A"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        assert_ne!(look("26B1"), look("26C1"));
        assert_eq!(look("ABC-xyz 47"), "ABC-xyz 47");
    }

    #[test]
    fn every_place_is_one_of_the_text() {
        for (letter, begin, length) in PLACES {
            let begin = usize::from(begin);
            let found = SKELETONS.get(begin..begin + usize::from(length));
            assert!(found.is_some_and(|found| !found.eq(&letter.to_string())), "{letter:?}");
        }
        assert!(PLACES.is_sorted_by(|(one, ..), (two, ..)| one < two));
    }
}
