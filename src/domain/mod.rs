//! The pure heart: no files, network, clock, environment, randomness, SQL or printing.

pub mod catalog;
pub mod diagnostic;
pub mod id;
pub mod quantity;
pub mod refusal;
pub mod session;
pub mod shell;
pub mod time;
pub mod trail;
