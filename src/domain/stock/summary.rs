//! What there is: product by product, or lot by lot.

use super::{Fault, Holding, Unusable, usable};
use crate::domain::catalog::Product;
use crate::domain::time::Day;

/// What there is of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductStock<'s> {
    /// The product.
    pub product: &'s Product,
    /// Everything in real places and containers, in smallest parts.
    pub on_hand: i64,
    /// What of it may be used today.
    pub usable: i64,
    /// What of it is held, recalled or in quarantine.
    pub held: i64,
    /// What of it is past its expiry or discard-by.
    pub expired: i64,
    /// How many containers are open.
    pub open: i64,
    /// The earliest last day among what is usable.
    pub next_expiry: Option<Day>,
}

/// One line of the stock, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotStock<'s> {
    /// The product.
    pub product: &'s Product,
    /// What there is, where.
    pub holding: &'s Holding,
    /// Why it may not be used today, if so.
    pub unusable: Option<Unusable>,
}

impl LotStock<'_> {
    /// The last day on which it may be used.
    pub fn last_day(&self) -> Option<Day> {
        match &self.holding.opened {
            Some(opened) => opened.discard_by,
            None => self.holding.lot.expiry.0,
        }
    }
}

/// Judges every holding by the one usability function, ordered by product, then as first expired,
/// first out would take them. `products` are sorted by SKU ignoring case, as the book lists them.
pub fn lot_stock<'s>(
    products: &'s [Product],
    holdings: &'s [Holding],
    day: Day,
) -> Vec<LotStock<'s>> {
    let by_sku: std::collections::HashMap<&str, usize> =
        products.iter().enumerate().map(|(index, product)| (product.sku.as_str(), index)).collect();
    let mut lines: Vec<(usize, LotStock<'_>)> = holdings
        .iter()
        .filter_map(|holding| {
            let index = *by_sku.get(holding.lot.product.as_str())?;
            let product = &products[index];
            let opened = holding.opened.as_ref();
            let unusable = usable(product, &holding.lot, opened, &holding.place, day).err();
            Some((index, LotStock { product, holding, unusable }))
        })
        .collect();
    lines.sort_by(|(a_index, a), (b_index, b)| {
        let key = |line: &LotStock<'_>| {
            let last = line.last_day();
            (line.holding.opened.is_none(), last.is_none(), last, line.holding.lot.first_seq)
        };
        (a_index, key(a), &a.holding.place).cmp(&(b_index, key(b), &b.holding.place))
    });
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Adds the lines up, one row a product; products without stock have a row of zeros. Both are
/// sorted by product, as [`lot_stock`] leaves them, and walked once.
pub fn product_stock<'s>(products: &'s [Product], lines: &[LotStock<'s>]) -> Vec<ProductStock<'s>> {
    let mut rest = lines;
    let sum = |product: &'s Product| {
        let own = rest.iter().take_while(|line| line.product.sku == product.sku).count();
        let (own, others) = rest.split_at(own);
        rest = others;
        ProductStock::of(product, own)
    };
    products.iter().map(sum).collect()
}

impl<'s> ProductStock<'s> {
    /// How it stands, in a word: `usable` where anything is, else why nothing is. `asked_place`
    /// where only one place was asked for.
    pub fn standing(&self, asked_place: bool) -> &'static str {
        match (self.product.retired, self.usable, self.on_hand) {
            (true, ..) => "retired",
            (false, 1.., _) => "usable",
            (false, _, ..=0) if asked_place => "none here",
            (false, _, ..=0) => "out of stock",
            (false, _, on_hand) if on_hand == self.held => "held",
            (false, _, on_hand) if on_hand == self.expired => "expired",
            _ => "none usable",
        }
    }

    /// Adds up the lines of one product.
    fn of(product: &'s Product, lines: &[LotStock<'s>]) -> Self {
        let (on_hand, usable, held, expired, open) = (0, 0, 0, 0, 0);
        let mut stock = Self { product, on_hand, usable, held, expired, open, next_expiry: None };
        for line in lines {
            let parts = line.holding.parts;
            stock.on_hand += parts;
            stock.open += i64::from(line.holding.opened.is_some());
            match line.unusable.as_ref().map(Unusable::first) {
                None => {
                    stock.usable += parts;
                    stock.next_expiry = match (stock.next_expiry, line.last_day()) {
                        (Some(known), Some(day)) => Some(known.min(day)),
                        (known, day) => known.or(day),
                    };
                }
                Some(Fault::Status(_) | Fault::Quarantine) => stock.held += parts,
                Some(Fault::Expired(_) | Fault::DiscardBy(_)) => stock.expired += parts,
                Some(Fault::Retired) => {}
            }
        }
        stock
    }
}
