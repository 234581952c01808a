//! What the replay says that each table holds.

use std::collections::HashMap;

use super::tables::{Expected, Field, Table};
use crate::domain::catalog::PlaceKind;
use crate::domain::fact::Opening;
use crate::domain::id::PlaceName;
use crate::domain::replay::{ContainerRow, LotRow, ProductRow, Replay, SessionRow, StaffRow};
use crate::domain::time::Moment;
use crate::store::sql;

/// Every projection with the rows it must have.
pub(super) fn tables(replay: &Replay) -> Vec<(Table, Expected<'_>)> {
    let mut tables = catalog(replay);
    tables.extend(stock(replay));
    tables.extend(sessions(replay));
    tables
}

/// A table whose key is its first `key` columns.
macro_rules! table {
    ($name:literal, $sql:literal, $key:expr, [$($column:literal),+ $(,)?]) => {
        Table { name: $name, columns: &[$($column),+], key: $key, sql: sql!($sql), fixed: &[] }
    };
}

fn catalog(replay: &Replay) -> Vec<(Table, Expected<'_>)> {
    let names = &replay.catalog;
    let qualifications = names.staff.iter().flat_map(|(key, row)| {
        let values = row.qualifications.iter();
        values.map(|(field, value)| vec![Field::text(key), Field::text(field), Field::text(value)])
    });
    let mut products: Vec<&ProductRow> = names.products.values().collect();
    products.sort_unstable_by_key(|row| &row.sku);
    let attributes = products.into_iter().flat_map(|row| {
        let values = row.attributes.iter();
        values.map(|(field, value)| {
            vec![Field::text(row.sku.as_str()), Field::text(field), Field::text(value)]
        })
    });
    let gtins = names.gtins.iter().map(|(gtin, (sku, packs))| {
        vec![Field::text(gtin), Field::text(sku.as_str()), Field::Integer(i64::from(*packs))]
    });
    let clients = names.clients.iter().map(|client| vec![Field::text(client.as_str())]);
    vec![
        (
            Table {
                fixed: &[("one", 1)],
                ..table!("book", "book_read", &[0], ["id", "clinic", "currency", "format", "zone"])
            },
            Box::new(replay.book.iter().map(opening)),
        ),
        (
            table!("staff", "staff_list", &[0], ["staff_key", "staff", "name", "roles", "titles"]),
            Box::new(names.staff.iter().map(staff)),
        ),
        (
            table!("qualification", "qualification_list", &[0, 1], ["staff_key", "field", "value"]),
            Box::new(qualifications),
        ),
        (
            table!("place", "place_list", &[0], ["place_key", "place", "kind"]),
            Box::new(names.places.iter().map(place)),
        ),
        (
            table!(
                "product",
                "product_list",
                &[0],
                [
                    "product_key",
                    "product",
                    "name",
                    "category",
                    "use_kind",
                    "unit",
                    "pack",
                    "dose",
                    "opened_life",
                    "retired",
                ]
            ),
            Box::new(names.products.iter().map(product)),
        ),
        (table!("gtin", "gtin_list", &[0], ["gtin", "product", "packs"]), Box::new(gtins)),
        (
            table!("attribute", "attribute_list", &[0, 1], ["product", "field", "value"]),
            Box::new(attributes),
        ),
        (table!("client", "client_list", &[0], ["client"]), Box::new(clients)),
    ]
}

fn opening(opening: &Opening) -> Vec<Field<'_>> {
    vec![
        Field::made(opening.book.hyphenated()),
        Field::text(&opening.clinic),
        Field::text(&opening.currency),
        Field::Integer(i64::from(opening.format)),
        Field::text(&opening.zone),
    ]
}

fn staff<'f>((key, row): (&'f String, &'f StaffRow)) -> Vec<Field<'f>> {
    vec![
        Field::text(key),
        Field::text(row.id.as_str()),
        Field::maybe(row.name.as_deref()),
        Field::maybe(row.roles.as_deref()),
        Field::maybe(row.titles.as_deref()),
    ]
}

fn place<'f>((key, (name, kind)): (&'f String, &'f (PlaceName, PlaceKind))) -> Vec<Field<'f>> {
    vec![Field::text(key), Field::text(name.as_str()), Field::text(kind.as_str())]
}

fn product<'f>((key, row): (&'f String, &'f ProductRow)) -> Vec<Field<'f>> {
    vec![
        Field::text(key),
        Field::text(row.sku.as_str()),
        Field::maybe(row.name.as_deref()),
        Field::text(&row.category),
        Field::text(row.use_kind.as_str()),
        Field::text(row.unit.as_str()),
        Field::Integer(row.pack),
        row.dose.map_or(Field::Null, Field::Integer),
        Field::maybe(row.opened_life.as_deref()),
        Field::Integer(i64::from(row.retired)),
    ]
}

