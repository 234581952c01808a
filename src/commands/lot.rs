//! `lot`: list lots, hold and release them.

use super::Why;
use super::item::{find, named};
use crate::context::Context;
use crate::domain::fact::Action;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
use crate::domain::stock::{LotState, agree_label, hold, no_such_lot, release};
use crate::error::Outcome;

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
    let ((lot, used), receipt) = context.write(|writing| {
        writing.permit(action)?;
        if writing.is_backdated() {
            return Err(Refusal::new("the status of a lot can't be backdated")
                .why("what was used meanwhile was used in good faith")
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
        Ok((lot, used))
    })?;
    let item = lot.item();
    if action != Action::LotHold {
        return context.changed(&format!("{item} released"), receipt);
    }
    context.changed(&format!("{item} held: it can't be used until it is released"), receipt)?;
    let sessions = match used {
        0 => "no session has used it so far".to_owned(),
        1 => "1 session has used it so far".to_owned(),
        used => format!("{used} sessions have used it so far"),
    };
    context.ui.note(format!("{sessions}: lotbook trace lot {}", quote(&item)));
    Ok(())
}

/// The lot that an item names; a label must not contradict what the book knows of it.
pub fn one_lot(
    snapshot: &mut crate::store::Snapshot<'_>,
    item: &super::item::Item,
) -> Result<LotState, crate::store::StoreError> {
    let sku = &item.product.sku;
    let Some(lot) = &item.lot else {
        return Err(Refusal::new(format!("which lot of {sku} is meant is not clear"))
            .hint(format!("see its lots: lotbook stock --lots {sku}"))
            .hint("name one as SKU/LOT")
            .into());
    };
    if let Some(found) = snapshot.lot(sku, lot.as_ref())? {
        agree_label(&found.state, item.expiry)?;
        return Ok(found.state);
    }
    let ever: Vec<LotState> = snapshot.lots(sku)?.into_iter().map(|row| row.state).collect();
    Err(no_such_lot(sku, &ever, lot.as_ref())
        .hint(format!("also those used up: lotbook audit log --product {sku} --action lot.receive"))
        .into())
}
