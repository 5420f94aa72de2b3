//! One batch of a stream: the event it becomes, and what the function's answer means for each record.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html> (event),
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html> (partial failures),
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html> (what a dead-letter queue is told).

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::lambda::invocation::Outcome;

/// Records of a stream, in order, each as the function is sent it. Never empty.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) records: Vec<Value>,
    /// How often it has been sent.
    pub(super) invocations: u32,
}

/// What an answer says of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Every record is done.
    Done,
    /// The records before this one are done, this and the rest are not, and are sent again together. Zero: none is.
    FailedFrom(usize),
    /// The invocation failed: nothing is done, and the batch may be halved.
    Failed,
    /// The function had no time for it; that counts as nothing.
    NotRun,
}

impl Verdict {
    /// The verdict on a batch of so many records in words, as traces show it.
    pub(super) fn words(&self, records: usize) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::FailedFrom(first) => format!("failed from record {} of {records}", first + 1),
            Self::Failed => "failed".to_owned(),
            Self::NotRun => "not run".to_owned(),
        }
    }
}

impl Batch {
    pub(super) fn new(records: Vec<Value>) -> Self {
        Self { records, invocations: 0 }
    }

    /// The event.
    pub(super) fn event(&self) -> Bytes {
        Bytes::from(json!({ "Records": self.records }).to_string())
    }

    /// Reads the function's answer.
    pub(super) fn judge(&self, outcome: &Outcome, reports_item_failures: bool) -> Verdict {
        match outcome {
            Outcome::Throttled => Verdict::NotRun,
            Outcome::Failed(_) | Outcome::TooLarge => Verdict::Failed,
            Outcome::Answered(_) if !reports_item_failures => Verdict::Done,
            Outcome::Answered(answer) => self.first_failure(answer).map_or(Verdict::Done, Verdict::FailedFrom),
        }
    }

    /// The first record that the answer names. An answer without a list means that none failed; a name that is no
    /// record's means that all did.
    fn first_failure(&self, answer: &[u8]) -> Option<usize> {
        let answer: Value = match serde_json::from_slice(answer) {
            Ok(answer) => answer,
            Err(_) => return Some(0),
        };
        let failures = match &answer["batchItemFailures"] {
            Value::Null => return None,
            Value::Array(failures) => failures,
            _ => return Some(0),
        };
        let place = |failure: &Value| {
            let name = failure["itemIdentifier"].as_str()?;
            self.records.iter().position(|record| sequence_number(record) == name)
        };
        failures.iter().map(|failure| place(failure).unwrap_or(0)).min()
    }

    /// The two halves, the first no longer than the second.
    pub(super) fn halves(mut self) -> [Self; 2] {
        let second = self.records.split_off(self.records.len() / 2);
        [Self::new(self.records), Self::new(second)]
    }

    /// Takes the first `count` records off.
    pub(super) fn behind(mut self, count: usize) -> Self {
        Self::new(self.records.split_off(count))
    }

    /// What a dead-letter queue is told.
    pub(super) fn letter(
        &self,
        why: &GivenUp,
        now: Timestamp,
        function_arn: &str,
        stream_arn: &str,
        shard_id: &str,
    ) -> Value {
        let arrival = |record: Option<&Value>| {
            let seconds = record.and_then(|record| record["dynamodb"]["ApproximateCreationDateTime"].as_i64());
            Timestamp::from_second(seconds.unwrap_or_default()).unwrap_or_default().to_string()
        };
        let number = |record: Option<&Value>| record.map(sequence_number).unwrap_or_default().to_owned();
        let (first, last) = (self.records.first(), self.records.last());
        let mut message = json!({
            "requestContext": {
                "requestId": why.request_id,
                "functionArn": function_arn,
                "condition": why.condition,
                "approximateInvokeCount": self.invocations,
            },
            "version": "1.0",
            "timestamp": now.to_string(),
            "DDBStreamBatchInfo": {
                "shardId": shard_id,
                "startSequenceNumber": number(first),
                "endSequenceNumber": number(last),
                "approximateArrivalOfFirstRecord": arrival(first),
                "approximateArrivalOfLastRecord": arrival(last),
                "batchSize": self.records.len(),
                "streamArn": stream_arn,
            },
        });
        if self.invocations > 0 {
            message["responseContext"] =
                json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"});
        }
        message
    }
}

