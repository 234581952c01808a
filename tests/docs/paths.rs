//! What the documents point at is there.

use std::path::Path;

use crate::document::Document;

const PAGES: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md"];

/// The folders whose files are named in full.
const FOLDERS: [&str; 6] = ["src/", "tests/", "protocols/", "docs/", "benches/", ".ci/"];

/// Every path between backquotes, and every target of a link to a file.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let quoted = quoted.filter(|path| FOLDERS.iter().any(|folder| path.starts_with(folder)));
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let links = links.map(|link| link.split('#').next().unwrap_or(link));
    quoted.filter(|path| !path.contains(['*', ' ', '<'])).chain(links)
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = Document::all().into_iter().chain(PAGES.map(str::to_owned));
    let missing: Vec<String> = pages
        .flat_map(|page| {
            let folder = root.join(Path::new(&page).parent().unwrap_or(Path::new("")));
            let text = Document::read(&page).text;
            let is_there = |path: &str| root.join(path).exists() || folder.join(path).exists();
            let gone = named(&text).filter(|path| !is_there(path));
            gone.map(|path| format!("{page}: {path}")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn paths_and_links_are_found() {
    let found: Vec<&str> =
        named("`src/a.rs` `a` [b](docs/b.md#c) [d](https://d) `src/*.rs`").collect();
    assert_eq!(found, ["src/a.rs", "docs/b.md"]);
}
