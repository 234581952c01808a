//! The columns of an entry as the fact that they hold.
//!
//! Reading is exact: columns that the fact would not have written are refused, so nothing that
//! means nothing can hide in an entry.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::write::NO_LOT;
use super::{
    Action, AtStep, Because, Change, Fact, InSession, Item, Opening, Receipt, Reversal,
    ReversedSession, Usage,
};
use crate::domain::catalog::{Person, Product, Role};
use crate::domain::id::{AreaId, FieldName, IdError, Lot, RuleId, Serial, Sku, StaffId};
use crate::domain::quantity::{Quantity, Unit, Value};
use crate::domain::session::Despite;
use crate::domain::time::{Expiry, Length};
use crate::domain::trail::detail::{Detail, DetailError};
use crate::domain::trail::entry::{Columns, Text};

/// Why columns are not a fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// No such action in this version of the program.
    #[error("`{0}` is not an action that this program knows")]
    Action(String),
    /// A column or a key of `detail` that the action needs is empty.
    #[error("{action} needs `{name}`, which is empty")]
    Missing {
        /// The action.
        action: Action,
        /// The column or key.
        name: &'static str,
    },
    /// A reason that is none of the action's, or that says nothing.
    #[error("gives a reason that is none: {0}")]
    Reason(String),
    /// A value that is not of its kind.
    #[error("`{name}` of {action}: {why}")]
    Value {
        /// The action.
        action: Action,
        /// The column or key.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// Columns or keys that the action doesn't have, or a value that isn't in its one form.
    #[error("{action} holds columns or details that do not belong to it")]
    Foreign {
        /// The action.
        action: Action,
    },
}

impl Fact {
    /// Reads the fact that an entry's action and columns hold.
    pub fn from_columns(action: &str, columns: &Columns<'_>) -> Result<Self, FactError> {
        let fact = read(action, columns)?;
        let action = fact.action();
        // The other direction is the check: what this fact would write is all that may stand here.
        let again = fact
            .columns()
            .map_err(|error: DetailError| value_error(action, "detail", &error.to_string()))?;
        if again == *columns { Ok(fact) } else { Err(FactError::Foreign { action }) }
    }

    /// Whether the columns that this fact wrote read back as the fact itself.
    pub fn reads_back(&self, columns: &Columns<'_>) -> bool {
        read(self.action().as_str(), columns).as_ref() == Ok(self)
    }
}

/// The fact of these columns, which may hold more than it.
fn read(action: &str, columns: &Columns<'_>) -> Result<Fact, FactError> {
    let action: Action = action.parse().map_err(|_| FactError::Action(action.to_owned()))?;
    let detail = columns.detail.as_deref().unwrap_or_default();
    let detail =
        Detail::parse(detail).map_err(|error| value_error(action, "detail", &error.to_string()))?;
    Reader { action, columns, detail: &detail }.fact()
}

fn value_error(action: Action, name: &str, why: &str) -> FactError {
    FactError::Value { action, name: name.to_owned(), why: why.to_owned() }
}

struct Reader<'r> {
    action: Action,
    columns: &'r Columns<'r>,
    detail: &'r Detail<'r>,
}

type Read<T> = Result<T, FactError>;

