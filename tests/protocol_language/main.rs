//! The protocol language from outside: files, meaning, messages.

mod files;
mod sessions;
