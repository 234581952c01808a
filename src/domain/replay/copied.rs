//! What an entry repeats of what was known when it was written: expiries, discard-bys, statuses,
//! attributes, old values, numbers, offsets. Each must be what the entries before it make it, or a
//! table that was doctored for one write, and then put right again, leaves a false entry behind.

use std::fmt::Display;

use super::catalog::ProductRow;
use super::stock::{ContainerRow, LotRow, lot_text};
use super::{Replay, Verdict};
use crate::domain::catalog::UseKind;
use crate::domain::fact::{Change, Fact, Item, Opening, Usage};
use crate::domain::place::Place;
use crate::domain::quantity::show_parts;
use crate::domain::session::{ItemFault, ItemStatus};
use crate::domain::stock::LotStatus;
use crate::domain::time::{Day, Length, Moment, Zone};
use crate::domain::trail::entry::Entry;

/// The format of books that this program reads.
const FORMAT: u32 = 1;

/// How far an offset may be from the one that this program's time zone data give, in minutes:
/// countries change their rules, and an entry keeps what was right when it was written.
const OFFSET_DRIFT_MIN: u16 = 120;

impl Replay {
    /// Compares what an entry repeats with what the entries before it make.
    pub(super) fn check_copied(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        let at = entry.occurred_at;
        if let Fact::BookOpen(opening) = fact {
            self.zone = zone_of(opening).ok();
        }
        if let Some(zone) = &self.zone {
            let due = zone.moment(at.instant());
            if at.offset_min().abs_diff(due.offset_min()) > OFFSET_DRIFT_MIN {
                return Err(format!("happened at {at}, which in {} is {due}", zone.name()));
            }
        }
        match fact {
            Fact::StaffEdit { id, change } => {
                let known = self.catalog.staff.get(&id.as_str().to_ascii_lowercase());
                let value = known.and_then(|row| row.value(&change.field));
                known.map_or(Ok(()), |_| old_value(change, value))
            }
            Fact::ProductEdit { product, change, .. } => {
                let known = self.catalog.known(product);
                let value = known.and_then(|row| self.catalog.value(row, &change.field));
                known.map_or(Ok(()), |_| old_value(change, value))
            }
            Fact::LotReceive(receipt) => self.check_receipt(&receipt.item),
            Fact::ContainerOpen { item, discard_by } => self.check_opened(item, *discard_by, at),
            Fact::StockUse(usage) => self.check_usage(usage, at),
            Fact::StockWaste { item, .. } => {
                self.check_expiry(item)?;
                self.stock.container_of(item).map(drop)
            }
            Fact::SessionStart { within, .. } => {
                next_number("session", within.session.number(), self.sessions.sessions.len())
            }
            _ => Ok(()),
        }
    }

    /// A lot has one expiry for as long as a receipt of it stands.
    fn check_receipt(&mut self, item: &Item) -> Verdict {
        self.check_retired(item)?;
        match self.stock.lot_row(item) {
            Some(lot) if !lot.receipts.is_empty() => {
                agree("the expiry is", &item.expiry.0, &lot.expiry)
            }
            _ => Ok(()),
        }
    }

    fn check_expiry(&mut self, item: &Item) -> Verdict {
        let Some(lot) = self.stock.lot_row(item) else { return Ok(()) };
        agree("the expiry is", &item.expiry.0, &lot.expiry)
    }

    fn check_retired(&self, item: &Item) -> Verdict {
        match self.catalog.known(&item.product) {
            Some(row) if row.retired => {
                Err(format!("handles {}, which was retired before it", item.product))
            }
            _ => Ok(()),
        }
    }

    fn check_opened(&mut self, item: &Item, discard_by: Option<Day>, at: Moment) -> Verdict {
        self.check_retired(item)?;
        self.check_expiry(item)?;
        if let Some(id) = item.container {
            next_number("container", id.number(), self.stock.containers.len())?;
        }
        let Some(row) = self.catalog.known(&item.product) else { return Ok(()) };
        if row.use_kind == UseKind::Single {
            return Err(format!("opens {}, which is used once, from its pack", row.sku));
        }
        let pack = show_parts(row.pack, row.unit);
        agree("one pack holds", &Some(item.quantity.number()), &Some(pack))?;
        let life = opened_until(row, at.day())?;
        let made = match (life, item.expiry.0) {
            (Some(life), Some(label)) => Some(life.min(label)),
            (life, label) => life.or(label),
        };
        agree("it is to be discarded after", &discard_by, &made)
    }

