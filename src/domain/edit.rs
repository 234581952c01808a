//! An edit as its changed fields: the ledger writes one entry for each.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::domain::catalog::{Category, Person, Product, Role, UseKind};
use crate::domain::fact::Change;
use crate::domain::id::{FieldName, Sku};
use crate::domain::protocol::Protocol;
use crate::domain::protocol::rule::{Kind, Record, Shape};
use crate::domain::quantity::{Unit, Value};
use crate::domain::refusal::Refusal;
use crate::domain::time::{Day, Length};

type Fields = BTreeMap<String, String>;

/// What an edit changes, field by field; empty where nothing does.
fn changes(old: &Fields, new: &Fields) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| Change {
            field: name.as_str().into(),
            old: old.get(name).map(|value| value.as_str().into()),
            new: new.get(name).map(|value| value.as_str().into()),
        })
        .collect()
}

/// The fields of a product that an edit may change.
fn product_fields(product: &Product) -> Fields {
    let mut fields = Fields::new();
    fields.insert("category".into(), product.category.to_string());
    fields.insert("pack".into(), product.pack.to_string());
    if let Some(name) = &product.name {
        fields.insert("name".into(), name.clone());
    }
    if let Some(dose) = product.dose {
        fields.insert("dose".into(), dose.to_string());
    }
    if product.use_kind == UseKind::Multi {
        let life = product.opened_life.map_or("none".to_owned(), |life| life.to_string());
        fields.insert("opened_life".into(), life);
    }
    for (gtin, packs) in &product.gtins {
        fields.insert(format!("gtin.{gtin}"), packs.to_string());
    }
    for (name, value) in &product.attributes {
        fields.insert(format!("attr.{name}"), value.to_string());
    }
    fields
}

/// What changes from one state of a product to another. Its SKU, its unit and whether it is used
/// once stay what they are, because entries already speak of them; so does its category once it was
/// received. A category that was a slip may be mended before.
pub fn product_changes(
    old: &Product,
    new: &Product,
    received: bool,
) -> Result<Vec<Change>, Refusal> {
    if old.unit() != new.unit() {
        return Err(Refusal::new(format!(
            "{} is counted in {}, and can't be counted in {} from now on",
            old.sku,
            old.unit(),
            new.unit()
        ))
        .why("entries already name quantities in its unit")
        .hint("add another product, and retire this one"));
    }
    if received && old.category != new.category {
        return Err(Refusal::new(format!(
            "{} was received as {}, and can't become {} any more",
            old.sku, old.category, new.category
        ))
        .why("entries and sessions already speak of it by its category")
        .hint(format!("add another product, and then: lotbook product retire {}", old.sku)));
    }
    Ok(changes(&product_fields(old), &product_fields(new)))
}

/// What a product can't be: a cartridge that is weighed, or a dose that no pack holds.
pub fn check_product(product: &Product) -> Result<(), Refusal> {
    let (sku, unit) = (&product.sku, product.unit());
    if product.category == Category::Cartridge && unit != Unit::Each {
        return Err(Refusal::new(format!("{sku} is a cartridge, which is not counted in {unit}"))
            .why("a cartridge is a piece")
            .hint("write --unit each, or another --category"));
    }
    match product.dose {
        Some(dose) if dose.parts() > product.pack.parts() => Err(Refusal::new(format!(
            "one use of {sku} would take {dose}, and a pack holds {}",
            product.pack
        ))
        .why("the dose is what one use takes when no quantity is given")
        .hint("look at both again: --dose QTY, --pack QTY")),
        _ => Ok(()),
    }
}

/// What must be known of a product that is drawn from an opened container.
pub fn check_known(
    sku: &Sku,
    use_kind: UseKind,
    (pack, opened_life): (bool, bool),
) -> Result<(), Refusal> {
    match (use_kind, pack, opened_life) {
        (UseKind::Multi, false, _) => {
            Err(Refusal::new(format!("what one pack of {sku} holds is not known"))
                .hint("write what stands on the tube, vial or bottle: --pack \"30 g\""))
        }
        (UseKind::Multi, true, false) => {
            Err(Refusal::new(format!("how long {sku} may be used after opening is not known"))
                .why("it is on the pack or in the leaflet; an unknown period is asked, not assumed")
                .hint(
                    "write --opened-life 28d, or --opened-life none where the maker sets no limit",
                ))
        }
        (UseKind::Single, ..) | (UseKind::Multi, true, true) => Ok(()),
    }
}

/// A life after opening is in whole days, and only of what is drawn from an opened container.
pub fn check_opened_life(product: &Product, life: Option<Length>) -> Result<(), Refusal> {
    match (product.use_kind, life) {
        (UseKind::Single, _) => Err(Refusal::new(format!(
            "{} is used once, so it has no life after opening",
            product.sku
        ))),
        (UseKind::Multi, Some(life)) if !life.in_days() => Err(Refusal::new(format!(
            "a life after opening is counted in whole days, not in {life}"
        ))
        .hint("what is thrown away after one session is --use single")),
        (UseKind::Multi, _) => Ok(()),
    }
}

