//! The golden ledger: one fixed flow with a fixed clock and ids, and the bytes it must become.
//!
//! `tests/golden/ledger.csv` and `tests/golden/root.txt` hold what inspectors may already have in
//! their hands. **No commit changes them.** A program that writes other bytes for the same facts
//! has broken every ledger there is; actions that come later get a second file of their own.

use std::collections::BTreeMap;

use lotbook::domain::catalog::{Category, PlaceKind, Role};
use lotbook::domain::fact::{
    Action, AtStep, Because, Change, Fact, InSession, Item, Receipt, Usage,
};
use lotbook::domain::quantity::Value;
use lotbook::domain::session::{Despite, ItemFault, ItemStatus};
use lotbook::domain::stock::reverse;
use lotbook::domain::trail::entry::Entry;
use lotbook::domain::trail::hash::Hash;
use lotbook::domain::trail::line::header;
use lotbook::domain::trail::merkle;
use lotbook::store::{Book, Engine, StoreError};

use crate::clinic::{
    Clinic, Seeded, Ticking, actor, append_all, because, cartridge, cream, item, moment, moved,
    opening, person, waste,
};
use crate::engines::{On, on_every_engine};

on_every_engine!(the_same_flow_makes_the_same_bytes_and_root_for_ever);

const LEDGER: &str = include_str!("../golden/ledger.csv");
const ROOT: &str = include_str!("../golden/root.txt");
const PARENT: &str = "id = \"house-rules\"\nversion = \"2025.3\"\n";
const PROTOCOL: &str = "id = \"acne-scars-face\"\nversion = \"2026.1\"\n";

/// A book in which everything has happened once.
pub(crate) fn flow(engine: Box<dyn Engine>) -> Clinic {
    let clock = Ticking::new();
    let mut manager = person("mara", &[Role::Manager, Role::Prescriber]);
    manager.name = Some("Mára Ångström, \"die Chefin\"".to_owned());
    let ids = Box::new(Seeded::new(2026));
    let (book, _) = Book::create(engine, Box::new(clock.clone()), ids, opening(), manager).unwrap();
    let mut clinic = Clinic { book, clock };
    set_up(&mut clinic);
    receive_and_open(&mut clinic);
    treat(&mut clinic);
    put_right(&mut clinic);
    clinic
}

fn the_same_flow_makes_the_same_bytes_and_root_for_ever(on: On) {
    let database = on.database();
    let mut clinic = flow(database.engine());
    let written: String =
        [header()].into_iter().chain(clinic.lines()).map(|line| line + "\r\n").collect();
    let (size, root) = clinic.tree();
    let root = format!("{size} {root}\n");
    if written != LEDGER || root != ROOT {
        // What was written lies beside the build for whoever must find the difference.
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(folder.join("ledger.csv"), &written).unwrap();
        std::fs::write(folder.join("root.txt"), &root).unwrap();
    }
    let lines = written.split("\r\n").zip(LEDGER.split("\r\n")).enumerate();
    for (number, (written, golden)) in lines {
        assert_eq!(written, golden, "line {}", number + 1);
    }
    assert_eq!(written, LEDGER);
    assert_eq!(root, ROOT);
}

fn set_up(clinic: &mut Clinic) {
    let mut tara = person("tara", &[Role::Technician]);
    tara.name = Some("多羅 たら".to_owned());
    tara.titles = vec!["nurse".to_owned(), "aesthetician".to_owned()];
    let until = "2028-02-29".parse().unwrap();
    tara.certificates = BTreeMap::from([("micro-needling".to_owned(), until)]);
    tara.limits = BTreeMap::from([("depth".parse().unwrap(), Value::read("1.50mm"))]);
    clinic.writes(&[Fact::StaffAdd(tara)]);
    clinic.writes(&[Fact::StaffAdd(person("ivo", &[Role::Inspector]))]);
    for (name, kind) in [("room-1", PlaceKind::Room), ("fridge", PlaceKind::Fridge)] {
        clinic.writes(&[Fact::PlaceAdd { place: name.parse().unwrap(), kind }]);
    }
    clinic.writes(&[Fact::ProductAdd(cartridge())]);
    clinic.writes(&[Fact::ProductAdd(cream())]);
    for client in ["C-7F3K9QWX", "0815/7;b"] {
        clinic.writes(&[Fact::ClientNew(client.parse().unwrap())]);
    }
    let publish = |writing: &mut lotbook::store::Writing<'_>| {
        let parent = writing.keep_protocol_text(PARENT)?;
        let sha256 = writing.keep_protocol_text(PROTOCOL)?;
        let publish = |protocol: &str, sha256: &str, parent| Fact::ProtocolPublish {
            protocol: protocol.parse().unwrap(),
            sha256: sha256.into(),
            parent,
        };
        let extended = Some(("house-rules@2025.3".into(), parent.as_str().into()));
        writing.append(&publish("house-rules@2025.3", &parent, None))?;
        writing.append(&publish("acne-scars-face@2026.1", &sha256, extended))
    };
    clinic.book.write(actor("mara"), None, publish).unwrap();
}

