//! What was meant as the address of a server and is none. It may hold a password, so it is never
//! taken for the name of a file, which would be shown, and made.

/// Whether this, which is no URL of a book, looks like the address of a server. A path that begins
/// with a folder (`./`, `../`, `/`, a drive) never does.
pub fn is_meant(text: &str) -> bool {
    let meant = text.trim_matches(|letter: char| letter.is_whitespace() || "\"'".contains(letter));
    if is_path(meant) {
        return false;
    }
    let small = meant.to_ascii_lowercase();
    let begins = ["postgresql", "postgres"].iter().find_map(|name| small.strip_prefix(name));
    begins.is_some_and(|rest| rest.starts_with(':') || rest.starts_with("//"))
        || (small.contains("://") && small.contains('@'))
        || small.split("password").skip(1).any(|rest| rest.trim_start().starts_with('='))
        || small.split_once('?').is_some_and(|(_, rest)| rest.contains("schema="))
        || has_login(&small)
}

/// Whether it begins with a folder that is written as one.
fn is_path(text: &str) -> bool {
    let is_drive = |text: &str| {
        let mut bytes = text.bytes();
        let (letter, colon, slash) = (bytes.next(), bytes.next(), bytes.next());
        letter.is_some_and(|letter| letter.is_ascii_alphabetic())
            && colon == Some(b':')
            && matches!(slash, Some(b'/' | b'\\'))
    };
    let is_absolute = text.starts_with('/') && !text.starts_with("//");
    let begins = ["./", "../", ".\\", "..\\", "\\"].iter().any(|begin| text.starts_with(begin));
    is_absolute || begins || is_drive(text)
}

/// Whether it begins with `USER:PASSWORD@`. The password may hold slashes.
fn has_login(text: &str) -> bool {
    let text = text.trim_start_matches('/');
    let Some((user, rest)) = text.split_once(':') else { return false };
    !user.contains(['/', '\\']) && rest.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_as_a_server_is_no_file() {
        for text in [
            "postgres:/eva:s3cret@localhost/clinics?schema=a",
            "postgres:eva:s3cret@localhost/clinics",
            "Postgres:eva@localhost",
            "postgresql//eva:s3cret@localhost",
            "postgre:eva:s3cret@localhost",
            "eva:s3cret@localhost/clinics?schema=a",
            "eva:s3/cret@localhost/clinics",
            "//eva:s3cret@localhost/clinics",
            " postgres://eva:s3cret@localhost/clinics",
            "\u{a0}postgres://eva@localhost/clinics",
            "'postgres://eva:s3cret@localhost/clinics",
            "postgres ://eva:s3cret@localhost/clinics",
            "://eva:s3cret@localhost/clinics",
            "eva@localhost/clinics?schema=a",
            "host=localhost user=eva password=s3cret",
            "host=h user=eva Password = s3cret",
        ] {
            assert!(is_meant(text), "{text}");
        }
    }

    #[test]
    fn what_is_written_as_a_file_stays_one() {
        for text in [
            "clinic.lotbook",
            "eva@home.lotbook",
            "16:30.lotbook",
            "file:a.lotbook?mode=memory",
            "postgres.lotbook",
            "postgres/clinic.lotbook",
            "./postgres:eva:x@y",
            "../eva:x@y",
            "/books/eva:x@y",
            "C:\\books\\eva@home.lotbook",
            "c:/books/eva@home.lotbook",
            "books/16:30@home.lotbook",
            "a b://c",
            "",
        ] {
            assert!(!is_meant(text), "{text}");
        }
    }
}
