//! No late entry and no reversal may make a balance negative at any moment since.

use lotbook::domain::fact::{Change, Fact, Item};
use lotbook::domain::stock::reverse;
use lotbook::domain::time::Moment;
use lotbook::store::{Receipt, StoreError};

use crate::clinic::{
    Clinic, actor, append_all, because, cartridge, cream, delivery, item, moment, moved, waste,
};
use crate::engines::{Database, On, on_every_engine};

on_every_engine!(
    a_late_use_can_take_only_what_was_there_at_every_moment_since,
    entries_of_the_same_second_are_ordered_by_their_position,
    stock_of_another_lot_or_place_covers_nothing,
    a_container_holds_nothing_before_it_was_opened,
    a_pack_is_not_opened_before_it_arrived,
    the_parts_of_a_late_command_add_up,
    a_reversed_move_never_happened,
    a_receipt_whose_stock_was_used_since_is_not_undone,
    an_opening_is_not_undone_while_something_taken_from_it_stands,
    a_receipt_and_a_use_of_the_same_second_are_still_in_order,
    a_serial_number_is_in_one_place_at_a_time,
    a_piece_becomes_known_by_its_serial_when_it_first_moves,
    what_moves_under_a_serial_number_is_its_pack,
    a_serial_number_is_known_while_the_entry_stands_that_named_it_first,
);

/// A time on the day of the test, in the clinic.
fn at(clock: &str) -> Moment {
    moment(&format!("2026-11-02T{clock}+01:00"))
}

/// The book of a day that is nearly over, with the database that it lies in.
fn clinic(on: On) -> (Database, Clinic) {
    let database = on.database();
    let clinic = Clinic::equipped(database.engine(), 1);
    clinic.clock.set("2026-11-02T20:00:00.000Z");
    (database, clinic)
}

fn carts(lot: &str, parts: i64) -> Item {
    item(&cartridge(), lot, "2027-03", parts)
}

fn throw(lot: &str, parts: i64) -> Fact {
    waste(carts(lot, parts), "stockroom", "dropped")
}

impl Clinic {
    fn late(&mut self, clock: &str, facts: &[Fact]) -> Result<Receipt, StoreError> {
        self.try_write_as("mara", Some(at(clock)), facts)
    }

    fn is_refused(&mut self, clock: &str, facts: &[Fact]) {
        let before = self.tree();
        let refused = self.late(clock, facts);
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{clock} {facts:?}: {refused:?}");
        assert_eq!(self.tree(), before);
    }

    fn undo(&mut self, seq: u64) -> Result<Receipt, StoreError> {
        let undone = self.book.write(actor("mara"), None, |writing| {
            let originals = writing.command_of(seq)?;
            append_all(writing, &reverse(&originals, &because("mis-scan"))?)
        });
        undone.map(|((), receipt)| receipt)
    }
}

fn a_late_use_can_take_only_what_was_there_at_every_moment_since(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 10))]).unwrap();
    clinic.late("12:00:00", &[throw("A", 8)]).unwrap();
    clinic.late("16:00:00", &[delivery(carts("A", 5))]).unwrap();
    // Now 7 are there, but at noon only 2 were left.
    clinic.is_refused("07:59:59", &[throw("A", 1)]);
    clinic.is_refused("10:00:00", &[throw("A", 3)]);
    clinic.is_refused("15:59:59", &[throw("A", 3)]);
    clinic.is_refused("16:00:00", &[throw("A", 8)]);
    let refused = clinic.late("10:00:00", &[throw("A", 3)]).unwrap_err();
    let StoreError::Refused(refusal) = refused else { panic!("{refused}") };
    assert_eq!(
        refusal.to_string(),
        "3 each of CART-12/A can't have left stockroom at 2026-11-02 10:00; \
         between then and now only 2 each was there at its lowest"
    );
    assert_eq!(refusal.hints, ["see what moved: lotbook trace lot CART-12/A"]);
    clinic.late("10:00:00", &[throw("A", 2)]).unwrap();
    clinic.is_refused("08:00:00", &[throw("A", 1)]);
    clinic.late("16:00:00", &[throw("A", 5)]).unwrap();
}

