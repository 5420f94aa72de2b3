//! The faults to inject, as a TOML file lists them.
//!
//! ```toml
//! [store]
//! throttled = 0.1      # a tenth of the calls
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;

/// The faults to inject. Shares are between 0 and 1; the default injects nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultProfile {
    /// Faults of the calls of functions to DynamoDB.
    pub store: StoreFaults,
    /// Faults of event source mappings.
    pub streams: StreamFaults,
    /// Faults of the functions' processes.
    pub functions: FunctionFaults,
    /// Faults of the clock.
    pub clock: ClockFaults,
}

/// Faults of calls to DynamoDB.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreFaults {
    /// The share of calls that are throttled before they have an effect.
    pub throttled: f64,
    /// The share of batch calls that leave a part of their items unprocessed.
    pub unprocessed: f64,
    /// The share of writes that are refused because of a conflict, or of transactions that are cancelled for
    /// throttling or a conflict. The reasons and the blamed items take turns. No condition is reported as failed.
    pub cancelled: f64,
    /// The share of writes that take effect while their reply is lost. Half of these connections break; the other
    /// half get a 500 `InternalServerError`.
    pub lost_replies: f64,
    /// Forgets the tokens of transactions, as DynamoDB does ten minutes after the first attempt.
    pub forget_tokens: bool,
    /// The share of calls that are delayed.
    pub delayed: f64,
    /// The longest delay of a call, in milliseconds.
    pub longest_delay_ms: u64,
}

/// Faults of the delivery of stream records.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreamFaults {
    /// The longest time for which records are held back, in milliseconds.
    pub longest_lag_ms: u64,
    /// How often each batch is delivered in all; 0 and 1 mean once.
    pub deliveries: u32,
    /// Shuffles the records of a batch. Records of one key keep their order.
    pub shuffled: bool,
    /// Shuffles records of one key, too. Real streams never do that.
    pub shuffled_within_keys: bool,
    /// The share of deliveries of which a part counts as failed although the function took it.
    pub failing: f64,
}

/// Faults of the functions' processes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FunctionFaults {
    /// The share of calls to the store at which the calling process is killed: in turns before and after the effect.
    pub killed: f64,
    /// Kills the process that makes this write, counted from 1 over all functions. It happens once.
    pub killed_at_write: Option<u64>,
    /// Whether that write takes effect before the process is killed.
    pub killed_after_effect: bool,
}

/// Faults of the clock that the functions and the services share.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClockFaults {
    /// By how many seconds the clock may be ahead of the right time; negative if it is behind. It jumps from one of
    /// these values to another.
    pub offsets_s: Vec<i64>,
    /// How often it jumps, in milliseconds.
    pub every_ms: u64,
}

/// How far the clock may be wrong.
const LARGEST_CLOCK_FAULT_S: u64 = 3_600;

impl FaultProfile {
    /// Reads a profile.
    ///
    /// # Errors
    /// When it is not TOML, has an unknown key, or a share is not between 0 and 1.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let profile: Self = toml::from_str(text).context("a profile of faults cannot be read")?;
        let shares = BTreeMap::from([
            ("store.throttled", profile.store.throttled),
            ("store.unprocessed", profile.store.unprocessed),
            ("store.cancelled", profile.store.cancelled),
            ("store.lost_replies", profile.store.lost_replies),
            ("store.delayed", profile.store.delayed),
            ("streams.failing", profile.streams.failing),
            ("functions.killed", profile.functions.killed),
        ]);
        for (name, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                bail!("{name} is {share}; a share is between 0 and 1");
            }
        }
        let ClockFaults { offsets_s, every_ms } = &profile.clock;
        if let Some(far) = offsets_s.iter().find(|offset| offset.unsigned_abs() > LARGEST_CLOCK_FAULT_S) {
            bail!("clock.offsets_s has {far}; the clock is wrong by an hour at most");
        }
        if offsets_s.is_empty() != (*every_ms == 0) {
            bail!("clock.offsets_s and clock.every_ms need each other");
        }
        Ok(profile)
    }

    pub(crate) fn longest_delay(&self) -> Duration {
        Duration::from_millis(self.store.longest_delay_ms)
    }

    pub(crate) fn longest_lag(&self) -> Duration {
        Duration::from_millis(self.streams.longest_lag_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_names_only_the_faults_that_it_injects() {
        let profile = FaultProfile::parse("[store]\nthrottled = 0.1\n").unwrap();
        assert_eq!(profile.store, StoreFaults { throttled: 0.1, ..StoreFaults::default() });
        assert_eq!(profile.streams, StreamFaults::default());
        assert_eq!(FaultProfile::parse("").unwrap(), FaultProfile::default());
    }

    #[test]
    fn a_misspelt_fault_and_a_wrong_share_are_refused() {
        let problem = |text: &str| format!("{:#}", FaultProfile::parse(text).unwrap_err());
        assert!(problem("[store]\nthrotled = 0.1\n").contains("unknown field `throtled`"));
        assert_eq!(problem("[streams]\nfailing = 50\n"), "streams.failing is 50; a share is between 0 and 1");
        assert_eq!(
            problem("[clock]\noffsets_s = [-7200]\nevery_ms = 9\n"),
            "clock.offsets_s has -7200; the clock is wrong by an hour at most"
        );
        assert_eq!(problem("[clock]\nevery_ms = 9\n"), "clock.offsets_s and clock.every_ms need each other");
        assert_eq!(problem("[store]\ndelayed = nan\n"), "store.delayed is NaN; a share is between 0 and 1");
    }
}
