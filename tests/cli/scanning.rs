//! What scans and typed items are, with a book and without.

use crate::clinic::{Clinic, all};

const GOOD: &str = "scan '(01)09504000059118(17)270331(10)24C0110'";

#[test]
fn a_scan_is_read_without_any_book() {
    let clinic = Clinic::without_book().on_file();
    insta::assert_snapshot!(clinic.run(GOOD), @r"
    kind    gs1
    GTIN    09504000059118
    lot     24C0110
    expiry  2027-03-31

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  270331
    10       lot          24C0110
    ");
    insta::assert_snapshot!(clinic.run(&format!("{GOOD} --format json")), @r#"
    {"schema":"lotbook/scan/1","kind":"gs1","elements":[{"ai":"01","value":"09504000059118"},{"ai":"17","value":"270331"},{"ai":"10","value":"24C0110"}],"gtin":"09504000059118","lot":"24C0110","expiry":"2027-03-31","serial":null,"made":null,"product":null,"problems":[]}
    "#);
    insta::assert_snapshot!(clinic.run(&format!("{GOOD} --format csv")), @r"
    line,kind,accepted,gtin,product,lot,expiry,serial,made,errors,warnings,text
    1,gs1,yes,09504000059118,,24C0110,2027-03-31,,,,,(01)09504000059118(17)270331(10)24C0110
    ");
    insta::assert_snapshot!(clinic.run("scan '(01)00208851107345(17)150331'"), @r"
    kind    gs1
    expiry  2015-03-31

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         00208851107345
    17       expiry date  150331
    ! error[wrong-check-digit]: (01) GTIN 00208851107345 ends in check digit 5, and 7 would fit
    !  --> scan:1:5
    !   |
    ! 1 | (01)00208851107345(17)150331
    !   |     ^
    !   |
    !   = help: scan it again; if it reads the same, the label is wrong: type in what is printed beside the code and tell the supplier
    !
    ! 1 error in scan
    ! error: the scan can't be trusted
    exit 1
    ");
    insta::assert_snapshot!(clinic.run("scan CART-12/24C0110"), @r"
    kind  unknown
    ! note: what is no scan only a book knows; there is none at [home]/data/lotbook/clinic.lotbook
    ! error[unknown-format]: 'CART-12/24C0110' is text without GS1, EAN/UPC or HIBC data
    !  --> scan:1:1
    !   |
    ! 1 | CART-12/24C0110
    !   | ^
    !   |
    !   = help: scan the label's GS1, EAN/UPC or HIBC code, or type in the bracketed text
    !
    ! 1 error in scan
    ! error: the scan can't be trusted
    exit 1
    ");
    insta::assert_snapshot!(clinic.run("scan ''"), @r"
    kind  unknown
    ! error[empty]: there is no data to read
    !  --> scan:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: scan it again
    !
    ! 1 error in scan
    ! error: the scan can't be trusted
    exit 1
    ");
}

#[test]
fn a_scan_says_what_the_book_knows_and_would_refuse() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(clinic.run(GOOD), @"
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      24C0110
    expiry   2027-03-31

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  270331
    10       lot          24C0110

    Left
    lot      place      quantity  unit  expiry      status
    -------  ---------  --------  ----  ----------  ------
    24C0110  stockroom        20  each  2027-03-31  usable

    it may be used on 2026-11-22
    a delivery of it would be taken
    ");
    clinic.ok("lot hold CART-12/24C0110 --reason damaged");
    let all = |scans: &[&str]| -> String {
        let told = |scan: &&str| {
            let output = clinic.run(&format!("scan {scan}"));
            let refused = output.stdout.split("Refused today\n").nth(1).unwrap_or_default();
            format!("{scan}\n{refused}{}\n", output.stderr)
        };
        scans.iter().map(told).collect()
    };
    insta::assert_snapshot!(all(&[
        "'(01)09504000059118(17)270331(10)24C0110'",
        "'(01)09504000059118(17)270228(10)24C0110'",
        "'(01)09504000059118(10)23B0412'",
        "'(01)09504000059118(10)NEVER'",
        "'(01)09504000059118'",
        "'(01)00844588003288'",
        "CART-12/23B0412",
        "HA-01/007",
        "HA-01",
    ]), @"
    '(01)09504000059118(17)270331(10)24C0110'
    why
    -----------------------
    CART-12/24C0110 is held

    a delivery of it would be taken

    '(01)09504000059118(17)270228(10)24C0110'
    why
    ------------------------------------------------------------------------------------
    CART-12/24C0110 is held
    the code says that CART-12/24C0110 expires 2027-02-28, and the book knows 2027-03-31

    a delivery of it would be refused: CART-12/24C0110 is known with expiry 2027-03-31, and this delivery says 2027-02-28

    '(01)09504000059118(10)23B0412'
    why
    -------------------------------------
    CART-12/23B0412 expired on 2026-10-31

    a delivery of it would be taken, but it expired on 2026-10-31: it can't be used

    '(01)09504000059118(10)NEVER'
    why
    ---------------------------------------
    lot NEVER of CART-12 was never received

    a delivery of it would be refused: the expiry of CART-12/NEVER is missing

    '(01)09504000059118'
    why
    --------------------------------------------------
    CART-12/23B0412 in stockroom expired on 2026-10-31
    CART-12/24C0110 in stockroom is held

    '(01)00844588003288'
    why
    --------------------------------------
    no product has the GTIN 00844588003288

    teach it to a product: lotbook product edit SKU --gtin 00844588003288

    CART-12/23B0412
    why
    -------------------------------------
    CART-12/23B0412 expired on 2026-10-31

    HA-01/007

    HA-01
    ");
}

#[test]
fn of_a_pack_whose_lot_nobody_knows_nothing_is_said() {
    let clinic = Clinic::stocked();
    clinic.ok("receive '(01)09504000059118(17)270331(10)24C0110(21)A1' --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "scan '(01)09504000059118'",
        "scan '(01)09504000059118(21)A1'",
        "scan NUMB-4",
    ]), @"
    $ scan '(01)09504000059118'
    kind     gs1
    GTIN     09504000059118
    product  CART-12

    Elements
    element  name  value
    -------  ----  --------------
    01       GTIN  09504000059118

    Left
    lot      place      quantity  unit  expiry      status
    -------  ---------  --------  ----  ----------  -------
    23B0412  stockroom         5  each  2026-10-31  expired
    24C0110  stockroom        21  each  2027-03-31  usable

    its lot is not known, so nothing can be said of it: look which lot of CART-12 it is
    $ scan '(01)09504000059118(21)A1'
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    serial   A1

    Elements
    element  name           value
    -------  -------------  --------------
    01       GTIN           09504000059118
    21       serial number  A1

    Left
    lot      place      quantity  unit  expiry      status
    -------  ---------  --------  ----  ----------  ------
    24C0110  stockroom        21  each  2027-03-31  usable

    the book knows serial A1 as one of CART-12/24C0110
    it may be used on 2026-11-22
    a delivery of it would be refused: serial A1 of CART-12 is in the book already
    $ scan NUMB-4
    kind      product
    product   NUMB-4
    category  anesthetic
    use       multi

    Left
    lot  place   quantity  unit  expiry      status
    ---  ------  --------  ----  ----------  ------
    L77  room-1        90  g     2027-06-30  usable

    its lot is not known, so nothing can be said of it: look which lot of NUMB-4 it is
    ");
}

#[test]
fn a_typed_item_says_what_it_is() {
    let clinic = Clinic::stocked();
    clinic.ok("open NUMB-4");
    insta::assert_snapshot!(clinic.run("scan K-0001"), @r"
    kind        container
    product     NUMB-4
    category    anesthetic
    use         multi
    lot         L77
    expiry      2027-06-30
    lot status  released
    container   K-0001
    opened      2026-11-22 10:00
    discard by  2026-12-20

    Left
    lot  place   quantity  unit  expiry      discard by  status
    ---  ------  --------  ----  ----------  ----------  ------
    L77  K-0001        30  g     2027-06-30  2026-12-20  usable

    it may be used on 2026-11-22
    ");
    insta::assert_snapshot!(clinic.run("scan HA-01/007 --format json"), @r#"
    {"schema":"lotbook/item/1","item":{"kind":"lot","product":"HA-01","name":null,"category":"serum","use":"multi","lot":"007","expiry":"2027-01-31","lot_status":"released","container":null,"opened":null,"discard_by":null},"left":[
    {"lot":"007","place":"fridge","quantity":"10","unit":"ml","expiry":"2027-01-31","discard_by":null,"status":"usable"}
    ],"refused":[],"notes":["it may be used on 2026-11-22"]}
    "#);
    insta::assert_snapshot!(clinic.run("scan K-0099"), @r"
    ! error: there is no container K-0099
    ! hint: see the open ones: lotbook stock --lots
    exit 3
    ");
    insta::assert_snapshot!(clinic.run("scan NOTHING/1"), @r"
    ! error: there is no product NOTHING
    ! hint: see them all: lotbook product list
    exit 3
    ");
    insta::assert_snapshot!(clinic.run("scan nonsense --format json"), @r#"
    {"schema":"lotbook/scan/1","kind":"unknown","elements":[],"gtin":null,"lot":null,"expiry":null,"serial":null,"made":null,"product":null,"problems":[{"code":"unknown-format","severity":"error","at":0,"message":"'nonsense' is text without GS1, EAN/UPC or HIBC data"}]}
    ! note: the book knows no item of this name: lotbook product list
    ! error: the scan can't be trusted
    exit 1
    "#);
}

#[test]
fn a_batch_answers_line_by_line_and_loses_nothing() {
    let clinic = Clinic::stocked();
    let long = "x".repeat(70_000);
    let mut input = b"(01)09504000059118(17)270331(10)24C0110\r\n\n4006381333931\n".to_vec();
    input.extend(b"\xff\xfe\n");
    input.extend(format!("{long}\n]d20109504000059118\u{1d}10=cmd()\u{202e}\n").bytes());
    input.extend(b"(01)00208851107345");
    insta::assert_snapshot!(clinic.run_with("scan -", input.clone()), @r#"
    1: gs1 CART-12 lot 24C0110 expiry 2027-03-31
    2: unknown
       error[empty] at 0: there is no data to read
    3: ean GTIN 04006381333931
       warning[unknown-gtin] at 0: no product has the GTIN 04006381333931
    4: unknown
       error[unknown-format] at 0: the line is not UTF-8 text: byte 0 is wrong
    5: unknown
       error[unknown-format] at 65536: the line is longer than 65536 bytes, and no barcode is
    6: gs1 CART-12
       error[wrong-character] at 28: (10) lot '=cmd()\u{202e}' has the character U+202E where only letters, digits and !"%&'()*+,-./:;<=>?_ may stand
    7: gs1
       error[wrong-check-digit] at 4: (01) GTIN 00208851107345 ends in check digit 5, and 7 would fit
    ! error: 5 of 7 scans can't be trusted
    exit 1
    "#);
    insta::assert_snapshot!(clinic.run_with("scan - --format csv", input.clone()), @r"
    line,kind,accepted,gtin,product,lot,expiry,serial,made,errors,warnings,text
    1,gs1,yes,09504000059118,CART-12,24C0110,2027-03-31,,,,,(01)09504000059118(17)270331(10)24C0110
    2,unknown,no,,,,,,,empty,,
    3,ean,yes,04006381333931,,,,,,,unknown-gtin,4006381333931
    4,unknown,no,,,,,,,unknown-format,,
    5,unknown,no,,,,,,,unknown-format,,
    6,gs1,no,09504000059118,CART-12,,,,,wrong-character,,]d20109504000059118\u{1d}10=cmd()\u{202e}
    7,gs1,no,,,,,,,wrong-check-digit,,(01)00208851107345
    ! error: 5 of 7 scans can't be trusted
    exit 1
    ");
    let json = clinic.run_with("scan - --format json", input);
    let lines: Vec<serde_json::Value> =
        json.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["gs1", "unknown", "ean", "unknown", "unknown", "gs1", "gs1"]);
    assert_eq!(lines[0]["product"], "CART-12");
    assert_eq!(json.code, 1);
    insta::assert_snapshot!(clinic.run_with("scan - --format json", ""), @"");
    insta::assert_snapshot!(clinic.run_with("scan - --format csv", ""), @r"
    line,kind,accepted,gtin,product,lot,expiry,serial,made,errors,warnings,text
    ");
}

#[test]
fn a_scan_that_can_t_be_trusted_is_not_judged() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "scan '(01)09504000059118(17)271331(10)24C0110'",
        "scan '(01)09504000059118(10)NEVER'",
    ]), @"
    $ scan '(01)09504000059118(17)271331(10)24C0110'
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      24C0110

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  271331
    10       lot          24C0110
    ! error[invalid-date]: (17) expiry date 271331 is no day of the calendar (YYMMDD)
    !  --> scan:1:23
    !   |
    ! 1 | (01)09504000059118(17)271331(10)24C0110
    !   |                       ^
    !   |
    !   = help: scan it again; if it reads the same, the label is wrong: type in what is printed beside the code and tell the supplier
    !
    ! 1 error in scan
    ! error: the scan can't be trusted
    exit 1
    $ scan '(01)09504000059118(10)NEVER'
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      NEVER

    Elements
    element  name  value
    -------  ----  --------------
    01       GTIN  09504000059118
    10       lot   NEVER

    Refused today
    why
    ---------------------------------------
    lot NEVER of CART-12 was never received

    a delivery of it would be refused: the expiry of CART-12/NEVER is missing
    ");
}

#[test]
fn a_scanner_may_send_another_text_for_the_separator() {
    let clinic = Clinic::stocked();
    let folder = clinic.home().join("config").join("lotbook");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("config.toml");
    let label = |separator: &str| {
        format!("]d2010950400005911810A-1{separator}21S/7{separator}17270331\r\n")
    };
    let stand_ins = ["<GS>", "{GS}", "|", "~", "^]"];
    for separator in stand_ins {
        assert_eq!(clinic.run_with("scan -", label(separator)).code, 1, "{separator}");
    }
    std::fs::write(&file, format!("separators = {stand_ins:?}\n")).unwrap();
    clinic.ok("receive 1 CART-12 --lot A-1 --expiry 2027-03 --from Lind");
    for separator in stand_ins {
        insta::allow_duplicates! {
            insta::assert_snapshot!(clinic.run_with("scan -", label(separator)), @"
    1: gs1 CART-12 lot A-1 serial S/7 expiry 2027-03-31
    ");
        }
        // In front it is the mark of a GS1 code, whatever the scanner sends for it.
        let receive = "receive 1 - --from Lind --lot A-1";
        let scanned = format!("{separator}010950400005911817270331\n");
        assert_eq!(clinic.run_with(receive, scanned).code, 0, "{separator}");
    }
    // A lot may hold this one, so a label with lot A-1 would lose its end.
    std::fs::write(&file, "separators = ['|', '-']\n").unwrap();
    let refused = clinic.run("scan CART-12");
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("line 1: `-` can't stand for the separator"), "{refused}");
}

#[test]
fn a_batch_and_json_say_what_the_book_would_refuse() {
    let clinic = Clinic::stocked();
    clinic.ok("receive '(01)09504000059118(17)270331(10)24C0110(21)A1' --from Lind");
    clinic.ok("waste 1 '(01)09504000059118(17)270331(10)24C0110(21)A1' --reason dropped");
    clinic.ok("receive 1 CART-12 --lot HELD --serial H1 --expiry 2027-03 --from Lind");
    clinic.ok("lot hold CART-12/HELD --reason damaged");
    clinic.ok("receive 1 CART-12 --lot GONE --expiry 2027-03 --from Lind");
    clinic.ok("waste 1 CART-12/GONE --reason dropped");
    clinic.ok("product edit HA-01 --gtin 09504000059132");
    clinic.ok("product retire HA-01");
    let scans = [
        "(01)09504000059118(17)270331(10)24C0110",
        "(01)09504000059118(17)270228(10)24C0110",
        "(01)09504000059118(17)270331(10)24C0110(21)A1",
        "(01)09504000059118(21)A1",
        "(01)09504000059118(21)H1",
        "(01)09504000059118(10)23B0412",
        "(01)09504000059118(10)HELD",
        "(01)09504000059118(10)GONE",
        "(01)09504000059118(10)NEVER",
        "(01)09504000059118",
        "(01)09504000059132(10)007",
        "(01)00844588003288(10)X",
    ];
    let input = scans.join("\n");
    insta::assert_snapshot!(clinic.run_with("scan -", input.clone()), @"
    1: gs1 CART-12 lot 24C0110 expiry 2027-03-31
    2: gs1 CART-12 lot 24C0110 expiry 2027-02-28
       warning[other-expiry] at 18: the code says that CART-12/24C0110 expires 2027-02-28, and the book knows 2027-03-31
    3: gs1 CART-12 lot 24C0110 serial A1 expiry 2027-03-31
       warning[serial-gone] at 39: serial A1 went to waste
    4: gs1 CART-12 serial A1
       warning[serial-gone] at 18: serial A1 went to waste
    5: gs1 CART-12 serial H1
       warning[held] at 0: CART-12/HELD is held
    6: gs1 CART-12 lot 23B0412
       warning[expired] at 18: CART-12/23B0412 expired on 2026-10-31
    7: gs1 CART-12 lot HELD
       warning[held] at 18: CART-12/HELD is held
    8: gs1 CART-12 lot GONE
       warning[nothing-left] at 18: nothing of it is left
    9: gs1 CART-12 lot NEVER
       warning[unknown-lot] at 18: lot NEVER of CART-12 was never received
    10: gs1 CART-12
    11: gs1 HA-01 lot 007
       warning[retired] at 0: HA-01 is retired
    12: gs1 GTIN 00844588003288 lot X
       warning[unknown-gtin] at 0: no product has the GTIN 00844588003288
    ");
    insta::assert_snapshot!(clinic.run_with("scan - --format csv", input.clone()), @"
    line,kind,accepted,gtin,product,lot,expiry,serial,made,errors,warnings,text
    1,gs1,yes,09504000059118,CART-12,24C0110,2027-03-31,,,,,(01)09504000059118(17)270331(10)24C0110
    2,gs1,yes,09504000059118,CART-12,24C0110,2027-02-28,,,,other-expiry,(01)09504000059118(17)270228(10)24C0110
    3,gs1,yes,09504000059118,CART-12,24C0110,2027-03-31,A1,,,serial-gone,(01)09504000059118(17)270331(10)24C0110(21)A1
    4,gs1,yes,09504000059118,CART-12,,,A1,,,serial-gone,(01)09504000059118(21)A1
    5,gs1,yes,09504000059118,CART-12,,,H1,,,held,(01)09504000059118(21)H1
    6,gs1,yes,09504000059118,CART-12,23B0412,,,,,expired,(01)09504000059118(10)23B0412
    7,gs1,yes,09504000059118,CART-12,HELD,,,,,held,(01)09504000059118(10)HELD
    8,gs1,yes,09504000059118,CART-12,GONE,,,,,nothing-left,(01)09504000059118(10)GONE
    9,gs1,yes,09504000059118,CART-12,NEVER,,,,,unknown-lot,(01)09504000059118(10)NEVER
    10,gs1,yes,09504000059118,CART-12,,,,,,,(01)09504000059118
    11,gs1,yes,09504000059132,HA-01,007,,,,,retired,(01)09504000059132(10)007
    12,gs1,yes,00844588003288,,X,,,,,unknown-gtin,(01)00844588003288(10)X
    ");
    let batch = clinic.run_with("scan - --format json", input).stdout;
    insta::assert_snapshot!(batch.lines().nth(1).unwrap(), @r#"
    {"schema":"lotbook/scan/1","kind":"gs1","elements":[{"ai":"01","value":"09504000059118"},{"ai":"17","value":"270228"},{"ai":"10","value":"24C0110"}],"gtin":"09504000059118","lot":"24C0110","expiry":"2027-02-28","serial":null,"made":null,"product":"CART-12","problems":[{"code":"other-expiry","severity":"warning","at":18,"message":"the code says that CART-12/24C0110 expires 2027-02-28, and the book knows 2027-03-31"}]}
    "#);
    for (scan, line) in scans.iter().zip(batch.lines()) {
        let alone = clinic.run(&format!("scan '{scan}' --format json"));
        assert_eq!((alone.stdout.trim_end(), alone.code), (line, 0), "{scan}");
    }
}

#[test]
fn a_book_that_was_named_must_be_there() {
    let clinic = Clinic::without_book().on_file();
    for line in [
        format!("{GOOD} --book nowhere.lotbook"),
        "scan - --book nowhere.lotbook".into(),
        "protocol list --book nowhere.lotbook".into(),
        "protocol show acne-scars-face --book nowhere.lotbook".into(),
    ] {
        let refused = clinic.run(&line);
        assert_eq!(refused.code, 4, "{refused}");
        assert!(refused.stderr.contains("there is no book at nowhere.lotbook"), "{refused}");
        assert_eq!(refused.stdout, "", "{refused}");
    }
    assert_eq!(clinic.run(GOOD).code, 0, "in its usual place there may be none");
}

#[test]
fn a_batch_may_end_its_lines_with_a_carriage_return_alone() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(clinic.run_with("scan -", "\u{feff}4006381333931\r96385074\r\r\n5\r"), @"
    1: ean GTIN 04006381333931
       warning[unknown-gtin] at 0: no product has the GTIN 04006381333931
    2: ean GTIN 00000096385074
       warning[unknown-gtin] at 0: no product has the GTIN 00000096385074
    3: ean
       error[wrong-length] at 0: '5' has 1 digit, and needs 8, 12, 13 or 14
    ! error: 1 of 3 scans can't be trusted
    exit 1
    ");
}

#[test]
fn a_label_without_a_lot_is_judged_by_its_expiry() {
    let clinic = Clinic::stocked();
    let scans = [
        "(01)09504000059118(17)270331",
        "(01)09504000059118(17)270300",
        "(01)09504000059118(17)261031",
        "(01)09504000059118(17)200101",
        "(01)09504000059118(17)200131(10)T9",
        "(01)09504000059118(17)270300(10)24C0110",
    ];
    insta::assert_snapshot!(clinic.run_with("scan -", scans.join("\n")), @"
    1: gs1 CART-12 expiry 2027-03-31
    2: gs1 CART-12 expiry 2027-03-31
       warning[day-zero] at 22: (17) expiry date 270300 leaves the day open: read as 2027-03-31
    3: gs1 CART-12 expiry 2026-10-31
       warning[expired] at 18: CART-12/23B0412 in stockroom expired on 2026-10-31
    4: gs1 CART-12 expiry 2020-01-01
       warning[other-expiry] at 18: the code says that this CART-12 expires 2020-01-01, and of the lots that are there 23B0412 expires 2026-10-31, 24C0110 expires 2027-03-31
       warning[expired] at 18: the code says that this CART-12 expired on 2020-01-01
    5: gs1 CART-12 lot T9 expiry 2020-01-31
       warning[unknown-lot] at 28: lot T9 of CART-12 was never received
       warning[expired] at 28: the code says that this CART-12 expired on 2020-01-31
    6: gs1 CART-12 lot 24C0110 expiry 2027-03-31
       warning[day-zero] at 22: (17) expiry date 270300 leaves the day open: read as 2027-03-31
    ");
    insta::assert_snapshot!(clinic.run("scan '(01)09504000059118(17)200131(10)T9'"), @"
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      T9
    expiry   2020-01-31

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  200131
    10       lot          T9

    Refused today
    why
    -----------------------------------------------------
    lot T9 of CART-12 was never received
    the code says that this CART-12 expired on 2020-01-31

    a delivery of it would be taken, but it expired on 2020-01-31: it can't be used
    ");
    for scan in scans {
        let alone = clinic.run(&format!("scan '{scan}' --format json")).stdout;
        assert_eq!(alone, clinic.run_with("scan - --format json", scan).stdout);
    }
}

#[test]
fn a_scan_says_what_every_command_refuses() {
    let clinic = Clinic::stocked();
    let scans = [
        "(01)09504000059118(10)NONE",
        "(01)09504000059118(10)24C0110(21)none",
        "(01)09504000059125(10)A",
        "(00)006141411234567890",
        "+A123BJC5D6E71G",
    ];
    let told: String = scans
        .iter()
        .map(|scan| {
            let json = clinic.run(&format!("scan '{scan}' --format json")).stdout;
            let problems = json.split("\"problems\":").nth(1).unwrap_or_default();
            let table = clinic.run(&format!("scan '{scan}'")).stdout;
            let refused = table.split("Refused today\n").nth(1).unwrap_or_default();
            let used = clinic.run(&format!("waste 1 '{scan}' --reason dropped")).stderr;
            format!("{scan}\n{problems}{refused}{}\n", used.lines().next().unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(told, @r#"
    (01)09504000059118(10)NONE
    [{"code":"wrong-lot","severity":"warning","at":18,"message":"`NONE` is not a lot: `none` stands for stock without one"}]}
    why
    --------------------------------------------------------
    `NONE` is not a lot: `none` stands for stock without one
    error: `NONE` is not a lot: `none` stands for stock without one
    (01)09504000059118(10)24C0110(21)none
    [{"code":"wrong-serial","severity":"warning","at":29,"message":"`none` is not a serial number: `none` stands for stock without one"}]}
    why
    ------------------------------------------------------------------
    `none` is not a serial number: `none` stands for stock without one
    error: `none` is not a serial number: `none` stands for stock without one
    (01)09504000059125(10)A
    [{"code":"unknown-lot","severity":"warning","at":18,"message":"lot A of NUMB-4 was never received"}]}
    why
    ----------------------------------
    lot A of NUMB-4 was never received

    a delivery of it would be refused: the expiry of NUMB-4/A is missing
    error: there is no lot A of NUMB-4
    (00)006141411234567890
    [{"code":"no-gtin","severity":"warning","at":0,"message":"the scan names no product: it holds no GTIN"}]}
    why
    -------------------------------------------
    the scan names no product: it holds no GTIN

    scan the code that holds (01), or type what is printed beside the code: the GTIN at --gtin, elsewhere SKU/LOT
    error: the scan names no product: it holds no GTIN
    +A123BJC5D6E71G
    [{"code":"no-gtin","severity":"warning","at":0,"message":"the scan names no product: a HIBC label holds no GTIN"}]}
    why
    -----------------------------------------------------
    the scan names no product: a HIBC label holds no GTIN

    name the product before the scan of a delivery: lotbook receive SKU SCAN
    elsewhere type what the label says: SKU/LOT
    error: the scan names no product: a HIBC label holds no GTIN
    "#);
    let batch = scans.join("\n");
    insta::assert_snapshot!(clinic.run_with("scan -", batch), @"
    1: gs1 CART-12 lot NONE
       warning[wrong-lot] at 18: `NONE` is not a lot: `none` stands for stock without one
    2: gs1 CART-12 lot 24C0110 serial none
       warning[wrong-serial] at 29: `none` is not a serial number: `none` stands for stock without one
    3: gs1 NUMB-4 lot A
       warning[unknown-lot] at 18: lot A of NUMB-4 was never received
    4: gs1
       warning[no-gtin] at 0: the scan names no product: it holds no GTIN
    5: hibc
       warning[no-gtin] at 0: the scan names no product: a HIBC label holds no GTIN
    ");
}

#[test]
fn a_serial_number_that_is_known_says_which_lot_a_label_means() {
    let clinic = Clinic::stocked();
    clinic.ok("receive (01)09504000059118(17)270331(10)N2(21)S1 --from Lind");
    insta::assert_snapshot!(clinic.run("scan (01)09504000059118(21)S1"), @"
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    serial   S1

    Elements
    element  name           value
    -------  -------------  --------------
    01       GTIN           09504000059118
    21       serial number  S1

    Left
    lot  place      quantity  unit  expiry      status
    ---  ---------  --------  ----  ----------  ------
    N2   stockroom         1  each  2027-03-31  usable

    the book knows serial S1 as one of CART-12/N2
    it may be used on 2026-11-22
    a delivery of it would be refused: serial S1 of CART-12 is in the book already
    ");
    let both = clinic.ok("scan (01)09504000059118(10)N2(21)S1");
    assert!(!both.contains("as one of"), "{both}");
}
