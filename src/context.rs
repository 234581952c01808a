//! What a command is given: the ui, the settings, and the book, which is opened when it is first
//! asked for.

use std::path::Path;

use crate::books;
use crate::config::{Address, Environment, Settings};
use crate::domain::barcode::{ScanSettings, Today};
use crate::domain::id::entry_number;
use crate::domain::time::Moment;
use crate::error::{Failure, Outcome};
use crate::os::Folders;
use crate::store::{
    Actor, Behind, Book, Clock, Engine, Ids, Receipt, Snapshot, StoreError, SystemClock, SystemIds,
    Unread, Writing,
};
use crate::ui::{Manner, Ui};

/// Everything outside the program that it depends on. Tests bring their own.
pub struct Surroundings {
    /// The variables it was started with.
    pub environment: Environment,
    /// The user's folders.
    pub folders: Folders,
    /// What time it is.
    pub clock: Box<dyn Clock>,
    /// Where ids come from.
    pub ids: Box<dyn Ids>,
    /// How the streams are opened, once it is known how to talk.
    pub ui: Box<dyn FnOnce(Manner) -> Ui>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            environment: Environment::of_process(),
            folders: Folders::of_user(),
            clock: Box::new(SystemClock),
            ids: Box::new(SystemIds::default()),
            ui: Box::new(Ui::real),
        }
    }
}

/// A way to open a book.
type Open = fn(Box<dyn Engine>, Box<dyn Clock>, Box<dyn Ids>) -> Result<Book, StoreError>;

/// What a command is given.
pub struct Context {
    /// The only way to talk to whoever started the program.
    pub ui: Ui,
    /// Flags, environment and settings file.
    pub settings: Settings,
    sources: Option<(Box<dyn Clock>, Box<dyn Ids>)>,
    book: Option<Book>,
}

impl Context {
    /// Puts a context together.
    pub fn new(ui: Ui, settings: Settings, clock: Box<dyn Clock>, ids: Box<dyn Ids>) -> Self {
        Self { ui, settings, sources: Some((clock, ids)), book: None }
    }

    /// The clock and the ids, for a command that makes a book of its own. They can be taken once.
    pub fn take_sources(&mut self) -> Outcome<(Box<dyn Clock>, Box<dyn Ids>)> {
        self.sources.take().ok_or_else(|| Failure::book("a book is open already"))
    }

    /// Goes on with a book that is open already, for the tour of the demo.
    pub fn lend(&mut self, book: Book, path: &Path) {
        self.settings.book = Address::File(path.to_owned());
        self.book = Some(book);
    }

    /// Turns to another book, which is opened when it is first asked for.
    pub fn turn_to(&mut self, book: Address, clock: Box<dyn Clock>, ids: Box<dyn Ids>) {
        self.settings.book = book;
        self.sources = Some((clock, ids));
        self.book = None;
    }

    /// The book, opened if it isn't yet.
    pub fn book(&mut self) -> Outcome<&mut Book> {
        self.opened(Book::open)
    }

    /// The book as it is to be verified, together with the ui.
    pub fn book_to_verify(&mut self) -> Outcome<(&mut Book, &mut Ui)> {
        self.opened(Book::open_to_verify)?;
        self.book_and_ui()
    }

    fn opened(&mut self, open: Open) -> Outcome<&mut Book> {
        if self.book.is_none() {
            let engine = books::open(&self.settings, &mut self.ui);
            let engine = engine.map_err(|failure| self.name(failure))?;
            let (clock, ids) = self.take_sources()?;
            let book = open(engine, clock, ids).map_err(|error| self.name(error.into()))?;
            self.warn_of(book.unread());
            self.book = Some(book);
        }
        self.book.as_mut().ok_or_else(|| Failure::book("the book did not open"))
    }

    /// A failure that names the file of the book, where it is of the book that is open here.
    pub fn named(&self, failure: Failure) -> Failure {
        if self.book.is_some() { self.name(failure) } else { failure }
    }

    fn name(&self, failure: Failure) -> Failure {
        match &self.settings.book {
            Address::File(path) => failure.at(path),
            Address::Server(_) => failure,
        }
    }

    /// Says what a crash left on the disk and that is not in the book. Nothing else ever will: the
    /// next write takes its place.
    fn warn_of(&mut self, unread: Option<Unread>) {
        let last = "lotbook audit log --limit 20";
        match unread {
            None => {}
            Some(Unread::Torn) => {
                self.ui.warn(
                    "the last write before the program or the computer stopped is not in the \
                    book: only a part of it reached the disk",
                );
                self.ui.hint(format!("if it was said to be recorded, record it again: {last}"));
            }
            Some(Unread::Lost) => {
                self.ui.warn(
                    "writes that were said to be recorded are missing from the book: the disk \
                    damaged its -wal file, and what stands behind the damage can't be read",
                );
                self.ui.hint(format!("look what is missing and record it again: {last}"));
                self.ui.hint("say where the damaged file is kept: lotbook audit verify");
            }
        }
    }

