//! The canonical line of an entry: what the inspector's CSV holds, and what is hashed.
//!
//! 29 columns in one order for ever, separated by commas, in UTF-8 (RFC 4180 without the line end,
//! which belongs to the file); an absent field is empty. Every entry has one line, and every line
//! that is read was written so: [`decode`] refuses whatever [`encode`] would not write.

use std::borrow::Cow;

use thiserror::Error;

use super::cell::{self, CellError};
use super::detail::{Detail, DetailError};
use super::escape::{EscapeError, InputError, check_value, escape, is_plain, unescape};

/// The columns, in order. What each means stands in the manual's page on the ledger.
pub const COLUMNS: [&str; 29] = [
    "seq",
    "entry_id",
    "txn",
    "recorded_at",
    "occurred_at",
    "staff",
    "role",
    "action",
    "session",
    "client",
    "product",
    "lot",
    "serial",
    "expiry",
    "container",
    "quantity",
    "unit",
    "from_place",
    "to_place",
    "protocol",
    "step",
    "area",
    "field",
    "old_value",
    "new_value",
    "reason_code",
    "reason",
    "corrects",
    "detail",
];

const DETAIL: &str = COLUMNS[COLUMNS.len() - 1];

/// The longest line, in bytes without its end: a limit for readers, far above any entry.
pub const LINE_MAX_BYTES: usize = 16 << 20;

/// The fields of one entry as [`encode`] takes them: values as said, `detail` as rendered.
pub type Fields<'a> = [Option<&'a str>; COLUMNS.len()];

/// The fields of one entry as [`decode`] finds them: values as said, `detail` as rendered.
pub type DecodedFields<'a> = [Option<Cow<'a, str>>; COLUMNS.len()];

/// Why fields are no entry, or a text is not the line of one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineError {
    /// The line ends before the last column.
    #[error("the line has {found} columns instead of {}", COLUMNS.len())]
    TooFew {
        /// How many it has.
        found: usize,
    },
    /// The line goes on behind the last column.
    #[error("the line has more than {} columns", COLUMNS.len())]
    TooMany,
    /// The line is longer than [`LINE_MAX_BYTES`].
    #[error("the line has {bytes} bytes; {LINE_MAX_BYTES} is the limit")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A field is wrong.
    #[error("column `{column}`: {problem}")]
    Field {
        /// The name of its column.
        column: &'static str,
        /// What is wrong with it.
        problem: FieldProblem,
    },
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// The text can't be a value.
    #[error("the text {0}")]
    Input(#[from] InputError),
    /// The value is not in its one escaped form.
    #[error(transparent)]
    Escape(#[from] EscapeError),
    /// The named values are not in their one rendered form.
    #[error(transparent)]
    Detail(#[from] DetailError),
    /// The field is not quoted as it must be.
    #[error(transparent)]
    Cell(#[from] CellError),
}

/// The first line of an export: the names of the columns.
pub fn header() -> String {
    COLUMNS.join(",")
}

/// Appends the canonical line of an entry, without a line end, to a buffer that the caller reuses.
///
/// # Errors
///
/// Refuses empty text, a NUL, a `detail` that [`Detail::render`] would not write, and a line longer
/// than [`LINE_MAX_BYTES`]; the buffer is then as it was.
pub fn encode(fields: &Fields<'_>, line: &mut String) -> Result<(), LineError> {
    let start = line.len();
    let written = push_fields(fields, line).and_then(|()| check_length(line.len() - start));
    if written.is_err() {
        line.truncate(start);
    }
    written
}

fn push_fields(fields: &Fields<'_>, line: &mut String) -> Result<(), LineError> {
    let [values @ .., detail] = fields;
    for (column, value) in COLUMNS.into_iter().zip(values) {
        if let Some(text) = value {
            push_value(text, line).map_err(|problem| LineError::Field { column, problem })?;
        }
        line.push(',');
    }
    if let Some(text) = detail {
        let column = DETAIL;
        check_detail(text).map_err(|problem| LineError::Field { column, problem })?;
        cell::push(text, line);
    }
    Ok(())
}

fn push_value(text: &str, line: &mut String) -> Result<(), FieldProblem> {
    if is_plain(text) && !text.is_empty() {
        line.push_str(text);
    } else {
        check_value(text)?;
        cell::push(&escape(text), line);
    }
    Ok(())
}

fn check_detail(text: &str) -> Result<(), FieldProblem> {
    if text.is_empty() {
        return Err(InputError::Empty.into());
    }
    Ok(Detail::check(text)?)
}

/// Reads a line back, given without its end.
///
/// # Errors
///
/// Refuses every line that [`encode`] would not have written for the fields it holds, and names the
/// first column that is wrong.
pub fn decode(line: &str) -> Result<DecodedFields<'_>, LineError> {
    check_length(line.len())?;
    let mut fields = [const { None }; COLUMNS.len()];
    let mut rest = Some(line);
    for (found, (column, field)) in COLUMNS.into_iter().zip(&mut fields).enumerate() {
        let text = rest.ok_or(LineError::TooFew { found })?;
        let wrong = |problem| LineError::Field { column, problem };
        let (cell, after) = cell::split(text).map_err(|error| wrong(error.into()))?;
        if !cell.is_empty() {
            *field = Some(value(column, cell).map_err(wrong)?);
        }
        rest = after;
    }
    if rest.is_some() { Err(LineError::TooMany) } else { Ok(fields) }
}

/// The value of a field that is there, from its text without quotes.
fn value<'a>(column: &str, cell: Cow<'a, str>) -> Result<Cow<'a, str>, FieldProblem> {
    if column == DETAIL {
        Detail::check(&cell)?;
        return Ok(cell);
    }
    Ok(match cell {
        Cow::Borrowed(text) => unescape(text)?,
        Cow::Owned(text) => Cow::Owned(unescape(&text)?.into_owned()),
    })
}

