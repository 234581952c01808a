//! lotbook: the lot book of a micro-needling clinic.

#[warn(missing_docs)]
pub mod domain;
pub mod error;
pub mod ui;
pub mod views;
