//! What a serial number names: one pack as it is labelled.

use crate::clinic::{Clinic, all};

/// The clinic of these stories: one more cartridge, `NEEDLE`, of which nothing is there.
fn clinic() -> Clinic {
    let clinic = Clinic::stocked();
    clinic.ok("product add NEEDLE --category cartridge --gtin 09504000059149");
    clinic
}

#[test]
fn a_number_that_was_scanned_by_mistake_is_unknown_again_after_the_undo() {
    let clinic = clinic();
    clinic.ok("receive 1 NEEDLE --lot A1 --expiry 2027-03 --from Lind");
    insta::assert_snapshot!(all(&clinic, &[
        "waste '(01)09504000059149(10)A1(21)WRONG' --reason dropped",
        "undo 18 --reason mis-scan",
        "waste '(01)09504000059149(10)A1(21)RIGHT' --reason dropped",
        "receive '(01)09504000059149(17)290630(10)A2(21)WRONG' --from Lind",
        "waste '(01)09504000059149(10)A2(21)WRONG' --reason dropped",
        "undo 21 --reason mis-scan",
        "undo 22 --reason mis-scan",
        "undo 21 --reason mis-scan",
        "audit log --product NEEDLE --serial WRONG",
    ]), @"
    $ waste '(01)09504000059149(10)A1(21)WRONG' --reason dropped
    1 each of NEEDLE/A1 from stockroom to waste: dropped  #18 [root]
    $ undo 18 --reason mis-scan
    reversed: #18 stock.waste  #19 [root]
    $ waste '(01)09504000059149(10)A1(21)RIGHT' --reason dropped
    1 each of NEEDLE/A1 from stockroom to waste: dropped  #20 [root]
    $ receive '(01)09504000059149(17)290630(10)A2(21)WRONG' --from Lind
    1 each in 1 pack of NEEDLE/A2 into stockroom, expiry 2029-06-30  #21 [root]
    $ waste '(01)09504000059149(10)A2(21)WRONG' --reason dropped
    1 each of NEEDLE/A2 from stockroom to waste: dropped  #22 [root]
    $ undo 21 --reason mis-scan
    ! error: serial WRONG is NEEDLE/A2 in waste, not NEEDLE/A2 in stockroom
    !   a serial number names one piece, of one lot and in one place
    ! hint: see its history: lotbook audit log --product NEEDLE --serial WRONG
    exit 3
    $ undo 22 --reason mis-scan
    reversed: #22 stock.waste  #23 [root]
    $ undo 21 --reason mis-scan
    reversed: #21 lot.receive  #24 [root]
    $ audit log --product NEEDLE --serial WRONG
     #  happened          late  by   action       what                                   standing
    --  ----------------  ----  ---  -----------  -------------------------------------  ---------------
    24  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A2 WRONG, stockroom ->   reverses #21
                                                  supplier, mis-scan
    23  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A2 WRONG, waste ->       reverses #22
                                                  stockroom, mis-scan
    22  2026-11-22 10:00        ana  stock.waste  1 each NEEDLE/A2 WRONG, stockroom ->   reversed by #23
                                                  waste, dropped
    21  2026-11-22 10:00        ana  lot.receive  1 each NEEDLE/A2 WRONG, supplier ->    reversed by #24
                                                  stockroom
    19  2026-11-22 10:00        ana  reversal     1 each NEEDLE/A1 WRONG, waste ->       reverses #18
                                                  stockroom, mis-scan
    18  2026-11-22 10:00        ana  stock.waste  1 each NEEDLE/A1 WRONG, stockroom ->   reversed by #19
                                                  waste, dropped
    ");
    clinic.ok("audit verify");
}
