//! The problems of one text, each with its excerpt, a caret and what to write instead.
//!
//! All of them at once, in the order of the text, and a last line that counts them:
//!
//! ```text
//! error[unknown-key]: `widht` is not a key of a step
//!  --> needling.toml:3:1
//!   |
//! 3 | widht = 2
//!   | ^^^^^
//!   |
//!   = help: width = 2
//! ```

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Grade, Renderer, Snippet};

use super::Screen;
use super::visible::visible;
use crate::domain::diagnostic::{Diagnostic, Level};
use crate::domain::trail::escape::is_hidden;

/// Draws every problem of a text that a person knows by this name; empty where there is none.
pub fn render(name: &str, text: &str, diagnostics: &[Diagnostic], screen: Screen) -> String {
    let Some(count) = count(diagnostics) else { return String::new() };
    let drawing = Drawing { name: visible(name), text: tame(text), lines: line_starts(text) };
    let renderer = if screen.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(screen.width);
    let mut ordered: Vec<&Diagnostic> = diagnostics.iter().collect();
    ordered.sort_by_key(|diagnostic| diagnostic.span.start);
    let mut shown = String::new();
    for diagnostic in ordered {
        shown.push_str(&renderer.render(&[drawing.group(diagnostic)]));
        shown.push_str("\n\n");
    }
    shown.push_str(&format!("{count} in {}\n", drawing.name));
    shown
}

/// `2 errors and 1 warning`; none where there is nothing to count.
pub fn count(diagnostics: &[Diagnostic]) -> Option<String> {
    let of = |level, one: &str, many: &str| match diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == level)
        .count()
    {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    match (of(Level::Error, "error", "errors"), of(Level::Warning, "warning", "warnings")) {
        (Some(errors), Some(warnings)) => Some(format!("{errors} and {warnings}")),
        (errors, warnings) => errors.or(warnings),
    }
}

struct Drawing<'text> {
    name: Cow<'text, str>,
    text: Cow<'text, str>,
    /// The byte where each line begins.
    lines: Vec<usize>,
}

impl Drawing<'_> {
    fn group<'here>(&'here self, diagnostic: &'here Diagnostic) -> Group<'here> {
        let grade = match diagnostic.level {
            Level::Error => Grade::ERROR,
            Level::Warning => Grade::WARNING,
        };
        let main = self.clamp(&diagnostic.span);
        let labels: Vec<_> = diagnostic
            .labels
            .iter()
            .map(|label| (self.clamp(&label.span), visible(&label.text)))
            .collect();
        // Only the lines in question are handed over: the drawing crate reads all it is given, and
        // a file of 10,000 wrong lines would be read 10,000 times.
        let spans = || labels.iter().map(|(span, _)| span).chain([&main]);
        let first = self.line_of(spans().map(|span| span.start).min().unwrap_or(0));
        let last = self.line_of(spans().map(|span| span.end).max().unwrap_or(0));
        let start = self.lines[first];
        let end = self.lines.get(last + 1).copied().unwrap_or(self.text.len());
        let within = |span: &Range<usize>| span.start - start..span.end - start;
        let snippet = Snippet::source(&self.text[start..end])
            .path(&self.name)
            .line_start(first + 1)
            .annotation(AnnotationKind::Primary.span(within(&main)))
            .annotations(labels.iter().map(|(span, words)| {
                AnnotationKind::Context.span(within(span)).label(words.clone().into_owned())
            }));
        let title = grade.primary_title(visible(&diagnostic.message)).id(diagnostic.code);
        let group = title.element(snippet);
        match &diagnostic.remedy {
            Some(remedy) => group.element(Grade::HELP.message(visible(remedy))),
            None => group,
        }
    }

    /// A span inside the text and between characters: the drawing crate panics on any other.
    fn clamp(&self, span: &Range<usize>) -> Range<usize> {
        let start = floor(&self.text, span.start);
        start..floor(&self.text, span.end).max(start)
    }

    /// The line, from 0, that a byte stands in.
    fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

