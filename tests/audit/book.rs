//! A small book that holds a row of every table, on a clock that ticks and ids that are counted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use lotbook::config::Environment;
use lotbook::context::Surroundings;
use lotbook::domain::catalog::{Category, Person, PlaceKind, Product, Role, UseKind};
use lotbook::domain::fact::{
    Action, AtStep, Because, Change, Fact, InSession, Item, Opening, Receipt, Usage,
};
use lotbook::domain::id::{ClientRef, Lot, PlaceName, StaffId};
use lotbook::domain::place::Place;
use lotbook::domain::quantity::{Quantity, Unit, Value};
use lotbook::domain::session::ItemStatus;
use lotbook::domain::stock::reverse;
use lotbook::domain::time::{Expiry, Instant};
use lotbook::os::Folders;
use lotbook::store::{Actor, Book, Clock, Ids, Sqlite, StoreError, Verified, Writing};
use lotbook::ui::{Captured, Manner, Peer, Ui};
use rusqlite::Connection;
use uuid::{Builder, Uuid};

/// One second later at every look, from 2026-11-22 10:15 UTC.
pub(crate) struct Ticking(i64);

impl Default for Ticking {
    fn default() -> Self {
        Self(1_795_342_500_120)
    }
}

impl Clock for Ticking {
    fn now(&mut self) -> Instant {
        self.0 += 1000;
        Instant::from_millis(self.0).unwrap()
    }
}

/// Ids counted from 1.
#[derive(Default)]
pub(crate) struct Counted(u64);

impl Counted {
    /// Ids counted from there on.
    pub(crate) fn new(from: u64) -> Self {
        Self(from)
    }
}

impl Ids for Counted {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        let mut bits = [0; 10];
        bits[2..].copy_from_slice(&self.random().to_be_bytes());
        Builder::from_unix_timestamp_millis(now.millis().unsigned_abs(), &bits).into_uuid()
    }
    fn book_id(&mut self) -> Uuid {
        Builder::from_random_bytes([7; 16]).into_uuid()
    }
    fn random(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// A book in a folder of its own.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

/// A step, and one of the follow-up.
pub(crate) const PROTOCOL: &str = r#"
lotbook = 1
id = "acne-scars-face"
version = "2026.1"
title = "A short one"
areas = ["cheek", "nose"]

[[step]]
id = "needling"

[[step]]
id = "review"
phase = "follow-up"
"#;

impl Desk {
    /// A book with a delivery, an opened container, sessions, waste, a hold and reversals.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clinic.lotbook");
        let engine = Sqlite::create(&path).unwrap();
        let opening = Opening {
            book: Counted::default().book_id(),
            clinic: "Praxis \"Süd\", 2. OG".into(),
            currency: "EUR".into(),
            format: 1,
            zone: "Europe/Berlin".into(),
        };
        let (clock, ids) = (Box::new(Ticking::default()), Box::new(Counted::default()));
        let (mut book, _) =
            Book::create(Box::new(engine), clock, ids, opening, person("mara", Role::Manager))
                .unwrap();
        fill(&mut book);
        drop(book);
        Self { folder, path }
    }

    /// The book, opened by the program.
    pub(crate) fn open(&self) -> Book {
        self.try_open().unwrap()
    }

    pub(crate) fn try_open(&self) -> Result<Book, StoreError> {
        let engine = Sqlite::open(&self.path)?;
        let clock = Ticking(Ticking::default().0 + 3_600_000);
        static OPENINGS: AtomicU64 = AtomicU64::new(1);
        let ids = Counted(OPENINGS.fetch_add(1, Ordering::Relaxed) << 24);
        Book::open(Box::new(engine), Box::new(clock), Box::new(ids))
    }

    /// The file, opened behind the program's back.
    pub(crate) fn file(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }

    /// Runs statements behind the program's back.
    pub(crate) fn meddle(&self, sql: &str) {
        self.file().execute_batch(sql).unwrap();
    }

    /// The same without the triggers and constraints that would refuse it.
    pub(crate) fn force(&self, sql: &str) {
        let file = self.file();
        let fences: Vec<String> = {
            let query = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'";
            let mut statement = file.prepare(query).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        file.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
             DROP TRIGGER entry_append_only_insert;
             DROP TRIGGER entry_append_only_update;
             DROP TRIGGER entry_append_only_delete;",
        )
        .unwrap();
        file.execute_batch(sql).unwrap();
        file.execute_batch(&fences.join(";")).unwrap();
    }

    pub(crate) fn verify(&self) -> Verified {
        self.open().inspect(|snapshot| snapshot.verify(None, &mut |_| {})).unwrap()
    }

    /// The problems, one a line.
    pub(crate) fn problems(&self) -> String {
        problems(&self.verify())
    }
}

