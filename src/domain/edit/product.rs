//! What may be said about a product, and what an edit of it changes.

use super::{Fields, changes};
use crate::domain::catalog::{Category, Product, UseKind};
use crate::domain::fact::Change;
use crate::domain::gtins::{SaidGtin, learn};
use crate::domain::id::{FieldName, Sku};
use crate::domain::quantity::{Ask, Unit, Value};
use crate::domain::refusal::Refusal;
use crate::domain::time::Length;

/// What is said of something that may be there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// Nothing: it stays as it is.
    #[default]
    Nothing,
    /// That there is none.
    None,
    /// What it is.
    Some(T),
}

/// What is said about a product; what isn't said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProductFacts {
    /// What people call it.
    pub name: Said<String>,
    /// What it is for.
    pub category: Option<Category>,
    /// What one pack holds.
    pub pack: Option<Ask>,
    /// What one use takes.
    pub dose: Said<Ask>,
    /// How long it may be used after opening.
    pub opened_life: Said<Length>,
    /// Its GTINs.
    pub gtins: Vec<SaidGtin>,
    /// Facts from the label; none takes it away.
    pub attributes: Vec<(FieldName, Option<Value>)>,
    /// Whether it is taken into use again.
    pub in_use: bool,
}

impl ProductFacts {
    /// The product with these facts.
    ///
    /// # Errors
    ///
    /// Where they don't go with what it is: another unit, a life after opening of what is used
    /// once, a GTIN to take away that it has not.
    pub fn apply(&self, mut product: Product) -> Result<Product, Refusal> {
        let unit = product.unit();
        match &self.name {
            Said::Nothing => {}
            Said::None => product.name = None,
            Said::Some(name) => product.name = Some(name.clone()),
        }
        product.category = self.category.unwrap_or(product.category);
        product.retired &= !self.in_use;
        if let Some(pack) = self.pack {
            product.pack = pack.resolve(unit, product.pack)?;
        }
        match self.dose {
            Said::Nothing => {}
            Said::None => product.dose = None,
            Said::Some(dose) => product.dose = Some(dose.resolve(unit, product.pack)?),
        }
        match self.opened_life {
            Said::Nothing => {}
            Said::None => product.opened_life = opened_life(&product, None)?,
            Said::Some(life) => product.opened_life = opened_life(&product, Some(life))?,
        }
        learn(&mut product, &self.gtins)?;
        for (name, value) in &self.attributes {
            match value {
                Some(value) => drop(product.attributes.insert(name.clone(), value.clone())),
                None => drop(product.attributes.remove(name)),
            }
        }
        Ok(product)
    }
}

