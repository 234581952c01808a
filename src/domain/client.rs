//! Client references: one is written in one way, and none says who somebody is.

use crate::domain::id::ClientRef;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// Whether a reference may be taken into use; `alike` are those of the book that are the same
/// whatever their case. Two that differ only in case would split one client in two, and a recall
/// would find only one of them.
pub fn check_new(client: &ClientRef, alike: &[ClientRef]) -> Result<(), Refusal> {
    if alike.contains(client) {
        return Err(Refusal::new(format!("the reference {client} is in use already"))
            .hint("start a session with it, or take another"));
    }
    match alike.first() {
        Some(known) => Err(Refusal::new(format!("the book knows this client as {known}"))
            .why(format!("{client} differs from it only in upper and lower case"))
            .hint(format!("write --client {}", quote(known.as_str())))),
        None => Ok(()),
    }
}

/// The refusal of a reference that the book does not know, where one is needed.
pub fn unknown(client: &ClientRef, alike: &[ClientRef]) -> Refusal {
    let refusal = Refusal::new(format!("the book does not know the client {client}"));
    match alike.first() {
        Some(known) => refusal
            .why(format!("it knows {known}, which differs only in upper and lower case"))
            .hint(format!("write --client {}", quote(known.as_str()))),
        None => refusal.hint(format!(
            "take the reference into use: lotbook client new {}",
            quote(client.as_str())
        )),
    }
}

/// Where a filter finds nothing of a reference, what to write for one that is known in another
/// case.
pub fn in_another_case(alike: &[ClientRef]) -> Option<String> {
    alike.first().map(|known| format!("write --client {}", quote(known.as_str())))
}

/// What is said of a reference that is plainly the date or the telephone number of somebody.
pub fn says_who(client: &ClientRef) -> Option<String> {
    let looks = match client.as_str() {
        text if is_date(text) => "a date, such as that of a birth",
        text if is_phone(text) => "a telephone number",
        _ => return None,
    };
    Some(format!("{client} looks like {looks}: a reference should not say who somebody is"))
}

/// Three numbers between two dots, strokes or hyphens, of which one is a year.
fn is_date(text: &str) -> bool {
    ['.', '-', '/'].into_iter().any(|between| {
        let parts: Vec<&str> = text.split(between).collect();
        let [first, second, third] = parts[..] else { return false };
        let is_year = |text: &str| {
            text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1900..=2100).contains(&year))
        };
        let in_range = |text: &str, most| {
            (1..=2).contains(&text.len())
                && text.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
        };
        let is_day = |one, two| {
            in_range(one, 12) && in_range(two, 31) || in_range(one, 31) && in_range(two, 12)
        };
        is_year(first) && is_day(second, third) || is_year(third) && is_day(first, second)
    })
}

/// A number as the world dials it: `+49-30-1234567`.
fn is_phone(text: &str) -> bool {
    let Some(number) = text.strip_prefix('+') else { return false };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && number.chars().all(|letter| letter.is_ascii_digit() || "-/.()".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(text: &str) -> ClientRef {
        text.parse().unwrap()
    }

    #[test]
    fn two_references_never_differ_only_in_case() {
        let known = [client("P-200")];
        let refusal = check_new(&client("p-200"), &known).unwrap_err();
        assert_eq!(refusal.what, "the book knows this client as P-200");
        assert_eq!(refusal.hints, ["write --client P-200"]);
        assert!(check_new(&client("P-200"), &known).is_err(), "in use already");
        assert_eq!(check_new(&client("P-201"), &[]), Ok(()));
        // A book from before this rule may hold both.
        let both = [client("E1"), client("e1")];
        assert_eq!(
            check_new(&client("e1"), &both).unwrap_err().what,
            "the reference e1 is in use already"
        );
    }

    #[test]
    fn an_unknown_reference_is_never_said_to_be_new_where_one_is_known_in_another_case() {
        let refusal = unknown(&client("p-200"), &[client("P-200")]);
        assert_eq!(refusal.hints, ["write --client P-200"]);
        let said = in_another_case(&[client("P-200")]);
        assert_eq!(said.as_deref(), Some("write --client P-200"));
        let refusal = unknown(&client("p-200"), &[]);
        assert_eq!(refusal.hints, ["take the reference into use: lotbook client new p-200"]);
    }

    #[test]
    fn a_reference_that_says_who_somebody_is_is_told() {
        for who in ["1980-05-12", "12.05.1980", "5/12/1980", "1.5.1980", "+49-30-1234567"] {
            assert!(says_who(&client(who)).is_some(), "{who}");
        }
        for plain in ["C-7F3K9QWX", "P-200", "19800512", "2026-0113", "1-2-3", "+A1", "13.13.1980"]
        {
            assert_eq!(says_who(&client(plain)), None, "{plain}");
        }
    }
}
