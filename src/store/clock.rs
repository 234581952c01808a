//! The clock and the ids are given to the book, so that the same facts with the same clock and ids
//! make the same root. Tests give their own; nothing in the environment can.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use uuid::{Builder, Uuid};

use crate::domain::time::Instant;

/// Says what time it is.
pub trait Clock {
    fn now(&mut self) -> Instant;

    /// What time it is for a write to a book whose server says `server`. The computer's clock
    /// gives way to it, since several desks share it; a clock that was given does not.
    fn at_server(&mut self, server: Option<Instant>) -> Instant {
        let _ = server;
        self.now()
    }
}

/// A clock of several books.
impl Clock for Rc<RefCell<Box<dyn Clock>>> {
    fn now(&mut self) -> Instant {
        self.borrow_mut().now()
    }

    fn at_server(&mut self, server: Option<Instant>) -> Instant {
        self.borrow_mut().at_server(server)
    }
}

/// Makes ids that nobody can guess.
pub trait Ids {
    /// A UUID version 7 whose 74 free bits are fresh random ones.
    fn entry_id(&mut self, now: Instant) -> Uuid;
    /// A random UUID, for a new book.
    fn book_id(&mut self) -> Uuid;
    /// 64 random bits, for client references.
    fn random(&mut self) -> u64;
}

/// A source of ids of several books.
impl Ids for Rc<RefCell<Box<dyn Ids>>> {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        self.borrow_mut().entry_id(now)
    }

    fn book_id(&mut self) -> Uuid {
        self.borrow_mut().book_id()
    }

    fn random(&mut self) -> u64 {
        self.borrow_mut().random()
    }
}

/// Ids that are the same again when a command is tried again: the k-th id of a command is fixed
/// before its first try.
pub(super) struct Fixed<'i> {
    source: &'i mut dyn Ids,
    given: Vec<Given>,
    next: usize,
}

#[derive(Clone, Copy)]
enum Given {
    Id(Uuid),
    Random(u64),
}

impl<'i> Fixed<'i> {
    pub(super) fn new(source: &'i mut dyn Ids) -> Self {
        Self { source, given: Vec::new(), next: 0 }
    }

    /// From the first id again.
    pub(super) fn again(&mut self) {
        self.next = 0;
    }

    /// The id of the command's first entry.
    pub(super) fn first(&self) -> Option<Uuid> {
        self.given.iter().find_map(|given| match given {
            Given::Id(id) => Some(*id),
            Given::Random(_) => None,
        })
    }

    fn known(&mut self) -> Option<Given> {
        let known = self.given.get(self.next).copied();
        self.next += 1;
        known
    }
}

impl Ids for Fixed<'_> {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        if let Some(Given::Id(id)) = self.known() {
            return id;
        }
        let id = self.source.entry_id(now);
        self.given.truncate(self.next - 1);
        self.given.push(Given::Id(id));
        id
    }

    fn book_id(&mut self) -> Uuid {
        self.source.book_id()
    }

    fn random(&mut self) -> u64 {
        if let Some(Given::Random(bits)) = self.known() {
            return bits;
        }
        let bits = self.source.random();
        self.given.truncate(self.next - 1);
        self.given.push(Given::Random(bits));
        bits
    }
}

/// The computer's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    /// A clock outside the years of a book is held at their edge, where no book is written.
    fn now(&mut self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Instant::EARLIEST.plus_millis(millis.saturating_sub(Instant::EARLIEST.millis()).max(0))
    }

    fn at_server(&mut self, server: Option<Instant>) -> Instant {
        server.unwrap_or_else(|| self.now())
    }
}

/// The system's random source, read in blocks so that bulk writing need not ask it for each id.
pub struct SystemIds {
    block: [u8; 1024],
    used: usize,
}

impl Default for SystemIds {
    fn default() -> Self {
        Self { block: [0; 1024], used: 1024 }
    }
}

impl SystemIds {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > self.block.len() {
            // Without a random source nothing that the book promises could be kept.
            getrandom::fill(&mut self.block).expect("the system's random source failed");
            self.used = 0;
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.block[self.used..self.used + N]);
        self.block[self.used..self.used + N].fill(0);
        self.used += N;
        bytes
    }
}

impl Ids for SystemIds {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    fn book_id(&mut self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn random(&mut self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }
}
