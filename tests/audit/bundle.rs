//! The inspector's bundle: what it holds, and what was done to it, found by the program and by the
//! script that lies in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use lotbook::domain::trail::checkpoint::Checkpoint;
use lotbook::domain::trail::hash::Hash;
use lotbook::domain::trail::merkle::{leaf, root};

use crate::attacks::Attack;
use crate::book::{Answer, Desk};

pub(crate) fn export(desk: &Desk, name: &str, more: &[&str]) -> PathBuf {
    let out = desk.beside(name);
    let mut args = vec!["audit", "export", "--out", out.to_str().unwrap()];
    args.extend(more);
    let answer = desk.run(&args);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    out
}

/// The files of a folder, by name.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub(crate) fn verify(desk: &Desk, folder: &Path) -> Answer {
    desk.run(&["audit", "verify", folder.to_str().unwrap()])
}

/// Says something although the tests' output is captured.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// What the script says, and whether all holds; none without Python, which is said.
pub(crate) fn script(folder: &Path, note: Option<&Path>) -> Option<(bool, String)> {
    let mut command = Command::new("python3");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(["-I", "-B"]).arg(folder.join("verify.py"));
    if let Some(note) = note {
        command.arg(folder).arg(note);
    }
    let Ok(output) = command.output() else {
        say("not run: verify.py, for no python3 was found");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.success(), text))
}

#[test]
fn a_bundle_holds_the_whole_ledger_and_verifies_by_program_and_script() {
    let desk = Desk::new();
    let size = desk.verify().size;
    let out = export(&desk, "bundle", &["--for", "Dr. Vera Licht", "--purpose", "visit 2026"]);
    let verified = desk.verify();
    assert_eq!(verified.size, size + 1, "the export is recorded");

    let files = files(&out);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let protocol = format!("protocols/{}.toml", Hash::of(crate::book::PROTOCOL.as_bytes()));
    assert_eq!(
        names,
        [
            "README.txt",
            "SHA256SUMS",
            "audit.csv",
            "checkpoint.txt",
            "products.csv",
            &protocol,
            "staff.csv",
            "verify.py"
        ]
    );
    let note: Checkpoint = std::str::from_utf8(&files["checkpoint.txt"]).unwrap().parse().unwrap();
    assert_eq!((note.size(), note.root()), (verified.size, verified.root));
    let text = String::from_utf8(files["audit.csv"].clone()).unwrap();
    let lines: Vec<&str> = text.split_terminator("\r\n").skip(1).collect();
    assert_eq!(root(lines.iter().map(|line| leaf(line.as_bytes()))), verified.root);
    let last = lines.last().unwrap();
    assert!(last.contains(",audit.export,") && last.contains("for=Dr. Vera Licht; "), "{last}");
    let readme = std::str::from_utf8(&files["README.txt"]).unwrap();
    for words in [
        &*format!("rows shown     {}", verified.size),
        "rows withheld  0",
        "made for       Dr. Vera Licht",
        "  stock.use, 3 times",
        "mis-scan: another code was scanned than meant",
        "tamper-evident, not tamper-proof",
    ] {
        assert!(readme.contains(words), "README.txt lacks {words:?}\n{readme}");
    }
    assert!(readme.lines().all(|line| line.chars().count() <= 100), "a line of README.txt is long");

    let answer = verify(&desk, &out);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{}", answer.stdout);
    assert!(answer.stdout.contains("L0 self-attested"), "{}", answer.stdout);
    if let Some((holds, text)) = script(&out, None) {
        assert!(holds && text.contains("L0, self-attested"), "{text}");
    }
}

/// A lot such as 26E03882 is a number to a spreadsheet that nobody told otherwise.
#[test]
fn the_readme_says_how_a_spreadsheet_leaves_lots_alone() {
    let desk = Desk::new();
    let readme = fs::read_to_string(export(&desk, "bundle", &[]).join("README.txt")).unwrap();
    let said = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("26E03882") && said.contains("every column as text"), "{readme}");
}

