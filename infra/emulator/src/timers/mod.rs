//! The schedules of functions: rules of EventBridge and schedules of EventBridge Scheduler.
//!
//! A schedule fires by the clock of the run. If several of its times have passed since it last fired, because the clock
//! was advanced or the machine slept, it fires once, for the last of them. Schedules that are due together fire in the
//! order of their first missed times. What became due while no run was there is not made up for. [`expression`] says
//! when a schedule fires, [`event`] what it sends, and [`invocation`] how a function is invoked asynchronously.

mod cron;
mod event;
pub(crate) mod expression;
mod invocation;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::{JoinHandle, JoinSet};

use self::invocation::Asynchronous;
use crate::clock::Clock;
use crate::lambda::function::Function;
use crate::lambda::invocation::new_uuid;
use crate::streams::dead_letters::DeadLetters;
use crate::template::{AsynchronousInvocation, Schedule, Template};
use crate::traces::Traces;

/// The longest sleep. The machine's clock may be set, or the machine may sleep itself.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// All schedules of a template, running. Dropping it ends them and the invocations that wait.
#[derive(Debug)]
pub(crate) struct Timers(JoinHandle<()>);

impl Drop for Timers {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One schedule.
struct Timer {
    schedule: Schedule,
    settings: AsynchronousInvocation,
    function: Arc<Function>,
    /// The last time for which it has fired; at first the start of the run.
    fired: Timestamp,
}

struct Run {
    timers: Vec<Timer>,
    started: Timestamp,
    clock: Arc<Clock>,
    traces: Arc<Traces>,
    dead_letters: Arc<DeadLetters>,
    invocations: JoinSet<()>,
}

impl Timers {
    /// Starts the schedules. `functions` are by logical id.
    pub(crate) fn start(
        template: &Template,
        functions: &BTreeMap<String, Arc<Function>>,
        clock: &Arc<Clock>,
        traces: &Arc<Traces>,
        dead_letters: Arc<DeadLetters>,
    ) -> Self {
        let now = clock.now();
        let started = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let timers = template.functions.iter().flat_map(|described| {
            let function = functions.get(&described.logical_id);
            described.schedules.iter().filter_map(move |schedule| {
                Some(Timer {
                    schedule: schedule.clone(),
                    settings: described.asynchronous.clone(),
                    function: Arc::clone(function?),
                    fired: started,
                })
            })
        });
        let run = Run {
            timers: timers.collect(),
            started,
            clock: Arc::clone(clock),
            traces: Arc::clone(traces),
            dead_letters,
            invocations: JoinSet::new(),
        };
        Self(tokio::spawn(run.run()))
    }
}

impl Run {
    async fn run(mut self) {
        let mut moves = self.clock.moves();
        loop {
            let now = self.clock.now();
            for (timer, time) in self.due(now) {
                self.fire(timer, time);
            }
            while self.invocations.try_join_next().is_some() {}
            let next = self.timers.iter().filter_map(|timer| timer.next(self.started)).min();
            let Some(next) = next else {
                // Nothing fires any more, but a function may still be running or wait for its retry.
                while self.invocations.join_next().await.is_some() {}
                return;
            };
            let left = Duration::try_from(next.duration_since(self.clock.now())).unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(left.min(LONGEST_SLEEP)) => {}
                moved = moves.changed() => if moved.is_err() { return },
            }
        }
    }

    /// The timers that are due and the times for which they fire, in the order in which they became due.
    fn due(&mut self, now: Timestamp) -> Vec<(usize, Timestamp)> {
        let started = self.started;
        let mut due: Vec<(Timestamp, usize, Timestamp)> = Vec::new();
        for (place, timer) in self.timers.iter_mut().enumerate() {
            let Some(first) = timer.next(started).filter(|first| *first <= now) else { continue };
            let last = timer.schedule.expression.until(now, started).unwrap_or(first);
            timer.fired = last;
            due.push((first, place, last));
        }
        due.sort_unstable();
        due.into_iter().map(|(_, place, last)| (place, last)).collect()
    }

    fn fire(&mut self, timer: usize, time: Timestamp) {
        let Some(Timer { schedule, settings, function, .. }) = self.timers.get(timer) else { return };
        let invocation = Asynchronous {
            schedule: format!("{}.{}", function.logical_id(), schedule.name),
            time,
            event: event::event(schedule, time, &new_uuid()),
            function: Arc::clone(function),
            clock: Arc::clone(&self.clock),
            traces: Arc::clone(&self.traces),
            settings: settings.clone(),
            dead_letters: Arc::clone(&self.dead_letters),
        };
        // Traces begin here, so that they are in order.
        let recording = invocation.begin_trace(1);
        self.invocations.spawn(invocation.run(recording));
    }
}

impl Timer {
    fn next(&self, started: Timestamp) -> Option<Timestamp> {
        self.schedule.expression.after(self.fired, started)
    }
}
