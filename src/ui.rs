//! The only writer to stdout and stderr, and the only reader of the keyboard.
//!
//! stdout is data: buffered, and flushed before anything is said, so that both keep their order on
//! a terminal. stderr is talk: notes, hints, warnings, questions and progress. Talk that can't be
//! written is dropped: it must never stop what was asked for.
//!
//! Commands get a [`Ui`] and never see a stream, so a test captures everything.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use kdam::{Bar, BarExt};

use crate::domain::diagnostic::Diagnostic;
use crate::error::{Failure, HINT, Kind, Outcome, labelled};
use crate::views::across::Across;
use crate::views::diagnostics;
use crate::views::entries::Log;
use crate::views::listing::Listing;
use crate::views::report::Report;
use crate::views::table::Column;
use crate::views::visible::{visible, visible_lines};
use crate::views::{Format, Screen};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// On a terminal.
    #[default]
    Auto,
    /// Also into a file or a pipe.
    Always,
    /// Not at all.
    Never,
}

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Talk {
    /// Notes, hints, warnings, progress.
    #[default]
    Full,
    /// Warnings and errors only.
    Quiet,
}

/// What to do where a command would ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consent {
    /// Ask.
    #[default]
    Ask,
    /// Take yes for the answer.
    Given,
}

/// How to talk to whoever started the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// When to colour.
    pub colour: Colour,
    /// How much to say.
    pub talk: Talk,
    /// What to do where a command would ask.
    pub consent: Consent,
    /// A fixed width in columns, in place of the terminal's.
    pub width: Option<usize>,
}

/// Who is at the other end of stdin and stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Someone at a terminal, who can answer.
    Person,
    /// A file, a pipe or a scheduler.
    Pipe,
}

/// The width of output that goes to no terminal.
const PIPE_WIDTH: usize = 100;
/// No terminal is laid out for less than this.
const WIDTH_MIN: usize = 20;
/// The longest line that is read, in bytes; a scanner's is below 200.
const LINE_MAX: u64 = 65_536;

const WARN: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Green.on_default().bold();

/// The two streams out and the one in.
pub struct Ui {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    input: Box<dyn BufRead + Send>,
    screen: Screen,
    err_colour: bool,
    talk: Talk,
    consent: Consent,
    peer: Peer,
    /// Whether progress may be drawn: stderr is really a terminal.
    draws: bool,
    /// Where several books answer, what they answered so far.
    across: Option<Across>,
    /// The first line that was read, which every book is told.
    heard: Option<String>,
    /// The entry that the command has recorded.
    recorded: Option<u64>,
}

