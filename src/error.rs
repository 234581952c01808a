//! How a command fails: one type, its kind, its words and its exit code.
//!
//! Every error of a library becomes a [`Failure`] here and nowhere else, so that all messages have
//! one voice: what is wrong, with the real values; why; what to do, as a command to paste.
//!
//! | code | kind |
//! |---|---|
//! | 0 | done; a reader that closed its pipe has what it wanted, and what is recorded is recorded |
//! | 1 | the answer is no |
//! | 2 | the command line is wrong |
//! | 3 | refused by a rule of the book |
//! | 4 | the book can't be reached, opened or trusted |
//! | 130 | interrupted |

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write;
use std::io;
use std::num::ParseIntError;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::domain::catalog::WordError;
use crate::domain::id::IdError;
use crate::domain::quantity::QuantityError;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::time::TimeError;
use crate::store::{StoreError, TlsFault};
use crate::views::visible::{visible, visible_lines};

/// The result of everything that can fail in a command.
pub type Outcome<T = ()> = Result<T, Failure>;

/// What kind of failure it is, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The question was answered, with no: a session fails, a trail does not verify.
    No,
    /// The command line, a file it names or the settings are wrong.
    Usage,
    /// A rule of the book refuses it.
    Refused,
    /// The book or the computer fails: not reached, not opened, not to be trusted, disk full.
    Book,
    /// The person stopped it.
    Interrupted,
    /// The reader of stdout went away. Nothing is wrong and nothing is said.
    ClosedPipe,
    /// It is in the book, and only the words about it found no room. Whoever takes it for a failure
    /// would record it twice.
    Recorded,
    /// Help or the version was asked for; the message, with its colours, is the answer on stdout.
    Help,
    /// Only the beginning of a command was written; its help is the answer on stdout.
    Unfinished,
}

impl Kind {
    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Help | Self::ClosedPipe | Self::Recorded => 0,
            Self::No => 1,
            Self::Usage | Self::Unfinished => 2,
            Self::Refused => 3,
            Self::Book => 4,
            Self::Interrupted => 130,
        }
    }
}

/// A failed command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    kind: Kind,
    message: String,
    details: Vec<String>,
    hints: Vec<String>,
    /// Whether it is of a book that the words don't name.
    unnamed: bool,
}

