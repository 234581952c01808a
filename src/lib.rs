//! lotbook: the lot book of a micro-needling clinic.
//!
//! In reading order: `domain` holds what things mean, `store` keeps them, `views` shows them,
//! `commands` ties the three together, `cli` chooses the command. The rest serves these:
//! `across`, `books`, `context`, `config`, `error`, `ui` and `os`.

pub mod across;
pub mod books;
pub mod cli;
pub mod commands;
pub mod config;
pub mod context;
#[warn(missing_docs)]
pub mod domain;
pub mod error;
pub mod os;
pub mod store;
pub mod ui;
pub mod views;

pub use cli::run;
