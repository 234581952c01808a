//! First expired, first out.

use proptest::prelude::*;

use super::*;
use crate::domain::id::PlaceName;
use crate::domain::refusal::Refusal;
use crate::domain::session::{ItemFault, ItemStatus};

fn shelf(place: &str, lot: LotState, parts: i64) -> Holding {
    Holding { place: place.parse().unwrap(), lot, opened: None, parts }
}

fn container(number: u32, discard_by: Option<&str>, lot: LotState, parts: i64) -> Holding {
    let opened = opened(number, discard_by);
    Holding { place: Place::Container(opened.id), lot, opened: Some(opened), parts }
}

/// What is asked for; the rest as a technician in no room, on 2 November, with no excuse.
struct Asked<'a> {
    parts: i64,
    lot: Option<&'a str>,
    expiring: Option<&'a str>,
    in_hand: InHand,
    room: Option<&'a str>,
    despite: &'a [ItemFault],
    told: bool,
}

impl Asked<'_> {
    fn parts(parts: i64) -> Self {
        Self {
            parts,
            lot: None,
            expiring: None,
            in_hand: InHand::Any,
            room: None,
            despite: &[],
            told: false,
        }
    }

    fn which(&self) -> Which {
        match (self.lot, self.expiring) {
            (Some(lot), _) => Which::Lot((lot != "none").then(|| lot.parse().unwrap())),
            (None, Some(day)) => Which::Expiring(day.parse::<Expiry>().unwrap().into()),
            (None, None) => Which::Any,
        }
    }

    fn choose<'h>(
        &self,
        product: &Product,
        holdings: &'h [Holding],
    ) -> Result<Choice<'h>, Refusal> {
        let room: Option<PlaceName> = self.room.map(|room| room.parse().unwrap());
        let want = Want {
            quantity: Quantity::from_parts(self.parts, product.unit()).unwrap(),
            which: self.which(),
            place: None,
            in_hand: self.in_hand,
            room: room.as_ref(),
            at: at("Europe/Berlin", "2026-11-02 10:00"),
            despite: self.despite,
            told: self.told,
            verb: Verb::Log { given: &[] },
        };
        choose(product, holdings, &want, ContainerId::new(8))
    }

    /// The draws in short: `open K-0008 A@stockroom`, `take 3 A@stockroom`, `take 3 K-0001`.
    fn told(&self, product: &Product, holdings: &[Holding]) -> Vec<String> {
        let choice = self.choose(product, holdings).unwrap();
        let draws = choice.draws.iter().map(|draw| match draw {
            Draw::Open { from, container, .. } => format!("open {container} {}", source(from)),
            Draw::Take { container: Some((id, _)), quantity, .. } => {
                format!("take {} {id}", quantity.parts())
            }
            Draw::Take { from, quantity, .. } => {
                format!("take {} {}", quantity.parts(), source(from))
            }
        });
        let overridden = choice.overridden.then(|| "overridden".to_owned());
        draws.chain(overridden).collect()
    }

    fn refused(&self, product: &Product, holdings: &[Holding]) -> Refusal {
        self.choose(product, holdings).unwrap_err()
    }
}

fn source(holding: &Holding) -> String {
    format!("{}@{}", lot_text(holding.lot.lot.as_ref()), holding.place)
}

#[test]
fn what_expires_first_goes_first_and_what_has_no_expiry_last() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("NEVER", "none", 1), 5),
        shelf("stockroom", lot("LATE", "2027-03-31", 2), 5),
        shelf("stockroom", lot("SOON", "2026-11-30", 3), 5),
        shelf("stockroom", lot("TODAY", "2026-11-02", 4), 1),
        shelf("stockroom", lot("GONE", "2026-11-01", 5), 9),
    ];
    assert_eq!(
        Asked::parts(13).told(&product, &holdings),
        [
            "take 1 TODAY@stockroom",
            "take 5 SOON@stockroom",
            "take 5 LATE@stockroom",
            "take 2 NEVER@stockroom"
        ]
    );
}

