//! Pages that are followed to the letter.
//!
//! In a ```` ```console ```` block a line that begins with `$ ` is typed, one that ends in `\` goes
//! on in the next, and what stands below is what it prints. A line `...` stands for any lines. In a
//! ```` ```console tour ```` block only the first line is typed: the tour prints such lines itself.

use std::sync::{Mutex, PoisonError};

use crate::document::Document;
use crate::shell::{Printed, Shell};

/// Where a process stands is one for all its threads, so pages are followed one at a time.
static FOLDER: Mutex<()> = Mutex::new(());

const OPEN: &str = "```console";
const TOUR: &str = "```console tour";
const CLOSE: &str = "```";
/// Stands for lines that are not shown.
const LEFT_OUT: &str = "...";

/// The page as it would read if every block said what the program prints.
fn follow(page: &str) -> String {
    let mut shell = Shell::new();
    let mut right = String::new();
    let mut lines = page.lines().peekable();
    // What opened the block that the line stands in.
    let mut inside = None;
    while let Some(line) = lines.next() {
        right.push_str(line);
        right.push('\n');
        let Some(opened) = inside else {
            inside = [OPEN, TOUR].into_iter().find(|open| line == *open);
            continue;
        };
        if line == CLOSE {
            inside = None;
        }
        let Some(first) = line.strip_prefix("$ ") else { continue };
        let mut typed = first.to_owned();
        while typed.ends_with('\\') {
            let more = lines.next().expect("a line that goes on is followed by one");
            typed.truncate(typed.len() - 1);
            typed.push_str(more.trim_start());
            right.push_str(more);
            right.push('\n');
        }
        let is_output = |line: &&str| *line != CLOSE && (opened == TOUR || !line.starts_with("$ "));
        let shown: Vec<&str> = std::iter::from_fn(|| lines.next_if(is_output)).collect();
        right.push_str(&answer(&mut shell, &typed, &shown));
    }
    right
}

/// What should stand below a line that is typed.
fn answer(shell: &mut Shell, typed: &str, shown: &[&str]) -> String {
    // A blank line may part a command from the next.
    let gap = if shown.last() == Some(&"") { "\n" } else { "" };
    let shown_text = shown.iter().flat_map(|line| [line, "\n"]).collect();
    let text = match shell.run(typed) {
        Printed::Text(text) => text,
        Printed::NoSuchProgram => return shown_text,
    };
    let printed: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    let without_gap = shown.strip_suffix(&[""]).unwrap_or(shown);
    if matches(without_gap, &printed) {
        return shown_text;
    }
    let right = excerpt(without_gap, &printed).unwrap_or(printed);
    right.iter().flat_map(|line| [line, "\n"]).collect::<String>() + gap
}

/// The same excerpt of new lines: a passage of as many lines at the beginning, at the end, and
/// between two `...` where a line equals the passage's first. None where that can't be had.
fn excerpt<'l>(shown: &[&'l str], printed: &[&'l str]) -> Option<Vec<&'l str>> {
    let passages: Vec<&[&str]> = shown.split(|line| *line == LEFT_OUT).collect();
    let [first, middle @ .., last] = &passages[..] else { return None };
    let mut right = printed.get(..first.len())?.to_vec();
    let mut rest = &printed[first.len()..];
    for passage in middle {
        let at = rest.iter().position(|line| passage.first() == Some(line))?;
        right.push(LEFT_OUT);
        right.extend(rest.get(at..at + passage.len())?);
        rest = &rest[at + passage.len()..];
    }
    right.push(LEFT_OUT);
    right.extend(&rest[rest.len().checked_sub(last.len())?..]);
    Some(right)
}

/// Whether lines fit what is shown of them.
fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        [LEFT_OUT, rest @ ..] => (0..=printed.len()).any(|skip| matches(rest, &printed[skip..])),
        [line, rest @ ..] => {
            printed.first() == Some(line)
                && printed.get(1..).is_some_and(|next| matches(rest, next))
        }
    }
}

#[test]
fn every_page_can_be_followed_to_the_letter() {
    let _alone = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    for name in Document::all() {
        let page = Document::read(&name);
        if page.text.contains(OPEN) {
            page.hold(&follow(&page.text));
        }
    }
}

#[test]
fn what_is_left_out_fits_any_lines() {
    assert!(matches(&["a", "...", "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["..."], &[]));
    assert!(!matches(&["a", "..."], &["b"]));
    assert!(!matches(&["a"], &["a", "b"]));
}

#[test]
fn an_excerpt_is_made_anew_with_the_same_cuts() {
    let shown = ["#1 old", "...", "Head", "x", "...", "old"];
    let printed = ["#1 new", "a", "b", "Head", "y", "c", "new"];
    let right = ["#1 new", "...", "Head", "y", "...", "new"];
    assert_eq!(excerpt(&shown, &printed).unwrap(), right);
    assert_eq!(excerpt(&["a", "b"], &printed), None);
    assert_eq!(excerpt(&["...", "Gone", "..."], &printed), None);
}

#[test]
fn a_wrong_answer_is_noticed() {
    let _alone = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let page = "```console\n$ lotbook \\\n  staff list\nno\n\n$ echo $?\n```\n";
    let right = follow(page);
    assert!(right.contains("\nerror: "), "{right}");
    assert!(right.contains("\n\n$ echo $?\n4\n```\n"), "{right}");
    assert_eq!(follow(&right), right);
}
