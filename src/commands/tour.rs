//! The guided tour of a demo book: each answer under the command that prints it.

use std::ffi::OsString;
use std::path::Path;

use super::session::load;
use crate::context::Context;
use crate::domain::id::SessionId;
use crate::domain::protocol::{Verdict, judge};
use crate::domain::shell::quote;
use crate::error::{Kind, Outcome};
use crate::store::{Book, Rows};

pub fn run(mut book: Book, folder: &Path, path: &Path, context: &mut Context) -> Outcome {
    let lot = book.read(|snapshot| {
        let mut first = None;
        snapshot.entries(0, u64::MAX, &mut |entry, _| {
            let (product, lot) = (&entry.columns.product, &entry.columns.lot);
            first = product.as_ref().zip(lot.as_ref()).map(|(sku, lot)| format!("{sku}/{lot}"));
            Ok(if first.is_some() { Rows::Enough } else { Rows::More })
        })?;
        Ok(first)
    })?;
    let shown = quote(&path.display().to_string()).into_owned();
    let bundle = folder.join("audit");
    let bundle = quote(&bundle.display().to_string()).into_owned();
    let session = first_failing(&mut book)?;
    context.lend(book, path);
    let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
    let mut steps = vec![("What is there, and what of it may be used", words(&["stock"]))];
    if let Some(session) = session {
        let check = words(&["check", &session.to_string()]);
        steps.push(("One session judged by its protocol", check));
    }
    if let Some(lot) = lot {
        let trace = words(&["trace", "lot", &lot]);
        steps.push(("Where one lot went: the question of every recall", trace));
    }
    let mut export = words(&["audit", "export", "--as", "ines", "--out"]);
    export.push(folder.join("audit").into());
    export.extend(words(&["--purpose", "demo"]));
    steps.push(("The audit trail for an inspector", export));
    let mut verify = words(&["audit", "verify"]);
    verify.push(folder.join("audit").into());
    steps.push(("And its verification", verify));
    context.ui.print(&format!(
        "\nEach answer below stands under the command that prints it. To type them yourself:\n\
         $ export LOTBOOK_BOOK={shown} LOTBOOK_STAFF=ben"
    ))?;
    for (what, command) in steps {
        let line: Vec<_> =
            command.iter().map(|word| quote(&word.to_string_lossy()).into_owned()).collect();
        context.ui.print(&format!("\n{what}\n$ lotbook {}", line.join(" ")))?;
        match crate::cli::run_words(&command, context) {
            Ok(()) => {}
            // A session that fails its protocol is an answer, not a fault.
            Err(failure) if failure.kind() == Kind::No => context.ui.failure(&failure),
            Err(failure) => return Err(failure),
        }
    }
    context.ui.print(&format!(
        "\nLook around yourself:\n\
         $ lotbook session list\n\
         $ lotbook audit log --limit 20\n\
         $ (cd {bundle} && sha256sum -c SHA256SUMS && python3 -I verify.py)"
    ))
}

/// The first session that fails its protocol, which shows the most; else the first.
fn first_failing(book: &mut Book) -> Outcome<Option<SessionId>> {
    let now = book.now();
    Ok(book.read(|snapshot| {
        let now = snapshot.about().zone.moment(now);
        let mut sessions = Vec::new();
        snapshot.each_session(&mut |session| {
            sessions.push(session.id);
            Ok(Rows::More)
        })?;
        for id in &sessions {
            let (fold, protocol) = load(snapshot, *id)?;
            if judge(&protocol, &fold.session, Some(now)).verdict == Verdict::Fail {
                return Ok(Some(*id));
            }
        }
        Ok(sessions.first().copied())
    })?)
}
