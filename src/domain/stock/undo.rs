//! Undo: an earlier command is reversed whole, or not at all. The originals stay.

use super::item_text;
use crate::domain::fact::{Action, Because, Fact, Reversal, ReversedSession, TakenBack, pick};
use crate::domain::id::Sku;
use crate::domain::refusal::Refusal;
use crate::domain::shell::quote;
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

impl Original {
    /// `#812 stock.use`.
    pub fn name(&self) -> String {
        format!("#{} {}", self.seq, self.fact.action())
    }
}

/// What an undo of a command takes back, and a hint for each fact that stays. What a product
/// learned from the scan of a delivery stays: the label bore it, however wrong the delivery was.
pub fn taken_back(command: Vec<Original>) -> (Vec<Original>, Vec<String>) {
    let is_delivery = command.iter().any(|original| matches!(original.fact, Fact::LotReceive(_)));
    let (stays, taken): (Vec<_>, Vec<_>) =
        command.into_iter().partition(|original| is_delivery && learned(&original.fact).is_some());
    let hints = stays.iter().filter_map(|original| learned(&original.fact)).map(|(sku, gtin)| {
        format!(
            "{sku} keeps the GTIN {gtin}; if it is another's: \
            lotbook product edit {sku} --gtin {gtin}="
        )
    });
    (taken, hints.collect())
}

/// The GTIN that a product learned by this fact.
fn learned(fact: &Fact) -> Option<(&Sku, &str)> {
    let Fact::ProductEdit { product, change, .. } = fact else { return None };
    Some((product, change.field.strip_prefix("gtin.")?))
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
                .why("it stays in the ledger as it is")
                .hint(way_out(&original.fact)));
        }
    }
    originals.iter().rev().map(|original| reversal(original, because)).collect()
}

/// What to do after an undo, a hint each: a session whose end was reversed is open again.
pub fn after_undo(reversals: &[Fact]) -> Vec<String> {
    let ends = reversals.iter().filter_map(|fact| match fact {
        Fact::Reversal(reversal) => match reversal.takes_back() {
            TakenBack::End(session) => Some(session),
            _ => None,
        },
        _ => None,
    });
    let hints = ends.flat_map(|session| {
        let log = "lotbook session log STEP --session";
        [
            format!("{session} is open again, to log what is missing: {log} {session}"),
            format!(
                "and then to end it: lotbook session finish {session}, or half-way: \
                 lotbook session stop {session} {}",
                pick(Action::SessionStop.spec().reasons)
            ),
        ]
    });
    hints.collect()
}

fn way_out(fact: &Fact) -> String {
    let reasons = |action: Action| pick(action.spec().reasons);
    match fact {
        Fact::LotHold { product, lot, .. } => {
            let (item, reasons) = (item_text(product, lot.as_ref()), reasons(Action::LotRelease));
            format!("let the lot be used again: lotbook lot release {} {reasons}", quote(&item))
        }
        Fact::LotRelease { product, lot, .. } => {
            let (item, reasons) = (item_text(product, lot.as_ref()), reasons(Action::LotHold));
            format!("hold it again: lotbook lot hold {} {reasons}", quote(&item))
        }
        Fact::SessionStart { within, .. } => {
            let (id, reasons) = (within.session, reasons(Action::SessionVoid));
            format!("say that it never happened: lotbook session void {id} {reasons}")
        }
        other => way_out_of(other.action()).to_owned(),
    }
}

fn way_out_of(action: Action) -> &'static str {
    match action {
        Action::Reversal => "record anew what truly happened",
        Action::StaffEdit => "set the former value again: lotbook staff edit",
        Action::ProductEdit => "set the former value again: lotbook product edit",
        Action::ProductRetire => "take it into use again: lotbook product edit SKU --in-use",
        Action::ProductAdd => "correct it: lotbook product edit SKU, or lotbook product retire SKU",
        Action::StaffAdd => "correct it: lotbook staff edit",
        Action::PlaceAdd => "leave the place empty, and name another: lotbook place add NAME",
        Action::ClientNew => {
            "start no session with the reference, and make another: lotbook client new"
        }
        Action::ProtocolPublish => {
            "start sessions with another version, and publish it: lotbook protocol publish FILE"
        }
        _ => "see what can be: lotbook audit log",
    }
}

fn reversal(original: &Original, because: &Because) -> Result<Fact, Refusal> {
    let refuse = |error: String| {
        Refusal::new(format!("#{}: {error}", original.seq))
            .hint("see what still holds: lotbook audit verify")
    };
    let columns: Columns<'_> =
        original.fact.columns().map_err(|error| refuse(error.to_string()))?;
    let detail = Detail::parse(columns.detail.as_deref().unwrap_or_default())
        .map_err(|error| refuse(error.to_string()))?
        .into_owned();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::InSession;

    #[test]
    fn after_the_end_of_a_session_is_reversed_it_is_open_again() {
        let within = InSession {
            session: "S-0042".parse().unwrap(),
            client: "C-7F3K9QWX".parse().unwrap(),
            protocol: "p@1".parse().unwrap(),
        };
        let at = Moment::parse("2026-11-22T11:14:00+01:00").unwrap();
        let fact = Fact::SessionFinish { within, because: None };
        let because = Because::new(Action::Reversal, "duplicate", None).unwrap();
        let original = Original { seq: 812, at, fact, corrected_by: None };
        let hints = after_undo(&reverse(&[original], &because).unwrap());
        assert_eq!(hints.len(), 2);
        assert!(hints[0].starts_with("S-0042 is open again"), "{hints:?}");
        assert!(after_undo(&[Fact::ClientNew("C-7F3K9QWX".parse().unwrap())]).is_empty());
    }
}
