//! `lot`: list lots, hold and release them.

use super::Why;
use super::item::{Item, find, named};
use crate::context::Context;
use crate::domain::fact::Action;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::stock::{LotState, agree_label, check_the_pack, hold, release};
use crate::error::Outcome;
use crate::store::{LotRow, Snapshot, StoreError};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Hold a lot: it is used nowhere until it is released
    Hold(Args),
    /// Release a held lot
    Release(Args),
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// SKU/LOT, or a scan of its label
    lot: String,
    #[command(flatten)]
    why: Why,
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    let (args, action) = match command {
        Command::Hold(args) => (args, Action::LotHold),
        Command::Release(args) => (args, Action::LotRelease),
    };
    let because = args.why.check(action)?;
    let named = named(&args.lot, context)?;
    let ((lot, used, unnamed), receipt) = context.write(|writing| {
        writing.permit(action)?;
        if writing.is_backdated() {
            return Err(Refusal::new("the status of a lot can't be backdated")
                .why("the order of the entries says what was recorded while a lot was held")
                .hint("leave --at out")
                .into());
        }
        let item = find(writing, &named)?;
        let lot = one_lot(writing, &item)?;
        let fact = match action {
            Action::LotHold => hold(&lot, because.clone())?,
            _ => release(&lot, because.clone())?,
        };
        writing.append(&fact)?;
        let used = writing.sessions_that_used(&lot)?;
        let unnamed = named.is_scan() && item.lot().is_none();
        Ok((lot, used, unnamed))
    })?;
    let item = lot.item();
    let changed = match action {
        Action::LotHold => format!("{item} held: it can't be used until it is released"),
        _ => format!("{item} released"),
    };
    context.changed(&changed, receipt)?;
    if unnamed {
        context.ui.warn(check_the_pack(&item));
    }
    if action != Action::LotHold {
        return Ok(());
    }
    let sessions = match used {
        0 => "no session has used it so far".to_owned(),
        1 => "1 session has used it so far".to_owned(),
        used => format!("{used} sessions have used it so far"),
    };
    context.ui.note(format!("{sessions}: lotbook trace lot {}", quote(&item)));
    Ok(())
}

/// The lot that an item names; a label must not contradict what the book knows of it.
pub fn one_lot(snapshot: &mut Snapshot<'_>, item: &Item) -> Result<LotState, StoreError> {
    item.agree_serial()?;
    let rows = snapshot.lots(&item.product.sku)?.into_iter();
    // A lot whose deliveries were all undone is looked up by its name alone.
    let meant = |row: &LotRow| row.receipts > 0 || item.lot() == Some(row.state.lot.as_ref());
    let lots: Vec<LotState> = rows.filter(meant).map(|row| row.state).collect();
    let lot = item.which().one_of(&item.product, &lots)?;
    agree_label(lot, item.expiry)?;
    Ok(lot.clone())
}
