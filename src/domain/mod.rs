//! The pure heart: no files, network, clock, environment, randomness, SQL or printing.

pub mod barcode;
pub mod catalog;
pub mod client;
pub mod diagnostic;
pub mod edit;
pub mod expiry;
pub mod fact;
pub mod gtins;
pub mod history;
pub mod id;
pub mod item;
pub mod place;
pub mod protocol;
pub mod quantity;
pub mod refusal;
pub mod replay;
pub mod server;
pub mod session;
pub mod shell;
pub mod shown;
pub mod stock;
pub mod time;
pub mod trail;