fn receive_and_open(clinic: &mut Clinic) {
    let receipt = |item: Item| Receipt {
        item,
        supplier: "Lind, Söhne & \"Co\"; GmbH".into(),
        cost: Some("149.90".into()),
        document: Some("-2026/1".into()),
        gtin: Some("19504000059115".into()),
        packs: Some(20),
    };
    let formula = item(&cartridge(), "=cmd()", "2027-03-31", 20);
    clinic.writes(&[Fact::LotReceive(receipt(formula))]);
    let mut serial = item(&cartridge(), "007", "2026-10-31", 1);
    serial.serial = Some("S\u{200f}N;1,\"x\"".parse().unwrap());
    let typed = Receipt { cost: None, document: None, gtin: None, packs: None, ..receipt(serial) };
    clinic.writes(&[Fact::LotReceive(typed)]);
    let tubes = item(&cream(), "7", "none", 60_000);
    let tubes = Receipt { gtin: None, packs: Some(2), ..receipt(tubes) };
    let late = Some(moment("2026-10-24T23:59:59+02:00"));
    clinic.try_write_as("tara", late, &[Fact::LotReceive(tubes)]).unwrap();
    let tube = moved(item(&cream(), "7", "none", 30_000), "stockroom", "container:K-0001");
    let discard_by = Some("2026-11-30".parse().unwrap());
    let open = Fact::ContainerOpen { item: tube, discard_by };
    clinic.try_write_as("tara", None, &[open]).unwrap();
}

fn within() -> InSession {
    in_session("S-0001", "C-7F3K9QWX")
}

fn in_session(session: &str, client: &str) -> InSession {
    InSession {
        session: session.parse().unwrap(),
        client: client.parse().unwrap(),
        protocol: "acne-scars-face@2026.1".parse().unwrap(),
    }
}

fn start(within: InSession, areas: &[&str], pen: Option<&str>) -> Fact {
    Fact::SessionStart {
        within,
        areas: areas.iter().map(|area| area.parse().unwrap()).collect(),
        pen: pen.map(Into::into),
        place: Some("room-1".parse().unwrap()),
        sha256: Hash::of(PROTOCOL.as_bytes()).to_string().into(),
    }
}

fn at_step(step: &str, areas: &[&str]) -> AtStep {
    let areas = areas.iter().map(|area| area.parse().unwrap()).collect();
    AtStep { within: within(), step: step.parse().unwrap(), areas }
}

fn used(at: &AtStep, item: Item, category: Category, values: &[(&str, &str)]) -> Usage {
    let attributes =
        values.iter().map(|(name, text)| (name.parse().unwrap(), Value::read(text))).collect();
    let status = ItemStatus::USABLE;
    Usage {
        at: at.clone(),
        item,
        attributes,
        category,
        discard_by: None,
        fefo_overridden: false,
        status,
    }
}

fn treat(clinic: &mut Clinic) {
    let started = start(within(), &["cheeks", "fore-head"], Some("P 02"));
    clinic.try_write_as("tara", None, &[started]).unwrap();
    let at = at_step("anesthetic-on", &["cheeks", "fore-head"]);
    let cream_item = item(&cream(), "7", "none", 2_500);
    let cream_item = moved(cream_item, "container:K-0001", "session:S-0001");
    let values = [("dwell_min", "20 min"), ("strength_percent", "4 %")];
    let applied = Usage {
        discard_by: Some("2026-11-30".parse().unwrap()),
        ..used(&at, cream_item, Category::Anesthetic, &values)
    };
    let step = Fact::SessionStep { at, readings: BTreeMap::new(), despite: Vec::new() };
    clinic.try_write_as("tara", None, &[step, Fact::StockUse(applied)]).unwrap();

    let at = at_step("needling", &["cheeks"]);
    let readings = [("depth", "0.50 mm"), ("passes", "3"), ("redness", "mild; +")];
    let readings = readings.map(|(name, text)| (name.parse().unwrap(), Value::read(text))).into();
    let despite = vec![Despite { rule: "expired".into(), code: "clinical-judgement".into() }];
    let step = Fact::SessionStep { at: at.clone(), readings, despite };
    let values = [("needle_count", "12")];
    let use_of = |item: Item| {
        used(&at, moved(item, "stockroom", "session:S-0001"), Category::Cartridge, &values)
    };
    let mut serial = item(&cartridge(), "007", "2026-10-31", 1);
    serial.serial = Some("S\u{200f}N;1,\"x\"".parse().unwrap());
    let expired = use_of(serial);
    let expired =
        Usage { status: ItemStatus::of([ItemFault::Expired]), fefo_overridden: true, ..expired };
    let usable = use_of(item(&cartridge(), "=cmd()", "2027-03-31", 2));
    let facts = [step, Fact::StockUse(expired), Fact::StockUse(usable)];
    clinic.try_write_as("tara", None, &facts).unwrap();
    let finish = Fact::SessionFinish { within: within(), because: Some(because("supply")) };
    clinic.try_write_as("tara", None, &[finish]).unwrap();
}

