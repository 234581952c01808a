//! Writes elements out again, so that reading the text gives the same elements.

use super::identifier::Index;
use super::scan::Scan;
use super::settings::GS;

impl Scan<'_> {
    /// The elements as printed on labels, `(01)...(10)...`; `None` if the scan was not accepted or
    /// holds none, as HIBC does.
    pub fn bracketed(&self) -> Option<String> {
        let mut text = String::new();
        for (index, value) in self.printable()? {
            text.push('(');
            text.push_str(index.get().code);
            text.push(')');
            text.push_str(&value.replace('(', "\\("));
        }
        Some(text)
    }

    /// The elements as a scanner types them that reads them in a GS1 DataMatrix, with `]d2` in
    /// front so that it can't be taken for anything else; `None` as with [`Self::bracketed`].
    pub fn element_string(&self) -> Option<String> {
        let mut text = "]d2".to_owned();
        let mut separator = false;
        for (index, value) in self.printable()? {
            if separator {
                text.push(GS);
            }
            text.push_str(index.get().code);
            text.push_str(value);
            separator = !index.get().is_predefined();
        }
        Some(text)
    }

    fn printable(&self) -> Option<Vec<(Index, &str)>> {
        if !self.accepted() || self.elements.is_empty() {
            return None;
        }
        self.elements.iter().map(|element| Some((element.index?, &*element.value))).collect()
    }
}
