//! Every file in `tests/protocols` and `protocols` is a test: dropping one in is enough.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lotbook::domain::diagnostic::{Diagnostic, Level};
use lotbook::domain::protocol::{codes, parse};

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds protocols", root.display());
    files
}

fn show(text: &str, diagnostics: &[Diagnostic]) -> String {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let lines = diagnostics.iter().map(|one| {
        let remedy = one.remedy.as_deref().unwrap_or("-");
        format!(
            "  {} [{}] line {}: {}\n      {remedy}",
            one.level,
            one.code,
            line(one.span.start),
            one.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_valid_and_every_shipped_protocol_lints_clean() {
    for folder in ["tests/protocols/valid", "protocols"] {
        for path in toml_files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let (protocol, found) = parse(&text);
            assert!(found.is_empty(), "{}\n{}", path.display(), show(&text, &found));
            assert!(protocol.is_some(), "{}", path.display());
        }
    }
}

#[test]
fn every_rule_of_a_shipped_protocol_says_why() {
    for path in toml_files("protocols") {
        let (protocol, _) = parse(&std::fs::read_to_string(&path).unwrap());
        let silent: Vec<_> =
            protocol.unwrap().rules.into_iter().filter(|rule| rule.why.is_none()).collect();
        assert!(silent.is_empty(), "{}: {silent:#?}", path.display());
    }
}

/// `unknown-key.toml`, `unknown-key-2.toml` ... are about the code `unknown-key`.
fn code_of(path: &Path) -> &'static str {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let number = |rest: &str| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|rest| rest.parse::<u32>().is_ok())
    };
    let fits = |code: &&codes::Code| stem.strip_prefix(code.code).is_some_and(number);
    codes::ALL.iter().find(fits).unwrap_or_else(|| panic!("{stem} names no code")).code
}

#[test]
fn every_broken_protocol_says_what_its_name_says_and_what_to_write() {
    for path in toml_files("tests/protocols/invalid") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (protocol, found) = parse(&text);
        let code = code_of(&path);
        let shown = show(&text, &found);
        assert!(found.iter().any(|one| one.code == code), "{}\n{shown}", path.display());
        let errors = found.iter().any(|one| one.level == Level::Error);
        assert_eq!(protocol.is_none(), errors, "{}\n{shown}", path.display());
        for one in &found {
            assert!(one.remedy.is_some(), "{} has no remedy in {}", one.code, path.display());
            assert!(text.get(one.span.clone()).is_some(), "{} lies outside", one.code);
        }
    }
}

#[test]
fn every_code_has_a_broken_protocol() {
    let told: BTreeSet<&str> =
        toml_files("tests/protocols/invalid").iter().map(|path| code_of(path)).collect();
    // A file that is too large is made by a test of its own.
    let without: Vec<&str> = codes::ALL
        .iter()
        .map(|code| code.code)
        .filter(|code| !told.contains(code) && *code != "too-large")
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn codes_are_unique_and_in_alphabetical_order() {
    let names: Vec<&str> = codes::ALL.iter().map(|code| code.code).collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    for code in codes::ALL {
        assert!(code.meaning.ends_with('.') && code.meaning.len() < 100, "{}", code.code);
    }
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let (protocol, found) = parse(&"#\n".repeat(300_000));
    assert!(protocol.is_none());
    assert_eq!(found[0].code, "too-large");
}

/// Every message of the language in one text, so that a change of words is seen.
#[test]
fn the_messages_read_well() {
    let mut messages = String::new();
    for path in toml_files("tests/protocols/invalid") {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        messages.push_str(&format!("{name}\n{}\n\n", show(&text, &parse(&text).1)));
    }
    insta::assert_snapshot!(messages);
}
