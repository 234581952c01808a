//! Whether what moves under a serial number is the pack that it names.

use super::{Replay, Verdict};
use crate::domain::fact::Fact;
use crate::domain::quantity::Quantity;
use crate::domain::stock::Numbered;

impl Replay {
    /// A reversal is the mirror of what was judged already.
    pub(super) fn check_numbered(&self, fact: &Fact) -> Verdict {
        match (fact, fact.item()) {
            (Fact::ProductEdit { product, change, .. }, _) if &*change.field == "pack" => {
                match self.stock.has_serials(product) {
                    true => {
                        Err(format!("changes the pack of {product}, which serial numbers name"))
                    }
                    false => Ok(()),
                }
            }
            (Fact::Reversal(_), _) | (_, None) => Ok(()),
            (_, Some(item)) if item.serial.is_none() => Ok(()),
            (_, Some(item)) => {
                let Some(row) = self.catalog.known(&item.product) else { return Ok(()) };
                let pack = Quantity::from_parts(row.pack, row.unit);
                let pack = pack.map_err(|error| error.to_string())?;
                let moves = Numbered::of_pack(row.use_kind, pack, row.dose).moves(pack, item);
                moves.map_err(|refusal| format!("moves another than its pack: {}", refusal.what))
            }
        }
    }
}
