//! Faults of the delivery of stream records to a function.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::{Faults, Place};

impl Faults {
    /// How long a mapping holds the next records back.
    pub(crate) fn stream_lag(&self, mapping: &str) -> Duration {
        let longest = self.profile().map(super::FaultProfile::longest_lag).unwrap_or_default();
        if longest.is_zero() {
            return Duration::ZERO;
        }
        self.count("stream lagged", &Place::of(mapping));
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.dice.throw(&format!("lag {mapping}")).below(longest.saturating_add(1)))
    }

    /// Changes the order of a batch's records. Says whether it did.
    pub(crate) fn reorder(&self, mapping: &str, records: &mut Vec<Value>) -> bool {
        let Some(faults) = self.profile().map(|profile| &profile.streams) else { return false };
        if records.len() < 2 || !(faults.shuffled || faults.shuffled_within_keys) {
            return false;
        }
        self.count("batch shuffled", &Place::of(mapping));
        let mut shuffled = std::mem::take(records);
        let throw = self.dice.throw(&format!("shuffle {mapping}"));
        if faults.shuffled_within_keys {
            throw.shuffle(&mut shuffled);
            *records = shuffled;
            return true;
        }
        // The keys are shuffled, and each place takes the oldest record of its key.
        let key = |record: &Value| record["dynamodb"]["Keys"].to_string();
        let mut places: Vec<String> = shuffled.iter().map(key).collect();
        let mut of_key = HashMap::<String, VecDeque<Value>>::new();
        for record in shuffled {
            of_key.entry(key(&record)).or_default().push_back(record);
        }
        throw.shuffle(&mut places);
        records.extend(places.iter().filter_map(|key| of_key.get_mut(key)?.pop_front()));
        true
    }

    /// The number of records at the beginning of a delivered batch that count as taken; `None` for what the function
    /// said. With `may_fail_whole`, it may be none of them. `trace` is the trace of the delivery.
    pub(crate) fn failing_part(
        &self,
        mapping: &str,
        records: usize,
        may_fail_whole: bool,
        trace: u64,
    ) -> Option<usize> {
        let share = self.profile()?.streams.failing;
        if records < 2 && !may_fail_whole {
            return None;
        }
        self.happens("batch failed in part", share, &Place { name: mapping, trace: Some(trace) })?;
        Some(records / 2)
    }

    /// How often a batch is delivered once more after it is done. `trace` is the trace of its delivery.
    pub(crate) fn redeliveries(&self, mapping: &str, trace: u64) -> u32 {
        let deliveries = self.profile().map_or(0, |profile| profile.streams.deliveries);
        let more = deliveries.saturating_sub(1);
        for _ in 0..more {
            self.count("batch delivered again", &Place { name: mapping, trace: Some(trace) });
        }
        more
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{FaultPlan, FaultProfile};
    use super::*;

    fn faults(profile: &str) -> Faults {
        let profile = FaultProfile::parse(profile).unwrap();
        Faults::new(Some(FaultPlan { name: "test".to_owned(), profile, seed: 1 }))
    }

    /// Ten records of three keys.
    fn records() -> Vec<Value> {
        let record = |number: u64| {
            let keys = json!({ "pk": { "S": (number % 3).to_string() } });
            json!({ "dynamodb": { "Keys": keys, "SequenceNumber": number } })
        };
        (0..10).map(record).collect()
    }

    fn numbers(records: &[Value], key: u64) -> Vec<u64> {
        let numbers = records.iter().filter_map(|record| record["dynamodb"]["SequenceNumber"].as_u64());
        numbers.filter(|number| number % 3 == key).collect()
    }

    #[test]
    fn records_of_one_key_keep_their_order() {
        let (faults, mut shuffled) = (faults("[streams]\nshuffled = true\n"), records());
        assert!(faults.reorder("m", &mut shuffled));
        assert_ne!(shuffled, records());
        assert_eq!(shuffled.len(), 10);
        for key in 0..3 {
            assert_eq!(numbers(&shuffled, key), numbers(&records(), key));
        }
    }

    #[test]
    fn the_order_within_a_key_changes_only_if_the_profile_says_so() {
        let (faults, mut shuffled) = (faults("[streams]\nshuffled_within_keys = true\n"), records());
        assert!(faults.reorder("m", &mut shuffled));
        assert!((0..3).any(|key| numbers(&shuffled, key) != numbers(&records(), key)));
        assert!(records().iter().all(|record| shuffled.contains(record)));
    }

    #[test]
    fn a_lag_is_at_most_the_longest() {
        let faults = faults("[streams]\nlongest_lag_ms = 50\n");
        let lags: Vec<_> = (0..100).map(|_| faults.stream_lag("m").as_millis()).collect();
        assert!(lags.iter().all(|lag| *lag <= 50) && lags.iter().any(|lag| *lag > 25), "{lags:?}");
    }

    #[test]
    fn half_of_a_batch_fails_and_a_single_record_only_where_it_may() {
        let faults = faults("[streams]\nfailing = 1.0\ndeliveries = 10\n");
        assert_eq!(faults.failing_part("m", 5, false, 1), Some(2));
        assert_eq!(faults.failing_part("m", 1, true, 1), Some(0));
        assert_eq!(faults.failing_part("m", 1, false, 1), None);
        assert_eq!(faults.redeliveries("m", 1), 9);
    }
}
