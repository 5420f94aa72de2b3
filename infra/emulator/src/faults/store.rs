//! Faults of a function's call to DynamoDB.

use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::{Map, Value, json};

use super::{Faults, Place};

/// The operations that write.
const WRITES: [&str; 5] = ["BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"];

/// The reasons of cancelled transactions that only load and contention cause, with DynamoDB's messages.
const REASONS: [(&str, &str); 3] = [
    ("TransactionConflict", "Transaction is ongoing for the item"),
    ("ThrottlingError", "Throughput exceeds the current capacity of your table or index."),
    (
        "ProvisionedThroughputExceeded",
        "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
         provisioning level with the UpdateTable API.",
    ),
];

/// The faults of one call.
#[derive(Debug, Default)]
pub(crate) struct StoreCallFaults {
    /// How long the call waits.
    pub(crate) delay: Duration,
    /// The fault that replaces the call.
    pub(crate) before: Option<Before>,
    /// The body to run instead of the one that came.
    pub(crate) body: Option<Bytes>,
    /// The part of a batch that is not run, as its reply names it.
    unprocessed: Option<(&'static str, Value)>,
    /// The fault that replaces the reply, after the call has taken effect.
    pub(crate) after: Option<After>,
}

/// A fault that replaces a call.
#[derive(Debug, PartialEq)]
pub(crate) enum Before {
    /// The call is refused and has no effect.
    Refused(StatusCode, Value),
    /// The calling process is killed.
    Killed,
}

/// A fault that replaces a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The connection breaks.
    Broken,
    /// A 500 arrives.
    InternalServerError,
    /// The calling process is killed.
    Killed,
}

impl StoreCallFaults {
    /// Adds what was left unprocessed to the reply of a batch.
    pub(crate) fn amend(&self, reply: Vec<u8>) -> Vec<u8> {
        let Some((name, unprocessed)) = &self.unprocessed else { return reply };
        let Ok(mut amended) = serde_json::from_slice::<Value>(&reply) else { return reply };
        // The emulator's database leaves nothing unprocessed by itself.
        amended[*name] = unprocessed.clone();
        serde_json::to_vec(&amended).unwrap_or(reply)
    }
}

impl Faults {
    /// Decides about a call of `function`. `trace` is the trace of the event that the calling process works on. A
    /// process that works on none is not killed.
    pub(crate) fn of_call(&self, function: &str, operation: &str, body: &Bytes, trace: Option<u64>) -> StoreCallFaults {
        let Some(profile) = self.profile() else { return StoreCallFaults::default() };
        let store = &profile.store;
        let place = &Place { name: &format!("{function} {operation}"), trace };
        let is_write = WRITES.contains(&operation);
        let mut faults = StoreCallFaults::default();
        if let Some(throw) = self.happens("delayed", store.delayed, place) {
            let most = u64::try_from(profile.longest_delay().as_millis()).unwrap_or(u64::MAX);
            faults.delay = Duration::from_millis(throw.below(most.saturating_add(1)));
        }
        if trace.is_some()
            && let Some(after_effect) = self.kill(place, is_write)
        {
            if after_effect {
                faults.after = Some(After::Killed);
            } else {
                faults.before = Some(Before::Killed);
            }
            return faults;
        }
        if let Some(throw) = self.happens("throttled", store.throttled, place) {
            faults.before = Some(throttled(throw.number));
            return faults;
        }
        if is_write && let Some(throw) = self.happens("cancelled", store.cancelled, place) {
            faults.before = Some(cancelled(operation, body, throw.number));
            return faults;
        }
        if matches!(operation, "BatchGetItem" | "BatchWriteItem")
            && let Some(throw) = self.happens("left unprocessed", store.unprocessed, place)
            && let Some((run, unprocessed)) = divided(operation, body, |batch| throw.shuffle(batch))
        {
            faults.body = Some(run);
            faults.unprocessed = Some(unprocessed);
        }
        if store.forget_tokens && operation == "TransactWriteItems" {
            faults.body = without_token(body);
            if faults.body.is_some() {
                self.count("token forgotten", place);
            }
        }
        if is_write && let Some(throw) = self.happens("reply lost", store.lost_replies, place) {
            faults.after = Some(if throw.number % 2 == 0 { After::Broken } else { After::InternalServerError });
        }
        faults
    }

