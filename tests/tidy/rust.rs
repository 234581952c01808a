//! Rules of the Rust files: who may use whom, what may be named where, and how long things get.

use crate::hold;
use crate::source::{Source, end_of_item, line_of, sources};

/// Who may use whom. The first name is a file or folder of `src`, the others what it may use.
/// `main` and `lib` hold everything together and use what they like.
const USES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("os", &[]),
    ("views", &["domain"]),
    ("store", &["domain", "os"]),
    ("error", &["domain", "store", "views"]),
    ("ui", &["domain", "error", "views"]),
    ("config", &["domain", "error", "os", "ui", "views"]),
    ("books", &["config", "domain", "error", "os", "store", "ui"]),
    ("context", &["books", "config", "domain", "error", "os", "store", "ui", "views"]),
    ("across", &["books", "context", "error", "store", "ui"]),
    (
        "commands",
        &["books", "cli", "config", "context", "domain", "error", "os", "store", "ui", "views"],
    ),
    (
        "cli",
        &[
            "across", "commands", "config", "context", "domain", "error", "os", "store", "ui",
            "views",
        ],
    ),
];

/// The file or folder of `src` that a path belongs to: `views` for `src/views/text.rs`.
fn layer(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn inside_src(test: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    sources("src").iter().flat_map(test).collect()
}

/// Every path of the code that is wrong in this file, with its place.
fn wrong_paths(source: &Source, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    wrong_paths_in(&source.code(), source, is_wrong)
}

fn wrong_paths_in(code: &str, source: &Source, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let paths = Source::paths(code);
    let wrong = paths.into_iter().filter(|(_, path)| is_wrong(path));
    wrong.map(|(line, path)| format!("{}:{line}: {path}", source.path)).collect()
}

/// The part of the program that a path names, if it leaves its own file: `views` for
/// `crate::views::text`, and for `super::super::views` where that is the same.
fn named_layer<'path>(file: &str, path: &'path str) -> Option<&'path str> {
    if let Some(rest) = path.strip_prefix("crate::").or(path.strip_prefix("lotbook::")) {
        return rest.split("::").next();
    }
    let ups = path.split("::").take_while(|part| *part == "super").count();
    let folders = file.matches('/').count() - 1;
    let depth = if file.ends_with("/mod.rs") { folders } else { folders + 1 };
    if ups > 0 && ups >= depth { path.split("::").nth(ups) } else { None }
}

fn forbidden_uses(source: &Source) -> Vec<String> {
    let own = layer(&source.path);
    if ["main", "lib"].contains(&own) {
        return Vec::new();
    }
    let Some((_, allowed)) = USES.iter().find(|(name, _)| *name == own) else {
        return vec![format!("{}: say in tests/tidy/rust.rs what `{own}` may use", source.path)];
    };
    let known = |name: &str| USES.iter().any(|(layer, _)| *layer == name);
    wrong_paths(source, |path| {
        named_layer(&source.path, path)
            .is_some_and(|name| known(name) && name != own && !allowed.contains(&name))
    })
}

#[test]
fn each_layer_uses_only_what_stands_to_its_right() {
    hold(
        "main -> cli -> commands -> { views, store } -> domain; views and store never meet",
        inside_src(forbidden_uses),
    );
}

#[test]
fn the_rule_about_layers_sees_every_way_to_name_one() {
    for (path, text) in [
        ("src/domain/stock.rs", "use crate::store::Book;"),
        ("src/views/text.rs", "use crate::{domain::id::Sku, store::Book};"),
        ("src/views/text.rs", "fn f() { super::super::store::open() }"),
        ("src/store/mod.rs", "use super::views::Format;"),
        ("src/novel.rs", "fn f() {}"),
    ] {
        assert_eq!(forbidden_uses(&Source::new(path, text)).len(), 1, "{path}: {text}");
    }
    let fine = "use super::table::Cell; use crate::domain::id::Sku; // crate::store";
    assert_eq!(forbidden_uses(&Source::new("src/views/text.rs", fine)), [""; 0]);
}

