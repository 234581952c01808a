//! Sessions and the protocols that they are pinned to, replayed.

use std::collections::{BTreeMap, HashMap};

use super::Verdict;
use crate::domain::fact::{Fact, InSession};
use crate::domain::id::{ClientRef, ProtocolRef, SessionId};
use crate::domain::session::SessionState;
use crate::domain::time::Moment;
use crate::domain::trail::entry::Entry;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The client's reference.
    pub client: ClientRef,
    /// The protocol it is pinned to.
    pub protocol: ProtocolRef,
    /// SHA-256 of that protocol's text.
    pub sha256: Box<str>,
    /// The areas planned, joined by `+`.
    pub area: Option<Box<str>>,
    /// The room.
    pub place: Option<Box<str>>,
    /// The serial number of the pen's handpiece.
    pub pen: Option<Box<str>>,
    /// Who started it.
    pub staff: Box<str>,
    /// When it was started.
    pub started: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// How far it is.
    pub state: SessionState,
    /// Why it was stopped or voided, or finished although a rule fails.
    pub reason_code: Option<Box<str>>,
    /// How many of its uses stand.
    pub(super) uses: u64,
}

/// Sessions by number, and protocols.
#[derive(Debug, Default)]
pub struct Sessions {
    /// By number.
    pub sessions: HashMap<u32, SessionRow>,
    /// By id and version: the SHA-256 of the text, and the entry that published it.
    pub protocols: BTreeMap<String, (Box<str>, u64)>,
    /// Every SHA-256 that an entry names, with the first that does.
    pub texts: BTreeMap<Box<str>, u64>,
}

impl Sessions {
    /// `protocol.publish`.
    pub(super) fn publish(
        &mut self,
        seq: u64,
        protocol: &ProtocolRef,
        sha256: &str,
        parent: Option<&(Box<str>, Box<str>)>,
    ) -> Verdict {
        self.name_text(seq, sha256);
        if let Some((_, sha256)) = parent {
            self.name_text(seq, sha256);
        }
        match self.protocols.insert(protocol.to_string(), (sha256.into(), seq)) {
            None => Ok(()),
            Some(_) => Err(format!("publishes {protocol} a second time")),
        }
    }

    fn name_text(&mut self, seq: u64, sha256: &str) {
        if !self.texts.contains_key(sha256) {
            self.texts.insert(sha256.into(), seq);
        }
    }

    /// `session.start`.
    pub(super) fn start(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        let Fact::SessionStart { within, pen, place, sha256, .. } = fact else { return Ok(()) };
        let row = SessionRow {
            client: within.client.clone(),
            protocol: within.protocol.clone(),
            sha256: sha256.clone(),
            area: entry.columns.area.as_deref().map(Into::into),
            place: place.as_ref().map(|place| place.as_str().into()),
            pen: pen.clone(),
            staff: (&*entry.staff).into(),
            started: entry.occurred_at,
            ended: None,
            state: SessionState::Open,
            reason_code: None,
            uses: 0,
        };
        if self.sessions.insert(within.session.number(), row).is_some() {
            return Err(format!("starts {} a second time", within.session));
        }
        self.name_text(entry.seq, sha256);
        let protocol = &within.protocol;
        match self.protocols.get(&protocol.to_string()) {
            None => Err(format!("follows {protocol}, which no entry before it publishes")),
            Some((published, _)) if published != sha256 => {
                Err(format!("follows another text than the published one of {protocol}"))
            }
            Some(_) => Ok(()),
        }
    }

    /// `session.finish`, `.stop` and `.void`.
    pub(super) fn end(
        &mut self,
        at: Moment,
        within: &InSession,
        state: SessionState,
        reason_code: Option<&str>,
    ) -> Verdict {
        let row = self.row(within.session, &within.client, Some(&within.protocol))?;
        row.state = state;
        row.ended = Some(at);
        row.reason_code = reason_code.map(Into::into);
        match row.started {
            started if at < started => {
                Err(format!("ends {} at {at}, before it began at {started}", within.session))
            }
            _ => Ok(()),
        }
    }

    /// The reversal of an end.
    pub(super) fn reopen(&mut self, session: SessionId) -> Verdict {
        let row = self.sessions.get_mut(&session.number());
        let row = row.ok_or_else(|| unknown(session))?;
        row.state = SessionState::Open;
        row.ended = None;
        row.reason_code = None;
        Ok(())
    }

    /// One use of a session more stands, or one less.
    pub(super) fn count_uses(&mut self, session: SessionId, change: impl FnOnce(u64) -> u64) {
        if let Some(row) = self.sessions.get_mut(&session.number()) {
            row.uses = change(row.uses);
        }
    }

    /// The session that an entry names, which must be that client's under that protocol.
    pub(super) fn row(
        &mut self,
        session: SessionId,
        client: &ClientRef,
        protocol: Option<&ProtocolRef>,
    ) -> Result<&mut SessionRow, String> {
        let row = self.sessions.get_mut(&session.number()).ok_or_else(|| unknown(session))?;
        if row.client != *client {
            return Err(format!("names {client} in {session}, a session of {}", row.client));
        }
        if protocol.is_some_and(|protocol| row.protocol != *protocol) {
            return Err(format!("names another protocol than {session} follows: {}", row.protocol));
        }
        Ok(row)
    }
}

fn unknown(session: SessionId) -> String {
    format!("names {session}, which no entry before it starts")
}
