//! Products, places, people and clients.

use crate::clinic::{Clinic, all};

#[test]
fn products_are_added_edited_listed_shown_and_retired() {
    let clinic = Clinic::new();
    insta::assert_snapshot!(all(&clinic, &[
        "product add CART-12 --category cartridge --pack 10 --gtin 09504000059118 \
            --attr needles=12",
        "product add NUMB-4 --category anesthetic --unit g --pack '30 g' --dose '2.5 g' \
            --opened-life 28d",
        "product list",
        "product show cart-12",
        "product edit CART-12 --name 'Cartridge, 12 needles' --gtin 09504000059125=10 \
            --attr needles=",
        "product edit CART-12 --name 'Cartridge, 12 needles'",
        "product show CART-12 --format json",
        "product retire CART-12",
        "product retire CART-12",
        "receive 1 CART-12 --lot A --expiry 2027-01 --from Lind",
    ]), @r#"
    $ product add CART-12 --category cartridge --pack 10 --gtin 09504000059118 --attr needles=12
    product CART-12 added: cartridge, 10 each a pack  #3 [root]
    $ product add NUMB-4 --category anesthetic --unit g --pack '30 g' --dose '2.5 g' --opened-life 28d
    product NUMB-4 added: anesthetic, 30 g a pack  #4 [root]
    $ product list
    product  name  category    use     pack  unit  dose  opened life  GTINs           status
    -------  ----  ----------  ------  ----  ----  ----  -----------  --------------  ------
    CART-12        cartridge   single    10  each                     09504000059118  in use
    NUMB-4         anesthetic  multi     30  g      2.5  28 days                      in use
    $ product show cart-12
    product      CART-12
    name
    category     cartridge
    use          single
    pack         10 each
    dose
    opened life
    status       in use

    GTINs
    GTIN            packs it holds
    --------------  --------------
    09504000059118               1

    Facts from the label
    attribute  value
    ---------  -----
    needles    12
    $ product edit CART-12 --name 'Cartridge, 12 needles' --gtin 09504000059125=10 --attr needles=
    product CART-12: attr.needles 12 -> nothing, gtin.09504000059125 nothing -> 10, name nothing -> Cartridge, 12 needles  #5 [root]
    $ product edit CART-12 --name 'Cartridge, 12 needles'
    product CART-12 is as it was: nothing to change
    $ product show CART-12 --format json
    {"schema":"lotbook/product/1","product":{"product":"CART-12","name":"Cartridge, 12 needles","category":"cartridge","use":"single","pack":"10 each","dose":null,"opened_life":null,"status":"in use"},"gtins":[
    {"gtin":"09504000059118","packs":1},
    {"gtin":"09504000059125","packs":10}
    ],"attributes":[]}
    $ product retire CART-12
    product CART-12 retired  #8 [root]
    ! hint: if that was a slip, take it into use again: lotbook product edit CART-12 --in-use
    $ product retire CART-12
    ! error: CART-12 is retired already
    ! hint: see it: lotbook product show CART-12
    exit 3
    $ receive 1 CART-12 --lot A --expiry 2027-01 --from Lind
    ! error: CART-12 is retired: it is not received any more
    ! hint: see the products in use: lotbook product list
    ! hint: a manager can take it into use again: lotbook product edit CART-12 --in-use
    exit 3
    "#);
}

#[test]
fn a_product_that_contradicts_itself_is_refused() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "product add cart-12 --category cartridge",
        "product add 12345 --category cartridge",
        "product add K-12 --category cartridge",
        "product add A/B --category cartridge",
        "product add 1234567890123456A --category cartridge",
        "product add X --category needles",
        "product add X --category other",
        "product add X --category serum --unit ml --pack '5 ml'",
        "product add X --category serum --unit ml --pack '5 g' --opened-life 28d",
        "product add X --category serum --unit ml --pack 0 --opened-life 28d",
        "product add X --category serum --unit ml --pack '-5 ml' --opened-life 28d",
        "product add X --category cartridge --opened-life 28d",
        "product add X --category serum --unit ml --pack '5 ml' --opened-life '8 h'",
        "product add X --category cartridge --gtin 09504000059118",
        "product add X --category cartridge --gtin 09504000059119",
        "product add X --category cartridge --gtin 09504000059132=0",
        "product add X --category cartridge --attr needles",
        "product add X --category cartridge --attr Needles=1",
        "product add X --category cartridge --pack 99999999999999999999",
        "product edit NOTHING --name x",
        "product show NUMB",
    ]), @"
    $ product add cart-12 --category cartridge
    ! error: there is a product CART-12 already
    !   SKUs are unique, whatever their case
    ! hint: change it: lotbook product edit CART-12
    exit 3
    $ product add 12345 --category cartridge
    ! error: invalid value '12345' for '<SKU>': `12345` is not a new SKU: all digits would be read as an entry or a barcode
    ! hint: write a name that begins with a letter, such as CART-12
    exit 2
    $ product add K-12 --category cartridge
    ! error: invalid value 'K-12' for '<SKU>': `K-12` is not a new SKU: it would be read as a container or a session
    ! hint: write a name that begins with a letter, such as CART-12
    exit 2
    $ product add A/B --category cartridge
    ! error: invalid value 'A/B' for '<SKU>': `A/B` is not a new SKU: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write a name that begins with a letter, such as CART-12
    exit 2
    $ product add 1234567890123456A --category cartridge
    ! error: invalid value '1234567890123456A' for '<SKU>': `1234567890123456A` is not a new SKU: where an item is asked for it would be read as a barcode
    ! hint: write a name that begins with a letter, such as CART-12
    exit 2
    $ product add X --category needles
    ! error: invalid value 'needles' for '--category <CATEGORY>': `needles` is not a category: it is one of cartridge, anesthetic, serum, other
    ! hint: write one of them, such as --category cartridge
    exit 2
    $ product add X --category other
    ! error: how X is used is not known
    !   a product of the category other must say it
    ! hint: write --use single or --use multi
    exit 2
    $ product add X --category serum --unit ml --pack '5 ml'
    ! error: how long X may be used after opening is not known
    !   it is on the pack or in the leaflet; an unknown period is asked, not assumed
    ! hint: write --opened-life 28d, or --opened-life none where the maker sets no limit
    exit 2
    $ product add X --category serum --unit ml --pack '5 g' --opened-life 28d
    ! error: X would be counted in ml, and its pack or dose is said in g
    ! hint: say what it is counted in: --unit g
    exit 2
    $ product add X --category serum --unit ml --pack 0 --opened-life 28d
    ! error: 0 ml is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 2
    $ product add X --category serum --unit ml --pack '-5 ml' --opened-life 28d
    ! error: -5 ml is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 2
    $ product add X --category cartridge --opened-life 28d
    ! error: X is used once, so it has no life after opening
    ! hint: leave --opened-life out, or write --opened-life none
    exit 2
    $ product add X --category serum --unit ml --pack '5 ml' --opened-life '8 h'
    ! error: a life after opening is counted in whole days, not in 8 h
    ! hint: what is thrown away after one session is --use single
    exit 2
    $ product add X --category cartridge --gtin 09504000059118
    ! error: the GTIN 09504000059118 belongs to CART-12 already
    !   one GTIN names one product
    ! hint: see what it is: lotbook product show CART-12
    exit 3
    $ product add X --category cartridge --gtin 09504000059119
    ! error: the check digit of GTIN 09504000059119 is 9, and 8 would fit the other digits
    ! hint: look again at the digits under the bars, or scan the pack: --gtin -
    exit 2
    $ product add X --category cartridge --gtin 09504000059132=0
    ! error: `09504000059132=0`: a GTIN stands for 1 pack or more
    ! hint: write how many packs it holds: --gtin 09504000059132=10
    exit 2
    $ product add X --category cartridge --attr needles
    ! error: `needles` has no value
    ! hint: write needles=VALUE, in quotes where the value holds a blank
    exit 2
    $ product add X --category cartridge --attr Needles=1
    ! error: `Needles` is not a name: it is lowercase letters, digits and `_`, and begins with a letter
    ! hint: write a name such as depth or strength_percent
    exit 2
    $ product add X --category cartridge --pack 99999999999999999999
    ! error: `99999999999999999999` is more than the book can hold
    ! hint: look whether a scan went into it; a quantity is such as 12 or 2.5 g
    exit 2
    $ product edit NOTHING --name x
    ! error: there is no product NOTHING
    ! hint: see them all: lotbook product list
    exit 3
    $ product show NUMB
    ! error: there is no product NUMB
    ! hint: did you mean NUMB-4?
    exit 3
    ");
}

