//! `protocol list`: what is published in the book, and what comes with the program.

use crate::context::Context;
use crate::domain::protocol::parse;
use crate::domain::protocol::shipped::SHIPPED;
use crate::domain::trail::hash::Hash;
use crate::error::Outcome;
use crate::store::{PublishedProtocol, Snapshot, StoreError};
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
pub struct Args {}

/// How many characters of a hash a screen shows; files have all 64.
const PREFIX: usize = 12;

pub(super) fn run(_: &Args, context: &mut Context) -> Outcome {
    let prefix = if context.settings.format == Format::Table { PREFIX } else { usize::MAX };
    let mut table = Table::new([
        Column::left("protocol", "protocol"),
        Column::left("version", "version"),
        Column::left("title", "title"),
        Column::left("state", "state"),
        Column::left("published", "published"),
        Column::left("staff", "by"),
        Column::right("seq", "entry"),
        Column::left("sha256", "sha256"),
    ]);
    let mut known = Vec::new();
    if context.has_book() {
        known = context.read(|snapshot| published(snapshot, prefix, &mut table))?;
    }
    let mut waiting = None;
    for shipped in SHIPPED {
        let sha256 = Hash::of(shipped.text.as_bytes()).to_string();
        let (Some(protocol), _) = parse(shipped.text) else { continue };
        if known.iter().any(|known| known.protocol == protocol.reference) {
            continue;
        }
        waiting.get_or_insert(shipped.id);
        table.row([
            Cell::text(&protocol.reference.id),
            Cell::text(&protocol.reference.version),
            Cell::text(&protocol.title),
            Cell::label("shipped", Tone::Muted),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::text(beginning(&sha256, prefix)),
        ]);
    }
    let mut report = Report::of("lotbook/protocols/1", table);
    if let Some(id) = waiting {
        report = report.note(format!(
            "sessions can be started once a protocol is published: lotbook protocol publish {id}"
        ));
    }
    context.ui.show(&report, context.settings.format)
}

fn beginning(sha256: &str, length: usize) -> &str {
    sha256.get(..length).unwrap_or(sha256)
}

/// Adds a row for each published protocol, oldest first, and returns them.
fn published(
    snapshot: &mut Snapshot<'_>,
    prefix: usize,
    table: &mut Table,
) -> Result<Vec<PublishedProtocol>, StoreError> {
    let all = snapshot.protocols()?;
    for known in &all {
        let text = snapshot.protocol_text(&known.sha256)?;
        let title = parse(&text).0.map(|protocol| protocol.title);
        let written = snapshot.written(known.seq)?;
        let (at, staff) = written.map_or((None, None), |(at, staff)| (Some(at), Some(staff)));
        let reference = &known.protocol;
        let newest =
            !all.iter().any(|other| other.protocol.id == reference.id && other.seq > known.seq);
        let state = match newest {
            true => Cell::label("newest", Tone::Good),
            false => Cell::label("earlier", Tone::Muted),
        };
        table.row([
            Cell::text(&reference.id),
            Cell::text(&reference.version),
            Cell::maybe(title),
            state,
            at.into(),
            Cell::maybe(staff),
            known.seq.into(),
            Cell::text(beginning(&known.sha256, prefix)),
        ]);
    }
    Ok(all)
}
