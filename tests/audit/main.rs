//! The audit trail under attack: what was done to a book or a bundle, and what finds it.
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod attacks;
mod book;
mod bundle;
mod copied;
mod forged;
mod log;
mod verify;
