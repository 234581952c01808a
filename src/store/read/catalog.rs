//! Products, places, staff and clients.

use std::collections::BTreeMap;

use super::{Snapshot, integer, maybe, number, owned, parsed, text};
use crate::domain::catalog::{Person, PlaceEntry, Product, UseKind};
use crate::domain::id::{ClientRef, PlaceName};
use crate::domain::quantity::{Quantity, Unit, Value as Reading};
use crate::store::engine::{Row, Rows, Value};
use crate::store::{StoreError, sql};

type Read<T> = Result<T, StoreError>;

impl Snapshot<'_> {
    /// The product with this SKU, ignoring case.
    pub fn product(&mut self, sku: &str) -> Read<Option<Product>> {
        let key = sku.to_ascii_lowercase();
        let mut found: Option<Product> = None;
        // One row for each pair of a GTIN and an attribute, of which a product has a few.
        self.engine.query(sql!("product_by_key"), &[Value::Text(&key)], &mut |row| {
            let product = match &mut found {
                Some(product) => product,
                none => none.insert(product_row(row)?),
            };
            if let (Some(gtin), Some(packs)) = (row.text(10)?, row.integer(11)?) {
                product.gtins.insert(gtin.into(), number(packs)?);
            }
            if let (Some(field), Some(value)) = (row.text(12)?, row.text(13)?) {
                product.attributes.insert(parsed(field)?, Reading::read(value));
            }
            Ok(Rows::More)
        })?;
        Ok(found)
    }

    /// All products, by SKU ignoring case.
    pub fn products(&mut self) -> Read<Vec<Product>> {
        let mut products = self.collect(sql!("product_list"), &[], product_row)?;
        let places: BTreeMap<String, usize> = products
            .iter()
            .enumerate()
            .map(|(index, product)| (product.sku.to_string(), index))
            .collect();
        let gtins = self.collect(sql!("gtin_list"), &[], |row| {
            Ok((owned(row, 1)?, text(row, 0)?.into(), number(integer(row, 2)?)?))
        })?;
        for (sku, gtin, packs) in gtins {
            if let Some(index) = places.get(&sku) {
                products[*index].gtins.insert(gtin, packs);
            }
        }
        let attributes = self.collect(sql!("attribute_list"), &[], |row| {
            Ok((owned(row, 0)?, parsed(text(row, 1)?)?, Reading::read(text(row, 2)?)))
        })?;
        for (sku, name, value) in attributes {
            if let Some(index) = places.get(&sku) {
                products[*index].attributes.insert(name, value);
            }
        }
        Ok(products)
    }

    /// The SKU that a GTIN names, and how many packs that pack level holds.
    pub fn gtin(&mut self, gtin: &str) -> Read<Option<(String, u32)>> {
        self.first(sql!("gtin_find"), &[gtin.into()], |row| {
            Ok((owned(row, 0)?, number(integer(row, 1)?)?))
        })
    }

    /// All places of the clinic.
    pub fn places(&mut self) -> Read<Vec<PlaceEntry>> {
        self.collect(sql!("place_list"), &[], |row| {
            Ok(PlaceEntry { name: parsed(text(row, 1)?)?, kind: parsed(text(row, 2)?)? })
        })
    }

    /// The place with this name, ignoring case.
    pub fn place(&mut self, name: &str) -> Read<Option<PlaceName>> {
        let places = self.places()?;
        let mut names = places.into_iter().map(|place| place.name);
        Ok(names.find(|place| place.as_str().eq_ignore_ascii_case(name)))
    }

    /// The member of staff with this id, ignoring case.
    pub fn person(&mut self, id: &str) -> Read<Option<Person>> {
        let key = id.to_ascii_lowercase();
        let mut found: Option<Person> = None;
        self.engine.query(sql!("staff_by_key"), &[Value::Text(&key)], &mut |row| {
            let person = match &mut found {
                Some(person) => person,
                none => none.insert(person_row(row)?),
            };
            if let (Some(field), Some(value)) = (row.text(5)?, row.text(6)?) {
                qualify(person, field, value)?;
            }
            Ok(Rows::More)
        })?;
        Ok(found)
    }

    /// All staff, by id ignoring case.
    pub fn people(&mut self) -> Read<Vec<Person>> {
        let mut people = self.collect(sql!("staff_list"), &[], person_row)?;
        let facts = self.collect(sql!("qualification_list"), &[], |row| {
            Ok((owned(row, 0)?, owned(row, 1)?, owned(row, 2)?))
        })?;
        for (key, field, value) in facts {
            let found =
                people.iter_mut().find(|person| person.id.as_str().eq_ignore_ascii_case(&key));
            if let Some(person) = found {
                qualify(person, &field, &value)?;
            }
        }
        Ok(people)
    }

    /// Whether the book knows this client reference.
    pub fn knows_client(&mut self, client: &ClientRef) -> Read<bool> {
        let found = self.first(sql!("client_find"), &[client.as_str().into()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// The client references that are this one, whatever the case of their letters.
    pub fn clients_alike(&mut self, client: &ClientRef) -> Read<Vec<ClientRef>> {
        let key = client.as_str().to_ascii_lowercase();
        self.collect(sql!("client_alike"), &[key.as_str().into()], |row| parsed(text(row, 0)?))
    }
}

fn product_row(row: &dyn Row) -> Read<Product> {
    let unit: Unit = parsed(text(row, 5)?)?;
    let quantity = |parts: i64| {
        Quantity::from_parts(parts, unit).map_err(|error| StoreError::Corrupt(error.to_string()))
    };
    let use_kind: UseKind = parsed(text(row, 4)?)?;
    let life = row.text(8)?.filter(|life| *life != "none");
    Ok(Product {
        sku: parsed(text(row, 1)?)?,
        name: maybe(row, 2)?,
        category: parsed(text(row, 3)?)?,
        use_kind,
        pack: quantity(integer(row, 6)?)?,
        dose: row.integer(7)?.map(quantity).transpose()?,
        opened_life: life.map(parsed).transpose()?,
        gtins: BTreeMap::new(),
        attributes: BTreeMap::new(),
        retired: integer(row, 9)? != 0,
    })
}

fn person_row(row: &dyn Row) -> Read<Person> {
    let words = |text: Option<&str>| -> Vec<String> {
        text.into_iter().flat_map(|text| text.split('+')).map(str::to_owned).collect()
    };
    Ok(Person {
        id: parsed(text(row, 1)?)?,
        name: maybe(row, 2)?,
        roles: words(row.text(3)?).iter().map(|word| parsed(word)).collect::<Read<_>>()?,
        titles: words(row.text(4)?),
        certificates: BTreeMap::new(),
        limits: BTreeMap::new(),
    })
}

fn qualify(person: &mut Person, field: &str, value: &str) -> Read<()> {
    match field.split_once('.') {
        Some(("certificate", name)) => {
            person.certificates.insert(name.to_owned(), parsed(value)?);
        }
        Some(("limit", name)) => {
            person.limits.insert(parsed(name)?, Reading::read(value));
        }
        _ => return Err(StoreError::Corrupt(format!("`{field}` is not a fact about staff"))),
    }
    Ok(())
}
