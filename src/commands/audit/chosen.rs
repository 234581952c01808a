//! Which entries are meant.

use crate::commands::days_in_order;
use crate::commands::item::product as find_product;
use crate::domain::catalog::WordError;
use crate::domain::client::in_another_case;
use crate::domain::fact::Action;
use crate::domain::id::{ClientRef, ContainerId, LotName, Serial, SessionId, StaffId};
use crate::domain::time::Day;
use crate::error::{Failure, Outcome};
use crate::store::{Filter, Snapshot, StoreError};

// What chooses entries; all that is given must fit.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Which entries")]
pub(crate) struct Chosen {
    /// What happened on this day or later
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// What happened on this day or earlier
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// About this product
    #[arg(long, value_name = "SKU")]
    product: Option<String>,
    /// About this lot, exactly as printed; `none` for stock without a lot
    #[arg(long, allow_hyphen_values = true)]
    lot: Option<LotName>,
    /// About this serial number
    #[arg(long, allow_hyphen_values = true)]
    serial: Option<Serial>,
    /// About this opened container
    #[arg(long, value_name = "K-0007")]
    container: Option<ContainerId>,
    /// Of this session
    #[arg(long, value_name = "S-0042")]
    session: Option<SessionId>,
    /// About this client
    #[arg(long, value_name = "REF")]
    client: Option<ClientRef>,
    /// By this member of staff
    #[arg(id = "by", long = "staff", value_name = "ID")]
    staff: Option<StaffId>,
    /// Of this kind, such as `stock.use`, or `stock.` for all that begin so
    #[arg(long)]
    action: Option<String>,
}

impl Chosen {
    /// The flags that were given, as they are written.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("--from", self.from.is_some()),
            ("--to", self.to.is_some()),
            ("--product", self.product.is_some()),
            ("--lot", self.lot.is_some()),
            ("--serial", self.serial.is_some()),
            ("--container", self.container.is_some()),
            ("--session", self.session.is_some()),
            ("--client", self.client.is_some()),
            ("--staff", self.staff.is_some()),
            ("--action", self.action.is_some()),
        ];
        flags.into_iter().filter_map(|(flag, given)| given.then_some(flag)).collect()
    }

    /// The action, checked against the closed list.
    fn action(&self) -> Result<Option<String>, WordError> {
        let Some(text) = &self.action else { return Ok(None) };
        let is_group = text.ends_with('.')
            && Action::ALL.iter().any(|action| action.as_str().starts_with(text.as_str()));
        if !is_group {
            text.parse::<Action>()?;
        }
        Ok(Some(text.clone()))
    }

    /// The filter, with names as the book writes them.
    pub(super) fn filter(&self, snapshot: &mut Snapshot<'_>) -> Result<Filter, StoreError> {
        let product = match &self.product {
            Some(sku) => Some(find_product(snapshot, sku)?.sku.to_string()),
            None => None,
        };
        Ok(Filter {
            from: self.from,
            to: self.to,
            product,
            lot: self.lot.as_ref().map(ToString::to_string),
            serial: self.serial.as_ref().map(ToString::to_string),
            container: self.container.map(|id| id.to_string()),
            session: self.session.map(|id| id.to_string()),
            client: self.client.as_ref().map(ToString::to_string),
            staff: self.staff.as_ref().map(ToString::to_string),
            action: self.action.clone(),
        })
    }

    /// What was named that the book doesn't know, a sentence each, for where nothing was found.
    pub(super) fn unknown(&self, snapshot: &mut Snapshot<'_>) -> Result<Vec<String>, StoreError> {
        let mut unknown = Vec::new();
        if let Some(staff) = &self.staff
            && snapshot.person(staff.as_str())?.is_none()
        {
            unknown.push(format!("nobody in this book has the id {staff}: lotbook staff list"));
        }
        if let Some(session) = self.session
            && snapshot.session_row(session)?.is_none()
        {
            unknown.push(format!("there is no session {session}: lotbook session list"));
        }
        if let Some(container) = self.container
            && snapshot.container(container)?.is_none()
        {
            unknown.push(format!("there is no container {container}: lotbook stock --lots"));
        }
        if let Some(lot) = &self.lot
            && !knows_lot(snapshot, lot)?
        {
            unknown.push(match &lot.0 {
                Some(lot) => format!("no product has a lot {lot}: lotbook stock --lots"),
                None => "no product has stock without a lot: lotbook stock --lots".to_owned(),
            });
        }
        if let Some(client) = &self.client
            && !snapshot.knows_client(client)?
        {
            let known = in_another_case(&snapshot.clients_alike(client)?);
            let what = known.unwrap_or_else(|| "lotbook session list".to_owned());
            unknown.push(format!("the book knows no client {client}: {what}"));
        }
        if let Some(serial) = &self.serial
            && !knows_serial(snapshot, serial)?
        {
            unknown.push(format!(
                "the book knows no serial number {serial}: lotbook audit log --action lot.receive"
            ));
        }
        Ok(unknown)
    }

    /// Refuses what no entry can be chosen by.
    pub(super) fn check(&self) -> Outcome {
        days_in_order(self.from, self.to)?;
        self.action().map(drop).map_err(|error| {
            Failure::usage(error.to_string())
                .hint("an entry names its action: lotbook audit log --limit 20")
        })
    }
}

/// Whether any product has a lot of this name.
fn knows_lot(snapshot: &mut Snapshot<'_>, lot: &LotName) -> Result<bool, StoreError> {
    for product in snapshot.products()? {
        if snapshot.lot(&product.sku, lot.0.as_ref())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether any product has this serial number.
fn knows_serial(snapshot: &mut Snapshot<'_>, serial: &Serial) -> Result<bool, StoreError> {
    for product in snapshot.products()? {
        if snapshot.serial(&product.sku, serial)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
