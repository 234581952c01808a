//! Everything that is done to a bundle, as it is and sealed anew, and what finds it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lotbook::domain::trail::checkpoint::Checkpoint;
use lotbook::domain::trail::hash::Hash;
use lotbook::domain::trail::merkle::{Frontier, leaf, root};

use crate::book::Desk;
use crate::bundle::{export, files, script, verify};

/// The lines of audit.csv without the header, and everything that is made from them.
pub(crate) struct Attack {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Attack {
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.files["audit.csv"].clone()).unwrap();
        text.split_terminator("\r\n").map(str::to_owned).collect()
    }

    pub(crate) fn set_lines(&mut self, lines: &[String]) {
        self.files.insert("audit.csv".to_owned(), (lines.join("\r\n") + "\r\n").into_bytes());
    }

    pub(crate) fn edit(&mut self, name: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.files[name].clone()).unwrap();
        assert!(text.contains(from), "{name} lacks {from}");
        self.files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    }

    /// Makes the checkpoint anew, and what an export says of the entries before it, as somebody
    /// would who knows the format.
    pub(crate) fn reseal(&mut self) {
        let mut lines = self.lines();
        let mut frontier = Frontier::new();
        for line in &mut lines[1..] {
            if let Some((start, rest)) = line.split_once(",root=") {
                *line = format!("{start},root={}{}", frontier.root(), &rest[64..]);
            }
            frontier.push(leaf(line.as_bytes()));
        }
        self.set_lines(&lines);
        let leaves = lines[1..].iter().map(|line| leaf(line.as_bytes()));
        let old: Checkpoint =
            std::str::from_utf8(&self.files["checkpoint.txt"]).unwrap().parse().unwrap();
        let new = Checkpoint::new(old.book(), lines.len() as u64 - 1, root(leaves)).unwrap();
        self.files.insert("checkpoint.txt".to_owned(), new.to_string().into_bytes());
        let readme = String::from_utf8(self.files["README.txt"].clone()).unwrap();
        let readme = readme.replace(&old.root().to_string(), &new.root().to_string());
        self.files.insert("README.txt".to_owned(), readme.into_bytes());
    }

    pub(crate) fn resum(&mut self) {
        self.files.remove("SHA256SUMS");
        let sums = self.files.iter().map(|(name, bytes)| format!("{}  {name}\n", Hash::of(bytes)));
        let sums: String = sums.collect();
        self.files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    }

    pub(crate) fn write(&self, folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

/// An attack: its name, what it does to the files, and whether the script can see it once the
/// checkpoint and the sums were made anew.
type Row = (&'static str, fn(&mut Attack), Seen);

/// What finds an attack after everything was hashed anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The program and the script.
    Both,
    /// The program alone: it knows what entries mean.
    Program,
    /// Nothing inside the files: it is labelled L0, and a checkpoint from outside shows it.
    Outside,
}

fn renumber(lines: &mut [String]) {
    for (seq, line) in lines.iter_mut().enumerate().skip(1) {
        let mut cells: Vec<String> = line.splitn(4, ',').map(str::to_owned).collect();
        (cells[0], cells[2]) = ((seq - 1).to_string(), (seq - 1).to_string());
        *line = cells.join(",");
    }
}

const ATTACKS: &[Row] = &[
    ("a word edited", |a| a.edit("audit.csv", "fell\\n", "was\\n"), Seen::Outside),
    ("a quantity edited", |a| a.edit("audit.csv", ",20,each,", ",19,each,"), Seen::Outside),
    ("a role edited", |a| a.edit("audit.csv", ",ana,technician,", ",ana,manager,"), Seen::Program),
    ("more used than was there", |a| a.edit("audit.csv", ",20,each,", ",1,each,"), Seen::Program),
    ("a line deleted", |a| cut(a, 9), Seen::Both),
    (
        "a line deleted and the rest renumbered",
        |a| {
            cut(a, 14);
            again(a)
        },
        Seen::Both,
    ),
    (
        "a line doubled",
        |a| {
            let l = a.lines();
            put(a, 9, l[9].clone())
        },
        Seen::Both,
    ),
    (
        "two lines swapped",
        |a| {
            let mut l = a.lines();
            l.swap(9, 10);
            a.set_lines(&l)
        },
        Seen::Both,
    ),
    (
        "the tail cut off",
        |a| {
            let n = a.lines().len();
            cut(a, n - 1)
        },
        Seen::Outside,
    ),
    (
        "all but the header cut off",
        |a| {
            let l = a.lines();
            a.set_lines(&l[..1])
        },
        Seen::Both,
    ),
    ("line ends changed", |a| a.edit("audit.csv", "\r\n", "\n"), Seen::Both),
    (
        "the last line end cut off",
        |a| a.files.get_mut("audit.csv").unwrap().truncate(700),
        Seen::Both,
    ),
    ("a quote added", |a| a.edit("audit.csv", ",ana,", ",\"ana\","), Seen::Both),
    ("a blank line added", |a| put(a, 5, String::new()), Seen::Both),
    ("the header edited", |a| a.edit("audit.csv", "reason_code", "reason-code"), Seen::Both),
    ("a mark in front", |a| a.edit("audit.csv", "seq,", "\u{feff}seq,"), Seen::Both),
    ("an unknown action", |a| a.edit("audit.csv", ",lot.hold,", ",lot.hide,"), Seen::Program),
    ("a staff list edited", |a| a.edit("staff.csv", "technician", "manager"), Seen::Program),
    ("a product list edited", |a| a.edit("products.csv", ",10,", ",12,"), Seen::Program),
    (
        "a product list with other line ends",
        |a| a.edit("products.csv", "\r\n", "\n"),
        Seen::Program,
    ),
    (
        "a protocol edited",
        |a| {
            let p = protocol(a);
            a.edit(&p, "2026.1", "2026.2")
        },
        Seen::Both,
    ),
    (
        "a protocol removed",
        |a| {
            let p = protocol(a);
            a.files.remove(&p);
        },
        Seen::Both,
    ),
    (
        "a protocol added",
        |a| {
            a.files.insert(format!("protocols/{}.toml", Hash::of(b"x")), b"x".into());
        },
        Seen::Both,
    ),
    (
        "a file added",
        |a| {
            a.files.insert("notes.txt".into(), b"x".into());
        },
        Seen::Both,
    ),
    (
        "a list removed",
        |a| {
            a.files.remove("staff.csv");
        },
        Seen::Both,
    ),
    (
        "the checkpoint's book edited",
        |a| a.edit("checkpoint.txt", "lotbook/0", "lotbook/1"),
        Seen::Both,
    ),
];

fn protocol(attack: &Attack) -> String {
    attack.files.keys().find(|name| name.starts_with("protocols/")).unwrap().clone()
}

fn cut(attack: &mut Attack, at: usize) {
    let mut lines = attack.lines();
    lines.remove(at);
    attack.set_lines(&lines);
}

fn put(attack: &mut Attack, at: usize, line: String) {
    let mut lines = attack.lines();
    lines.insert(at, line);
    attack.set_lines(&lines);
}

fn again(attack: &mut Attack) {
    let mut lines = attack.lines();
    renumber(&mut lines);
    attack.set_lines(&lines);
}

#[test]
fn every_attack_is_found_by_program_and_script_unless_the_files_are_sealed_anew() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let sound = files(&out);
    for (name, attack, _) in ATTACKS {
        let mut bundle = Attack { files: sound.clone() };
        attack(&mut bundle);
        bundle.write(&out);
        let answer = verify(&desk, &out);
        assert_eq!(answer.code, 1, "{name}\n{}{}", answer.stdout, answer.stderr);
        if let Some((holds, text)) = script(&out, None) {
            assert!(!holds, "{name}\n{text}");
        }
    }
}

