//! A clinic to tell stories about: a home folder, a clock and a source of ids that all runs share.
//!
//! ```text
//! let clinic = Clinic::new();                      // a book, with the manager `ana`
//! clinic.ok("place add room-1 --kind room");       // must exit 0; returns its stdout
//! let refused = clinic.run("open CART-12");        // any exit; returns Output
//! insta::assert_snapshot!(refused, @r"...");
//! ```
//!
//! A line is split as a shell would: blanks between words, `'...'` as it is, `"..."` with `\"`.
//! In what is shown, the home folder reads `[home]` and the beginning of a root `[root]`: the
//! first differs by machine, the second with every entry. Where the root of the test crate's
//! `fresh_url` names a book on a server, its URL reads as the path of the file would.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use lotbook::config::Environment;
use lotbook::context::Surroundings;
use lotbook::domain::time::Instant;
use lotbook::os::Folders;
use lotbook::store::{Clock, Ids};
use lotbook::ui::{Captured, Peer, Ui};
use uuid::{Builder, Uuid};

/// A clinic with its own home folder.
pub(crate) struct Clinic {
    home: tempfile::TempDir,
    /// The book's URL, where it is not a file of the home folder.
    url: Option<String>,
    clock: Ticking,
    ids: Seeded,
    /// Who acts where a line doesn't say `--as`.
    staff: &'static str,
    peer: Peer,
}

/// What one run answered.
pub(crate) struct Output {
    /// The exit code.
    pub(crate) code: u8,
    /// The data.
    pub(crate) stdout: String,
    /// The talk.
    pub(crate) stderr: String,
}

impl Clinic {
    /// A clinic in Berlin with an empty book, whose manager is `ana`. It is Sunday, 22 November
    /// 2026, 10:00 there.
    pub(crate) fn new() -> Self {
        let mut clinic = Self::without_book();
        clinic.ok(INIT);
        clinic.url = clinic.url.take().map(crate::staffed);
        clinic
    }

    /// The same home, clock and ids, but no book yet.
    pub(crate) fn without_book() -> Self {
        let now = Instant::parse("2026-11-22T09:00:00.000Z").expect("a time").millis();
        Self {
            home: tempfile::tempdir().expect("a temporary folder"),
            url: crate::fresh_url(),
            clock: Ticking(Arc::new(AtomicI64::new(now))),
            ids: Seeded(Arc::new(AtomicU64::new(0))),
            staff: "ana",
            peer: Peer::Pipe,
        }
    }

    /// A clinic with people, places and products, and stock of every kind:
    ///
    /// | SKU | lots |
    /// |---|---|
    /// | `CART-12`, single | `24C0110` 20 to 2027-03-31, `23B0412` 5 to 2026-10-31 (expired) |
    /// | `NUMB-4`, tubes of 30 g, 28 days open | `L77` 3 tubes to 2027-06-30 |
    /// | `HA-01`, vials of 5 ml, 28 days open | `007` 2 vials and `7` 1 vial to 2027-01-31 |
    ///
    /// `ben` is a technician and nurse, `ivo` an inspector, `pia` a prescriber and physician.
    pub(crate) fn stocked() -> Self {
        Self::new().stock()
    }

    /// The same in a book of this URL.
    #[allow(dead_code, reason = "only stories about servers name one")]
    pub(crate) fn stocked_at(url: String) -> Self {
        let clinic = Self { url: Some(url), ..Self::without_book() };
        clinic.ok(INIT);
        clinic.stock()
    }

