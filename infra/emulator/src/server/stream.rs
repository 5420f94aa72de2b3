//! A connection that passes on well-formed requests only, each within its time.
//!
//! It stands between the socket and hyper. A request that [`framing`] refuses never reaches hyper. In its place hyper
//! reads a head that it answers with the right status. So answers stay in order, and the connection ends.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::framing::{self, Body, Refused};
use super::limits::HttpLimits;

/// How much is read from the socket at once.
const PIECE_BYTES: usize = 8 * 1024;
/// hyper takes at most 100 fields, and answers more with 431.
const TOO_MANY_FIELDS: usize = 101;

/// The state of a connection, shared with the server.
#[derive(Debug)]
pub(crate) struct Activity {
    began: Instant,
    /// Whether a request is being answered.
    in_flight: AtomicBool,
    /// When the last answer ended, in milliseconds from `began`.
    idle_since_ms: AtomicU64,
}

impl Activity {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), in_flight: AtomicBool::new(false), idle_since_ms: AtomicU64::new(0) })
    }

    /// A request is being answered from now on.
    pub(crate) fn begin(&self) {
        self.in_flight.store(true, Ordering::Relaxed);
    }

    /// The answer is there.
    pub(crate) fn end(&self) {
        let now_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.idle_since_ms.store(now_ms, Ordering::Relaxed);
        self.in_flight.store(false, Ordering::Relaxed);
    }

    /// Since when no request has been answered; `None` while one is.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        let since = std::time::Duration::from_millis(self.idle_since_ms.load(Ordering::Relaxed));
        (!self.in_flight.load(Ordering::Relaxed)).then(|| self.began + since)
    }
}

#[derive(Debug)]
enum Phase {
    /// Before the first byte of a request.
    Idle,
    Head,
    Body(Body),
    /// A request was refused. Nothing more is read.
    Over,
}

/// The stream between a socket and hyper.
#[derive(Debug)]
pub(crate) struct StrictStream<S> {
    stream: S,
    limits: HttpLimits,
    activity: Arc<Activity>,
    phase: Phase,
    /// The bytes that were read from the socket and not passed on yet.
    buffer: Vec<u8>,
    /// How many bytes of it may be passed on.
    ready: usize,
    /// The end of the present phase.
    deadline: Pin<Box<Sleep>>,
    /// The time by which the client must take some of the answer; set while it takes nothing.
    stall: Option<Pin<Box<Sleep>>>,
}

impl<S> StrictStream<S> {
    pub(crate) fn new(stream: S, limits: HttpLimits, activity: Arc<Activity>) -> Self {
        let deadline = Box::pin(tokio::time::sleep(limits.head));
        Self { stream, limits, activity, phase: Phase::Head, buffer: Vec::new(), ready: 0, deadline, stall: None }
    }

    fn enter(&mut self, phase: Phase) {
        let limit = match phase {
            Phase::Idle => self.limits.idle,
            Phase::Head => self.limits.head,
            Phase::Body(_) => self.limits.body,
            Phase::Over => return self.phase = phase,
        };
        self.deadline.as_mut().reset(tokio::time::Instant::now() + limit);
        self.phase = phase;
    }

    /// Looks at what is in the buffer. Sets `ready` if some of it may be passed on.
    fn judge(&mut self) {
        if matches!(self.phase, Phase::Idle) && !self.buffer.is_empty() {
            self.enter(Phase::Head);
        }
        let judged = match &mut self.phase {
            Phase::Head => framing::head(&self.buffer).map(|found| {
                if let Some((length, body)) = found {
                    self.ready = length;
                    self.enter(if body.is_over() { Phase::Idle } else { Phase::Body(body) });
                }
            }),
            Phase::Body(body) => {
                let taken = body.take(&self.buffer);
                let is_over = body.is_over();
                taken.map(|taken| {
                    self.ready = taken;
                    if is_over {
                        self.enter(Phase::Idle);
                    }
                })
            }
            Phase::Idle | Phase::Over => Ok(()),
        };
        if let Err(refused) = judged {
            self.refuse(refused);
        }
    }

    fn refuse(&mut self, refused: Refused) {
        // Within a body hyper has the head already: the body ends early, which fails the request.
        self.buffer = match (&self.phase, refused) {
            (Phase::Body(_), _) => Vec::new(),
            (_, Refused::Malformed) => b"\0\r\n\r\n".to_vec(),
            (_, Refused::TooLarge) => {
                format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(TOO_MANY_FIELDS)).into_bytes()
            }
        };
        self.ready = self.buffer.len();
        self.phase = Phase::Over;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StrictStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.ready > 0 {
                let part = this.ready.min(out.remaining());
                out.put_slice(&this.buffer[..part]);
                this.buffer.drain(..part);
                this.ready -= part;
                return Poll::Ready(Ok(()));
            }
            this.judge();
            if this.ready > 0 {
                continue;
            }
            if matches!(this.phase, Phase::Over) {
                return Poll::Ready(Ok(()));
            }
            let mut piece = [0; PIECE_BYTES];
            let mut read = ReadBuf::new(&mut piece);
            if Pin::new(&mut this.stream).poll_read(cx, &mut read).is_pending() {
                ready!(this.deadline.as_mut().poll(cx));
                match this.phase {
                    // The function is still at work.
                    Phase::Idle if this.activity.idle_since().is_none() => this.enter(Phase::Idle),
                    Phase::Body(_) => return Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                    // The end of the stream: hyper closes the connection.
                    Phase::Idle | Phase::Head | Phase::Over => return Poll::Ready(Ok(())),
                }
                continue;
            }
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.buffer.extend_from_slice(read.filled());
        }
    }
}

impl<S: AsyncWrite + Unpin> StrictStream<S> {
    /// Notes whether the client took something. It may not take nothing for too long.
    fn watch(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stall = None;
            if matches!(self.phase, Phase::Idle) {
                self.enter(Phase::Idle);
            }
            return written;
        }
        let limit = self.limits.stall;
        let stall = self.stall.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(stall.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StrictStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
