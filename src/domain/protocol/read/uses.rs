//! `uses.NAME = { ... }` of a step: what is used, how much, with which attributes.

use std::str::FromStr;

use toml::de::DeValue;

use crate::domain::catalog::Category;
use crate::domain::id::{FieldName, Sku};
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::step::Home;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::protocol::rule::{Items, Kind, Per, Rule, Span, Test, UseScope, Uses};
use crate::domain::quantity::{Ask, Quantity, QuantityError, Unit};
use crate::domain::shown::shown;

impl Reader<'_> {
    /// Reads one demand.
    pub(super) fn uses(&mut self, home: &Home<'_>, entry: &Entry<'_>, rules: &mut Vec<Rule>) {
        let name = self.field(entry);
        let Some(table) = self.table(entry, Place::Uses) else { return };
        let items = self.items(entry, &table);
        let min = table.get("min").and_then(|entry| self.quantity(&entry));
        let max = table.get("max").and_then(|entry| self.quantity(&entry));
        self.same_unit(min, max, &table);
        let attributes = self.attributes(&table);
        let session = table.get("per").and_then(|entry| self.per(&entry));
        let (scope, per) = match session {
            Some(Per::Session) => (UseScope::Session, Per::Session),
            Some(Per::Area) => (UseScope::Event, Per::Area),
            None => (UseScope::Event, home.per),
        };
        let modifiers = self.modifiers(&table);
        if ["min", "max", "where"].iter().all(|key| table.get(key).is_none()) {
            let message = format!("`uses.{}` demands nothing", shown(entry.key));
            let remedy = "add min = \"1\", max or where";
            self.error(codes::SAYS_NOTHING, entry.key_span.clone(), message, remedy);
        }
        let (Some(name), Some(items)) = (name, items) else { return };
        let id = format!("{}.uses.{name}", home.label);
        let uses = Uses { step: home.step, name, items, min, max, scope, attributes };
        self.add(&id, Kind::Uses(uses), per, modifiers, entry.key_span.clone(), rules);
    }

    fn items(&mut self, entry: &Entry<'_>, table: &Table<'_>) -> Option<Items> {
        match (table.get("category"), table.get("products")) {
            (Some(_), Some(products)) => {
                let message = "a demand is about a category or about products, not both";
                let remedy = "leave `category` or `products` out";
                self.error(codes::CONTRADICTORY_KEYS, products.key_span, message, remedy);
                None
            }
            (Some(category), None) => {
                let word = self.string(&category)?;
                self.word(word, category.span).map(Items::Category)
            }
            (None, Some(products)) => {
                let names = self.strings(&products);
                let skus: Vec<Option<Sku>> =
                    names.into_iter().map(|(name, span)| self.id(name, span)).collect();
                if skus.is_empty() {
                    let message = "a list of no products can't be met";
                    let remedy = "name a product: products = [\"HA-01\"]";
                    self.error(codes::SAYS_NOTHING, products.span, message, remedy);
                }
                skus.into_iter().collect::<Option<Vec<Sku>>>().map(Items::Products)
            }
            (None, None) => match Category::from_str(entry.key) {
                Ok(category) => Some(Items::Category(category)),
                Err(_) => {
                    let message = format!(
                        "`{}` is no category, so the demand doesn't say what is used",
                        shown(entry.key)
                    );
                    let remedy = "add category = \"serum\" or products = [\"HA-01\"]";
                    self.error(codes::MISSING_KEY, entry.key_span.clone(), message, remedy);
                    None
                }
            },
        }
    }

    /// `"30 g"`, `"0.3 ml"`, or a number of pieces, `"1"` or `1`.
    fn quantity(&mut self, entry: &Entry<'_>) -> Option<Quantity> {
        let text = match entry.value {
            DeValue::Integer(_) => self.source(&entry.span),
            DeValue::Float(_) => {
                let number = shown(self.source(&entry.span));
                let line = format!("{} = \"{number} g\"", entry.key);
                self.wrong_type(entry, "a quantity in quotes", &line);
                return None;
            }
            _ => self.string(entry)?,
        };
        let read = || -> Result<Quantity, QuantityError> {
            let ask: Ask = text.parse()?;
            let (unit, one) = match ask {
                Ask::In(_, unit) => (unit, Quantity::from_parts(1, unit)?),
                Ask::Bare(_) => (Unit::Each, Quantity::from_parts(1, Unit::Each)?),
                Ask::Packs(_) => return Err(QuantityError::UnknownUnit("packs".to_owned())),
            };
            ask.resolve(unit, one)
        };
        match read() {
            Ok(quantity) => Some(quantity),
            Err(_) => {
                let message = format!(
                    "`{}` is no quantity that a step can ask for: it is more than zero, \
                    in pieces, g or ml",
                    shown(text)
                );
                let remedy = format!("write {} = \"1\", \"2.5 g\" or \"0.3 ml\"", entry.key);
                self.error(codes::BAD_QUANTITY, entry.span.clone(), message, remedy);
                None
            }
        }
    }

    fn same_unit(&mut self, min: Option<Quantity>, max: Option<Quantity>, table: &Table<'_>) {
        let (Some(min), Some(max)) = (min, max) else { return };
        let span = table.get("max").map_or(table.span.clone(), |entry| entry.span);
        if min.unit() != max.unit() {
            let message = format!("`min` is in {} and `max` in {}", min.unit(), max.unit());
            let remedy = "write both in the product's unit";
            self.error(codes::BAD_QUANTITY, span, message, remedy);
        } else if min > max {
            let message = format!("at least {min} and at most {max} can't both be met");
            let remedy = format!("write min = \"{max}\", max = \"{min}\"");
            self.error(codes::EMPTY_WINDOW, span, message, remedy);
        }
    }

    /// `where = { strength_percent = { max = 4 }, glide = "yes" }`.
    fn attributes(&mut self, table: &Table<'_>) -> Vec<(FieldName, Test)> {
        let Some(entry) = table.get("where") else { return Vec::new() };
        let Some(table) = self.free_table(&entry) else { return Vec::new() };
        let mut tests = Vec::new();
        for entry in &table.entries {
            let name = self.field(entry);
            let test = match entry.value {
                DeValue::Table(_) => self.attribute_range(entry),
                _ => self.value(entry).map(Test::Is),
            };
            tests.extend(name.zip(test));
        }
        tests
    }

    fn attribute_range(&mut self, entry: &Entry<'_>) -> Option<Test> {
        let table = self.table(entry, Place::Attribute)?;
        let span =
            Span { min: self.decimal_of(&table, "min"), max: self.decimal_of(&table, "max") };
        if table.get("min").is_none() && table.get("max").is_none() {
            let message = format!("`{}` has neither min nor max", shown(entry.key));
            let remedy = format!("write {} = {{ max = 4 }}", shown(entry.key));
            self.error(codes::SAYS_NOTHING, entry.key_span.clone(), message, remedy);
        }
        self.range_order(span, &table);
        let unit = table.get("unit").and_then(|entry| {
            let text = self.string(&entry)?;
            self.unit(text, entry.span)
        });
        Some(Test::Number(span, unit.flatten()))
    }
}
