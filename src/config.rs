//! Flags, environment and the settings file become [`Settings`], once, when the program starts.
//!
//! What is said closest to the command wins: flag, then environment, then file, then default.
//!
//! | setting | flag | environment | key of the file |
//! |---|---|---|---|
//! | the book | `--book` | `LOTBOOK_BOOK` | `book` |
//! | who acts | `--as` | `LOTBOOK_STAFF` | `staff` |
//! | the room | `--room` | `LOTBOOK_ROOM` | `room` |
//! | the format | `--format` | | `format` |
//! | colour | `--color` | `NO_COLOR`, `TERM=dumb` | `color` |
//! | width | | `COLUMNS` | |
//! | what a scanner sends for its separator | | | `separators` |
//!
//! The file is `lotbook/config.toml` in the user's settings folder. A variable that is empty counts
//! as not set. The environment is handed in, so that tests bring their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::domain::barcode::{ScanSettings, Separator};
use crate::domain::id::{PlaceName, StaffId};
use crate::domain::server;
use crate::error::{Failure, Outcome};
use crate::os::Folders;
use crate::ui::{Colour, Consent, Manner, Talk};
use crate::views::Format;

/// The flags that every command takes.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Flags {
    /// The book: a file, or the URL of a PostgreSQL schema [env: LOTBOOK_BOOK]
    #[arg(long, global = true, value_name = "PATH|URL")]
    pub book: Option<OsString>,
    /// Who acts [env: LOTBOOK_STAFF]
    #[arg(long = "as", id = "as", global = true, value_name = "ID")]
    pub staff: Option<StaffId>,
    /// When it happened: `10:40`, `yesterday 16:00`, `2026-11-22 10:40`, `before 812`
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    /// The room: its shelf is taken from first, and a delivery without --to is put there
    /// [env: LOTBOOK_ROOM]
    #[arg(long, global = true, value_name = "PLACE")]
    pub room: Option<PlaceName>,
    /// Ask every book on the server of --book that this user may see; for `stock`, `check`,
    /// `trace` and `audit log`
    #[arg(long, global = true)]
    pub all_books: bool,
    /// How to write what was asked for
    #[arg(long, global = true, value_enum)]
    pub format: Option<Format>,
    /// Say only what needs attention
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Take yes for the answer to every question
    #[arg(long, short, global = true)]
    pub yes: bool,
    /// When to colour [env: NO_COLOR]
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub color: Option<Colour>,
}

/// The variables a program was started with.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// The process's own.
    pub fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// Exactly these, for tests.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&OsString> {
        self.0.get(&OsString::from(name)).filter(|value| !value.is_empty())
    }

    /// A variable read as a value; the failure names the variable.
    fn read<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Outcome<Option<T>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let parsed = text.to_string_lossy().parse();
        parsed.map(Some).map_err(|error| {
            Failure::usage(format!("{name}: {error}")).hint(format!("set {name} anew, or unset it"))
        })
    }
}

/// Where a book is.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL schema, as the URL that was given. It may hold a password: to print it use
    /// `Display`, which doesn't.
    Server(String),
}

impl Address {
    /// `postgres://` and `postgresql://`, in capitals too, are servers; all else is a file.
    ///
    /// # Errors
    ///
    /// Where it is the URL of anything else. What follows its scheme may hold a password, so it is
    /// not repeated.
    pub fn new(given: OsString) -> Outcome<Self> {
        let text = given.to_string_lossy();
        let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
        else {
            return if server::is_meant(&text) {
                Err(misspelt())
            } else {
                Ok(Self::File(given.into()))
            };
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "postgres" || scheme == "postgresql" {
            return Ok(Self::Server(format!("{scheme}://{rest}")));
        }
        Err(Failure::usage(format!("no book is at a URL that begins with {scheme}://"))
            .detail("a book is a file, or a schema of a PostgreSQL server")
            .hint("for a server write --book \"postgres://USER@HOST/DATABASE?schema=BOOK\"")
            .hint("a file of such a name is named from its folder: --book ./NAME"))
    }
}

/// What was given may hold a password, so it is not repeated.
fn misspelt() -> Failure {
    Failure::usage("the book looks like the address of a server, and is not written as one")
        .detail("it may hold a password, so it is not repeated, and no file is made of it")
        .hint("for a server write --book \"postgres://USER@HOST/DATABASE?schema=BOOK\"")
        .hint("a file of such a name is named from its folder: --book ./NAME")
}

/// Whether this is what a URL begins with (RFC 3986); one letter alone is a drive.
fn is_scheme(text: &str) -> bool {
    let rest = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    text.len() > 1
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(rest)
}

/// The URL of another book on the same server: its `schema` is this one.
pub fn with_schema(url: &str, schema: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let is_kept = |parameter: &&str| {
        let name = parameter.split_once('=').map_or(*parameter, |(name, _)| name);
        !parameter.is_empty() && name != "schema"
    };
    let kept = parameters.split('&').filter(is_kept).map(str::to_owned);
    let parameters: Vec<String> = kept.chain([format!("schema={schema}")]).collect();
    format!("{address}?{}", parameters.join("&"))
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(out, "{}", path.display()),
            Self::Server(url) => out.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Address({self})")
    }
}

