//! Where a lot went: its entries in the columns that a trace shows, which are half of all.

use super::entries::bound;
use super::lots::lot_value;
use super::{Snapshot, count, damaged_time, integer, moment, parsed, text};
use crate::domain::fact::Action;
use crate::domain::session::ItemStatus;
use crate::domain::stock::LotState;
use crate::domain::time::{Day, Instant, Moment};
use crate::domain::trail::detail::Detail;
use crate::domain::trail::lag::Lag;
use crate::store::engine::{Row, Rows};
use crate::store::{StoreError, sql};

/// An entry of a lot. Texts are as the ledger holds them; nothing is copied.
#[derive(Debug)]
pub struct LotEntry<'r> {
    /// Its position.
    pub seq: u64,
    /// When it happened.
    pub at: Moment,
    /// How late it was written.
    pub lag: Lag,
    /// Who did it.
    pub staff: &'r str,
    /// What was done.
    pub action: Action,
    /// The session.
    pub session: Option<&'r str>,
    /// The client's reference.
    pub client: Option<&'r str>,
    /// The serial number.
    pub serial: Option<&'r str>,
    /// The container.
    pub container: Option<&'r str>,
    /// How much moved, in smallest parts.
    pub parts: Option<i64>,
    /// From where.
    pub from: Option<&'r str>,
    /// To where.
    pub to: Option<&'r str>,
    /// The step of the session.
    pub step: Option<&'r str>,
    /// The areas, joined by `+`.
    pub area: Option<&'r str>,
    /// Why, as a code.
    pub reason_code: Option<&'r str>,
    /// Why, in words.
    pub reason: Option<&'r str>,
    /// The entry that it reverses.
    pub reverses: Option<u64>,
    /// The entry that reverses it.
    pub reversed_by: Option<u64>,
    detail: Option<&'r str>,
}

impl<'r> LotEntry<'r> {
    fn of(row: &'r dyn Row) -> Result<Self, StoreError> {
        let at = moment(integer(row, 1)?, integer(row, 2)?)?;
        let recorded = Instant::from_millis(integer(row, 19)?).map_err(damaged_time)?;
        Ok(Self {
            seq: count(integer(row, 0)?)?,
            at,
            lag: Lag::between(at, recorded),
            staff: text(row, 3)?,
            action: parsed(text(row, 4)?)?,
            session: row.text(5)?,
            client: row.text(6)?,
            serial: row.text(7)?,
            container: row.text(8)?,
            parts: row.integer(9)?,
            from: row.text(10)?,
            to: row.text(11)?,
            step: row.text(12)?,
            area: row.text(13)?,
            reason_code: row.text(14)?,
            reason: row.text(15)?,
            reverses: row.integer(16)?.map(count).transpose()?,
            reversed_by: row.integer(18)?.map(count).transpose()?,
            detail: row.text(17)?,
        })
    }

    /// Of a receipt: who sent it, and the number of the delivery note.
    pub fn delivery(&self) -> Result<(Option<String>, Option<String>), StoreError> {
        if self.action != Action::LotReceive {
            return Ok((None, None));
        }
        let detail = self.detail()?;
        let text = |key| detail.get(key).map(str::to_owned);
        Ok((text("supplier"), text("document")))
    }

    /// Of an opening: the last day on which the container may be used.
    pub fn discard_by(&self) -> Result<Option<Day>, StoreError> {
        match self.action {
            Action::ContainerOpen => self.detail()?.get("discard_by").map(parsed).transpose(),
            _ => Ok(None),
        }
    }

    /// Of a use: what the item was like when it was recorded.
    pub fn status(&self) -> Result<Option<ItemStatus>, StoreError> {
        match self.action {
            Action::StockUse => self.detail()?.get("status").map(parsed).transpose(),
            _ => Ok(None),
        }
    }

    fn detail(&self) -> Result<Detail<'_>, StoreError> {
        Detail::parse(self.detail.unwrap_or_default())
            .map_err(|error| StoreError::Entry { seq: self.seq, why: error.to_string() })
    }
}

impl Snapshot<'_> {
    /// The entries of a lot, all or those of one action, oldest first, until `each` has enough.
    pub fn entries_of_lot(
        &mut self,
        lot: &LotState,
        action: Option<Action>,
        each: &mut dyn FnMut(&LotEntry<'_>) -> Result<Rows, StoreError>,
    ) -> Result<(), StoreError> {
        let params = [
            lot.product.as_str().into(),
            lot_value(lot.lot.as_ref()).into(),
            bound(self.size),
            action.map(Action::as_str).into(),
        ];
        self.engine.query(sql!("trace_by_lot"), &params, &mut |row| each(&LotEntry::of(row)?))
    }

    /// In how many sessions a lot was used, without the uses that were reversed.
    pub fn sessions_that_used(&mut self, lot: &LotState) -> Result<u64, StoreError> {
        let params = [lot.product.as_str().into(), lot_value(lot.lot.as_ref()).into()];
        let sessions = self.first(sql!("lot_session_count"), &params, |row| integer(row, 0))?;
        count(sessions.unwrap_or(0))
    }
}
