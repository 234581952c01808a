//! What judging a session says: one finding for each rule, or for each rule and area.

use crate::domain::id::AreaId;
use crate::domain::protocol::edge::Edge;
use crate::domain::protocol::engine::entries::Entries;
use crate::domain::protocol::engine::reason::Reason;
use crate::domain::protocol::rule::Rule;

/// Whether a rule was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its `when` is false, or the session was stopped before it was due.
    NotApplicable,
    /// Kept, or never triggered.
    Pass,
    /// Broken, with a deviation that the right person approved in time.
    Excused,
    /// Not yet kept; it still can be.
    Pending {
        /// Until when, where the rule says so.
        deadline: Option<Edge>,
    },
    /// Broken, and no later event can mend it (a late entry or a correction may).
    Fail,
}

impl Verdict {
    /// The word in listings: `pass`, `fail`, `pending`, `excused`, `not applicable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotApplicable => "not applicable",
            Self::Pass => "pass",
            Self::Excused => "excused",
            Self::Pending { .. } => "pending",
            Self::Fail => "fail",
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Pass => 1,
            Self::Excused => 2,
            Self::Pending { .. } => 3,
            Self::Fail => 4,
        }
    }

    /// The worse of two: fail, pending, excused, pass, not applicable. Of two pending ones the
    /// earlier deadline.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Pending { deadline: one }, Self::Pending { deadline: two }) => {
                Self::Pending { deadline: earlier(one, two) }
            }
            _ if other.rank() > self.rank() => other,
            _ => self,
        }
    }
}

fn earlier(one: Option<Edge>, two: Option<Edge>) -> Option<Edge> {
    [one, two].into_iter().flatten().min_by_key(|edge| edge.closing())
}

/// What one rule says about a session, or about one area of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'a> {
    /// The rule, with its id, severity and why.
    pub rule: &'a Rule,
    /// The area, where the rule is judged by area.
    pub area: Option<&'a AreaId>,
    /// Whether it was kept.
    pub verdict: Verdict,
    /// Whether anything triggered it; a rule that nothing triggers passes.
    pub triggered: bool,
    /// In words, with the real values.
    pub because: Reason<'a>,
    /// The entries that triggered it: those that break it where it fails, those that wait where
    /// it is pending.
    pub events: Entries,
    /// The entries that keep it, or that were not good enough.
    pub witness: Entries,
    /// What breaks it where it fails, each with its entries; empty where a count does.
    pub faults: Vec<Fault>,
}

/// One of the things that break a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The entry that breaks it.
    pub event: u64,
    /// The entry that was not good enough.
    pub witness: Option<u64>,
    /// In words, with the real values.
    pub because: String,
}

impl Finding<'_> {
    /// What this entry breaks, each reason once, without what earlier ones broke; the whole reason
    /// where none is its own.
    pub fn because_of(&self, seq: u64) -> String {
        let mut said: Vec<&str> = Vec::new();
        for fault in &self.faults {
            let is_its_own = fault.event == seq || fault.witness == Some(seq);
            if is_its_own && !said.contains(&&*fault.because) {
                said.push(&fault.because);
            }
        }
        if said.is_empty() { self.because.to_string() } else { said.join("; ") }
    }

    /// Whether a later event can still mend it.
    pub fn is_mendable(&self) -> bool {
        matches!(self.verdict, Verdict::Pending { .. })
    }

    /// Whether it makes the session fail.
    pub fn fails_session(&self) -> bool {
        self.verdict == Verdict::Fail && self.rule.severity.fails_session()
    }

    /// The rule's id as `expect` tables name it: `needling.required[cheeks]`.
    pub fn name(&self) -> String {
        match self.area {
            Some(area) => format!("{}[{area}]", self.rule.id),
            None => self.rule.id.to_string(),
        }
    }
}

/// A session's verdict with all findings, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement<'a> {
    /// The worst of the findings; a failed minor or info rule counts as a pass here.
    pub verdict: Verdict,
    /// One for each rule, or for each rule and area.
    pub findings: Vec<Finding<'a>>,
}

impl<'a> Judgement<'a> {
    pub(super) fn of(findings: Vec<Finding<'a>>) -> Self {
        let verdict = findings.iter().fold(Verdict::NotApplicable, |worst, finding| {
            let counted = match finding.verdict {
                Verdict::Fail if !finding.fails_session() => Verdict::Pass,
                verdict => verdict,
            };
            worst.worse(counted)
        });
        Self { verdict, findings }
    }
}