impl Ui {
    /// The process's own streams.
    pub fn real(manner: Manner) -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        let coloured = |terminal| match manner.colour {
            Colour::Auto => terminal,
            Colour::Always => true,
            Colour::Never => false,
        };
        let (out_colour, err_colour) = (coloured(out_terminal), coloured(err_terminal));
        let measured = || {
            let size = terminal_size::terminal_size_of(&out);
            size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
        };
        let width = manner.width.or_else(measured).unwrap_or(PIPE_WIDTH).max(WIDTH_MIN);
        let person = err_terminal && io::stdin().is_terminal();
        // AutoStream teaches an old Windows console to colour; elsewhere it passes all through.
        Self {
            out: if out_colour {
                Box::new(BufWriter::new(AutoStream::always(out)))
            } else {
                Box::new(BufWriter::with_capacity(64 * 1024, out))
            },
            err: if err_colour { Box::new(AutoStream::always(err)) } else { Box::new(err) },
            input: Box::new(BufReader::new(io::stdin())),
            screen: Screen { width, colour: out_colour },
            err_colour,
            talk: manner.talk,
            consent: manner.consent,
            peer: if person { Peer::Person } else { Peer::Pipe },
            draws: err_terminal,
            across: None,
            heard: None,
            recorded: None,
        }
    }

    /// Streams in memory, for tests: what is read is given, what is written is kept.
    pub fn captured(manner: Manner, peer: Peer, input: impl Into<Vec<u8>>) -> (Self, Captured) {
        let captured = Captured::default();
        let colour = manner.colour == Colour::Always;
        let width = manner.width.unwrap_or(PIPE_WIDTH).max(WIDTH_MIN);
        let ui = Self {
            out: Box::new(captured.out.clone()),
            err: Box::new(captured.err.clone()),
            input: Box::new(io::Cursor::new(input.into())),
            screen: Screen { width, colour },
            err_colour: colour,
            talk: manner.talk,
            consent: manner.consent,
            peer,
            draws: false,
            across: None,
            heard: None,
            recorded: None,
        };
        (ui, captured)
    }

    /// Where data is written. Use [`show`](Self::show) and [`print`](Self::print) where they do.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// What text on stdout is laid out for.
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// Who is at the other end.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// From now on this book answers: reports and listings become part of one document of all
    /// books, which [`join`](Self::join) ends, and what is said begins with the book's name.
    pub fn turn_to(&mut self, book: &str) {
        self.across.get_or_insert_default().turn_to(book);
    }

    /// Whether several books answer.
    pub fn is_across(&self) -> bool {
        self.across.is_some()
    }

    /// Ends what several books answered.
    pub fn join(&mut self, format: Format) -> Outcome {
        let Some(across) = self.across.take() else { return Ok(()) };
        let notes = across.end(format, self.screen, &mut self.out)?;
        notes.iter().for_each(|note| self.note(note));
        Ok(())
    }

    /// Writes a report to stdout. CSV has no place for notes, so they are said on stderr.
    pub fn show(&mut self, report: &Report, format: Format) -> Outcome {
        if let Some(across) = &mut self.across {
            across.add(report.clone());
            return Ok(());
        }
        let done = report.write(format, self.screen, &mut self.out);
        self.told(done)?;
        if format == Format::Csv {
            report.notes.iter().for_each(|note| self.note(note));
        }
        Ok(())
    }

    /// Begins a table that is too long for memory, on stdout.
    pub fn listing(
        &mut self,
        schema: &str,
        columns: Vec<Column>,
        format: Format,
    ) -> Outcome<Listing<'_>> {
        let (screen, out) = (self.screen, &mut self.out);
        Ok(match &mut self.across {
            None => Listing::begin(schema, columns, format, screen, out),
            Some(across) => Listing::take_turn(across.turn(), schema, columns, format, screen, out),
        }?)
    }

    /// Begins a log of the ledger's entries, on stdout.
    pub fn log(&mut self, format: Format) -> Outcome<Log<'_>> {
        let turn = self.across.as_mut().map(Across::turn);
        Ok(Log::begin(format, self.screen, &mut self.out, turn)?)
    }

    /// Says what a listing comes to: below it on a screen, else on stderr.
    pub fn total(&mut self, words: &str, format: Format) -> Outcome {
        match (format, &mut self.across) {
            (Format::Table, None) => self.print(&format!("\n{words}"))?,
            (Format::Table, Some(across)) => across.add_total(words),
            (Format::Csv | Format::Json, _) => self.note(words),
        }
        Ok(())
    }

    /// Writes lines of text to stdout, with a line end.
    pub fn print(&mut self, text: &str) -> Outcome {
        let done = writeln!(self.out, "{}", visible_lines(text));
        self.told(done)
    }

    /// Writes one line of text to stdout: a line end in it, as data may hold one, is an escape, so
    /// that no lot or name can forge a second line.
    pub fn print_line(&mut self, text: &str) -> Outcome {
        let done = writeln!(self.out, "{}", visible(text));
        self.told(done)
    }

    /// Says something worth knowing, unless quiet.
    pub fn note(&mut self, text: impl AsRef<str>) {
        if self.talk == Talk::Full {
            self.say("note", NOTE, text.as_ref());
        }
    }

    /// Says what to do next, as a command to paste, unless quiet.
    pub fn hint(&mut self, text: impl AsRef<str>) {
        if self.talk == Talk::Full {
            self.say("hint", HINT, text.as_ref());
        }
    }

    /// Says what needs attention, always.
    pub fn warn(&mut self, text: impl AsRef<str>) {
        self.say("warning", WARN, text.as_ref());
    }

    /// Draws every problem of a text on stderr, where the text is known by this name.
    pub fn problems(&mut self, name: &str, text: &str, diagnostics: &[Diagnostic]) {
        let screen = Screen { colour: self.err_colour, ..self.screen };
        self.talk(&diagnostics::render(name, text, diagnostics, screen));
    }

    /// Shows why a command failed; help goes to stdout, a closed pipe is not worth a word.
    pub fn failure(&mut self, failure: &Failure) {
        if matches!(failure.kind(), Kind::Help | Kind::Unfinished) {
            let text = failure.render(self.screen.colour);
            // Help that nobody can read any more is no failure.
            let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        } else {
            self.talk(&failure.render(self.err_colour));
        }
    }

    /// Writes out what is buffered. The last thing a process does.
    pub fn finish(&mut self) -> Outcome {
        let done = self.out.flush();
        self.told(done)
    }

    /// From now on whatever can't be written out is about this entry, which is in the book.
    pub fn has_recorded(&mut self, first: u64) {
        self.recorded = Some(first);
    }

    fn told(&self, done: io::Result<()>) -> Outcome {
        match (done, self.recorded) {
            (Err(error), Some(first)) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::recorded(first, &error))
            }
            (done, _) => Ok(done?),
        }
    }

    fn say(&mut self, label: &str, style: Style, text: &str) {
        let text = match &self.across {
            None => Cow::Borrowed(text),
            Some(across) => Cow::Owned(format!("{}: {text}", across.book())),
        };
        self.talk(&labelled(label, style, &text, self.err_colour));
    }

    fn talk(&mut self, text: &str) {
        // A reader of stdout that went away is noticed by the next write of data.
        let _ = self.out.flush();
        let _ = self.err.write_all(text.as_bytes()).and_then(|()| self.err.flush());
    }

    /// Asks for yes or no; anything but yes is no. `--yes` answers without asking.
    pub fn confirm(&mut self, question: &str) -> Outcome<bool> {
        if self.consent == Consent::Given {
            return Ok(true);
        }
        if self.peer == Peer::Pipe {
            return Err(Failure::usage(format!("nobody is there to answer: {question}"))
                .hint("answer beforehand with --yes"));
        }
        let answer = self.ask(&format!("{question} [y/N]"))?;
        Ok(["y", "yes"].iter().any(|yes| answer.eq_ignore_ascii_case(yes)))
    }

    /// Asks for a line of text, which comes back without blanks at its ends.
    pub fn ask(&mut self, question: &str) -> Outcome<String> {
        if self.peer == Peer::Pipe {
            return Err(Failure::usage(format!("nobody is there to answer: {question}"))
                .hint("run it in a terminal"));
        }
        self.talk(&format!("{} ", visible(question)));
        match self.read_line()? {
            Some(answer) => Ok(answer.trim().to_owned()),
            None => Err(Failure::interrupted()),
        }
    }

    /// Reads a line that a scanner types; a person at the terminal is asked for it.
    pub fn read_scan(&mut self) -> Outcome<Option<String>> {
        if self.peer == Peer::Person && self.heard.is_none() {
            self.talk("scan: ");
        }
        self.read_line()
    }

    /// Reads a line as it was typed or piped, without its line end; none at the end of input.
    /// Where several books answer, each is told the first line: they are asked the same.
    pub fn read_line(&mut self) -> Outcome<Option<String>> {
        if self.across.is_none() {
            return self.next_line();
        }
        if self.heard.is_none() {
            self.heard = self.next_line()?;
        }
        Ok(self.heard.clone())
    }

    fn next_line(&mut self) -> Outcome<Option<String>> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(LINE_MAX).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == LINE_MAX {
            return Err(Failure::usage(format!("a line of input is longer than {LINE_MAX} bytes"))
                .hint("scan one code a line"));
        }
        let mut text = String::from_utf8(line).map_err(|_| {
            Failure::usage("a line of input is not UTF-8 text")
                .hint("let the scanner or the terminal send UTF-8")
        })?;
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        Ok(Some(text))
    }

    /// Every line of the input, and where the answers go, for what is read in bulk.
    pub fn batch(&mut self) -> (Lines<'_>, &mut dyn Write) {
        let lines = Lines {
            input: &mut *self.input,
            line: Vec::new(),
            drained: false,
            end: End::Done,
            first: true,
        };
        (lines, &mut *self.out)
    }

    /// Shows how far long work has come, on a terminal and unless quiet, until it is dropped.
    pub fn progress(&mut self, total: u64, what: &'static str) -> Progress {
        if !self.draws || self.talk == Talk::Quiet {
            return Progress(None);
        }
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let bar = Bar::builder().total(total).desc(what).unit(" ").leave(false).build();
        Progress(bar.ok())
    }
}

