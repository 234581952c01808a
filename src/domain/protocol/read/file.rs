//! The file as a whole: its head, its steps, its rules.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::domain::id::{AreaId, FieldName, ProtocolId, ProtocolRef, StepId};
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::names::StepName;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::protocol::rule::{Kind, Limit, Per, Rule, Severity, Span};
use crate::domain::protocol::step::{STEPS_MAX, Step, StepNo};
use crate::domain::protocol::{Protocol, RESERVED};
use crate::domain::quantity::Value;
use crate::domain::shown::shown;

/// The version of the language.
const LANGUAGE: &str = "1";

/// Reads a file. The protocol is there where all its steps have ids, so that it can be looked at
/// as a whole even if something else is wrong.
pub(super) fn read(reader: &mut Reader<'_>, root: &DeTable<'_>) -> Option<Protocol> {
    let file = reader.known(root, 0..0, Place::File);
    reader.language(&file);
    let reference = reader.reference(&file);
    let title = reader.needed(&file, Place::File, "title", "title = \"...\"");
    reader.names.areas = reader.areas(&file);
    let sources = file.get("sources").map(|entry| reader.strings(&entry)).unwrap_or_default();
    let off_label = reader.flag(&file, "off_label");
    reader.names.limits = reader.limits(&file);

    let steps = file.get("step").map(|entry| reader.tables(&entry, Place::Step));
    let steps = steps.unwrap_or_default();
    reader.step_names(&steps);
    let mut rules = Vec::new();
    for (index, table) in steps.iter().enumerate() {
        if let Some(no) = StepNo::new(index) {
            reader.step(no, table, &mut rules);
        }
    }
    if file.get("step").is_none() {
        reader.missing(0..0, Place::File, "step", "a [[step]] with its id");
    }
    let tables = file.get("rule").map(|entry| reader.tables(&entry, Place::Rule));
    for (index, table) in tables.unwrap_or_default().iter().enumerate() {
        reader.rule(index, table, &mut rules);
    }
    reader.unique_rules(&rules);
    rules.extend(RESERVED.iter().filter_map(|word| automatic(word)));

    let steps = reader.steps(&steps)?;
    let mut by_id: Vec<StepNo> = (0..steps.len()).filter_map(StepNo::new).collect();
    by_id.sort_by(|one, two| steps[one.index()].id.cmp(&steps[two.index()].id));
    let names = reader.names.steps.iter();
    let readings = names
        .map(|step| step.readings.keys().filter_map(|name| name.parse().ok()).collect())
        .collect();
    Some(Protocol {
        readings,
        reference: reference?,
        title: title.map(|(title, _)| title.to_owned()).unwrap_or_default(),
        areas: reader.names.areas.clone(),
        sources: sources.into_iter().map(|(source, _)| source.to_owned()).collect(),
        off_label,
        limits: reader.names.limits.clone(),
        steps,
        rules,
        by_id,
    })
}

/// The rule that the book adds by itself.
fn automatic(word: &'static str) -> Option<Rule> {
    Some(Rule {
        id: word.parse().ok()?,
        kind: Kind::Automatic(word),
        severity: Severity::Major,
        why: Some("The book refuses it; it was recorded because it truly happened".into()),
        disputed: None,
        when: Vec::new(),
        per: Per::Session,
        span: 0..0,
    })
}

