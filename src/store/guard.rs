//! What no fact may do, whichever command brings it: checked under the write lock, right where
//! facts are written, so that no command can forget it. Entries of another book are not judged
//! again.

use super::{StoreError, Writing};
use crate::domain::fact::{Fact, Item, Reversal};
use crate::domain::id::{Lot, Serial, Sku};
use crate::domain::place::Place;
use crate::domain::quantity::show_parts;
use crate::domain::refusal::Refusal;
use crate::domain::session::SessionState;
use crate::domain::shell::quote;
use crate::domain::stock::{item_text, lowest_since};
use crate::domain::time::{Expiry, Moment};

type Checked = Result<(), StoreError>;

impl Writing<'_> {
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
                if low < item.quantity.parts() {
                    return Err(too_late(item, low, at).into());
                }
                Ok(())
            }
            // What leaves now is taken from the balance itself, which is never negative.
            _ => Ok(()),
        }
    }

    /// The pieces of one lot have one expiry, as long as any receipt of it stands.
    fn check_expiry(&mut self, item: &Item) -> Checked {
        let known = self.lot(&item.product, item.lot.as_ref())?.filter(|lot| lot.receipts > 0);
        let Some(known) = known.filter(|known| known.state.expiry != item.expiry) else {
            return Ok(());
        };
        let name = item_text(&item.product, item.lot.as_ref());
        let day = |expiry: Expiry| expiry.0.map_or("never".to_owned(), |day| day.to_string());
        let (ours, theirs) = (day(item.expiry), day(known.state.expiry));
        let first = known.state.first_seq;
        Err(Refusal::new(format!("{name} expires {theirs} in the book, not {ours}"))
            .why("all of one lot expires on one day")
            .hint(format!("if #{first} is wrong: lotbook undo {first} --reason wrong-item"))
            .into())
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
        if low >= 0 {
            return Ok(());
        }
        let (name, unit) = (item_text(&item.product, lot), item.quantity.unit());
        let first = match &item.from {
            Place::Container(container) => format!("what came from {container}"),
            _ => "the later entries".to_owned(),
        };
        Err(Refusal::new(format!(
            "#{seq} can't be undone: {} {unit} of {name} in {} are gone since",
            show_parts(-low, unit),
            item.from.in_words()
        ))
        .why("without it the balance would have been negative")
        .hint(format!("undo {first} first: lotbook trace lot {}", quote(&name)))
        .into())
    }

    /// A piece with a serial number leaves the place where it is, and arrives once. A piece whose
    /// receipt named no serial becomes known by its first move.
    fn check_serial(&mut self, fact: &Fact, item: &Item, serial: &Serial) -> Checked {
        let Some((lot, place)) = self.serial(&item.product, serial)? else { return Ok(()) };
        let sku = &item.product;
        let known = format!("{} in {place}", item_text(sku, lot.as_ref()));
        let asked = format!("{} in {}", item_text(sku, item.lot.as_ref()), item.from);
        let refuse = |why: String| -> Checked {
            Err(Refusal::new(format!("serial {serial} is {known}, not {asked}"))
                .why(why)
                .hint(format!(
                    "see its history: lotbook audit log --product {sku} --serial {}",
                    quote(serial.as_str())
                ))
                .into())
        };
        if place != item.from || lot != item.lot {
            let why = "a serial number names one piece, of one lot and in one place";
            return refuse(why.to_owned());
        }
        let last = match fact {
            Fact::Reversal(_) => None,
            _ => self.last_move_of(item, serial)?,
        };
        match last.filter(|last| *last > self.moment()) {
            Some(last) => refuse(format!("it got there at {} only", last.short())),
            None => Ok(()),
        }
    }

    /// When the piece moved last, leaving out what was reversed.
    fn last_move_of(&mut self, item: &Item, serial: &Serial) -> Result<Option<Moment>, StoreError> {
        let moves = self.moves_of_serial(&item.product, item.lot.as_ref(), serial)?;
        Ok(moves.into_iter().max())
    }

    /// An edit must leave behind what can be read again; else nobody could open the book's lists.
    pub(super) fn check_edit(&mut self, fact: &Fact) -> Checked {
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

fn too_late(item: &Item, low: i64, at: Moment) -> Refusal {
    let unit = item.quantity.unit();
    let name = item_text(&item.product, item.lot.as_ref());
    Refusal::new(format!(
        "{} of {name} can't have left {} at {}",
        item.quantity,
        item.from,
        at.short()
    ))
    .why(format!(
        "between then and now only {} {unit} was there at its lowest",
        show_parts(low.max(0), unit)
    ))
    .hint(format!("see what moved: lotbook trace lot {}", quote(&name)))
}
