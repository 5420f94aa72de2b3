//! An execution environment: one process of a function and its Runtime API endpoint.
//!
//! Whoever holds the value has the process to itself, so an environment never runs two events at once. It starts,
//! invokes, watches and kills; it keeps no queue and knows nothing of HTTP APIs.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::lambda::invocation::{Invocation, Outcome, REPLY_LIMIT_BYTES, Report};
use crate::lambda::launch::Launch;
use crate::lambda::runtime_api::{Delivery, Reply, RuntimeApi, Signal};

/// How long a process may take from its start to its first poll (Lambda: 10 s).
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// A process that has asked for its first event.
#[derive(Debug)]
pub(crate) struct Environment {
    child: Child,
    api: RuntimeApi,
    /// Open for as long as the runner lives: its end tells the process that the runner is gone, however it went.
    _lifeline: Option<ChildStdin>,
    /// Until the first invocation has reported it.
    init: Option<Duration>,
    max_memory_mb: u64,
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
    pub(crate) async fn start(launch: &Launch, place: OwnedSemaphorePermit) -> Result<Self, Outcome> {
        let mut environment = Self::spawn(launch, place)
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

    fn spawn(launch: &Launch, place: OwnedSemaphorePermit) -> anyhow::Result<Self> {
        let api = RuntimeApi::open(launch.function_arn.clone()).context("no port for the runtime API")?;
        let mut child = Command::new(&launch.program)
            .args(&launch.arguments)
            .env_clear()
            .envs(&launch.variables)
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .stdin(Stdio::piped())
            // Standard output belongs to whoever started the runner; what functions print are logs.
            .stdout(Stdio::from(std::io::stderr()))
            .stderr(Stdio::inherit())
            // Ctrl-C in a terminal goes to the whole group: the runner decides when its functions stop.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", launch.program.display()))?;
        let lifeline = child.stdin.take();
        Ok(Self {
            child,
            api,
            _lifeline: lifeline,
            init: None,
            max_memory_mb: 0,
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
        self.api.deliver(Delivery { invocation: invocation.clone(), deadline: SystemTime::now() + launch.timeout });
        let ending = tokio::select! {
            ending = answer(&mut self.api, request_id) => ending,
            status = self.child.wait() => {
                if self.api.taken() { Ending::Broken(exited(status)) } else { Ending::NeverTaken }
            }
            () = tokio::time::sleep(launch.timeout) => {
                let seconds = launch.timeout.as_secs_f64();
                let message = format!("RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds");
                Ending::Broken(Outcome::failed("Sandbox.Timedout", &message))
            }
        };
        self.api.give_up();
        if tracing::enabled!(tracing::Level::DEBUG) {
            self.max_memory_mb = self.peak_memory_mb().unwrap_or(self.max_memory_mb);
            let report = Report {
                request_id,
                duration: started.elapsed(),
                init: self.init.take(),
                memory_mb: launch.memory_mb,
                max_memory_mb: self.max_memory_mb,
            };
            tracing::debug!("{report}");
        }
        ending
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
            Signal::Answered { reply: Reply::Result(body), .. } => Outcome::Answered(body),
            Signal::Answered { reply: Reply::Error(body), .. } => Outcome::Failed(body),
            Signal::Answered { reply: Reply::TooLarge, .. } => {
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
