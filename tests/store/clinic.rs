//! A small clinic to test with: a clock that ticks, ids that repeat, people, places and products.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lotbook::domain::catalog::{Category, Person, PlaceKind, Product, Role, UseKind};
use lotbook::domain::fact::{Action, Because, Fact, Item, Opening, Receipt as Delivered};
use lotbook::domain::id::{ContainerId, Lot};
use lotbook::domain::place::Place;
use lotbook::domain::quantity::{Quantity, Unit, Value};
use lotbook::domain::time::{Expiry, Instant, Length, Moment};
use lotbook::store::{Actor, Book, Clock, Engine, Ids, Receipt, StoreError, Writing};
use uuid::{Builder, Uuid};

/// The first reading of every test's clock.
pub(crate) const START: &str = "2026-11-02T08:00:00.000Z";

/// A clock that moves on by one second with every reading, and that a test may set.
#[derive(Clone)]
pub(crate) struct Ticking(Rc<Cell<Instant>>);

impl Ticking {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Cell::new(Instant::parse(START).unwrap())))
    }

    /// Makes the next reading this one.
    pub(crate) fn set(&self, text: &str) {
        self.0.set(Instant::parse(text).unwrap());
    }

    /// Moves the next reading; backwards where negative.
    pub(crate) fn shift_seconds(&self, seconds: i64) {
        self.0.set(self.next().plus_millis(seconds * 1000));
    }

    /// What the next reading will be.
    pub(crate) fn next(&self) -> Instant {
        self.0.get()
    }
}

impl Clock for Ticking {
    fn now(&mut self) -> Instant {
        let now = self.0.get();
        self.0.set(now.plus_millis(1000));
        now
    }
}

