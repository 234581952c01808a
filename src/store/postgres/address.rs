//! The URL of a book on a server, and how its connection is made.
//!
//! `postgres://USER[:PASSWORD]@HOST[:PORT][,HOST...]/DATABASE?schema=BOOK`, with the parameters
//! of the driver (`connect_timeout`, `target_session_attrs`, `application_name`, ...) and three of
//! our own: `schema` names the book, `sslmode` is `verify-full` or `disable`, and `sslrootcert`
//! is a PEM file of the authority that vouches for the server. Without `sslmode` a server on this
//! computer is spoken to in clear, and any other one by TLS, checked against its name.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres::Config;
use postgres::config::{Host, LoadBalanceHosts};

use super::password;
use crate::store::{Login, StoreError};

/// How long one host may take to answer, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a host may leave what was sent unacknowledged before the connection counts as lost, and
/// how long it may be silent before it is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(10);

/// How the connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Protection {
    /// In clear.
    None,
    /// TLS, the server's certificate checked against its name and an authority: of this file, or
    /// those of the system.
    Full(Option<PathBuf>),
}

/// A book on a server.
#[derive(Clone)]
pub struct Server {
    pub(super) config: Config,
    pub(super) schema: Option<String>,
    pub(super) protection: Protection,
    /// What the password file says for each host, where no password is given.
    passwords: Vec<Option<String>>,
    /// The password file, where it is not there.
    missing_file: Option<PathBuf>,
}

impl Server {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// `StoreError::Url` where the URL is wrong; its password is never part of the message.
    pub fn parse(url: &str, login: &Login) -> Result<Self, StoreError> {
        check_password(url)?;
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let (mut schema, mut mode, mut root) = (None, None, None);
        let mut left = Vec::new();
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name {
                "schema" => schema = Some(check_schema(value)?),
                "sslmode" => mode = Some(value),
                "sslrootcert" => root = Some(decode(value)?),
                _ => left.push(parameter),
            }
        }
        let rest = if left.is_empty() { String::new() } else { format!("?{}", left.join("&")) };
        let mut config: Config = format!("{address}{rest}").parse().map_err(wrong)?;
        if config.get_hosts().is_empty() {
            return Err(StoreError::Url("the URL names no host".to_owned()));
        }
        if config.get_user().is_none() {
            return Err(StoreError::Url("the URL names no user".to_owned()));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("lotbook");
        }
        config.tcp_user_timeout(SILENCE);
        config.keepalives_idle(SILENCE);
        if let Some(password) = login.password.as_ref().filter(|_| config.get_password().is_none())
        {
            config.password(password);
        }
        let passwords = match config.get_password() {
            Some(_) => Vec::new(),
            None => password::of_hosts(&config, login)?,
        };
        let protection = protection(mode, root, &config)?;
        let missing_file = login.file.clone().filter(|file| !file.exists());
        Ok(Self { config, schema, protection, passwords, missing_file })
    }

    /// The password file that would be asked, if others could not read it.
    pub fn open_file<'l>(&self, login: &'l Login) -> Option<&'l Path> {
        let file = login.file.as_deref().filter(|_| self.config.get_password().is_none())?;
        (file.is_file() && !crate::os::is_private(file)).then_some(file)
    }

    /// The password file that was looked for and is not there.
    pub(super) fn missing_file(&self) -> Option<&Path> {
        self.missing_file.as_deref()
    }

    /// The schema that is the book, where one is named.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The same server, another book.
    #[must_use]
    pub fn with_schema(&self, schema: &str) -> Self {
        Self { schema: Some(schema.to_owned()), ..self.clone() }
    }

    /// Whether what is said goes over a network in clear.
    pub fn is_exposed(&self) -> bool {
        self.protection == Protection::None && !is_local(&self.config)
    }

    /// The user of the database.
    pub fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    /// The database; the user's name where none is named, as everywhere with PostgreSQL.
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or(self.user())
    }

    /// How long one host may take until it lets the program in.
    pub(super) fn patience(&self) -> Duration {
        self.config.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT)
    }

    /// The same server by each of its hosts alone, in the order in which they are tried.
    pub(super) fn each_host(&self) -> Vec<Self> {
        let count = self.config.get_hosts().len();
        let mut order: Vec<usize> = (0..count).collect();
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            fastrand::shuffle(&mut order);
        }
        let alone = |index| {
            let mut config = only(&self.config, index);
            self.passwords.get(index).cloned().flatten().map(|password| config.password(password));
            Self { config, ..self.clone() }
        };
        order.into_iter().map(alone).collect()
    }

    /// The hosts, for people.
    pub(super) fn hosts(&self) -> String {
        let ports = self.config.get_ports();
        let name = |(index, host): (usize, &Host)| {
            let port = ports.get(index).or(ports.last()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(folder) => format!("{} (port {port})", folder.display()),
            }
        };
        self.config.get_hosts().iter().enumerate().map(name).collect::<Vec<_>>().join(", ")
    }
}

