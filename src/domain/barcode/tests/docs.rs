//! docs/barcodes.md tells the truth: its examples are read, its lists are complete.

use super::*;
use crate::domain::barcode::identifier::IDENTIFIERS;
use crate::domain::barcode::{ScanReport, Severity};
use crate::domain::stock::Why;

const PAGE: &str = include_str!("../../../../docs/barcodes.md");

/// The lines of all blocks marked `scan`: a text, then the report it gives.
fn examples() -> Vec<(String, &'static str)> {
    let blocks = PAGE.split("```scan\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or("").lines());
    let lines: Vec<_> = lines.collect();
    lines.chunks(2).map(|pair| (pair[0].replace("<GS>", "\u{1d}"), pair[1])).collect()
}

#[test]
fn the_examples_give_the_reports_beside_them() {
    assert!(examples().len() >= 10);
    for (text, report) in examples() {
        let scan = scan(&text);
        assert_eq!(
            serde_json::to_string(&ScanReport::new(&scan, None, &[])).unwrap(),
            report,
            "{text}"
        );
    }
}

#[test]
fn all_codes_and_identifiers_are_listed() {
    for code in Code::ALL {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let row = format!("| `{}` | {severity} |", code.as_str());
        assert!(PAGE.contains(&row), "{row}");
    }
    for why in Why::ALL {
        assert!(PAGE.contains(&format!("| `{why}` |")), "{why}");
    }
    for row in &IDENTIFIERS {
        assert!(PAGE.contains(&format!("| {} | {} |", row.code, row.title)), "{}", row.code);
    }
}