/// The fields of a product that an edit may change.
fn product_fields(product: &Product) -> Fields {
    let mut fields = Fields::new();
    fields.insert("category".into(), product.category.to_string());
    fields.insert("pack".into(), product.pack.to_string());
    if let Some(name) = &product.name {
        fields.insert("name".into(), name.clone());
    }
    if product.retired {
        fields.insert("retired".into(), "yes".to_owned());
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
/// received, and the pack of what is opened pack by pack. A category that was a slip may be
/// mended before.
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
    if received && old.use_kind == UseKind::Multi && old.pack != new.pack {
        return Err(Refusal::new(format!(
            "{} was received in packs of {}, and can't be in packs of {} from now on",
            old.sku, old.pack, new.pack
        ))
        .why("a container is opened with one whole pack of what was received")
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

/// Whether what is said of a new product is said in its unit: `each` where nobody said another.
pub fn check_unit(sku: &Sku, unit: Unit, said: [Option<Ask>; 2]) -> Result<(), Refusal> {
    for asked in said.into_iter().flatten() {
        if let Ask::In(_, given) = asked
            && given != unit
        {
            return Err(Refusal::new(format!(
                "{sku} would be counted in {unit}, and its pack or dose is said in {given}"
            ))
            .hint(format!("say what it is counted in: --unit {given}")));
        }
    }
    Ok(())
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
fn opened_life(product: &Product, life: Option<Length>) -> Result<Option<Length>, Refusal> {
    match (product.use_kind, life) {
        (UseKind::Single, _) => Err(Refusal::new(format!(
            "{} is used once, so it has no life after opening",
            product.sku
        ))
        .hint("leave --opened-life out, or write --opened-life none")),
        (UseKind::Multi, Some(life)) if !life.in_days() => Err(Refusal::new(format!(
            "a life after opening is counted in whole days, not in {life}"
        ))
        .hint("what is thrown away after one session is --use single")),
        (UseKind::Multi, life) => Ok(life),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::barcode::Gtin;
    use crate::domain::gtins::Packs;
    use crate::domain::quantity::Quantity;

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
            opened_life(&tube(use_kind), life).is_ok()
        };
        assert!(life(multi, "28d") && life(multi, "none"));
        assert!(life(multi, "0d"), "to be thrown away on the day of its opening");
        assert!(!life(multi, "20 min") && !life(UseKind::Single, "28d"));
        assert!(!life(UseKind::Single, "none"));
    }

    #[test]
    fn a_unit_that_was_forgotten_is_named() {
        let sku = tube(UseKind::Multi).sku;
        let said = |unit, text: &str| check_unit(&sku, unit, [None, text.parse().ok()]);
        let refusal = said(Unit::Each, "30 g").unwrap_err();
        assert_eq!(refusal.hints, ["say what it is counted in: --unit g"]);
        assert!(said(Unit::Gram, "30 g").is_ok() && said(Unit::Gram, "30").is_ok());
    }

    #[test]
    fn a_gtin_names_one_product() {
        let sku = tube(UseKind::Multi).sku;
        assert!(check_gtin(&sku, "09504000059125", Some("NUMB-4")).is_ok());
        assert!(check_gtin(&sku, "09504000059125", None).is_ok());
        assert!(check_gtin(&sku, "09504000059125", Some("CART-12")).is_err());
    }

    #[test]
    fn what_is_said_is_taken_and_the_rest_stays() {
        let gtin = |packs| {
            let gtin = Gtin::parse("09504000059125").unwrap();
            vec![SaidGtin { gtin, packs }]
        };
        let facts = ProductFacts {
            name: Said::Some("Numbing cream".to_owned()),
            pack: "15 g".parse().ok(),
            dose: Said::Some("2.5 g".parse().unwrap()),
            gtins: gtin(Packs::Count(10)),
            attributes: vec![("strength".parse().unwrap(), Some(Value::read("4 %")))],
            ..ProductFacts::default()
        };
        let cream = facts.apply(tube(UseKind::Multi)).unwrap();
        let of_them = |product: &Product| {
            product_changes(&tube(UseKind::Multi), product, false).unwrap().len()
        };
        assert_eq!(of_them(&cream), 5);
        assert_eq!(ProductFacts::default().apply(cream.clone()).unwrap(), cream);
        let none = ProductFacts {
            name: Said::None,
            dose: Said::None,
            gtins: gtin(Packs::Gone),
            attributes: vec![("strength".parse().unwrap(), None)],
            ..ProductFacts::default()
        };
        let bare = none.apply(cream).unwrap();
        assert_eq!(of_them(&bare), 1, "the pack alone: {bare:?}");
        assert!(none.apply(bare).is_err(), "a GTIN that it has not");
    }

    #[test]
    fn what_is_opened_pack_by_pack_keeps_its_pack_once_it_was_received() {
        for (use_kind, received, may) in [
            (UseKind::Multi, false, true),
            (UseKind::Multi, true, false),
            (UseKind::Single, true, true),
        ] {
            let old = tube(use_kind);
            let pack = Quantity::from_parts(20_000, Unit::Gram).unwrap();
            let new = Product { pack, ..old.clone() };
            let changed = product_changes(&old, &new, received);
            assert_eq!(changed.is_ok(), may, "{use_kind}, received: {received}: {changed:?}");
            assert!(product_changes(&old, &old, received).unwrap().is_empty());
        }
    }

    #[test]
    fn a_dose_is_counted_as_the_product_is_and_against_its_new_pack() {
        let said = |pack: &str, dose: &str| ProductFacts {
            pack: Some(pack.parse().unwrap()),
            dose: Said::Some(dose.parse().unwrap()),
            ..ProductFacts::default()
        };
        let product = said("10 g", "1 pack").apply(tube(UseKind::Multi)).unwrap();
        assert_eq!(product.dose.map(|dose| dose.to_string()).as_deref(), Some("10 g"));
        assert!(said("10 ml", "1 g").apply(tube(UseKind::Multi)).is_err());
        assert!(said("10 g", "1 ml").apply(tube(UseKind::Multi)).is_err());
    }
}
