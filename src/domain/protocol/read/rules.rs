//! A rule of its own: `[[rule]]` with exactly one kind key.

use std::ops::Range;

use toml::de::DeValue;

use crate::domain::protocol::RESERVED;
use crate::domain::protocol::bound::{Bound, Window};
use crate::domain::protocol::codes;
use crate::domain::protocol::read::keys::Place;
use crate::domain::protocol::read::reader::Reader;
use crate::domain::protocol::read::table::{Entry, Table};
use crate::domain::protocol::rule::{After, Before, Count, Earlier, Kind, Per, Rule, Since};
use crate::domain::protocol::step::{Phase, StepNo};
use crate::domain::shown::shown;
use crate::domain::time::Length;

/// The kinds that a `[[rule]]` can have; the later ones are refused by name where they stand.
const KINDS: [&str; 5] = ["step", "before", "after", "never", "interval"];

impl Reader<'_> {
    /// Reads one `[[rule]]`.
    pub(super) fn rule(&mut self, index: usize, table: &Table<'_>, rules: &mut Vec<Rule>) {
        let id = self.rule_id(index, table);
        let modifiers = self.modifiers(table);
        let per = table.get("per").and_then(|entry| self.per(&entry)).unwrap_or(Per::Session);
        let kinds: Vec<&Entry<'_>> =
            table.entries.iter().filter(|entry| KINDS.contains(&entry.key)).collect();
        let kind = match kinds[..] {
            [] => {
                let message = "the rule has no kind, so it says nothing";
                let remedy = "add one of step, before or after: before = { step = \"...\", \
                    needs = \"...\" }";
                return self.error(codes::NO_KIND, table.span.clone(), message, remedy);
            }
            [one] => one,
            [one, two, ..] => {
                let message =
                    format!("a rule has one kind, this one has `{}` and `{}`", one.key, two.key);
                let remedy = "make it two [[rule]] tables, each with its id";
                return self.error(codes::MANY_KINDS, two.key_span.clone(), message, remedy);
            }
        };
        let read = match kind.key {
            "step" => self.step_rule(kind),
            "before" => self.before(kind),
            "after" => self.after(kind),
            _ => None,
        };
        if let Some(kind) = read {
            self.add(&id.0, kind, per, modifiers, id.1, rules);
        }
    }

    fn rule_id(&mut self, index: usize, table: &Table<'_>) -> (String, Range<usize>) {
        let stand_in = format!("rule-{}", index + 1);
        let id = self.needed(table, Place::Rule, "id", "id = \"numbing-time\"");
        let Some((id, span)) = id else { return (stand_in, table.span.clone()) };
        if RESERVED.contains(&id) {
            let message = format!("`{id}` names a rule of the book itself (see --despite)");
            let remedy = format!("write id = \"{id}-items\"");
            self.error(codes::RESERVED_ID, span.clone(), message, remedy);
            return (stand_in, span);
        }
        // The ids of inline rules are made from dots, so a given one has none.
        match self.id::<crate::domain::id::StepId>(id, span.clone()) {
            Some(_) => (id.to_owned(), span),
            None => (stand_in, span),
        }
    }

    fn step_rule(&mut self, entry: &Entry<'_>) -> Option<Kind> {
        let table = self.table(entry, Place::StepRule)?;
        let step = self.step_key(&table, Place::StepRule, "step");
        let (min, max) = self.times_allowed(&table)?;
        Some(Kind::Count(Count { step: step?, min, max }))
    }

    /// The step that a key names.
    pub(super) fn step_key(
        &mut self,
        table: &Table<'_>,
        place: Place,
        key: &str,
    ) -> Option<StepNo> {
        let line = format!("{key} = \"{}\"", self.some_step());
        let (name, span) = self.needed(table, place, key, &line)?;
        self.step_named(name, span)
    }

    fn before(&mut self, entry: &Entry<'_>) -> Option<Kind> {
        let table = self.table(entry, Place::Before)?;
        let step = self.step_key(&table, Place::Before, "step");
        let needs = self.step_key(&table, Place::Before, "needs");
        let window = self.window(&table);
        let every = self.flag(&table, "every");
        let since_last = self.flag(&table, "since_last");
        let earlier = if every { Earlier::Every } else { Earlier::Any };
        let since = if since_last { Since::LastTime } else { Since::Start };
        Some(Kind::Before(Before { step: step?, needs: needs?, window, earlier, since }))
    }

    fn after(&mut self, entry: &Entry<'_>) -> Option<Kind> {
        let table = self.table(entry, Place::After)?;
        let step = self.step_key(&table, Place::After, "step");
        let needs = self.step_key(&table, Place::After, "needs");
        let window = self.window(&table);
        let follow_up = needs
            .and_then(|needs| self.names.steps.get(needs.index()))
            .is_some_and(|needs| needs.phase == Some(Phase::FollowUp));
        if follow_up && table.get("max").is_none() {
            let span = entry.key_span.clone();
            let message =
                "the needed step is a follow-up, so without `max` it would be due for ever";
            self.error(codes::FOLLOW_UP_WITHOUT_MAX, span, message, "add max = \"45 days\"");
        }
        Some(Kind::After(After { step: step?, needs: needs?, window }))
    }

    fn window(&mut self, table: &Table<'_>) -> Window {
        let min = table.get("min").and_then(|entry| self.bound(&entry));
        let max = table.get("max").and_then(|entry| self.bound(&entry));
        if let (Some(Bound::Fixed(least)), Some(Bound::Fixed(most))) = (&min, &max)
            && least.seconds_about() > most.seconds_about()
        {
            let span = table.get("max").map_or(table.span.clone(), |entry| entry.span);
            let message = format!("at least {least} and at most {most} can't both be met");
            let remedy = format!("write min = \"{most}\", max = \"{least}\"");
            self.error(codes::EMPTY_WINDOW, span, message, remedy);
        }
        Window { min, max }
    }

    fn bound(&mut self, entry: &Entry<'_>) -> Option<Bound> {
        if matches!(entry.value, DeValue::Integer(_) | DeValue::Float(_)) {
            let number = shown(self.source(&entry.span));
            let number = if number.parse::<u32>().is_ok() { number } else { "20".to_owned() };
            let line = format!("{} = \"{number} min\"", entry.key);
            self.wrong_type(entry, "a length of time in quotes", &line);
            return None;
        }
        let text = self.string(entry)?;
        if let Some(attribute) = text.strip_prefix("product.") {
            return self.id(attribute, entry.span.clone()).map(Bound::Product);
        }
        match text.parse::<Length>() {
            Ok(length) => Some(Bound::Fixed(length)),
            Err(_) => {
                let message = format!("`{}` is no length of time", shown(text));
                let remedy = "write \"20 min\", \"24 h\", \"45 days\" or \"product.dwell_min\"";
                self.error(codes::BAD_DURATION, entry.span.clone(), message, remedy);
                None
            }
        }
    }
}
