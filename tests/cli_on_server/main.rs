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
mod naming;
#[cfg(has_postgres_server)]
mod rights;
#[cfg(has_postgres_server)]
#[path = "../servers/mod.rs"]
mod servers;
#[cfg(has_postgres_server)]
mod stories;

/// Every book is a schema of its own on the server that the stories share.
#[cfg(has_postgres_server)]
fn fresh_url() -> Option<String> {
    Some(servers::shared().url(servers::OWNER, &servers::fresh_schema()))
}

/// The book of this URL as a database user with the rights of staff opens it: in the stories nobody
/// may do more to a book than `lotbook grant` lets them.
#[cfg(has_postgres_server)]
fn staffed(url: String) -> String {
    use lotbook::store::{Rights, rights};
    static ROLE: std::sync::Once = std::sync::Once::new();
    let server = servers::shared();
    ROLE.call_once(|| drop(server.psql("CREATE ROLE staff LOGIN")));
    let (_, schema) = url.rsplit_once('=').unwrap();
    server.psql(&rights::script(schema, "staff", Rights::Record).unwrap());
    server.url("staff", schema)
}

#[cfg(not(has_postgres_server))]
#[test]
#[ignore = "it needs PostgreSQL's server programs (initdb) and the feature `postgres`"]
fn the_command_line_on_a_server() {}
