//! Injected faults: what goes wrong on AWS from time to time, on demand and by seed.
//!
//! [`Faults`] stands between the functions and DynamoDB (`store`), between a table's stream and its reader
//! (`streams`), can kill a function's process at a call to the store, and can have the clock jump (`clock`). Every
//! decision follows from the seed and the count of decisions of its kind, so one run is like the next as far as
//! concurrency allows. Without a profile nothing is injected, and the cost is one comparison per call.
//!
//! The emulator never reports a condition as failed that held, and a stream never loses a record: AWS does neither.

mod clock;
mod dice;
mod profile;
mod report;
mod rules;
mod store;
mod streams;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use self::dice::{Dice, Throw};
pub use self::profile::{ClockFaults, FaultProfile, FunctionFaults, StoreFaults, StreamFaults};
use self::report::Strikes;
pub use self::report::{InjectedFaults, Strike, StruckPlace};
pub use self::rules::FaultRule;
pub(crate) use self::store::{After, Before, StoreCallFaults};

/// A profile with a name and a seed.
#[derive(Debug, Clone, Default)]
pub struct FaultPlan {
    /// The profile's name, for people.
    pub name: String,
    /// The faults.
    pub profile: FaultProfile,
    /// Decides which calls are affected.
    pub seed: u64,
}

/// The faults of a running emulator.
#[derive(Debug)]
pub struct Faults {
    plan: Option<FaultPlan>,
    dice: Dice,
    paused: AtomicBool,
    writes: AtomicU64,
    strikes: Mutex<Strikes>,
}

/// Where a fault may strike.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    /// A function and the operation that it calls, or a mapping.
    name: &'a str,
    /// The trace that is struck, where one has begun.
    trace: Option<u64>,
}

impl<'a> Place<'a> {
    fn of(name: &'a str) -> Self {
        Self { name, trace: None }
    }
}

impl Faults {
    pub(crate) fn new(plan: Option<FaultPlan>) -> Self {
        Self {
            dice: Dice::new(plan.as_ref().map_or(0, |plan| plan.seed)),
            plan,
            paused: AtomicBool::new(false),
            writes: AtomicU64::new(0),
            strikes: Mutex::default(),
        }
    }

    /// The plan; `None` if no faults are injected.
    pub fn plan(&self) -> Option<&FaultPlan> {
        self.plan.as_ref()
    }

    /// The faults injected so far; `None` without a profile.
    pub fn injected(&self) -> Option<InjectedFaults> {
        let plan = self.plan.as_ref()?;
        let strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        Some(strikes.report(plan, self.paused.load(Ordering::Relaxed)))
    }

    /// Injects nothing from now on, so that the result can be checked in peace.
    pub fn pause(&self) {
        self.paused.store(true, Ordering::Relaxed);
    }

    /// Injects faults again.
    pub fn resume(&self) {
        self.paused.store(false, Ordering::Relaxed);
    }

    /// The profile, unless nothing is to be injected now.
    fn profile(&self) -> Option<&FaultProfile> {
        if self.paused.load(Ordering::Relaxed) {
            return None;
        }
        self.plan.as_ref().map(|plan| &plan.profile)
    }

    /// Decides about a fault, and counts it if it happens.
    fn happens(&self, fault: &'static str, share: f64, place: &Place<'_>) -> Option<Throw> {
        if share == 0.0 {
            return None;
        }
        let throw = self.dice.throw(&format!("{fault} {}", place.name));
        throw.is_within(share).then(|| {
            self.count(fault, place);
            throw
        })
    }

    fn count(&self, fault: &'static str, place: &Place<'_>) {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).add(fault, place);
    }
}