/// The URL with `***` where a password stands, before the host or among the parameters. A password
/// may hold any character, also `/`, `?` and `@`, so it ends at the last `@`: rather too little of
/// a URL is shown than one letter of a password.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let login = rest.rsplit_once('@').and_then(|(login, host)| {
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
    });
    let shown = login.unwrap_or_else(|| url.to_owned());
    let Some((address, parameters)) = shown.split_once('?') else { return shown };
    let parameters: Vec<&str> = parameters
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => "password=***",
            _ => parameter,
        })
        .collect();
    format!("{address}?{}", parameters.join("&"))
}

/// What the user's surroundings say about a server's password. It is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passwords {
    /// `PGPASSWORD`.
    pub given: Option<String>,
    /// `PGPASSFILE`, or the password file in the user's home.
    pub file: Option<PathBuf>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Passwords").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Everything a command needs to know about how it was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the book is.
    pub book: Address,
    /// Whether the book was named, and is not merely looked for in its usual place.
    pub is_named: bool,
    /// Where a server's password is looked for.
    pub passwords: Passwords,
    /// Who acts, where it was said.
    pub staff: Option<StaffId>,
    /// When it happened, as it was written: only the book knows the clinic's zone.
    pub at: Option<String>,
    /// The room, where it was said.
    pub room: Option<PlaceName>,
    /// How to write what was asked for.
    pub format: Format,
    /// How to talk.
    pub manner: Manner,
    /// What the scanner sends in place of the separator, such as `<GS>`.
    pub scanner: ScanSettings,
}

impl Settings {
    /// Puts the settings together.
    ///
    /// # Errors
    ///
    /// Where a variable or the file is wrong, or where no book is named and the user has no home.
    pub fn read(flags: &Flags, environment: &Environment, folders: &Folders) -> Outcome<Self> {
        let file = match &folders.config {
            Some(folder) => Checked::read(&folder.join("lotbook").join("config.toml"))?,
            None => Checked::default(),
        };
        let named = flags.book.as_ref().or_else(|| environment.get("LOTBOOK_BOOK")).cloned();
        let named = named.map(Address::new).transpose()?.or(file.book);
        let is_named = named.is_some();
        let book = match (named, &folders.data) {
            (Some(book), _) => book,
            (None, Some(data)) => Address::File(data.join("lotbook").join("clinic.lotbook")),
            (None, None) => {
                return Err(Failure::usage("no book is named, and this user has no home folder")
                    .hint("name one with --book PATH, or set LOTBOOK_BOOK"));
            }
        };
        let (staff, room) = (flags.staff.clone(), flags.room.clone());
        let password = environment.get("PGPASSWORD").map(|text| text.to_string_lossy().into());
        let file_of_passwords = environment.get("PGPASSFILE").map(Into::into);
        let file_of_passwords = file_of_passwords.or(folders.passwords.clone());
        Ok(Self {
            book,
            is_named,
            passwords: Passwords { given: password, file: file_of_passwords },
            staff: staff.or(environment.read("LOTBOOK_STAFF")?).or(file.staff),
            at: flags.at.clone(),
            room: room.or(environment.read("LOTBOOK_ROOM")?).or(file.room),
            format: flags.format.or(file.format).unwrap_or_default(),
            manner: manner(flags, environment, file.color),
            scanner: file.scanner,
        })
    }
}

/// How to talk, from what is known before the settings file has been read, or could not be.
pub fn first_manner(flags: &Flags, environment: &Environment) -> Manner {
    manner(flags, environment, None)
}

