//! One asynchronous invocation: the event is taken at once, and Lambda repeats it when the function fails.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Outcome;
use crate::clock::Clock;
use crate::lambda::function::Function;
use crate::lambda::invocation::{Invocation, Traced, new_trace_id, new_uuid};
use crate::streams::dead_letters::{DeadLetter, DeadLetters};
use crate::template::AsynchronousInvocation;
use crate::traces::{Origin, Recording, Traces};

/// How long Lambda waits before each retry of an event with which the function failed.
const RETRIES: [SignedDuration; 2] = [SignedDuration::from_mins(1), SignedDuration::from_mins(2)];
/// The wait after a throttled attempt, doubled up to [`LONGEST_BACKOFF`].
const FIRST_BACKOFF: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_BACKOFF: SignedDuration = SignedDuration::from_mins(5);

/// An event on its way to a function.
pub(super) struct Asynchronous {
    /// Function and event, e.g. `SweepFunction.Tick`.
    pub(super) schedule: String,
    /// The time for which the schedule has fired.
    pub(super) time: Timestamp,
    pub(super) event: Bytes,
    pub(super) function: Arc<Function>,
    pub(super) clock: Arc<Clock>,
    pub(super) traces: Arc<Traces>,
    pub(super) settings: AsynchronousInvocation,
    pub(super) dead_letters: Arc<DeadLetters>,
}

/// Why an event is given up.
struct GivenUp<'g> {
    /// `RetriesExhausted` or `EventAgeExceeded`.
    condition: &'static str,
    request_id: &'g str,
    failures: usize,
    /// The last error, JSON, if the function has failed.
    error: Option<Bytes>,
}

impl Asynchronous {
    /// Begins the trace of an attempt, which counts from 1.
    pub(super) fn begin_trace(&self, attempt: u32) -> Arc<Recording> {
        self.traces.begin(Origin::Schedule {
            schedule: self.schedule.clone(),
            function: self.function.logical_id().to_owned(),
            time: self.time,
            attempt,
        })
    }

    /// Invokes the function until it takes the event, or the event is given up. The waits follow the run's clock.
    /// `recording` is the trace of the first attempt.
    pub(super) async fn run(self, mut recording: Arc<Recording>) {
        let (accepted, request_id, trace_id) = (self.clock.now(), new_uuid(), new_trace_id());
        let (mut failures, mut backoff, mut error) = (0, FIRST_BACKOFF, None);
        for attempt in 1.. {
            let invocation = Invocation::new(self.event.clone(), trace_id.clone(), Traced::first(&recording));
            // All attempts have one request id.
            let outcome = self.function.invoke(Invocation { request_id: request_id.clone(), ..invocation }).await;
            recording.end(outcome.word());
            let wait = match outcome {
                Outcome::Answered(_) => return,
                Outcome::TooLarge => None,
                Outcome::Failed(found) => {
                    error = Some(found);
                    failures += 1;
                    let may_retry = failures <= usize::try_from(self.settings.max_retries).unwrap_or(usize::MAX);
                    RETRIES.get(failures - 1).copied().filter(|_| may_retry)
                }
                Outcome::Throttled => {
                    let wait = backoff;
                    backoff = (backoff * 2).min(LONGEST_BACKOFF);
                    Some(wait)
                }
            };
            let now = self.clock.now();
            let oldest = SignedDuration::try_from(self.settings.max_age).unwrap_or(SignedDuration::MAX);
            let again = wait.and_then(|wait| now.checked_add(wait).ok());
            let Some(again) = again.filter(|again| again.duration_since(accepted) <= oldest) else {
                let condition = if wait.is_none() { "RetriesExhausted" } else { "EventAgeExceeded" };
                return self.give_up(GivenUp { condition, request_id: &request_id, failures, error }).await;
            };
            self.wait_until(again).await;
            recording = self.begin_trace(attempt + 1);
        }
    }

    /// Tells the queue, if there is one.
    async fn give_up(&self, why: GivenUp<'_>) {
        let GivenUp { condition, request_id, failures, error } = why;
        let Some(queue) = self.settings.dead_letters.clone() else {
            tracing::warn!(schedule = self.schedule, condition, "an event was given up, and no queue is told");
            return;
        };
        let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
        let event = json(&self.event);
        let mut message = json!({
            "version": "1.0",
            "timestamp": self.clock.now().to_string(),
            "requestContext": {
                "requestId": request_id,
                "functionArn": format!("{}:$LATEST", self.function.arn()),
                "condition": condition,
                "approximateInvokeCount": failures,
            },
            "requestPayload": event,
        });
        if let Some(error) = error {
            message["responseContext"] =
                json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"});
            message["responsePayload"] = json(&error);
        }
        let (letters, letter) = (Arc::clone(&self.dead_letters), DeadLetter { queue, message, records: vec![event] });
        let kept = tokio::task::spawn_blocking(move || letters.add(letter)).await;
        if let Err(problem) = kept.map_err(anyhow::Error::from).and_then(|kept| kept) {
            tracing::error!(problem = format!("{problem:#}"), "a dead letter is lost");
        }
    }

    async fn wait_until(&self, time: Timestamp) {
        let mut moves = self.clock.moves();
        loop {
            let left = Duration::try_from(time.duration_since(self.clock.now())).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                // Without a clock there is no run.
                moved = moves.changed() => if moved.is_err() { return },
            }
        }
    }
}
