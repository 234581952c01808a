//! `demo`: a made-up clinic's book, with a guided tour.

mod clinic;
mod plan;
mod play;
mod script;

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{channel, sync_channel};

use uuid::{Builder, Uuid};

use crate::books::refuse_network;
use crate::context::Context;
use crate::domain::fact::{Fact, Opening};
use crate::domain::id::StaffId;
use crate::domain::protocol;
use crate::domain::shell::quote;
use crate::domain::time::{Day, Instant, Zone};
use crate::error::{Failure, Outcome};
use crate::store::{Actor, Book, Clock, Ids, Sqlite, StoreError};
use play::{Days, Pinned, Setting};
use script::{Scene, Script};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder for the book and the export; left out, a temporary one
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The same seed and day make the same book
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many sessions; more than 200 go by a short protocol and make no tour
    #[arg(long, default_value_t = 12, value_name = "N")]
    sessions: u64,
    /// The last day of the demo is the one before this [default: today]
    #[arg(long, value_name = "DAY")]
    today: Option<Day>,
}

const FULL: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/protocols/acne-scars-face.toml"));
const SHORT: &str = include_str!("demo-short.toml");
/// The most sessions of one demonstration: far above what any clinic has.
const SESSIONS_MAX: u64 = 2_000_000;
/// The last year of a demonstration: what it receives expires within ten years.
const LAST_YEAR: i16 = 9989;
/// How many entries a bulk write commits at once.
const BATCH: u64 = 50_000;
/// How many entries are played at once, and how many such scenes may wait to be written.
const SCENE: u64 = 1_000;
const SCENES: usize = 8;

pub fn run(args: Args, context: &mut Context) -> Outcome {
    if !(1..=SESSIONS_MAX).contains(&args.sessions) {
        return Err(Failure::usage(format!("{} sessions can't be made", args.sessions))
            .detail(format!("a demo has 1 to {SESSIONS_MAX}"))
            .hint("write a number between them, such as --sessions 12"));
    }
    let zone = Zone::new("Europe/Berlin")?;
    let (mut real, _) = context.take_sources()?;
    let today = args.today.unwrap_or_else(|| zone.moment(real.now()).day());
    // Its book begins ten months earlier, and no book holds days before 2000.
    if today.parts().0 < 2001 {
        return Err(Failure::usage(format!("the demo can't end before {today}"))
            .detail("it begins ten months earlier, and a book holds the years 2000 to 9999")
            .hint("leave out --today, or write a day from 2001 on: --today 2026-11-22"));
    }
    if today.parts().0 > LAST_YEAR {
        return Err(Failure::usage(format!("the demo can't end on {today}"))
            .detail("its lots expire years later, and a book holds the years 2000 to 9999")
            .hint(format!("write a day until {LAST_YEAR}-12-31")));
    }
    let folder = folder(args.out.as_deref())?;
    refuse_network(&folder)?;
    let path = folder.join("demo.lotbook");
    let last = today.plus_days(-1);
    let first = last.plus_days(-300);
    let opened = Instant::from_millis((zone.start_of(first).seconds() + 8 * 3600) * 1000)?;
    let mut book = open_book(&path, &zone, args.seed, opened, last)?;
    book.bulk(true)?;
    let total = fill(&mut book, context, &args, (first, last, opened), &zone)?;
    book.bulk(false)?;
    context.ui.print(&format!(
        "A demo book of {} session{} and {total} entries: {}",
        args.sessions,
        if args.sessions == 1 { "" } else { "s" },
        path.display()
    ))?;
    if args.sessions > 200 {
        context.ui.hint(format!("look at it: lotbook --book {} stock", shown(&path)));
        return Ok(());
    }
    super::tour::run(book, &folder, &path, context)
}

fn shown(path: &Path) -> String {
    quote(&path.display().to_string()).into_owned()
}

/// The folder that was named, made where it is missing, or a temporary one that stays.
fn folder(named: Option<&Path>) -> Outcome<PathBuf> {
    match named {
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::file("make the folder", folder, &error))?;
            Ok(folder.to_owned())
        }
        None => Ok(tempfile::Builder::new().prefix("lotbook-demo-").tempdir()?.keep()),
    }
}

/// The book with its people, places, products and protocols.
fn open_book(path: &Path, zone: &Zone, seed: u64, opened: Instant, last: Day) -> Outcome<Book> {
    let engine = Sqlite::create(path).map_err(|error| match error {
        StoreError::Exists(_) => Failure::refused(error.to_string())
            .detail("a new book never takes the place of anything")
            .hint("name another folder with --out FOLDER, or leave it out"),
        error => error.into(),
    })?;
    let evening = (zone.start_of(last).seconds() + 20 * 3600) * 1000;
    let clock = Box::new(DemoClock { now: opened, evening: Instant::from_millis(evening)? });
    let mut ids = Box::new(SeededIds(fastrand::Rng::with_seed(seed)));
    let people = clinic::people(last).map_err(broken)?;
    let opening = Opening {
        book: ids.book_id(),
        clinic: "Clinic Lind (demo)".into(),
        currency: "EUR".into(),
        format: crate::store::FORMAT,
        zone: zone.name().into(),
    };
    let manager = people[0].clone();
    let (book, _) = Book::create(Box::new(engine), clock, ids, opening, manager)?;
    Ok(book)
}

