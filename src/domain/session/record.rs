//! What may be recorded in a session, and when.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::catalog::Person;
use crate::domain::fact::{Action, Because, Fact, InSession, check_step_reason, pick};
use crate::domain::history::SessionFold;
use crate::domain::id::{AreaId, ClientRef, FieldName, PlaceName, SessionId, StepId};
use crate::domain::protocol::rule::{Kind, Per, Record, Rule, Severity, Shape};
use crate::domain::protocol::{self, Finding, Protocol, StepNo, Verdict};
use crate::domain::quantity::Value;
use crate::domain::refusal::Refusal;
use crate::domain::session::despite::{self, check_names};
use crate::domain::session::reading::check_number;
use crate::domain::session::{Despite, Event, ItemFault, Session, SessionState, Use};
use crate::domain::shell::quote;
use crate::domain::time::Moment;

/// What a session is started with.
#[derive(Debug, Clone)]
pub struct Start {
    /// The number it gets.
    pub session: SessionId,
    /// The client's reference.
    pub client: ClientRef,
    /// The areas planned.
    pub areas: Vec<AreaId>,
    /// The serial number of the pen's handpiece.
    pub pen: Option<Box<str>>,
    /// The room.
    pub place: Option<PlaceName>,
    /// SHA-256 of the protocol's text.
    pub sha256: Box<str>,
}

/// The fact that starts a session.
pub fn start(protocol: &Protocol, start: Start) -> Result<Fact, Refusal> {
    let areas = ordered_areas(protocol, &start.areas)?;
    if areas.is_empty() && !protocol.areas.is_empty() {
        return Err(Refusal::new("the areas to be treated are not known")
            .why(format!("{} may be done on {}", protocol.reference.id, all_areas(protocol)))
            .hint("write --areas with one or more of them, joined by commas"));
    }
    let Start { session, client, pen, place, sha256, .. } = start;
    let within = InSession { session, client, protocol: protocol.reference.clone() };
    Ok(Fact::SessionStart { within, areas, pen, place, sha256 })
}

fn all_areas(protocol: &Protocol) -> String {
    protocol.areas.iter().map(AreaId::as_str).collect::<Vec<_>>().join(", ")
}

/// The areas in the protocol's order, each once.
fn ordered_areas(protocol: &Protocol, asked: &[AreaId]) -> Result<Vec<AreaId>, Refusal> {
    if let Some(unknown) = asked.iter().find(|area| !protocol.areas.contains(area)) {
        let known: Vec<&str> = protocol.areas.iter().map(AreaId::as_str).collect();
        let refusal = Refusal::new(format!("{unknown} is not an area of {}", protocol.reference));
        let refusal = match protocol::nearest(unknown.as_str(), &known) {
            Some(near) => refusal.hint(format!("did you mean {near}?")),
            None => refusal,
        };
        let refusal = refusal.why(match &known[..] {
            [] => "it has no areas".to_owned(),
            _ => format!("its areas are {}", all_areas(protocol)),
        });
        let show = format!("see them: lotbook protocol show {}", protocol.reference);
        return Err(refusal.hint(show));
    }
    Ok(protocol.areas.iter().filter(|area| asked.contains(area)).cloned().collect())
}

/// A step as it is logged.
#[derive(Debug, Clone)]
pub struct Log {
    /// The step.
    pub step: StepId,
    /// The areas that were named; empty where none were.
    pub areas: Vec<AreaId>,
    /// The readings, as typed.
    pub readings: BTreeMap<FieldName, Value>,
    /// The items, in the state they were in.
    pub uses: Vec<Use>,
    /// Rules broken knowingly, by id or by one of the words for items.
    pub despite: Vec<Despite>,
    /// When it was done.
    pub at: Moment,
    /// The entry it will be.
    pub seq: u64,
    /// Who did it.
    pub by: Arc<Person>,
}

