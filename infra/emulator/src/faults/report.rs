//! A report of the faults that have struck, for people.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

use super::{FaultPlan, FaultRule, Place};

/// So many of the latest strikes are kept.
const LATEST: usize = 20;
/// So many pairs of a fault and a place are counted apart. Functions, operations and mappings are far fewer.
const MOST_PLACES: usize = 1_000;

/// The faults injected so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InjectedFaults {
    /// The profile's name.
    pub profile: String,
    /// The seed.
    pub seed: u64,
    /// Whether faults are held back for now.
    pub paused: bool,
    /// The rules in force.
    pub rules: Vec<FaultRule>,
    /// The number of faults of each kind, e.g. `throttled`.
    pub injected: BTreeMap<&'static str, u64>,
    /// The same numbers by place.
    pub places: Vec<StruckPlace>,
    /// The latest strikes, newest first.
    pub latest: Vec<Strike>,
}

/// How often a fault has struck at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StruckPlace {
    /// The kind of fault, e.g. `throttled`.
    pub fault: &'static str,
    /// A function and its operation, e.g. `ThingsFunction PutItem`, or a mapping.
    pub place: String,
    /// How often.
    pub count: u64,
}

/// One fault that was injected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Strike {
    /// When.
    pub at: Timestamp,
    /// The kind of fault.
    pub fault: &'static str,
    /// A function and its operation, or a mapping.
    pub place: String,
    /// The trace that was struck; `None` where none had begun.
    pub trace: Option<u64>,
}

/// The strikes since the start.
#[derive(Debug, Default)]
pub(super) struct Strikes {
    total: BTreeMap<&'static str, u64>,
    by_place: BTreeMap<(&'static str, String), u64>,
    latest: VecDeque<Strike>,
}

impl Strikes {
    pub(super) fn add(&mut self, fault: &'static str, place: &Place<'_>) {
        *self.total.entry(fault).or_default() += 1;
        let key = (fault, place.name.to_owned());
        if self.by_place.len() < MOST_PLACES || self.by_place.contains_key(&key) {
            *self.by_place.entry(key).or_default() += 1;
        }
        self.latest.truncate(LATEST - 1);
        let strike = Strike { at: Timestamp::now(), fault, place: place.name.to_owned(), trace: place.trace };
        self.latest.push_front(strike);
    }

    pub(super) fn report(&self, plan: &FaultPlan, paused: bool) -> InjectedFaults {
        let place = |((fault, place), count): (&(&'static str, String), &u64)| StruckPlace {
            fault,
            place: place.clone(),
            count: *count,
        };
        InjectedFaults {
            profile: plan.name.clone(),
            seed: plan.seed,
            paused,
            rules: plan.profile.rules(),
            injected: self.total.clone(),
            places: self.by_place.iter().map(place).collect(),
            latest: self.latest.iter().cloned().collect(),
        }
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

#[cfg(test)]
mod tests {
    use super::super::FaultProfile;
    use super::*;

    #[test]
    fn strikes_are_counted_by_place_and_the_latest_are_kept() {
        let mut strikes = Strikes::default();
        for trace in 1..=25 {
            strikes.add("throttled", &Place { name: "Things GetItem", trace: Some(trace) });
        }
        strikes.add("throttled", &Place::of("Things PutItem"));
        let profile = FaultProfile::parse("[store]\nthrottled = 0.1\n").unwrap();
        let report = strikes.report(&FaultPlan { name: "test".to_owned(), profile, seed: 3 }, false);
        assert_eq!(report.injected["throttled"], 26);
        let places: Vec<_> = report.places.iter().map(|place| (place.place.as_str(), place.count)).collect();
        assert_eq!(places, [("Things GetItem", 25), ("Things PutItem", 1)]);
        let traces: Vec<_> = report.latest.iter().map(|strike| strike.trace).collect();
        assert_eq!((traces.len(), traces[0], traces[1], traces[19]), (20, None, Some(25), Some(7)));
        assert_eq!(report.to_string(), "faults injected (profile test, seed 3): throttled 26");
    }
}