#[test]
fn of_the_same_expiry_the_first_receipt_goes_first_then_the_own_room() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("B", "2027-03-31", 4), 1),
        shelf("room-2", lot("A", "2027-03-31", 3), 1),
        shelf("stockroom", lot("A", "2027-03-31", 3), 1),
        shelf("room-1", lot("A", "2027-03-31", 3), 1),
    ];
    let asked = Asked { room: Some("room-2"), ..Asked::parts(4) };
    assert_eq!(
        asked.told(&product, &holdings),
        ["take 1 A@room-2", "take 1 A@room-1", "take 1 A@stockroom", "take 1 B@stockroom"]
    );
    let asked = Asked { room: Some("room-1"), ..Asked::parts(1) };
    assert_eq!(asked.told(&product, &holdings), ["take 1 A@room-1"]);
    // The room's own shelf never goes before what expires earlier elsewhere.
    let holdings = [
        shelf("room-1", lot("LATE", "2027-03-31", 1), 1),
        shelf("stockroom", lot("SOON", "2026-12-31", 2), 1),
    ];
    assert_eq!(asked.told(&product, &holdings), ["take 1 SOON@stockroom"]);
}

#[test]
fn open_containers_go_first_by_their_discard_by_and_then_a_new_one_is_opened() {
    let product = product(UseKind::Multi);
    let holdings = [
        shelf("stockroom", lot("SOON", "2026-11-10", 1), 60),
        container(1, Some("2026-11-30"), lot("LATE", "2027-03-31", 2), 5),
        container(2, Some("2026-11-20"), lot("LATE", "2027-03-31", 2), 3),
        container(3, None, lot("NEVER", "none", 3), 2),
        container(4, Some("2026-11-01"), lot("LATE", "2027-03-31", 2), 30),
    ];
    assert_eq!(
        Asked::parts(45).told(&product, &holdings),
        [
            "take 3 K-0002",
            "take 5 K-0001",
            "take 2 K-0003",
            "open K-0008 SOON@stockroom",
            "take 30 K-0008",
            "open K-0009 SOON@stockroom",
            "take 5 K-0009"
        ]
    );
}

#[test]
fn a_new_container_lives_as_long_as_its_lot_and_its_opening_allow() {
    let product = product(UseKind::Multi);
    let holdings = [shelf("stockroom", lot("A", "2026-11-10", 1), 30)];
    let choice = Asked::parts(1).choose(&product, &holdings).unwrap();
    let day = Some("2026-11-10".parse().unwrap());
    let id = ContainerId::new(8);
    assert!(matches!(&choice.draws[0], Draw::Open { discard_by, .. } if *discard_by == day));
    assert!(
        matches!(&choice.draws[1], Draw::Take { container, .. } if *container == Some((id, day)))
    );
}

#[test]
fn a_broken_pack_is_not_opened_and_a_container_serves_no_single_use() {
    let multi = product(UseKind::Multi);
    let holdings = [shelf("stockroom", lot("A", "none", 1), 29)];
    assert_eq!(
        Asked::parts(1).refused(&multi, &holdings).to_string(),
        "not enough NUMB-4: 0.001 g wanted, 0 g usable"
    );
    let single = product(UseKind::Single);
    let holdings = [container(1, None, lot("A", "none", 1), 5)];
    assert!(Asked::parts(1).choose(&single, &holdings).is_err());
}

#[test]
fn another_lot_may_be_named_and_the_choice_says_so() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("SOON", "2026-11-30", 1), 5),
        shelf("stockroom", lot("LATE", "2027-03-31", 2), 5),
        shelf("stockroom", lot("none", "none", 3), 5),
    ];
    let named = |lot| Asked { lot: Some(lot), ..Asked::parts(2) };
    assert_eq!(named("SOON").told(&product, &holdings), ["take 2 SOON@stockroom"]);
    assert_eq!(named("LATE").told(&product, &holdings), ["take 2 LATE@stockroom", "overridden"]);
    assert_eq!(named("none").told(&product, &holdings), ["take 2 none@stockroom", "overridden"]);
    // A named lot is never topped up from another one.
    let refused = Asked { parts: 6, ..named("LATE") }.refused(&product, &holdings);
    assert_eq!(refused.to_string(), "not enough NUMB-4/LATE: 6 each wanted, 5 each usable");
}