/// The event of a step, or why it may not be recorded so.
pub fn log(protocol: &Protocol, fold: &SessionFold, log: Log) -> Result<Event, Refusal> {
    let session = &fold.session;
    let number = step_number(protocol, &log.step)?;
    may_log(session, protocol, number, log.at)?;
    let mut areas = ordered_areas(protocol, &log.areas)?;
    if areas.is_empty() && by_area(protocol, number) {
        areas.clone_from(&session.areas);
    }
    let event = Event {
        seq: log.seq,
        at: log.at,
        by: log.by,
        step: log.step,
        areas,
        readings: readings(protocol, number, log.readings)?,
        uses: log.uses,
        despite: log.despite,
    };
    let excused = excuse_items(&event);
    let blocking = protocol::gate(protocol, session, &excused);
    check_despite(protocol, session, &event, &blocking)?;
    let known = |finding: &Finding<'_>| {
        event.despite.iter().any(|despite| &*despite.rule == finding.rule.id.as_str())
    };
    let open: Vec<&Finding<'_>> = blocking.iter().filter(|finding| !known(finding)).collect();
    if open.is_empty() { Ok(event) } else { Err(blocked(protocol, &event, &open)) }
}

fn step_number(protocol: &Protocol, step: &StepId) -> Result<StepNo, Refusal> {
    protocol.step_no(step).ok_or_else(|| {
        let steps: Vec<&str> = protocol.steps.iter().map(|step| step.id.as_str()).collect();
        let mut refusal = Refusal::new(format!("{} has no step {step}", protocol.reference));
        if let Some(near) = protocol::nearest(step.as_str(), &steps) {
            refusal = refusal.hint(format!("did you mean {near}?"));
        }
        refusal
            .why(format!("its steps are {}", steps.join(", ")))
            .hint(format!("see them: lotbook protocol show {}", protocol.reference))
    })
}

/// Whether the step is something that is done area by area.
fn by_area(protocol: &Protocol, step: StepNo) -> bool {
    protocol.rules.iter().any(|rule| rule.per == Per::Area && rule.kind.trigger() == Some(step))
}

/// A step may be logged while the session is open; afterwards a follow-up, or what was done before
/// it ended and is recorded late.
fn may_log(
    session: &Session,
    protocol: &Protocol,
    step: StepNo,
    at: Moment,
) -> Result<(), Refusal> {
    let id = session.id;
    if at < session.started {
        let [at, began] = at.beside(session.started);
        let first = quote(&session.started.exact()).into_owned();
        return Err(Refusal::new(format!(
            "{} at {at} lies before {id} began, at {began}",
            protocol.step(step).id,
        ))
        .why("nothing is done in a session before it begins")
        .hint(format!("look when it was done: lotbook session show {id}"))
        .hint(format!("write --at with a time from {first} on, or leave --at out")));
    }
    match (session.state, session.ended) {
        (SessionState::Voided, _) => {
            Err(Refusal::new(format!("{id} is voided: it never happened"))
                .hint("start another: lotbook session start PROTOCOL --client REF --areas A,B"))
        }
        (SessionState::Finished | SessionState::Stopped, Some(ended))
            if at > ended && !protocol.step(step).is_follow_up() =>
        {
            let [at, ended] = at.beside(ended);
            let reasons = pick(Action::Reversal.spec().reasons);
            let find = format!("lotbook audit log --session {id}");
            Err(Refusal::new(format!("{id} was {} at {ended}, and this is of {at}", session.state))
                .why(format!("{} is not a step of the follow-up", protocol.step(step).id))
                .hint("if it was done before then, write --at with the time when it was done")
                .hint(format!(
                    "if the session went on, take its end back: lotbook undo N {reasons}, and log \
                     it then; N is the entry that ended it: {find}"
                )))
        }
        _ => Ok(()),
    }
}

/// The readings with the protocol's units; what nobody asked for, or could not be true, is refused.
fn readings(
    protocol: &Protocol,
    step: StepNo,
    given: BTreeMap<FieldName, Value>,
) -> Result<BTreeMap<FieldName, Value>, Refusal> {
    let mut readings = BTreeMap::new();
    for (name, value) in given {
        let value = protocol.with_unit(step, &name, value);
        check_reading(protocol, step, &name, &value)?;
        readings.insert(name, value);
    }
    Ok(readings)
}

