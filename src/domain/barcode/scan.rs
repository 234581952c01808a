//! What was read from one scanned text.

use std::borrow::Cow;

use serde::Serialize;

use super::date::{ScanDate, Today, Written, yymmdd};
use super::excerpt::excerpt;
use super::gtin::Gtin;
use super::identifier::{Identifier, Index};
use super::problem::{Code, Problem, Severity};
use super::symbology::Symbology;
use super::value::{Place, check};

/// The most elements of one text. Real labels have about ten.
const MOST_ELEMENTS: usize = 64;

/// Where reading stops: a text with so many problems is no label.
const MOST_PROBLEMS: usize = 64;

/// The format a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// GS1 elements, as scanned or bracketed.
    Gs1,
    /// A web address with GS1 elements.
    DigitalLink,
    /// The plain digits of EAN-8, EAN-13, UPC-A, UPC-E or ITF-14.
    Ean,
    /// A Health Industry Bar Code.
    Hibc,
    /// ISBT 128: blood, cells, tissue. Never accepted.
    Isbt,
    /// None of these. Never accepted.
    Unknown,
}

impl Kind {
    /// The word in the output: `gs1`, `digital-link` ...
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gs1 => "gs1",
            Self::DigitalLink => "digital-link",
            Self::Ean => "ean",
            Self::Hibc => "hibc",
            Self::Isbt => "isbt",
            Self::Unknown => "unknown",
        }
    }
}

/// One piece of data and what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The application identifier without brackets, or the name of a HIBC field.
    pub ai: &'static str,
    /// Its value as it was written.
    pub value: Cow<'a, str>,
    /// The byte position where the element begins in the scanned text.
    pub at: usize,
    /// The row of the application identifier; none for a HIBC field.
    pub(super) index: Option<Index>,
}

impl Element<'_> {
    /// What people call it: `expiry date` for (17). HIBC fields are called by their names.
    pub fn title(&self) -> &'static str {
        self.index.map_or(self.ai, |index| index.get().title)
    }
}

/// All that could be read from a scanned text, and all that is wrong with it.
///
/// Values with an error of their own are among the elements, and in none of the other fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan<'a> {
    /// The format of the text.
    pub kind: Kind,
    /// The kind of barcode, if the scanner named one that is read.
    pub symbology: Option<&'static Symbology>,
    /// The elements in the order of the text.
    pub elements: Vec<Element<'a>>,
    /// The product's number: (01), or plain digits.
    pub gtin: Option<Gtin>,
    /// The lot: (10), or that of HIBC.
    pub lot: Option<Cow<'a, str>>,
    /// The expiry date: (17), else that of (7003), or that of HIBC.
    pub expiry: Option<ScanDate>,
    /// Whether the expiry date leaves its day open: it is then the month's last.
    pub day_open: bool,
    /// The serial number: (21), or that of HIBC.
    pub serial: Option<Cow<'a, str>>,
    /// The day of production: (11), else that of (8008), or that of HIBC.
    pub made: Option<ScanDate>,
    /// All problems, in the order of their positions.
    pub problems: Vec<Problem>,
    /// The known application identifiers among the elements.
    pub(super) present: u64,
}

impl<'a> Scan<'a> {
    pub(super) const fn empty(kind: Kind) -> Self {
        Self {
            kind,
            symbology: None,
            elements: Vec::new(),
            gtin: None,
            lot: None,
            expiry: None,
            day_open: false,
            serial: None,
            made: None,
            problems: Vec::new(),
            present: 0,
        }
    }

