//! A trace that is being written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use hyper::StatusCode;
use hyper::body::Bytes;

use super::ring::Traces;
use super::trace::{HttpRequest, HttpResponse, Origin, StoreCall, Trace, TracedInvocation};
use super::{TEXT_LIMIT_BYTES, redaction};

/// The most calls of one invocation that are kept.
const MOST_CALLS: usize = 256;
/// The most lines of one invocation that are kept.
const MOST_LINES: usize = 200;

/// A trace that is being written, or was: late lines and batches still come to it.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) id: u64,
    pub(crate) started: Instant,
    trace: Mutex<Trace>,
    /// The version of all traces at the last change of this one.
    pub(super) changed: AtomicU64,
    traces: Weak<Traces>,
}

/// An invocation of a recording.
#[derive(Debug, Clone)]
pub(crate) struct RecordedInvocation {
    pub(crate) recording: Arc<Recording>,
    /// The place in [`Trace::invocations`].
    pub(crate) invocation: usize,
}

impl Recording {
    pub(super) fn new(id: u64, origin: Origin, traces: Weak<Traces>) -> Self {
        let trace = Trace {
            id,
            started_at: jiff::Timestamp::now(),
            origin,
            duration_ms: None,
            outcome: None,
            invocations: Vec::new(),
            follows: Vec::new(),
            followed_by: Vec::new(),
        };
        Self { id, started: Instant::now(), trace: Mutex::new(trace), changed: AtomicU64::new(0), traces }
    }

    /// The trace as it stands.
    pub(crate) fn snapshot(&self) -> Trace {
        self.trace().clone()
    }

    /// Changes the trace. Those who look are told when it has ended, or began.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut Trace) -> T) -> T {
        change(&mut self.trace())
    }

    /// Changes what is told of the request.
    pub(crate) fn update_request(&self, change: impl FnOnce(&mut HttpRequest)) {
        self.update(|trace| {
            if let Origin::Request(request) = &mut trace.origin {
                change(request);
            }
        });
    }

    /// Notes the answer to a request, and ends the trace.
    pub(crate) fn answered(&self, status: StatusCode, headers: &hyper::HeaderMap, body: &Bytes) {
        let response =
            HttpResponse { status: status.as_u16(), headers: redaction::headers(headers), body: redaction::body(body) };
        self.update_request(|request| request.response = Some(response));
        self.end(status.as_str());
    }

    /// Ends the trace.
    pub(crate) fn end(&self, outcome: &str) {
        let size_bytes = self.update(|trace| {
            trace.duration_ms = Some(self.ms(Instant::now()));
            trace.outcome = Some(outcome.to_owned());
            trace.size_bytes()
        });
        if let Some(traces) = self.traces.upgrade() {
            traces.ended(self, size_bytes);
        }
    }

    /// Adds a batch that delivers what this trace wrote.
    pub(crate) fn followed_by(&self, batch: u64) {
        self.update(|trace| {
            // Each retry of a batch is a trace of its own.
            if trace.followed_by.len() < 64 && !trace.followed_by.contains(&batch) {
                trace.followed_by.push(batch);
            }
        });
        if let Some(traces) = self.traces.upgrade() {
            traces.touch(self);
        }
    }

    /// Milliseconds from the trace's start to a moment; negative before it.
    pub(crate) fn ms(&self, moment: Instant) -> f64 {
        match moment.checked_duration_since(self.started) {
            Some(after) => after.as_secs_f64() * 1e3,
            None => -self.started.duration_since(moment).as_secs_f64() * 1e3,
        }
    }

    pub(super) fn changed_at(&self) -> u64 {
        self.changed.load(Ordering::Relaxed)
    }

    pub(super) fn trace(&self) -> MutexGuard<'_, Trace> {
        self.trace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RecordedInvocation {
    /// Changes the invocation.
    pub(crate) fn update(&self, change: impl FnOnce(&mut TracedInvocation)) {
        self.recording.update(|trace| {
            if let Some(invocation) = trace.invocations.get_mut(self.invocation) {
                change(invocation);
            }
        });
    }

    pub(crate) fn add_call(&self, call: StoreCall) {
        self.update(|invocation| {
            if invocation.calls.len() < MOST_CALLS {
                invocation.calls.push(call);
            } else {
                invocation.more_calls += 1;
            }
        });
    }

    pub(crate) fn add_line(&self, line: &str) {
        let mut end = line.len().min(TEXT_LIMIT_BYTES);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let line = redaction::line(&line[..end]);
        self.update(|invocation| {
            if invocation.logs.len() < MOST_LINES {
                invocation.logs.push(line);
            } else {
                invocation.more_logs += 1;
            }
        });
    }
}
