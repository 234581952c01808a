//! What the entries before allow the next one: whether a session still takes it, whether a lot's
//! status can change so, and whether its places were named.

use std::collections::BTreeMap;

use super::{Problems, Replay, Verdict};
use crate::domain::fact::Fact;
use crate::domain::history::session_of;
use crate::domain::id::{SessionId, StepId};
use crate::domain::place::Place;
use crate::domain::protocol::{self, Protocol};
use crate::domain::session::SessionState;
use crate::domain::stock::LotStatus;
use crate::domain::trail::entry::Entry;

/// Steps that were logged after the end of their session, by the SHA-256 of its protocol's text,
/// each with the first entry that did so: the text says whether they may be.
pub type Afterwards = BTreeMap<Box<str>, BTreeMap<StepId, u64>>;

impl Replay {
    /// Judges an entry by what stands before it.
    pub(super) fn check_course(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        self.check_began(entry, fact)?;
        match fact {
            Fact::SessionStart { place: Some(place), .. } => self.catalog.place(place),
            Fact::SessionStep { at, .. } => self.check_logged(entry, at.within.session, &at.step),
            Fact::SessionFinish { within, .. } | Fact::SessionStop { within, .. } => {
                self.check_end(fact, within.session)
            }
            Fact::SessionVoid { within, .. } => self.check_void(within.session),
            Fact::StockWaste { session: Some((session, _)), .. } => self.check_not_voided(*session),
            Fact::LotHold { product, lot, .. } => {
                let status = self.stock.status_of(product, lot.as_ref());
                status_is(fact, status, LotStatus::Released)
            }
            Fact::LotRelease { product, lot, .. } => {
                let status = self.stock.status_of(product, lot.as_ref());
                status_is(fact, status, LotStatus::Held)
            }
            _ => Ok(()),
        }
    }

    /// Nothing is done in a session, nor thrown away for it, before it begins; a session that never
    /// happened may have been voided at any time.
    fn check_began(&self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        let session = match fact {
            Fact::SessionStart { .. } | Fact::SessionVoid { .. } => None,
            fact => session_of(fact),
        };
        let row = session.and_then(|session| self.sessions.sessions.get(&session.number()));
        match (session, row) {
            (Some(session), Some(row)) if entry.occurred_at < row.started => Err(format!(
                "happened at {}, before {session} began at {}",
                entry.occurred_at, row.started
            )),
            _ => Ok(()),
        }
    }

    /// Places that stock comes from or goes to were named before.
    pub(super) fn check_places(&mut self, fact: &Fact) -> Verdict {
        let Some(item) = fact.item() else { return Ok(()) };
        [&item.from, &item.to].into_iter().try_for_each(|place| match place {
            Place::Real(name) => self.catalog.place(name),
            _ => Ok(()),
        })
    }

    /// After its end a session takes what was done before it, and the steps of the follow-up.
    fn check_logged(&mut self, entry: &Entry<'_>, session: SessionId, step: &StepId) -> Verdict {
        self.check_not_voided(session)?;
        let Some(row) = self.sessions.sessions.get(&session.number()) else { return Ok(()) };
        if row.ended.is_none_or(|ended| entry.occurred_at <= ended) {
            return Ok(());
        }
        let sha256 = &row.sha256;
        if !self.afterwards.contains_key(sha256) {
            self.afterwards.insert(sha256.clone(), BTreeMap::new());
        }
        if let Some(steps) = self.afterwards.get_mut(sha256)
            && !steps.contains_key(step)
        {
            steps.insert(step.clone(), entry.seq);
        }
        Ok(())
    }

    fn check_not_voided(&self, session: SessionId) -> Verdict {
        match self.state_of(session) {
            Some(SessionState::Voided) => Err(format!("belongs to {session}, which was voided")),
            _ => Ok(()),
        }
    }

    fn check_end(&self, fact: &Fact, session: SessionId) -> Verdict {
        match self.state_of(session) {
            None | Some(SessionState::Open) => Ok(()),
            Some(state) => {
                Err(format!("is `{}` of {session}, which is {state}, not open", fact.action()))
            }
        }
    }

    fn check_void(&self, session: SessionId) -> Verdict {
        self.check_not_voided(session)?;
        let row = self.sessions.sessions.get(&session.number());
        match row.map_or(0, |row| row.uses) {
            0 => Ok(()),
            1 => Err(format!("voids {session}, of which 1 use was not reversed")),
            uses => Err(format!("voids {session}, of which {uses} uses were not reversed")),
        }
    }

    fn state_of(&self, session: SessionId) -> Option<SessionState> {
        self.sessions.sessions.get(&session.number()).map(|row| row.state)
    }

    /// Judges by a protocol's text what was logged after the end of its sessions.
    #[must_use]
    pub fn check_afterwards(&self, sha256: &str, text: &str) -> Problems {
        let mut problems = Problems::default();
        let Some(steps) = self.afterwards.get(sha256) else { return problems };
        let (protocol, _) = protocol::parse(text);
        for (step, seq) in steps {
            let why = match &protocol {
                Some(protocol) if is_follow_up(protocol, step) => continue,
                Some(protocol) => format!("no step of the follow-up of {}", protocol.reference),
                None => "its protocol can't be read by this program".to_owned(),
            };
            problems.add(*seq, format!("logs {step} after the end of its session: {why}"));
        }
        problems
    }
}

fn is_follow_up(protocol: &Protocol, step: &StepId) -> bool {
    protocol.step_no(step).is_some_and(|number| protocol.step(number).is_follow_up())
}

fn status_is(fact: &Fact, status: Option<LotStatus>, due: LotStatus) -> Verdict {
    match status {
        Some(status) if status != due => {
            Err(format!("is `{}` of a lot that is {status}, not {due}", fact.action()))
        }
        _ => Ok(()),
    }
}