/// One GTIN names one product; `known` is the one that the book knows it for.
pub fn check_gtin(sku: &Sku, gtin: &str, known: Option<&str>) -> Result<(), Refusal> {
    match known {
        Some(taken) if taken != sku.as_str() => {
            Err(Refusal::new(format!("the GTIN {gtin} belongs to {taken} already"))
                .why("one GTIN names one product")
                .hint(format!("see what it is: lotbook product show {taken}")))
        }
        Some(_) | None => Ok(()),
    }
}

/// The units in which protocols read a number of one name; none stands for a count.
pub type UnitsRead = BTreeMap<FieldName, BTreeSet<Option<Box<str>>>>;

/// A limit is a number above nothing, in the unit in which protocols read it.
pub fn check_limit(name: &FieldName, limit: &Value, read: &UnitsRead) -> Result<(), Refusal> {
    let refuse = |why: String| {
        Refusal::new(format!("`{limit}` can't be the limit of {name}: {why}"))
            .hint("write a number and its unit, such as --limit depth=1.5mm")
    };
    let Value::Number { number, unit } = limit else {
        return Err(refuse("it is not a number with a decimal point".to_owned()));
    };
    if *number <= Decimal::ZERO {
        return Err(refuse("it must be more than zero".to_owned()));
    }
    match read.get(name) {
        Some(units) if !units.contains(unit) => {
            let words = |unit: &Option<Box<str>>| unit.as_deref().unwrap_or("pieces").to_owned();
            let units: Vec<String> = units.iter().map(words).collect();
            Err(refuse(format!("protocols read {name} in {}", units.join(" or "))))
        }
        None if unit.is_none() => Err(refuse("it has no unit".to_owned())),
        Some(_) | None => Ok(()),
    }
}

/// In which units protocols read what.
pub fn units_read<'p>(protocols: impl IntoIterator<Item = &'p Protocol>) -> UnitsRead {
    let mut read = UnitsRead::new();
    for rule in protocols.into_iter().flat_map(|protocol| &protocol.rules) {
        if let Kind::Record(Record { name, shape: Shape::Number { unit, .. }, .. }) = &rule.kind {
            read.entry(name.clone()).or_default().insert(unit.clone());
        }
    }
    read
}

/// The limits of a person that an edit sets anew.
pub fn new_limits<'n>(
    old: &Person,
    new: &'n Person,
) -> impl Iterator<Item = (&'n FieldName, &'n Value)> {
    new.limits.iter().filter(|(name, limit)| old.limits.get(*name) != Some(*limit))
}

/// The limits of an edit that have no effect so far, a sentence each.
pub fn idle_limits(old: &Person, new: &Person, read: &UnitsRead) -> Vec<String> {
    let idle = new_limits(old, new).filter(|(name, _)| !read.contains_key(*name));
    idle.map(|(name, _)| format!("no protocol reads {name}, so its limit has no effect so far"))
        .collect()
}

/// The certificates of an edit that are over already on the day of the entry, a sentence each.
pub fn past_certificates(old: &Person, new: &Person, today: Day) -> Vec<String> {
    let set =
        new.certificates.iter().filter(|(name, day)| old.certificates.get(*name) != Some(*day));
    set.filter(|(_, day)| **day < today)
        .map(|(name, day)| format!("the certificate {name} of {} was over on {day}", new.id))
        .collect()
}

/// A book without a manager could never get one again.
pub fn keep_a_manager(people: &[Person], edited: &Person) -> Result<(), Refusal> {
    let others = people.iter().filter(|person| person.id != edited.id);
    if others.chain([edited]).any(|person| person.roles.contains(&Role::Manager)) {
        return Ok(());
    }
    Err(Refusal::new(format!("{} is the only manager", edited.id))
        .why("a book without a manager could never get one again")
        .hint("make somebody else a manager first: lotbook staff edit ID --role manager"))
}

/// Titles and certificates are lowercase words joined by `-`, so that files can name them.
pub fn is_word(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase() || b"-0123456789".contains(&byte))
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.len() <= 64
}

/// The fields of a person that an edit may change.
fn person_fields(person: &Person) -> Fields {
    let mut fields = Fields::new();
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    if let Some(name) = &person.name {
        fields.insert("name".into(), name.clone());
    }
    if !roles.is_empty() {
        fields.insert("roles".into(), roles.join("+"));
    }
    if !person.titles.is_empty() {
        fields.insert("titles".into(), person.titles.join("+"));
    }
    for (name, day) in &person.certificates {
        fields.insert(format!("certificate.{name}"), day.to_string());
    }
    for (name, value) in &person.limits {
        fields.insert(format!("limit.{name}"), value.to_string());
    }
    fields
}