/// Lines of input, read in bulk into one buffer. What is no text costs its line, never the rest.
pub struct Lines<'ui> {
    input: &'ui mut (dyn BufRead + Send),
    line: Vec<u8>,
    drained: bool,
    end: End,
    first: bool,
}

/// What stands before the next line and is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A carriage return ended the line before: more of them and a line feed may follow.
    Returned,
    /// Nothing.
    Done,
}

impl End {
    /// How many of the bytes stand before the next line, and what more may.
    fn pass(self, bytes: &[u8]) -> (usize, Self) {
        match self {
            Self::Done => (0, Self::Done),
            Self::Returned => {
                let returns = bytes.iter().take_while(|byte| **byte == b'\r').count();
                match bytes.get(returns) {
                    Some(b'\n') => (returns + 1, Self::Done),
                    Some(_) => (returns, Self::Done),
                    None => (returns, Self::Returned),
                }
            }
        }
    }
}

/// A line that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The byte from which it is not UTF-8.
    NotText(usize),
    /// It has more bytes than this; they were passed over.
    TooLong(usize),
}

impl Lines<'_> {
    /// The next line without its line end, which is a line feed, a carriage return or both; none at
    /// the end of the input.
    pub fn next_line(&mut self) -> Outcome<Option<Result<&str, Damage>>> {
        const MAX: usize = LINE_MAX as usize;
        self.line.clear();
        let (mut length, mut ended) = (0, false);
        while !ended {
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            let (passed, rest) = self.end.pass(chunk);
            let line = &chunk[passed..];
            if line.is_empty() && passed > 0 {
                (self.end, self.drained) = (rest, true);
                self.input.consume(passed);
                continue;
            }
            let end = line.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &line[..end.unwrap_or(line.len())];
            let mut used = passed + part.len();
            self.end = End::Done;
            if let Some(end) = end {
                let more = if line[end] == b'\r' { End::Returned } else { End::Done };
                let (passed, more) = more.pass(&line[end + 1..]);
                (used, self.end) = (used + 1 + passed, more);
            }
            ended = end.is_some() || chunk.is_empty();
            if chunk.is_empty() && length == 0 {
                return Ok(None);
            }
            length += part.len() + usize::from(end.is_some());
            self.line.extend_from_slice(&part[..part.len().min(MAX - self.line.len())]);
            self.drained = used == chunk.len();
            self.input.consume(used);
        }
        if length > MAX {
            return Ok(Some(Err(Damage::TooLong(MAX))));
        }
        // An editor may have put a byte order mark in front of all.
        let mark = "\u{feff}".as_bytes();
        let marked = std::mem::take(&mut self.first) && self.line.starts_with(mark);
        let text = std::str::from_utf8(&self.line[if marked { mark.len() } else { 0 }..]);
        Ok(Some(text.map_err(|error| Damage::NotText(error.valid_up_to()))))
    }

    /// Whether nothing more is waiting to be read, so that somebody may wait for the answer.
    pub fn is_drained(&self) -> bool {
        self.drained
    }
}

/// How far some long work has come.
pub struct Progress(Option<Bar>);

impl Progress {
    /// So much more is done.
    pub fn advance(&mut self, by: u64) {
        if let Some(bar) = &mut self.0 {
            // What can't be shown is no reason to stop the work.
            let _ = bar.update(usize::try_from(by).unwrap_or(usize::MAX));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &mut self.0 {
            let _ = bar.clear();
        }
    }
}

/// What a captured [`Ui`] wrote.
#[derive(Debug, Clone, Default)]
pub struct Captured {
    out: Buffer,
    err: Buffer,
}

impl Captured {
    /// Takes what was written to stdout since the last call.
    pub fn take_stdout(&self) -> String {
        self.out.take()
    }

    /// Takes what was written to stderr since the last call.
    pub fn take_stderr(&self) -> String {
        self.err.take()
    }
}

#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> String {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *bytes)).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
