//! A fact as the columns of its entry.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use super::{AtStep, Because, Change, Fact, InSession, Item, Opening, Receipt, Reversal, Usage};
use crate::domain::catalog::{Person, Product, UseKind};
use crate::domain::id::{AreaId, FieldName, Lot, Sku};
use crate::domain::quantity::{Unit, Value};
use crate::domain::session::Despite;
use crate::domain::trail::detail::{Detail, DetailError};
use crate::domain::trail::entry::{Columns, Text};

/// What the `lot` column holds for stock without a lot.
pub(super) const NO_LOT: &str = "none";

fn owned<'a>(value: impl Display) -> Text<'a> {
    Some(Cow::Owned(value.to_string()))
}

fn text(value: &str) -> Text<'_> {
    Some(Cow::Borrowed(value))
}

fn lot_text(lot: Option<&Lot>) -> Text<'_> {
    text(lot.map_or(NO_LOT, Lot::as_str))
}

impl Fact {
    /// The columns of the entry that holds this fact.
    ///
    /// # Errors
    ///
    /// Refuses text that no entry can hold: NUL, empty values, malformed keys.
    pub fn columns(&self) -> Result<Columns<'_>, DetailError> {
        if let Self::Reversal(reversal) = self {
            return reversal_columns(reversal);
        }
        let mut detail = DetailText::default();
        self.put_detail(&mut detail)?;
        let mut columns = self.own_columns();
        columns.detail = detail.finish();
        Ok(columns)
    }

    /// Every column but `detail`.
    fn own_columns(&self) -> Columns<'_> {
        let mut columns = Columns::default();
        match self {
            Self::BookOpen(_)
            | Self::StaffAdd(_)
            | Self::Reversal(_)
            | Self::AuditExport { .. }
            | Self::AccessRefuse { .. } => {}
            Self::StaffEdit { change, .. } => change_columns(change, &mut columns),
            Self::PlaceAdd { place, .. } => columns.to_place = text(place.as_str()),
            Self::ProductAdd(product) => {
                product_columns(&product.sku, product.unit(), &mut columns);
            }
            Self::ProductEdit { product, unit, change } => {
                product_columns(product, *unit, &mut columns);
                change_columns(change, &mut columns);
            }
            Self::ProductRetire { product, unit } => {
                product_columns(product, *unit, &mut columns);
            }
            Self::ClientNew(client) => columns.client = text(client.as_str()),
            Self::LotReceive(receipt) => item_columns(&receipt.item, &mut columns),
            Self::ContainerOpen { item, .. } => item_columns(item, &mut columns),
            Self::ProtocolPublish { protocol, .. } => columns.protocol = owned(protocol),
            Self::SessionStart { within, areas, .. } => {
                session_columns(within, &mut columns);
                columns.area = join_areas(areas);
            }
            Self::SessionStep { at, .. } => step_columns(at, &mut columns),
            Self::StockUse(usage) => {
                step_columns(&usage.at, &mut columns);
                item_columns(&usage.item, &mut columns);
            }
            Self::SessionFinish { within, because } => {
                session_columns(within, &mut columns);
                if let Some(because) = because {
                    reason_columns(because, &mut columns);
                }
            }
            Self::SessionStop { within, because } | Self::SessionVoid { within, because } => {
                session_columns(within, &mut columns);
                reason_columns(because, &mut columns);
            }
            Self::StockWaste { item, session, because } => {
                item_columns(item, &mut columns);
                if let Some((session, client)) = session {
                    columns.session = owned(session);
                    columns.client = text(client.as_str());
                }
                reason_columns(because, &mut columns);
            }
            Self::LotHold { product, lot, because }
            | Self::LotRelease { product, lot, because } => {
                columns.product = text(product.as_str());
                columns.lot = lot_text(lot.as_ref());
                reason_columns(because, &mut columns);
            }
        }
        columns
    }

    /// What the fact holds besides the other columns.
    fn put_detail(&self, detail: &mut DetailText) -> Result<(), DetailError> {
        match self {
            Self::BookOpen(opening) => opening_detail(opening, detail),
            Self::StaffAdd(person) => person_detail(person, detail),
            Self::StaffEdit { id, .. } => detail.put("id", id),
            Self::PlaceAdd { kind, .. } => detail.put("kind", kind),
            Self::ProductAdd(product) => product_detail(product, detail),
            Self::LotReceive(receipt) => receipt_detail(receipt, detail),
            Self::ContainerOpen { discard_by, .. } => {
                detail.put_some("discard_by", discard_by.as_ref())
            }
            Self::ProtocolPublish { sha256, parent, .. } => {
                if let Some((name, hash)) = parent {
                    detail.put("parent", name)?;
                    detail.put("parent_sha256", hash)?;
                }
                detail.put("sha256", sha256)
            }
            Self::SessionStart { pen, place, sha256, .. } => {
                detail.put_some("pen", pen.as_ref())?;
                detail.put_some("place", place.as_ref())?;
                detail.put("sha256", sha256)
            }
            Self::SessionStep { readings, despite, .. } => step_detail(readings, despite, detail),
            Self::StockUse(usage) => usage_detail(usage, detail),
            Self::AuditExport { filters, recipient, purpose, root, size } => {
                detail.put_some("filters", filters.as_ref())?;
                detail.put_some("for", recipient.as_ref())?;
                detail.put_some("purpose", purpose.as_ref())?;
                detail.put("root", root)?;
                detail.put("size", size)
            }
            Self::AccessRefuse { action } => detail.put("action", action),
            Self::ProductEdit { .. }
            | Self::ProductRetire { .. }
            | Self::ClientNew(_)
            | Self::SessionFinish { .. }
            | Self::SessionStop { .. }
            | Self::SessionVoid { .. }
            | Self::StockWaste { .. }
            | Self::LotHold { .. }
            | Self::LotRelease { .. }
            | Self::Reversal(_) => Ok(()),
        }
    }
}