fn check_reading(
    protocol: &Protocol,
    step: StepNo,
    name: &FieldName,
    value: &Value,
) -> Result<(), Refusal> {
    let step_id = &protocol.step(step).id;
    let Some(record) = protocol.records(step).find(|record| record.name == *name) else {
        return check_clearance(protocol, step, name, value);
    };
    match (&record.shape, value) {
        (Shape::Word { one_of, .. }, value) if !one_of.contains(value) => {
            let words: Vec<String> = one_of.iter().map(ToString::to_string).collect();
            let forms = words.iter().map(|word| format!("{name}={}", quote(word)));
            Err(Refusal::new(format!("`{value}` is not an answer to {step_id} {name}"))
                .why(format!("it is one of {}", words.join(", ")))
                .hint(format!("write {}", forms.collect::<Vec<_>>().join(" or "))))
        }
        (Shape::Number { unit: asked, .. }, Value::Number { unit, .. }) if asked != unit => {
            Err(Refusal::new(format!(
                "{step_id} asks for {name} {}, and {name}={value} is {}",
                in_unit(asked.as_deref()),
                in_unit(unit.as_deref())
            ))
            .hint(match asked {
                Some(asked) => format!("read it in {asked}, and write {name}= and the number"),
                None => format!("write {name}= and the number alone"),
            }))
        }
        (Shape::Number { unit, .. }, Value::Word(word)) => {
            let unit = unit.as_deref().unwrap_or("count");
            let refusal =
                Refusal::new(format!("{name}={word} is not a number, and {step_id} asks for one"));
            let pointed = word.replace(',', ".");
            Err(match Value::read(&pointed) {
                Value::Number { .. } => refusal.hint(format!("write a point: {name}={pointed}")),
                Value::Word(_) => {
                    refusal.hint(format!("write {name}= and a number; its unit is {unit}"))
                }
            })
        }
        (Shape::Number { unit, .. }, Value::Number { number, .. }) => {
            check_number(protocol, name, *number, unit.as_deref())
        }
        _ => Ok(()),
    }
}

fn in_unit(unit: Option<&str>) -> String {
    unit.map_or("as a plain number".to_owned(), |unit| format!("in {unit}"))
}

/// A clearing step carries the names of the questions that it clears, each as `cleared`.
fn check_clearance(
    protocol: &Protocol,
    step: StepNo,
    name: &FieldName,
    value: &Value,
) -> Result<(), Refusal> {
    let step_id = &protocol.step(step).id;
    let mut names: Vec<&str> = protocol.records(step).map(|record| record.name.as_str()).collect();
    let cleared = questions(protocol, step);
    if cleared.contains(&name) {
        return match value {
            Value::Word(word) if &**word == protocol::CLEARED => Ok(()),
            _ => Err(Refusal::new(format!("{name}={value} clears nothing"))
                .why(format!("{step_id} takes no answers, it clears them"))
                .hint(format!("if it is cleared, write {name}={}", protocol::CLEARED))),
        };
    }
    names.extend(cleared.iter().map(|name| name.as_str()));
    let refusal = Refusal::new(format!("{step_id} has no reading {name}"));
    let refusal = match protocol::nearest(name.as_str(), &names) {
        Some(near) => refusal.hint(format!("did you mean {near}?")),
        None => refusal,
    };
    let show = format!("see what it asks for: lotbook protocol show {}", protocol.reference);
    let refusal = refusal.hint(show);
    Err(refusal.why(match (&names[..], cleared.is_empty()) {
        ([], _) => "it asks for no readings".to_owned(),
        (names, true) => format!("it asks for {}", names.join(", ")),
        (names, false) => format!("it can clear {}", names.join(", ")),
    }))
}

/// The questions that a step can clear.
fn questions(protocol: &Protocol, step: StepNo) -> Vec<&FieldName> {
    let record = |rule: &'_ Rule| match &rule.kind {
        Kind::Record(record) => {
            record.stops.as_ref().is_some_and(|stops| stops.cleared_by == Some(step))
        }
        _ => false,
    };
    let rules = protocol.rules.iter().filter(|rule| record(rule));
    rules
        .filter_map(|rule| match &rule.kind {
            Kind::Record(Record { name, .. }) => Some(name),
            _ => None,
        })
        .collect()
}