fn manner(flags: &Flags, environment: &Environment, in_file: Option<Colour>) -> Manner {
    let is_dumb = environment.get("TERM").is_some_and(|term| term == "dumb");
    let plain = environment.get("NO_COLOR").is_some() || is_dumb;
    let in_environment = plain.then_some(Colour::Never);
    let columns = environment.get("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
    Manner {
        colour: flags.color.or(in_environment).or(in_file).unwrap_or_default(),
        talk: if flags.quiet { Talk::Quiet } else { Talk::Full },
        consent: if flags.yes { Consent::Given } else { Consent::Ask },
        width: columns.filter(|columns| (1..=10_000).contains(columns)),
    }
}

/// The settings file, checked.
#[derive(Debug, Default)]
struct Checked {
    book: Option<Address>,
    staff: Option<StaffId>,
    room: Option<PlaceName>,
    format: Option<Format>,
    color: Option<Colour>,
    scanner: ScanSettings,
}

/// The settings file as it is written.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    book: Option<toml::Spanned<String>>,
    staff: Option<toml::Spanned<String>>,
    room: Option<toml::Spanned<String>>,
    format: Option<Format>,
    color: Option<Colour>,
    #[serde(default)]
    separators: Vec<toml::Spanned<String>>,
}

impl Checked {
    /// Reads the file; one that isn't there is empty.
    fn read(path: &Path) -> Outcome<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Failure::file("read", path, &error)),
        };
        let wrong = |at: usize, why: String| {
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            Failure::usage(format!("{}, line {line}: {why}", path.display()))
        };
        let mend = "write the line anew, or take it out";
        let written: Written = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            match unquoted(&text, at) {
                Some(meant) => {
                    wrong(at, "text stands in quotes".to_owned()).hint(format!("write {meant}"))
                }
                None => wrong(at, error.message().to_owned()).hint(mend),
            }
        })?;
        let separators = written.separators.into_iter().map(|text| {
            let separator = text.get_ref().parse::<Separator>();
            separator.map_err(|error| wrong(text.span().start, error.to_string()).hint(mend))
        });
        Ok(Self {
            book: written.book.map(|book| address_beside(path, book.into_inner())).transpose()?,
            staff: read_spanned(written.staff, wrong)?,
            room: read_spanned(written.room, wrong)?,
            format: written.format,
            color: written.color,
            scanner: ScanSettings::with_separators(separators.collect::<Outcome<_>>()?),
        })
    }
}

fn read_spanned<T: FromStr<Err: fmt::Display>>(
    written: Option<toml::Spanned<String>>,
    wrong: impl Fn(usize, String) -> Failure,
) -> Outcome<Option<T>> {
    let Some(written) = written else { return Ok(None) };
    let parsed = written.get_ref().parse().map(Some);
    parsed.map_err(|error: T::Err| {
        wrong(written.span().start, error.to_string()).hint("write the line anew, or take it out")
    })
}

/// The line at this byte with its value in quotes, where it is a text that has none.
fn unquoted(text: &str, at: usize) -> Option<String> {
    let begin = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let (name, value) = text[begin..].lines().next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let is_text = ["book", "staff", "room", "format", "color"].contains(&name);
    // What holds an `@` may hold a password too.
    let is_bare = !value.is_empty() && !value.contains(['"', '\'', '[', '#', '@']);
    (is_text && is_bare).then(|| format!("{name} = \"{value}\""))
}

