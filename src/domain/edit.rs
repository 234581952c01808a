//! An edit as its changed fields: the ledger writes one entry for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalog::{Person, Product, UseKind};
use crate::domain::fact::Change;
use crate::domain::refusal::Refusal;

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
/// once stay what they are, because entries already speak of them.
pub fn product_changes(old: &Product, new: &Product) -> Result<Vec<Change>, Refusal> {
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
    Ok(changes(&product_fields(old), &product_fields(new)))
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