    /// Whether the scan may be used: it has no problem of severity error.
    pub fn accepted(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity() == Severity::Warning)
    }

    /// The first value of an application identifier or HIBC field.
    pub fn value(&self, ai: &str) -> Option<&str> {
        let element = self.elements.iter().find(|element| element.ai == ai)?;
        Some(&element.value)
    }

    /// Where the first of these that the text has begins; the text's start, where it has none.
    pub fn place(&self, ais: &[&str]) -> usize {
        let place = |ai: &&str| self.elements.iter().find(|element| element.ai == *ai);
        ais.iter().find_map(place).map_or(0, |element| element.at)
    }

    pub(super) fn problem(
        &mut self,
        code: Code,
        at: usize,
        message: String,
        remedy: impl Into<Cow<'static, str>>,
    ) {
        self.problems.push(Problem { code, at, message, remedy: remedy.into() });
    }

    /// Whether so much is wrong that reading on would tell nothing.
    pub(super) fn is_hopeless(&self) -> bool {
        self.problems.len() >= MOST_PROBLEMS
    }

    /// Whether one more element may be taken; the first one too many is a problem.
    pub(super) fn has_room(&mut self, at: usize) -> bool {
        if self.elements.len() < MOST_ELEMENTS || self.is_hopeless() {
            return !self.is_hopeless();
        }
        let message = format!("the text has more than {MOST_ELEMENTS} elements");
        self.problem(Code::TooManyElements, at, message, "scan one label at a time");
        false
    }

    /// Takes an element that begins at `at`, checks its value, and fills the field it stands for.
    pub(super) fn take(
        &mut self,
        index: Index,
        value: Cow<'a, str>,
        at: usize,
        place: Place,
        today: Today,
    ) {
        let identifier = index.get();
        let usable = check(index, &value, place, today, &mut self.problems);
        if value.is_empty() {
            return;
        }
        let first = self.present & index.bit() == 0;
        if usable && first {
            self.fill(identifier.code, value.clone(), place.start, today);
        }
        if !first {
            self.check_repeated(identifier, &value, at);
        }
        self.present |= index.bit();
        self.elements.push(Element { ai: identifier.code, value, at, index: Some(index) });
    }

    /// The same element may stand twice, as when two barcodes of one label are read together; with
    /// two values, nobody can tell which is right.
    fn check_repeated(&mut self, identifier: &Identifier, value: &str, at: usize) {
        let Identifier { code, title, .. } = identifier;
        let Some(first) = self.value(code).filter(|first| *first != value) else {
            return;
        };
        let (first, value) = (excerpt(first), excerpt(value));
        let message = format!("({code}) {title} stands here twice, as '{first}' and as '{value}'");
        self.problem(
            Code::RepeatedIdentifier,
            at,
            message,
            "scan one label at a time, and check which of the two is printed on it",
        );
    }

    /// Takes an expiry. Of one month, the one that names the day is taken.
    fn say_expiry(&mut self, day: Option<ScanDate>, day_open: bool, wins: bool) {
        let month = |date: Option<ScanDate>| date.map(ScanDate::month_of);
        let one_is_open = self.day_open != day_open && month(self.expiry) == month(day);
        let is_taken = match self.expiry {
            None => true,
            Some(_) if one_is_open => !day_open,
            Some(_) => wins,
        };
        if is_taken {
            (self.expiry, self.day_open) = (day, day_open);
        }
    }

    /// Fills the field that an element stands for. (17) wins over (7003), (11) over (8008).
    fn fill(&mut self, code: &str, value: Cow<'a, str>, at: usize, today: Today) {
        let day = |digits: &str| match yymmdd(&digits.as_bytes()[..6], today) {
            Written::Day(day) | Written::MonthOnly(day) => Some(day),
            Written::Nothing => None,
        };
        match code {
            "01" => {
                let gtin = Gtin::of_checked(value.as_bytes());
                self.gtin = Some(gtin);
                self.warn_variable_measure(gtin, at);
            }
            "10" => self.lot = Some(value),
            "21" => self.serial = Some(value),
            "17" => self.say_expiry(day(&value), value.ends_with("00"), true),
            "7003" => self.say_expiry(day(&value), false, false),
            "11" => self.made = day(&value),
            "8008" => self.made = self.made.or_else(|| day(&value)),
            _ => {}
        }
    }

    /// Indicator 9 says that pieces with this number differ in what they hold. The standard's
    /// syntax engine does not look at the indicator, and neither refuses it.
    pub(super) fn warn_variable_measure(&mut self, gtin: Gtin, at: usize) {
        if gtin.indicator() == 9 {
            self.problem(
                Code::VariableMeasure,
                at,
                format!("GTIN {gtin} begins with 9: what a piece holds differs (variable measure)"),
                "give the quantity by hand: the number alone does not tell it",
            );
        }
    }
}
