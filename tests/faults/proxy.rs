//! A wire between the program and its server that a test can cut at a chosen moment.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Where the wire is cut, once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// The program asks for a commit, and the server never hears of it.
    BeforeCommit,
    /// The server is asked for a commit, and its answer never arrives.
    BehindCommit,
    /// So many bytes of the server's answers arrive, and no more.
    BehindAnswers(usize),
    /// The server is asked for a commit, and freezes before it answers: see `freeze`.
    FrozenBehindCommit,
}

/// The wire.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    plan: Arc<Plan>,
}

#[derive(Default)]
struct Plan {
    cut: Mutex<Option<Cut>>,
    is_for_good: AtomicBool,
    is_closed: AtomicBool,
    is_frozen: AtomicBool,
}

impl Proxy {
    /// A wire to a port of this computer.
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(Plan::default());
        let shared = Arc::clone(&plan);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // Whoever is dropped here finds that nobody answers.
                if !shared.is_closed.load(Ordering::SeqCst) {
                    connect(client, server, &shared).unwrap();
                }
            }
        });
        Self { port, plan }
    }

    /// Cuts the wire there; whoever connects again is let through.
    pub(crate) fn cut(&self, cut: Cut) {
        *self.plan.cut.lock().unwrap() = Some(cut);
    }

    /// Cuts the wire there and lets nobody through from then on.
    pub(crate) fn cut_for_good(&self, cut: Cut) {
        self.plan.is_for_good.store(true, Ordering::SeqCst);
        self.cut(cut);
    }

    /// From now on every connection is taken and none is answered, as a frozen server does.
    pub(crate) fn freeze(&self) {
        self.plan.is_frozen.store(true, Ordering::SeqCst);
    }

    /// Whether the cut that was asked for was made.
    pub(crate) fn has_cut(&self) -> bool {
        self.plan.cut.lock().unwrap().is_none()
    }
}

impl Plan {
    /// Whether a commit is to be cut off, and how.
    fn at_commit(&self) -> Option<Cut> {
        let at_commit = |cut: &mut Cut| !matches!(cut, Cut::BehindAnswers(_));
        let cut = self.cut.lock().unwrap().take_if(at_commit);
        self.made(cut.is_some());
        cut
    }

    /// How many of so many bytes of an answer still arrive; all of them where none is cut.
    fn let_through(&self, bytes: usize) -> Option<usize> {
        let mut cut = self.cut.lock().unwrap();
        let Some(Cut::BehindAnswers(left)) = cut.as_mut() else { return None };
        let through = (*left).min(bytes);
        *left -= through;
        if *left > 0 {
            return None;
        }
        *cut = None;
        self.made(true);
        Some(through)
    }

    /// Whoever is frozen stays so until the tests end, and keeps its connections.
    fn wait_if_frozen(&self) {
        while self.is_frozen.load(Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    fn made(&self, is_cut: bool) {
        if is_cut && self.is_for_good.load(Ordering::SeqCst) {
            self.is_closed.store(true, Ordering::SeqCst);
        }
    }
}

/// Carries what both sides say until one of them ends or the wire is cut.
fn connect(client: TcpStream, server: u16, plan: &Arc<Plan>) -> io::Result<()> {
    // A server that is down is an end like any other.
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { return Ok(()) };
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let is_mute = Arc::new(AtomicBool::new(false));
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    let (plan_asked, mute) = (Arc::clone(plan), Arc::clone(&is_mute));
    std::thread::spawn(move || {
        // An error is an end like any other.
        let _ = carry_questions(&from, &to, &plan_asked, &mute);
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Write));
    });
    let plan = Arc::clone(plan);
    std::thread::spawn(move || {
        let _ = carry_answers(&server, &client, &plan, &is_mute);
        let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
    });
    Ok(())
}

/// Message by message (PostgreSQL's manual, "Message Formats"), so that a commit is recognised.
fn carry_questions(
    mut from: &TcpStream,
    mut to: &TcpStream,
    plan: &Plan,
    is_mute: &AtomicBool,
) -> io::Result<()> {
    let mut is_first = true;
    loop {
        // All but the first message begin with a letter.
        let mut message = vec![0; if is_first { 4 } else { 5 }];
        from.read_exact(&mut message)?;
        let length = message.last_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes));
        let begun = message.len();
        message.resize(begun + length.unwrap() as usize - 4, 0);
        from.read_exact(&mut message[begun..])?;
        is_first = false;
        let is_commit = message[0] == b'Q' && &message[begun..] == b"COMMIT\0";
        plan.wait_if_frozen();
        match if is_commit { plan.at_commit() } else { None } {
            Some(Cut::FrozenBehindCommit) => {
                plan.is_frozen.store(true, Ordering::SeqCst);
                to.write_all(&message)?;
            }
            None => to.write_all(&message)?,
            Some(Cut::BehindCommit) => {
                is_mute.store(true, Ordering::SeqCst);
                return to.write_all(&message);
            }
            Some(_) => return Ok(()),
        }
    }
}

fn carry_answers(
    mut from: &TcpStream,
    mut to: &TcpStream,
    plan: &Plan,
    is_mute: &AtomicBool,
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes)?;
        plan.wait_if_frozen();
        let cut = plan.let_through(read);
        if read == 0 {
            return Ok(());
        }
        if !is_mute.load(Ordering::SeqCst) {
            to.write_all(&bytes[..cut.unwrap_or(read)])?;
        }
        if cut.is_some() {
            return Ok(());
        }
    }
}
