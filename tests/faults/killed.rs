//! The program is killed at any moment: what it said was kept is kept.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::time::Duration;

use lotbook::store::StoreError;

use crate::{Desk, clients, open, said};

/// A number that differs from round to round and is the same in every run.
fn scattered(round: u64) -> u64 {
    let mixed = (round + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40
}

/// When to kill commands so that some end before and some after it, on machines of any speed.
struct Patience {
    longest_us: u64,
    survived: u64,
    killed: u64,
}

impl Patience {
    /// How often a command is killed at least, and how often until both outcomes were seen.
    const ROUNDS: (u64, u64) = (40, 2_000);

    fn new() -> Self {
        Self { longest_us: 30_000, survived: 0, killed: 0 }
    }

    /// The next round; none when enough have gone both ways.
    fn round(&self) -> Option<u64> {
        let round = self.survived + self.killed;
        let both = self.survived > 0 && self.killed > 0;
        assert!(both || round < Self::ROUNDS.1, "every command went one way: nothing was tried");
        (round < Self::ROUNDS.0 || !both).then_some(round)
    }

    fn wait(&self, round: u64) {
        std::thread::sleep(Duration::from_micros(scattered(round) % self.longest_us));
    }

    fn learn(&mut self, survived: bool) {
        *(if survived { &mut self.survived } else { &mut self.killed }) += 1;
        if self.survived == 0 && self.killed.is_multiple_of(10) {
            self.longest_us *= 2;
        } else if self.killed == 0 && self.survived.is_multiple_of(10) {
            self.longest_us = (self.longest_us / 2).max(1);
        }
    }
}

fn no_name_twice(clients: &[String]) {
    let names: BTreeSet<&String> = clients.iter().collect();
    assert_eq!(names.len(), clients.len(), "no entry is there twice");
}

#[test]
fn no_entry_that_was_kept_is_lost_when_a_writer_is_killed() {
    let desk = Desk::new();
    let mut kept = Vec::new();
    for round in 0..15 {
        let mut writer = desk.writer(&format!("C-{round}-"), u32::MAX).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let enough = 1 + scattered(round) % 20;
        let mut heard = 0;
        while heard < enough {
            let line = lines.next().expect("the writer goes on until it is killed").unwrap();
            if let Some(name) = said(&line) {
                kept.push(name.to_owned());
                heard += 1;
            }
        }
        writer.kill().unwrap();
        // What it still said before it died counts too.
        kept.extend(lines.map_while(Result::ok).filter_map(|line| said(&line).map(str::to_owned)));
        writer.wait().unwrap();
        let there = clients(&mut desk.book());
        no_name_twice(&there);
        let lost: Vec<_> = kept.iter().filter(|name| !there.contains(name)).collect();
        assert!(lost.is_empty(), "lost in round {round}: {lost:?}");
        // At most the one entry whose word was cut off is there without having been said.
        assert!(there.len() <= kept.len() + usize::try_from(round).unwrap() + 1);
    }
}

#[test]
fn a_command_that_is_killed_is_there_whole_or_not_at_all() {
    let desk = Desk::new();
    let ran = |args: &[&str]| {
        let done = desk.lotbook(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    ran(&["product", "add", "CART-12", "--category", "cartridge", "--unit", "each", "--pack", "1"]);
    let mut patience = Patience::new();
    while let Some(round) = patience.round() {
        let lot = format!("L{round}");
        let args = ["receive", "2", "CART-12", "--lot", &lot, "--expiry", "none", "--from", "Lind"];
        let mut command = desk.lotbook(&args).spawn().unwrap();
        patience.wait(round);
        command.kill().unwrap();
        let done = command.wait_with_output().unwrap();
        let (sku, name) = ("CART-12".parse().unwrap(), lot.parse().unwrap());
        let there = desk.book().read(|snapshot| snapshot.lot(&sku, Some(&name))).unwrap().is_some();
        let said = !done.stdout.is_empty();
        assert!(there || !said, "{lot} was said to be received and is not there");
        patience.learn(there);
    }
    ran(&["client", "new"]);
    let mut book = desk.book();
    clients(&mut book);
    let holdings = book.read(|snapshot| snapshot.all_holdings()).unwrap();
    assert_eq!(holdings.len() as u64, patience.survived);
    assert!(holdings.iter().all(|holding| holding.parts == 2));
}

#[test]
fn a_book_whose_making_is_killed_is_whole_or_says_that_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut patience = Patience::new();
    while let Some(round) = patience.round() {
        let desk = Desk { folder: tempfile::tempdir_in(folder.path()).unwrap() };
        let args = ["init", "--clinic", "C", "--zone", "Europe/Berlin", "--currency", "EUR"];
        let mut command = desk.lotbook(&args);
        let mut command = command.args(["--manager", "mara=Mara"]).spawn().unwrap();
        patience.wait(round);
        command.kill().unwrap();
        let done = command.wait_with_output().unwrap();
        let opened = open(&desk.path());
        patience.learn(opened.is_ok());
        match opened {
            Ok(mut book) => assert!(clients(&mut book).is_empty()),
            Err(error) => {
                assert!(done.stdout.is_empty(), "it said that the book is made: {error}");
                let named = matches!(error, StoreError::Missing(_) | StoreError::Unfinished);
                assert!(named, "{error}");
            }
        }
    }
}
