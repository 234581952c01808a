//! The tables beside the ledger, row by row against the replay.
//!
//! Both sides come in the order of the table's key, so they are merged: nothing is held twice, and
//! a row that is missing, added or different is named.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::rows;
use crate::domain::replay::{Problems, Replay};
use crate::domain::trail::hash::Hash;
use crate::store::engine::{Row, Rows};
use crate::store::{Snapshot, StoreError, sql};

/// One value of a row, as its column stores it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field<'f> {
    Null,
    Integer(i64),
    Text(Cow<'f, str>),
}

impl<'f> Field<'f> {
    pub(super) fn text(text: &'f str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn made(text: impl ToString) -> Self {
        Self::Text(Cow::Owned(text.to_string()))
    }

    pub(super) fn maybe(text: Option<&'f str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(super) fn seq(seq: u64) -> Self {
        Self::Integer(i64::try_from(seq).unwrap_or(i64::MAX))
    }

    /// How this value stands to the one in a row. A value of another type stands nowhere: it is
    /// neither the same nor in order.
    fn order(&self, row: &dyn Row, column: usize) -> Option<Ordering> {
        match self {
            Self::Null => matches!(row.text(column), Ok(None)).then_some(Ordering::Equal),
            Self::Integer(ours) => row.integer(column).ok().flatten().map(|row| ours.cmp(&row)),
            Self::Text(ours) => row.text(column).ok().flatten().map(|row| (**ours).cmp(row)),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
        }
    }
}

/// What a row holds, for a message.
fn shown(row: &dyn Row, column: usize) -> String {
    match (row.integer(column), row.text(column)) {
        (Ok(None), _) => Field::Null.shown(),
        (Ok(Some(number)), _) => Field::Integer(number).shown(),
        (_, Ok(Some(text))) => Field::text(text).shown(),
        _ => "a value of another type".to_owned(),
    }
}

/// A table: its name, its columns as the query asks for them, and which of them are the key, in the
/// order in which the query sorts.
pub(in crate::store) struct Table {
    pub(in crate::store) name: &'static str,
    pub(in crate::store) columns: &'static [&'static str],
    pub(super) key: &'static [usize],
    pub(in crate::store) sql: &'static str,
    /// Columns that hold the same in every row, and that the query leaves out.
    pub(in crate::store) fixed: &'static [(&'static str, i64)],
}

/// Every table besides the ledger and its head, each behind those that it refers to.
pub(in crate::store) fn all(replay: &Replay) -> Vec<Table> {
    let texts = Table {
        name: "protocol_text",
        columns: &["sha256", "text"],
        key: &[0],
        sql: sql!("protocol_text_list"),
        fixed: &[],
    };
    rows::tables(replay).into_iter().map(|(table, _)| table).chain([texts]).collect()
}

/// The rows that a table must have, in the order of its key.
pub(super) type Expected<'f> = Box<dyn Iterator<Item = Vec<Field<'f>>> + 'f>;

/// Compares every table with the replay.
pub(in crate::store) fn compare(
    snapshot: &mut Snapshot<'_>,
    replay: &Replay,
    problems: &mut Problems,
) -> Result<(), StoreError> {
    for (table, expected) in rows::tables(replay) {
        let read = merge(snapshot, &table, expected, problems);
        go_on(table.name, read, problems)?;
    }
    let read = protocol_texts(snapshot, replay, problems);
    go_on("protocol_text", read, problems)
}

/// A table that can't be read is a problem like others: those behind it are compared all the same.
fn go_on(
    table: &str,
    read: Result<(), StoreError>,
    problems: &mut Problems,
) -> Result<(), StoreError> {
    match read {
        Err(StoreError::Corrupt(why) | StoreError::Engine(why)) => {
            problems.add(None, format!("the table `{table}` can't be read: {why}"));
            Ok(())
        }
        other => other,
    }
}

fn merge(
    snapshot: &mut Snapshot<'_>,
    table: &Table,
    expected: Expected<'_>,
    problems: &mut Problems,
) -> Result<(), StoreError> {
    let mut expected = expected.peekable();
    snapshot.engine().query(table.sql, &[], &mut |row| {
        loop {
            let Some(ours) = expected.peek() else {
                problems.add(None, table.added(row));
                break;
            };
            match table.order(ours, row) {
                Ordering::Less => {
                    problems.add(None, table.missing(ours));
                    expected.next();
                }
                Ordering::Equal => {
                    table.compare(ours, row, problems);
                    expected.next();
                    break;
                }
                Ordering::Greater => {
                    problems.add(None, table.added(row));
                    break;
                }
            }
        }
        Ok(Rows::More)
    })?;
    expected.for_each(|ours| problems.add(None, table.missing(&ours)));
    Ok(())
}

impl Table {
    /// The names of all columns, those of the query first.
    pub(in crate::store) fn all_columns(&self) -> Vec<&'static str> {
        self.columns.iter().copied().chain(self.fixed.iter().map(|(name, _)| *name)).collect()
    }

    /// Where our row stands to the table's, by the key.
    fn order(&self, ours: &[Field<'_>], row: &dyn Row) -> Ordering {
        let orders = self.key.iter().map(|&column| ours[column].order(row, column));
        orders.fold(Ordering::Equal, |so_far, next| so_far.then(next.unwrap_or(Ordering::Greater)))
    }

    fn compare(&self, ours: &[Field<'_>], row: &dyn Row, problems: &mut Problems) {
        for (column, field) in ours.iter().enumerate() {
            if field.order(row, column) != Some(Ordering::Equal) {
                let (name, label) = (self.name, self.label(|column| ours[column].shown()));
                let (found, ours) = (shown(row, column), field.shown());
                let column = self.columns[column];
                problems.add(
                    None,
                    format!(
                        "the table `{name}` was changed: {label}: {column} is {found}; \
                         the entries make it {ours}"
                    ),
                );
            }
        }
    }

    fn missing(&self, ours: &[Field<'_>]) -> String {
        let label = self.label(|column| ours[column].shown());
        format!("the table `{}` lacks {label}, which the entries make", self.name)
    }

    fn added(&self, row: &dyn Row) -> String {
        let label = self.label(|column| shown(row, column));
        format!("the table `{}` holds {label}, which no entry makes", self.name)
    }

    /// The key with the names of its columns.
    fn label(&self, value: impl Fn(usize) -> String) -> String {
        let parts = self.key.iter().map(|&key| format!("{} {}", self.columns[key], value(key)));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// The texts are those that the entries name by their hashes, all of them and no others.
fn protocol_texts(
    snapshot: &mut Snapshot<'_>,
    replay: &Replay,
    problems: &mut Problems,
) -> Result<(), StoreError> {
    let mut missing = replay.sessions.texts.clone();
    snapshot.engine().query(sql!("protocol_text_list"), &[], &mut |row| {
        let sha256 = row.text(0)?.unwrap_or_default();
        match row.text(1) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                if Hash::of(text.as_bytes()).to_string() != sha256 {
                    problems.add(None, format!("the protocol text {sha256} was changed"));
                }
                problems.join(replay.check_afterwards(sha256, text));
            }
            Err(StoreError::Corrupt(why)) => {
                problems.add(None, format!("the protocol text {sha256} can't be read: {why}"));
            }
            Err(error) => return Err(error),
        }
        if missing.remove(sha256).is_none() {
            problems.add(None, format!("no entry names the protocol text {sha256}"));
        }
        Ok(Rows::More)
    })?;
    for (sha256, seq) in missing {
        problems.add(seq, format!("names the protocol text {sha256}, which is missing"));
    }
    Ok(())
}