/// Collects `detail` and renders it once at the end.
#[derive(Default)]
struct DetailText(Detail<'static>);

impl DetailText {
    fn put(
        &mut self,
        key: impl Into<Cow<'static, str>>,
        value: impl Display,
    ) -> Result<(), DetailError> {
        self.0.insert(key, value.to_string())
    }

    fn put_some(
        &mut self,
        key: &'static str,
        value: Option<impl Display>,
    ) -> Result<(), DetailError> {
        value.map_or(Ok(()), |value| self.put(key, value))
    }

    fn put_all<K: Display, V: Display>(
        &mut self,
        prefix: &str,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), DetailError> {
        pairs.into_iter().try_for_each(|(key, value)| self.put(format!("{prefix}.{key}"), value))
    }

    fn finish<'a>(self) -> Text<'a> {
        if self.0.is_empty() {
            return None;
        }
        let mut text = String::with_capacity(64);
        self.0.render(&mut text);
        Some(Cow::Owned(text))
    }
}

fn product_columns<'a>(product: &'a Sku, unit: Unit, columns: &mut Columns<'a>) {
    columns.product = text(product.as_str());
    columns.unit = text(unit.as_str());
}

fn session_columns<'a>(within: &'a InSession, columns: &mut Columns<'a>) {
    columns.session = owned(within.session);
    columns.client = text(within.client.as_str());
    columns.protocol = owned(&within.protocol);
}

fn step_columns<'a>(at: &'a AtStep, columns: &mut Columns<'a>) {
    session_columns(&at.within, columns);
    columns.step = text(at.step.as_str());
    columns.area = join_areas(&at.areas);
}

pub(super) fn join_areas(areas: &[AreaId]) -> Text<'_> {
    match areas {
        [] => None,
        [one] => text(one.as_str()),
        many => Some(Cow::Owned(many.iter().map(AreaId::as_str).collect::<Vec<_>>().join("+"))),
    }
}

fn item_columns<'a>(item: &'a Item, columns: &mut Columns<'a>) {
    columns.product = text(item.product.as_str());
    columns.lot = lot_text(item.lot.as_ref());
    columns.serial = item.serial.as_ref().and_then(|serial| text(serial.as_str()));
    columns.expiry = item.expiry.0.and_then(owned);
    columns.container = item.container.and_then(owned);
    columns.quantity = Some(item.quantity.parts());
    columns.unit = text(item.quantity.unit().as_str());
    columns.from_place = owned(&item.from);
    columns.to_place = owned(&item.to);
}

