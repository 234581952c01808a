//! The store against a plain model of it: a list of moves that is replayed from the start whenever
//! anything is asked. Whatever the model takes the book takes, whatever it refuses the book
//! refuses, and after every command both hold the same.

use std::collections::{BTreeMap, BTreeSet};

use lotbook::domain::catalog::Product;
use lotbook::domain::fact::{AtStep, Fact, InSession, Item, Usage};
use lotbook::domain::place::Place;
use lotbook::domain::session::ItemStatus;
use lotbook::domain::stock::{Holding, discard_by, reverse, usable};
use lotbook::domain::time::Moment;
use lotbook::domain::trail::merkle;
use lotbook::store::{Book, StoreError};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::clinic::{
    Clinic, Seeded, actor, append_all, because, cartridge, cream, delivery, item, moved, waste,
};
use crate::engines::{Database, On, on_every_engine};

const PLACES: [&str; 3] = ["stockroom", "room-1", "room-2"];
const LOTS: [(&str, &str); 3] = [("A", "2027-03-31"), ("a", "none"), ("none", "2026-10-31")];

/// One thing that somebody tries.
#[derive(Debug, Clone)]
enum Op {
    /// A delivery of packs, perhaps under a serial number: the book takes one of one pack.
    Receive {
        cream: bool,
        lot: usize,
        place: usize,
        packs: i64,
        serial: Option<u8>,
        ago: Ago,
    },
    Open {
        lot: usize,
        place: usize,
        serial: Option<u8>,
        ago: Ago,
    },
    /// Pieces from a shelf, or cream from the n-th container, into a session or the bin.
    Take {
        lot: usize,
        from: From,
        parts: i64,
        serial: Option<u8>,
        bin: bool,
        ago: Ago,
    },
    Hold {
        lot: usize,
        release: bool,
    },
    /// Reverses the command of some entry.
    Undo {
        pick: prop::sample::Index,
    },
    Wait {
        seconds: i64,
    },
    /// The program ends and begins again.
    Reopen,
}

/// Now, or some seconds ago.
type Ago = Option<i64>;

#[derive(Debug, Clone)]
enum From {
    Shelf(usize),
    Container(prop::sample::Index),
}

fn any_op() -> impl Strategy<Value = Op> {
    let ago = || prop_oneof![2 => Just(None), 1 => (0..60_i64).prop_map(Some)];
    let serial = || prop::option::weighted(0.25, 0..3_u8);
    let receive = (any::<bool>(), 0..3_usize, 0..3_usize, 1..4_i64, serial(), ago());
    let from = prop_oneof![
        2 => (0..3_usize).prop_map(From::Shelf),
        1 => any::<prop::sample::Index>().prop_map(From::Container),
    ];
    let take = (0..3_usize, from, 1..4_i64, serial(), any::<bool>(), ago());
    prop_oneof![
        4 => receive.prop_map(|(cream, lot, place, packs, serial, ago)| {
            Op::Receive { cream, lot, place, packs, serial, ago }
        }),
        3 => (0..3_usize, 0..3_usize, serial(), ago())
            .prop_map(|(lot, place, serial, ago)| Op::Open { lot, place, serial, ago }),
        6 => take.prop_map(|(lot, from, parts, serial, bin, ago)| {
            Op::Take { lot, from, parts, serial, bin, ago }
        }),
        1 => (0..3_usize, any::<bool>()).prop_map(|(lot, release)| Op::Hold { lot, release }),
        4 => any::<prop::sample::Index>().prop_map(|pick| Op::Undo { pick }),
        2 => (1..30_i64).prop_map(|seconds| Op::Wait { seconds }),
        1 => Just(Op::Reopen),
    ]
}

/// A move as the model remembers it.
#[derive(Debug, Clone)]
struct Moved {
    item: Item,
    at: i64,
    seq: u64,
    txn: u64,
    stands: bool,
}

type Lot = (String, String);

/// A serial number of a product.
type Number = (String, String);

