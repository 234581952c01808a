//! What may be said about a member of staff, and what an edit of it changes.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Fields, Said, changes};
use crate::domain::catalog::{Person, Role};
use crate::domain::fact::Change;
use crate::domain::id::{FieldName, StaffId, with_article};
use crate::domain::protocol::Protocol;
use crate::domain::protocol::rule::{Kind, Record, Shape};
use crate::domain::quantity::Value;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;

/// What is said about a person; what isn't said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct PersonFacts {
    /// Their name.
    pub name: Said<String>,
    /// What they may do in the book; empty where nothing is said.
    pub roles: Vec<Role>,
    /// Their titles.
    pub titles: Said<Vec<String>>,
    /// Certificates with their last days; none takes it away.
    pub certificates: Vec<(String, Option<Day>)>,
    /// The most that a reading may be; none takes it away.
    pub limits: Vec<(FieldName, Option<Value>)>,
}

impl PersonFacts {
    /// The person with these facts. Roles stand in the order of the table, titles in that of the
    /// alphabet, each once.
    pub fn apply(&self, mut person: Person) -> Person {
        match &self.name {
            Said::Nothing => {}
            Said::None => person.name = None,
            Said::Some(name) => person.name = Some(name.clone()),
        }
        if !self.roles.is_empty() {
            person.roles = Role::ALL.to_vec();
            person.roles.retain(|role| self.roles.contains(role));
        }
        match &self.titles {
            Said::Nothing => {}
            Said::None => person.titles.clear(),
            Said::Some(titles) => {
                person.titles = titles.clone();
                person.titles.sort();
                person.titles.dedup();
            }
        }
        for (name, day) in &self.certificates {
            match day {
                Some(day) => drop(person.certificates.insert(name.clone(), *day)),
                None => drop(person.certificates.remove(name)),
            }
        }
        for (name, limit) in &self.limits {
            match limit {
                Some(limit) => drop(person.limits.insert(name.clone(), limit.clone())),
                None => drop(person.limits.remove(name)),
            }
        }
        person
    }
}

/// The units in which protocols read a number of one name; none stands for a count.
pub type UnitsRead = BTreeMap<FieldName, BTreeSet<Option<Box<str>>>>;

/// A limit is a number above nothing, in the unit in which protocols read it.
pub fn check_limit(name: &FieldName, limit: &Value, read: &UnitsRead) -> Result<(), Refusal> {
    let refuse = |why: String| {
        Refusal::new(format!("`{limit}` can't be the limit of {name}: {why}"))
            .hint("write a number and its unit, such as --limit depth=1.5mm")
    };
    let Value::Number { number, unit } = limit else {
        return Err(refuse("it is not a number with a decimal point".to_owned()));
    };
    if *number <= Decimal::ZERO {
        return Err(refuse("it must be more than zero".to_owned()));
    }
    match read.get(name) {
        Some(units) if !units.contains(unit) => {
            let words = |unit: &Option<Box<str>>| unit.as_deref().unwrap_or("pieces").to_owned();
            let units: Vec<String> = units.iter().map(words).collect();
            Err(refuse(format!("protocols read {name} in {}", units.join(" or "))))
        }
        None if unit.is_none() => Err(refuse("it has no unit".to_owned())),
        Some(_) | None => Ok(()),
    }
}

/// In which units protocols read what.
pub fn units_read<'p>(protocols: impl IntoIterator<Item = &'p Protocol>) -> UnitsRead {
    let mut read = UnitsRead::new();
    for rule in protocols.into_iter().flat_map(|protocol| &protocol.rules) {
        if let Kind::Record(Record { name, shape: Shape::Number { unit, .. }, .. }) = &rule.kind {
            read.entry(name.clone()).or_default().insert(unit.clone());
        }
    }
    read
}

/// The limits of a person that an edit sets anew.
pub fn new_limits<'n>(
    old: &Person,
    new: &'n Person,
) -> impl Iterator<Item = (&'n FieldName, &'n Value)> {
    new.limits.iter().filter(|(name, limit)| old.limits.get(*name) != Some(*limit))
}

/// The limits of an edit that have no effect so far, a sentence each.
pub fn idle_limits(old: &Person, new: &Person, read: &UnitsRead) -> Vec<String> {
    let idle = new_limits(old, new).filter(|(name, _)| !read.contains_key(*name));
    idle.map(|(name, _)| format!("no protocol reads {name}, so its limit has no effect so far"))
        .collect()
}

