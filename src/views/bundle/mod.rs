//! The texts of an inspector's bundle that say what the entries mean. All are functions of the
//! entries alone: no run time, no version, no path, so the same entries give the same bytes.

mod lists;
mod readme;

pub use lists::{products, staff};
pub use readme::{Readme, readme};
