//! What is said today of an item in somebody's hand.

use super::*;
use crate::domain::barcode::{ScanSettings, Today, read};
use crate::domain::expiry::SaidExpiry;

#[test]
fn only_an_item_whose_lot_is_named_may_be_used() {
    let (product, named) = (product(UseKind::Single), lot("L77", "2027-06-30", 1));
    let today = "2026-11-22".parse().unwrap();
    let label = Label { lot: Some(named.lot.as_ref()), ..Label::default() };
    assert_eq!(allowance(&product, label, today), "it may be used on 2026-11-22");
    let said = allowance(&product, Label::default(), today);
    assert!(said.starts_with("its lot is not known"), "{said}");
}

/// The reasons against a label without a lot.
fn against(expiry: SaidExpiry, holdings: &[Holding]) -> Vec<Why> {
    let label = Label { expiry: Some(expiry), ..Label::default() };
    let (product, pieces) = (product(UseKind::Single), Pieces::default());
    let today = "2026-11-22".parse().unwrap();
    let found = refusals(&product, label, None, (holdings, &pieces), today);
    found.into_iter().map(|refused| refused.why).collect()
}

#[test]
fn a_label_without_a_lot_is_judged_by_its_expiry() {
    let shelf = |name, expiry| Holding {
        place: "stockroom".parse().unwrap(),
        lot: lot(name, expiry, 1),
        opened: None,
        parts: 3,
    };
    let said = |day: &str| SaidExpiry::from(day.parse::<Expiry>().unwrap());
    let holdings = [shelf("A", "2027-03-15"), shelf("B", "2026-10-31")];
    assert_eq!(against(said("2027-03-15"), &holdings), []);
    assert_eq!(against(said("2027-03-31"), &holdings), [Why::OtherExpiry]);
    let march = SaidExpiry::month("2027-03-31".parse().unwrap());
    assert_eq!(against(march, &holdings), [], "a month without a day contradicts no day of it");
    assert_eq!(against(said("2026-10-31"), &holdings), [Why::Expired]);
    assert_eq!(against(said("2020-01-01"), &holdings), [Why::OtherExpiry, Why::Expired]);
    assert_eq!(against(said("2020-01-01"), &[]), [Why::NothingLeft, Why::Expired]);
}

#[test]
fn a_label_of_an_unknown_lot_may_have_expired_too() {
    let (product, today) = (product(UseKind::Single), "2026-11-22".parse().unwrap());
    let name = "T9".parse().unwrap();
    let said = |day: &str| Label {
        lot: Some(Some(&name)),
        expiry: Some(day.parse::<Expiry>().unwrap().into()),
        ..Label::default()
    };
    let against = |day| -> Vec<Why> {
        let found = refusals(&product, said(day), None, (&[], &Pieces::default()), today);
        found.into_iter().map(|refused| refused.why).collect()
    };
    assert_eq!(against("2026-11-22"), [Why::UnknownLot]);
    assert_eq!(against("2026-11-21"), [Why::UnknownLot, Why::Expired]);
    let delivery = |day| delivery_of(&product, said(day), &[], today).unwrap();
    assert_eq!(delivery("2026-11-22"), "a delivery of it would be taken");
    assert_eq!(
        delivery("2026-11-21"),
        "a delivery of it would be taken, but it expired on 2026-11-21: it can't be used"
    );
}

#[test]
fn a_serial_number_that_is_known_says_the_lot_of_a_label_that_names_none() {
    let (serial, place) = ("S1".parse().unwrap(), "stockroom".parse().unwrap());
    let known = (Some("A".parse().unwrap()), place);
    let label = Label { serial: Some(Piece::new(&serial, Some(&known))), ..Label::default() };
    assert_eq!(label.lot(), Some(known.0.as_ref()));
    let other = "B".parse().unwrap();
    assert_eq!(Label { lot: Some(Some(&other)), ..label }.lot(), Some(Some(&other)));
    let unknown = Label { serial: Some(Piece::new(&serial, None)), ..Label::default() };
    assert_eq!(unknown.lot(), None);
}

