//! One question to every book of a server: each is asked in turn, and all answer in one document.
//!
//! A book that doesn't know what is asked for, such as a lot that this clinic never had, is named
//! in a note; one that fails is named with its failure, and the others still answer.
//!
//! | exit | |
//! |---|---|
//! | 0 | all books that know what is asked for answered |
//! | 1 | the same, and the answer of one is no |
//! | 3 | no book knows what is asked for |
//! | 4 | a book failed |

use std::cell::RefCell;
use std::rc::Rc;

use crate::books;
use crate::context::Context;
use crate::error::{Failure, Kind, Outcome};

/// Asks every book that the user may see, and returns the exit code.
///
/// # Errors
///
/// What all books fail with in the same way: the list of them, the command line, the terminal.
pub fn ask(context: &mut Context, question: impl Fn(&mut Context) -> Outcome) -> Outcome<u8> {
    let (clock, ids) = context.take_sources()?;
    let (clock, ids) = (Rc::new(RefCell::new(clock)), Rc::new(RefCell::new(ids)));
    let (books, closed) = books::all(&context.settings, &mut context.ui)?;
    let mut failures: Vec<Failure> = Vec::new();
    for (name, address) in &books {
        context.turn_to(address.clone(), Box::new(Rc::clone(&clock)), Box::new(Rc::clone(&ids)));
        context.ui.turn_to(name);
        let Err(failure) = question(context) else { continue };
        match failure.kind() {
            Kind::Refused | Kind::No | Kind::Book => failures.push(failure.of(name)),
            _ => {
                context.ui.join(context.settings.format)?;
                failures.iter().for_each(|earlier| context.ui.failure(earlier));
                return Err(failure);
            }
        }
    }
    context.ui.join(context.settings.format)?;
    let is_refused = |failure: &Failure| failure.kind() == Kind::Refused;
    if failures.iter().filter(|failure| is_refused(failure)).count() == books.len() {
        let none = Failure::refused(match closed {
            0 => "no book of the server can answer this",
            _ => "no book that you may see can answer this",
        });
        let none = none.hint("see what the books hold: lotbook stock --all-books");
        let none = failures.iter().map(Failure::message).fold(none, Failure::detail);
        return Err(unasked(closed).into_iter().fold(none, Failure::detail));
    }
    let (refused, failed): (Vec<_>, Vec<_>) = failures.into_iter().partition(is_refused);
    refused.iter().for_each(|failure| context.ui.note(failure.message()));
    // For a recall this is part of the answer: a book that was not asked may know the lot.
    unasked(closed).into_iter().for_each(|what| context.ui.warn(what));
    // What needs attention stands last, where it is seen below a long table.
    failed.iter().for_each(|failure| context.ui.failure(failure));
    Ok(failed.iter().map(|failure| failure.kind().exit_code()).max().unwrap_or(0))
}

/// That books were not asked; none where all were.
fn unasked(closed: u64) -> Option<String> {
    match closed {
        0 => None,
        1 => Some("1 other book of the server was not asked: you may not see it".to_owned()),
        closed => {
            Some(format!("{closed} other books of the server were not asked: you may not see them"))
        }
    }
}
