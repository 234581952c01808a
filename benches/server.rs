//! A book on a PostgreSQL server against `pgbench` on the same server, in turns:
//! `cargo bench --bench server`.
//!
//! The server is started for the bench, with its default settings, and reached over loopback. One
//! step is logged on an open book as the program does it: begin and lock, who acts, one statement
//! with entry and head, commit. `LOTBOOK_BENCH_SESSIONS` sizes the large book (100,000 sessions
//! unless told).

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints what it measured")]
#![allow(clippy::unwrap_used, reason = "a bench that meets an error has failed")]

#[cfg(has_postgres_server)]
#[path = "../tests/servers/mod.rs"]
mod servers;

#[cfg(not(has_postgres_server))]
fn main() {
    eprintln!("no PostgreSQL server programs on this machine: nothing to measure");
}

#[cfg(has_postgres_server)]
fn main() {
    measured::run();
}

#[cfg(has_postgres_server)]
mod measured {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::sync::Barrier;
    use std::time::{Duration, Instant};

    use lotbook::domain::fact::{AtStep, Fact, InSession};
    use lotbook::store::{
        Actor, Book, Login, LotRow, Postgres, Rows, Server, SystemClock, SystemIds,
    };

    use super::servers::{OWNER, TestServer};

    const LOTBOOK: &str = env!("CARGO_BIN_EXE_lotbook");
    const ROUNDS: usize = 7;
    const STEPS: u32 = 400;

    pub(super) fn run() {
        let folder = tempfile::tempdir().unwrap();
        let server = TestServer::start("");
        server.psql(
            "CREATE SCHEMA reference; \
             CREATE TABLE reference.line (id BIGSERIAL PRIMARY KEY, text TEXT NOT NULL); \
             CREATE TABLE reference.head (one INT PRIMARY KEY, size BIGINT NOT NULL); \
             INSERT INTO reference.head VALUES (1, 0)",
        );
        let small = demo(&folder.path().join("small"), 950);
        let url = copied(&server, &small, "small");
        start_session(&url);
        steps(&server, &url, folder.path());
        let sessions = std::env::var("LOTBOOK_BENCH_SESSIONS").ok();
        let sessions = sessions.and_then(|text| text.parse().ok()).unwrap_or(100_000);
        let large = demo(&folder.path().join("large"), sessions);
        large_book(&server, &large, folder.path());
    }

    fn steps(server: &TestServer, url: &str, folder: &Path) {
        let (insert, lock) = (
            "INSERT INTO reference.line (text) VALUES (repeat('x', 250));",
            "SELECT size FROM reference.head WHERE one = 1 FOR UPDATE;",
        );
        let update = "UPDATE reference.head SET size = size + 1 WHERE one = 1;";
        let plain = format!("BEGIN;\n{insert}\n{update}\nEND;\n");
        let locked = format!("BEGIN;\n{lock}\n{insert}\n{update}\nEND;\n");
        compare("log one step, 1 client", "pgbench insert and update", || {
            (ours(url, 1), pgbench(server, folder, &plain, 1))
        });
        compare("log one step, 8 clients", "pgbench lock, insert and update", || {
            (ours(url, 8), pgbench(server, folder, &locked, 8))
        });
        let words = ["session", "log", "anesthetic-on", "--use", "0.1 g NUMB-4", "--as", "ben"];
        let mut times: Vec<Duration> = (0..21).map(|_| timed(|| lotbook(url, &words))).collect();
        println!(
            "session log with one use, whole process with a new connection: {}",
            median(&mut times)
        );
    }