#[test]
fn every_attack_sealed_anew_is_found_by_its_meaning_or_by_an_outside_checkpoint() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let sound = files(&out);
    let note = desk.beside("note.txt");
    fs::copy(out.join("checkpoint.txt"), &note).unwrap();
    for (name, attack, seen) in ATTACKS {
        let mut bundle = Attack { files: sound.clone() };
        attack(&mut bundle);
        if !name.starts_with("the checkpoint") {
            bundle.reseal();
        }
        bundle.resum();
        bundle.write(&out);
        let answer = verify(&desk, &out);
        let told = format!("{name}\n{}{}", answer.stdout, answer.stderr);
        assert_eq!(answer.stdout.contains("DOES NOT HOLD"), *seen != Seen::Outside, "{told}");
        // A shorter ledger makes another README.txt.
        let is_cut = *name == "the tail cut off";
        assert_eq!(answer.code == 1, *seen != Seen::Outside || is_cut, "{told}");
        let is_known = !answer.stdout.contains("NOT KNOWN: README.txt");
        assert!(*seen != Seen::Outside || is_known != is_cut, "{told}");
        assert_eq!(answer.stdout.contains("L0 self-attested"), *seen == Seen::Outside, "{told}");
        if let Some((holds, text)) = script(&out, None) {
            assert_eq!(!holds, *seen == Seen::Both, "{name}\n{text}");
        }
        // Files beside the entries are not what a checkpoint is about.
        if *seen == Seen::Outside {
            let (folder, kept) = (out.to_str().unwrap(), note.to_str().unwrap());
            let answer = desk.run(&["audit", "verify", folder, "--checkpoint", kept]);
            assert_eq!(answer.code, 1, "{name}\n{}", answer.stdout);
            if let Some((holds, text)) = script(&out, Some(&note)) {
                assert!(!holds, "{name}\n{text}");
            }
        }
    }
}
