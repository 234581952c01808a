//! What the database itself lets people do: each logs in with the rights of a role and is refused
//! whatever the program never does. That staff can do all that it does, the other stories show.

use lotbook::store::{Engine as _, Login, Postgres, Server};

use crate::base::{Base, PASSWORD};
use crate::clinic::INIT;
use crate::servers::OWNER;

/// Runs SQL in the book of this URL, logged in as its user.
fn sql(url: &str, text: &str) -> Result<(), String> {
    let server = Server::parse(url, &Login::default()).unwrap();
    Postgres::open(&server).unwrap().batch(text).map_err(|error| error.to_string())
}

#[track_caller]
fn denied(url: &str, text: &str) {
    let answer = sql(url, text).expect_err(text);
    let said = ["permission denied", "must be owner", "must be able to SET ROLE"];
    assert!(said.iter().any(|said| answer.contains(said)), "{text}: {answer}");
}

/// A database with a book, and the URL of a user who was given the rights of a role.
fn granted(name: &'static str, role: &str) -> (Base<'static>, String) {
    let base = Base::stocked(name);
    base.sql(&format!("CREATE ROLE {name} LOGIN"));
    base.ok(&base.url(OWNER, "clinic_a"), &format!("grant --role {role} {name} --run"));
    let url = base.url(name, "clinic_a");
    (base, url)
}

/// What nobody may do, whatever the role.
fn nobody_may(url: &str) {
    for (table, column) in [("entry", "reason"), ("protocol_text", "text"), ("migration", "sha256")]
    {
        denied(url, &format!("UPDATE clinic_a.{table} SET {column} = 'x'"));
        denied(url, &format!("DELETE FROM clinic_a.{table}"));
        denied(url, &format!("TRUNCATE clinic_a.{table}"));
        denied(url, &format!("ALTER TABLE clinic_a.{table} DISABLE TRIGGER ALL"));
        denied(url, &format!("DROP TABLE clinic_a.{table} CASCADE"));
    }
    for text in [
        "INSERT INTO clinic_a.migration VALUES (99, 'x')",
        "TRUNCATE clinic_a.lot CASCADE",
        "DELETE FROM clinic_a.head",
        "DELETE FROM clinic_a.lot",
        "UPDATE clinic_a.book SET clinic = 'x'",
        "CREATE TABLE clinic_a.mine (a int)",
        "DROP SCHEMA clinic_a CASCADE",
        "SET ROLE clinic_a_owner",
        "DROP TRIGGER entry_append_only ON clinic_a.entry",
        "ALTER FUNCTION clinic_a.refuse_change() RENAME TO other",
    ] {
        denied(url, text);
    }
}

#[test]
fn staff_record_and_never_change_what_was_recorded() {
    for (name, role) in [("a_manager", "manager"), ("a_technician", "technician")] {
        let (base, url) = granted(name, role);
        base.ok(&url, "open NUMB-4");
        base.ok(&url, "audit verify");
        nobody_may(&url);
        let said = base.ok(&url, "audit verify");
        assert!(said.contains("NOT CHECKED: whether the server's pages are whole"), "{said}");
        assert!(said.contains("the fences of the database stand, and nobody but"), "{said}");
    }
}

