//! Stock arrives, is opened, thrown away, held and released; what was wrong is undone.

use crate::clinic::{Clinic, all};

#[test]
fn a_tube_is_opened_used_up_and_thrown_away() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "open NUMB-4",
        "open NUMB-4 --at 'yesterday 16:00'",
        "stock NUMB-4 --lots",
        "waste '2.5 g' K-0001 --reason dropped",
        "waste K-0001 --reason partial-container",
        "waste K-0001 --reason partial-container",
        "open K-0002",
        "open CART-12",
        "open HA-01/7",
        "open HA-01/7",
        "stock --lots",
    ]), @"
    $ open NUMB-4
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #16 [root]
    $ open NUMB-4 --at 'yesterday 16:00'
    ! error: not enough NUMB-4: 30 g wanted, 0 g usable
    !   at 2026-11-21 16:00 only 0 g was there to take
    !   90 g of NUMB-4/L77 came to room-1 at 2026-11-22 10:00
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    $ stock NUMB-4 --lots
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    NUMB-4   L77  K-0001        30  g     2027-06-30  2026-12-20         28  usable
    NUMB-4   L77  room-1        60  g     2027-06-30                    220  usable

    usable on 2026-11-22
    $ waste '2.5 g' K-0001 --reason dropped
    2.5 g of NUMB-4/L77 from K-0001 to waste: dropped  #17 [root]
    $ waste K-0001 --reason partial-container
    27.5 g of NUMB-4/L77 from K-0001 to waste: partial-container  #18 [root]
    $ waste K-0001 --reason partial-container
    ! error: there is no NUMB-4 in K-0001 to throw away
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    $ open K-0002
    ! error: there is no container K-0002
    ! hint: see the open ones: lotbook stock --lots
    exit 3
    $ open CART-12
    ! error: CART-12 is used once, straight from its pack
    ! hint: log its use: lotbook session log STEP --use CART-12
    exit 3
    $ open HA-01/7
    K-0002 opened: 5 ml of HA-01/7, discard by 2026-12-20  #19 [root]
    $ open HA-01/7
    ! error: not enough HA-01/7: 5 ml wanted, 0 ml usable
    ! hint: 10 ml of lot 007 expire 2027-01-31: lotbook open HA-01/007
    exit 3
    $ stock --lots
    product  lot      place      quantity  unit  expiry      discard by  days left  status
    -------  -------  ---------  --------  ----  ----------  ----------  ---------  -------
    CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired
    CART-12  24C0110  stockroom        20  each  2027-03-31                    129  usable
    HA-01    7        K-0002            5  ml    2027-01-31  2026-12-20         28  usable
    HA-01    007      fridge           10  ml    2027-01-31                     70  usable
    NUMB-4   L77      room-1           60  g     2027-06-30                    220  usable

    usable on 2026-11-22
    ");
    clinic.wait_days(40);
    insta::assert_snapshot!(all(&clinic, &["stock NUMB-4 --lots", "stock"]), @"
    $ stock NUMB-4 --lots
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    NUMB-4   L77  room-1        60  g     2027-06-30                    180  usable

    usable on 2027-01-01
    $ stock
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge        25      20     0        5  each     0  2027-03-31   usable
    HA-01    serum            15      10     0        5  ml       1  2027-01-31   usable
    NUMB-4   anesthetic       60      60     0        0  g        0  2027-06-30   usable

    usable on 2027-01-01
    ");
}