fn lot_of(item: &Item) -> Lot {
    (item.product.to_string(), item.lot.as_ref().map_or("none".into(), ToString::to_string))
}

fn number_of(item: &Item) -> Option<Number> {
    Some((item.product.to_string(), item.serial.as_ref()?.to_string()))
}

/// Whether an item is the pack that a serial number names: a piece, or a tube that nothing was
/// taken from.
fn is_pack(item: &Item) -> bool {
    let (pack, to_session) = match item.product == cream().sku {
        true => (cream().pack, false),
        false => (cartridge().pack, true),
    };
    let opened = matches!(item.from, Place::Container(_));
    let used = matches!(item.to, Place::Session(_));
    item.quantity == pack && !opened && (to_session || !used)
}

#[derive(Debug, Clone, Default)]
struct Model {
    moves: Vec<Moved>,
    /// Where each serial number is, of which lot it is, and the entry that made it known.
    serials: BTreeMap<Number, (Lot, String, u64)>,
    containers: u32,
}

impl Model {
    /// Every balance after all standing moves, or none if one was ever negative on the way.
    fn balances(&self) -> Option<BTreeMap<(Lot, String), i64>> {
        let mut standing: Vec<&Moved> = self.moves.iter().filter(|moved| moved.stands).collect();
        standing.sort_by_key(|moved| (moved.at, moved.seq));
        let mut balances = BTreeMap::new();
        for moved in standing {
            let (item, parts) = (&moved.item, moved.item.quantity.parts());
            for (place, change) in [(&item.from, -parts), (&item.to, parts)] {
                if place.keeps_balance() {
                    let key = (lot_of(item), place.to_string());
                    let balance = balances.entry(key).or_insert(0);
                    *balance += change;
                    if *balance < 0 {
                        return None;
                    }
                }
            }
        }
        balances.retain(|_, balance| *balance != 0);
        Some(balances)
    }

    /// The model after one more move, or none if it must be refused.
    fn after(&self, item: &Item, at: i64, seq: u64, txn: u64) -> Option<Self> {
        let mut after = self.clone();
        after.moves.push(Moved { item: item.clone(), at, seq, txn, stands: true });
        after.balances()?;
        let Some(serial) = number_of(item) else { return Some(after) };
        if !is_pack(item) {
            return None;
        }
        let last = self
            .moves
            .iter()
            .filter(|moved| moved.stands && number_of(&moved.item).as_ref() == Some(&serial))
            .map(|moved| moved.at)
            .max();
        let known = self.serials.get(&serial);
        let here = (lot_of(item), item.from.to_string());
        if known
            .is_some_and(|(lot, place, _)| (lot, place) != (&here.0, &here.1) || last > Some(at))
        {
            return None;
        }
        let first = known.map_or(seq, |(_, _, first)| *first);
        after.serials.insert(serial, (lot_of(item), item.to.to_string(), first));
        Some(after)
    }

    /// The model without a command, or none if it can't be undone.
    fn without(&self, txn: u64) -> Option<Self> {
        let mut after = self.clone();
        let of_command = self.moves.iter().enumerate().filter(|(_, moved)| moved.txn == txn);
        for (index, moved) in of_command.collect::<Vec<_>>().into_iter().rev() {
            if !moved.stands {
                return None;
            }
            after.moves[index].stands = false;
            let Some(serial) = number_of(&moved.item) else { continue };
            let (lot, to) = (lot_of(&moved.item), moved.item.to.to_string());
            match after.serials.remove(&serial) {
                Some((known, place, first)) if known == lot && place == to => {
                    if first != moved.seq {
                        let back = (lot, moved.item.from.to_string(), first);
                        after.serials.insert(serial, back);
                    }
                }
                _ => return None,
            }
        }
        after.balances()?;
        Some(after)
    }

    fn knows(&self, product: &Product, lot: &str) -> bool {
        let lot = (product.sku.to_string(), lot.to_owned());
        self.moves.iter().any(|moved| lot_of(&moved.item) == lot)
    }
}

