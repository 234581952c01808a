//! The wire to the server is cut at the worst moments: around a commit, and within a listing.

use std::ffi::OsStr;
use std::thread::sleep;
use std::time::Duration;

use lotbook::store::{Book, Rows, StoreError};

use crate::clinic::actor;
use crate::proxy::{Cut, Proxy};
use crate::server::{make, open};
use crate::servers::{self, OWNER, TestServer};
use crate::{client, program, receipts, write_client};

/// A new book on the shared server: its schema, itself, the wire to it and itself over the wire.
struct Wired {
    schema: String,
    near: Book,
    proxy: Proxy,
    url: String,
    far: Book,
}

impl Wired {
    fn new() -> Self {
        let (server, schema) = (servers::shared(), servers::fresh_schema());
        let near = make(&server.url(OWNER, &schema));
        let proxy = Proxy::to(server.port);
        let url = format!("postgres://{OWNER}@127.0.0.1:{}/postgres?schema={schema}", proxy.port);
        let far = open(&url).unwrap();
        Self { schema, near, proxy, url, far }
    }

    /// The book by two hosts: the wire, which is asked first, and the server itself.
    fn by_two_hosts(&self) -> Book {
        let (wire, server) = (self.proxy.port, servers::shared().port);
        let hosts = format!("127.0.0.1:{wire},127.0.0.1:{server}");
        let schema = &self.schema;
        open(&format!("postgres://{OWNER}@{hosts}/postgres?schema={schema}&connect_timeout=1"))
            .unwrap()
    }

    fn psql(&self, sql: &str) {
        servers::shared().psql(&format!("SET search_path = {}; {sql}", self.schema));
    }
}

pub(crate) fn a_commit_whose_answer_is_lost_is_found_and_not_written_twice() {
    let mut wired = Wired::new();
    let mut tries = 0;
    for round in 0..5 {
        wired.proxy.cut(Cut::BehindCommit);
        let written = wired.far.write(actor("mara"), None, |writing| {
            tries += 1;
            writing.append(&client(&format!("C-{round}")))
        });
        let (seq, receipt) = written.unwrap();
        assert!(wired.proxy.has_cut());
        let head = wired.near.read(|snapshot| snapshot.head()).unwrap();
        assert_eq!((seq, receipt.size), (3 + round, 4 + round));
        assert_eq!(receipt.root, head.frontier.root());
    }
    assert_eq!(tries, 5, "what is found is not tried again");
    assert_eq!(receipts(&mut wired.near), ["C-0 3", "C-1 4", "C-2 5", "C-3 6", "C-4 7"]);
}

pub(crate) fn a_commit_that_is_slow_is_waited_for_when_its_answer_is_lost() {
    let mut wired = Wired::new();
    wired.psql(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION slow()",
    );
    wired.proxy.cut(Cut::BehindCommit);
    assert_eq!(write_client(&mut wired.far, "C-1").unwrap(), 3);
    wired.psql("DROP TRIGGER slow ON entry; DROP FUNCTION slow");
    assert_eq!(receipts(&mut wired.near), ["C-1 3"]);
}

pub(crate) fn a_commit_that_never_arrives_is_tried_again() {
    let mut wired = Wired::new();
    let mut tries = 0;
    wired.proxy.cut(Cut::BeforeCommit);
    let written = wired.far.write(actor("mara"), None, |writing| {
        tries += 1;
        writing.append(&client("C-1"))
    });
    assert_eq!((written.unwrap().0, tries), (3, 2));
    assert!(wired.proxy.has_cut());
    assert_eq!(receipts(&mut wired.near), ["C-1 3"]);
}

/// The program asks for ten seconds before it gives up; this test does so too.
pub(crate) fn where_the_server_stays_away_the_outcome_is_called_unknown() {
    let mut wired = Wired::new();
    wired.proxy.cut_for_good(Cut::BehindCommit);
    let unknown = write_client(&mut wired.far, "C-1").unwrap_err();
    let StoreError::Unknown { id, .. } = unknown else { panic!("{unknown}") };
    let mut there = Vec::new();
    let read = wired.near.read(|snapshot| {
        snapshot.entry(3, &mut |entry, _| {
            there.push(entry.entry_id);
            Ok(Rows::More)
        })
    });
    read.unwrap();
    assert_eq!(there, [id], "the id by which it can be found is the one it has");
    assert_eq!(receipts(&mut wired.near), ["C-1 3"]);
}

