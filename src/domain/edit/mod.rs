//! An edit as its changed fields: the ledger writes one entry for each.
//!
//! What is said on the command line is read before the book is asked; what it comes to is decided
//! with the state that the book's lock holds.

mod person;
mod product;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::fact::Change;

pub use person::{
    PersonFacts, UnitsRead, check_limit, idle_limits, keep_a_manager, new_limits,
    past_certificates, person_changes, said_titles, units_read, unknown_actor, word,
};
pub use product::{
    ProductFacts, Said, check_gtin, check_known, check_product, check_unit, product_changes,
};
pub use said::{check_taken_away, said_once};

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
