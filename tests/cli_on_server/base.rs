//! A database of its own on a server, and a desk at which somebody types a URL.

use lotbook::config::Environment;

use crate::clinic::{Clinic, Output, words};
use crate::servers::{self, OWNER, TestServer};

/// The password of every user who has one. No output may ever hold it.
pub(crate) const PASSWORD: &str = "hunter2-Zz";

/// A database that one story has to itself, so that it lists the books of nobody else.
pub(crate) struct Base<'s> {
    pub(crate) server: &'s TestServer,
    name: &'s str,
    clinic: Clinic,
}

impl Base<'static> {
    /// A new database on the server that all stories share.
    pub(crate) fn new(name: &'static str) -> Self {
        Self::on(servers::shared(), name)
    }
}

impl<'s> Base<'s> {
    /// A new database on this server.
    pub(crate) fn on(server: &'s TestServer, name: &'s str) -> Self {
        server.psql(&format!("CREATE DATABASE {name}"));
        Self { server, name, clinic: Clinic::without_book().on_file() }
    }

    /// A database with the stocked book `clinic_a`.
    pub(crate) fn stocked(name: &'static str) -> Self {
        let base = Self::on(servers::shared(), name);
        let url = base.url(OWNER, "clinic_a");
        Self { clinic: Clinic::stocked_at(url), ..base }
    }

    /// Runs SQL as the superuser.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.server.psql_in(self.name, sql)
    }

    /// The URL of a book in this database.
    pub(crate) fn url(&self, user: &str, schema: &str) -> String {
        self.server.url(user, schema).replace("/postgres?", &format!("/{}?", self.name))
    }

    /// The clinic whose home, clock and ids are used.
    pub(crate) fn clinic(&self) -> &Clinic {
        &self.clinic
    }

    /// Runs a line at the book of this URL, with one more variable. A server that asks nobody for a
    /// password is given one all the same, so that every failure is told with a secret to keep.
    pub(crate) fn run_with(&self, url: &str, variable: (&str, &str), line: &str) -> Output {
        let is_asked = self.server.port != servers::shared().port;
        let given = if is_asked { url.to_owned() } else { with_password(url, PASSWORD) };
        let environment = Environment::of([
            ("LOTBOOK_BOOK", &given),
            ("LOTBOOK_STAFF", "ana"),
            ("COLUMNS", "100"),
            variable,
        ]);
        let output = self.clinic.run_in(environment, words(line), "");
        let redact = |text: &str| {
            let text = text.replace(&self.server.port.to_string(), "PORT");
            self.clinic.redact(&text)
        };
        let (stdout, stderr) = (redact(&output.stdout), redact(&output.stderr));
        let output = Output { code: output.code, stdout, stderr };
        assert!(!output.to_string().contains(PASSWORD), "a password was shown: {output}");
        output
    }

    /// Runs a line at the book of this URL.
    pub(crate) fn run(&self, url: &str, line: &str) -> Output {
        self.run_with(url, ("TERM", "dumb"), line)
    }

    /// Runs a line that must succeed.
    #[track_caller]
    pub(crate) fn ok(&self, url: &str, line: &str) -> String {
        let output = self.run(url, line);
        assert_eq!(output.code, 0, "`{line}` answered\n{output}");
        output.stdout
    }
}

/// The URL with the password in it, unless there is one.
pub(crate) fn with_password(url: &str, password: &str) -> String {
    match url.split_once('@') {
        Some((login, rest)) if login.matches(':').count() == 1 => {
            format!("{login}:{password}@{rest}")
        }
        _ => url.to_owned(),
    }
}
