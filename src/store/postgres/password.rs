//! Where a password comes from that is not in the URL: `PGPASSWORD`, then the password file, by
//! PostgreSQL's own rules (its manual, "The Password File").

use std::path::Path;

use postgres::Config;
use postgres::config::Host;

use super::address::socket;
use crate::store::Login;

/// The password for the first host of a connection.
pub(super) fn find(config: &Config, login: &Login) -> Option<String> {
    if let Some(password) = &login.password {
        return Some(password.clone());
    }
    let file = login.file.as_deref()?;
    if !crate::os::is_private(file) {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let host = config.get_hosts().first()?;
    let host = match (host, socket(host)) {
        (Host::Tcp(name), _) => name.as_str(),
        (_, Some(folder)) if folder == Path::new("/var/run/postgresql") => "localhost",
        (_, folder) => folder?.to_str()?,
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let user = config.get_user()?;
    let database = config.get_dbname().unwrap_or(user);
    text.lines().find_map(|line| matching(line, &[host, &port, database, user]))
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
