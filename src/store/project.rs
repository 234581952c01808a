//! An entry as changes of the tables that hold the present state.
//!
//! A projection is a function of the entry alone; `verify` folds all entries a second time, in
//! plain Rust, and compares every row.

use super::engine::{Engine, Value};
use super::{StoreError, sql};
use crate::domain::catalog::{Person, Product, UseKind};
use crate::domain::fact::{Change, Fact, Item, Opening, Receipt, Reversal, TakenBack};
use crate::domain::id::{Lot, lot_text};
use crate::domain::place::Place;
use crate::domain::quantity::{Quantity, Unit};
use crate::domain::trail::entry::Entry;

type Done = Result<(), StoreError>;

/// Applies one entry to the projections.
pub(super) fn project(engine: &mut dyn Engine, entry: &Entry<'_>, fact: &Fact) -> Done {
    match fact {
        Fact::BookOpen(opening) => book_open(engine, opening),
        Fact::StaffAdd(person) => staff_add(engine, person),
        Fact::StaffEdit { id, change } => staff_edit(engine, id.as_str(), change),
        Fact::PlaceAdd { place, kind } => {
            let key = place.as_str().to_ascii_lowercase();
            let params = [Value::Text(&key), Value::Text(place.as_str()), kind.as_str().into()];
            engine.execute(sql!("place_add"), &params).map(drop)
        }
        Fact::ProductAdd(product) => product_add(engine, product),
        Fact::ProductEdit { product, unit, change } => {
            product_edit(engine, product.as_str(), *unit, change)
        }
        Fact::ProductRetire { product, .. } => {
            engine.execute(sql!("product_retire"), &[product.as_str().into()]).map(drop)
        }
        Fact::ClientNew(client) => {
            engine.execute(sql!("client_add"), &[client.as_str().into()]).map(drop)
        }
        Fact::LotReceive(receipt) => lot_receive(engine, entry, receipt),
        Fact::ContainerOpen { item, discard_by } => {
            let (number, lot) = container_key(item)?;
            let discard_by = discard_by.map(|day| day.to_string());
            let params = [
                number.into(),
                item.product.as_str().into(),
                Value::Text(lot),
                entry.seq.into(),
                Value::Integer(entry.occurred_at.instant().millis()),
                Value::Integer(i64::from(entry.occurred_at.offset_min())),
                discard_by.as_deref().into(),
            ];
            engine.execute(sql!("container_add"), &params)?;
            move_item(engine, entry.seq, item)
        }
        Fact::ProtocolPublish { protocol, sha256, .. } => {
            let protocol = protocol.to_string();
            let params = [Value::Text(&protocol), Value::Text(sha256), entry.seq.into()];
            engine.execute(sql!("protocol_add"), &params).map(drop)
        }
        Fact::SessionStart { .. } => session_start(engine, entry, fact),
        Fact::StockUse(usage) => move_item(engine, entry.seq, &usage.item),
        Fact::StockWaste { item, .. } => move_item(engine, entry.seq, item),
        Fact::SessionFinish { within, because } => {
            let code = because.as_ref().map(|because| because.code());
            session_end(engine, entry, within.session.number(), "finished", code)
        }
        Fact::SessionStop { within, because } => {
            session_end(engine, entry, within.session.number(), "stopped", Some(because.code()))
        }
        Fact::SessionVoid { within, because } => {
            session_end(engine, entry, within.session.number(), "voided", Some(because.code()))
        }
        Fact::LotHold { product, lot, .. } => {
            lot_status(engine, entry, product.as_str(), lot.as_ref(), "held")
        }
        Fact::LotRelease { product, lot, .. } => {
            lot_status(engine, entry, product.as_str(), lot.as_ref(), "released")
        }
        Fact::Reversal(reversal) => reverse(engine, reversal),
        Fact::SessionStep { .. } | Fact::AuditExport { .. } | Fact::AccessRefuse { .. } => Ok(()),
    }
}

fn book_open(engine: &mut dyn Engine, opening: &Opening) -> Done {
    let book = opening.book.hyphenated().to_string();
    let params = [
        Value::Text(&book),
        Value::Text(&opening.clinic),
        Value::Text(&opening.currency),
        Value::Integer(i64::from(opening.format)),
        Value::Text(&opening.zone),
    ];
    engine.execute(sql!("book_add"), &params).map(drop)
}