    /// The open book together with the ui, for what is written while it is read.
    pub fn book_and_ui(&mut self) -> Outcome<(&mut Book, &mut Ui)> {
        self.book()?;
        let book = self.book.as_mut().ok_or_else(|| Failure::book("the book did not open"))?;
        Ok((book, &mut self.ui))
    }

    /// Whether there is a book to ask; for commands that also work without one. Only in its usual
    /// place may there be none: a book that was named is asked, and says that it isn't there.
    pub fn has_book(&self) -> bool {
        match &self.settings.book {
            Address::File(path) => self.settings.is_named || path.exists(),
            Address::Server(_) => true,
        }
    }

    /// Reads in one snapshot.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, StoreError>,
    ) -> Outcome<T> {
        let read = self.book()?.read(work)?;
        self.warn_of_clock();
        Ok(read)
    }

    /// Says of an answer that was asked for today that today may not be what the clock says.
    pub fn warn_of_clock(&mut self) {
        let Some(book) = &mut self.book else { return };
        let Some(Behind { now, last }) = book.take_behind() else { return };
        let [now, last] = [now, last].map(|at| book.about().zone.moment(at).short());
        self.ui.warn(format!(
            "the clock says {now}, but the last entry was written at {last}: what depends on today \
            may be wrong"
        ));
    }

    /// Writes as whoever acts, at `--at` or now.
    pub fn write<T>(
        &mut self,
        work: impl FnMut(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Outcome<(T, Receipt)> {
        let actor = self.actor()?;
        let at = self.at()?;
        let done = self.book()?.write(actor, at, work)?;
        self.is_recorded(done.1);
        Ok(done)
    }

    /// Lets the ui know what is in the book, whatever comes of the words about it.
    fn is_recorded(&mut self, receipt: Receipt) {
        receipt.first.into_iter().for_each(|first| self.ui.has_recorded(first));
    }

    /// Who acts, by `--as`, `LOTBOOK_STAFF` or the settings file.
    pub fn actor(&self) -> Outcome<Actor> {
        match &self.settings.staff {
            Some(staff) => Ok(Actor::Staff(staff.clone())),
            None => Err(Failure::usage("who acts is not known")
                .hint("say it with --as ID, or set LOTBOOK_STAFF")
                .hint("see who is in the book: lotbook staff list")),
        }
    }

    /// When it happened, where `--at` says so, in the clinic's zone.
    pub fn at(&mut self) -> Outcome<Option<Moment>> {
        let Some(text) = self.settings.at.clone() else { return Ok(None) };
        if let Some(seq) = text.trim().strip_prefix("before ") {
            return self.before(seq.trim()).map(Some);
        }
        let book = self.book()?;
        let now = book.now();
        Ok(Some(book.about().zone.read_moment(&text, now)?))
    }

    /// One second before an entry happened.
    fn before(&mut self, seq: &str) -> Outcome<Moment> {
        let number = entry_number(seq).ok_or_else(|| {
            Failure::usage(format!("`before {seq}` does not name an entry"))
                .hint("write --at \"before 812\", with a number of lotbook audit log")
        })?;
        let command = self.read(|snapshot| snapshot.command_of(number))?;
        let entry = command.iter().find(|original| original.seq == number);
        entry.map(|original| original.at.plus_seconds(-1)).ok_or_else(|| no_entry(number))
    }

    /// What a scanner sends, by the settings file.
    pub fn scan_settings(&self) -> ScanSettings {
        self.settings.scanner.clone()
    }

    /// The clinic's current year, which decides the century of a scanned date.
    pub fn today(&mut self) -> Outcome<Today> {
        let book = self.book()?;
        let now = book.now();
        Ok(today_of(book.about().zone.moment(now)))
    }

    /// The current year for commands that work without a book: then it is that of UTC.
    pub fn today_without_book(&mut self) -> Outcome<Today> {
        if self.has_book() {
            return self.today();
        }
        let Some((clock, _)) = &mut self.sources else { return self.today() };
        Ok(today_of(Moment::new(clock.now().seconds(), 0)?))
    }

    /// Says what a write changed: one line with the entry and the beginning of the root.
    pub fn changed(&mut self, what: &str, receipt: Receipt) -> Outcome {
        self.is_recorded(receipt);
        let root: String = receipt.root.to_string().chars().take(8).collect();
        match receipt.first {
            Some(first) => self.ui.print_line(&format!("{what}  #{first} {root}")),
            None => self.ui.print_line(what),
        }
    }
}

/// The refusal of an entry that the book doesn't have.
pub fn no_entry(number: u64) -> Failure {
    Failure::refused(format!("there is no entry #{number}"))
        .hint("see the newest entries: lotbook audit log")
}

/// The failure of an answer that was shown, and that rests on an entry which somebody changed.
pub fn changed_entry(number: u64) -> Failure {
    Failure::book(format!("entry {number} was changed: its line has another hash than is stored"))
        .detail("the answer above is what the book says now, not what was recorded")
        .hint("see what still holds: lotbook audit verify")
}

/// The year of a moment, for reading scans.
pub fn today_of(moment: Moment) -> Today {
    Today::in_year(u16::try_from(moment.day().parts().0).unwrap_or(2000))
}
