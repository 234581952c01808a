//! Each rule in one plain sentence, for `protocol show`.

use crate::domain::protocol::bound::Window;
use crate::domain::protocol::rule::{
    After, Before, By, Count, Earlier, Items, Kind, Per, Ranges, Record, Rule, Shape, Since,
    StaffLimit, Sum, UseScope, Uses,
};
use crate::domain::protocol::step::StepNo;
use crate::domain::protocol::when::Condition;
use crate::domain::protocol::{CLEARED, Protocol};
use crate::domain::quantity::{Quantity, Unit, Value};

impl Protocol {
    /// A rule in one plain sentence.
    pub fn describe(&self, rule: &Rule) -> String {
        let mut sentence = match &rule.kind {
            Kind::Count(count) => self.count(count),
            Kind::By(by) => self.by(by),
            Kind::Before(before) => self.before(before),
            Kind::After(after) => self.after(after),
            Kind::Record(record) => self.record(record),
            Kind::Uses(uses) => self.uses(uses),
            Kind::Automatic(word) => format!("nothing is recorded despite `{word}`"),
        };
        if rule.per == Per::Area {
            sentence.push_str(", in each area");
        }
        let conditions: Vec<String> = rule.when.iter().map(|one| self.condition(one)).collect();
        if !conditions.is_empty() {
            sentence.push_str(", where ");
            sentence.push_str(&conditions.join(" and "));
        }
        sentence.push('.');
        sentence
    }

    fn name(&self, step: StepNo) -> &str {
        self.step(step).id.as_str()
    }

    fn names(&self, steps: &[StepNo]) -> String {
        let names: Vec<&str> = steps.iter().map(|step| self.name(*step)).collect();
        names.join(", ")
    }

    fn count(&self, count: &Count) -> String {
        let step = self.name(count.step);
        match (count.min, count.max) {
            (_, Some(0)) => format!("{step} is not done"),
            (1, Some(1)) => format!("{step} is done exactly once"),
            (min, Some(max)) if min == max => format!("{step} is done exactly {min} times"),
            (0, Some(1)) => format!("{step} is done at most once"),
            (0, Some(max)) => format!("{step} is done at most {max} times"),
            (1, None) => format!("{step} is done at least once"),
            (min, None) => format!("{step} is done at least {min} times"),
            (min, Some(max)) => format!("{step} is done {min} to {max} times"),
        }
    }

    fn by(&self, by: &By) -> String {
        let who = if by.titles.is_empty() { "someone".into() } else { by.titles.join(" or ") };
        let certificate = by.certificate.as_ref();
        let with = certificate.map(|name| format!(" with the certificate {name}"));
        format!("{} is done by {who}{}", self.name(by.step), with.unwrap_or_default())
    }

    fn before(&self, before: &Before) -> String {
        let (step, needs) = (self.name(before.step), self.name(before.needs));
        let mut sentence = format!("{step} only after {needs}{}", apart(&before.window));
        if before.earlier == Earlier::Every {
            sentence.push_str(&format!(", for every {needs} there was"));
        }
        if before.since == Since::LastTime {
            sentence.push_str(&format!(", since the last {step}"));
        }
        sentence
    }

    fn after(&self, after: &After) -> String {
        let (step, needs) = (self.name(after.step), self.name(after.needs));
        format!("{step} is followed by {needs}{}", apart(&after.window))
    }

    fn record(&self, record: &Record) -> String {
        let step = self.name(record.step);
        let mut sentence = match &record.shape {
            Shape::Any => format!("{step} records {}", record.name),
            Shape::Word { one_of, expected } if expected.is_empty() => {
                format!("{step} records {}: {}", record.name, list(one_of, ", "))
            }
            Shape::Word { one_of, expected } => {
                let expected = list(expected, " or ");
                let answers = list(one_of, ", ");
                format!("{step} records {}: {answers}; {expected} is expected", record.name)
            }
            Shape::Number { unit, ranges } => {
                let unit = unit.as_deref().map(|unit| format!(" in {unit}")).unwrap_or_default();
                let ranges = self.ranges(ranges);
                let all = if record.sum == Sum::Total { " in all" } else { "" };
                format!("{step} records {}{unit}{ranges}{all}", record.name)
            }
        };
        if record.staff_limit == StaffLimit::Kept {
            sentence.push_str(", never above the person's own limit");
        }
        if let Some(stops) = &record.stops {
            sentence.push_str("; any other answer stops ");
            sentence.push_str(&self.names(&stops.steps));
            if let Some(clearance) = stops.cleared_by {
                sentence.push_str(" until cleared by ");
                sentence.push_str(self.name(clearance));
                sentence.push_str(&format!(" with {}={CLEARED}", record.name));
            }
        }
        sentence
    }

    fn ranges(&self, ranges: &Ranges) -> String {
        let by_area = self.areas.iter().zip(&ranges.by_area);
        let mut said: Vec<String> =
            by_area.filter_map(|(area, span)| span.map(|span| format!("{area} {span}"))).collect();
        match ranges.other {
            Some(span) if span.min.is_none() && span.max.is_none() => {}
            Some(span) if said.is_empty() => said.push(span.to_string()),
            Some(span) => said.push(format!("elsewhere {span}")),
            None => {}
        }
        if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
    }

    fn uses(&self, uses: &Uses) -> String {
        let what = match &uses.items {
            Items::Category(category) => category.to_string(),
            Items::Products(products) => {
                products.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
            }
        };
        let much = match (uses.min.map(amount), uses.max.map(amount)) {
            (Some(min), Some(max)) if min == max => format!("exactly {min} of "),
            (Some(min), Some(max)) => format!("{min} to {max} of "),
            (Some(min), None) => format!("at least {min} of "),
            (None, Some(max)) => format!("at most {max} of "),
            (None, None) => String::new(),
        };
        let scope = match uses.scope {
            UseScope::Event => "",
            UseScope::Session => ", all steps of the session together",
        };
        let mut sentence = format!("{} uses {much}{what}{scope}", self.name(uses.step));
        for (name, test) in &uses.attributes {
            sentence.push_str(&format!(", with {name} {test}"));
        }
        sentence
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Area(areas) => {
                let areas: Vec<&str> = areas
                    .iter()
                    .filter_map(|area| self.areas.get(*area))
                    .map(|area| area.as_str())
                    .collect();
                format!("the area is {}", areas.join(" or "))
            }
            Condition::Done(step) => format!("{} was done", self.name(*step)),
            Condition::Answer { step, reading, value } => {
                format!("{reading} at {} is {value}", self.name(*step))
            }
            Condition::Used(category) => format!("a {category} was used"),
            Condition::Title(titles) => format!("it is done by {}", titles.join(" or ")),
        }
    }
}

fn apart(window: &Window) -> String {
    match (&window.min, &window.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(", at least {min} later"),
        (None, Some(max)) => format!(", at most {max} later"),
        (Some(min), Some(max)) => format!(", {min} to {max} later"),
    }
}

/// `2.5 g`, `3`: pieces without a word.
pub(super) fn amount(quantity: Quantity) -> String {
    match quantity.unit() {
        Unit::Each => quantity.number(),
        Unit::Gram | Unit::Millilitre => quantity.to_string(),
    }
}

fn list(values: &[Value], between: &str) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}