pub(crate) fn problems(verified: &Verified) -> String {
    verified.problems.iter().map(|problem| format!("{problem}\n")).collect()
}

pub(crate) fn person(id: &str, role: Role) -> Person {
    Person {
        id: StaffId::new(id).unwrap(),
        name: Some(format!("{id} of the clinic")),
        roles: vec![role],
        titles: vec!["nurse".to_owned()],
        certificates: BTreeMap::from([(
            "micro-needling".to_owned(),
            "2027-06-30".parse().unwrap(),
        )]),
        limits: BTreeMap::from([("depth".parse().unwrap(), Value::read("1.5 mm"))]),
    }
}

fn product(sku: &str, use_kind: UseKind, unit: Unit) -> Product {
    let (category, packed, life) = match use_kind {
        UseKind::Single => (Category::Cartridge, 1, None),
        UseKind::Multi => (Category::Anesthetic, 10, Some("28d".parse().unwrap())),
    };
    Product {
        sku: sku.parse().unwrap(),
        name: Some(format!("{sku}, the usual one")),
        category,
        use_kind,
        pack: Quantity::from_parts(packed * unit.parts(), unit).unwrap(),
        dose: Some(Quantity::from_parts(unit.parts(), unit).unwrap()),
        opened_life: life,
        gtins: BTreeMap::from([(format!("0084458800328{}", sku.len() % 10).into(), 1)]),
        attributes: BTreeMap::from([("needles".parse().unwrap(), Value::read("12"))]),
        retired: false,
    }
}

pub(crate) fn item(sku: &str, lot: &str, parts: i64, unit: Unit, from: &str, to: &str) -> Item {
    Item {
        product: sku.parse().unwrap(),
        lot: Some(Lot::new(lot).unwrap()),
        serial: None,
        expiry: Expiry(Some("2027-03-31".parse().unwrap())),
        container: None,
        quantity: Quantity::from_parts(parts, unit).unwrap(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    }
}

pub(crate) fn because(code: &str) -> Because {
    let mut of_any = Action::ALL.iter().filter_map(|action| Because::new(*action, code, None).ok());
    of_any.next().unwrap()
}

pub(crate) fn receipt(item: Item) -> Fact {
    Fact::LotReceive(Receipt {
        item,
        supplier: "Needle & Co".into(),
        cost: Some("49.90".into()),
        document: Some("=LS-77; 2".into()),
        gtin: None,
        packs: Some(2),
    })
}

pub(crate) fn write(book: &mut Book, staff: &str, facts: &[Fact]) -> u64 {
    let actor = Actor::Staff(StaffId::new(staff).unwrap());
    let (_, receipt) = book
        .write(actor, None, |writing| {
            facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
        })
        .unwrap();
    receipt.first.unwrap()
}

fn undo(book: &mut Book, staff: &str, seq: u64) {
    let actor = Actor::Staff(StaffId::new(staff).unwrap());
    let facts = |writing: &mut Writing<'_>| {
        let originals = writing.command_of(seq)?;
        let facts = reverse(&originals, &because("mis-scan"))?;
        facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
    };
    book.write(actor, None, facts).unwrap();
}

