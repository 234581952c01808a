//! What the ids of a ledger mean: its staff, places, products and clients, replayed.
//!
//! Values are kept as the texts that the entries hold, because these are what the tables and the
//! bundle's lists hold; each is read once, to find the ones that mean nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use super::alone::amount;
use crate::domain::catalog::{Person, PlaceKind, Product, Role, UseKind};
use crate::domain::fact::{Change, Fact};
use crate::domain::id::{ClientRef, PlaceName, Sku, StaffId};
use crate::domain::quantity::{Quantity, Unit, show_parts};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: Option<String>,
    /// Their roles, joined by `+`.
    pub roles: Option<String>,
    /// Their titles, joined by `+`.
    pub titles: Option<String>,
    /// `certificate.X` and `limit.X`.
    pub qualifications: BTreeMap<String, String>,
}

impl StaffRow {
    /// What a field holds, as an edit names it.
    pub(super) fn value(&self, field: &str) -> Option<String> {
        match field {
            "name" => self.name.clone(),
            "roles" => self.roles.clone(),
            "titles" => self.titles.clone(),
            field => self.qualifications.get(field).cloned(),
        }
    }
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// What the clinic calls it.
    pub sku: Sku,
    /// What people call it.
    pub name: Option<String>,
    /// Its category.
    pub category: String,
    /// Single or multi use.
    pub use_kind: UseKind,
    /// Its base unit.
    pub unit: Unit,
    /// What one pack holds, in smallest parts.
    pub pack: i64,
    /// What one use takes, in smallest parts.
    pub dose: Option<i64>,
    /// How long an opened container may be used; `none` where the maker sets no limit.
    pub opened_life: Option<String>,
    /// Facts from the label.
    pub attributes: BTreeMap<String, String>,
    /// Whether it is neither received nor used any more.
    pub retired: bool,
}

/// Everything that has a name. Staff, places and products stand under their ids in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// Staff.
    pub staff: BTreeMap<String, StaffRow>,
    /// The clinic's places.
    pub places: BTreeMap<String, (PlaceName, PlaceKind)>,
    /// Products.
    pub products: BTreeMap<String, ProductRow>,
    /// GTINs, each with its product and how many packs it stands for.
    pub gtins: BTreeMap<Box<str>, (Sku, u32)>,
    /// Client references.
    pub clients: BTreeSet<ClientRef>,
}

impl Catalog {
    /// Takes in one fact; others than those about staff, places, products and clients change
    /// nothing.
    ///
    /// # Errors
    ///
    /// Says what of it can't be, given the facts before it.
    pub fn apply(&mut self, fact: &Fact) -> Verdict {
        match fact {
            Fact::StaffAdd(person) => self.staff_add(person),
            Fact::StaffEdit { id, change } => self.staff_edit(id, change),
            Fact::PlaceAdd { place, kind } => {
                let key = place.as_str().to_ascii_lowercase();
                match self.places.insert(key, (place.clone(), *kind)) {
                    None => Ok(()),
                    Some(_) => Err(format!("adds the place {place} a second time")),
                }
            }
            Fact::ProductAdd(product) => self.product_add(product),
            Fact::ProductEdit { product, unit, change } => {
                self.product(product, *unit)?;
                self.product_edit(product, *unit, change)
            }
            Fact::ProductRetire { product, unit } => {
                self.product(product, *unit)?.retired = true;
                Ok(())
            }
            Fact::ClientNew(client) => match self.clients.insert(client.clone()) {
                true => Ok(()),
                false => Err(format!("adds the client {client} a second time")),
            },
            _ => Ok(()),
        }
    }

    /// The roles of a member of staff, in the order they have them; none for nobody's id.
    pub fn roles(&self, id: &str) -> Option<Vec<Role>> {
        let row = self.staff.get(&id.to_ascii_lowercase()).filter(|row| row.id.as_str() == id)?;
        let words = row.roles.as_deref().into_iter().flat_map(|roles| roles.split('+'));
        Some(words.filter_map(|word| word.parse().ok()).collect())
    }

    /// The product with exactly this SKU, which is counted in this unit.
    pub(super) fn product(&mut self, sku: &Sku, unit: Unit) -> Result<&mut ProductRow, String> {
        let key = sku.as_str().to_ascii_lowercase();
        match self.products.get_mut(&key).filter(|row| row.sku == *sku) {
            None => Err(format!("names the product {sku}, which no entry before it adds")),
            Some(row) if row.unit != unit => {
                Err(format!("counts {sku} in {unit}; the product is counted in {}", row.unit))
            }
            Some(row) => Ok(row),
        }
    }

    /// The product with exactly this SKU.
    pub(super) fn known(&self, sku: &Sku) -> Option<&ProductRow> {
        let row = self.products.get(&sku.as_str().to_ascii_lowercase());
        row.filter(|row| row.sku == *sku)
    }

