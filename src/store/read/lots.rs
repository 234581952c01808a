//! Lots, containers, serials, and what is left of them where.

use std::collections::BTreeSet;

use super::entries::Filter;
use super::{Snapshot, count, integer, moment, next_number, number, parsed, text};
use crate::domain::catalog::Product;
use crate::domain::fact::Action;
use crate::domain::id::{ContainerId, Lot, Serial, Sku};
use crate::domain::place::Place;
use crate::domain::session::blocked::Blocked;
use crate::domain::stock::{
    Holding, Holds, LotHolds, LotState, LotStatus, Move, Opened, Pieces, lowest_since,
};
use crate::domain::time::{Expiry, Moment};
use crate::store::engine::{Row, Rows, Value};
use crate::store::{StoreError, sql};

type Read<T> = Result<T, StoreError>;

/// A lot with how many of its receipts stand.
#[derive(Debug, Clone)]
pub struct LotRow {
    /// The lot.
    pub state: LotState,
    /// Receipts that were not reversed; none stand for a lot that was received by mistake.
    pub receipts: i64,
}

impl LotRow {
    /// Whether any receipt of it stands.
    pub fn is_received(&self) -> bool {
        self.receipts > 0
    }
}

/// A piece with a serial number.
#[derive(Debug, Clone)]
pub struct SerialRow {
    /// Its product.
    pub product: Sku,
    /// Its serial number.
    pub serial: Serial,
    /// Its lot.
    pub lot: Option<Lot>,
    /// Where it is, or went.
    pub place: Place,
}

/// An opened container.
#[derive(Debug, Clone)]
pub struct ContainerRow {
    /// Its id, opening and discard-by.
    pub opened: Opened,
    /// Its product.
    pub product: Sku,
    /// Its lot.
    pub lot: Option<Lot>,
    /// The entry that opened it.
    pub opened_seq: u64,
    /// Whether the opening was reversed.
    pub undone: bool,
}

pub(super) fn lot_value(lot: Option<&Lot>) -> &str {
    lot.map_or("none", Lot::as_str)
}

fn lot_of(text: &str) -> Read<Option<Lot>> {
    if text == "none" { Ok(None) } else { parsed(text).map(Some) }
}

/// What the first six columns of an answer say of a lot.
fn lot_state(row: &dyn Row) -> Read<LotState> {
    Ok(LotState {
        product: parsed(text(row, 0)?)?,
        lot: lot_of(text(row, 1)?)?,
        expiry: Expiry(row.text(2)?.map(parsed).transpose()?),
        status: parsed(text(row, 3)?)?,
        status_seq: row.integer(4)?.map(count).transpose()?,
        first_seq: count(integer(row, 5)?)?,
    })
}

fn lot_row(row: &dyn Row) -> Read<LotRow> {
    Ok(LotRow { state: lot_state(row)?, receipts: integer(row, 6)? })
}

fn holding_row(row: &dyn Row) -> Read<Holding> {
    let place = parsed(text(row, 6)?)?;
    if row.text(3)?.is_none() {
        let (product, lot) = (text(row, 0)?, text(row, 1)?);
        return Err(StoreError::Corrupt(format!("{product}/{lot} is not a lot")));
    }
    let opened = match &place {
        Place::Container(id) => {
            let opened_at = row.integer(8)?.ok_or_else(|| {
                StoreError::Corrupt(format!("{id} holds stock but was never opened"))
            })?;
            let discard_by = row.text(10)?.map(parsed).transpose()?;
            Some(Opened { id: *id, at: moment(opened_at, integer(row, 9)?)?, discard_by })
        }
        _ => None,
    };
    Ok(Holding { place, lot: lot_state(row)?, opened, parts: integer(row, 7)? })
}

