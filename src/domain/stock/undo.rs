//! Undo: an earlier command is reversed whole, or not at all. The originals stay.

use crate::domain::fact::{Action, Because, Fact, Reversal, ReversedSession};
use crate::domain::refusal::Refusal;
use crate::domain::time::Moment;
use crate::domain::trail::detail::Detail;
use crate::domain::trail::entry::Columns;

/// One entry of the command that is to be reversed.
#[derive(Debug, Clone)]
pub struct Original {
    /// Its position.
    pub seq: u64,
    /// When it happened.
    pub at: Moment,
    /// What it says.
    pub fact: Fact,
    /// The entry that reversed it already.
    pub corrected_by: Option<u64>,
}

/// The facts that reverse a whole command, last entry first, or why it can't be reversed.
pub fn reverse(originals: &[Original], because: &Because) -> Result<Vec<Fact>, Refusal> {
    for original in originals {
        let (seq, action) = (original.seq, original.fact.action());
        if let Some(by) = original.corrected_by {
            return Err(Refusal::new(format!("#{seq} is already reversed, by #{by}"))
                .why("a reversal can't be reversed")
                .hint("record anew what truly happened"));
        }
        if !action.spec().undo {
            return Err(Refusal::new(format!("#{seq} is `{action}`, which can't be undone"))
                .why(way_out(action)));
        }
    }
    originals.iter().rev().map(|original| reversal(original, because)).collect()
}

fn way_out(action: Action) -> &'static str {
    match action {
        Action::Reversal => "a reversal can't be reversed: record anew what truly happened",
        Action::LotHold => "let the lot be used again: lotbook lot release SKU/LOT --reason CODE",
        Action::LotRelease => "hold it again: lotbook lot hold SKU/LOT --reason CODE",
        Action::SessionStart => {
            "say that it never happened: lotbook session void S-0042 \
            --reason CODE"
        }
        Action::StaffEdit => "set the former value again: lotbook staff edit",
        Action::ProductEdit => "set the former value again: lotbook product edit",
        Action::ProductAdd => "correct it: lotbook product edit SKU, or lotbook product retire SKU",
        _ => "it stays in the ledger as it is",
    }
}

fn reversal(original: &Original, because: &Because) -> Result<Fact, Refusal> {
    let refuse = |error: String| Refusal::new(format!("#{}: {error}", original.seq));
    let columns: Columns<'_> =
        original.fact.columns().map_err(|error| refuse(error.to_string()))?;
    let detail = Detail::parse(columns.detail.as_deref().unwrap_or_default())
        .map_err(|error| refuse(error.to_string()))?;
    let (within, step, areas) = match &original.fact {
        Fact::SessionStep { at, .. } => (Some(&at.within), Some(&at.step), &at.areas[..]),
        Fact::StockUse(usage) => {
            (Some(&usage.at.within), Some(&usage.at.step), &usage.at.areas[..])
        }
        Fact::SessionFinish { within, .. } | Fact::SessionStop { within, .. } => {
            (Some(within), None, &[][..])
        }
        _ => (None, None, &[][..]),
    };
    let within = match (&original.fact, within) {
        (Fact::StockWaste { session: Some((session, client)), .. }, _) => {
            Some(ReversedSession { session: *session, client: client.clone(), protocol: None })
        }
        (_, within) => within.map(|within| ReversedSession {
            session: within.session,
            client: within.client.clone(),
            protocol: Some(within.protocol.clone()),
        }),
    };
    let item = original.fact.item().cloned().map(|mut item| {
        std::mem::swap(&mut item.from, &mut item.to);
        item
    });
    Ok(Fact::Reversal(Box::new(Reversal {
        within,
        step: step.cloned(),
        areas: areas.to_vec(),
        item,
        detail,
        corrects: original.seq,
        because: because.clone(),
    })))
}
