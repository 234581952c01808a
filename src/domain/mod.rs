//! The pure heart: no files, network, clock, environment, randomness, SQL or printing.

pub mod catalog;
pub mod diagnostic;
pub mod id;
pub mod protocol;
pub mod quantity;
pub mod session;
pub mod time;