fn check_length(bytes: usize) -> Result<(), LineError> {
    if bytes > LINE_MAX_BYTES { Err(LineError::TooLong { bytes }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fields of which only the named ones are there.
    fn fields<'a>(values: &[(&str, &'a str)]) -> Fields<'a> {
        COLUMNS.map(|column| values.iter().find(|(name, _)| *name == column).map(|(_, text)| *text))
    }

    fn encoded(values: &[(&str, &str)]) -> Result<String, LineError> {
        let mut line = String::new();
        encode(&fields(values), &mut line).map(|()| line)
    }

    fn problem(column: &'static str, problem: impl Into<FieldProblem>) -> LineError {
        LineError::Field { column, problem: problem.into() }
    }

    #[test]
    fn the_header_never_changes() {
        assert_eq!(
            header(),
            "seq,entry_id,txn,recorded_at,occurred_at,staff,role,action,session,client,product,lot,\
             serial,expiry,container,quantity,unit,from_place,to_place,protocol,step,area,field,\
             old_value,new_value,reason_code,reason,corrects,detail"
        );
    }

    #[test]
    fn a_line_is_written_and_read_as_designed() {
        let values = [
            ("seq", "7"),
            ("staff", "anna"),
            ("lot", "A,1"),
            ("reason", "=said \"no\"; left\n"),
            ("detail", "pen=P-02; reading.depth=0.5 mm"),
        ];
        let line = encoded(&values).unwrap();
        assert_eq!(
            line,
            "7,,,,,anna,,,,,,\"A,1\",,,,,,,,,,,,,,,\"\\=said \"\"no\"\"\\u{3b} left\\n\",,\
             pen=P-02; reading.depth=0.5 mm"
        );
        let read = decode(&line).unwrap();
        assert_eq!(read.each_ref().map(|field| field.as_deref()), fields(&values));
    }

    #[test]
    fn a_buffer_is_appended_to_and_left_alone_on_failure() {
        let mut line = String::from("before ");
        encode(&fields(&[("seq", "0")]), &mut line).unwrap();
        assert_eq!(line, format!("before 0{}", ",".repeat(28)));
        let before = line.clone();
        assert!(encode(&fields(&[("seq", "0"), ("reason", "")]), &mut line).is_err());
        assert_eq!(line, before);
    }

    #[test]
    fn text_that_can_not_be_a_value_is_refused_by_column() {
        let cases = [
            (("lot", ""), problem("lot", InputError::Empty)),
            (("lot", "a\0"), problem("lot", InputError::Nul)),
            (("detail", ""), problem("detail", InputError::Empty)),
            (("detail", "x"), problem("detail", DetailError::NoValue("x".to_owned()))),
        ];
        for (value, reason) in cases {
            assert_eq!(encoded(&[value]), Err(reason));
        }
    }

    #[test]
    fn every_loose_line_is_refused_by_column() {
        let rest = ",".repeat(27);
        let cases = [
            ("\"\"", problem("seq", CellError::NeedlessQuotes)),
            ("\"a\"", problem("seq", CellError::NeedlessQuotes)),
            ("a\"b", problem("seq", CellError::StrayQuote)),
            ("\"a,b\"c", problem("seq", CellError::AfterQuote)),
            ("\"a,b", problem("seq", CellError::OpenQuote)),
            ("\"a,\"\"", problem("seq", CellError::OpenQuote)),
            ("a;", problem("seq", EscapeError::Raw { at: 1, found: ';' })),
            ("\u{feff}a", problem("seq", EscapeError::Raw { at: 0, found: '\u{feff}' })),
            ("\"=a,b\"", problem("seq", EscapeError::Formula { at: 0, found: '=' })),
        ];
        for (cell, reason) in cases {
            assert_eq!(decode(&format!("{cell},{rest}")), Err(reason), "{cell}");
        }
        assert_eq!(decode(""), Err(LineError::TooFew { found: 1 }));
        assert_eq!(decode(&rest), Err(LineError::TooFew { found: 28 }));
        assert_eq!(decode(&format!(",,{rest}")), Err(LineError::TooMany));
        let cut = EscapeError::Raw { at: 2, found: '\r' };
        let cut = DetailError::Escape { key: "a".to_owned(), reason: cut };
        assert_eq!(decode(&format!(",{rest}a=xx\r")), Err(problem("detail", cut)));
    }

    #[test]
    fn what_is_written_can_be_read_by_length() {
        let long = "x".repeat(LINE_MAX_BYTES - 28);
        let line = encoded(&[("reason", &long)]).unwrap();
        assert!(decode(&line).is_ok());
        let longer = format!("{long}x");
        let bytes = LINE_MAX_BYTES + 1;
        assert_eq!(encoded(&[("reason", &longer)]), Err(LineError::TooLong { bytes }));
        assert_eq!(decode(&format!("{line},")), Err(LineError::TooLong { bytes }));
    }
}