fn entries_of_the_same_second_are_ordered_by_their_position(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 3))]).unwrap();
    clinic.late("08:00:00", &[throw("A", 2)]).unwrap();
    clinic.is_refused("08:00:00", &[throw("A", 2)]);
    clinic.late("08:00:00", &[throw("A", 1)]).unwrap();
}

fn stock_of_another_lot_or_place_covers_nothing(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 5)), delivery(carts("a", 5))]).unwrap();
    let elsewhere = Item { to: "room-1".parse().unwrap(), ..carts("A", 5) };
    clinic.late("08:00:00", &[delivery(elsewhere)]).unwrap();
    clinic.is_refused("09:00:00", &[throw("A", 6)]);
    clinic.is_refused("09:00:00", &[throw("none", 1)]);
    clinic.is_refused("09:00:00", &[waste(carts("A", 1), "room-2", "dropped")]);
    clinic.late("09:00:00", &[waste(carts("A", 5), "room-1", "dropped")]).unwrap();
}

fn tube(parts: i64) -> Item {
    item(&cream(), "T", "2027-03", parts)
}

fn open(container: &str) -> Fact {
    let item = moved(tube(30_000), "stockroom", &format!("container:{container}"));
    Fact::ContainerOpen { item, discard_by: None }
}

fn a_container_holds_nothing_before_it_was_opened(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(tube(60_000))]).unwrap();
    clinic.late("12:00:00", &[open("K-0001")]).unwrap();
    let squeeze = || waste(tube(2_500), "container:K-0001", "dropped");
    clinic.is_refused("11:59:59", &[squeeze()]);
    clinic.late("12:00:00", &[squeeze()]).unwrap();
    let rest = waste(tube(27_501), "container:K-0001", "dropped");
    clinic.is_refused("13:00:00", &[rest]);
}

fn a_pack_is_not_opened_before_it_arrived(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(tube(30_000))]).unwrap();
    clinic.is_refused("07:00:00", &[open("K-0001")]);
    clinic.late("08:00:00", &[open("K-0001")]).unwrap();
    clinic.is_refused("09:00:00", &[open("K-0002")]);
}

fn the_parts_of_a_late_command_add_up(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 5))]).unwrap();
    clinic.is_refused("09:00:00", &[throw("A", 3), throw("A", 3)]);
    clinic.late("09:00:00", &[throw("A", 3), throw("A", 2)]).unwrap();
    clinic.late("10:00:00", &[delivery(tube(30_000)), open("K-0001")]).unwrap();
}

fn a_reversed_move_never_happened(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 10))]).unwrap();
    let thrown = clinic.late("12:00:00", &[throw("A", 8)]).unwrap();
    clinic.is_refused("10:00:00", &[throw("A", 10)]);
    clinic.undo(thrown.first.unwrap()).unwrap();
    clinic.late("10:00:00", &[throw("A", 10)]).unwrap();
}

fn a_receipt_whose_stock_was_used_since_is_not_undone(on: On) {
    let (_database, mut clinic) = clinic(on);
    let first = clinic.late("08:00:00", &[delivery(carts("A", 10))]).unwrap();
    let used = clinic.late("12:00:00", &[throw("A", 8)]).unwrap();
    clinic.late("16:00:00", &[delivery(carts("A", 10))]).unwrap();
    // 12 are there now, enough to take 10 away; but at noon nothing would have been.
    let before = clinic.tree();
    let refused = clinic.undo(first.first.unwrap());
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(clinic.tree(), before);
    clinic.undo(used.first.unwrap()).unwrap();
    clinic.undo(first.first.unwrap()).unwrap();
}

