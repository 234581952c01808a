//! Steps at the chair: the items that are used, and what is said when a code is doubtful.

use crate::clinic::Clinic;

/// A stocked clinic with a client in the chair: `ben`'s session S-0001 by the shipped protocol.
fn chair() -> Clinic {
    let clinic = Clinic::stocked();
    clinic.ok("protocol publish acne-scars-face");
    clinic.ok("client new C-7F3K9QWX");
    clinic.ok("session start acne-scars-face --client C-7F3K9QWX --areas cheeks --as ben");
    clinic.acting("ben")
}

/// Runs a line that must be refused by the book, and returns what it said.
#[track_caller]
fn refused(clinic: &Clinic, line: &str) -> String {
    let output = clinic.run(line);
    assert_eq!(output.code, 3, "`{line}` answered\n{output}");
    output.stderr
}

#[test]
fn a_scanned_expiry_that_contradicts_the_lot_is_refused() {
    let clinic = chair();
    let line = "session log consent --use (01)09504000059118(17)270430(10)24C0110";
    let said = refused(&clinic, line);
    assert!(said.contains("2027-04-30") && said.contains("2027-03-31"), "{said}");
    clinic.ok("session log consent --use (01)09504000059118(17)270331(10)24C0110");
}
