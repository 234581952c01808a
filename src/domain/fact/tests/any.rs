//! Generators: any fact that the domain can make, action by action.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::*;
use crate::domain::catalog::{Category, Person, PlaceKind, Product, Role, UseKind};
use crate::domain::id::ProtocolId;
use crate::domain::session::ItemFault;
use crate::domain::stock::{Original, reverse};
use crate::domain::time::{Length, Moment};

/// Texts that went wrong in real systems.
const TRICKY: &[&str] = &[
    "=cmd()",
    "007",
    "1E5",
    "a;b",
    "a; b=c",
    "a,b",
    "say \"no\"",
    "two\nlines",
    "tab\there",
    "\u{202e}gnp",
    "\u{feff}x",
    "\u{a0}=1",
    "\\",
    "\\n",
    "+49",
    "-1",
    "@x",
    "日本語",
    "Ünïcödé",
    "e\u{301}",
    "\u{7f}",
    "a\r",
    "'",
    "\u{ff1d}1",
    "x\u{2028}y",
    "\u{200f}",
];

/// Any text that an entry can hold.
pub(super) fn text() -> impl Strategy<Value = Box<str>> + Clone {
    let free = prop::collection::vec(any::<char>(), 1..10)
        .prop_map(|letters| letters.into_iter().filter(|letter| *letter != '\0').collect())
        .prop_filter("not empty", |text: &String| !text.is_empty());
    prop_oneof![prop::sample::select(TRICKY).prop_map(str::to_owned), free, "[a-z ]{1,12}"]
        .prop_map(Into::into)
}

/// Text that one of the checked ids takes.
fn id<T: std::str::FromStr + std::fmt::Debug>(
    texts: impl Strategy<Value = String>,
) -> impl Strategy<Value = T> {
    texts.prop_filter_map("not such an id", |text| text.parse().ok())
}

fn printed<T: std::str::FromStr + std::fmt::Debug>() -> impl Strategy<Value = T> {
    id(prop_oneof![text().prop_map(String::from), "[0-9A-Z/-]{1,20}"])
}

fn name<T: std::str::FromStr + std::fmt::Debug>() -> impl Strategy<Value = T> {
    id("[A-Za-z0-9][A-Za-z0-9._-]{0,10}")
}

fn kebab<T: std::str::FromStr + std::fmt::Debug>() -> impl Strategy<Value = T> {
    id("[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}")
}

fn client() -> impl Strategy<Value = ClientRef> {
    prop_oneof![
        any::<u64>().prop_filter_map("no digit", ClientRef::from_random),
        id("[A-Z]{0,3}[0-9]{1,6}[a-z;,=]{0,2}"),
    ]
}

fn protocol() -> impl Strategy<Value = ProtocolRef> {
    (kebab::<ProtocolId>(), "[0-9]{4}\\.[0-9]{1,2}")
        .prop_filter_map("no version", |(id, version)| ProtocolRef::new(id, &version).ok())
}

fn session() -> impl Strategy<Value = SessionId> {
    (1..=u32::MAX).prop_map(SessionId::new)
}

fn container() -> impl Strategy<Value = ContainerId> {
    (1..=u32::MAX).prop_map(ContainerId::new)
}

fn day() -> impl Strategy<Value = Day> {
    (0..2_921_939_i64).prop_map(|days| Day::new(2000, 1, 1).unwrap().plus_days(days))
}

fn quantity(unit: Unit) -> impl Strategy<Value = Quantity> {
    (1..=crate::domain::quantity::QUANTITY_MAX)
        .prop_map(move |parts| Quantity::from_parts(parts, unit).unwrap())
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL.to_vec())
}

fn value() -> impl Strategy<Value = Value> {
    let number =
        (any::<i64>(), 0..18_u32, prop::sample::select(vec!["", "mm", "%", "count", "µg"]))
            .prop_map(|(digits, scale, unit)| {
                let unit = Some(unit).filter(|unit| !unit.is_empty());
                Value::number(Decimal::new(digits, scale), unit)
            });
    let read = text()
        .prop_map(|text| Value::read(&text))
        .prop_filter("not empty", |value| !value.to_string().is_empty());
    prop_oneof![number, read]
}

fn values() -> impl Strategy<Value = BTreeMap<FieldName, Value>> {
    prop::collection::btree_map(id("[a-z][a-z0-9_]{0,6}"), value(), 0..3)
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        prop::sample::select(vec![
            Place::Supplier,
            Place::Opening,
            Place::Quarantine,
            Place::Waste,
            Place::Returned,
            Place::Variance,
        ]),
        name().prop_map(Place::Real),
        container().prop_map(Place::Container),
        session().prop_map(Place::Session),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let what = (name(), prop::option::of(printed()), prop::option::of(printed()));
    let which = (prop::option::of(day()), prop::option::of(container()));
    (what, which, unit().prop_flat_map(quantity), place(), place()).prop_map(
        |((product, lot, serial), (expiry, container), quantity, from, to)| Item {
            product,
            lot,
            serial,
            expiry: Expiry(expiry),
            container,
            quantity,
            from,
            to,
        },
    )
}

