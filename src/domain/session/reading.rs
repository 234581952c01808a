//! Whether a number can be a reading at all. What can't be true is refused whatever a rule allows:
//! `--despite` is for what was really done, not for what was mistyped.

use rust_decimal::Decimal;

use crate::domain::id::FieldName;
use crate::domain::protocol::Protocol;
use crate::domain::protocol::rule::Limit;
use crate::domain::refusal::Refusal;

/// No reading of a session is larger, in any unit.
const READING_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Units that go below 0.
const BELOW_ZERO: [&str; 1] = ["celsius"];

/// A count is whole, nothing but a temperature is below 0, and a device is set within its range and
/// in its steps only.
pub(super) fn check_number(
    protocol: &Protocol,
    name: &FieldName,
    number: Decimal,
    unit: Option<&str>,
) -> Result<(), Refusal> {
    if unit.is_none() && (number.is_sign_negative() || !number.fract().is_zero()) {
        return Err(Refusal::new(format!("{name}={number} can't be counted"))
            .hint(format!("write {name}= and a whole number, 0 or more")));
    }
    let is_below = number.is_sign_negative() && unit.is_none_or(|unit| !BELOW_ZERO.contains(&unit));
    if is_below || number.abs() > READING_MAX {
        let shown = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
        return Err(Refusal::new(format!("{name}={number}{shown} can't be read from anything"))
            .hint(format!("look again, and write {name}= and what was read")));
    }
    match protocol.limits.get(name).filter(|limit| limit.unit.as_deref() == unit) {
        Some(limit) => check_device(name, number, limit),
        None => Ok(()),
    }
}

fn check_device(name: &FieldName, number: Decimal, limit: &Limit) -> Result<(), Refusal> {
    let unit = limit.unit.as_deref().unwrap_or_default();
    if !limit.span.holds(number) {
        return Err(Refusal::new(format!("{name}={number} {unit} is beyond the device"))
            .why(format!("it goes {} {unit}, so this can't have been read from it", limit.span))
            .hint(format!("look again, and write {name}= and what was read")));
    }
    let Some(step) = limit.step.filter(|step| !step.is_zero()) else { return Ok(()) };
    let over = number.checked_rem(step).unwrap_or_default();
    if over.is_zero() {
        return Ok(());
    }
    let below = number - over;
    let refusal = Refusal::new(format!("{name}={number} {unit} is no step of the device"))
        .why(format!("it is set in steps of {} {unit}", step.normalize()));
    let (low, high) = (below.normalize(), (below + step).normalize());
    Err(refusal.hint(format!("look again: the nearest are {name}={low} and {name}={high}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::parse;
    use crate::domain::protocol::shipped::shipped;

    #[test]
    fn what_no_device_and_no_clock_shows_is_no_reading() {
        let (protocol, _) = parse(shipped("acne-scars-face").unwrap().text);
        let protocol = protocol.unwrap();
        let check = |name: &str, number: &str, unit: Option<&str>| {
            let number = number.parse().unwrap();
            check_number(&protocol, &name.parse().unwrap(), number, unit)
                .map_err(|refusal| refusal.what)
        };
        for good in ["0", "0.25", "2.5"] {
            assert_eq!(check("depth", good, Some("mm")), Ok(()));
        }
        for bad in ["-1", "-0.25", "2.75", "1000000000000000000000", "0.3"] {
            assert!(check("depth", bad, Some("mm")).is_err(), "{bad}");
        }
        for (number, unit) in [("-1", None), ("1.5", None), ("-0.1", Some("g")), ("1000001", None)]
        {
            assert!(check("other", number, unit).is_err(), "{number}");
        }
        assert_eq!(check("other", "1000000", None), Ok(()));
        assert_eq!(check("other", "-4", Some("celsius")), Ok(()));
    }
}
