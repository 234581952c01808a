//! `grant`: what a database user may do with a book on a server.

use crate::books;
use crate::context::Context;
use crate::domain::catalog::Role;
use crate::error::{Failure, Outcome};
use crate::store::{Rights, StoreError, rights};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lotbook grant --role technician ben --book \
    \"postgres://postgres@db.example/clinics?schema=clinic_a\"")]
pub struct Args {
    /// The database user, who is there already
    #[arg(value_name = "DBUSER")]
    user: String,
    /// What for: an inspector reads, everybody else reads and records
    #[arg(long, value_name = "ROLE")]
    role: Role,
    /// Run the SQL instead of printing it
    #[arg(long)]
    run: bool,
}

pub fn run(args: &Args, context: &mut Context) -> Outcome {
    let Args { user, role, run } = args;
    let schema = books::schema(&context.settings)?;
    let rights = if *role == Role::Inspector { Rights::Read } else { Rights::Record };
    let sql = rights::script(&schema, user, rights).map_err(|why| {
        Failure::usage(why).hint("name the login of a person, and a book whose name is not long")
    })?;
    if !run {
        context.ui.print(sql.trim_end())?;
        context.ui.hint("look at it, then run it as a superuser of the server, or add --run");
        return Ok(());
    }
    books::govern(&context.settings, &mut context.ui, &sql)?.map_err(failed)?;
    let may = match rights {
        Rights::Read => "read",
        Rights::Record => "read and record",
    };
    context.ui.print_line(&format!("{user} may {may} in {schema}, which {schema}_owner owns"))?;
    context.ui.hint(
        "whoever made the book, and is no superuser, is locked out now until they get a grant as \
        well: lotbook grant --role manager NAME --run",
    );
    Ok(())
}

fn failed(error: StoreError) -> Failure {
    match error {
        StoreError::Denied { .. } => Failure::book(error.to_string())
            .detail("nothing was changed")
            .hint("run it as a superuser of the server, or leave out --run and hand it over"),
        // What the SQL itself objects to, in its own words.
        StoreError::Engine(why) => Failure::book(why)
            .detail("nothing was changed")
            .hint("look at what would be run: leave --run out"),
        error => Failure::from(error).detail("nothing was changed"),
    }
}
