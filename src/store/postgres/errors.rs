//! The server's errors as the store's own. A message never holds a password: the driver's errors
//! have none, and the URL is not repeated.

use std::error::Error as _;
use std::io::ErrorKind;

use postgres::error::{Severity, SqlState};

use super::address::Server;
use super::statements::is_about_names;
use crate::store::StoreError;

/// What the driver says of a host that `target_session_attrs=read-write` leaves out.
const ONLY_READS: &str = "database does not allow writes";

/// The same of `target_session_attrs=read-only`.
const WRITES: &str = "database is not read only";

/// What failed while the connection was made.
pub(super) fn connecting(error: &postgres::Error, server: &Server) -> StoreError {
    let why = innermost(error);
    let Some(code) = error.code() else {
        let host = server.hosts();
        let is_tls =
            why.contains("certificate") || why.contains("TLS") || why.contains("handshake");
        return if is_tls {
            StoreError::Tls { host, why }
        } else if why.contains("password") {
            StoreError::Login { user: server.user().to_owned(), why: "no password is given".into() }
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
