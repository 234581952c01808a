//! Typed ids. Each has one constructor, which checks its shape, so that a value of the type is
//! always well formed.

use std::fmt;
use std::str::FromStr;

use crate::domain::shown::shown;

/// Why a text is not an id, with the text itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {}: {why}", with_article(what))]
pub struct IdError {
    /// What was asked for: "SKU", "place", "session id" ...
    pub what: &'static str,
    /// The text that was given, with characters that don't print shown as escapes.
    pub text: String,
    /// The rule it breaks.
    pub why: String,
}

impl IdError {
    /// What to do instead.
    pub fn hint(&self) -> &'static str {
        match self.what {
            "SKU" => "see the products: lotbook product list",
            "new SKU" => "write a name that begins with a letter, such as CART-12",
            "place" => "write another name, such as room-1; see the places: lotbook place list",
            "staff id" => "see who is in the book: lotbook staff list",
            "lot" => "write it as it is printed; SKU/none is the stock without a lot",
            "serial number" => "write it as it is printed, or leave it out where there is none",
            "client reference" => "make a random one: lotbook client new",
            "step" | "area" | "rule id" => "see what there is: lotbook protocol show PROTOCOL",
            "protocol" | "protocol id" => "see them: lotbook protocol list",
            "session id" => "see the sessions: lotbook session list",
            "container id" => "see the open ones: lotbook stock --lots",
            "protocol version" => "write the version after the `@`, such as 2026.1",
            _ => "write a name such as depth or strength_percent",
        }
    }
}

/// `a step`, `an area`.
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn refuse(what: &'static str, text: &str, why: impl Into<String>) -> IdError {
    IdError { what, text: shown(text), why: why.into() }
}

/// The longest name of a SKU, place or staff id, in characters.
pub const NAME_MAX: usize = 32;

fn check_name(what: &'static str, text: &str) -> Result<(), IdError> {
    let rule = "it is 1 to 32 letters, digits, `.`, `_` or `-`, and begins with a letter or digit";
    let mut bytes = text.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let goes_on = bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if starts && goes_on && text.len() <= NAME_MAX { Ok(()) } else { Err(refuse(what, text, rule)) }
}

fn check_kebab(what: &'static str, text: &str) -> Result<(), IdError> {
    let words = text.split('-').all(|word| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if words && text.len() <= 64 && text.starts_with(|first: char| first.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err(refuse(
            what,
            text,
            match what {
                "area" => "it is lowercase words joined by `-`, such as `upper-lip`",
                _ => "it is lowercase words joined by `-`, such as `anesthetic-on`",
            },
        ))
    }
}

/// Refuses what would be read as a container or a session: `K-12`, `s-0001`.
fn check_not_numbered(what: &'static str, text: &str) -> Result<(), IdError> {
    let numbered = text
        .get(..2)
        .is_some_and(|start| matches!(start.as_bytes(), [b'K' | b'k' | b'S' | b's', b'-']));
    if numbered && text.len() > 2 && text.bytes().skip(2).all(|byte| byte.is_ascii_digit()) {
        return Err(refuse(what, text, "it would be read as a container or a session"));
    }
    Ok(())
}

/// A text newtype whose constructor checks.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks the text and takes it.
            pub fn new(text: &str) -> Result<Self, IdError> {
                let check: fn(&'static str, &str) -> Result<(), IdError> = $check;
                check($what, text)?;
                Ok(Self(text.into()))
            }

            /// The text as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

text_id! {
    /// What the clinic calls a product. Unique ignoring case; not all digits (that is an entry or
    /// a GTIN) and not like `K-12` or `S-12` (that is a container or a session).
    Sku, "SKU", |what, text| {
        check_name(what, text)?;
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse(what, text, "all digits would be read as an entry or a barcode"));
        }
        check_not_numbered(what, text)
    }
}

text_id! {
    /// A real place of the clinic, such as `stockroom` or `room-1`; not like `K-12` or `S-12`.
    PlaceName, "place", |what, text| {
        check_name(what, text)?;
        let reserved = ["supplier", "opening", "waste", "returned", "variance", "quarantine",
            "container", "session"];
        if reserved.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Err(refuse(what, text, "the name is reserved for the program's own places"));
        }
        check_not_numbered(what, text)
    }
}

text_id! {
    /// A member of staff.
    StaffId, "staff id", check_name
}

text_id! {
    /// The maker's lot text exactly as printed on the pack: text, never a number, with no Unicode
    /// normalisation. Blanks at the ends, NUL and the word `none` are refused; stock without a
    /// lot has no `Lot`.
    Lot, "lot", |what, text| check_printed(what, text)
}

