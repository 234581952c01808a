//! `client`: references, never names.

use crate::context::Context;
use crate::domain::client::{check_new, says_who};
use crate::domain::fact::{Action, Fact};
use crate::domain::id::ClientRef;
use crate::error::Outcome;
use crate::store::{StoreError, Writing};

#[derive(Debug, clap::Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Take a client reference into use: a random one, or the number of your own practice system.
    /// The book never holds a name.
    New(New),
}

#[derive(Debug, clap::Args)]
pub struct New {
    /// The number in your practice system; it must hold a digit. Left out, a random one is made
    reference: Option<ClientRef>,
}

pub fn run(command: Command, context: &mut Context) -> Outcome {
    let Command::New(args) = command;
    let (client, receipt) = context.write(|writing| {
        writing.permit(Action::ClientNew)?;
        let client = match &args.reference {
            Some(client) => {
                check_new(client, &writing.clients_alike(client)?)?;
                client.clone()
            }
            None => random(writing)?,
        };
        writing.append(&Fact::ClientNew(client.clone()))?;
        Ok(client)
    })?;
    context.changed(client.as_ref(), receipt)?;
    if let Some(warning) = args.reference.as_ref().and_then(says_who) {
        context.ui.warn(warning);
        context.ui.hint("a random one says nothing: lotbook client new");
    }
    Ok(())
}

/// A random reference that is not in use; a few of many billions have no digit and are passed over.
fn random(writing: &mut Writing<'_>) -> Result<ClientRef, StoreError> {
    for _ in 0..1000 {
        if let Some(client) = ClientRef::from_random(writing.random())
            && !writing.knows_client(&client)?
        {
            return Ok(client);
        }
    }
    Err(StoreError::Invariant("the random source repeats itself".to_owned()))
}