fn container_row(row: &dyn Row) -> Read<ContainerRow> {
    Ok(ContainerRow {
        opened: Opened {
            id: ContainerId::new(number(integer(row, 0)?)?),
            at: moment(integer(row, 4)?, integer(row, 5)?)?,
            discard_by: row.text(6)?.map(parsed).transpose()?,
        },
        product: parsed(text(row, 1)?)?,
        lot: lot_of(text(row, 2)?)?,
        opened_seq: count(integer(row, 3)?)?,
        undone: integer(row, 7)? != 0,
    })
}

impl Snapshot<'_> {
    /// The lots of a product.
    pub fn lots(&mut self, product: &Sku) -> Read<Vec<LotRow>> {
        self.collect(sql!("lot_by_product"), &[product.as_str().into()], lot_row)
    }

    /// The lots of a product of which a receipt stands.
    pub fn received_lots(&mut self, product: &Sku) -> Read<Vec<LotState>> {
        let lots = self.lots(product)?.into_iter().filter(LotRow::is_received);
        Ok(lots.map(|row| row.state).collect())
    }

    /// One lot of a product; none for stock without a lot.
    pub fn lot(&mut self, product: &Sku, lot: Option<&Lot>) -> Read<Option<LotRow>> {
        let params = [product.as_str().into(), lot_value(lot).into()];
        self.first(sql!("lot_find"), &params, lot_row)
    }

    /// All lots, to look many scans up at once.
    pub fn all_lots(&mut self) -> Read<Vec<LotRow>> {
        self.collect(sql!("lot_list"), &[], lot_row)
    }

    /// The lots that may not be used, with what they are.
    pub fn blocked_lots(&mut self) -> Read<Blocked> {
        let lots = self.collect(sql!("lot_blocked"), &[], |row| {
            let since = row.integer(3)?.map(count).transpose()?;
            let key = (parsed(text(row, 0)?)?, lot_of(text(row, 1)?)?);
            Ok((key, (parsed(text(row, 2)?)?, since)))
        })?;
        Ok(lots.into_iter().collect())
    }

    /// When these lots were held, by the entries.
    pub fn holds<'l>(
        &mut self,
        lots: impl IntoIterator<Item = (&'l Sku, Option<&'l Lot>)>,
    ) -> Read<Holds> {
        let lots: BTreeSet<_> = lots.into_iter().collect();
        let mut holds = Holds::default();
        for (product, lot) in lots {
            let params = [product.as_str().into(), lot_value(lot).into()];
            let mut of_lot = LotHolds::default();
            self.engine.query(sql!("lot_holds"), &params, &mut |row| {
                let seq = count(integer(row, 0)?)?;
                match parsed(text(row, 1)?)? {
                    Action::LotHold => of_lot.hold(seq),
                    _ => of_lot.release(seq),
                }
                Ok(Rows::More)
            })?;
            holds.insert(product, lot, of_lot);
        }
        Ok(holds)
    }

    /// One opened container.
    pub fn container(&mut self, id: ContainerId) -> Read<Option<ContainerRow>> {
        let key = Value::Integer(i64::from(id.number()));
        self.first(sql!("container_by_number"), &[key], container_row)
    }

    /// The number that the next container gets.
    pub fn next_container(&mut self) -> Read<ContainerId> {
        let last = self.first(sql!("container_last"), &[], |row| row.integer(0))?.flatten();
        Ok(ContainerId::new(next_number(last)?))
    }

    /// Where a serial number is, with its lot, if the book knows it.
    pub fn serial(&mut self, product: &Sku, serial: &Serial) -> Read<Option<(Option<Lot>, Place)>> {
        let params = [product.as_str().into(), serial.as_str().into()];
        self.first(sql!("serial_find"), &params, |row| {
            Ok((lot_of(text(row, 0)?)?, parsed(text(row, 1)?)?))
        })
    }

    /// How many pieces with a serial number lie where, or went there.
    pub fn pieces(&mut self, product: &Sku) -> Read<Pieces> {
        let rows = self.collect(sql!("serial_count"), &[product.as_str().into()], |row| {
            Ok((lot_of(text(row, 0)?)?, parsed(text(row, 1)?)?, integer(row, 2)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// All serial numbers that the book knows.
    pub fn all_serials(&mut self) -> Read<Vec<SerialRow>> {
        self.collect(sql!("serial_list"), &[], |row| {
            Ok(SerialRow {
                product: parsed(text(row, 0)?)?,
                serial: parsed(text(row, 1)?)?,
                lot: lot_of(text(row, 2)?)?,
                place: parsed(text(row, 3)?)?,
            })
        })
    }

    /// What there is of a product now, lot by lot and place by place.
    pub fn holdings(&mut self, product: &Product) -> Read<Vec<Holding>> {
        let sku = [Value::Text(product.sku.as_str())];
        self.collect(sql!("holding_by_product"), &sku, holding_row)
    }

    /// What of a product was free to take at a past moment: the least that each place held from
    /// then until now.
    pub fn holdings_at(&mut self, product: &Product, at: Moment) -> Read<Vec<Holding>> {
        let mut holdings = self.holdings(product)?;
        for holding in &mut holdings {
            let mut moves = self.moves(&product.sku, holding.lot.lot.as_ref(), &holding.place)?;
            holding.parts = lowest_since(holding.parts, &mut moves, at).max(0);
            if holding.lot.status_seq.is_some() {
                holding.lot.status = self.status_at(&holding.lot, at)?;
            }
        }
        Ok(holdings)
    }

    /// What might be done with a lot at a past moment: what its last hold or release until then
    /// says. A lot that was called back or disposed of since stays so.
    fn status_at(&mut self, lot: &LotState, at: Moment) -> Read<LotStatus> {
        if !matches!(lot.status, LotStatus::Held | LotStatus::Released) {
            return Ok(lot.status);
        }
        let filter = Filter {
            product: Some(lot.product.to_string()),
            lot: Some(lot_value(lot.lot.as_ref()).to_owned()),
            action: Some("lot.".to_owned()),
            ..Filter::default()
        };
        let mut status = LotStatus::Released;
        self.filtered(&filter, &mut |entry, _| {
            if entry.occurred_at <= at {
                status = match &*entry.action {
                    "lot.hold" => LotStatus::Held,
                    "lot.release" => LotStatus::Released,
                    _ => status,
                };
            }
            Ok(Rows::More)
        })?;
        Ok(status)
    }

    /// Everything there is, of all products.
    pub fn all_holdings(&mut self) -> Read<Vec<Holding>> {
        self.collect(sql!("holding_list"), &[], holding_row)
    }

    /// Every change of one balance that was not reversed.
    pub fn moves(&mut self, product: &Sku, lot: Option<&Lot>, place: &Place) -> Read<Vec<Move>> {
        let place = place.to_string();
        let params = [product.as_str().into(), Value::Text(lot_value(lot)), Value::Text(&place)];
        let mut moves = Vec::new();
        self.engine.query(sql!("moves"), &params, &mut |row| {
            let (seq, at) = (count(integer(row, 0)?)?, moment(integer(row, 1)?, integer(row, 2)?)?);
            let parts = integer(row, 3)?;
            if row.text(4)? == Some(place.as_str()) {
                moves.push(Move { at, seq, parts: -parts });
            }
            if row.text(5)? == Some(place.as_str()) {
                moves.push(Move { at, seq, parts });
            }
            Ok(Rows::More)
        })?;
        Ok(moves)
    }

    /// When a piece moved, leaving out what was reversed.
    pub fn moves_of_serial(
        &mut self,
        product: &Sku,
        lot: Option<&Lot>,
        serial: &Serial,
    ) -> Read<Vec<Moment>> {
        let params = [product.as_str().into(), Value::Text(lot_value(lot)), serial.as_str().into()];
        self.collect(sql!("moves_of_serial"), &params, |row| {
            moment(integer(row, 0)?, integer(row, 1)?)
        })
    }
}
