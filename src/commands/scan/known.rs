//! What the book knows of one item, and what it would say today.

use crate::commands::item::Item;
use crate::domain::catalog::Product;
use crate::domain::id::lot_text;
use crate::domain::stock::{
    Holding, LotState, Opened, Pieces, Refused, allowance, delivery_of, item_text, refusals, usable,
};
use crate::domain::time::{Day, Instant};
use crate::store::{Snapshot, StoreError};
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

/// An item as the book knows it.
pub(super) struct Known {
    pub(super) product: Product,
    /// The lot, where one is named and was received.
    pub(super) lot: Option<LotState>,
    /// The container, where one is named.
    pub(super) opened: Option<Opened>,
    holdings: Vec<Holding>,
    pub(super) refused: Vec<Refused>,
    /// What is said where nothing is refused.
    allowed: String,
    /// What is said of a delivery of it, where it was scanned.
    delivery: Option<String>,
    /// The lot that only its serial number says.
    by_serial: Option<String>,
    today: Day,
}

impl Known {
    pub(super) fn of(
        snapshot: &mut Snapshot<'_>,
        item: &Item,
        now: Instant,
    ) -> Result<Self, StoreError> {
        let today = snapshot.about().zone.moment(now).day();
        let product = item.product.clone();
        let label = item.label();
        let lots = snapshot.received_lots(&product.sku)?;
        let is_it = |state: &&LotState| label.lot() == Some(state.lot.as_ref());
        let lot = lots.iter().find(is_it).cloned();
        let mut holdings = snapshot.holdings(&product)?;
        // A label without a lot is compared with all that is left of its product.
        holdings.retain(|holding| label.lot().is_none() || item.holds(holding));
        let opened = match item.container {
            Some(id) => snapshot.container(id)?.map(|container| container.opened),
            None => None,
        };
        let pieces = match label.serial {
            Some(piece) if piece.seen.is_none() => snapshot.pieces(&product.sku)?,
            _ => Pieces::default(),
        };
        let refused = refusals(&product, label, lot.as_ref(), (&holdings, &pieces), today);
        holdings.retain(|holding| item.holds(holding));
        let allowed = allowance(&product, label, today);
        let delivery = item.gtin.as_ref().and_then(|_| delivery_of(&product, label, &lots, today));
        let by_serial = match (label.lot, label.lot(), &item.serial) {
            (None, Some(lot), Some(serial)) => Some(format!(
                "the book knows serial {serial} as one of {}",
                item_text(&product.sku, lot)
            )),
            _ => None,
        };
        Ok(Self { product, lot, opened, holdings, refused, allowed, delivery, by_serial, today })
    }

    /// Adds what is left, and what would be refused; for a screen only what there is of it.
    pub(super) fn report(&self, mut report: Report, format: Format) -> Report {
        let screen = format == Format::Table;
        if !self.holdings.is_empty() || !screen {
            report = report.list("left", "Left", self.left());
        }
        if !self.refused.is_empty() || !screen {
            report = refused_today(report, &self.refused);
        }
        report = self.by_serial.iter().fold(report, Report::note);
        if self.refused.is_empty() {
            report = report.note(&self.allowed);
        }
        match &self.delivery {
            Some(said) => report.note(said),
            None => report,
        }
    }

    fn left(&self) -> Table {
        let unit = self.product.unit();
        let mut table = Table::new([
            Column::left("lot", "lot"),
            Column::left("place", "place"),
            Column::right("quantity", "quantity"),
            Column::left("unit", "unit"),
            Column::left("expiry", "expiry"),
            Column::left("discard_by", "discard by"),
            Column::left("status", "status"),
        ]);
        for Holding { place, lot, opened, parts } in &self.holdings {
            let status = match usable(&self.product, lot, opened.as_ref(), place, self.today) {
                Ok(()) => Cell::label("usable", Tone::Good),
                Err(why) => Cell::label(why.word(), Tone::Bad),
            };
            table.row([
                Cell::text(lot_text(lot.lot.as_ref())),
                place.in_words().into(),
                Cell::Amount(*parts, unit),
                unit.as_str().into(),
                lot.expiry.into(),
                opened.as_ref().and_then(|opened| opened.discard_by).into(),
                status,
            ]);
        }
        table
    }
}

/// Adds why an item would be refused today.
pub(super) fn refused_today(report: Report, reasons: &[Refused]) -> Report {
    let mut refused = Table::new([Column::left("why", "why")]);
    for Refused { words, .. } in reasons {
        refused.row([Cell::label(words.clone(), Tone::Bad)]);
    }
    report.list("refused", "Refused today", refused)
}
