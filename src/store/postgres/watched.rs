//! A connection whose server says nothing for long. It may work at something large, which takes as
//! long as it takes; it may be frozen, and then nobody else would ever tell: its system still
//! acknowledges what is sent. So the program asks at the front door, on a connection of its own,
//! and gives up the one on which it waits where nobody answers there either.
//!
//! The driver offers its stream only to what makes TLS of it. In clear it is therefore handed
//! through a TLS that does nothing, which begins without asking the server for any.

use std::future::{Ready, ready};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How often the time of a silence is taken.
const TICK: Duration = Duration::from_secs(1);

/// After so many ticks of silence the program asks whether the server lives, and again after as
/// many more.
const ASKED: u32 = 10;

/// A commit that waits for a standby is given up after so many.
const STANDBY: u32 = 30;

/// What was found at the front door of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pulse {
    /// It answers, so it works.
    Lives,
    /// It answers, and says that this connection waits for a synchronous standby.
    AwaitsStandby,
    /// Nobody answers.
    Silent(String),
}

/// What becomes of a silence of so many ticks: how long it then counts as, or why it ends.
fn judge(pulse: &Pulse, quiet: u32) -> Result<u32, String> {
    match pulse {
        Pulse::Lives => Ok(0),
        Pulse::AwaitsStandby if quiet < STANDBY => Ok(quiet),
        Pulse::AwaitsStandby => Err(format!(
            "the server waited {quiet} s for a synchronous standby that did not answer"
        )),
        Pulse::Silent(why) => Err(format!("nothing was said for {quiet} s, and then {why}")),
    }
}

/// How a server is asked, given its process that serves this connection.
type Ask = dyn Fn(i64) -> Pulse + Send + Sync;

/// What is known of a connection besides what its driver knows.
#[derive(Default)]
pub(super) struct Watch {
    ask: OnceLock<Box<Ask>>,
    process: AtomicI64,
    has_warned: AtomicBool,
}

impl Watch {
    pub(super) fn asking(ask: Box<Ask>) -> Arc<Self> {
        Arc::new(Self { ask: ask.into(), ..Self::default() })
    }

    /// Remembers which process of the server this is.
    pub(super) fn meet(&self, process: i64) {
        self.process.store(process, Ordering::SeqCst);
    }

    /// The server warned of something.
    pub(super) fn warn(&self) {
        self.has_warned.store(true, Ordering::SeqCst);
    }

    /// Whether the server warned of anything since this was asked.
    pub(super) fn take_warning(&self) -> bool {
        self.has_warned.swap(false, Ordering::SeqCst)
    }
}

/// A silence that is being waited through.
struct Silence {
    watch: Arc<Watch>,
    tick: Option<Pin<Box<Sleep>>>,
    quiet: u32,
    asked: Option<Receiver<Pulse>>,
    ended: Option<String>,
}

impl Silence {
    /// Something was said.
    fn end(&mut self) {
        (self.tick, self.quiet, self.asked) = (None, 0, None);
    }

    /// Waits on, until the silence is given up.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            if let Some(why) = &self.ended {
                return Poll::Ready(io::Error::new(ErrorKind::TimedOut, why.clone()));
            }
            let tick = self.tick.get_or_insert_with(|| Box::pin(sleep(TICK)));
            if tick.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            let late = tick.deadline().elapsed();
            self.tick = None;
            // A connection that nobody waits for is not looked after, and that is no silence.
            self.quiet = if late > TICK { 0 } else { self.quiet + 1 };
            self.look();
        }
    }

    fn look(&mut self) {
        let Some(asked) = &self.asked else {
            if self.quiet > 0 && self.quiet.is_multiple_of(ASKED) {
                self.asked = Some(self.ask());
            }
            return;
        };
        match asked.try_recv() {
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => self.asked = None,
            Ok(pulse) => {
                self.asked = None;
                match judge(&pulse, self.quiet) {
                    Ok(quiet) => self.quiet = quiet,
                    Err(why) => self.ended = Some(why),
                }
            }
        }
    }

    fn ask(&self) -> Receiver<Pulse> {
        let (answer, answered) = mpsc::channel();
        let watch = Arc::clone(&self.watch);
        std::thread::spawn(move || {
            let process = watch.process.load(Ordering::SeqCst);
            let pulse = watch.ask.get().map(|ask| ask(process));
            // Whoever was answered meanwhile doesn't listen any more.
            pulse.map(|pulse| answer.send(pulse))
        });
        answered
    }
}

/// A stream whose silences are looked into.
pub(super) struct Watched<S> {
    stream: S,
    silence: Silence,
}

impl<S> Watched<S> {
    fn new(stream: S, watch: Arc<Watch>) -> Self {
        let silence = Silence { watch, tick: None, quiet: 0, asked: None, ended: None };
        Self { stream, silence }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(cx, into) {
            Poll::Pending => self.silence.poll(cx).map(Err),
            said => {
                self.silence.end();
                said
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// In clear: the stream as it is.
impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Watched<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

/// What stands for TLS where there is none.
#[derive(Clone)]
pub(super) struct InClear(pub(super) Arc<Watch>);

impl<S: AsyncRead + AsyncWrite + Unpin> MakeTlsConnect<S> for InClear {
    type Stream = Watched<S>;
    type TlsConnect = Self;
    type Error = io::Error;

    fn make_tls_connect(&mut self, _: &str) -> io::Result<Self> {
        Ok(self.clone())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsConnect<S> for InClear {
    type Stream = Watched<S>;
    type Error = io::Error;
    type Future = Ready<io::Result<Watched<S>>>;

    fn connect(self, stream: S) -> Self::Future {
        ready(Ok(Watched::new(stream, self.0)))
    }
}

/// TLS over a stream that is watched.
#[derive(Clone)]
pub(super) struct Encrypted<T>(pub(super) T, pub(super) Arc<Watch>);

impl<S, T: MakeTlsConnect<Watched<S>>> MakeTlsConnect<S> for Encrypted<T> {
    type Stream = T::Stream;
    type TlsConnect = Encrypted<T::TlsConnect>;
    type Error = T::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, T::Error> {
        Ok(Encrypted(self.0.make_tls_connect(domain)?, Arc::clone(&self.1)))
    }
}

impl<S, T: TlsConnect<Watched<S>>> TlsConnect<S> for Encrypted<T> {
    type Stream = T::Stream;
    type Error = T::Error;
    type Future = T::Future;

    fn connect(self, stream: S) -> T::Future {
        self.0.connect(Watched::new(stream, self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_works_is_waited_for_and_one_that_is_frozen_is_not() {
        assert_eq!(judge(&Pulse::Lives, 10), Ok(0));
        assert_eq!(judge(&Pulse::AwaitsStandby, 10), Ok(10));
        assert_eq!(judge(&Pulse::AwaitsStandby, 29), Ok(29));
        let told = judge(&Pulse::AwaitsStandby, 31).unwrap_err();
        assert_eq!(told, "the server waited 31 s for a synchronous standby that did not answer");
        let told = judge(&Pulse::Silent("no answer".to_owned()), 12).unwrap_err();
        assert_eq!(told, "nothing was said for 12 s, and then no answer");
    }
}
