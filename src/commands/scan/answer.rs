//! One answer for each of many scans: a JSON object, a row of CSV, or a line for people.

use std::io::{self, Write};

use crate::domain::barcode::{Problem, Remark, Scan, ScanReport, Severity};
use crate::views::listing::Listing;
use crate::views::table::{Cell, Column, Tone};
use crate::views::visible::visible;
use crate::views::{Format, Screen};

/// Where answers go, as they come.
pub(super) enum Answers<'out> {
    Json(&'out mut dyn Write),
    Csv(Box<Listing<'out>>),
    Lines(&'out mut dyn Write),
}

/// A scan with what is told about it beside what it says.
pub(super) struct Scanned<'s> {
    /// Its line in the input, from 1.
    pub(super) line: u64,
    pub(super) text: &'s str,
    pub(super) scan: &'s Scan<'s>,
    /// The SKU that the book knows for it.
    pub(super) product: Option<&'s str>,
    /// Why the book would refuse it.
    pub(super) remarks: &'s [Remark],
}

impl<'out> Answers<'out> {
    pub(super) fn begin(format: Format, out: &'out mut dyn Write) -> io::Result<Self> {
        // A listing of CSV is laid out for no screen.
        let screen = Screen { width: 100, colour: false };
        Ok(match format {
            Format::Table => Self::Lines(out),
            Format::Json => Self::Json(out),
            Format::Csv => {
                let listing = Listing::begin("lotbook/scans/1", columns(), format, screen, out)?;
                Self::Csv(Box::new(listing))
            }
        })
    }

    pub(super) fn add(&mut self, scanned: &Scanned<'_>) -> io::Result<()> {
        match self {
            Self::Json(out) => {
                let report = ScanReport::new(scanned.scan, scanned.product, scanned.remarks);
                serde_json::to_writer(&mut **out, &report)?;
                out.write_all(b"\n")
            }
            Self::Csv(listing) => listing.row(&row(scanned)),
            Self::Lines(out) => write_lines(*out, scanned),
        }
    }

    /// Hands over what is buffered, where somebody may be waiting for it.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Json(out) | Self::Lines(out) => out.flush(),
            Self::Csv(listing) => listing.flush(),
        }
    }

    pub(super) fn end(self) -> io::Result<()> {
        match self {
            Self::Csv(listing) => listing.end(),
            Self::Json(_) | Self::Lines(_) => Ok(()),
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::right("line", "line"),
        Column::left("kind", "kind"),
        Column::left("accepted", "accepted"),
        Column::left("gtin", "GTIN"),
        Column::left("product", "product"),
        Column::left("lot", "lot"),
        Column::left("expiry", "expiry"),
        Column::left("serial", "serial"),
        Column::left("made", "made"),
        Column::left("errors", "errors"),
        Column::left("warnings", "warnings"),
        Column::left("text", "text"),
    ]
}

fn row(scanned: &Scanned<'_>) -> [Cell; 12] {
    let Scanned { line, text, scan, product, remarks } = *scanned;
    let said = remarks.iter().map(|remark| remark.code);
    [
        line.into(),
        scan.kind.as_str().into(),
        scan.accepted().into(),
        Cell::maybe(scan.gtin),
        Cell::maybe(product),
        Cell::maybe(scan.lot.as_deref()),
        Cell::maybe(scan.expiry),
        Cell::maybe(scan.serial.as_deref()),
        Cell::maybe(scan.made),
        codes(found(scan, Severity::Error), Tone::Bad),
        codes(found(scan, Severity::Warning).chain(said), Tone::Warn),
        Cell::text(text),
    ]
}

/// The codes of one severity.
fn found(scan: &Scan<'_>, severity: Severity) -> impl Iterator<Item = &'static str> {
    let of = scan.problems.iter().filter(move |problem| problem.severity() == severity);
    of.map(|problem| problem.code.as_str())
}

/// Codes, with blanks between.
fn codes(codes: impl Iterator<Item = &'static str>, tone: Tone) -> Cell {
    let codes: Vec<&str> = codes.collect();
    if codes.is_empty() { Cell::Empty } else { Cell::label(codes.join(" "), tone) }
}

/// `3: gs1 CART-12 lot 24C0110 expiry 2027-03-31`, and each problem on a line below.
fn write_lines(out: &mut dyn Write, scanned: &Scanned<'_>) -> io::Result<()> {
    let Scanned { line, scan, product, remarks, .. } = *scanned;
    write!(out, "{line}: {}", scan.kind.as_str())?;
    match (product, scan.gtin) {
        (Some(product), _) => write!(out, " {}", visible(product))?,
        (None, Some(gtin)) => write!(out, " GTIN {gtin}")?,
        (None, None) => {}
    }
    for (name, value) in [("lot", &scan.lot), ("serial", &scan.serial)] {
        if let Some(value) = value {
            write!(out, " {name} {}", visible(value))?;
        }
    }
    for (name, day) in [("expiry", scan.expiry), ("made", scan.made)] {
        if let Some(day) = day {
            write!(out, " {name} {day}")?;
        }
    }
    writeln!(out)?;
    for Problem { code, at, message, .. } in &scan.problems {
        let level = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "   {level}[{}] at {at}: {}", code.as_str(), visible(message))?;
    }
    for Remark { code, at, message } in remarks {
        writeln!(out, "   warning[{code}] at {at}: {}", visible(message))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;
    use crate::domain::barcode::{ScanSettings, Today, read};

    /// What whoever waits has received so far.
    #[derive(Default, Clone)]
    struct Received(Rc<RefCell<Vec<u8>>>);

    impl Write for Received {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_answer_is_handed_over_before_the_next_scan_is_waited_for() {
        let text = "4006381333931";
        let scan = read(text, &ScanSettings::default(), Today::in_year(2026));
        for format in [Format::Table, Format::Json, Format::Csv] {
            let received = Received::default();
            let mut out = received.clone();
            let mut answers = Answers::begin(format, &mut out).unwrap();
            let scanned = Scanned { line: 1, text, scan: &scan, product: None, remarks: &[] };
            answers.add(&scanned).unwrap();
            answers.flush().unwrap();
            let so_far = String::from_utf8(received.0.borrow().clone()).unwrap();
            assert!(so_far.contains("04006381333931"), "{so_far}");
        }
    }
}
