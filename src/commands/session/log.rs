//! `session log`: a step was done, with its readings and the items it used.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::start::area;
use super::uses::{Choosing, choose_all, read as read_use};
use super::{failing, load, meant, next_lines, say_findings, say_next, sentence, this_room};
use crate::commands::product::named_value;
use crate::context::Context;
use crate::domain::fact::{Action, check_step_reason};
use crate::domain::history::SessionFold;
use crate::domain::id::{AreaId, FieldName, SessionId, StepId};
use crate::domain::protocol::{self, Finding, Protocol};
use crate::domain::quantity::Value;
use crate::domain::session::clock;
use crate::domain::session::despite::check_names;
use crate::domain::session::record::{Log, item_words, log, unasked_items, unplanned_areas};
use crate::domain::session::usage::said;
use crate::domain::session::{Despite, Event};
use crate::domain::shell::quote;
use crate::error::{Failure, Outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook session log anesthetic-on --use \"2.5 g NUMB-4\"\n  \
    lotbook session log needling@cheeks depth=1.0 passes=3 --use CART-12\n  \
    lotbook session log needling@cheeks depth=1.0 --use -        (reads one scan)\n\n\
    Without a quantity a use takes the product's dose. A SKU alone takes what expires first.")]
pub struct Args {
    /// STEP, or STEP@AREA,AREA
    step: String,
    /// Readings: NAME=VALUE, such as depth=0.5 or "depth=0.5 mm"
    #[arg(value_name = "READING=VALUE", allow_negative_numbers = true)]
    readings: Vec<String>,
    /// An item that was used: a SKU, SKU/LOT, a container or a scan, with a quantity before it
    #[arg(long = "use", value_name = "[QTY ]ITEM|-")]
    uses: Vec<String>,
    /// The session, where more than one is open
    #[arg(long)]
    session: Option<SessionId>,
    /// Record it although it breaks this rule, or although the item is expired, held or past its
    /// discard-by
    #[arg(long, value_name = "RULE|expired|held|discard-by", requires = "reason")]
    despite: Vec<String>,
    /// Why it is recorded despite a rule: a code; a wrong one shows the list
    #[arg(long, value_name = "CODE", requires = "despite")]
    reason: Option<String>,
    // A step keeps no words; the answer says so.
    #[arg(long, hide = true)]
    note: Option<String>,
}

struct Asked {
    step: StepId,
    areas: Vec<AreaId>,
    readings: BTreeMap<FieldName, Value>,
    despite: Vec<Despite>,
}

fn asked(args: &Args) -> Outcome<Asked> {
    if args.note.is_some() {
        return Err(Failure::usage("a step takes no words: --note has no place here")
            .detail("what was done is told by its readings, its items and --despite")
            .hint("leave --note out"));
    }
    let (step, areas) = step_and_areas(&args.step)?;
    let mut readings = BTreeMap::new();
    for text in &args.readings {
        let (name, value) =
            named_value(text).map_err(|failure| not_an_area(step, text, failure))?;
        let value = value.ok_or_else(|| {
            Failure::usage(format!("`{text}` has no value"))
                .hint(format!("write {name}= and what was read, or leave it out"))
        })?;
        if let Some(first) = readings.insert(name.clone(), value.clone()) {
            return Err(twice(args, &name, [&first, &value]));
        }
    }
    let code = args.reason.as_deref().unwrap_or_default();
    if !args.despite.is_empty() {
        check_step_reason(code)?;
    }
    let mut despite: Vec<Despite> = args
        .despite
        .iter()
        .map(|rule| Despite { rule: rule.as_str().into(), code: code.into() })
        .collect();
    despite.sort_by(|a, b| a.rule.cmp(&b.rule));
    despite.dedup();
    if let Ok(session) = step.parse::<SessionId>() {
        return Err(Failure::usage(format!("{session} is a session, and a step is asked for"))
            .hint(format!("write lotbook session log STEP --session {session}"))
            .hint(format!("see which step is next: lotbook session show {session}")));
    }
    Ok(Asked { step: StepId::new(step)?, areas, readings, despite })
}

/// Takes `STEP@AREA,AREA` apart. Where an area is announced, it is named.
fn step_and_areas(text: &str) -> Outcome<(&str, Vec<AreaId>)> {
    let Some((step, list)) = text.split_once('@') else { return Ok((text, Vec::new())) };
    if list.split(',').any(|name| name.trim().is_empty()) {
        return Err(Failure::usage(format!("an area is missing in `{text}`"))
            .hint(format!("name each area: {step}@AREA,AREA"))
            .hint(format!("or write {step} alone, for all areas of the session")));
    }
    Ok((step, list.split(',').map(area).collect::<Result<_, _>>()?))
}

/// A word without a value may be an area that stands apart from its step.
fn not_an_area(step: &str, text: &str, failure: Failure) -> Failure {
    match AreaId::new(text) {
        Ok(area) if !text.contains('=') => Failure::usage(format!("`{text}` has no value"))
            .hint(format!("if it is an area: lotbook session log {step}@{area}"))
            .hint(format!("if it is a reading, write {text}=VALUE")),
        _ => failure,
    }
}

