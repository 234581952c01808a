//! From where to where each action moves its item: the right ends are taken, every other refused.

use super::*;
use crate::domain::quantity::Unit;
use crate::domain::session::ItemStatus;

/// A place of every kind; those of K-0007 and S-0042 are the fact's own.
const PLACES: [&str; 11] = [
    "supplier",
    "opening",
    "stockroom",
    "quarantine",
    "container:K-0007",
    "container:K-0008",
    "session:S-0042",
    "session:S-0043",
    "waste",
    "returned",
    "variance",
];

/// From, to, and whether the fact names K-0007.
type Move = (&'static str, &'static str, bool);

/// All that an action that moves something may do.
fn right(action: Action) -> &'static [Move] {
    match action {
        Action::LotReceive => &[("supplier", "stockroom", false)],
        Action::ContainerOpen => {
            &[("stockroom", "container:K-0007", true), ("quarantine", "container:K-0007", true)]
        }
        Action::StockUse => &[
            ("stockroom", "session:S-0042", false),
            ("quarantine", "session:S-0042", false),
            ("container:K-0007", "session:S-0042", true),
        ],
        Action::StockWaste => &[
            ("stockroom", "waste", false),
            ("quarantine", "waste", false),
            ("container:K-0007", "waste", true),
        ],
        _ => &[],
    }
}

fn item((from, to, named): Move) -> Item {
    Item {
        product: "NUMB-4".parse().unwrap(),
        lot: None,
        serial: None,
        expiry: Expiry(None),
        container: named.then(|| ContainerId::new(7)),
        quantity: Quantity::from_parts(2_500, Unit::Gram).unwrap(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    }
}

fn usage(item: Item) -> Usage {
    let within = InSession {
        session: "S-0042".parse().unwrap(),
        client: "C-7F3K9QWX".parse().unwrap(),
        protocol: "p@1".parse().unwrap(),
    };
    Usage {
        at: AtStep { within, step: "needling".parse().unwrap(), areas: Vec::new() },
        item,
        attributes: BTreeMap::new(),
        category: Category::Anesthetic,
        discard_by: None,
        fefo_overridden: false,
        status: ItemStatus::USABLE,
    }
}

/// The fact of an action that makes this move; none where it moves nothing by itself.
fn fact(action: Action, moved: Move) -> Option<Fact> {
    let item = item(moved);
    Some(match action {
        Action::LotReceive => Fact::LotReceive(Receipt {
            item,
            supplier: "Lind Medical".into(),
            cost: None,
            document: None,
            gtin: None,
            packs: None,
        }),
        Action::ContainerOpen => Fact::ContainerOpen { item, discard_by: None },
        Action::StockUse => Fact::StockUse(usage(item)),
        Action::StockWaste => {
            let at = usage(item.clone()).at.within;
            let because = Because::new(action, "dropped", None).unwrap();
            Fact::StockWaste { item, session: Some((at.session, at.client)), because }
        }
        _ => return None,
    })
}

fn reversed(fact: &Fact) -> Fact {
    let because = Because::new(Action::Reversal, "duplicate", None).unwrap();
    let at = Moment::parse("2026-11-22T11:14:00+01:00").unwrap();
    let original = Original { seq: 812, at, fact: fact.clone(), corrected_by: None };
    reverse(&[original], &because).unwrap().remove(0)
}

fn moves() -> impl Iterator<Item = Move> {
    let pairs = PLACES.iter().flat_map(|from| PLACES.iter().map(move |to| (*from, *to)));
    pairs.flat_map(|(from, to)| [(from, to, false), (from, to, true)])
}

#[test]
fn an_action_moves_its_item_where_it_may_and_nowhere_else() {
    for action in Action::ALL {
        let right = right(*action);
        assert_eq!(action.spec().route.is_some(), !right.is_empty(), "{action}");
        for moved in moves() {
            let Some(fact) = fact(*action, moved) else { continue };
            let judged = fact.check_route();
            assert_eq!(judged.is_ok(), right.contains(&moved), "{action} {moved:?}: {judged:?}");
        }
    }
}

#[test]
fn a_reversal_moves_its_item_back_as_it_came() {
    for action in [Action::LotReceive, Action::ContainerOpen, Action::StockUse, Action::StockWaste]
    {
        for moved in right(action) {
            assert_eq!(reversed(&fact(action, *moved).unwrap()).check_route(), Ok(()), "{moved:?}");
        }
    }
    // Of these two even the reversal alone shows what it takes back.
    for action in [Action::LotReceive, Action::StockUse] {
        for moved in moves().filter(|moved| !right(action).contains(moved)) {
            let back = reversed(&fact(action, moved).unwrap()).check_route();
            assert!(back.is_err(), "{action} {moved:?} was taken back");
        }
    }
}

#[test]
fn a_wrong_move_is_named_with_the_right_one() {
    let said = |action, moved| fact(action, moved).unwrap().check_route().unwrap_err();
    assert_eq!(
        said(Action::StockWaste, ("supplier", "stockroom", false)),
        "moves its item from supplier to stockroom; `stock.waste` moves its item from a place, \
         quarantine or its container to waste"
    );
    assert_eq!(
        said(Action::LotReceive, ("supplier", "stockroom", true)),
        "moves its item from supplier to stockroom and names K-0007; `lot.receive` moves its \
         item from supplier to a place"
    );
    let back = reversed(&fact(Action::LotReceive, ("waste", "stockroom", false)).unwrap());
    assert_eq!(
        back.check_route().unwrap_err(),
        "takes back a move from waste to stockroom; `lot.receive` moves its item from supplier \
         to a place"
    );
}
