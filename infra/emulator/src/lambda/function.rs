//! A function: its processes, and the queue in front of them.
//!
//! As on Lambda, a process runs one event at a time, processes are started when an event finds none free, and idle
//! ones go away. Unlike on Lambda there is a small limit, so events may wait for a process, in order of arrival.
//! When the queue is full, the event is throttled at once. An event whose caller has had its answer, or has gone away,
//! leaves the queue and is never started. A process that panics, exits or hangs costs the event it was working on and
//! no other.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::timeout;

use crate::iam::credentials::Credentials;
use crate::lambda::environment::{Ending, Environment};
use crate::lambda::invocation::{EVENT_LIMIT_BYTES, Invocation, Outcome};
use crate::lambda::launch::Launch;
use crate::traces::{TracedInvocation, Traces};

/// How far a function may grow on this machine.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Processes per function at most.
    pub processes: usize,
    /// Events per function that may wait for a process. It is small enough that each is started within `patience`,
    /// even where every event hashes a password.
    pub queue: usize,
    /// How long an event may wait. With the time that a function may take, it stays within API Gateway's 30 s, so an
    /// event that was answered 503 has not been started.
    pub patience: Duration,
    /// How long a process may idle before it is ended.
    pub idle: Duration,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { processes: 8, queue: 512, patience: Duration::from_secs(10), idle: Duration::from_secs(300) }
    }
}

/// A function that can be invoked.
#[derive(Debug)]
pub(crate) struct Function {
    launch: Launch,
    capacity: Capacity,
    /// One permit per process that may run.
    places: Arc<Semaphore>,
    pool: Mutex<Pool>,
    credentials: Arc<Credentials>,
    traces: Arc<Traces>,
    /// Turns true when every process shall end, whatever it is doing.
    closed: watch::Sender<bool>,
}

/// The longest error that a trace keeps.
const MOST_CHARACTERS_OF_AN_ERROR: usize = 2_000;

/// A waiting event's way to hear of a process, or of the failure to start one.
type Waiter = oneshot::Sender<Result<Environment, Outcome>>;

#[derive(Debug, Default)]
struct Pool {
    /// Free processes, the one used last on top: so that what isn't needed stays idle and goes away.
    idle: Vec<Environment>,
    waiting: VecDeque<Waiter>,
    /// Processes that start, or have answered and are about to ask for their next event.
    coming: usize,
    closed: bool,
}