#[test]
fn the_lists_say_what_the_ids_mean() {
    let desk = Desk::new();
    let files = files(&export(&desk, "bundle", &[]));
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(
        text("staff.csv"),
        "staff,name,roles,titles,certificates,limits\r\n\
         ana,ana of the clinic,technician,nurse,micro-needling=2027-06-30,depth=2 mm\r\n\
         ines,ines of the clinic,inspector,nurse,micro-needling=2027-06-30,depth=1.5 mm\r\n\
         mara,mara of the clinic,manager,nurse,micro-needling=2027-06-30,depth=1.5 mm\r\n"
    );
    assert_eq!(
        text("products.csv"),
        "product,name,category,use,unit,pack,dose,opened_life,gtins,attributes,retired\r\n\
         CART-12,\"CART-12, the usual one\",cartridge,single,each,1,1,,00844588003287=1,\
         needles=12,no\r\n\
         CART-12-X,\"CART-12-X, the usual one\",cartridge,single,each,1,1,,00844588003289=1,\
         needles=12,yes\r\n\
         NUMB,,anesthetic,multi,g,10,2.5,28 days,00844588003284=1 | 00844588003299=4,\
         strength=5 %,no\r\n"
    );
}

#[test]
fn the_same_size_gives_the_same_bytes_and_its_own_record_outside_them() {
    let desk = Desk::new();
    let first = export(&desk, "first", &["--for", "the inspector"]);
    let size = desk.verify().size;
    export(&desk, "between", &[]);
    let again = export(&desk, "again", &["--at-size", &size.to_string()]);
    assert_eq!(files(&first), files(&again));
    assert_eq!(desk.verify().size, size + 2);
    let log = desk.run(&["audit", "log", &(size + 1).to_string(), "--format", "json"]);
    let recorded = format!("filters=at-size={size}; root=");
    assert!(log.stdout.contains(&recorded), "{}", log.stdout);

    let earlier = export(&desk, "earlier", &["--at-size", "12"]);
    assert_eq!(verify(&desk, &earlier).code, 0);
    for size in ["0", "9999"] {
        let out = desk.beside("none");
        let out = out.to_str().unwrap();
        let answer = desk.run(&["audit", "export", "--out", out, "--at-size", size]);
        assert_eq!(answer.code, 3, "{}", answer.stderr);
        assert!(!Path::new(out).exists());
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name_before_anything_is_written() {
    let desk = Desk::new();
    let size = desk.verify().size;
    let out = desk.beside("bundle");
    let out = out.to_str().unwrap();
    for flag in [
        ["--from", "2026-01-01"],
        ["--to", "2026-12-31"],
        ["--product", "CART-12"],
        ["--lot", "24C0110"],
        ["--session", "S-0001"],
        ["--client", "C-7K2M9QX4"],
        ["--staff", "ana"],
        ["--action", "stock.use"],
        ["--since", "note.txt"],
    ] {
        let answer = desk.run(&["audit", "export", "--out", out, flag[0], flag[1]]);
        assert_eq!(answer.code, 2, "{}", answer.stderr);
        assert!(answer.stderr.starts_with(&format!("error: {} needs", flag[0])));
    }
    fs::create_dir(out).unwrap();
    let answer = desk.run(&["audit", "export", "--out", out]);
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("exists already"), "{}", answer.stderr);
    assert_eq!(desk.verify().size, size, "nothing was recorded");
    let left: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "the book and the folder alone: {left:?}");
}

#[test]
fn a_damaged_book_is_not_exported() {
    let desk = Desk::new();
    desk.force("UPDATE entry SET reason = 'x' WHERE seq = 5");
    let out = desk.beside("bundle");
    let answer = desk.run(&["audit", "export", "--out", out.to_str().unwrap()]);
    assert_eq!(answer.code, 4, "{}", answer.stderr);
    assert!(answer.stderr.starts_with("error: entry 5 was changed"), "{}", answer.stderr);
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 1, "no half bundle is left");
}

#[test]
fn an_export_that_the_book_can_not_give_is_not_offered_again() {
    let desk = Desk::new();
    desk.force("UPDATE protocol_text SET text = text || ' '");
    let out = desk.beside("bundle");
    let answer = desk.run(&["audit", "export", "--out", out.to_str().unwrap()]);
    assert_eq!(answer.code, 4, "{}", answer.stderr);
    let said = "no folder was made, but the book holds an entry that records this export";
    assert!(answer.stderr.contains(said), "{}", answer.stderr);
    for false_word in ["--at-size", "nothing was written"] {
        assert!(!answer.stderr.contains(false_word), "{}", answer.stderr);
    }
    assert!(!out.exists());
}

