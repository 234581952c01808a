//! What is known before the program is compiled: which letters look like which, and whether the
//! tests can start a PostgreSQL server.

use std::fmt::Write as _;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

fn main() {
    let folder = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    let file = Path::new(&folder).join("confusable.rs");
    std::fs::write(file, confusable()).expect("cargo's folder can be written to");
    say_whether_there_is_a_server();
}

/// The letters whose skeleton is not themselves, with where it stands in one text. The crate's own
/// table is of pointers, which every start of the program would have to set.
fn confusable() -> String {
    let (mut places, mut text, mut count) = (String::new(), String::new(), 0);
    for letter in '\0'..=char::MAX {
        let mut one = [0; 4];
        let one = &*letter.encode_utf8(&mut one);
        // What falls apart is looked up in its parts.
        if !one.nfd().eq([letter]) || skeleton(one).eq([letter]) {
            continue;
        }
        let begin = text.len();
        text.extend(skeleton(one));
        let length = text.len() - begin;
        write!(places, "({letter:?}, {begin}, {length}),").expect("a String takes everything");
        count += 1;
    }
    format!(
        "static PLACES: [(char, u16, u8); {count}] = [{places}];\nstatic SKELETONS: &str = {text:?};"
    )
}

/// The tests that start a server of their own are counted as ignored where PostgreSQL's programs
/// are not there.
fn say_whether_there_is_a_server() {
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
