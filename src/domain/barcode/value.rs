//! Checks the value of one application identifier.

use super::boundary::Boundary;
use super::charset::Charset;
use super::check::{check_digit, check_pair, ends_in_check_digit};
use super::country::is_country;
use super::date::{Today, Written, pair, yymmdd};
use super::excerpt::{character, excerpt};
use super::identifier::{Derived, Identifier, Index};
use super::part::{Part, Rule};
use super::problem::{Code, Problem};

/// What to do about a label that contradicts itself.
pub(super) const SCAN_AGAIN: &str = "scan it again; if it reads the same, the label is wrong: \
    type in what is printed beside the code and tell the supplier";

const SEPARATOR: &str = "set the scanner up to send the separator GS (see docs/barcodes.md), \
    or compare what was typed with the text printed beside the code";

const SPACES: &str = "leave out spaces that were typed: they are printed for people; \
    if the scanner sends one in place of the separator, name it in the settings \
    (see docs/barcodes.md)";

const SIX_DIGITS: &str = "write a date in the six digits that the code holds, \
    such as 270331 for 2027-03-31";

const STAND_IN: &str = "scan it again; if the scanner sends this in place of the separator, \
    name it in the settings (see docs/barcodes.md)";

/// Where a value stands in the scanned text.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The byte position of its first character.
    pub start: usize,
    /// Whether the value is that stretch of the text itself. If it was decoded from it, problems
    /// point at its start.
    pub verbatim: bool,
}

impl Place {
    fn of(self, offset: usize) -> usize {
        if self.verbatim { self.start + offset } else { self.start }
    }
}

/// Adds what is wrong with a value, and says whether it can be used.
pub(super) fn check(
    index: Index,
    value: &str,
    place: Place,
    today: Today,
    problems: &mut Vec<Problem>,
) -> bool {
    let (identifier, known) = (index.get(), problems.len());
    problems.extend(check_length(index, value, place));
    problems.extend(check_characters(identifier, value, place));
    if problems.len() > known {
        return false;
    }
    let mut from = 0;
    for part in identifier.parts {
        let until = value.len().min(from + part.max);
        if part.optional && from == until {
            continue;
        }
        let found = check_part(identifier, part, value, from, until, place, today);
        if let Some(problem) = found {
            let usable = problem.code == Code::DayZero;
            problems.push(problem);
            if !usable {
                return false;
            }
        }
        from = until;
    }
    true
}

fn check_length(index: Index, value: &str, place: Place) -> Option<Problem> {
    let Derived { min, max, .. } = *index.derived();
    if (min..=max).contains(&value.len()) {
        return None;
    }
    let Identifier { code, title, .. } = index.get();
    let needs = if min == max { format!("{min}") } else { format!("{min} to {max}") };
    let problem = |code, at, message, remedy: &'static str| {
        Some(Problem { code, at, message, remedy: remedy.into() })
    };
    if value.is_empty() {
        let message = format!("({code}) {title} has no value");
        problem(Code::EmptyValue, place.start, message, SCAN_AGAIN)
    } else if value.len() < min {
        let message = format!(
            "({code}) {title} '{}' has {}, and needs {needs}",
            excerpt(value),
            characters(value)
        );
        problem(Code::TooShort, place.start, message, SCAN_AGAIN)
    } else {
        let at = place.of(value.floor_boundary(max));
        let message = format!(
            "({code}) {title} '{}' has {}, and takes {needs}",
            excerpt(value),
            characters(value)
        );
        let remedy = if value.contains(' ') { SPACES } else { SEPARATOR };
        problem(Code::TooLong, at, message, remedy)
    }
}

/// How many characters a value has, in words.
fn characters(value: &str) -> String {
    match value.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}

/// Finds the first character that its part may not hold. What is too long is looked at as far as
/// the value may reach.
fn check_characters(identifier: &Identifier, value: &str, place: Place) -> Option<Problem> {
    let mut from = 0;
    for part in identifier.parts {
        let until = value.len().min(from + part.max);
        if let Some(offset) = part.charset.first_outside(&value.as_bytes()[from..until]) {
            return Some(wrong_character(identifier, part, value, from + offset, place));
        }
        from = until;
    }
    None
}

