//! The pure heart: no files, network, clock, environment, randomness, SQL or printing.

pub mod barcode;
