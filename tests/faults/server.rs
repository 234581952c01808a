//! A book on a server that many write to, that stops at any moment, and whose standby takes over.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use lotbook::store::{
    Book, Engine as _, Login, Postgres, Rows, Server, StoreError, SystemClock, SystemIds,
};

use crate::clinic::{actor, mara, opening};
use crate::servers::{self, OWNER, TestServer};
use crate::{client, clients, program, receipt, receipts, write_client, writer};

pub(crate) fn address(url: &str) -> Server {
    Server::parse(url, &Login::default()).unwrap()
}

pub(crate) fn open(url: &str) -> Result<Book, StoreError> {
    let engine = Box::new(Postgres::open(&address(url))?);
    Book::open(engine, Box::new(SystemClock), Box::new(SystemIds::default()))
}

/// A new book of the real clock and real ids.
pub(crate) fn make(url: &str) -> Book {
    let engine = Box::new(Postgres::create(&address(url)).unwrap());
    let ids = Box::new(SystemIds::default());
    Book::create(engine, Box::new(SystemClock), ids, opening(), mara()).unwrap().0
}

/// A new book on the shared server, whose connections have its name.
fn make_shared() -> (String, Book) {
    let schema = servers::fresh_schema();
    let url = servers::shared().url(OWNER, &schema) + "&application_name=" + &schema;
    let book = make(&url);
    (url, book)
}

/// Ends every connection to the book of this URL, as an administrator does.
fn end_connections(url: &str) {
    let (_, name) = url.rsplit_once('=').unwrap();
    servers::shared().psql(&format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE application_name = '{name}'"
    ));
}

/// Runs a command that must succeed.
fn run(url: &str, home: &Path, args: &[&str]) {
    let done = program(OsStr::new(url), home, args).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said));
}

pub(crate) fn a_book_is_shared_by_writers_a_reader_and_exports() {
    let (url, mut book) = make_shared();
    let folder = tempfile::tempdir().unwrap();
    let writers: Vec<_> = (0..8)
        .map(|number| writer(OsStr::new(&url), &format!("C-{number}-"), 500).spawn().unwrap())
        .collect();
    let all = move || writers.into_iter().flat_map(all_receipts).collect::<Vec<_>>();
    let kept = std::thread::spawn(all);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut book = open(&url).unwrap();
            let mut last = 0;
            while !kept.is_finished() {
                last = whole_size(&mut book, last);
                sleep(Duration::from_millis(500));
            }
        });
        let mut exports = 0;
        while !kept.is_finished() || exports == 0 {
            let name = format!("export-{exports}");
            let out = folder.path().join(&name).display().to_string();
            run(&url, folder.path(), &["audit", "export", "--out", &out]);
            run(&url, folder.path(), &["audit", "verify", &out]);
            exports += 1;
            sleep(Duration::from_secs(2));
        }
    });
    let mut kept = kept.join().unwrap();
    run(&url, folder.path(), &["audit", "verify"]);
    let mut there = receipts(&mut book);
    kept.sort_unstable();
    there.sort_unstable();
    assert_eq!(kept.len(), 4000);
    assert_eq!(there, kept);
}

/// All that a writer says until it ends by itself.
fn all_receipts(writer: Child) -> Vec<String> {
    let done = writer.wait_with_output().unwrap();
    assert!(done.status.success());
    let text = String::from_utf8(done.stdout).unwrap();
    text.lines().filter_map(receipt).map(str::to_owned).collect()
}

/// The size of a book, which is what is read of it and never gets smaller.
fn whole_size(book: &mut Book, last: u64) -> u64 {
    let read = book.read(|snapshot| {
        let (size, mut entries) = (snapshot.size(), 0);
        snapshot.entries(0, u64::MAX, &mut |_, _| {
            entries += 1;
            Ok(Rows::More)
        })?;
        assert_eq!(entries, size, "one snapshot shows one moment");
        Ok(size)
    });
    let size = read.unwrap();
    assert!(size >= last);
    size
}