fn fill(book: &mut Book) {
    let each = Unit::Each;
    let ana = person("ana", Role::Technician);
    write(book, "mara", &[Fact::StaffAdd(ana), Fact::StaffAdd(person("ines", Role::Inspector))]);
    let place = PlaceName::new("room-1").unwrap();
    write(book, "mara", &[Fact::PlaceAdd { place, kind: PlaceKind::Room }]);
    write(book, "mara", &[Fact::ProductAdd(product("CART-12", UseKind::Single, each))]);
    write(book, "mara", &[Fact::ProductAdd(product("CART-12-X", UseKind::Single, each))]);
    write(book, "mara", &[Fact::ProductAdd(product("NUMB", UseKind::Multi, Unit::Gram))]);
    let edit = |field: &str, old: Option<&str>, new: Option<&str>| Fact::ProductEdit {
        product: "NUMB".parse().unwrap(),
        unit: Unit::Gram,
        change: Change { field: field.into(), old: old.map(Into::into), new: new.map(Into::into) },
    };
    write(
        book,
        "mara",
        &[
            edit("dose", Some("1 g"), Some("2.5 g")),
            edit("name", Some("NUMB, the usual one"), None),
            edit("attr.needles", Some("12"), None),
            edit("attr.strength", None, Some("5 %")),
            edit("gtin.00844588003299", None, Some("4")),
        ],
    );
    let retired = "CART-12-X".parse().unwrap();
    write(book, "mara", &[Fact::ProductRetire { product: retired, unit: each }]);
    let client = ClientRef::new("C-7K2M9QX4").unwrap();
    write(book, "ana", &[Fact::ClientNew(client.clone())]);

    write(book, "mara", &[receipt(item("CART-12", "24C0110", 20, each, "supplier", "stockroom"))]);
    let mut pen = item("CART-12", "24C0110", 1, each, "supplier", "stockroom");
    pen.serial = Some("SN-1".parse().unwrap());
    write(book, "mara", &[receipt(pen.clone())]);
    let grams = |parts, from, to| item("NUMB", "N/7", parts, Unit::Gram, from, to);
    write(book, "mara", &[receipt(grams(30_000, "supplier", "room-1"))]);
    let wrong =
        write(book, "mara", &[receipt(item("CART-12", "007", 5, each, "supplier", "room-1"))]);
    undo(book, "ana", wrong);

    let mut opened = grams(10_000, "room-1", "container:K-0001");
    opened.container = Some("K-0001".parse().unwrap());
    let discard_by = Some("2026-12-20".parse().unwrap());
    write(book, "ana", &[Fact::ContainerOpen { item: opened.clone(), discard_by }]);

    publish_and_treat(book, &client, opened, pen);

    let waste = Fact::StockWaste {
        item: item("CART-12", "24C0110", 2, each, "stockroom", "waste"),
        session: None,
        because: Because::new(Action::StockWaste, "other", Some("fell\n\"on\" the floor")).unwrap(),
    };
    write(book, "ana", &[waste]);
    let hold = |code: &str| (because(code), "CART-12".parse().unwrap(), Lot::new("24C0110").ok());
    let (why, product, lot) = hold("complaint");
    write(book, "ana", &[Fact::LotHold { product, lot, because: why }]);
    let (why, product, lot) = hold("cleared");
    write(book, "mara", &[Fact::LotRelease { product, lot, because: why }]);
    let late = lotbook::domain::time::Moment::parse("2026-11-20T09:00:00+01:00").unwrap();
    let noticed = Fact::ClientNew(ClientRef::new("C-2222LATE").unwrap());
    book.write(Actor::Staff("ana".parse().unwrap()), Some(late), |w| w.append(&noticed)).unwrap();
    let change = Change {
        field: "limit.depth".into(),
        old: Some("1.5 mm".into()),
        new: Some("2 mm".into()),
    };
    write(book, "mara", &[Fact::StaffEdit { id: "ana".parse().unwrap(), change }]);
    let refused = book.write(Actor::Staff("ines".parse().unwrap()), None, |writing| {
        writing.append(&Fact::ClientNew(ClientRef::new("C-1").unwrap()))
    });
    assert!(matches!(refused, Err(StoreError::NotPermitted { .. })));
}