#[test]
fn a_copy_that_stops_says_what_it_leaves() {
    let desk = Desk::new();
    desk.force("UPDATE balance SET quantity = quantity + 1");
    let to = desk.beside("copy.lotbook");
    let answer = desk.run(&["copy", "--to", to.to_str().unwrap()]);
    assert_eq!(answer.code, 4, "{}", answer.stderr);
    let is_told = answer.stderr.contains("what was begun is no book yet: ");
    assert_eq!(is_told, to.exists(), "{}", answer.stderr);
    assert!(!answer.stderr.contains("nothing was written"), "{}", answer.stderr);
}

#[test]
fn an_older_checkpoint_covers_what_it_was_made_of() {
    let desk = Desk::new();
    let old = export(&desk, "old", &[]);
    let size = desk.verify().size;
    let new = export(&desk, "new", &[]);
    let note = old.join("checkpoint.txt");
    let note = note.to_str().unwrap();
    for target in [vec!["audit", "verify"], vec!["audit", "verify", new.to_str().unwrap()]] {
        let args: Vec<&str> = target.into_iter().chain(["--checkpoint", note]).collect();
        let answer = desk.run(&args);
        assert_eq!(answer.code, 0, "{}{}", answer.stdout, answer.stderr);
        for words in ["L2 witnessed", &format!("The first {size} entries"), "The 1 newest"] {
            let said = answer.stdout.replace("\n", " ");
            assert!(said.contains(words), "{words}: {said}");
        }
    }
    let own = new.join("checkpoint.txt");
    let answer = desk.run(&[
        "audit",
        "verify",
        new.to_str().unwrap(),
        "--checkpoint",
        own.to_str().unwrap(),
    ]);
    assert_eq!(answer.code, 2, "a bundle's own checkpoint is not from outside");
}

#[test]
fn a_script_that_is_not_this_programs_stands_in_the_verdict() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let sound = files(&out);
    for name in ["verify.py", "README.txt"] {
        let mut bundle = Attack { files: sound.clone() };
        bundle.files.insert(name.into(), b"print('holds: all of it')\n".to_vec());
        bundle.resum();
        bundle.write(&out);
        let answer = verify(&desk, &out);
        let said = answer.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(answer.code, 1, "{said}");
        assert!(said.contains("the entries hold; a file is NOT KNOWN"), "{said}");
        assert!(said.contains(&format!("NOT KNOWN: {name} is not the one")), "{said}");
        let talk = answer.stderr;
        assert!(talk.contains(&format!("error: {name} is not what this program writes")), "{talk}");
        assert!(talk.contains("another version of it made this folder"), "{talk}");
    }
}

#[test]
fn a_bundle_of_one_entry_verifies_by_program_and_script() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &["--at-size", "1"]);
    assert_eq!(verify(&desk, &out).code, 0);
    if let Some((holds, text)) = script(&out, None) {
        assert!(holds, "{text}");
    }
}

/// Nothing was found wrong with what could not be read. The system's own user reads everything.
#[cfg(unix)]
#[test]
fn what_the_system_lets_nobody_read_is_not_called_wrong() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    for name in ["audit.csv", "SHA256SUMS", "protocols"] {
        let out = export(&desk, &format!("without-{name}"), &[]);
        let closed = out.join(name);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let is_read_all_the_same = fs::read_dir(&closed).is_ok() || fs::File::open(&closed).is_ok();
        let answer = verify(&desk, &out);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        if is_read_all_the_same {
            assert_eq!(answer.code, 0, "{name}: {}", answer.stderr);
            continue;
        }
        assert_eq!(answer.code, 2, "{name}: {}", answer.stderr);
        assert!(answer.stderr.contains("can't read"), "{name}: {}", answer.stderr);
    }
}

