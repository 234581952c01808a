//! The truth table of usability.

use super::*;

fn stockroom() -> Place {
    "stockroom".parse().unwrap()
}

#[test]
fn a_lot_is_usable_through_the_last_minute_of_its_expiry_day_wherever_the_clinic_is() {
    // Zone, expiry, a time, and whether the lot may be used then.
    let table = [
        ("Europe/Berlin", "2026-10-31", "2026-10-31 00:00", true),
        ("Europe/Berlin", "2026-10-31", "2026-10-31 23:59:59", true),
        ("Europe/Berlin", "2026-10-31", "2026-11-01 00:00", false),
        // The month's last day, the leap day, and the year that has none.
        ("Europe/Berlin", "2028-02", "2028-02-29 23:59", true),
        ("Europe/Berlin", "2028-02", "2028-03-01 00:00", false),
        ("Europe/Berlin", "2028-02-28", "2028-02-29 00:00", false),
        ("Europe/Berlin", "2027-02", "2027-02-28 23:59", true),
        ("Europe/Berlin", "2027-02", "2027-03-01 00:00", false),
        ("Europe/Berlin", "2026-12-31", "2027-01-01 00:00", false),
        // The days of 25 and of 23 hours.
        ("Europe/Berlin", "2026-10-25", "2026-10-25 23:59", true),
        ("Europe/Berlin", "2026-10-25", "2026-10-26 00:00", false),
        ("Europe/Berlin", "2027-03-28", "2027-03-28 23:59", true),
        ("Europe/Berlin", "2027-03-28", "2027-03-29 00:00", false),
        // Summer time that begins at midnight: this day has no 00:00.
        ("Africa/Cairo", "2026-04-23", "2026-04-23 23:59", true),
        ("Africa/Cairo", "2026-04-23", "2026-04-24 01:00", false),
        // Far east, far west, and where the offset is no whole hour.
        ("Pacific/Kiritimati", "2026-10-31", "2026-10-31 23:59", true),
        ("Pacific/Kiritimati", "2026-10-31", "2026-11-01 00:00", false),
        ("America/Los_Angeles", "2026-10-31", "2026-10-31 23:59", true),
        ("America/Los_Angeles", "2026-10-31", "2026-11-01 00:00", false),
        ("Asia/Kathmandu", "2026-10-31", "2026-10-31 23:59", true),
        ("Asia/Kathmandu", "2026-10-31", "2026-11-01 00:00", false),
        ("Europe/Berlin", "none", "9999-12-29 23:59", true),
    ];
    for (zone, expiry, time, may) in table {
        let (lot, day) = (lot("A", expiry, 1), at(zone, time).day());
        let judged = usable(&product(UseKind::Multi), &lot, None, &stockroom(), day);
        let expected = match lot.expiry.0.filter(|_| !may) {
            Some(last) => Err(Fault::Expired(last)),
            None => Ok(()),
        };
        let judged = judged.map_err(|unusable| unusable.first().clone());
        assert_eq!(judged, expected, "{zone}: expiry {expiry} at {time}");
    }
}

#[test]
fn both_hours_that_summer_time_doubles_belong_to_the_same_day() {
    for offset in ["+02:00", "+01:00"] {
        let twice = Moment::parse(&format!("2026-10-25T02:30:00{offset}")).unwrap();
        let lot = lot("A", "2026-10-25", 1);
        let judged = usable(&product(UseKind::Multi), &lot, None, &stockroom(), twice.day());
        assert_eq!(judged, Ok(()));
    }
}

#[test]
fn a_container_is_usable_through_the_last_minute_of_its_discard_by() {
    let (product, lot) = (product(UseKind::Multi), lot("A", "2027-03-31", 1));
    for (discard_by, time, may) in [
        (Some("2026-11-29"), "2026-11-29 23:59:59", true),
        (Some("2026-11-29"), "2026-11-30 00:00", false),
        (Some("2028-02-29"), "2027-03-31 23:59", true),
        (None, "2027-03-31 23:59", true),
    ] {
        let container = opened(7, discard_by);
        let place = Place::Container(container.id);
        let day = at("Europe/Berlin", time).day();
        let judged = usable(&product, &lot, Some(&container), &place, day);
        let last = container.discard_by;
        let expected = last.filter(|_| !may).map_or(Ok(()), |last| Err(Fault::DiscardBy(last)));
        let judged = judged.map_err(|unusable| unusable.first().clone());
        assert_eq!(judged, expected, "discard by {discard_by:?} at {time}");
    }
}

