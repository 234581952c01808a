//! What stands in the ledger beside the steps of a session: how late its entries were written, what
//! was thrown away for it, and what was taken back.

use std::collections::BTreeMap;

use crate::domain::fact::Action;
use crate::domain::id::SessionId;
use crate::domain::quantity::Unit;
use crate::domain::time::Moment;
use crate::domain::trail::entry::Entry;
use crate::domain::trail::lag::Lag;
use crate::store::{Filter, Rows, Snapshot, StoreError};
use crate::views::table::{Cell, Column, Table};

/// What stands beside the steps of one session.
pub(in crate::commands) struct Beside {
    lags: BTreeMap<u64, Lag>,
    waste: BTreeMap<u64, Waste>,
    /// Entries that were taken back, each with the entry that did it, in the order of those.
    reversed: Vec<(u64, u64)>,
}

struct Waste {
    at: Moment,
    product: Option<String>,
    lot: Option<String>,
    serial: Option<String>,
    amount: Option<(i64, Unit)>,
    from: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    staff: String,
}

impl Waste {
    fn of(entry: &Entry<'_>) -> Self {
        let columns = &entry.columns;
        let unit = columns.unit.as_deref().and_then(|unit| unit.parse().ok());
        Self {
            at: entry.occurred_at,
            product: columns.product.as_deref().map(str::to_owned),
            lot: columns.lot.as_deref().map(str::to_owned),
            serial: columns.serial.as_deref().map(str::to_owned),
            amount: columns.quantity.zip(unit),
            from: columns.container.as_deref().or(columns.from_place.as_deref()).map(str::to_owned),
            reason: columns.reason_code.as_deref().map(str::to_owned),
            note: columns.reason.as_deref().map(str::to_owned),
            staff: entry.staff.to_string(),
        }
    }
}

impl Beside {
    pub(in crate::commands) fn read(
        snapshot: &mut Snapshot<'_>,
        session: SessionId,
    ) -> Result<Self, StoreError> {
        let mut beside =
            Self { lags: BTreeMap::new(), waste: BTreeMap::new(), reversed: Vec::new() };
        let filter = Filter { session: Some(session.to_string()), ..Filter::default() };
        snapshot.filtered(&filter, &mut |entry, _| {
            beside.lags.insert(entry.seq, entry.lag());
            if entry.action == Action::StockWaste.as_str() {
                beside.waste.insert(entry.seq, Waste::of(entry));
            }
            if let Some(original) = entry.columns.corrects {
                beside.reversed.push((original, entry.seq));
            }
            Ok(Rows::More)
        })?;
        for (original, _) in &beside.reversed {
            beside.waste.remove(original);
        }
        Ok(beside)
    }

    /// How late an entry of the session was written.
    pub(in crate::commands) fn lag(&self, seq: u64) -> Cell {
        self.lags.get(&seq).copied().into()
    }

    /// Whether anything was thrown away for the session, and not taken back.
    pub(in crate::commands) fn has_waste(&self) -> bool {
        !self.waste.is_empty()
    }

    /// What was thrown away for the session.
    pub(in crate::commands) fn waste(&self) -> Table {
        let mut table = Table::new([
            Column::left("at", "at"),
            Column::late(),
            Column::left("product", "product"),
            Column::left("lot", "lot"),
            Column::left("serial", "serial"),
            Column::right("quantity", "quantity"),
            Column::left("unit", "unit"),
            Column::left("from", "from"),
            Column::left("reason", "reason"),
            Column::left("note", "note"),
            Column::left("staff", "staff"),
            Column::right("seq", "entry"),
        ]);
        for (seq, waste) in &self.waste {
            table.row([
                waste.at.into(),
                self.lag(*seq),
                waste.product.clone().into(),
                waste.lot.clone().into(),
                waste.serial.clone().into(),
                waste.amount.map(|(parts, unit)| Cell::Amount(parts, unit)).into(),
                waste.amount.map(|(_, unit)| unit.as_str()).into(),
                waste.from.clone().into(),
                waste.reason.clone().into(),
                waste.note.clone().into(),
                Cell::text(&waste.staff),
                (*seq).into(),
            ]);
        }
        table
    }

    /// What is in the ledger and not among what is shown: `#28 by #32`.
    pub(in crate::commands) fn reversed(&self) -> Vec<String> {
        self.reversed.iter().map(|(original, by)| format!("#{original} by #{by}")).collect()
    }
}