#[test]
fn a_lot_is_held_everywhere_at_once_and_released_again() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "lot hold HA-01/007 --reason adverse-reaction",
        "lot hold HA-01/007 --reason adverse-reaction",
        "open HA-01/007",
        "open HA-01",
        "stock HA-01 --lots",
        "lot release HA-01/007 --reason cleared --as ben",
        "lot release HA-01/007 --reason cleared",
        "lot release HA-01/007 --reason cleared",
        "lot hold HA-01/007 --reason other",
        "lot hold HA-01/007 --reason because",
        "lot hold HA-01/007 --reason damaged --at 'yesterday 10:00'",
        "lot hold HA-01 --reason damaged",
    ]), @r#"
    $ lot hold HA-01/007 --reason adverse-reaction
    HA-01/007 held: it can't be used until it is released  #16 [root]
    ! note: no session has used it so far: lotbook trace lot HA-01/007
    $ lot hold HA-01/007 --reason adverse-reaction
    ! error: HA-01/007 is held
    !   entry #16 says so
    ! hint: let it be used again: lotbook lot release HA-01/007 --reason 'cleared|wrong-lot'
    exit 3
    $ open HA-01/007
    ! error: lot 007 of HA-01 is held
    !   it can't be used on 2026-11-22
    ! hint: 5 ml of lot 7 expire 2027-01-31: lotbook open HA-01/7
    ! hint: if it was used all the same, its session records that, and the opening too: lotbook session log STEP --use HA-01/007 --despite held --reason 'clinical-judgement|client-request|emergency|supply|recorded-late'
    exit 3
    $ open HA-01
    K-0001 opened: 5 ml of HA-01/7, discard by 2026-12-20  #17 [root]
    $ stock HA-01 --lots
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    HA-01    7    K-0001         5  ml    2027-01-31  2026-12-20         28  usable
    HA-01    007  fridge        10  ml    2027-01-31                     70  held

    usable on 2026-11-22
    $ lot release HA-01/007 --reason cleared --as ben
    ! error: ben may not record `lot.release`
    !   it needs the role manager; ben is technician
    ! hint: let a manager do it with --as, or let a manager add the role: lotbook staff edit ben --role technician --role manager
    exit 3
    $ lot release HA-01/007 --reason cleared
    HA-01/007 released  #19 [root]
    $ lot release HA-01/007 --reason cleared
    ! error: HA-01/007 is released
    !   entry #19 says so
    ! hint: keep it from being used: lotbook lot hold HA-01/007 --reason 'supplier-notice|complaint|adverse-reaction|temperature|damaged'
    exit 3
    $ lot hold HA-01/007 --reason other
    ! error: the reason `other` says nothing by itself
    ! hint: add words about the work: --note "..."
    exit 3
    $ lot hold HA-01/007 --reason because
    ! error: `because` is not a reason code here
    !   supplier-notice: the supplier or maker asked for it
    !   complaint: a client or a colleague complained
    !   adverse-reaction: a client reacted badly
    !   temperature: it was stored outside its temperature
    !   damaged: the pack or its seal is damaged
    !   other: none of these; say what in --note
    ! hint: write --reason CODE, and --note "..." for words of your own
    exit 3
    $ lot hold HA-01/007 --reason damaged --at 'yesterday 10:00'
    ! error: the status of a lot can't be backdated
    !   the order of the entries says what was recorded while a lot was held
    ! hint: leave --at out
    exit 3
    $ lot hold HA-01 --reason damaged
    ! error: which lot of HA-01 is meant is not clear
    ! hint: see its lots: lotbook stock --lots HA-01
    ! hint: name one as SKU/LOT
    exit 3
    "#);
}

