//! Names and text as they stand in SQL. Every name that is not written in the program goes through
//! here, for any may be a word of the language: `user` and `order` are good names for a book.

/// A name between its quotes.
pub(super) fn identifier(name: &str) -> String {
    between(name, '"')
}

/// A text between its quotes.
pub(super) fn literal(text: &str) -> String {
    // In an ordinary literal a server of old settings would take a backslash for an escape.
    if text.contains('\\') {
        return format!("E{}", between(&text.replace('\\', "\\\\"), '\''));
    }
    between(text, '\'')
}

/// The text between quotes of its kind; one inside is written twice.
fn between(text: &str, quote: char) -> String {
    format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_can_not_leave_its_quotes() {
        assert_eq!(identifier("order"), r#""order""#);
        assert_eq!(identifier(r#"a"; DROP TABLE x; --"#), r#""a""; DROP TABLE x; --""#);
        assert_eq!(literal("o'neil"), "'o''neil'");
        assert_eq!(literal(r"o'neil\"), r"E'o''neil\\'");
    }
}
