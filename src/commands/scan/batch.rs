//! `scan -`: a scanner's batch memory, one scan a line, answered as they come.

use std::collections::HashMap;

use super::answer::{Answers, Scanned};
use crate::context::Context;
use crate::domain::barcode::{read, unreadable};
use crate::error::{Failure, Outcome};
use crate::ui::Damage;

pub(super) fn run(context: &mut Context) -> Outcome {
    let settings = context.scan_settings();
    let today = context.today_without_book()?;
    let products = products(context)?;
    let format = context.settings.format;
    let (mut lines, out) = context.ui.batch();
    let mut answers = Answers::begin(format, out)?;
    let (mut line, mut wrong) = (0, 0);
    loop {
        if lines.is_drained() {
            answers.flush()?;
        }
        let Some(text) = lines.next_line()? else { break };
        line += 1;
        let (text, scan) = match text {
            Ok(text) => (text, read(text, &settings, today)),
            Err(damage) => ("", unreadable(place(damage), words(damage))),
        };
        let gtin = scan.gtin.filter(|_| !products.is_empty()).map(|gtin| gtin.to_string());
        let product = gtin.and_then(|gtin| products.get(gtin.as_str())).map(String::as_str);
        wrong += u64::from(!scan.accepted());
        answers.add(&Scanned { line, text, scan: &scan, product })?;
    }
    answers.end()?;
    match (wrong, line) {
        (0, _) => Ok(()),
        (1, 1) => Err(Failure::no("the scan can't be trusted")),
        _ => Err(Failure::no(format!("{wrong} of {line} scans can't be trusted"))),
    }
}

/// Every GTIN that the book knows, with the SKU it names; none without a book. They are few, and
/// a scan then needs no question to the book.
fn products(context: &mut Context) -> Outcome<HashMap<Box<str>, String>> {
    if !context.has_book() {
        return Ok(HashMap::new());
    }
    let products = context.read(|snapshot| snapshot.products())?;
    let gtins = products.into_iter().flat_map(|product| {
        let sku = product.sku.to_string();
        product.gtins.into_keys().map(move |gtin| (gtin, sku.clone()))
    });
    Ok(gtins.collect())
}

fn place(damage: Damage) -> usize {
    match damage {
        Damage::NotText(at) | Damage::TooLong(at) => at,
    }
}

fn words(damage: Damage) -> String {
    match damage {
        Damage::NotText(at) => format!("the line is not UTF-8 text: byte {at} is wrong"),
        Damage::TooLong(most) => {
            format!("the line is longer than {most} bytes, and no barcode is")
        }
    }
}
