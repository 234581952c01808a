//! One question to every book of a server. Of three books one knows what is asked for, one is of
//! another clinic, and one was written by a newer program.

use std::sync::OnceLock;

use crate::checking;
use crate::clinic::{Clinic, Output, all};
use crate::servers::{OWNER, TestServer};

/// Three books on a server, and a clinic to ask from.
struct Chain {
    server: TestServer,
    clinic: Clinic,
}

fn chain() -> &'static Chain {
    static CHAIN: OnceLock<Chain> = OnceLock::new();
    CHAIN.get_or_init(|| {
        let server = TestServer::start("fsync = off");
        let clinic = checking::clinic();
        clinic.ok("session start face --client C-1 --areas cheeks");
        clinic.ok("session log consent signed=yes");
        clinic.ok("session log needling@cheeks depth=1.0 --use CART-12/24C0110");
        clinic.ok("session finish");
        clinic.ok("session start face --client C-1 --areas chin");
        clinic.ok("session finish");
        for book in ["clinic_a", "clinic_c"] {
            clinic.ok(&format!("copy --to '{}'", server.url(OWNER, book)));
        }
        let other = Clinic::without_book();
        let book = format!("--book '{}'", server.url(OWNER, "clinic_b"));
        for line in [
            "init --clinic Roth --zone Europe/Berlin --currency EUR --manager 'eve=Eve Roth'",
            "product add CART-12 --category cartridge --pack 1 --as eve",
            "receive 7 CART-12 --lot 25X --expiry 2027-05 --from Lind --as eve",
        ] {
            other.ok(&format!("{line} {book}"));
        }
        server.psql("INSERT INTO clinic_c.migration (number, sha256) VALUES (99, 'x')");
        Chain { server, clinic }
    })
}

impl Chain {
    /// The server, and nothing of its books.
    fn url(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/postgres", self.server.port)
    }

    /// Asks all three.
    fn ask(&self, line: &str) -> Output {
        self.clinic.run(&format!("{line} --all-books --book '{}'", self.url(OWNER)))
    }

    /// Asks the book that knows.
    fn ask_one(&self, line: &str) -> Output {
        let url = self.server.url(OWNER, "clinic_a");
        self.clinic.run(&format!("{line} --book '{url}'"))
    }

    /// A user who may read these books only.
    fn reader(&self, user: &str, books: &[&str]) -> String {
        let rights = |book: &&str| {
            let tables = format!("GRANT SELECT ON ALL TABLES IN SCHEMA {book} TO {user}");
            format!("; GRANT USAGE ON SCHEMA {book} TO {user}; {tables}")
        };
        let rights: String = books.iter().map(rights).collect();
        self.server.psql(&format!("CREATE ROLE {user} LOGIN{rights}"));
        self.url(user)
    }
}

const QUESTIONS: [&str; 9] = [
    "stock",
    "stock --lots",
    "trace lot CART-12/24C0110",
    "trace session S-0001",
    "check --all --every",
    "check S-0001 S-0002",
    "audit log",
    "audit log --order oldest --limit 3",
    "audit log 3",
];

#[test]
fn every_command_answers_for_all_that_can_and_names_the_book_that_fails() {
    for question in QUESTIONS {
        for format in ["table", "csv", "json"] {
            let output = chain().ask(&format!("{question} --format {format}"));
            assert_eq!(output.code, 4, "{question}\n{output}");
            let error = "error: clinic_c: the book has schema 99, and this program knows";
            assert!(output.stderr.contains(error), "{question}\n{output}");
            assert!(output.stdout.contains("clinic_a"), "{question}\n{output}");
            assert!(!output.stdout.contains("clinic_c"), "{question}\n{output}");
        }
    }
}

