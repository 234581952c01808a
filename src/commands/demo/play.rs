//! The days of the demonstration, played one command after the other in order of time, through the
//! same domain functions as the real commands.
//!
//! What the commands would ask of the book is kept beside it here, so that a book of a million
//! entries is made in seconds; what the book then holds is decided by the same code.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;

use super::clinic::{CARTRIDGE, CREAM, SERUM};
use super::plan::{Act, Deed, Step, Story, acts};
use super::script::{Scene, Script};
use crate::domain::catalog::{Person, Product};
use crate::domain::fact::{Action, Because, Fact};
use crate::domain::history::SessionFold;
use crate::domain::id::{
    AreaId, ClientRef, ContainerId, FieldName, Lot, PlaceName, SessionId, StepId,
};
use crate::domain::place::Place;
use crate::domain::protocol::Protocol;
use crate::domain::quantity::{Ask, Value};
use crate::domain::refusal::Refusal;
use crate::domain::session::record::{self, Log, Start, item_words};
use crate::domain::session::usage::{Items, Taken, next_container, settle, take, usual_quantity};
use crate::domain::session::{Despite, ItemFault, Use};
use crate::domain::stock::{
    Delivery, Discard, Holding, InHand, LotState, LotStatus, Verb, Want, Which, choose, hold,
    receive, usable, waste,
};
use crate::domain::time::{Day, Expiry, Instant, Moment, Zone};

type Done<T = ()> = Result<T, Refusal>;

/// A protocol with the hash of its text.
pub(super) struct Pinned {
    pub(super) protocol: Protocol,
    pub(super) sha256: Box<str>,
}

/// How the demonstration is set up.
pub(super) struct Setting {
    pub(super) zone: Zone,
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) sessions: u64,
    pub(super) people: Vec<Person>,
    pub(super) products: Vec<Product>,
    pub(super) full: Pinned,
    pub(super) short: Pinned,
}

/// What happens at a moment of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    Deliver(&'static str, u32),
    Start(u64),
    Act(u64, usize),
    DropOne,
    HoldNewest,
}

struct Shelf {
    product: Product,
    holdings: Vec<Holding>,
    delivered: u32,
}

struct Active {
    story: Story,
    fold: SessionFold,
    acts: Vec<Act>,
    start: i64,
    by: Arc<Person>,
}

/// The clinic while its days are played.
pub(super) struct Days {
    setting: Setting,
    people: Vec<Arc<Person>>,
    shelves: BTreeMap<&'static str, Shelf>,
    next_container: ContainerId,
    next_session: SessionId,
    active: HashMap<u64, Active>,
    queue: BinaryHeap<Reverse<(i64, u64, Task)>>,
    order: u64,
    rng: fastrand::Rng,
    stockroom: PlaceName,
    room: PlaceName,
    ended: u64,
}

/// How many cartridges one lot of a large book has, so that a trace has many uses to show.
const LARGE_LOT: u32 = 10_000;