#[test]
fn a_container_past_its_label_was_opened_too_long_only_where_its_own_day_was_earlier() {
    let (product, lot) = (product(UseKind::Multi), lot("A", "2026-10-31", 1));
    let expired = Fault::Expired("2026-10-31".parse().unwrap());
    for (discard_by, faults) in [
        ("2026-10-31", vec![expired.clone()]),
        ("2026-10-20", vec![expired, Fault::DiscardBy("2026-10-20".parse().unwrap())]),
    ] {
        let container = opened(7, Some(discard_by));
        let place = Place::Container(container.id);
        let day = "2026-11-02".parse().unwrap();
        let unusable = usable(&product, &lot, Some(&container), &place, day).unwrap_err();
        assert_eq!(unusable.faults().cloned().collect::<Vec<_>>(), faults);
    }
}

#[test]
fn opening_can_only_shorten_life() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    for (life, expiry, opened, expected) in [
        (Some("28d"), "2027-03-31", "2026-11-02", Some("2026-11-30")),
        (Some("28d"), "2026-11-20", "2026-11-02", Some("2026-11-20")),
        (Some("28d"), "none", "2028-02-01", Some("2028-02-29")),
        (Some("24 h"), "none", "2026-11-02", Some("2026-11-03")),
        (Some("4 h"), "none", "2026-11-02", Some("2026-11-02")),
        (None, "2027-03-31", "2026-11-02", Some("2027-03-31")),
        (None, "none", "2026-11-02", None),
        // A container opened from a lot that is past its day is past it from the start.
        (Some("28d"), "2026-10-31", "2026-11-02", Some("2026-10-31")),
    ] {
        let mut product = product(UseKind::Multi);
        product.opened_life = life.map(|life| life.parse().unwrap());
        let expiry = expiry.parse().unwrap();
        assert_eq!(discard_by(&product, expiry, day(opened)), expected.map(day));
    }
}

#[test]
fn what_is_held_retired_or_set_apart_is_not_usable_whatever_its_dates() {
    let fresh = "2026-11-02".parse().unwrap();
    let judge = |product: &Product, lot: &LotState, place: &Place| {
        let unusable = usable(product, lot, None, place, fresh).unwrap_err();
        unusable.faults().cloned().collect::<Vec<_>>()
    };
    let good = lot("A", "2027-03-31", 1);
    for status in [LotStatus::Held, LotStatus::Recalled, LotStatus::Disposed] {
        let lot = LotState { status, ..good.clone() };
        let why = judge(&product(UseKind::Single), &lot, &stockroom());
        assert_eq!(why, [Fault::Status(status)]);
    }
    let why = judge(&product(UseKind::Single), &good, &Place::Quarantine);
    assert_eq!(why, [Fault::Quarantine]);
    let retired = Product { retired: true, ..product(UseKind::Single) };
    assert_eq!(judge(&retired, &good, &stockroom()), [Fault::Retired]);
    // All reasons are told, and the one that no --despite lifts first.
    let old = LotState { status: LotStatus::Recalled, ..lot("A", "2026-01-31", 1) };
    let all = judge(&retired, &old, &Place::Quarantine);
    let (recalled, expired) = (Fault::Status(LotStatus::Recalled), "2026-01-31".parse().unwrap());
    assert_eq!(all, [Fault::Retired, recalled, Fault::Quarantine, Fault::Expired(expired)]);
}

#[test]
fn only_what_the_book_can_name_may_be_used_despite_it() {
    let day = "2026-10-31".parse().unwrap();
    for (why, word, told) in [
        (Fault::Expired(day), Some("expired"), "expired on 2026-10-31"),
        (Fault::DiscardBy(day), Some("discard-by"), "was to be discarded after 2026-10-31"),
        (Fault::Status(LotStatus::Recalled), Some("held"), "is recalled"),
        (Fault::Quarantine, Some("held"), "is in quarantine"),
        (Fault::Retired, None, "is of a retired product"),
    ] {
        assert_eq!(why.recorded().map(|fault| fault.as_str()), word);
        assert_eq!(why.to_string(), told);
    }
}
