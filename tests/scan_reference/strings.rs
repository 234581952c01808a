//! Texts of elements: most are right or nearly so, because what is wrong everywhere proves little.

use crate::chance::Chance;
use crate::link::KEYS;
use crate::reader::{COUNTRIES, GS, TEXT, check_pair};
use crate::table::{Form, Row, Table};

/// What stands in a text where it should not, besides what may.
const STRAY: &str = "0123456789\u{1d}\u{1d} #$@[]\\^`{|}~()\0\u{1}\u{7f}\u{e9}\u{660}\u{20ac}";

pub(crate) struct Strings<'t> {
    table: &'t Table,
    chance: Chance,
    text: Vec<char>,
}

impl<'t> Strings<'t> {
    pub(crate) fn new(table: &'t Table, chance: Chance) -> Self {
        Self { table, chance, text: TEXT.chars().collect() }
    }

    /// Elements behind a symbology identifier.
    pub(crate) fn scanned(&mut self) -> String {
        let elements = self.elements();
        let mut text = String::new();
        if self.chance.percent(3) {
            text.push(GS);
        }
        for (place, (row, value)) in elements.iter().enumerate() {
            text = text + &row.code + value;
            let needed = row.separator && place + 1 < elements.len();
            let percent = if needed { 97 } else { 10 };
            if self.chance.percent(percent) {
                text.push(GS);
            }
        }
        let text = self.spoiled(text);
        let symbology = *self.chance.of(&["]d2", "]C1", "]Q3", "]e0", "]J1"]);
        format!("{symbology}{text}")
    }

    /// Elements as they are printed.
    pub(crate) fn bracketed(&mut self) -> String {
        let elements = self.elements();
        let text = elements
            .iter()
            .map(|(row, value)| format!("({}){}", row.code, value.replace('(', "\\(")))
            .collect();
        // What does not begin with a bracket is read in another way.
        format!("({}", &self.spoiled(text).trim_start_matches('('))
    }

    /// A web address with a key, its qualifiers, and what else is said of it behind `?`.
    pub(crate) fn link(&mut self) -> String {
        let hosts = ["https://id.gs1.org", "http://clinic.example/shop/2", "HTTPS://X.DE:80"];
        let mut text = (*self.chance.of(&hosts)).to_owned();
        // Those with qualifiers have most to get wrong.
        let wanted = *self.chance.of(&["01", "01", "8006", ""]);
        let known = KEYS.iter().find(|(key, _)| *key == wanted);
        let (key, sequences) = *known.unwrap_or_else(|| self.chance.of(KEYS));
        let mut path = vec![key.to_owned()];
        for code in *self.chance.of(sequences) {
            if self.chance.percent(40) {
                path.push((*code).to_owned());
            }
        }
        if self.chance.percent(10) {
            path.push((*self.chance.of(&["22", "10", "21", "235", "8020"])).to_owned());
        }
        if self.chance.percent(5) {
            self.chance.shuffle(&mut path);
        }
        let mut codes = path.clone();
        for _ in 0..self.chance.between(0, 2) {
            codes.push(self.chance.of(&self.table.0).code.clone());
        }
        self.complete(&mut codes);
        let query = codes.split_off(path.len());
        for code in path {
            text = format!("{text}/{code}/{}", self.encoded(&code));
        }
        let mut between = '?';
        for code in query {
            // A second value of what the path holds is left out but now and then.
            if !text.contains(&format!("/{code}/")) || self.chance.percent(5) {
                text = format!("{text}{between}{code}={}", self.encoded(&code));
                between = '&';
            }
        }
        if self.chance.percent(10) {
            let others = ["linkType=all", "context", "5512=1", "x1=2", "=x", "17", "&", "8200=a"];
            text = format!("{text}{between}{}", self.chance.of(&others));
        }
        if self.chance.percent(10) {
            text.push_str("#top");
        }
        // What does not begin as an address is read in another way.
        let start = text.find("://").map_or(0, |at| at + 3) + 1;
        let rest = text.split_off(start);
        text + &self.spoiled(rest)
    }

    /// A value with some of its characters as percent codes, and all that can't stand in a link.
    fn encoded(&mut self, code: &str) -> String {
        let value = self.value(self.table.row(code).unwrap());
        let plain =
            |letter: char| letter.is_ascii_alphanumeric() || "!'()*+,-.:;_".contains(letter);
        value
            .chars()
            .map(|letter| match plain(letter) && !self.chance.percent(5) {
                true => letter.to_string(),
                false => format!("%{:02X}", u32::from(letter)),
            })
            .collect()
    }

    /// Adds what must stand beside the identifiers, nearly always.
    fn complete(&mut self, codes: &mut Vec<String>) {
        let mut place = 0;
        while place < codes.len() && self.chance.percent(95) {
            for group in &self.table.row(&codes[place]).unwrap().beside {
                if !group.iter().any(|code| codes.contains(code)) {
                    codes.push(self.chance.of(group).clone());
                }
            }
            place += 1;
        }
    }

