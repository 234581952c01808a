//! Which keys each table takes. Everything else is unknown, misplaced, or of a later version of
//! the language.

/// A kind of table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The file itself.
    File,
    /// `limits.NAME`.
    Limit,
    /// `[[step]]`.
    Step,
    /// `required = { ... }` of a step, and its like.
    Often,
    /// `count` of a step.
    Count,
    /// `by` of a step.
    By,
    /// `[step.record.NAME]`.
    Record,
    /// `uses.NAME` of a step.
    Uses,
    /// One attribute of a `where`.
    Attribute,
    /// `[[rule]]`.
    Rule,
    /// `step = { ... }` of a rule.
    StepRule,
    /// `before = { ... }`.
    Before,
    /// `after = { ... }`.
    After,
    /// `when = { ... }`.
    When,
}

impl Place {
    /// The keys that the table takes.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::File => &[
                "lotbook",
                "id",
                "version",
                "title",
                "areas",
                "sources",
                "off_label",
                "limits",
                "step",
                "rule",
            ],
            Self::Limit => &["min", "max", "step", "unit"],
            Self::Step => &[
                "id",
                "title",
                "phase",
                "per",
                "required",
                "exactly_once",
                "at_most_once",
                "forbidden",
                "count",
                "by",
                "uses",
                "record",
            ],
            Self::Often => &["severity", "why", "disputed", "when"],
            Self::Count => &["min", "max", "severity", "why", "disputed", "when"],
            Self::By => &["titles", "certificate", "severity", "why", "disputed", "when"],
            Self::Record => &[
                "unit",
                "min",
                "max",
                "one_of",
                "expected",
                "stops",
                "cleared_by",
                "by_area",
                "total",
                "staff_limit",
                "severity",
                "why",
                "disputed",
                "when",
            ],
            Self::Uses => &[
                "category", "products", "min", "max", "where", "per", "severity", "why",
                "disputed", "when",
            ],
            Self::Attribute => &["min", "max", "unit"],
            Self::Rule => {
                &["id", "step", "before", "after", "per", "severity", "why", "disputed", "when"]
            }
            Self::StepRule => &["step", "min", "max"],
            Self::Before => &["step", "needs", "min", "max", "every", "since_last"],
            Self::After => &["step", "needs", "min", "max"],
            Self::When => &["area", "done", "answer", "used", "title"],
        }
    }

    /// Keys of the language that come with a later version of the program.
    pub(super) fn later(self) -> &'static [&'static str] {
        match self {
            Self::File => &["extends", "omit"],
            Self::Step => &["names", "position", "even_if_stopped", "replace", "deviation"],
            Self::Often | Self::Count | Self::By | Self::Record | Self::Uses => {
                &["deviation", "replace"]
            }
            Self::Rule => &["never", "interval", "deviation", "replace"],
            Self::StepRule => &["position"],
            Self::Before | Self::After => &["fresh", "directly", "scope"],
            Self::Limit | Self::Attribute | Self::When => &[],
        }
    }

    /// The tables that a key found here by mistake may belong to, nearest first.
    pub(super) fn around(self) -> &'static [Place] {
        match self {
            Self::File => &[Self::Step, Self::Rule],
            Self::Step => &[Self::File, Self::Rule, Self::Record],
            Self::Often | Self::Count | Self::By | Self::Uses => &[Self::Step, Self::File],
            Self::Record => &[Self::Step, Self::File, Self::Rule],
            Self::Rule => &[Self::File, Self::Step],
            Self::StepRule | Self::Before | Self::After | Self::When => &[Self::Rule, Self::File],
            Self::Attribute => &[Self::Uses],
            Self::Limit => &[Self::File],
        }
    }

    /// What people call the table.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::File => "the head of the file",
            Self::Limit => "a `limits` table",
            Self::Step => "a [[step]]",
            Self::Often => "a `required` and its like",
            Self::Count => "a `count`",
            Self::By => "a `by`",
            Self::Record => "a [step.record.NAME] table",
            Self::Uses => "a `uses` table",
            Self::Attribute => "a `where` table",
            Self::Rule => "a [[rule]]",
            Self::StepRule => "a `step` rule",
            Self::Before => "a `before` rule",
            Self::After => "an `after` rule",
            Self::When => "a `when`",
        }
    }
}