#[test]
fn places_and_people_are_unique_whatever_their_case() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "place list",
        "place add ROOM-1",
        "place add waste",
        "place add 'room 2'",
        "place add attic --kind cellar",
        "staff add Ben --role technician",
        "staff add eve --role nurse",
        "staff add eve --role technician --title 'Head Nurse'",
        "staff add eve --role technician --certificate micro-needling",
        "staff add eve --role technician --certificate micro-needling=2027-02-30",
        "staff add eve --role technician --limit depth",
        "staff edit ana --role technician",
        "staff edit ben --role technician --role inspector --certificate micro-needling=",
        "staff list --format csv",
        "client new C-7F3K9QWX",
        "client new C-7F3K9QWX",
        "client new 'Eva Lind'",
        "client new eva@lind.example",
        "client new Eva",
        "client new",
    ]), @r#"
    $ place list
    place      kind
    ---------  ---------
    fridge     fridge
    room-1     room
    stockroom  stockroom
    $ place add ROOM-1
    ! error: there is a place room-1 already
    !   names are unique, whatever their case
    ! hint: see them all: lotbook place list
    exit 3
    $ place add waste
    ! error: invalid value 'waste' for '<NAME>': `waste` is not a place: the name is reserved for the program's own places
    ! hint: write another name, such as room-1; see the places: lotbook place list
    exit 2
    $ place add 'room 2'
    ! error: invalid value 'room 2' for '<NAME>': `room 2` is not a place: it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit
    ! hint: write another name, such as room-1; see the places: lotbook place list
    exit 2
    $ place add attic --kind cellar
    ! error: invalid value 'cellar' for '--kind <KIND>': `cellar` is not a kind of place: it is one of stockroom, room, fridge, shelf
    ! hint: write one of them, such as --kind stockroom
    exit 2
    $ staff add Ben --role technician
    ! error: the id ben is taken already
    !   ids are unique, whatever their case
    ! hint: change facts about them: lotbook staff edit ben
    exit 3
    $ staff add eve --role nurse
    ! error: invalid value 'nurse' for '--role <ROLE>': `nurse` is not a role: it is one of manager, technician, inspector, prescriber
    ! hint: write one of them, such as --role manager
    exit 2
    $ staff add eve --role technician --title 'Head Nurse'
    ! error: `Head Nurse` is not a title
    !   it is lowercase words joined by `-`
    ! hint: write a word such as --title nurse
    exit 2
    $ staff add eve --role technician --certificate micro-needling
    ! error: the certificate `micro-needling` has no last day
    ! hint: write --certificate micro-needling=2027-06-30
    exit 2
    $ staff add eve --role technician --certificate micro-needling=2027-02-30
    ! error: `2027-02-30` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    $ staff add eve --role technician --limit depth
    ! error: `depth` has no value
    ! hint: write depth=VALUE, in quotes where the value holds a blank
    exit 2
    $ staff edit ana --role technician
    ! error: ana is the only manager
    !   a book without a manager could never get one again
    ! hint: make somebody else a manager first: lotbook staff edit ID --role manager
    exit 3
    $ staff edit ben --role technician --role inspector --certificate micro-needling=
    ben: certificate.micro-needling 2027-06-30 -> nothing, roles technician -> technician+inspector  #16 [root]
    $ staff list --format csv
    staff,name,roles,titles,certificates,limits
    ana,Ana Lind,manager,,,
    ben,Ben Roth,"technician, inspector",nurse,,depth 1.5 mm
    ivo,,inspector,,,
    pia,,prescriber,physician,,
    $ client new C-7F3K9QWX
    C-7F3K9QWX  #18 [root]
    $ client new C-7F3K9QWX
    ! error: the reference C-7F3K9QWX is in use already
    ! hint: start a session with it, or take another
    exit 3
    $ client new 'Eva Lind'
    ! error: invalid value 'Eva Lind' for '[REFERENCE]': `Eva Lind` is not a client reference: it looks like a name or an address; references never identify a person (`lotbook client new` makes one)
    ! hint: make a random one: lotbook client new
    exit 2
    $ client new eva@lind.example
    ! error: invalid value 'eva@lind.example' for '[REFERENCE]': `eva@lind.example` is not a client reference: it looks like a name or an address; references never identify a person (`lotbook client new` makes one)
    ! hint: make a random one: lotbook client new
    exit 2
    $ client new Eva
    ! error: invalid value 'Eva' for '[REFERENCE]': `Eva` is not a client reference: it holds no digit, so it may be a name; `lotbook client new` makes a random one
    ! hint: make a random one: lotbook client new
    exit 2
    $ client new
    C-9S5A8JCE  #19 [root]
    "#);
}