fn because(action: Action) -> impl Strategy<Value = Because> {
    let code = prop::sample::select(action.spec().reasons).prop_map(|(code, _)| code);
    (code, prop::option::of(text())).prop_filter_map("no reason", move |(code, note)| {
        Because::new(action, code, note.as_deref()).ok()
    })
}

fn change() -> impl Strategy<Value = Change> {
    (text(), prop::option::of(text()), prop::option::of(text()))
        .prop_map(|(field, old, new)| Change { field, old, new })
}

fn within() -> impl Strategy<Value = InSession> {
    (session(), client(), protocol()).prop_map(|(session, client, protocol)| InSession {
        session,
        client,
        protocol,
    })
}

fn areas() -> impl Strategy<Value = Vec<AreaId>> {
    prop::collection::vec(kebab(), 0..4)
}

fn at_step() -> impl Strategy<Value = AtStep> {
    (within(), kebab(), areas()).prop_map(|(within, step, areas)| AtStep { within, step, areas })
}

fn despite() -> impl Strategy<Value = Vec<Despite>> {
    // Sorted and each rule once: that is how a step's detail keeps them.
    prop::collection::btree_map("[a-z0-9-]{1,6}(\\.[a-z_]{1,5}){0,2}", text(), 0..3).prop_map(
        |rules| {
            let rules = rules.into_iter();
            rules.map(|(rule, code)| Despite { rule: rule.into(), code }).collect()
        },
    )
}

fn person() -> impl Strategy<Value = Person> {
    let words = prop::collection::vec("[a-z-]{1,8}", 0..3);
    let roles = prop::sample::subsequence(Role::ALL, 1..=Role::ALL.len()).prop_shuffle();
    let days = prop::collection::btree_map("[a-z][a-z0-9-]{0,8}", day(), 0..3);
    (name(), prop::option::of(text()), roles, words, days, values()).prop_map(
        |(id, name, roles, titles, certificates, limits)| Person {
            id,
            name: name.map(Into::into),
            roles,
            titles,
            certificates,
            limits,
        },
    )
}

fn life() -> impl Strategy<Value = Length> {
    prop_oneof![
        (0..36_525_i64).prop_map(Length::Days),
        (0..3_000_000_i64).prop_map(Length::Seconds),
    ]
}

fn product() -> impl Strategy<Value = Product> {
    let kinds = prop::sample::select(UseKind::ALL);
    let amounts = unit().prop_flat_map(|unit| (quantity(unit), prop::option::of(quantity(unit))));
    let gtins = prop::collection::btree_map("[0-9]{14}", 1..500_u32, 0..3);
    let category = prop::sample::select(Category::ALL);
    let named = (name(), prop::option::of(text()));
    (named, category, kinds, amounts, prop::option::of(life()), gtins, values()).prop_map(
        |((sku, name), category, use_kind, (pack, dose), life, gtins, attributes)| Product {
            sku,
            name: name.map(Into::into),
            category,
            use_kind,
            pack,
            dose,
            opened_life: life.filter(|_| use_kind == UseKind::Multi),
            gtins: gtins.into_iter().map(|(gtin, packs)| (gtin.into(), packs)).collect(),
            attributes,
            retired: false,
        },
    )
}

fn receipt() -> impl Strategy<Value = Receipt> {
    let said = (text(), prop::option::of(text()), prop::option::of(text()));
    (item(), said, prop::option::of(text()), prop::option::of(any::<u32>())).prop_map(
        |(item, (supplier, cost, document), gtin, packs)| Receipt {
            item: Item { container: None, ..item },
            supplier,
            cost,
            document,
            gtin,
            packs,
        },
    )
}

fn usage() -> impl Strategy<Value = Usage> {
    let status = prop::sample::subsequence(ItemFault::ALL, 0..=3).prop_map(ItemStatus::of);
    let judged = (prop::option::of(day()), any::<bool>(), status);
    let category = prop::sample::select(Category::ALL);
    (at_step(), item(), values(), category, judged).prop_map(
        |(at, item, attributes, category, (discard_by, fefo_overridden, status))| Usage {
            at,
            item,
            attributes,
            category,
            discard_by,
            fefo_overridden,
            status,
        },
    )
}

