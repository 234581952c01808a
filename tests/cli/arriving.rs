//! What a label and a delivery may say: lots, scans, quantities, days and packs.

use crate::clinic::{Clinic, all};

#[test]
fn a_lot_is_the_text_on_its_label_and_never_a_number() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "stock HA-01 --lots",
        "receive '1 pack' HA-01 --lot '=cmd()' --expiry 2027-01-31 --from X --to fridge",
        "receive '1 pack' HA-01 --lot 1E5 --expiry 2027-01-31 --from X --to fridge",
        "receive '1 pack' HA-01 --lot 'a b' --expiry 2027-01-31 --from X --to fridge",
        "receive '1 pack' HA-01 --lot ' 7' --expiry 2027-01-31 --from X --to fridge",
        "receive '1 pack' HA-01 --lot none --expiry none --from X --to fridge",
        "receive '1 pack' HA-01 --lot 'A B' --expiry 2027-01-31 --from X --to fridge",
        "receive '1 pack' HA-01 --lot 'A B' --expiry 2027-01-31 --from X --to fridge --yes",
        "receive '1 pack' HA-01 --lot 007 --expiry 2027-02-28 --from X --to fridge",
        "receive '1 pack' HA-01 --lot 007 --expiry 2027-01 --from X --to fridge",
        "stock HA-01 --lots --format csv",
        "open HA-01/'=cmd()'",
    ]), @r"
    $ stock HA-01 --lots
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    HA-01    007  fridge        10  ml    2027-01-31                     70  usable
    HA-01    7    fridge         5  ml    2027-01-31                     70  usable

    usable on 2026-11-22
    $ receive '1 pack' HA-01 --lot '=cmd()' --expiry 2027-01-31 --from X --to fridge
    5 ml in 1 pack of HA-01/=cmd() into fridge, expiry 2027-01-31  #16 [root]
    $ receive '1 pack' HA-01 --lot 1E5 --expiry 2027-01-31 --from X --to fridge
    5 ml in 1 pack of HA-01/1E5 into fridge, expiry 2027-01-31  #17 [root]
    $ receive '1 pack' HA-01 --lot 'a b' --expiry 2027-01-31 --from X --to fridge
    5 ml in 1 pack of HA-01/a b into fridge, expiry 2027-01-31  #18 [root]
    $ receive '1 pack' HA-01 --lot ' 7' --expiry 2027-01-31 --from X --to fridge
    ! error: ` 7` is not a lot: it begins or ends with a blank
    ! hint: write it as it is printed; SKU/none is the stock without a lot
    exit 3
    $ receive '1 pack' HA-01 --lot none --expiry none --from X --to fridge
    5 ml in 1 pack of HA-01/none into fridge, expiry none  #19 [root]
    $ receive '1 pack' HA-01 --lot 'A B' --expiry 2027-01-31 --from X --to fridge
    ! error: HA-01/A B is new, but HA-01/a b is known: the two differ only in upper and lower case
    ! hint: if it is the same lot, write it as it is known; if it is another: --yes
    exit 3
    $ receive '1 pack' HA-01 --lot 'A B' --expiry 2027-01-31 --from X --to fridge --yes
    5 ml in 1 pack of HA-01/A B into fridge, expiry 2027-01-31  #20 [root]
    $ receive '1 pack' HA-01 --lot 007 --expiry 2027-02-28 --from X --to fridge
    ! error: HA-01/007 is known with expiry 2027-01-31, and this delivery says 2027-02-28
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #14
    ! hint: look at the label again; if the first was wrong: lotbook undo 14 --reason wrong-item
    exit 3
    $ receive '1 pack' HA-01 --lot 007 --expiry 2027-01 --from X --to fridge
    5 ml in 1 pack of HA-01/007 into fridge, expiry 2027-01-31  #21 [root]
    $ stock HA-01 --lots --format csv
    product,lot,place,quantity,unit,expiry,discard_by,days_left,status
    HA-01,007,fridge,15,ml,2027-01-31,,70,usable
    HA-01,7,fridge,5,ml,2027-01-31,,70,usable
    HA-01,\=cmd(),fridge,5,ml,2027-01-31,,70,usable
    HA-01,1E5,fridge,5,ml,2027-01-31,,70,usable
    HA-01,a b,fridge,5,ml,2027-01-31,,70,usable
    HA-01,A B,fridge,5,ml,2027-01-31,,70,usable
    HA-01,none,fridge,5,ml,none,,,usable
    ! note: usable on 2026-11-22
    $ open HA-01/'=cmd()'
    K-0001 opened: 5 ml of HA-01/=cmd(), discard by 2026-12-20  #22 [root]
    ");
}