pub(crate) fn a_listing_that_is_cut_off_is_a_failure_with_a_name() {
    let mut wired = Wired::new();
    let written = wired.near.write(actor("mara"), None, |writing| {
        (0..3000).try_for_each(|number| writing.append(&client(&format!("C-{number}"))).map(drop))
    });
    written.unwrap();
    wired.proxy.cut(Cut::BehindAnswers(200_000));
    let mut seen = 0;
    let cut = wired.far.read(|snapshot| {
        snapshot.entries(0, u64::MAX, &mut |_, _| {
            seen += 1;
            Ok(Rows::More)
        })
    });
    assert!(matches!(cut, Err(StoreError::Lost(_))), "{cut:?}");
    assert!((1..3003).contains(&seen), "{seen}");
    let home = tempfile::tempdir().unwrap();
    let url = OsStr::new(&wired.url);
    // A table of fifty entries asks for little more than those.
    wired.proxy.cut(Cut::BehindAnswers(200_000));
    let done = program(url, home.path(), &["audit", "log"]).output().unwrap();
    assert!(done.status.success() && !wired.proxy.has_cut());
    let all = ["audit", "log", "--limit", "9999"];
    for args in [&all[..], &["audit", "log", "--format", "csv"], &["audit", "verify"]] {
        wired.proxy.cut(Cut::BehindAnswers(200_000));
        let done = program(url, home.path(), args).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(wired.proxy.has_cut());
        assert_eq!(done.status.code(), Some(4), "{args:?}: {said}");
        assert!(said.contains("error: the connection to the server was lost"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    // The book reads on over a new connection.
    assert_eq!(receipts(&mut wired.far).len(), 3000);
}

/// The second copy goes on behind what the first one brought over, and builds what filling left
/// out.
pub(crate) fn a_copy_that_is_cut_off_goes_on_and_ends_as_a_whole_book() {
    let mut wired = Wired::new();
    for command in 0..3 {
        let written = wired.near.write(actor("mara"), None, |writing| {
            let mut names = (0..8200).map(|number| format!("C-{command}-{number}"));
            names.try_for_each(|name| writing.append(&client(&name)).map(drop))
        });
        let ((), _) = written.unwrap();
    }
    let (home, schema) = (tempfile::tempdir().unwrap(), servers::fresh_schema());
    let near = servers::shared().url(OWNER, &wired.schema);
    let copy = |port| {
        let to = format!("postgres://{OWNER}@127.0.0.1:{port}/postgres?schema={schema}");
        let done = program(OsStr::new(&near), home.path(), &["copy", "--to", &to]).output();
        let done = done.unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(said).unwrap(), to)
    };
    wired.proxy.cut(Cut::BehindAnswers(1_000_000));
    let (code, said, _) = copy(wired.proxy.port);
    assert_eq!(code, Some(4), "{said}");
    assert!(wired.proxy.has_cut());
    let opened = open(&servers::shared().url(OWNER, &schema)).err().unwrap();
    assert!(matches!(opened, StoreError::Unfinished), "{opened}");
    let (code, said, to) = copy(servers::shared().port);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(" of them before"), "{said}");
    assert_eq!(receipts(&mut open(&to).unwrap()).len(), 24_600);
}

/// The program asks after ten seconds of silence; these tests wait so long too.
pub(crate) fn a_server_that_freezes_between_two_writes_is_given_up_for_the_next_host() {
    let mut wired = Wired::new();
    let mut book = wired.by_two_hosts();
    assert_eq!(write_client(&mut book, "C-1").unwrap(), 3);
    wired.proxy.freeze();
    assert_eq!(write_client(&mut book, "C-2").unwrap(), 4);
    assert_eq!(write_client(&mut book, "C-3").unwrap(), 5);
    assert_eq!(receipts(&mut wired.near), ["C-1 3", "C-2 4", "C-3 5"]);
    // Where there is no other host, whoever reads is told.
    let silent = wired.far.read(|snapshot| Ok(snapshot.size())).unwrap_err();
    assert!(matches!(silent, StoreError::Unreachable { .. } | StoreError::Lost(_)), "{silent}");
}

pub(crate) fn a_server_that_freezes_in_a_commit_is_given_up_and_nothing_is_written_twice() {
    let mut wired = Wired::new();
    let mut book = wired.by_two_hosts();
    wired.proxy.cut(Cut::FrozenBehindCommit);
    let mut tries = 0;
    let written = book.write(actor("mara"), None, |writing| {
        tries += 1;
        writing.append(&client("C-1"))
    });
    assert_eq!((written.unwrap().0, tries), (3, 1), "what is found is not tried again");
    assert!(wired.proxy.has_cut());
    assert_eq!(receipts(&mut wired.near), ["C-1 3"]);
}

pub(crate) fn a_server_that_works_at_something_long_is_not_given_up() {
    let mut wired = Wired::new();
    wired.psql(
        "CREATE FUNCTION long() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN PERFORM pg_sleep(13); RETURN NULL; END'; \
         CREATE TRIGGER long AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION long()",
    );
    let mut tries = 0;
    let written = wired.far.write(actor("mara"), None, |writing| {
        tries += 1;
        writing.append(&client("C-1"))
    });
    assert_eq!((written.unwrap().0, tries), (3, 1));
    wired.psql("DROP TRIGGER long ON entry; DROP FUNCTION long");
    assert_eq!(receipts(&mut wired.near), ["C-1 3"]);
}

pub(crate) fn a_book_is_opened_again_where_the_wire_is_cut_while_it_is_opened() {
    let mut wired = Wired::new();
    let home = tempfile::tempdir().unwrap();
    // The first commit is that of the reading with which a book is opened.
    for (name, cut) in [("C-1", Cut::BeforeCommit), ("C-2", Cut::BehindCommit)] {
        wired.proxy.cut(cut);
        let mut program = program(OsStr::new(&wired.url), home.path(), &["client", "new", name]);
        let done = program.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(wired.proxy.has_cut());
    }
    // At whatever byte: who isn't let in yet is told at once.
    let mut opened = 0;
    for bytes in (400..).step_by(200) {
        wired.proxy.cut(Cut::BehindAnswers(bytes));
        match open(&wired.url) {
            Ok(_) if wired.proxy.has_cut() => opened += 1,
            Ok(_) => break,
            Err(StoreError::Unreachable { .. }) => assert_eq!(opened, 0),
            Err(other) => panic!("{other}"),
        }
    }
    assert!(opened > 2, "{opened}");
    assert_eq!(receipts(&mut wired.near), ["C-1 3", "C-2 4"]);
}

/// A new book on a server that waits for a standby which isn't there.
fn with_nobody_standing_by() -> (TestServer, String) {
    let server = TestServer::start("");
    let url = server.url(OWNER, "clinic");
    drop(make(&url));
    server.psql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.psql("SELECT pg_reload_conf()");
    (server, url)
}

/// The book once the server waits for no standby any more.
fn reopened(server: &TestServer, url: &str) -> Book {
    server.psql("ALTER SYSTEM RESET synchronous_standby_names");
    server.psql("SELECT pg_reload_conf()");
    open(url).unwrap()
}

/// The program waits for half a minute, and then as long as for any lock; this test does so too.
pub(crate) fn a_commit_that_waits_for_a_standby_that_is_gone_is_given_up() {
    let (server, url) = with_nobody_standing_by();
    let mut book = open(&url).unwrap();
    let unknown = write_client(&mut book, "C-1").unwrap_err();
    let StoreError::Unknown { why, .. } = unknown else { panic!("{unknown}") };
    assert!(why.contains("for a synchronous standby that did not answer"), "{why}");
    assert_eq!(receipts(&mut reopened(&server, &url)), ["C-1 3"]);
}

/// Whoever ends the wait for a standby makes the server answer before one has the entry.
pub(crate) fn a_commit_that_no_standby_may_have_is_not_said_to_be_kept() {
    let (server, url) = with_nobody_standing_by();
    let far = url.clone();
    let written = std::thread::spawn(move || write_client(&mut open(&far).unwrap(), "C-1"));
    while !written.is_finished() {
        server.psql(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
        );
        sleep(Duration::from_millis(100));
    }
    let unknown = written.join().unwrap().unwrap_err();
    assert!(matches!(unknown, StoreError::Unknown { .. }), "{unknown}");
    assert_eq!(receipts(&mut reopened(&server, &url)), ["C-1 3"]);
}
