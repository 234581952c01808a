//! What the inspector's script says of exports made here, whole and tampered with.
//!
//! The script is the second, independent reading of the format: other language, other algorithm for
//! the root, other way to refuse a loose line. Where no Python is installed these tests say so and
//! pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use super::checkpoint::Checkpoint;
use super::hash::Hash;
use super::laws::{damaged, fields, line_of};
use super::line::{COLUMNS, decode, encode, header};
use super::merkle::{leaf, root};

const SCRIPT: &str = include_str!("verify.py");
const BOOK: &str = "3f9a61c2d07b4e58";
const PROTOCOL: &str = "id = \"acne-scars-face\"\n";

/// The files of an export, by path, without SHA256SUMS; audit.csv as its lines.
#[derive(Clone)]
struct Export {
    lines: Vec<String>,
    checkpoint: String,
    files: BTreeMap<String, Vec<u8>>,
    header: String,
    tail: String,
}

fn entry(seq: usize, values: &[(&str, &str)]) -> String {
    let (seq_text, id) = (seq.to_string(), format!("019a0000-0000-7000-8000-{seq:012x}"));
    let time = format!("2026-11-22T10:15:{seq:02}.120Z");
    let mut all = BTreeMap::from([
        ("seq", seq_text.as_str()),
        ("entry_id", &id),
        ("txn", &seq_text),
        ("recorded_at", &time),
        ("occurred_at", "2026-11-22T11:14:00+01:00"),
        ("staff", "anna"),
        ("role", "manager"),
    ]);
    all.extend(values.iter().copied());
    let mut line = String::new();
    encode(&COLUMNS.map(|column| all.get(column).copied()), &mut line).unwrap();
    line
}

fn export() -> Export {
    let sha256 = Hash::of(PROTOCOL.as_bytes());
    let opened = format!("book={BOOK}; clinic=Praxis \"Süd\", 2. OG; format=1");
    let published = format!("sha256={sha256}");
    let lines = vec![
        entry(0, &[("action", "book.open"), ("detail", &opened)]),
        entry(1, &[("action", "protocol.publish"), ("detail", &published)]),
        entry(2, &[("action", "session.start"), ("detail", &published)]),
        entry(
            3,
            &[("action", "stock.waste"), ("lot", "A,1"), ("reason", "=fell\n\"on\" floor; 2")],
        ),
        entry(4, &[("action", "reversal"), ("lot", "A,1"), ("corrects", "3")]),
    ];
    let texts = ["products.csv", "staff.csv", "README.txt"];
    let mut files: BTreeMap<String, Vec<u8>> =
        texts.map(|name| (name.to_owned(), name.into())).into();
    files.insert(format!("protocols/{sha256}.toml"), PROTOCOL.into());
    files.insert("verify.py".to_owned(), SCRIPT.into());
    let mut export = Export {
        lines,
        checkpoint: String::new(),
        files,
        header: header(),
        tail: "\r\n".to_owned(),
    };
    export.seal();
    export
}

impl Export {
    /// Makes the checkpoint anew over the lines as they are: what a forger can do as well.
    fn seal(&mut self) {
        let root = root(self.lines.iter().map(|line| leaf(line.as_bytes())));
        self.checkpoint = Checkpoint::new(BOOK, self.lines.len() as u64, root).unwrap().to_string();
    }

    /// Writes the folder, with sums that fit what is written.
    fn write(&self) -> TempDir {
        let folder = TempDir::new().unwrap();
        let mut files = self.files.clone();
        let all = [&self.header, &self.lines.join("\r\n")].map(String::as_str).join("\r\n");
        files.insert("audit.csv".to_owned(), (all + &self.tail).into());
        files.insert("checkpoint.txt".to_owned(), self.checkpoint.clone().into());
        let sums = files.iter().map(|(name, bytes)| format!("{}  {name}\n", Hash::of(bytes)));
        let sums: String = sums.collect();
        files.insert("SHA256SUMS".to_owned(), sums.into());
        fs::create_dir(folder.path().join("protocols")).unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }
}

/// Runs Python; none where there is no Python.
fn python(arguments: &[&Path]) -> Option<Output> {
    let mut command = Command::new("python3");
    let run = command.arg("-B").args(arguments).env("PYTHONIOENCODING", "utf-8").output();
    #[expect(clippy::print_stderr, reason = "a test that checks nothing must say so")]
    if run.is_err() {
        eprintln!("not run: verify.py, for no python3 was found");
    }
    run.ok()
}

