//! `books`: the books on a server.

use crate::books;
use crate::context::Context;
use crate::error::Outcome;
use crate::store::{Says, Shelved};
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

pub fn run(context: &mut Context) -> Outcome {
    let (found, unseen) = books::list(&context.settings, &mut context.ui)?;
    let mut table = Table::new([
        Column::left("book", "book"),
        Column::left("clinic", "clinic"),
        Column::right("entries", "entries"),
    ]);
    let closed = found.iter().filter(|book| book.says == Says::Closed).count();
    let mut unfinished = Vec::new();
    for Shelved { name, says } in found {
        let (clinic, entries) = match says {
            Says::Whole { clinic, entries } => (Cell::text(clinic), Cell::Integer(entries)),
            Says::Unfinished => {
                unfinished.push(name.clone());
                (Cell::Empty, Cell::Empty)
            }
            Says::Closed => (Cell::Empty, Cell::Empty),
        };
        table.row([Cell::text(name), clinic, entries]);
    }
    context.ui.show(&Report::of("lotbook/books/1", table), context.settings.format)?;
    if closed > 0 {
        context.ui.note(format!("{closed} of them this database user may not read"));
    }
    if unseen > 0 {
        context.ui.note(format!("{unseen} more that this database user may not see"));
    }
    for name in unfinished {
        context.ui.note(format!(
            "{name} is a copy that was interrupted: the same lotbook copy goes on with it"
        ));
    }
    Ok(())
}
