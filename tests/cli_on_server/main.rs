//! The stories of the command line, word by word, with each clinic's book in a schema of its own on
//! a PostgreSQL server; and what can go wrong with a server, its rights and its encryption.
//!
//! The stories of `tests/cli/file.rs` are about files and are not told here.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

#[cfg(has_postgres_server)]
mod base;
#[cfg(has_postgres_server)]
#[path = "../cli/clinic.rs"]
mod clinic;
#[cfg(has_postgres_server)]
mod encrypted;
#[cfg(has_postgres_server)]
mod failing;
#[cfg(has_postgres_server)]
#[allow(dead_code, reason = "other tests stop, copy and promote servers")]
#[path = "../servers/mod.rs"]
mod servers;
#[cfg(has_postgres_server)]
mod stories;

/// Every book is a schema of its own on the server that the stories share.
#[cfg(has_postgres_server)]
fn fresh_url() -> Option<String> {
    Some(servers::shared().url(servers::OWNER, &servers::fresh_schema()))
}

#[cfg(not(has_postgres_server))]
#[test]
#[ignore = "it needs PostgreSQL's server programs, and initdb was not found"]
fn the_command_line_on_a_server() {}
