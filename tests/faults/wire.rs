//! The wire to the server is cut at the worst moments: around a commit, and within a listing.

use std::ffi::OsStr;

use lotbook::store::{Book, Rows, StoreError};

use crate::clinic::actor;
use crate::proxy::{Cut, Proxy};
use crate::server::{make, open};
use crate::servers::{self, OWNER};
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
