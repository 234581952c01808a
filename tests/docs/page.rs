//! Pages that are followed to the letter.
//!
//! In a ```` ```console ```` block a line that begins with `$ ` is typed, one that ends in `\` goes
//! on in the next, and what stands below is what it prints. A line `...` stands for any lines.

use std::sync::{Mutex, PoisonError};

use crate::document::Document;
use crate::shell::{Printed, Shell};

/// Where a process stands is one for all its threads, so pages are followed one at a time.
static FOLDER: Mutex<()> = Mutex::new(());

const OPEN: &str = "```console";
const CLOSE: &str = "```";

/// The page as it would read if every block said what the program prints.
fn follow(page: &str) -> String {
    let mut shell = Shell::new();
    let mut right = String::new();
    let mut lines = page.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        right.push_str(line);
        right.push('\n');
        if !inside {
            inside = line == OPEN;
            continue;
        }
        inside = line != CLOSE;
        let Some(first) = line.strip_prefix("$ ") else { continue };
        let mut typed = first.to_owned();
        while typed.ends_with('\\') {
            let more = lines.next().expect("a line that goes on is followed by one");
            typed.truncate(typed.len() - 1);
            typed.push_str(more.trim_start());
            right.push_str(more);
            right.push('\n');
        }
        let is_output = |line: &&str| !line.starts_with("$ ") && *line != CLOSE;
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
    printed.iter().flat_map(|line| [line, "\n"]).collect::<String>() + gap
}

/// Whether lines fit what is shown of them.
fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        ["...", rest @ ..] => (0..=printed.len()).any(|skip| matches(rest, &printed[skip..])),
        [line, rest @ ..] => {
            printed.first() == Some(line) && printed.get(1..).is_some_and(|next| matches(rest, next))
        }
    }
}

#[test]
fn every_page_can_be_followed_to_the_letter() {
    let _alone = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    for name in Document::all() {
        let page = Document::read(&name);
        if page.text.lines().any(|line| line == OPEN) {
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
fn a_wrong_answer_is_noticed() {
    let _alone = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let page = "```console\n$ lotbook \\\n  staff list\nno\n\n$ echo $?\n```\n";
    let right = follow(page);
    assert!(right.contains("\nerror: "), "{right}");
    assert!(right.contains("\n\n$ echo $?\n4\n```\n"), "{right}");
    assert_eq!(follow(&right), right);
}