#[test]
fn another_container_may_be_named_and_the_choice_says_so() {
    let product = product(UseKind::Multi);
    let holdings = [
        container(1, Some("2026-11-20"), lot("A", "none", 1), 5),
        container(2, Some("2026-11-30"), lot("A", "none", 1), 5),
    ];
    let named =
        |number| Asked { in_hand: InHand::Container(ContainerId::new(number)), ..Asked::parts(2) };
    assert_eq!(named(1).told(&product, &holdings), ["take 2 K-0001"]);
    assert_eq!(named(2).told(&product, &holdings), ["take 2 K-0002", "overridden"]);
    let refused = Asked { parts: 6, ..named(2) }.refused(&product, &holdings);
    assert!(refused.to_string().starts_with("not enough NUMB-4 in K-0002: "), "{refused}");
}

#[test]
fn a_named_lot_that_is_not_usable_is_refused_with_the_way_out() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("23B;0412", "2026-10-31", 1), 5),
        shelf("stockroom", lot("24C0110", "2027-03-31", 2), 14),
    ];
    let refused = Asked { lot: Some("23B;0412"), ..Asked::parts(1) }.refused(&product, &holdings);
    assert_eq!(
        refused.to_string(),
        "lot 23B;0412 of NUMB-4 expired on 2026-10-31; it can't be used on 2026-11-02"
    );
    assert_eq!(
        refused.hints,
        [
            "14 each of lot 24C0110 expire 2027-03-31: --use NUMB-4/24C0110",
            "if it was used all the same, record it: --despite expired --reason \
             'clinical-judgement|client-request|emergency|supply|recorded-late'"
        ]
    );
    // A quantity that was typed is part of what to type instead, as far as there is so much.
    for (parts, told) in [(2, "2 each"), (99, "14 each")] {
        let asked = Asked { lot: Some("23B;0412"), told: true, ..Asked::parts(parts) };
        let hint = &asked.refused(&product, &holdings).hints[0];
        let use_this = format!(": --use '{told} NUMB-4/24C0110'");
        assert!(hint.ends_with(&use_this), "{hint}");
    }
}

#[test]
fn a_named_container_past_its_day_is_refused_by_its_name() {
    let product = product(UseKind::Multi);
    let holdings = [container(4, Some("2026-11-01"), lot("A", "none", 1), 5)];
    let fourth = InHand::Container(ContainerId::new(4));
    let refused = Asked { in_hand: fourth, ..Asked::parts(1) }.refused(&product, &holdings);
    assert_eq!(refused.what, "container K-0004 of NUMB-4 was to be discarded after 2026-11-01");
    let word = "if it was used all the same, record it: --despite discard-by --reason \
        'clinical-judgement|client-request|emergency|supply|recorded-late'";
    assert_eq!(refused.hints, [word]);
}

#[test]
fn what_truly_happened_can_be_recorded_of_a_named_item_only() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("OLD", "2026-10-31", 1), 5),
        shelf("stockroom", lot("NEW", "2027-03-31", 2), 5),
    ];
    let despite = Asked { despite: &[ItemFault::Expired], ..Asked::parts(2) };
    assert_eq!(despite.told(&product, &holdings), ["take 2 NEW@stockroom"]);
    let named = Asked { lot: Some("OLD"), ..despite };
    assert_eq!(named.told(&product, &holdings), ["take 2 OLD@stockroom", "overridden"]);
    let choice = named.choose(&product, &holdings).unwrap();
    let Draw::Take { status, .. } = &choice.draws[0] else { panic!("{choice:?}") };
    assert_eq!(*status, ItemStatus::of([ItemFault::Expired]));
    // One word lifts one reason.
    let mut held = holdings.clone();
    held[0].lot.status = LotStatus::Held;
    let refused = named.refused(&product, &held);
    assert!(refused.what.ends_with("is held and expired on 2026-10-31"), "{refused}");
    let words = "--despite expired --despite held --reason \
        'clinical-judgement|client-request|emergency|supply|recorded-late'";
    assert!(refused.hints.iter().any(|hint| hint.ends_with(words)), "{refused:?}");
    let one = Asked { lot: Some("OLD"), despite: &[ItemFault::Held], ..Asked::parts(2) };
    assert_eq!(one.refused(&product, &held).what, refused.what);
    let both = Asked { lot: Some("OLD"), despite: ItemFault::ALL, ..Asked::parts(2) };
    let choice = both.choose(&product, &held).unwrap();
    let Draw::Take { status, .. } = &choice.draws[0] else { panic!("{choice:?}") };
    assert_eq!(status.to_string(), "expired+held");
}