fn put_right(clinic: &mut Clinic) {
    let dropped = item(&cartridge(), "=cmd()", "2027-03-31", 3);
    let Fact::StockWaste { item, .. } = waste(dropped, "stockroom", "dropped") else { return };
    let note = "two\nlines,\ttab \\ back, \u{202e}gnp; @x";
    let thrown = Fact::StockWaste {
        item,
        session: Some((within().session, within().client)),
        because: Because::new(Action::StockWaste, "other", Some(note)).unwrap(),
    };
    let thrown = clinic.try_write_as("tara", None, &[thrown]).unwrap();
    let lot = || (cartridge().sku, Some("=cmd()".parse().unwrap()));
    let (product, held) = lot();
    let hold = Fact::LotHold { product, lot: held, because: because("complaint") };
    clinic.try_write_as("tara", None, &[hold]).unwrap();
    let (product, lot) = lot();
    clinic.writes(&[Fact::LotRelease { product, lot, because: because("cleared") }]);
    // The waste is undone, then the end of the session, then the whole needling step: each
    // command last entry first.
    let waste = thrown.first.unwrap();
    for seq in [waste, waste - 1, waste - 3] {
        let undo = |writing: &mut lotbook::store::Writing<'_>| {
            let originals = writing.command_of(seq)?;
            append_all(writing, &reverse(&originals, &because("mis-scan"))?)
        };
        clinic.book.write(actor("tara"), None, undo).unwrap();
    }
    let stop = Fact::SessionStop { within: within(), because: because("client-left") };
    clinic.try_write_as("tara", None, &[stop]).unwrap();
    let second = || in_session("S-0002", "0815/7;b");
    clinic.try_write_as("tara", None, &[start(second(), &[], None)]).unwrap();
    let void = Fact::SessionVoid { within: second(), because: because("never-happened") };
    clinic.try_write_as("mara", None, &[void]).unwrap();
    edit_and_export(clinic);
}

fn edit_and_export(clinic: &mut Clinic) {
    let change = |field: &str, old: Option<&str>, new: Option<&str>| Change {
        field: field.into(),
        old: old.map(Into::into),
        new: new.map(Into::into),
    };
    let id = || "tara".parse().unwrap();
    let limit = change("limit.depth", Some("1.5 mm"), Some("2 mm"));
    let titles = change("titles", Some("nurse+aesthetician"), None);
    clinic.writes(&[
        Fact::StaffEdit { id: id(), change: limit },
        Fact::StaffEdit { id: id(), change: titles },
    ]);
    let (product, unit) = (cream().sku, cream().unit());
    let dose = change("dose", Some("2.5 g"), Some("3 g"));
    clinic.writes(&[Fact::ProductEdit { product: product.clone(), unit, change: dose }]);
    clinic.writes(&[Fact::ProductRetire { product, unit }]);
    let tried = clinic.try_write_as("tara", None, &[Fact::StaffAdd(person("eva", Role::ALL))]);
    assert!(matches!(tried, Err(StoreError::NotPermitted { .. })));
    let export = |writing: &mut lotbook::store::Writing<'_>| {
        let (root, size) = writing.tree();
        writing.append(&Fact::AuditExport {
            filters: Some("--lot '=cmd()'".into()),
            recipient: Some("Gesundheitsamt Köln".into()),
            purpose: None,
            root: root.to_string().into(),
            size,
        })
    };
    clinic.book.write(actor("ivo"), None, export).unwrap();
}

#[test]
fn the_golden_ledger_reads_back_and_hashes_to_its_root() {
    let lines: Vec<&str> = LEDGER.strip_suffix("\r\n").unwrap().split("\r\n").skip(1).collect();
    for line in &lines {
        let entry = Entry::parse(line).unwrap();
        assert_eq!(entry.line().unwrap(), *line);
        let fact = Fact::from_columns(&entry.action, &entry.columns).unwrap();
        assert_eq!(fact.columns().unwrap(), entry.columns);
    }
    let root = merkle::root(lines.iter().map(|line| merkle::leaf(line.as_bytes())));
    assert_eq!(format!("{} {root}\n", lines.len()), ROOT);
}