/// A lot as the ledger and people write it: the maker's text, or `none` for stock without a lot.
pub fn lot_text(lot: Option<&Lot>) -> &str {
    lot.map_or("none", Lot::as_str)
}

/// A lot as people ask for it: the maker's text, or `none` for stock without a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotName(pub Option<Lot>);

impl FromStr for LotName {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if text == "none" { Ok(Self(None)) } else { Lot::new(text).map(|lot| Self(Some(lot))) }
    }
}

impl fmt::Display for LotName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(lot_text(self.0.as_ref()))
    }
}

/// The entry that `812` or `#812` names.
pub fn entry_number(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

text_id! {
    /// A serial number exactly as printed. One serial of a product is used at most once.
    Serial, "serial number", |what, text| check_printed(what, text)
}

text_id! {
    /// A client *reference*: random, or the number of the clinic's own practice system. Never a
    /// name: it holds a digit, no blank and no `@`.
    ClientRef, "client reference", |what, text| {
        check_printed(what, text)?;
        if text.contains(char::is_whitespace) || text.contains('@') {
            return Err(refuse(what, text, "it looks like a name or an address; \
                references never identify a person (`lotbook client new` makes one)"));
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(refuse(what, text, "it holds no digit, so it may be a name; \
                `lotbook client new` makes a random one"));
        }
        if text.chars().count() > 64 {
            return Err(refuse(what, text, "it is longer than 64 characters"));
        }
        Ok(())
    }
}

text_id! {
    /// A step of a protocol, in kebab-case.
    StepId, "step", check_kebab
}

text_id! {
    /// A body area as a protocol names it, in kebab-case.
    AreaId, "area", check_kebab
}

text_id! {
    /// The id of a protocol, in kebab-case.
    ProtocolId, "protocol id", check_kebab
}

text_id! {
    /// A rule of a protocol: kebab-case, or made from its place, such as `needling.record.depth`.
    RuleId, "rule id", |what, text| {
        let dotted = text.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            })
        });
        if dotted && text.len() <= 200 {
            Ok(())
        } else {
            Err(refuse(what, text, "it is kebab-case words, with dots between places"))
        }
    }
}

text_id! {
    /// The name of a reading or an attribute, in snake_case: `depth`, `dwell_min`.
    FieldName, "name", |what, text| {
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        let rest = text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
        });
        if starts && rest && text.len() <= 64 {
            Ok(())
        } else {
            Err(refuse(what, text, "it is lowercase letters, digits and `_`, \
                and begins with a letter"))
        }
    }
}

/// Characters that show nothing and that the ledger doesn't escape either: two lots that differ
/// only in one of them would look alike everywhere.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn check_printed(what: &'static str, text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(refuse(what, text, "it is empty"));
    }
    if text.contains('\0') {
        return Err(refuse(what, text, "it holds a NUL character"));
    }
    if text.trim() != text {
        return Err(refuse(what, text, "it begins or ends with a blank"));
    }
    if let Some(unseen) = text.chars().find(|letter| is_unseen(*letter)) {
        let code = u32::from(unseen);
        let why = format!("it holds U+{code:04X}, which can't be seen; type it as it is printed");
        return Err(refuse(what, text, why));
    }
    if text.eq_ignore_ascii_case("none") {
        return Err(refuse(what, text, "`none` stands for stock without one"));
    }
    if text.chars().count() > 100 {
        return Err(refuse(what, text, "it is longer than 100 characters"));
    }
    Ok(())
}

/// A numbered id: a letter, a dash and at least four digits.
macro_rules! numbered_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $letter:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id with this number; numbers begin at 1.
            pub fn new(number: u32) -> Self {
                Self(number)
            }

            /// The number without its letter.
            pub fn number(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($letter, "-{:04}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let rule = concat!("it looks like ", $letter, "-0042");
                let digits = text
                    .strip_prefix(concat!($letter, "-"))
                    .or_else(|| text.strip_prefix(&concat!($letter, "-").to_ascii_lowercase()))
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
                match digits.and_then(|digits| digits.parse().ok()) {
                    Some(number) if number > 0 => Ok(Self(number)),
                    _ => Err(refuse($what, text, rule)),
                }
            }
        }
    };
}

numbered_id! {
    /// A treatment session: `S-0042`. Numbers rise by one and are never used again.
    SessionId, "session id", "S"
}

numbered_id! {
    /// An opened tube, vial or bottle: `K-0007`. Numbers rise by one and are never used again.
    ContainerId, "container id", "K"
}

