//! An execution environment: one process of a function and its Runtime API endpoint.
//!
//! Whoever holds the value has the process to itself, so an environment never runs two events at once. It starts,
//! invokes, watches and kills; it keeps no queue and knows nothing of HTTP APIs.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::iam::credentials::{Credentials, Session};
use crate::iam::permissions::Permissions;
use crate::lambda::invocation::{Invocation, Outcome, REPLY_LIMIT_BYTES, Report, billed_ms};
use crate::lambda::launch::Launch;
use crate::lambda::printed::Printed;
use crate::lambda::runtime_api::{Delivery, InvocationResponse, RuntimeApi, Signal};
use crate::traces::{Callers, Process, TracedInvocation};

/// How long a process may take from its start to its first poll (Lambda: 10 s).
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the memory of a process is looked at: the look costs more than the rest of a trace.
const MEMORY_INTERVAL: Duration = Duration::from_secs(1);

/// A process that has asked for its first event.
#[derive(Debug)]
pub(crate) struct Environment {
    child: Child,
    api: RuntimeApi,
    /// Open for as long as the runner lives: its end tells the process that the runner is gone, however it went.
    _lifeline: Option<ChildStdin>,
    /// Until the first invocation has reported it.
    init: Option<Duration>,
    /// The most memory so far, and when it was looked at.
    memory: Option<(u64, Instant)>,
    /// The identity of the process in traces.
    process: Process,
    /// The credentials of the process at the services that it calls.
    _session: Session,
    printed: Printed,
    /// When it last became free.
    pub(crate) idle_since: Instant,
    /// One of the function's places for processes.
    _place: OwnedSemaphorePermit,
}

/// How an invocation ended for the process.
#[derive(Debug)]
pub(crate) enum Ending {
    /// It answered; wait for [`Environment::settled`] before the next event.
    Answered(Outcome),
    /// It is of no more use.
    Broken(Outcome),
    /// It had died before it took the event, which may go to another process.
    NeverTaken,
}

impl Environment {
    /// Starts a process and waits for its first poll.
    ///
    /// # Errors
    /// What the caller of the function is told when the process can't be started, exits, reports an error, or takes
    /// more than ten seconds.
    pub(crate) async fn start(
        launch: &Launch,
        place: OwnedSemaphorePermit,
        credentials: &Arc<Credentials>,
        callers: &Arc<Callers>,
    ) -> Result<Self, Outcome> {
        let mut environment = Self::spawn(launch, place, credentials, callers)
            .map_err(|problem| Outcome::failed("Runtime.StartError", &format!("{problem:#}")))?;
        let started = Instant::now();
        let failure = tokio::select! {
            signal = environment.api.signal() => match signal {
                Signal::Polled => None,
                Signal::InitFailed(body) => Some(Outcome::Failed(body)),
                Signal::Answered { .. } => Some(Outcome::failed("Runtime.InitError", "an answer before any event")),
            },
            status = environment.child.wait() => Some(exited(status)),
            () = tokio::time::sleep(INIT_TIMEOUT) => {
                let message = format!("the function took more than {} s to start", INIT_TIMEOUT.as_secs());
                Some(Outcome::failed("Sandbox.Timedout", &message))
            }
        };
        match failure {
            None => {
                let now = Instant::now();
                environment.init = Some(now - started);
                environment.idle_since = now;
                Ok(environment)
            }
            Some(outcome) => {
                environment.kill().await;
                Err(outcome)
            }
        }
    }

    fn spawn(
        launch: &Launch,
        place: OwnedSemaphorePermit,
        credentials: &Arc<Credentials>,
        callers: &Arc<Callers>,
    ) -> anyhow::Result<Self> {
        let session = credentials.begin(Permissions::access_key(&launch.function))?;
        let process = callers.register(session.token.clone());
        let api = RuntimeApi::open(launch.function_arn.clone()).context("no port for the runtime API")?;
        let mut child = Command::new(&launch.program)
            .args(&launch.arguments)
            .env_clear()
            .envs(&launch.variables)
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            // As on Lambda, where temporary credentials come with a token. It names the process in traces.
            .env("AWS_ACCESS_KEY_ID", &session.key.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &session.key.secret_access_key)
            .env("AWS_SESSION_TOKEN", &session.token)
            .stdin(Stdio::piped())
            // Both outputs of a function are logs. `printed` passes them on to standard error.
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal goes to the whole group: the runner decides when its functions stop.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", launch.program.display()))?;
        let lifeline = child.stdin.take();
        let printed = Printed::of(&mut child, &process.caller);
        Ok(Self {
            child,
            api,
            _lifeline: lifeline,
            init: None,
            memory: None,
            process,
            _session: session,
            printed,
            idle_since: Instant::now(),
            _place: place,
        })
    }