impl Function {
    /// A function without processes yet. Must be called within the runtime: idle processes are ended in the background.
    pub(crate) fn new(
        launch: Launch,
        capacity: Capacity,
        credentials: Arc<Credentials>,
        traces: Arc<Traces>,
    ) -> Arc<Self> {
        let function = Arc::new(Self {
            launch,
            capacity,
            places: Arc::new(Semaphore::new(capacity.processes)),
            pool: Mutex::default(),
            credentials,
            traces,
            closed: watch::Sender::new(false),
        });
        let weak = Arc::downgrade(&function);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(capacity.idle / 4);
            loop {
                ticks.tick().await;
                let Some(function) = weak.upgrade() else { return };
                function.reap(capacity.idle).await;
            }
        });
        function
    }

    /// The function's name in the template.
    pub(crate) fn logical_id(&self) -> &str {
        &self.launch.function
    }

    /// How many processes run, how many of them are idle, and how many events wait.
    pub(crate) fn usage(&self) -> (usize, usize, usize) {
        let pool = self.pool();
        (self.capacity.processes - self.places.available_permits(), pool.idle.len(), pool.waiting.len())
    }

    /// The function's ARN.
    pub(crate) fn arn(&self) -> &str {
        &self.launch.function_arn
    }

    /// The function's name in the cloud: the end of its ARN.
    pub(crate) fn name(&self) -> &str {
        let arn = self.arn();
        arn.rsplit_once(':').map_or(arn, |(_, name)| name)
    }

    /// Runs one event to its end. An event that was started is run even if the caller goes away meanwhile, as Lambda
    /// does. One that still waits for a process is forgotten then.
    pub(crate) async fn invoke(self: &Arc<Self>, invocation: Invocation) -> Outcome {
        if invocation.event.len() > EVENT_LIMIT_BYTES {
            return Outcome::TooLarge;
        }
        let environment = match self.acquire().await {
            Ok(environment) => environment,
            Err(outcome) => {
                self.note(&invocation, &outcome);
                return outcome;
            }
        };
        let (tell, told) = oneshot::channel();
        tokio::spawn(Arc::clone(self).run(environment, invocation, tell));
        told.await.unwrap_or_else(|_| stopped())
    }

    async fn run(self: Arc<Self>, environment: Environment, invocation: Invocation, tell: oneshot::Sender<Outcome>) {
        let mut acquired = Ok(environment);
        let (outcome, kept) = loop {
            let mut environment = match acquired {
                Ok(environment) => environment,
                Err(outcome) => break (outcome, None),
            };
            match self.unless_closed(environment.invoke(&self.launch, &invocation)).await {
                Some(Ending::Answered(outcome)) => break (outcome, Some(environment)),
                Some(Ending::Broken(outcome)) => {
                    self.retire(environment).await;
                    break (outcome, None);
                }
                Some(Ending::NeverTaken) => self.retire(environment).await,
                None => {
                    self.retire(environment).await;
                    break (stopped(), None);
                }
            }
            // The caller may be gone, and then nobody waits for another process.
            if tell.is_closed() {
                break (Outcome::Throttled, None);
            }
            acquired = self.acquire().await;
        };
        self.note(&invocation, &outcome);
        let Some(mut environment) = kept else {
            let _ = tell.send(outcome);
            return;
        };
        // Counted before the answer goes out: the caller's next event shall wait for this process, not start another.
        self.pool().coming += 1;
        // An error means that the caller went away.
        let _ = tell.send(outcome);
        if self.unless_closed(environment.settled(&self.launch)).await == Some(true) {
            self.offer(environment).await;
        } else {
            self.pool().coming -= 1;
            self.retire(environment).await;
        }
    }

    /// Logs a failure, and writes it into the invocation's trace.
    fn note(&self, invocation: &Invocation, outcome: &Outcome) {
        let Outcome::Failed(error) = outcome else { return };
        let function = &self.launch.function_arn;
        let error = String::from_utf8_lossy(error);
        self.note_failure(invocation, &error);
        tracing::warn!(function, request_id = invocation.request_id, %error, "the function failed");
    }

    /// Writes a failure into the invocation's trace. If no process took the event, the trace does not have it yet.
    fn note_failure(&self, invocation: &Invocation, error: &str) {
        let error: String = error.chars().take(MOST_CHARACTERS_OF_AN_ERROR).collect();
        let traced = &invocation.traced;
        traced.recording.update(|trace| {
            let known = trace.invocations.iter_mut().rfind(|it| it.request_id == invocation.request_id);
            match known {
                Some(known) => known.error = Some(error),
                None => {
                    let start_ms = traced.recording.ms(Instant::now());
                    let begun = TracedInvocation::new(&self.launch, invocation, start_ms);
                    trace.invocations.push(TracedInvocation { error: Some(error), ..begun });
                }
            }
        });
    }

    /// What the future gives, or nothing if the function is closed first.
    async fn unless_closed<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut closed = self.closed.subscribe();
        tokio::select! {
            value = future => Some(value),
            _ = closed.wait_for(|closed| *closed) => None,
        }
    }

    /// A process for one event: a free one, or the next to come.
    async fn acquire(self: &Arc<Self>) -> Result<Environment, Outcome> {
        let mut turn = {
            let mut pool = self.pool();
            while let Some(mut environment) = pool.idle.pop() {
                if environment.is_alive() {
                    return Ok(environment);
                }
            }
            if pool.closed {
                return Err(stopped());
            }
            // Callers that went away wait no more.
            pool.waiting.retain(|waiter| !waiter.is_closed());
            // Those that a process is coming for are as good as running.
            if pool.waiting.len() >= self.capacity.queue + pool.coming {
                return Err(Outcome::Throttled);
            }
            let (waiter, found) = oneshot::channel();
            pool.waiting.push_back(waiter);
            self.start_as_needed(&mut pool);
            Turn { function: Arc::clone(self), found }
        };
        match timeout(self.capacity.patience, &mut turn.found).await {
            Ok(found) => found.unwrap_or(Err(Outcome::Throttled)),
            // One may have come in the very last moment.
            Err(_) => turn.last().unwrap_or(Err(Outcome::Throttled)),
        }
    }

    /// Starts processes until every waiting event has one coming, or no place is left.
    fn start_as_needed(self: &Arc<Self>, pool: &mut Pool) {
        while !pool.closed && pool.waiting.len() > pool.coming {
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return };
            pool.coming += 1;
            tokio::spawn(Arc::clone(self).start(place));
        }
    }

    async fn start(self: Arc<Self>, place: OwnedSemaphorePermit) {
        let starting = Environment::start(&self.launch, place, &self.credentials, &self.traces.callers);
        let started = self.unless_closed(starting).await;
        match started.unwrap_or_else(|| Err(stopped())) {
            Ok(environment) => self.offer(environment).await,
            Err(mut outcome) => {
                let mut pool = self.pool();
                pool.coming -= 1;
                // The failure costs one event: the first that still waits.
                while let Some(waiter) = pool.waiting.pop_front() {
                    match waiter.send(Err(outcome)) {
                        Err(Err(unheard)) => outcome = unheard,
                        _ => break,
                    }
                }
                self.start_as_needed(&mut pool);
            }
        }
    }

    /// Gives a process that was coming to the first event that waits, or to the idle ones.
    async fn offer(self: &Arc<Self>, environment: Environment) {
        let unwanted = self.pool().offer(environment);
        if let Some(unwanted) = unwanted {
            self.retire(unwanted).await;
        }
    }

    /// Ends a process; events that wait may need another in its place.
    async fn retire(self: &Arc<Self>, environment: Environment) {
        environment.kill().await;
        self.start_as_needed(&mut self.pool());
    }

    /// Ends the processes that have been idle for longer than `idle`, and buries those that ended by themselves.
    async fn reap(self: &Arc<Self>, idle: Duration) {
        let now = Instant::now();
        let stale: Vec<_> = {
            let mut pool = self.pool();
            pool.idle.extract_if(.., |one| !one.is_alive() || now - one.idle_since >= idle).collect()
        };
        for environment in stale {
            self.retire(environment).await;
        }
    }

    /// Takes no more events, ends every process, and waits until the last has ended.
    pub(crate) async fn close(self: &Arc<Self>) {
        {
            let mut pool = self.pool();
            pool.closed = true;
            pool.waiting.clear();
        }
        self.closed.send_replace(true);
        self.reap(Duration::ZERO).await;
        let all = u32::try_from(self.capacity.processes).unwrap_or(u32::MAX);
        // Fails only if the semaphore is closed, which nobody does.
        let _ = self.places.acquire_many(all).await;
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An event's turn in the queue. Dropping it leaves the queue: a process that has come for it meanwhile goes to the
/// next event.
#[derive(Debug)]
struct Turn {
    function: Arc<Function>,
    found: oneshot::Receiver<Result<Environment, Outcome>>,
}

impl Turn {
    /// Takes no process from now on. Gives what has come already.
    fn last(&mut self) -> Option<Result<Environment, Outcome>> {
        self.found.close();
        self.found.try_recv().ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(Ok(environment)) = self.last() else { return };
        // Without a runtime the program ends, and dropping the process kills it.
        let Ok(runtime) = Handle::try_current() else { return };
        let function = Arc::clone(&self.function);
        function.pool().coming += 1;
        runtime.spawn(async move { function.offer(environment).await });
    }
}

impl Pool {
    /// Takes in a process that was coming; gives it back if the function is closed.
    fn offer(&mut self, mut environment: Environment) -> Option<Environment> {
        self.coming -= 1;
        if self.closed {
            return Some(environment);
        }
        while let Some(waiter) = self.waiting.pop_front() {
            match waiter.send(Ok(environment)) {
                Err(Ok(unheard)) => environment = unheard,
                _ => return None,
            }
        }
        self.idle.push(environment);
        None
    }
}

fn stopped() -> Outcome {
    Outcome::failed("Runner.Stopped", "the runner is shutting down")
}