#[test]
fn whoever_may_not_record_something_may_not_take_it_back() {
    let clinic = Clinic::stocked().acting("pia");
    insta::assert_snapshot!(all(&clinic, &[
        "undo 11 --reason duplicate",
        "audit log --action access.",
        "stock CART-12",
        "undo 11 --reason duplicate --as ana",
    ]), @"
    $ undo 11 --reason duplicate
    ! error: pia may not record `lot.receive`
    !   it needs the role technician or manager; pia is prescriber
    ! hint: let a technician do it with --as, or let a manager add the role: lotbook staff edit pia --role prescriber --role technician
    exit 3
    $ audit log --action access.
     #  happened          late  by   action         what                standing
    --  ----------------  ----  ---  -------------  ------------------  --------
    16  2026-11-22 10:00        pia  access.refuse  action=lot.receive
    $ stock CART-12
    product  category   on hand  usable  held  expired  unit  open  next expiry  status
    -------  ---------  -------  ------  ----  -------  ----  ----  -----------  ------
    CART-12  cartridge       25      20     0        5  each     0  2027-03-31   usable

    usable on 2026-11-22
    $ undo 11 --reason duplicate --as ana
    reversed: #11 lot.receive: 20 each CART-12/24C0110, supplier -> stockroom  #17 [root]
    ");
}

#[test]
fn what_was_wrong_is_undone_once_and_stays_in_the_ledger() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "waste 2 CART-12/24C0110 --reason dropped",
        "undo 16 --reason wrong-quantity",
        "undo 16 --reason wrong-quantity",
        "undo '#17' --reason wrong-quantity",
        "undo 999 --reason wrong-quantity",
        "undo x --reason wrong-quantity",
        "undo -1 --reason wrong-quantity",
        "undo 0 --reason wrong-quantity",
        "undo 3 --reason wrong-quantity",
        "undo 16 --reason wrong-quantity --at 10:00",
        "open NUMB-4",
        "waste K-0001 --reason dropped",
        "undo 18 --reason wrong-item",
        "undo 13 --reason duplicate",
        "undo 19 --reason wrong-item",
        "undo 18 --reason wrong-item",
        "undo 11 --reason duplicate --as ivo",
        "undo 11 --reason duplicate",
        "stock --lots",
    ]), @"
    $ waste 2 CART-12/24C0110 --reason dropped
    2 each of CART-12/24C0110 from stockroom to waste: dropped  #16 [root]
    $ undo 16 --reason wrong-quantity
    reversed: #16 stock.waste: 2 each CART-12/24C0110, stockroom -> waste, dropped  #17 [root]
    $ undo 16 --reason wrong-quantity
    ! error: #16 is already reversed, by #17
    !   a reversal can't be reversed
    ! hint: record anew what truly happened
    exit 3
    $ undo '#17' --reason wrong-quantity
    ! error: #17 is `reversal`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: record anew what truly happened
    exit 3
    $ undo 999 --reason wrong-quantity
    ! error: there is no entry #999
    ! hint: see the newest entries: lotbook audit log
    exit 3
    $ undo x --reason wrong-quantity
    ! error: `x` does not name an entry
    ! hint: write the number that a listing shows, such as 812
    exit 2
    $ undo -1 --reason wrong-quantity
    ! error: `-1` does not name an entry
    ! hint: write the number that a listing shows, such as 812
    exit 2
    $ undo 0 --reason wrong-quantity
    ! error: #0 is `book.open`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: see what can be: lotbook audit log
    exit 3
    $ undo 3 --reason wrong-quantity
    ! error: #3 is `staff.add`, which can't be undone
    !   it stays in the ledger as it is
    ! hint: correct it: lotbook staff edit
    exit 3
    $ undo 16 --reason wrong-quantity --at 10:00
    ! error: an undo happens now: --at has no place here
    !   what was wrong is taken back in the moment that it is seen to be so
    ! hint: leave --at out
    exit 2
    $ open NUMB-4
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #18 [root]
    $ waste K-0001 --reason dropped
    30 g of NUMB-4/L77 from K-0001 to waste: dropped  #19 [root]
    $ undo 18 --reason wrong-item
    ! error: #18 can't be undone: 30 g of NUMB-4/L77 in K-0001 are gone since
    !   without it the balance would have been negative
    ! hint: undo what came from K-0001 first: lotbook trace lot NUMB-4/L77
    exit 3
    $ undo 13 --reason duplicate
    ! error: #13 can't be undone: 30 g of NUMB-4/L77 in room-1 are gone since
    !   without it the balance would have been negative
    ! hint: undo the later entries first: lotbook trace lot NUMB-4/L77
    exit 3
    $ undo 19 --reason wrong-item
    reversed: #19 stock.waste: 30 g NUMB-4/L77 K-0001, container:K-0001 -> waste, dropped  #20 [root]
    $ undo 18 --reason wrong-item
    reversed: #18 container.open: 30 g NUMB-4/L77 K-0001, room-1 -> container:K-0001  #21 [root]
    $ undo 11 --reason duplicate --as ivo
    ! error: ivo may not record `reversal`
    !   it needs the role technician or manager or prescriber; ivo is inspector
    ! hint: let a technician do it with --as, or let a manager add the role: lotbook staff edit ivo --role inspector --role technician
    exit 3
    $ undo 11 --reason duplicate
    reversed: #11 lot.receive: 20 each CART-12/24C0110, supplier -> stockroom  #23 [root]
    $ stock --lots
    product  lot      place      quantity  unit  expiry      discard by  days left  status
    -------  -------  ---------  --------  ----  ----------  ----------  ---------  -------
    CART-12  23B0412  stockroom         5  each  2026-10-31                    -22  expired
    HA-01    007      fridge           10  ml    2027-01-31                     70  usable
    HA-01    7        fridge            5  ml    2027-01-31                     70  usable
    NUMB-4   L77      room-1           90  g     2027-06-30                    220  usable

    usable on 2026-11-22
    ");
}