/// The alphabet of client references: Crockford's base 32, without I, L, O and U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl ClientRef {
    /// A reference from random bits, or none where these bits give no digit: `C-` and eight
    /// characters, at least one of them a digit.
    pub fn from_random(bits: u64) -> Option<Self> {
        let mut text = String::with_capacity(10);
        text.push_str("C-");
        for place in 0..8 {
            let index = (bits >> (5 * place)) & 31;
            text.push(char::from(CROCKFORD[index as usize]));
        }
        Self::new(&text).ok()
    }
}

/// A protocol as entries name it: `acne-scars-face@2026.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolRef {
    /// Which protocol.
    pub id: ProtocolId,
    /// Which version of it: 1 to 32 letters, digits, `.`, `_` or `-`.
    pub version: Box<str>,
}

impl ProtocolRef {
    /// Checks the version and joins both.
    pub fn new(id: ProtocolId, version: &str) -> Result<Self, IdError> {
        check_name("protocol version", version)?;
        Ok(Self { id, version: version.into() })
    }

    /// Whether `ID`, which means any version, or `ID@VERSION` means this one.
    pub fn is_named(&self, named: &str) -> bool {
        match named.split_once('@') {
            None => self.id.as_str() == named,
            Some((id, version)) => self.id.as_str() == id && &*self.version == version,
        }
    }
}

impl fmt::Display for ProtocolRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}@{}", self.id, self.version)
    }
}

impl FromStr for ProtocolRef {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (id, version) = text.split_once('@').ok_or_else(|| {
            refuse("protocol", text, "it is an id and a version: acne-scars-face@2026.1")
        })?;
        Self::new(ProtocolId::new(id)?, version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_with_or_without_its_sign() {
        assert_eq!((entry_number("812"), entry_number("#812")), (Some(812), Some(812)));
        for bad in ["", "#", "##812", "-1", "+5", "#+5", "x", "8 12"] {
            assert_eq!(entry_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_sku_never_looks_like_an_entry_a_container_or_a_session() {
        for good in ["CART-12", "a", "K-12b", "SERUM.1_x", "7up"] {
            assert_eq!(Sku::new(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(33);
        for bad in ["", "812", "K-12", "s-0001", "a/b", "a:b", "a@b", "-a", "ä", "a b", &long] {
            assert!(Sku::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lots_are_text_so_zeros_and_exponents_stay() {
        let texts = ["007", "7", "1E5", "=cmd()", "\u{202e}abc", "7.0"];
        for text in texts {
            assert_eq!(Lot::new(text).unwrap().as_str(), text);
        }
        for bad in ["", " 7", "7 ", "none", "None", "a\0b"] {
            assert!(Lot::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_character_that_shows_nothing_is_refused_by_its_code() {
        for unseen in ["\u{ad}", "\u{34f}", "\u{2800}", "\u{3164}", "\u{fe0f}", "\u{e0001}"] {
            let error = Lot::new(&format!("24C{unseen}0110")).unwrap_err().to_string();
            let code = u32::from(unseen.chars().next().unwrap());
            assert!(error.contains(&format!("U+{code:04X}, which can't be seen")), "{error}");
        }
        assert!(Lot::new("24C\u{200f}0110").is_ok(), "the ledger shows this one");
    }

    #[test]
    fn numbered_ids_have_four_digits_or_more() {
        assert_eq!(SessionId::new(42).to_string(), "S-0042");
        assert_eq!(ContainerId::new(123_456).to_string(), "K-123456");
        assert_eq!("s-42".parse::<SessionId>().unwrap(), SessionId::new(42));
        for bad in ["S-", "S-0", "S--1", "K-1", "S-99999999999", "S-+1"] {
            assert!(bad.parse::<SessionId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_protocol_is_named_with_or_without_its_version() {
        let protocol: ProtocolRef = "face@2026.1".parse().unwrap();
        assert!(protocol.is_named("face") && protocol.is_named("face@2026.1"));
        for other in ["", "fac", "face@", "face@2026", "@2026.1", "2026.1", "face@2026.1@"] {
            assert!(!protocol.is_named(other), "{other}");
        }
    }

    #[test]
    fn a_client_reference_never_looks_like_a_name() {
        for bad in ["Ana", "Ana Lopez1", "ana1@example.org", "", " C1"] {
            assert!(ClientRef::new(bad).is_err(), "{bad}");
        }
        assert!(ClientRef::new("C-7F3K9QWX").is_ok());
        assert_eq!(ClientRef::from_random(0).unwrap().as_str(), "C-00000000");
        assert!(ClientRef::from_random(u64::MAX).is_none(), "eight Z hold no digit");
    }
}
