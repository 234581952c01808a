//! Where passwords are looked for that are not in a URL.

use std::path::PathBuf;

/// What is known of a password besides the URL. It has no `Debug`, so that it is never printed.
#[derive(Clone, Default)]
pub struct Login {
    /// A password for whatever server it is.
    pub password: Option<String>,
    /// A password file.
    pub file: Option<PathBuf>,
}
