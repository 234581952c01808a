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
    ! hint: let it be used again: lotbook lot release CART-12/24C0110 --reason 'cleared|wrong-lot'
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
fn a_reading_in_another_unit_or_twice_is_told_how_to_be_written() {
    insta::assert_snapshot!(all(&chair(), &[
        "session log needling@cheeks depth=1.5cm passes=3",
        "session log needling@cheeks depth=1 'passes=3 mm'",
        "session log needling@cheeks depth=1 depth=1.0",
        "session log needling@cheeks,nose depth=1 'depth=0.5 mm' passes=3",
        "session log needling@cheeks depht=1",
        "session log needling@cheeks depth=",
        "session log needeling",
    ]), @"
    $ session log needling@cheeks depth=1.5cm passes=3
    ! error: needling asks for depth in mm, and depth=1.5 cm is in cm
    ! hint: read it in mm, and write depth= and the number
    exit 3
    $ session log needling@cheeks depth=1 'passes=3 mm'
    ! error: needling asks for passes as a plain number, and passes=3 mm is in mm
    ! hint: write passes= and the number alone
    exit 3
    $ session log needling@cheeks depth=1 depth=1.0
    ! error: the reading depth is there twice: 1 and 1
    !   a step carries each reading once
    ! hint: write depth=1 alone
    exit 2
    $ session log needling@cheeks,nose depth=1 'depth=0.5 mm' passes=3
    ! error: the reading depth is there twice: 1 and 0.5 mm
    !   a step carries each reading once
    ! hint: write depth=1 alone
    ! hint: if each is of another area, log one by one: lotbook session log needling@AREA 'depth=0.5 mm'
    exit 2
    $ session log needling@cheeks depht=1
    ! error: needling has no reading depht
    !   it asks for depth, passes
    ! hint: did you mean depth?
    ! hint: see what it asks for: lotbook protocol show acne-scars-face@2026.1
    exit 3
    $ session log needling@cheeks depth=
    ! error: `depth=` has no value
    ! hint: write depth= and what was read, or leave it out
    exit 2
    $ session log needeling
    ! error: acne-scars-face@2026.1 has no step needeling
    !   its steps are identity, consent, screening, prescriber-clearance, before-photo, cleanse, anesthetic-on, anesthetic-off, skin-prep, time-out, needling, after-care-serum, after-photo, reaction-check, sharps, after-care-given, review-1-week, review-4-weeks, review-12-weeks, review-26-weeks
    ! hint: did you mean needling?
    ! hint: see them: lotbook protocol show acne-scars-face@2026.1
    exit 3
    ");
}

#[test]
fn a_word_of_the_command_line_that_is_wrong_is_told_how_to_be_written() {
    insta::assert_snapshot!(all(&Clinic::stocked(), &[
        "demo --seed x",
        "demo --seed 99999999999999999999",
        "demo --sessions 0",
        "demo --sessions many",
        "demo --today tomorrow",
        "demo --out",
        "stock --format xml",
        "audit log --action lot.recieve",
        "product add X --category serum --unit oz",
        "protocol lint",
        "waste 1 CART-12",
        "stock --place nowhere",
        "product edit CART-12 --attr needles",
        "receive 1 2 3 4 --from Lind",
    ]), @"
    $ demo --seed x
    ! error: invalid value 'x' for '--seed <SEED>': invalid digit found in string
    ! hint: write a whole number of digits alone, such as --seed 12
    exit 2
    $ demo --seed 99999999999999999999
    ! error: invalid value '99999999999999999999' for '--seed <SEED>': number too large to fit in target type
    ! hint: write a whole number of digits alone, such as --seed 12
    exit 2
    $ demo --sessions 0
    ! error: 0 sessions can't be made
    !   a demo has 1 to 2000000
    ! hint: write a number between them, such as --sessions 12
    exit 2
    $ demo --sessions many
    ! error: invalid value 'many' for '--sessions <N>': invalid digit found in string
    ! hint: write a whole number of digits alone, such as --sessions 12
    exit 2
    $ demo --today tomorrow
    ! error: invalid value 'tomorrow' for '--today <DAY>': `tomorrow` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    $ demo --out
    ! error: a value is required for '--out <FOLDER>' but none was supplied
    ! hint: see how it is written: lotbook demo --help
    exit 2
    $ stock --format xml
    ! error: invalid value 'xml' for '--format <FORMAT>'
    !   [possible values: table, csv, json]
    ! hint: write one of them, such as --format table
    exit 2
    $ audit log --action lot.recieve
    ! error: `lot.recieve` is not an action: it is one of book.open, staff.add, staff.edit, place.add, product.add, product.edit, product.retire, client.new, lot.receive, container.open, protocol.publish, session.start, session.step, stock.use, session.finish, session.stop, session.void, stock.waste, lot.hold, lot.release, reversal, audit.export, access.refuse
    ! hint: an entry names its action: lotbook audit log --limit 20
    exit 2
    $ product add X --category serum --unit oz
    ! error: invalid value 'oz' for '--unit <UNIT>': `oz` is not a unit: units are each, g, ml and packs
    ! hint: write one of them, such as --unit g
    exit 2
    $ protocol lint
    ! error: the following required arguments were not provided:
    !   <FILE>...
    !   usage: lotbook protocol lint <FILE>...
    ! hint: see how it is written: lotbook protocol lint --help
    exit 2
    $ waste 1 CART-12
    ! error: the following required arguments were not provided:
    !   --reason <CODE>
    !   usage: lotbook waste --reason <CODE> <WHAT>...
    ! hint: write --reason CODE; a code that isn't one shows those that are
    exit 2
    $ stock --place nowhere
    ! error: there is no place nowhere
    !   the clinic has fridge, room-1, stockroom
    ! hint: see them: lotbook place list
    ! hint: a new one is named first: lotbook place add nowhere
    exit 3
    $ product edit CART-12 --attr needles
    ! error: `needles` has no value
    ! hint: write needles=VALUE, in quotes where the value holds a blank
    exit 2
    $ receive 1 2 3 4 --from Lind
    ! error: unexpected value '4' for '<WHAT>...' found; no more were expected
    !   usage: lotbook receive [OPTIONS] --from <FROM> <WHAT>...
    ! hint: see how it is written: lotbook receive --help
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
