//! Faults of the clock: it jumps ahead and back, as the clock of a machine does that is set.

use std::sync::Arc;
use std::time::Duration;

use super::{Faults, Place};
use crate::clock::Clock;

impl Faults {
    /// Whether the profile lets the clock jump.
    pub(crate) fn moves_clock(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| !plan.profile.clock.offsets_s.is_empty())
    }

    /// Has the clock jump from time to time. It is right while faults are paused. Ends when dropped, or at once if the
    /// profile has no jumps.
    pub(crate) async fn run_clock(self: Arc<Self>, clock: Arc<Clock>) {
        let Some(plan) = self.plan.as_ref().filter(|_| self.moves_clock()) else { return };
        let mut ticks = tokio::time::interval(Duration::from_millis(plan.profile.clock.every_ms.max(1)));
        loop {
            ticks.tick().await;
            let (faults, clock) = (Arc::clone(&self), Arc::clone(&clock));
            let jumped = tokio::task::spawn_blocking(move || clock.jump_to(faults.clock_offset_s()));
            if let Ok(Err(problem)) = jumped.await {
                tracing::warn!(problem = format!("{problem:#}"), "the clock could not jump");
            }
        }
    }

    /// By how many seconds the clock is ahead from now on.
    fn clock_offset_s(&self) -> i64 {
        let Some(faults) = self.profile().map(|profile| &profile.clock) else { return 0 };
        let place = self.dice.throw("clock").below(faults.offsets_s.len() as u64);
        let offset_s = usize::try_from(place).ok().and_then(|place| faults.offsets_s.get(place));
        self.count("clock set", &Place::of("the clock"));
        offset_s.copied().unwrap_or(0)
    }
}
