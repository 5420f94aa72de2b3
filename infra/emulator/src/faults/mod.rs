//! Injected faults: what goes wrong on AWS from time to time, on demand and by seed.
//!
//! [`Faults`] stands between the functions and DynamoDB (`store`), between a table's stream and its reader
//! (`streams`), can kill a function's process at a call to the store, and can have the clock jump (`clock`). Every decision follows from the seed and
//! the count of decisions of its kind, so one run is like the next as far as concurrency allows. Without a profile
//! nothing is injected, and the cost is one comparison per call.
//!
//! The emulator never reports a condition as failed that held, and a stream never loses a record: AWS does neither.

mod clock;
mod dice;
mod profile;
mod store;
mod streams;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use self::dice::{Dice, Throw};
pub use self::profile::{ClockFaults, FaultProfile, FunctionFaults, StoreFaults, StreamFaults};
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
    injected: Mutex<BTreeMap<&'static str, u64>>,
}

/// The faults injected so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InjectedFaults {
    /// The profile's name.
    pub profile: String,
    /// The seed.
    pub seed: u64,
    /// The number of faults of each kind, e.g. `throttled`.
    pub injected: BTreeMap<&'static str, u64>,
}

impl Faults {
    pub(crate) fn new(plan: Option<FaultPlan>) -> Self {
        Self {
            dice: Dice::new(plan.as_ref().map_or(0, |plan| plan.seed)),
            plan,
            paused: AtomicBool::new(false),
            writes: AtomicU64::new(0),
            injected: Mutex::default(),
        }
    }

    /// The plan; `None` if no faults are injected.
    pub fn plan(&self) -> Option<&FaultPlan> {
        self.plan.as_ref()
    }

    /// The faults injected so far; `None` without a profile.
    pub fn injected(&self) -> Option<InjectedFaults> {
        let FaultPlan { name, seed, .. } = self.plan.as_ref()?;
        let injected = self.injected.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(InjectedFaults { profile: name.clone(), seed: *seed, injected })
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
    fn happens(&self, fault: &'static str, share: f64, place: &str) -> Option<Throw> {
        if share == 0.0 {
            return None;
        }
        let throw = self.dice.throw(&format!("{fault} {place}"));
        throw.is_within(share).then(|| {
            self.count(fault);
            throw
        })
    }

    fn count(&self, fault: &'static str) {
        *self.injected.lock().unwrap_or_else(PoisonError::into_inner).entry(fault).or_default() += 1;
    }
}

impl std::fmt::Display for InjectedFaults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "faults injected (profile {}, seed {}): ", self.profile, self.seed)?;
        if self.injected.is_empty() {
            return f.write_str("none");
        }
        let counts: Vec<_> = self.injected.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
        f.write_str(&counts.join(", "))
    }
}