/// The book and the model side by side.
struct Pair {
    database: Database,
    clinic: Clinic,
    model: Model,
    /// The commands that may be undone at most once, by their first entry; `false` once undone.
    commands: BTreeMap<u64, bool>,
    /// The lots of pieces that are held.
    held: BTreeSet<String>,
}

fn within() -> InSession {
    InSession {
        session: "S-0001".parse().unwrap(),
        client: "C-1".parse().unwrap(),
        protocol: "acne@1".parse().unwrap(),
    }
}

fn use_facts(product: &Product, item: Item) -> Vec<Fact> {
    let at = AtStep { within: within(), step: "needling".parse().unwrap(), areas: Vec::new() };
    let step = Fact::SessionStep { at: at.clone(), readings: BTreeMap::new(), despite: Vec::new() };
    let usage = Usage {
        at,
        item,
        attributes: product.attributes.clone(),
        category: product.category,
        discard_by: None,
        fefo_overridden: false,
        status: ItemStatus::USABLE,
    };
    vec![step, Fact::StockUse(usage)]
}

impl Pair {
    fn new(on: On) -> Self {
        let database = on.database();
        let mut clinic = Clinic::equipped(database.engine(), 1);
        let publish = clinic.book.write(actor("mara"), None, |writing| {
            let sha256 = writing.keep_protocol_text("id = \"acne\"\n")?;
            let sha256: Box<str> = sha256.into();
            let protocol = within().protocol;
            let publish = Fact::ProtocolPublish { protocol, sha256: sha256.clone(), parent: None };
            let start = Fact::SessionStart {
                within: within(),
                areas: Vec::new(),
                pen: None,
                place: None,
                sha256,
            };
            append_all(writing, &[publish, Fact::ClientNew(within().client), start])
        });
        publish.unwrap();
        clinic.clock.shift_seconds(60);
        let (commands, held) = (BTreeMap::new(), BTreeSet::new());
        Self { database, clinic, model: Model::default(), commands, held }
    }

    fn run(&mut self, op: &Op) {
        let carts = |lot: usize, parts| item(&cartridge(), LOTS[lot].0, LOTS[lot].1, parts);
        let creams = |lot: usize, parts| item(&cream(), LOTS[lot].0, LOTS[lot].1, parts);
        let numbered = |serial: Option<u8>| serial.map(|n| format!("S{n}").parse().unwrap());
        match op.clone() {
            Op::Receive { cream, lot, place, packs, serial, ago } => {
                let item = if cream { creams(lot, packs * 30_000) } else { carts(lot, packs) };
                let (to, serial) = (PLACES[place].parse().unwrap(), numbered(serial));
                let item = Item { to, serial, ..item };
                self.move_item(vec![delivery(item)], ago);
            }
            Op::Open { lot, place, serial, ago } => {
                let container = format!("container:K-{:04}", self.model.containers + 1);
                let item = moved(creams(lot, 30_000), PLACES[place], &container);
                let item = Item { serial: numbered(serial), ..item };
                if self.move_item(vec![Fact::ContainerOpen { item, discard_by: None }], ago) {
                    self.model.containers += 1;
                }
            }
            Op::Take { lot, from, parts, serial, bin, ago } => {
                let serial = numbered(serial);
                let (product, from, item) = match from {
                    From::Shelf(place) => {
                        (cartridge(), PLACES[place].to_owned(), carts(lot, parts))
                    }
                    From::Container(_) if self.model.containers == 0 => return,
                    From::Container(pick) => {
                        let number = pick.index(self.model.containers as usize) + 1;
                        let from = format!("container:K-{number:04}");
                        (cream(), from, creams(lot, parts * 9_000))
                    }
                };
                let item = Item { serial, ..item };
                let facts = match bin {
                    true => vec![waste(item, &from, "dropped")],
                    false => use_facts(&product, moved(item, &from, "session:S-0001")),
                };
                self.move_item(facts, ago);
            }
            Op::Hold { lot, release } => self.hold(LOTS[lot].0, release),
            Op::Undo { pick } => self.undo(&pick),
            Op::Wait { seconds } => self.clinic.clock.shift_seconds(seconds),
            Op::Reopen => self.reopen(),
        }
    }