/// Says whether the script lets a folder pass, and what it prints.
fn judge(folder: &Path, note: Option<&str>) -> Option<(bool, String)> {
    judge_bytes(folder, note.map(str::as_bytes))
}

fn judge_bytes(folder: &Path, note: Option<&[u8]>) -> Option<(bool, String)> {
    let kept = TempDir::new().unwrap();
    let (script, path) = (folder.join("verify.py"), kept.path().join("note.txt"));
    let mut arguments = vec![script.as_path()];
    if let Some(note) = note {
        fs::write(&path, note).unwrap();
        arguments.extend([folder, &path]);
    }
    let output = python(&arguments)?;
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    Some((output.status.success(), String::from_utf8(output.stdout).unwrap()))
}

#[track_caller]
fn passes(export: &Export, note: Option<&str>, label: &str) {
    if let Some((passed, said)) = judge(export.write().path(), note) {
        assert!(passed, "{said}");
        assert!(said.contains(&format!("label: {label}")), "{said}");
    }
}

#[track_caller]
fn fails(export: &Export, note: Option<&str>, reason: &str) {
    if let Some((passed, said)) = judge(export.write().path(), note) {
        assert!(!passed, "{said}");
        assert!(said.contains("label: none"), "{said}");
        assert!(said.lines().any(|l| l.starts_with("FAILS: ") && l.contains(reason)), "{said}");
    }
}

#[test]
fn the_script_stays_short_enough_to_be_read() {
    let filled = SCRIPT.lines().filter(|line| !line.trim().is_empty());
    assert!(filled.count() < 150);
    assert!(SCRIPT.lines().all(|line| line.chars().count() <= 100));
    assert!(SCRIPT.is_ascii());
}

/// Whoever holds a folder compares its script with these; so they are those of the script.
#[test]
fn the_hash_of_the_script_is_published() {
    let hash = Hash::of(SCRIPT.as_bytes()).to_string();
    let published = [include_str!("../../../docs/ledger.md"), include_str!("../../../README.md")];
    for page in published {
        let said: Vec<&str> = page.split(|c: char| !c.is_ascii_hexdigit()).collect();
        assert!(said.contains(&&*hash), "verify.py has the SHA-256 {hash}");
    }
}

#[test]
fn an_untouched_export_holds_and_is_called_self_attested() {
    passes(&export(), None, "L0");
}

#[test]
fn a_note_kept_outside_raises_the_label_and_tells_what_is_newer() {
    let export = export();
    let earlier = root(export.lines[..3].iter().map(|line| leaf(line.as_bytes())));
    let note = Checkpoint::new(BOOK, 3, earlier).unwrap().to_string();
    passes(&export, Some(&note), "L2");
    if let Some((_, said)) = judge(export.write().path(), Some(&note)) {
        assert!(said.contains("3 entries; 2 are newer"), "{said}");
    }
}

#[test]
fn a_rewritten_or_shortened_book_passes_alone_but_not_against_a_note() {
    let note = export().checkpoint;
    let mut rewritten = export();
    rewritten.lines[3] = entry(3, &[("action", "stock.waste"), ("lot", "B")]);
    rewritten.seal();
    passes(&rewritten, None, "L0");
    fails(&rewritten, Some(&note), "note.txt: the root is not that of these entries");
    let mut shortened = export();
    shortened.lines.pop();
    shortened.seal();
    passes(&shortened, None, "L0");
    fails(&shortened, Some(&note), "note.txt: covers 5 entries of 4 here");
}

#[test]
fn the_first_bad_entry_is_named() {
    let waste = ("action", "stock.waste");
    let id = ("entry_id", "019a0000-0000-7000-8000-000000000001");
    let cases = [
        (entry(3, &[waste, ("seq", "4")]), "seq '4': an entry is missing, added or moved"),
        (entry(3, &[waste, id]), "entry_id 019a0000-0000-7000-8000-000000000001 was used"),
        (entry(3, &[waste, ("entry_id", "019A")]), "entry_id '019A' is malformed"),
        (
            entry(3, &[waste, ("recorded_at", "2026-11-22T10:15:01.120Z")]),
            "recorded_at '2026-11-22T10:15:01",
        ),
        (
            entry(3, &[waste, ("recorded_at", "2026-11-22T10:15:03Z")]),
            "recorded_at '2026-11-22T10:15:03Z'",
        ),
        (entry(3, &[waste, ("corrects", "3")]), "corrects '3'"),
        (entry(3, &[waste, ("corrects", "02")]), "corrects '02'"),
        (export().lines[3].replace("\\u{3b}", "\\u{3B}"), r"'\\=fell"),
        (export().lines[3].replace("\\=", "="), "'=fell"),
        (export().lines[3].replace("anna", "\"anna\""), "commas or quotes"),
        (export().lines[3].replace("anna", "anna,"), "commas or quotes"),
        (
            entry(3, &[waste, ("detail", "a=1")]).replace("a=1", "a=1; a=2"),
            "detail: 'a=2' is out of order",
        ),
    ];
    for (line, reason) in cases {
        let mut export = export();
        export.lines[3] = line;
        export.seal();
        fails(&export, None, &format!("audit.csv: entry 3 (line 5): {reason}"));
    }
}

