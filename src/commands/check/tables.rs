//! What `check` shows: a section for each named session, or a row for each of many, and totals.

use std::collections::BTreeSet;

use crate::domain::id::{ClientRef, ProtocolRef, SessionId};
use crate::domain::protocol::rule::Severity;
use crate::domain::protocol::{Finding, Judgement, Verdict};
use crate::domain::session::blocked::UsedBlocked;
use crate::domain::session::{Session, SessionState};
use crate::domain::time::{Moment, Zone};
use crate::views::Format;
use crate::views::report::Report;
use crate::views::table::{Cell, Column, Table, Tone};

/// One judged session, as far as it is shown.
pub(super) struct Judged {
    session: SessionId,
    client: ClientRef,
    protocol: ProtocolRef,
    started: Moment,
    state: SessionState,
    verdict: Verdict,
    /// The names of the rules that make it fail, then of the minor ones that fail too.
    failed: String,
    /// How many minor rules fail.
    minor: usize,
    /// What is to be said of its lots that are, or were, held.
    since: BTreeSet<UsedBlocked>,
    findings: Vec<Found>,
}

/// One finding, as it is shown.
struct Found {
    rule: String,
    area: Option<String>,
    verdict: Verdict,
    /// Until when it is pending, by the clinic's clocks.
    until: Option<Moment>,
    severity: Severity,
    because: String,
    entries: String,
    why: Option<String>,
}

impl Judged {
    pub(super) fn without_findings(
        session: &Session,
        judgement: &Judgement<'_>,
        since: BTreeSet<UsedBlocked>,
    ) -> Self {
        let failed = judgement.findings.iter().filter(|finding| finding.fails_session());
        let minor = || judgement.findings.iter().filter(|finding| is_minor(finding));
        let failed = failed.map(Finding::name);
        let failed = failed.chain(minor().map(|finding| format!("{} (minor)", finding.name())));
        Self {
            session: session.id,
            client: session.client.clone(),
            protocol: session.protocol.clone(),
            started: session.started,
            state: session.state,
            verdict: judgement.verdict,
            failed: failed.collect::<Vec<_>>().join(", "),
            minor: minor().count(),
            since,
            findings: Vec::new(),
        }
    }

    /// With what is not a plain pass, or with every finding.
    pub(super) fn with_findings(
        session: &Session,
        judgement: &Judgement<'_>,
        since: BTreeSet<UsedBlocked>,
        (every, zone): (bool, &Zone),
    ) -> Self {
        let plain = |verdict| matches!(verdict, Verdict::Pass | Verdict::NotApplicable);
        let shown = judgement.findings.iter().filter(|found| every || !plain(found.verdict));
        Self {
            findings: shown.map(|finding| Found::of(finding, zone)).collect(),
            ..Self::without_findings(session, judgement, since)
        }
    }

    /// `S-0042 fails: acne-scars-face@2026.1, client C-7F3K9QWX, finished, of 2026-11-22`.
    fn title(&self) -> String {
        let Self { session, protocol, client, state, .. } = self;
        let says = match (self.state, self.verdict) {
            (SessionState::Voided, _) => {
                return format!("{session} was voided: it never happened");
            }
            (_, Verdict::Fail) => "fails",
            (_, Verdict::Pending { .. }) => "is pending",
            (_, Verdict::Excused) => "is excused",
            (_, Verdict::Pass | Verdict::NotApplicable) => "passes",
        };
        let day = self.started.day();
        let minor = match self.minor {
            0 => String::new(),
            1 => ", 1 minor rule failed".to_owned(),
            minor => format!(", {minor} minor rules failed"),
        };
        format!("{session} {says}{minor}: {protocol}, client {client}, {state}, of {day}")
    }

    /// Whether there is something to say of it although it passes.
    pub(super) fn is_worth_showing(&self) -> bool {
        self.has_minor() || !self.since.is_empty()
    }

