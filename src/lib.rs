//! lotbook: the lot book of a micro-needling clinic.

pub mod config;
#[warn(missing_docs)]
pub mod domain;
pub mod error;
pub mod os;
pub mod ui;
pub mod views;
