//! What nobody types on purpose: bytes that are no text, text that steers a terminal, fields of a
//! megabyte, and people who may not.

use std::ffi::OsString;

use crate::clinic::{Clinic, all};

#[test]
fn an_argument_that_is_no_text_is_refused_whatever_the_command() {
    use std::os::unix::ffi::OsStringExt;
    let clinic = Clinic::stocked();
    let bad = || OsString::from_vec(b"A\xff\xfeB".to_vec());
    let told = |words: &[&str]| -> String {
        let words = words.iter().map(OsString::from).chain([bad()]);
        clinic.run_words(words, "").to_string()
    };
    insta::assert_snapshot!(told(&["product", "show"]), @"
    ! error: `A��B` is not UTF-8 text
    !   what a book keeps must read the same on every computer
    ! hint: type it as it is printed, in a terminal that is set to UTF-8
    exit 2
    ");
    insta::assert_snapshot!(told(&["receive", "1", "CART-12", "--from", "x", "--lot"]), @"
    ! error: `A��B` is not UTF-8 text
    !   what a book keeps must read the same on every computer
    ! hint: type it as it is printed, in a terminal that is set to UTF-8
    exit 2
    ");
    insta::assert_snapshot!(told(&["scan"]), @"
    ! error: `A��B` is not UTF-8 text
    !   what a book keeps must read the same on every computer
    ! hint: type it as it is printed, in a terminal that is set to UTF-8
    exit 2
    ");
    insta::assert_snapshot!(told(&["protocol", "lint"]), @"
    ! error: there is no file A��B
    ! hint: see the protocols that come with the program: lotbook protocol list
    exit 2
    ");
    insta::assert_snapshot!(told(&["protocol", "show"]), @"
    ! error: there is no file A��B
    ! hint: see the protocols that come with the program: lotbook protocol list
    exit 2
    ");
    insta::assert_snapshot!(told(&["stock", "--book"]), @"
    ! error: there is no book at A��B
    ! hint: make one: lotbook init --clinic NAME --zone ZONE --currency CODE --manager ID=NAME
    ! hint: or name another: --book PATH
    exit 4
    ");
    insta::assert_snapshot!(told(&[]), @"
    ! error: unrecognized subcommand 'A��B'
    !   usage: lotbook [OPTIONS] <COMMAND>
    ! hint: see how it is written: lotbook --help
    exit 2
    ");
}

#[test]
fn a_field_of_a_megabyte_is_refused_shortly() {
    let clinic = Clinic::stocked();
    let huge = "x".repeat(1 << 20);
    for line in [
        format!("product show {huge}"),
        format!("product edit CART-12 --name {huge}"),
        format!("product edit CART-12 --attr a={huge}"),
        format!("receive 1 CART-12 --lot {huge} --expiry none --from Lind"),
        format!("receive 1 CART-12 --lot A --expiry none --from {huge}"),
        format!("receive 1 CART-12 --lot A --expiry none --from L --document {huge}"),
        format!("receive {huge} CART-12 --lot A --expiry none --from L"),
        format!("receive 1 CART-12 --lot A --expiry {huge} --from L"),
        format!("receive 1 CART-12 --lot A --expiry none --from L --cost {huge}"),
        format!("waste 1 CART-12/24C0110 --reason other --note {huge}"),
        format!("waste 1 CART-12/24C0110 --reason {huge}"),
        format!("client new {huge}"),
        format!("client new 1{huge}"),
        format!("staff add {huge} --role technician"),
        format!("staff add eve --role technician --name {huge}"),
        format!("place add {huge}"),
        format!("undo {huge} --reason duplicate"),
        format!("open {huge}"),
        format!("open NUMB-4 --at {huge}"),
        format!("scan {huge}"),
        format!("scan '(01){huge}'"),
        format!("trace lot CART-12/{huge}"),
        format!("check {huge}"),
        format!("protocol show {huge}"),
        format!("protocol publish {huge}"),
        format!("stock --as {huge}"),
    ] {
        let output = clinic.run(&line);
        let shown = output.stdout.len() + output.stderr.len();
        let begin = &line[..line.len().min(60)];
        assert!(output.code != 0, "{begin} was accepted");
        assert!(shown < 2000, "{begin} answers {shown} bytes, exit {}", output.code);
    }
}

#[test]
fn no_text_steers_the_terminal_or_hides() {
    let clinic = Clinic::stocked();
    let wild = "A\u{1b}[2J\u{202e}\u{200b}\u{7}B";
    for line in [
        format!("receive 1 CART-12 --lot '{wild}' --expiry none --from 'Lind{wild}'"),
        format!("waste 1 'CART-12/{wild}' --reason other --note 'x{wild}'"),
        format!("product edit CART-12 --name '{wild}'"),
        format!("product show '{wild}'"),
        format!("open 'CART-12/{wild}'"),
        format!("trace lot 'CART-12/{wild}'"),
        format!("scan '{wild}'"),
        format!("protocol show '{wild}'"),
        format!("protocol lint '{wild}'"),
        format!("check '{wild}'"),
        format!("stock --place '{wild}'"),
        format!("client new '1{wild}'"),
        format!("{wild} x"),
        "stock --lots".to_owned(),
        "product list".to_owned(),
    ] {
        let output = clinic.run(&line);
        let said = format!("{}{}", output.stdout, output.stderr);
        let raw =
            said.chars().find(|letter| wild[1..].contains(*letter) && !letter.is_ascii_graphic());
        assert_eq!(raw, None, "{line:?} answers {said:?}");
    }
}

#[test]
fn nul_is_refused_in_every_text_that_the_book_keeps() {
    let clinic = Clinic::stocked();
    for line in [
        "receive 1 CART-12 --lot A\0B --expiry none --from Lind",
        "receive 1 CART-12 --lot A --expiry none --from Li\0nd",
        "receive 1 CART-12 --lot A --expiry none --from Lind --document 1\0",
        "waste 1 CART-12/24C0110 --reason other --note a\0b",
        "product edit CART-12 --name a\0b",
        "product edit CART-12 --attr a=b\0",
        "staff add eve --role technician --name E\0",
        "client new 1\0",
    ] {
        let output = clinic.run(line);
        assert!([2, 3].contains(&output.code), "{line:?}\n{output}");
    }
}

#[test]
fn an_act_outside_the_role_is_refused_and_the_attempt_recorded() {
    let clinic = Clinic::stocked().acting("ivo");
    insta::assert_snapshot!(all(&clinic, &[
        "waste 1 CART-12/24C0110 --reason dropped",
        "receive 1 CART-12 --lot A --expiry none --from Lind",
        "staff add eve --role manager",
        "stock CART-12",
    ]), @"
    $ waste 1 CART-12/24C0110 --reason dropped
    ! error: ivo may not record `stock.waste`
    !   it needs the role technician or manager; ivo is inspector
    ! hint: let a technician do it with --as, or let a manager add the role: lotbook staff edit ivo --role inspector --role technician
    exit 3
    $ receive 1 CART-12 --lot A --expiry none --from Lind
    ! error: ivo may not record `lot.receive`
    !   it needs the role technician or manager; ivo is inspector
    ! hint: let a technician do it with --as, or let a manager add the role: lotbook staff edit ivo --role inspector --role technician
    exit 3
    $ staff add eve --role manager
    ! error: ivo may not record `staff.add`
    !   it needs the role manager; ivo is inspector
    ! hint: let a manager do it with --as, or let a manager add the role: lotbook staff edit ivo --role inspector --role manager
    exit 3
    $ stock CART-12
    product  category   on hand  usable  held  expired  unit  open  next expiry  status
    -------  ---------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge       25      20     0        5  each     0  2027-03-31   usable

    usable on 2026-11-22
    ");
    insta::assert_snapshot!(clinic.run("audit log --action access.refuse"), @"
     #  happened          late  by   action         what                standing
    --  ----------------  ----  ---  -------------  ------------------  --------
    18  2026-11-22 10:00        ivo  access.refuse  action=staff.add
    17  2026-11-22 10:00        ivo  access.refuse  action=lot.receive
    16  2026-11-22 10:00        ivo  access.refuse  action=stock.waste
    ");
}

#[test]
fn whoever_is_unknown_does_nothing() {
    let clinic = Clinic::stocked().acting("zoe");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: nobody in this book has the id zoe
    !   the book knows ana, ben, ivo, pia
    ! hint: say who acts by one of these ids: --as ID, or LOTBOOK_STAFF=ID
    ! hint: a manager adds people: lotbook staff add zoe --role technician --as ana
    exit 3
    ");
    insta::assert_snapshot!(clinic.run("open NUMB-4 --as 'z o e'"), @"
    ! error: invalid value 'z o e' for '--as <ID>': `z o e` is not a staff id: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: see who is in the book: lotbook staff list
    exit 2
    ");
    insta::assert_snapshot!(clinic.run("open NUMB-4 --as BEN"), @"
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #16 [root]
    ");
    let clinic = clinic.acting("");
    insta::assert_snapshot!(clinic.run("open NUMB-4"), @"
    ! error: who acts is not known
    ! hint: say it with --as ID, or set LOTBOOK_STAFF
    ! hint: see who is in the book: lotbook staff list
    exit 2
    ");
    assert_eq!(clinic.run("stock").code, 0, "reading asks nobody's name");
}