impl Failure {
    /// A failure that says what is wrong.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Vec::new(),
            hints: Vec::new(),
            unnamed: false,
        }
    }

    /// The answer is no.
    pub fn no(message: impl Into<String>) -> Self {
        Self::new(Kind::No, message)
    }

    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// The command line is wrong, in the words of the domain.
    pub fn mistyped(refusal: Refusal) -> Self {
        Self { kind: Kind::Usage, ..refusal.into() }
    }

    /// A rule of the book refuses it; the domain's own refusals convert by themselves.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// The book can't be reached, opened or trusted.
    pub fn book(message: impl Into<String>) -> Self {
        Self::new(Kind::Book, message)
    }

    /// The person stopped it.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "stopped; nothing more was recorded")
    }

    /// What was recorded as this entry, and could not be said.
    pub fn recorded(first: u64, error: &io::Error) -> Self {
        Self::new(Kind::Recorded, format!("recorded as #{first}, but that can't be written out"))
            .detail(error.to_string())
            .hint("don't record it again; see it: lotbook audit log --limit 20")
    }

    /// A file that the command line names and that can't be read or written: `can't read x.csv`.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        let message = format!("can't {doing} {}", path.display());
        let failure = Self::usage(message).detail(error.to_string());
        failure.hint(match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "name another, or have whoever looks after this computer give you the right"
            }
            io::ErrorKind::StorageFull => "make room, or name another disk",
            _ => "look whether it is what you mean, or name another",
        })
    }

    /// Whether the book itself can't be reached, opened or trusted.
    pub fn is_of_book(&self) -> bool {
        self.kind == Kind::Book
    }

    /// The same failure with one more line that explains it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// The same failure with one more thing to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same failure with this to do, where it says nothing else.
    #[must_use]
    pub fn or_hint(self, hint: impl FnOnce() -> String) -> Self {
        if self.hints.is_empty() { self.hint(hint()) } else { self }
    }

    /// The same failure, of one book among others.
    #[must_use]
    pub fn of(mut self, book: &str) -> Self {
        self.unnamed = false;
        let texts = std::iter::once(&mut self.message).chain(&mut self.hints);
        texts.for_each(|text| text.insert_str(0, &format!("{book}: ")));
        self
    }

    /// The same failure with the file of the book that it is of, where the words don't name it.
    #[must_use]
    pub fn at(mut self, book: &Path) -> Self {
        if std::mem::take(&mut self.unnamed) {
            self.details.insert(0, format!("the book is {}", book.display()));
        }
        self
    }

    /// The same failure, of one of two books: the words are left to say which.
    #[must_use]
    pub fn of_either(mut self) -> Self {
        self.unnamed = false;
        self
    }

    /// The same failure of a command that is no way out of it, because it was just tried.
    #[must_use]
    pub fn tried(mut self, command: &str) -> Self {
        self.hints.retain(|hint| !hint.contains(command));
        self
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What is wrong, without the explanation.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The lines a person reads, with a line end; nothing for a closed pipe.
    pub fn render(&self, colour: bool) -> String {
        match self.kind {
            Kind::ClosedPipe => return String::new(),
            Kind::Help | Kind::Unfinished if colour => return self.message.clone(),
            Kind::Help | Kind::Unfinished => {
                return anstream::adapter::strip_str(&self.message).to_string();
            }
            _ => {}
        }
        let mut text = labelled("error", ERROR, &self.message, colour);
        for detail in &self.details {
            for line in detail.lines() {
                // Writing to a string can't fail.
                let _ = writeln!(text, "  {}", shorten(&visible(line)));
            }
        }
        for hint in &self.hints {
            text.push_str(&labelled("hint", HINT, hint, colour));
        }
        text
    }
}

/// The style of `error:`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The style of `hint:`.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// `label: text` with a line end; the label alone is coloured.
pub fn labelled(label: &str, style: Style, text: &str, colour: bool) -> String {
    let style = if colour { style } else { Style::new() };
    format!("{style}{label}:{style:#} {}\n", shorten(&visible_lines(text)))
}

/// The most characters of one message. Whoever sent a megabyte knows what it said.
const SAID_MAX: usize = 600;

fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SAID_MAX) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{} ... ({} bytes)", &text[..end], text.len())),
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let Refusal { what, why, hints } = refusal;
        Self { details: why, hints, ..Self::refused(what) }
    }
}