/// What is recorded as broken knowingly must be a rule of the protocol, or a state of an item,
/// that this event really breaks: nothing is excused in advance.
fn check_despite(
    protocol: &Protocol,
    session: &Session,
    event: &Event,
    blocking: &[Finding<'_>],
) -> Result<(), Refusal> {
    check_names(protocol, event.despite.iter().map(|despite| &*despite.rule))?;
    for despite in &event.despite {
        check_step_reason(&despite.code)?;
        let rule = &*despite.rule;
        if let Ok(fault) = rule.parse::<ItemFault>() {
            if !event.uses.iter().any(|used| used.status.has(fault)) {
                return Err(Refusal::new(format!("no item of this step is {rule}"))
                    .hint(format!("leave --despite {rule} out")));
            }
            continue;
        }
        let Some(known) = protocol.rules.iter().find(|known| known.id.as_str() == rule) else {
            continue;
        };
        let broken = match known.severity {
            Severity::Block => blocking.iter().any(|finding| finding.rule.id == known.id),
            _ => breaks(protocol, session, event, known),
        };
        if !broken {
            return Err(Refusal::new(format!("this step does not break the rule {rule}"))
                .hint(format!("leave --despite {rule} out")));
        }
    }
    Ok(())
}

/// Whether this event itself breaks a rule that does not block, as of the moment of the gate.
fn breaks(protocol: &Protocol, session: &Session, event: &Event, rule: &Rule) -> bool {
    let mut after = session.clone();
    after.insert(event.clone());
    let now = protocol::gate_moment(session, event);
    protocol::judge(protocol, &after, Some(now)).findings.iter().any(|finding| {
        finding.rule.id == rule.id
            && finding.verdict == Verdict::Fail
            && (finding.events.contains(&event.seq) || finding.witness.contains(&event.seq))
    })
}

/// The event as the gate sees it: an item whose state was recorded knowingly does not also break
/// the rule that asks for usable items. The verdict still sees it as it was.
fn excuse_items(event: &Event) -> Cow<'_, Event> {
    if event.despite.is_empty() {
        return Cow::Borrowed(event);
    }
    let mut event = event.clone();
    let faults = event.despite.iter().filter_map(|despite| despite.rule.parse().ok());
    let excused: Vec<ItemFault> = faults.collect();
    for used in &mut event.uses {
        used.status = used.status.without(&excused);
    }
    Cow::Owned(event)
}