#[test]
fn a_serial_number_is_thrown_away_once() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "receive '(01)09504000059118(17)270331(10)N2(21)S1' --from Lind",
        "waste 2 '(01)09504000059118(10)N2(21)S1' --reason dropped",
        "waste '(01)09504000059118(10)N2(21)S1' --reason dropped",
        "waste '(01)09504000059118(10)N2(21)S1' --reason dropped",
        "receive 1 CART-12 --lot N2 --from Lind",
        "waste '(01)09504000059118(10)N2(21)S1' --reason dropped",
        "undo 17 --reason wrong-item",
    ]), @"
    $ receive '(01)09504000059118(17)270331(10)N2(21)S1' --from Lind
    1 each in 1 pack of CART-12/N2 into stockroom, expiry 2027-03-31  #16 [root]
    $ waste 2 '(01)09504000059118(10)N2(21)S1' --reason dropped
    ! error: serial S1 names one pack, not 2 each
    ! hint: leave the quantity out, or name the lot as SKU/LOT
    exit 3
    $ waste '(01)09504000059118(10)N2(21)S1' --reason dropped
    1 each of CART-12/N2 from stockroom to waste: dropped  #17 [root]
    $ waste '(01)09504000059118(10)N2(21)S1' --reason dropped
    ! error: serial S1 of CART-12 went to waste
    !   a serial number names one pack, which leaves once
    ! hint: see its history: lotbook audit log --product CART-12 --serial S1
    exit 3
    $ receive 1 CART-12 --lot N2 --from Lind
    1 each of CART-12/N2 into stockroom, expiry 2027-03-31  #18 [root]
    $ waste '(01)09504000059118(10)N2(21)S1' --reason dropped
    ! error: serial S1 of CART-12 went to waste
    !   a serial number names one pack, which leaves once
    ! hint: see its history: lotbook audit log --product CART-12 --serial S1
    exit 3
    $ undo 17 --reason wrong-item
    reversed: #17 stock.waste: 1 each CART-12/N2 S1, stockroom -> waste, dropped  #19 [root]
    ");
    clinic.ok("audit verify");
}