#[test]
fn the_domain_knows_no_files_network_clock_environment_randomness_or_database() {
    let outside = [
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "std::time",
        "std::io::stdin",
        "std::io::stdout",
        "std::io::stderr",
        "getrandom",
        "rand",
        "rusqlite",
        "postgres",
        "tempfile",
        "uuid::Uuid::new_v4",
        "uuid::Uuid::now_v7",
    ];
    let words = ["SystemTime", "println", "eprintln", "OsRng", "thread_rng"];
    let is_outside = |path: &str| {
        let below = |name: &&str| path == *name || path.starts_with(&format!("{name}::"));
        let now = path.ends_with("Uuid::now_v7") || path.ends_with("Timestamp::now");
        outside.iter().any(below) || path.split("::").any(|part| words.contains(&part)) || now
    };
    hold(
        "the domain takes now, who and ids as arguments and can't fail for the world around it",
        inside_src(|source| match layer(&source.path) {
            "domain" => wrong_paths_in(&source.code_outside_tests(), source, is_outside),
            _ => Vec::new(),
        }),
    );
}

/// Fails where a crate or module is named outside its own file or folder.
fn named_only_in(home: &str, rule: &str, is_named: impl Fn(&str) -> bool + Copy) {
    let breaches = inside_src(|source| match source.path.starts_with(home) {
        true => Vec::new(),
        false => wrong_paths(source, is_named),
    });
    hold(rule, breaches);
}

#[test]
fn only_the_domains_time_names_jiff() {
    named_only_in("src/domain/time.rs", "domain/time.rs alone names jiff", |path| {
        path.split("::").next() == Some("jiff")
    });
}

#[test]
fn only_its_own_engine_names_a_database_driver() {
    named_only_in("src/store/sqlite", "store/sqlite alone names rusqlite", |path| {
        path.split("::").next() == Some("rusqlite")
    });
    named_only_in("src/store/postgres", "store/postgres alone names its driver", |path| {
        ["postgres", "tokio_postgres"].contains(&path.split("::").next().unwrap_or_default())
            && path.contains("::")
    });
}

#[test]
fn only_the_ui_touches_stdin_stdout_and_stderr() {
    named_only_in("src/ui.rs", "ui.rs alone touches the standard streams", |path| {
        ["io::stdin", "io::stdout", "io::stderr", "anstream::stdout", "anstream::stderr"]
            .iter()
            .any(|stream| path == *stream || path.ends_with(&format!("::{stream}")))
    });
}

/// The places where code asks which system it is compiled for.
fn system_questions(source: &Source) -> Vec<String> {
    let code = source.code();
    let asks = |(at, _): (usize, &str)| {
        let end = end_of_parens(&code, at + "cfg".len());
        let words = Source::paths(&code[at..end]);
        let systems = ["unix", "windows", "target_os", "target_family"];
        let asked = words.iter().any(|(_, word)| systems.contains(&word.as_str()));
        asked.then(|| format!("{}:{}", source.path, line_of(&code, at)))
    };
    code.match_indices("cfg").filter_map(asks).collect()
}

fn end_of_parens(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\n' if depth == 0 => return at,
            _ => {}
        }
        if depth == 0 && byte == b')' {
            return at;
        }
    }
    code.len()
}

#[test]
fn only_os_rs_asks_which_system_it_runs_on() {
    let rule = "os.rs alone names std::os or asks for unix or windows";
    named_only_in("src/os.rs", rule, |path| path.starts_with("std::os"));
    hold(
        rule,
        inside_src(|source| match source.path.as_str() {
            // The driver's own list of hosts has one kind more where there are sockets.
            "src/os.rs" | "src/store/postgres/address.rs" => Vec::new(),
            _ => system_questions(source),
        }),
    );
    let asks = Source::new("src/x.rs", "#[cfg(any(test, windows))]\nif cfg!(not(unix)) {}\n");
    assert_eq!(system_questions(&asks), ["src/x.rs:1", "src/x.rs:2"]);
    let plain = Source::new("src/x.rs", "#[cfg(test)]\nfn windows() { chunks.windows(2) }\n");
    assert_eq!(system_questions(&plain), [""; 0]);
}

