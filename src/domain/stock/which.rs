//! Which lots of a product somebody means: all of them, one, or those with the expiry of a label.

use super::{Holding, LotState, item_text, no_such_lot};
use crate::domain::catalog::Product;
use crate::domain::expiry::SaidExpiry;
use crate::domain::id::{Lot, lot_text};
use crate::domain::refusal::Refusal;
use crate::domain::time::Expiry;

/// Which lots of a product are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Any of them.
    Any,
    /// The one that was named; none for the stock without a lot.
    Lot(Option<Lot>),
    /// Those with the expiry of a label that names no lot: the pack in hand is one of them.
    Expiring(SaidExpiry),
}

impl Which {
    /// What a person or a label says: a lot, and where none is named perhaps an expiry.
    pub fn new(lot: Option<&Option<Lot>>, expiry: Option<SaidExpiry>) -> Self {
        match (lot, expiry) {
            (Some(lot), _) => Self::Lot(lot.clone()),
            (None, Some(expiry)) => Self::Expiring(expiry),
            (None, None) => Self::Any,
        }
    }

    /// Whether this is one of them.
    pub fn takes(&self, lot: Option<&Lot>, expiry: Expiry) -> bool {
        match self {
            Self::Any => true,
            Self::Lot(named) => named.as_ref() == lot,
            Self::Expiring(said) => said.agrees(expiry),
        }
    }

    /// Whether something of what is there is one of them.
    pub fn holds(&self, holding: &Holding) -> bool {
        self.takes(holding.lot.lot.as_ref(), holding.lot.expiry)
    }

    /// The lot that was named.
    pub fn lot(&self) -> Option<Option<&Lot>> {
        match self {
            Self::Lot(named) => Some(named.as_ref()),
            Self::Any | Self::Expiring(_) => None,
        }
    }

    /// `SKU/LOT`, `SKU with expiry 2027-03-31`, or the SKU.
    pub fn in_words(&self, product: &Product) -> String {
        let sku = &product.sku;
        match self {
            Self::Any => sku.to_string(),
            Self::Lot(lot) => item_text(sku, lot.as_ref()),
            Self::Expiring(expiry) => format!("{sku} with expiry {expiry}"),
        }
    }

    /// The refusal of a label without a lot whose expiry no lot has that is there: the pack in
    /// hand is none of them. Nothing is refused where nothing is there.
    pub fn agree_expiry<'h>(
        &self,
        product: &Product,
        holdings: impl IntoIterator<Item = &'h Holding>,
    ) -> Result<(), Refusal> {
        let Self::Expiring(said) = self else { return Ok(()) };
        let mut known: Vec<(Option<&Lot>, Expiry)> = Vec::new();
        for Holding { lot, parts, .. } in holdings {
            if *parts > 0 && !known.contains(&(lot.lot.as_ref(), lot.expiry)) {
                known.push((lot.lot.as_ref(), lot.expiry));
            }
        }
        if known.is_empty() || known.iter().any(|(_, expiry)| said.agrees(*expiry)) {
            return Ok(());
        }
        let lots = in_words(known);
        let sku = &product.sku;
        Err(Refusal::new(format!(
            "the code says that this {sku} expires {said}, and of the lots that are there {lots}"
        ))
        .why("the code holds no lot, and the pack it is on is of none of these")
        .hint("look at the label, and scan the code that holds the lot (10) too")
        .hint(format!("see the lots: lotbook stock --lots {sku}")))
    }

    /// The one lot that is meant, of all that a product ever had: without a lot, the only one with
    /// the expiry of the label.
    pub fn one_of<'l>(
        &self,
        product: &Product,
        lots: &'l [LotState],
    ) -> Result<&'l LotState, Refusal> {
        let sku = &product.sku;
        let fit: Vec<&LotState> =
            lots.iter().filter(|lot| self.takes(lot.lot.as_ref(), lot.expiry)).collect();
        let known = |lots: &[&'l LotState]| {
            in_words(lots.iter().map(|lot| (lot.lot.as_ref(), lot.expiry)).collect())
        };
        let wanted = self.in_words(product);
        let unclear = Refusal::new(format!("which lot of {wanted} is meant is not clear"));
        let refusal = match (self, &fit[..]) {
            (Self::Any, _) => unclear,
            (_, [one]) => return Ok(one),
            (Self::Lot(lot), _) => {
                return Err(no_such_lot(sku, lots, lot.as_ref()).hint(format!(
                    "also those used up: lotbook audit log --product {sku} --action lot.receive"
                )));
            }
            (Self::Expiring(_), [_, ..]) => unclear.why(format!("of its lots {}", known(&fit))),
            (Self::Expiring(said), []) if !lots.is_empty() => {
                let all: Vec<&LotState> = lots.iter().collect();
                Refusal::new(format!(
                    "the code says that this {sku} expires {said}, and of its lots {}",
                    known(&all)
                ))
            }
            (Self::Expiring(_), []) => Refusal::new(format!("{sku} never had a lot")),
        };
        Err(refusal
            .hint(format!("see its lots: lotbook stock --lots {sku}"))
            .hint("name one as SKU/LOT"))
    }
}

/// `L77 expires 2027-06-30, L88 has no expiry`, the earliest first.
fn in_words(mut lots: Vec<(Option<&Lot>, Expiry)>) -> String {
    lots.sort_by_key(|(_, expiry)| (expiry.0.is_none(), expiry.0));
    let words = lots.into_iter().map(|(lot, expiry)| match expiry.0 {
        Some(day) => format!("{} expires {day}", lot_text(lot)),
        None => format!("{} has no expiry", lot_text(lot)),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What is said where a code without a lot was taken at its word: which lots it came to.
pub fn check_the_pack(items: &str) -> String {
    format!("the code holds no lot: took {items}, check the pack")
}