#[test]
fn a_delivery_is_scanned_and_a_scan_can_teach_a_product_its_gtin() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive 2 '(01)09504000059118(17)270331(10)24C0110' --from Lind --to room-1",
        "receive '(01)09504000059118(17)270228(10)24C0110' --from Lind",
        "receive '(01)09504000059118(10)24C0110' --from Lind",
        "receive '(01)09504000059118(17)270331' --from Lind",
        "receive '(01)09504000059118(17)270331(10)X' --lot Y --from Lind",
        "receive '(01)09504000059119(17)270331(10)X' --from Lind",
        "receive HA-01 '(01)09504000059132(17)270331(10)N1' --from S --to fridge --as ben",
        "receive HA-01 '(01)09504000059132(17)270331(10)N1' --from S --to fridge",
        "receive '(01)09504000059132(17)270331(10)N1' --from S --to fridge",
        "receive CART-12 '(01)09504000059132(17)270331(10)N1' --from S --to fridge",
        "product show HA-01 --format json",
    ]), @r#"
    $ receive 2 '(01)09504000059118(17)270331(10)24C0110' --from Lind --to room-1
    2 each in 2 packs of CART-12/24C0110 into room-1, expiry 2027-03-31  #16 [root]
    $ receive '(01)09504000059118(17)270228(10)24C0110' --from Lind
    ! error: CART-12/24C0110 is known with expiry 2027-03-31, and this delivery says 2027-02-28
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #11
    ! hint: look at the label again; if the first was wrong: lotbook undo 11 --reason wrong-item
    exit 3
    $ receive '(01)09504000059118(10)24C0110' --from Lind
    1 each in 1 pack of CART-12/24C0110 into stockroom, expiry 2027-03-31  #17 [root]
    $ receive '(01)09504000059118(17)270331' --from Lind
    ! error: the lot of CART-12 is missing
    !   without it a recall could not find what it went to
    ! hint: scan the label, write --lot exactly as printed, or --lot none
    exit 3
    $ receive '(01)09504000059118(17)270331(10)X' --lot Y --from Lind
    ! error: the lot that was typed is not the one of the item
    !   typed Y, the item says X
    ! hint: look at the label again, and leave out what the item says already
    exit 3
    $ receive '(01)09504000059119(17)270331(10)X' --from Lind
    ! error: the scan can't be trusted: (01) GTIN 09504000059119 ends in check digit 9, and 8 would fit
    ! hint: scan it again; if it reads the same, the label is wrong: type in what is printed beside the code and tell the supplier
    exit 3
    $ receive HA-01 '(01)09504000059132(17)270331(10)N1' --from S --to fridge --as ben
    ! error: no product has the GTIN 09504000059132
    !   only a manager teaches a product a new GTIN
    ! hint: ask for: lotbook product edit HA-01 --gtin 09504000059132
    exit 3
    $ receive HA-01 '(01)09504000059132(17)270331(10)N1' --from S --to fridge
    5 ml in 1 pack of HA-01/N1 into fridge, expiry 2027-03-31  #18 [root]
    ! note: HA-01 now has the GTIN 09504000059132, one pack
    $ receive '(01)09504000059132(17)270331(10)N1' --from S --to fridge
    5 ml in 1 pack of HA-01/N1 into fridge, expiry 2027-03-31  #20 [root]
    $ receive CART-12 '(01)09504000059132(17)270331(10)N1' --from S --to fridge
    ! error: the scan is of HA-01, not of CART-12
    !   the GTIN 09504000059132 belongs to HA-01
    ! hint: take the other product, or leave the SKU out and let the scan say it
    exit 3
    $ product show HA-01 --format json
    {"schema":"lotbook/product/1","product":{"product":"HA-01","name":null,"category":"serum","use":"multi","pack":"5 ml","dose":"1 ml","opened_life":"28 days","status":"in use"},"gtins":[
    {"gtin":"09504000059132","packs":1}
    ],"attributes":[]}
    "#);
    let scan = "]d201095040000591181727033110N2\u{1d}21S1\r\n";
    insta::assert_snapshot!(clinic.run_with("receive 1 - --from Lind", scan), @"
    1 each in 1 pack of CART-12/N2 into stockroom, expiry 2027-03-31  #21 [root]
    ");
    insta::assert_snapshot!(clinic.run_with("receive 1 - --from Lind", scan), @"
    ! error: serial S1 of CART-12 is in the book already
    !   a serial number names one pack, which arrives once
    ! hint: see its history: lotbook audit log --product CART-12 --serial S1
    exit 3
    ");
    insta::assert_snapshot!(clinic.run_with("receive 1 - --from Lind", ""), @"
    ! error: `-` reads one scan, but the input has ended
    ! hint: write what the label says in its place: SKU/LOT
    exit 2
    ");
}

#[test]
fn a_quantity_is_in_whole_smallest_parts_above_nothing() {
    let clinic = Clinic::stocked();
    let receive = "CART-12 --lot 24C0110 --expiry 2027-03 --from Lind";
    let told: String = [
        "0",
        "-1",
        "-0",
        "1.5",
        "1e3",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999999",
        "'1 g'",
        "'2 boxes'",
        "''",
        "٣",
        "1,5",
        "0x10",
        "1,000",
        "'2.5 packs'",
        "2 packs",
        "'-5 each'",
        "'-3 packs'",
        "'9999999999999 packs'",
    ]
    .iter()
    .map(|quantity| format!("{quantity}: {}", clinic.run(&format!("receive {quantity} {receive}"))))
    .collect();
    insta::assert_snapshot!(told, @r#"
    0: ! error: 0 each is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 3
    -1: ! error: -1 each is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 3
    -0: ! error: 0 each is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 3
    1.5: ! error: `1.5` is not a whole number of pieces
    ! hint: write whole pieces, such as 2
    exit 3
    1e3: ! error: `1e3` is not a quantity
    !   `e3` is not a unit: units are each, g, ml and packs
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    9223372036854775807: ! error: `9223372036854775807` is more than the book can hold
    ! hint: look whether a scan went into it; a quantity is such as 12 or 2.5 g
    exit 3
    9223372036854775808: ! error: `9223372036854775808` is more than the book can hold
    ! hint: look whether a scan went into it; a quantity is such as 12 or 2.5 g
    exit 3
    99999999999999999999999999999: ! error: the scan names no product: it holds no GTIN
    ! hint: scan the code that holds (01), or type what is printed beside the code: the GTIN at --gtin, elsewhere SKU/LOT
    exit 3
    '1 g': ! error: this product is counted in each, not in g
    ! hint: write how many pieces
    exit 3
    '2 boxes': ! error: `2 boxes` is not a quantity
    !   `boxes` is not a unit: units are each, g, ml and packs
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    '': ! error: nothing was scanned
    !   an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    ! hint: see what there is: lotbook stock --lots
    exit 2
    ٣: ! error: `٣` is not a quantity
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    1,5: ! error: `1,5` has a comma, and the book writes a decimal point
    ! hint: write the point: "1.5"
    exit 2
    0x10: ! error: `0x10` is not a quantity
    !   `x10` is not a unit: units are each, g, ml and packs
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    1,000: ! error: `1,000` is not a quantity
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    '2.5 packs': ! error: `2.5 packs` is not a quantity
    !   `2.5 packs` is not a whole number of packs
    ! hint: write a number such as 12, "2.5 g" or "2 packs", then the item
    exit 2
    2 packs: ! error: `2 packs` stands there as two words
    ! hint: write the quantity as one word: "2 packs"
    exit 2
    '-5 each': ! error: `-5` is a negative number, which has no place here
    ! hint: write a number above 0, and leave the sign out
    exit 2
    '-3 packs': ! error: `-3` is a negative number, which has no place here
    ! hint: write a number above 0, and leave the sign out
    exit 2
    '9999999999999 packs': ! error: `9999999999999` is more than the book can hold
    ! hint: look whether a scan went into it; a quantity is such as 12 or 2.5 g
    exit 3
    "#);
    insta::assert_snapshot!(all(&clinic, &[
        "receive '0.0001 g' NUMB-4 --lot L77 --expiry 2027-06-30 --from Lind",
        "receive 9000000000000 CART-12 --lot BIG --expiry 2027-03 --from Lind",
        "waste 21 CART-12/24C0110 --reason dropped",
        "waste -1 CART-12/24C0110 --reason dropped",
        "waste 0 CART-12/24C0110 --reason dropped",
    ]), @"
    $ receive '0.0001 g' NUMB-4 --lot L77 --expiry 2027-06-30 --from Lind
    ! error: `0.0001` is finer than the book counts: the smallest part of a g is 0.001 g
    ! hint: write at most three decimal places
    exit 3
    $ receive 9000000000000 CART-12 --lot BIG --expiry 2027-03 --from Lind
    ! error: `9000000000000` is more than the book can hold
    ! hint: look whether a scan went into it; a quantity is such as 12 or 2.5 g
    exit 3
    $ waste 21 CART-12/24C0110 --reason dropped
    ! error: 21 each of CART-12/24C0110 can't be thrown away: stockroom holds 20 each
    ! hint: see what there is: lotbook stock --lots CART-12
    exit 3
    $ waste -1 CART-12/24C0110 --reason dropped
    ! error: -1 each is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 3
    $ waste 0 CART-12/24C0110 --reason dropped
    ! error: 0 each is no quantity: it must be more than zero
    ! hint: write how much it is, above 0; which way it goes, the command says
    exit 3
    ");
}

#[test]
fn days_and_times_are_of_the_calendar_and_never_in_the_future() {
    let clinic = Clinic::stocked();
    let told: String = ["2027-02-30", "2027-13", "2027", "31.03.2027", "", "none", "0000-01-01"]
        .iter()
        .map(|day| {
            let line = format!("receive 1 CART-12 --lot D --expiry '{day}' --from Lind");
            format!("{day}: {}", clinic.run(&line))
        })
        .collect();
    insta::assert_snapshot!(told, @"
    2027-02-30: ! error: invalid value '2027-02-30' for '--expiry <EXPIRY>': `2027-02-30` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    2027-13: ! error: invalid value '2027-13' for '--expiry <EXPIRY>': `2027-13` is not an expiry
    ! hint: write 2027-03 (its last day counts), 2027-03-31 or none
    exit 2
    2027: ! error: invalid value '2027' for '--expiry <EXPIRY>': `2027` is not an expiry
    ! hint: write 2027-03 (its last day counts), 2027-03-31 or none
    exit 2
    31.03.2027: ! error: invalid value '31.03.2027' for '--expiry <EXPIRY>': `31.03.2027` is not an expiry
    ! hint: write 2027-03 (its last day counts), 2027-03-31 or none
    exit 2
    : ! error: invalid value '' for '--expiry <EXPIRY>': `` is not an expiry
    ! hint: write 2027-03 (its last day counts), 2027-03-31 or none
    exit 2
    none: 1 each of CART-12/D into stockroom, expiry none  #16 [root]
    0000-01-01: ! error: invalid value '0000-01-01' for '--expiry <EXPIRY>': `0000-01-01` is outside the years 2000 to 9999 that a book can hold
    ! hint: look at the year, and write it with four digits
    exit 2
    ");
    let told: String = [
        "23:59",
        "2026-11-23 10:00",
        "2027-01-01T00:00:00Z",
        "25:00",
        "yesterday",
        "tomorrow 10:00",
        "2026-03-29 02:30",
        "2026-10-25 02:30",
        "before 11",
        "before x",
        "before 9999",
        "",
        "2026-11-22 10:00:05",
        "1969-12-31 10:00",
        "99999-01-01 10:00",
    ]
    .iter()
    .map(|at| format!("{at}: {}", clinic.run(&format!("open NUMB-4 --at '{at}'"))))
    .collect();
    insta::assert_snapshot!(told, @r#"
    23:59: ! error: 2026-11-22 23:59 lies in the future
    !   it is 2026-11-22 10:00 now; only what has happened can be recorded
    ! hint: write when it happened, such as --at "yesterday 16:00", or leave --at out
    exit 3
    2026-11-23 10:00: ! error: 2026-11-23 10:00 lies in the future
    !   it is 2026-11-22 10:00 now; only what has happened can be recorded
    ! hint: write when it happened, such as --at "yesterday 16:00", or leave --at out
    exit 3
    2027-01-01T00:00:00Z: ! error: 2027-01-01 01:00 lies in the future
    !   it is 2026-11-22 10:00 now; only what has happened can be recorded
    ! hint: write when it happened, such as --at "yesterday 16:00", or leave --at out
    exit 3
    25:00: ! error: `25:00` is not a time
    ! hint: write 10:40, "yesterday 16:00", "2026-11-22 10:40", "before 812" (an entry) or 2026-11-22T10:40:00+01:00
    exit 2
    yesterday: ! error: `yesterday` is not a time
    ! hint: write 10:40, "yesterday 16:00", "2026-11-22 10:40", "before 812" (an entry) or 2026-11-22T10:40:00+01:00
    exit 2
    tomorrow 10:00: ! error: `tomorrow` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    2026-03-29 02:30: ! error: 2026-03-29 02:30 does not exist in Europe/Berlin
    ! hint: write 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00
    exit 2
    2026-10-25 02:30: ! error: 2026-10-25 02:30 occurs twice in Europe/Berlin
    ! hint: write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00
    exit 2
    before 11: ! error: not enough NUMB-4: 30 g wanted, 0 g usable
    !   at 2026-11-22 10:00:09 only 0 g was there to take
    !   90 g of NUMB-4/L77 came to room-1 at 2026-11-22 10:00:16
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    before x: ! error: `before x` does not name an entry
    ! hint: write --at "before 812", with a number of lotbook audit log
    exit 2
    before 9999: ! error: there is no entry #9999
    ! hint: see the newest entries: lotbook audit log
    exit 3
    : ! error: `` is not a time
    ! hint: write 10:40, "yesterday 16:00", "2026-11-22 10:40", "before 812" (an entry) or 2026-11-22T10:40:00+01:00
    exit 2
    2026-11-22 10:00:05: ! error: not enough NUMB-4: 30 g wanted, 0 g usable
    !   at 2026-11-22 10:00:05 only 0 g was there to take
    !   90 g of NUMB-4/L77 came to room-1 at 2026-11-22 10:00:16
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    1969-12-31 10:00: ! error: `1969-12-31` is outside the years 2000 to 9999 that a book can hold
    ! hint: look at the year, and write it with four digits
    exit 2
    99999-01-01 10:00: ! error: `99999-01-01` is not a day of the calendar
    ! hint: write YYYY-MM-DD, such as 2026-11-22
    exit 2
    "#);
}

#[test]
fn a_tube_arrives_in_whole_packs_and_a_label_may_count_them() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive 3 NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind",
        "receive '29 g' NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind",
        "receive 60 NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind",
        "receive '(01)09504000059118(17)270331(30)12(10)N1' --from Lind",
        "receive 12 '(01)09504000059118(17)270331(30)12(10)N1' --from Lind",
        "receive 10 '(01)09504000059118(17)270331(30)12(10)N1' --from Lind",
    ]), @r#"
    $ receive 3 NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind
    ! error: 3 g is not whole packs of 30 g
    !   NUMB-4 is opened a whole pack at a time
    ! hint: did you mean "3 packs"?
    exit 3
    $ receive '29 g' NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind
    ! error: 29 g is not whole packs of 30 g
    !   NUMB-4 is opened a whole pack at a time
    ! hint: did you mean "1 pack"?
    exit 3
    $ receive 60 NUMB-4 --lot L78 --expiry 2027-06-30 --from Lind
    60 g of NUMB-4/L78 into stockroom, expiry 2027-06-30  #16 [root]
    $ receive '(01)09504000059118(17)270331(30)12(10)N1' --from Lind
    12 each in 12 packs of CART-12/N1 into stockroom, expiry 2027-03-31  #17 [root]
    $ receive 12 '(01)09504000059118(17)270331(30)12(10)N1' --from Lind
    12 each in 12 packs of CART-12/N1 into stockroom, expiry 2027-03-31  #18 [root]
    $ receive 10 '(01)09504000059118(17)270331(30)12(10)N1' --from Lind
    ! error: 10 each of CART-12 was typed, and the label counts 12 each
    !   the label holds its own count, element (30)
    ! hint: count again, and leave the quantity out where the label is right
    exit 3
    "#);
}

#[test]
fn a_scan_blanks_no_known_fact_and_contradicts_none() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive '(01)09504000059118(10)24C0110' --from Lind",
        "receive '(01)09504000059118(11)240101(10)24C0110(21)A1' --from Lind",
        "receive '(01)09504000059118(17)270228(10)24C0110' --from Lind",
        "receive '(01)09504000059118(17)270331(10)24C0110' --expiry 2027-02 --from Lind",
        "receive '(01)09504000059118(17)270331(10)24C0110' --serial B --lot 24C0110 --from Lind",
        "receive '(01)09504000059118(10)24C0110(21)A1' --serial B --from Lind",
        "receive NUMB-4 '(01)09504000059118(17)270630(10)L77' --from Lind",
        "receive NUMB-4/L77 '(01)09504000059132(17)270630(10)L78' --from Lind",
        "receive NUMB-4 '(01)19504000059122(10)L77' --from Lind",
        "open '(01)19504000059122(17)270531(10)L77'",
        "stock --lots --format csv",
        "product show NUMB-4 --format csv",
    ]), @"
    $ receive '(01)09504000059118(10)24C0110' --from Lind
    1 each in 1 pack of CART-12/24C0110 into stockroom, expiry 2027-03-31  #16 [root]
    $ receive '(01)09504000059118(11)240101(10)24C0110(21)A1' --from Lind
    1 each in 1 pack of CART-12/24C0110 into stockroom, expiry 2027-03-31  #17 [root]
    $ receive '(01)09504000059118(17)270228(10)24C0110' --from Lind
    ! error: CART-12/24C0110 is known with expiry 2027-03-31, and this delivery says 2027-02-28
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #11
    ! hint: look at the label again; if the first was wrong: lotbook undo 11 --reason wrong-item
    exit 3
    $ receive '(01)09504000059118(17)270331(10)24C0110' --expiry 2027-02 --from Lind
    ! error: the expiry that was typed is not the one of the item
    !   typed 2027-02-28, the item says 2027-03-31
    ! hint: look at the label again, and leave out what the item says already
    exit 3
    $ receive '(01)09504000059118(17)270331(10)24C0110' --serial B --lot 24C0110 --from Lind
    1 each in 1 pack of CART-12/24C0110 into stockroom, expiry 2027-03-31  #18 [root]
    $ receive '(01)09504000059118(10)24C0110(21)A1' --serial B --from Lind
    ! error: the serial that was typed is not the one of the item
    !   typed B, the item says A1
    ! hint: look at the label again, and leave out what the item says already
    exit 3
    $ receive NUMB-4 '(01)09504000059118(17)270630(10)L77' --from Lind
    ! error: the scan is of CART-12, not of NUMB-4
    !   the GTIN 09504000059118 belongs to CART-12
    ! hint: take the other product, or leave the SKU out and let the scan say it
    exit 3
    $ receive NUMB-4/L77 '(01)09504000059132(17)270630(10)L78' --from Lind
    ! error: the lot of the item is not that of the scan after it
    !   the item says L77, the scan L78
    ! hint: receive each label on its own, or name the product before the scan by its SKU
    exit 3
    $ receive NUMB-4 '(01)19504000059122(10)L77' --from Lind
    30 g in 1 pack of NUMB-4/L77 into stockroom, expiry 2027-06-30  #19 [root]
    ! note: NUMB-4 now has the GTIN 19504000059122, one pack
    ! warning: GTIN 19504000059122 begins as that of a case of several packs does, and counts as 1 pack: if it holds more, lotbook product edit NUMB-4 --gtin 19504000059122=PACKS
    $ open '(01)19504000059122(17)270531(10)L77'
    ! error: the code says that NUMB-4/L77 expires 2027-05-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    $ stock --lots --format csv
    product,lot,place,quantity,unit,expiry,discard_by,days_left,status
    CART-12,23B0412,stockroom,5,each,2026-10-31,,-22,expired
    CART-12,24C0110,stockroom,23,each,2027-03-31,,129,usable
    HA-01,007,fridge,10,ml,2027-01-31,,70,usable
    HA-01,7,fridge,5,ml,2027-01-31,,70,usable
    NUMB-4,L77,room-1,90,g,2027-06-30,,220,usable
    NUMB-4,L77,stockroom,30,g,2027-06-30,,220,usable
    ! note: usable on 2026-11-22
    $ product show NUMB-4 --format csv
    section,product,name,category,use,pack,dose,opened_life,status,gtin,packs,attribute,value
    product,NUMB-4,,anesthetic,multi,30 g,2.5 g,28 days,in use,,,,
    gtins,,,,,,,,,09504000059125,1,,
    gtins,,,,,,,,,19504000059122,1,,
    attributes,,,,,,,,,,,dwell_max,60 min
    attributes,,,,,,,,,,,dwell_min,20 min
    attributes,,,,,,,,,,,strength_percent,4
    ");
}