impl Reader<'_> {
    fn fact(&self) -> Read<Fact> {
        Ok(match self.action {
            Action::BookOpen => Fact::BookOpen(self.opening()?),
            Action::StaffAdd => Fact::StaffAdd(self.person()?),
            Action::StaffEdit => Fact::StaffEdit { id: self.key("id")?, change: self.change()? },
            Action::PlaceAdd => self.place_add()?,
            Action::ProductAdd => Fact::ProductAdd(self.product()?),
            Action::ProductEdit => self.product_edit()?,
            Action::ProductRetire => self.product_retire()?,
            Action::ClientNew => Fact::ClientNew(self.column("client", &self.columns.client)?),
            Action::LotReceive => Fact::LotReceive(self.receipt()?),
            Action::ContainerOpen => self.container_open()?,
            Action::ProtocolPublish => self.protocol_publish()?,
            Action::SessionStart => self.session_start()?,
            Action::SessionStep => self.session_step()?,
            Action::StockUse => Fact::StockUse(self.usage()?),
            Action::SessionFinish => self.session_finish()?,
            Action::SessionStop => {
                Fact::SessionStop { within: self.session()?, because: self.because()? }
            }
            Action::SessionVoid => {
                Fact::SessionVoid { within: self.session()?, because: self.because()? }
            }
            Action::StockWaste => self.stock_waste()?,
            Action::LotHold => {
                let (product, lot, because) = self.lot_and_reason()?;
                Fact::LotHold { product, lot, because }
            }
            Action::LotRelease => {
                let (product, lot, because) = self.lot_and_reason()?;
                Fact::LotRelease { product, lot, because }
            }
            Action::Reversal => Fact::Reversal(Box::new(self.reversal()?)),
            Action::AuditExport => self.audit_export()?,
            Action::AccessRefuse => Fact::AccessRefuse { action: self.key("action")? },
        })
    }

    fn place_add(&self) -> Read<Fact> {
        let place = self.column("to_place", &self.columns.to_place)?;
        Ok(Fact::PlaceAdd { place, kind: self.key("kind")? })
    }

    fn product_edit(&self) -> Read<Fact> {
        let (product, unit) = self.product_and_unit()?;
        Ok(Fact::ProductEdit { product, unit, change: self.change()? })
    }

    fn product_retire(&self) -> Read<Fact> {
        let (product, unit) = self.product_and_unit()?;
        Ok(Fact::ProductRetire { product, unit })
    }

    fn container_open(&self) -> Read<Fact> {
        let discard_by = self.key_if_any("discard_by")?;
        Ok(Fact::ContainerOpen { item: self.item()?, discard_by })
    }

    fn protocol_publish(&self) -> Read<Fact> {
        Ok(Fact::ProtocolPublish {
            protocol: self.column("protocol", &self.columns.protocol)?,
            sha256: self.key::<String>("sha256")?.into(),
            parent: self.parent()?,
        })
    }

    fn session_start(&self) -> Read<Fact> {
        Ok(Fact::SessionStart {
            within: self.session()?,
            areas: self.areas()?,
            pen: self.text_key("pen"),
            place: self.key_if_any("place")?,
            sha256: self.key::<String>("sha256")?.into(),
        })
    }

    fn session_step(&self) -> Read<Fact> {
        let readings = self.values("reading.")?;
        Ok(Fact::SessionStep { at: self.at_step()?, readings, despite: self.despite()? })
    }

    fn session_finish(&self) -> Read<Fact> {
        let because = self.columns.reason_code.is_some().then(|| self.because()).transpose()?;
        Ok(Fact::SessionFinish { within: self.session()?, because })
    }

    fn stock_waste(&self) -> Read<Fact> {
        let columns = self.columns;
        let session = match &columns.session {
            Some(_) => Some((
                self.column("session", &columns.session)?,
                self.column("client", &columns.client)?,
            )),
            None => None,
        };
        Ok(Fact::StockWaste { item: self.item()?, session, because: self.because()? })
    }

    fn lot_and_reason(&self) -> Read<(Sku, Option<Lot>, Because)> {
        let product = self.column("product", &self.columns.product)?;
        Ok((product, self.lot()?, self.because()?))
    }

    fn audit_export(&self) -> Read<Fact> {
        Ok(Fact::AuditExport {
            filters: self.text_key("filters"),
            recipient: self.text_key("for"),
            purpose: self.text_key("purpose"),
            root: self.key::<String>("root")?.into(),
            size: self.key("size")?,
        })
    }

    fn parse<T: FromStr<Err: ToString>>(&self, name: &str, text: &str) -> Read<T> {
        text.parse().map_err(|error: T::Err| value_error(self.action, name, &error.to_string()))
    }

    fn column<T: FromStr<Err: ToString>>(&self, name: &'static str, text: &Text<'_>) -> Read<T> {
        let missing = FactError::Missing { action: self.action, name };
        self.parse(name, text.as_deref().ok_or(missing)?)
    }

    fn if_any<T: FromStr<Err: ToString>>(&self, name: &str, text: &Text<'_>) -> Read<Option<T>> {
        text.as_deref().map(|text| self.parse(name, text)).transpose()
    }

    fn key<T: FromStr<Err: ToString>>(&self, name: &'static str) -> Read<T> {
        let missing = FactError::Missing { action: self.action, name };
        self.parse(name, self.detail.get(name).ok_or(missing)?)
    }

    fn key_if_any<T: FromStr<Err: ToString>>(&self, name: &'static str) -> Read<Option<T>> {
        self.detail.get(name).map(|text| self.parse(name, text)).transpose()
    }

    fn text_key(&self, name: &str) -> Option<Box<str>> {
        self.detail.get(name).map(Into::into)
    }

    fn values(&self, prefix: &str) -> Read<BTreeMap<FieldName, Value>> {
        let pairs = self.detail.nested(prefix);
        pairs.map(|(name, text)| Ok((self.parse(name, name)?, Value::read(text)))).collect()
    }

    fn opening(&self) -> Read<Opening> {
        Ok(Opening {
            book: self.key("book")?,
            clinic: self.key::<String>("clinic")?.into(),
            currency: self.key::<String>("currency")?.into(),
            format: self.key("format")?,
            zone: self.key::<String>("zone")?.into(),
        })
    }

    fn person(&self) -> Read<Person> {
        let words = |name| self.detail.get(name).into_iter().flat_map(|text| text.split('+'));
        let certificates = self.detail.nested("certificate.");
        Ok(Person {
            id: self.key::<StaffId>("id")?,
            name: self.text_key("name").map(Into::into),
            roles: self
                .key::<String>("roles")?
                .split('+')
                .map(|word| self.parse::<Role>("roles", word))
                .collect::<Read<_>>()?,
            titles: words("titles").map(str::to_owned).collect(),
            certificates: certificates
                .map(|(name, day)| Ok((name.to_owned(), self.parse(name, day)?)))
                .collect::<Read<_>>()?,
            limits: self.values("limit.")?,
        })
    }

    fn product_and_unit(&self) -> Read<(Sku, Unit)> {
        let product = self.column("product", &self.columns.product)?;
        Ok((product, self.column("unit", &self.columns.unit)?))
    }

    fn product(&self) -> Read<Product> {
        let (sku, unit) = self.product_and_unit()?;
        let gtins = self.detail.nested("gtin.");
        let life: Option<String> = self.key_if_any("opened_life")?;
        Ok(Product {
            sku,
            name: self.text_key("name").map(Into::into),
            category: self.key("category")?,
            use_kind: self.key("use")?,
            pack: self
                .quantity_key("pack", unit)?
                .ok_or(FactError::Missing { action: self.action, name: "pack" })?,
            dose: self.quantity_key("dose", unit)?,
            opened_life: match life.as_deref() {
                None | Some("none") => None,
                Some(life) => Some(self.parse::<Length>("opened_life", life)?),
            },
            gtins: gtins
                .map(|(gtin, packs)| Ok((gtin.into(), self.parse(gtin, packs)?)))
                .collect::<Read<_>>()?,
            attributes: self.values("attr.")?,
            retired: false,
        })
    }

    fn quantity_key(&self, name: &'static str, unit: Unit) -> Read<Option<Quantity>> {
        let Some(text) = self.detail.get(name) else { return Ok(None) };
        let number = text.strip_suffix(unit.as_str()).unwrap_or(text).trim_end();
        let quantity = Quantity::from_columns(number, unit);
        quantity.map(Some).map_err(|error| value_error(self.action, name, &error.to_string()))
    }

    fn lot(&self) -> Read<Option<Lot>> {
        match self.columns.lot.as_deref() {
            Some(NO_LOT) => Ok(None),
            _ => self.column("lot", &self.columns.lot).map(Some),
        }
    }

    fn item(&self) -> Read<Item> {
        let columns = self.columns;
        let unit: Unit = self.column("unit", &columns.unit)?;
        let parts =
            columns.quantity.ok_or(FactError::Missing { action: self.action, name: "quantity" })?;
        let quantity = Quantity::from_parts(parts, unit)
            .map_err(|error| value_error(self.action, "quantity", &error.to_string()))?;
        Ok(Item {
            product: self.column("product", &columns.product)?,
            lot: self.lot()?,
            serial: self.if_any::<Serial>("serial", &columns.serial)?,
            expiry: Expiry(self.if_any("expiry", &columns.expiry)?),
            container: self.if_any("container", &columns.container)?,
            quantity,
            from: self.column("from_place", &columns.from_place)?,
            to: self.column("to_place", &columns.to_place)?,
        })
    }

    fn receipt(&self) -> Read<Receipt> {
        Ok(Receipt {
            item: self.item()?,
            supplier: self.key::<String>("supplier")?.into(),
            cost: self.text_key("cost"),
            document: self.text_key("document"),
            gtin: self.text_key("gtin"),
            packs: self.key_if_any("packs")?,
        })
    }

    fn parent(&self) -> Read<Option<(Box<str>, Box<str>)>> {
        match self.text_key("parent") {
            Some(parent) => Ok(Some((parent, self.key::<String>("parent_sha256")?.into()))),
            None => Ok(None),
        }
    }

    fn change(&self) -> Read<Change> {
        let text = |column: &Text<'_>| column.as_deref().map(Into::into);
        Ok(Change {
            field: self.column::<String>("field", &self.columns.field)?.into(),
            old: text(&self.columns.old_value),
            new: text(&self.columns.new_value),
        })
    }

    fn because(&self) -> Read<Because> {
        let code = self.column::<String>("reason_code", &self.columns.reason_code)?;
        let because = Because::new(self.action, &code, self.columns.reason.as_deref());
        because.map_err(|refusal| FactError::Reason(refusal.what))
    }

    fn session(&self) -> Read<InSession> {
        Ok(InSession {
            session: self.column("session", &self.columns.session)?,
            client: self.column("client", &self.columns.client)?,
            protocol: self.column("protocol", &self.columns.protocol)?,
        })
    }

    fn areas(&self) -> Read<Vec<AreaId>> {
        let areas = self.columns.area.as_deref().into_iter().flat_map(|areas| areas.split('+'));
        let read: Result<Vec<_>, IdError> = areas.map(AreaId::new).collect();
        read.map_err(|error| value_error(self.action, "area", &error.to_string()))
    }

    fn at_step(&self) -> Read<AtStep> {
        Ok(AtStep {
            within: self.session()?,
            step: self.column("step", &self.columns.step)?,
            areas: self.areas()?,
        })
    }

    fn despite(&self) -> Read<Vec<Despite>> {
        let pairs = self.detail.nested("despite.");
        pairs
            .map(|(rule, code)| {
                let rule: RuleId = self.parse(rule, rule)?;
                Ok(Despite { rule: rule.as_str().into(), code: code.into() })
            })
            .collect()
    }

    fn usage(&self) -> Read<Usage> {
        Ok(Usage {
            at: self.at_step()?,
            item: self.item()?,
            attributes: self.values("attr.")?,
            category: self.key("category")?,
            discard_by: self.key_if_any("discard_by")?,
            fefo_overridden: self.detail.get("fefo").is_some(),
            status: self.key("status")?,
        })
    }

    fn reversal(&self) -> Read<Reversal> {
        let columns = self.columns;
        let within = match &columns.session {
            Some(_) => Some(ReversedSession {
                session: self.column("session", &columns.session)?,
                client: self.column("client", &columns.client)?,
                protocol: self.if_any("protocol", &columns.protocol)?,
            }),
            None => None,
        };
        Ok(Reversal {
            within,
            step: self.if_any("step", &columns.step)?,
            areas: self.areas()?,
            item: columns.product.is_some().then(|| self.item()).transpose()?,
            detail: self.detail.clone().into_owned(),
            corrects: columns
                .corrects
                .ok_or(FactError::Missing { action: self.action, name: "corrects" })?,
            because: self.because()?,
        })
    }
}
