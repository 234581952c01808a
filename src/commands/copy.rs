//! `copy`: a whole book to another place.

use std::ffi::OsString;

use crate::books;
use crate::config::Address;
use crate::context::Context;
use crate::domain::shell::quote;
use crate::error::{Failure, Outcome};
use crate::store::StoreError;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  lotbook copy --to \
    \"postgres://ana@db.clinic.example/clinics?schema=lind\"\n  \
    lotbook copy --book \"postgres://ana@db.clinic.example/clinics?schema=lind\" \
    --to lind.lotbook")]
pub struct Args {
    /// The new book: a file, or the URL of a PostgreSQL schema. A copy that was interrupted goes on
    #[arg(long, value_name = "PATH|URL")]
    to: OsString,
}

pub fn run(args: Args, context: &mut Context) -> Outcome {
    let to = Address::new(args.to)?;
    if to == context.settings.book {
        return Err(Failure::usage(format!("{to} is the book itself"))
            .hint("name another place: --to PATH or URL"));
    }
    let size = context.read(|snapshot| Ok(snapshot.size()))?;
    let mut engine = books::target(&to, &context.settings, &mut context.ui)?;
    let mut progress = context.ui.progress(size, "entries");
    let copied = context.book()?.copy_to(engine.as_mut(), &mut |count| progress.advance(count));
    drop(progress);
    let copied = copied.map_err(|error| not_copied(error, &to).of_either())?;
    let (known, root) = (copied.known, copied.root);
    let went_on = if known > 0 { format!(", {known} of them before") } else { String::new() };
    context.ui.print_line(&format!("{} entries copied to {to}{went_on}", copied.size))?;
    context.ui.print_line(&format!("both have the root {root}"))?;
    let to = to.to_string();
    context.ui.hint(format!("check it as a whole: lotbook audit verify --book {}", quote(&to)));
    Ok(())
}

/// The words for a place that is taken: in a copy `--book` is the old book.
fn not_copied(error: StoreError, to: &Address) -> Failure {
    match error {
        StoreError::Exists(_) => Failure::refused(format!("{to} is a book already"))
            .detail("a copy never takes the place of anything")
            .hint("name another place for it: --to PATH or URL"),
        // A server forgets what was begun; a file stays, so that the copy can go on.
        error => match to {
            Address::File(path) if path.exists() => {
                Failure::from(error).detail(format!("what was begun is no book yet: {to}"))
            }
            _ => error.into(),
        },
    }
}
