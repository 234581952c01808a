//! `init`: a new book.

use crate::books;
use crate::context::Context;
use crate::domain::catalog::{Person, Role};
use crate::domain::fact::Opening;
use crate::domain::id::StaffId;
use crate::domain::time::Zone;
use crate::error::{Failure, Outcome};
use crate::store::Book;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lotbook init --clinic \"Clinic Lind\" --zone Europe/Berlin \
    --currency EUR --manager ana=\"Ana Lind\"")]
pub struct Args {
    /// The clinic's name
    #[arg(long, value_name = "NAME")]
    clinic: String,
    /// The clinic's time zone, an IANA name such as Europe/Berlin
    #[arg(long)]
    zone: String,
    /// The currency of costs, an ISO 4217 code such as EUR
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// The first manager: an id and a name
    #[arg(long, value_name = "ID=NAME")]
    manager: String,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let manager = manager(&args.manager)?;
    let zone = Zone::new(&args.zone)?;
    let currency = args.currency.as_str();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Failure::usage(format!("`{currency}` is not a currency code"))
            .hint("write three capital letters of ISO 4217, such as EUR, USD or GBP"));
    }
    let clinic = args.clinic.trim();
    if clinic.is_empty() {
        return Err(Failure::usage("the clinic needs a name").hint("write --clinic \"...\""));
    }
    let engine = books::create(&context.settings, &mut context.ui)?;
    let (clock, mut ids) = context.take_sources()?;
    let opening = Opening {
        book: ids.book_id(),
        clinic: clinic.into(),
        currency: currency.into(),
        format: crate::store::FORMAT,
        zone: zone.name().into(),
    };
    let id = manager.id.clone();
    let made = Book::create(engine, clock, ids, opening, manager);
    let (_, receipt) = made.inspect_err(|_| {
        // A book that could not be made whole is no book; there was no file here before.
        books::forget(&context.settings.book);
    })?;
    context.changed(&format!("book of {clinic} made at {}", context.settings.book), receipt)?;
    context.ui.hint(format!(
        "say who acts in every command with --as {id}, or once for all: export LOTBOOK_STAFF={id}"
    ));
    Ok(())
}

fn manager(text: &str) -> Outcome<Person> {
    let (id, name) = text.split_once('=').unwrap_or((text, ""));
    let id = id.trim();
    let name = name.trim();
    if name.is_empty() && text.contains('=') {
        return Err(Failure::usage(format!("the manager {id} has an empty name"))
            .hint("write --manager ID=NAME, or the id alone"));
    }
    Ok(Person {
        // There is no book yet whose people could be looked up.
        id: StaffId::new(id).map_err(|error| {
            Failure::usage(error.to_string())
                .hint("write a short id, and the name behind it: ana=\"Ana Lind\"")
        })?,
        name: (!name.is_empty()).then(|| name.to_owned()),
        roles: vec![Role::Manager],
        titles: Vec::new(),
        certificates: std::collections::BTreeMap::new(),
        limits: std::collections::BTreeMap::new(),
    })
}