#[test]
fn a_lot_that_differs_in_case_is_asked_for_at_a_terminal() {
    let clinic = Clinic::stocked().attended();
    let line = "receive 1 CART-12 --lot 24c0110 --expiry 2027-03 --from Lind";
    insta::assert_snapshot!(clinic.run_with(line, "n\n"), @"
    ! CART-12/24c0110 is new, but CART-12/24C0110 is known: the two differ only in upper and lower case. Is it another lot? [y/N] error: CART-12/24c0110 is new, but CART-12/24C0110 is known: the two differ only in upper and lower case
    ! hint: if it is the same lot, write it as it is known; if it is another: --yes
    exit 3
    ");
    insta::assert_snapshot!(clinic.run_with(line, "y\n"), @"
    1 each of CART-12/24c0110 into stockroom, expiry 2027-03-31  #16 [root]
    ! CART-12/24c0110 is new, but CART-12/24C0110 is known: the two differ only in upper and lower case. Is it another lot? [y/N]
    ");
}

#[test]
fn one_line_says_what_changed_whatever_a_lot_holds() {
    let clinic = Clinic::stocked();
    let line = ["receive", "1", "CART-12", "--lot", "A\nB  #99 0123abcd", "--expiry", "none"];
    let line = line.into_iter().chain(["--from", "Lind"]);
    insta::assert_snapshot!(clinic.run_words(line, ""), @r"
    1 each of CART-12/A\nB  #99 0123abcd into stockroom, expiry none  #16 [root]
    ! warning: the 2nd letter of the lot is U+000A, which no barcode of a pack can hold: it was typed, so look at the label again
    ");
    insta::assert_snapshot!(clinic.run_with("open -", "\n"), @"
    ! error: nothing was scanned
    !   an item is a SKU, SKU/LOT, a container such as K-0007, or a scan
    ! hint: see what there is: lotbook stock --lots
    exit 2
    ");
}

#[test]
fn stock_is_asked_for_by_lot_and_what_is_held_stays_so() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "stock HA-01/007",
        "stock HA-01/8",
        "lot hold HA-01/007 --reason damaged",
        "receive '1 pack' HA-01 --lot 007 --from Serumhaus --to fridge",
        "product retire HA-01",
    ]), @"
    $ stock HA-01/007
    product  lot  place   quantity  unit  expiry      discard by  days left  status
    -------  ---  ------  --------  ----  ----------  ----------  ---------  ------
    HA-01    007  fridge        10  ml    2027-01-31                     70  usable

    usable on 2026-11-22
    $ stock HA-01/8
    ! error: there is no lot 8 of HA-01
    ! hint: did you mean HA-01/7?
    ! hint: see its lots: lotbook stock --lots HA-01
    ! hint: also those used up: lotbook audit log --product HA-01 --action lot.receive
    exit 3
    $ lot hold HA-01/007 --reason damaged
    HA-01/007 held: it can't be used until it is released  #16 [root]
    ! note: no session has used it so far: lotbook trace lot HA-01/007
    $ receive '1 pack' HA-01 --lot 007 --from Serumhaus --to fridge
    5 ml in 1 pack of HA-01/007 into fridge, expiry 2027-01-31  #17 [root]
    ! warning: HA-01/007 is held: what arrived can't be used either
    $ product retire HA-01
    product HA-01 retired; 20 ml of it are left  #18 [root]
    ! note: what is left can't be used: lotbook stock --lots HA-01
    ! hint: if that was a slip, take it into use again: lotbook product edit HA-01 --in-use
    ");
}

#[test]
fn a_label_that_contradicts_its_lot_moves_nothing() {
    let clinic = Clinic::stocked();
    insta::assert_snapshot!(all(&clinic, &[
        "open '(01)09504000059125(17)270131(10)L77'",
        "waste '1 pack' '(01)09504000059125(17)270131(10)L77' --reason dropped",
        "lot hold '(01)09504000059125(17)270131(10)L77' --reason damaged",
        "open '(01)09504000059125(17)270630(10)L77'",
    ]), @"
    $ open '(01)09504000059125(17)270131(10)L77'
    ! error: the code says that NUMB-4/L77 expires 2027-01-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    $ waste '1 pack' '(01)09504000059125(17)270131(10)L77' --reason dropped
    ! error: the code says that NUMB-4/L77 expires 2027-01-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    $ lot hold '(01)09504000059125(17)270131(10)L77' --reason damaged
    ! error: the code says that NUMB-4/L77 expires 2027-01-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    $ open '(01)09504000059125(17)270630(10)L77'
    K-0001 opened: 30 g of NUMB-4/L77, discard by 2026-12-20  #16 [root]
    ");
}

#[test]
fn a_late_entry_before_the_delivery_is_told_when_that_came() {
    let clinic = Clinic::stocked();
    clinic.ok("open NUMB-4");
    insta::assert_snapshot!(all(&clinic, &[
        "waste 1 CART-12/24C0110 --reason dropped --at 'yesterday 16:00'",
        "open NUMB-4 --at 'yesterday 16:00'",
        "waste K-0001 --reason dropped --at 'yesterday 16:00'",
    ]), @"
    $ waste 1 CART-12/24C0110 --reason dropped --at 'yesterday 16:00'
    ! error: there is no CART-12/24C0110 to throw away
    !   at 2026-11-21 16:00 only 0 each was there to take
    !   20 each of CART-12/24C0110 came to stockroom at 2026-11-22 10:00
    ! hint: see what there is: lotbook stock --lots CART-12
    exit 3
    $ open NUMB-4 --at 'yesterday 16:00'
    ! error: not enough NUMB-4: 30 g wanted, 0 g usable
    !   at 2026-11-21 16:00 only 0 g was there to take
    !   90 g of NUMB-4/L77 came to room-1 at 2026-11-22 10:00
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    $ waste K-0001 --reason dropped --at 'yesterday 16:00'
    ! error: there is no NUMB-4 in K-0001 to throw away
    !   at 2026-11-21 16:00 only 0 g was there to take
    !   K-0001 was opened at 2026-11-22 10:00
    ! hint: see what there is: lotbook stock --lots NUMB-4
    exit 3
    ");
}

#[test]
fn a_label_without_a_lot_opens_and_wastes_what_has_its_expiry() {
    let clinic = Clinic::stocked();
    clinic.ok("product edit NUMB-4 --gtin 09504000059125");
    clinic.ok("receive \"2 packs\" NUMB-4 --lot L88 --expiry 2027-09-15 --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "open (01)09504000059125(17)270915",
        "open (01)09504000059125(17)200101",
        "waste \"1 pack\" (01)09504000059125(17)270900 --reason dropped",
        "waste \"1 pack\" (01)09504000059125(17)280131 --reason dropped",
        "stock (01)09504000059125(17)270630",
        "stock (01)09504000059125(17)280131",
        "stock (01)09504000059125(17)280131(10)L77",
        "trace lot (01)09504000059125(17)280131(10)L77",
    ]), @r#"
    $ open (01)09504000059125(17)270915
    K-0001 opened: 30 g of NUMB-4/L88, discard by 2026-12-20  #17 [root]
    ! warning: the code holds no lot: took NUMB-4/L88, check the pack
    $ open (01)09504000059125(17)200101
    ! error: the code says that this NUMB-4 expires 2020-01-01, and of the lots that are there L77 expires 2027-06-30, L88 expires 2027-09-15
    !   the code holds no lot, and the pack it is on is of none of these
    ! hint: look at the label, and scan the code that holds the lot (10) too
    ! hint: see the lots: lotbook stock --lots NUMB-4
    exit 3
    $ waste "1 pack" (01)09504000059125(17)270900 --reason dropped
    30 g of NUMB-4/L88 from stockroom to waste: dropped  #18 [root]
    ! warning: (17) expiry date 270900 leaves the day open: read as 2027-09-30
    ! warning: the code holds no lot: took NUMB-4/L88, check the pack
    $ waste "1 pack" (01)09504000059125(17)280131 --reason dropped
    ! error: the code says that this NUMB-4 expires 2028-01-31, and of the lots that are there L77 expires 2027-06-30, L88 expires 2027-09-15
    !   the code holds no lot, and the pack it is on is of none of these
    ! hint: look at the label, and scan the code that holds the lot (10) too
    ! hint: see the lots: lotbook stock --lots NUMB-4
    exit 3
    $ stock (01)09504000059125(17)270630
    product  category    on hand  usable  held  expired  unit  open  next expiry  status
    -------  ----------  -------  ------  ----  -------  ----  ----  -----------  ------
    NUMB-4   anesthetic       90      90     0        0  g        0  2027-06-30   usable

    usable on 2026-11-22
    $ stock (01)09504000059125(17)280131
    ! error: the code says that this NUMB-4 expires 2028-01-31, and of the lots that are there L77 expires 2027-06-30, L88 expires 2027-09-15
    !   the code holds no lot, and the pack it is on is of none of these
    ! hint: look at the label, and scan the code that holds the lot (10) too
    ! hint: see the lots: lotbook stock --lots NUMB-4
    exit 3
    $ stock (01)09504000059125(17)280131(10)L77
    ! error: the code says that NUMB-4/L77 expires 2028-01-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    $ trace lot (01)09504000059125(17)280131(10)L77
    ! error: the code says that NUMB-4/L77 expires 2028-01-31, and the book knows 2027-06-30
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #13
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot NUMB-4/L77
    exit 3
    "#);
}

#[test]
fn a_serial_number_that_is_known_says_the_lot_of_its_label() {
    let clinic = Clinic::stocked();
    clinic.ok("receive (01)09504000059118(17)270331(10)N2(21)S1 --from Lind");
    clinic.ok("receive 1 CART-12 --lot N3 --expiry 2027-05-31 --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "waste (01)09504000059118(17)270531(21)S1 --reason dropped",
        "stock (01)09504000059118(17)270531(21)S1",
        "lot hold (01)09504000059118(10)N3(21)S1 --reason damaged",
        "lot hold (01)09504000059118(21)S1 --reason damaged",
        "trace lot (01)09504000059118(10)N3(21)S1",
    ]), @"
    $ waste (01)09504000059118(17)270531(21)S1 --reason dropped
    ! error: the code says that CART-12/N2 expires 2027-05-31, and the book knows 2027-03-31
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #16
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot CART-12/N2
    exit 3
    $ stock (01)09504000059118(17)270531(21)S1
    ! error: the code says that CART-12/N2 expires 2027-05-31, and the book knows 2027-03-31
    !   one lot has one expiry, so one of the two labels was misread
    !   the expiry was recorded by #16
    ! hint: look at the label, and scan it again
    ! hint: see where the lot went: lotbook trace lot CART-12/N2
    exit 3
    $ lot hold (01)09504000059118(10)N3(21)S1 --reason damaged
    ! error: the code says that serial S1 of CART-12 is of lot N3, and the book knows N2
    !   a serial number names one pack, so one of the two labels was misread
    ! hint: look at the label, and scan it again
    ! hint: see its history: lotbook audit log --product CART-12 --serial S1
    exit 3
    $ lot hold (01)09504000059118(21)S1 --reason damaged
    CART-12/N2 held: it can't be used until it is released  #18 [root]
    ! note: no session has used it so far: lotbook trace lot CART-12/N2
    $ trace lot (01)09504000059118(10)N3(21)S1
    ! error: the code says that serial S1 of CART-12 is of lot N3, and the book knows N2
    !   a serial number names one pack, so one of the two labels was misread
    ! hint: look at the label, and scan it again
    ! hint: see its history: lotbook audit log --product CART-12 --serial S1
    exit 3
    ");
}

#[test]
fn the_only_lot_with_the_expiry_of_a_label_is_the_one_that_is_meant() {
    let clinic = Clinic::stocked();
    clinic.ok("product edit NUMB-4 --gtin 09504000059125");
    clinic.ok("receive \"2 packs\" NUMB-4 --lot L88 --expiry 2027-09-15 --from Lind");
    clinic.ok("receive \"1 packs\" NUMB-4 --lot L89 --expiry 2027-09-20 --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "lot hold (01)09504000059125(17)270630 --reason damaged",
        "lot release (01)09504000059125(17)270630 --reason cleared",
        "lot hold (01)09504000059125(17)270900 --reason damaged",
        "lot hold (01)09504000059125(17)270901 --reason damaged",
        "lot hold (01)09504000059125 --reason damaged",
    ]), @"
    $ lot hold (01)09504000059125(17)270630 --reason damaged
    NUMB-4/L77 held: it can't be used until it is released  #18 [root]
    ! warning: the code holds no lot: took NUMB-4/L77, check the pack
    ! note: no session has used it so far: lotbook trace lot NUMB-4/L77
    $ lot release (01)09504000059125(17)270630 --reason cleared
    NUMB-4/L77 released  #19 [root]
    ! warning: the code holds no lot: took NUMB-4/L77, check the pack
    $ lot hold (01)09504000059125(17)270900 --reason damaged
    ! warning: (17) expiry date 270900 leaves the day open: read as 2027-09-30
    ! error: which lot of NUMB-4 with expiry 2027-09-30 is meant is not clear
    !   of its lots L88 expires 2027-09-15, L89 expires 2027-09-20
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: name one as SKU/LOT
    exit 3
    $ lot hold (01)09504000059125(17)270901 --reason damaged
    ! error: the code says that this NUMB-4 expires 2027-09-01, and of its lots L77 expires 2027-06-30, L88 expires 2027-09-15, L89 expires 2027-09-20
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: name one as SKU/LOT
    exit 3
    $ lot hold (01)09504000059125 --reason damaged
    ! error: which lot of NUMB-4 is meant is not clear
    ! hint: see its lots: lotbook stock --lots NUMB-4
    ! hint: name one as SKU/LOT
    exit 3
    ");
    let traced = clinic.ok("trace lot (01)09504000059125(17)270915 --format json");
    assert_eq!(traced, clinic.ok("trace lot NUMB-4/L88 --format json"));
}

