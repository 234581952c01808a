//! What a serial number names: one pack as it is labelled, and so what moves under it.

use super::piece::{Pieces, history};
use crate::domain::catalog::{Product, UseKind};
use crate::domain::fact::{Change, Item};
use crate::domain::id::{Serial, Sku};
use crate::domain::place::Place;
use crate::domain::quantity::{Quantity, Unit};
use crate::domain::refusal::Refusal;

/// What the pack is that a serial number of a product is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// One piece: it is used or thrown away whole, and once.
    Piece,
    /// A tube, vial or bottle: it is opened, and what is then taken from it bears no number.
    Opened,
    /// A box of several pieces: which box a single one came from, nobody can tell.
    Box,
}

impl Numbered {
    /// What a serial number of this product is on.
    pub fn of(product: &Product) -> Self {
        Self::of_pack(product.use_kind, product.pack, product.dose.map(Quantity::parts))
    }

    /// The same, by what one pack holds and what one use takes, in smallest parts.
    pub fn of_pack(use_kind: UseKind, pack: Quantity, dose: Option<i64>) -> Self {
        let one_use = dose.unwrap_or(match pack.unit() {
            Unit::Each => 1,
            Unit::Gram | Unit::Millilitre => pack.parts(),
        });
        match use_kind {
            UseKind::Multi => Self::Opened,
            UseKind::Single if one_use < pack.parts() => Self::Box,
            UseKind::Single => Self::Piece,
        }
    }

    /// Whether an item that names a serial number is what moves under it: exactly one pack, and
    /// neither a part of a box nor what is taken from a container. Without a number all is well.
    pub fn moves(self, pack: Quantity, item: &Item) -> Result<(), Refusal> {
        let Some(serial) = &item.serial else { return Ok(()) };
        let not_named = match (self, &item.from, &item.to) {
            (_, Place::Container(_), _) | (Self::Opened, _, Place::Session(_)) => {
                "the pack that is opened, not what is taken from it".to_owned()
            }
            (Self::Box, _, Place::Session(_)) => format!("a box of {pack}, not single pieces"),
            _ => return one_pack(pack, serial, item.quantity),
        };
        Err(Refusal::new(format!("serial {serial} names {not_named}"))
            .why("which of them it was, nobody can tell")
            .hint(history(&item.product, serial)))
    }
}

/// A quantity under a serial number is that of its pack.
pub fn one_pack(pack: Quantity, serial: &Serial, quantity: Quantity) -> Result<(), Refusal> {
    if quantity == pack {
        return Ok(());
    }
    Err(Refusal::new(format!("serial {serial} names one pack, not {quantity}")))
}

/// A pack stays what it is while serial numbers name it: what moved under them was that much.
pub fn keeps_its_pack(product: &Sku, change: &Change, numbered: &Pieces) -> Result<(), Refusal> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    if &*change.field != "pack" || numbered.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "serial numbers name packs of {old} of {product}, which can't be of {new} from now on"
    ))
    .why("a serial number names one pack as it is labelled")
    .hint(format!("add another product, and then: lotbook product retire {product}")))
}

/// What helps who typed another quantity than that of the pack.
pub const NO_QUANTITY: &str = "leave the quantity out, or name the lot as SKU/LOT";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Expiry;

    fn parts(parts: i64, unit: Unit) -> Quantity {
        Quantity::from_parts(parts, unit).unwrap()
    }

    #[test]
    fn a_number_is_on_a_piece_on_what_is_opened_or_on_a_box() {
        let (each, ml) = (Unit::Each, Unit::Millilitre);
        for (use_kind, pack, dose, numbered) in [
            (UseKind::Single, parts(1, each), None, Numbered::Piece),
            (UseKind::Single, parts(10, each), None, Numbered::Box),
            (UseKind::Single, parts(2, each), Some(2), Numbered::Piece),
            (UseKind::Single, parts(5000, ml), None, Numbered::Piece),
            (UseKind::Single, parts(5000, ml), Some(1000), Numbered::Box),
            (UseKind::Multi, parts(5000, ml), Some(5000), Numbered::Opened),
        ] {
            assert_eq!(Numbered::of_pack(use_kind, pack, dose), numbered, "{pack} {dose:?}");
        }
    }

    #[test]
    fn a_pack_that_serial_numbers_name_stays_what_it_is() {
        let sku = "CART-12".parse().unwrap();
        let change = |field: &str| Change {
            field: field.into(),
            old: Some("1 each".into()),
            new: Some("10 each".into()),
        };
        let one = Pieces::from_iter([(None, Place::Waste, 1)]);
        assert!(keeps_its_pack(&sku, &change("pack"), &one).is_err());
        assert!(keeps_its_pack(&sku, &change("pack"), &Pieces::default()).is_ok());
        assert!(keeps_its_pack(&sku, &change("dose"), &one).is_ok());
    }

    #[test]
    fn exactly_the_pack_moves_under_its_number() {
        use Numbered::{Box, Opened, Piece};
        let (shelf, tube, session) = ("stockroom", "container:K-0001", "session:S-0001");
        // How many of a pack of 2 move from where to where, and under which numbers they may.
        let table: [(&str, &str, i64, &[Numbered]); 8] = [
            ("supplier", shelf, 2, &[Piece, Opened, Box]),
            ("supplier", shelf, 4, &[]),
            (shelf, session, 2, &[Piece]),
            (shelf, session, 1, &[]),
            (shelf, tube, 2, &[Piece, Opened, Box]),
            (tube, session, 2, &[]),
            (shelf, "waste", 2, &[Piece, Opened, Box]),
            (tube, "waste", 2, &[]),
        ];
        for (from, to, moved, may) in table {
            let mut item = Item {
                product: "CART-12".parse().unwrap(),
                lot: None,
                serial: Some("S1".parse().unwrap()),
                expiry: Expiry(None),
                container: None,
                quantity: parts(moved, Unit::Each),
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            };
            for numbered in [Piece, Opened, Box] {
                let judged = numbered.moves(parts(2, Unit::Each), &item);
                let is_so = judged.is_ok();
                assert_eq!(is_so, may.contains(&numbered), "{numbered:?} {from} {to}: {judged:?}");
            }
            item.serial = None;
            assert_eq!(Box.moves(parts(2, Unit::Each), &item), Ok(()));
        }
    }
}
