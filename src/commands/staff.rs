//! `staff`: who works here, what they may do in the book, and what protocols ask about them.

use std::collections::BTreeMap;

use super::product::{named_value, refuse_nameless, said_name};
use super::session::pinned;
use crate::context::Context;
use crate::domain::catalog::{Person, Role};
use crate::domain::edit::{
    PersonFacts, Said, UnitsRead, check_limit, check_taken_away, idle_limits, keep_a_manager,
    new_limits, past_certificates, person_changes, said_once, said_titles, units_read, word,
};
use crate::domain::fact::{Action, Fact};
use crate::domain::id::{FieldName, StaffId};
use crate::domain::protocol::parse;
use crate::domain::protocol::shipped::SHIPPED;
use crate::domain::refusal::Refusal;
use crate::domain::time::Day;
use crate::error::{Failure, Outcome};
use crate::store::{Snapshot, StoreError};
use crate::ui::Ui;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Add a member of staff
    Add(Add),
    /// Change facts about a member of staff; each changed field becomes one entry
    Edit(Edit),
    /// List the staff
    List,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lotbook staff add ben --name \"Ben Roth\" --role technician \
    --title nurse \\\n    --certificate micro-needling=2027-06-30 --limit depth=1.5mm")]
pub struct Add {
    /// Their id
    id: StaffId,
    #[command(flatten)]
    facts: Facts,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Roles and titles that are given replace the former ones. What has no value is \
    taken away: --title \"\", --certificate micro-needling=, --limit depth="
)]
pub struct Edit {
    /// Their id
    id: StaffId,
    #[command(flatten)]
    facts: Facts,
}

#[derive(Debug, Clone, clap::Args)]
pub struct Facts {
    /// Their name
    #[arg(long)]
    name: Option<String>,
    /// What they may do in the book: manager, technician, inspector or prescriber
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<Role>,
    /// A title that protocols ask about, such as nurse or physician
    #[arg(long = "title", value_name = "TITLE")]
    titles: Vec<String>,
    /// A certificate with its last day: micro-needling=2027-06-30
    #[arg(long = "certificate", value_name = "NAME=DAY")]
    certificates: Vec<String>,
    /// The most a reading may be when they do the step: depth=1.5mm
    #[arg(long = "limit", value_name = "READING=VALUE")]
    limits: Vec<String>,
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Add(args) => add(args, context),
        Command::Edit(args) => edit(args, context),
        Command::List => list(context),
    }
}

impl Facts {
    /// What is said, read without the book.
    fn read(self) -> Outcome<PersonFacts> {
        let facts = PersonFacts {
            name: said_name(self.name),
            roles: self.roles,
            titles: said_titles(&self.titles).map_err(Failure::mistyped)?,
            certificates: self
                .certificates
                .iter()
                .map(|text| certificate(text))
                .collect::<Outcome<_>>()?,
            limits: self.limits.iter().map(|text| named_value(text)).collect::<Outcome<_>>()?,
        };
        said_once("certificate", &facts.certificates).map_err(Failure::mistyped)?;
        said_once("limit", &facts.limits).map_err(Failure::mistyped)?;
        Ok(facts)
    }
}

/// Only titles, certificates and limits that the person has can be taken away.
fn check_taken(facts: &PersonFacts, old: &Person) -> Result<(), Refusal> {
    let (of, hint) = (old.id.as_str(), "see what they have: lotbook staff list");
    if facts.titles == Said::None && old.titles.is_empty() {
        return Err(Refusal::new(format!("{of} has no title to take away")).hint(hint));
    }
    let has = |name: &String| old.certificates.contains_key(name);
    check_taken_away((of, "certificate"), &facts.certificates, has, hint)?;
    let has = |name: &FieldName| old.limits.contains_key(name);
    check_taken_away((of, "limit"), &facts.limits, has, hint)
}

/// `NAME=DAY`; without a day it is taken away.
fn certificate(text: &str) -> Outcome<(String, Option<Day>)> {
    let (name, day) = text.split_once('=').ok_or_else(|| {
        Failure::usage(format!("the certificate `{text}` has no last day"))
            .hint("write --certificate micro-needling=2027-06-30")
    })?;
    let name = word("certificate", name).map_err(Failure::mistyped)?;
    let day = Some(day.trim()).filter(|day| !day.is_empty());
    Ok((name, day.map(str::parse).transpose()?))
}