/// A password that is not encoded would end early, and its rest be taken for a host.
fn check_password(url: &str) -> Result<(), StoreError> {
    let is_cut = url.find('?').zip(url.find('@')).is_some_and(|(query, at)| query < at);
    if is_cut || url.matches('@').count() > 1 {
        let what = "the URL holds a second `@`, or a `?` before it: write %40 and %3F instead";
        return Err(StoreError::Url(what.to_owned()));
    }
    Ok(())
}

/// What a configuration says, for one of its hosts. The driver's own loop over hosts has no limit
/// for one that takes the connection and says nothing.
fn only(all: &Config, index: usize) -> Config {
    let mut one = Config::new();
    match all.get_hosts().get(index) {
        Some(Host::Tcp(name)) => one.host(name),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => one.host_path(folder),
        None => &mut one,
    };
    all.get_hostaddrs().get(index).map(|address| one.hostaddr(*address));
    let ports = all.get_ports();
    ports.get(index).or(ports.first()).map(|port| one.port(*port));
    all.get_user().map(|user| one.user(user));
    all.get_password().map(|password| one.password(password));
    all.get_dbname().map(|name| one.dbname(name));
    all.get_options().map(|options| one.options(options));
    all.get_application_name().map(|name| one.application_name(name));
    all.get_connect_timeout().map(|timeout| one.connect_timeout(*timeout));
    all.get_tcp_user_timeout().map(|timeout| one.tcp_user_timeout(*timeout));
    one.keepalives(all.get_keepalives()).keepalives_idle(all.get_keepalives_idle());
    all.get_keepalives_interval().map(|interval| one.keepalives_interval(interval));
    all.get_keepalives_retries().map(|retries| one.keepalives_retries(retries));
    one.target_session_attrs(all.get_target_session_attrs());
    one.channel_binding(all.get_channel_binding());
    one.ssl_negotiation(all.get_ssl_negotiation());
    one.load_balance_hosts(all.get_load_balance_hosts());
    one
}

/// How a host is reached.
pub(super) enum Reached<'h> {
    /// Over the network, by its name or address.
    Named(&'h str),
    /// By the socket in a folder of this computer.
    #[cfg_attr(windows, expect(dead_code, reason = "Windows has no such sockets"))]
    Socket(&'h Path),
}

pub(super) fn reached(host: &Host) -> Reached<'_> {
    match host {
        Host::Tcp(name) => Reached::Named(name),
        #[cfg(unix)]
        Host::Unix(folder) => Reached::Socket(folder),
    }
}

fn wrong(error: postgres::Error) -> StoreError {
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    let why = cause.unwrap_or_else(|| error.to_string());
    StoreError::Url(format!("the URL of the book is wrong: {why}"))
}

/// A schema's name is plain, so that it looks the same in a URL, a message and SQL.
pub(super) fn check_schema(name: &str) -> Result<String, StoreError> {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if begins && name.len() <= 63 && name.bytes().all(plain) && !name.starts_with("pg_") {
        return Ok(name.to_owned());
    }
    Err(StoreError::Url(format!(
        "`{name}` is not the name of a book: small letters, digits and `_`, at most 63, a letter \
        first, not `pg_`"
    )))
}