    /// A place of exactly this name.
    pub(super) fn place(&self, name: &PlaceName) -> Verdict {
        let is_known = |key: &str| self.places.get(key).is_some_and(|(known, _)| known == name);
        // Keys are in lower case, as most names are.
        if is_known(name.as_str()) || is_known(&name.as_str().to_ascii_lowercase()) {
            return Ok(());
        }
        Err(format!("names the place {name}, which no entry before it adds"))
    }

    /// What a field of a product holds, as an edit names it.
    pub(super) fn value(&self, row: &ProductRow, field: &str) -> Option<String> {
        let counted = |parts| format!("{} {}", show_parts(parts, row.unit), row.unit);
        match (field, field.split_once('.')) {
            ("name", _) => row.name.clone(),
            ("retired", _) => row.retired.then(|| "yes".to_owned()),
            ("category", _) => Some(row.category.clone()),
            ("opened_life", _) => row.opened_life.clone(),
            ("dose", _) => row.dose.map(counted),
            ("pack", _) => Some(counted(row.pack)),
            (_, Some(("attr", name))) => row.attributes.get(name).cloned(),
            (_, Some(("gtin", gtin))) => {
                let known = self.gtins.get(gtin).filter(|(sku, _)| *sku == row.sku);
                known.map(|(_, packs)| packs.to_string())
            }
            _ => None,
        }
    }

    fn staff_add(&mut self, person: &Person) -> Verdict {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let certificates = person.certificates.iter();
        let limits = person.limits.iter();
        let qualifications = certificates
            .map(|(name, day)| (format!("certificate.{name}"), day.to_string()))
            .chain(limits.map(|(name, value)| (format!("limit.{name}"), value.to_string())));
        let row = StaffRow {
            id: person.id.clone(),
            name: person.name.clone(),
            roles: filled(roles.join("+")),
            titles: filled(person.titles.join("+")),
            qualifications: qualifications.collect(),
        };
        match self.staff.insert(person.id.as_str().to_ascii_lowercase(), row) {
            None => Ok(()),
            Some(_) => Err(format!("adds {} a second time", person.id)),
        }
    }

    fn staff_edit(&mut self, id: &StaffId, change: &Change) -> Verdict {
        let row = self.staff.get_mut(&id.as_str().to_ascii_lowercase());
        let row = row.ok_or_else(|| format!("edits {id}, whom no entry before it adds"))?;
        let new = change.new.as_deref();
        let text = new.map(str::to_owned);
        match (&*change.field, change.field.split_once('.')) {
            ("name", _) => row.name = text,
            ("titles", _) => row.titles = text,
            ("roles", _) => row.roles = text,
            (field, Some(("certificate" | "limit", _))) => set(&mut row.qualifications, field, new),
            _ => {}
        }
        Ok(())
    }

    fn product_add(&mut self, product: &Product) -> Verdict {
        let attributes = product.attributes.iter();
        let row = ProductRow {
            sku: product.sku.clone(),
            name: product.name.clone(),
            category: product.category.to_string(),
            use_kind: product.use_kind,
            unit: product.unit(),
            pack: product.pack.parts(),
            dose: product.dose.map(Quantity::parts),
            opened_life: match (product.use_kind, product.opened_life) {
                (UseKind::Single, _) => None,
                (UseKind::Multi, life) => {
                    Some(life.map_or_else(|| "none".to_owned(), |life| life.to_string()))
                }
            },
            attributes: attributes
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            retired: false,
        };
        for (gtin, packs) in &product.gtins {
            self.gtins.insert(gtin.clone(), (product.sku.clone(), *packs));
        }
        match self.products.insert(product.sku.as_str().to_ascii_lowercase(), row) {
            None => Ok(()),
            Some(_) => Err(format!("adds the product {} a second time", product.sku)),
        }
    }

    fn product_edit(&mut self, sku: &Sku, unit: Unit, change: &Change) -> Verdict {
        let new = change.new.as_deref();
        let text = new.map(str::to_owned);
        let row = self.product(sku, unit)?;
        match (&*change.field, change.field.split_once('.')) {
            ("name", _) => row.name = text,
            ("retired", _) => row.retired = new.is_some(),
            ("category", _) => row.category = text.unwrap_or_default(),
            ("opened_life", _) => row.opened_life = text,
            ("dose", _) => row.dose = new.and_then(|dose| amount(dose, unit).ok()),
            ("pack", _) => row.pack = amount(new.unwrap_or_default(), unit).unwrap_or(row.pack),
            (_, Some(("attr", name))) => set(&mut row.attributes, name, new),
            (_, Some(("gtin", gtin))) => {
                self.gtins.remove(gtin);
                if let Some(packs) = new.and_then(|packs| packs.parse().ok()) {
                    self.gtins.insert(gtin.into(), (sku.clone(), packs));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn set(values: &mut BTreeMap<String, String>, name: &str, value: Option<&str>) {
    match value {
        Some(value) => values.insert(name.to_owned(), value.to_owned()),
        None => values.remove(name),
    };
}
