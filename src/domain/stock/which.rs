//! Which lots of a product somebody means: all of them, one, or those with the expiry of a label.

use super::{Holding, item_text};
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
        known.sort_by_key(|(_, expiry)| (expiry.0.is_none(), expiry.0));
        let sku = &product.sku;
        let lots = known.iter().map(|(lot, expiry)| match expiry.0 {
            Some(day) => format!("{} expires {day}", lot_text(*lot)),
            None => format!("{} has no expiry", lot_text(*lot)),
        });
        let lots = lots.collect::<Vec<_>>().join(", ");
        Err(Refusal::new(format!(
            "the code says that this {sku} expires {said}, and of the lots that are there {lots}"
        ))
        .why("the code holds no lot, and the pack it is on is of none of these")
        .hint("look at the label, and scan the code that holds the lot (10) too")
        .hint(format!("see the lots: lotbook stock --lots {sku}")))
    }
}

/// What is said where a code without a lot was taken at its word: which lots it came to.
pub fn check_the_pack(items: &str) -> String {
    format!("the code holds no lot: took {items}, check the pack")
}
