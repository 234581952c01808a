//! Every refusal ends with what to do instead, and says a long word shortly.

use crate::chair::chair;
use crate::clinic::{Clinic, all};

#[test]
fn what_was_done_already_names_the_other_command() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "lot hold CART-12/24C0110 --reason supplier-notice",
        "lot hold CART-12/24C0110 --reason supplier-notice",
        "open NUMB-4",
        "open K-0001",
        "client new 17",
        "undo 18 --reason duplicate --as ana",
        "undo 0 --reason duplicate --as ana",
    ]), @"
    $ lot hold CART-12/24C0110 --reason supplier-notice
    CART-12/24C0110 held: it can't be used until it is released  #16 [root]
    ! note: no session has used it so far: lotbook trace lot CART-12/24C0110
    $ lot hold CART-12/24C0110 --reason supplier-notice
    ! error: CART-12/24C0110 is held
    !   entry #16 says so
    ! hint: let it be used again: lotbook lot release CART-12/24C0110 --reason CODE
    exit 3
    $ open NUMB-4
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #17 [root]
    $ open K-0001
    ! error: K-0001 is open already
    !   a pack is opened once, and then taken from
    ! hint: log its use: lotbook session log STEP --use K-0001
    ! hint: to open another pack: lotbook open NUMB-4
    exit 3
    $ client new 17
    17  #18 [root]
    $ undo 18 --reason duplicate --as ana
    ! error: #18 is `client.new`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: start no session with the reference, and make another: lotbook client new
    exit 3
    $ undo 0 --reason duplicate --as ana
    ! error: #0 is `book.open`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: see what can be: lotbook audit log
    exit 3
    ");
}

#[test]
fn what_the_book_does_not_know_is_said_to_be_unknown() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "open NUMB-4/N9",
        "waste 1 CART-12/N9 --reason dropped",
        "waste 1 CART-12/24C0110 --session S-9999 --reason dropped",
        "session log S-9999",
        "lot hold 'CART-12/ 7' --reason supplier-notice",
        "open '(01)09504000059118(10)NONE'",
        "place add waste --as ana",
        "staff add zoe --role boss --as ana",
    ]), @"
    $ open NUMB-4/N9
    ! error: there is no lot N9 of NUMB-4
    ! hint: see its lots: lotbook stock --lots NUMB-4
    exit 3
    $ waste 1 CART-12/N9 --reason dropped
    ! error: there is no lot N9 of CART-12
    ! hint: see its lots: lotbook stock --lots CART-12
    exit 3
    $ waste 1 CART-12/24C0110 --session S-9999 --reason dropped
    ! error: there is no session S-9999
    ! hint: see them: lotbook session list
    exit 3
    $ session log S-9999
    ! error: S-9999 is a session, and a step is asked for
    ! hint: write lotbook session log STEP --session S-9999
    ! hint: see which step is next: lotbook session show S-9999
    exit 2
    $ lot hold 'CART-12/ 7' --reason supplier-notice
    ! error: ` 7` is not a lot: it begins or ends with a blank
    ! hint: write it as it is printed; SKU/none is the stock without a lot
    ! hint: an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    exit 3
    $ open '(01)09504000059118(10)NONE'
    ! error: `NONE` is not a lot: `none` stands for stock without one
    ! hint: write it as it is printed; SKU/none is the stock without a lot
    exit 3
    $ place add waste --as ana
    ! error: invalid value 'waste' for '<NAME>': `waste` is not a place: the name is reserved for the program's own places
    ! hint: write another name, such as room-1; see the places: lotbook place list
    exit 2
    $ staff add zoe --role boss --as ana
    ! error: invalid value 'boss' for '--role <ROLE>': `boss` is not a role: it is one of manager, technician, inspector, prescriber
    ! hint: write one of them, such as --role manager
    exit 2
    ");
}

#[test]
fn a_new_name_is_never_empty() {
    let clinic = Clinic::stocked().acting("ana");
    insta::assert_snapshot!(all(&clinic, &[
        "staff add zoe --role technician --name ' '",
        "init --clinic Lind --zone UTC --currency EUR --manager ana= --book x.lotbook",
    ]), @r#"
    $ staff add zoe --role technician --name ' '
    ! error: --name is empty
    !   an empty name takes one away, and here is none yet
    ! hint: write --name "...", or leave --name out
    exit 2
    $ init --clinic Lind --zone UTC --currency EUR --manager ana= --book x.lotbook
    ! error: the manager ana has an empty name
    ! hint: write --manager ID=NAME, or the id alone
    exit 2
    "#);
}

#[test]
fn of_a_long_word_what_is_wrong_with_it_is_said() {
    let clinic = Clinic::stocked().acting("ana");
    let long = "x".repeat(120_000);
    for (line, wrong) in [
        (format!("place add {long}"), "is not a place"),
        (format!("client new {long}"), "it is longer than 100"),
        (format!("audit log --lot ' {long}'"), "it begins or ends with a blank"),
        (format!("stock --format {long}"), "for '--format"),
        (format!("staff add eve --role {long}"), "it is one of manager"),
        (format!("stock --{long}"), "found"),
    ] {
        let said = clinic.run(&line).stderr;
        let first = said.lines().next().unwrap_or_default();
        assert!(first.contains("x ... (1200") && first.contains(wrong), "{said}");
    }
}

#[test]
fn a_late_entry_names_the_lots_that_are_held_now() {
    let clinic = Clinic::stocked();
    clinic.ok("lot hold NUMB-4/L77 --reason supplier-notice");
    insta::assert_snapshot!(clinic.run("open NUMB-4 --at 'before 16'"), @"
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #17 [root]
    ! warning: NUMB-4/L77 is held now, since #16: check whether it was taken from that
    ");
    let clinic = chair();
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice --as ana");
    let late = "session log consent --use CART-12 --at 'before 19'";
    let said = clinic.run(late);
    assert_eq!(said.code, 0, "{said}");
    let warned = "warning: CART-12/24C0110 is held now, since #19:";
    assert!(said.stderr.contains(warned), "{said}");
    clinic.ok("lot release CART-12/24C0110 --reason cleared --as ana");
    assert!(!clinic.run(late).stderr.contains("is held now"), "it may be used again");
}

#[test]
fn an_expiry_of_the_last_century_is_expired() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(clinic.run("scan '(01)09504000059118(17)770101'"), @"
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    expiry   1977-01-01

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  770101

    Refused today
    why
    -----------------------------------------------------
    the code says that this CART-12 expired on 1977-01-01
    ");
    let batch = clinic.run_with("scan -", "(01)09504000059118(17)770101\n".to_owned());
    assert!(batch.to_string().contains("warning[expired]"), "{batch}");
}
