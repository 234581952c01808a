//! `place`: where stock can be.

use crate::context::Context;
use crate::domain::catalog::PlaceKind;
use crate::domain::fact::{Action, Fact};
use crate::domain::id::PlaceName;
use crate::domain::refusal::Refusal;
use crate::error::Outcome;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Name a place
    Add(Add),
    /// List the places
    List,
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// Its name, such as room-1
    name: PlaceName,
    /// What kind of place: stockroom, room, fridge or shelf
    #[arg(long, default_value = "shelf")]
    kind: PlaceKind,
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::Add(args) => add(args, context),
        Command::List => list(context),
    }
}

fn add(args: Add, context: &mut Context) -> Outcome {
    let Add { name, kind } = args;
    let ((), receipt) = context.write(|writing| {
        writing.permit(Action::PlaceAdd)?;
        if let Some(known) = writing.place(name.as_str())? {
            return Err(Refusal::new(format!("there is a place {known} already"))
                .why("names are unique, whatever their case")
                .hint("see them all: lotbook place list")
                .into());
        }
        writing.append(&Fact::PlaceAdd { place: name.clone(), kind })?;
        Ok(())
    })?;
    context.changed(&format!("place {name} added, a {kind}"), receipt)
}

fn list(context: &mut Context) -> Outcome {
    let places = context.read(|snapshot| snapshot.places())?;
    let mut table = Table::new([Column::left("place", "place"), Column::left("kind", "kind")]);
    for place in places {
        table.row([Cell::text(&place.name), place.kind.as_str().into()]);
    }
    context.ui.show(&Report::of("lotbook/places/1", table), context.settings.format)
}
