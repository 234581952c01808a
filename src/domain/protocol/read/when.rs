//! `when = { ... }`: closed comparisons, all of which must hold.

use crate::domain::catalog::Category;
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::suggest::nearest;
use crate::domain::protocol::read::table::Entry;
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::when::Condition;
use crate::domain::quantity::Value;
use crate::domain::shown::shown;

impl Reader<'_> {
    /// The conditions of a rule, in the order of the text.
    pub(super) fn when(&mut self, entry: &Entry<'_>) -> Vec<Condition> {
        let Some(table) = self.table(entry, Place::When) else { return Vec::new() };
        let mut conditions = Vec::new();
        for entry in &table.entries {
            match entry.key {
                "area" => conditions.extend(self.when_area(entry)),
                "done" => conditions.extend(self.when_done(entry)),
                "answer" => self.when_answer(entry, &mut conditions),
                "used" => conditions.extend(self.when_used(entry)),
                "title" => conditions.extend(self.when_title(entry)),
                _ => {}
            }
        }
        if table.entries.is_empty() {
            let message = "an empty `when` always holds";
            let remedy = "leave it out, or write when = { done = \"anesthetic-on\" }";
            self.error(codes::SAYS_NOTHING, entry.key_span.clone(), message, remedy);
        }
        conditions
    }

    fn when_area(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let names = self.strings(entry);
        if names.is_empty() {
            return None;
        }
        let areas: Vec<Option<usize>> =
            names.into_iter().map(|(name, span)| self.area_named(name, span)).collect();
        Some(Condition::Area(areas.into_iter().flatten().collect()))
    }

    fn when_done(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let name = self.string(entry)?;
        self.step_named(name, entry.span.clone()).map(Condition::Done)
    }

    fn when_used(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let name = self.string(entry)?;
        self.word::<Category>(name, entry.span.clone()).map(Condition::Used)
    }

    fn when_title(&mut self, entry: &Entry<'_>) -> Option<Condition> {
        let titles = self.strings(entry);
        if titles.is_empty() {
            return None;
        }
        Some(Condition::Title(titles.into_iter().map(|(title, _)| title.to_owned()).collect()))
    }

    /// `answer = { screening.hsv_history = "yes" }`: a step, its reading, the answer.
    fn when_answer(&mut self, entry: &Entry<'_>, conditions: &mut Vec<Condition>) {
        let Some(steps) = self.free_table(entry) else { return };
        for step_entry in &steps.entries {
            let step = self.step_named(step_entry.key, step_entry.key_span.clone());
            let Some(readings) = self.free_table(step_entry) else { continue };
            for reading in &readings.entries {
                let value = self.value(reading);
                let (Some(step), Some(value)) = (step, value) else { continue };
                if let Some(condition) = self.answer(step, reading, value) {
                    conditions.push(condition);
                }
            }
        }
    }

    fn answer(&mut self, step: StepNo, entry: &Entry<'_>, value: Value) -> Option<Condition> {
        let name = self.names.steps.get(step.index())?;
        let id = name.id.as_ref().map(ToString::to_string).unwrap_or_default();
        let Some(answers) = name.readings.get(entry.key) else {
            let near = nearest(entry.key, name.readings.keys().map(String::as_str));
            let remedy = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it: [step.record.{}] under {id}", shown(entry.key)),
            };
            let message = format!("{id} records no `{}`", shown(entry.key));
            self.error(codes::UNKNOWN_READING, entry.key_span.clone(), message, remedy);
            return None;
        };
        if !answers.is_empty() && !answers.contains(&value) {
            let offered: Vec<String> = answers.iter().map(ToString::to_string).collect();
            let message = format!("`{value}` is no answer to {}", entry.key);
            let remedy = format!("its answers are {}", offered.join(", "));
            self.error(codes::UNKNOWN_ANSWER, entry.span.clone(), message, remedy);
        }
        let reading = self.field(entry)?;
        Some(Condition::Answer { step, reading, value })
    }
}
