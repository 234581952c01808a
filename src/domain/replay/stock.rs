//! Where every lot, serial number and container is, replayed.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::Verdict;
use crate::domain::fact::Item;
use crate::domain::id::{ContainerId, Lot, Sku};
use crate::domain::place::Place;
use crate::domain::quantity::show_parts;
use crate::domain::stock::{LotStatus, item_text};
use crate::domain::time::{Day, Moment};
use crate::domain::trail::entry::Entry;

/// What the `lot` column holds for stock without a lot.
const NO_LOT: &str = "none";

/// A lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRow {
    /// The label's last day, as the first receipt that stands said it.
    pub expiry: Option<Day>,
    /// Whether it may be used.
    pub status: LotStatus,
    /// The entry that gave it this status.
    pub status_seq: Option<u64>,
    /// The entry of its first receipt that stands; where none does, of the one that stood last.
    pub first_seq: u64,
    /// The entries of the receipts that stand.
    pub receipts: Vec<u64>,
    /// Every status it was given, with when that happened.
    statuses: Vec<(Moment, LotStatus)>,
}

impl LotRow {
    /// The status that the entries so far give it for a moment.
    pub(super) fn status_at(&self, at: Moment) -> LotStatus {
        let before = |(given, _): &&(Moment, LotStatus)| given.instant() <= at.instant();
        let last = self.statuses.iter().rev().find(before);
        last.map_or(LotStatus::Released, |(_, status)| *status)
    }
}

/// An opened container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerRow {
    /// Its product.
    pub product: Sku,
    /// Its lot.
    pub lot: Box<str>,
    /// The entry that opened it.
    pub opened_seq: u64,
    /// When it was opened.
    pub opened_at: Moment,
    /// The last day on which it may be used.
    pub discard_by: Option<Day>,
    /// Whether the opening was reversed.
    pub undone: bool,
}

/// A serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialRow {
    /// Its lot.
    pub lot: Box<str>,
    /// Where it is, or went.
    pub place: Place,
    /// The entry that made it known.
    pub known_seq: u64,
}

/// Lots, balances, serial numbers and containers. Keys are names joined by NUL, which none of them
/// holds: so they sort as the tables do, name by name.
#[derive(Debug, Default)]
pub struct Stock {
    /// By product and lot.
    pub lots: HashMap<Box<str>, LotRow>,
    /// Smallest parts, by product, lot and place; more than zero.
    pub balances: HashMap<Box<str>, i64>,
    /// By product and serial number.
    pub serials: HashMap<Box<str>, SerialRow>,
    /// By number.
    pub containers: HashMap<u32, ContainerRow>,
    key: String,
}

impl Stock {
    /// A delivery.
    pub(super) fn receive(&mut self, seq: u64, item: &Item) -> Verdict {
        let key = lot_key(&mut self.key, &item.product, item.lot.as_ref());
        let lot = match self.lots.get_mut(key) {
            Some(lot) => lot,
            None => {
                let fresh = LotRow {
                    expiry: None,
                    status: LotStatus::Released,
                    status_seq: None,
                    first_seq: seq,
                    receipts: Vec::new(),
                    statuses: Vec::new(),
                };
                self.lots.entry(key.into()).or_insert(fresh)
            }
        };
        if lot.receipts.is_empty() {
            lot.first_seq = seq;
            lot.expiry = item.expiry.0;
        }
        let same_expiry = lot.expiry == item.expiry.0;
        lot.receipts.push(seq);
        self.move_serial(seq, item)?;
        self.balances(item)?;
        if same_expiry {
            return Ok(());
        }
        let lot = item_text(&item.product, item.lot.as_ref());
        Err(format!("receives {lot} with another expiry than the receipt before it"))
    }

    /// The reversal of a delivery; its item goes back.
    pub(super) fn unreceive(&mut self, seq: u64, item: &Item) -> Verdict {
        let lot = self.lot(item)?;
        lot.receipts.retain(|receipt| *receipt != seq);
        if let Some(first) = lot.receipts.first() {
            lot.first_seq = *first;
        }
        self.move_back(seq, item)
    }

    /// A new container.
    pub(super) fn open(
        &mut self,
        seq: u64,
        at: Moment,
        item: &Item,
        discard_by: Option<Day>,
    ) -> Verdict {
        let id = item.container.ok_or("opens no container")?;
        let row = ContainerRow {
            product: item.product.clone(),
            lot: lot_text(item.lot.as_ref()).into(),
            opened_seq: seq,
            opened_at: at,
            discard_by,
            undone: false,
        };
        if self.containers.insert(id.number(), row).is_some() {
            return Err(format!("opens {id} a second time"));
        }
        self.move_item(seq, item)
    }

    /// The reversal of an opening; its item goes back.
    pub(super) fn unopen(&mut self, seq: u64, item: &Item) -> Verdict {
        let id = item.container.map_or(0, ContainerId::number);
        let row = self.containers.get_mut(&id).ok_or("reverses no opening of a container")?;
        row.undone = true;
        self.move_back(seq, item)
    }

    /// An item goes from one place to another, with its serial number. A pack whose receipt named
    /// no serial becomes known by its first move.
    pub(super) fn move_item(&mut self, seq: u64, item: &Item) -> Verdict {
        self.lot(item)?;
        let moved = self.move_serial(seq, item);
        self.balances(item)?;
        moved
    }