fn staff_add(engine: &mut dyn Engine, person: &Person) -> Done {
    let key = person.id.as_str().to_ascii_lowercase();
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    let (roles, titles) = (roles.join("+"), person.titles.join("+"));
    let params = [
        Value::Text(&key),
        Value::Text(person.id.as_str()),
        person.name.as_deref().into(),
        Some(&*roles).filter(|roles| !roles.is_empty()).into(),
        Some(&*titles).filter(|titles| !titles.is_empty()).into(),
    ];
    engine.execute(sql!("staff_add"), &params)?;
    let certificates = person
        .certificates
        .iter()
        .map(|(name, day)| (format!("certificate.{name}"), day.to_string()));
    let limits =
        person.limits.iter().map(|(name, value)| (format!("limit.{name}"), value.to_string()));
    for (field, value) in certificates.chain(limits) {
        set_qualification(engine, &key, &field, Some(&value))?;
    }
    Ok(())
}

fn set_qualification(engine: &mut dyn Engine, key: &str, field: &str, value: Option<&str>) -> Done {
    let at = [Value::Text(key), Value::Text(field)];
    engine.execute(sql!("qualification_drop"), &at)?;
    if let Some(value) = value {
        let params = [at[0], at[1], Value::Text(value)];
        engine.execute(sql!("qualification_add"), &params)?;
    }
    Ok(())
}

fn staff_edit(engine: &mut dyn Engine, id: &str, change: &Change) -> Done {
    let key = id.to_ascii_lowercase();
    let new = change.new.as_deref();
    let params = [Value::Text(&key), new.into()];
    match &*change.field {
        "name" => engine.execute(sql!("staff_set_name"), &params).map(drop),
        "roles" => engine.execute(sql!("staff_set_roles"), &params).map(drop),
        "titles" => engine.execute(sql!("staff_set_titles"), &params).map(drop),
        field => set_qualification(engine, &key, field, new),
    }
}

fn product_add(engine: &mut dyn Engine, product: &Product) -> Done {
    let sku = product.sku.as_str();
    let key = sku.to_ascii_lowercase();
    let life = match (product.use_kind, product.opened_life) {
        (UseKind::Single, _) => None,
        (UseKind::Multi, None) => Some("none".to_owned()),
        (UseKind::Multi, Some(life)) => Some(life.to_string()),
    };
    let params = [
        Value::Text(&key),
        Value::Text(sku),
        product.name.as_deref().into(),
        product.category.as_str().into(),
        product.use_kind.as_str().into(),
        product.unit().as_str().into(),
        product.pack.parts().into(),
        product.dose.map(Quantity::parts).into(),
        life.as_deref().into(),
    ];
    engine.execute(sql!("product_add"), &params)?;
    for (gtin, packs) in &product.gtins {
        set_gtin(engine, sku, gtin, Some(i64::from(*packs)))?;
    }
    for (name, value) in &product.attributes {
        set_attribute(engine, sku, name.as_str(), Some(&value.to_string()))?;
    }
    Ok(())
}

fn set_gtin(engine: &mut dyn Engine, sku: &str, gtin: &str, packs: Option<i64>) -> Done {
    engine.execute(sql!("gtin_drop"), &[gtin.into()])?;
    if let Some(packs) = packs {
        engine.execute(sql!("gtin_add"), &[gtin.into(), sku.into(), packs.into()])?;
    }
    Ok(())
}

fn set_attribute(engine: &mut dyn Engine, sku: &str, field: &str, value: Option<&str>) -> Done {
    engine.execute(sql!("attribute_drop"), &[sku.into(), field.into()])?;
    if let Some(value) = value {
        engine.execute(sql!("attribute_add"), &[sku.into(), field.into(), value.into()])?;
    }
    Ok(())
}

