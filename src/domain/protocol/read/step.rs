//! A step, and the rules that it declares inline.

use std::ops::Range;

use toml::de::DeValue;

use crate::domain::id::RuleId;
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::protocol::rule::{By, Count, Kind, Per, Rule, Severity};
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::when::Condition;
use crate::domain::shown::shown;

/// What every rule may carry beside its kind.
#[derive(Default)]
pub(super) struct Modifiers {
    pub(super) severity: Option<Severity>,
    pub(super) why: Option<Box<str>>,
    pub(super) disputed: Option<Box<str>>,
    pub(super) when: Vec<Condition>,
}

/// The step that inline rules belong to.
pub(super) struct Home<'s> {
    pub(super) step: StepNo,
    pub(super) label: &'s str,
    pub(super) per: Per,
}

/// The keys that say how often a step is done, with what each means.
const COUNTS: [(&str, u32, Option<u32>); 4] = [
    ("required", 1, None),
    ("exactly_once", 1, Some(1)),
    ("at_most_once", 0, Some(1)),
    ("forbidden", 0, Some(0)),
];

impl Reader<'_> {
    /// Reads the rules of one step.
    pub(super) fn step(&mut self, step: StepNo, table: &Table<'_>, rules: &mut Vec<Rule>) {
        let name = self.names.steps.get(step.index()).and_then(|name| name.id.as_ref());
        let label = name.map_or_else(|| format!("step-{}", step.index() + 1), ToString::to_string);
        let per = table.get("per").and_then(|entry| self.per(&entry)).unwrap_or(Per::Session);
        let home = Home { step, label: &label, per };
        for entry in &table.entries {
            match entry.key {
                "required" | "exactly_once" | "at_most_once" | "forbidden" => {
                    self.count_word(&home, table, entry, rules);
                }
                "count" => self.count_table(&home, entry, rules),
                "by" => self.by(&home, entry, rules),
                "record" => self.each(entry, |reader, one| reader.record(&home, one, rules)),
                "uses" => self.each(entry, |reader, one| reader.uses(&home, one, rules)),
                _ => {}
            }
        }
    }

    fn each(&mut self, entry: &Entry<'_>, mut read: impl FnMut(&mut Self, &Entry<'_>)) {
        let table = self.free_table(entry);
        for one in table.iter().flat_map(|table| &table.entries) {
            read(self, one);
        }
    }

    /// `per = "area"` or `per = "session"`.
    pub(super) fn per(&mut self, entry: &Entry<'_>) -> Option<Per> {
        match self.string(entry)? {
            "area" => Some(Per::Area),
            "session" => Some(Per::Session),
            other => {
                let message = format!("`per` is area or session, not `{}`", shown(other));
                self.error(codes::BAD_WORD, entry.span.clone(), message, "write per = \"area\"");
                None
            }
        }
    }

    fn count_word(
        &mut self,
        home: &Home<'_>,
        table: &Table<'_>,
        entry: &Entry<'_>,
        rules: &mut Vec<Rule>,
    ) {
        let Some((word, min, max)) = COUNTS.into_iter().find(|(word, ..)| *word == entry.key)
        else {
            return;
        };
        // `required = true`, or with what a rule may say besides: `required = { why = "..." }`.
        let modifiers = if let DeValue::Table(_) = entry.value {
            self.table(entry, Place::Often).map(|own| self.modifiers(&own))
        } else {
            self.flag(table, entry.key).then(Modifiers::default)
        };
        if let Some(modifiers) = modifiers {
            let kind = Kind::Count(Count { step: home.step, min, max });
            let id = format!("{}.{word}", home.label);
            self.add(&id, kind, home.per, modifiers, entry.key_span.clone(), rules);
        }
    }

    fn count_table(&mut self, home: &Home<'_>, entry: &Entry<'_>, rules: &mut Vec<Rule>) {
        let Some(table) = self.table(entry, Place::Count) else { return };
        let modifiers = self.modifiers(&table);
        if let Some((min, max)) = self.times_allowed(&table) {
            let count = Count { step: home.step, min, max };
            let id = format!("{}.count", home.label);
            let span = entry.key_span.clone();
            self.add(&id, Kind::Count(count), home.per, modifiers, span, rules);
        }
    }

    /// `min` and `max` of a count.
    pub(super) fn times_allowed(&mut self, table: &Table<'_>) -> Option<(u32, Option<u32>)> {
        let (min, max) = (self.times(table, "min"), self.times(table, "max"));
        let span = table.span.clone();
        match (min, max) {
            (None, None) => {
                if table.get("min").is_none() && table.get("max").is_none() {
                    let message = "a count without `min` and `max` demands nothing";
                    self.error(codes::SAYS_NOTHING, span, message, "write min = 1, max = 1");
                }
                None
            }
            (Some(min), Some(max)) if min > max => {
                let message = format!("at least {min} and at most {max} times can't both be met");
                let remedy = format!("write min = {max}, max = {min}");
                self.error(codes::CONTRADICTORY_COUNTS, span, message, remedy);
                None
            }
            (Some(0), None) => {
                let message = "a count of at least 0 demands nothing";
                self.error(codes::SAYS_NOTHING, span, message, "write min = 1, or add max");
                None
            }
            (min, max) => Some((min.unwrap_or(0), max)),
        }
    }

    fn by(&mut self, home: &Home<'_>, entry: &Entry<'_>, rules: &mut Vec<Rule>) {
        let Some(table) = self.table(entry, Place::By) else { return };
        let titles = table.get("titles").map(|entry| self.strings(&entry)).unwrap_or_default();
        let certificate = self.string_of(&table, "certificate").map(str::to_owned);
        let modifiers = self.modifiers(&table);
        if titles.is_empty() && certificate.is_none() {
            let message = "a `by` without titles and certificate lets everyone do the step";
            let remedy = "write by = { titles = [\"nurse\"] }";
            return self.error(codes::SAYS_NOTHING, entry.key_span.clone(), message, remedy);
        }
        let titles = titles.into_iter().map(|(title, _)| title.to_owned()).collect();
        let kind = Kind::By(By { step: home.step, titles, certificate });
        let id = format!("{}.by", home.label);
        self.add(&id, kind, home.per, modifiers, entry.key_span.clone(), rules);
    }

    /// `severity`, `why`, `disputed` and `when` of a rule.
    pub(super) fn modifiers(&mut self, table: &Table<'_>) -> Modifiers {
        let severity = table.get("severity").and_then(|entry| {
            let text = self.string(&entry)?;
            self.word(text, entry.span)
        });
        let why = self.string_of(table, "why").map(Into::into);
        let disputed = self.string_of(table, "disputed").map(Into::into);
        let when = table.get("when").map(|entry| self.when(&entry)).unwrap_or_default();
        Modifiers { severity, why, disputed, when }
    }

    /// Adds a rule, after the checks that hold for every kind.
    pub(super) fn add(
        &mut self,
        id: &str,
        kind: Kind,
        per: Per,
        modifiers: Modifiers,
        span: Range<usize>,
        rules: &mut Vec<Rule>,
    ) {
        let Modifiers { severity, why, disputed, when } = modifiers;
        let severity = severity.unwrap_or(Severity::Major);
        if severity == Severity::Block && why.as_deref().is_none_or(|why| why.trim().is_empty()) {
            let message = format!("`{}` refuses entries and doesn't say why", shown(id));
            let remedy = "add why = \"...\", with the source";
            self.error(codes::BLOCK_WITHOUT_WHY, span.clone(), message, remedy);
        }
        let titled = when.iter().any(|condition| matches!(condition, Condition::Title(_)));
        if titled && matches!(kind, Kind::Count(_)) {
            let message = "a count is about no single person, so `title` can't narrow it";
            let remedy = "leave `title` out, or say who may do the step: by = { titles = [...] }";
            self.error(codes::CONTRADICTORY_KEYS, span.clone(), message, remedy);
        }
        if let Some(id) = self.id::<RuleId>(id, span.clone()) {
            rules.push(Rule { id, kind, severity, why, disputed, when, per, span });
        }
    }
}