#[test]
fn a_checkpoint_of_nothing_covers_nothing_and_a_typed_one_is_read() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let whole = fs::read_to_string(out.join("checkpoint.txt")).unwrap();
    let note = desk.beside("note.txt");
    let against = |text: &str| {
        fs::write(&note, text).unwrap();
        desk.run(&["audit", "verify", "--checkpoint", note.to_str().unwrap()])
    };
    let book = whole.lines().next().unwrap();
    let nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let answer = against(&format!("{book}\n0\n{nothing}\n\n"));
    assert_eq!(answer.code, 2, "{}", answer.stdout);
    assert!(answer.stderr.contains("covers nothing"), "{}", answer.stderr);
    let answer = against(&whole.trim_end().replace('\n', "\r\n"));
    assert!(answer.code == 0 && answer.stdout.contains("L2 witnessed"), "{}", answer.stderr);
    let answer = against("lotbook\n");
    assert!(
        answer.code == 2 && answer.stderr.contains("nothing was compared"),
        "{}",
        answer.stderr
    );
}

/// A slip in a note says nothing of the entries: neither program nor script calls them wrong.
#[test]
fn program_and_script_agree_on_a_note_that_can_t_be_read() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let whole = fs::read_to_string(out.join("checkpoint.txt")).unwrap();
    let (start, hash) = whole.trim_end().rsplit_once('\n').unwrap();
    let (book, _) = start.split_once('\n').unwrap();
    let last = hash.as_bytes()[42];
    let slip = format!("{start}\n{}{}=\n\n", &hash[..42], char::from(last + 1));
    let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let note = desk.beside("note.txt");
    for bytes in [slip.into_bytes(), wide, format!("{book}\n0\n{hash}\n\n").into_bytes()] {
        fs::write(&note, &bytes).unwrap();
        let kept = note.to_str().unwrap();
        let answer = desk.run(&["audit", "verify", out.to_str().unwrap(), "--checkpoint", kept]);
        assert_eq!(answer.code, 2, "{} {}", answer.stdout, answer.stderr);
        assert!(answer.stderr.contains("note.txt"), "{}", answer.stderr);
        let Some((holds, said)) = script(&out, Some(&note)) else { return };
        assert!(!holds && !said.contains("FAILS") && said.contains("CAN'T LOOK"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_link_is_never_opened() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let pipe = |path: &Path| {
        let _ = fs::remove_file(path);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let note = desk.beside("note.txt");
    pipe(&note);
    let answer = desk.run(&["audit", "verify", "--checkpoint", note.to_str().unwrap()]);
    assert!(answer.code != 0 && answer.stderr.contains("no plain file"), "{}", answer.stderr);
    let sound = Attack { files: files(&out) };
    for name in ["audit.csv", "SHA256SUMS", "checkpoint.txt", "staff.csv", "verify.py"] {
        sound.write(&out);
        pipe(&out.join(name));
        let answer = verify(&desk, &out);
        assert!(answer.code == 1 && answer.stdout.contains("no plain file"), "{}", answer.stdout);
    }
}

#[test]
fn a_bundle_without_any_file_is_answered() {
    let desk = Desk::new();
    let empty = desk.beside("empty");
    fs::create_dir(&empty).unwrap();
    for beside in ["holiday.jpg", "README.txt", "protocols.md"] {
        let answer = verify(&desk, &empty);
        assert_eq!((answer.code, answer.stdout.as_str()), (1, ""), "{}", answer.stderr);
        assert!(answer.stderr.contains("empty is no export"), "{}", answer.stderr);
        fs::write(empty.join(beside), "x").unwrap();
    }
    fs::write(empty.join("staff.csv"), "x").unwrap();
    let answer = verify(&desk, &empty);
    assert!(answer.code == 1 && answer.stdout.contains("DOES NOT HOLD"), "{}", answer.stdout);
    let answer = desk.run(&["audit", "verify", desk.beside("nowhere").to_str().unwrap()]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
}

#[test]
fn a_checkpoint_of_another_book_is_told_from_a_trail_that_does_not_hold() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let own = Checkpoint::typed(&fs::read_to_string(out.join("checkpoint.txt")).unwrap()).unwrap();
    let strange = "019a0000-0000-7000-8000-00000000dead";
    let note = Checkpoint::new(strange, own.size(), own.root()).unwrap();
    let kept = desk.beside("kept.txt");
    fs::write(&kept, note.to_string()).unwrap();
    let folder = out.to_str().unwrap();
    let with_note = |folder: &[&str]| {
        let args = [&["audit", "verify", "--checkpoint", kept.to_str().unwrap()], folder].concat();
        desk.run(&args)
    };
    for answer in [with_note(&[]), with_note(&[folder])] {
        assert_eq!(answer.code, 1);
        assert!(!answer.stdout.contains("DOES NOT HOLD"), "{}", answer.stdout);
        assert!(answer.stdout.contains("is of another book"), "{}", answer.stdout);
        assert!(answer.stdout.contains(strange), "{}", answer.stdout);
        assert!(answer.stderr.contains("is of another book"), "{}", answer.stderr);
    }
    // What doesn't hold by itself doesn't hold, whatever note is beside it.
    fs::write(out.join("staff.csv"), "x").unwrap();
    let answer = with_note(&[folder]);
    assert!(answer.code == 1 && answer.stdout.contains("DOES NOT HOLD"), "{}", answer.stdout);
}

#[test]
fn without_the_entries_nothing_is_held_against_the_other_files() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let sound = files(&out);
    let kept = desk.beside("kept.txt");
    fs::copy(out.join("checkpoint.txt"), &kept).unwrap();
    type Change = (&'static str, fn(&mut Attack));
    let changes: [Change; 4] = [
        ("can't be read", |a| drop(a.files.remove("audit.csv"))),
        ("holds no entry", |a| drop(a.files.insert("audit.csv".into(), Vec::new()))),
        ("doesn't end in CRLF", |a| a.files.get_mut("audit.csv").unwrap().truncate(700)),
        ("is not UTF-8", |a| {
            let lines = a.files.get_mut("audit.csv").unwrap();
            let at = lines.windows(12).position(|w| w == b"protocol.pub").unwrap();
            lines[at] = 0xff;
        }),
    ];
    for (cause, change) in changes {
        let mut bundle = Attack { files: sound.clone() };
        change(&mut bundle);
        bundle.resum();
        bundle.write(&out);
        let (folder, note) = (out.to_str().unwrap(), kept.to_str().unwrap());
        let answer = desk.run(&["audit", "verify", folder, "--checkpoint", note]);
        let said = answer.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(answer.code, 1, "{said}");
        assert!(said.contains(cause) && said.contains("IT DOES NOT HOLD"), "{said}");
        assert!(said.contains("NOT CHECKED: whether"), "{said}");
        for follow_on in ["is of", "no entry names", "doesn't say what the entries say"] {
            assert!(!said.contains(follow_on), "{cause}: {follow_on}: {said}");
        }
        assert!(!said.contains("NOT KNOWN: README.txt"), "{said}");
    }
}

#[test]
fn what_differs_in_a_list_is_told_by_its_row() {
    let desk = Desk::new();
    let out = export(&desk, "bundle", &[]);
    let sound = files(&out);
    let mut bundle = Attack { files: sound.clone() };
    bundle.edit("staff.csv", "technician", "manager");
    bundle.resum();
    bundle.write(&out);
    let said = verify(&desk, &out).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("staff.csv doesn't say what the entries say: its row "), "{said}");
    assert!(said.contains("manager") && said.contains("technician"), "{said}");
    let mut bundle = Attack { files: sound };
    bundle.edit("SHA256SUMS", "  checkpoint.txt", " *checkpoint.txt");
    bundle.write(&out);
    let said = verify(&desk, &out).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("SHA256SUMS, line 3: `"), "{said}");
}

/// An export inside the ledger records the root of what stood before it: where it no longer fits,
/// the wrong entry is an earlier one.
#[test]
fn a_root_that_no_longer_fits_accuses_no_entry() {
    let desk = Desk::new();
    export(&desk, "first", &[]);
    let out = export(&desk, "bundle", &[]);
    let mut bundle = Attack { files: files(&out) };
    let exported = bundle.lines().iter().position(|line| line.contains(",root=")).unwrap() - 1;
    bundle.edit("audit.csv", "fell\\n", "was\\n");
    bundle.resum();
    bundle.write(&out);
    let said = verify(&desk, &out).stderr;
    let expected = format!("one of the entries before {exported} was changed");
    assert!(said.contains(&expected) && !said.contains("first bad entry"), "{said}");
}
