//! What is said of facts with names, such as `--attr depth=2`: each once, and nothing is taken away
//! that is not there.

use std::fmt::Display;

use crate::domain::refusal::Refusal;

/// What is said twice of one name must be said alike.
pub fn said_once<K, V>(flag: &str, said: &[(K, Option<V>)]) -> Result<(), Refusal>
where
    K: PartialEq + Display,
    V: PartialEq + Display,
{
    let words = |value: &Option<V>| match value {
        None => "nothing".to_owned(),
        Some(value) => value.to_string(),
    };
    for (place, (name, value)) in said.iter().enumerate() {
        let before = said[..place].iter().find(|(known, _)| known == name);
        if let Some((_, before)) = before.filter(|(_, before)| before != value) {
            let (first, second) = (words(before), words(value));
            return Err(Refusal::new(format!(
                "--{flag} says twice what {name} is: {first}, and {second}"
            ))
            .hint("say it once"));
        }
    }
    Ok(())
}

/// What is taken away must be there: a slip in its name would change nothing and look done.
pub fn check_taken_away<K: Display, V>(
    (of, flag): (&str, &str),
    said: &[(K, Option<V>)],
    has: impl Fn(&K) -> bool,
    hint: impl Into<String>,
) -> Result<(), Refusal> {
    match said.iter().find(|(name, value)| value.is_none() && !has(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let what = format!("{of} has no {flag} {name} to take away");
            Err(Refusal::new(what).hint(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_itself_is_refused_with_both_values() {
        let refusal = said_once("attr", &[("a", Some(1)), ("b", None), ("a", Some(2))]);
        assert_eq!(refusal.unwrap_err().what, "--attr says twice what a is: 1, and 2");
        let refusal = said_once("limit", &[("a", Some(1)), ("a", None)]);
        assert_eq!(refusal.unwrap_err().what, "--limit says twice what a is: 1, and nothing");
        assert!(said_once("attr", &[("a", Some(1)), ("a", Some(1))]).is_ok());
    }

    #[test]
    fn only_what_is_there_is_taken_away() {
        let said = [("a", None), ("b", Some(1))];
        assert!(check_taken_away(("X", "attr"), &said, |name| *name == "a", "").is_ok());
        let refusal = check_taken_away(("X", "attr"), &said, |_| false, "look").unwrap_err();
        assert_eq!(refusal.what, "X has no attr a to take away");
    }
}