#[test]
fn nothing_lets_a_retired_product_be_used() {
    let product = Product { retired: true, ..product(UseKind::Single) };
    let holdings = [shelf("stockroom", lot("A", "none", 1), 5)];
    let asked = Asked { lot: Some("A"), despite: ItemFault::ALL, ..Asked::parts(1) };
    assert_eq!(asked.refused(&product, &holdings).what, "lot A of NUMB-4 is of a retired product");
}

/// Five are on the shelf and three set apart: six are too many, but the lot itself is in order.
#[test]
fn too_little_of_a_named_lot_is_not_blamed_on_what_is_set_apart() {
    let product = product(UseKind::Single);
    let holdings =
        [shelf("quarantine", lot("A", "none", 1), 3), shelf("stockroom", lot("A", "none", 1), 5)];
    let refused = Asked { lot: Some("A"), ..Asked::parts(6) }.refused(&product, &holdings);
    assert_eq!(
        refused.to_string(),
        "not enough NUMB-4/A: 6 each wanted, 5 each usable; \
         3 each of NUMB-4/A in quarantine is in quarantine"
    );
}

#[test]
fn not_enough_says_what_there_is_and_why_it_does_not_count() {
    let product = product(UseKind::Single);
    let holdings = [
        shelf("stockroom", lot("OLD", "2026-10-31", 1), 5),
        shelf("stockroom", lot("NEW", "2027-03-31", 2), 2),
    ];
    let refused = Asked::parts(3).refused(&product, &holdings);
    assert_eq!(
        refused.to_string(),
        "not enough NUMB-4: 3 each wanted, 2 each usable; \
         5 each of NUMB-4/OLD in stockroom expired on 2026-10-31"
    );
    assert_eq!(refused.hints, ["see what there is: lotbook stock --lots NUMB-4"]);
    let refused = Asked::parts(3).refused(&product, &[]);
    assert_eq!(refused.to_string(), "not enough NUMB-4: 3 each wanted, 0 each usable");
}

fn any_holding() -> impl Strategy<Value = Holding> {
    let expiries = ["none", "2026-11-01", "2026-11-02", "2026-11-10", "2027-03-31"];
    let places = ["stockroom", "room-1", "room-2", "quarantine"];
    let label = (0..4_usize, prop::sample::select(expiries.to_vec()));
    let status = prop::sample::select(vec![
        LotStatus::Released,
        LotStatus::Released,
        LotStatus::Released,
        LotStatus::Held,
    ]);
    let open = prop::option::of((1..7_u32, prop::option::of(0..4_usize)));
    (label, status, prop::sample::select(places.to_vec()), open, 0..95_i64).prop_map(
        move |((number, expiry), status, place, open, parts)| {
            let state = LotState { status, ..lot(&format!("L{number}"), expiry, number as u64) };
            match open {
                Some((id, day)) => container(id, day.map(|day| expiries[day + 1]), state, parts),
                None => shelf(place, state, parts),
            }
        },
    )
}

/// What a use may take of one holding, by the definition: a container's rest, whole packs of a
/// product that is opened, and pieces.
fn available(product: &Product, holding: &Holding) -> i64 {
    match (product.use_kind, &holding.opened) {
        (UseKind::Single, None) | (UseKind::Multi, Some(_)) => holding.parts,
        (UseKind::Single, Some(_)) => 0,
        (UseKind::Multi, None) => holding.parts / product.pack.parts() * product.pack.parts(),
    }
}