#[test]
fn what_a_book_says_among_others_is_what_it_says_alone() {
    for question in QUESTIONS {
        let line = format!("{question} --format csv");
        let alone = chain().ask_one(&line).stdout;
        let among = chain().ask(&line).stdout.replace("book,", "clinic_a,");
        let own = among.lines().filter(|line| line.contains("clinic_a,"));
        let own: Vec<String> = own.map(|line| line.replacen("clinic_a,", "", 1)).collect();
        assert_eq!(own, alone.lines().collect::<Vec<_>>(), "{question}");
    }
}

#[test]
fn a_program_reads_lists_with_a_book_in_every_row() {
    for question in QUESTIONS {
        let line = format!("{question} --format json");
        let read = |output: Output| -> serde_json::Value {
            serde_json::from_str(&output.stdout).unwrap_or_else(|why| panic!("{why}\n{output}"))
        };
        let (among, alone) = (read(chain().ask(&line)), read(chain().ask_one(&line)));
        let schema = among["schema"].as_str().unwrap().replace("all-books/", "");
        assert_eq!(schema, alone["schema"].as_str().unwrap());
        for (name, section) in among.as_object().unwrap() {
            let Some(rows) = section.as_array().filter(|_| name != "notes") else { continue };
            let of_a = rows.iter().filter(|row| row["book"] == "clinic_a").cloned();
            let of_a = of_a.map(|mut row| {
                row.as_object_mut().unwrap().remove("book").unwrap();
                row
            });
            let of_a: Vec<_> = of_a.collect();
            match alone[name].is_array() {
                true => assert_eq!(of_a, *alone[name].as_array().unwrap(), "{question} {name}"),
                false => assert_eq!(of_a, [alone[name].clone()], "{question} {name}"),
            }
        }
    }
}