    /// Whether the calling process is killed, and if so, whether its call takes effect before.
    fn kill(&self, place: &Place<'_>, is_write: bool) -> Option<bool> {
        let faults = &self.profile()?.functions;
        if is_write && let Some(chosen) = faults.killed_at_write {
            let write = self.writes.fetch_add(1, Ordering::Relaxed) + 1;
            if write == chosen {
                self.count("killed", place);
                return Some(faults.killed_after_effect);
            }
        }
        self.happens("killed", faults.killed, place).map(|throw| throw.number % 2 == 0)
    }
}

fn throttled(number: u64) -> Before {
    let (name, message) = if number.is_multiple_of(2) {
        ("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", REASONS[2].1)
    } else {
        ("com.amazon.coral.availability#ThrottlingException", REASONS[1].1)
    };
    Before::Refused(StatusCode::BAD_REQUEST, json!({ "__type": name, "message": message }))
}

/// A refusal for contention. The `number`-th one blames the next item, and after the last item the next reason.
fn cancelled(operation: &str, body: &[u8], number: u64) -> Before {
    let namespace = "com.amazonaws.dynamodb.v20120810";
    if operation != "TransactWriteItems" {
        let name = format!("{namespace}#TransactionConflictException");
        return Before::Refused(StatusCode::BAD_REQUEST, json!({ "__type": name, "message": REASONS[0].1 }));
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = body["TransactItems"].as_array().map_or(1, Vec::len).max(1);
    let number = usize::try_from(number).unwrap_or_default();
    let (code, message) = REASONS[number / items % REASONS.len()];
    let mut reasons = vec![json!({ "Code": "None" }); items];
    reasons[number % items] = json!({ "Code": code, "Message": message });
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message =
        format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", "));
    let name = format!("{namespace}#TransactionCanceledException");
    let body = json!({ "__type": name, "Message": message, "CancellationReasons": reasons });
    Before::Refused(StatusCode::BAD_REQUEST, body)
}