/// A relative path in the settings file is relative to that file, wherever the program is started.
fn address_beside(file: &Path, book: String) -> Outcome<Address> {
    if book == "~" || book.starts_with("~/") {
        return Err(Failure::usage(format!(
            "{}: book = \"{book}\" names no folder",
            file.display()
        ))
        .detail("`~` is your home on a command line alone")
        .hint("write the whole path: book = \"/home/ana/clinic.lotbook\""));
    }
    Ok(match (Address::new(book.into())?, file.parent()) {
        (Address::File(path), Some(folder)) => Address::File(folder.join(path)),
        (address, _) => address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Home(tempfile::TempDir);

    impl Home {
        fn with(config: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("lotbook")).unwrap();
            std::fs::write(folder.path().join("lotbook/config.toml"), config).unwrap();
            Self(folder)
        }

        fn folders(&self) -> Folders {
            Folders {
                data: Some("/data".into()),
                config: Some(self.0.path().into()),
                passwords: None,
            }
        }

        fn read(&self, flags: &Flags, environment: &Environment) -> Outcome<Settings> {
            Settings::read(flags, environment, &self.folders())
        }
    }

    fn file(path: &str) -> Address {
        Address::File(path.into())
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let home = Home::with("book = '/file.lotbook'\nstaff = 'eve'\nroom = 'room-3'\n");
        let none = Environment::default();
        let settings = home.read(&Flags::default(), &none).unwrap();
        assert_eq!(settings.book, file("/file.lotbook"));
        assert_eq!(settings.staff.unwrap().as_str(), "eve");
        assert_eq!(settings.room.unwrap().as_str(), "room-3");

        let environment = Environment::of([
            ("LOTBOOK_BOOK", "/env.lotbook"),
            ("LOTBOOK_STAFF", "ben"),
            ("LOTBOOK_ROOM", ""),
        ]);
        let settings = home.read(&Flags::default(), &environment).unwrap();
        assert_eq!(settings.book, file("/env.lotbook"));
        assert_eq!(settings.staff.unwrap().as_str(), "ben");
        assert_eq!(settings.room.unwrap().as_str(), "room-3", "an empty variable is not set");

        let flags = Flags {
            book: Some("/flag.lotbook".into()),
            staff: Some(StaffId::new("ana").unwrap()),
            ..Flags::default()
        };
        let settings = home.read(&flags, &environment).unwrap();
        assert_eq!(settings.book, file("/flag.lotbook"));
        assert_eq!(settings.staff.unwrap().as_str(), "ana");
    }

    #[test]
    fn without_settings_the_book_is_in_the_users_data_folder() {
        let folders = Folders {
            data: Some("/data".into()),
            config: Some("/nowhere".into()),
            passwords: None,
        };
        let none = Environment::default();
        let settings = Settings::read(&Flags::default(), &none, &folders).unwrap();
        assert_eq!(
            settings.book,
            Address::File(["/data", "lotbook", "clinic.lotbook"].iter().collect())
        );
        assert_eq!(settings.manner, Manner::default());
        let homeless = Settings::read(&Flags::default(), &none, &Folders::default()).unwrap_err();
        assert!(homeless.render(false).contains("--book"));
    }

    #[test]
    fn a_wrong_settings_file_is_refused_with_the_line_and_the_key() {
        for (text, line, word) in [
            ("staff = 'ana'\nstff = 'eve'\n", "line 2", "`stff`"),
            ("format = 'xml'", "line 1", "xml"),
            ("book = 'a'\n\nstaff = 'a b'", "line 3", "`a b` is not a staff id"),
            ("room = 'waste'", "line 1", "reserved"),
            ("separators = ['<GS>',\n'GS']", "line 2", "`GS`"),
            ("separators = ['']", "line 1", "separator"),
            ("separators = ['-']", "line 1", "a lot may hold it"),
            ("staff = 'ana'\nstaff = ", "line 2", ""),
        ] {
            let failure =
                Home::with(text).read(&Flags::default(), &Environment::default()).unwrap_err();
            let message = failure.message();
            assert!(message.contains(line) && message.contains(word), "{message}");
            assert_eq!(failure.kind().exit_code(), 2);
        }
        let environment = Environment::of([("LOTBOOK_STAFF", "a b")]);
        let failure = Home::with("").read(&Flags::default(), &environment).unwrap_err();
        assert!(failure.message().starts_with("LOTBOOK_STAFF: `a b` is not a staff id"));
    }

    #[test]
    fn a_relative_book_in_the_file_lies_beside_the_file() {
        let home = Home::with("book = 'two.lotbook'\nseparators = ['<GS>']\n");
        let settings = home.read(&Flags::default(), &Environment::default()).unwrap();
        let beside = home.0.path().join("lotbook").join("two.lotbook");
        assert_eq!(
            (settings.book, settings.scanner),
            (Address::File(beside), ScanSettings::with_separators(vec!["<GS>".parse().unwrap()]))
        );
    }

    #[test]
    fn colour_is_asked_of_the_flag_then_no_color_then_the_file() {
        let home = Home::with("color = 'always'");
        let colour =
            |flags: &Flags, environment| home.read(flags, &environment).unwrap().manner.colour;
        let always = Flags { color: Some(Colour::Always), ..Flags::default() };
        let no_color = || Environment::of([("NO_COLOR", "1"), ("COLUMNS", "44")]);
        assert_eq!(colour(&Flags::default(), Environment::default()), Colour::Always);
        assert_eq!(colour(&Flags::default(), no_color()), Colour::Never);
        assert_eq!(colour(&Flags::default(), Environment::of([("TERM", "dumb")])), Colour::Never);
        assert_eq!(colour(&always, no_color()), Colour::Always);
        assert_eq!(first_manner(&always, &no_color()).width, Some(44));
        assert_eq!(first_manner(&always, &Environment::of([("COLUMNS", "x")])).width, None);
    }

    #[test]
    fn another_book_differs_by_its_schema_alone() {
        for (url, of_lind) in [
            ("postgres://ana@db/c", "postgres://ana@db/c?schema=lind"),
            ("postgres://ana@db/c?", "postgres://ana@db/c?schema=lind"),
            ("postgres://ana@db/c?schema=roth", "postgres://ana@db/c?schema=lind"),
            (
                "postgres://ana:s%3F@db/c?sslmode=disable&schema=roth&schema_x=1&schema",
                "postgres://ana:s%3F@db/c?sslmode=disable&schema_x=1&schema=lind",
            ),
        ] {
            assert_eq!(with_schema(url, "lind"), of_lind);
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        for (url, shown) in [
            ("postgres://ana:s3c?r@t@db/clinic", "postgres://ana:***@db/clinic"),
            ("postgresql://ana@db/c?schema=a", "postgresql://ana@db/c?schema=a"),
            (
                "postgres://db/c?user=ana&password=s3cret&sslmode=require",
                "postgres://db/c?user=ana&password=***&sslmode=require",
            ),
            ("postgres://db/c?sslpassword=s3cret", "postgres://db/c?password=***"),
        ] {
            let address = Address::new(url.into()).unwrap();
            assert_eq!(address, Address::Server(url.into()));
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("s3c"));
        }
        assert_eq!(Address::new("postgres.lotbook".into()), Ok(file("postgres.lotbook")));
    }

    #[test]
    fn a_url_is_never_taken_for_a_file() {
        for url in ["Postgres://ana:s3cret@db/c", "POSTGRESQL://ana:s3cret@db/c"] {
            let address = Address::new(url.into()).unwrap();
            let begins = url.split_once(':').unwrap().0.to_ascii_lowercase();
            assert_eq!(address.to_string(), format!("{begins}://ana:***@db/c"));
            assert_eq!(address, Address::Server(format!("{begins}://ana:s3cret@db/c")));
        }
        for url in ["postgress://ana:s3cret@db/c", "mysql://u:s3cret@y/z", "x+y.z-1://s3cret"] {
            let failure = Address::new(url.into()).unwrap_err();
            let told = failure.render(false);
            assert_eq!(failure.kind().exit_code(), 2, "{told}");
            assert!(!told.contains("s3cret") && told.contains("begins with "), "{told}");
        }
        for text in ["postgres:/ana:s3cret@db/c", " postgres://ana:s3cret@db/c", "ana:s3cret@db/c"]
        {
            let failure = Address::new(text.into()).unwrap_err();
            let told = failure.render(false);
            assert_eq!(failure.kind().exit_code(), 2, "{told}");
            assert!(!told.contains("s3cret") && !told.contains("ana"), "{told}");
        }
        for name in ["c://clinic", "./a://b", "file:a.lotbook", "://x", "1a://b", "a b://c"] {
            assert_eq!(Address::new(name.into()), Ok(file(name)));
        }
    }

    #[test]
    fn text_without_quotes_is_shown_with_them() {
        let home = Home::with("color = 'never'\nstaff = timo\n");
        let failure = home.read(&Flags::default(), &Environment::default()).unwrap_err();
        let told = failure.render(false);
        assert!(failure.message().ends_with("line 2: text stands in quotes"), "{told}");
        assert!(told.contains("hint: write staff = \"timo\""), "{told}");
        let home = Home::with("book = postgres://ana:s3cret@db/c\n");
        let failure = home.read(&Flags::default(), &Environment::default()).unwrap_err();
        assert!(!failure.render(false).contains("s3cret"), "{}", failure.render(false));
    }
}
