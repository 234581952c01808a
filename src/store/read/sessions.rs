//! Sessions, and the protocols that they are pinned to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::entries::bound;
use super::{Snapshot, count, integer, maybe, moment, next_number, number, parsed, text};
use crate::domain::catalog::Person;
use crate::domain::fact::Fact;
use crate::domain::history::{SessionFold, StaffHistory, session_of};
use crate::domain::id::{ClientRef, PlaceName, ProtocolRef, SessionId, StaffId};
use crate::domain::session::SessionState;
use crate::domain::stock::Holds;
use crate::domain::time::Moment;
use crate::domain::trail::entry::Columns;
use crate::domain::trail::hash::Hash;
use crate::store::engine::{Row, Rows, Value};
use crate::store::{StoreError, sql};

type Read<T> = Result<T, StoreError>;

/// A session as the table of sessions holds it.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// The client's reference.
    pub client: ClientRef,
    /// The protocol it is pinned to.
    pub protocol: ProtocolRef,
    /// SHA-256 of that protocol's text.
    pub sha256: String,
    /// The areas planned, joined by `+`.
    pub area: Option<String>,
    /// The room.
    pub place: Option<PlaceName>,
    /// The serial number of the pen's handpiece.
    pub pen: Option<String>,
    /// Who started it.
    pub staff: StaffId,
    /// When it was started.
    pub started: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// How far it is.
    pub state: SessionState,
    /// Why it was stopped or voided, or finished although a rule fails.
    pub reason_code: Option<String>,
}

/// A protocol that was published in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedProtocol {
    /// Its id and version.
    pub protocol: ProtocolRef,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The entry that published it.
    pub seq: u64,
}

fn session_row(row: &dyn Row) -> Read<SessionRow> {
    let ended = match (row.integer(10)?, row.integer(11)?) {
        (Some(at), Some(offset)) => Some(moment(at, offset)?),
        _ => None,
    };
    Ok(SessionRow {
        id: SessionId::new(number(integer(row, 0)?)?),
        client: parsed(text(row, 1)?)?,
        protocol: parsed(text(row, 2)?)?,
        sha256: text(row, 3)?.to_owned(),
        area: maybe(row, 4)?,
        place: row.text(5)?.map(parsed).transpose()?,
        pen: maybe(row, 6)?,
        staff: parsed(text(row, 7)?)?,
        started: moment(integer(row, 8)?, integer(row, 9)?)?,
        ended,
        state: parsed(text(row, 12)?)?,
        reason_code: maybe(row, 13)?,
    })
}

fn protocol_row(row: &dyn Row) -> Read<PublishedProtocol> {
    Ok(PublishedProtocol {
        protocol: parsed(text(row, 0)?)?,
        sha256: text(row, 1)?.to_owned(),
        seq: count(integer(row, 2)?)?,
    })
}