fn reason_columns<'a>(because: &'a Because, columns: &mut Columns<'a>) {
    columns.reason_code = text(because.code());
    columns.reason = because.note().and_then(text);
}

fn change_columns<'a>(change: &'a Change, columns: &mut Columns<'a>) {
    columns.field = text(&change.field);
    columns.old_value = change.old.as_deref().and_then(text);
    columns.new_value = change.new.as_deref().and_then(text);
}

fn opening_detail(opening: &Opening, detail: &mut DetailText) -> Result<(), DetailError> {
    detail.put("book", opening.book.hyphenated())?;
    detail.put("clinic", &opening.clinic)?;
    detail.put("currency", &opening.currency)?;
    detail.put("format", opening.format)?;
    detail.put("zone", &opening.zone)
}

fn person_detail(person: &Person, detail: &mut DetailText) -> Result<(), DetailError> {
    detail.put_all("certificate", &person.certificates)?;
    detail.put("id", &person.id)?;
    detail.put_all("limit", &person.limits)?;
    detail.put_some("name", person.name.as_ref())?;
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    detail.put_some("roles", Some(roles.join("+")).filter(|roles| !roles.is_empty()))?;
    detail.put_some("titles", Some(person.titles.join("+")).filter(|titles| !titles.is_empty()))
}

fn product_detail(product: &Product, detail: &mut DetailText) -> Result<(), DetailError> {
    detail.put_all("attr", &product.attributes)?;
    detail.put("category", product.category)?;
    detail.put_some("dose", product.dose)?;
    detail.put_all("gtin", &product.gtins)?;
    detail.put_some("name", product.name.as_ref())?;
    if product.use_kind == UseKind::Multi {
        match product.opened_life {
            Some(life) => detail.put("opened_life", life)?,
            None => detail.put("opened_life", "none")?,
        }
    }
    detail.put("pack", product.pack)?;
    detail.put("use", product.use_kind)
}

fn receipt_detail(receipt: &Receipt, detail: &mut DetailText) -> Result<(), DetailError> {
    detail.put_some("cost", receipt.cost.as_ref())?;
    detail.put_some("document", receipt.document.as_ref())?;
    detail.put_some("gtin", receipt.gtin.as_ref())?;
    detail.put_some("packs", receipt.packs)?;
    detail.put("supplier", &receipt.supplier)
}

fn step_detail(
    readings: &BTreeMap<FieldName, Value>,
    despite: &[Despite],
    detail: &mut DetailText,
) -> Result<(), DetailError> {
    detail.put_all("despite", despite.iter().map(|despite| (&despite.rule, &despite.code)))?;
    detail.put_all("reading", readings)
}

fn usage_detail(usage: &Usage, detail: &mut DetailText) -> Result<(), DetailError> {
    detail.put_all("attr", &usage.attributes)?;
    detail.put("category", usage.category)?;
    detail.put_some("discard_by", usage.discard_by)?;
    detail.put_some("fefo", usage.fefo_overridden.then_some("overridden"))?;
    detail.put("status", usage.status)
}

fn reversal_columns(reversal: &Reversal) -> Result<Columns<'_>, DetailError> {
    let mut columns = Columns::default();
    if let Some(item) = &reversal.item {
        item_columns(item, &mut columns);
    }
    if let Some(within) = &reversal.within {
        columns.session = owned(within.session);
        columns.client = text(within.client.as_str());
        columns.protocol = within.protocol.as_ref().and_then(owned);
    }
    columns.step = reversal.step.as_ref().and_then(|step| text(step.as_str()));
    columns.area = join_areas(&reversal.areas);
    columns.corrects = Some(reversal.corrects);
    reason_columns(&reversal.because, &mut columns);
    columns.detail = DetailText(reversal.detail.clone()).finish();
    Ok(columns)
}