#[test]
fn a_label_without_a_lot_means_the_only_lot_with_its_expiry() {
    let product = product(UseKind::Single);
    let lots = [lot("A", "2027-03-15", 1), lot("B", "2027-03-31", 2), lot("C", "2026-10-31", 3)];
    let said = |expiry: SaidExpiry| {
        let found = Which::Expiring(expiry).one_of(&product, &lots).cloned();
        found.map(|lot| lot_text(lot.lot.as_ref()).to_owned()).map_err(|refusal| refusal.what)
    };
    let day = |day: &str| SaidExpiry::from(day.parse::<Expiry>().unwrap());
    assert_eq!(said(day("2026-10-31")), Ok("C".to_owned()));
    let two = said(SaidExpiry::month("2027-03-31".parse().unwrap())).unwrap_err();
    assert!(two.contains("is not clear"), "{two}");
    let none = said(day("2027-03-01")).unwrap_err();
    assert!(none.contains("of its lots C expires 2026-10-31, A expires 2027-03-15"), "{none}");
    assert!(Which::Any.one_of(&product, &lots[..1]).is_err(), "a product is no lot");
}

#[test]
fn what_no_command_takes_is_told_before_it_is_tried() {
    let sku: Sku = "CART-12".parse().unwrap();
    let told = |text: &str, sku: Option<&Sku>| -> Vec<(Why, String)> {
        let scan = read(text, &ScanSettings::default(), Today::in_year(2026));
        declined(&scan, sku).into_iter().map(|refused| (refused.why, refused.words)).collect()
    };
    let label = "(01)09504000059118(10)";
    for word in ["NONE", "none", "nOnE"] {
        let lot = told(&format!("{label}{word}"), Some(&sku));
        let words = word.parse::<Lot>().unwrap_err().to_string();
        assert_eq!(lot, [(Why::WrongLot, words)]);
        let serial = told(&format!("{label}A(21){word}"), Some(&sku));
        assert_eq!(serial[0].0, Why::WrongSerial);
    }
    assert_eq!(told(&format!("{label}A"), Some(&sku)), []);
    let whys =
        |text: &str, sku| told(text, sku).into_iter().map(|(why, _)| why).collect::<Vec<_>>();
    assert_eq!(whys(&format!("{label}NONE"), None), [Why::UnknownGtin, Why::WrongLot]);
    assert_eq!(whys("(00)006141411234567890", None), [Why::NoGtin]);
    assert_eq!(whys("+A123BJC5D6E71G", None), [Why::NoGtin]);
    assert_eq!(whys(&format!("{label}A(17)990101"), Some(&sku)), [Why::Expired]);
    assert_eq!(whys("(01)09504000059119", None), [], "its own error says enough");
}

#[test]
fn a_number_that_is_known_means_what_lies_where_the_book_last_saw_it() {
    let (product, today) = (product(UseKind::Multi), "2026-11-22".parse().unwrap());
    let (lot, serial) = (lot("A", "2027-03-31", 1), "T1".parse().unwrap());
    let pack = product.pack.parts();
    let id = opened(1, Some("2026-11-20"));
    let tube = Place::Container(id.id);
    let holdings = [
        Holding { place: tube.clone(), lot: lot.clone(), opened: Some(id), parts: 20 },
        Holding {
            place: "stockroom".parse().unwrap(),
            lot: lot.clone(),
            opened: None,
            parts: pack,
        },
    ];
    let against = |place: Option<&Place>, holdings: &[Holding], pieces: &Pieces| -> Vec<Why> {
        let known = place.map(|place| (lot.lot.clone(), place.clone()));
        let serial = Some(Piece::new(&serial, known.as_ref()));
        let label = Label { lot: Some(lot.lot.as_ref()), serial, ..Label::default() };
        let found = refusals(&product, label, Some(&lot), (holdings, pieces), today);
        found.into_iter().map(|refused| refused.why).collect()
    };
    let none = Pieces::default();
    assert_eq!(against(Some(&holdings[1].place), &holdings, &none), []);
    assert_eq!(against(Some(&tube), &holdings, &none), [Why::DiscardBy]);
    assert_eq!(against(Some(&tube), &holdings[1..], &none), [Why::NothingLeft], "it is empty");
    // One that was never seen is not open, and none of those that came in by number.
    assert_eq!(against(None, &holdings, &none), []);
    assert_eq!(against(None, &holdings[..1], &none), [Why::NothingLeft]);
    let numbered = Pieces::from_iter([(lot.lot.clone(), holdings[1].place.clone(), 1)]);
    assert_eq!(against(None, &holdings, &numbered), [Why::UnknownSerial]);
}
