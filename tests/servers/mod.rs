//! PostgreSQL servers that tests start for themselves, from the installed programs, in a temporary
//! folder: on a socket and a loopback port, gone when the test's process ends.
#![allow(dead_code, reason = "each group of tests uses its part")]

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The superuser of every test's server.
pub(crate) const OWNER: &str = "postgres";

/// A server, which is stopped and removed when its process, or this value, is gone.
pub(crate) struct TestServer {
    programs: PathBuf,
    folder: PathBuf,
    pub(crate) port: u16,
    watchdog: Child,
}

/// The one server that the tests of a process share.
pub(crate) fn shared() -> &'static TestServer {
    static SHARED: OnceLock<TestServer> = OnceLock::new();
    SHARED.get_or_init(|| TestServer::start("fsync = off"))
}

/// The folder of the newest server programs, or the one that `LOTBOOK_TEST_POSTGRES_BIN` names.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("LOTBOOK_TEST_POSTGRES_BIN") {
        return folder.into();
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return folder;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").is_file())
        .expect("PostgreSQL's server programs are needed: initdb was not found")
}

/// A command as a user who may run a server: not the superuser of the system.
fn unprivileged(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn done(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let (said, wrong) = (&output.stdout, &output.stderr);
    let text = || [String::from_utf8_lossy(said), String::from_utf8_lossy(wrong)].concat();
    assert!(output.status.success(), "{command:?}: {}", text());
    output
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Adds lines to the settings of a server.
fn configure(folder: &Path, text: &str) {
    let conf = folder.join("data").join("postgresql.auto.conf");
    // The folder belongs to the server's user; the system's superuser may write in it too.
    let mut append = unprivileged(Path::new("sh"));
    append.args(["-c", "cat >> \"$0\""]).arg(&conf).stdin(Stdio::piped());
    let mut append = append.spawn().unwrap();
    std::io::Write::write_all(&mut append.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert!(append.wait().unwrap().success());
}

/// A folder that a server may own.
pub(crate) fn server_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("lotbook-pg-{}-{count}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    done(unprivileged(Path::new("mkdir")).args(["-m", "755"]).arg(&folder));
    folder
}

impl TestServer {
    /// A new server with more lines of postgresql.conf.
    pub(crate) fn start(settings: &str) -> Self {
        let (programs, folder) = (programs(), server_folder());
        let data = folder.join("data");
        done(
            unprivileged(&programs.join("initdb"))
                .args(["-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
                .arg(&data),
        );
        Self::on(programs, folder, settings)
    }

    /// A server on a folder that holds its data already.
    pub(crate) fn on_data(folder: PathBuf, settings: &str) -> Self {
        Self::on(programs(), folder, settings)
    }

    fn on(programs: PathBuf, folder: PathBuf, settings: &str) -> Self {
        let socket = folder.display();
        configure(
            &folder,
            &format!(
                "listen_addresses = '127.0.0.1'\nunix_socket_directories = '{socket}'\n\
                 max_connections = 200\n{settings}\n"
            ),
        );
        // It waits for the end of its input, which comes when the test's process ends.
        let clean = "cat >/dev/null; \"$0/pg_ctl\" -D \"$1/data\" -m immediate stop; rm -rf \"$1\"";
        let watchdog = unprivileged(Path::new("sh"))
            .args(["-c", clean])
            .arg(&programs)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { programs, folder, port: 0, watchdog };
        // Between the question for a free port and the server's start somebody else may take it.
        for _ in 0..8 {
            server.port = free_port();
            // Of a setting that stands there more than once the last one counts.
            configure(&server.folder, &format!("port = {}\n", server.port));
            match server.try_pg_ctl(&["start"]) {
                Ok(()) => return server,
                Err(log) => assert!(log.contains("could not create any TCP/IP"), "{log}"),
            }
        }
        panic!("somebody always takes the port");
    }

    fn pg_ctl(&self, words: &[&str]) {
        self.try_pg_ctl(words).unwrap();
    }

    /// Runs it, and returns the server's log where it fails.
    fn try_pg_ctl(&self, words: &[&str]) -> Result<(), String> {
        let mut command = unprivileged(&self.programs.join("pg_ctl"));
        command.arg("-D").arg(self.folder.join("data"));
        command.arg("-l").arg(self.folder.join("log")).args(["-w", "-t", "60"]).args(words);
        // A server that stays must not hold our streams.
        command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        if command.status().unwrap().success() {
            return Ok(());
        }
        let mut log = String::new();
        let file = fs::File::open(self.folder.join("log"));
        let _ = file.map(|mut file| file.read_to_string(&mut log));
        Err(format!("{command:?}: {log}"))
    }

    /// Starts it, after it was stopped.
    pub(crate) fn start_again(&self) {
        self.pg_ctl(&["start"]);
    }

    /// Stops it at once, as a crash would.
    pub(crate) fn stop_at_once(&self) {
        self.pg_ctl(&["-m", "immediate", "stop"]);
    }

    /// Makes a standby the primary.
    pub(crate) fn promote(&self) {
        self.pg_ctl(&["promote"]);
    }

    /// Copies the running server's data into a folder of a standby to be.
    pub(crate) fn base_backup(&self) -> PathBuf {
        let folder = server_folder();
        done(
            unprivileged(&self.programs.join("pg_basebackup"))
                .args([
                    "-h",
                    "127.0.0.1",
                    "-U",
                    OWNER,
                    "-R",
                    "-X",
                    "stream",
                    "-c",
                    "fast",
                    "-N",
                    "-p",
                ])
                .arg(self.port.to_string())
                .arg("-D")
                .arg(folder.join("data")),
        );
        folder
    }

    /// Its folder, which holds its socket.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs SQL as the superuser, and returns what it prints.
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.psql_in("postgres", sql)
    }

    /// The same in another database.
    pub(crate) fn psql_in(&self, database: &str, sql: &str) -> String {
        let output = done(
            Command::new(self.programs.join("psql"))
                .args(["-h", "127.0.0.1", "-U", OWNER, "-d", database, "-qAtX", "-p"])
                .arg(self.port.to_string())
                .args(["-v", "ON_ERROR_STOP=1", "-c", sql]),
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The URL of a book, over loopback.
    pub(crate) fn url(&self, user: &str, schema: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/postgres?schema={schema}", self.port)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// A name that no other book of this process has.
pub(crate) fn fresh_schema() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("book_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
