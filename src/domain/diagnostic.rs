//! A diagnostic points at a place in a text and says what is wrong there, why, and what to write.
//!
//! Parsers return the value they could read together with every diagnostic, so that a person
//! sees all problems of a file at once. Rendering with excerpt and caret lives in the views.

use std::fmt;
use std::ops::Range;

/// How bad a diagnostic is. An error makes the file unusable; a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The file can't be used until this is mended.
    Error,
    /// The file works, but probably not as its author meant.
    Warning,
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Level::Error => "error",
            Level::Warning => "warning",
        })
    }
}

/// A second place in the same text that explains the first, such as an earlier definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Byte range in the text.
    pub span: Range<usize>,
    /// What stands there.
    pub text: String,
}

/// One problem of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code in kebab-case, such as `unknown-key`; documented, unique by test.
    pub code: &'static str,
    /// Error or warning.
    pub level: Level,
    /// What is wrong, with the real values.
    pub message: String,
    /// Byte range in the text; inside it, and on character boundaries.
    pub span: Range<usize>,
    /// Further places that explain the problem.
    pub labels: Vec<Label>,
    /// The line to write instead, or the command to use.
    pub remedy: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Level::Error, code, span, message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Level::Warning, code, span, message)
    }

    fn new(
        level: Level,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        Self { code, level, message, span, labels: Vec::new(), remedy: None }
    }

    /// The same diagnostic with what to write instead.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same diagnostic with a second place.
    #[must_use]
    pub fn label(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }
}

/// True where at least one diagnostic is an error.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
}