impl From<StoreError> for Failure {
    /// Refusals keep their words; the rest says what to do with the book.
    fn from(error: StoreError) -> Self {
        let failure = match &error {
            StoreError::Refused(refusal) | StoreError::NotPermitted { refusal, .. } => {
                return refusal.clone().into();
            }
            StoreError::Exists(_) => Self::refused(error.to_string()),
            StoreError::Url(_) => Self::usage(error.to_string()),
            _ => Self { unnamed: is_unnamed(&error), ..Self::book(error.to_string()) },
        };
        match error {
            StoreError::Missing(_) => failure
                .hint(
                    "make one: lotbook init --clinic NAME --zone ZONE --currency CODE \
                    --manager ID=NAME",
                )
                .hint("or name another: --book PATH"),
            StoreError::Exists(_) => failure
                .detail("a new book never takes the place of anything")
                .hint("name another with --book PATH"),
            StoreError::NotADatabase(_) | StoreError::Foreign(_) => {
                failure.hint("name the book with --book PATH, or set LOTBOOK_BOOK")
            }
            StoreError::Unfinished => failure
                .hint("go on with the copy: lotbook copy --to BOOK, with the old book as --book")
                .hint("or take away what is there, and make a new book: lotbook init"),
            StoreError::Newer { .. } | StoreError::NewerFormat { .. } => {
                failure.hint("nothing was changed; use the program that is as new as the book")
            }
            StoreError::Older { .. } => failure
                .detail("nothing was changed")
                .hint("let whoever owns the book run any command on it once with this program"),
            StoreError::Migration { .. } => failure
                .detail("it was made by a changed program, or its schema was changed by hand")
                .hint("use the program that made it, or go on with the newest copy of the book"),
            StoreError::Verbatim { .. } => failure
                .detail("it belongs to another book, or one of the two was changed")
                .hint("copy to a place where nothing is: lotbook copy --to PATH or URL")
                .hint("see whether the old book holds: lotbook audit verify"),
            StoreError::Corrupt(_) | StoreError::Entry { .. } | StoreError::Invariant(_) => failure
                .detail("nothing more was recorded")
                .hint("see what still holds: lotbook audit verify")
                .hint("keep it as it is, and go on with the newest copy of the book"),
            StoreError::Locked => failure.hint("try again when the other program has ended"),
            StoreError::ReadOnly => failure.hint("reading commands still work"),
            StoreError::Clock { now, last, zone } => {
                let last = zone.moment(last);
                failure
                    .detail(format!(
                        "entries never go back in time: by this clock nothing is recorded before \
                        {}, {} away",
                        last.short(),
                        so_long(last.seconds() - now.seconds())
                    ))
                    .hint("set the clock right, where it is wrong")
                    .hint(
                        "where it is right, it was ahead when that entry was written: \
                        lotbook audit log --limit 1",
                    )
                    .hint(
                        "until then reading works; keep what is done on paper, and record it \
                        then, with --at when it was done",
                    )
            }
            StoreError::Access(_) => failure
                .hint("whoever looks after this computer can let you read and write it")
                .hint("or name another: --book PATH"),
            error => on_server(failure, &error),
        }
    }
}

/// Whether an error is of a book as it lies there, and its words don't say which.
fn is_unnamed(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Unfinished
            | StoreError::Newer { .. }
            | StoreError::NewerFormat { .. }
            | StoreError::Older { .. }
            | StoreError::Migration { .. }
            | StoreError::Corrupt(_)
            | StoreError::Entry { .. }
            | StoreError::Invariant(_)
            | StoreError::Locked
            | StoreError::ReadOnly
            | StoreError::DiskFull
            | StoreError::Zone(_)
            | StoreError::Engine(_)
    )
}