/// The smallest parts of a quantity as an edit writes it, in the product's unit: `2.5 g`.
fn parts_of(text: &str, unit: Unit) -> Result<i64, StoreError> {
    let wrong = || StoreError::Invariant(format!("`{text}` is not a quantity in {unit}"));
    let (number, word) = text.split_once(' ').ok_or_else(wrong)?;
    if word != unit.as_str() {
        return Err(wrong());
    }
    Quantity::from_columns(number, unit).map(Quantity::parts).map_err(|_| wrong())
}

fn product_edit(engine: &mut dyn Engine, sku: &str, unit: Unit, change: &Change) -> Done {
    let new = change.new.as_deref();
    let text = [Value::Text(sku), new.into()];
    match &*change.field {
        "name" => engine.execute(sql!("product_set_name"), &text).map(drop),
        "retired" => engine.execute(sql!("product_take_up"), &text[..1]).map(drop),
        "category" => engine.execute(sql!("product_set_category"), &text).map(drop),
        "opened_life" => engine.execute(sql!("product_set_opened_life"), &text).map(drop),
        "dose" => {
            let dose = new.map(|text| parts_of(text, unit)).transpose()?;
            engine.execute(sql!("product_set_dose"), &[text[0], dose.into()]).map(drop)
        }
        "pack" => {
            let pack = new.map(|text| parts_of(text, unit)).transpose()?;
            engine.execute(sql!("product_set_pack"), &[text[0], pack.into()]).map(drop)
        }
        field => match field.split_once('.') {
            Some(("attr", name)) => set_attribute(engine, sku, name, new),
            Some(("gtin", gtin)) => {
                let packs = new.map(str::parse).transpose();
                let packs = packs.map_err(|_| StoreError::Invariant(format!("gtin.{gtin}")))?;
                set_gtin(engine, sku, gtin, packs)
            }
            _ => Err(StoreError::Invariant(format!("`{field}` is not a field of a product"))),
        },
    }
}

fn lot_receive(engine: &mut dyn Engine, entry: &Entry<'_>, receipt: &Receipt) -> Done {
    let item = &receipt.item;
    let expiry = item.expiry.0.map(|day| day.to_string());
    let params = [
        item.product.as_str().into(),
        Value::Text(lot_text(item.lot.as_ref())),
        expiry.as_deref().into(),
        entry.seq.into(),
    ];
    if engine.execute(sql!("lot_receive_again"), &params)? == 0 {
        engine.execute(sql!("lot_add"), &params)?;
    }
    add_serial(engine, entry.seq, item)?;
    move_balances(engine, item)
}

/// Moves an item, and the serial that it names. A pack that was received without its serial
/// becomes known by it at its first move, so that it is used at most once all the same.
fn move_item(engine: &mut dyn Engine, seq: u64, item: &Item) -> Done {
    if move_serial(engine, item)? == 0 {
        add_serial(engine, seq, item)?;
    }
    move_balances(engine, item)
}

/// Makes the serial that an item names known by its entry.
fn add_serial(engine: &mut dyn Engine, seq: u64, item: &Item) -> Done {
    let Some(serial) = &item.serial else { return Ok(()) };
    let place = item.to.to_string();
    let params = [
        item.product.as_str().into(),
        serial.as_str().into(),
        Value::Text(lot_text(item.lot.as_ref())),
        Value::Text(&place),
        seq.into(),
    ];
    engine.execute(sql!("serial_add"), &params).map(drop)
}

/// Moves the serial that an item names, where it is known; says how many were.
fn move_serial(engine: &mut dyn Engine, item: &Item) -> Result<u64, StoreError> {
    let Some(serial) = &item.serial else { return Ok(0) };
    let place = item.to.to_string();
    let to = [item.product.as_str().into(), serial.as_str().into(), Value::Text(&place)];
    engine.execute(sql!("serial_move"), &to)
}

/// Moves an item back. The serial that it names goes back too, or is unknown again where the
/// original made it known.
fn move_back(engine: &mut dyn Engine, reversal: &Reversal, item: &Item) -> Done {
    if let Some(serial) = &item.serial {
        let product = item.product.as_str().into();
        let known = [product, serial.as_str().into(), reversal.corrects.into()];
        if engine.execute(sql!("serial_drop"), &known)? == 0 {
            move_serial(engine, item)?;
        }
    }
    move_balances(engine, item)
}