fn an_opening_is_not_undone_while_something_taken_from_it_stands(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(tube(60_000))]).unwrap();
    let opened = clinic.late("09:00:00", &[open("K-0001")]).unwrap();
    let squeezed = waste(tube(1), "container:K-0001", "dropped");
    let squeezed = clinic.late("10:00:00", &[squeezed]).unwrap();
    let refused = clinic.undo(opened.first.unwrap());
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    clinic.undo(squeezed.first.unwrap()).unwrap();
    clinic.undo(opened.first.unwrap()).unwrap();
    // A command that opened and took is reversed whole, last entry first.
    let both = [open("K-0002"), waste(tube(1), "container:K-0002", "dropped")];
    let both = clinic.late("11:00:00", &both).unwrap();
    clinic.undo(both.first.unwrap()).unwrap();
    let product = cream();
    let holdings = clinic.book.read(|snapshot| snapshot.holdings(&product)).unwrap();
    assert_eq!(holdings.len(), 1);
    assert_eq!((holdings[0].place.to_string(), holdings[0].parts), ("stockroom".into(), 60_000));
}

fn a_receipt_and_a_use_of_the_same_second_are_still_in_order(on: On) {
    let (_database, mut clinic) = clinic(on);
    let first = clinic.late("08:00:00", &[delivery(carts("A", 5))]).unwrap();
    clinic.late("08:00:00", &[throw("A", 5)]).unwrap();
    clinic.late("08:00:00", &[delivery(carts("A", 5))]).unwrap();
    let refused = clinic.undo(first.first.unwrap());
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
}

fn a_serial_number_is_in_one_place_at_a_time(on: On) {
    let (_database, mut clinic) = clinic(on);
    let piece = |serial: &str| Item { serial: Some(serial.parse().unwrap()), ..carts("A", 1) };
    let throw = |serial: &str| waste(piece(serial), "stockroom", "dropped");
    let first = clinic.late("08:00:00", &[delivery(piece("S1"))]).unwrap();
    clinic.late("10:00:00", &[delivery(piece("S2"))]).unwrap();
    // Another piece of the lot was there at nine, but not this one.
    clinic.is_refused("09:00:00", &[throw("S2")]);
    clinic.is_refused("11:00:00", &[waste(piece("S1"), "room-1", "dropped")]);
    clinic.late("10:00:00", &[delivery(carts("B", 1))]).unwrap();
    let of_another_lot = Item { serial: piece("S1").serial, ..carts("B", 1) };
    clinic.is_refused("11:00:00", &[waste(of_another_lot, "stockroom", "dropped")]);
    let thrown = clinic.late("11:00:00", &[throw("S1")]).unwrap();
    clinic.is_refused("12:00:00", &[throw("S1")]);
    clinic.is_refused("12:00:00", &[delivery(piece("S1"))]);
    let refused = clinic.undo(first.first.unwrap());
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    clinic.undo(thrown.first.unwrap()).unwrap();
    clinic.undo(first.first.unwrap()).unwrap();
    clinic.late("13:00:00", &[delivery(piece("S1"))]).unwrap();
    clinic.try_write(&[throw("S1")]).unwrap();
    clinic.try_write(&[throw("S1")]).unwrap_err();
    clinic.try_write(&[throw("S2")]).unwrap();
    clinic.verifies();
}

/// A delivery of twenty names no serial numbers, but a use may.
fn a_piece_becomes_known_by_its_serial_when_it_first_moves(on: On) {
    let (_database, mut clinic) = clinic(on);
    clinic.late("08:00:00", &[delivery(carts("A", 20))]).unwrap();
    let piece = Item { serial: Some("S1".parse().unwrap()), ..carts("A", 1) };
    let thrown = clinic.late("09:00:00", &[waste(piece.clone(), "stockroom", "dropped")]).unwrap();
    clinic.is_refused("10:00:00", &[waste(piece.clone(), "stockroom", "dropped")]);
    clinic.verifies();
    clinic.undo(thrown.first.unwrap()).unwrap();
    clinic.late("10:00:00", &[waste(piece, "stockroom", "dropped")]).unwrap();
    clinic.verifies();
}

