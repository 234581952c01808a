//! The stories of `tests/cli`, told again.

#[path = "../cli/arriving.rs"]
mod arriving;
#[path = "../cli/catalog.rs"]
mod catalog;
#[path = "../cli/chair.rs"]
mod chair;
#[path = "../cli/checking.rs"]
mod checking;
#[path = "../cli/first_day.rs"]
mod first_day;
#[path = "../cli/guiding.rs"]
mod guiding;
#[path = "../cli/protocols.rs"]
mod protocols;
#[path = "../cli/refusing.rs"]
mod refusing;
#[path = "../cli/scanning.rs"]
mod scanning;
#[path = "../cli/serials.rs"]
mod serials;
#[path = "../cli/shelves.rs"]
mod shelves;
#[path = "../cli/starting.rs"]
mod starting;
#[path = "../cli/tracing.rs"]
mod tracing;