fn wrong_character(
    identifier: &Identifier,
    part: &Part,
    value: &str,
    offset: usize,
    place: Place,
) -> Problem {
    let Identifier { code, title, .. } = identifier;
    let wrong = value[offset..].chars().next().map_or_else(String::new, character);
    let (shown, may_stand) = (excerpt(value), part.charset.name());
    let remedy = match (part.charset, part.rule) {
        _ if value[offset..].starts_with(' ') => SPACES,
        (Charset::Digits, Rule::Date | Rule::Day) => SIX_DIGITS,
        (Charset::Digits, _) => SCAN_AGAIN,
        (Charset::Text, _) => STAND_IN,
    };
    Problem {
        code: Code::WrongCharacter,
        at: place.of(offset),
        message: format!("({code}) {title} '{shown}' has {wrong} where only {may_stand} may stand"),
        remedy: remedy.into(),
    }
}

/// Checks the characters `from..until` of a value, all ASCII, as one of its parts.
fn check_part(
    identifier: &Identifier,
    part: &Part,
    value: &str,
    from: usize,
    until: usize,
    place: Place,
    today: Today,
) -> Option<Problem> {
    let Identifier { code: number, title, .. } = identifier;
    if until - from < part.min {
        return Some(Problem {
            code: Code::TooShort,
            at: place.of(from),
            message: format!("({number}) {title} '{value}' ends inside one of its parts"),
            remedy: SCAN_AGAIN.into(),
        });
    }
    let (code, said) = check_rule(part.rule, &value[from..until], today)?;
    let remedy = match code {
        Code::DayZero => "compare the date printed on the label",
        _ => SCAN_AGAIN,
    };
    let message = format!("({number}) {title} {said}");
    Some(Problem { code, at: place.of(from), message, remedy: remedy.into() })
}

/// What is wrong with a part whose characters and length are right: the code, and the sentence
/// after the identifier's name.
fn check_rule(rule: Rule, part: &str, today: Today) -> Option<(Code, String)> {
    let bytes = part.as_bytes();
    match rule {
        Rule::Any => None,
        Rule::CheckDigit if ends_in_check_digit(bytes) => None,
        Rule::CheckDigit => {
            let (last, rest) = bytes.split_last()?;
            let (found, expected) = (char::from(*last), char::from(check_digit(rest)));
            let said = format!("{part} ends in check digit {found}, and {expected} would fit");
            Some((Code::WrongCheckDigit, said))
        }
        Rule::Date | Rule::Day => match yymmdd(bytes, today) {
            Written::Day(_) => None,
            Written::MonthOnly(day) if rule == Rule::Date => {
                Some((Code::DayZero, format!("{part} leaves the day open: read as {day}")))
            }
            Written::MonthOnly(_) | Written::Nothing => {
                Some((Code::InvalidDate, format!("{part} is no day of the calendar (YYMMDD)")))
            }
        },
        Rule::HourMinute => time(pair(bytes, 0)? < 24 && pair(bytes, 2)? < 60, part),
        Rule::Hour => time(pair(bytes, 0)? < 24, part),
        Rule::Sixtieth => time(pair(bytes, 0)? < 60, part),
        Rule::Country if is_country(bytes) => None,
        Rule::Country => {
            let said = format!("{part} is no country number of ISO 3166-1");
            Some((Code::UnknownCountry, said))
        }
        Rule::Zero if part == "0" => None,
        Rule::Zero => {
            Some((Code::MissingZero, format!("begins with {part}, and 0 must stand there")))
        }
        Rule::PieceOfTotal => {
            let (piece, total) = (pair(bytes, 0)?, pair(bytes, 2)?);
            let said = format!("says piece {piece} of {total}");
            (piece == 0 || piece > total).then_some((Code::WrongPiece, said))
        }
        Rule::CompanyPrefix => company_prefix(part),
        Rule::ModelNumber => model_number(part).or_else(|| company_prefix(part)),
    }
}

fn time(right: bool, part: &str) -> Option<(Code, String)> {
    (!right).then(|| (Code::InvalidTime, format!("has {part}, which is no time of day")))
}

/// The shortest company prefix has four digits; which are given out is not looked up.
fn company_prefix(part: &str) -> Option<(Code, String)> {
    let begins = part.as_bytes().get(..4).is_some_and(|four| four.iter().all(u8::is_ascii_digit));
    let said = format!("'{part}' does not begin with the four digits of a company prefix");
    (!begins).then_some((Code::WrongCompanyPrefix, said))
}

fn model_number(part: &str) -> Option<(Code, String)> {
    let Some((data, pair)) = part.as_bytes().split_last_chunk::<2>() else {
        return Some((
            Code::TooShort,
            format!("'{part}' is shorter than its two check characters"),
        ));
    };
    let expected = check_pair(data)?;
    if *pair == expected {
        return None;
    }
    let said = format!(
        "'{part}' ends in check characters {}, and {} would fit",
        pair.escape_ascii(),
        expected.escape_ascii()
    );
    Some((Code::WrongCheckCharacter, said))
}