    /// The reversal of the entry `seq`: its item goes back. Its serial number does too, and is
    /// unknown again where that entry made it known.
    pub(super) fn move_back(&mut self, seq: u64, item: &Item) -> Verdict {
        self.lot(item)?;
        let named = item.serial.as_ref();
        let key = named.map(|serial| join(&mut self.key, &item.product, serial.as_str()));
        let made_known = |key: &&str| self.serials.get(*key).is_some_and(|it| it.known_seq == seq);
        let moved = match key.filter(made_known) {
            Some(key) => {
                self.serials.remove(key);
                Ok(())
            }
            None => self.move_serial(seq, item),
        };
        self.balances(item)?;
        moved
    }

    /// A serial number leaves the place where it is, and is of one lot.
    fn move_serial(&mut self, seq: u64, item: &Item) -> Verdict {
        let Some(serial) = &item.serial else { return Ok(()) };
        let lot = lot_text(item.lot.as_ref());
        let key = join(&mut self.key, &item.product, serial.as_str());
        let Some(known) = self.serials.get_mut(key) else {
            let row = SerialRow { lot: lot.into(), place: item.to.clone(), known_seq: seq };
            self.serials.insert(key.into(), row);
            return Ok(());
        };
        let before = std::mem::replace(&mut known.place, item.to.clone());
        if before == item.from && *known.lot == *lot {
            return Ok(());
        }
        let (known, from) = (&known.lot, &item.from);
        Err(format!(
            "moves serial number {serial} of lot {lot} from {from}; the entries before it make it \
             one of lot {known} in {before}"
        ))
    }

    /// Whether a serial number of a product is known.
    pub(super) fn has_serials(&self, product: &Sku) -> bool {
        let sku = |key: &str| key.split('\0').next() == Some(product.as_str());
        self.serials.keys().any(|key| sku(key))
    }

    /// A lot gets another status.
    pub(super) fn status(
        &mut self,
        entry: &Entry<'_>,
        product: &Sku,
        lot: &Option<Lot>,
        status: LotStatus,
    ) -> Verdict {
        let lot = lot.as_ref();
        let row = self.lots.get_mut(lot_key(&mut self.key, product, lot));
        let row = row.ok_or_else(|| unknown_lot(product, lot))?;
        row.status = status;
        row.status_seq = Some(entry.seq);
        row.statuses.push((entry.occurred_at, status));
        Ok(())
    }

    /// The status of a lot, if an entry before received it.
    pub(super) fn status_of(&mut self, product: &Sku, lot: Option<&Lot>) -> Option<LotStatus> {
        self.lots.get(lot_key(&mut self.key, product, lot)).map(|row| row.status)
    }

    /// The lot of an item, if an entry before received it.
    pub(super) fn lot_row(&mut self, item: &Item) -> Option<&LotRow> {
        self.lots.get(lot_key(&mut self.key, &item.product, item.lot.as_ref()))
    }

    fn lot(&mut self, item: &Item) -> Result<&mut LotRow, String> {
        let lot = item.lot.as_ref();
        let row = self.lots.get_mut(lot_key(&mut self.key, &item.product, lot));
        row.ok_or_else(|| unknown_lot(&item.product, lot))
    }

    fn balances(&mut self, item: &Item) -> Verdict {
        let taken = if item.from.keeps_balance() { self.take(item) } else { Ok(()) };
        if item.to.keeps_balance() {
            let key = balance_key(&mut self.key, item, &item.to);
            match self.balances.get_mut(key) {
                Some(balance) => *balance = balance.saturating_add(item.quantity.parts()),
                None => drop(self.balances.insert(key.into(), item.quantity.parts())),
            }
        }
        taken
    }

    fn take(&mut self, item: &Item) -> Verdict {
        let key = balance_key(&mut self.key, item, &item.from);
        let there = self.balances.get(key).copied().unwrap_or(0);
        let left = there.saturating_sub(item.quantity.parts());
        match self.balances.get_mut(key) {
            Some(balance) if left > 0 => *balance = left,
            _ => drop(self.balances.remove(key)),
        }
        if left >= 0 {
            return Ok(());
        }
        let unit = item.quantity.unit();
        Err(format!(
            "takes {} of {} from {}, which holds {} {unit}",
            item.quantity,
            item_text(&item.product, item.lot.as_ref()),
            item.from,
            show_parts(there, unit)
        ))
    }
}

fn unknown_lot(product: &Sku, lot: Option<&Lot>) -> String {
    format!("names the lot {}, which no entry before it receives", item_text(product, lot))
}

pub(super) fn lot_text(lot: Option<&Lot>) -> &str {
    lot.map_or(NO_LOT, Lot::as_str)
}

fn join<'k>(key: &'k mut String, product: &Sku, name: &str) -> &'k str {
    key.clear();
    key.push_str(product.as_str());
    key.push('\0');
    key.push_str(name);
    key
}

fn lot_key<'k>(key: &'k mut String, product: &Sku, lot: Option<&Lot>) -> &'k str {
    join(key, product, lot_text(lot))
}

fn balance_key<'k>(key: &'k mut String, item: &Item, place: &Place) -> &'k str {
    lot_key(key, &item.product, item.lot.as_ref());
    // Writing to a String can't fail.
    let _ = write!(key, "\0{place}");
    key
}