fn publish_and_treat(book: &mut Book, client: &ClientRef, opened: Item, pen: Item) {
    let protocol: lotbook::domain::id::ProtocolRef = "acne-scars-face@2026.1".parse().unwrap();
    let actor = Actor::Staff("mara".parse().unwrap());
    let (sha256, _) = book
        .write(actor, None, |writing| {
            let sha256: Box<str> = writing.keep_protocol_text(PROTOCOL)?.into();
            writing.append(&Fact::ProtocolPublish {
                protocol: protocol.clone(),
                sha256: sha256.clone(),
                parent: None,
            })?;
            Ok(sha256)
        })
        .unwrap();
    for number in 1..=2 {
        let session = lotbook::domain::id::SessionId::new(number);
        let within = InSession { session, client: client.clone(), protocol: protocol.clone() };
        let start = Fact::SessionStart {
            within: within.clone(),
            areas: vec!["cheek".parse().unwrap(), "nose".parse().unwrap()],
            pen: Some("P-02".into()),
            place: Some(PlaceName::new("room-1").unwrap()),
            sha256: sha256.clone(),
        };
        write(book, "ana", &[start]);
        let at = AtStep {
            within: within.clone(),
            step: "needling".parse().unwrap(),
            areas: vec!["cheek".parse().unwrap()],
        };
        let readings = BTreeMap::from([("depth".parse().unwrap(), Value::read("0.5 mm"))]);
        let step = Fact::SessionStep { at: at.clone(), readings, despite: Vec::new() };
        let usage = |item: &Item, parts, from: &Place| {
            let cream = item.container.is_some();
            let (name, value) = if cream { ("strength", "5 %") } else { ("needles", "12") };
            let quantity = Quantity::from_parts(parts, item.quantity.unit()).unwrap();
            let (from, to) = (from.clone(), Place::Session(session));
            Fact::StockUse(Usage {
                at: at.clone(),
                item: Item { quantity, from, to, ..item.clone() },
                attributes: BTreeMap::from([(name.parse().unwrap(), Value::read(value))]),
                category: if cream { Category::Anesthetic } else { Category::Cartridge },
                discard_by: cream.then(|| "2026-12-20".parse().unwrap()),
                fefo_overridden: number == 2,
                status: ItemStatus::USABLE,
            })
        };
        let mut facts = vec![step, usage(&opened, 2_500, &opened.to)];
        if number == 1 {
            facts.push(usage(&pen, 1, &pen.to));
        }
        let logged = write(book, "ana", &facts);
        if number == 2 {
            undo(book, "ana", logged);
            let end = write(
                book,
                "ana",
                &[Fact::SessionFinish { within: within.clone(), because: None }],
            );
            undo(book, "ana", end);
            let why = because("client-left");
            write(book, "ana", &[Fact::SessionStop { within, because: why }]);
        } else {
            write(book, "ana", &[Fact::SessionFinish { within, because: None }]);
        }
    }
}

/// What a run of the program answered.
pub(crate) struct Answer {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// Runs the program on this book, as its inspector, in a cleared environment.
    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        let (sender, receiver) = std::sync::mpsc::channel();
        let ui = move |mut manner: Manner| {
            manner.width = Some(100);
            let (ui, captured) = Ui::captured(manner, Peer::Pipe, "");
            // The receiver outlives the run.
            let _ = sender.send(captured);
            ui
        };
        let clock = Ticking(Ticking::default().0 + 7_200_000);
        static RUNS: AtomicU64 = AtomicU64::new(1);
        let ids = Counted(RUNS.fetch_add(1, Ordering::Relaxed) << 32);
        let surroundings = Surroundings {
            environment: Environment::of([]),
            folders: Folders::default(),
            clock: Box::new(clock),
            ids: Box::new(ids),
            ui: Box::new(ui),
        };
        let path = self.path.to_str().unwrap();
        let start = ["lotbook", "--book", path, "--as", "ines"];
        let all = start.iter().chain(args);
        let code = lotbook::run(all.map(std::ffi::OsString::from), surroundings);
        let captured: Captured = receiver.recv().unwrap();
        Answer { code, stdout: captured.take_stdout(), stderr: captured.take_stderr() }
    }

    /// A folder beside the book.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