fn blocked(protocol: &Protocol, event: &Event, findings: &[&Finding<'_>]) -> Refusal {
    let first = findings[0];
    let mut refusal =
        Refusal::new(format!("{} breaks {}: {}", event.step, first.name(), first.because));
    let (questions, others): (Vec<&Finding<'_>>, Vec<_>) =
        findings.iter().copied().partition(|finding| is_unanswered(finding));
    for finding in findings {
        let is_first = std::ptr::eq(*finding, first);
        if is_unanswered(finding) && !is_first {
            continue;
        }
        if !is_first {
            refusal = refusal.why(format!("{}: {}", finding.name(), finding.because));
        }
        if let Some(why) = &finding.rule.why {
            refusal = refusal.why(format!("{}: {why}", finding.rule.id));
        }
    }
    refusal = unanswered(refusal, (protocol, event), &questions, is_unanswered(first));
    if others.is_empty() {
        return refusal;
    }
    let rules = despite_words(&event.despite, &others);
    refusal.hint(format!("if it was done all the same, record it: {rules}"))
}

/// Adds which questions are open and what to do about them: questions are answered, and not set
/// aside one by one; whoever can't is told how. The first was `told` in full or not.
fn unanswered(
    mut refusal: Refusal,
    (protocol, event): (&Protocol, &Event),
    questions: &[&Finding<'_>],
    told: bool,
) -> Refusal {
    let Some(one) = questions.first() else { return refusal };
    let asks = one.rule.id.as_str().split('.').next().unwrap_or_default();
    let names = questions[usize::from(told)..].iter().map(|question| question_name(question));
    let names: Vec<&str> = names.collect();
    match &names[..] {
        [] => {}
        [name] => refusal = refusal.why(format!("{asks} {name} is not answered either")),
        names => {
            refusal = refusal.why(format!(
                "and {} more questions of {asks} are not answered: {}",
                names.len(),
                names.join(", ")
            ));
        }
    }
    let rules = match questions {
        [question] => despite_words(&event.despite, &[question]),
        _ => despite::words(&event.despite, [&*format!("{asks}.record.QUESTION")])
            .replace(" --reason", " for each, --reason"),
    };
    refusal
        .hint(format!("answer what is left: lotbook session log {asks} QUESTION=ANSWER ..."))
        .hint(format!("see the answers: lotbook protocol show {}", protocol.reference))
        .hint(format!("if they were not asked, record that: {rules}"))
}

fn question_name<'f>(finding: &Finding<'f>) -> &'f str {
    match &finding.rule.kind {
        Kind::Record(record) => record.name.as_str(),
        _ => finding.rule.id.as_str(),
    }
}

/// How many rules a hint names; the next refusal names the next ones.
const NAMED: usize = 6;

/// What to type to set these rules aside, besides those that were named already.
fn despite_words(given: &[Despite], findings: &[&Finding<'_>]) -> String {
    let rules = unique(findings.iter().map(|finding| finding.rule.id.to_string()).collect());
    let shown = &rules[..rules.len().min(NAMED)];
    let words = despite::words(given, shown.iter().map(String::as_str));
    match rules.len().saturating_sub(NAMED) {
        0 => words,
        more => format!("{words}, and so for {more} more"),
    }
}

/// A question whose answer would say whether the step may be done, and that has none.
fn is_unanswered(finding: &Finding<'_>) -> bool {
    let stops = matches!(&finding.rule.kind, Kind::Record(record) if record.stops.is_some());
    stops && finding.witness.is_empty()
}

fn unique(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    words
}

/// The fact that ends a session as planned, with the findings that it leaves. A failed `block`
/// rule must be named in `despite`.
pub fn finish(
    protocol: &Protocol,
    session: &Session,
    despite: &[String],
    because: Option<Because>,
    at: Moment,
) -> Result<Fact, Refusal> {
    check_names(protocol, despite.iter().map(String::as_str))?;
    must_be_open(session.id, session.state, session.ended)?;
    must_follow_steps(protocol, session, at)?;
    let mut ended = session.clone();
    ended.events = session.events.iter().map(|event| excuse_items(event).into_owned()).collect();
    ended.state = SessionState::Finished;
    ended.ended = Some(at);
    let judged = protocol::judge(protocol, &ended, Some(at));
    let failed: Vec<&Finding<'_>> = judged
        .findings
        .iter()
        .filter(|finding| {
            finding.verdict == Verdict::Fail && finding.rule.severity == Severity::Block
        })
        .collect();
    let recorded = |finding: &&&Finding<'_>| {
        let id = finding.rule.id.as_str();
        let logged =
            session.events.iter().any(|event| event.despite.iter().any(|known| &*known.rule == id));
        !logged && !despite.iter().any(|known| known == id)
    };
    let open: Vec<&Finding<'_>> = failed.iter().filter(recorded).copied().collect();
    if let Some(first) = open.first() {
        let given = as_given(despite, because.as_ref());
        let mut refusal = Refusal::new(format!(
            "{} can't be finished yet: {}: {}",
            session.id,
            first.name(),
            first.because
        ));
        for finding in &open[1..] {
            refusal = refusal.why(format!("{}: {}", finding.name(), finding.because));
        }
        return Err(refusal
            .hint(format!(
                "log what is missing, or end it half-way: lotbook session stop {} {}",
                session.id,
                pick(Action::SessionStop.spec().reasons)
            ))
            .hint(format!("to finish it all the same: {}", despite_words(&given, &open))));
    }
    if let Some(needless) =
        despite.iter().find(|rule| !failed.iter().any(|finding| finding.rule.id.as_str() == **rule))
    {
        return Err(Refusal::new(format!("the rule {needless} does not stand in the way"))
            .hint(format!("leave --despite {needless} out")));
    }
    Ok(Fact::SessionFinish { within: within(session), because })
}

/// The names of a `--despite` with their one reason.
fn as_given(names: &[String], because: Option<&Because>) -> Vec<Despite> {
    let code = because.map_or("", Because::code);
    names.iter().map(|name| Despite { rule: name.as_str().into(), code: code.into() }).collect()
}

/// The fact that ends a session half-way.
pub fn stop(
    protocol: &Protocol,
    session: &Session,
    because: Because,
    at: Moment,
) -> Result<Fact, Refusal> {
    must_be_open(session.id, session.state, session.ended)?;
    must_follow_steps(protocol, session, at)?;
    Ok(Fact::SessionStop { within: within(session), because })
}

/// The fact that a session never happened; refused while what it used is not given back.
pub fn void(session: &Session, because: Because, at: Moment) -> Result<Fact, Refusal> {
    if session.state == SessionState::Voided {
        return Err(Refusal::new(format!("{} is voided already", session.id))
            .why("a session is voided once")
            .hint(see_entries(session.id)));
    }
    if at < session.started {
        return Err(Refusal::new(format!(
            "{} can't have been voided at {}: it began at {}",
            session.id,
            at.exact(),
            session.started.exact()
        ))
        .why("nobody can void what has not begun")
        .hint("leave --at out, or write a time after it began"));
    }
    let mut refusal =
        Refusal::new(format!("{} used items, so it can't be voided as it is", session.id));
    let uses: Vec<&Use> = session.events.iter().flat_map(|event| &event.uses).collect();
    for used in &uses {
        refusal = refusal.why(format!("#{} used {} of {}", used.seq, used.quantity, used.item()));
    }
    // The newest first, one for each step: undoing a use takes its whole command back.
    let mut steps: Vec<u64> = session
        .events
        .iter()
        .filter_map(|event| event.uses.iter().map(|used| used.seq).max())
        .collect();
    steps.sort_by_key(|seq| std::cmp::Reverse(*seq));
    for seq in steps {
        refusal = refusal.hint(format!("lotbook undo {seq} --reason wrong-session"));
    }
    if !uses.is_empty() {
        return Err(refusal);
    }
    Ok(Fact::SessionVoid { within: within(session), because })
}

fn see_entries(id: SessionId) -> String {
    format!("see what was recorded of it: lotbook audit log --session {id}")
}

/// A session ends once: only an open one is finished or stopped.
pub fn must_be_open(
    id: SessionId,
    state: SessionState,
    ended: Option<Moment>,
) -> Result<(), Refusal> {
    match (state, ended) {
        (SessionState::Open, _) => Ok(()),
        (state, Some(ended)) => Err(Refusal::new(format!("{id} was {state} at {}", ended.short()))
            .why("a session ends once")
            .hint(format!(
                "if that was a mistake, find the entry and undo it: \
                lotbook audit log --session {id}"
            ))),
        (state, None) => Err(Refusal::new(format!("{id} is {state}"))
            .why("only an open session ends")
            .hint(see_entries(id))),
    }
}

/// A session ends after its last step. The follow-up comes after the end and says nothing of it: a
/// session that an undo opened again can still end when it did.
fn must_follow_steps(protocol: &Protocol, session: &Session, at: Moment) -> Result<(), Refusal> {
    let is_follow_up = |event: &&Event| {
        protocol.step_no(&event.step).is_some_and(|step| protocol.step(step).is_follow_up())
    };
    let steps = session.events.iter().filter(|event| !is_follow_up(event));
    let last = steps.map(|event| event.at).max().unwrap_or(session.started);
    if at >= last {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "{} can't have ended at {}: its last step is of {}",
        session.id,
        at.exact(),
        last.exact()
    ))
    .hint(format!("end it then or later: --at {}, or leave --at out", quote(&last.exact()))))
}

