//! The guided tour of a demo book: each answer under the command that prints it.

use std::path::Path;

use crate::context::Context;
use crate::domain::shell::quote;
use crate::error::{Kind, Outcome};
use crate::store::Book;

pub fn run(mut book: Book, folder: &Path, path: &Path, context: &mut Context) -> Outcome {
    let lot = book.read(|snapshot| {
        let lots = snapshot.all_lots()?;
        Ok(lots.iter().min_by_key(|lot| lot.state.first_seq).map(|lot| lot.state.item()))
    })?;
    let shown = quote(&path.display().to_string()).into_owned();
    let bundle = folder.join("audit");
    let bundle = quote(&bundle.display().to_string()).into_owned();
    context.lend(book, path);
    let mut steps = vec![
        ("What is there, and what of it may be used".to_owned(), "stock".to_owned()),
        ("One session judged by its protocol".to_owned(), "check S-0003".to_owned()),
    ];
    if let Some(lot) = lot {
        steps.push((
            "Where one lot went: the question of every recall".to_owned(),
            format!("trace lot {}", quote(&lot)),
        ));
    }
    steps.push((
        "The audit trail for an inspector".to_owned(),
        format!("audit export --as ines --out {bundle} --purpose demo"),
    ));
    steps.push(("And its verification".to_owned(), format!("audit verify {bundle}")));
    for (what, command) in steps {
        context.ui.print(&format!("\n{what}\n$ lotbook {command}"))?;
        match crate::cli::run_line(&command, context) {
            Ok(()) => {}
            // A session that fails its protocol is an answer, not a fault.
            Err(failure) if failure.kind() == Kind::No => context.ui.failure(&failure),
            Err(failure) => return Err(failure),
        }
    }
    context.ui.print(&format!(
        "\nLook around yourself:\n\
         $ export LOTBOOK_BOOK={shown} LOTBOOK_STAFF=ben\n\
         $ lotbook session list\n\
         $ lotbook audit log --limit 20\n\
         $ (cd {bundle} && sha256sum -c SHA256SUMS && python3 verify.py)"
    ))
}