/// Why a batch is given up.
#[derive(Debug)]
pub(super) struct GivenUp {
    /// `RetryAttemptsExhausted` or `RecordAgeExceeded`.
    pub(super) condition: &'static str,
    /// The last invocation with it.
    pub(super) request_id: String,
}

/// A record's sequence number.
pub(super) fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}

/// Whether a record is older than `seconds` at `now`.
pub(super) fn is_older(record: &Value, seconds: u64, now: Timestamp) -> bool {
    let created = record["dynamodb"]["ApproximateCreationDateTime"].as_i64().unwrap_or(i64::MAX);
    u64::try_from(now.as_second().saturating_sub(created)).is_ok_and(|age| age > seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let record = |number: &str| json!({"dynamodb": {"SequenceNumber": number, "ApproximateCreationDateTime": 60}});
        Batch::new(["11", "12", "13"].map(record).to_vec())
    }

    fn judge(answer: &str) -> Verdict {
        batch().judge(&Outcome::Answered(Bytes::from(answer.to_owned())), true)
    }

    #[test]
    fn an_answer_without_failures_is_success() {
        for answer in ["null", "{}", r#"{"batchItemFailures": null}"#, r#"{"batchItemFailures": []}"#] {
            assert_eq!(judge(answer), Verdict::Done, "{answer}");
        }
        let failing = Outcome::Answered(Bytes::from_static(br#"{"batchItemFailures": [{"itemIdentifier": "11"}]}"#));
        assert_eq!(batch().judge(&failing, false), Verdict::Done, "not asked for");
    }

    #[test]
    fn the_first_record_named_is_where_to_begin_again() {
        let answer = r#"{"batchItemFailures": [{"itemIdentifier": "13"}, {"itemIdentifier": "12"}]}"#;
        assert_eq!(judge(answer), Verdict::FailedFrom(1));
        let rest = batch().behind(1);
        assert_eq!(rest.records.iter().map(sequence_number).collect::<Vec<_>>(), ["12", "13"]);
    }

    #[test]
    fn a_name_that_is_no_records_fails_the_batch() {
        for failure in [r#"{"itemIdentifier": ""}"#, r#"{"itemIdentifier": null}"#, r#"{"id": "13"}"#] {
            assert_eq!(judge(&format!(r#"{{"batchItemFailures": [{failure}]}}"#)), Verdict::FailedFrom(0), "{failure}");
        }
        assert_eq!(judge("nonsense"), Verdict::FailedFrom(0));
        assert_eq!(batch().judge(&Outcome::failed("Unhandled", "x"), true), Verdict::Failed);
        assert_eq!(batch().judge(&Outcome::Throttled, true), Verdict::NotRun);
    }

    #[test]
    fn halves_keep_every_record_in_order() {
        let [first, second] = batch().halves();
        assert_eq!((first.records.len(), second.records.len()), (1, 2));
        assert_eq!([first.records, second.records].concat(), batch().records);
    }

    #[test]
    fn a_letter_says_what_was_given_up() {
        let why = GivenUp { condition: "RetryAttemptsExhausted", request_id: "r".to_owned() };
        let tried = Batch { invocations: 3, ..batch() };
        let letter = tried.letter(&why, Timestamp::UNIX_EPOCH, "arn:function", "arn:stream", "shard");
        assert_eq!(letter["requestContext"]["approximateInvokeCount"], 3);
        let expected = json!({
            "shardId": "shard", "startSequenceNumber": "11", "endSequenceNumber": "13",
            "approximateArrivalOfFirstRecord": "1970-01-01T00:01:00Z",
            "approximateArrivalOfLastRecord": "1970-01-01T00:01:00Z",
            "batchSize": 3, "streamArn": "arn:stream",
        });
        assert_eq!(letter["DDBStreamBatchInfo"], expected);
    }

    #[test]
    fn age_is_counted_from_the_commit() {
        let record = &batch().records[0];
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(!is_older(record, 60, at(120)));
        assert!(is_older(record, 60, at(121)));
        assert!(!is_older(record, 60, at(0)), "a clock that was set back makes nothing old");
    }
}