    /// Microseconds for each step of so many clients together.
    fn ours(url: &str, clients: u32) -> u64 {
        // Opening a book is not what is measured; pgbench leaves its own connecting out too.
        let open_all = Barrier::new(usize::try_from(clients + 1).unwrap());
        let begin = std::thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    let mut book = open(url);
                    open_all.wait();
                    (0..STEPS / clients).for_each(|_| log(&mut book));
                });
            }
            open_all.wait();
            Instant::now()
        });
        u64::try_from(begin.elapsed().as_micros()).unwrap() / u64::from(STEPS)
    }

    fn open(url: &str) -> Book {
        let server = Server::parse(url, &Login::default()).unwrap();
        let engine = Box::new(Postgres::open(&server).unwrap());
        Book::open(engine, Box::new(SystemClock), Box::new(SystemIds::default())).unwrap()
    }

    fn log(book: &mut Book) {
        let within = InSession {
            session: "S-0951".parse().unwrap(),
            client: "BENCH-1".parse().unwrap(),
            protocol: "demo-short@1".parse().unwrap(),
        };
        let step = "anesthetic-on".parse().unwrap();
        let at = AtStep { within, step, areas: vec!["cheeks".parse().unwrap()] };
        let fact = Fact::SessionStep { at, readings: BTreeMap::new(), despite: Vec::new() };
        let actor = Actor::Staff("ben".parse().unwrap());
        book.write(actor, None, |writing| writing.append(&fact)).unwrap();
    }

    /// Microseconds for each transaction of the script.
    fn pgbench(server: &TestServer, folder: &Path, script: &str, clients: u32) -> u64 {
        let file = folder.join("script.sql");
        std::fs::write(&file, script).unwrap();
        let output = Command::new("pgbench")
            .args(["-n", "-h", "127.0.0.1", "-U", OWNER, "-p", &server.port.to_string()])
            .args(["-c", &clients.to_string(), "-j", &clients.min(2).to_string()])
            .args(["-t", &(STEPS / clients).to_string(), "-f"])
            .arg(&file)
            .arg("postgres")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")).expect(&text);
        let rate: u64 = rate.split(['.', ' ']).next().unwrap().parse().unwrap();
        1_000_000 / rate
    }

    fn large_book(server: &TestServer, file: &str, folder: &Path) {
        let size = entries(file);
        let took = timed(|| drop(copied(server, file, "large")));
        println!("copy of {size} entries to the server: {} a second", rate(size, took));
        let url = server.url(OWNER, "large");
        let back = folder.join("back.lotbook").display().to_string();
        let took = timed(|| lotbook(&url, &["copy", "--to", &back]));
        println!("copy of {size} entries to a file: {} a second", rate(size, took));
        let lot = most_used_lot(file);
        let words = ["trace", "lot", &lot];
        let first = timed(|| lotbook(&url, &words));
        let mut warm: Vec<Duration> = (0..15).map(|_| timed(|| lotbook(&url, &words))).collect();
        println!("trace lot {lot}, whole process: first {first:?}, warm {}", median(&mut warm));
        let mut book = open(&url);
        let mut read = || {
            timed(|| {
                let (sku, lot) = lot.split_once('/').unwrap();
                let mut count = 0;
                book.read(|snapshot| {
                    let lots = snapshot.lots(&sku.parse().unwrap())?;
                    let named =
                        |row: &&LotRow| row.state.lot.as_ref().is_some_and(|l| l.as_str() == lot);
                    let state = lots.iter().find(named).unwrap().state.clone();
                    snapshot.entries_of_lot(&state, None, &mut |_| {
                        count += 1;
                        Ok(Rows::More)
                    })
                })
                .unwrap();
                assert!(count > 0);
            })
        };
        let first = read();
        let mut warm: Vec<Duration> = (0..15).map(|_| read()).collect();
        println!("  its entries on one connection: first {first:?}, warm {}", median(&mut warm));
    }

    fn rate(size: u64, took: Duration) -> u128 {
        u128::from(size) * 1000 / took.as_millis().max(1)
    }

    fn timed(work: impl FnOnce()) -> Duration {
        let begin = Instant::now();
        work();
        begin.elapsed()
    }

    fn median(times: &mut [Duration]) -> String {
        times.sort();
        format!("{:?}", times[times.len() / 2])
    }

    fn compare(what: &str, reference: &str, mut turn: impl FnMut() -> (u64, u64)) {
        let (mut ours, mut theirs): (Vec<u64>, Vec<u64>) = (0..ROUNDS).map(|_| turn()).unzip();
        ours.sort_unstable();
        theirs.sort_unstable();
        let (ours, theirs) = (ours[ROUNDS / 2], theirs[ROUNDS / 2]);
        let hundredths = ours * 100 / theirs.max(1);
        println!(
            "{what}: {ours} us; {reference}: {theirs} us; ratio {}.{:02}",
            hundredths / 100,
            hundredths % 100
        );
    }

    fn lotbook(book: &str, words: &[&str]) {
        let mut command = Command::new(LOTBOOK);
        command.args(["--book", book]).args(words).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{words:?}");
    }

    fn demo(folder: &Path, sessions: u64) -> String {
        let sessions = sessions.to_string();
        let status = Command::new(LOTBOOK)
            .args(["demo", "--today", "2026-11-22", "--sessions", &sessions, "--out"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        folder.join("demo.lotbook").display().to_string()
    }

    fn copied(server: &TestServer, file: &str, schema: &str) -> String {
        let url = server.url(OWNER, schema);
        lotbook(file, &["copy", "--to", &url]);
        url
    }

    fn start_session(url: &str) {
        lotbook(url, &["client", "new", "BENCH-1", "--as", "ben"]);
        let delivery = ["receive", "40 packs", "NUMB-4", "--lot", "BENCH", "--expiry", "none"];
        lotbook(url, &[&delivery[..], &["--from", "Lind", "--as", "ana"]].concat());
        let start = ["session", "start", "demo-short", "--client", "BENCH-1"];
        lotbook(url, &[&start[..], &["--areas", "cheeks", "--as", "ben"]].concat());
    }

    fn ask(file: &str, sql: &str) -> String {
        let book = rusqlite::Connection::open(file).unwrap();
        book.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn entries(file: &str) -> u64 {
        ask(file, "select cast(size as text) from head").parse().unwrap()
    }

    fn most_used_lot(file: &str) -> String {
        ask(
            file,
            "select product || '/' || lot from entry where action = 'stock.use' \
             and product = 'CART-12' group by product, lot order by count(*) desc limit 1",
        )
    }
}