    fn stock(self) -> Self {
        for line in STOCKED.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.ok(line);
        }
        self
    }

    /// The same clinic with somebody else acting.
    pub(crate) fn acting(mut self, staff: &'static str) -> Self {
        self.staff = staff;
        self
    }

    /// The same clinic with the file of its home folder for a book, whatever the others have.
    #[allow(dead_code, reason = "the documents know no other books")]
    pub(crate) fn on_file(mut self) -> Self {
        self.url = None;
        self
    }

    /// The same clinic with a person at the terminal, who answers with the input.
    #[allow(dead_code, reason = "the tests of documents ask nobody")]
    pub(crate) fn attended(mut self) -> Self {
        self.peer = Peer::Person;
        self
    }

    /// Runs one line.
    pub(crate) fn run(&self, line: &str) -> Output {
        self.run_with(line, "")
    }

    /// Runs one line with something to read.
    pub(crate) fn run_with(&self, line: &str, input: impl Into<Vec<u8>>) -> Output {
        self.run_words(words(line), input)
    }

    /// Runs words that no line could hold, such as bytes that are not UTF-8.
    pub(crate) fn run_words<W: Into<OsString>>(
        &self,
        words: impl IntoIterator<Item = W>,
        input: impl Into<Vec<u8>>,
    ) -> Output {
        let environment = Environment::of([
            ("LOTBOOK_BOOK", self.url.as_deref().unwrap_or_default()),
            ("LOTBOOK_STAFF", self.staff),
            ("COLUMNS", "100"),
        ]);
        let Output { code, stdout, stderr } = self.run_in(environment, words, input);
        Output { code, stdout: self.redact(&stdout), stderr: self.redact(&stderr) }
    }

    /// Runs words with exactly these variables, and shows all that was written as it is. Whatever
    /// is refused must say what to do instead.
    pub(crate) fn run_in<W: Into<OsString>>(
        &self,
        environment: Environment,
        words: impl IntoIterator<Item = W>,
        input: impl Into<Vec<u8>>,
    ) -> Output {
        let args = std::iter::once(OsString::from("lotbook"));
        let args: Vec<OsString> = args.chain(words.into_iter().map(Into::into)).collect();
        let captured = Arc::new(Mutex::new(None::<Captured>));
        let (kept, input, peer) = (Arc::clone(&captured), input.into(), self.peer);
        let surroundings = Surroundings {
            environment,
            folders: Folders {
                data: Some(self.home.path().join("data")),
                config: Some(self.home.path().join("config")),
                passwords: Some(self.home.path().join(".pgpass")),
            },
            clock: Box::new(self.clock.clone()),
            ids: Box::new(self.ids.clone()),
            ui: Box::new(move |manner| {
                let (ui, captured) = Ui::captured(manner, peer, input);
                *kept.lock().expect("no run panicked") = Some(captured);
                ui
            }),
        };
        let code = lotbook::run(args, surroundings);
        let captured =
            captured.lock().expect("no run panicked").take().expect("every run opens its streams");
        let (stdout, stderr) = (captured.take_stdout(), captured.take_stderr());
        // What holds of every refusal of every story is held here.
        let is_refused = (2..=4).contains(&code) && stderr.contains("error: ");
        assert!(!is_refused || stderr.contains("hint: "), "nothing to do instead: {stderr}");
        Output { code, stdout, stderr }
    }

    /// Runs a line that must succeed, and returns what it wrote to stdout.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.code, 0, "`{line}` answered\n{output}");
        output.stdout
    }

    /// Runs a line that must answer in JSON.
    #[track_caller]
    pub(crate) fn json(&self, line: &str) -> serde_json::Value {
        let output = self.run(&format!("{line} --format json"));
        serde_json::from_str(&output.stdout).unwrap_or_else(|why| panic!("{why}\n{output}"))
    }

    /// The path of the book.
    pub(crate) fn book(&self) -> PathBuf {
        self.home.path().join("data").join("lotbook").join("clinic.lotbook")
    }

    /// A folder for files of a story.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into the home folder and returns its path, quoted as one word of a line.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, content).expect("the home folder takes a file");
        format!("'{}'", path.display())
    }

    /// Lets time pass.
    pub(crate) fn wait_seconds(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Lets days pass.
    pub(crate) fn wait_days(&self, days: i64) {
        self.wait_seconds(days * 86_400);
    }

    /// The text with what differs by machine and by entry hidden.
    pub(crate) fn redact(&self, text: &str) -> String {
        let text = text.replace(&self.home.path().display().to_string(), "[home]");
        hide_roots(&match &self.url {
            Some(url) => text.replace(url, "[home]/data/lotbook/clinic.lotbook"),
            None => text,
        })
    }
}

/// The command that makes a book.
pub(crate) const INIT: &str =
    "init --clinic 'Clinic Lind' --zone Europe/Berlin --currency EUR --manager 'ana=Ana Lind'";

