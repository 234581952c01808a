//! `scan ITEM`: one scan, or an item that was typed.

use super::answer::{Answers, Scanned};
use super::known::{Known, refused_today};
use super::remarks::remarks;
use crate::commands::item::{find, product as find_product};
use crate::context::Context;
use crate::domain::barcode::{LONGEST, Problem, Scan, Severity, read};
use crate::domain::catalog::Product;
use crate::domain::diagnostic::Diagnostic;
use crate::domain::id::{Sku, lot_text};
use crate::domain::item::{self, Named, is_scan, names_no_product};
use crate::domain::stock::{Refused, declined};
use crate::error::{Failure, Outcome};
use crate::store::StoreError;
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

pub(super) fn run(text: &str, context: &mut Context) -> Outcome {
    if !is_scan(text) {
        if context.has_book()
            && let Some((kind, known)) = typed(text, context)?
        {
            let format = context.settings.format;
            let report = Report::new("lotbook/item/1").record("item", "", head(kind, &known));
            let report = known.report(report, format);
            return show_as(report, format, context);
        }
        if !text.is_empty() {
            let book = &context.settings.book;
            context.ui.note(match context.has_book() {
                true => "the book knows no item of this name: lotbook product list".to_owned(),
                false => format!("what is no scan only a book knows; there is none at {book}"),
            });
        }
    }
    let settings = context.scan_settings();
    let today = context.today_without_book()?;
    let scan = read(text, &settings, today);
    // What is longer than any barcode is not shown either.
    let text = if text.len() > LONGEST { "" } else { text };
    let (product, known) = known(&scan, context)?.unzip();
    let known = known.flatten();
    let sku = product.as_ref().map(|product| &product.sku);
    let declined = match &known {
        None if context.has_book() => declined(&scan, sku),
        _ => Vec::new(),
    };
    let refused = known.as_ref().map_or(&declined[..], |known| &known.refused);
    let sku = sku.map(Sku::as_str);
    match context.settings.format {
        Format::Table => show(text, &scan, (product.as_ref(), known.as_ref(), refused), context)?,
        format => {
            let (_, out) = context.ui.batch();
            let mut answers = Answers::begin(format, out)?;
            let remarks = remarks(&scan, refused);
            let scanned = Scanned { line: 1, text, scan: &scan, product: sku, remarks: &remarks };
            answers.add(&scanned)?;
            answers.end()?;
        }
    }
    match scan.accepted() {
        true => Ok(()),
        false => Err(Failure::no("the scan can't be trusted")),
    }
}

fn show_as(report: Report, format: Format, context: &mut Context) -> Outcome {
    let report = match format {
        Format::Table => report.without_blank_columns(),
        Format::Csv | Format::Json => report,
    };
    context.ui.show(&report, format)
}

/// The item that a text names without being a scan; none where it is no name of any item.
fn typed(text: &str, context: &mut Context) -> Outcome<Option<(&'static str, Known)>> {
    let (settings, today) = (context.scan_settings(), context.today()?);
    let Ok(named) = item::read(text, &settings, today) else { return Ok(None) };
    let kind = match &named {
        Named::Product(_) => "product",
        Named::Lot(..) => "lot",
        Named::Container(_) => "container",
        Named::Scanned(_) => return Ok(None),
    };
    let now = context.book()?.now();
    context.read(|snapshot| match find(snapshot, &named) {
        Ok(item) => Ok(Some((kind, Known::of(snapshot, &item, now)?))),
        // A word that is no product may still have been meant as a scan.
        Err(StoreError::Refused(_)) if matches!(named, Named::Product(_)) => Ok(None),
        Err(error) => Err(error),
    })
}

/// The product of the book that a scan names, and what the book knows of the item; nothing of the
/// item where the scan can't be trusted, because its lot or expiry may be another's.
fn known(scan: &Scan<'_>, context: &mut Context) -> Outcome<Option<(Product, Option<Known>)>> {
    let Some(gtin) = scan.gtin.filter(|_| context.has_book()) else { return Ok(None) };
    let scanned = item::scanned(scan);
    let now = context.book()?.now();
    context.read(|snapshot| {
        let Some((sku, _)) = snapshot.gtin(&gtin.to_string())? else { return Ok(None) };
        let product = find_product(snapshot, &sku)?;
        let Ok(scanned) = scanned else { return Ok(Some((product, None))) };
        let item = find(snapshot, &Named::Scanned(scanned))?;
        Ok(Some((product, Some(Known::of(snapshot, &item, now)?))))
    })
}

