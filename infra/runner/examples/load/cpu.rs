//! The CPU time of the market: of the runner and of its functions.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

use crate::process;

/// The CPU time used so far by the runner and its functions, without the calling thread.
pub(crate) fn used() -> Duration {
    let functions: Duration = process::of_functions().iter().map(|process| process.processor).sum();
    let callers = duration(clock_gettime(ClockId::ThreadCPUTime));
    duration(clock_gettime(ClockId::ProcessCPUTime)).saturating_sub(callers) + functions
}

fn duration(time: Timespec) -> Duration {
    // A CPU clock starts at zero and counts up.
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}