    /// Some identifiers, mostly with what must stand beside them, in any order.
    fn elements(&mut self) -> Vec<(&'t Row, String)> {
        let usual = ["01", "10", "17", "21", "11", "7003"];
        let mut codes: Vec<String> = Vec::new();
        for _ in 0..self.chance.between(1, 4) {
            codes.push(match self.chance.percent(40) {
                true => (*self.chance.of(&usual)).to_owned(),
                false => self.chance.of(&self.table.0).code.clone(),
            });
        }
        self.complete(&mut codes);
        if self.chance.percent(90) {
            codes.sort();
            codes.dedup();
        }
        self.chance.shuffle(&mut codes);
        let rows = codes.iter().map(|code| self.table.row(code).unwrap());
        rows.map(|row| (row, self.value(row))).collect()
    }

    fn value(&mut self, row: &Row) -> String {
        let mut value = String::new();
        for (form, optional) in &row.parts {
            if *optional && self.chance.percent(50) {
                break;
            }
            value += &self.part(*form);
        }
        value
    }

    fn part(&mut self, form: Form) -> String {
        let (min, max) = form.lengths();
        let length = self.chance.between(min, max);
        let length = *self.chance.of(&[min, max, length]);
        let two = |number: usize| format!("{number:02}");
        match form {
            Form::Digits { check_digit: false, .. } => self.chance.digits(length),
            Form::Digits { .. } => {
                let digits = self.chance.digits(length - 1);
                let weights = [3, 1].into_iter().cycle();
                let weighted = digits.bytes().rev().zip(weights);
                let sum: u32 = weighted.map(|(digit, by)| u32::from(digit - b'0') * by).sum();
                format!("{digits}{}", (10 - sum % 10) % 10)
            }
            Form::Text { begins_with_digits: false, .. } => self.letters(length),
            Form::Text { check_pair: pair, .. } => {
                let number = self.chance.digits(4);
                let number = number + &self.letters(length.max(6) - 6);
                if pair { format!("{number}{}", check_pair(&number)) } else { number }
            }
            Form::Date { .. } => {
                // A few of these days are none.
                let month = *self.chance.of(&[0, 2, 2, 12, 13]);
                let month = if self.chance.percent(85) { month.clamp(1, 12) } else { month };
                let day = *self.chance.of(&[1, 15, 27, 28, 28, 28, 29, 30, 31, 0]);
                let day = if self.chance.percent(60) { day.clamp(1, 28) } else { day };
                self.chance.digits(2) + &two(month) + &two(day)
            }
            Form::HourMinute => two(self.chance.between(0, 24)) + &two(self.chance.between(0, 59)),
            Form::Hour => two(self.chance.between(0, 24)),
            Form::Sixtieth => two(self.chance.between(0, 60)),
            Form::Country if self.chance.percent(5) => self.chance.digits(3),
            Form::Country => {
                let known: Vec<&str> = COUNTRIES.split_whitespace().collect();
                (*self.chance.of(&known)).to_owned()
            }
            Form::Zero => "0".to_owned(),
            Form::PieceOfTotal => {
                let total = self.chance.between(1, 99);
                two(self.chance.between(1, total)) + &two(total)
            }
        }
    }

    /// Half of it is digits, so that a value may look like an identifier.
    fn letters(&mut self, count: usize) -> String {
        let text = self.text.clone();
        (0..count)
            .map(|_| match self.chance.percent(50) {
                true => *self.chance.of(&text),
                false => *self.chance.of(&['0', '1', '7', '2', '9']),
            })
            .collect()
    }

    /// A quarter of the texts are spoiled, some of them more than once.
    fn spoiled(&mut self, text: String) -> String {
        let mut text: Vec<char> = text.chars().collect();
        while self.chance.percent(25) && !text.is_empty() {
            let at = self.chance.between(0, text.len() - 1);
            let stray: Vec<char> = STRAY.chars().collect();
            match self.chance.between(0, 8) {
                0 => text.truncate(at),
                1 => _ = text.remove(at),
                2 => text[at] = *self.chance.of(&stray),
                3 => text.insert(at, *self.chance.of(&stray)),
                4 => {
                    let next = (at + 1).min(text.len() - 1);
                    text.swap(at, next);
                }
                5 => {
                    let twice = text[at];
                    text.insert(at, twice);
                }
                6 => text.insert(at, GS),
                7 => text.retain(|character| *character != GS),
                _ => {
                    let code = self.chance.of(&self.table.0).code.clone();
                    let word = *self.chance.of(&[code.as_str(), "<GS>", "<fnc1>"]);
                    text.splice(at..at, word.chars()).for_each(drop);
                }
            }
        }
        text.into_iter().collect()
    }
}