    /// Whether a rule fails that the session can pass without.
    fn has_minor(&self) -> bool {
        self.minor > 0
    }

    fn verdict(&self) -> Cell {
        match self.state {
            SessionState::Voided => Cell::label("voided", Tone::Muted),
            _ => Cell::label(self.verdict.as_str(), tone(self.verdict)),
        }
    }
}

impl Found {
    fn of(finding: &Finding<'_>, zone: &Zone) -> Self {
        let deadline = match finding.verdict {
            Verdict::Pending { deadline } => deadline,
            _ => None,
        };
        let mut entries = [&finding.events[..], &finding.witness[..]].concat();
        entries.sort_unstable();
        entries.dedup();
        let entries: Vec<String> = entries.iter().map(|seq| format!("#{seq}")).collect();
        Self {
            rule: finding.rule.id.to_string(),
            area: finding.area.map(ToString::to_string),
            verdict: finding.verdict,
            until: deadline.map(|deadline| deadline.in_zone(zone)),
            severity: finding.rule.severity,
            because: finding.because.to_string(),
            entries: entries.join(" "),
            why: finding.rule.why.as_ref().map(ToString::to_string),
        }
    }
}

/// A rule whose failure is shown, and does not make the session fail.
fn is_minor(finding: &Finding<'_>) -> bool {
    finding.verdict == Verdict::Fail && finding.rule.severity == Severity::Minor
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Fail => Tone::Bad,
        Verdict::Pending { .. } | Verdict::Excused => Tone::Warn,
        Verdict::Pass => Tone::Good,
        Verdict::NotApplicable => Tone::Muted,
    }
}

/// How many sessions came to which verdict.
#[derive(Default)]
pub(super) struct Totals {
    fail: i64,
    pending: i64,
    excused: i64,
    pass: i64,
    voided: i64,
    /// How many of those that pass failed minor rules.
    minor: i64,
    pub(super) first_failure: Option<SessionId>,
}

impl Totals {
    /// Counts a session; true where it passes, and where it never happened.
    pub(super) fn count(&mut self, session: &Session, verdict: Verdict) -> bool {
        let (count, passes) = match (session.state, verdict) {
            (SessionState::Voided, _) => (&mut self.voided, true),
            (_, Verdict::Fail) => {
                self.first_failure.get_or_insert(session.id);
                (&mut self.fail, false)
            }
            (_, Verdict::Pending { .. }) => (&mut self.pending, false),
            (_, Verdict::Excused) => (&mut self.excused, false),
            (_, Verdict::Pass | Verdict::NotApplicable) => (&mut self.pass, true),
        };
        *count += 1;
        passes
    }

    /// Counts a session that passes although minor rules fail.
    pub(super) fn count_minor(&mut self, judged: &Judged) {
        self.minor += i64::from(judged.verdict == Verdict::Pass && judged.has_minor());
    }

    fn judged(&self) -> i64 {
        self.fail + self.pending + self.excused + self.pass
    }

    /// What fails, in words; none where nothing does.
    pub(super) fn failure(&self) -> Option<String> {
        match (self.fail, self.judged()) {
            (0, _) => None,
            (1, 1) => Some("the session fails its protocol".to_owned()),
            (1, judged) => Some(format!("1 of {judged} sessions fails its protocol")),
            (fail, judged) => Some(format!("{fail} of {judged} sessions fail their protocol")),
        }
    }

    /// `120 sessions judged: 3 fail, 117 pass`.
    pub(super) fn words(&self) -> String {
        let sessions = if self.judged() == 1 { "session" } else { "sessions" };
        let counts = [
            (self.fail, "fail"),
            (self.pending, "pending"),
            (self.excused, "excused"),
            (self.pass, "pass"),
            (self.voided, "voided, which never happened"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        let colon = if counts.is_empty() { "" } else { ": " };
        let minor = match self.minor {
            0 => String::new(),
            minor => format!("; {minor} of those that pass failed minor rules"),
        };
        format!("{} {sessions} judged{colon}{}{minor}", self.judged(), counts.join(", "))
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            Column::right("judged", "judged"),
            Column::right("fail", "fail"),
            Column::right("pending", "pending"),
            Column::right("excused", "excused"),
            Column::right("pass", "pass"),
            Column::right("voided", "voided"),
        ]);
        let Self { fail, pending, excused, pass, voided, .. } = *self;
        table.row([self.judged(), fail, pending, excused, pass, voided].map(Cell::Integer));
        table
    }
}

