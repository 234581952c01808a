//! How a text that somebody typed stands in a message: short, and with nothing that doesn't print.

/// The most characters of it; whoever typed more knows how it goes on.
const SHOWN_MAX: usize = 60;

/// The beginning of a text, with escapes for what can't be seen.
pub fn shown(text: &str) -> String {
    text.chars().take(SHOWN_MAX).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_text_is_shown_short_and_visible() {
        assert_eq!(shown("24C\u{1d}0110"), "24C\\u{1d}0110");
        assert_eq!(shown(&"ä".repeat(100)), "ä".repeat(60));
    }
}
