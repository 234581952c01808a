//! What can be wrong with a server or its book: each has a message of its own, exit code 4 (2 where
//! the URL is wrong), and leaves nothing half-written.

use std::sync::OnceLock;

use crate::base::{Base, PASSWORD, with_password};
use crate::clinic::INIT;
use crate::servers::{OWNER, TestServer, free_port};

/// A server that asks everybody but its superuser for a password; `eve` has one.
pub(crate) fn strict() -> &'static TestServer {
    static STRICT: OnceLock<TestServer> = OnceLock::new();
    STRICT.get_or_init(|| {
        let server = TestServer::start("fsync = off");
        let rules = format!(
            "local all {OWNER} trust\nhost all {OWNER} 127.0.0.1/32 trust\n\
             host all all 127.0.0.1/32 scram-sha-256\n"
        );
        std::fs::write(server.folder().join("data").join("pg_hba.conf"), rules).unwrap();
        server.psql(&format!("CREATE ROLE eve LOGIN PASSWORD '{PASSWORD}'"));
        restart(&server);
        server
    })
}

/// Lets a server read its settings anew, for certain before the next connection.
pub(crate) fn restart(server: &TestServer) {
    server.stop_at_once();
    server.start_again();
}

#[test]
fn a_url_that_is_wrong_says_how_to_write_it() {
    let base = Base::new("wrong_url");
    let told: String = [
        "postgres://",
        "postgres://127.0.0.1/clinics?schema=a",
        "postgres://eve:hunter2-Zz@/clinics?schema=a",
        "postgres://eve:hunter2-Zz@127.0.0.1/clinics?schema=Clinic-A",
        "postgres://eve:in@hunter2-Zz@127.0.0.1/clinics?schema=a",
        "postgres://eve:in?hunter2-Zz@127.0.0.1/clinics?schema=a",
        "postgres://eve:hunter2-Zz@127.0.0.1:x/clinics?schema=a",
        "postgres://eve:hunter2-Zz@127.0.0.1/clinics?schema=a&shcema=b",
        "postgres://eve:hunter2-Zz@127.0.0.1/clinics?schema=a&sslmode=require",
        "postgres://eve:hunter2-Zz@127.0.0.1/clinics?schema=a&sslmode=prefer",
        "postgres://eve:hunter2-Zz@db.example/clinics?schema=a&sslrootcert=/no/such/file.pem",
    ]
    .iter()
    .map(|url| base.run(url, "stock").to_string())
    .collect();
    insta::assert_snapshot!(told, @r#"
    ! error: the URL names no host
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL names no user
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL names no host
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: `Clinic-A` is not the name of a book: small letters, digits and `_`, at most 63, a letter first, not `pg_`
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL holds a second `@`, or a `?` before it: write %40 and %3F instead
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL holds a second `@`, or a `?` before it: write %40 and %3F instead
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL of the book is wrong: invalid value for option `port`
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: the URL of the book is wrong: unknown option `shcema`
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: sslmode=require is not offered: it encrypts without knowing who answers; write sslmode=verify-full, with sslrootcert=FILE where the server's authority is your own
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: sslmode=prefer is not offered: it encrypts without knowing who answers; write sslmode=verify-full, with sslrootcert=FILE where the server's authority is your own
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    ! error: sslrootcert: there is no file /no/such/file.pem
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    "#);
}

#[test]
fn a_copy_is_told_which_place_is_taken_and_a_primary_that_it_is_one() {
    let base = Base::stocked("taken_place");
    let url = base.url(OWNER, "clinic_a");
    base.ok(&base.url(OWNER, "clinic_b"), INIT);
    let to = with_password(&base.url(OWNER, "clinic_b"), PASSWORD);
    insta::assert_snapshot!(base.run(&url, &format!("copy --to '{to}'")), @"
    ! error: postgres://postgres:***@127.0.0.1:PORT/taken_place?schema=clinic_b is a book already
    !   a copy never takes the place of anything
    ! hint: name another place for it: --to PATH or URL
    exit 3
    ");
    let read_only = url + "&target_session_attrs=read-only";
    insta::assert_snapshot!(base.run(&read_only, "stock"), @r#"
    ! error: 127.0.0.1:PORT is a primary, and the URL asks for target_session_attrs=read-only
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    "#);
}

/// What was found before a wrong command line, or a wrong answer, is told all the same.
#[test]
fn a_book_that_failed_is_named_also_where_the_next_one_stops_everything() {
    let base = Base::stocked("stopping");
    base.sql("INSERT INTO clinic_a.migration VALUES (99, 'x')");
    base.ok(&base.url(OWNER, "clinic_b"), INIT);
    let all = base.url(OWNER, "clinic_a").replace("?schema=clinic_a", "");
    insta::assert_snapshot!(base.run(&all, "trace lot - --all-books"), @"
    ! error: clinic_a: the book has schema 99, and this program knows schemas up to 1
    ! hint: clinic_a: nothing was changed; use the program that is as new as the book
    ! error: `-` reads one scan, but the input has ended
    ! hint: write what the label says in its place: SKU/LOT
    exit 2
    ");
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let base = Base::new("nobody_there");
    let url = base.url("eve", "a").replace(&base.server.port.to_string(), &free_port().to_string());
    let told = base.run(&with_password(&url, PASSWORD), "stock");
    assert!(told.stderr.contains("127.0.0.1:"), "{told}");
    assert_eq!(told.code, 4);
    let (_, words) = told.stderr.split_once("refused").unwrap();
    insta::assert_snapshot!(words.split_once('\n').unwrap().1, @"
      nothing was recorded
    hint: look whether the server runs, and whether host and port are right
    ");
    insta::assert_snapshot!(base.run(&base.url("stranger", "a"), "stock"), @r#"
    ! error: the server does not let stranger in: role "stranger" does not exist
    ! hint: have whoever runs the server make the user, or let it log in: CREATE ROLE stranger LOGIN
    exit 4
    "#);
    let nowhere = base.url(OWNER, "a").replace("/nobody_there", "/nowhere");
    insta::assert_snapshot!(base.run(&nowhere, "stock"), @"
    ! error: the server has no database nowhere
    ! hint: name another in the URL, or have one made: createdb -E UTF8 NAME
    exit 4
    ");
}

#[test]
fn a_password_may_stand_in_the_environment_in_a_file_or_in_the_url() {
    let base = Base::on(strict(), "passwords");
    base.sql("CREATE SCHEMA clinic_a AUTHORIZATION eve");
    let url = base.url("eve", "clinic_a");
    assert_eq!(base.run(&with_password(&url, PASSWORD), INIT).code, 0);
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: the server does not let eve in: no password is given, and there is no password file [home]/.pgpass
    ! hint: give the password in PGPASSWORD or in the password file, readable by you alone
    exit 4
    ");
    insta::assert_snapshot!(base.run(&with_password(&url, "wrong"), "stock"), @r#"
    ! error: the server does not let eve in: password authentication failed for user "eve"
    ! hint: give the password in PGPASSWORD or in the password file, readable by you alone
    exit 4
    "#);
    assert_eq!(base.run_with(&url, ("PGPASSWORD", PASSWORD), "stock").code, 0);
    let file = base.clinic().home().join(".pgpass");
    std::fs::write(&file, format!("# mine\n127.0.0.1:*:*:eve:{PASSWORD}\n")).unwrap();
    let set_mode = |mode| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode(0o644);
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! warning: [home]/.pgpass can be read by others, so it is not used
    ! hint: make it yours alone: chmod 600 [home]/.pgpass
    ! error: the server does not let eve in: no password is given
    ! hint: give the password in PGPASSWORD or in the password file, readable by you alone
    exit 4
    ");
    let elsewhere = |name: &str| base.clinic().home().join(name).display().to_string();
    insta::assert_snapshot!(base.run_with(&url, ("PGPASSFILE", &elsewhere("none")), "stock"), @"
    ! error: the server does not let eve in: no password is given, and there is no password file [home]/none
    ! hint: give the password in PGPASSWORD or in the password file, readable by you alone
    exit 4
    ");
    insta::assert_snapshot!(base.run_with(&url, ("PGPASSFILE", &elsewhere("")), "stock"), @r#"
    ! error: the password file [home]/ is a folder
    ! hint: write --book "postgres://USER@HOST/DATABASE?schema=BOOK"; a password may stand in PGPASSWORD or in the password file, readable by you alone
    exit 2
    "#);
    set_mode(0o600);
    assert_eq!(base.run(&url, "stock").code, 0);
    assert_eq!(base.run(&with_password(&url, PASSWORD), "audit verify").code, 0);
    let log = std::fs::read_to_string(base.server.folder().join("log")).unwrap();
    assert!(log.contains("eve") && !log.contains(PASSWORD), "{log}");
}

#[test]
fn a_book_that_is_not_there_is_answered_with_those_that_are() {
    let base = Base::stocked("no_book");
    let url = |schema: &str| base.url(OWNER, schema);
    insta::assert_snapshot!(base.run(&url("clinic_b"), "stock"), @"
    ! error: the database has no book clinic_b
    !   books there: clinic_a
    ! hint: name one at the end of the URL: ?schema=clinic_a
    exit 4
    ");
    let without = url("").replace("?schema=", "");
    insta::assert_snapshot!(base.run(&without, "stock"), @"
    ! error: the URL names no book: a schema is missing from it
    !   books there: clinic_a
    ! hint: name one at the end of the URL: ?schema=clinic_a
    exit 4
    ");
    let to_nowhere = format!("copy --to '{}'", with_password(&without, PASSWORD));
    let told = base.run(&url("clinic_a"), &to_nowhere).to_string();
    assert_eq!(told, base.run(&without, INIT).to_string());
    insta::assert_snapshot!(told, @"
    ! error: the URL names no book to make: end it with ?schema=NAME
    !   books there: clinic_a
    ! hint: name one that is not there yet: ?schema=NAME
    exit 4
    ");
    insta::assert_snapshot!(base.run(&url("clinic_a"), INIT), @"
    ! error: the schema clinic_a exists already
    !   a new book never takes the place of anything
    ! hint: name another with --book PATH
    exit 3
    ");
    base.sql("CREATE SCHEMA other; CREATE TABLE other.t (a int)");
    insta::assert_snapshot!(base.run(&url("other"), "stock"), @"
    ! error: the schema other is not a book of lotbook
    !   books there: clinic_a
    ! hint: name one at the end of the URL: ?schema=clinic_a
    exit 4
    ");
    let to_other = format!("copy --to '{}'", with_password(&url("other"), PASSWORD));
    insta::assert_snapshot!(base.run(&url("clinic_a"), &to_other), @"
    ! error: the schema other is not a book of lotbook
    !   books there: clinic_a
    ! hint: name one that is not there yet: ?schema=NAME
    exit 4
    ");
    insta::assert_snapshot!(base.run(&url("other"), INIT), @"
    ! error: the schema other exists already
    !   a new book never takes the place of anything
    ! hint: name another with --book PATH
    exit 3
    ");
    base.sql("CREATE SCHEMA empty");
    insta::assert_snapshot!(base.run(&url("empty"), "stock"), @"
    ! error: the schema empty is empty: no book was made in it
    !   books there: clinic_a
    ! hint: name one at the end of the URL: ?schema=clinic_a
    exit 4
    ");
    base.ok(&url("empty"), INIT);
}

#[test]
fn a_user_without_rights_is_told_who_gives_them() {
    let base = Base::stocked("no_rights");
    base.sql("CREATE ROLE no_rights LOGIN");
    let url = base.url("no_rights", "clinic_a");
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: the database user no_rights may not do this: permission denied for schema clinic_a
    !   nothing was recorded
    ! hint: who owns the book can give rights: lotbook grant --role ROLE no_rights
    exit 4
    ");
    insta::assert_snapshot!(base.run(&base.url("no_rights", "clinic_b"), INIT), @"
    ! error: the database user no_rights may not do this: permission denied for database no_rights
    ! hint: who owns the database can give the right: GRANT CREATE ON DATABASE ... TO no_rights
    exit 4
    ");
    base.sql("REVOKE CONNECT ON DATABASE no_rights FROM PUBLIC");
    insta::assert_snapshot!(base.run(&url, "stock"), @r#"
    ! error: the server does not let no_rights in: permission denied for database "no_rights"
    ! hint: who owns the database can give the right: GRANT CONNECT ON DATABASE ... TO no_rights
    exit 4
    "#);
    base.sql("GRANT CONNECT ON DATABASE no_rights TO no_rights");
    base.sql("GRANT USAGE ON SCHEMA clinic_a TO no_rights");
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: the database user no_rights may not do this: permission denied for table migration
    !   nothing was recorded
    ! hint: who owns the book can give rights: lotbook grant --role ROLE no_rights
    exit 4
    ");
    insta::assert_snapshot!(base.run(&url, "open NUMB-4"), @"
    ! error: the database user no_rights may not do this: permission denied for table migration
    !   nothing was recorded
    ! hint: who owns the book can give rights: lotbook grant --role ROLE no_rights
    exit 4
    ");
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let base = Base::new("encodings");
    for (name, encoding) in [("ascii", "SQL_ASCII"), ("latin", "LATIN1")] {
        base.sql(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' \
             LC_COLLATE 'C' LC_CTYPE 'C'"
        ));
    }
    let url = |name: &str| base.url(OWNER, "clinic_a").replace("/encodings", name);
    insta::assert_snapshot!(base.run(&url("/ascii"), INIT), @"
    ! error: the database holds text as SQL_ASCII, and a book needs UTF8
    ! hint: make another database: createdb -E UTF8 -T template0 NAME
    exit 4
    ");
    insta::assert_snapshot!(base.run(&url("/latin"), "stock"), @"
    ! error: the database holds text as LATIN1, and a book needs UTF8
    ! hint: make another database: createdb -E UTF8 -T template0 NAME
    exit 4
    ");
}

#[test]
fn a_standby_is_read_and_never_written() {
    let base = Base::stocked("standing_by");
    let standby = TestServer::on_data(base.server.base_backup(), "hot_standby = on");
    let (port, other) = (base.server.port.to_string(), standby.port.to_string());
    let url = base.url(OWNER, "clinic_a").replace(&port, &other);
    base.ok(&url, "audit verify");
    insta::assert_snapshot!(base.run(&url, "open NUMB-4"), @"
    ! error: the book can be read but not written: the server is a standby, or set to be read only
    !   nothing was recorded
    ! hint: reading commands still work, and so does audit export, unrecorded
    exit 4
    ");
    let both = url.replace("@127.0.0.1", &format!("@127.0.0.1:{other},127.0.0.1"));
    let both = both.replace(&format!(":{other}/"), &format!(":{port}/"));
    base.ok(&format!("{both}&target_session_attrs=read-write"), "open NUMB-4");
}

#[test]
fn a_newer_foreign_or_unfinished_book_says_so() {
    let base = Base::stocked("odd_books");
    let url = base.url(OWNER, "clinic_a");
    base.sql("INSERT INTO clinic_a.migration VALUES (99, 'x')");
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: the book has schema 99, and this program knows schemas up to 1
    ! hint: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    insta::assert_snapshot!(base.run(&url, "open NUMB-4"), @"
    ! error: the book has schema 99, and this program knows schemas up to 1
    ! hint: nothing was changed; use the program that is as new as the book
    exit 4
    ");
    base.sql("DELETE FROM clinic_a.migration WHERE number = 99");
    let sha256 = base.sql("SELECT sha256 FROM clinic_a.migration");
    base.sql("UPDATE clinic_a.migration SET sha256 = 'x'");
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: migration 1 of the book is not the one of this program
    !   it was made by a changed program, or its schema was changed by hand
    ! hint: use the program that made it, or go on with the newest copy of the book
    exit 4
    ");
    base.sql("DELETE FROM clinic_a.migration");
    insta::assert_snapshot!(base.run(&url, "stock"), @"
    ! error: migration 1 of the book is not the one of this program
    !   it was made by a changed program, or its schema was changed by hand
    ! hint: use the program that made it, or go on with the newest copy of the book
    exit 4
    ");
    base.sql(&format!("INSERT INTO clinic_a.migration VALUES (1, '{sha256}')"));
    base.ok(&url, "audit verify");
    base.sql(
        "CREATE SCHEMA cut; CREATE TABLE cut.migration (LIKE clinic_a.migration); \
         CREATE TABLE cut.entry (LIKE clinic_a.entry); CREATE TABLE cut.head (LIKE clinic_a.head)",
    );
    insta::assert_snapshot!(base.run(&base.url(OWNER, "cut"), "stock"), @"
    ! error: migration 1 of the book is not the one of this program
    !   it was made by a changed program, or its schema was changed by hand
    ! hint: use the program that made it, or go on with the newest copy of the book
    exit 4
    ");
    base.sql("INSERT INTO cut.migration SELECT * FROM clinic_a.migration");
    insta::assert_snapshot!(base.run(&base.url(OWNER, "cut"), "stock"), @r#"
    ! error: the book is damaged: relation "book" does not exist
    !   nothing more was recorded
    ! hint: see what still holds: lotbook audit verify
    ! hint: keep it as it is, and go on with the newest copy of the book
    exit 4
    "#);
}
