//! Tells the tests whether PostgreSQL's server programs are there, so that those which start a
//! server of their own are counted as ignored where they are not.

use std::path::Path;

fn main() {
    let installed = Path::new("/usr/lib/postgresql");
    let on_path = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join("initdb").is_file())
    });
    let is_required = std::env::var("LOTBOOK_TEST_POSTGRES").is_ok_and(|word| word == "required");
    println!("cargo::rustc-check-cfg=cfg(has_postgres_server)");
    println!("cargo::rerun-if-env-changed=LOTBOOK_TEST_POSTGRES");
    println!("cargo::rerun-if-changed=build.rs");
    if installed.exists() {
        println!("cargo::rerun-if-changed={}", installed.display());
    }
    let has_feature = std::env::var_os("CARGO_FEATURE_POSTGRES").is_some();
    if has_feature && (is_required || on_path || installed.is_dir()) {
        println!("cargo::rustc-cfg=has_postgres_server");
    }
}
