//! Where a password comes from that is not in the URL: `PGPASSWORD`, then the password file, by
//! PostgreSQL's own rules (its manual, "The Password File").

use std::path::Path;

use postgres::Config;
use postgres::config::Host;

use super::address::{Reached, reached};
use crate::store::{Login, StoreError};

/// What the password file says for each host of a connection, in their order.
///
/// # Errors
///
/// Where the file is there and can't be read.
pub(super) fn of_hosts(config: &Config, login: &Login) -> Result<Vec<Option<String>>, StoreError> {
    let text = login.file.as_deref().map_or(Ok(String::new()), text_of)?;
    let user = config.get_user().unwrap_or_default();
    let database = config.get_dbname().unwrap_or(user);
    let ports = config.get_ports();
    let of_host = |(index, host): (usize, &Host)| {
        let host = match reached(host) {
            Reached::Named(name) => name,
            Reached::Socket(folder) if folder == Path::new("/var/run/postgresql") => "localhost",
            Reached::Socket(folder) => folder.to_str()?,
        };
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432).to_string();
        text.lines().find_map(|line| matching(line, &[host, &port, database, user]))
    };
    Ok(config.get_hosts().iter().enumerate().map(of_host).collect())
}

/// The text of the file; none of one that is missing, or that others can read.
fn text_of(file: &Path) -> Result<String, StoreError> {
    if file.is_dir() {
        let what = format!("the password file {} is a folder", file.display());
        return Err(StoreError::Url(what));
    }
    if !file.exists() || !crate::os::is_private(file) {
        return Ok(String::new());
    }
    std::fs::read_to_string(file).map_err(|error| {
        StoreError::Url(format!("the password file {} can't be read: {error}", file.display()))
    })
}

/// The password of a line `host:port:database:user:password` that fits; `*` fits everything, and a
/// backslash takes the meaning from a colon or a backslash.
fn matching(line: &str, wanted: &[&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => fields.last_mut()?.extend(letters.next()),
            ':' if fields.len() < 5 => fields.push(String::new()),
            _ => fields.last_mut()?.push(letter),
        }
    }
    let fits = |(field, wanted): (&String, &&str)| field == "*" || field == wanted;
    let all = fields.len() == 5 && fields.iter().zip(wanted).all(fits);
    if all { fields.pop().filter(|password| !password.is_empty()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: [&str; 4] = ["db.example", "5432", "clinics", "ana"];

    #[test]
    fn a_line_fits_by_host_port_database_and_user() {
        let found = |line| matching(line, &WANTED);
        assert_eq!(found("db.example:5432:clinics:ana:secret").as_deref(), Some("secret"));
        assert_eq!(found("*:*:*:*:se:cret").as_deref(), Some("se:cret"));
        assert_eq!(found(r"*:*:*:ana:a\:b\\c").as_deref(), Some(r"a:b\c"));
        assert_eq!(found("db.example:5433:clinics:ana:secret"), None);
        assert_eq!(found("# *:*:*:*:secret"), None);
        assert_eq!(found("*:*:*:*"), None);
        assert_eq!(found("*:*:*:*:"), None);
    }
}
