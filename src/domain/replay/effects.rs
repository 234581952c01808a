//! What one entry does to stock, sessions and names.

use super::{Claim, Replay, Verdict};
use crate::domain::fact::{Action, Fact, Opening, Reversal};
use crate::domain::session::SessionState;
use crate::domain::stock::LotStatus::{Held, Released};
use crate::domain::trail::entry::Entry;

impl Replay {
    /// Takes in what an entry says, as far as it follows from those before.
    pub(super) fn take_in(&mut self, entry: &Entry<'_>, fact: &Fact) -> Verdict {
        let (seq, at) = (entry.seq, entry.occurred_at);
        if let Some(item) = fact.item() {
            self.catalog.product(&item.product, item.quantity.unit())?;
        }
        match fact {
            Fact::BookOpen(opening) => return self.open_book(seq, opening),
            _ if seq == 0 => return Err("doesn't open a book".to_owned()),
            _ => {}
        }
        match fact {
            Fact::LotReceive(receipt) => self.stock.receive(seq, &receipt.item),
            Fact::ContainerOpen { item, discard_by } => self.stock.open(seq, at, item, *discard_by),
            Fact::ProtocolPublish { protocol, sha256, parent } => {
                self.sessions.publish(seq, protocol, sha256, parent.as_ref())
            }
            Fact::SessionStart { within, .. } => {
                self.sessions.start(entry, fact)?;
                let client = &within.client;
                let known = self.catalog.clients.contains(client);
                let unknown = || format!("names {client}, whom no entry before it adds");
                known.then_some(()).ok_or_else(unknown)
            }
            Fact::SessionStep { at, .. } => {
                let within = &at.within;
                let protocol = Some(&within.protocol);
                self.sessions.row(within.session, &within.client, protocol).map(drop)
            }
            Fact::StockUse(usage) => {
                let within = &usage.at.within;
                self.sessions.count_uses(within.session, |uses| uses + 1);
                self.stock.move_item(seq, &usage.item)?;
                let protocol = Some(&within.protocol);
                self.sessions.row(within.session, &within.client, protocol).map(drop)
            }
            Fact::StockWaste { item, session, .. } => {
                self.stock.move_item(seq, item)?;
                let within = session.as_ref();
                within.map_or(Ok(()), |(id, client)| self.sessions.row(*id, client, None).map(drop))
            }
            Fact::SessionFinish { within, because } => {
                let code = because.as_ref().map(|because| because.code());
                self.sessions.end(at, within, SessionState::Finished, code)
            }
            Fact::SessionStop { within, because } => {
                self.sessions.end(at, within, SessionState::Stopped, Some(because.code()))
            }
            Fact::SessionVoid { within, because } => {
                self.sessions.end(at, within, SessionState::Voided, Some(because.code()))
            }
            Fact::LotHold { product, lot, .. } => self.stock.status(entry, product, lot, Held),
            Fact::LotRelease { product, lot, .. } => {
                self.stock.status(entry, product, lot, Released)
            }
            Fact::Reversal(reversal) => self.reverse(entry, reversal),
            Fact::AuditExport { root, size, .. } => {
                self.claims.push(Claim { seq, size: *size, root: root.clone() });
                Ok(())
            }
            Fact::StaffAdd(_)
            | Fact::StaffEdit { .. }
            | Fact::PlaceAdd { .. }
            | Fact::ProductAdd(_)
            | Fact::ProductEdit { .. }
            | Fact::ProductRetire { .. }
            | Fact::ClientNew(_) => self.catalog.apply(fact),
            Fact::BookOpen(_) | Fact::AccessRefuse { .. } => Ok(()),
        }
    }

    fn open_book(&mut self, seq: u64, opening: &Opening) -> Verdict {
        if seq != 0 {
            return Err("opens a book that is open".to_owned());
        }
        self.book = Some(opening.clone());
        Ok(())
    }

    fn reverse(&mut self, entry: &Entry<'_>, reversal: &Reversal) -> Verdict {
        let (original, order) = self.corrections.reverse(entry, self.command.first)?;
        let voided = reversal.within.as_ref().filter(|within| {
            let row = self.sessions.sessions.get(&within.session.number());
            row.is_some_and(|row| row.state == SessionState::Voided)
        });
        self.take_back(original, reversal)?;
        order?;
        match voided {
            Some(within) => {
                Err(format!("takes back a part of {}, which was voided", within.session))
            }
            None => Ok(()),
        }
    }

    fn take_back(&mut self, original: Action, reversal: &Reversal) -> Verdict {
        let item = || reversal.item.as_ref().ok_or("reverses a move and moves nothing");
        let seq = reversal.corrects;
        match original {
            Action::LotReceive => self.stock.unreceive(seq, item()?),
            Action::ContainerOpen => self.stock.unopen(seq, item()?),
            Action::StockUse => {
                if let Some(within) = &reversal.within {
                    self.sessions.count_uses(within.session, |uses| uses.saturating_sub(1));
                }
                self.stock.move_back(seq, item()?)
            }
            Action::StockWaste => self.stock.move_back(seq, item()?),
            Action::SessionFinish | Action::SessionStop => {
                let within = reversal.within.as_ref().ok_or("reverses the end of no session")?;
                self.sessions.reopen(within.session)
            }
            _ => Ok(()),
        }
    }
}