#[test]
fn removed_repeated_and_reordered_entries_are_found_by_their_numbers() {
    let changes: [fn(&mut Vec<String>); 4] = [
        |lines| drop(lines.remove(2)),
        |lines| lines.insert(2, lines[1].clone()),
        |lines| lines.swap(2, 3),
        |lines| drop(lines.remove(0)),
    ];
    for change in changes {
        let mut export = export();
        change(&mut export.lines);
        export.seal();
        fails(&export, None, "an entry is missing, added or moved");
    }
    let mut twice = export();
    twice.lines.push(entry(5, &[("action", "reversal"), ("corrects", "3")]));
    twice.seal();
    fails(&twice, None, "entry 5 (line 7): corrects '3'");
}

#[test]
fn the_checkpoint_must_cover_exactly_these_entries_of_this_book() {
    let mut edited = export();
    edited.lines[3] = edited.lines[3].replace("A,1", "A,2");
    fails(&edited, None, "checkpoint.txt: the root is not that of these entries");
    let mut short = export();
    short.lines.pop();
    fails(&short, None, "checkpoint.txt: covers 5 entries of 4 here");
    let mut newer = export();
    newer.lines.push(entry(5, &[("action", "stock.waste")]));
    fails(&newer, None, "checkpoint.txt: covers 5 entries of 6 here");
    let mut foreign = export();
    foreign.checkpoint = foreign.checkpoint.replace(BOOK, "another");
    fails(&foreign, None, "checkpoint.txt: is of the book another, not of this one");
    let mut unopened = export();
    unopened.lines[0] = entry(0, &[("action", "client.new"), ("detail", "book=x")]);
    fails(&unopened, None, "entry 0 (line 2): it doesn't open a book");
}

#[test]
fn a_file_cut_short_or_under_another_header_is_refused() {
    let mut cut = export();
    cut.tail = "\n".to_owned();
    fails(&cut, None, "the last line doesn't end in CRLF");
    let mut renamed = export();
    renamed.header = renamed.header.replace("from_place,to_place", "to_place,from_place");
    fails(&renamed, None, "the first line is not the format's header");
}

#[test]
fn the_protocols_are_those_that_entries_name() {
    let name = format!("protocols/{}.toml", Hash::of(PROTOCOL.as_bytes()));
    let mut changed = export();
    changed.files.insert(name.clone(), "id = \"other\"\n".into());
    fails(&changed, None, "holds another text");
    let mut missing = export();
    missing.files.remove(&name);
    fails(&missing, None, "is missing");
    let mut extra = export();
    extra.files.insert(format!("protocols/{}.toml", Hash::of(b"x")), b"x".into());
    fails(&extra, None, "is named by no entry");
}

#[test]
fn every_file_is_listed_and_as_listed() {
    let refused = |change: &dyn Fn(&Path), reason: &str| {
        let folder = export().write();
        change(folder.path());
        if let Some((passed, said)) = judge(folder.path(), None) {
            assert!(!passed && said.contains(&format!("FAILS: SHA256SUMS: {reason}")), "{said}");
        }
    };
    refused(&|f| fs::write(f.join("staff.csv"), "x").unwrap(), "'staff.csv' differs");
    let foreign = "protocols/0000000000000000000000000000000000000000000000000000000000000000.toml";
    refused(&|f| fs::write(f.join(foreign), "x").unwrap(), &format!("'{foreign}' lies here"));
    refused(&|f| fs::remove_file(f.join("staff.csv")).unwrap(), "'staff.csv' is missing");
    for name in ["letter.txt", "Audit.csv", "protocols/SHA256SUMS", "recall-answer.csv"] {
        let mut export = export();
        export.files.insert(name.to_owned(), b"x".into());
        fails(&export, None, &format!("'{name}' is no file of a full export"));
    }
}