/// Divides a batch of two or more items: the body to run, and the rest under the name that a reply gives it.
fn divided(operation: &str, body: &[u8], shuffle: impl Fn(&mut [Value])) -> Option<(Bytes, (&'static str, Value))> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let mut left_over = Map::new();
    for (table, wanted) in body["RequestItems"].as_object_mut()? {
        let mut other = wanted.clone();
        let (kept, rest) = match operation {
            "BatchGetItem" => (wanted["Keys"].as_array_mut()?, other["Keys"].as_array_mut()?),
            _ => (wanted.as_array_mut()?, other.as_array_mut()?),
        };
        // At least one item of each table is processed: a call that could process none would be throttled.
        let half = kept.len().div_ceil(2);
        shuffle(kept);
        *rest = kept.split_off(half);
        if !rest.is_empty() {
            left_over.insert(table.clone(), other);
        }
    }
    if left_over.is_empty() {
        return None;
    }
    let name = if operation == "BatchGetItem" { "UnprocessedKeys" } else { "UnprocessedItems" };
    Some((Bytes::from(body.to_string()), (name, Value::Object(left_over))))
}

/// A transaction without its token; `None` if it has none.
fn without_token(body: &[u8]) -> Option<Bytes> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    body.as_object_mut()?.remove("ClientRequestToken")?;
    Some(Bytes::from(body.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{FaultPlan, FaultProfile};
    use super::*;

    fn faults(profile: &str) -> Faults {
        let profile = FaultProfile::parse(profile).unwrap();
        Faults::new(Some(FaultPlan { name: "test".to_owned(), profile, seed: 1 }))
    }

    fn transaction(items: usize) -> Bytes {
        Bytes::from(json!({ "TransactItems": vec![json!({}); items], "ClientRequestToken": "t" }).to_string())
    }

    #[test]
    fn every_reason_is_given_for_every_item_of_a_transaction() {
        let faults = faults("[store]\ncancelled = 1.0\n");
        let mut seen = BTreeSet::new();
        for _ in 0..9 {
            let call = faults.of_call("Things", "TransactWriteItems", &transaction(3), None);
            let Some(Before::Refused(status, body)) = call.before else { panic!("not refused") };
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let reasons = body["CancellationReasons"].as_array().unwrap();
            let blamed: Vec<_> = reasons.iter().enumerate().filter(|(_, reason)| reason["Code"] != "None").collect();
            assert_eq!((reasons.len(), blamed.len()), (3, 1));
            seen.insert((blamed[0].0, blamed[0].1["Code"].as_str().unwrap().to_owned()));
        }
        assert_eq!(seen.len(), 9);
        assert!(!format!("{seen:?}").contains("ConditionalCheckFailed"));
        assert_eq!(faults.injected().unwrap().injected["cancelled"], 9);
    }

    #[test]
    fn a_batch_is_divided_into_what_runs_and_what_is_unprocessed() {
        let faults = faults("[store]\nunprocessed = 1.0\n");
        let keys: Vec<Value> = (0..5).map(|key| json!({ "pk": { "S": key.to_string() } })).collect();
        let body = json!({ "RequestItems": { "things": { "Keys": keys, "ConsistentRead": true } } });
        let call = faults.of_call("Things", "BatchGetItem", &Bytes::from(body.to_string()), None);
        let run: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        let reply: Value = serde_json::from_slice(&call.amend(b"{\"UnprocessedKeys\":{}}".to_vec())).unwrap();
        let [run, rest] = [&run["RequestItems"], &reply["UnprocessedKeys"]].map(|part| {
            assert_eq!(part["things"]["ConsistentRead"], true);
            part["things"]["Keys"].as_array().unwrap().clone()
        });
        assert_eq!((run.len(), rest.len()), (3, 2));
        assert!(keys.iter().all(|key| run.contains(key) != rest.contains(key)));

        let one = json!({ "RequestItems": { "things": { "Keys": &keys[..1] } } });
        assert!(faults.of_call("Things", "BatchGetItem", &Bytes::from(one.to_string()), None).body.is_none());
    }

    #[test]
    fn only_writes_lose_their_replies_and_only_working_processes_are_killed() {
        let lost = faults("[store]\nlost_replies = 1.0\n");
        let write = |faults: &Faults, trace| faults.of_call("Things", "PutItem", &Bytes::from("{}"), trace);
        assert_eq!(write(&lost, Some(1)).after, Some(After::Broken));
        assert_eq!(write(&lost, Some(1)).after, Some(After::InternalServerError));
        assert_eq!(lost.of_call("Things", "GetItem", &Bytes::from("{}"), Some(1)).after, None);

        let killing = faults("[functions]\nkilled_at_write = 2\nkilled_after_effect = true\n");
        assert_eq!(write(&killing, None).after, None);
        let after: Vec<_> = (0..3).map(|_| write(&killing, Some(1)).after).collect();
        assert_eq!(after, [None, Some(After::Killed), None]);
        killing.pause();
        assert_eq!(write(&killing, Some(1)).after, None);
    }

    #[test]
    fn a_transaction_loses_its_token() {
        let faults = faults("[store]\nforget_tokens = true\n");
        let call = faults.of_call("Things", "TransactWriteItems", &transaction(1), None);
        assert_eq!(call.body.unwrap(), Bytes::from(json!({ "TransactItems": [{}] }).to_string()));
    }

    #[test]
    fn without_a_profile_nothing_happens() {
        let faults = Faults::new(None);
        let call = faults.of_call("Things", "TransactWriteItems", &transaction(1), Some(1));
        assert!(call.before.is_none() && call.after.is_none() && call.body.is_none());
        assert_eq!(faults.injected(), None);
    }
}
