//! The protocol language from outside: files, meaning, messages.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod advice;
mod broken;
mod chair;
mod files;
mod kinds;
mod naive;
mod sessions;
mod traces;