/// `9 days`, `5 hours` or `12 minutes`: at least so long.
fn so_long(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60 + 1;
    match minutes {
        ..=119 => format!("{minutes} minutes"),
        120..=2879 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

/// The books on a server, in a line.
pub fn there(books: &[String]) -> String {
    format!("books there: {}", books.join(", "))
}

/// What to do where a server is in the way.
fn on_server(failure: Failure, error: &StoreError) -> Failure {
    match error {
        StoreError::Url(_) => failure.hint(
            "write --book \"postgres://USER@HOST/DATABASE?schema=BOOK\"; a password may stand in \
            PGPASSWORD or in the password file, readable by you alone",
        ),
        StoreError::Unreachable { .. } => failure
            .detail("nothing was recorded")
            .hint("look whether the server runs, and whether host and port are right"),
        StoreError::NotReady { .. } => failure
            .detail("nothing was recorded")
            .hint("it is starting, stopping or standing by: try again in a moment"),
        StoreError::Full { .. } => failure
            .detail("nothing was recorded")
            .hint("try again in a moment")
            .hint("whoever runs the server can let more in: max_connections, or a pooler"),
        StoreError::Login { user, why } if why.contains("for database") => failure.hint(format!(
            "who owns the database can give the right: GRANT CONNECT ON DATABASE ... TO {user}"
        )),
        StoreError::Login { why, .. } if why.contains("pg_hba.conf") => failure.hint(
            "let whoever runs the server admit this user; where it asks for encryption, write \
                sslmode=verify-full",
        ),
        StoreError::Login { user, why } if why.starts_with("role ") => failure.hint(format!(
            "have whoever runs the server make the user, or let it log in: CREATE ROLE {user} LOGIN"
        )),
        StoreError::Login { .. } => failure
            .hint("give the password in PGPASSWORD or in the password file, readable by you alone"),
        StoreError::Tls { fault, .. } => failure.detail("nothing was sent").hint(trusted(*fault)),
        StoreError::NoDatabase(_) => {
            failure.hint("name another in the URL, or have one made: createdb -E UTF8 NAME")
        }
        StoreError::NoBook { books, .. } if books.is_empty() => failure
            .detail("this user may see no book there")
            .hint("make one: lotbook init --book \"postgres://...?schema=NAME\" ..."),
        StoreError::NoBook { books, .. } => failure
            .detail(there(books))
            .hint(format!("name one at the end of the URL: ?schema={}", books[0])),
        StoreError::OldServer { .. } => failure.hint("use a newer server"),
        StoreError::Encoding { .. } => {
            failure.hint("make another database: createdb -E UTF8 -T template0 NAME")
        }
        StoreError::Denied { user, why } if why.contains("for database") => failure.hint(format!(
            "who owns the database can give the right: GRANT CREATE ON DATABASE ... TO {user}"
        )),
        StoreError::Denied { user, .. } => failure.detail("nothing was recorded").hint(format!(
            "who owns the book can give rights: lotbook grant --role ROLE {}",
            quote(user)
        )),
        StoreError::OnlyReads(_) => failure
            .detail("nothing was recorded")
            .hint("reading commands still work, and so does audit export, unrecorded"),
        StoreError::Lost(_) => failure
            .detail("nothing in the book is half-written; a listing that began is not whole")
            .hint("try again when the server is back"),
        StoreError::LostReply(_) => failure
            .hint("when the server is back, look what is there: lotbook books, lotbook audit log"),
        StoreError::Again(_) => failure.detail("nothing was recorded").hint("try again"),
        StoreError::Unknown { id, .. } => failure
            .detail(
                "its commit was not answered, and what became of it was not to be found in time",
            )
            .detail(format!("the first entry would have the id {id}"))
            .hint("when the server is well, look at the newest entries: lotbook audit log"),
        error => on_computer(failure, error),
    }
}

/// What to do where this computer is in the way, or this program.
fn on_computer(failure: Failure, error: &StoreError) -> Failure {
    match error {
        StoreError::DiskFull => failure.hint("make room on the disk, and try again"),
        StoreError::ReadBack { .. } => failure
            .hint("see what still holds: lotbook audit verify")
            .hint("try again; where it happens twice, this computer or its disk fails"),
        StoreError::OldLibrary { .. } => failure.hint("use the program as it was built"),
        StoreError::Zone(_) => failure.hint("use the program that is as new as the book"),
        StoreError::Engine(_) => failure.hint("see what still holds: lotbook audit verify"),
        _ => failure,
    }
}

/// What makes a server one that can be trusted.
fn trusted(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::NoTls => "let whoever runs the server switch it on: ssl = on, with a certificate",
        TlsFault::Name => "write the host in the URL as its certificate names it",
        TlsFault::Time => {
            "look at this computer's clock; if it is right, the server needs a new certificate"
        }
        TlsFault::OwnAuthority => {
            "let the server have a certificate signed by an authority, and not the authority's own"
        }
        TlsFault::OldKind => {
            "let the server have a certificate of version 3 that names its host (subjectAltName)"
        }
        TlsFault::File | TlsFault::Authority => {
            "name the authority that vouches for the server: sslrootcert=FILE"
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Kind::ClosedPipe, "the reader went away"),
            io::ErrorKind::Interrupted => Self::interrupted(),
            io::ErrorKind::StorageFull => {
                Self::book(error.to_string()).hint("make room, and try again")
            }
            _ => Self::book(error.to_string()).hint("look at what the error names, and try again"),
        }
    }
}

