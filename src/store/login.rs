//! Where passwords are looked for that are not in a URL.

use std::fmt;
use std::path::PathBuf;

/// What the user's surroundings say about passwords. It is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// `PGPASSWORD`.
    pub password: Option<String>,
    /// `PGPASSFILE`, or the password file in the user's home.
    pub file: Option<PathBuf>,
}

impl fmt::Debug for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Login").field("file", &self.file).finish_non_exhaustive()
    }
}