#[test]
fn of_a_hibc_label_a_delivery_takes_lot_and_expiry_and_the_sku_says_the_product() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive '+E203PB414109/$$8243280112R00089525J' --from Lind",
        "receive CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind",
        "receive 24 CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind",
        "receive 20 CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind",
        "receive 1 CART-12/NONE --expiry none --from ''",
        "receive 1 CART-12/NONE --expiry none --from Lind",
        "receive CART-12 '+E203PB414109/$$8243280112R00089525K' --from Lind",
        "receive CART-12 +A123BJC5D6E71G --from Lind",
        "receive CART-12 +A123BJC5D6E71G --lot H1 --expiry 2027-03 --from Lind",
        "receive CART-12 '(00)006141411234567890' --from Lind",
        "open '+E203PB414109/$$8243280112R00089525J'",
        "scan '+E203PB414109/$$8243280112R00089525J'",
        "product show CART-12 --format csv",
    ]), @r#"
    $ receive '+E203PB414109/$$8243280112R00089525J' --from Lind
    ! error: the scan names no product: a HIBC label holds no GTIN
    !   the book knows products by SKU and GTIN
    ! hint: name the product before the scan of a delivery: lotbook receive SKU SCAN
    ! hint: elsewhere type what the label says: SKU/LOT
    exit 3
    $ receive CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind
    ! error: how much of CART-12 arrived is not said
    !   the label counts 24, and a HIBC label does not say of what
    ! hint: write how much before the item, such as 24 or "24 packs"
    exit 3
    $ receive 24 CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind
    24 each of CART-12/R00089525 into stockroom, expiry 2028-01-12  #16 [root]
    $ receive 20 CART-12 '+E203PB414109/$$8243280112R00089525J' --from Lind
    20 each of CART-12/R00089525 into stockroom, expiry 2028-01-12  #17 [root]
    ! warning: the label counts 24, and 20 each of CART-12 were received
    $ receive 1 CART-12/NONE --expiry none --from ''
    ! error: --from is empty
    ! hint: write who sent it, such as --from Lind
    exit 3
    $ receive 1 CART-12/NONE --expiry none --from Lind
    1 each of CART-12/none into stockroom, expiry none  #18 [root]
    $ receive CART-12 '+E203PB414109/$$8243280112R00089525K' --from Lind
    ! error: the scan can't be trusted: HIBC '+E203PB414109/$$8243280112R00089...' ends in check character 'K', and 'J' would fit
    ! hint: scan it again; a space at the end is part of the code and must be sent too
    exit 3
    $ receive CART-12 +A123BJC5D6E71G --from Lind
    ! error: the lot of CART-12 is missing
    !   without it a recall could not find what it went to
    ! hint: scan the label, write --lot exactly as printed, or --lot none
    exit 3
    $ receive CART-12 +A123BJC5D6E71G --lot H1 --expiry 2027-03 --from Lind
    1 each in 1 pack of CART-12/H1 into stockroom, expiry 2027-03-31  #19 [root]
    $ receive CART-12 '(00)006141411234567890' --from Lind
    ! error: the scan names no product: it holds no GTIN
    ! hint: scan the code that holds (01), or type what is printed beside the code: the GTIN at --gtin, elsewhere SKU/LOT
    exit 3
    $ open '+E203PB414109/$$8243280112R00089525J'
    ! error: the scan names no product: a HIBC label holds no GTIN
    !   the book knows products by SKU and GTIN
    ! hint: name the product before the scan of a delivery: lotbook receive SKU SCAN
    ! hint: elsewhere type what the label says: SKU/LOT
    exit 3
    $ scan '+E203PB414109/$$8243280112R00089525J'
    kind    hibc
    lot     R00089525
    expiry  2028-01-12

    Elements
    element   name      value
    --------  --------  ---------
    labeler   labeler   E203
    item      item      PB41410
    unit      unit      9
    quantity  quantity  24
    expiry    expiry    280112
    lot       lot       R00089525

    Refused today
    why
    -----------------------------------------------------
    the scan names no product: a HIBC label holds no GTIN

    name the product before the scan of a delivery: lotbook receive SKU SCAN
    elsewhere type what the label says: SKU/LOT
    $ product show CART-12 --format csv
    section,product,name,category,use,pack,dose,opened_life,status,gtin,packs,attribute,value
    product,CART-12,,cartridge,single,1 each,,,in use,,,,
    gtins,,,,,,,,,09504000059118,1,,
    attributes,,,,,,,,,,,needles,12
    "#);
}

