//! Publishing: an id and version name one text for ever, because sessions are judged by it.

use crate::domain::fact::Fact;
use crate::domain::id::ProtocolRef;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;

/// What the book holds under an id and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<'k> {
    /// SHA-256 of its text, in lowercase hex.
    pub sha256: &'k str,
    /// The entry that published it.
    pub seq: u64,
}

/// The fact that publishes a text, unless its id and version are taken.
pub fn publish(
    protocol: &ProtocolRef,
    sha256: &str,
    known: Option<&Known<'_>>,
) -> Result<Fact, Refusal> {
    match known {
        None => Ok(Fact::ProtocolPublish {
            protocol: protocol.clone(),
            sha256: sha256.into(),
            parent: None,
        }),
        Some(known) if known.sha256 == sha256 => {
            Err(Refusal::new(format!("{protocol} is published already, with this very text"))
                .why(format!("entry #{} published it; there is nothing to do", known.seq))
                .hint(format!("see it: lotbook protocol show {protocol}")))
        }
        Some(known) => {
            Err(Refusal::new(format!("{protocol} is published already, with another text"))
                .why(format!("published by entry #{}: sha256 {}", known.seq, known.sha256))
                .why(format!("this text:             sha256 {sha256}"))
                .why("sessions are judged for ever by the text that they were started with")
                .hint("give the new text a new version: version = \"...\" in the file")
                .hint(format!(
                    "see what is published: lotbook protocol show {}",
                    quote(&protocol.to_string())
                )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_and_version_names_one_text_for_ever() {
        let protocol: ProtocolRef = "acne@1".parse().unwrap();
        let known = Known { sha256: "aa", seq: 812 };
        assert!(publish(&protocol, "aa", None).is_ok());
        let same = publish(&protocol, "aa", Some(&known)).unwrap_err().to_string();
        assert!(same.contains("this very text") && same.contains("#812"), "{same}");
        let other = publish(&protocol, "bb", Some(&known)).unwrap_err().to_string();
        assert!(other.contains("sha256 aa") && other.contains("sha256 bb"), "{other}");
    }
}
