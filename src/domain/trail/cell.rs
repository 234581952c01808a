//! One cell of a CSV line (RFC 4180): in quotes only if it holds a comma or a quote, which is
//! doubled. Line ends never come here; the escape has removed them.

use std::borrow::Cow;

use thiserror::Error;

/// Why a text doesn't begin with a cell as it is written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CellError {
    /// The opening quote has no closing one.
    #[error("the closing quote is missing")]
    OpenQuote,
    /// Something other than a comma follows the closing quote.
    #[error("text follows the closing quote")]
    AfterQuote,
    /// A quote stands in a cell that doesn't begin with one.
    #[error("a quote stands inside a field that is not quoted")]
    StrayQuote,
    /// The cell is quoted but holds neither comma nor quote.
    #[error("the field is quoted without need")]
    NeedlessQuotes,
}

/// Appends a cell, quoted where it must be.
pub(super) fn push(text: &str, line: &mut String) {
    if !needs_quotes(text) {
        line.push_str(text);
        return;
    }
    line.push('"');
    for (index, piece) in text.split('"').enumerate() {
        if index > 0 {
            line.push_str("\"\"");
        }
        line.push_str(piece);
    }
    line.push('"');
}

/// The first cell of a text, without its quotes, and the text behind the comma that ends it.
pub(super) type Split<'a> = (Cow<'a, str>, Option<&'a str>);

/// Takes the first cell off a text.
pub(super) fn split(text: &str) -> Result<Split<'_>, CellError> {
    if let Some(body) = text.strip_prefix('"') {
        return split_quoted(body);
    }
    match text.bytes().position(|byte| byte == b',' || byte == b'"') {
        None => Ok((text.into(), None)),
        Some(end) if text.as_bytes()[end] == b'"' => Err(CellError::StrayQuote),
        Some(end) => Ok((text[..end].into(), Some(&text[end + 1..]))),
    }
}

/// Splits behind an opening quote. A doubled quote stands for one; a single one closes.
fn split_quoted(body: &str) -> Result<Split<'_>, CellError> {
    let mut end = 0;
    let after = loop {
        end += body[end..].find('"').ok_or(CellError::OpenQuote)?;
        let after = &body[end + 1..];
        if !after.starts_with('"') {
            break after;
        }
        end += 2;
    };
    let cell = &body[..end];
    if !needs_quotes(cell) {
        return Err(CellError::NeedlessQuotes);
    }
    let after = match after.strip_prefix(',') {
        None if after.is_empty() => None,
        None => return Err(CellError::AfterQuote),
        after => after,
    };
    let cell = if cell.contains('"') { cell.replace("\"\"", "\"").into() } else { cell.into() };
    Ok((cell, after))
}

fn needs_quotes(text: &str) -> bool {
    text.bytes().fold(false, |any, byte| any | (byte == b',') | (byte == b'"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pushed(text: &str) -> String {
        let mut line = String::new();
        push(text, &mut line);
        line
    }

    #[test]
    fn quotes_stand_only_where_they_must() {
        let cases =
            [("", ""), ("a b", "a b"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), (",", "\",\"")];
        for (text, cell) in cases {
            assert_eq!(pushed(text), cell);
            assert_eq!(split(cell), Ok((text.into(), None)));
            assert_eq!(split(&format!("{cell},")), Ok((text.into(), Some(""))));
            assert_eq!(split(&format!("{cell},x,")), Ok((text.into(), Some("x,"))));
        }
    }

    #[test]
    fn loose_quotes_are_refused() {
        let cases = [
            ("\"\"", CellError::NeedlessQuotes),
            ("\"a\",b", CellError::NeedlessQuotes),
            ("a\"b", CellError::StrayQuote),
            ("a\",b", CellError::StrayQuote),
            ("\"a,b\"c", CellError::AfterQuote),
            ("\"", CellError::OpenQuote),
            ("\"a,b", CellError::OpenQuote),
            ("\"a,\"\"", CellError::OpenQuote),
        ];
        for (text, reason) in cases {
            assert_eq!(split(text), Err(reason), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_split_is_pushed_the_same(text in "[a,\"é]{0,9}") {
            if let Ok((cell, after)) = split(&text) {
                let after = after.map(|after| format!(",{after}")).unwrap_or_default();
                prop_assert_eq!(pushed(&cell) + &after, text);
            }
        }
    }
}