impl Snapshot<'_> {
    /// The number that the next session gets.
    pub fn next_session(&mut self) -> Read<SessionId> {
        let last = self.first(sql!("session_last"), &[], |row| row.integer(0))?.flatten();
        Ok(SessionId::new(next_number(last)?))
    }

    /// One session of the table of sessions.
    pub fn session_row(&mut self, id: SessionId) -> Read<Option<SessionRow>> {
        let key = Value::Integer(i64::from(id.number()));
        self.first(sql!("session_by_number"), &[key], session_row)
    }

    /// The open sessions that somebody started.
    pub fn open_sessions(&mut self, staff: &StaffId) -> Read<Vec<SessionRow>> {
        let staff = [Value::Text(staff.as_str())];
        self.collect(sql!("session_open_of_staff"), &staff, session_row)
    }

    /// Every session, oldest first, until `each` has enough.
    pub fn each_session(
        &mut self,
        each: &mut dyn FnMut(SessionRow) -> Result<Rows, StoreError>,
    ) -> Read<()> {
        self.engine.query(sql!("session_list"), &[], &mut |row| each(session_row(row)?))
    }

    /// What staff were at each entry; only the columns that entries of staff fill are read.
    pub fn staff_history(&mut self) -> Read<StaffHistory> {
        let mut history = StaffHistory::default();
        self.engine.query(sql!("entry_of_staff"), &[bound(self.size)], &mut |row| {
            let seq = count(integer(row, 0)?)?;
            let column = |column| Ok::<_, StoreError>(row.text(column)?.map(Cow::Borrowed));
            let columns = Columns {
                field: column(2)?,
                old_value: column(3)?,
                new_value: column(4)?,
                detail: column(5)?,
                ..Columns::default()
            };
            let fact = Fact::from_columns(text(row, 1)?, &columns)
                .map_err(|error| StoreError::entry(seq, &error))?;
            history.apply(seq, &fact);
            Ok(Rows::More)
        })?;
        Ok(history)
    }

    /// A session with its events, as its entries tell it.
    pub fn session(&mut self, id: SessionId) -> Read<Option<SessionFold>> {
        let history = self.staff_history()?;
        let key = id.to_string();
        let size = bound(self.size);
        let mut fold = None;
        self.engine.query(sql!("entry_by_session"), &[Value::Text(&key), size], &mut |row| {
            let (entry, _) = super::entry_from_row(row)?;
            let fact = Fact::from_columns(&entry.action, &entry.columns)
                .map_err(|error| StoreError::entry(entry.seq, &error))?;
            match &mut fold {
                None => fold = SessionFold::start(entry.occurred_at, &fact),
                Some(fold) => {
                    let by = known_person(&history, &entry.staff, entry.seq)?;
                    fold.apply(entry.seq, entry.occurred_at, &by, &fact);
                }
            }
            Ok(Rows::More)
        })?;
        Ok(fold)
    }

    /// Every session with its events, by one scan of the ledger in seq order. Each is handed over
    /// at its last entry and then forgotten, so that only sessions under way take memory, with the
    /// holds of lots until then.
    pub fn each_session_folded(
        &mut self,
        each: &mut dyn FnMut(SessionFold, &Holds) -> Result<Rows, StoreError>,
    ) -> Read<()> {
        let mut last_entries: HashMap<SessionId, u64> = HashMap::new();
        self.engine.query(sql!("session_last_entries"), &[], &mut |row| {
            last_entries.insert(parsed(text(row, 0)?)?, count(integer(row, 1)?)?);
            Ok(Rows::More)
        })?;
        let mut history = StaffHistory::default();
        let mut holds = Holds::default();
        let mut folds: HashMap<SessionId, SessionFold> = HashMap::new();
        let bounds = [Value::Integer(0), bound(self.size)];
        self.engine.query(sql!("entry_range"), &bounds, &mut |row| {
            let (entry, _) = super::entry_from_row(row)?;
            if entry.columns.session.is_none() && !is_of_staff_or_hold(&entry.action) {
                return Ok(Rows::More);
            }
            let fact = Fact::from_columns(&entry.action, &entry.columns)
                .map_err(|error| StoreError::entry(entry.seq, &error))?;
            history.apply(entry.seq, &fact);
            holds.apply(entry.seq, &fact);
            let Some(session) = session_of(&fact) else { return Ok(Rows::More) };
            if let Some(fold) = folds.get_mut(&session) {
                let by = known_person(&history, &entry.staff, entry.seq)?;
                fold.apply(entry.seq, entry.occurred_at, &by, &fact);
            } else if let Some(fold) = SessionFold::start(entry.occurred_at, &fact) {
                folds.insert(session, fold);
            }
            if last_entries.get(&session) == Some(&entry.seq)
                && let Some(fold) = folds.remove(&session)
            {
                return each(fold, &holds);
            }
            Ok(Rows::More)
        })
    }

    /// The protocols published in the book, oldest first.
    pub fn protocols(&mut self) -> Read<Vec<PublishedProtocol>> {
        self.collect(sql!("protocol_list"), &[], protocol_row)
    }

    /// One published protocol.
    pub fn protocol(&mut self, protocol: &str) -> Read<Option<PublishedProtocol>> {
        self.first(sql!("protocol_find"), &[protocol.into()], protocol_row)
    }

    /// A protocol's text, checked by its hash.
    pub fn protocol_text(&mut self, sha256: &str) -> Read<String> {
        let found = self.first(sql!("protocol_text_read"), &[sha256.into()], |row| {
            text(row, 0).map(str::to_owned)
        })?;
        let text = found.ok_or_else(|| {
            StoreError::Corrupt(format!("the text of protocol {sha256} is missing"))
        })?;
        if Hash::of(text.as_bytes()).to_string() == sha256 {
            Ok(text)
        } else {
            Err(StoreError::Corrupt(format!("the text of protocol {sha256} was changed")))
        }
    }

    /// Keeps a protocol's text under its hash. Called before the fact that names it.
    pub fn keep_protocol_text(&mut self, text: &str) -> Read<String> {
        let sha256 = Hash::of(text.as_bytes()).to_string();
        let params = [Value::Text(&sha256), Value::Text(text)];
        self.engine.execute(sql!("protocol_text_add"), &params)?;
        Ok(sha256)
    }
}

fn known_person(history: &StaffHistory, id: &str, seq: u64) -> Read<Arc<Person>> {
    history.at(id, seq).ok_or_else(|| StoreError::Entry {
        seq,
        why: format!("it was written by {id}, whom no entry adds"),
    })
}

/// Whether entries of no session with this action say something about sessions all the same.
fn is_of_staff_or_hold(action: &str) -> bool {
    action.starts_with("staff.") || action == "lot.hold" || action == "lot.release"
}
