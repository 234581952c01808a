//! The table of docs/barcodes.md as data.

const PAGE: &str = include_str!("../../docs/barcodes.md");

/// One stretch of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Digits { min: usize, max: usize, check_digit: bool },
    Text { max: usize, begins_with_digits: bool, check_pair: bool },
    Date { day_may_be_open: bool },
    HourMinute,
    Hour,
    Sixtieth,
    Country,
    Zero,
    PieceOfTotal,
}

impl Form {
    pub(crate) fn lengths(self) -> (usize, usize) {
        match self {
            Self::Digits { min, max, .. } => (min, max),
            Self::Text { max, .. } => (1, max),
            Self::Date { .. } => (6, 6),
            Self::HourMinute | Self::PieceOfTotal => (4, 4),
            Self::Hour | Self::Sixtieth => (2, 2),
            Self::Country => (3, 3),
            Self::Zero => (1, 1),
        }
    }
}

/// One identifier.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) code: String,
    /// Each with whether the value may end before it.
    pub(crate) parts: Vec<(Form, bool)>,
    /// Whether something may follow only after a separator.
    pub(crate) separator: bool,
    /// Of each group one must stand in the same text.
    pub(crate) beside: Vec<Vec<String>>,
    /// None of these may.
    pub(crate) never: Vec<String>,
}

pub(crate) struct Table(pub(crate) Vec<Row>);

impl Table {
    pub(crate) fn row(&self, code: &str) -> Option<&Row> {
        self.0.iter().find(|row| row.code == code)
    }
}

/// The rows that the page lists.
pub(crate) fn documented() -> Table {
    let rows = PAGE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [code, _, value, separator, stands] = cells[..] else { return None };
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (beside, never) = stands_in_words(stands);
        Some(Row {
            code: code.to_owned(),
            parts: value.split(", ").map(part).collect(),
            separator: separator == "yes",
            beside,
            never,
        })
    });
    let table = Table(rows.collect());
    assert_eq!(table.0.len(), 62, "the page says how many it lists");
    table
}

fn part(words: &str) -> (Form, bool) {
    match words.strip_prefix('[').and_then(|words| words.strip_suffix(']')) {
        Some(words) => (form(words), true),
        None => (form(words), false),
    }
}

fn form(words: &str) -> Form {
    match words {
        "YYMMDD" => return Form::Date { day_may_be_open: false },
        "YYMMDD or YYMM00" => return Form::Date { day_may_be_open: true },
        "HHMM" => return Form::HourMinute,
        "HH" => return Form::Hour,
        "MM" | "SS" => return Form::Sixtieth,
        "country" => return Form::Country,
        "0" => return Form::Zero,
        "piece and total" => return Form::PieceOfTotal,
        _ => {}
    }
    let (count, up_to) = match words.strip_prefix("up to ") {
        Some(words) => (words, true),
        None => (words, false),
    };
    let (count, kind) = count.split_once(' ').unwrap();
    let max = count.parse().unwrap();
    let digits = |check_digit| Form::Digits { min: if up_to { 1 } else { max }, max, check_digit };
    let text = |begins_with_digits, check_pair| Form::Text { max, begins_with_digits, check_pair };
    match kind {
        "digits" => digits(false),
        "digits with check digit" => digits(true),
        "text" => text(false, false),
        "text beginning with 4 digits" => text(true, false),
        "text beginning with 4 digits and ending in 2 check characters" => text(true, true),
        _ => panic!("{words:?} is no form of a value"),
    }
}

/// `with 01 or 8006; with 21; never with 235`.
fn stands_in_words(words: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut beside, mut never) = (Vec::new(), Vec::new());
    for part in words.split("; ").filter(|part| *part != "-") {
        let codes = |list: &str, between| list.split(between).map(str::to_owned).collect();
        match part.strip_prefix("never with ") {
            Some(list) => never = codes(list, ", "),
            None => beside.push(codes(part.strip_prefix("with ").unwrap(), " or ")),
        }
    }
    (beside, never)
}