proptest! {
    #[test]
    fn a_choice_takes_what_was_wanted_and_no_more_than_there_is(
        mut holdings in prop::collection::vec(any_holding(), 0..8),
        multi in any::<bool>(),
        parts in 1..120_i64,
        named in prop::option::of(0..4_usize),
        despite in prop::sample::subsequence(ItemFault::ALL, 0..=3),
    ) {
        // One row for each lot in each place, as the book keeps them.
        holdings.sort_by_key(|holding| (holding.lot.lot.clone(), holding.place.clone()));
        holdings.dedup_by_key(|holding| (holding.lot.lot.clone(), holding.place.clone()));
        let product = product(if multi { UseKind::Multi } else { UseKind::Single });
        let name = named.map(|number| format!("L{number}"));
        let asked = Asked { lot: name.as_deref(), despite: &despite, ..Asked::parts(parts) };
        let day = "2026-11-02".parse().unwrap();
        let judged = |holding: &Holding| {
            let judged = usable(
                &product, &holding.lot, holding.opened.as_ref(), &holding.place, day,
            );
            match judged {
                Ok(()) => Some(ItemStatus::USABLE),
                Err(why) => why.status().filter(|status| {
                    name.is_some() && status.faults().all(|fault| despite.contains(&fault))
                }),
            }
        };
        let wanted = |holding: &&Holding| {
            let lot = holding.lot.lot.as_ref().map(Lot::as_str);
            name.is_none() || lot == name.as_deref()
        };
        let there: i64 = holdings
            .iter()
            .filter(wanted)
            .filter(|holding| judged(holding).is_some())
            .map(|holding| available(&product, holding))
            .sum();
        let choice = asked.choose(&product, &holdings);
        prop_assert_eq!(choice.is_ok(), there >= parts, "{} there: {:?}", there, choice);
        let Ok(choice) = choice else { return Ok(()) };
        let mut taken = 0;
        let mut by_place: BTreeMap<String, i64> = BTreeMap::new();
        for draw in &choice.draws {
            let (from, place, parts) = match draw {
                Draw::Open { from, .. } => (from, source(from), product.pack.parts()),
                Draw::Take { from, container, quantity, status } => {
                    taken += quantity.parts();
                    prop_assert_eq!(Some(*status), judged(from));
                    let place = match container {
                        Some((id, _)) => id.to_string(),
                        None => source(from),
                    };
                    (from, place, quantity.parts())
                }
            };
            prop_assert!(wanted(from));
            *by_place.entry(place).or_default() += parts;
        }
        prop_assert_eq!(taken, parts, "what is drawn is what was wanted");
        for holding in &holdings {
            let place = match &holding.opened {
                Some(opened) => opened.id.to_string(),
                None => source(holding),
            };
            let drawn = by_place.get(&place).copied().unwrap_or(0);
            // Containers are told apart by their number alone, which is theirs for ever.
            let held: i64 = holdings.iter().filter(|other| {
                other.opened.is_some() && other.opened.as_ref().map(|o| o.id)
                    == holding.opened.as_ref().map(|o| o.id)
            }).map(|other| other.parts).sum::<i64>().max(holding.parts);
            prop_assert!(drawn <= held, "{place} gives {drawn} of {held}");
        }
        let opened = choice.draws.iter().filter(|draw| matches!(draw, Draw::Open { .. })).count();
        prop_assert!(!choice.draws.is_empty() && (multi || opened == 0));
    }
}

#[test]
fn a_label_without_a_lot_takes_only_what_has_its_expiry() {
    let product = product(UseKind::Multi);
    let holdings = [
        container(1, Some("2026-11-20"), lot("SOON", "2026-11-30", 1), 20),
        shelf("stockroom", lot("SOON", "2026-11-30", 1), 30),
        shelf("stockroom", lot("LATE", "2027-03-31", 2), 30),
        shelf("stockroom", lot("GONE", "2026-10-31", 3), 30),
    ];
    let label = |day| Asked { expiring: Some(day), ..Asked::parts(2) };
    assert_eq!(label("2026-11-30").told(&product, &holdings), ["take 2 K-0001"]);
    assert_eq!(
        label("2027-03-31").told(&product, &holdings),
        ["open K-0008 LATE@stockroom", "take 2 K-0008", "overridden"]
    );
    let refused = label("2028-01-31").refused(&product, &holdings);
    assert_eq!(
        refused.what,
        "the code says that this NUMB-4 expires 2028-01-31, and of the lots that are there \
         GONE expires 2026-10-31, SOON expires 2026-11-30, LATE expires 2027-03-31"
    );
    // What expired is refused like a lot that was named, and recorded like one.
    let refused = label("2026-10-31").refused(&product, &holdings);
    assert_eq!(refused.what, "lot GONE of NUMB-4 expired on 2026-10-31");
    let despite = Asked { despite: &[ItemFault::Expired], ..label("2026-10-31") };
    assert_eq!(
        despite.told(&product, &holdings),
        ["open K-0008 GONE@stockroom", "take 2 K-0008", "overridden"]
    );
    let all = Asked { expiring: Some("2027-03-31"), ..Asked::parts(40) };
    let refused = all.refused(&product, &holdings);
    assert_eq!(
        refused.what,
        "not enough NUMB-4 with expiry 2027-03-31: 0.04 g wanted, 0.03 g usable"
    );
}

