//! The small shell that the documents are written for: `lotbook` runs in-process, with a clock that
//! ticks a second each time it is asked; `export`, `cd`, `sleep` and `echo $?` are the shell's own;
//! every other line goes to the system's shell.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use lotbook::config::Environment;

use crate::clinic::{Clinic, words};

/// A terminal of somebody who reads a document and types what it says.
pub(crate) struct Shell {
    clinic: Clinic,
    variables: BTreeMap<String, String>,
    folder: PathBuf,
    code: i32,
}

/// What a line printed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Printed {
    /// To the terminal.
    Text(String),
    /// Nothing that counts: this machine has no such program.
    NoSuchProgram,
}

impl Shell {
    /// A terminal in an empty home folder, at 10:00 on Sunday, 22 November 2026, in Berlin.
    pub(crate) fn new() -> Self {
        let clinic = Clinic::without_book();
        let folder = clinic.home().to_owned();
        // The program runs in this process, so its folder is this one's.
        std::env::set_current_dir(&folder).unwrap();
        Self { clinic, variables: BTreeMap::new(), folder, code: 0 }
    }

    /// Runs one line.
    pub(crate) fn run(&mut self, line: &str) -> Printed {
        let typed = words(line);
        match typed.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["export", ..] => {
                for pair in &typed[1..] {
                    let (name, value) = pair.split_once('=').expect("export NAME=VALUE");
                    self.variables.insert(name.to_owned(), value.to_owned());
                }
                Printed::Text(String::new())
            }
            ["cd", folder] => {
                let there = self.folder.join(folder);
                match std::env::set_current_dir(&there) {
                    Ok(()) => self.folder = there,
                    Err(why) => return Printed::Text(format!("cd: {folder}: {why}\n")),
                }
                Printed::Text(String::new())
            }
            ["sleep", seconds] => {
                self.clinic.wait_seconds(seconds.parse().expect("sleep SECONDS"));
                Printed::Text(String::new())
            }
            ["echo", "$?"] => Printed::Text(format!("{}\n", self.code)),
            _ => self.pipe(line),
        }
    }

    /// Runs the programs of a line one after the other, each with what the one before it printed.
    fn pipe(&mut self, line: &str) -> Printed {
        let mut data = Vec::new();
        let mut talk = String::new();
        for stage in stages(line) {
            let stage = stage.trim();
            if stage == "lotbook" || stage.starts_with("lotbook ") {
                let variable =
                    |name| self.variables.get(name).map(String::as_str).unwrap_or_default();
                let environment = Environment::of([
                    ("COLUMNS", "100"),
                    ("LOTBOOK_BOOK", variable("LOTBOOK_BOOK")),
                    ("LOTBOOK_STAFF", variable("LOTBOOK_STAFF")),
                    ("LOTBOOK_ROOM", variable("LOTBOOK_ROOM")),
                ]);
                let words = words(stage).into_iter().skip(1);
                let output = self.clinic.run_in(environment, words, data);
                data = output.stdout.into_bytes();
                talk.push_str(&output.stderr);
                self.code = output.code.into();
            } else {
                let Some((code, out, err)) = self.system(stage, &data) else {
                    return Printed::NoSuchProgram;
                };
                (data, self.code) = (out, code);
                talk.push_str(&err);
            }
        }
        let text = String::from_utf8_lossy(&data).into_owned() + &talk;
        Printed::Text(self.at_home(&text))
    }

    /// Runs a line by the system's shell; none where the shell or the program is missing.
    fn system(&self, line: &str, input: &[u8]) -> Option<(i32, Vec<u8>, String)> {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(&self.folder).env("HOME", self.clinic.home());
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = shell.spawn().ok()?;
        // A program that doesn't read its input is no fault.
        let _ = running.stdin.take()?.write_all(input);
        let done = running.wait_with_output().ok()?;
        let code = done.status.code()?;
        let is_there = code != 127;
        is_there.then(|| (code, done.stdout, String::from_utf8_lossy(&done.stderr).into_owned()))
    }

    /// The text as it would be in the home folder of `ana`.
    fn at_home(&self, text: &str) -> String {
        let home = self.clinic.home().display().to_string();
        let text = text.replace(&format!("{home}/data"), "/home/ana/.local/share");
        text.replace(&home, "/home/ana")
    }
}

/// Splits a line at the `|` that stand outside quotes and brackets.
fn stages(line: &str) -> Vec<&str> {
    let (mut quote, mut depth) = (None, 0);
    line.split(|letter: char| {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        letter == '|' && quote.is_none() && depth == 0
    })
    .collect()
}

#[test]
fn a_line_is_split_at_its_pipes_alone() {
    assert_eq!(stages("printf 'a|b' | lotbook scan -"), ["printf 'a|b' ", " lotbook scan -"]);
    assert_eq!(stages("(cd a && b | c)"), ["(cd a && b | c)"]);
}
