//! The protocols that come with the program. A clinic publishes them as they are, or edits a copy.

/// A protocol file inside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Its id, which is also the name of its file.
    pub id: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// A file of the `protocols` folder.
macro_rules! file {
    ($id:literal) => {
        Shipped {
            id: $id,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/protocols/", $id, ".toml")),
        }
    };
}

/// All of them, by id.
pub const SHIPPED: &[Shipped] = &[file!("acne-scars-face")];

/// The shipped protocol with this id.
pub fn shipped(id: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protocol::parse;

    #[test]
    fn every_shipped_protocol_lints_clean_and_is_called_like_its_file() {
        for shipped in SHIPPED {
            let (protocol, problems) = parse(shipped.text);
            assert_eq!(problems, [], "{}", shipped.id);
            assert_eq!(protocol.unwrap().reference.id.as_str(), shipped.id);
        }
        assert!(SHIPPED.is_sorted_by_key(|shipped| shipped.id));
    }
}