impl From<anyhow::Error> for Failure {
    /// The outermost message first, then its causes.
    fn from(error: anyhow::Error) -> Self {
        let error = match error.downcast::<Refusal>() {
            Ok(refusal) => return refusal.into(),
            Err(error) => error,
        };
        if let Some(cause) = error.downcast_ref::<io::Error>()
            && cause.kind() == io::ErrorKind::BrokenPipe
        {
            return Self::new(Kind::ClosedPipe, "the reader went away");
        }
        let details = error.chain().skip(1).map(ToString::to_string).collect();
        Self { details, ..Self::book(error.to_string()) }
    }
}

impl From<clap::Error> for Failure {
    /// Clap's words in this program's voice: its tips are hints, its usage a detail.
    fn from(error: clap::Error) -> Self {
        if !error.use_stderr() {
            return Self::new(Kind::Help, error.render().ansi().to_string());
        }
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::new(Kind::Unfinished, error.render().ansi().to_string());
        }
        if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg)
            && error.kind() == ErrorKind::UnknownArgument
            && argument.starts_with('-')
            && argument[1..].starts_with(|digit: char| digit.is_ascii_digit())
        {
            return Self::usage(format!(
                "`{argument}` is a negative number, which has no place here"
            ))
            .hint("write a number above 0, and leave the sign out");
        }
        let text = without_long_words(&error);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or("the command line is wrong");
        let mut failure = Self::usage(first.strip_prefix("error: ").unwrap_or(first));
        for line in lines {
            let words = line.trim();
            failure = if let Some(tip) = words.strip_prefix("tip: ") {
                failure.hint(tip)
            } else if let Some(usage) = words.strip_prefix("Usage: ") {
                failure.detail(format!("usage: {usage}"))
            } else if words.starts_with("For more information") {
                failure
            } else {
                failure.detail(words)
            };
        }
        if let Some(hint) = instead(&error) {
            failure = failure.hint(hint);
        }
        failure
    }
}

/// The most characters of one word that was typed, so that what is wrong with it is still said.
const WORD_MAX: usize = 80;

/// Clap's message, in which long words that were typed are cut short.
fn without_long_words(error: &clap::Error) -> String {
    let mut text = error.render().to_string();
    for (_, value) in error.context() {
        let ContextValue::String(word) = value else { continue };
        if let Some((end, _)) = word.char_indices().nth(WORD_MAX) {
            text = text.replace(word, &format!("{} ... ({} bytes)", &word[..end], word.len()));
        }
    }
    text
}

/// What to write instead of a value that its type refuses.
fn instead(error: &clap::Error) -> Option<String> {
    let said = |word: &str| match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) if argument.starts_with('-') => {
            let flag = argument.split(' ').next().unwrap_or_default();
            format!("{flag} {word}")
        }
        _ => word.to_owned(),
    };
    if let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::MissingRequiredArgument
        && missing.iter().any(|argument| argument.starts_with("--reason "))
    {
        return Some("write --reason CODE; a code that isn't one shows those that are".to_owned());
    }
    if let Some(ContextValue::Strings(words)) = error.get(ContextKind::ValidValue) {
        return words.first().map(|word| format!("write one of them, such as {}", said(word)));
    }
    let source = error.source()?;
    if let Some(id) = source.downcast_ref::<IdError>() {
        return Some(id.hint().to_owned());
    }
    if let Some(time) = source.downcast_ref::<TimeError>() {
        return Some(time.hint());
    }
    if source.is::<ParseIntError>() {
        return Some(format!("write a whole number of digits alone, such as {}", said("12")));
    }
    let words = match source.downcast_ref::<WordError>() {
        Some(error) => &error.words[..],
        None if source.is::<QuantityError>() => &["g"],
        None => &[],
    };
    words.first().map(|word| format!("write one of them, such as {}", said(word)))
}