/// The text with a stand-in for each character that a terminal would obey or hide. Each stand-in
/// has as many bytes as what it stands for, so that every span still points at the same place.
fn tame(text: &str) -> Cow<'_, str> {
    let is_wild = |letter: char| {
        !matches!(letter, '\n' | '\r' | '\t') && (letter.is_control() || is_hidden(letter))
    };
    if !text.contains(is_wild) {
        return Cow::Borrowed(text);
    }
    let stand_in = |letter: char| match letter.len_utf8() {
        _ if !is_wild(letter) => letter,
        1 => '?',
        2 => '¿',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(stand_in).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Screen = Screen { width: 80, colour: false };
    const TEXT: &str = "id = \"needling\"\ntitle = \"Needling\"\nwidht = 2\nid = \"peel\"\n";

    fn span(text: &str, part: &str) -> Range<usize> {
        let start = text.find(part).unwrap();
        start..start + part.len()
    }

    #[test]
    fn every_problem_is_drawn_in_the_order_of_the_text_and_counted() {
        let first_id = 0..2;
        let second_id = TEXT.rfind("id").unwrap();
        let problems = [
            Diagnostic::error("duplicate-key", second_id..second_id + 2, "`id` is given twice")
                .label(first_id, "first given here")
                .remedy("remove one of them"),
            Diagnostic::error("unknown-key", span(TEXT, "widht"), "`widht` is not a key")
                .remedy("width = 2"),
            Diagnostic::warning("short-title", span(TEXT, "\"Needling\""), "the title is short"),
        ];
        insta::assert_snapshot!(render("needling.toml", TEXT, &problems, PLAIN), @r#"
        warning[short-title]: the title is short
         --> needling.toml:2:9
          |
        2 | title = "Needling"
          |         ^^^^^^^^^^

        error[unknown-key]: `widht` is not a key
         --> needling.toml:3:1
          |
        3 | widht = 2
          | ^^^^^
          |
          = help: width = 2

        error[duplicate-key]: `id` is given twice
         --> needling.toml:4:1
          |
        1 | id = "needling"
          | -- first given here
        ...
        4 | id = "peel"
          | ^^
          |
          = help: remove one of them

        2 errors and 1 warning in needling.toml
        "#);
        assert_eq!(render("needling.toml", TEXT, &[], PLAIN), "");
    }

    #[test]
    fn colour_changes_no_word_of_a_drawing() {
        let problems = [Diagnostic::error("unknown-key", 0..2, "`id` is not a key")];
        let coloured = render("a.toml", TEXT, &problems, Screen { width: 80, colour: true });
        assert!(coloured.contains("\u{1b}["));
        let plain = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(plain, render("a.toml", TEXT, &problems, PLAIN));
    }

    #[test]
    fn no_text_of_a_file_can_steer_a_terminal() {
        let text = "a\u{1b}[2J = \"\u{202e}\u{9b}\u{61c}x\u{200e}\"\n";
        let wild = ['\u{1b}', '\u{202e}', '\u{9b}', '\u{61c}', '\u{200e}'];
        let problems = [Diagnostic::error("x", span(text, "x"), "`\u{1b}` \u{202e}")
            .label(0..1, "\u{9b}")
            .remedy("\u{61c}")];
        let shown = render("\u{200e}.toml", text, &problems, PLAIN);
        assert!(!shown.contains(wild), "{shown:?}");
    }

    proptest! {
        #[test]
        fn no_span_makes_a_drawing_panic(
            text in "[a-zé麻\\n\\r\\t ]{0,40}",
            spans in prop::collection::vec((0usize..60, 0usize..60), 1..4),
        ) {
            let mut problem = Diagnostic::error("x", spans[0].0..spans[0].1, "wrong");
            for (start, end) in &spans[1..] {
                problem = problem.label(*start..*end, "here");
            }
            let shown = render("x", &text, &[problem], PLAIN);
            prop_assert!(shown.ends_with("1 error in x\n"));
        }
    }
}
