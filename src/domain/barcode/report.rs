//! The JSON of one scan, schema `lotbook/scan/1`.

use serde::Serialize;

use super::date::ScanDate;
use super::gtin::Gtin;
use super::problem::{Problem, Severity};
use super::scan::{Kind, Scan};

/// A warning of somebody who knows more than the text, as a book does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its stable text, such as `expired`.
    pub code: &'static str,
    /// The byte position in the scanned text of what it is about.
    pub at: usize,
    /// What is to be known, with the real values.
    pub message: String,
}

/// One scanned text as an object; what is absent is null.
#[derive(Debug, Serialize)]
pub struct ScanReport<'a> {
    schema: &'static str,
    kind: Kind,
    elements: Vec<ElementReport<'a>>,
    gtin: Option<Gtin>,
    lot: Option<&'a str>,
    expiry: Option<ScanDate>,
    serial: Option<&'a str>,
    made: Option<ScanDate>,
    product: Option<&'a str>,
    problems: Vec<ProblemReport<'a>>,
}

#[derive(Debug, Serialize)]
struct ElementReport<'a> {
    ai: &'a str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
struct ProblemReport<'a> {
    code: &'static str,
    severity: Severity,
    at: usize,
    message: &'a str,
}

impl<'a> ScanReport<'a> {
    /// The report of a scan; `product` is the SKU the book knows for it, if there is a book and it
    /// knows one, and `remarks` is what the book says of it, after the problems of the text.
    pub fn new(scan: &'a Scan<'_>, product: Option<&'a str>, remarks: &'a [Remark]) -> Self {
        let elements = scan.elements.iter();
        let problem = |Problem { code, at, message, .. }: &'a Problem| ProblemReport {
            code: code.as_str(),
            severity: code.severity(),
            at: *at,
            message,
        };
        let remark = |Remark { code, at, message }: &'a Remark| ProblemReport {
            code,
            severity: Severity::Warning,
            at: *at,
            message,
        };
        Self {
            schema: "lotbook/scan/1",
            kind: scan.kind,
            elements: elements
                .map(|element| ElementReport { ai: element.ai, value: &element.value })
                .collect(),
            gtin: scan.gtin,
            lot: scan.lot.as_deref(),
            expiry: scan.expiry,
            serial: scan.serial.as_deref(),
            made: scan.made,
            product,
            problems: scan.problems.iter().map(problem).chain(remarks.iter().map(remark)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::barcode::{ScanSettings, Today, read};

    fn json(text: &str, product: Option<&str>) -> String {
        let scan = read(text, &ScanSettings::default(), Today::in_year(2026));
        serde_json::to_string(&ScanReport::new(&scan, product, &[])).unwrap()
    }

    #[test]
    fn the_report_has_the_documented_shape() {
        assert_eq!(
            json("(01)00844588003288(17)141120(10)7654321D(21)10987654d321", Some("CART-12")),
            concat!(
                r#"{"schema":"lotbook/scan/1","kind":"gs1","elements":["#,
                r#"{"ai":"01","value":"00844588003288"},{"ai":"17","value":"141120"},"#,
                r#"{"ai":"10","value":"7654321D"},{"ai":"21","value":"10987654d321"}],"#,
                r#""gtin":"00844588003288","lot":"7654321D","expiry":"2014-11-20","#,
                r#""serial":"10987654d321","made":null,"product":"CART-12","problems":[]}"#
            )
        );
    }

    #[test]
    fn what_is_absent_is_null_and_problems_are_listed() {
        assert_eq!(
            json("(01)00208851107345", None),
            concat!(
                r#"{"schema":"lotbook/scan/1","kind":"gs1","elements":["#,
                r#"{"ai":"01","value":"00208851107345"}],"gtin":null,"lot":null,"expiry":null,"#,
                r#""serial":null,"made":null,"product":null,"problems":[{"#,
                r#""code":"wrong-check-digit","severity":"error","at":4,"#,
                r#""message":"(01) GTIN 00208851107345 ends in check digit 5, and 7 would fit"}]}"#
            )
        );
    }
}