#[test]
fn a_delivery_that_taught_a_gtin_can_be_undone_and_the_gtin_stays() {
    let clinic = Clinic::stocked();
    clinic.ok("receive HA-01 '(01)09504000059132(17)270331(10)N1' --from S --to fridge");
    insta::assert_snapshot!(all(&clinic, &[
        "receive HA-01 '(01)09504000059132(17)280331(10)N1' --from S --to fridge",
        "undo 17 --reason wrong-item",
        "undo 16 --reason wrong-item",
        "receive HA-01 '(01)09504000059132(17)280331(10)N1' --from S --to fridge",
    ]), @"
    $ receive HA-01 '(01)09504000059132(17)280331(10)N1' --from S --to fridge
    ! error: HA-01/N1 is known with expiry 2027-03-31, and this delivery says 2028-03-31
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #17
    ! hint: look at the label again; if the first was wrong: lotbook undo 17 --reason wrong-item
    exit 3
    $ undo 17 --reason wrong-item
    reversed: #17 lot.receive: 5 ml HA-01/N1, supplier -> fridge  #18 [root]
    ! hint: HA-01 keeps the GTIN 09504000059132; if it is another's: lotbook product edit HA-01 --gtin 09504000059132=
    $ undo 16 --reason wrong-item
    ! error: #17 is already reversed, by #18
    !   a reversal can't be reversed
    ! hint: record anew what truly happened
    exit 3
    $ receive HA-01 '(01)09504000059132(17)280331(10)N1' --from S --to fridge
    5 ml in 1 pack of HA-01/N1 into fridge, expiry 2028-03-31  #19 [root]
    ");
    clinic.ok("audit verify");
}

#[test]
fn two_scans_of_one_delivery_may_not_contradict_each_other() {
    let clinic = Clinic::stocked();
    let first = "(01)09504000059118(17)300630(10)L9(21)S1";
    for (second, said) in [
        ("(01)09504000059118(17)310131(10)L9", "the item says 2030-06-30, the scan 2031-01-31"),
        ("(01)09504000059118(10)L9(21)S2", "the item says S1, the scan S2"),
        ("(01)09504000059118(10)L8", "the item says L9, the scan L8"),
        ("(01)19504000059115(10)L9", "the item says 09504000059118, the scan 19504000059115"),
    ] {
        let refused = clinic.run(&format!("receive '{first}' '{second}' --from Lind"));
        assert_eq!(refused.code, 3, "{refused}");
        assert!(refused.stderr.contains(said), "{refused}");
    }
    // What only the first says counts as if it stood on one label.
    clinic.ok(&format!("receive '{first}' '(01)09504000059118(10)L9' --from Lind"));
    let known = clinic.ok("scan '(01)09504000059118(21)S1'");
    assert!(known.contains("L9") && known.contains("2030-06-30"), "{known}");
}

#[test]
fn a_label_whose_dates_contradict_each_other_is_not_received() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive (01)09504000059118(17)280131(7003)2003010000(10)T3 --from Lind",
        "receive (01)09504000059118(17)280131(11)290101(10)T3 --from Lind",
        "scan (01)09504000059118(17)280131(11)290101(10)T3",
    ]), @"
    $ receive (01)09504000059118(17)280131(7003)2003010000(10)T3 --from Lind
    ! warning: (17) expiry date 2028-01-31 and (7003) expiry date and time 2020-03-01, which can't both be right
    ! error: the label contradicts itself: (17) expiry date 2028-01-31 and (7003) expiry date and time 2020-03-01, which can't both be right
    !   which of its dates is right would be a guess
    ! hint: ask the supplier, then type what is right: --lot LOT --expiry DAY
    exit 3
    $ receive (01)09504000059118(17)280131(11)290101(10)T3 --from Lind
    ! warning: (11) production date 2029-01-01 is after (17) expiry date 2028-01-31
    ! error: the label contradicts itself: (11) production date 2029-01-01 is after (17) expiry date 2028-01-31
    !   which of its dates is right would be a guess
    ! hint: ask the supplier, then type what is right: --lot LOT --expiry DAY
    exit 3
    $ scan (01)09504000059118(17)280131(11)290101(10)T3
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      T3
    expiry   2028-01-31
    made     2029-01-01

    Elements
    element  name             value
    -------  ---------------  --------------
    01       GTIN             09504000059118
    17       expiry date      280131
    11       production date  290101
    10       lot              T3

    Refused today
    why
    ------------------------------------
    lot T3 of CART-12 was never received

    a delivery of it would be refused: the label contradicts itself: (11) production date 2029-01-01 is after (17) expiry date 2028-01-31
    ! warning[contradicting-dates]: (11) production date 2029-01-01 is after (17) expiry date 2028-01-31
    !  --> scan:1:29
    !   |
    ! 1 | (01)09504000059118(17)280131(11)290101(10)T3
    !   |                             ^
    !   |
    !   = help: compare the dates printed on the label, and ask the supplier which is right
    !
    ! 1 warning in scan
    ");
}