#[test]
fn what_staff_write_past_the_program_is_found() {
    let (base, url) = granted("a_forger", "technician");
    sql(&url, "UPDATE clinic_a.balance SET quantity = quantity + 1").unwrap();
    sql(&url, "UPDATE clinic_a.head SET recorded_at = recorded_at - 1").unwrap();
    // A server older than 16 lets whoever may create roles take on any.
    let said = base.run(&url, "audit verify").to_string().replace("a_keeper, ", "");
    insta::assert_snapshot!(said, @r#"
    verified              postgres://a_forger:***@127.0.0.1:PORT/a_forger?schema=clinic_a
    entries               16
    root                  bd12978389aa6cf89ec0751b46d0eef78bfbf29938f89901b5eb8ce4b28ddedd
    verdict               IT DOES NOT HOLD
    assurance             none
    covered from outside  0

    what doesn't hold
    entry  problem
    -----  ---------------------------------------------------------------------------------------------
           the head says the time 2026-11-22T09:00:21.999Z of the last entry, which has
           2026-11-22T09:00:22.000Z
           the table `balance` was changed: product "CART-12", lot "23B0412", place "stockroom":
           quantity is 6; the entries make it 5
           the table `balance` was changed: product "CART-12", lot "24C0110", place "stockroom":
           quantity is 21; the entries make it 20
           the table `balance` was changed: product "HA-01", lot "007", place "fridge": quantity is
           10001; the entries make it 10000
           the table `balance` was changed: product "HA-01", lot "7", place "fridge": quantity is 5001;
           the entries make it 5000
           the table `balance` was changed: product "NUMB-4", lot "L77", place "room-1": quantity is
           90001; the entries make it 90000

    NOT CHECKED: whether the server's pages are whole; its own means do that (data checksums, pg_amcheck --heapallindexed)
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    No check can know what was never entered, or was entered wrongly;
    nor whether the clock was right, nor who made an export.
    ! error: the trail does not hold; no single entry shows why
    ! hint: keep it as it is, and compare it with an older copy or checkpoint
    exit 1
    "#);
}

/// The lines of a verification that name what doesn't hold and what was not checked, without the
/// frame of the table.
fn verdict(base: &Base<'_>, url: &str) -> String {
    let said = base.run(url, "audit verify").to_string().replace("a_keeper, ", "");
    let starts = ["NOT CHECKED: what those", "  ", "exit"];
    let is_told = |line: &&str| starts.iter().any(|start| line.starts_with(start));
    said.lines().filter(is_told).collect::<Vec<_>>().join("\n")
}

#[test]
fn rights_that_the_program_never_gives_are_named() {
    let base = Base::new("a_backdoor");
    let url = base.url(OWNER, "doors");
    base.ok(&url, INIT);
    base.sql("CREATE ROLE a_door LOGIN; CREATE ROLE a_group; CREATE ROLE a_friend LOGIN");
    base.sql("GRANT a_group TO a_friend");
    let mut told = format!("ungranted\n{}\n", verdict(&base, &url));
    base.ok(&url, "grant --role technician a_door --run");
    told.push_str(&format!("granted\n{}\n", verdict(&base, &url)));
    for (sql, undo) in [
        ("GRANT ALL ON doors.entry TO a_door", "REVOKE ALL ON doors.entry FROM a_door"),
        (
            "GRANT UPDATE (lot) ON doors.entry TO a_group",
            "REVOKE UPDATE (lot) ON doors.entry FROM a_group",
        ),
        (
            "GRANT DELETE ON doors.protocol_text TO PUBLIC",
            "REVOKE DELETE ON doors.protocol_text FROM PUBLIC",
        ),
        ("GRANT doors_owner TO a_group", "REVOKE doors_owner FROM a_group"),
        ("ALTER ROLE doors_owner LOGIN", "ALTER ROLE doors_owner NOLOGIN"),
        ("ALTER TABLE doors.head OWNER TO a_friend", "ALTER TABLE doors.head OWNER TO doors_owner"),
    ] {
        base.sql(sql);
        told.push_str(&format!("{sql}\n{}\n", verdict(&base, &url)));
        base.sql(undo);
    }
    insta::assert_snapshot!(told, @"
    ungranted
    NOT CHECKED: what those do whom no rights of the server hold: postgres; the book belongs to postgres until `lotbook grant` gives it to a role that nobody logs in as
    granted
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    GRANT ALL ON doors.entry TO a_door
           a_door may do this to the table `entry`: DELETE, TRIGGER, TRUNCATE, UPDATE
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    GRANT UPDATE (lot) ON doors.entry TO a_group
           a_friend may do this to the table `entry`: UPDATE
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    GRANT DELETE ON doors.protocol_text TO PUBLIC
           everybody may do this to the table `protocol_text`: DELETE
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    GRANT doors_owner TO a_group
           a_friend can act as doors_owner, whom the whole book belongs to
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    ALTER ROLE doors_owner LOGIN
           doors_owner, whom the book belongs to, can log in
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    ALTER TABLE doors.head OWNER TO a_friend
           the table `head` belongs to a_friend, not to doors_owner
    NOT CHECKED: what those do whom no rights of the server hold: postgres
    exit 1
    ");
}

#[test]
fn an_inspector_reads_checks_and_exports_and_records_nothing() {
    let (base, url) = granted("an_inspector", "inspector");
    for line in
        ["stock --lots", "audit log", "audit verify", "check --all", "trace lot CART-12/24C0110"]
    {
        base.ok(&url, line);
    }
    let out = base.clinic().home().join("exported");
    let export = format!("audit export --as ivo --out '{}'", out.display());
    let exported = base.run(&url, &export).to_string();
    insta::assert_snapshot!(exported.split("the root").next().unwrap(), @"
    exported 16 entries to [home]/exported
    ! warning: the book can't be written, so this export is not recorded in it
    ! note:
    ");
    base.ok(&url, &format!("audit verify '{}'", out.display()));
    for file in ["audit.csv", "README.txt", "checkpoint.txt"] {
        assert!(!std::fs::read_to_string(out.join(file)).unwrap().contains(PASSWORD), "{file}");
    }
    insta::assert_snapshot!(base.run(&url, "open NUMB-4"), @"
    ! error: the book can be read but not written: the database user an_inspector may only read it
    !   nothing was recorded
    ! hint: reading commands still work, and so does audit export, unrecorded
    exit 4
    ");
    nobody_may(&url);
    for text in [
        "INSERT INTO clinic_a.client VALUES ('C-1')",
        "INSERT INTO clinic_a.entry SELECT * FROM clinic_a.entry",
        "UPDATE clinic_a.head SET size = 0",
        "UPDATE clinic_a.lot SET lot = 'x'",
        "DELETE FROM clinic_a.balance",
    ] {
        denied(&url, text);
    }
}

#[test]
fn other_rights_take_the_place_of_the_former_ones() {
    let (base, url) = granted("a_leaver", "manager");
    let owner = base.url(OWNER, "clinic_a");
    base.ok(&url, "open NUMB-4");
    insta::assert_snapshot!(base.run(&owner, "grant --role inspector a_leaver --run"), @"
    a_leaver may read in clinic_a, which clinic_a_owner owns
    ! hint: whoever made the book, and is no superuser, is locked out now until they get a grant as well: lotbook grant --role manager NAME --run
    ");
    assert_eq!(base.run(&url, "open NUMB-4").code, 4);
    base.ok(&url, "stock");
    base.ok(&owner, "grant --role technician a_leaver --run");
    base.ok(&url, "open NUMB-4");
}

#[test]
fn a_grant_is_printed_unless_it_is_to_be_run() {
    let base = Base::stocked("granting");
    let url = base.url(OWNER, "clinic_a");
    insta::assert_snapshot!(base.run(&url, "grant --role technician \"Ana \\\"O'Neil\\\"\""), @r#"
    BEGIN;
    SET LOCAL lotbook.book_owner = 'clinic_a_owner';
    SET LOCAL lotbook.book_user = 'Ana "O''Neil"';
    DO $$
    DECLARE
      book_owner text := current_setting('lotbook.book_owner');
      book_user  text := current_setting('lotbook.book_user');
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = book_user) THEN
        RAISE EXCEPTION 'there is no database user %; make one first: CREATE ROLE % LOGIN',
          book_user, pg_catalog.quote_ident(book_user);
      END IF;
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = book_owner) THEN
        IF current_setting('server_version_num')::integer >= 160000
            AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
          RAISE EXCEPTION 'the first grant is given by a superuser of the server: from PostgreSQL 16 on, whoever makes the role % could become it for good', book_owner;
        END IF;
        EXECUTE format('CREATE ROLE %I NOLOGIN', book_owner);
      END IF;
      IF (SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = book_owner) THEN
        RAISE EXCEPTION 'the role % can log in, so it can not own a book', book_owner;
      END IF;
      IF pg_catalog.pg_has_role(book_user, book_owner, 'MEMBER') THEN
        RAISE EXCEPTION 'the database user % is a superuser or owns the book: no rights hold it',
          book_user;
      END IF;
    END $$;
    GRANT "clinic_a_owner" TO CURRENT_USER;
    DO $$
    BEGIN
      IF NOT EXISTS (SELECT FROM "clinic_a".book) THEN
        RAISE EXCEPTION 'the book was never finished: go on with its copy first';
      END IF;
      IF (SELECT count(*) FROM "clinic_a".migration) > 1 THEN
        RAISE EXCEPTION 'the book is of a newer program: use one that is as new';
      END IF;
    END $$;
    ALTER SCHEMA "clinic_a" OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".attribute OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".balance OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".book OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".client OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".container OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".entry OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".entry_text OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".gtin OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".head OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".lot OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".migration OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".place OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".product OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".protocol OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".protocol_text OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".qualification OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".serial OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".session OWNER TO "clinic_a_owner";
    ALTER TABLE "clinic_a".staff OWNER TO "clinic_a_owner";
    ALTER FUNCTION "clinic_a".refuse_change() OWNER TO "clinic_a_owner";

    REVOKE ALL ON SCHEMA "clinic_a" FROM PUBLIC, "Ana ""O'Neil""";
    REVOKE ALL ON ALL TABLES IN SCHEMA "clinic_a" FROM PUBLIC, "Ana ""O'Neil""";
    GRANT USAGE ON SCHEMA "clinic_a" TO "Ana ""O'Neil""";
    GRANT SELECT ON ALL TABLES IN SCHEMA "clinic_a" TO "Ana ""O'Neil""";
    GRANT INSERT ON
      "clinic_a".attribute,
      "clinic_a".balance,
      "clinic_a".client,
      "clinic_a".container,
      "clinic_a".entry,
      "clinic_a".gtin,
      "clinic_a".lot,
      "clinic_a".place,
      "clinic_a".product,
      "clinic_a".protocol,
      "clinic_a".protocol_text,
      "clinic_a".qualification,
      "clinic_a".serial,
      "clinic_a".session,
      "clinic_a".staff
      TO "Ana ""O'Neil""";
    GRANT UPDATE ON
      "clinic_a".balance,
      "clinic_a".container,
      "clinic_a".head,
      "clinic_a".lot,
      "clinic_a".product,
      "clinic_a".serial,
      "clinic_a".session,
      "clinic_a".staff
      TO "Ana ""O'Neil""";
    GRANT DELETE ON
      "clinic_a".attribute,
      "clinic_a".balance,
      "clinic_a".gtin,
      "clinic_a".qualification,
      "clinic_a".serial
      TO "Ana ""O'Neil""";

    REVOKE "clinic_a_owner" FROM CURRENT_USER;
    COMMIT;
    ! hint: look at it, then run it as a superuser of the server, or add --run
    "#);
    base.sql("CREATE ROLE \"Ana \"\"O'Neil\"\"\" LOGIN");
    base.ok(&url, "grant --role technician \"Ana \\\"O'Neil\\\"\" --run");
}

/// Whoever may change a table may also keep it from readers; nobody waits for that without end.
#[test]
fn whoever_reads_a_table_that_is_held_is_told() {
    let (base, url) = granted("a_holder", "technician");
    let server = Server::parse(&url, &Login::default()).unwrap();
    let mut holder = Postgres::open(&server).unwrap();
    holder.batch("BEGIN; LOCK TABLE clinic_a.head IN ACCESS EXCLUSIVE MODE").unwrap();
    for line in ["stock", "books"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(base.run(&url, line), @"
            ! error: the book is locked by another program, and stayed so for 10 seconds
            ! hint: try again when the other program has ended
            exit 4
            ");
        }
    }
}

#[test]
fn half_a_copy_is_listed_as_one_and_nobody_is_given_rights_on_it() {
    let base = Base::new("half_a_copy");
    let url = base.url(OWNER, "clinic_b");
    base.ok(&base.url(OWNER, "clinic_a"), INIT);
    base.ok(&url, INIT);
    // What makes a copy a book is written last.
    base.sql("DELETE FROM clinic_b.book; CREATE ROLE early LOGIN");
    insta::assert_snapshot!(base.run(&url, "books"), @"
    book      clinic       entries
    --------  -----------  -------
    clinic_a  Clinic Lind        3
    clinic_b
    ! note: clinic_b is a copy that was interrupted: the same lotbook copy goes on with it
    ");
    insta::assert_snapshot!(base.run(&url, "grant --role technician early --run"), @"
    ! error: the book was never finished: go on with its copy first
    !   nothing was changed
    ! hint: look at what would be run: leave --run out
    exit 4
    ");
    assert_eq!(
        base.sql("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'clinic_b'"),
        OWNER
    );
}

#[test]
fn a_grant_that_would_hold_nobody_is_refused() {
    let base = Base::stocked("refusing_grants");
    let url = base.url(OWNER, "clinic_a");
    base.sql("CREATE ROLE weak LOGIN; CREATE ROLE keyed");
    let told = |url: &str, line: &str| format!("$ {line}\n{}", base.run(url, line));
    let lines = [
        "grant --role technician nobody --run",
        "grant --role technician public --run",
        "grant --role technician postgres --run",
        "grant --role cleaner ana --run",
    ];
    insta::assert_snapshot!(lines.map(|line| told(&url, line)).concat(), @"
    $ grant --role technician nobody --run
    ! error: there is no database user nobody; make one first: CREATE ROLE nobody LOGIN
    !   nothing was changed
    ! hint: look at what would be run: leave --run out
    exit 4
    $ grant --role technician public --run
    ! error: `public` is not the name of a database user: it is 1 to 63 bytes, and neither public, none nor pg_...
    ! hint: name the login of a person, and a book whose name is not long
    exit 2
    $ grant --role technician postgres --run
    ! error: the database user postgres is a superuser or owns the book: no rights hold it
    !   nothing was changed
    ! hint: look at what would be run: leave --run out
    exit 4
    $ grant --role cleaner ana --run
    ! error: invalid value 'cleaner' for '--role <ROLE>': `cleaner` is not a role: it is one of manager, technician, inspector, prescriber
    ! hint: write one of them, such as --role manager
    exit 2
    ");
    base.ok(&url, "grant --role technician weak --run");
    base.sql("GRANT clinic_a_owner TO keyed");
    // The words of the server changed with PostgreSQL 16.
    let told = |url: &str, line: &str| {
        told(url, line).replace(
            "permission denied to grant role \"clinic_a_owner\"",
            "must have admin option on role \"clinic_a_owner\"",
        )
    };
    insta::assert_snapshot!([
        told(&base.url("weak", "clinic_a"), "grant --role manager weak --run"),
        told(&url, "grant --role manager keyed --run"),
        told(&url.replace("?schema=clinic_a", ""), "grant --role manager weak"),
        told("clinic.lotbook", "grant --role manager weak"),
    ].concat(), @r#"
    $ grant --role manager weak --run
    ! error: the database user weak may not do this: must have admin option on role "clinic_a_owner"
    !   nothing was changed
    ! hint: run it as a superuser of the server, or leave out --run and hand it over
    exit 4
    $ grant --role manager keyed --run
    ! error: the database user keyed is a superuser or owns the book: no rights hold it
    !   nothing was changed
    ! hint: look at what would be run: leave --run out
    exit 4
    $ grant --role manager weak
    ! error: the URL names no book: end it with ?schema=BOOK
    ! hint: see which there are: lotbook books
    exit 2
    $ grant --role manager weak
    ! error: clinic.lotbook is a file
    !   a file has no database users: whoever may write its folder may write in it
    ! hint: name a book on a server: --book "postgres://USER@HOST/DATABASE?schema=BOOK"
    exit 2
    "#);
}

#[test]
fn whoever_made_a_book_gives_it_away_without_being_a_superuser() {
    let base = Base::new("a_keeper");
    base.sql(
        "CREATE ROLE a_keeper LOGIN CREATEROLE; GRANT CREATE ON DATABASE a_keeper TO a_keeper",
    );
    base.sql("CREATE ROLE a_nurse LOGIN; CREATE ROLE a_visitor LOGIN");
    // The owner of a book is a role of the whole server: this one is of no other test.
    let url = base.url("a_keeper", "keepers");
    base.ok(&url, INIT);
    // From PostgreSQL 16 on they could become the owner for good, so a superuser gives the first.
    let first = base.run(&url, "grant --role technician a_nurse --run");
    if base.sql("SHOW server_version_num").trim() >= "160000" {
        assert!(first.stderr.contains("the first grant is given by a superuser"), "{first}");
        base.ok(&url, "stock");
        return;
    }
    assert_eq!(first.code, 0, "{first}");
    assert_eq!(base.run(&url, "stock").code, 4, "the book is no longer the keeper's");
    base.ok(&url, "grant --role inspector a_visitor --run");
    base.ok(&base.url("a_nurse", "keepers"), "client new 1");
    base.ok(&base.url("a_visitor", "keepers"), "audit verify");
}

#[test]
fn the_books_on_a_server_are_listed_as_far_as_they_may_be_read() {
    let (base, url) = granted("a_reader", "inspector");
    let init = "init --clinic 'Clinic Two' --zone Europe/Berlin --currency EUR --manager bea";
    base.ok(&base.url(OWNER, "clinic_b"), init);
    base.sql("CREATE SCHEMA other; GRANT USAGE ON SCHEMA clinic_b TO a_reader");
    let all = base.url(OWNER, "clinic_a").replace("?schema=clinic_a", "");
    insta::assert_snapshot!(base.run(&all, "books"), @"
    book      clinic       entries
    --------  -----------  -------
    clinic_a  Clinic Lind       16
    clinic_b  Clinic Two         3
    ");
    insta::assert_snapshot!(base.run(&url, "books"), @"
    book      clinic       entries
    --------  -----------  -------
    clinic_a  Clinic Lind       16
    clinic_b
    ! note: 1 of them this database user may not read
    ");
    insta::assert_snapshot!(base.run(&url, "books --format csv"), @"
    book,clinic,entries
    clinic_a,Clinic Lind,16
    clinic_b,,
    ! note: 1 of them this database user may not read
    ");
    insta::assert_snapshot!(base.run(&url, "books --format json"), @r#"
    {"schema":"lotbook/books/1","rows":[
    {"book":"clinic_a","clinic":"Clinic Lind","entries":16},
    {"book":"clinic_b","clinic":null,"entries":null}
    ]}
    ! note: 1 of them this database user may not read
    "#);
    insta::assert_snapshot!(base.run("clinic.lotbook", "books"), @"
    ! error: clinic.lotbook is a file
    !   books are listed on a server; a file holds one
    ! hint: name a server: lotbook books --book postgres://USER@HOST/DATABASE
    exit 2
    ");
    let none = all.replace("a_reader", "no_books");
    insta::assert_snapshot!(Base::new("no_books").run(&none, "books"), @"
    none
    ");
}
