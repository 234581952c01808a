//! The items of a step: what is chosen becomes openings and uses.

use crate::domain::catalog::Product;
use crate::domain::fact::{AtStep, Fact, Item, Usage};
use crate::domain::id::{ContainerId, PlaceName, Serial, SessionId, Sku};
use crate::domain::place::Place;
use crate::domain::quantity::{Ask, Quantity};
use crate::domain::refusal::Refusal;
use crate::domain::session::record::within;
use crate::domain::session::{Event, ItemStatus, Session, Use};
use crate::domain::stock::{
    Choice, Draw, Holding, LotState, NO_QUANTITY, Numbered, Opened, Piece, Pieces, agree_received,
    check_the_pack, item_text, not_gone, one_pack, opening,
};
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

/// Turns a choice into openings and parts. The serial number goes with the pack that it names: with
/// the one that is opened, or with the piece that is used.
pub fn take(
    product: &Product,
    choice: &Choice<'_>,
    session: SessionId,
    serial: Option<&Serial>,
) -> Taken {
    let mut taken = Taken::default();
    let of_piece = serial.filter(|_| Numbered::of(product) == Numbered::Piece);
    for draw in &choice.draws {
        match draw {
            Draw::Open { from, container, discard_by } => {
                taken.openings.push(opening(product, from, (*container, *discard_by), serial));
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
                        serial: of_piece.cloned(),
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

/// The items of one step, on their way into the ledger.
#[derive(Debug, Clone, Default)]
pub struct Items {
    /// Containers that are opened first.
    pub openings: Vec<Fact>,
    /// The parts used, each with its product.
    pub parts: Vec<(Product, Part)>,
}

impl Items {
    /// Adds what one asked-for item came to.
    pub fn add(&mut self, product: &Product, taken: Taken) {
        self.openings.extend(taken.openings);
        self.parts.extend(taken.parts.into_iter().map(|part| (product.clone(), part)));
    }

    /// The container that the pack with this serial number is opened as by this step.
    pub fn opened(&self, product: &Sku, serial: &Serial) -> Option<ContainerId> {
        let mut opened = self.openings.iter().filter_map(Fact::item);
        let it =
            opened.find(|item| item.product == *product && item.serial.as_ref() == Some(serial));
        it?.container
    }

    /// Refuses a piece that this step uses already.
    pub fn is_free(&self, product: &Product, serial: Option<&Serial>) -> Result<(), Refusal> {
        let (sku, Some(serial)) = (&product.sku, serial) else { return Ok(()) };
        let mut used = self.numbered(sku).filter(|(item, _)| matches!(item.to, Place::Session(_)));
        match used.any(|(_, used)| used == serial) {
            false => Ok(()),
            true => Err(Refusal::new(format!("this step uses serial {serial} of {sku} twice"))
                .why("a serial number names one pack, which is used once")
                .hint("name each pack once")),
        }
    }

    /// The items of a product that this step uses or opens under a serial number.
    pub fn numbered(&self, product: &Sku) -> impl Iterator<Item = (&Item, &Serial)> {
        let opened = self.openings.iter().filter_map(Fact::item);
        let items = opened.chain(self.parts.iter().map(|(_, part)| &part.item));
        let of_it = items.filter(move |item| item.product == *product);
        of_it.filter_map(|item| Some((item, item.serial.as_ref()?)))
    }

    /// The entry that the step gets, where `next` is the next one of the ledger.
    pub fn step_seq(&self, next: u64) -> u64 {
        next + self.openings.len() as u64
    }

    /// The uses as a protocol sees them before they are written, under the entry of their step.
    pub fn uses(&self, step_seq: u64) -> Vec<Use> {
        self.parts.iter().map(|(product, part)| part.as_use(product, step_seq)).collect()
    }

    /// The facts of a step in their order: what is opened for it, the step, what it used.
    pub fn facts(self, session: &Session, event: &Event) -> Vec<Fact> {
        let at = AtStep {
            within: within(session),
            step: event.step.clone(),
            areas: event.areas.clone(),
        };
        let step = Fact::SessionStep {
            at: at.clone(),
            readings: event.readings.clone(),
            despite: event.despite.clone(),
        };
        let used =
            self.parts.into_iter().map(|(product, part)| part.into_fact(at.clone(), &product));
        self.openings.into_iter().chain([step]).chain(used).collect()
    }
}

/// What a person reads of a fact of a step: which container was opened, what was taken from where.
pub fn said(fact: &Fact) -> Option<String> {
    match fact {
        Fact::ContainerOpen { item, discard_by } => {
            let until = discard_by.map_or("no limit".to_owned(), |day| format!("discard by {day}"));
            let container = item.container.map_or(String::new(), |id| id.to_string());
            let name = item_text(&item.product, item.lot.as_ref());
            Some(format!("opened {container} of {name}, {until}"))
        }
        Fact::StockUse(Usage { item, .. }) => {
            let name = item_text(&item.product, item.lot.as_ref());
            Some(format!("used {} of {name} from {}", item.quantity, item.from.in_words()))
        }
        _ => None,
    }
}

/// The number of the next container after these openings.
pub fn next_container(next: ContainerId, taken: &Taken) -> ContainerId {
    let opened = u32::try_from(taken.openings.len()).unwrap_or(0);
    ContainerId::new(next.number() + opened)
}

impl Part {
    /// The use as a protocol sees it; its entry is not written yet.
    fn as_use(&self, product: &Product, seq: u64) -> Use {
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
    fn into_fact(self, at: AtStep, product: &Product) -> Fact {
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

/// Whether a step may use this product, and this piece of it where a serial number names one, with
/// where the book last saw it: a retired product is not used any more, and a piece only once.
pub fn may_use(product: &Product, piece: Option<Piece<'_>>) -> Result<(), Refusal> {
    let sku = &product.sku;
    piece.map_or(Ok(()), |piece| not_gone(sku, piece))?;
    if product.retired {
        return Err(Refusal::new(format!("{sku} is retired: it is not used any more")).hint(
            format!("a manager can take it into use again: lotbook product edit {sku} --in-use"),
        ));
    }
    Ok(())
}

/// Refuses a pack whose serial number was never received, where what was chosen for it are packs
/// with numbers of their own.
pub fn check_unreceived(
    product: &Product,
    choice: &Choice<'_>,
    serial: &Serial,
    pieces: &Pieces,
) -> Result<(), Refusal> {
    choice.draws.iter().try_for_each(|draw| match draw {
        Draw::Open { from, .. } | Draw::Take { from, container: None, .. } => {
            agree_received(product, serial, from, pieces)
        }
        Draw::Take { container: Some(_), .. } => Ok(()),
    })
}

/// What the person at the chair must look at once more: items that came from another treatment
/// room, and those whose scan named no lot, nor a piece whose lot the book knows.
pub fn doubts(taken: &Taken, other_rooms: &[PlaceName], lotless_scan: bool) -> Vec<String> {
    let name = |part: &Part| item_text(&part.item.product, part.item.lot.as_ref());
    let elsewhere = taken.parts.iter().filter_map(|part| match &part.item.from {
        Place::Real(place) if other_rooms.contains(place) => {
            Some(format!("{} was taken from {place}, which is another room", name(part)))
        }
        _ => None,
    });
    let mut doubts: Vec<String> = elsewhere.collect();
    if lotless_scan {
        let items = taken.parts.iter().map(|part| match part.item.container {
            Some(id) => format!("{} in {id}", name(part)),
            None => name(part),
        });
        let items = items.collect::<Vec<_>>().join(", ");
        doubts.push(check_the_pack(&items));
    }
    doubts
}

/// How much a use takes: what was asked for, or what is usual. Of a piece that its serial number
/// names it is the whole, and of a pack that is opened for it no more than that.
pub fn quantity(
    product: &Product,
    asked: Option<Ask>,
    serial: Option<&Serial>,
) -> Result<Quantity, Refusal> {
    let asked = asked.map(|asked| asked.resolve(product.unit(), product.pack)).transpose()?;
    let named = |serial, quantity| {
        let named = one_pack(product.pack, serial, quantity);
        named.map_err(|refusal| refusal.hint(NO_QUANTITY)).map(|()| quantity)
    };
    match (serial.map(|serial| (serial, Numbered::of(product))), asked) {
        (Some((_, Numbered::Piece)), None) => Ok(product.pack),
        (Some((serial, Numbered::Piece)), Some(asked)) => named(serial, asked),
        (Some((serial, Numbered::Opened)), Some(asked)) if asked.parts() > product.pack.parts() => {
            named(serial, asked)
        }
        (_, Some(asked)) => Ok(asked),
        (_, None) => usual_quantity(product),
    }
}

/// How much a use takes where no quantity is given: the product's dose, or one piece of what is
/// used once. Nobody weighs cream, so a product without a dose must be told.
pub fn usual_quantity(product: &Product) -> Result<Quantity, Refusal> {
    use crate::domain::catalog::UseKind;
    match (product.dose, product.use_kind) {
        (Some(dose), _) => Ok(dose),
        (None, UseKind::Single) => {
            Ok(Quantity::from_parts(product.unit().parts(), product.unit())?)
        }
        (None, UseKind::Multi) => Err(Refusal::new(format!(
            "how much of {} was used is not known: the product has no dose",
            product.sku
        ))
        .hint(format!("write it before the item: --use \"2.5 {} {}\"", product.unit(), product.sku))
        .hint(format!("or set a dose once: lotbook product edit {} --dose QTY", product.sku))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::domain::catalog::{Category, Person, UseKind};
    use crate::domain::fact::Action;
    use crate::domain::quantity::Unit;
    use crate::domain::session::SessionState;
    use crate::domain::time::Expiry;

    fn cream() -> Product {
        Product {
            sku: "NUMB-4".parse().unwrap(),
            name: None,
            category: Category::Anesthetic,
            use_kind: UseKind::Multi,
            pack: Quantity::from_parts(30_000, Unit::Gram).unwrap(),
            dose: None,
            opened_life: None,
            gtins: BTreeMap::new(),
            attributes: BTreeMap::new(),
            retired: false,
        }
    }

    fn item(from: Place, to: Place) -> Item {
        Item {
            product: "NUMB-4".parse().unwrap(),
            lot: Some("L77".parse().unwrap()),
            serial: None,
            expiry: Expiry(None),
            container: Some(ContainerId::new(7)),
            quantity: Quantity::from_parts(2_500, Unit::Gram).unwrap(),
            from,
            to,
        }
    }

    fn taken() -> Taken {
        let (shelf, tube) = ("fridge".parse().unwrap(), Place::Container(ContainerId::new(7)));
        let session = Place::Session(SessionId::new(42));
        let opening = Fact::ContainerOpen { item: item(shelf, tube.clone()), discard_by: None };
        let part = Part {
            item: item(tube, session),
            discard_by: None,
            status: ItemStatus::USABLE,
            fefo_overridden: false,
        };
        Taken { openings: vec![opening], parts: vec![part] }
    }

    #[test]
    fn a_piece_is_used_once_and_a_retired_product_not_at_all() {
        let serial: Serial = "A1".parse().unwrap();
        let (used, shelf) = ("session:S-0042".parse().unwrap(), "fridge".parse().unwrap());
        let of = |place: Option<&Place>| {
            let seen = place.map(|place| (None, place));
            may_use(&cream(), Some(Piece { serial: &serial, seen }))
        };
        assert_eq!(
            of(Some(&used)).unwrap_err().to_string(),
            "serial A1 of NUMB-4 can't be used again; it was used in S-0042"
        );
        assert!(of(Some(&shelf)).is_ok() && of(None).is_ok() && may_use(&cream(), None).is_ok());
        let retired = Product { retired: true, ..cream() };
        assert!(may_use(&retired, None).unwrap_err().what.contains("is retired"));
    }

    #[test]
    fn a_piece_is_used_whole_and_of_a_pack_that_is_opened_no_more_than_that() {
        let serial: Serial = "T1".parse().unwrap();
        let piece = Product {
            use_kind: UseKind::Single,
            pack: Quantity::from_parts(1, Unit::Each).unwrap(),
            ..cream()
        };
        let boxed =
            Product { pack: Quantity::from_parts(10, Unit::Each).unwrap(), ..piece.clone() };
        let under = |product: &Product, asked: Option<&str>| {
            let asked = asked.map(|asked| asked.parse().unwrap());
            quantity(product, asked, Some(&serial)).map(|quantity| quantity.to_string())
        };
        let named = |refused: Result<String, Refusal>| refused.unwrap_err().what;
        assert_eq!(under(&piece, None).unwrap(), "1 each");
        assert_eq!(named(under(&piece, Some("2"))), "serial T1 names one pack, not 2 each");
        assert_eq!(under(&boxed, None).unwrap(), "1 each");
        assert_eq!(under(&boxed, Some("3")).unwrap(), "3 each");
        assert_eq!(under(&cream(), Some("30 g")).unwrap(), "30 g");
        assert_eq!(named(under(&cream(), Some("31 g"))), "serial T1 names one pack, not 31 g");
    }

    #[test]
    fn another_room_and_a_code_without_a_lot_are_doubted() {
        let mut taken = taken();
        assert!(doubts(&taken, &["fridge".parse().unwrap()], false).is_empty());
        assert_eq!(
            doubts(&taken, &[], true),
            ["the code holds no lot: took NUMB-4/L77 in K-0007, check the pack"]
        );
        taken.parts[0].item.from = "room-2".parse().unwrap();
        assert_eq!(
            doubts(&taken, &["room-2".parse().unwrap()], false),
            ["NUMB-4/L77 was taken from room-2, which is another room"]
        );
    }

    #[test]
    fn what_is_opened_comes_first_then_the_step_then_what_it_used() {
        let at = Moment::parse("2026-11-22T11:14:00+01:00").unwrap();
        let by = Person {
            id: "ben".parse().unwrap(),
            name: None,
            roles: Vec::new(),
            titles: Vec::new(),
            certificates: BTreeMap::new(),
            limits: BTreeMap::new(),
        };
        let session = Session {
            id: SessionId::new(42),
            client: "C-7F3K9QWX".parse().unwrap(),
            protocol: "p@1".parse().unwrap(),
            areas: Vec::new(),
            started: at,
            ended: None,
            state: SessionState::Open,
            events: Vec::new(),
        };
        let mut items = Items::default();
        items.add(&cream(), taken());
        items.add(&cream(), taken());
        let seq = items.step_seq(10);
        let event = Event {
            seq,
            at,
            by: Arc::new(by),
            step: "anesthetic-on".parse().unwrap(),
            areas: Vec::new(),
            readings: BTreeMap::new(),
            uses: items.uses(seq),
            despite: Vec::new(),
        };
        assert_eq!(event.uses.len(), 2);
        let facts = items.facts(&session, &event);
        let actions: Vec<Action> = facts.iter().map(Fact::action).collect();
        let (open, used) = (Action::ContainerOpen, Action::StockUse);
        assert_eq!(actions, [open, open, Action::SessionStep, used, used]);
        assert_eq!(seq, 12, "the third of them, where the next entry is 10");
        let words: Vec<String> = facts.iter().filter_map(said).collect();
        assert_eq!(words[0], "opened K-0007 of NUMB-4/L77, no limit");
        assert_eq!(words[2], "used 2.5 g of NUMB-4/L77 from K-0007");
    }
}