#[test]
fn a_month_without_a_day_contradicts_no_day_of_it_at_a_delivery_either() {
    let clinic = Clinic::stocked();
    clinic.ok("receive 1 CART-12 --lot M1 --expiry 2027-03-15 --from Lind");
    let receive = "receive (01)09504000059118(17)270300(10)";
    let told = clinic.ok(&format!("{receive}M1 --from Lind"));
    assert!(told.contains("expiry 2027-03-15"), "{told}");
    let told = clinic.ok(&format!("{receive}M2 --expiry 2027-03-09 --from Lind"));
    assert!(told.contains("expiry 2027-03-09"), "{told}");
    let told = clinic.ok(&format!("{receive}M3 --from Lind"));
    assert!(told.contains("expiry 2027-03-31"), "{told}");
    assert_eq!(clinic.run("receive (01)09504000059118(17)270400(10)M1 --from Lind").code, 3);
}

#[test]
fn the_deliveries_that_the_page_on_barcodes_names_are_received() {
    let page = include_str!("../../docs/barcodes.md");
    let clinic = Clinic::stocked();
    let mut lines = page.split('`').filter_map(|text| text.strip_prefix("lotbook receive "));
    let line = lines.next().unwrap();
    assert_eq!((clinic.run(&format!("receive {line}")).code, lines.next()), (0, None), "{line}");
    let mut lines = page.split('`').filter_map(|text| text.strip_prefix("lotbook product add "));
    let line = lines.next().unwrap().replace("CART-12", "CART-13");
    let scans = "(01)09504000059132(10)A\n(01)19504000059139(10)A\n";
    let told = clinic.run_with(&format!("product add {line}"), scans);
    assert_eq!((told.code, lines.next()), (0, None), "{told}");
}

