//! What a fact must hold whatever came before it. The replay judges every entry by it, and nothing
//! is written that fails it: what is once in the ledger can never be mended.

use super::{Verdict, copied};
use crate::domain::catalog::{Category, Role};
use crate::domain::fact::{Change, Fact};
use crate::domain::id::FieldName;
use crate::domain::quantity::{Quantity, Unit};
use crate::domain::time::{Day, Length};

/// Says what of a fact could not be, whatever the entries before it say.
///
/// # Errors
///
/// The sentence behind `entry 812:` that `verify` would say of it.
pub fn stands_alone(fact: &Fact) -> Verdict {
    match fact {
        Fact::BookOpen(opening) => copied::zone_of(opening).map(drop),
        Fact::StaffEdit { change, .. } => staff_value(change),
        Fact::ProductEdit { unit, change, .. } => product_value(change, *unit),
        Fact::ProtocolPublish { sha256, parent, .. } => {
            is_hash(sha256)?;
            parent.as_ref().map_or(Ok(()), |(_, sha256)| is_hash(sha256))
        }
        Fact::SessionStart { sha256, .. } => is_hash(sha256),
        fact => fact.check_route(),
    }
}

fn is_hash(sha256: &str) -> Verdict {
    let digits = sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_hash = digits && sha256.len() == 64;
    if is_hash { Ok(()) } else { Err(format!("names {sha256:?}, which is no SHA-256")) }
}

fn staff_value(change: &Change) -> Verdict {
    let new = change.new.as_deref();
    match (&*change.field, change.field.split_once('.')) {
        ("name" | "titles", _) => Ok(()),
        ("roles", _) => {
            let mut words = new.into_iter().flat_map(|roles| roles.split('+'));
            words.try_for_each(|word| readable::<Role>("roles", word))
        }
        (field, Some(("certificate", _))) => new.map_or(Ok(()), |day| readable::<Day>(field, day)),
        (field, Some(("limit", name))) => readable::<FieldName>(field, name),
        (field, _) => Err(format!("edits `{field}`, which staff don't have")),
    }
}

fn product_value(change: &Change, unit: Unit) -> Verdict {
    let new = change.new.as_deref();
    match (&*change.field, change.field.split_once('.')) {
        ("name", _) => Ok(()),
        // Retiring is an action of its own; an edit only takes it back.
        ("retired", _) => new.map_or(Ok(()), |new| Err(unreadable("retired", new))),
        ("category", _) => readable::<Category>("category", new.ok_or("takes the category away")?),
        ("opened_life", _) => {
            let life = new.filter(|life| *life != "none");
            life.map_or(Ok(()), |life| readable::<Length>("opened_life", life))
        }
        ("dose", _) => new.map_or(Ok(()), |dose| amount(dose, unit).map(drop)),
        ("pack", _) => amount(new.ok_or("takes the pack away")?, unit).map(drop),
        (field, Some(("attr", name))) => readable::<FieldName>(field, name),
        (field, Some(("gtin", _))) => new.map_or(Ok(()), |packs| readable::<u32>(field, packs)),
        (field, _) => Err(format!("edits `{field}`, which products don't have")),
    }
}

fn readable<T: std::str::FromStr>(field: &str, text: &str) -> Verdict {
    text.parse::<T>().map(drop).map_err(|_| unreadable(field, text))
}

fn unreadable(field: &str, text: &str) -> String {
    format!("sets `{field}` to {text:?}, which is no value of it")
}

/// The smallest parts of `2.5 g`.
pub(super) fn amount(text: &str, unit: Unit) -> Result<i64, String> {
    let number = text.strip_suffix(unit.as_str()).and_then(|text| text.strip_suffix(' '));
    let number = number.ok_or_else(|| unreadable("quantity", text))?;
    let quantity = Quantity::from_columns(number, unit);
    quantity.map(Quantity::parts).map_err(|error| error.to_string())
}
