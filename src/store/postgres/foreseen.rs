//! The first question of a write, asked in one message with the lock: a round trip less.
//!
//! Such a message takes no parameters, so they stand in its text as literals, and all its answers
//! are text. From the second write on a connection, lock and question are statements with names,
//! which spares the server their planning. The names are drawn anew for each connection, so behind
//! a pooler that mixes sessions they are missing at worst; the write is then tried again without.

use postgres::{SimpleQueryMessage, SimpleQueryRow};

use super::with_dollars;
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
        let mut quoted = false;
        let mut pieces = self.sql.split(|letter| {
            quoted ^= letter == '\'';
            letter == '?' && !quoted
        });
        text.extend(pieces.next());
        for piece in pieces {
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            let number = piece[..digits].parse::<usize>().unwrap_or_default();
            let value = self.params.get(number.wrapping_sub(1)).map(OwnedValue::value);
            text.push_str(&literal(value.unwrap_or(Value::Null)));
            text.push_str(&piece[digits..]);
        }
        text
    }

    /// What gives it a name.
    fn prepare(&self, name: &str) -> String {
        let kinds = self.params.iter().map(|param| param.value().kind().name().to_owned());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        format!("PREPARE {name} ({kinds}) AS {}; ", with_dollars(self.sql))
    }

    /// The question by its name.
    fn execute(&self, name: &str) -> String {
        let params = self.params.iter().map(|param| literal(param.value()));
        format!("EXECUTE {name} ({})", params.collect::<Vec<_>>().join(", "))
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

/// The names that this connection has given, and to which question.
#[derive(Default)]
pub(super) struct Names {
    prefix: Option<u64>,
    sql: Option<&'static str>,
    has_written: bool,
}

impl Names {
    /// Forgets them: the message that used them failed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// What takes the lock, asks the `clock`, and asks ahead.
    pub(super) fn message(
        &mut self,
        lock: &str,
        clock: &str,
        ahead: Option<&Foreseen>,
        may_name: bool,
    ) -> String {
        let Some(ahead) = ahead else { return format!("{lock}; {clock}") };
        if !may_name || !std::mem::replace(&mut self.has_written, true) {
            return format!("{lock}; {clock}; {}", ahead.text());
        }
        let known = self.prefix.filter(|_| self.sql == Some(ahead.sql));
        let prefix = known.unwrap_or_else(|| fastrand::u64(..));
        (self.prefix, self.sql) = (Some(prefix), Some(ahead.sql));
        let (head, first) = (format!("lotbook_{prefix:x}_lock"), format!("lotbook_{prefix:x}"));
        let prepare = match known {
            Some(_) => String::new(),
            None => format!("PREPARE {head} AS {lock}; {}", ahead.prepare(&first)),
        };
        format!("{prepare}EXECUTE {head}; {clock}; {}", ahead.execute(&first))
    }
}

/// A value as SQL text. `E'...'` reads the same whatever the server's settings are.
fn literal(value: Value<'_>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => format!("({number})"),
        Value::Text(text) => {
            format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
        }
        Value::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("E'\\\\x{digits}'::bytea")
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
        let foreseen = Foreseen::new("SELECT ?1, ?2, ?3, ?4, '?' WHERE ?1 = ?1", &params);
        let text = r"E'it''s a \\'";
        let said =
            format!(r"SELECT {text}, (-7), NULL, E'\\x00ff'::bytea, '?' WHERE {text} = {text}");
        assert_eq!(foreseen.text(), said);
        assert!(foreseen.prepare("n").starts_with("PREPARE n (text, int8, unknown, bytea) AS SEL"));
        assert_eq!(
            foreseen.execute("n"),
            format!(r"EXECUTE n ({text}, (-7), NULL, E'\\x00ff'::bytea)")
        );
    }
}