#[test]
fn a_limit_is_one_that_protocols_can_read() {
    let clinic = Clinic::stocked();
    let told: String = ["abc", "-1mm", "1,5mm", "1.5cm", "1.5", "1.5mm", ""]
        .iter()
        .map(|limit| {
            format!("{limit}: {}", clinic.run(&format!("staff edit ben --limit depth={limit}")))
        })
        .collect();
    insta::assert_snapshot!(told, @"
    abc: ! error: `abc` can't be the limit of depth: it is not a number with a decimal point
    ! hint: write a number and its unit, such as --limit depth=1.5mm
    exit 3
    -1mm: ! error: `-1 mm` can't be the limit of depth: it must be more than zero
    ! hint: write a number and its unit, such as --limit depth=1.5mm
    exit 3
    1,5mm: ! error: `1,5mm` can't be the limit of depth: it is not a number with a decimal point
    ! hint: write a number and its unit, such as --limit depth=1.5mm
    exit 3
    1.5cm: ! error: `1.5 cm` can't be the limit of depth: protocols read depth in mm
    ! hint: write a number and its unit, such as --limit depth=1.5mm
    exit 3
    1.5: ! error: `1.5` can't be the limit of depth: protocols read depth in mm
    ! hint: write a number and its unit, such as --limit depth=1.5mm
    exit 3
    1.5mm: ben is as it was: nothing to change
    : ben: limit.depth 1.5 mm -> nothing  #16 [root]
    ");
    insta::assert_snapshot!(all(&clinic, &[
        "staff edit ben --limit dept=1.5mm",
        "staff edit ben --certificate laser=2026-01-31",
    ]), @"
    $ staff edit ben --limit dept=1.5mm
    ben: limit.dept nothing -> 1.5 mm  #17 [root]
    ! note: no protocol reads dept, so its limit has no effect so far
    $ staff edit ben --certificate laser=2026-01-31
    ben: certificate.laser nothing -> 2026-01-31  #18 [root]
    ! warning: the certificate laser of ben was over on 2026-01-31
    ");
}

#[test]
fn a_product_stays_what_entries_say_it_is() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "product edit CART-12 --category serum",
        "product add SLIP --category cartridge",
        "product edit SLIP --category other",
        "product edit NUMB-4 --dose '31 g'",
        "product add CART-ML --category cartridge --unit ml",
        "product edit CART-12 --gtin 09504000059118=",
        "product edit CART-12 --gtin 09504000059118=",
    ]), @"
    $ product edit CART-12 --category serum
    ! error: CART-12 was received as cartridge, and can't become serum any more
    !   entries and sessions already speak of it by its category
    ! hint: add another product, and then: lotbook product retire CART-12
    exit 3
    $ product add SLIP --category cartridge
    product SLIP added: cartridge, 1 each a pack  #16 [root]
    $ product edit SLIP --category other
    product SLIP: category cartridge -> other  #17 [root]
    $ product edit NUMB-4 --dose '31 g'
    ! error: one use of NUMB-4 would take 31 g, and a pack holds 30 g
    !   the dose is what one use takes when no quantity is given
    ! hint: look at both again: --dose QTY, --pack QTY
    exit 3
    $ product add CART-ML --category cartridge --unit ml
    ! error: CART-ML is a cartridge, which is not counted in ml
    !   a cartridge is a piece
    ! hint: write --unit each, or another --category
    exit 3
    $ product edit CART-12 --gtin 09504000059118=
    product CART-12: gtin.09504000059118 1 -> nothing  #18 [root]
    $ product edit CART-12 --gtin 09504000059118=
    ! error: CART-12 has no GTIN 09504000059118
    ! hint: see those that it has: lotbook product show CART-12
    exit 3
    ");
}

