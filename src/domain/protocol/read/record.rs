//! `[step.record.NAME]`: what is read at a step.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::domain::diagnostic::Diagnostic;
use crate::domain::id::FieldName;
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::step::Home;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::protocol::rule::{
    Kind, Per, Ranges, Record, Rule, Severity, Shape, Span, StaffLimit, Stops, Sum,
};
use crate::domain::protocol::step::StepNo;
use crate::domain::quantity::Value;
use crate::domain::shown::shown;

/// Keys that only a number can have.
const NUMBER_KEYS: [&str; 6] = ["unit", "min", "max", "by_area", "total", "staff_limit"];
/// Keys that only an answer can have.
const ANSWER_KEYS: [&str; 4] = ["one_of", "expected", "stops", "cleared_by"];

impl Reader<'_> {
    /// Reads one reading.
    pub(super) fn record(&mut self, home: &Home<'_>, entry: &Entry<'_>, rules: &mut Vec<Rule>) {
        let name = self.field(entry);
        let Some(table) = self.table(entry, Place::Record) else { return };
        let of = |keys: &[&str]| -> Vec<_> {
            table.entries.iter().filter(|one| keys.contains(&one.key)).cloned().collect()
        };
        let shape = match (&of(&NUMBER_KEYS)[..], &of(&ANSWER_KEYS)[..]) {
            ([], []) => Some(Shape::Any),
            (_, []) => self.number(home, &table, name.as_ref()),
            ([], _) => self.answers(&table),
            (numbers, answers) => {
                self.number_and_answers(numbers, answers);
                None
            }
        };
        let sum = if self.flag(&table, "total") { Sum::Total } else { Sum::Each };
        let limited = self.flag(&table, "staff_limit");
        let staff_limit = if limited { StaffLimit::Kept } else { StaffLimit::Ignored };
        let stops = self.stops(&table);
        let modifiers = self.modifiers(&table);
        if modifiers.severity == Some(Severity::Block) && stops.is_none() {
            self.refused_answers(&table);
        }
        let (Some(name), Some(shape)) = (name, shape) else { return };
        let id = format!("{}.record.{name}", home.label);
        let readings = self.names.steps.get(home.step.index()).map(|step| &step.readings);
        let slot = readings.and_then(|all| all.keys().position(|key| key == name.as_str()));
        let slot = slot.unwrap_or(0);
        let record = Record { step: home.step, name, shape, sum, staff_limit, stops, slot };
        self.add(&id, Kind::Record(record), home.per, modifiers, entry.key_span.clone(), rules);
    }

    /// A reading is a number or an answer: all keys of both are named, so that one edit mends it.
    fn number_and_answers(&mut self, numbers: &[Entry<'_>], answers: &[Entry<'_>]) {
        let list = |entries: &[Entry<'_>]| {
            let keys = entries.iter().map(|entry| format!("`{}`", entry.key));
            keys.collect::<Vec<_>>().join(", ")
        };
        let (number, answer) = (list(numbers), list(answers));
        let be = |entries: &[Entry<'_>]| if entries.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{number} {} for numbers and {answer} for answers; a reading is one of them",
            be(numbers)
        );
        let remedy = format!("leave {number} out, or {answer}");
        let spans = answers.iter().chain(numbers).map(|entry| entry.key_span.clone());
        let mut spans = spans.collect::<Vec<_>>().into_iter();
        let Some(first) = spans.next() else { return };
        let found = Diagnostic::error(codes::CONTRADICTORY_KEYS, first, message).remedy(remedy);
        self.found.push(spans.fold(found, |found, span| found.label(span, "and this")));
    }

    /// A `block` rule would refuse to record an answer that is true, only not expected.
    fn refused_answers(&mut self, table: &Table<'_>) {
        let Some(expected) = table.get("expected") else { return };
        let message = "`block` refuses to record an answer that is not expected, even a true one";
        let step = self.step_to_stop();
        let remedy =
            format!("name what it stops: stops = [\"{step}\"], or write severity = \"major\"");
        let found = Diagnostic::warning(codes::CONTRADICTORY_KEYS, expected.key_span, message);
        self.found.push(found.remedy(remedy));
    }

    fn number(
        &mut self,
        home: &Home<'_>,
        table: &Table<'_>,
        name: Option<&FieldName>,
    ) -> Option<Shape> {
        let line = "unit = \"mm\", or unit = \"count\" for a plain number";
        let unit = self.needed(table, Place::Record, "unit", line);
        let unit = unit.and_then(|(text, span)| self.unit(text, span));
        if let Some(unit) = &unit {
            self.limit_unit(name, unit, table);
        }
        let span = Span { min: self.decimal_of(table, "min"), max: self.decimal_of(table, "max") };
        self.range_order(span, table);
        let fallback = table.get("min").is_some() || table.get("max").is_some();
        let by_area = table.get("by_area");
        let mut ranges = Ranges::default();
        if fallback || by_area.is_none() {
            ranges.other = Some(span);
        }
        if let Some(by_area) = by_area {
            ranges.by_area = self.by_area(&by_area, name);
            if !fallback {
                self.every_area(&by_area, &ranges);
            }
            if table.get("total").is_some() && home.per == Per::Session {
                let message = "a total over the session has no area, so `by_area` can't hold it";
                let remedy = "add per = \"area\" to the [[step]], or leave `by_area` out";
                self.error(codes::CONTRADICTORY_KEYS, by_area.key_span, message, remedy);
            }
        }
        for (key, number) in [("min", span.min), ("max", span.max)] {
            if let (Some(entry), Some(number)) = (table.get(key), number) {
                self.within_limits(name, number, entry.span);
            }
        }
        Some(Shape::Number { unit: unit?, ranges })
    }

    fn by_area(&mut self, entry: &Entry<'_>, name: Option<&FieldName>) -> Vec<Option<Span>> {
        let mut ranges = vec![None; self.names.areas.len()];
        let table = self.free_table(entry);
        for one in table.iter().flat_map(|table| &table.entries) {
            let area = self.area_named(one.key, one.key_span.clone());
            let place = area.and_then(|area| ranges.get_mut(area));
            let Some((min, max)) = self.pair(one) else {
                // What is wrong with its range is said; that it has none would not be true.
                place.map(|place| place.insert(Span::default()));
                continue;
            };
            let span = Span { min: Some(min), max: Some(max) };
            if min > max {
                let message = format!("no number is at least {min} and at most {max}");
                let remedy = format!("write {} = [{max}, {min}]", shown(one.key));
                self.error(codes::EMPTY_WINDOW, one.span.clone(), message, remedy);
            } else {
                self.within_limits(name, min, one.span.clone());
                self.within_limits(name, max, one.span.clone());
            }
            place.map(|place| place.insert(span));
        }
        ranges
    }

    /// Every area has a range, where there is none for the others.
    fn every_area(&mut self, entry: &Entry<'_>, ranges: &Ranges) {
        let areas = self.names.areas.iter().zip(&ranges.by_area);
        let without: Vec<&str> =
            areas.filter(|(_, span)| span.is_none()).map(|(area, _)| area.as_str()).collect();
        if !without.is_empty() {
            let message = format!("no range is given for {}", without.join(", "));
            let remedy = "add them to `by_area`, or give min and max for every other area";
            self.error(codes::AREA_WITHOUT_RANGE, entry.key_span.clone(), message, remedy);
        }
    }

    /// `min <= max`.
    pub(super) fn range_order(&mut self, range: Span, table: &Table<'_>) {
        if let Span { min: Some(min), max: Some(max) } = range
            && min > max
        {
            let span = table.get("max").map_or(table.span.clone(), |entry| entry.span);
            let message = format!("no number is at least {min} and at most {max}");
            let remedy = format!("write min = {max}, max = {min}");
            self.error(codes::EMPTY_WINDOW, span, message, remedy);
        }
    }

    /// Holds a number against what the device can do.
    fn within_limits(&mut self, name: Option<&FieldName>, number: Decimal, span: Range<usize>) {
        let Some(limit) = name.and_then(|name| self.names.limits.get(name)).cloned() else {
            return;
        };
        let unit = limit.unit.as_deref().unwrap_or("count");
        if !limit.span.holds(number) {
            let message = format!("{number} {unit} is beyond the device: {} {unit}", limit.span);
            let remedy = "stay within `limits`, or register another device there";
            return self.error(codes::BEYOND_LIMITS, span, message, remedy);
        }
        let off = |step: &_| number.checked_rem(*step).is_none_or(|rest| !rest.is_zero());
        if let Some(step) = limit.step.filter(off) {
            let message =
                format!("{number} {unit} can't be set: the device goes in steps of {step} {unit}");
            self.error(codes::BEYOND_LIMITS, span, message, format!("write a multiple of {step}"));
        }
    }

    /// A reading is in the unit of the device's limit.
    fn limit_unit(&mut self, name: Option<&FieldName>, unit: &Option<Box<str>>, table: &Table<'_>) {
        let limit = name.and_then(|name| self.names.limits.get(name));
        let Some(limit) = limit.filter(|limit| limit.unit != *unit) else { return };
        let device = limit.unit.as_deref().unwrap_or("count").to_owned();
        let unit = unit.as_deref().unwrap_or("count");
        let message = format!("the reading is in {unit}, the device's limit in {device}");
        let span = table.get("unit").map_or(table.span.clone(), |entry| entry.span);
        self.error(codes::BEYOND_LIMITS, span, message, format!("write unit = \"{device}\""));
    }

    fn answers(&mut self, table: &Table<'_>) -> Option<Shape> {
        let Some(entry) = table.get("one_of") else {
            self.missing(table.span.clone(), Place::Record, "one_of", "one_of = [\"yes\", \"no\"]");
            return None;
        };
        let texts = self.strings(&entry);
        let one_of: Vec<Value> = texts.iter().map(|(text, _)| Value::read(text)).collect();
        if one_of.is_empty() {
            let remedy = "write one_of = [\"yes\", \"no\"]";
            let message = "a question without answers can't be answered";
            self.error(codes::SAYS_NOTHING, entry.span, message, remedy);
            return None;
        }
        let expected = table.get("expected").map(|entry| (self.strings(&entry), entry));
        let Some((texts, entry)) = expected else {
            return Some(Shape::Word { one_of, expected: vec![] });
        };
        let mut expected = Vec::new();
        for (text, span) in texts {
            let value = Value::read(text);
            if !one_of.contains(&value) {
                let message = format!("`{}` is expected, but not one of the answers", shown(text));
                let remedy = "add it to `one_of`, or expect one of those";
                self.error(codes::UNKNOWN_ANSWER, span, message, remedy);
            }
            expected.push(value);
        }
        if expected.is_empty() {
            let message = "no answer is expected, so every one would be wrong";
            let remedy = "write expected = [\"no\"], or leave it out";
            self.error(codes::SAYS_NOTHING, entry.span, message, remedy);
        }
        Some(Shape::Word { one_of, expected })
    }

    fn stops(&mut self, table: &Table<'_>) -> Option<Stops> {
        let clearance = table.get("cleared_by");
        let Some(entry) = table.get("stops") else {
            if let Some(clearance) = clearance {
                let message = "`cleared_by` clears what an answer stops, and nothing is stopped";
                let step = self.step_to_stop();
                let remedy = format!("add stops = [\"{step}\"], or leave `cleared_by` out");
                self.error(codes::MISSING_KEY, clearance.key_span, message, remedy);
            }
            return None;
        };
        if table.get("expected").is_none() {
            let message = "`stops` needs `expected`: the answers that stop nothing";
            let span = entry.key_span.clone();
            self.error(codes::MISSING_KEY, span, message, "add expected = [\"no\"]");
        }
        let names = self.strings(&entry);
        if names.is_empty() {
            let message = "an answer that stops no step stops nothing";
            let remedy = format!("write stops = [\"{}\"], or leave it out", self.step_to_stop());
            self.error(codes::SAYS_NOTHING, entry.span.clone(), message, remedy);
        }
        let steps: Vec<Option<StepNo>> =
            names.into_iter().map(|(name, span)| self.step_named(name, span)).collect();
        let steps: Vec<StepNo> = steps.into_iter().flatten().collect();
        let cleared_by = clearance.and_then(|entry| {
            let name = self.string(&entry)?;
            let step = self.step_named(name, entry.span.clone())?;
            if steps.contains(&step) {
                let message = format!("`{name}` clears the answer and is stopped by it");
                let remedy = format!("leave `{name}` out of `stops`");
                self.error(codes::CONTRADICTORY_KEYS, entry.span, message, remedy);
            }
            Some(step)
        });
        Some(Stops { steps, cleared_by })
    }
}