fn stock(replay: &Replay) -> Vec<(Table, Expected<'_>)> {
    let stock = &replay.stock;
    let lots = sorted(&stock.lots).map(|(key, row)| lot(key, row));
    let balances = sorted(&stock.balances).map(|(key, parts)| {
        let mut fields: Vec<Field<'_>> = key.split('\0').map(Field::text).collect();
        fields.push(Field::Integer(*parts));
        fields
    });
    let serials = sorted(&stock.serials).map(|(key, row)| {
        let mut fields: Vec<Field<'_>> = key.split('\0').map(Field::text).collect();
        fields.extend([Field::text(&row.lot), Field::made(&row.place), Field::seq(row.known_seq)]);
        fields
    });
    let containers = sorted(&stock.containers).map(|(number, row)| container(*number, row));
    vec![
        (
            table!(
                "lot",
                "lot_list",
                &[0, 1],
                ["product", "lot", "expiry", "status", "status_seq", "first_seq", "receipts"]
            ),
            Box::new(lots),
        ),
        (
            table!("balance", "balance_list", &[0, 1, 2], ["product", "lot", "place", "quantity"]),
            Box::new(balances),
        ),
        (
            table!(
                "serial",
                "serial_list",
                &[0, 1],
                ["product", "serial", "lot", "place", "known_seq"]
            ),
            Box::new(serials),
        ),
        (
            table!(
                "container",
                "container_list",
                &[0],
                [
                    "number",
                    "product",
                    "lot",
                    "opened_seq",
                    "opened_at",
                    "offset_min",
                    "discard_by",
                    "undone",
                ]
            ),
            Box::new(containers),
        ),
    ]
}

/// The rows in the order of their keys.
fn sorted<K: Ord, V>(rows: &HashMap<K, V>) -> impl Iterator<Item = (&K, &V)> {
    let mut rows: Vec<(&K, &V)> = rows.iter().collect();
    rows.sort_unstable_by_key(|(key, _)| *key);
    rows.into_iter()
}

fn lot<'f>(key: &'f str, row: &'f LotRow) -> Vec<Field<'f>> {
    let mut fields: Vec<Field<'f>> = key.split('\0').map(Field::text).collect();
    fields.extend([
        row.expiry.map_or(Field::Null, Field::made),
        Field::text(row.status.as_str()),
        row.status_seq.map_or(Field::Null, Field::seq),
        Field::seq(row.first_seq),
        Field::Integer(i64::try_from(row.receipts.len()).unwrap_or(i64::MAX)),
    ]);
    fields
}

fn container(number: u32, row: &ContainerRow) -> Vec<Field<'_>> {
    let [at, offset] = moment(row.opened_at);
    vec![
        Field::Integer(i64::from(number)),
        Field::text(row.product.as_str()),
        Field::text(&row.lot),
        Field::seq(row.opened_seq),
        at,
        offset,
        row.discard_by.map_or(Field::Null, Field::made),
        Field::Integer(i64::from(row.undone)),
    ]
}

fn sessions(replay: &Replay) -> Vec<(Table, Expected<'_>)> {
    let rows = sorted(&replay.sessions.sessions).map(|(number, row)| session(*number, row));
    let mut protocols: Vec<_> = replay.sessions.protocols.iter().collect();
    protocols.sort_unstable_by_key(|(_, (_, seq))| *seq);
    let protocols = protocols.into_iter().map(|(protocol, (sha256, seq))| {
        vec![Field::text(protocol), Field::text(sha256), Field::seq(*seq)]
    });
    vec![
        (
            table!(
                "session",
                "session_list",
                &[0],
                [
                    "number",
                    "client",
                    "protocol",
                    "sha256",
                    "area",
                    "place",
                    "pen",
                    "staff",
                    "started_at",
                    "started_offset",
                    "ended_at",
                    "ended_offset",
                    "state",
                    "reason_code",
                ]
            ),
            Box::new(rows),
        ),
        (
            table!("protocol", "protocol_list", &[2], ["protocol", "sha256", "seq"]),
            Box::new(protocols),
        ),
    ]
}

fn session(number: u32, row: &SessionRow) -> Vec<Field<'_>> {
    let [started, started_offset] = moment(row.started);
    let [ended, ended_offset] = row.ended.map_or([Field::Null, Field::Null], moment);
    vec![
        Field::Integer(i64::from(number)),
        Field::text(row.client.as_str()),
        Field::made(&row.protocol),
        Field::text(&row.sha256),
        Field::maybe(row.area.as_deref()),
        Field::maybe(row.place.as_deref()),
        Field::maybe(row.pen.as_deref()),
        Field::text(&row.staff),
        started,
        started_offset,
        ended,
        ended_offset,
        Field::text(row.state.as_str()),
        Field::maybe(row.reason_code.as_deref()),
    ]
}

fn moment<'f>(at: Moment) -> [Field<'f>; 2] {
    [Field::Integer(at.instant().millis()), Field::Integer(i64::from(at.offset_min()))]
}
