//! Every line rendered from its columns and hashed again.

use super::{Read, each_row};
use crate::domain::replay::{Problems, Tree};
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::hash::Hash;
use crate::store::engine::{Engine, Row};
use crate::store::read::entry_from_row;

/// The tree over all entries, and which of them are not what their stored leaf says.
pub(super) fn hash(
    engine: &mut dyn Engine,
    last: i64,
    outside: Option<&Checkpoint>,
) -> Read<(Tree, Problems)> {
    let mut tree = Tree::new(outside);
    let mut problems = Problems::default();
    let mut line = String::with_capacity(512);
    each_row(engine, last, &mut |row| {
        if let Ok(row) = row {
            take_in(row, &mut tree, &mut line, &mut problems);
        }
    })?;
    Ok((tree, problems))
}

fn take_in(row: &dyn Row, tree: &mut Tree, line: &mut String, problems: &mut Problems) {
    let Ok((entry, stored)) = entry_from_row(row) else {
        // The replay says why; the leaf that is stored keeps those behind it in their places.
        let leaf = row.blob(30).ok().flatten().and_then(|leaf| Hash::try_from(leaf).ok());
        return tree.push("", leaf.unwrap_or(Hash([0; 32])));
    };
    let leaf = entry.leaf(line).unwrap_or_else(|error| {
        problems.add(entry.seq, error.to_string());
        stored
    });
    if leaf != stored {
        problems.add(entry.seq, "was changed: its line has another hash than the one stored");
    }
    tree.push(&entry.action, leaf);
}