fn add(args: Add, context: &mut Context) -> Outcome {
    if args.facts.roles.is_empty() {
        return Err(Failure::usage(format!("what {} may do in the book is not known", args.id))
            .hint(
                "write --role technician, --role manager, --role inspector or --role prescriber",
            ));
    }
    let nobody = Person {
        id: args.id,
        name: None,
        roles: Vec::new(),
        titles: Vec::new(),
        certificates: BTreeMap::new(),
        limits: BTreeMap::new(),
    };
    refuse_nameless(args.facts.name.as_deref())?;
    let facts = args.facts.read()?;
    check_taken(&facts, &nobody).map_err(Failure::mistyped)?;
    let person = facts.apply(nobody.clone());
    let ((read, today), receipt) = context.write(|writing| {
        writing.permit(Action::StaffAdd)?;
        if let Some(known) = writing.person(person.id.as_str())? {
            return Err(Refusal::new(format!("the id {} is taken already", known.id))
                .why("ids are unique, whatever their case")
                .hint(format!("change facts about them: lotbook staff edit {}", known.id))
                .into());
        }
        let read = check_limits(writing, &nobody, &person)?;
        writing.append(&Fact::StaffAdd(person.clone()))?;
        Ok((read, writing.moment().day()))
    })?;
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    context.changed(&format!("{} added as {}", person.id, roles.join(" and ")), receipt)?;
    warn(&nobody, &person, &read, today, &mut context.ui);
    Ok(())
}

fn edit(args: Edit, context: &mut Context) -> Outcome {
    let Edit { id, facts } = args;
    let facts = facts.read()?;
    let ((old, new, read, changes, today), receipt) = context.write(|writing| {
        writing.permit(Action::StaffEdit)?;
        let old = writing.person(id.as_str())?;
        let old = old.ok_or_else(|| {
            Refusal::new(format!("nobody in this book has the id {id}"))
                .hint("see who is: lotbook staff list")
        })?;
        check_taken(&facts, &old)?;
        let new = facts.apply(old.clone());
        keep_a_manager(writing.people()?.as_slice(), &new)?;
        let read = check_limits(writing, &old, &new)?;
        let changes = person_changes(&old, &new);
        for change in &changes {
            writing.append(&Fact::StaffEdit { id: old.id.clone(), change: change.clone() })?;
        }
        Ok((old, new, read, changes, writing.moment().day()))
    })?;
    super::show_changes(old.id.as_str(), &changes, receipt, context)?;
    warn(&old, &new, &read, today, &mut context.ui);
    Ok(())
}

/// Checks every limit that is new, and returns in which units protocols read what.
fn check_limits(
    snapshot: &mut Snapshot<'_>,
    old: &Person,
    new: &Person,
) -> Result<UnitsRead, StoreError> {
    let mut limits = new_limits(old, new).peekable();
    if limits.peek().is_none() {
        return Ok(UnitsRead::new());
    }
    let mut protocols = Vec::new();
    for known in snapshot.protocols()? {
        protocols.push(pinned(snapshot, &known.sha256)?);
    }
    protocols.extend(SHIPPED.iter().filter_map(|shipped| parse(shipped.text).0));
    let read = units_read(&protocols);
    for (name, limit) in limits {
        check_limit(name, limit, &read)?;
    }
    Ok(read)
}

/// Says what was recorded and has no effect: a limit that nothing reads, a certificate that is
/// over. `today` is the day of the entry.
fn warn(old: &Person, new: &Person, read: &UnitsRead, today: Day, ui: &mut Ui) {
    idle_limits(old, new, read).iter().for_each(|idle| ui.note(idle));
    past_certificates(old, new, today).iter().for_each(|past| ui.warn(past));
}

fn list(context: &mut Context) -> Outcome {
    let people = context.read(|snapshot| snapshot.people())?;
    let mut table = Table::new([
        Column::left("staff", "staff"),
        Column::left("name", "name"),
        Column::left("roles", "roles"),
        Column::left("titles", "titles"),
        Column::left("certificates", "certificates"),
        Column::left("limits", "limits"),
    ]);
    for person in people {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
        let certificates: Vec<String> =
            person.certificates.iter().map(|(name, day)| format!("{name} until {day}")).collect();
        let limits: Vec<String> =
            person.limits.iter().map(|(name, value)| format!("{name} {value}")).collect();
        table.row([
            Cell::text(&person.id),
            Cell::maybe(person.name.as_ref()),
            Cell::text(roles.join(", ")),
            Cell::text(person.titles.join(", ")),
            Cell::text(certificates.join(", ")),
            Cell::text(limits.join(", ")),
        ]);
    }
    context.ui.show(&Report::of("lotbook/staff/1", table), context.settings.format)
}