#[test]
fn a_label_with_an_expiry_is_never_sent_to_a_lot_with_another() {
    let product = product(UseKind::Multi);
    let mut held = lot("A", "2027-03-31", 1);
    held.status = LotStatus::Held;
    let holdings = [
        shelf("stockroom", held, 30_000_000),
        shelf("stockroom", lot("B", "2027-06-30", 2), 30_000_000),
    ];
    let label = Asked { expiring: Some("2027-03-31"), ..Asked::parts(1) };
    let hints = label.refused(&product, &holdings).hints;
    assert_eq!(
        hints,
        ["if it was used all the same, record it: --despite held --reason \
        'clinical-judgement|client-request|emergency|supply|recorded-late'"]
    );
    let named = Asked { lot: Some("A"), ..Asked::parts(1) };
    let hints = named.refused(&product, &holdings).hints;
    assert!(hints[0].ends_with("expire 2027-06-30: --use NUMB-4/B"), "{hints:?}");
}

#[test]
fn an_opening_is_only_told_what_its_own_command_understands() {
    let product = product(UseKind::Multi);
    let pack = product.pack.parts();
    let mut held = lot("A", "2027-03-31", 1);
    held.status = LotStatus::Held;
    let hints = |left: i64| {
        let holdings = [
            shelf("stockroom", held.clone(), pack),
            shelf("stockroom", lot("B", "2027-06-30", 2), left),
        ];
        let want = Want {
            quantity: product.pack,
            which: Which::Lot(held.lot.clone()),
            place: None,
            in_hand: InHand::Any,
            room: None,
            at: at("Europe/Berlin", "2026-11-02 10:00"),
            despite: &[],
            told: false,
            verb: Verb::Open { flags: " --at 10:40" },
        };
        choose(&product, &holdings, &want, ContainerId::new(8)).unwrap_err().hints
    };
    let recorded = "if it was used all the same, its session records that, and the opening too: \
         lotbook session log STEP --use NUMB-4/A --despite held --reason \
         'clinical-judgement|client-request|emergency|supply|recorded-late'";
    // What is told works: the use opens the pack that its session says was held.
    let holdings = [shelf("stockroom", held.clone(), pack)];
    let despite = &[ItemFault::Held];
    let told = Asked { lot: Some("A"), despite, ..Asked::parts(1) }.told(&product, &holdings);
    assert_eq!(told, ["open K-0008 A@stockroom", "take 1 K-0008"]);
    let whole = hints(pack);
    assert!(whole[0].ends_with("expire 2027-06-30: lotbook open NUMB-4/B --at 10:40"), "{whole:?}");
    assert_eq!(whole[1], recorded);
    assert_eq!(hints(pack - 1), [recorded], "what is no whole pack can't be opened");
}

#[test]
fn a_pack_in_hand_is_opened_although_a_container_is_open() {
    let product = product(UseKind::Multi);
    let (lot, pack) = (lot("A", "2027-03-31", 1), product.pack.parts());
    let holdings =
        [container(1, Some("2026-11-29"), lot.clone(), 20), shelf("stockroom", lot, 2 * pack)];
    let in_hand = Asked { in_hand: InHand::Pack, ..Asked::parts(2) };
    let told = ["open K-0008 A@stockroom", "take 2 K-0008", "overridden"];
    assert_eq!(in_hand.told(&product, &holdings), told);
    assert_eq!(Asked::parts(2).told(&product, &holdings), ["take 2 K-0001"]);
    let refused = in_hand.choose(&product, &holdings[..1]).unwrap_err();
    assert_eq!(refused.what, "not enough NUMB-4: 0.002 g wanted, 0 g usable");
}
