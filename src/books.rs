//! Which book an address means: opening its engine, making it, and the books beside it.

use std::path::Path;

use crate::config::{Address, Settings, with_schema};
use crate::error::{Failure, Outcome};
use crate::os;
use crate::store::{Engine, Shelved, Sqlite, StoreError};
use crate::ui::Ui;

/// The engine of a book that exists.
pub fn open(settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
    match &settings.book {
        Address::File(path) => {
            refuse_network(path)?;
            Ok(Box::new(Sqlite::open(path)?))
        }
        Address::Server(url) => server::open(url, settings, ui),
    }
}

/// The engine of a book that is to be made.
pub fn create(settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
    match &settings.book {
        Address::File(path) => {
            refuse_network(path)?;
            Ok(Box::new(Sqlite::create(path)?))
        }
        Address::Server(url) => server::create(url, settings, ui),
    }
}

/// The engine of a book that a copy makes, or goes on with.
pub fn target(address: &Address, settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
    match address {
        Address::File(path) => {
            refuse_network(path)?;
            let engine = if path.exists() { Sqlite::open(path) } else { Sqlite::create(path) };
            let engine = match engine {
                // A copy that was stopped before its first table begins again.
                Err(StoreError::Unfinished) => Sqlite::begin_again(path),
                engine => engine,
            };
            Ok(Box::new(engine.map_err(|error| Failure::from(error).at(path))?))
        }
        Address::Server(url) => server::target(url, settings, ui),
    }
}

/// Every book on the server that this user may see, by name, and how many there are besides.
pub fn all(settings: &Settings, ui: &mut Ui) -> Outcome<(Vec<(String, Address)>, u64)> {
    match &settings.book {
        Address::File(path) => Err(Failure::usage("--all-books asks the books of a server")
            .detail(format!("{} is a file, which holds one book", path.display()))
            .hint("name a server: --book \"postgres://USER@HOST/DATABASE\"")
            .hint("or ask the one book: leave --all-books out")),
        Address::Server(url) => {
            let of = |name: String| (name.clone(), Address::Server(with_schema(url, &name)));
            let (names, closed) = server::names(url, settings, ui)?;
            Ok((names.into_iter().map(of).collect(), closed))
        }
    }
}

/// Takes away what `create` began and could not finish. A server forgets it by itself.
pub fn forget(address: &Address) {
    if let Address::File(path) = address {
        let _ = std::fs::remove_file(path);
    }
}

/// The books on the server that this user may see, and how many there are besides; a file is one
/// book by itself.
pub fn list(settings: &Settings, ui: &mut Ui) -> Outcome<(Vec<Shelved>, u64)> {
    match &settings.book {
        Address::File(path) => Err(Failure::usage(format!("{} is a file", path.display()))
            .detail("books are listed on a server; a file holds one")
            .hint("name a server: lotbook books --book postgres://USER@HOST/DATABASE")),
        Address::Server(url) => server::list(url, settings, ui),
    }
}

/// The schema of a book on a server.
pub fn schema(settings: &Settings) -> Outcome<String> {
    match &settings.book {
        Address::File(path) => Err(Failure::usage(format!("{} is a file", path.display()))
            .detail("a file has no database users: whoever may write its folder may write in it")
            .hint("name a book on a server: --book \"postgres://USER@HOST/DATABASE?schema=BOOK\"")),
        Address::Server(url) => server::schema(url, settings),
    }
}

/// Runs SQL about a book on a server.
pub fn govern(settings: &Settings, ui: &mut Ui, sql: &str) -> Outcome<Result<(), StoreError>> {
    match &settings.book {
        Address::File(_) => schema(settings).map(|_| Ok(())),
        Address::Server(url) => server::govern(url, settings, ui, sql),
    }
}

/// SQLite's locks can't be relied on across a network.
pub fn refuse_network(path: &Path) -> Outcome {
    match os::network_file_system(path) {
        None => Ok(()),
        Some(system) => Err(Failure::book(format!(
            "{} lies on {system}, a file system behind which another computer may write",
            path.display()
        ))
        .detail("the locks that keep an embedded book sound can't be relied on there")
        .hint("put the book on a disk of this computer, and share it with PostgreSQL")),
    }
}

#[cfg(feature = "postgres")]
mod server {
    use super::{Engine, Failure, Outcome, Settings, Shelved, Ui};
    use crate::config::Passwords;
    use crate::domain::shell::quote;
    use crate::error::there;
    use crate::store::{Login, Postgres, Server, StoreError};

    pub(super) fn open(url: &str, settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
        Ok(Box::new(Postgres::open(&read(url, settings, ui)?)?))
    }