/// Undoes percent-encoding, as in URLs (RFC 3986).
fn decode(text: &str) -> Result<PathBuf, StoreError> {
    let wrong = || StoreError::Url(format!("`{text}` is not a percent-encoded path"));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let pair = [rest.next().ok_or_else(wrong)?, rest.next().ok_or_else(wrong)?];
        let pair = std::str::from_utf8(&pair).map_err(|_| wrong())?;
        bytes.push(u8::from_str_radix(pair, 16).map_err(|_| wrong())?);
    }
    Ok(String::from_utf8(bytes).map_err(|_| wrong())?.into())
}

/// Whether every host is this computer. Where `hostaddr` gives an address, the connection goes
/// there, whatever the host is called.
fn is_local(config: &Config) -> bool {
    let mut addresses = config.get_hostaddrs().iter();
    if addresses.len() > 0 {
        return addresses.all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match reached(host) {
        Reached::Named(name) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Reached::Socket(_) => true,
    })
}

fn protection(
    mode: Option<&str>,
    root: Option<PathBuf>,
    config: &Config,
) -> Result<Protection, StoreError> {
    match (mode, root) {
        (Some("disable"), None) => Ok(Protection::None),
        (Some("disable"), Some(_)) => {
            Err(StoreError::Url("sslrootcert has no use with sslmode=disable".to_owned()))
        }
        (None, None) if is_local(config) => Ok(Protection::None),
        (Some("verify-full") | None, root) => {
            if let Some(root) = root.as_deref().filter(|root| !root.is_file()) {
                return Err(no_file(root));
            }
            Ok(Protection::Full(root))
        }
        (Some(other @ ("allow" | "prefer" | "require" | "verify-ca")), _) => {
            Err(StoreError::Url(format!(
                "sslmode={other} is not offered: it encrypts without knowing who answers; write \
            sslmode=verify-full, with sslrootcert=FILE where the server's authority is your own"
            )))
        }
        (Some(_), _) => {
            Err(StoreError::Url("sslmode knows two words: verify-full and disable".to_owned()))
        }
    }
}

