//! The items of a step: what is chosen becomes openings and uses.

use crate::domain::catalog::Product;
use crate::domain::fact::{AtStep, Fact, Item, Usage};
use crate::domain::id::{ContainerId, Serial, SessionId};
use crate::domain::place::Place;
use crate::domain::quantity::Quantity;
use crate::domain::refusal::Refusal;
use crate::domain::session::{ItemStatus, Use};
use crate::domain::stock::{Choice, Draw, Holding, LotState, Opened, opening};
use crate::domain::time::{Day, Moment};

/// One part of what a step uses, on its way to becoming a fact.
#[derive(Debug, Clone)]
pub struct Part {
    /// The item, going to the session.
    pub item: Item,
    /// The container's discard-by.
    pub discard_by: Option<Day>,
    /// What it is like at this moment.
    pub status: ItemStatus,
    /// Whether a person chose another lot than first expired, first out would have.
    pub fefo_overridden: bool,
}

/// What one asked-for item comes to: containers that are opened first, then the parts used.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// The openings, in order.
    pub openings: Vec<Fact>,
    /// The parts used, in order.
    pub parts: Vec<Part>,
}

/// Turns a choice into openings and parts.
pub fn take(
    product: &Product,
    choice: &Choice<'_>,
    session: SessionId,
    serial: Option<&Serial>,
) -> Taken {
    let mut taken = Taken::default();
    for draw in &choice.draws {
        match draw {
            Draw::Open { from, container, discard_by } => {
                taken.openings.push(opening(product, from, *container, *discard_by));
            }
            Draw::Take { from, container, quantity, status } => {
                let place = container.map_or_else(
                    || from.place.clone(),
                    |(container, _)| Place::Container(container),
                );
                taken.parts.push(Part {
                    item: Item {
                        product: product.sku.clone(),
                        lot: from.lot.lot.clone(),
                        serial: serial.cloned(),
                        expiry: from.lot.expiry,
                        container: container.map(|(container, _)| container),
                        quantity: *quantity,
                        from: place,
                        to: Place::Session(session),
                    },
                    discard_by: container.and_then(|(_, discard_by)| discard_by),
                    status: *status,
                    fefo_overridden: choice.overridden,
                });
            }
        }
    }
    taken
}

/// Takes what was chosen out of the holdings, so that a second item of the same step sees what
/// the first one left.
pub fn settle(holdings: &mut Vec<Holding>, taken: &Taken, at: Moment) {
    for fact in &taken.openings {
        let Fact::ContainerOpen { item, discard_by } = fact else { continue };
        let Some(id) = item.container else { continue };
        let Some(lot) = subtract(holdings, item) else { continue };
        holdings.push(Holding {
            place: item.to.clone(),
            lot,
            opened: Some(Opened { id, at, discard_by: *discard_by }),
            parts: item.quantity.parts(),
        });
    }
    for part in &taken.parts {
        subtract(holdings, &part.item);
    }
}

fn subtract(holdings: &mut [Holding], item: &Item) -> Option<LotState> {
    let same = |holding: &&mut Holding| holding.place == item.from && holding.lot.lot == item.lot;
    let holding = holdings.iter_mut().find(same)?;
    holding.parts -= item.quantity.parts();
    Some(holding.lot.clone())
}

/// The number of the next container after these openings.
pub fn next_container(next: ContainerId, taken: &Taken) -> ContainerId {
    let opened = u32::try_from(taken.openings.len()).unwrap_or(0);
    ContainerId::new(next.number() + opened)
}

impl Part {
    /// The use as a protocol sees it; its entry is not written yet.
    pub fn as_use(&self, product: &Product, seq: u64) -> Use {
        Use {
            seq,
            category: product.category,
            product: product.sku.clone(),
            lot: self.item.lot.clone(),
            serial: self.item.serial.clone(),
            container: self.item.container,
            quantity: self.item.quantity,
            attributes: product.attributes.clone(),
            status: self.status,
        }
    }

    /// The fact of the use.
    pub fn into_fact(self, at: AtStep, product: &Product) -> Fact {
        Fact::StockUse(Usage {
            at,
            item: self.item,
            attributes: product.attributes.clone(),
            category: product.category,
            discard_by: self.discard_by,
            fefo_overridden: self.fefo_overridden,
            status: self.status,
        })
    }
}

/// How much a use takes where no quantity is given: the product's dose, or one piece of what is
/// used once. Nobody weighs cream, so a product without a dose must be told.
pub fn usual_quantity(product: &Product) -> Result<Quantity, Refusal> {
    use crate::domain::catalog::UseKind;
    match (product.dose, product.use_kind) {
        (Some(dose), _) => Ok(dose),
        (None, UseKind::Single) => Quantity::from_parts(product.unit().parts(), product.unit())
            .map_err(|error| Refusal::new(error.to_string())),
        (None, UseKind::Multi) => Err(Refusal::new(format!(
            "how much of {} was used is not known: the product has no dose",
            product.sku
        ))
        .hint(format!("write it before the item: --use \"2.5 {} {}\"", product.unit(), product.sku))
        .hint(format!("or set a dose once: lotbook product edit {} --dose QTY", product.sku))),
    }
}