#[test]
fn no_line_is_longer_than_100_columns() {
    let long = |source: &Source| -> Vec<String> {
        let lines = source.foldable_lines();
        let long = lines.filter(|(_, line)| line.chars().count() > 100);
        long.map(|(number, _)| format!("{}:{number}", source.path)).collect()
    };
    let all = sources("src").into_iter().chain(sources("tests")).chain(sources("benches"));
    hold("a line has at most 100 columns", all.flat_map(|source| long(&source)).collect());
}

/// The longest a function may be, from its first line to its closing brace.
const FUNCTION_MAX: usize = 70;

fn long_functions(source: &Source) -> Vec<String> {
    let code = source.code_outside_tests();
    let mut long = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let begins =
            !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let end = end_of_item(&code, at);
        let lines = line_of(&code, end) - line_of(&code, at) + 1;
        if begins && lines > FUNCTION_MAX {
            let name = code[at + 3..].split(['(', '<']).next().unwrap_or_default();
            let line = line_of(&code, at);
            long.push(format!("{}:{line}: {name} has {lines} lines", source.path));
        }
    }
    long
}

#[test]
fn a_function_fits_a_screen() {
    hold("a function has at most 70 lines: branch high, loop low", inside_src(long_functions));
    let text = format!("fn short() {{}}\nfn long() {{\n{}}}\n", "    x();\n".repeat(69));
    let long = long_functions(&Source::new("src/x.rs", &text));
    assert_eq!(long, ["src/x.rs:2: long has 71 lines"]);
}

fn leftovers(source: &Source) -> Vec<String> {
    let code = match source.path.starts_with("src/") {
        true => source.code_outside_tests(),
        false => String::new(),
    };
    let everywhere = ["todo!", "unimplemented!", "dbg!"];
    let outside_tests = [".unwrap()", ".unwrap_err()", "panic!", "unreachable!"];
    let in_comments = ["FIXME", "XXX", "TODO", "HACK"];
    let all_code = source.code();
    let comments = source.comments();
    let find = |text: &str, marks: &[&str]| -> Vec<String> {
        let at = |mark: &&str| -> Vec<String> {
            let places = text.match_indices(*mark).map(|(at, _)| line_of(text, at));
            places.map(|line| format!("{}:{line}: {mark}", source.path)).collect()
        };
        marks.iter().flat_map(at).collect()
    };
    let mut found = find(&all_code, &everywhere);
    found.extend(find(&code, &outside_tests));
    found.extend(find(&comments, &in_comments));
    found
}

#[test]
fn nothing_unfinished_and_nothing_that_panics_is_left() {
    hold(
        "no markers of unfinished work; outside tests nothing panics on purpose",
        sources("src").into_iter().chain(sources("tests")).flat_map(|s| leftovers(&s)).collect(),
    );
    let text =
        "fn a() { b.unwrap(); todo!() } // FIXME\n#[cfg(test)]\nmod t { fn c() { d.unwrap() } }";
    assert_eq!(leftovers(&Source::new("src/x.rs", text)).len(), 3);
}

#[test]
fn amounts_are_never_floats() {
    let counts = |source: &Source| {
        let path = source.path.as_str();
        path == "src/domain/quantity.rs" || path.starts_with("src/domain/stock")
    };
    hold(
        "quantities and stock are integers and exact decimals, never floats",
        inside_src(|source| match counts(source) {
            true => wrong_paths(source, |path| {
                path.split("::").any(|part| ["f32", "f64"].contains(&part))
            }),
            false => Vec::new(),
        }),
    );
}

#[test]
fn every_file_begins_with_why_it_exists() {
    hold(
        "a file of more than 20 lines begins with `//!` and says what it is for",
        inside_src(|source| match source.text.lines().count() {
            ..=20 => Vec::new(),
            _ if source.text.starts_with("//! ") => Vec::new(),
            _ => vec![source.path.clone()],
        }),
    );
}