fn reversal() -> impl Strategy<Value = Fact> {
    let can: Vec<Action> =
        Action::ALL.iter().copied().filter(|action| action.spec().undo).collect();
    let original = prop::sample::select(can).prop_flat_map(fact);
    (original, 0..i64::MAX as u64, because(Action::Reversal)).prop_filter_map(
        "can't",
        |(fact, seq, because)| {
            let at = Moment::new(1_800_000_000, 60).ok()?;
            let original = Original { seq, at, fact, corrected_by: None };
            reverse(&[original], &because).ok()?.pop()
        },
    )
}

/// A fact of an action. Every action has its generator, or this does not compile.
pub(super) fn fact(action: Action) -> BoxedStrategy<Fact> {
    let hash = || "[0-9a-f]{64}".prop_map(Box::<str>::from);
    let lot_and_why = || (name(), prop::option::of(printed()), because(action));
    match action {
        Action::BookOpen => (any::<u128>(), text(), text(), any::<u32>(), text())
            .prop_map(|(book, clinic, currency, format, zone)| {
                let book = uuid::Uuid::from_u128(book);
                Fact::BookOpen(Opening { book, clinic, currency, format, zone })
            })
            .boxed(),
        Action::StaffAdd => person().prop_map(Fact::StaffAdd).boxed(),
        Action::StaffEdit => {
            (name(), change()).prop_map(|(id, change)| Fact::StaffEdit { id, change }).boxed()
        }
        Action::PlaceAdd => (name(), prop::sample::select(PlaceKind::ALL))
            .prop_map(|(place, kind)| Fact::PlaceAdd { place, kind })
            .boxed(),
        Action::ProductAdd => product().prop_map(Fact::ProductAdd).boxed(),
        Action::ProductEdit => (name(), unit(), change())
            .prop_map(|(product, unit, change)| Fact::ProductEdit { product, unit, change })
            .boxed(),
        Action::ProductRetire => (name(), unit())
            .prop_map(|(product, unit)| Fact::ProductRetire { product, unit })
            .boxed(),
        Action::ClientNew => client().prop_map(Fact::ClientNew).boxed(),
        Action::LotReceive => receipt().prop_map(Fact::LotReceive).boxed(),
        Action::ContainerOpen => (item(), container(), prop::option::of(day()))
            .prop_map(|(item, container, discard_by)| {
                let item = Item { container: Some(container), ..item };
                Fact::ContainerOpen { item, discard_by }
            })
            .boxed(),
        Action::ProtocolPublish => (protocol(), hash(), prop::option::of((text(), hash())))
            .prop_map(|(protocol, sha256, parent)| Fact::ProtocolPublish {
                protocol,
                sha256,
                parent,
            })
            .boxed(),
        Action::LotHold => lot_and_why()
            .prop_map(|(product, lot, because)| Fact::LotHold { product, lot, because })
            .boxed(),
        Action::LotRelease => lot_and_why()
            .prop_map(|(product, lot, because)| Fact::LotRelease { product, lot, because })
            .boxed(),
        Action::Reversal => reversal().boxed(),
        Action::AuditExport => {
            let said = (prop::option::of(text()), prop::option::of(text()));
            (said, prop::option::of(text()), hash(), any::<u64>())
                .prop_map(|((filters, recipient), purpose, root, size)| Fact::AuditExport {
                    filters,
                    recipient,
                    purpose,
                    root,
                    size,
                })
                .boxed()
        }
        Action::AccessRefuse => prop::sample::select(Action::ALL)
            .prop_map(|action| Fact::AccessRefuse { action })
            .boxed(),
        _ => fact_of_session(action),
    }
}

fn fact_of_session(action: Action) -> BoxedStrategy<Fact> {
    match action {
        Action::SessionStart => {
            let with = (prop::option::of(text()), prop::option::of(name()), "[0-9a-f]{64}");
            (within(), areas(), with)
                .prop_map(|(within, areas, (pen, place, sha256))| Fact::SessionStart {
                    within,
                    areas,
                    pen,
                    place,
                    sha256: sha256.into(),
                })
                .boxed()
        }
        Action::SessionStep => (at_step(), values(), despite())
            .prop_map(|(at, readings, despite)| Fact::SessionStep { at, readings, despite })
            .boxed(),
        Action::StockUse => usage().prop_map(Fact::StockUse).boxed(),
        Action::SessionFinish => (within(), prop::option::of(because(action)))
            .prop_map(|(within, because)| Fact::SessionFinish { within, because })
            .boxed(),
        Action::SessionStop => (within(), because(action))
            .prop_map(|(within, because)| Fact::SessionStop { within, because })
            .boxed(),
        Action::SessionVoid => (within(), because(action))
            .prop_map(|(within, because)| Fact::SessionVoid { within, because })
            .boxed(),
        Action::StockWaste => (item(), prop::option::of((session(), client())), because(action))
            .prop_map(|(item, session, because)| Fact::StockWaste { item, session, because })
            .boxed(),
        other => panic!("no generator makes a fact of `{other}`: add one beside the others"),
    }
}
