//! A Rust file as the rules read it: what is code, what is comment, what is text.

use std::fs;
use std::path::{Path, PathBuf};

/// What a byte of a Rust file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    /// A literal whose layout rustfmt could change.
    Literal,
    /// A raw literal or an inline snapshot: its lines are compared with something and can't be
    /// folded.
    Raw,
}

/// One file with the kind of each of its bytes.
pub(crate) struct Source {
    /// The path from the package, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
    parts: Vec<Part>,
    /// Whether only tests compile the whole file.
    only_tests: bool,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (path, text) = (path.to_owned(), text.to_owned());
        Self { parts: parts(&text), path, text, only_tests: false }
    }

    /// The text with everything but code blanked; every byte keeps its place.
    pub(crate) fn code(&self) -> String {
        self.only(|part| part == Part::Code)
    }

    /// The code without what only tests compile.
    pub(crate) fn code_outside_tests(&self) -> String {
        let mut code = self.code();
        if self.only_tests {
            return blanked(&code);
        }
        while let Some(start) = code.find("#[cfg(test)]") {
            let end = end_of_item(&code, start);
            let blank: String = blanked(&code[start..end]);
            code.replace_range(start..end, &blank);
        }
        code
    }

    /// The files of the modules that only tests compile, such as `#[cfg(test)] mod laws;`: each
    /// with and without its ending, which is its folder.
    fn test_modules(&self) -> Vec<String> {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let folder = match file {
            "mod.rs" | "lib.rs" | "main.rs" => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let code = self.code();
        let items = code.match_indices("#[cfg(test)]").map(|(at, _)| &code[at..]);
        let name = |item: &str| {
            let words: Vec<&str> = item.split_whitespace().take(4).collect();
            let at = words.iter().position(|word| *word == "mod")?;
            Some(format!("{folder}/{}", words.get(at + 1)?.strip_suffix(';')?))
        };
        items.filter_map(name).collect()
    }

    pub(crate) fn comments(&self) -> String {
        self.only(|part| part == Part::Comment)
    }

    /// The contents of the string literals.
    pub(crate) fn literals(&self) -> Vec<String> {
        let text = self.only(|part| matches!(part, Part::Literal | Part::Raw));
        text.split('"').map(str::to_owned).collect()
    }

    /// Lines as people count them, without those that end inside a raw literal.
    pub(crate) fn foldable_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        self.text.split_inclusive('\n').enumerate().filter_map(move |(number, line)| {
            at += line.len();
            let inside = at < self.text.len() && self.parts[at - 1] == Part::Raw;
            (!inside).then(|| (number + 1, line.trim_end_matches(['\n', '\r'])))
        })
    }

    /// Every path that the code names, such as `std::fs::File`, with the line where it stands.
    /// The braces of a `use` are spelled out.
    pub(crate) fn paths(code: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) = next_word(code, at) {
            at = read_path(code, start, "", &mut found);
        }
        found.into_iter().map(|(at, path)| (line_of(code, at), path)).collect()
    }

    fn only(&self, keep: impl Fn(Part) -> bool) -> String {
        let mut at = 0;
        self.text
            .chars()
            .map(|letter| {
                let kept = keep(self.parts[at]) || letter == '\n';
                at += letter.len_utf8();
                if kept { letter.to_string() } else { " ".repeat(letter.len_utf8()) }
            })
            .collect()
    }
}

/// The line, from 1, of a byte.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// All files below a folder of the package with this ending, in order; none where it is missing.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("a folder that can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(with_slashes(path.strip_prefix(root).expect("a path below the root")));
            }
        }
    }
    found.sort();
    found
}

fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The text of a file of the package, or nothing where it is missing.
pub(crate) fn read(path: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(path).unwrap_or_default()
}

/// All Rust files below a folder.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let paths = files(folder, "rs");
    let mut all: Vec<Source> = paths.iter().map(|path| Source::new(path, &read(path))).collect();
    let modules: Vec<String> = all.iter().flat_map(Source::test_modules).collect();
    for source in &mut all {
        source.only_tests = modules.iter().any(|module| {
            let rest = source.path.strip_prefix(module.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        });
    }
    all
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn next_word(code: &str, from: usize) -> Option<usize> {
    let bytes = code.as_bytes();
    (from..bytes.len()).find(|at| is_word(bytes[*at]))
}

/// Reads `a::b::{c, d}` at a word and returns where it ends.
fn read_path(code: &str, start: usize, prefix: &str, found: &mut Vec<(usize, String)>) -> usize {
    let bytes = code.as_bytes();
    let mut at = start;
    let mut path = prefix.to_owned();
    loop {
        let end = (at..bytes.len()).find(|at| !is_word(bytes[*at])).unwrap_or(bytes.len());
        path.push_str(&code[at..end]);
        at = end;
        let rest = &code[at..];
        if rest.starts_with("::{") {
            path.push_str("::");
            return read_group(code, at + 3, &path, found);
        }
        if !(rest.starts_with("::") && rest[2..].starts_with(|next: char| is_word(next as u8))) {
            found.push((start, path));
            return at;
        }
        path.push_str("::");
        at += 2;
    }
}

/// Reads the inside of `{...}` of a `use` and returns where it ends.
fn read_group(code: &str, from: usize, prefix: &str, found: &mut Vec<(usize, String)>) -> usize {
    let bytes = code.as_bytes();
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'}' {
        at = if is_word(bytes[at]) { read_path(code, at, prefix, found) } else { at + 1 };
    }
    (at + 1).min(bytes.len())
}

/// Where the item that begins here ends: at its semicolon or its closing brace.
pub(crate) fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0usize;
    for (offset, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && byte == b'}' {
                    return offset + 1;
                }
            }
            b';' if depth == 0 => return offset + 1,
            _ => {}
        }
    }
    code.len()
}