/// A writer that is listened to line by line.
struct Heard {
    writer: Child,
    lines: Lines<BufReader<ChildStdout>>,
    kept: Vec<String>,
}

impl Heard {
    fn start(url: &str, prefix: &str) -> Self {
        let mut writer = writer(OsStr::new(url), prefix, u32::MAX).spawn().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        Self { writer, lines, kept: Vec::new() }
    }

    /// Waits until it has said so many more.
    fn hears(&mut self, more: usize) {
        let enough = self.kept.len() + more;
        while self.kept.len() < enough {
            let line = self.lines.next().expect("the writer goes on until it is killed").unwrap();
            self.kept.extend(receipt(&line).map(str::to_owned));
        }
    }

    /// Kills it, and returns all that it ever said.
    fn end(mut self) -> Vec<String> {
        self.writer.kill().unwrap();
        let rest = self.lines.map_while(Result::ok);
        self.kept.extend(rest.filter_map(|line| receipt(&line).map(str::to_owned)));
        self.writer.wait().unwrap();
        self.kept
    }
}

/// What was said is in the book where it was said to be, and of each writer at most the one more
/// whose word was cut off.
fn nothing_is_lost_or_there_twice(book: &mut Book, kept: Vec<String>, writers: usize) {
    // Behind whatever a writer that was killed still had on its way.
    write_client(book, "C-last-1").unwrap();
    let there = receipts(book);
    let lost: Vec<_> = kept.iter().filter(|receipt| !there.contains(receipt)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let names: BTreeSet<String> = clients(book).into_iter().collect();
    assert_eq!(names.len(), there.len(), "no entry is there twice");
    assert!(there.len() <= kept.len() + writers + 1);
}

/// Also on a server that would answer a commit before it is on the disk: it is told not to.
pub(crate) fn no_entry_that_was_kept_is_lost_when_the_server_stops() {
    for settings in ["", "synchronous_commit = off\nwal_writer_delay = 10s"] {
        let server = TestServer::start(settings);
        assert_eq!(server.psql("SHOW fsync"), "on");
        let url = server.url(OWNER, "clinic");
        drop(make(&url));
        let mut writers = ["C-a-", "C-b-"].map(|prefix| Heard::start(&url, prefix));
        for round in 1..=3 {
            writers.iter_mut().for_each(|writer| writer.hears(7 * round));
            server.stop_at_once();
            server.start_again();
        }
        writers.iter_mut().for_each(|writer| writer.hears(5));
        let kept = writers.map(Heard::end).concat();
        nothing_is_lost_or_there_twice(&mut open(&url).unwrap(), kept, 2);
    }
}

/// A primary, the standby that it waits for, and the URL of a new book on whichever may write.
fn pair() -> (TestServer, TestServer, String) {
    let primary = TestServer::start("synchronous_standby_names = '*'");
    let folder = primary.base_backup();
    let standby = TestServer::on_data(folder, "synchronous_standby_names = ''");
    let url = format!(
        "postgres://{OWNER}@127.0.0.1:{},127.0.0.1:{}/postgres?schema=clinic\
         &target_session_attrs=read-write",
        primary.port, standby.port
    );
    drop(make(&url));
    (primary, standby, url)
}

pub(crate) fn no_entry_that_was_kept_is_lost_when_a_standby_takes_over() {
    let (primary, standby, url) = pair();
    let mut writers = ["C-a-", "C-b-"].map(|prefix| Heard::start(&url, prefix));
    writers.iter_mut().for_each(|writer| writer.hears(20));
    primary.stop_at_once();
    standby.promote();
    writers.iter_mut().for_each(|writer| writer.hears(20));
    let kept = writers.map(Heard::end).concat();
    nothing_is_lost_or_there_twice(&mut open(&url).unwrap(), kept, 2);
}

/// A primary that stops while a commit waits for its standby shows the entry when it is back; it is
/// lost all the same where the standby takes over.
pub(crate) fn what_no_standby_has_is_not_said_to_be_kept() {
    let (primary, standby, url) = pair();
    standby.stop_at_once();
    let hosts = url.clone();
    let written = std::thread::spawn(move || write_client(&mut open(&hosts).unwrap(), "C-1"));
    waits_for_a_standby(&primary);
    primary.stop_at_once();
    primary.start_again();
    waits_for_a_standby(&primary);
    primary.stop_at_once();
    standby.start_again();
    standby.promote();
    let there = |book: &mut Book| clients(book).contains(&"C-1".to_owned());
    match written.join().unwrap() {
        Ok(_) => assert!(there(&mut open(&url).unwrap())),
        Err(StoreError::Unknown { .. }) => {}
        Err(StoreError::Lost(_)) => assert!(!there(&mut open(&url).unwrap())),
        Err(other) => panic!("{other}"),
    }
}

/// Waits until a session waits for a standby; for twenty seconds at most.
fn waits_for_a_standby(primary: &TestServer) {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for _ in 0..200 {
        if primary.psql(waiting) != "0" {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("nobody waits for a standby");
}

pub(crate) fn a_connection_that_died_while_it_was_idle_is_made_again() {
    let (url, mut book) = make_shared();
    end_connections(&url);
    assert_eq!(book.read(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    end_connections(&url);
    assert_eq!(book.inspect(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    end_connections(&url);
    write_client(&mut book, "C-1").unwrap();
    assert_eq!(clients(&mut book), ["C-1"]);
}

/// Few entries go out in one statement, many of them by COPY.
pub(crate) fn a_write_whose_connection_is_ended_is_tried_again_with_the_same_ids() {
    for count in [2, 4200] {
        let (url, mut book) = make_shared();
        let mut drawn = Vec::new();
        let written = book.write(actor("mara"), None, |writing| {
            drawn.push(writing.random());
            for number in 0..count {
                if number == count - 1 && drawn.len() < 3 {
                    end_connections(&url);
                }
                writing.append(&client(&format!("C-{number}")))?;
            }
            Ok(())
        });
        assert_eq!(written.unwrap().1.first, Some(3));
        assert_eq!(drawn, [drawn[0]; 3]);
        let wanted: Vec<_> = (0..count).map(|number| format!("C-{number}")).collect();
        assert_eq!(clients(&mut book), wanted);
    }
}

/// A user who is not let in any more is told so, and not that the connection was lost.
pub(crate) fn what_waiting_can_not_mend_is_told_at_once() {
    let server = servers::shared();
    let (schema, role) = (servers::fresh_schema(), "let_in_no_more");
    server.psql(&format!("CREATE ROLE {role} LOGIN; GRANT CREATE ON DATABASE postgres TO {role}"));
    let url = server.url(role, &schema);
    let mut book = make(&url);
    let mut tries = 0;
    let written = book.write(actor("mara"), None, |writing| {
        tries += 1;
        server.psql(&format!(
            "ALTER ROLE {role} NOLOGIN; \
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
        ));
        writing.append(&client("C-1"))
    });
    let error = written.unwrap_err();
    assert!(matches!(error, StoreError::Login { .. }), "{error}");
    assert_eq!(tries, 1);
}

/// Of two who make the same book at once, one is told that it is there.
pub(crate) fn a_book_that_two_make_at_once_is_made_once() {
    for is_empty in [false, true] {
        let (server, schema) = (servers::shared(), servers::fresh_schema());
        if is_empty {
            server.psql(&format!("CREATE SCHEMA {schema}"));
        }
        let url = server.url(OWNER, &schema) + "&application_name=" + &schema;
        let mut first = Postgres::create(&address(&url)).unwrap();
        let second = Postgres::create(&address(&url)).unwrap();
        first.begin_create().unwrap();
        first.batch("CREATE TABLE migration (number INTEGER PRIMARY KEY)").unwrap();
        let second = std::thread::spawn(move || {
            let ids = Box::new(SystemIds::default());
            let made =
                Book::create(Box::new(second), Box::new(SystemClock), ids, opening(), mara());
            made.map(|_| ())
        });
        let waiting = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '{schema}' \
             AND wait_event_type = 'Lock'"
        );
        while server.psql(&waiting) == "0" && !second.is_finished() {
            sleep(Duration::from_millis(20));
        }
        first.commit().unwrap();
        let second = second.join().unwrap().unwrap_err();
        assert!(matches!(second, StoreError::Exists(_)), "{second}");
    }
}

/// The program waits for ten seconds before it gives up; this test does so too.
pub(crate) fn another_writer_that_stays_is_named_and_reading_is_not_held_up() {
    let (url, mut book) = make_shared();
    let mut other = Postgres::open(&address(&url)).unwrap();
    other.begin_write().unwrap();
    assert_eq!(book.read(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    assert!(matches!(write_client(&mut book, "C-1"), Err(StoreError::Locked)));
    other.rollback();
    write_client(&mut book, "C-1").unwrap();
    assert_eq!(clients(&mut book), ["C-1"]);
}

pub(crate) fn what_failed_is_never_committed() {
    let (url, mut book) = make_shared();
    let mut engine = Postgres::open(&address(&url)).unwrap();
    engine.begin_write().unwrap();
    engine.batch("DELETE FROM head").unwrap();
    engine.batch("SELECT 1 FROM nowhere").unwrap_err();
    assert!(matches!(engine.commit(), Err(StoreError::Invariant(_))));
    // The connection is as good as before.
    engine.begin_write().unwrap().unwrap();
    engine.rollback();
    assert!(clients(&mut book).is_empty());
}

/// Some servers find out at the commit that another write was in the way, or that they can't tell.
pub(crate) fn a_commit_that_the_server_takes_back_is_tried_again() {
    for code in ["40001", "40P01", "40003"] {
        let (url, mut book) = make_shared();
        let schema = address(&url).schema().unwrap().to_owned();
        servers::shared().psql(&format!(
            "SET search_path = {schema}; CREATE SEQUENCE tries; \
             CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema} \
             AS $$ BEGIN IF nextval('tries') < 3 THEN \
                RAISE EXCEPTION 'so' USING ERRCODE = '{code}'; END IF; RETURN NULL; END $$; \
             CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION refuse()"
        ));
        assert_eq!(write_client(&mut book, "C-1").unwrap(), 3, "{code}");
        assert_eq!(servers::shared().psql(&format!("SELECT last_value FROM {schema}.tries")), "3");
        servers::shared().psql(&format!(
            "SET search_path = {schema}; DROP TRIGGER refuse ON entry; DROP FUNCTION refuse; \
             DROP SEQUENCE tries"
        ));
        assert_eq!(receipts(&mut book), ["C-1 3"], "{code}");
    }
}

pub(crate) fn what_a_server_says_has_a_name() {
    let (url, _) = make_shared();
    let mut engine = Postgres::open(&address(&url)).unwrap();
    for (code, name) in [
        ("08006", "Lost"),
        ("08P01", "Lost"),
        ("40003", "Lost"),
        ("57P01", "Lost"),
        ("57P02", "Lost"),
        ("40001", "Again"),
        ("40P01", "Again"),
        ("55P03", "Locked"),
        ("53100", "DiskFull"),
        ("42501", "Denied"),
        ("XX001", "Corrupt"),
        ("22012", "Engine"),
    ] {
        let raise = format!("DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{code}'; END $$");
        let said = format!("{:?}", engine.batch(&raise).unwrap_err());
        assert!(said.starts_with(name), "{code}: {said}");
    }
}

/// A frozen server still takes connections: its system does.
pub(crate) fn a_server_that_takes_the_connection_and_says_nothing_is_given_up() {
    let frozen = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = frozen.local_addr().unwrap().port();
    let url = format!("postgres://a@127.0.0.1:{port}/b?schema=c&connect_timeout=1");
    let error = open(&url).err().unwrap();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
}

/// What a test's server says to whoever connects, before it closes.
fn says(code: &'static str, message: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            asked.fetch_add(1, Ordering::SeqCst);
            // An error as the protocol writes it (PostgreSQL's manual, "Message Formats").
            let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
            let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
            let _ = client.read(&mut [0; 1024]);
            let _ = client.write_all(&[b"E", &length[..], fields.as_bytes()].concat());
        }
    });
    (port, count)
}

/// A host that lets everybody in, and then closes.
fn lets_in_and_closes() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let _ = client.read(&mut [0; 1024]);
            // AuthenticationOk and ReadyForQuery (PostgreSQL's manual, "Message Formats").
            let _ = client.write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I");
            let _ = client.read(&mut [0; 1024]);
        }
    });
    port
}

pub(crate) fn a_host_that_fails_behind_the_door_is_passed_over_for_the_next_one() {
    let (url, book) = make_shared();
    drop(book);
    let hosts = format!("127.0.0.1:{},127.0.0.1:", lets_in_and_closes());
    let url = url.replace("127.0.0.1:", &hosts);
    assert_eq!(open(&url).unwrap().read(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    let alone = format!("postgres://a@127.0.0.1:{}/b?schema=c", lets_in_and_closes());
    let error = open(&alone).err().unwrap();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
}

pub(crate) fn a_server_that_lets_nobody_in_says_why() {
    let home = tempfile::tempdir().unwrap();
    for (code, message, said, least, most) in [
        ("53300", "sorry, too many clients already", "takes no more connections: sorry", 1, 1),
        ("57P03", "the database system is starting up", "not ready: the database system", 2, 13),
        ("57P03", "the database system is shutting down", "not ready: the database", 2, 13),
        ("57P01", "terminating connection", "not ready: terminating connection", 2, 13),
    ] {
        let (port, count) = says(code, message);
        let url = format!("postgres://a@127.0.0.1:{port}/b?schema=c&connect_timeout=3");
        let done = program(OsStr::new(&url), home.path(), &["stock"]).output().unwrap();
        let text = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(4), "{text}");
        assert!(text.contains(said) && text.contains("hint: "), "{text}");
        // How often it is asked again in its time is a matter of the machine's load.
        let tries = count.load(Ordering::SeqCst);
        assert!(tries >= least && tries <= most, "{code}: {tries}");
    }
}

pub(crate) fn a_server_that_is_full_is_named() {
    let server = TestServer::start("max_connections = 4\nsuperuser_reserved_connections = 0");
    let url = server.url(OWNER, "clinic");
    let mut book = make(&url);
    let mut place = Postgres::create(&address(&server.url(OWNER, "copied"))).unwrap();
    let kept: Vec<_> = (0..16).map_while(|_| Postgres::open(&address(&url)).ok()).collect();
    let error = open(&url).err().unwrap();
    assert!(matches!(error, StoreError::Full { .. }), "{} are open: {error}", kept.len());
    // A copy reads and proves on connections of its own, or would hold all of the ledger at once.
    let copied = book.copy_to(&mut place, &mut |_| {});
    assert!(matches!(copied, Err(StoreError::Full { .. })), "{copied:?}");
}

/// A host that takes connections and never speaks costs its own time and no other's.
pub(crate) fn a_frozen_host_is_passed_over_for_the_next_one() {
    let (url, book) = make_shared();
    drop(book);
    let frozen = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = frozen.local_addr().unwrap().port();
    let hosts = format!("127.0.0.1:{silent},127.0.0.1:");
    let url = url.replace("127.0.0.1:", &hosts) + "&connect_timeout=4";
    assert_eq!(open(&url).unwrap().read(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    let read_write = url + "&target_session_attrs=read-write";
    write_client(&mut open(&read_write).unwrap(), "C-1").unwrap();
    // Where none answers, each is named with its own reason.
    let closed = servers::free_port();
    let url =
        format!("postgres://a@127.0.0.1:{silent},127.0.0.1:{closed}/b?schema=c&connect_timeout=1");
    let said = open(&url).err().unwrap().to_string();
    assert!(said.contains("nothing said for 1 s; 127.0.0.1:"), "{said}");
}
