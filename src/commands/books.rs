//! `books`: the books on a server.

use crate::books;
use crate::context::Context;
use crate::error::Outcome;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table};

pub fn run(context: &mut Context) -> Outcome {
    let (found, unseen) = books::list(&context.settings, &mut context.ui)?;
    let mut table = Table::new([
        Column::left("book", "book"),
        Column::left("clinic", "clinic"),
        Column::right("entries", "entries"),
    ]);
    let closed = found.iter().filter(|book| book.entries.is_none()).count();
    for book in found {
        let entries = book.entries.map_or(Cell::Empty, Cell::Integer);
        table.row([Cell::text(book.name), Cell::maybe(book.clinic), entries]);
    }
    context.ui.show(&Report::of("lotbook/books/1", table), context.settings.format)?;
    if closed > 0 {
        context.ui.note(format!("{closed} of them this database user may not read"));
    }
    if unseen > 0 {
        context.ui.note(format!("{unseen} more that this database user may not see"));
    }
    Ok(())
}
