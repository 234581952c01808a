//! docs/barcodes.md tells the truth: its examples are read, its lists are complete.

use super::*;
use crate::domain::barcode::charset::Charset;
use crate::domain::barcode::identifier::IDENTIFIERS;
use crate::domain::barcode::part::{Part, Rule};
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

/// What the page says of a part of a value.
fn part_in_words(part: &Part) -> String {
    let count = match (part.min == part.max, part.charset) {
        (true, Charset::Digits) => format!("{} digits", part.max),
        (false, Charset::Digits) => format!("up to {} digits", part.max),
        (_, Charset::Text) => format!("up to {} text", part.max),
    };
    let words = match part.rule {
        Rule::Any => count,
        Rule::CheckDigit => format!("{count} with check digit"),
        Rule::Date => "YYMMDD or YYMM00".to_owned(),
        Rule::Day => "YYMMDD".to_owned(),
        Rule::HourMinute => "HHMM".to_owned(),
        Rule::Hour => "HH".to_owned(),
        Rule::Sixtieth => "MM".to_owned(),
        Rule::Country => "country".to_owned(),
        Rule::Zero => "0".to_owned(),
        Rule::PieceOfTotal => "piece and total".to_owned(),
        Rule::CompanyPrefix => format!("{count} beginning with 4 digits"),
        Rule::ModelNumber => {
            format!("{count} beginning with 4 digits and ending in 2 check characters")
        }
    };
    if part.optional { format!("[{words}]") } else { words }
}

/// The texts of a paragraph that stand between backticks and begin as scans do.
fn inline_scans() -> Vec<&'static str> {
    let prose = PAGE.split("```").step_by(2);
    let texts = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let begins = |text: &&str| ["]", "(0", "+", "https"].iter().any(|it| text.starts_with(it));
    texts.filter(begins).collect()
}

#[test]
fn the_scans_in_the_prose_are_read_as_it_says() {
    let found = inline_scans();
    assert!(found.len() >= 9, "{found:?}");
    for text in found {
        if text.len() > "https://".len() && !text.contains("...") {
            let typed = text.replace("<GS>", "\u{1d}");
            assert!(scan(&typed).accepted(), "{text}: {:?}", scan(&typed).problems);
        }
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
        let value = row.parts.iter().map(part_in_words).collect::<Vec<_>>().join(", ");
        let value = value.replace("[MM], [MM]", "[MM], [SS]");
        let separator = if row.is_predefined() { "no" } else { "yes" };
        let beside = row.beside.iter().map(|group| format!("with {}", group.join(" or ")));
        let never = row.never_beside.join(", ");
        let never = (!never.is_empty()).then(|| format!("never with {never}"));
        let stands = beside.chain(never).collect::<Vec<_>>().join("; ");
        let stands = if stands.is_empty() { "-" } else { &stands };
        let line = format!("| {} | {} | {value} | {separator} | {stands} |", row.code, row.title);
        assert!(PAGE.lines().any(|known| known == line), "{line}");
    }
    let table = PAGE.split("## The application identifiers").nth(1).unwrap();
    let rows = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .take_while(|line| !line.starts_with("| where"));
    assert_eq!(rows.count(), IDENTIFIERS.len() + 1, "the identifiers below their head");
}
