//! While which entries lots were held: by the order in which the book was told, not by the clock.

use std::collections::BTreeMap;

use crate::domain::fact::Fact;
use crate::domain::id::{Lot, Sku, lot_text};

/// One hold: from the entry that held the lot to the one that released it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hold {
    from: u64,
    until: Option<u64>,
}

/// The holds of one lot, in the order of their entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LotHolds(Vec<Hold>);

impl LotHolds {
    /// The lot is held by this entry.
    pub fn hold(&mut self, seq: u64) {
        self.0.push(Hold { from: seq, until: None });
    }

    /// The lot is released by this entry.
    pub fn release(&mut self, seq: u64) {
        if let Some(hold) = self.0.last_mut() {
            hold.until.get_or_insert(seq);
        }
    }

    /// The entry by which the lot was held when this one was recorded.
    pub fn at(&self, seq: u64) -> Option<u64> {
        let is_in = |hold: &&Hold| hold.from < seq && hold.until.is_none_or(|until| seq < until);
        self.0.iter().find(is_in).map(|hold| hold.from)
    }
}

/// The holds of lots, by product and by the lot as the ledger writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holds(BTreeMap<Sku, BTreeMap<Box<str>, LotHolds>>);

impl Holds {
    /// Takes in one entry; others than holds and releases change nothing.
    pub fn apply(&mut self, seq: u64, fact: &Fact) {
        match fact {
            Fact::LotHold { product, lot, .. } => self.of_mut(product, lot.as_ref()).hold(seq),
            Fact::LotRelease { product, lot, .. } => {
                self.of_mut(product, lot.as_ref()).release(seq);
            }
            _ => {}
        }
    }

    /// Takes in all holds of one lot.
    pub fn insert(&mut self, product: &Sku, lot: Option<&Lot>, holds: LotHolds) {
        *self.of_mut(product, lot) = holds;
    }

    /// The entry by which a lot was held when entry `seq` was recorded.
    pub fn at(&self, product: &Sku, lot: Option<&Lot>, seq: u64) -> Option<u64> {
        self.0.get(product)?.get(lot_text(lot))?.at(seq)
    }

    fn of_mut(&mut self, product: &Sku, lot: Option<&Lot>) -> &mut LotHolds {
        let lots = self.0.entry(product.clone()).or_default();
        lots.entry(lot_text(lot).into()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{Action, Because};

    fn lot(name: &str) -> (Sku, Option<Lot>) {
        ("CART-12".parse().unwrap(), Some(name.parse().unwrap()))
    }

    fn hold(name: &str) -> Fact {
        let (product, lot) = lot(name);
        let because = Because::new(Action::LotHold, "complaint", None).unwrap();
        Fact::LotHold { product, lot, because }
    }

    fn release(name: &str) -> Fact {
        let (product, lot) = lot(name);
        let because = Because::new(Action::LotRelease, "cleared", None).unwrap();
        Fact::LotRelease { product, lot, because }
    }

    #[test]
    fn a_lot_is_held_from_its_hold_to_its_release_whatever_comes_after() {
        let mut holds = Holds::default();
        for (seq, fact) in [(10, hold("A")), (20, release("A")), (30, hold("A"))] {
            holds.apply(seq, &fact);
        }
        let (product, a) = lot("A");
        let held = |seqs: &[u64]| -> Vec<Option<u64>> {
            seqs.iter().map(|seq| holds.at(&product, a.as_ref(), *seq)).collect()
        };
        assert_eq!(held(&[0, 9, 10]), [None; 3]);
        assert_eq!(held(&[11, 19]), [Some(10); 2]);
        assert_eq!(held(&[20, 21, 29, 30]), [None; 4]);
        assert_eq!(held(&[31, u64::MAX]), [Some(30); 2]);
    }

    #[test]
    fn the_holds_of_one_lot_say_nothing_of_another() {
        let mut holds = Holds::default();
        holds.apply(10, &hold("A"));
        holds.apply(20, &release("B"));
        let (product, a) = lot("A");
        assert_eq!(holds.at(&product, a.as_ref(), 21), Some(10));
        assert_eq!(holds.at(&product, lot("B").1.as_ref(), 21), None);
        assert_eq!(holds.at(&product, None, 21), None);
        assert_eq!(holds.at(&"CART-36".parse().unwrap(), a.as_ref(), 21), None);
    }

    #[test]
    fn a_release_ends_the_last_hold_and_no_earlier_one() {
        let mut holds = LotHolds::default();
        holds.release(5);
        holds.hold(10);
        holds.release(20);
        holds.release(25);
        holds.hold(30);
        assert_eq!([6, 15, 22, 31].map(|seq| holds.at(seq)), [None, Some(10), None, Some(30)]);
    }
}