#[test]
fn a_place_is_known_in_any_case_where_something_is_thrown_away_too() {
    let clinic = Clinic::stocked();
    clinic.ok("waste 1 CART-12/24C0110 --from StockRoom --reason dropped");
}

#[test]
fn nothing_is_thrown_away_for_a_session_that_never_was_or_had_not_begun() {
    let clinic = super::checking::clinic();
    clinic.ok("session start face --client C-1 --areas cheeks");
    let waste = "waste 1 CART-12/24C0110 --reason client-cancelled --session S-0001";
    let early = format!("{waste} --at 09:30");
    let other = waste.replace("S-0001", "S-0009");
    let refused = all(&clinic, &[&early, &other, "place add K-0001"]);
    insta::assert_snapshot!(refused, @"
    $ waste 1 CART-12/24C0110 --reason client-cancelled --session S-0001 --at 09:30
    ! error: S-0001 began at 2026-11-22 10:00 only
    !   this happened at 2026-11-22 09:30
    ! hint: write another --at, or leave --session out
    exit 3
    $ waste 1 CART-12/24C0110 --reason client-cancelled --session S-0009
    ! error: there is no session S-0009
    ! hint: see them: lotbook session list
    exit 3
    $ place add K-0001
    ! error: invalid value 'K-0001' for '<NAME>': `K-0001` is not a place: it would be read as a container or a session
    ! hint: write another name, such as room-1; see the places: lotbook place list
    exit 2
    ");
    clinic.ok("session void S-0001 --reason wrong-client --as ana");
    assert_eq!(clinic.run(waste).code, 3);
}