#[test]
fn a_product_learns_its_gtins_by_scan_and_no_scan_blanks_what_is_known() {
    let clinic = Clinic::new();
    let scans = "]d2010950400005911817270331103X\r\n19504000059115\r\n";
    let add = "product add CART-12 --category cartridge --gtin - --gtin -=10";
    insta::assert_snapshot!(clinic.run_with(add, scans), @"
    product CART-12 added: cartridge, 1 each a pack  #3 [root]
    ");
    insta::assert_snapshot!(all(&clinic, &[
        "product show CART-12 --format csv",
        "product edit CART-12 --gtin '(01)19504000059115(17)270331'",
        "product edit CART-12 --gtin '(01)19504000059115(17)270331=12'",
        "product edit CART-12 --gtin 29504000059112",
        "product edit CART-12 --gtin '(01)09504000059118='",
        "product edit CART-12 --gtin 09504000059118=2 --gtin '(01)09504000059118=3'",
        "product edit CART-12 --gtin '(01)09504000059118(10)AB=10'",
        "product edit CART-12 --gtin '(01)09504000059119'",
        "product edit CART-12 --gtin +A123BJC5D6E71G",
        "product add OTHER --category cartridge --gtin '(01)19504000059115(10)A'",
        "product show CART-12 --format json",
    ]), @r#"
    $ product show CART-12 --format csv
    section,product,name,category,use,pack,dose,opened_life,status,gtin,packs,attribute,value
    product,CART-12,,cartridge,single,1 each,,,in use,,,,
    gtins,,,,,,,,,09504000059118,1,,
    gtins,,,,,,,,,19504000059115,10,,
    $ product edit CART-12 --gtin '(01)19504000059115(17)270331'
    product CART-12 is as it was: nothing to change
    $ product edit CART-12 --gtin '(01)19504000059115(17)270331=12'
    product CART-12: gtin.19504000059115 10 -> 12  #4 [root]
    $ product edit CART-12 --gtin 29504000059112
    product CART-12: gtin.29504000059112 nothing -> 1  #5 [root]
    ! warning: GTIN 29504000059112 begins as that of a case of several packs does, and counts as 1 pack: if it holds more, lotbook product edit CART-12 --gtin 29504000059112=PACKS
    $ product edit CART-12 --gtin '(01)09504000059118='
    product CART-12: gtin.09504000059118 1 -> nothing  #6 [root]
    $ product edit CART-12 --gtin 09504000059118=2 --gtin '(01)09504000059118=3'
    ! error: --gtin says twice what 09504000059118 is: 2 packs, and 3 packs
    ! hint: say it once
    exit 2
    $ product edit CART-12 --gtin '(01)09504000059118(10)AB=10'
    ! error: `=10` may belong to the label, or say how many packs the GTIN holds
    ! hint: write the GTIN alone, such as --gtin 09504000059118=10, or scan it at --gtin -=10
    exit 2
    $ product edit CART-12 --gtin '(01)09504000059119'
    ! error: the scan can't be trusted: (01) GTIN 09504000059119 ends in check digit 9, and 8 would fit
    ! hint: scan it again; if it reads the same, the label is wrong: type in what is printed beside the code and tell the supplier
    exit 3
    $ product edit CART-12 --gtin +A123BJC5D6E71G
    ! error: what was scanned is no barcode with a GTIN
    ! hint: scan the pack's GS1, EAN or UPC code, or type its GTIN
    exit 2
    $ product add OTHER --category cartridge --gtin '(01)19504000059115(10)A'
    ! error: the GTIN 19504000059115 belongs to CART-12 already
    !   one GTIN names one product
    ! hint: see what it is: lotbook product show CART-12
    exit 3
    $ product show CART-12 --format json
    {"schema":"lotbook/product/1","product":{"product":"CART-12","name":null,"category":"cartridge","use":"single","pack":"1 each","dose":null,"opened_life":null,"status":"in use"},"gtins":[
    {"gtin":"19504000059115","packs":12},
    {"gtin":"29504000059112","packs":1}
    ],"attributes":[]}
    "#);
}

#[test]
fn a_typed_gtin_is_read_as_a_scan_of_it_is() {
    let clinic = Clinic::new();
    clinic.ok("product add CART-12 --category cartridge");
    insta::assert_snapshot!(all(&clinic, &[
        "product edit CART-12 --gtin 04252614",
        "product edit CART-12 --gtin 04000006=10",
        "product edit CART-12 --gtin 04252615",
        "product edit CART-12 --gtin 09504000059118=99999999999",
        "product edit CART-12 --gtin 09504000059118=0",
    ]), @"
    $ product edit CART-12 --gtin 04252614
    product CART-12: gtin.00042100005264 nothing -> 1  #4 [root]
    $ product edit CART-12 --gtin 04000006=10
    product CART-12: gtin.00040000000006 nothing -> 10  #5 [root]
    ! warning: 04000006 is a valid UPC-E and a valid EAN-8: read as UPC-E
    $ product edit CART-12 --gtin 04252615
    ! error: the check digit of GTIN 04252615 is 5, and 0 would fit the other digits
    ! hint: look again at the digits under the bars, or scan the pack: --gtin -
    exit 2
    $ product edit CART-12 --gtin 09504000059118=99999999999
    ! error: `09504000059118=99999999999`: a GTIN stands for at most 4294967295 packs
    ! hint: write how many packs it holds: --gtin 09504000059118=10
    exit 2
    $ product edit CART-12 --gtin 09504000059118=0
    ! error: `09504000059118=0`: a GTIN stands for 1 pack or more
    ! hint: write how many packs it holds: --gtin 09504000059118=10
    exit 2
    ");
    assert_eq!(clinic.run_with("scan -", "04000006\n").stdout.matches("CART-12").count(), 1);
}

#[test]
fn a_named_fact_is_said_once_and_taken_away_only_where_it_is() {
    let clinic = Clinic::new();
    clinic.ok("product add CART-12 --category cartridge --attr a=1 --attr a=1");
    insta::assert_snapshot!(all(&clinic, &[
        "product edit CART-12 --attr a=1 --attr a=2",
        "product edit CART-12 --attr typo=",
        "product add X --category cartridge --attr a=",
        "product edit CART-12 --attr a=",
        "staff edit ana --certificate c=2027-01-01 --certificate c=2028-01-01",
        "staff edit ana --limit depth=1mm --limit depth=2mm",
        "staff edit ana --limit depth=",
        "staff edit ana --certificate c=",
    ]), @"
    $ product edit CART-12 --attr a=1 --attr a=2
    ! error: --attr says twice what a is: 1, and 2
    ! hint: say it once
    exit 2
    $ product edit CART-12 --attr typo=
    ! error: CART-12 has no attribute typo to take away
    ! hint: see those that it has: lotbook product show CART-12
    exit 3
    $ product add X --category cartridge --attr a=
    ! error: X has no attribute a to take away
    ! hint: see those that it has: lotbook product show X
    exit 2
    $ product edit CART-12 --attr a=
    product CART-12: attr.a 1 -> nothing  #4 [root]
    $ staff edit ana --certificate c=2027-01-01 --certificate c=2028-01-01
    ! error: --certificate says twice what c is: 2027-01-01, and 2028-01-01
    ! hint: say it once
    exit 2
    $ staff edit ana --limit depth=1mm --limit depth=2mm
    ! error: --limit says twice what depth is: 1 mm, and 2 mm
    ! hint: say it once
    exit 2
    $ staff edit ana --limit depth=
    ! error: ana has no limit depth to take away
    ! hint: see what they have: lotbook staff list
    exit 3
    $ staff edit ana --certificate c=
    ! error: ana has no certificate c to take away
    ! hint: see what they have: lotbook staff list
    exit 3
    ");
}

#[test]
fn the_last_title_of_somebody_is_taken_away() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "staff edit ben --title nurse --title ''",
        "staff edit ben --title ''",
        "staff edit ben --title ''",
        "staff add eva --role technician --title ''",
    ]), @r#"
    $ staff edit ben --title nurse --title ''
    ! error: --title says both nurse and that there is none
    ! hint: write every title that they have, or --title "" alone
    exit 2
    $ staff edit ben --title ''
    ben: titles nurse -> nothing  #16 [root]
    $ staff edit ben --title ''
    ! error: ben has no title to take away
    ! hint: see what they have: lotbook staff list
    exit 3
    $ staff add eva --role technician --title ''
    ! error: eva has no title to take away
    ! hint: see what they have: lotbook staff list
    exit 2
    "#);
    clinic.ok("audit verify");
    let staff = clinic.json("staff list");
    assert!(!staff.to_string().contains("nurse"), "{staff}");
}
