//! Protocols are linted, published, listed and shown.

use crate::clinic::Clinic;

/// A protocol short enough to read in a story.
pub(crate) const SHORT: &str = r#"lotbook = 1
id = "face"
version = "1"
title = "Needling of the face"
areas = ["cheeks", "chin"]
sources = ["DEN160029"]

[[step]]
id = "consent"
exactly_once = true

[step.record.signed]
one_of = ["yes", "no"]
expected = ["yes"]
stops = ["needling"]

[[step]]
id = "needling"
per = "area"
required = true
by = { titles = ["nurse"] }
uses.cartridge = { min = "1", per = "session" }

[step.record.depth]
unit = "mm"
min = 0.25
max = 1.5
severity = "block"
why = "DEN160029: 0 to 2.5 mm"

[[step]]
id = "review"
phase = "follow-up"

[[rule]]
id = "seen-again"
after = { step = "needling", needs = "review", min = "21 days", max = "45 days" }
severity = "minor"
"#;

#[test]
fn lint_says_all_problems_of_all_files_and_which_are_clean() {
    let clinic = Clinic::without_book();
    let good = clinic.file("good.toml", SHORT);
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {good}")), @r"
    [home]/good.toml lints clean
    ");
    let bad = clinic.file("bad.toml", SHORT.replace("required = true", "requird = true"));
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {good} {bad} missing.toml")), @r"
    [home]/good.toml lints clean
    ! error[unknown-key]: a [[step]] has no key `requird`
    !   --> [home]/bad.toml:20:1
    !    |
    ! 20 | requird = true
    !    | ^^^^^^^
    !    |
    !    = help: did you mean `required`?
    !
    ! 1 error in [home]/bad.toml
    ! error: there is no file missing.toml
    ! hint: see the protocols that come with the program: lotbook protocol list
    ! error: of 3 files 1 could not be read, and 1 have errors
    exit 2
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {bad}")), @r"
    ! error[unknown-key]: a [[step]] has no key `requird`
    !   --> [home]/bad.toml:20:1
    !    |
    ! 20 | requird = true
    !    | ^^^^^^^
    !    |
    !    = help: did you mean `required`?
    !
    ! 1 error in [home]/bad.toml
    ! error: the file has errors
    exit 1
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {bad} --format csv")), @r"
    file,line,column,level,code,message,remedy
    [home]/bad.toml,20,1,error,unknown-key,a [[step]] has no key `requird`,did you mean `required`?
    ! error: the file has errors
    exit 1
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {good} --format json")), @r#"
    {"schema":"lotbook/lint/1","rows":[]}
    "#);
}

