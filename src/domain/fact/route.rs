//! From where to where each action moves its item. Nothing that moves otherwise is written, and
//! `verify` judges every entry by it.

use std::fmt;

use super::{Action, Fact, Item, TakenBack};
use crate::domain::id::SessionId;
use crate::domain::place::Place;

/// What a place is to the fact that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where deliveries come from.
    Supplier,
    /// A place that the clinic named.
    Place,
    /// Where stock is set apart.
    Quarantine,
    /// The container that the fact names, and no other.
    OwnContainer,
    /// The session that the fact belongs to, and no other.
    OwnSession,
    /// Where it is thrown away.
    Waste,
}

/// From where to where an action moves its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Where it may come from.
    pub from: &'static [End],
    /// Where it goes.
    pub to: End,
}

impl Route {
    pub(super) const RECEIVE: Self = Self { from: &[End::Supplier], to: End::Place };
    pub(super) const OPEN: Self =
        Self { from: &[End::Place, End::Quarantine], to: End::OwnContainer };
    pub(super) const USE: Self = Self { from: Self::AT_HAND, to: End::OwnSession };
    pub(super) const WASTE: Self = Self { from: Self::AT_HAND, to: End::Waste };

    /// Wherever stock lies.
    const AT_HAND: &[End] = &[End::Place, End::Quarantine, End::OwnContainer];
}

impl End {
    fn is(self, place: &Place, item: &Item, session: Option<SessionId>) -> bool {
        match (self, place) {
            (Self::Supplier, Place::Supplier)
            | (Self::Place, Place::Real(_))
            | (Self::Quarantine, Place::Quarantine)
            | (Self::Waste, Place::Waste) => true,
            (Self::OwnContainer, Place::Container(id)) => item.container == Some(*id),
            (Self::OwnSession, Place::Session(id)) => session == Some(*id),
            _ => false,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Supplier => "supplier",
            Self::Place => "a place",
            Self::Quarantine => "quarantine",
            Self::OwnContainer => "its container",
            Self::OwnSession => "its session",
            Self::Waste => "waste",
        })
    }
}

impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, end) in self.from.iter().enumerate() {
            let before = match number {
                0 => "",
                last if last + 1 == self.from.len() => " or ",
                _ => ", ",
            };
            write!(out, "{before}{end}")?;
        }
        write!(out, " to {}", self.to)
    }
}

impl Fact {
    /// Says where the fact moves its item otherwise than its action may; a reversal moves it as
    /// the original may, the other way round.
    ///
    /// # Errors
    ///
    /// The sentence that `verify` says behind `entry 812:`.
    pub fn check_route(&self) -> Result<(), String> {
        let Some(item) = self.item() else { return Ok(()) };
        let (action, session) = self.moves_as();
        let Some(route) = action.spec().route else { return Ok(()) };
        let (from, to, does) = match self {
            Self::Reversal(_) => (&item.to, &item.from, "takes back a move"),
            _ => (&item.from, &item.to, "moves its item"),
        };
        let is_own = |place: &Place| End::OwnContainer.is(place, item, session);
        let names_rightly = item.container.is_none() || is_own(from) || is_own(to);
        let comes = route.from.iter().any(|end| end.is(from, item, session));
        if comes && route.to.is(to, item, session) && names_rightly {
            return Ok(());
        }
        let container = item.container.map_or(String::new(), |id| format!(" and names {id}"));
        Err(format!(
            "{does} from {from} to {to}{container}; `{action}` moves its item from {route}"
        ))
    }

    /// The action whose route the fact takes, and the session that it belongs to.
    fn moves_as(&self) -> (Action, Option<SessionId>) {
        match self {
            Self::StockUse(usage) => (Action::StockUse, Some(usage.at.within.session)),
            Self::Reversal(reversal) => {
                let session = reversal.within.as_ref().map(|within| within.session);
                let action = match (reversal.takes_back(), &reversal.step) {
                    (TakenBack::Receipt, _) => Action::LotReceive,
                    (TakenBack::Opening(_), _) => Action::ContainerOpen,
                    (_, Some(_)) => Action::StockUse,
                    (_, None) => Action::StockWaste,
                };
                (action, session)
            }
            fact => (fact.action(), None),
        }
    }
}
