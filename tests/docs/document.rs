//! A document of the project: its path, its text, and the one way to hold it or write it anew.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the project.
pub(crate) struct Document {
    path: PathBuf,
    /// What it holds now, with `\n` at the end of lines on every system.
    pub(crate) text: String,
}

impl Document {
    /// Reads a document by its path from the package.
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{name}: {why}"));
        Self { path, text: text.replace("\r\n", "\n") }
    }

    /// The README and all of docs/.
    pub(crate) fn all() -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .filter(|name| name.ends_with(".md"))
            .map(|name| format!("docs/{name}"))
            .chain(["README.md".to_owned()])
            .collect();
        names.sort();
        names
    }

    /// Holds the document to what it should say, or writes that into it where it was asked to.
    #[track_caller]
    pub(crate) fn hold(&self, right: &str) {
        if self.text == right {
            return;
        }
        if std::env::var_os("LOTBOOK_REWRITE").is_some() {
            return fs::write(&self.path, right).unwrap();
        }
        let number = self.text.lines().zip(right.lines()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| {
            let lines = text.lines().skip(number.saturating_sub(3)).take(20);
            lines.map(|line| format!("  {line}\n")).collect::<String>()
        };
        panic!(
            "{} differs from the program at line {}\nit says\n{}the program says\n{}\
             look at it, then write it anew: LOTBOOK_REWRITE=1 cargo test --test docs",
            self.path.display(),
            number + 1,
            near(&self.text),
            near(right),
        );
    }

    /// The text with all between `<!-- generated: NAME ... -->` and `<!-- end -->` made new.
    pub(crate) fn with_region(&self, name: &str, content: &str) -> String {
        let start = format!("<!-- generated: {name}");
        let found = self.text.find(&start).and_then(|at| {
            let begin = at + self.text[at..].find("-->\n")? + "-->\n".len();
            let end = begin + self.text[begin..].find("<!-- end -->")?;
            Some((begin, end))
        });
        let (begin, end) = found.unwrap_or_else(|| panic!("no region `{name}` to fill"));
        format!("{}\n{}\n{}", &self.text[..begin], content.trim_end(), &self.text[end..])
    }
}