/// A number that was misread would else keep the piece that bears it out of the book for ever.
fn a_serial_number_is_known_while_the_entry_stands_that_named_it_first(on: On) {
    let (_database, mut clinic) = clinic(on);
    let piece = |lot, serial: &str| Item { serial: Some(serial.parse().unwrap()), ..carts(lot, 1) };
    let throw = |serial: &str| waste(piece("A", serial), "stockroom", "dropped");
    let known = |clinic: &mut Clinic| -> Vec<(String, String)> {
        let rows = clinic.book.read(|snapshot| snapshot.all_serials()).unwrap();
        rows.iter().map(|row| (row.serial.to_string(), row.place.to_string())).collect()
    };
    clinic.late("08:00:00", &[delivery(carts("A", 1))]).unwrap();
    let thrown = clinic.late("09:00:00", &[throw("WRONG")]).unwrap();
    clinic.undo(thrown.first.unwrap()).unwrap();
    assert_eq!(known(&mut clinic), []);
    clinic.late("09:00:00", &[throw("RIGHT")]).unwrap();
    // The number is free for the pack that bears it, of whatever lot.
    let came = clinic.late("10:00:00", &[delivery(piece("B", "WRONG"))]).unwrap();
    let thrown = waste(piece("B", "WRONG"), "stockroom", "dropped");
    let thrown = clinic.late("11:00:00", &[thrown]).unwrap();
    clinic.undo(thrown.first.unwrap()).unwrap();
    let there = [("RIGHT".into(), "waste".into()), ("WRONG".into(), "stockroom".into())];
    assert_eq!(known(&mut clinic), there, "a later move puts it back where it was");
    clinic.undo(came.first.unwrap()).unwrap();
    assert_eq!(known(&mut clinic), there[..1]);
    clinic.verifies();
}

fn what_moves_under_a_serial_number_is_its_pack(on: On) {
    let (_database, mut clinic) = clinic(on);
    let numbered = |item: Item| Item { serial: Some("S1".parse().unwrap()), ..item };
    let tube = |parts| numbered(item(&cream(), "L77", "2027-03", parts));
    let open = |item| Fact::ContainerOpen {
        item: moved(item, "stockroom", "container:K-0001"),
        discard_by: Some("2026-11-30".parse().unwrap()),
    };
    clinic.is_refused("08:00:00", &[delivery(numbered(carts("A", 2)))]);
    clinic.late("08:00:00", &[delivery(carts("A", 2))]).unwrap();
    clinic.is_refused("09:00:00", &[waste(numbered(carts("A", 2)), "stockroom", "dropped")]);
    clinic.is_refused("08:00:00", &[delivery(tube(60_000))]);
    let came = clinic.late("08:00:00", &[delivery(tube(30_000))]).unwrap();
    clinic.late("08:00:00", &[delivery(item(&cream(), "L77", "2027-03", 30_000))]).unwrap();
    let opened = clinic.late("09:00:00", &[open(tube(30_000))]).unwrap();
    // What is taken from a container bears no number, and the pack can't leave the shelf again.
    clinic.is_refused("10:00:00", &[waste(tube(30_000), "container:K-0001", "dropped")]);
    clinic.is_refused("10:00:00", &[waste(tube(30_000), "stockroom", "dropped")]);
    let again = clinic.undo(came.first.unwrap());
    assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
    clinic.undo(opened.first.unwrap()).unwrap();
    clinic.late("11:00:00", &[waste(tube(30_000), "stockroom", "dropped")]).unwrap();
    let edit = |pack: &str| Fact::ProductEdit {
        product: cream().sku,
        unit: cream().unit(),
        change: Change { field: "pack".into(), old: Some("30 g".into()), new: Some(pack.into()) },
    };
    let refused = clinic.try_write(&[edit("20 g")]);
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    clinic.verifies();
}
