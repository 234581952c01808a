//! Parse, run, print the failure, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    lotbook::run(std::env::args_os(), lotbook::context::Surroundings::of_process()).into()
}
