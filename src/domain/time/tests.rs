//! Days, moments, lengths and zones, read and printed.

use super::*;

#[test]
fn what_is_no_day_and_what_is_too_old_say_so() {
    let at = |text: &str| berlin().read_moment(text, Instant::EARLIEST).unwrap_err();
    assert_eq!(at("2027-02-30"), TimeError::NotADay("2027-02-30".into()));
    assert_eq!(at("2027-02-28"), TimeError::NotATime("2027-02-28".into()));
    let expiry = |text: &str| text.parse::<Expiry>().unwrap_err();
    assert_eq!(expiry("1999-01"), TimeError::OutOfRange("1999-01".into()));
    assert_eq!(expiry("2027-13"), TimeError::NotAnExpiry("2027-13".into()));
}

fn berlin() -> Zone {
    Zone::new("Europe/Berlin").unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-22T10:15:03.120Z").unwrap()
}

#[test]
fn an_instant_always_prints_three_digits() {
    for text in ["2026-11-22T10:15:03.120Z", "2026-11-22T10:15:03.000Z"] {
        assert_eq!(Instant::parse(text).unwrap().to_string(), text);
    }
    for bad in [
        "2026-11-22T10:15:03Z",
        "2026-11-22T10:15:03.12Z",
        "2026-11-22T11:15:03.120+01:00",
        "1999-12-31T23:59:59.999Z",
        "x",
        "",
    ] {
        assert!(Instant::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_moment_keeps_the_offset_it_was_written_with() {
    for text in
        ["2026-11-22T11:14:00+01:00", "2026-07-01T00:30:00-09:30", "2026-11-22T11:14:00+00:00"]
    {
        assert_eq!(Moment::parse(text).unwrap().to_string(), text);
    }
    let late = Moment::parse("2026-11-22T00:30:00+01:00").unwrap();
    assert_eq!(late.day().to_string(), "2026-11-22");
    for bad in [
        "2026-11-22T11:14:00Z",
        "2026-11-22T11:14:00.5+01:00",
        "2026-02-30T11:14:00+01:00",
        "2026-11-22T11:14:00+1:00",
        "2026-11-22T11:14:00-00:00",
        "",
    ] {
        assert!(Moment::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn times_are_read_as_people_write_them() {
    let zone = berlin();
    for (written, meant) in [
        ("10:40", "2026-11-22T10:40:00+01:00"),
        ("yesterday 16:00", "2026-11-21T16:00:00+01:00"),
        ("2026-07-01 9:05", "2026-07-01T09:05:00+02:00"),
        ("2026-11-22T09:00:00Z", "2026-11-22T10:00:00+01:00"),
    ] {
        assert_eq!(zone.read_moment(written, now()).unwrap().to_string(), meant);
    }
    for bad in [
        "25:00",
        "10:60",
        "10",
        "tomorrow 10:00",
        "2027-02-30 10:00",
        "",
        "10:4",
        "2027-02-30T10:00:00Z",
    ] {
        assert!(zone.read_moment(bad, now()).is_err(), "{bad}");
    }
}

#[test]
fn a_local_time_that_summer_time_doubles_or_skips_is_refused_with_both_readings() {
    let zone = berlin();
    let said = |text| {
        let error = zone.read_moment(text, now()).unwrap_err();
        format!("{error}: {}", error.hint())
    };
    let twice = said("2026-10-25 02:30");
    assert!(
        twice.contains("2026-10-25T02:30:00+02:00") && twice.contains("2026-10-25T02:30:00+01:00"),
        "{twice}"
    );
    let never = said("2027-03-28 02:30");
    assert!(
        never.contains("does not exist") && never.contains("2027-03-28T03:30:00+02:00"),
        "{never}"
    );
}

#[test]
fn an_expiry_of_a_month_is_its_last_day() {
    for (written, meant) in [
        ("2027-02", "2027-02-28"),
        ("2028-02", "2028-02-29"),
        ("2027-03-31", "2027-03-31"),
        ("none", "none"),
    ] {
        assert_eq!(written.parse::<Expiry>().unwrap().to_string(), meant);
    }
    for bad in ["2027-02-30", "2027-13", "2027", "", "27-03", "1999-01"] {
        assert!(bad.parse::<Expiry>().is_err(), "{bad}");
    }
}

#[test]
fn a_lot_may_be_used_through_the_end_of_its_expiry_day() {
    let expiry: Expiry = "2028-02-29".parse().unwrap();
    assert!(!expiry.is_past("2028-02-29".parse().unwrap()));
    assert!(expiry.is_past("2028-03-01".parse().unwrap()));
    let zone = berlin();
    let last: Day = "2026-10-25".parse().unwrap();
    assert_eq!(zone.end_of(last).to_string(), "2026-10-25T23:59:59+01:00");
    assert_eq!(zone.start_of(last).to_string(), "2026-10-25T00:00:00+02:00");
}

#[test]
fn durations_count_seconds_or_calendar_days() {
    assert_eq!("90d".parse::<Length>().unwrap(), Length::Days(90));
    assert_eq!("6 weeks".parse::<Length>().unwrap(), Length::Days(42));
    assert_eq!("20 min".parse::<Length>().unwrap(), Length::Seconds(1200));
    for bad in ["", "d", "-1d", "1.5 h", "9999999999999999999d", "3 fortnights"] {
        assert!(bad.parse::<Length>().is_err(), "{bad}");
    }
}

#[test]
fn days_are_counted_by_the_calendar() {
    let first: Day = "2026-02-27".parse().unwrap();
    assert_eq!(first.plus_days(2).to_string(), "2026-03-01");
    assert_eq!(first.days_until("2027-02-27".parse().unwrap()), 365);
    assert_eq!(first.days_until(first.plus_days(-28)), -28);
    assert_eq!(first.plus_days(i64::MAX).to_string(), "9999-12-31");
}

#[test]
fn the_first_and_the_last_instant_read_back_in_every_offset() {
    for edge in [Instant::EARLIEST, Instant::LATEST] {
        assert_eq!(Instant::parse(&edge.to_string()), Ok(edge));
        for offset in [-1439, -720, 0, 840, 1439] {
            let moment = Moment::new(edge.seconds(), offset).unwrap();
            let year = if edge == Instant::EARLIEST { ["1999", "2000"] } else { ["9999", "9999"] };
            let text = moment.to_string();
            assert!(year.contains(&&text[..4]), "{text}");
            assert_eq!(Moment::parse(&text), Ok(moment));
        }
    }
}