    fn check_usage(&mut self, usage: &Usage, at: Moment) -> Verdict {
        let item = &usage.item;
        self.check_retired(item)?;
        self.check_expiry(item)?;
        let made = self.stock.container_of(item)?.and_then(|row| row.discard_by);
        agree("it is to be discarded after", &usage.discard_by, &made)?;
        if let Some(lot) = self.stock.lot_row(item) {
            // A late entry may know the status of its own time or that of its recording.
            let (now, then) = (lot.status, lot.status_at(at));
            let [now, then] = [now, then].map(|status| judged(usage, lot, status, at.day()));
            if usage.status != then {
                agree("the item was", &Some(usage.status), &Some(now))?;
            }
        }
        let Some(row) = self.catalog.known(&item.product) else { return Ok(()) };
        if row.use_kind == UseKind::Multi && item.container.is_none() {
            return Err(format!("uses {} from no container", row.sku));
        }
        let category = Some(usage.category.to_string());
        agree("the category is", &category, &Some(row.category.clone()))?;
        for name in row.attributes.keys() {
            if !usage.attributes.keys().any(|known| known.as_str() == name) {
                agree(
                    &format!("`{name}` is"),
                    &None::<String>,
                    &row.attributes.get(name).cloned(),
                )?;
            }
        }
        for (name, value) in &usage.attributes {
            let made = row.attributes.get(name.as_str()).cloned();
            agree(&format!("`{name}` is"), &Some(value.to_string()), &made)?;
        }
        Ok(())
    }
}

/// What an item is like on a day, if its lot has this status.
fn judged(usage: &Usage, lot: &LotRow, status: LotStatus, day: Day) -> ItemStatus {
    let held = status != LotStatus::Released || usage.item.from == Place::Quarantine;
    let past = |last: Option<Day>| last.is_some_and(|last| last < day);
    let opened_too_long = past(usage.discard_by) && usage.discard_by != lot.expiry;
    let faults = [
        (past(lot.expiry), ItemFault::Expired),
        (held, ItemFault::Held),
        (opened_too_long, ItemFault::DiscardBy),
    ];
    ItemStatus::of(faults.into_iter().filter_map(|(is_so, fault)| is_so.then_some(fault)))
}

impl super::Stock {
    /// The container that an item names, which must hold that lot.
    fn container_of(&self, item: &Item) -> Result<Option<&ContainerRow>, String> {
        let Some(id) = item.container else { return Ok(None) };
        match self.containers.get(&id.number()) {
            None => Err(format!("names {id}, which no entry before it opens")),
            Some(row)
                if row.product != item.product || *row.lot != *lot_text(item.lot.as_ref()) =>
            {
                Err(format!("names {id}, which holds {}/{}", row.product, row.lot))
            }
            Some(row) => Ok(Some(row)),
        }
    }
}

pub(super) fn zone_of(opening: &Opening) -> Result<Zone, String> {
    if opening.format != FORMAT {
        return Err(format!("opens a book of format {}; this is {FORMAT}", opening.format));
    }
    Zone::new(&opening.zone).map_err(|error| format!("names no time zone: {error}"))
}

/// The last day on which a pack that is opened on a day may be used, by its life after opening.
fn opened_until(row: &ProductRow, opened: Day) -> Result<Option<Day>, String> {
    let Some(life) = row.opened_life.as_deref().filter(|life| *life != "none") else {
        return Ok(None);
    };
    match life.parse() {
        Ok(Length::Days(days)) => Ok(Some(opened.plus_days(days))),
        Ok(Length::Seconds(seconds)) => Ok(Some(opened.plus_days(seconds / 86_400))),
        Err(_) => Err(format!("opens {}, whose life after opening is {life:?}", row.sku)),
    }
}

fn old_value(change: &Change, value: Option<String>) -> Verdict {
    let said = change.old.as_deref().map(str::to_owned);
    agree(&format!("`{}` was", change.field), &said, &value)
}

/// Numbers rise by one and are never used again.
fn next_number(what: &str, number: u32, before: usize) -> Verdict {
    let due = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    agree(&format!("the {what} has the number"), &Some(number), &Some(due))
}

fn agree<A: Display, B: Display + PartialEq<A>>(
    what: &str,
    said: &Option<A>,
    made: &Option<B>,
) -> Verdict {
    let same = match (said, made) {
        (Some(said), Some(made)) => made == said,
        (None, None) => true,
        _ => false,
    };
    if same {
        return Ok(());
    }
    let (said, made) = (shown(said), shown(made));
    Err(format!("says that {what} {said}; the entries before it make it {made}"))
}

fn shown(value: &Option<impl Display>) -> String {
    value.as_ref().map_or_else(|| "nothing".to_owned(), |value| format!("\"{value}\""))
}
