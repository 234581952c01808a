//! Several desks write to one book at the same time.

use std::process::Stdio;
use std::sync::Barrier;

use lotbook::domain::fact::Fact;
use lotbook::domain::id::ContainerId;
use lotbook::domain::stock::{InHand, Verb, Want, Which, choose};
use lotbook::store::{Book, StoreError};

use crate::clinic::{actor, cartridge, delivery, item, moved, waste};
use crate::{Desk, clients, said, write_client};

#[test]
fn eight_writers_at_once_lose_nothing_and_wait_for_each_other() {
    let desk = Desk::new();
    let writers: Vec<_> =
        (0..8).map(|writer| desk.writer(&format!("C-{writer}-"), 50).spawn().unwrap()).collect();
    let mut kept: Vec<String> = Vec::new();
    for writer in writers {
        let done = writer.wait_with_output().unwrap();
        assert!(done.status.success());
        let text = String::from_utf8(done.stdout).unwrap();
        kept.extend(text.lines().filter_map(said).map(str::to_owned));
    }
    let mut there = clients(&mut desk.book());
    kept.sort_unstable();
    there.sort_unstable();
    assert_eq!(kept.len(), 400);
    assert_eq!(there, kept);
}

#[test]
fn reading_goes_on_while_others_write() {
    let desk = Desk::new();
    let mut writer = desk.writer("C-", 100).stderr(Stdio::null()).spawn().unwrap();
    let mut book = desk.book();
    let (mut last, mut amid) = (0, 0);
    while writer.try_wait().unwrap().is_none() {
        let size = book.read(|snapshot| {
            let (size, mut entries) = (snapshot.size(), 0);
            snapshot.entries(0, u64::MAX, &mut |_, _| {
                entries += 1;
                Ok(lotbook::store::Rows::More)
            })?;
            assert_eq!(entries, size, "one snapshot shows one moment");
            Ok(size)
        });
        let size = size.unwrap();
        assert!(size >= last);
        amid += u64::from(size > last && last > 0);
        last = size;
    }
    assert!(amid > 0, "no reading saw the book grow");
    assert_eq!(clients(&mut book).len(), 100);
}

/// Takes one piece of whatever first expired, first out says, as a command does it.
fn take_one(book: &mut Book) -> Result<(), StoreError> {
    let product = cartridge();
    let taken = book.write(actor("mara"), None, |writing| {
        let at = writing.moment();
        let holdings = writing.holdings_at(&product, at)?;
        let want = Want {
            quantity: product.pack,
            which: Which::Any,
            place: None,
            in_hand: InHand::Any,
            room: None,
            at,
            despite: &[],
            told: false,
            verb: Verb::Log { given: &[] },
        };
        choose(&product, &holdings, &want, ContainerId::new(1))?;
        let piece = item(&product, "A", "none", 1);
        writing.append(&waste(moved(piece, "stockroom", "waste"), "stockroom", "dropped"))
    });
    taken.map(drop)
}

#[test]
fn of_two_who_want_the_last_piece_exactly_one_gets_it() {
    let desk = Desk::new();
    let mut book = desk.book();
    book.write(actor("mara"), None, |writing| writing.append(&Fact::ProductAdd(cartridge())))
        .unwrap();
    for round in 0..25 {
        let one = delivery(item(&cartridge(), "A", "none", 1));
        book.write(actor("mara"), None, |writing| writing.append(&one)).unwrap();
        let start = Barrier::new(2);
        let take = || {
            let mut book = desk.book();
            start.wait();
            take_one(&mut book)
        };
        let (one, other) = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(take), scope.spawn(take));
            (one.join().unwrap(), other.join().unwrap())
        });
        let refused = match (one, other) {
            (Ok(()), Err(refused)) | (Err(refused), Ok(())) => refused,
            both => panic!("round {round}: {both:?}"),
        };
        let text = refused.to_string();
        assert_eq!(text, "not enough CART-12: 1 each wanted, 0 each usable");
    }
    clients(&mut book);
    assert!(book.read(|snapshot| snapshot.all_holdings()).unwrap().is_empty());
}

#[test]
fn of_two_commands_for_the_last_piece_exactly_one_is_done() {
    let desk = Desk::new();
    let mut book = desk.book();
    let facts = [Fact::ProductAdd(cartridge()), delivery(item(&cartridge(), "A", "none", 5))];
    book.write(actor("mara"), None, |writing| {
        facts.iter().try_for_each(|fact| writing.append(fact).map(drop))
    })
    .unwrap();
    let args = ["waste", "5", "CART-12/A", "--reason", "dropped"];
    let commands: Vec<_> = (0..6).map(|_| desk.lotbook(&args).spawn().unwrap()).collect();
    let mut codes: Vec<_> = commands
        .into_iter()
        .map(|command| command.wait_with_output().unwrap().status.code().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 3, 3, 3, 3, 3], "one is done, the rest are refused by the book");
    clients(&mut book);
}

/// The program waits for ten seconds before it gives up; this test does so too.
#[test]
fn a_writer_that_stays_is_named_and_reading_is_not_held_up() {
    let desk = Desk::new();
    let other = rusqlite::Connection::open(desk.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut book = desk.book();
    assert_eq!(book.read(|snapshot| Ok(snapshot.size())).unwrap(), 3);
    assert!(matches!(write_client(&mut book, "C-1"), Err(StoreError::Locked)));
    other.execute_batch("ROLLBACK").unwrap();
    write_client(&mut book, "C-1").unwrap();
    assert_eq!(clients(&mut book), ["C-1"]);
}

/// Whoever comes too late is refused, and takes nothing away from whoever was first.
#[test]
fn of_many_who_make_one_book_at_once_exactly_one_does_and_its_book_stays() {
    for round in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk { folder };
        let (clinic, zone) = (["--clinic", "Lind"], ["--zone", "Europe/Berlin"]);
        let (currency, manager) = (["--currency", "EUR"], ["--manager", "mara=Mara"]);
        let args = [&["init"][..], &clinic, &zone, &currency, &manager].concat();
        let made: Vec<_> = (0..8).map(|_| desk.lotbook(&args).spawn().unwrap()).collect();
        let mut codes: Vec<_> = made
            .into_iter()
            .map(|made| made.wait_with_output().unwrap().status.code().unwrap())
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, [0, 3, 3, 3, 3, 3, 3, 3], "round {round}");
        assert!(clients(&mut desk.book()).is_empty());
    }
}