fn blanked(text: &str) -> String {
    let blank = |letter: char| if letter == '\n' { '\n' } else { ' ' };
    text.chars().flat_map(|letter| std::iter::repeat_n(blank(letter), letter.len_utf8())).collect()
}

fn parts(text: &str) -> Vec<Part> {
    let bytes = text.as_bytes();
    let mut parts = Vec::with_capacity(bytes.len());
    while parts.len() < bytes.len() {
        let at = parts.len();
        let (part, end) = part_at(text, at);
        parts.extend(std::iter::repeat_n(part, end.clamp(at + 1, bytes.len()) - at));
    }
    parts
}

/// The part that begins at a byte, and where it ends.
fn part_at(text: &str, at: usize) -> (Part, usize) {
    let rest = &text.as_bytes()[at..];
    let after_word = at > 0 && is_word(text.as_bytes()[at - 1]);
    let length = |found: Option<usize>| found.unwrap_or(rest.len());
    match rest {
        [b'/', b'/', ..] => {
            (Part::Comment, at + length(rest.iter().position(|byte| *byte == b'\n')))
        }
        [b'/', b'*', ..] => (Part::Comment, at + block_comment(rest)),
        [b'"', ..] => {
            let is_snapshot = text[..at].ends_with('@');
            let part = if is_snapshot { Part::Raw } else { Part::Literal };
            (part, at + quoted(rest, b'"'))
        }
        [b'r' | b'b' | b'c', ..] if !after_word => raw(text, at).unwrap_or((Part::Code, at + 1)),
        [b'\'', b'\\', ..] => (Part::Literal, at + quoted(rest, b'\'')),
        [b'\'', ..] => {
            let mut letters = text[at + 1..].chars();
            let letter = letters.next().map_or(0, char::len_utf8);
            let is_letter = letters.next() == Some('\'');
            if is_letter { (Part::Literal, at + letter + 2) } else { (Part::Code, at + 1) }
        }
        _ => {
            let step = text[at..].chars().next().map_or(1, char::len_utf8);
            (Part::Code, at + step)
        }
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a literal between two of these quotes, with backslashes.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"..."`, `r#"..."#`, `br"..."`.
fn raw(text: &str, at: usize) -> Option<(Part, usize)> {
    let rest = &text[at..];
    let after = rest.strip_prefix("br").or(rest.strip_prefix("cr")).or(rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let body = at + (rest.len() - after.len()) + hashes + 1;
    let end = text[body..].find(&close).map_or(text.len(), |end| body + end + close.len());
    Some((Part::Raw, end))
}

#[test]
fn code_is_told_from_comments_and_literals() {
    let text = "let a = \"// no\"; // yes \"\nlet b = 'x'; /* /* */ */ fn f<'a>() { r#\"\"q\"# }";
    let source = Source::new("a.rs", text);
    assert_eq!(
        source.code().split_whitespace().collect::<Vec<_>>().join(" "),
        "let a = ; let b = ; fn f<'a>() { }"
    );
    assert_eq!(
        source.comments().split_whitespace().collect::<Vec<_>>(),
        ["//", "yes", "\"", "/*", "/*", "*/", "*/"]
    );
    assert_eq!(source.code().len(), text.len());
}

#[test]
fn paths_are_read_with_their_groups_spelled_out() {
    let code = "use std::{fmt, io::{self, Write}};\nlet x = crate::store::open::<Book>(y);";
    let paths: Vec<String> = Source::paths(code).into_iter().map(|(_, path)| path).collect();
    for path in ["std::fmt", "std::io::self", "std::io::Write", "crate::store::open"] {
        assert!(paths.iter().any(|found| found == path), "{path} not in {paths:?}");
    }
}

#[test]
fn test_code_is_left_out() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { x(); } }\nfn c() {}\n";
    let code = Source::new("a.rs", text).code_outside_tests();
    assert!(code.contains("fn a") && code.contains("fn c") && !code.contains("fn b"));
    let parent = Source::new("src/a/mod.rs", "#[cfg(test)]\nmod laws;\nmod line;\n");
    assert_eq!(parent.test_modules(), ["src/a/laws"]);
    assert_eq!(code.len(), text.len());
}