#[test]
fn a_forged_module_in_the_folder_is_not_asked() {
    let folder = export().write();
    let forged = "print('holds: all of it'); import os; os._exit(0)";
    for module in ["hashlib.py", "re.py", "base64.py", "pathlib.py", "signal.py"] {
        fs::write(folder.path().join(module), forged).unwrap();
    }
    if let Some((passed, said)) = judge(folder.path(), None) {
        assert!(!passed && said.contains("'base64.py' is no file of a full export"), "{said}");
    }
}

#[test]
fn a_note_that_was_typed_again_is_read_and_a_slip_is_called_one() {
    let export = export();
    let typed = export.checkpoint.trim_end().replace('\n', "\r\n");
    passes(&export, Some(&typed), "L2");
    passes(&export, Some(&format!("\u{feff}{typed} \r\n")), "L2");
    passes(&export, Some(&format!("\n\n{typed}\u{feff}")), "L2");
    let apart = typed.replace("\r\n", "\r\n\r\n");
    let last = typed.chars().nth_back(1).unwrap();
    let next = char::from_u32(u32::from(last) + 1).unwrap();
    let not_of_32_bytes = typed.replace(&format!("{last}="), &format!("{next}="));
    let of_nothing = typed.replace("\n5\r", "\n0\r");
    let wide: Vec<u8> = typed.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts: [&[u8]; 7] = [
        apart.as_bytes(),
        b"lotbook/x\nfive\n",
        &typed.replace("\r\n", "\u{a0}\r\n").into_bytes(),
        not_of_32_bytes.as_bytes(),
        of_nothing.as_bytes(),
        &wide,
        &[b"\xff", typed.as_bytes()].concat(),
    ];
    for text in texts {
        let Some((_, said)) = judge_bytes(export.write().path(), Some(text)) else { return };
        let slip = "note.txt: can't be read as a checkpoint, so nothing was compared";
        assert!(said.contains("CAN'T LOOK: ") && said.contains(slip), "{said}");
        assert!(said.contains("label: none, not all could be looked at"), "{said}");
    }
}

#[test]
fn what_lies_in_the_folder_is_no_note_from_outside() {
    let folder = export().write();
    let own = folder.path().join("checkpoint.txt");
    let Some(output) = python(&[&folder.path().join("verify.py"), folder.path(), &own]) else {
        return;
    };
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("checkpoint.txt: no file, or one of that folder"), "{said}");
}

