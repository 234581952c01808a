//! A rule of the lock file: it stays small.

use crate::hold;
use crate::source::read;

/// What there is now and a small margin. A crate that goes beyond it needs a paragraph in
/// DECISIONS.md and a new number here.
const PACKAGES_MAX: usize = 240;

#[test]
fn the_lock_file_stays_small() {
    let packages = read("Cargo.lock").matches("[[package]]").count();
    let breaches = (packages > PACKAGES_MAX).then(|| format!("Cargo.lock has {packages}"));
    hold(
        &format!("at most {PACKAGES_MAX} packages, tests' and program's: a crate comes in rarely"),
        breaches.into_iter().collect(),
    );
}

#[test]
fn only_one_crate_links_sqlite() {
    let lock = read("Cargo.lock");
    let links = lock.matches("name = \"libsqlite3-sys\"").count();
    hold(
        "rusqlite alone links SQLite",
        (links > 1).then(|| "Cargo.lock".to_owned()).into_iter().collect(),
    );
}