#[test]
fn a_file_that_is_no_text_is_refused_by_its_own_message() {
    let clinic = Clinic::without_book();
    let large = clinic.file("large.toml", vec![b'#'; (1 << 20) + 1]);
    let bytes = clinic.file("bytes.toml", b"lotbook = 1\nid = \"\xff\"\n");
    let folder = format!("'{}'", clinic.home().display());
    let empty = clinic.file("empty.toml", "");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {large}")), @"
    ! error: [home]/large.toml holds more than 1048576 bytes
    !   no protocol is that long, so it was not read
    ! hint: name the protocol's own file; the shipped ones: lotbook protocol list
    exit 2
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {bytes}")), @r"
    ! error: [home]/bytes.toml is not UTF-8 text: byte 18, in line 2, is wrong
    ! hint: save the file as UTF-8
    exit 2
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {folder}")), @r"
    ! error: [home] is a folder, not a protocol file
    ! hint: name the files in it, such as protocols/*.toml
    exit 2
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol lint {empty}")), @r#"
    ! error[missing-key]: the head of the file needs `lotbook`
    !  --> [home]/empty.toml:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: add lotbook = 1 as the first line
    !
    ! error[missing-key]: the head of the file needs `id`
    !  --> [home]/empty.toml:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: add id = "my-protocol"
    !
    ! error[missing-key]: the head of the file needs `version`
    !  --> [home]/empty.toml:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: add version = "2026.1"
    !
    ! error[missing-key]: the head of the file needs `title`
    !  --> [home]/empty.toml:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: add title = "..."
    !
    ! error[missing-key]: the head of the file needs `step`
    !  --> [home]/empty.toml:1:1
    !   |
    ! 1 |
    !   | ^
    !   |
    !   = help: add a [[step]] with its id
    !
    ! 5 errors in [home]/empty.toml
    ! error: the file has errors
    exit 1
    "#);
    insta::assert_snapshot!(clinic.run("protocol lint"), @"
    ! error: the following required arguments were not provided:
    !   <FILE>...
    !   usage: lotbook protocol lint <FILE>...
    ! hint: see how it is written: lotbook protocol lint --help
    exit 2
    ");
}

#[test]
fn an_id_and_version_name_one_text_for_ever() {
    let clinic = Clinic::new();
    let first = clinic.file("face.toml", SHORT);
    insta::assert_snapshot!(clinic.run(&format!("protocol publish {first}")), @r"
    face@1 published, sha256 683d71e260b7  #3 [root]
    ! hint: start a session with it: lotbook session start face --client REF --areas A,B
    ");
    insta::assert_snapshot!(clinic.run(&format!("protocol publish {first}")), @r"
    ! error: face@1 is published already, with this very text
    !   entry #3 published it; there is nothing to do
    ! hint: see it: lotbook protocol show face@1
    exit 3
    ");
    let changed = clinic.file("face.toml", SHORT.replace("max = 1.5", "max = 1.0"));
    insta::assert_snapshot!(clinic.run(&format!("protocol publish {changed}")), @r#"
    ! error: face@1 is published already, with another text
    !   published by entry #3: sha256 683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a
    !   this text:             sha256 2ea4eb827480b6d17bd304dfc62699c993487b13238d5edf1ded34f74f63da9f
    !   sessions are judged for ever by the text that they were started with
    ! hint: give the new text a new version: version = "..." in the file
    ! hint: see what is published: lotbook protocol show face@1
    exit 3
    "#);
    let next = clinic.file("face-2.toml", SHORT.replace("version = \"1\"", "version = \"2\""));
    insta::assert_snapshot!(clinic.run(&format!("protocol publish {next}")), @r"
    face@2 published, sha256 0337ccd6e2ca  #4 [root]
    ! hint: start a session with it: lotbook session start face --client REF --areas A,B
    ");
    insta::assert_snapshot!(clinic.run("protocol list"), @r"
    protocol         version  title                  state    published         by   entry  sha256
    ---------------  -------  ---------------------  -------  ----------------  ---  -----  ------------
    face             1        Needling of the face   earlier  2026-11-22 10:00  ana      3  683d71e260b7
    face             2        Needling of the face   newest   2026-11-22 10:00  ana      4  0337ccd6e2ca
    acne-scars-face  2026.1   Micro-needling of the  shipped                                07ff86a60315
                              face for atrophic
                              acne scars

    sessions can be started once a protocol is published: lotbook protocol publish acne-scars-face
    ");
    insta::assert_snapshot!(clinic.run("protocol show face@1 --format csv"), @r#"
    section,protocol,version,title,label,areas,sources,state,sha256,step,phase,reading,answer,stops,rule,severity,words,why,disputed
    protocol,face,1,Needling of the face,on label,"cheeks, chin",DEN160029,published by entry #3,683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a,,,,,,,,,,
    steps,,,consent,,,,,,consent,,,,,,,,,
    steps,,,needling,,,,,,needling,,,,,,,,,
    steps,,,review,,,,,,review,follow-up,,,,,,,,
    readings,,,,,,,,,consent,,signed,"yes, no",needling,,,,,
    readings,,,,,,,,,needling,,depth,a number in mm,,,,,,
    rules,,,,,,,,,,,,,,consent.exactly_once,major,consent is done exactly once.,,
    rules,,,,,,,,,,,,,,consent.record.signed,major,"consent records signed: yes, no\u{3b} yes is expected\u{3b} any other answer stops needling.",,
    rules,,,,,,,,,,,,,,needling.required,major,"needling is done at least once, in each area.",,
    rules,,,,,,,,,,,,,,needling.by,major,"needling is done by nurse, in each area.",,
    rules,,,,,,,,,,,,,,needling.uses.cartridge,major,"needling uses at least 1 of cartridge, all steps of the session together.",,
    rules,,,,,,,,,,,,,,needling.record.depth,block,"needling records depth in mm: 0.25 to 1.5, in each area.",DEN160029: 0 to 2.5 mm,
    rules,,,,,,,,,,,,,,seen-again,minor,"needling is followed by review, 21 days to 45 days later.",,
    rules,,,,,,,,,,,,,,expired,major,nothing is recorded despite `expired`.,The book refuses it\u{3b} it was recorded because it truly happened,
    rules,,,,,,,,,,,,,,held,major,nothing is recorded despite `held`.,The book refuses it\u{3b} it was recorded because it truly happened,
    rules,,,,,,,,,,,,,,discard-by,major,nothing is recorded despite `discard-by`.,The book refuses it\u{3b} it was recorded because it truly happened,
    rules,,,,,,,,,,,,,,serial,major,nothing is recorded despite `serial`.,The book refuses it\u{3b} it was recorded because it truly happened,
    rules,,,,,,,,,,,,,,stock,major,nothing is recorded despite `stock`.,The book refuses it\u{3b} it was recorded because it truly happened,
    "#);
}

#[test]
fn a_shipped_protocol_is_published_by_its_id() {
    let clinic = Clinic::new();
    insta::assert_snapshot!(clinic.run("protocol list"), @r"
    protocol         version  title                          state    published  by  entry  sha256
    ---------------  -------  -----------------------------  -------  ---------  --  -----  ------------
    acne-scars-face  2026.1   Micro-needling of the face     shipped                        07ff86a60315
                              for atrophic acne scars

    sessions can be started once a protocol is published: lotbook protocol publish acne-scars-face
    ");
    insta::assert_snapshot!(clinic.run("protocol publish acne-scars-face"), @r"
    acne-scars-face@2026.1 published, sha256 07ff86a60315  #3 [root]
    ! hint: start a session with it: lotbook session start acne-scars-face --client REF --areas A,B
    ");
    let list = clinic.json("protocol list");
    assert_eq!(list["rows"].as_array().unwrap().len(), 1);
    assert_eq!(list["rows"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn a_protocol_is_shown_from_the_book_the_program_or_a_file() {
    let clinic = Clinic::new();
    let file = clinic.file("face.toml", SHORT);
    insta::assert_snapshot!(clinic.run(&format!("protocol show {file}")), @r"
    protocol  face
    version   1
    title     Needling of the face
    label     on label
    areas     cheeks, chin
    sources   DEN160029
    state     a file, not published
    sha256    683d71e260b76921a2cbd07cc14149b42a44613f4e36ad83a74e180907689d0a

    Steps
    step      phase      title
    --------  ---------  --------
    consent              consent
    needling             needling
    review    follow-up  review

    Readings
    step      reading  answer          otherwise stops
    --------  -------  --------------  ---------------
    consent   signed   yes, no         needling
    needling  depth    a number in mm

    Rules
    rule                     severity  in words                     why                         disputed
    -----------------------  --------  ---------------------------  --------------------------  --------
    consent.exactly_once     major     consent is done exactly
                                       once.
    consent.record.signed    major     consent records signed:
                                       yes, no; yes is expected;
                                       any other answer stops
                                       needling.
    needling.required        major     needling is done at least
                                       once, in each area.
    needling.by              major     needling is done by nurse,
                                       in each area.
    needling.uses.cartridge  major     needling uses at least 1 of
                                       cartridge, all steps of the
                                       session together.
    needling.record.depth    block     needling records depth in    DEN160029: 0 to 2.5 mm
                                       mm: 0.25 to 1.5, in each
                                       area.
    seen-again               minor     needling is followed by
                                       review, 21 days to 45 days
                                       later.
    expired                  major     nothing is recorded despite  The book refuses it; it
                                       `expired`.                   was recorded because it
                                                                    truly happened
    held                     major     nothing is recorded despite  The book refuses it; it
                                       `held`.                      was recorded because it
                                                                    truly happened
    discard-by               major     nothing is recorded despite  The book refuses it; it
                                       `discard-by`.                was recorded because it
                                                                    truly happened
    serial                   major     nothing is recorded despite  The book refuses it; it
                                       `serial`.                    was recorded because it
                                                                    truly happened
    stock                    major     nothing is recorded despite  The book refuses it; it
                                       `stock`.                     was recorded because it
                                                                    truly happened
    ");
    let shown = clinic.ok("protocol show acne-scars-face");
    assert!(shown.contains("shipped, not published"), "{shown}");
    clinic.ok("protocol publish acne-scars-face");
    let shown = clinic.ok("protocol show acne-scars-face");
    assert!(shown.contains("published by entry #3"), "{shown}");
    insta::assert_snapshot!(clinic.run("protocol show acne"), @r"
    ! error: there is no protocol acne
    !   published are acne-scars-face@2026.1
    !   with the program comes acne-scars-face
    ! hint: see them all: lotbook protocol list
    exit 3
    ");
    insta::assert_snapshot!(clinic.run("protocol show acne-scars-face@0"), @r"
    ! error: there is no protocol acne-scars-face@0
    !   published are acne-scars-face@2026.1
    !   with the program comes acne-scars-face
    ! hint: see them all: lotbook protocol list
    exit 3
    ");
}

#[test]
fn what_can_not_be_published_says_why() {
    let clinic = Clinic::stocked();
    let bad = clinic.file("bad.toml", SHORT.replace("required = true", "requird = true"));
    insta::assert_snapshot!(clinic.run(&format!("protocol publish {bad}")), @r"
    ! error[unknown-key]: a [[step]] has no key `requird`
    !   --> [home]/bad.toml:20:1
    !    |
    ! 20 | requird = true
    !    | ^^^^^^^
    !    |
    !    = help: did you mean `required`?
    !
    ! 1 error in [home]/bad.toml
    ! error: [home]/bad.toml has errors, so it is not published
    ! hint: mend what is shown above, then try again
    exit 2
    ");
    insta::assert_snapshot!(clinic.run("protocol publish acne"), @r"
    ! error: `acne` is neither a file nor a shipped protocol
    !   with the program comes acne-scars-face
    ! hint: see all protocols: lotbook protocol list
    exit 2
    ");
    let clinic = clinic.acting("ben");
    insta::assert_snapshot!(clinic.run("protocol publish acne-scars-face"), @r"
    ! error: ben may not record `protocol.publish`
    !   it needs the role manager; ben is technician
    ! hint: let a manager do it with --as, or let a manager add the role: lotbook staff edit ben --role technician --role manager
    exit 3
    ");
}
