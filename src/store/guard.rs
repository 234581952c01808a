//! What no fact may do, whichever command brings it: checked under the write lock, right where
//! facts are written, so that no command can forget it. Entries of another book are not judged
//! again.

use super::{StoreError, Writing};
use crate::domain::fact::{Fact, Item, Reversal, Usage};
use crate::domain::id::{Lot, Serial, Sku};
use crate::domain::place::Place;
use crate::domain::refusal::Refusal;
use crate::domain::session::SessionState;
use crate::domain::session::record::{must_be_open, void};
use crate::domain::stock::{
    Numbered, can_go_back, expires_as_known, hold, keeps_its_pack, lowest_since, piece_is_there,
    release, was_there,
};
use crate::domain::time::Moment;
use crate::store::LotRow;

type Checked = Result<(), StoreError>;

impl Writing<'_> {
    /// A session ends as it may, a lot changes its status, stock arrives at a place that was
    /// named, and a use belongs to the step that its command logged.
    pub(super) fn check_course(&mut self, fact: &Fact) -> Checked {
        match fact {
            Fact::SessionFinish { within, .. } | Fact::SessionStop { within, .. } => {
                match self.session_row(within.session)? {
                    Some(row) => Ok(must_be_open(row.id, row.state, row.ended)?),
                    None => Ok(()),
                }
            }
            Fact::SessionVoid { within, because } => match self.session(within.session)? {
                Some(fold) => {
                    let at = self.moment();
                    Ok(void(&fold.session, because.clone(), at).map(drop)?)
                }
                None => Ok(()),
            },
            Fact::LotHold { product, lot, because } => match self.lot(product, lot.as_ref())? {
                Some(row) => Ok(hold(&row.state, because.clone()).map(drop)?),
                None => Ok(()),
            },
            Fact::LotRelease { product, lot, because } => match self.lot(product, lot.as_ref())? {
                Some(row) => Ok(release(&row.state, because.clone()).map(drop)?),
                None => Ok(()),
            },
            Fact::LotReceive(receipt) => self.check_place(&receipt.item.to),
            Fact::StockUse(usage) => self.check_step(usage),
            _ => Ok(()),
        }
    }

    /// Stock arrives nowhere else than where the clinic has a place; from there on a balance
    /// proves it.
    fn check_place(&mut self, place: &Place) -> Checked {
        let Place::Real(name) = place else { return Ok(()) };
        if self.place(name.as_str())?.is_some_and(|known| known == *name) {
            return Ok(());
        }
        Err(Refusal::new(format!("the book does not know the place {name}"))
            .hint("see what it knows: lotbook place list")
            .into())
    }

    /// A use repeats the step that its command logged before it.
    fn check_step(&self, usage: &Usage) -> Checked {
        if self.step() == Some(&usage.at) {
            return Ok(());
        }
        let (step, session) = (&usage.at.step, usage.at.within.session);
        let item = usage.item.product.as_str();
        Err(Refusal::new(format!("{item} can't be used in {step} of {session} by itself"))
            .why("an item is used by the step that is logged with it, in one command")
            .hint(format!("log both: lotbook session log {step} --session {session} --use {item}"))
            .into())
    }

    /// An item may not leave a place where it was not, now or at any moment since it left.
    pub(super) fn check_moves(&mut self, fact: &Fact) -> Checked {
        if let Fact::Reversal(reversal) = fact {
            self.check_not_voided(reversal)?;
        }
        let Some(item) = fact.item() else { return Ok(()) };
        if let Some(serial) = &item.serial {
            self.check_serial(fact, item, serial)?;
        }
        match fact {
            Fact::Reversal(reversal) => self.check_reversal(reversal, item),
            Fact::LotReceive(_) => self.check_expiry(item),
            _ if self.is_backdated() && item.from.keeps_balance() => {
                let at = self.moment();
                let low = self.lowest(&item.product, item.lot.as_ref(), &item.from, at, &[])?;
                Ok(was_there(item, at, low)?)
            }
            // What leaves now is taken from the balance itself, which is never negative.
            _ => Ok(()),
        }
    }

    /// The pieces of one lot have one expiry, as long as any receipt of it stands.
    fn check_expiry(&mut self, item: &Item) -> Checked {
        match self.lot(&item.product, item.lot.as_ref())?.filter(LotRow::is_received) {
            Some(known) => Ok(expires_as_known(item, &known.state)?),
            None => Ok(()),
        }
    }

    /// What was voided stays so: nothing of that session is taken back any more.
    fn check_not_voided(&mut self, reversal: &Reversal) -> Checked {
        let Some(within) = &reversal.within else { return Ok(()) };
        let (seq, session) = (reversal.corrects, within.session);
        let row = self.session_row(session)?;
        if row.is_none_or(|row| row.state != SessionState::Voided) {
            return Ok(());
        }
        Err(Refusal::new(format!("#{seq} can't be undone: {session} was voided"))
            .why("a voided session stays as it is, with all its entries")
            .hint("record in a new session what truly happened: lotbook session start")
            .into())
    }

    /// Without the original, no balance may have been negative at any moment since.
    fn check_reversal(&mut self, reversal: &Reversal, item: &Item) -> Checked {
        if !item.from.keeps_balance() {
            return Ok(());
        }
        let seq = reversal.corrects;
        let Some((at, _)) = self.written(seq)? else {
            return Err(Refusal::new(format!("there is no entry #{seq} to reverse"))
                .hint("see the newest entries: lotbook audit log")
                .into());
        };
        // From the second before, so that the order within the original's own second counts.
        let (lot, before) = (item.lot.as_ref(), at.plus_seconds(-1));
        let low = self.lowest(&item.product, lot, &item.from, before, &[seq])?;
        Ok(can_go_back(item, seq, low)?)
    }

    /// What moves under a serial number is the pack that it names, which leaves the place where it
    /// is, and arrives once. A pack whose receipt named no serial becomes known by its first move.
    fn check_serial(&mut self, fact: &Fact, item: &Item, serial: &Serial) -> Checked {
        if !matches!(fact, Fact::Reversal(_))
            && let Some(product) = self.product(item.product.as_str())?
        {
            Numbered::of(&product).moves(product.pack, item)?;
        }
        let Some(known) = self.serial(&item.product, serial)? else { return Ok(()) };
        let last = match fact {
            Fact::Reversal(_) => None,
            _ => self.last_move_of(item, serial)?,
        };
        Ok(piece_is_there(item, serial, &known, last, self.moment())?)
    }

    /// When the pack moved last, leaving out what was reversed.
    fn last_move_of(&mut self, item: &Item, serial: &Serial) -> Result<Option<Moment>, StoreError> {
        let moves = self.moves_of_serial(&item.product, item.lot.as_ref(), serial)?;
        Ok(moves.into_iter().max())
    }

    /// An edit must leave behind what can be read again; else nobody could open the book's lists.
    pub(super) fn check_edit(&mut self, fact: &Fact) -> Checked {
        if let Fact::ProductEdit { product, change, .. } = fact
            && &*change.field == "pack"
        {
            keeps_its_pack(product, change, &self.pieces(product)?)?;
        }
        let (of, known, list) = match fact {
            Fact::StaffEdit { id, .. } => {
                let person = self.person(id.as_str());
                let known = person.map(|found| found.is_some_and(|found| found.id == *id));
                (id.as_str(), known, "lotbook staff list")
            }
            Fact::ProductEdit { product, .. } | Fact::ProductRetire { product, .. } => {
                let found = self.product(product.as_str());
                let known = found.map(|found| found.is_some_and(|found| found.sku == *product));
                (product.as_str(), known, "lotbook product list")
            }
            _ => return Ok(()),
        };
        match known {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::new(format!("the book does not know {of}"))
                .hint(format!("see what it knows: {list}"))
                .into()),
            Err(StoreError::Corrupt(why)) => Err(Refusal::new(format!("{of} can't be changed so"))
                .why(why)
                .hint("say it otherwise, in printed letters and digits")
                .into()),
            Err(other) => Err(other),
        }
    }

    /// The least that one lot in one place holds from a moment until now, as if the entries
    /// `without` had never been.
    pub fn lowest(
        &mut self,
        product: &Sku,
        lot: Option<&Lot>,
        place: &Place,
        since: Moment,
        without: &[u64],
    ) -> Result<i64, StoreError> {
        let mut moves = self.moves(product, lot, place)?;
        moves.retain(|change| !without.contains(&change.seq));
        let balance = moves.iter().map(|change| change.parts).sum();
        Ok(lowest_since(balance, &mut moves, since))
    }
}
