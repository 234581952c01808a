//! The references, made from the program: its command line, and its list of actions.

use std::fmt::Write;

use clap::{Arg, Command};
use lotbook::domain::fact::{Action, Reason, step_reasons};
use lotbook::domain::trail::line::COLUMNS;

use crate::document::Document;

/// The commands below this one that do something by themselves, each with its full name.
fn leaves<'c>(command: &'c Command, above: &str) -> Vec<(String, &'c Command)> {
    let name = |command: &Command| format!("{above}{}", command.get_name());
    let visible = command.get_subcommands().filter(|command| !command.is_hide_set());
    let below = visible.flat_map(|command| match command.has_subcommands() {
        true => leaves(command, &format!("{} ", name(command))),
        false => vec![(name(command), command)],
    });
    below.collect()
}

/// The whole command line, with every command's full name in its usage.
fn program() -> Command {
    let mut program = lotbook::cli::command();
    program.build();
    program
}

/// What a command itself takes, beside the flags that every command takes.
fn own(command: &Command) -> impl Iterator<Item = &Arg> {
    let shown = |arg: &&Arg| !arg.is_hide_set() && arg.get_id() != "help";
    command.get_arguments().filter(shown).filter(|arg| !arg.is_global_set())
}

fn text(styled: Option<&clap::builder::StyledStr>) -> String {
    styled.map(ToString::to_string).unwrap_or_default()
}

/// How an argument is written: `--lot <LOT>`, `<WHAT>...`.
fn written(arg: &Arg) -> String {
    let values = arg.get_value_names().unwrap_or_default().join("> <");
    let takes = arg.get_num_args().is_none_or(|count| count.takes_values());
    let value = if takes && !values.is_empty() { format!("<{values}>") } else { String::new() };
    let Some(long) = arg.get_long() else { return value };
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    format!("{short}--{long} {value}").trim_end().to_owned()
}

/// A table of arguments, with what each means.
fn table<'a>(args: impl Iterator<Item = &'a Arg>) -> String {
    let mut rows = String::new();
    for arg in args {
        let help = text(arg.get_long_help().or(arg.get_help()));
        assert!(!help.is_empty(), "`{}` says nothing about itself", written(arg));
        let mut meaning = help.replace('|', "\\|").replace('\n', " ");
        let takes = arg.get_action().takes_values();
        let values = arg.get_possible_values();
        if takes && !values.is_empty() {
            let words: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            write!(meaning, ": `{}`", words.join("`, `")).unwrap();
        }
        for value in arg.get_default_values().iter().filter(|_| takes) {
            write!(meaning, " (left out: `{}`)", value.to_string_lossy()).unwrap();
        }
        writeln!(rows, "| `{}` | {meaning} |", written(arg).replace('|', "\\|")).unwrap();
    }
    if rows.is_empty() { rows } else { format!("| | |\n|---|---|\n{rows}\n") }
}

fn section(name: &str, command: &Command) -> String {
    let about = text(command.get_long_about().or(command.get_about()));
    assert!(!about.is_empty(), "`{name}` says nothing about itself");
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let about = about.trim_end_matches('.');
    let mut section = format!("## lotbook {name}\n\n{about}.\n\n```text\n{usage}\n```\n\n");
    section.push_str(&table(own(command)));
    let after = text(command.get_after_long_help().or(command.get_after_help()));
    if !after.is_empty() {
        write!(section, "```text\n{}\n```\n\n", after.trim_end()).unwrap();
    }
    section
}

#[test]
fn every_command_and_flag_is_in_the_reference() {
    let program = program();
    let mut content = String::new();
    let leaves = leaves(&program, "");
    for (name, command) in &leaves {
        let about = text(command.get_about());
        let anchor = name.replace(' ', "-");
        writeln!(content, "- [`lotbook {name}`](#lotbook-{anchor}): {about}").unwrap();
    }
    content.push_str("\n## Everywhere\n\nEvery command takes these flags.\n\n");
    content.push_str(&table(program.get_arguments().filter(|arg| arg.is_global_set())));
    for (name, command) in &leaves {
        content.push_str(&section(name, command));
    }
    let page = Document::read("docs/cli.md");
    page.hold(&page.with_region("commands", &content));
}

#[test]
fn every_action_is_in_the_reference() {
    let mut content =
        "| action | what it records | columns | detail | from and to | who | undo |\n".to_owned();
    content.push_str("|---|---|---|---|---|---|---|\n");
    for action in Action::ALL {
        let spec = action.spec();
        let roles: Vec<&str> = spec.roles.iter().map(|role| role.as_str()).collect();
        writeln!(
            content,
            "| `{action}` | {} | {} | {} | {} | {} | {} |",
            meaning(*action),
            spec.columns,
            spec.detail,
            spec.route.map_or(String::new(), |route| route.to_string()),
            roles.join(", "),
            if spec.undo { "yes" } else { "no" },
        )
        .unwrap();
    }
    content.push_str("\n## Reasons\n\nCodes that `reason_code` may hold. ");
    content.push_str("`other` must come with words of its own.\n\n");
    for action in Action::ALL {
        content.push_str(&reasons(*action));
        if *action == Action::SessionStep {
            let codes: Vec<Reason> = step_reasons().copied().collect();
            content.push_str(&listed("`session.step`, in `detail`, as `despite.RULE`", &codes));
        }
    }
    let page = Document::read("docs/ledger.md");
    page.hold(&page.with_region("actions", &content));
}

#[test]
fn every_column_is_in_the_reference_in_the_ledgers_order() {
    let page = Document::read("docs/ledger.md").text;
    let table = page.split("## Columns").nth(1).and_then(|rest| rest.split("\n## ").next());
    let cells = table.expect("a section").lines().filter_map(|line| line.strip_prefix("| `"));
    let columns: Vec<&str> = cells.filter_map(|line| line.split('`').next()).collect();
    assert_eq!(columns, COLUMNS);
}

/// The codes of an action, under its name.
fn reasons(action: Action) -> String {
    let list: &[Reason] = action.spec().reasons;
    if list.is_empty() {
        return String::new();
    }
    listed(&format!("`{action}`"), list)
}

fn listed(name: &str, list: &[Reason]) -> String {
    let rows = list.iter().map(|(code, meaning)| format!("| `{code}` | {meaning} |\n"));
    let rows: String = rows.collect();
    format!("**{name}**\n\n| code | meaning |\n|---|---|\n{rows}\n")
}

/// What the list of actions itself says an action records.
fn meaning(action: Action) -> &'static str {
    let list = include_str!("../../src/domain/fact/action.rs");
    let before = list.split(&format!(" = \"{action}\",")).next();
    let said = before.and_then(|before| before.lines().rev().nth(1));
    let said = said.and_then(|line| line.trim().strip_prefix("/// "));
    said.unwrap_or_else(|| panic!("`{action}` has no words")).trim_end_matches('.')
}