/// What an item is that was typed.
fn head(kind: &'static str, known: &Known) -> Table {
    let Known { product, lot, opened, .. } = known;
    let mut table = Table::new([
        Column::left("kind", "kind"),
        Column::left("product", "product"),
        Column::left("name", "name"),
        Column::left("category", "category"),
        Column::left("use", "use"),
        Column::left("lot", "lot"),
        Column::left("expiry", "expiry"),
        Column::left("lot_status", "lot status"),
        Column::left("container", "container"),
        Column::left("opened", "opened"),
        Column::left("discard_by", "discard by"),
    ]);
    let named = lot.as_ref().map(|lot| lot_text(lot.lot.as_ref()));
    table.row([
        kind.into(),
        Cell::text(&product.sku),
        Cell::maybe(product.name.as_ref()),
        product.category.as_str().into(),
        product.use_kind.as_str().into(),
        Cell::maybe(named),
        lot.as_ref().map(|lot| lot.expiry).into(),
        lot.as_ref().map(|lot| lot.status.as_str()).into(),
        Cell::maybe(opened.as_ref().map(|opened| opened.id)),
        opened.as_ref().map(|opened| opened.at).into(),
        opened.as_ref().and_then(|opened| opened.discard_by).into(),
    ]);
    table
}

/// A scan for people: what it says, what the book knows, and every problem at its place.
fn show(
    text: &str,
    scan: &Scan<'_>,
    (product, known, refused): (Option<&Product>, Option<&Known>, &[Refused]),
    context: &mut Context,
) -> Outcome {
    let mut record = Table::new([
        Column::left("kind", "kind"),
        Column::left("gtin", "GTIN"),
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::left("expiry", "expiry"),
        Column::left("serial", "serial"),
        Column::left("made", "made"),
    ]);
    record.row([
        scan.kind.as_str().into(),
        Cell::maybe(scan.gtin),
        Cell::maybe(product.map(|product| match &product.name {
            Some(name) => format!("{}, {name}", product.sku),
            None => product.sku.to_string(),
        })),
        Cell::maybe(scan.lot.as_deref()),
        Cell::maybe(scan.expiry),
        Cell::maybe(scan.serial.as_deref()),
        Cell::maybe(scan.made),
    ]);
    let mut elements = Table::new([
        Column::left("ai", "element"),
        Column::left("name", "name"),
        Column::left("value", "value"),
    ]);
    for element in &scan.elements {
        elements.row([element.ai.into(), element.title().into(), Cell::text(&element.value)]);
    }
    let mut report = Report::new("lotbook/scan/1").record("scan", "", record);
    if !scan.elements.is_empty() {
        report = report.list("elements", "Elements", elements);
    }
    let report = match known {
        Some(known) => known.report(report, Format::Table),
        None if refused.is_empty() => report,
        None => {
            let report = refused_today(report, refused);
            match (product, scan.gtin) {
                (None, Some(gtin)) => report
                    .note(format!("teach it to a product: lotbook product edit SKU --gtin {gtin}")),
                (_, None) => names_no_product(scan.kind).hints.iter().fold(report, Report::note),
                (Some(_), Some(_)) => report,
            }
        }
    };
    show_as(report, Format::Table, context)?;
    let problems: Vec<Diagnostic> =
        scan.problems.iter().map(|problem| diagnostic(text, problem)).collect();
    context.ui.problems("scan", text, &problems);
    Ok(())
}

/// A problem with the character that it points at.
fn diagnostic(text: &str, problem: &Problem) -> Diagnostic {
    let Problem { code, at, message, remedy } = problem;
    let letter = text.get(*at..).and_then(|rest| rest.chars().next());
    let span = *at..*at + letter.map_or(0, char::len_utf8);
    let found = match code.severity() {
        Severity::Error => Diagnostic::error(code.as_str(), span, message),
        Severity::Warning => Diagnostic::warning(code.as_str(), span, message),
    };
    found.remedy(&**remedy)
}