const STOCKED: &str = "
    staff add ben --name 'Ben Roth' --role technician --title nurse \
        --certificate micro-needling=2027-06-30 --limit depth=1.5mm
    staff add ivo --role inspector
    staff add pia --role prescriber --title physician
    place add room-1 --kind room
    place add fridge --kind fridge
    product add CART-12 --category cartridge --pack 1 --gtin 09504000059118 --attr needles=12
    product add NUMB-4 --category anesthetic --unit g --pack '30 g' --dose '2.5 g' \
        --opened-life 28d --gtin 09504000059125 --attr strength_percent=4 \
        --attr 'dwell_min=20 min' --attr 'dwell_max=60 min'
    product add HA-01 --category serum --unit ml --pack '5 ml' --dose '1 ml' --opened-life 28d
    receive 20 CART-12 --lot 24C0110 --expiry 2027-03 --from Lind --to stockroom --document D-1
    receive 5 CART-12 --lot 23B0412 --expiry 2026-10-31 --from Lind --to stockroom --document D-2
    receive '3 packs' NUMB-4 --lot L77 --expiry 2027-06-30 --from Lind --to room-1
    receive '2 packs' HA-01 --lot 007 --expiry 2027-01-31 --from Serumhaus --to fridge
    receive '1 packs' HA-01 --lot 7 --expiry 2027-01-31 --from Serumhaus --to fridge
";

impl fmt::Display for Output {
    /// What stories look at: stdout, then stderr with `! ` before each line, then the exit code
    /// where it isn't 0.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.stdout)?;
        for line in self.stderr.lines() {
            writeln!(out, "{}", format!("! {line}").trim_end())?;
        }
        match self.code {
            0 => Ok(()),
            code => writeln!(out, "exit {code}"),
        }
    }
}

/// Runs several lines and shows each with its answer.
pub(crate) fn all(clinic: &Clinic, lines: &[&str]) -> String {
    lines.iter().map(|line| format!("$ {line}\n{}", clinic.run(line))).collect()
}

/// Splits a line as a shell would.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => word
                .get_or_insert_default()
                .extend(letters.by_ref().take_while(|letter| *letter != '\'')),
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    word.extend(if letter == '\\' { letters.next() } else { Some(letter) });
                }
            }
            _ if letter.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// `#12 3fa9c2d1` at the end of a line becomes `#12 [root]`.
fn hide_roots(text: &str) -> String {
    let hide = |line: &str| {
        let Some((before, root)) = line.rsplit_once(' ') else { return line.to_owned() };
        let is_root = root.len() == 8 && root.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = before.rsplit_once('#').is_some_and(|(_, seq)| {
            !seq.is_empty() && seq.bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_root && seq { format!("{before} [root]") } else { line.to_owned() }
    };
    text.split('\n').map(hide).collect::<Vec<_>>().join("\n")
}

/// A clock that ticks a second each time it is asked.
#[derive(Clone)]
struct Ticking(Arc<AtomicI64>);

impl Clock for Ticking {
    fn now(&mut self) -> Instant {
        Instant::from_millis(self.0.fetch_add(1000, Ordering::Relaxed)).expect("a time")
    }
}

/// Ids that look random and are the same in every run: splitmix64 of a counter.
#[derive(Clone)]
struct Seeded(Arc<AtomicU64>);

impl Seeded {
    fn next(&self) -> u64 {
        let mut bits = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes());
        bytes
    }
}

impl Ids for Seeded {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let random = self.bytes();
        let random: [u8; 10] = std::array::from_fn(|index| random[index]);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn book_id(&mut self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn random(&mut self) -> u64 {
        self.next()
    }
}

#[test]
fn a_line_is_split_as_a_shell_would() {
    let split = words(r#"receive "2 packs" '' --lot 'a "b"' x"\"y" "#);
    assert_eq!(split, ["receive", "2 packs", "", "--lot", "a \"b\"", "x\"y"]);
}

#[test]
fn only_the_root_of_a_receipt_is_hidden() {
    assert_eq!(hide_roots("made  #0 3fa9c2d1\n#0 3fa9c2d\n"), "made  #0 [root]\n#0 3fa9c2d\n");
}