/// Ids from a seed: the same seed makes the same ids in the same order (SplitMix64).
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Ids for Seeded {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        let (high, low) = (self.random().to_le_bytes(), self.random().to_le_bytes());
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&high);
        bytes[8..].copy_from_slice(&low[..2]);
        Builder::from_unix_timestamp_millis(now.millis().unsigned_abs(), &bytes).into_uuid()
    }

    fn book_id(&mut self) -> Uuid {
        let (high, low) = (self.random(), self.random());
        Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
            .into_uuid()
    }

    fn random(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

pub(crate) fn opening() -> Opening {
    Opening {
        book: "6f2c1a52-8f0e-4d59-9b57-3f0a4f3f1d11".parse().unwrap(),
        clinic: "Klinik Lindenhof; Köln".into(),
        currency: "EUR".into(),
        format: 1,
        zone: "Europe/Berlin".into(),
    }
}

pub(crate) fn person(id: &str, roles: &[Role]) -> Person {
    Person {
        id: id.parse().unwrap(),
        name: None,
        roles: roles.to_vec(),
        titles: Vec::new(),
        certificates: BTreeMap::new(),
        limits: BTreeMap::new(),
    }
}

/// The manager who opens every test's book.
pub(crate) fn mara() -> Person {
    person("mara", &[Role::Manager])
}

pub(crate) fn actor(id: &str) -> Actor {
    Actor::Staff(id.parse().unwrap())
}

pub(crate) fn quantity(parts: i64, unit: Unit) -> Quantity {
    Quantity::from_parts(parts, unit).unwrap()
}

/// A needle cartridge: single use, counted in pieces, a piece a pack.
pub(crate) fn cartridge() -> Product {
    Product {
        sku: "CART-12".parse().unwrap(),
        name: Some("Cartridge, 12 needles".into()),
        category: Category::Cartridge,
        use_kind: UseKind::Single,
        pack: quantity(1, Unit::Each),
        dose: None,
        opened_life: None,
        gtins: BTreeMap::from([("09504000059118".into(), 1), ("19504000059115".into(), 20)]),
        attributes: BTreeMap::from([("needle_count".parse().unwrap(), Value::read("12"))]),
        retired: false,
    }
}

/// A numbing cream: tubes of 30 g, 2.5 g a use, good for 28 days once open.
pub(crate) fn cream() -> Product {
    Product {
        sku: "NUMB-4".parse().unwrap(),
        name: None,
        category: Category::Anesthetic,
        use_kind: UseKind::Multi,
        pack: quantity(30_000, Unit::Gram),
        dose: Some(quantity(2_500, Unit::Gram)),
        opened_life: Some(Length::Days(28)),
        gtins: BTreeMap::new(),
        attributes: BTreeMap::from([
            ("strength_percent".parse().unwrap(), Value::read("4 %")),
            ("dwell_min".parse().unwrap(), Value::read("20 min")),
        ]),
        retired: false,
    }
}

/// Which lot, how much of it: what most facts of a test are about.
pub(crate) fn item(product: &Product, lot: &str, expiry: &str, parts: i64) -> Item {
    Item {
        product: product.sku.clone(),
        lot: (lot != "none").then(|| lot.parse::<Lot>().unwrap()),
        serial: None,
        expiry: expiry.parse::<Expiry>().unwrap(),
        container: None,
        quantity: quantity(parts, product.unit()),
        from: Place::Supplier,
        to: "stockroom".parse().unwrap(),
    }
}

/// The same item from one place to another; a container at either end is the item's container.
pub(crate) fn moved(item: Item, from: &str, to: &str) -> Item {
    let (from, to): (Place, Place) = (from.parse().unwrap(), to.parse().unwrap());
    let of_place = |place: &Place| match place {
        Place::Container(id) => Some(*id),
        _ => None,
    };
    let container: Option<ContainerId> = of_place(&from).or(of_place(&to));
    Item { from, to, container, ..item }
}

pub(crate) fn delivery(item: Item) -> Fact {
    Fact::LotReceive(Delivered {
        item,
        supplier: "Lind Medical".into(),
        cost: None,
        document: None,
        gtin: None,
        packs: None,
    })
}

pub(crate) fn waste(item: Item, from: &str, code: &str) -> Fact {
    Fact::StockWaste { item: moved(item, from, "waste"), session: None, because: because(code) }
}

pub(crate) fn because(code: &str) -> Because {
    let mut of_any = Action::ALL.iter().filter_map(|action| Because::new(*action, code, None).ok());
    of_any.next().unwrap()
}

pub(crate) fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

/// Appends facts as one command.
pub(crate) fn append_all(writing: &mut Writing<'_>, facts: &[Fact]) -> Result<(), StoreError> {
    facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
}

/// A book with its clock, so that a test can move time.
pub(crate) struct Clinic {
    pub(crate) book: Book,
    pub(crate) clock: Ticking,
}

impl Clinic {
    /// A new book on an engine: a manager and a stockroom, nothing else.
    pub(crate) fn open(engine: Box<dyn Engine>, seed: u64) -> Self {
        let clock = Ticking::new();
        let ids = Box::new(Seeded::new(seed));
        let (book, _) =
            Book::create(engine, Box::new(clock.clone()), ids, opening(), mara()).unwrap();
        Self { book, clock }
    }

    /// The same with a technician, an inspector, two rooms and two products.
    pub(crate) fn equipped(engine: Box<dyn Engine>, seed: u64) -> Self {
        let mut clinic = Self::open(engine, seed);
        let place = |name: &str, kind| Fact::PlaceAdd { place: name.parse().unwrap(), kind };
        clinic.writes(&[
            Fact::StaffAdd(person("tara", &[Role::Technician])),
            Fact::StaffAdd(person("ivo", &[Role::Inspector])),
            place("room-1", PlaceKind::Room),
            place("room-2", PlaceKind::Room),
            Fact::ProductAdd(cartridge()),
            Fact::ProductAdd(cream()),
        ]);
        clinic
    }

    /// Appends facts as one command of the manager, now.
    pub(crate) fn try_write(&mut self, facts: &[Fact]) -> Result<Receipt, StoreError> {
        self.try_write_as("mara", None, facts)
    }

    /// Appends facts as one command of anybody, perhaps late.
    pub(crate) fn try_write_as(
        &mut self,
        staff: &str,
        at: Option<Moment>,
        facts: &[Fact],
    ) -> Result<Receipt, StoreError> {
        let written = self.book.write(actor(staff), at, |writing| append_all(writing, facts));
        written.map(|((), receipt)| receipt)
    }

    /// Appends facts that must be taken.
    pub(crate) fn writes(&mut self, facts: &[Fact]) -> Receipt {
        self.try_write(facts).unwrap()
    }

    /// The canonical lines of the whole ledger.
    pub(crate) fn lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let read = self.book.read(|snapshot| {
            snapshot.entries(0, snapshot.size(), &mut |entry, _| {
                lines.push(entry.line()?);
                Ok(lotbook::store::Rows::More)
            })
        });
        read.unwrap();
        lines
    }

    /// The whole book must verify.
    pub(crate) fn verifies(&mut self) {
        let verified = self.book.read(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap();
        assert!(verified.problems.is_empty(), "{:#?}", verified.problems);
    }

    /// Size and root, as hex.
    pub(crate) fn tree(&mut self) -> (u64, String) {
        let head = self.book.read(|snapshot| snapshot.head()).unwrap();
        (head.frontier.size(), head.frontier.root().to_string())
    }
}
