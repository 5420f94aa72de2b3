//! CPU time of this thread, and measurements that take turns.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time that this thread has used so far.
pub(crate) fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// CPU seconds of one call, averaged over `calls` calls.
pub(crate) fn seconds_per_call(calls: usize, mut work: impl FnMut()) -> f64 {
    let start = cpu_time();
    for _ in 0..calls {
        work();
    }
    (cpu_time() - start).as_secs_f64() / calls as f64
}

/// One measurement.
pub(crate) struct Work<'a> {
    name: String,
    pairs: Option<usize>,
    /// Calls per turn, enough for the clock's resolution.
    calls: usize,
    /// Runs once and returns the part of its time that does not count.
    run: Box<dyn FnMut() -> Duration + 'a>,
    turns: Vec<f64>,
}

impl<'a> Work<'a> {
    /// The length of a turn in seconds; it decides the number of calls.
    const TURN: f64 = 10e-3;

    pub(crate) fn new(name: impl Into<String>, mut run: impl FnMut() + 'a) -> Self {
        Self::counting(name, move || {
            run();
            Duration::ZERO
        })
    }

    /// A measurement with preparation. `run` returns the CPU time of the preparation, which does not count.
    pub(crate) fn counting(name: impl Into<String>, mut run: impl FnMut() -> Duration + 'a) -> Self {
        run(); // warms caches and branch predictors
        let call = seconds_per_call(1, || _ = run());
        let calls = (Self::TURN / call.max(1e-9)).clamp(1.0, 1e6) as usize;
        Self { name: name.into(), pairs: None, calls, run: Box::new(run), turns: Vec::new() }
    }

    /// The same measurement, where one call scores this many pairs.
    pub(crate) fn scoring(self, pairs: usize) -> Self {
        Self { pairs: Some(pairs), ..self }
    }

    fn turn(&mut self) {
        let mut aside = Duration::ZERO;
        let all = seconds_per_call(self.calls, || aside += (self.run)());
        self.turns.push(all - aside.as_secs_f64() / self.calls as f64);
    }

    fn timed(self) -> Timed {
        let mut turns = self.turns;
        turns.sort_by(f64::total_cmp);
        let seconds = turns.get(turns.len() / 2).copied().unwrap_or(f64::NAN);
        Timed { name: self.name, pairs: self.pairs, seconds }
    }
}

/// A measurement with its time.
pub(crate) struct Timed {
    /// The name in the table.
    pub(crate) name: String,
    /// The number of pairs that one call scores, if it scores.
    pub(crate) pairs: Option<usize>,
    /// Seconds per call, the median over all turns.
    pub(crate) seconds: f64,
}

/// Runs `turns` turns of every measurement, one after the other.
pub(crate) fn take_turns(mut works: Vec<Work<'_>>, turns: usize) -> Vec<Timed> {
    for _ in 0..turns {
        works.iter_mut().for_each(Work::turn);
    }
    works.into_iter().map(Work::timed).collect()
}
