//! Making a connection: TLS, and what a server must be for a book to lie on it.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::{Duration, Instant as Stopwatch};

use postgres::config::{SslMode, SslNegotiation};
use postgres::error::SqlState;
use postgres::types::Type;
use postgres::{Client, Config, NoTls, SimpleQueryMessage};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{Protection, Reached, Server, reached};
use super::errors::{connecting, working};
use super::watched::{Encrypted, InClear, Pulse, Watch};
use crate::store::{StoreError, TlsFault};

/// The oldest server: it has what the rules of this engine were tried on.
const OLDEST: i64 = 140_000;

/// What a server says of itself.
struct Said {
    is_hasty: bool,
    process: i64,
}

/// A server that a book can lie on, and the connection to it.
pub(super) struct Hello {
    /// What looks after its silences.
    pub(super) watch: Arc<Watch>,
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

/// What is asked first on a connection: where that is lost, it is asked again, for nobody has seen
/// any of it.
pub(super) fn until_kept<T>(
    server: &Server,
    mut work: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let begun = Stopwatch::now();
    loop {
        match work() {
            Err(StoreError::Lost(_)) if begun.elapsed() < server.patience() => sleep(PAUSE),
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

/// One host: a connection that is looked after, and that it is what a book needs.
fn to_host(server: &Server) -> Result<(Client, Hello), StoreError> {
    let host = server.clone();
    let watch = Watch::asking(Box::new(move |process| pulse(&host, process)));
    let (client, said) = greeted(server, &watch)?;
    watch.meet(said.process);
    Ok((client, Hello { watch, is_hasty: said.is_hasty }))
}

/// Whether a host still lets anybody in, and what it says of one of its processes.
fn pulse(server: &Server, process: i64) -> Pulse {
    let (mut client, _) = match greeted(server, &Arc::default()) {
        Ok(greeted) => greeted,
        Err(StoreError::Unreachable { why, .. }) => return Pulse::Silent(why),
        // Whoever refuses lives.
        Err(_) => return Pulse::Lives,
    };
    let waits = "SELECT wait_event = 'SyncRep' FROM pg_catalog.pg_stat_activity WHERE pid = $1";
    let asked = within(server.patience(), move || {
        let process = i32::try_from(process).unwrap_or_default();
        let rows = client.query_typed(waits, &[(&process, Type::INT4)]).unwrap_or_default();
        rows.first().and_then(|row| row.try_get(0).ok().flatten()).unwrap_or(false)
    });
    match asked {
        None => Pulse::Silent("it let the program in and said no more".to_owned()),
        Some(true) => Pulse::AwaitsStandby,
        Some(false) => Pulse::Lives,
    }
}

/// One host, which has its time for connection and greeting.
fn greeted(server: &Server, watch: &Arc<Watch>) -> Result<(Client, Said), StoreError> {
    let (config, host) = (server.config.clone(), server.clone());
    let tls = match &server.protection {
        Protection::None => None,
        Protection::Full(root) => {
            let fault = TlsFault::File;
            let of_server = |why| StoreError::Tls { host: server.hosts(), fault, why };
            Some(tls(root.as_deref()).map_err(of_server)?)
        }
    };
    let (limit, watch) = (server.patience(), Arc::clone(watch));
    let connected = within(limit, move || {
        let mut client =
            connect_by(config, tls, watch).map_err(|error| connecting(&error, &host))?;
        let said = greet(&mut client, &host)?;
        Ok((client, said))
    });
    connected.unwrap_or_else(|| {
        let why = format!("the connection was taken, and nothing said for {} s", limit.as_secs());
        Err(StoreError::Unreachable { host: server.hosts(), why })
    })
}

fn connect_by(
    mut config: Config,
    tls: Option<MakeRustlsConnect>,
    watch: Arc<Watch>,
) -> Result<Client, postgres::Error> {
    let warned = Arc::clone(&watch);
    config.notice_callback(move |notice| {
        if *notice.code() == SqlState::WARNING {
            warned.warn();
        }
    });
    let mut hosts = config.get_hosts().iter().map(reached);
    let is_socket = hosts.any(|host| matches!(host, Reached::Socket(_)));
    match tls {
        Some(tls) => config.ssl_mode(SslMode::Require).connect(Encrypted(tls, watch)),
        // The driver makes nothing of a socket, so its silences can't be looked into.
        None if is_socket => config.ssl_mode(SslMode::Disable).connect(NoTls),
        None => {
            let config = config.ssl_mode(SslMode::Require);
            config.ssl_negotiation(SslNegotiation::Direct).connect(InClear(watch))
        }
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

fn greet(client: &mut Client, server: &Server) -> Result<Said, StoreError> {
    let answers = client
        .simple_query(
            "SELECT current_setting('server_version_num'), current_setting('server_version'), \
             current_setting('server_encoding'), current_setting('synchronous_commit'), \
             pg_catalog.pg_backend_pid()",
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
    hello([cell(0), cell(1), cell(2), cell(3), cell(4)])
}

/// What `greet` is answered: the version as a number and as a name, the encoding, and when a
/// commit answers, and the process.
fn hello([number, version, encoding, commit, process]: [&str; 5]) -> Result<Said, StoreError> {
    if number.parse::<i64>().unwrap_or_default() < OLDEST {
        return Err(StoreError::OldServer { found: version.to_owned() });
    }
    if encoding != "UTF8" {
        return Err(StoreError::Encoding { found: encoding.to_owned() });
    }
    Ok(Said { is_hasty: commit == "off", process: process.parse().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_and_another_encoding_are_refused_and_a_hasty_one_is_noticed() {
        let told = |cells| hello(cells).map(|hello| hello.is_hasty).map_err(|why| why.to_string());
        assert_eq!(told(["140000", "14.0", "UTF8", "on", "7"]), Ok(false));
        assert_eq!(told(["170002", "17.2", "UTF8", "off", "7"]), Ok(true));
        let old = "the server is PostgreSQL 13.14, and a book needs 14 or newer";
        assert_eq!(told(["130014", "13.14", "UTF8", "on", "7"]), Err(old.to_owned()));
        assert!(told(["", "", "UTF8", "on", "7"]).is_err());
        assert!(told(["150000", "15.0", "LATIN1", "on", "7"]).is_err());
    }
}