/// The certificates of an edit that are over already on the day of the entry, a sentence each.
pub fn past_certificates(old: &Person, new: &Person, today: Day) -> Vec<String> {
    let set =
        new.certificates.iter().filter(|(name, day)| old.certificates.get(*name) != Some(*day));
    set.filter(|(_, day)| **day < today)
        .map(|(name, day)| format!("the certificate {name} of {} was over on {day}", new.id))
        .collect()
}

/// A book without a manager could never get one again.
pub fn keep_a_manager(people: &[Person], edited: &Person) -> Result<(), Refusal> {
    let others = people.iter().filter(|person| person.id != edited.id);
    if others.chain([edited]).any(|person| person.roles.contains(&Role::Manager)) {
        return Ok(());
    }
    Err(Refusal::new(format!("{} is the only manager", edited.id))
        .why("a book without a manager could never get one again")
        .hint("make somebody else a manager first: lotbook staff edit ID --role manager"))
}

/// A title or the name of a certificate, which `what` says: lowercase words joined by `-`, so that
/// files can name them.
pub fn word(what: &str, word: &str) -> Result<String, Refusal> {
    let is_word =
        word.bytes().all(|byte| byte.is_ascii_lowercase() || b"-0123456789".contains(&byte))
            && word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.len() <= 64;
    if is_word {
        return Ok(word.to_owned());
    }
    let example = if what == "title" { "nurse" } else { "micro-needling=2027-06-30" };
    Err(Refusal::new(format!("`{word}` is not {}", with_article(what)))
        .why("it is lowercase words joined by `-`")
        .hint(format!("write a word such as --{what} {example}")))
}

/// The titles that are said; an empty one alone takes them away.
pub fn said_titles(said: &[String]) -> Result<Said<Vec<String>>, Refusal> {
    match said.iter().find(|title| !title.trim().is_empty()) {
        None if said.is_empty() => Ok(Said::Nothing),
        None => Ok(Said::None),
        Some(title) if said.iter().any(|title| title.trim().is_empty()) => {
            Err(Refusal::new(format!("--title says both {title} and that there is none"))
                .hint("write every title that they have, or --title \"\" alone"))
        }
        Some(_) => {
            said.iter().map(|title| word("title", title)).collect::<Result<_, _>>().map(Said::Some)
        }
    }
}

/// The fields of a person that an edit may change.
fn person_fields(person: &Person) -> Fields {
    let mut fields = Fields::new();
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    if let Some(name) = &person.name {
        fields.insert("name".into(), name.clone());
    }
    if !roles.is_empty() {
        fields.insert("roles".into(), roles.join("+"));
    }
    if !person.titles.is_empty() {
        fields.insert("titles".into(), person.titles.join("+"));
    }
    for (name, day) in &person.certificates {
        fields.insert(format!("certificate.{name}"), day.to_string());
    }
    for (name, value) in &person.limits {
        fields.insert(format!("limit.{name}"), value.to_string());
    }
    fields
}

/// What changes from one state of a person to another.
pub fn person_changes(old: &Person, new: &Person) -> Vec<Change> {
    changes(&person_fields(old), &person_fields(new))
}