#[test]
fn the_answers_stand_in_one_table_with_the_book_first() {
    insta::assert_snapshot!(chain().ask("stock CART-12 --lots"), @"
    book      product  lot      place      quantity  unit  expiry      discard by  days left  status
    --------  -------  -------  ---------  --------  ----  ----------  ----------  ---------  -------
    clinic_a  CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired
    clinic_a  CART-12  24C0110  stockroom        19  each  2027-03-31                    129  usable
    clinic_b  CART-12  25X      stockroom         7  each  2027-05-31                    190  usable

    each that answered: usable on 2026-11-22
    ! error: clinic_c: the book has schema 99, and this program knows schemas up to 1
    ! hint: clinic_c: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    insta::assert_snapshot!(chain().ask("audit log --limit 1"), @"
    book       #  happened          late  by   action          what                             standing
    --------  --  ----------------  ----  ---  --------------  -------------------------------  --------
    clinic_a  24  2026-11-22 10:00        ben  session.finish  S-0002 C-1, face@1
    clinic_b   4  2026-11-22 10:00        eve  lot.receive     7 each CART-12/25X, supplier ->
                                                               stockroom
    ! note: clinic_a: there are more than 1 such entries: --limit N shows more
    ! note: clinic_b: there are more than 1 such entries: --limit N shows more
    ! error: clinic_c: the book has schema 99, and this program knows schemas up to 1
    ! hint: clinic_c: nothing was changed; use the program that is as new as the book
    exit 4
    ");
}

#[test]
fn a_book_that_does_not_know_the_lot_is_named_and_is_no_failure() {
    insta::assert_snapshot!(chain().ask("trace lot CART-12/24C0110"), @"
    book                      clinic_a
    product                   CART-12
    lot                       24C0110
    expiry                    2027-03-31
    status                    released
    unit                      each
    received                  20
    used                      1
    wasted or gone otherwise  0
    left                      19

    Receipts
    book      at                each  supplier  document  to         staff  entry
    --------  ----------------  ----  --------  --------  ---------  -----  -----
    clinic_a  2026-11-22 10:00    20  Lind      D-1       stockroom  ana       11

    Containers opened
    none

    Uses
    book      at                session  client  step      areas   each  from       staff  entry
    --------  ----------------  -------  ------  --------  ------  ----  ---------  -----  -----
    clinic_a  2026-11-22 10:00  S-0001   C-1     needling  cheeks     1  stockroom  ben       21

    Waste and other moves
    none

    Held and released
    none

    Left
    book      place      each  status
    --------  ---------  ----  ------
    clinic_a  stockroom    19  usable

    clinic_a: used in 1 session by 1 client
    ! note: clinic_b: there is no lot 24C0110 of CART-12
    ! error: clinic_c: the book has schema 99, and this program knows schemas up to 1
    ! hint: clinic_c: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    let url = chain().reader("tracer", &["clinic_a", "clinic_b"]);
    let ask = |line: &str| chain().clinic.run(&format!("{line} --all-books --book '{url}'"));
    insta::assert_snapshot!(ask("trace session S-0001 -q --format csv").code, @"0");
    insta::assert_snapshot!(ask("trace lot CART-12/X"), @"
    ! error: no book that you may see can answer this
    !   clinic_a: there is no lot X of CART-12
    !   clinic_b: there is no lot X of CART-12
    !   1 other book of the server was not asked: you may not see it
    ! hint: see what the books hold: lotbook stock --all-books
    exit 3
    ");
    assert_eq!(ask("audit log 99 --format csv").code, 3);
}

#[test]
fn books_that_were_not_asked_are_counted() {
    let url = chain().reader("one_reader", &["clinic_b"]);
    let ask = |line: &str| chain().clinic.run(&format!("{line} --all-books --book '{url}'"));
    insta::assert_snapshot!(ask("trace lot CART-12/24C0110"), @"
    ! error: no book that you may see can answer this
    !   clinic_b: there is no lot 24C0110 of CART-12
    !   2 other books of the server were not asked: you may not see them
    ! hint: see what the books hold: lotbook stock --all-books
    exit 3
    ");
    insta::assert_snapshot!(ask("stock"), @"
    book      product  category   on hand  usable  held  expired  unit  open  next expiry  status
    --------  -------  ---------  -------  ------  ----  -------  ----  ----  -----------  ------
    clinic_b  CART-12  cartridge        7       7     0        0  each     0  2027-05-31   usable

    clinic_b: usable on 2026-11-22
    ! warning: 2 other books of the server were not asked: you may not see them
    ");
    insta::assert_snapshot!(chain().clinic.run(&format!("books --book '{url}'")), @"
    book      clinic  entries
    --------  ------  -------
    clinic_b  Roth          5
    ! note: 2 more that this database user may not see
    ");
}

#[test]
fn a_session_that_fails_in_one_book_is_a_no() {
    let url = chain().reader("checker", &["clinic_a", "clinic_b"]);
    let ask = |line: &str| chain().clinic.run(&format!("{line} --all-books --book '{url}'"));
    insta::assert_snapshot!(ask("check --all"), @"
    book      session  client  protocol  day         state     verdict  failed rules           lots held
    --------  -------  ------  --------  ----------  --------  -------  ---------------------  ---------
    clinic_a  S-0001   C-1     face@1    2026-11-22  finished  pending
    clinic_a  S-0002   C-1     face@1    2026-11-22  finished  fail     consent.exactly_once,
                                                                        needling.
                                                                        required[chin]

    clinic_a: 2 sessions judged: 1 fail, 1 pending
    clinic_b: 0 sessions judged
    ! warning: 1 other book of the server was not asked: you may not see it
    ! error: clinic_a: 1 of 2 sessions fails its protocol
    ! hint: clinic_a: see what was found: lotbook check S-0002
    exit 1
    ");
    insta::assert_snapshot!(ask("check S-0001 S-0002"), @"
    book      session  client  protocol  day         state     verdict  failed rules
    --------  -------  ------  --------  ----------  --------  -------  --------------------------------
    clinic_a  S-0001   C-1     face@1    2026-11-22  finished  pending
    clinic_a  S-0002   C-1     face@1    2026-11-22  finished  fail     consent.exactly_once,
                                                                        needling.required[chin]

    Findings
    book      session  rule            area  verdict  severity  because        entries  until
    --------  -------  --------------  ----  -------  --------  -------------  -------  ----------------
    clinic_a  S-0001   seen-again            pending  minor     review must    #20      2027-01-06 23:59
                                                                follow
                                                                needling of
                                                                2026-11-22
                                                                10:00 until
                                                                2027-01-06
    clinic_a  S-0002   consent.              fail     major     consent was
                       exactly_once                             not done; at
                                                                least once is
                                                                needed
    clinic_a  S-0002   needling.       chin  fail     major     needling was
                       required                                 not done; at
                                                                least once is
                                                                needed
    ! note: clinic_b: there is no session S-0001
    ! warning: 1 other book of the server was not asked: you may not see it
    ! error: clinic_a: 1 of 2 sessions fails its protocol
    exit 1
    ");
    assert_eq!(ask("check S-0001").code, 0);
}

#[test]
fn every_book_is_told_what_was_scanned_once() {
    let line = format!("stock - --all-books --format csv --book '{}'", chain().url(OWNER));
    let output = chain().clinic.run_with(&line, "CART-12\n");
    let books: Vec<&str> = output.stdout.lines().filter_map(|line| line.get(..8)).collect();
    assert_eq!(books, ["book,pro", "clinic_a", "clinic_b"], "{output}");
}

#[test]
fn who_may_see_no_book_and_a_server_that_is_away_are_told_once() {
    let url = chain().reader("stranger", &[]);
    let ask = |url: &str| chain().clinic.run(&format!("stock --all-books --book '{url}'"));
    insta::assert_snapshot!(ask(&url), @r#"
    ! error: the database has no book that can be asked
    !   this user may see no book there
    ! hint: make one: lotbook init --book "postgres://...?schema=NAME" ...
    exit 4
    "#);
    let away = ask("postgres://ana@127.0.0.1:1/x");
    assert_eq!((away.code, away.stderr.matches("error: ").count()), (4, 1), "{away}");
}

#[test]
fn a_wrong_command_line_is_told_once() {
    for line in ["check", "stock --at yesterday", "stock --expiring soon", "trace lot ''"] {
        let output = chain().ask(line);
        assert_eq!((output.code, &*output.stdout), (2, ""), "{line}\n{output}");
        let told = output.stderr.lines().filter(|line| line.starts_with("error: "));
        let told: Vec<&str> = told.filter(|line| !line.contains("clinic_c")).collect();
        assert!(matches!(told[..], [only] if !only.contains("clinic_")), "{line}\n{output}");
    }
}

#[test]
fn only_what_reads_and_only_a_server_is_asked_for_all_books() {
    let clinic = &chain().clinic;
    insta::assert_snapshot!(all(clinic, &[
        "stock --all-books --book clinic.lotbook",
        "product list --all-books",
        "audit verify --all-books",
    ]), @r#"
    $ stock --all-books --book clinic.lotbook
    ! error: --all-books asks the books of a server
    !   clinic.lotbook is a file, which holds one book
    ! hint: name a server: --book "postgres://USER@HOST/DATABASE"
    ! hint: or ask the one book: leave --all-books out
    exit 2
    $ product list --all-books
    ! error: --all-books has no place here
    !   it asks every book of a server, and this is about one book
    ! hint: leave it out, or ask one of: stock, check, trace lot, trace session, audit log
    exit 2
    $ audit verify --all-books
    ! error: --all-books has no place here
    !   it asks every book of a server, and this is about one book
    ! hint: leave it out, or ask one of: stock, check, trace lot, trace session, audit log
    exit 2
    "#);
    for line in [
        "init --clinic X --zone UTC --currency EUR --manager a=A",
        "receive 1 CART-12 --lot A --expiry none --from L",
        "session list",
        "audit export --to folder",
        "scan CART-12",
        "demo",
    ] {
        assert_eq!(chain().ask(line).code, 2, "{line}");
    }
}
