//! What reading a scan costs in pieces of memory: none for an element. The values of elements are
//! stretches of the text; what is asked for is the list of them, which grows by doubling.
//!
//! A crate of its own, because counting replaces the allocator of the whole program.

use allocation_counter::measure;
use lotbook::domain::barcode::{ScanSettings, Today, read};

/// How often memory is asked for while a text is read, and whether it is accepted.
fn pieces(text: &str) -> (u64, bool) {
    let (settings, today) = (ScanSettings::default(), Today::in_year(2026));
    let mut accepted = false;
    let counted = measure(|| accepted = read(text, &settings, today).accepted());
    (counted.count_total, accepted)
}

#[test]
fn an_element_costs_no_memory_of_its_own() {
    for (elements, cost) in [(1, 1), (4, 1), (8, 2), (16, 3), (32, 4), (64, 5)] {
        let text = format!("]d2{}", "91AGREED\u{1d}".repeat(elements));
        assert_eq!(pieces(&text), (cost, true), "{elements} elements");
    }
}

#[test]
fn a_label_costs_its_list_of_elements() {
    for label in [
        "]d20109504000059118172703311024C0110\u{1d}21A100234",
        "0109504000059118172703311024C0110",
        "(01)09504000059118(17)270331(10)24C0110",
        "+A123BJC5D6E71G",
        "+$$52001510X3GD",
        "10614141000415",
    ] {
        assert_eq!(pieces(label), (1, true), "{label}");
    }
    // A link has a list of its segments too; a short number is padded, an escape taken out.
    for (label, cost) in [
        ("https://id.gs1.org/01/09504000059118/10/24C0110?17=270331", 2),
        ("4006381333931", 3),
        ("(01)09504000059118(10)A\\(1", 3),
    ] {
        assert_eq!(pieces(label), (cost, true), "{label}");
    }
}