#[test]
fn a_lookalike_of_a_held_lot_is_asked_for_and_never_came_from_a_barcode() {
    let clinic = Clinic::stocked();
    let receive =
        |lot| ["receive", "2", "CART-12", "--lot", lot, "--expiry", "2027-03", "--from", "X"];
    clinic.ok("lot hold CART-12/24C0110 --reason supplier-notice");
    let cyrillic = "24\u{421}0110";
    insta::assert_snapshot!(clinic.run_words(receive(cyrillic), ""), @"
    ! error: CART-12/24С0110 is new, but CART-12/24C0110 is known: the 3rd letter is U+0421 (С), where the known lot has U+0043 (C)
    !   CART-12/24C0110 is held
    ! hint: if it is the same lot, write it as it is known; if it is another: --yes
    exit 3
    ");
    insta::assert_snapshot!(clinic.run_words(receive("24C\u{301}0110"), ""), @"
    ! error: CART-12/24Ć0110 is new, but CART-12/24C0110 is known: at its 4th letter it has U+0301, where the known lot has nothing
    !   CART-12/24C0110 is held
    ! hint: if it is the same lot, write it as it is known; if it is another: --yes
    exit 3
    ");
    let again = receive(cyrillic).into_iter().chain(["--yes"]);
    insta::assert_snapshot!(clinic.run_words(again, ""), @"
    2 each of CART-12/24С0110 into stockroom, expiry 2027-03-31  #17 [root]
    ! warning: the 3rd letter of the lot is U+0421 (С), which no barcode of a pack can hold: it was typed, so look at the label again
    ");
    insta::assert_snapshot!(clinic.run_words(receive(cyrillic), ""), @"
    2 each of CART-12/24С0110 into stockroom, expiry 2027-03-31  #18 [root]
    ");
    insta::assert_snapshot!(clinic.run_words(receive("99\u{664}"), ""), @"
    2 each of CART-12/99٤ into stockroom, expiry 2027-03-31  #19 [root]
    ! warning: the 3rd letter of the lot is U+0664 (٤), which no barcode of a pack can hold: it was typed, so look at the label again
    ");
    insta::assert_snapshot!(clinic.run("scan (01)09504000059118(17)270331(10)24CO110"), @"
    kind     gs1
    GTIN     09504000059118
    product  CART-12
    lot      24CO110
    expiry   2027-03-31

    Elements
    element  name         value
    -------  -----------  --------------
    01       GTIN         09504000059118
    17       expiry date  270331
    10       lot          24CO110

    Refused today
    why
    -----------------------------------------
    lot 24CO110 of CART-12 was never received

    a delivery of it would be refused: CART-12/24CO110 is new, but CART-12/24C0110 is known: the 4th letter is U+004F (O), where the known lot has U+0030 (0)
    ");
}