fn move_balances(engine: &mut dyn Engine, item: &Item) -> Done {
    let parts = item.quantity.parts();
    if item.from.keeps_balance() {
        change_balance(engine, item, &item.from, -parts)?;
    }
    if item.to.keeps_balance() {
        change_balance(engine, item, &item.to, parts)?;
    }
    Ok(())
}

/// Changes one balance; a balance of zero has no row.
fn change_balance(engine: &mut dyn Engine, item: &Item, place: &Place, parts: i64) -> Done {
    let place = place.to_string();
    let params = [
        item.product.as_str().into(),
        Value::Text(lot_text(item.lot.as_ref())),
        Value::Text(&place),
        Value::Integer(parts),
    ];
    let changed = engine.execute(sql!("balance_change"), &params)?;
    if parts < 0 {
        if changed == 0 {
            let item = crate::domain::stock::item_text(&item.product, item.lot.as_ref());
            return Err(StoreError::Invariant(format!("there is no {item} in {place}")));
        }
        engine.execute(sql!("balance_clear"), &params[..3])?;
    } else if changed == 0 {
        engine.execute(sql!("balance_add"), &params)?;
    }
    Ok(())
}

fn container_key(item: &Item) -> Result<(i64, &str), StoreError> {
    let container = item
        .container
        .ok_or_else(|| StoreError::Invariant("an opening without a container".to_owned()))?;
    Ok((i64::from(container.number()), lot_text(item.lot.as_ref())))
}

fn lot_status(
    engine: &mut dyn Engine,
    entry: &Entry<'_>,
    product: &str,
    lot: Option<&Lot>,
    status: &str,
) -> Done {
    let params = [product.into(), Value::Text(lot_text(lot)), status.into(), entry.seq.into()];
    match engine.execute(sql!("lot_set_status"), &params)? {
        0 => Err(StoreError::Invariant(format!("there is no lot {product}/{}", lot_text(lot)))),
        _ => Ok(()),
    }
}

fn session_start(engine: &mut dyn Engine, entry: &Entry<'_>, fact: &Fact) -> Done {
    let Fact::SessionStart { within, pen, place, sha256, .. } = fact else { return Ok(()) };
    let protocol = within.protocol.to_string();
    let params = [
        Value::Integer(i64::from(within.session.number())),
        within.client.as_str().into(),
        Value::Text(&protocol),
        Value::Text(sha256),
        entry.columns.area.as_deref().into(),
        place.as_ref().map(|place| place.as_str()).into(),
        pen.as_deref().into(),
        Value::Text(&entry.staff),
        Value::Integer(entry.occurred_at.instant().millis()),
        Value::Integer(i64::from(entry.occurred_at.offset_min())),
    ];
    engine.execute(sql!("session_add"), &params).map(drop)
}

fn session_end(
    engine: &mut dyn Engine,
    entry: &Entry<'_>,
    number: u32,
    state: &str,
    code: Option<&str>,
) -> Done {
    let params = [
        Value::Integer(i64::from(number)),
        state.into(),
        Value::Integer(entry.occurred_at.instant().millis()),
        Value::Integer(i64::from(entry.occurred_at.offset_min())),
        code.into(),
    ];
    engine.execute(sql!("session_end"), &params).map(drop)
}

/// What the original did to the tables is taken back.
fn reverse(engine: &mut dyn Engine, reversal: &Reversal) -> Done {
    let taken_back = reversal.takes_back();
    if let TakenBack::End(session) = taken_back {
        let number = Value::Integer(i64::from(session.number()));
        engine.execute(sql!("session_reopen"), &[number])?;
    }
    let Some(item) = &reversal.item else { return Ok(()) };
    match taken_back {
        TakenBack::Receipt => {
            let product = item.product.as_str().into();
            let lot = [product, Value::Text(lot_text(item.lot.as_ref()))];
            engine.execute(sql!("lot_unreceive"), &lot)?;
        }
        TakenBack::Opening(container) => {
            let number = Value::Integer(i64::from(container.number()));
            engine.execute(sql!("container_undo"), &[number])?;
        }
        TakenBack::Move | TakenBack::Step | TakenBack::End(_) => {}
    }
    move_back(engine, reversal, item)
}
