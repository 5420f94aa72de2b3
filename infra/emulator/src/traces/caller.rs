//! The processes of functions, known by their session tokens, and the invocation that each works on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use hyper::HeaderMap;
use tokio::sync::Notify;

use super::recording::{RecordedInvocation, Recording};
use super::trace::{StoreCall, TracedInvocation};

/// The most calls and lines of a starting process that are kept until its first event.
const MOST_EARLY: usize = 64;

/// Every process that may call a service.
#[derive(Default)]
pub(crate) struct Callers {
    by_token: RwLock<HashMap<String, Arc<Caller>>>,
    count: AtomicU32,
}

/// One process as the services know it.
#[derive(Debug)]
pub(crate) struct Caller {
    number: u32,
    state: Mutex<State>,
    killed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The invocation that the process was given last.
    last: Option<RecordedInvocation>,
    early_calls: Vec<(Instant, StoreCall)>,
    early_lines: Vec<String>,
}

/// A process's own end: dropping it forgets the process.
pub(crate) struct Process {
    callers: Arc<Callers>,
    token: String,
    pub(crate) caller: Arc<Caller>,
}

impl Callers {
    /// A process that is about to start. `token` is the value of its `AWS_SESSION_TOKEN`.
    pub(crate) fn register(self: &Arc<Self>, token: String) -> Process {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let caller = Arc::new(Caller { number, state: Mutex::default(), killed: Notify::new() });
        let mut by_token = self.by_token.write().unwrap_or_else(PoisonError::into_inner);
        by_token.insert(token.clone(), Arc::clone(&caller));
        drop(by_token);
        Process { callers: Arc::clone(self), token, caller }
    }

    /// The process that signed a call, if it is one of ours.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<Arc<Caller>> {
        let token = headers.get("x-amz-security-token")?.to_str().ok()?;
        self.by_token.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }
}

// Session tokens never reach a log.
impl std::fmt::Debug for Callers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callers").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("number", &self.caller.number).finish_non_exhaustive()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut by_token = self.callers.by_token.write().unwrap_or_else(PoisonError::into_inner);
        by_token.remove(&self.token);
    }
}

impl Caller {
    /// Notes that the process is given an event: what it calls and prints from now on belongs there. What it did while
    /// it started belongs there, too.
    pub(crate) fn begins(&self, recording: &Arc<Recording>, mut invocation: TracedInvocation) -> RecordedInvocation {
        let mut state = self.state();
        invocation.environment = Some(self.number);
        invocation.logs = std::mem::take(&mut state.early_lines);
        let early = std::mem::take(&mut state.early_calls).into_iter();
        invocation.calls = early.map(|(at, call)| StoreCall { start_ms: recording.ms(at), ..call }).collect();
        let place = recording.update(|trace| {
            trace.invocations.push(invocation);
            trace.invocations.len() - 1
        });
        let place = RecordedInvocation { recording: Arc::clone(recording), invocation: place };
        state.last = Some(place.clone());
        place
    }

    /// The invocation that the process was given last.
    pub(crate) fn last(&self) -> Option<RecordedInvocation> {
        self.state().last.clone()
    }

    /// Has the process killed while it works on its event.
    pub(crate) fn kill(&self) {
        self.killed.notify_one();
    }

    /// Ends when the process is to be killed.
    pub(crate) async fn killed(&self) {
        self.killed.notified().await;
    }

    /// Adds a call that began before the process was given any event.
    pub(crate) fn add_early_call(&self, at: Instant, call: StoreCall) {
        let mut state = self.state();
        if state.early_calls.len() < MOST_EARLY {
            state.early_calls.push((at, call));
        }
    }

    /// Adds a line that the process printed.
    pub(crate) fn add_line(&self, line: &str) {
        let mut state = self.state();
        match state.last.clone() {
            Some(place) => {
                drop(state);
                place.add_line(line);
            }
            None if state.early_lines.len() < MOST_EARLY => {
                let line = super::redaction::line(&line.chars().take(2_000).collect::<String>());
                state.early_lines.push(line);
            }
            None => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