#[test]
fn what_could_not_be_looked_at_has_a_code_of_its_own() {
    let folder = export().write();
    let (script, nowhere) = (folder.path().join("verify.py"), folder.path().join("nowhere"));
    let here = folder.path();
    for (code, given) in [
        (0, &[here][..]),
        (2, &[&nowhere]),
        (2, &[here, &nowhere]),
        (2, &[here, &nowhere, here]),
        (2, &[Path::new("--help")]),
    ] {
        let arguments: Vec<&Path> = [script.as_path()].iter().chain(given).copied().collect();
        let Some(output) = python(&arguments) else { return };
        assert_eq!(output.status.code(), Some(code), "{given:?}: {output:?}");
    }
    fs::write(here.join("staff.csv"), "x").unwrap();
    let Some(output) = python(&[&script]) else { return };
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn an_export_of_one_entry_holds() {
    let mut one = export();
    one.lines.truncate(1);
    one.files.retain(|name, _| !name.starts_with("protocols/"));
    one.seal();
    passes(&one, None, "L0");
}

#[test]
fn sums_are_listed_once_in_order_and_name_every_file_of_an_export() {
    let with_sums = |change: fn(String) -> String, reason: &str| {
        let folder = export().write();
        let path = folder.path().join("SHA256SUMS");
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
        if let Some((passed, said)) = judge(folder.path(), None) {
            assert!(!passed && said.contains(&format!("FAILS: SHA256SUMS: {reason}")), "{said}");
        }
    };
    with_sums(|sums| sums.clone() + sums.lines().last().unwrap() + "\n", "names out of order or");
    with_sums(|sums| sums.replace("  ", " *"), "line 1 is malformed");
    with_sums(|sums| sums.trim_end().to_owned(), "line 7 is malformed");
    with_sums(|sums| sums.replacen("csv\n", "csv\r\n", 2), "line 2 is malformed");
    for name in ["README.txt", "staff.csv", "products.csv"] {
        let mut export = export();
        export.files.remove(name);
        fails(&export, None, &format!("SHA256SUMS: '{name}' is missing"));
    }
}

#[test]
fn what_is_not_utf_8_is_named_by_its_file() {
    for (name, reason) in [
        ("SHA256SUMS", "SHA256SUMS: line 1 is malformed"),
        ("checkpoint.txt", "checkpoint.txt: can't be read as a checkpoint"),
        ("audit.csv", "audit.csv: the first line is not the format's header"),
    ] {
        let folder = export().write();
        let path = folder.path().join(name);
        let bytes = [b"\xff", &*fs::read(&path).unwrap()].concat();
        fs::write(&path, bytes).unwrap();
        let Some((_, said)) = judge(folder.path(), None) else { return };
        assert!(said.lines().any(|l| l.starts_with("FAILS: ") && l.contains(reason)), "{said}");
    }
}

/// A script from elsewhere says where the one that lies in the folder is another.
#[test]
fn another_script_in_the_folder_is_told_and_is_no_failure() {
    let said_of = |export: &Export| {
        let (kept, folder) = (TempDir::new().unwrap(), export.write());
        let trusted = kept.path().join("verify.py");
        fs::write(&trusted, SCRIPT).unwrap();
        let output = python(&[&trusted, folder.path()])?;
        assert!(output.status.success(), "{output:?}");
        Some(String::from_utf8(output.stdout).unwrap())
    };
    let mut other = export();
    other.files.insert("verify.py".to_owned(), b"print('holds: all of it')\n".into());
    let (Some(same), Some(other)) = (said_of(&export()), said_of(&other)) else { return };
    assert!(!same.contains("DIFFERS"), "{same}");
    assert!(other.contains("DIFFERS: verify.py there is another than this one"), "{other}");
    assert!(other.contains("Not checked: README.txt"), "{other}");
}

#[test]
fn what_is_no_plain_file_is_refused_before_it_is_read() {
    for (tool, name) in [("mkdir", "more"), ("mkfifo", "audit.csv"), ("ln", "other")] {
        let folder = export().write();
        let path = folder.path().join(name);
        let _ = fs::remove_file(&path);
        let mut command = Command::new(tool);
        if tool == "ln" {
            command.arg("-s").arg("audit.csv");
        }
        // A system without the tool has no such file to refuse either.
        let Ok(status) = command.arg(path).status() else { continue };
        assert!(status.success(), "{tool}");
        if let Some((passed, said)) = judge(folder.path(), None) {
            let expected = format!("FAILS: '{name}' is no plain file");
            assert!(!passed && said.contains(&expected), "{said}");
        }
    }
}

/// Both readings of the format refuse the same lines and find the same roots.
#[test]
fn the_script_and_the_program_read_the_same_lines() {
    let mut runner = TestRunner::deterministic();
    let whole = fields().prop_map(|fields| line_of(&fields));
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..400 {
        lines.push(whole.new_tree(&mut runner).unwrap().current());
        lines.push(damaged().new_tree(&mut runner).unwrap().current());
    }
    let driver = "import sys; sys.path.insert(0, sys.argv[1]); import verify
leaves = []
for row in open(sys.argv[1] + '/lines.hex'):
    row = bytes.fromhex(row)
    leaves.append(verify.sha256(b'\\0' + row))
    try: verify.read_entry(row.decode()); said = 'read'
    except ValueError: said = 'refused'
    print(said, verify.root(leaves[-99:]))";
    let folder = TempDir::new().unwrap();
    let hex = |line: &String| line.bytes().map(|b| format!("{b:02x}")).collect::<String>() + "\n";
    fs::write(folder.path().join("lines.hex"), lines.iter().map(hex).collect::<String>()).unwrap();
    fs::write(folder.path().join("verify.py"), SCRIPT).unwrap();
    let Some(output) = python(&[Path::new("-c"), Path::new(driver), folder.path()]) else {
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), lines.len());
    for (index, (line, said)) in lines.iter().zip(said.lines()).enumerate() {
        let newest = &lines[index.saturating_sub(98)..=index];
        let root = root(newest.iter().map(|line| leaf(line.as_bytes()))).to_base64();
        let verdict = if decode(line).is_ok() { "read" } else { "refused" };
        assert_eq!(said, format!("{verdict} {root}"), "{line}");
    }
    assert!(said.matches("read").count() > 400 && said.matches("refused").count() > 100);
}
