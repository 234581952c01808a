//! `scan -`: a scanner's batch memory, one scan a line, answered as they come.

use super::answer::{Answers, Scanned};
use super::remarks::remarks;
use super::shelf::Shelf;
use crate::context::Context;
use crate::domain::barcode::{read, unreadable};
use crate::domain::id::Sku;
use crate::error::{Failure, Outcome};
use crate::ui::Damage;

pub(super) fn run(context: &mut Context) -> Outcome {
    let settings = context.scan_settings();
    let today = context.today_without_book()?;
    let shelf = shelf(context)?;
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
        wrong += u64::from(!scan.accepted());
        let judged = shelf.as_ref().map(|shelf| shelf.judge(&scan));
        let (product, refused) = judged.unwrap_or_default();
        answers.add(&Scanned {
            line,
            text,
            scan: &scan,
            product: product.map(Sku::as_str),
            remarks: &remarks(&scan, &refused),
        })?;
    }
    answers.end()?;
    match (wrong, line) {
        (0, _) => Ok(()),
        (1, 1) => Err(Failure::no("the scan can't be trusted")),
        _ => Err(Failure::no(format!("{wrong} of {line} scans can't be trusted"))),
    }
}

/// What the book knows; nothing without a book.
fn shelf(context: &mut Context) -> Outcome<Option<Shelf>> {
    if !context.has_book() {
        return Ok(None);
    }
    let now = context.book()?.now();
    context.read(|snapshot| Shelf::read(snapshot, now)).map(Some)
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
