//! The server's errors as the store's own. A message never holds a password: the driver's errors
//! have none, and the URL is not repeated.

use std::error::Error as _;
use std::io::ErrorKind;

use postgres::error::{Severity, SqlState};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::address::Server;
use super::statements::is_about_names;
use crate::domain::time::Instant;
use crate::store::{StoreError, TlsFault};

/// What the driver says of a host that `target_session_attrs=read-write` leaves out.
const ONLY_READS: &str = "database does not allow writes";

/// The same of `target_session_attrs=read-only`.
const WRITES: &str = "database is not read only";

/// What failed while the connection was made.
pub(super) fn connecting(error: &postgres::Error, server: &Server) -> StoreError {
    let why = innermost(error);
    let Some(code) = error.code() else {
        let host = server.hosts();
        return if let Some((fault, why)) = distrust(error, why.clone()) {
            StoreError::Tls { host, fault, why }
        } else if why.contains("password") {
            StoreError::Login { user: server.user().to_owned(), why: no_password(server) }
        } else if why == ONLY_READS {
            let why = "it is a standby, and the URL asks for target_session_attrs=read-write";
            StoreError::NotReady { host, why: why.to_owned() }
        } else if why == WRITES {
            StoreError::Url(format!(
                "{host} is a primary, and the URL asks for target_session_attrs=read-only"
            ))
        } else {
            StoreError::Unreachable { host, why }
        };
    };
    match *code {
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INSUFFICIENT_PRIVILEGE => {
            StoreError::Login { user: server.user().to_owned(), why }
        }
        SqlState::TOO_MANY_CONNECTIONS => StoreError::Full { host: server.hosts(), why },
        SqlState::CANNOT_CONNECT_NOW | SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => {
            StoreError::NotReady { host: server.hosts(), why }
        }
        SqlState::INVALID_CATALOG_NAME => StoreError::NoDatabase(server.database().to_owned()),
        _ => StoreError::Unreachable { host: server.hosts(), why },
    }
}

/// Where a password was looked for in vain.
fn no_password(server: &Server) -> String {
    let none = "no password is given".to_owned();
    match server.missing_file() {
        None => none,
        Some(file) => format!("{none}, and there is no password file {}", file.display()),
    }
}

/// What is wrong with the encryption, where that is what failed, and its words.
fn distrust(error: &postgres::Error, why: String) -> Option<(TlsFault, String)> {
    let mut cause = error.source();
    while let Some(this) = cause {
        let inner = this.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let of_tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(wrong)) = of_tls {
            return Some(certificate(wrong, why));
        }
        cause = this.source();
    }
    if why.contains("not support TLS") {
        return Some((TlsFault::NoTls, why));
    }
    let is_tls = ["certificate", "TLS", "handshake"].iter().any(|word| why.contains(word));
    is_tls.then_some((TlsFault::Authority, why))
}

/// What is wrong with a certificate, in words where the library's are none for people.
fn certificate(wrong: &CertificateError, why: String) -> (TlsFault, String) {
    let day = |at: UnixTime| {
        let millis = i64::try_from(at.as_secs()).unwrap_or(i64::MAX).saturating_mul(1000);
        Instant::from_millis(millis).map_or_else(|_| "long ago".to_owned(), |at| at.to_string())
    };
    match wrong {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (TlsFault::Name, why)
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            (TlsFault::Time, format!("its certificate was valid until {}", day(*not_after)))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            (TlsFault::Time, format!("its certificate is not valid before {}", day(*not_before)))
        }
        CertificateError::Expired | CertificateError::NotValidYet => (TlsFault::Time, why),
        CertificateError::Other(other) => {
            let said = format!("{other:?}");
            if said.contains("CaUsedAsEndEntity") {
                (TlsFault::OwnAuthority, "its certificate is that of an authority".to_owned())
            } else if said.contains("UnsupportedCertVersion") {
                (TlsFault::OldKind, "its certificate is of an old version".to_owned())
            } else {
                (TlsFault::Authority, why)
            }
        }
        _ => (TlsFault::Authority, why),
    }
}

/// What failed on a connection that was made.
pub(super) fn working(error: &postgres::Error, server: &Server) -> StoreError {
    let why = innermost(error);
    let Some(code) = error.code() else {
        return if is_gone(error) { StoreError::Lost(why) } else { StoreError::Engine(why) };
    };
    if ends_session(error) {
        return StoreError::Lost(why);
    }
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            StoreError::Again(why)
        }
        ref code if is_about_names(code) => StoreError::Again(why),
        SqlState::LOCK_NOT_AVAILABLE => StoreError::Locked,
        SqlState::INSUFFICIENT_PRIVILEGE => {
            StoreError::Denied { user: server.user().to_owned(), why }
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            StoreError::OnlyReads("the server is a standby, or set to be read only".to_owned())
        }
        // Two made a book at once. The server's own tables have a key for each name.
        SqlState::DUPLICATE_SCHEMA | SqlState::DUPLICATE_TABLE => taken(server),
        SqlState::UNIQUE_VIOLATION if is_of_the_server(error) => taken(server),
        SqlState::DISK_FULL => StoreError::DiskFull,
        SqlState::DATA_CORRUPTED
        | SqlState::INDEX_CORRUPTED
        | SqlState::UNDEFINED_TABLE
        | SqlState::UNDEFINED_COLUMN => StoreError::Corrupt(why),
        _ => StoreError::Engine(why),
    }
}

fn taken(server: &Server) -> StoreError {
    StoreError::Exists(format!("the schema {}", server.schema().unwrap_or_default()).into())
}

fn is_of_the_server(error: &postgres::Error) -> bool {
    error.as_db_error().and_then(|said| said.schema()) == Some("pg_catalog")
}

/// Whether the server, or a pooler before it, says that the session ends here: a shutdown, an
/// administrator's word, a time limit, a server that crashed behind its pooler. What a commit did
/// that is answered so is not known.
fn ends_session(error: &postgres::Error) -> bool {
    let Some(said) = error.as_db_error() else { return false };
    let is_last = matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    let code = said.code();
    // Class 08 is named "Connection Exception" in the manual's list of codes.
    is_last
        || code.code().starts_with("08")
        || [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
        ]
        .contains(code)
}

/// Whether the connection itself is what failed.
fn is_gone(error: &postgres::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<std::io::Error>() {
            return cause.kind() != ErrorKind::InvalidInput;
        }
        source = cause.source();
    }
    error.is_closed()
}

/// The words of the error that began it.
fn innermost(error: &postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_over_is_told_with_its_day() {
        let at =
            |days: u64| UnixTime::since_unix_epoch(std::time::Duration::from_secs(days * 86_400));
        let over = CertificateError::ExpiredContext { time: at(20_001), not_after: at(20_000) };
        let told = "its certificate was valid until 2024-10-04T00:00:00.000Z".to_owned();
        assert_eq!(certificate(&over, String::new()), (TlsFault::Time, told));
        let early = CertificateError::NotValidYetContext { time: at(0), not_before: at(20_000) };
        let told = "its certificate is not valid before 2024-10-04T00:00:00.000Z".to_owned();
        assert_eq!(certificate(&early, String::new()), (TlsFault::Time, told));
        let unknown = certificate(&CertificateError::UnknownIssuer, "why".to_owned());
        assert_eq!(unknown, (TlsFault::Authority, "why".to_owned()));
    }
}