fn no_file(root: &Path) -> StoreError {
    StoreError::Url(format!("sslrootcert: there is no file {}", root.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Server, String> {
        Server::parse(url, &Login::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_schema_is_the_book_and_stays_off_the_drivers_parameters() {
        let server = parse("postgres://ana@localhost/clinics?schema=clinic_a").unwrap();
        assert_eq!(server.schema(), Some("clinic_a"));
        assert_eq!((server.user(), server.database()), ("ana", "clinics"));
        assert_eq!(server.hosts(), "localhost:5432");
        assert_eq!(parse("postgresql://ana@localhost/clinics").unwrap().schema(), None);
    }

    #[test]
    fn a_schema_that_is_not_plain_is_refused() {
        for name in ["", "Clinic", "a-b", "1a", "a\"b", "pg_a", "a b", &"a".repeat(64), "ä"] {
            let error = parse(&format!("postgres://a@localhost/b?schema={name}")).err().unwrap();
            assert!(error.contains("is not the name of a book"), "{error}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_checked_unless_that_is_switched_off() {
        let protection = |url| parse(url).unwrap().protection;
        assert_eq!(protection("postgres://a@localhost/b"), Protection::None);
        assert_eq!(protection("postgres://a@127.0.0.1/b"), Protection::None);
        assert_eq!(protection("postgres://a@[::1]/b"), Protection::None);
        assert_eq!(protection("postgres://a@%2Fvar%2Frun/b"), Protection::None);
        assert_eq!(protection("postgres://a@db.example/b"), Protection::Full(None));
        assert_eq!(protection("postgres://a@localhost,db.example/b"), Protection::Full(None));
        assert_eq!(
            protection("postgres://a@localhost/b?sslmode=verify-full"),
            Protection::Full(None)
        );
        // An address says where the connection goes, whatever the host is called.
        let elsewhere = "postgres://a@localhost/b?hostaddr=192.0.2.2";
        assert_eq!(protection(elsewhere), Protection::Full(None));
        assert!(parse(&format!("{elsewhere}&sslmode=disable")).unwrap().is_exposed());
        let here = "postgres://a@db.example/b?hostaddr=127.0.0.1";
        assert_eq!(protection(here), Protection::None);
        let one_elsewhere = "postgres://a@localhost,localhost/b?hostaddr=127.0.0.1,192.0.2.2";
        assert_eq!(protection(one_elsewhere), Protection::Full(None));
        let exposed = parse("postgres://a@db.example/b?sslmode=disable").unwrap();
        assert!(exposed.is_exposed());
        assert!(!parse("postgres://a@localhost/b").unwrap().is_exposed());
        for mode in ["prefer", "require", "allow", "verify-ca"] {
            let error = parse(&format!("postgres://a@db.example/b?sslmode={mode}")).err().unwrap();
            assert!(error.contains("without knowing who answers"), "{error}");
        }
        for mode in ["", "nonsense", "Disable"] {
            let error = parse(&format!("postgres://a@db.example/b?sslmode={mode}")).err().unwrap();
            assert_eq!(error, "sslmode knows two words: verify-full and disable");
        }
    }

    #[test]
    fn no_message_holds_a_password() {
        for url in [
            "postgres://a:hunter2@localhost/b?schema=X",
            "postgres://a:hunter2@localhost/b?port=x",
            "postgres://a:hunter2@/b?nonsense=hunter2x",
            "postgres://a:hunter2@localhost:99999/b",
            "postgres://a:x@hunter2@localhost/b",
            "postgres://a:?:hunter2@localhost/b?schema=c",
            "postgres://a:hunter2@db.example/b?sslmode=prefer",
        ] {
            let error = parse(url).err().unwrap();
            assert!(!error.contains("hunter2@") && !error.contains(":hunter2"), "{error}");
        }
    }

    /// A parameter that were forgotten here would hold for a single host alone.
    #[test]
    fn one_host_of_several_keeps_all_that_the_url_says() {
        let said = "postgres://a:p@HOST/b?application_name=n&options=o&connect_timeout=3\
            &tcp_user_timeout=4&keepalives=0&keepalives_idle=5&keepalives_interval=6\
            &keepalives_retries=7&target_session_attrs=read-only&channel_binding=require\
            &sslnegotiation=direct&load_balance_hosts=disable";
        let all = parse(&said.replace("HOST", "one:1,two:2")).unwrap();
        let second = parse(&said.replace("HOST", "two:2")).unwrap();
        let alone = &all.each_host()[1].config;
        assert_eq!(format!("{alone:?}"), format!("{:?}", second.config));
        assert_eq!(alone.get_password(), Some(&b"p"[..]));
    }

    #[test]
    fn each_host_has_its_own_line_of_the_password_file() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "one:1:*:a:first\ntwo:2:b:a:second\n";
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
        std::io::Write::write_all(&mut file, lines.as_bytes()).unwrap();
        let login = Login { password: None, file: Some(file.path().to_owned()) };
        let passwords = |url: &str, login: &Login| -> Vec<_> {
            let hosts = Server::parse(url, login).unwrap().each_host();
            let of_host = |host: &Server| host.config.get_password().map(<[u8]>::to_vec);
            hosts.iter().map(of_host).collect()
        };
        let url = "postgres://a@one:1,two:2,three:3/b";
        let found = [Some(b"first".to_vec()), Some(b"second".to_vec()), None];
        assert_eq!(passwords(url, &login), found);
        let given = Login { password: Some("given".to_owned()), ..login };
        assert_eq!(passwords(url, &given), [(); 3].map(|()| Some(b"given".to_vec())));
        // What is no text is told, and not called a missing password.
        std::io::Write::write_all(&mut file, b"\xff").unwrap();
        let login = Login { password: None, ..given };
        let error = Server::parse(url, &login).err().unwrap().to_string();
        assert!(
            error.starts_with("the password file ") && error.contains("can't be read"),
            "{error}"
        );
    }

    #[test]
    fn several_hosts_and_their_ports_are_kept() {
        let server = parse("postgres://a@one:1,two:2/b?target_session_attrs=read-write").unwrap();
        assert_eq!(server.hosts(), "one:1, two:2");
        let alone: Vec<String> = server.each_host().iter().map(Server::hosts).collect();
        assert_eq!(alone, ["one:1", "two:2"]);
    }
}
