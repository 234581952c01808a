//! Connections by TLS: the server's certificate is checked against an authority and its name, or
//! nothing is sent.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::base::{Base, PASSWORD, with_password};
use crate::clinic::INIT;
use crate::failing::restart;
use crate::servers::{OWNER, TestServer};

/// Makes an authority and a certificate of it for this name, in a folder; none where the program
/// that does is missing.
fn certify(folder: &Path, authority: &str, name: &str) -> Option<()> {
    let run = |line: &str| {
        let done =
            Command::new("openssl").args(line.split(' ')).current_dir(folder).output().ok()?;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Some(())
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    run(&format!(
        "req -x509 {key} -subj /CN={authority} -keyout {authority}.key -out {authority}.pem"
    ))?;
    run(&format!("req {key} -subj /CN=server -keyout server.key -out server.csr")
        .replace(" -days 2", ""))?;
    std::fs::write(folder.join("names"), format!("subjectAltName={name}")).unwrap();
    run(&format!(
        "x509 -req -in server.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial \
         -days 2 -extfile names -out server.crt"
    ))
}

/// Hands key and certificate to a running server.
fn install(server: &TestServer, folder: &Path) {
    // The server's user must own its key, so it makes the file, and its content is put in.
    server.psql("COPY (SELECT '') TO PROGRAM 'umask 077; cat > server.key'");
    for name in ["server.key", "server.crt"] {
        let content = std::fs::read(folder.join(name)).unwrap();
        std::fs::write(server.folder().join("data").join(name), content).unwrap();
    }
    server.psql("ALTER SYSTEM SET ssl = on");
    restart(server);
}

#[test]
fn a_server_is_spoken_to_by_tls_only_if_its_certificate_is_the_right_one() {
    let server = TestServer::start("fsync = off");
    let base = Base::on(&server, "encrypted");
    let home = base.clinic().home();
    if certify(home, "mine", "IP:127.0.0.1").is_none() {
        // Past the capture of a test's output.
        let _ = writeln!(std::io::stderr(), "skipped: TLS, since openssl is missing");
        return;
    }
    let url = |more: &str| base.url(OWNER, "clinic_a") + "&sslmode=verify-full" + more;
    let root = |name: &str| format!("&sslrootcert={}", home.join(name).display());
    insta::assert_snapshot!(base.run(&url(&root("mine.pem")), INIT), @"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: server does not support TLS
    !   nothing was sent
    ! hint: let whoever runs the server switch it on: ssl = on, with a certificate
    exit 4
    ");

    install(&server, home);
    base.ok(&url(&root("mine.pem")), INIT);
    insta::assert_snapshot!(base.run(&url(""), "stock"), @"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: invalid peer certificate: UnknownIssuer
    !   nothing was sent
    ! hint: name the authority that vouches for the server: sslrootcert=FILE
    exit 4
    ");
    let stranger = tempfile::tempdir().unwrap();
    certify(stranger.path(), "stranger", "IP:127.0.0.1");
    std::fs::copy(stranger.path().join("stranger.pem"), home.join("stranger.pem")).unwrap();
    insta::assert_snapshot!(base.run(&url(&root("stranger.pem")), "stock"), @"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: invalid peer certificate: UnknownIssuer
    !   nothing was sent
    ! hint: name the authority that vouches for the server: sslrootcert=FILE
    exit 4
    ");
    std::fs::write(home.join("none.pem"), "nothing in it").unwrap();
    insta::assert_snapshot!(base.run(&url(&root("none.pem")), "stock"), @"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: [home]/none.pem: it holds no certificate
    !   nothing was sent
    ! hint: name the authority that vouches for the server: sslrootcert=FILE
    exit 4
    ");

    // Whoever must use TLS may, with a password bound to the connection.
    server.psql(&format!("CREATE ROLE tess LOGIN PASSWORD '{PASSWORD}'"));
    let rules = format!("host all {OWNER} all trust\nhostssl all tess all scram-sha-256\n");
    std::fs::write(server.folder().join("data").join("pg_hba.conf"), rules).unwrap();
    restart(&server);
    base.sql("CREATE SCHEMA clinic_t AUTHORIZATION tess");
    let tess = with_password(&base.url("tess", "clinic_t"), PASSWORD);
    insta::assert_snapshot!(base.run(&tess, INIT), @r#"
    ! error: the server does not let tess in: no pg_hba.conf entry for host "127.0.0.1", user "tess", database "encrypted", no encryption
    ! hint: let whoever runs the server admit this user; where it asks for encryption, write sslmode=verify-full
    exit 4
    "#);
    base.ok(&format!("{tess}&sslmode=verify-full{}", root("mine.pem")), INIT);

    // As `openssl req -x509` makes it: an authority's own certificate, for the server itself.
    let copy = |from: &str, to: &str| std::fs::copy(home.join(from), home.join(to)).unwrap();
    copy("mine.key", "server.key");
    copy("mine.pem", "server.crt");
    install(&server, home);
    insta::assert_snapshot!(base.run(&url(&root("mine.pem")), "stock"), @"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: its certificate is that of an authority
    !   nothing was sent
    ! hint: let the server have a certificate signed by an authority, and not the authority's own
    exit 4
    ");

    certify(home, "mine", "DNS:db.example").unwrap();
    install(&server, home);
    insta::assert_snapshot!(base.run(&url(&root("mine.pem")), "stock"), @r#"
    ! error: the connection to 127.0.0.1:PORT can't be encrypted and checked: invalid peer certificate: certificate not valid for name "127.0.0.1"; certificate is only valid for DnsName("db.example")
    !   nothing was sent
    ! hint: write the host in the URL as its certificate names it
    exit 4
    "#);
}