    /// Tries one command that moves one item, and compares the answers.
    fn move_item(&mut self, facts: Vec<Fact>, ago: Ago) -> bool {
        let now = self.clinic.clock.next().seconds();
        let at = now - ago.unwrap_or(0);
        let size = self.clinic.tree().0;
        let item = facts.iter().find_map(Fact::item).unwrap().clone();
        let seq = size + facts.len() as u64 - 1;
        let after = self.model.after(&item, at, seq, size);
        let late = ago.map(|_| Moment::new(at, 60).unwrap());
        let facts: Vec<Fact> = facts.into_iter().map(|fact| self.honest(fact, late)).collect();
        let written = self.clinic.try_write_as("mara", late, &facts);
        assert_eq!(written.is_ok(), after.is_some(), "{facts:?} {ago:?}: {written:?}");
        let Some(after) = after else { return false };
        self.model = after;
        self.commands.insert(size, true);
        true
    }

    /// The fact with what a command would have copied into it, as the book knows it: otherwise
    /// verify names the entry as false.
    fn honest(&mut self, fact: Fact, late: Option<Moment>) -> Fact {
        // The reading that the write will take, and not one before it.
        let now = self.clinic.clock.next();
        let book = &mut self.clinic.book;
        let at = late.unwrap_or_else(|| book.about().zone.moment(now));
        match fact {
            Fact::ContainerOpen { item, .. } => {
                let discard_by = discard_by(&cream(), item.expiry, at.day());
                Fact::ContainerOpen { item, discard_by }
            }
            Fact::StockUse(mut usage) => {
                let product = if usage.item.product == cream().sku { cream() } else { cartridge() };
                let holdings = book.read(|snapshot| snapshot.holdings(&product)).unwrap();
                let item = &usage.item;
                let from = |held: &&Holding| held.place == item.from && held.lot.lot == item.lot;
                if let Some(held) = holdings.iter().find(from) {
                    let opened = held.opened.as_ref();
                    let judged = usable(&product, &held.lot, opened, &held.place, at.day());
                    usage.status =
                        judged.err().and_then(|why| why.status()).unwrap_or(ItemStatus::USABLE);
                    usage.discard_by = opened.and_then(|opened| opened.discard_by);
                }
                if let Place::Container(container) = item.from {
                    usage.item.container = Some(container);
                }
                Fact::StockUse(usage)
            }
            other => other,
        }
    }

    fn hold(&mut self, lot: &str, release: bool) {
        let product = cartridge();
        let taken = self.model.knows(&product, lot) && self.held.contains(lot) == release;
        let name = lot.to_owned();
        let lot = (lot != "none").then(|| lot.parse().unwrap());
        let product = product.sku;
        let fact = match release {
            true => Fact::LotRelease { product, lot, because: because("cleared") },
            false => Fact::LotHold { product, lot, because: because("complaint") },
        };
        let written = self.clinic.try_write(&[fact]);
        assert_eq!(written.is_ok(), taken, "{written:?}");
        if taken && release {
            self.held.remove(&name);
        } else if taken {
            self.held.insert(name);
        }
    }

    fn undo(&mut self, pick: &prop::sample::Index) {
        let seq = pick.index(usize::try_from(self.clinic.tree().0).unwrap()) as u64;
        let command = self.commands.range(..=seq).next_back().map(|(txn, open)| (*txn, *open));
        let originals = self.clinic.book.read(|snapshot| snapshot.command_of(seq)).unwrap();
        let after = match command {
            Some((txn, true)) if originals[0].seq == txn => self.model.without(txn),
            _ => None,
        };
        let undone = self.clinic.book.write(actor("mara"), None, |writing| {
            let originals = writing.command_of(seq)?;
            append_all(writing, &reverse(&originals, &because("mis-scan"))?)
        });
        assert_eq!(undone.is_ok(), after.is_some(), "#{seq} {originals:?}: {undone:?}");
        if let (Some(after), Some((txn, _))) = (after, command) {
            self.model = after;
            self.commands.insert(txn, false);
        }
    }

