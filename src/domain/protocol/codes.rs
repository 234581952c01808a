//! The codes of all diagnostics about protocol files. A code is stable: it is never renamed, and
//! never used again for something else.

/// A code with what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code, in kebab-case.
    pub code: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)+) => {
        $(
            #[doc = $meaning]
            pub(in crate::domain::protocol) const $name: &str = $code;
        )+
        /// Every code, in the order of the alphabet.
        pub const ALL: &[Code] = &[$(Code { code: $code, meaning: $meaning }),+];
    };
}

codes! {
    AREA_WITHOUT_RANGE = "area-without-range",
        "An area of the protocol has no range for a reading that gives ranges by area.";
    BAD_DURATION = "bad-duration",
        "A text is no length of time.";
    BAD_ID = "bad-id",
        "An id, area or name has the wrong shape.";
    BAD_NUMBER = "bad-number",
        "A number is not a plain decimal, or not in its range.";
    BAD_QUANTITY = "bad-quantity",
        "A text is no quantity of an item.";
    BAD_WORD = "bad-word",
        "A word is not in its closed list.";
    BEFORE_CIRCLE = "before-circle",
        "Steps need each other before themselves, so none can be done.";
    BEYOND_LIMITS = "beyond-limits",
        "A range goes beyond what the device can do, or between its steps.";
    BLOCK_WITHOUT_WHY = "block-without-why",
        "A rule that refuses entries doesn't say why.";
    CONTRADICTORY_COUNTS = "contradictory-counts",
        "Counts of one step that can't all be met.";
    CONTRADICTORY_KEYS = "contradictory-keys",
        "Two keys that don't go together.";
    DUPLICATE_ID = "duplicate-id",
        "Two steps, rules or areas have the same id.";
    EMPTY_WINDOW = "empty-window",
        "The minimum of a window or range exceeds its maximum.";
    FOLLOW_UP_MINIMUM = "follow-up-minimum",
        "A follow-up step is counted, but never becomes due.";
    FOLLOW_UP_WITHOUT_MAX = "follow-up-without-max",
        "A rule that needs a follow-up step never closes.";
    LANGUAGE_VERSION = "language-version",
        "The file is for another version of the language.";
    MANY_KINDS = "many-kinds",
        "A rule has more than one kind.";
    MISPLACED_KEY = "misplaced-key",
        "A key stands in another table than the one it belongs to.";
    MISSING_KEY = "missing-key",
        "A key that is needed is not there.";
    NO_KIND = "no-kind",
        "A rule says nothing, since it has no kind.";
    NOT_SUPPORTED_YET = "not-supported-yet",
        "A key of the language that this program doesn't know yet.";
    RESERVED_ID = "reserved-id",
        "A rule takes the name of one of the book's own rules.";
    SAYS_NOTHING = "says-nothing",
        "A table demands nothing, or the same twice.";
    SYNTAX = "syntax",
        "The text is not TOML.";
    TOO_LARGE = "too-large",
        "The file is larger than a protocol can be.";
    UNGUARDED_SINGLE_USE = "unguarded-single-use",
        "No rule demands the single-use item of a step.";
    UNKNOWN_ANSWER = "unknown-answer",
        "An answer that the reading doesn't offer.";
    UNKNOWN_AREA = "unknown-area",
        "An area that the protocol doesn't list.";
    UNKNOWN_KEY = "unknown-key",
        "A key that the language doesn't have.";
    UNKNOWN_READING = "unknown-reading",
        "A reading that the step doesn't record.";
    UNKNOWN_STEP = "unknown-step",
        "A step that the protocol doesn't declare.";
    UNKNOWN_UNIT = "unknown-unit",
        "A unit that readings don't have.";
    UNREACHABLE_RULE = "unreachable-rule",
        "Another rule makes this one impossible to meet or to trigger.";
    VERSION_NOT_STRING = "version-not-string",
        "The version is a number, which would lose its zeros.";
    WRONG_TYPE = "wrong-type",
        "A value is of another type than its key takes.";
}