/// The columns of one row for each session.
pub(super) fn session_columns() -> Vec<Column> {
    vec![
        Column::left("session", "session"),
        Column::left("client", "client"),
        Column::left("protocol", "protocol"),
        Column::left("day", "day"),
        Column::left("state", "state"),
        Column::left("verdict", "verdict"),
        Column::left("failed", "failed rules"),
        Column::left("since", "lots held"),
    ]
}

/// One row.
pub(super) fn session_row(judged: &Judged) -> [Cell; 8] {
    let since: Vec<String> = judged.since.iter().map(UsedBlocked::to_string).collect();
    [
        Cell::text(judged.session),
        Cell::text(&judged.client),
        Cell::text(&judged.protocol),
        judged.started.day().into(),
        judged.state.as_str().into(),
        judged.verdict(),
        Cell::text(&judged.failed),
        Cell::text(since.join(", ")),
    ]
}

/// On a screen a section for each session; for a program the sessions and all their findings.
pub(super) fn findings_of(judged: &[Judged], totals: &Totals, format: Format) -> Report {
    if format != Format::Table {
        return findings_together(judged, totals, format);
    }
    let mut report = Report::new("lotbook/check-session/1");
    for judged in judged {
        let mut table = finding_table(false);
        add_findings(&mut table, judged, false);
        report = report.list("findings", judged.title(), table);
    }
    for judged in judged {
        for used in &judged.since {
            report = report.note(used.sentence(&judged.session.to_string()));
        }
    }
    if judged.iter().any(Judged::has_minor) {
        report = report.note("a minor rule is shown, and its session can pass");
    }
    report.without_blank_columns()
}

/// The sessions, and all their findings.
pub(super) fn findings_together(judged: &[Judged], totals: &Totals, format: Format) -> Report {
    let mut report = Report::new("lotbook/check-session/1");
    let mut sessions = Table::new(session_columns());
    let mut findings = finding_table(true);
    for judged in judged {
        sessions.row(session_row(judged));
        add_findings(&mut findings, judged, true);
    }
    if format == Format::Json {
        report = report.record("totals", "", totals.table());
    }
    let report = report.list("sessions", "", sessions).list("findings", "Findings", findings);
    match format {
        Format::Table => report.without_blank_columns(),
        Format::Csv | Format::Json => report,
    }
}

fn finding_table(named: bool) -> Table {
    let session = named.then(|| Column::left("session", "session"));
    let own = [
        Column::left("rule", "rule"),
        Column::left("area", "area"),
        Column::left("verdict", "verdict"),
        Column::left("severity", "severity"),
        Column::left("because", "because"),
        Column::left("entries", "entries"),
        Column::left("deadline", "until"),
        Column::left("why", "why"),
    ];
    Table::new(session.into_iter().chain(own).collect::<Vec<_>>())
}

fn add_findings(table: &mut Table, judged: &Judged, named: bool) {
    for found in &judged.findings {
        let session = named.then(|| Cell::text(judged.session));
        table.row(session.into_iter().chain([
            Cell::text(&found.rule),
            Cell::maybe(found.area.as_ref()),
            Cell::label(found.verdict.as_str(), tone(found.verdict)),
            found.severity.as_str().into(),
            Cell::text(&found.because),
            Cell::text(&found.entries),
            found.until.into(),
            Cell::maybe(found.why.as_ref()),
        ]));
    }
}
