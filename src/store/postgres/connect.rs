//! Making a connection: TLS, and what a server must be for a book to lie on it.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::{Duration, Instant as Stopwatch};

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls, SimpleQueryMessage};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{Protection, Server};
use super::errors::{connecting, working};
use crate::store::StoreError;

/// The oldest server: it has what the rules of this engine were tried on.
const OLDEST: i64 = 140_000;

/// What a server says of itself.
pub(super) struct Hello {
    /// Whether a commit would answer before it is on the disk, so that it must be told not to.
    pub(super) is_hasty: bool,
}

/// How long to wait before a server is asked again that is not ready yet.
const PAUSE: Duration = Duration::from_millis(250);

/// Connects, and refuses a server on which a book can't lie. A server that is starting is waited
/// for as long as one that doesn't answer.
pub(super) fn connect(server: &Server) -> Result<(Client, Hello), StoreError> {
    let begun = Stopwatch::now();
    loop {
        match to_any_host(server) {
            Err(StoreError::NotReady { .. }) if begun.elapsed() < server.patience() => {
                sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// The hosts in turn, each with its own time.
fn to_any_host(server: &Server) -> Result<(Client, Hello), StoreError> {
    let mut failures = Vec::new();
    for host in server.each_host() {
        match to_host(&host) {
            Ok(connected) => return Ok(connected),
            Err(error) => failures.push(error),
        }
    }
    Err(telling(failures, server))
}

/// One host: a connection, and that it is what a book needs. It has its time for both.
fn to_host(server: &Server) -> Result<(Client, Hello), StoreError> {
    let (config, host) = (server.config.clone(), server.clone());
    let tls = match &server.protection {
        Protection::None => None,
        Protection::Full(root) => {
            let of_server = |why| StoreError::Tls { host: server.hosts(), why };
            Some(tls(root.as_deref()).map_err(of_server)?)
        }
    };
    let limit = server.patience();
    let connected = within(limit, move || {
        let mut client = connect_by(config, tls).map_err(|error| connecting(&error, &host))?;
        let hello = greet(&mut client, &host)?;
        Ok((client, hello))
    });
    connected.unwrap_or_else(|| {
        let why = format!("the connection was taken, and nothing said for {} s", limit.as_secs());
        Err(StoreError::Unreachable { host: server.hosts(), why })
    })
}

fn connect_by(
    mut config: Config,
    tls: Option<MakeRustlsConnect>,
) -> Result<Client, postgres::Error> {
    match tls {
        None => config.ssl_mode(SslMode::Disable).connect(NoTls),
        Some(tls) => config.ssl_mode(SslMode::Require).connect(tls),
    }
}

/// The failure that tells most: what a server said before a silence, and of several silences all.
fn telling(mut failures: Vec<StoreError>, server: &Server) -> StoreError {
    let rank = |error: &StoreError| match error {
        StoreError::Unreachable { .. } => 2,
        StoreError::NotReady { .. } => 1,
        _ => 0,
    };
    failures.sort_by_key(rank);
    let is_silence = |error: &StoreError| matches!(error, StoreError::Unreachable { .. });
    if failures.len() < 2 || !failures.first().is_some_and(is_silence) {
        let none = || StoreError::Url("the URL names no host".to_owned());
        return failures.into_iter().next().unwrap_or_else(none);
    }
    let each = failures.iter().filter_map(|error| match error {
        StoreError::Unreachable { host, why } => Some(format!("{host}: {why}")),
        _ => None,
    });
    StoreError::Unreachable { why: each.collect::<Vec<_>>().join("; "), host: server.hosts() }
}

/// What `work` answers in time. The driver's own limit ends when a host takes the connection, which
/// that of a frozen server does; whoever still waits there ends with the program.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || answer.send(work()));
    answered.recv_timeout(limit).ok()
}

/// TLS that checks the server against its name and the authorities of a file, or of the system.
fn tls(root: Option<&Path>) -> Result<MakeRustlsConnect, String> {
    let mut roots = RootCertStore::empty();
    match root {
        Some(file) => {
            let wrong = |why: String| format!("{}: {why}", file.display());
            let certificates =
                CertificateDer::pem_file_iter(file).map_err(|error| wrong(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(wrong("it holds no certificate".to_owned()));
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn greet(client: &mut Client, server: &Server) -> Result<Hello, StoreError> {
    let answers = client
        .simple_query(
            "SELECT current_setting('server_version_num'), current_setting('server_version'), \
             current_setting('server_encoding'), current_setting('synchronous_commit')",
        )
        .map_err(|error| match working(&error, server) {
            StoreError::Lost(why) => StoreError::Unreachable { host: server.hosts(), why },
            other => other,
        })?;
    let row = answers.iter().find_map(|answer| match answer {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let cell = |column| row.and_then(|row| row.get(column)).unwrap_or_default();
    hello([cell(0), cell(1), cell(2), cell(3)])
}

/// What `greet` is answered: the version as a number and as a name, the encoding, and when a
/// commit answers.
fn hello([number, version, encoding, commit]: [&str; 4]) -> Result<Hello, StoreError> {
    if number.parse::<i64>().unwrap_or_default() < OLDEST {
        return Err(StoreError::OldServer { found: version.to_owned() });
    }
    if encoding != "UTF8" {
        return Err(StoreError::Encoding { found: encoding.to_owned() });
    }
    Ok(Hello { is_hasty: commit == "off" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_and_another_encoding_are_refused_and_a_hasty_one_is_noticed() {
        let told = |cells| hello(cells).map(|hello| hello.is_hasty).map_err(|why| why.to_string());
        assert_eq!(told(["140000", "14.0", "UTF8", "on"]), Ok(false));
        assert_eq!(told(["170002", "17.2", "UTF8", "off"]), Ok(true));
        let old = "the server is PostgreSQL 13.14, and a book needs 14 or newer";
        assert_eq!(told(["130014", "13.14", "UTF8", "on"]), Err(old.to_owned()));
        assert!(told(["", "", "UTF8", "on"]).is_err());
        assert!(told(["150000", "15.0", "LATIN1", "on"]).is_err());
    }
}