    pub(super) fn create(url: &str, settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
        Ok(Box::new(Postgres::create(&read(url, settings, ui)?).map_err(no_place)?))
    }

    /// The words for a place where no new book can be.
    fn no_place(error: StoreError) -> Failure {
        let StoreError::NoBook { what, books } = error else { return error.into() };
        let failure = Failure::book(what).hint("name one that is not there yet: ?schema=NAME");
        if books.is_empty() { failure } else { failure.detail(there(&books)) }
    }

    pub(super) fn list(
        url: &str,
        settings: &Settings,
        ui: &mut Ui,
    ) -> Outcome<(Vec<Shelved>, u64)> {
        Ok(Postgres::books(&read(url, settings, ui)?)?)
    }

    pub(super) fn schema(url: &str, settings: &Settings) -> Outcome<String> {
        let server = parse(url, settings)?;
        server.schema().map(str::to_owned).ok_or_else(|| {
            Failure::usage("the URL names no book: end it with ?schema=BOOK")
                .hint("see which there are: lotbook books")
        })
    }

    pub(super) fn govern(
        url: &str,
        settings: &Settings,
        ui: &mut Ui,
        sql: &str,
    ) -> Outcome<Result<(), StoreError>> {
        Ok(Postgres::govern(&read(url, settings, ui)?, sql))
    }

    pub(super) fn target(url: &str, settings: &Settings, ui: &mut Ui) -> Outcome<Box<dyn Engine>> {
        let server = read(url, settings, ui)?;
        Ok(Box::new(match Postgres::create(&server) {
            Err(StoreError::Exists(_)) => Postgres::open(&server).map_err(no_place)?,
            made => made.map_err(no_place)?,
        }))
    }

    pub(super) fn names(
        url: &str,
        settings: &Settings,
        ui: &mut Ui,
    ) -> Outcome<(Vec<String>, u64)> {
        let (books, closed) = list(url, settings, ui)?;
        let names: Vec<String> = books.into_iter().map(|book| book.name).collect();
        if names.is_empty() {
            let what = "the database has no book that can be asked".to_owned();
            return Err(StoreError::NoBook { what, books: names }.into());
        }
        Ok((names, closed))
    }

    fn parse(url: &str, settings: &Settings) -> Outcome<Server> {
        Ok(Server::parse(url, &login(settings))?)
    }

    fn login(settings: &Settings) -> Login {
        let Passwords { given, file } = settings.passwords.clone();
        Login { password: given, file }
    }

    fn read(url: &str, settings: &Settings, ui: &mut Ui) -> Outcome<Server> {
        let server = parse(url, settings)?;
        if ui.is_across() {
            // Where several books are asked, it was said when they were listed.
            return Ok(server);
        }
        if server.is_exposed() {
            ui.warn("sslmode=disable sends everything over the network in clear");
            ui.hint("write sslmode=verify-full");
        }
        if let Some(file) = server.open_file(&login(settings)) {
            ui.warn(format!("{} can be read by others, so it is not used", file.display()));
            ui.hint(format!("make it yours alone: chmod 600 {}", quote(&file.to_string_lossy())));
        }
        Ok(server)
    }
}

#[cfg(not(feature = "postgres"))]
mod server {
    use super::{Engine, Failure, Outcome, Settings, Shelved, StoreError, Ui};

    pub(super) fn list(_: &str, settings: &Settings, _: &mut Ui) -> Outcome<(Vec<Shelved>, u64)> {
        Err(missing(settings))
    }

    pub(super) fn schema(_: &str, settings: &Settings) -> Outcome<String> {
        Err(missing(settings))
    }

    pub(super) fn open(_: &str, settings: &Settings, _: &mut Ui) -> Outcome<Box<dyn Engine>> {
        Err(missing(settings))
    }

    pub(super) fn create(_: &str, settings: &Settings, _: &mut Ui) -> Outcome<Box<dyn Engine>> {
        Err(missing(settings))
    }

    pub(super) fn target(_: &str, settings: &Settings, _: &mut Ui) -> Outcome<Box<dyn Engine>> {
        Err(missing(settings))
    }

    pub(super) fn names(_: &str, settings: &Settings, _: &mut Ui) -> Outcome<(Vec<String>, u64)> {
        Err(missing(settings))
    }

    pub(super) fn govern(
        _: &str,
        settings: &Settings,
        _: &mut Ui,
        _: &str,
    ) -> Outcome<Result<(), StoreError>> {
        Err(missing(settings))
    }

    fn missing(settings: &Settings) -> Failure {
        Failure::usage(format!("{} is the URL of a PostgreSQL book", settings.book))
            .detail("this program was built without PostgreSQL")
            .hint("build it with its default features, or name a file: --book clinic.lotbook")
    }
}