    fn reopen(&mut self) {
        let lines = self.clinic.lines();
        let clock = Box::new(self.clinic.clock.clone());
        let engine = self.database.second().unwrap_or_else(|| self.database.engine());
        // Other ids from here on, as another run of the program has them.
        let ids = Box::new(Seeded::new(1000 + self.clinic.tree().0));
        self.clinic.book = Book::open(engine, clock, ids).unwrap();
        assert_eq!(self.clinic.lines(), lines);
    }

    /// What both hold must be the same, now.
    fn compare(&mut self) {
        let expected = self.model.balances().expect("the model never takes what it refuses");
        let holdings = self.clinic.book.read(|snapshot| snapshot.all_holdings()).unwrap();
        let found: BTreeMap<(Lot, String), i64> = holdings
            .iter()
            .map(|holding| {
                let lot = holding.lot.lot.as_ref().map_or("none".into(), ToString::to_string);
                let key = (holding.lot.product.to_string(), lot);
                ((key, holding.place.to_string()), holding.parts)
            })
            .collect();
        assert_eq!(found, expected);
        let rows = self.clinic.book.read(|snapshot| snapshot.all_serials()).unwrap();
        let known = rows.into_iter().map(|row| {
            let lot = row.lot.map_or("none".into(), |lot| lot.to_string());
            let number = (row.product.to_string(), row.serial.to_string());
            (number, ((row.product.to_string(), lot), row.place.to_string()))
        });
        let model = self.model.serials.iter();
        let model =
            model.map(|(serial, (lot, place, _))| (serial.clone(), (lot.clone(), place.clone())));
        assert!(known.eq(model), "the book and the model know other serial numbers");
    }

    /// What the ledger itself adds up to, read entry by entry.
    fn add_up(&mut self) {
        let mut sums: BTreeMap<(Lot, String), i64> = BTreeMap::new();
        let mut leaves = Vec::new();
        let read = self.clinic.book.read(|snapshot| {
            snapshot.entries(0, u64::MAX, &mut |entry, leaf| {
                leaves.push(leaf);
                let fact = Fact::from_columns(&entry.action, &entry.columns).unwrap();
                if let Some(item) = fact.item() {
                    let parts = item.quantity.parts();
                    for (place, parts) in [(&item.from, -parts), (&item.to, parts)] {
                        *sums.entry((lot_of(item), place.to_string())).or_default() += parts;
                    }
                }
                Ok::<_, StoreError>(lotbook::store::Rows::More)
            })
        });
        read.unwrap();
        let mut lots: BTreeMap<&Lot, i64> = BTreeMap::new();
        for ((lot, _), parts) in &sums {
            *lots.entry(lot).or_default() += parts;
        }
        assert!(lots.values().all(|sum| *sum == 0), "nothing is created or lost: {lots:?}");
        let kept =
            |place: &str| place.parse::<lotbook::domain::place::Place>().unwrap().keeps_balance();
        sums.retain(|(_, place), parts| *parts != 0 && kept(place));
        assert_eq!(Some(sums), self.model.balances());
        assert_eq!(merkle::root(leaves).to_string(), self.clinic.tree().1);
    }
}

on_every_engine!(the_book_takes_and_refuses_what_a_plain_model_does_and_holds_the_same);

fn the_book_takes_and_refuses_what_a_plain_model_does_and_holds_the_same(on: On) {
    let config =
        Config { cases: 32, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(any_op(), 1..40), |ops| {
        let mut pair = Pair::new(on);
        for op in &ops {
            pair.run(op);
            pair.compare();
        }
        pair.reopen();
        pair.compare();
        pair.add_up();
        pair.clinic.verifies();
        Ok(())
    });
    outcome.unwrap();
}
