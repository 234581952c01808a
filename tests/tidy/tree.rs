//! Rules of the tree: no file that nothing uses, no name that says nothing.

use std::collections::BTreeSet;

use crate::hold;
use crate::source::{Source, files, read, sources};

/// The files that could declare a module of this path, such as `src/a/b.rs`.
fn parents(path: &str) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if file == "mod.rs" {
        let (above, _) = folder.rsplit_once('/').unwrap_or(("", folder));
        return siblings(above);
    }
    siblings(folder)
}

/// The files whose modules lie in this folder.
fn siblings(folder: &str) -> Vec<String> {
    let mut own = vec![format!("{folder}/mod.rs"), format!("{folder}.rs")];
    own.extend([format!("{folder}/lib.rs"), format!("{folder}/main.rs")]);
    own
}

/// The name of the module in a file.
fn module(path: &str) -> &str {
    let path = path.strip_suffix("/mod.rs").or(path.strip_suffix(".rs")).unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

fn declares(source: &Source, name: &str) -> bool {
    let code = source.code();
    let words: Vec<&str> = code.split_whitespace().collect();
    words.windows(2).any(|pair| pair[0] == "mod" && pair[1].strip_suffix(';') == Some(name))
}

fn undeclared(all: &[Source], is_root: impl Fn(&str) -> bool) -> Vec<String> {
    // What several targets share is declared by its path: `#[path = "../servers/mod.rs"]`.
    let by_path: BTreeSet<String> = all.iter().flat_map(Source::literals).collect();
    let declared = |path: &str| {
        let parents = parents(path);
        let mut parents = all.iter().filter(|source| parents.contains(&source.path));
        let shared = path.split_once('/').map(|(_, inside)| format!("../{inside}"));
        shared.is_some_and(|shared| by_path.contains(&shared))
            || parents.any(|parent| declares(parent, module(path)))
    };
    let paths = all.iter().map(|source| source.path.as_str());
    paths.filter(|path| !is_root(path) && !declared(path)).map(str::to_owned).collect()
}

#[test]
fn every_source_file_is_part_of_the_program() {
    let is_root = |path: &str| ["src/lib.rs", "src/main.rs"].contains(&path);
    hold("a .rs file is declared by `mod`, or deleted", undeclared(&sources("src"), is_root));
    let all = [Source::new("src/lib.rs", "mod a;"), Source::new("src/b.rs", "")];
    assert_eq!(undeclared(&all, is_root), ["src/b.rs"]);
}

#[test]
fn no_test_file_is_forgotten() {
    let cargo = read("Cargo.toml");
    let finds_tests = !cargo.contains("autotests = false");
    let is_target = |path: &str| {
        let depth = path.matches('/').count();
        let found = depth == 1 || (depth == 2 && path.ends_with("/main.rs"));
        found && (finds_tests || cargo.contains(&format!("\"{path}\"")))
    };
    hold("a file of tests is run, or deleted", undeclared(&sources("tests"), is_target));
}

/// The query and schema files that no Rust file of the store names.
fn unnamed(queries: &[String], literals: &BTreeSet<String>) -> Vec<String> {
    let is_named = |path: &&String| {
        let Some(inside) = path.strip_prefix("src/store/") else { return false };
        // A folder of queries may be named by a macro that adds `queries/` and `.sql` itself.
        let bare = inside.split_once('/').map_or(inside, |(_, rest)| rest);
        let short = bare.trim_end_matches(".sql");
        literals.iter().any(|literal| {
            literal == short || literal == bare || literal.trim_start_matches("../") == inside
        })
    };
    queries.iter().filter(|path| !is_named(path)).cloned().collect()
}

#[test]
fn every_sql_file_is_run() {
    let literals = sources("src/store").iter().flat_map(Source::literals).collect();
    hold(
        "an .sql file is named in the store, or deleted",
        unnamed(&files("src", "sql"), &literals),
    );
    let literals = ["queries/stock.sql".to_owned(), "lot/list".to_owned()].into();
    let paths =
        ["src/store/queries/stock.sql", "src/store/queries/lot/list.sql", "src/store/x.sql"];
    assert_eq!(unnamed(&paths.map(str::to_owned), &literals), ["src/store/x.sql"]);
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let empty = ["common", "helper", "helpers", "manager", "misc", "util", "utils"];
    let all = files("src", "rs").into_iter().chain(files("tests", "rs"));
    hold(
        "a name is a noun of the field: no utils, helpers, manager, common",
        all.filter(|path| path.split(['/', '.', '_']).any(|part| empty.contains(&part))).collect(),
    );
}
