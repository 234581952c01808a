//! `staff.csv` and `products.csv`: what the ids in the entries mean, as of the bundle's last entry.
//!
//! Lines and escapes are those of every CSV file of the program. Where one cell holds several named
//! values they stand as `name=value` with ` | ` between, sorted by name.

use std::io;

use crate::domain::quantity::Unit;
use crate::domain::replay::{Catalog, ProductRow, StaffRow};
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};
use crate::views::{Format, Screen};

/// The text of `staff.csv`.
pub fn staff(catalog: &Catalog) -> io::Result<Vec<u8>> {
    let columns = ["staff", "name", "roles", "titles", "certificates", "limits"];
    let mut table = Table::new(columns.map(|name| Column::left(name, name)));
    for row in catalog.staff.values() {
        table.row(staff_row(row));
    }
    file("lotbook/staff/1", table)
}

fn staff_row(row: &StaffRow) -> [Cell; 6] {
    let named = |prefix: &str| {
        let values = row.qualifications.iter();
        values.filter_map(|(field, value)| Some((field.strip_prefix(prefix)?, value))).collect()
    };
    [
        Cell::text(&row.id),
        Cell::maybe(row.name.as_ref()),
        Cell::maybe(row.roles.as_ref()),
        Cell::maybe(row.titles.as_ref()),
        named_values(named("certificate.")),
        named_values(named("limit.")),
    ]
}

/// The text of `products.csv`.
pub fn products(catalog: &Catalog) -> io::Result<Vec<u8>> {
    let columns = [
        "product",
        "name",
        "category",
        "use",
        "unit",
        "pack",
        "dose",
        "opened_life",
        "gtins",
        "attributes",
        "retired",
    ];
    let mut table = Table::new(columns.map(|name| Column::left(name, name)));
    for row in catalog.products.values() {
        table.row(product_row(row, catalog));
    }
    file("lotbook/products/1", table)
}

fn product_row(row: &ProductRow, catalog: &Catalog) -> [Cell; 11] {
    let gtins = catalog.gtins.iter().filter(|(_, (sku, _))| *sku == row.sku);
    let gtins: Vec<(&str, String)> =
        gtins.map(|(gtin, (_, packs))| (&**gtin, packs.to_string())).collect();
    let amount = |parts: i64, unit: Unit| Cell::Amount(parts, unit);
    [
        Cell::text(&row.sku),
        Cell::maybe(row.name.as_ref()),
        Cell::text(&row.category),
        Cell::text(row.use_kind),
        Cell::text(row.unit),
        amount(row.pack, row.unit),
        row.dose.map_or(Cell::Empty, |dose| amount(dose, row.unit)),
        Cell::maybe(row.opened_life.as_ref()),
        named_values(gtins.iter().map(|(gtin, packs)| (*gtin, packs)).collect()),
        named_values(row.attributes.iter().map(|(name, value)| (name.as_str(), value)).collect()),
        Cell::Flag(row.retired),
    ]
}

fn named_values(values: Vec<(&str, &String)>) -> Cell {
    let parts: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if parts.is_empty() { Cell::Empty } else { Cell::from(parts.join(" | ")) }
}

fn file(schema: &'static str, table: Table) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    // Neither width nor colour has a meaning in a file.
    let screen = Screen { width: 80, colour: false };
    Report::of(schema, table).write(Format::Csv, screen, &mut text)?;
    Ok(text)
}
