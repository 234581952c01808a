//! `protocol publish`: a text is kept in the book, and sessions can be started with it.

use std::ffi::OsString;

use super::text::find;
use crate::context::Context;
use crate::domain::fact::Action;
use crate::domain::protocol::parse;
use crate::domain::protocol::publish::{Known, publish};
use crate::domain::trail::hash::Hash;
use crate::error::{Failure, Outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    lotbook protocol publish acne-scars-face\n  \
    lotbook protocol publish ./our-face-protocol.toml")]
pub struct Args {
    /// A file, or the id of a protocol that comes with the program
    #[arg(value_name = "FILE|ID")]
    protocol: OsString,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Outcome {
    let text = find(&args.protocol)?;
    let (protocol, problems) = parse(&text.text);
    context.ui.problems(&text.name, &text.text, &problems);
    let Some(protocol) = protocol else {
        return Err(Failure::usage(format!("{} has errors, so it is not published", text.name))
            .hint("mend what is shown above, then try again"));
    };
    let reference = &protocol.reference;
    let (sha256, receipt) = context.write(|writing| {
        writing.permit(Action::ProtocolPublish)?;
        let sha256 = Hash::of(text.text.as_bytes()).to_string();
        let known = writing.protocol(&reference.to_string())?;
        let known = known.as_ref().map(|known| Known { sha256: &known.sha256, seq: known.seq });
        let fact = publish(reference, &sha256, known.as_ref())?;
        writing.keep_protocol_text(&text.text)?;
        writing.append(&fact)?;
        Ok(sha256)
    })?;
    context.changed(&format!("{reference} published, sha256 {}", &sha256[..12]), receipt)?;
    context.ui.hint(format!(
        "start a session with it: lotbook session start {} --client REF --areas A,B",
        reference.id
    ));
    Ok(())
}
