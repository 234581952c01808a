//! The first question of a write, asked in one message with the lock: a round trip less.
//!
//! Such a message takes no parameters, so they stand in its text as literals, and all its answers
//! are text.

use std::fmt::Write as _;

use postgres::{SimpleQueryMessage, SimpleQueryRow};

use crate::store::StoreError;
use crate::store::engine::{EachRow, OwnedValue, Row, Rows, Value};

/// A question that is known before it is asked.
pub(super) struct Foreseen {
    sql: &'static str,
    params: Vec<OwnedValue>,
    answer: Option<Vec<SimpleQueryRow>>,
}

impl Foreseen {
    pub(super) fn new(sql: &'static str, params: &[Value<'_>]) -> Self {
        Self { sql, params: params.iter().map(OwnedValue::from).collect(), answer: None }
    }

    /// The question with its parameters in it.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.sql.len() + 32);
        let mut pieces = self.sql.split('?');
        text.extend(pieces.next());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let number = piece[..digits].parse::<usize>().unwrap_or_default();
            let value = self.params.get(number.wrapping_sub(1)).map(OwnedValue::value);
            literal(value.unwrap_or(Value::Null), &mut text);
            text.push_str(&piece[digits..]);
        }
        text
    }

    pub(super) fn answered(&mut self, rows: Vec<SimpleQueryRow>) {
        self.answer = Some(rows);
    }

    /// Whether it is this question.
    pub(super) fn is(&self, sql: &str, params: &[Value<'_>]) -> bool {
        let same = || self.params.iter().map(OwnedValue::value).eq(params.iter().copied());
        self.sql == sql && self.answer.is_some() && same()
    }

    /// Calls `each` with every row of the answer.
    pub(super) fn tell(self, each: &mut EachRow<'_>) -> Result<(), StoreError> {
        for row in self.answer.unwrap_or_default() {
            if each(&TextRow(&row))? == Rows::Enough {
                break;
            }
        }
        Ok(())
    }
}

/// A value as SQL text. `E'...'` reads the same whatever the server's settings are.
fn literal(value: Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Integer(number) => {
            // A String takes all that is written to it.
            let _ = write!(out, "({number})");
        }
        Value::Text(text) => {
            let text = text.replace('\\', "\\\\").replace('\'', "''");
            let _ = write!(out, "E'{text}'");
        }
        Value::Blob(bytes) => {
            out.push_str("E'\\\\x");
            bytes.iter().for_each(|byte| {
                let _ = write!(out, "{byte:02x}");
            });
            out.push_str("'::bytea");
        }
    }
}

/// The rows that each statement of a message returned.
pub(super) fn by_statement(answers: Vec<SimpleQueryMessage>) -> Vec<Vec<SimpleQueryRow>> {
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            SimpleQueryMessage::Row(row) => rows.push(row),
            SimpleQueryMessage::CommandComplete(_) => all.push(std::mem::take(&mut rows)),
            _ => {}
        }
    }
    all
}

/// A row whose cells are text.
struct TextRow<'r>(&'r SimpleQueryRow);

impl Row for TextRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        let wrong = |_| StoreError::Corrupt(format!("column {column} of an answer is no integer"));
        self.text(column)?.map(str::parse).transpose().map_err(wrong)
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.0.try_get(column).map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        Err(StoreError::Invariant(format!("column {column} was foreseen as text")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_literals_that_mean_the_same() {
        let params =
            [Value::Text(r"it's a \"), Value::Integer(-7), Value::Null, Value::Blob(&[0, 255])];
        let foreseen = Foreseen::new("SELECT ?1, ?2, ?3, ?4 WHERE ?1 = ?1", &params);
        let text = r"E'it''s a \\'";
        let said = format!(r"SELECT {text}, (-7), NULL, E'\\x00ff'::bytea WHERE {text} = {text}");
        assert_eq!(foreseen.text(), said);
    }
}