impl From<IdError> for Failure {
    fn from(error: IdError) -> Self {
        Self::mistyped(error.into())
    }
}

impl From<QuantityError> for Failure {
    fn from(error: QuantityError) -> Self {
        Self::mistyped(error.into())
    }
}

impl From<TimeError> for Failure {
    fn from(error: TimeError) -> Self {
        Self::mistyped(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_why_and_what_to_do() {
        let refusal = Refusal::new("lot 23B0412 of CART-12 expired on 2026-10-31")
            .why("it can't be used on 2026-11-22")
            .hint(
                "14 pieces of lot 24C0110 expire 2027-03-31: \
                 lotbook session log needling --use CART-12/24C0110",
            );
        let failure = Failure::from(refusal);
        assert_eq!(failure.kind().exit_code(), 3);
        insta::assert_snapshot!(failure.render(false), @r"
        error: lot 23B0412 of CART-12 expired on 2026-10-31
          it can't be used on 2026-11-22
        hint: 14 pieces of lot 24C0110 expire 2027-03-31: lotbook session log needling --use CART-12/24C0110
        ");
        assert!(failure.render(true).starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m lot"));
    }

    #[test]
    fn no_message_can_steer_a_terminal() {
        let failure = Failure::usage("lot A\u{1b}[2J\u{202e}B").detail("x\r\ny").hint("\u{7}");
        let shown = failure.render(false);
        assert_eq!(shown, "error: lot A\\u{1b}[2J\\u{202e}B\n  x\n  y\nhint: \\u{7}\n");
    }

    #[test]
    fn a_closed_pipe_is_success_and_silent() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((failure.kind().exit_code(), failure.render(false)), (0, String::new()));
        let wrapped = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(Failure::from(wrapped.context("writing")).kind(), Kind::ClosedPipe);
    }

    #[test]
    fn a_chain_of_causes_becomes_details() {
        let cause = io::Error::other("disk full");
        let error = anyhow::Error::from(cause).context("can't write the backup");
        let failure = Failure::from(error);
        assert_eq!(failure.kind(), Kind::Book);
        assert_eq!(failure.render(false), "error: can't write the backup\n  disk full\n");
        let refused = Failure::from(anyhow::Error::from(Refusal::new("no")).context("adding"));
        assert_eq!(refused.kind(), Kind::Refused);
    }

    #[test]
    fn a_wrong_command_line_speaks_with_the_same_voice() {
        let command = || {
            clap::Command::new("lotbook")
                .arg(clap::Arg::new("format").long("format").value_parser(["table", "csv", "json"]))
        };
        let error = command().try_get_matches_from(["lotbook", "--formt", "csv"]).unwrap_err();
        let failure = Failure::from(error);
        assert_eq!(failure.kind().exit_code(), 2);
        insta::assert_snapshot!(failure.render(false), @r"
        error: unexpected argument '--formt' found
          usage: lotbook --format <format>
        hint: a similar argument exists: '--format'
        ");
        let error = command().try_get_matches_from(["lotbook", "--format", "xml"]).unwrap_err();
        insta::assert_snapshot!(Failure::from(error).render(false), @"
        error: invalid value 'xml' for '--format <format>'
          [possible values: table, csv, json]
        hint: write one of them, such as --format table
        ");
        let help = command().try_get_matches_from(["lotbook", "--help"]).unwrap_err();
        let help = Failure::from(help);
        assert_eq!((help.kind(), help.kind().exit_code()), (Kind::Help, 0));
        assert!(help.render(true).contains("\u{1b}[") && !help.render(false).contains('\u{1b}'));
    }
}
