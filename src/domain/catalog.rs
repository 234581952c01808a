//! What the clinic knows by name: products, places and staff.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::domain::id::{FieldName, PlaceName, Sku, StaffId, with_article};
use crate::domain::quantity::{Quantity, Unit, Value};
use crate::domain::time::{Day, Length};

/// A closed list of words, each a variant; `what` names the list in the refusal.
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident, $what:literal, {
        $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every variant, in the documented order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the ledger and on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = $crate::domain::catalog::WordError;
            fn from_str(text: &str) -> Result<Self, $crate::domain::catalog::WordError> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| {
                    $crate::domain::catalog::WordError {
                        what: $what,
                        text: $crate::domain::shown::shown(text),
                        words: Self::ALL.iter().map(|word| word.as_str()).collect(),
                    }
                })
            }
        }
    };
}
pub(crate) use word_enum;

/// A word that is not in its closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {}: it is one of {}", with_article(what), words.join(", "))]
pub struct WordError {
    /// What the list holds.
    pub what: &'static str,
    /// The word that was given.
    pub text: String,
    /// The words of the list.
    pub words: Vec<&'static str>,
}

word_enum! {
    /// What kind of item a product is; protocols ask for categories.
    Category, "category", {
        /// A needle cartridge of the pen.
        Cartridge = "cartridge",
        /// A numbing cream.
        Anesthetic = "anesthetic",
        /// A booster serum or glide.
        Serum = "serum",
        /// Anything else that is kept by lot.
        Other = "other",
    }
}

word_enum! {
    /// Whether a piece is used once, or drawn from an opened container.
    UseKind, "use", {
        /// Once, by one client, then thrown away.
        Single = "single",
        /// From an opened tube, vial or bottle, until it is empty or past its discard-by.
        Multi = "multi",
    }
}

impl Category {
    /// How a product of this category is used unless somebody says otherwise; of others one can't
    /// know.
    pub fn usual_use(self) -> Option<UseKind> {
        match self {
            Self::Cartridge => Some(UseKind::Single),
            Self::Anesthetic | Self::Serum => Some(UseKind::Multi),
            Self::Other => None,
        }
    }
}

word_enum! {
    /// What someone may do in the book. The order is the order of precedence: a person acts in
    /// the first of their roles that permits the action.
    Role, "role", {
        /// Keeps stock, staff, products and protocols.
        Manager = "manager",
        /// Logs what sessions use.
        Technician = "technician",
        /// Reads, exports and verifies.
        Inspector = "inspector",
        /// Clears clients and approves deviations.
        Prescriber = "prescriber",
    }
}

word_enum! {
    /// What a place is; what lies in another treatment room is taken last.
    PlaceKind, "kind of place", {
        /// Where deliveries arrive.
        Stockroom = "stockroom",
        /// A treatment room.
        Room = "room",
        /// A refrigerator, for what is kept at 2 to 8 °C.
        Fridge = "fridge",
        /// Any other shelf, drawer or cart.
        Shelf = "shelf",
    }
}

/// A product that the clinic keeps by lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What the clinic calls it.
    pub sku: Sku,
    /// What people call it, where that is more than the SKU.
    pub name: Option<String>,
    /// Its category.
    pub category: Category,
    /// Single or multi use.
    pub use_kind: UseKind,
    /// What one pack holds; its unit is the product's base unit.
    pub pack: Quantity,
    /// What one use takes when no quantity is given.
    pub dose: Option<Quantity>,
    /// How long an opened container may be used; none where the maker sets no limit.
    pub opened_life: Option<Length>,
    /// GTINs, each with how many packs that pack level holds.
    pub gtins: BTreeMap<Box<str>, u32>,
    /// Facts from the label: `strength_percent`, `dwell_min` ...
    pub attributes: BTreeMap<FieldName, Value>,
    /// A retired product can't be received or used.
    pub retired: bool,
}

impl Product {
    /// The base unit.
    pub fn unit(&self) -> Unit {
        self.pack.unit()
    }
}

/// A real place of the clinic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceEntry {
    /// Its name.
    pub name: PlaceName,
    /// Its kind.
    pub kind: PlaceKind,
}

/// A member of staff: what they may do in the book, and what protocols ask about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: StaffId,
    /// Their name as the clinic writes it.
    pub name: Option<String>,
    /// Roles in the book, in order of precedence.
    pub roles: Vec<Role>,
    /// Titles such as `nurse` or `aesthetician`.
    pub titles: Vec<String>,
    /// Certificates with the last day on which each is valid.
    pub certificates: BTreeMap<String, Day>,
    /// The most a reading may be when this person does the step, such as `depth` = 1.5 mm.
    pub limits: BTreeMap<FieldName, Value>,
}