/// The session's columns for a further entry of it.
pub fn within(session: &Session) -> InSession {
    InSession {
        session: session.id,
        client: session.client.clone(),
        protocol: session.protocol.clone(),
    }
}

/// What an event used that no rule of its step asks for, a sentence a product: it is recorded, and
/// it may have been meant for another step.
pub fn unasked_items(protocol: &Protocol, event: &Event) -> Vec<String> {
    let Some(step) = protocol.step_no(&event.step) else { return Vec::new() };
    let unasked = event.uses.iter().filter(|used| protocol.is_unasked(step, used));
    let words = unasked.map(|used| format!("no rule of {} asks for {}", event.step, used.product));
    unique(words.collect())
}

/// Says of areas that nobody planned, and where nothing was done before, that the session reaches
/// to them now.
pub fn unplanned_areas(session: &Session, event: &Event) -> Option<String> {
    let done = session.events.iter().flat_map(|event| &event.areas);
    let known: Vec<&AreaId> = session.areas.iter().chain(done).collect();
    let new: Vec<&str> =
        event.areas.iter().filter(|area| !known.contains(area)).map(AreaId::as_str).collect();
    let planned: Vec<&str> = session.areas.iter().map(AreaId::as_str).collect();
    (!new.is_empty()).then(|| {
        format!(
            "{} not planned in {}, only {}: what is needed in each area is needed there too",
            were(&new),
            session.id,
            planned.join(", ")
        )
    })
}

fn were(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "was" } else { "were" };
    format!("{} {verb}", names.join(", "))
}

/// What `--despite` may name besides rules: the states of items.
pub fn item_words(despite: &[String]) -> Vec<ItemFault> {
    despite.iter().filter_map(|word| word.parse().ok()).collect()
}
