//! `protocol show`: a protocol in words.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::text::{Text, is_path, read};
use crate::context::Context;
use crate::domain::id::AreaId;
use crate::domain::protocol::rule::{Severity, Shape};
use crate::domain::protocol::shipped::{SHIPPED, shipped};
use crate::domain::protocol::{Protocol, parse};
use crate::domain::trail::hash::Hash;
use crate::error::{Failure, Outcome};
use crate::store::PublishedProtocol;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A protocol of the book or of the program, or a file; without a version, the newest
    #[arg(value_name = "ID[@VERSION]|FILE")]
    protocol: OsString,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let (text, state) = find(&args.protocol, context)?;
    let (protocol, problems) = parse(&text.text);
    context.ui.problems(&text.name, &text.text, &problems);
    let Some(protocol) = protocol else {
        return Err(Failure::usage(format!("{} has errors, so it can't be shown", text.name))
            .hint("mend what is shown above, then try again"));
    };
    let sha256 = Hash::of(text.text.as_bytes()).to_string();
    let report = Report::new("lotbook/protocol/1")
        .record("protocol", "", head(&protocol, &state, &sha256))
        .list("steps", "Steps", steps(&protocol))
        .list("readings", "Readings", readings(&protocol))
        .list("rules", "Rules", rules(&protocol));
    context.ui.show(&report, context.settings.format)
}

/// The text that is meant, and what the book knows of it.
fn find(named: &OsStr, context: &mut Context) -> Outcome<(Text, String)> {
    let Some(name) = named.to_str().filter(|_| !is_path(named)) else {
        return Ok((read(Path::new(named))?, "a file, not published".to_owned()));
    };
    let mut known: Vec<PublishedProtocol> = Vec::new();
    if context.has_book() {
        known = context.read(|snapshot| snapshot.protocols())?;
    }
    let fits = |known: &&PublishedProtocol| known.protocol.is_named(name);
    if let Some(newest) = known.iter().filter(fits).max_by_key(|known| known.seq) {
        let text = context.read(|snapshot| snapshot.protocol_text(&newest.sha256))?;
        let state = format!("published by entry #{}", newest.seq);
        return Ok((Text { name: newest.protocol.to_string(), text }, state));
    }
    let (id, version) = name.split_once('@').map_or((name, None), |(id, v)| (id, Some(v)));
    if let Some(found) = shipped(id) {
        let fits = version.is_none_or(|version| {
            parse(found.text).0.is_some_and(|protocol| &*protocol.reference.version == version)
        });
        if fits {
            let text = Text { name: format!("{id}.toml"), text: found.text.to_owned() };
            return Ok((text, "shipped, not published".to_owned()));
        }
    }
    if Path::new(named).is_file() {
        return Ok((read(Path::new(named))?, "a file, not published".to_owned()));
    }
    Err(nothing(name, &known))
}

fn nothing(name: &str, known: &[PublishedProtocol]) -> Failure {
    let published: Vec<String> = known.iter().map(|known| known.protocol.to_string()).collect();
    let shipped: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.id).collect();
    let mut failure = Failure::refused(format!("there is no protocol {name}"));
    if !published.is_empty() {
        failure = failure.detail(format!("published are {}", published.join(", ")));
    }
    failure
        .detail(format!("with the program comes {}", shipped.join(", ")))
        .hint("see them all: lotbook protocol list")
}

fn head(protocol: &Protocol, state: &str, sha256: &str) -> Table {
    let mut table = Table::new([
        Column::left("protocol", "protocol"),
        Column::left("version", "version"),
        Column::left("title", "title"),
        Column::left("label", "label"),
        Column::left("areas", "areas"),
        Column::left("sources", "sources"),
        Column::left("state", "state"),
        Column::left("sha256", "sha256"),
    ]);
    let areas: Vec<&str> = protocol.areas.iter().map(AreaId::as_str).collect();
    let label = match protocol.off_label {
        true => Cell::label("off label", Tone::Warn),
        false => Cell::label("on label", Tone::Good),
    };
    table.row([
        Cell::text(&protocol.reference.id),
        Cell::text(&protocol.reference.version),
        Cell::text(&protocol.title),
        label,
        Cell::text(areas.join(", ")),
        Cell::text(protocol.sources.join("; ")),
        Cell::text(state),
        Cell::text(sha256),
    ]);
    table
}

fn steps(protocol: &Protocol) -> Table {
    let mut table = Table::new([
        Column::left("step", "step"),
        Column::left("phase", "phase"),
        Column::left("title", "title"),
    ]);
    for step in &protocol.steps {
        let phase = step.phase.map(|phase| phase.as_str());
        table.row([Cell::text(&step.id), Cell::maybe(phase), Cell::text(&step.title)]);
    }
    table
}

fn readings(protocol: &Protocol) -> Table {
    let mut table = Table::new([
        Column::left("step", "step"),
        Column::left("reading", "reading"),
        Column::left("answer", "answer"),
        Column::left("stops", "otherwise stops"),
    ]);
    let numbers = protocol.steps.iter().filter_map(|step| protocol.step_no(&step.id));
    for (no, record) in numbers.flat_map(|no| protocol.records(no).map(move |record| (no, record)))
    {
        let stopped = record.stops.as_ref().map(|stops| {
            let ids = stops.steps.iter().map(|step| protocol.step(*step).id.as_str());
            ids.collect::<Vec<_>>().join(", ")
        });
        table.row([
            Cell::text(&protocol.step(no).id),
            Cell::text(&record.name),
            Cell::text(answer(&record.shape)),
            Cell::maybe(stopped),
        ]);
    }
    table
}

/// What may be answered; ranges stand with the rules.
fn answer(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Number { unit: None, .. } => "a count".to_owned(),
        Shape::Number { unit: Some(unit), .. } => format!("a number in {unit}"),
        Shape::Word { one_of, .. } => {
            one_of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    }
}

fn rules(protocol: &Protocol) -> Table {
    let mut table = Table::new([
        Column::left("rule", "rule"),
        Column::left("severity", "severity"),
        Column::left("words", "in words"),
        Column::left("why", "why"),
        Column::left("disputed", "disputed"),
    ]);
    for rule in &protocol.rules {
        let tone = match rule.severity {
            Severity::Block => Tone::Bad,
            Severity::Major => Tone::Warn,
            Severity::Minor | Severity::Info => Tone::Muted,
        };
        table.row([
            Cell::text(&rule.id),
            Cell::label(rule.severity.as_str(), tone),
            Cell::text(protocol.describe(rule)),
            Cell::maybe(rule.why.as_ref()),
            Cell::maybe(rule.disputed.as_ref()),
        ]);
    }
    table
}
