//! Writes the files of a bundle from a book, in one pass over the entries.

use std::io::{self, Write};

use super::{CHECKPOINT, Draft, ENTRIES, PRODUCTS, README, SCRIPT, STAFF, protocol_file};
use crate::commands::audit::digest::Digest;
use crate::domain::trail::VERIFY_SCRIPT;
use crate::domain::trail::checkpoint::Checkpoint;
use crate::domain::trail::entry::Entry;
use crate::domain::trail::hash::Hash;
use crate::domain::trail::line::header;
use crate::domain::trail::merkle::leaf;
use crate::error::{Failure, Outcome};
use crate::store::{Rows, Snapshot, StoreError};
use crate::views::bundle;

/// Writes the first `size` entries with all that belongs to them, and returns their checkpoint.
pub(crate) fn fill(
    snapshot: &mut Snapshot<'_>,
    size: u64,
    draft: &mut Draft,
    progress: &mut dyn FnMut(u64),
) -> Result<Outcome<Checkpoint>, StoreError> {
    let digest = match entries(snapshot, size, draft, progress)? {
        Ok(digest) => digest,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut texts = Vec::new();
    for sha256 in &digest.texts {
        texts.push((protocol_file(sha256), snapshot.protocol_text(sha256)?));
    }
    Ok(about(&digest, &texts, draft))
}

/// Writes `audit.csv`. Every line must have the leaf that the book stores.
fn entries(
    snapshot: &mut Snapshot<'_>,
    size: u64,
    draft: &mut Draft,
    progress: &mut dyn FnMut(u64),
) -> Result<Outcome<Digest>, StoreError> {
    let mut digest = Digest::default();
    let mut part = match begin(draft) {
        Ok(part) => part,
        Err(error) => return Ok(Err(error.into())),
    };
    let mut written: Outcome = Ok(());
    let mut line = String::with_capacity(512);
    snapshot.entries(0, size, &mut |entry, stored| {
        written = put(entry, stored, &mut digest, &mut line, &mut part);
        progress(1);
        Ok(if written.is_ok() { Rows::More } else { Rows::Enough })
    })?;
    let found = digest.frontier.size();
    Ok(written.and_then(|()| {
        if found != size {
            return Err(changed(found, "is missing"));
        }
        draft.keep(part)?;
        Ok(digest)
    }))
}

fn begin(draft: &Draft) -> io::Result<super::draft::Part> {
    let mut part = draft.file(ENTRIES)?;
    write!(part, "{}\r\n", header())?;
    Ok(part)
}

fn put(
    entry: &Entry<'_>,
    stored: Hash,
    digest: &mut Digest,
    line: &mut String,
    out: &mut dyn Write,
) -> Outcome {
    let due = digest.frontier.size();
    if entry.seq != due {
        return Err(changed(due, "is missing"));
    }
    line.clear();
    entry.write_line(line).map_err(|error| changed(due, &error.to_string()))?;
    if leaf(line.as_bytes()) != stored {
        return Err(changed(due, "was changed: its line has another hash than the one stored"));
    }
    digest.take_in(entry, stored).map_err(|why| changed(due, &why))?;
    line.push_str("\r\n");
    Ok(out.write_all(line.as_bytes())?)
}

/// A book that doesn't verify is not exported as if it did.
fn changed(seq: u64, why: &str) -> Failure {
    Failure::book(format!("entry {seq} {why}"))
        .detail("nothing was exported")
        .hint("see what still holds: lotbook audit verify")
}

/// Writes everything but the entries.
fn about(digest: &Digest, texts: &[(String, String)], draft: &mut Draft) -> Outcome<Checkpoint> {
    let checkpoint = digest.checkpoint().map_err(|why| changed(0, &why))?;
    draft.add(CHECKPOINT, checkpoint.to_string().as_bytes())?;
    draft.add(STAFF, &bundle::staff(&digest.catalog)?)?;
    draft.add(PRODUCTS, &bundle::products(&digest.catalog)?)?;
    draft.add(README, digest.readme(&checkpoint).as_bytes())?;
    draft.add(SCRIPT, VERIFY_SCRIPT.as_bytes())?;
    for (name, text) in texts {
        draft.add(name, text.as_bytes())?;
    }
    Ok(checkpoint)
}