/// What changes from one state of a person to another.
pub fn person_changes(old: &Person, new: &Person) -> Vec<Change> {
    changes(&person_fields(old), &person_fields(new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::shipped::SHIPPED;
    use crate::domain::quantity::Quantity;

    #[test]
    fn a_limit_is_a_number_in_the_unit_that_protocols_read() {
        let depth = FieldName::new("depth").unwrap();
        let read = UnitsRead::from([(depth.clone(), BTreeSet::from([Some("mm".into())]))]);
        assert!(check_limit(&depth, &Value::read("1.5mm"), &read).is_ok());
        for bad in ["abc", "-1mm", "0 mm", "1,5mm", "1.5cm", "1.5"] {
            assert!(check_limit(&depth, &Value::read(bad), &read).is_err(), "{bad}");
        }
        assert!(check_limit(&depth, &Value::read("1.5"), &UnitsRead::new()).is_err());
        assert!(check_limit(&depth, &Value::read("1.5cm"), &UnitsRead::new()).is_ok());
    }

    fn tube(use_kind: UseKind) -> Product {
        Product {
            sku: "NUMB-4".parse().unwrap(),
            name: None,
            category: Category::Anesthetic,
            use_kind,
            pack: Quantity::from_parts(30_000, Unit::Gram).unwrap(),
            dose: None,
            opened_life: None,
            gtins: BTreeMap::new(),
            attributes: BTreeMap::new(),
            retired: false,
        }
    }

    #[test]
    fn a_tube_says_what_it_holds_and_how_long_it_lasts() {
        let (sku, multi) = (tube(UseKind::Multi).sku, UseKind::Multi);
        assert!(check_known(&sku, multi, (false, true)).is_err());
        assert!(check_known(&sku, multi, (true, false)).is_err());
        assert!(check_known(&sku, multi, (true, true)).is_ok());
        assert!(check_known(&sku, UseKind::Single, (false, false)).is_ok());
        let life = |use_kind, text: &str| {
            let life = (text != "none").then(|| text.parse().unwrap());
            check_opened_life(&tube(use_kind), life).is_ok()
        };
        assert!(life(multi, "28d") && life(multi, "none"));
        assert!(!life(multi, "20 min") && !life(UseKind::Single, "28d"));
        assert!(!life(UseKind::Single, "none"));
    }

    #[test]
    fn a_gtin_names_one_product() {
        let sku = tube(UseKind::Multi).sku;
        assert!(check_gtin(&sku, "09504000059125", Some("NUMB-4")).is_ok());
        assert!(check_gtin(&sku, "09504000059125", None).is_ok());
        assert!(check_gtin(&sku, "09504000059125", Some("CART-12")).is_err());
    }

    fn person(id: &str, roles: &[Role]) -> Person {
        Person {
            id: id.parse().unwrap(),
            name: None,
            roles: roles.to_vec(),
            titles: Vec::new(),
            certificates: BTreeMap::new(),
            limits: BTreeMap::new(),
        }
    }

    #[test]
    fn the_last_manager_stays_one() {
        let (ana, ben) = (person("ana", &[Role::Manager]), person("ben", &[Role::Technician]));
        let people = [ana.clone(), ben];
        let demoted = person("ana", &[Role::Technician]);
        assert!(keep_a_manager(&people, &demoted).is_err());
        assert!(keep_a_manager(&people, &ana).is_ok());
        assert!(keep_a_manager(&people, &person("ben", &[Role::Manager])).is_ok());
        let two = [ana, person("eva", &[Role::Manager])];
        assert!(keep_a_manager(&two, &demoted).is_ok());
    }

    #[test]
    fn what_an_edit_sets_to_no_effect_is_told_once() {
        let old = person("ben", &[Role::Technician]);
        let mut new = old.clone();
        new.limits.insert("depth".parse().unwrap(), Value::read("1mm"));
        new.certificates.insert("micro-needling".to_owned(), "2026-11-21".parse().unwrap());
        let today = "2026-11-22".parse().unwrap();
        assert_eq!(idle_limits(&old, &new, &UnitsRead::new()).len(), 1);
        assert_eq!(past_certificates(&old, &new, today).len(), 1);
        assert!(past_certificates(&old, &new, "2026-11-21".parse().unwrap()).is_empty());
        assert!(idle_limits(&new, &new, &UnitsRead::new()).is_empty());
        assert!(past_certificates(&new, &new, today).is_empty());
        let read = units_read(&crate::domain::protocol::parse(SHIPPED[0].text).0);
        assert!(idle_limits(&old, &new, &read).is_empty(), "the shipped protocol reads it");
    }

    #[test]
    fn a_title_is_a_word_that_a_file_can_name() {
        for good in ["nurse", "micro-needling", "level-2"] {
            assert!(is_word(good), "{good}");
        }
        for bad in ["", "Nurse", "2nd", "micro needling", &"x".repeat(65)] {
            assert!(!is_word(bad), "{bad}");
        }
    }
}