/// The refusal of a reading that is given twice: the same is said once, and of two each may be of
/// an area of its own.
fn twice(args: &Args, name: &FieldName, [first, second]: [&Value; 2]) -> Failure {
    let write = |value: &Value| quote(&format!("{name}={value}")).into_owned();
    let failure =
        Failure::usage(format!("the reading {name} is there twice: {first} and {second}"))
            .detail("a step carries each reading once")
            .hint(format!("write {} alone", write(first)));
    if first == second {
        return failure;
    }
    let step = args.step.split('@').next().unwrap_or_default();
    failure.hint(format!(
        "if each is of another area, log one by one: lotbook session log {}@AREA {}",
        quote(step),
        write(second)
    ))
}

/// What a log comes to, for the lines that are said about it.
struct Logged {
    session: SessionId,
    line: String,
    notes: Vec<String>,
    warnings: Vec<String>,
    findings: Vec<String>,
    next: Vec<String>,
}

pub(super) fn run(args: Args, context: &mut Context) -> Outcome {
    let asked = asked(&args)?;
    let mut uses = Vec::new();
    for text in &args.uses {
        uses.push(read_use(text, context)?);
    }
    let (actor, room) = (context.actor()?, context.settings.room.clone());
    let (logged, receipt) = context.write(|writing| {
        writing.permit(Action::SessionStep)?;
        let room = this_room(writing, room.as_ref())?;
        let row = meant(writing, args.session, Some(&actor), room.as_ref())?;
        let (mut fold, protocol) = load(writing, row.id)?;
        check_names(&protocol, args.despite.iter().map(String::as_str))?;
        let words = item_words(&args.despite);
        let choosing = Choosing {
            session: row.id,
            room: room.as_ref().or(row.place.as_ref()),
            despite: &words,
            given: &asked.despite,
        };
        let used = choose_all(writing, &uses, &choosing)?;
        let seq = used.items.step_seq(writing.next_seq());
        let event = log(
            &protocol,
            &fold,
            Log {
                step: asked.step.clone(),
                areas: asked.areas.clone(),
                readings: asked.readings.clone(),
                uses: used.items.uses(seq),
                despite: asked.despite.clone(),
                at: writing.moment(),
                seq,
                by: Arc::new(writing.actor().clone()),
            },
        )?;
        let mut warnings = used.warnings;
        let facts = used.items.facts(&fold.session, &event);
        for fact in &facts {
            writing.append(fact)?;
        }
        let notes = facts.iter().filter_map(said).collect();
        let mut told = tell(&protocol, &mut fold, event, notes);
        warnings.append(&mut told.warnings);
        Ok(Logged { warnings, ..told })
    })?;
    context.changed(&logged.line, receipt)?;
    for note in &logged.notes {
        context.ui.note(note);
    }
    for warning in &logged.warnings {
        context.ui.warn(warning);
    }
    say_findings(context, &logged.findings);
    say_next(context, logged.session, &logged.next);
    Ok(())
}

/// What is said after a step: the step itself, what it breaks, and what is next.
fn tell(
    protocol: &Protocol,
    fold: &mut SessionFold,
    event: Event,
    mut notes: Vec<String>,
) -> Logged {
    let at = event.at;
    let seq = event.seq;
    let areas: Vec<&str> = event.areas.iter().map(AreaId::as_str).collect();
    let areas = if areas.is_empty() { String::new() } else { format!(" on {}", areas.join(", ")) };
    let readings: String =
        event.readings.iter().map(|(name, value)| format!(", {name} {value}")).collect();
    let (id, client) = (fold.session.id, &fold.session.client);
    let clock = clock::shown(&fold.session, at);
    let line = format!("{id} {client}: {}{areas} at {clock}{readings}", event.step);
    notes.extend(unasked_items(protocol, &event));
    let unplanned = unplanned_areas(&fold.session, &event);
    let other_day = clock::other_day(protocol, &fold.session, &event);
    fold.session.insert(event);
    let mut warnings = protocol::stopping(protocol, &fold.session, seq);
    if !warnings.is_empty() {
        let end = format!("lotbook session stop {id} --reason screening");
        warnings.push(format!("if the treatment ends here: {end}"));
    }
    warnings.extend(unplanned);
    warnings.extend(other_day);
    warnings.extend(protocol::idle_clearances(protocol, &fold.session, seq));
    warnings.extend(protocol::idle_follow_up(protocol, &fold.session, seq));
    let judged = protocol::judge(protocol, &fold.session, Some(at));
    let broken =
        |finding: &&Finding<'_>| finding.events.contains(&seq) || finding.witness.contains(&seq);
    let findings = judged.findings.iter().filter(failing).filter(broken);
    let findings = findings.map(|finding| sentence(finding, &finding.because_of(seq))).collect();
    let next = next_lines(protocol, fold, at);
    Logged { session: id, line, notes, warnings, findings, next }
}