    /// Whether the process is still there. One that died while idle costs no request.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives the process one event and waits for its answer, its end, or the function's timeout.
    pub(crate) async fn invoke(&mut self, launch: &Launch, invocation: &Invocation) -> Ending {
        let started = Instant::now();
        let request_id = &invocation.request_id;
        let init = self.init.take();
        let recording = &invocation.traced.recording;
        let begun = TracedInvocation {
            init_ms: init.map(|init| init.as_secs_f64() * 1e3),
            ..TracedInvocation::new(launch, invocation, recording.ms(started))
        };
        let place = self.process.caller.begins(recording, begun);
        self.api.deliver(Delivery { invocation: invocation.clone(), deadline: SystemTime::now() + launch.timeout });
        let ending = tokio::select! {
            ending = answer(&mut self.api, request_id) => ending,
            status = self.child.wait() => {
                if self.api.taken() { Ending::Broken(exited(status)) } else { Ending::NeverTaken }
            }
            () = self.process.caller.killed() => {
                Ending::Broken(Outcome::failed("Runtime.ExitError", "Runtime exited with error: signal: killed"))
            }
            () = tokio::time::sleep(launch.timeout) => {
                let seconds = launch.timeout.as_secs_f64();
                let message = format!("RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds");
                Ending::Broken(Outcome::failed("Sandbox.Timedout", &message))
            }
        };
        self.api.give_up();
        let duration = started.elapsed();
        let reports = tracing::enabled!(tracing::Level::DEBUG);
        let max_memory_mb = self.max_memory_mb(reports);
        place.update(|traced| {
            traced.duration_ms = Some(duration.as_secs_f64() * 1e3);
            traced.billed_ms = Some(billed_ms(duration, init));
            traced.max_memory_mb = max_memory_mb;
        });
        if reports {
            let max_memory_mb = max_memory_mb.unwrap_or_default();
            let report = Report { request_id, duration, init, memory_mb: launch.memory_mb, max_memory_mb };
            tracing::debug!("{report}");
        }
        ending
    }

    /// The most memory that the process has ever had resident, in MB: as of now, or as of a second ago at most.
    fn max_memory_mb(&mut self, now: bool) -> Option<u64> {
        if now || self.memory.is_none_or(|(_, at)| at.elapsed() >= MEMORY_INTERVAL) {
            let known = self.memory.map(|(megabytes, _)| megabytes);
            self.memory = self.peak_memory_mb().or(known).map(|megabytes| (megabytes, Instant::now()));
        }
        self.memory.map(|(megabytes, _)| megabytes)
    }

    /// Waits until the process asks for another event. `false` if it exits or takes longer than a whole invocation may.
    pub(crate) async fn settled(&mut self, launch: &Launch) -> bool {
        let polled = async {
            tokio::select! {
                signal = self.api.signal() => matches!(signal, Signal::Polled),
                _ = self.child.wait() => false,
            }
        };
        let settled = timeout(launch.timeout, polled).await.unwrap_or(false);
        self.idle_since = Instant::now();
        settled
    }

    /// Ends the process and waits until it has ended.
    pub(crate) async fn kill(mut self) {
        if let Err(problem) = self.child.kill().await {
            tracing::warn!(%problem, "a function's process could not be killed");
        }
        self.printed.ended().await;
    }

    /// The most memory the process has ever had resident, in MB.
    fn peak_memory_mb(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = kilobytes.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kilobytes.div_ceil(1024))
    }
}

/// Waits for the answer to one event.
async fn answer(api: &mut RuntimeApi, expected: &str) -> Ending {
    loop {
        return Ending::Answered(match api.signal().await {
            Signal::Answered { request_id, .. } if request_id != expected => continue,
            Signal::Answered { reply: InvocationResponse::Result(body), .. } => Outcome::Answered(body),
            Signal::Answered { reply: InvocationResponse::Error(body), .. } => Outcome::Failed(body),
            Signal::Answered { reply: InvocationResponse::TooLarge, .. } => {
                let message =
                    format!("Response payload size exceeded maximum allowed payload size ({REPLY_LIMIT_BYTES} bytes).");
                Outcome::failed("Function.ResponseSizeTooLarge", &message)
            }
            Signal::Polled | Signal::InitFailed(_) => {
                let message = "the runtime went on without an answer to this event";
                return Ending::Broken(Outcome::failed("Runtime.NoAnswer", message));
            }
        });
    }
}

fn exited(status: std::io::Result<ExitStatus>) -> Outcome {
    let how = match status {
        Ok(status) => status.to_string(),
        Err(problem) => problem.to_string(),
    };
    Outcome::failed("Runtime.ExitError", &format!("Runtime exited with error: {how}"))
}