/// What can't be, unless the program is broken.
fn broken(mistake: impl Display) -> Failure {
    Failure::book(format!("the demo can't be made: {mistake}"))
        .hint("make a book of your own: lotbook init --help")
}

/// Writes everything that happened; returns how many entries the book has.
fn fill(
    book: &mut Book,
    context: &mut Context,
    args: &Args,
    (first, last, opened): (Day, Day, Instant),
    zone: &Zone,
) -> Outcome<u64> {
    let people = clinic::people(last).map_err(broken)?;
    let products = clinic::products().map_err(broken)?;
    let places = clinic::places().map_err(broken)?;
    let manager = people[0].clone();
    let ((pinned, set_up), receipt) =
        book.write_bulk(Actor::Staff(manager.id.clone()), |writing| {
            let (mut second, by) = (0, Arc::new(manager.clone()));
            let mut next = |writing: &mut crate::store::Writing<'_>| {
                second += 1;
                writing.next_command(opened.plus_millis(second * 1000), &by)
            };
            for person in &people[1..] {
                next(writing)?;
                writing.append(&Fact::StaffAdd(person.clone()))?;
            }
            for (place, kind) in places {
                next(writing)?;
                writing.append(&Fact::PlaceAdd { place, kind })?;
            }
            for product in &products {
                next(writing)?;
                writing.append(&Fact::ProductAdd(product.clone()))?;
            }
            let mut pinned = Vec::new();
            for text in [FULL, SHORT] {
                next(writing)?;
                let (parsed, _) = protocol::parse(text);
                let missing =
                    || StoreError::Invariant("a shipped protocol does not parse".to_owned());
                let protocol = parsed.ok_or_else(missing)?;
                let sha256: Box<str> = writing.keep_protocol_text(text)?.into();
                writing.append(&Fact::ProtocolPublish {
                    protocol: protocol.reference.clone(),
                    sha256: sha256.clone(),
                    parent: None,
                })?;
                pinned.push(Pinned { protocol, sha256 });
            }
            Ok((pinned, writing.moment().instant()))
        })?;
    let mut pinned = pinned.into_iter();
    let (Some(full), Some(short)) = (pinned.next(), pinned.next()) else {
        return Err(broken("its protocols are missing"));
    };
    let sessions = args.sessions;
    let script = Script::new(zone.clone(), receipt.size, set_up);
    let setting =
        Setting { zone: zone.clone(), first, last, sessions, people, products, full, short };
    let rng = fastrand::Rng::with_seed(args.seed.wrapping_add(1));
    let days = Days::new(setting, rng, opened)?;
    let mut progress = context.ui.progress(sessions, "sessions");
    write_days(book, &manager.id, (days, script), |ended| progress.advance(ended))
}

/// Plays the days on one thread and writes them on this one, so that a large book takes the time
/// of the longer of the two.
fn write_days(
    book: &mut Book,
    manager: &StaffId,
    (mut days, mut script): (Days, Script),
    mut advance: impl FnMut(u64),
) -> Outcome<u64> {
    let (sender, scenes) = sync_channel(SCENES);
    let (spent, forget) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Some(scene) = days.play(&mut script, SCENE).transpose() {
                // Whoever writes has met an error of its own, and says so.
                let Ok(()) = sender.send(scene) else { return };
                // Memory is given back fastest where it was taken.
                forget.try_iter().for_each(drop::<Scene>);
            }
        });
        let (scenes, spent) = (scenes, spent);
        loop {
            let actor = Actor::Staff(manager.clone());
            let (more, receipt) = book.write_bulk(actor, |writing| {
                let until = writing.next_seq() + BATCH;
                while writing.next_seq() < until {
                    let Ok(scene) = scenes.recv() else { return Ok(false) };
                    let scene = scene?;
                    advance(scene.ended);
                    scene.write(writing)?;
                    // Whoever plays has perhaps come to the end, and forgets nothing more.
                    let _ = spent.send(scene);
                }
                Ok(true)
            })?;
            if !more {
                return Ok(receipt.size);
            }
        }
    })
}

/// The clock of the demonstration: the moment of the last command, and for the tour the evening of
/// the last day, a second later each time.
struct DemoClock {
    now: Instant,
    evening: Instant,
}

impl Clock for DemoClock {
    fn now(&mut self) -> Instant {
        let now = self.now;
        self.now = self.evening;
        self.evening = self.evening.plus_millis(1000);
        now
    }
}

/// Ids from a seed, so that the same seed makes the same book.
struct SeededIds(fastrand::Rng);

impl Ids for SeededIds {
    fn entry_id(&mut self, now: Instant) -> Uuid {
        let mut bytes = [0; 10];
        self.0.fill(&mut bytes);
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    fn book_id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    fn random(&mut self) -> u64 {
        self.0.u64(..)
    }
}
