//! The documents tell the truth. Every ```` ```console ```` block of README.md and docs/*.md is
//! run, in order, in a home folder of its own, and what it prints is compared; the references are
//! made from the program itself. With `LOTBOOK_REWRITE=1` the documents are written anew instead:
//!
//! ```text
//! LOTBOOK_REWRITE=1 cargo test --test docs
//! ```

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

#[allow(dead_code, reason = "the tests of the command line own this harness and use more of it")]
#[path = "../cli/clinic.rs"]
mod clinic;

mod document;
mod page;
mod paths;
mod references;
mod settings;
mod shell;

/// Every book is the file that the documents say.
fn fresh_url() -> Option<String> {
    None
}

/// A file has no database users.
fn staffed(url: String) -> String {
    url
}
