//! The store, rule by rule, on every engine; the golden ledger; and the store against a plain
//! model of it.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod clinic;
mod copy;
mod engines;
mod golden;
mod ledger;
mod model;
mod opening;
mod reading;
#[cfg(has_postgres_server)]
mod schema;
#[cfg(has_postgres_server)]
#[path = "../servers/mod.rs"]
mod servers;
mod timeline;
mod upgrade;
