//! The audit trail under attack: what was done to a book or a bundle, and what finds it.

mod book;
mod bundle;
mod log;
mod verify;