impl Days {
    /// Queues everything that is known beforehand. `opened` is when the book was opened.
    pub(super) fn new(setting: Setting, rng: fastrand::Rng, opened: Instant) -> Done<Self> {
        let people = setting.people.iter().cloned().map(Arc::new).collect();
        let name = |text| PlaceName::new(text).map_err(Refusal::from);
        let shelf = |sku: &'static str| {
            let product = setting.products.iter().find(|product| product.sku.as_str() == sku);
            let product = product.cloned()?;
            Some((sku, Shelf { product, holdings: Vec::new(), delivered: 0 }))
        };
        let shelves = [CARTRIDGE, CREAM, SERUM].into_iter().filter_map(shelf).collect();
        let mut days = Self {
            people,
            shelves,
            next_container: ContainerId::new(1),
            next_session: SessionId::new(1),
            active: HashMap::new(),
            queue: BinaryHeap::new(),
            order: 0,
            rng,
            stockroom: name("stockroom")?,
            room: name("room-1")?,
            ended: 0,
            setting,
        };
        days.queue_sessions();
        days.queue_deliveries(opened.millis() + 60_000);
        Ok(days)
    }

    fn is_small(&self) -> bool {
        self.setting.sessions <= 200
    }

    fn queue(&mut self, millis: i64, task: Task) {
        self.order += 1;
        self.queue.push(Reverse((millis, self.order, task)));
    }

    /// Milliseconds of a minute of a day in the clinic.
    fn at(&self, day: Day, minute: i64) -> i64 {
        (self.setting.zone.start_of(day).seconds() + minute * 60) * 1000
    }

    /// Spreads the starts of the sessions over the opening hours of all days.
    fn queue_sessions(&mut self) {
        let total = self.setting.sessions;
        let span = self.setting.first.days_until(self.setting.last).max(1);
        for index in 0..total {
            let (index_i, total_i) = (index.cast_signed(), total.cast_signed().max(1));
            let slot = index_i * (span * 480) / total_i;
            let day = self.setting.first.plus_days(1 + slot / 480);
            let mut millis = self.at(day.min(self.setting.last), 9 * 60 + slot % 480);
            if Story::of(index, total) == Story::Open {
                millis = self.at(self.setting.last, 16 * 60);
            } else {
                millis += i64::from(self.rng.u32(0..60)) * 1000;
            }
            self.queue(millis, Task::Start(index));
        }
    }

    fn queue_deliveries(&mut self, first: i64) {
        let (cartridges, tubes, vials) = if self.is_small() { (10, 2, 1) } else { (0, 0, 0) };
        for (offset, sku, packs) in
            [(0, CARTRIDGE, cartridges), (60, CREAM, tubes), (120, SERUM, vials)]
        {
            if packs > 0 {
                self.queue(first + offset * 1000, Task::Deliver(sku, packs));
            }
        }
        if self.is_small() {
            // The second lot of cartridges expires before the last day, and some of it is left.
            let middle = self.setting.first.plus_days(60);
            let middle = self.at(middle, 8 * 60);
            self.queue(middle, Task::Deliver(CARTRIDGE, 3));
            let dropped = self.at(self.setting.first.plus_days(90), 17 * 60 + 30);
            self.queue(dropped, Task::DropOne);
            let late = self.at(self.setting.last.plus_days(-5), 8 * 60);
            self.queue(late, Task::Deliver(CARTRIDGE, 20));
            let held = self.at(self.setting.last, 8 * 60 + 30);
            self.queue(held, Task::HoldNewest);
        }
    }

    /// Plays until there are about `entries` more. None when nothing is left to play.
    pub(super) fn play(&mut self, script: &mut Script, entries: u64) -> Done<Option<Scene>> {
        let first = script.next_seq();
        let close = self.at(self.setting.last.plus_days(1), 0) - 4 * 3_600_000;
        while script.next_seq() < first + entries {
            let Some(Reverse((millis, _, task))) = self.queue.pop() else { break };
            if millis > close {
                // What lies beyond the last day has not happened yet.
                continue;
            }
            let now =
                Instant::from_millis(millis).map_err(|error| Refusal::new(error.to_string()))?;
            match task {
                Task::Deliver(sku, packs) => self.deliver(script, now, sku, packs)?,
                Task::Start(index) => self.start(script, now, index)?,
                Task::Act(index, act) => self.act(script, now, index, act)?,
                Task::DropOne => self.drop_one(script, now)?,
                Task::HoldNewest => self.hold_newest(script, now)?,
            }
        }
        let more = script.next_seq() > first;
        Ok(more.then(|| script.cut(std::mem::take(&mut self.ended))))
    }

    fn manager(&self) -> Arc<Person> {
        Arc::clone(&self.people[0])
    }

    fn shelf(&mut self, sku: &str) -> Done<&mut Shelf> {
        let missing = || Refusal::new(format!("the demo has no shelf for {sku}"));
        self.shelves.get_mut(sku).ok_or_else(missing)
    }

    fn deliver(
        &mut self,
        script: &mut Script,
        now: Instant,
        sku: &'static str,
        packs: u32,
    ) -> Done {
        let manager = self.manager();
        script.begin(now, &manager);
        let day = script.moment().day();
        let (small, last) = (self.is_small(), self.setting.last);
        let stockroom = self.stockroom.clone();
        let letter = char::from(self.rng.u8(b'A'..=b'F'));
        let number = self.rng.u32(100..999);
        let shelf = self.shelf(sku)?;
        shelf.delivered += 1;
        let (year, month, _) = day.parts();
        let lot = format!("{:02}{letter}{month:02}{number}", year % 100);
        let lot = Lot::new(&lot)?;
        let expires = match (small, sku, shelf.delivered) {
            (true, CARTRIDGE, 2) => day.plus_days(45),
            _ => last.plus_days(160 + 30 * i64::from(shelf.delivered % 6)),
        };
        let quantity = shelf.product.pack.times(i64::from(packs));
        let known: Vec<LotState> = shelf
            .holdings
            .iter()
            .map(|holding| holding.lot.clone())
            .filter(|known| known.lot.as_ref() == Some(&lot))
            .collect();
        let fact = receive(
            &shelf.product,
            &known,
            false,
            Delivery {
                quantity: quantity?,
                lot: Some(lot),
                serial: None,
                expiry: known.is_empty().then_some(Expiry(Some(expires)).into()),
                contradiction: None,
                to: Place::Real(stockroom),
                supplier: "Lind Medical".into(),
                cost: None,
                document: Some(format!("DN-{:05}", shelf.delivered).into()),
                gtin: shelf.product.gtins.keys().next().cloned(),
                packs: Some(packs),
                other_lot_confirmed: false,
            },
        )?;
        let seq = script.next_seq();
        if let Fact::LotReceive(receipt) = &fact {
            let item = &receipt.item;
            shelf.holdings.push(Holding {
                place: item.to.clone(),
                lot: LotState {
                    product: item.product.clone(),
                    lot: item.lot.clone(),
                    expiry: item.expiry,
                    status: LotStatus::Released,
                    status_seq: None,
                    first_seq: seq,
                },
                opened: None,
                parts: item.quantity.parts(),
            });
        }
        script.append(fact);
        Ok(())
    }

    /// Throws away what is past its discard-by, and orders what would run out.
    fn keep_stocked(&mut self, script: &mut Script, now: Instant) -> Done {
        for sku in [CREAM, SERUM] {
            self.discard_late(script, now, sku)?;
        }
        let today = self.setting.zone.moment(now).day();
        let lot = if self.is_small() { 10 } else { LARGE_LOT };
        // Whatever the sessions that are going on still use must be there: sessions start at any
        // time, and goods come only then.
        let going_on = if self.is_small() { 0 } else { self.active.len() as i64 };
        for (sku, least, packs) in [
            (CARTRIDGE, 2 + going_on, lot),
            (CREAM, 30_000 + going_on * 2_500, lot / 10 + 1),
            (SERUM, 20_000 + going_on * 2_000, lot / 100 + 1),
        ] {
            let shelf = self.shelf(sku)?;
            let can_be_used = |held: &&Holding| {
                let (lot, opened) = (&held.lot, held.opened.as_ref());
                usable(&shelf.product, lot, opened, &held.place, today).is_ok()
            };
            let left: i64 =
                shelf.holdings.iter().filter(can_be_used).map(|holding| holding.parts).sum();
            if left < least {
                self.deliver(script, now, sku, packs)?;
            }
        }
        Ok(())
    }

    fn discard_late(&mut self, script: &mut Script, now: Instant, sku: &'static str) -> Done {
        let manager = self.manager();
        let today = self.setting.zone.moment(now).day();
        let shelf = self.shelf(sku)?;
        let late = shelf.holdings.iter().find_map(|holding| {
            let opened = holding.opened.as_ref()?;
            (opened.discard_by? < today).then_some(opened.id)
        });
        let Some(container) = late else { return Ok(()) };
        script.begin(now, &manager);
        let fact = waste(
            &shelf.product,
            &shelf.holdings,
            Discard {
                serial: None,
                asked: None,
                which: Which::Any,
                container: Some(container),
                place: None,
                session: None,
                because: because(Action::StockWaste, "discard-by")?,
            },
        )?;
        script.append(fact);
        shelf
            .holdings
            .retain(|holding| holding.opened.as_ref().is_none_or(|opened| opened.id != container));
        Ok(())
    }

    fn drop_one(&mut self, script: &mut Script, now: Instant) -> Done {
        let by = Arc::clone(&self.people[1]);
        script.begin(now, &by);
        let shelf = self.shelf(CARTRIDGE)?;
        let Some(first) = shelf.holdings.iter_mut().find(|holding| holding.parts > 1) else {
            return Ok(());
        };
        let lot = first.lot.lot.clone();
        let fact = waste(
            &shelf.product,
            &shelf.holdings,
            Discard {
                serial: None,
                asked: Some(Ask::In(1.into(), shelf.product.unit())),
                which: Which::Lot(lot.clone()),
                container: None,
                place: None,
                session: None,
                because: because(Action::StockWaste, "dropped")?,
            },
        )?;
        script.append(fact);
        let same = shelf.holdings.iter_mut().find(|holding| holding.lot.lot == lot);
        if let Some(holding) = same {
            holding.parts -= 1;
        }
        Ok(())
    }

    fn hold_newest(&mut self, script: &mut Script, now: Instant) -> Done {
        let manager = self.manager();
        script.begin(now, &manager);
        let shelf = self.shelf(CARTRIDGE)?;
        let newest = shelf.holdings.iter_mut().max_by_key(|holding| holding.lot.first_seq);
        if let Some(holding) = newest {
            let fact = hold(&holding.lot, because(Action::LotHold, "supplier-notice")?)?;
            holding.lot.status_seq = Some(script.append(fact));
            holding.lot.status = LotStatus::Held;
        }
        Ok(())
    }

    fn start(&mut self, script: &mut Script, now: Instant, index: u64) -> Done {
        self.keep_stocked(script, now)?;
        let story = Story::of(index, self.setting.sessions);
        let by = Arc::clone(&self.people[1 + (index % 2) as usize]);
        script.begin(now, &by);
        let client = loop {
            if let Some(client) = ClientRef::from_random(self.rng.u64(..)) {
                break client;
            }
        };
        script.append(Fact::ClientNew(client.clone()));
        let pinned = if story.is_short() { &self.setting.short } else { &self.setting.full };
        let areas = ["forehead", "cheeks"].map(AreaId::new);
        let areas: Result<Vec<AreaId>, _> = areas.into_iter().collect();
        let fact = record::start(
            &pinned.protocol,
            Start {
                session: self.next_session,
                client,
                areas: areas?,
                pen: Some("P-0117".into()),
                place: Some(self.room.clone()),
                sha256: pinned.sha256.clone(),
            },
        )?;
        script.begin(now.plus_millis(1000), &by);
        let start = now.millis();
        let Some(fold) = SessionFold::start(script.moment(), &fact) else { return Ok(()) };
        script.append(fact);
        self.next_session = SessionId::new(self.next_session.number() + 1);
        let acts = acts(story);
        for (number, act) in acts.iter().enumerate() {
            self.queue(start + act.minute * 60_000, Task::Act(index, number));
        }
        self.active.insert(index, Active { story, fold, acts, start, by });
        Ok(())
    }

    fn act(&mut self, script: &mut Script, now: Instant, index: u64, act: usize) -> Done {
        let Some(mut active) = self.active.remove(&index) else { return Ok(()) };
        let Some(Act { deed, minute }) = active.acts.get(act).copied() else { return Ok(()) };
        debug_assert_eq!(active.start + minute * 60_000, now.millis());
        let is_last = act + 1 == active.acts.len();
        match deed {
            Deed::Step(step) => self.step(script, now, &mut active, step)?,
            Deed::Finish | Deed::Stop | Deed::Void => {
                script.begin(now, &active.by);
                let at = script.moment();
                let pinned =
                    if active.story.is_short() { &self.setting.short } else { &self.setting.full };
                let (protocol, session) = (&pinned.protocol, &active.fold.session);
                let fact = match deed {
                    Deed::Finish => record::finish(protocol, session, &[], None, at)?,
                    Deed::Stop => {
                        let because = because(Action::SessionStop, "client-left")?;
                        record::stop(protocol, session, because, at)?
                    }
                    _ => record::void(session, because(Action::SessionVoid, "wrong-client")?, at)?,
                };
                active.fold.apply(script.next_seq(), at, &active.by, &fact);
                script.append(fact);
                self.ended += 1;
            }
        }
        if !is_last {
            self.active.insert(index, active);
        }
        Ok(())
    }

    fn step(&mut self, script: &mut Script, now: Instant, active: &mut Active, step: Step) -> Done {
        let by = if step.id == "prescriber-clearance" { &self.people[3] } else { &active.by };
        let by = Arc::clone(by);
        script.begin(now, &by);
        let at = script.moment();
        let mut items = Items::default();
        if let Some(sku) = step.uses {
            let (taken, product) = self.take(sku, active.fold.session.id, at, step)?;
            items.add(&product, taken);
        }
        let seq = items.step_seq(script.next_seq());
        let uses = items.uses(seq);
        let pinned = if active.story.is_short() { &self.setting.short } else { &self.setting.full };
        let log = Log {
            step: StepId::new(step.id)?,
            areas: Vec::new(),
            readings: readings(step)?,
            despite: despite(step, &uses),
            uses,
            at,
            seq,
            by,
        };
        let event = record::log(&pinned.protocol, &active.fold, log)?;
        for fact in items.facts(&active.fold.session, &event) {
            script.append(fact);
        }
        active.fold.session.insert(event);
        Ok(())
    }

    /// Takes what a step uses from its shelf: what expires first, or, where the step is about an
    /// expired item, what has expired.
    fn take(
        &mut self,
        sku: &'static str,
        session: SessionId,
        at: Moment,
        step: Step,
    ) -> Done<(Taken, Product)> {
        let words: Vec<String> = step.despite.iter().map(|word| (*word).to_owned()).collect();
        let words = item_words(&words);
        let (next, room) = (self.next_container, self.room.clone());
        let shelf = self.shelf(sku)?;
        let expired = |held: &&Holding| held.lot.expiry.is_past(at.day()) && held.parts > 0;
        let expired = shelf.holdings.iter().find(expired);
        let want = Want {
            quantity: usual_quantity(&shelf.product)?,
            which: match expired.filter(|_| !words.is_empty()) {
                Some(held) => Which::Lot(held.lot.lot.clone()),
                None => Which::Any,
            },
            place: None,
            in_hand: InHand::Any,
            room: Some(&room),
            at,
            despite: &words,
            told: false,
            verb: Verb::Log { given: &[] },
        };
        let choice = choose(&shelf.product, &shelf.holdings, &want, next)?;
        let taken = take(&shelf.product, &choice, session, None);
        drop(choice);
        settle(&mut shelf.holdings, &taken, at);
        shelf.holdings.retain(|holding| holding.parts > 0);
        let product = shelf.product.clone();
        self.next_container = next_container(next, &taken);
        Ok((taken, product))
    }
}

fn readings(step: Step) -> Done<BTreeMap<FieldName, Value>> {
    let read = |(name, value): &(&str, &str)| {
        let name = name.parse().map_err(Refusal::from)?;
        Ok((name, Value::read(value)))
    };
    step.readings.iter().map(read).collect()
}

/// What the step breaks knowingly; a word of an item only where an item really was so.
fn despite(step: Step, uses: &[Use]) -> Vec<Despite> {
    let is_so = |word: &&str| match word.parse::<ItemFault>() {
        Ok(fault) => uses.iter().any(|used| used.status.has(fault)),
        Err(_) => true,
    };
    let words = step.despite.iter().copied().filter(is_so);
    words.map(|rule| Despite { rule: rule.into(), code: "clinical-judgement".into() }).collect()
}

fn because(action: Action, code: &str) -> Done<Because> {
    Because::new(action, code, None)
}