impl Reader<'_> {
    fn language(&mut self, file: &Table<'_>) {
        match file.get("lotbook") {
            None => self.missing(0..0, Place::File, "lotbook", "lotbook = 1 as the first line"),
            Some(entry) => {
                let source = shown(self.source(&entry.span));
                if !matches!(entry.value, DeValue::Integer(_)) || source != LANGUAGE {
                    let message = format!(
                        "the file is in version {source} of the language, \
                        this program reads version {LANGUAGE}"
                    );
                    let remedy = format!("write lotbook = {LANGUAGE}");
                    self.error(codes::LANGUAGE_VERSION, entry.span, message, remedy);
                }
            }
        }
    }

    /// The id and version. Where one is missing or wrong a stand-in lets the reading go on.
    fn reference(&mut self, file: &Table<'_>) -> Option<ProtocolRef> {
        let id = self.needed(file, Place::File, "id", "id = \"my-protocol\"");
        let id = id.and_then(|(text, span)| self.id::<ProtocolId>(text, span));
        let id = id.or_else(|| ProtocolId::new("unnamed").ok())?;
        let Some(entry) = file.get("version") else {
            self.missing(0..0, Place::File, "version", "version = \"2026.1\"");
            return ProtocolRef::new(id, "0").ok();
        };
        if let DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) = entry.value {
            let source = shown(self.source(&entry.span));
            let message = format!(
                "the version {source} is a number or date, and would lose zeros: \
                2026.10 would be 2026.1"
            );
            let remedy = format!("write version = \"{source}\"");
            self.error(codes::VERSION_NOT_STRING, entry.span, message, remedy);
            return ProtocolRef::new(id, "0").ok();
        }
        let version = self.string(&entry).unwrap_or("0");
        match ProtocolRef::new(id.clone(), version) {
            Ok(reference) => Some(reference),
            Err(error) => {
                self.error(codes::BAD_ID, entry.span, error.to_string(), "write \"2026.1\"");
                ProtocolRef::new(id, "0").ok()
            }
        }
    }

    fn areas(&mut self, file: &Table<'_>) -> Vec<AreaId> {
        let Some(entry) = file.get("areas") else { return Vec::new() };
        let mut areas: Vec<AreaId> = Vec::new();
        let mut places: BTreeMap<AreaId, std::ops::Range<usize>> = BTreeMap::new();
        for (text, span) in self.strings(&entry) {
            let Some(area) = self.id::<AreaId>(text, span.clone()) else { continue };
            match places.get(&area).cloned() {
                Some(first) => self.duplicate("area", text, span, &first),
                None => {
                    places.insert(area.clone(), span);
                    areas.push(area);
                }
            }
        }
        areas
    }

    fn limits(&mut self, file: &Table<'_>) -> BTreeMap<FieldName, Limit> {
        let mut limits = BTreeMap::new();
        let table = file.get("limits").and_then(|entry| self.free_table(&entry));
        for entry in table.iter().flat_map(|table| &table.entries) {
            let name = self.field(entry);
            let Some(table) = self.table(entry, Place::Limit) else { continue };
            let span =
                Span { min: self.decimal_of(&table, "min"), max: self.decimal_of(&table, "max") };
            self.range_order(span, &table);
            let step = table.get("step").and_then(|entry| {
                let step = self.decimal(&entry)?;
                if step > rust_decimal::Decimal::ZERO {
                    return Some(step);
                }
                let message = format!("a device can't be set in steps of {step}");
                self.error(codes::BAD_NUMBER, entry.span, message, "write step = 0.25");
                None
            });
            let unit = self.needed(&table, Place::Limit, "unit", "unit = \"mm\"");
            let unit = unit.and_then(|(text, span)| self.unit(text, span));
            if let (Some(name), Some(unit)) = (name, unit) {
                limits.insert(name, Limit { span, step, unit });
            }
        }
        limits
    }

    /// The first walk over the steps: what they and their readings are called.
    fn step_names(&mut self, tables: &[Table<'_>]) {
        if let Some(table) = tables.get(STEPS_MAX) {
            let message = format!("{} steps; a protocol has at most {STEPS_MAX}", tables.len());
            let remedy = "split it into protocols of one treatment each";
            self.error(codes::TOO_LARGE, table.span.clone(), message, remedy);
        }
        for table in tables.iter().take(STEPS_MAX) {
            let id = self.needed(table, Place::Step, "id", "id = \"cleanse\"");
            let span = id.as_ref().map_or(table.span.clone(), |(_, span)| span.clone());
            let id = id.and_then(|(text, span)| self.id::<StepId>(text, span));
            if let Some(id) = &id {
                let same = |step: &&StepName| step.id.as_ref() == Some(id);
                let first = self.names.steps.iter().find(same).map(|step| step.span.clone());
                if let Some(first) = first {
                    self.duplicate("step", id.as_str(), span.clone(), &first);
                }
            }
            let phase = table.get("phase").and_then(|entry| {
                let text = self.string(&entry)?;
                self.word(text, entry.span)
            });
            let readings = readings(table);
            self.names.steps.push(StepName { id, phase, readings, span });
        }
    }

    /// The steps, where all of them have ids.
    fn steps(&mut self, tables: &[Table<'_>]) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        for (index, table) in tables.iter().enumerate().take(STEPS_MAX) {
            let title = self.string_of(table, "title").map(str::to_owned);
            let name = self.names.steps.get(index)?;
            let id = name.id.clone()?;
            let title = title.unwrap_or_else(|| id.to_string());
            steps.push(Step { id, title, phase: name.phase });
        }
        Some(steps)
    }

    fn unique_rules(&mut self, rules: &[Rule]) {
        let mut places: BTreeMap<&str, &Rule> = BTreeMap::new();
        for rule in rules {
            if let Some(first) = places.get(rule.id.as_str()) {
                self.duplicate("rule", rule.id.as_str(), rule.span.clone(), &first.span);
            } else {
                places.insert(rule.id.as_str(), rule);
            }
        }
    }
}

/// The readings of a step with the answers they offer. What is wrong with them is said later.
fn readings(table: &Table<'_>) -> BTreeMap<String, Vec<Value>> {
    let Some(Entry { value: DeValue::Table(records), .. }) = table.get("record") else {
        return BTreeMap::new();
    };
    let answers = |record: &DeValue<'_>| -> Vec<Value> {
        let DeValue::Table(record) = record else { return Vec::new() };
        let Some(DeValue::Array(items)) = record.get("one_of").map(toml::Spanned::get_ref) else {
            return Vec::new();
        };
        let texts = items.iter().filter_map(|item| item.get_ref().as_str());
        texts.map(Value::read).collect()
    };
    let names = records.iter();
    names.map(|(name, value)| (name.get_ref().to_string(), answers(value.get_ref()))).collect()
}
