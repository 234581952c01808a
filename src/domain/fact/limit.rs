//! How long a text of the ledger may be. Far above what anybody writes, far below what would make
//! a listing or an export of one entry a burden for ever.

use crate::domain::refusal::Refusal;
use crate::domain::trail::entry::Columns;

/// The longest text of one column, in bytes.
const TEXT_MAX: usize = 4096;

/// The longest `detail`, in bytes: the facts of a product with all its GTINs and attributes.
const DETAIL_MAX: usize = 32_768;

/// Refuses columns of which one is too long.
pub fn check_lengths(columns: &Columns<'_>) -> Result<(), Refusal> {
    let texts = [
        ("lot", &columns.lot, TEXT_MAX),
        ("serial number", &columns.serial, TEXT_MAX),
        ("list of areas", &columns.area, TEXT_MAX),
        ("former value", &columns.old_value, TEXT_MAX),
        ("value", &columns.new_value, TEXT_MAX),
        ("note", &columns.reason, TEXT_MAX),
        ("text of its facts", &columns.detail, DETAIL_MAX),
    ];
    for (what, text, most) in texts {
        let bytes = text.as_deref().map_or(0, str::len);
        if bytes > most {
            return Err(Refusal::new(format!("the {what} is {bytes} bytes long"))
                .why(format!("the book holds at most {most}: an entry stays for ever"))
                .hint("write it shorter"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_people_write() {
        let columns = |length: usize| Columns {
            reason: Some("x".repeat(length).into()),
            ..Columns::default()
        };
        assert!(check_lengths(&columns(TEXT_MAX)).is_ok());
        let refusal = check_lengths(&columns(TEXT_MAX + 1)).unwrap_err();
        assert_eq!(refusal.what, "the note is 4097 bytes long");
    }
}