/// The refusal of a command by somebody whom the book does not know. Whoever adds them acts too,
/// and is named.
pub fn unknown_actor(id: &StaffId, people: &[Person]) -> Refusal {
    let known: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let refusal = Refusal::new(format!("nobody in this book has the id {id}"))
        .why(format!("the book knows {}", known.join(", ")))
        .hint("say who acts by one of these ids: --as ID, or LOTBOOK_STAFF=ID");
    match people.iter().find(|person| person.roles.contains(&Role::Manager)) {
        Some(manager) => refusal.hint(format!(
            "a manager adds people: lotbook staff add {id} --role technician --as {}",
            manager.id
        )),
        None => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::shipped::SHIPPED;

    #[test]
    fn a_limit_is_a_number_in_the_unit_that_protocols_read() {
        let depth = FieldName::new("depth").unwrap();
        let read = UnitsRead::from([(depth.clone(), BTreeSet::from([Some("mm".into())]))]);
        assert!(check_limit(&depth, &Value::read("1.5mm"), &read).is_ok());
        for bad in ["abc", "-1mm", "0 mm", "1,5mm", "1.5cm", "1.5"] {
            assert!(check_limit(&depth, &Value::read(bad), &read).is_err(), "{bad}");
        }
        assert!(check_limit(&depth, &Value::read("1.5"), &UnitsRead::new()).is_err());
        assert!(check_limit(&depth, &Value::read("1.5cm"), &UnitsRead::new()).is_ok());
    }

    fn person(id: &str, roles: &[Role]) -> Person {
        Person {
            id: id.parse().unwrap(),
            name: None,
            roles: roles.to_vec(),
            titles: Vec::new(),
            certificates: BTreeMap::new(),
            limits: BTreeMap::new(),
        }
    }

    #[test]
    fn the_last_manager_stays_one() {
        let (ana, ben) = (person("ana", &[Role::Manager]), person("ben", &[Role::Technician]));
        let people = [ana.clone(), ben];
        let demoted = person("ana", &[Role::Technician]);
        assert!(keep_a_manager(&people, &demoted).is_err());
        assert!(keep_a_manager(&people, &ana).is_ok());
        assert!(keep_a_manager(&people, &person("ben", &[Role::Manager])).is_ok());
        let two = [ana, person("eva", &[Role::Manager])];
        assert!(keep_a_manager(&two, &demoted).is_ok());
    }

    #[test]
    fn what_an_edit_sets_to_no_effect_is_told_once() {
        let old = person("ben", &[Role::Technician]);
        let mut new = old.clone();
        new.limits.insert("depth".parse().unwrap(), Value::read("1mm"));
        new.certificates.insert("micro-needling".to_owned(), "2026-11-21".parse().unwrap());
        let today = "2026-11-22".parse().unwrap();
        assert_eq!(idle_limits(&old, &new, &UnitsRead::new()).len(), 1);
        assert_eq!(past_certificates(&old, &new, today).len(), 1);
        assert!(past_certificates(&old, &new, "2026-11-21".parse().unwrap()).is_empty());
        assert!(idle_limits(&new, &new, &UnitsRead::new()).is_empty());
        assert!(past_certificates(&new, &new, today).is_empty());
        let read = units_read(&crate::domain::protocol::parse(SHIPPED[0].text).0);
        assert!(idle_limits(&old, &new, &read).is_empty(), "the shipped protocol reads it");
    }

    #[test]
    fn a_title_is_a_word_that_a_file_can_name() {
        for good in ["nurse", "micro-needling", "level-2"] {
            assert_eq!(word("title", good).unwrap(), good);
        }
        for bad in ["", "Nurse", "2nd", "micro needling", &"x".repeat(65)] {
            assert!(word("title", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn roles_and_titles_that_are_said_replace_the_former_ones_in_their_own_order() {
        let facts = PersonFacts {
            roles: vec![Role::Inspector, Role::Technician, Role::Inspector],
            titles: said_titles(&["physician", "nurse", "nurse"].map(str::to_owned)).unwrap(),
            certificates: vec![("laser".to_owned(), "2027-06-30".parse().ok())],
            ..PersonFacts::default()
        };
        let ana = facts.apply(person("ana", &[Role::Manager]));
        assert_eq!(ana.roles, [Role::Technician, Role::Inspector]);
        assert_eq!(ana.titles, ["nurse", "physician"]);
        assert_eq!(PersonFacts::default().apply(ana.clone()), ana);
        let over = PersonFacts {
            certificates: vec![("laser".to_owned(), None)],
            ..PersonFacts::default()
        };
        assert!(over.apply(ana).certificates.is_empty());
    }

    #[test]
    fn the_last_title_is_taken_away_by_an_empty_one_alone() {
        let said = |titles: &[&str]| {
            said_titles(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
        };
        let nurse = PersonFacts { titles: said(&["nurse"]).unwrap(), ..PersonFacts::default() };
        let nurse = nurse.apply(person("ana", &[Role::Technician]));
        let none = PersonFacts { titles: said(&[""]).unwrap(), ..PersonFacts::default() };
        assert!(none.apply(nurse.clone()).titles.is_empty());
        assert_eq!(said(&[]).unwrap(), Said::Nothing);
        assert!(said(&["nurse", ""]).is_err());
        assert!(said(&["Nurse"]).is_err());
    }
}
