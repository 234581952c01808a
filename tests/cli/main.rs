//! The command line, called in-process: a cleared environment, a temporary home, a fixed width, a
//! clock that ticks a second each time it is asked, and seeded ids. The harness is `clinic`; every
//! other file is a set of little stories. `tests/cli_on_server` tells them again on PostgreSQL, but
//! for `file`, whose stories are about the book as a file.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod clinic;

#[cfg(has_postgres_server)]
mod across;
mod arriving;
mod catalog;
mod chair;
mod checking;
mod file;
mod first_day;
mod guiding;
mod instead;
#[cfg(feature = "postgres")]
mod old_server;
mod protocols;
mod refusing;
mod scanning;
mod serials;
#[cfg(has_postgres_server)]
#[path = "../servers/mod.rs"]
mod servers;
mod shelves;
mod starting;
mod tracing;

/// Every book is the file of its clinic.
fn fresh_url() -> Option<String> {
    None
}

/// A file has no database users.
fn staffed(url: String) -> String {
    url
}
