//! Reads `events/<function>/changes.yaml` and makes the events that Lambda sends for those changes.
//!
//! AWS documents the format: <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-example.html>. Ids and numbers that
//! would differ from event to event are derived from the event's name, as for requests.

use std::collections::BTreeMap;

use pairwork::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The changes, by function and event.
pub(crate) type Changes = BTreeMap<String, BTreeMap<String, Batch>>;

/// One event for a stream's reader, and the expected answer.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Batch {
    /// Changes that arrive in one batch.
    Changes {
        changes: Vec<Change>,
        /// The indexes of the changes that the answer reports as failed.
        #[serde(default)]
        failed: Vec<usize>,
    },
    /// An event that an operator sends by invoking the function directly.
    Direct {
        event: Value,
        /// Members that the answer has, among others.
        answer: Map<String, Value>,
    },
}

/// One item's change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    old: Option<Map<String, Value>>,
    new: Option<Map<String, Value>>,
}

/// The stream that a function reads, and the images that its records hold.
fn stream(function: &str) -> (String, &'static str) {
    let (table, view) = match function {
        "notify" => ("OutboxTable", "NEW_IMAGE"),
        _ => ("MarketTable", "NEW_AND_OLD_IMAGES"),
    };
    let stream = format!("pairwork-{table}-1K9X2M7AB/stream/2026-11-01T00:00:00.000");
    (format!("arn:aws:dynamodb:ap-northeast-2:111122223333:table/{stream}"), view)
}

const TIME: u64 = 1_795_348_179;
const FIRST_SEQUENCE_NUMBER: u64 = 4_421_584_500_000_000_017;

impl Batch {
    /// The text of the event's file. `name` is `FUNCTION/EVENT`.
    pub(crate) fn event(&self, name: &str) -> String {
        pretty(&match self {
            Self::Changes { changes, .. } => {
                let records = changes.iter().enumerate().map(|(place, change)| change.record(name, place));
                json!({ "Records": records.collect::<Vec<_>>() })
            }
            Self::Direct { event, .. } => event.clone(),
        })
    }

    /// The expected answer.
    fn answer(&self) -> Value {
        match self {
            Self::Changes { failed, .. } => {
                let failed = failed.iter().map(|place| json!({"itemIdentifier": sequence_number(*place)}));
                json!({ "batchItemFailures": failed.collect::<Vec<_>>() })
            }
            Self::Direct { answer, .. } => Value::Object(answer.clone()),
        }
    }

    /// Compares a function's answer with the expected one. Returns the expected answer as the snapshot holds it.
    ///
    /// # Errors
    /// A sentence that shows both answers.
    pub(crate) fn judge(&self, answer: &[u8]) -> Result<String, String> {
        let shown = String::from_utf8_lossy(answer);
        let given: Value = serde_json::from_slice(answer).map_err(|problem| format!("{problem}: {shown}"))?;
        let expected = self.answer();
        let agrees = match self {
            Self::Changes { .. } => given == expected,
            Self::Direct { answer, .. } => answer.iter().all(|(name, value)| given.get(name) == Some(value)),
        };
        if agrees { Ok(pretty(&expected)) } else { Err(format!("answered {shown}, not {expected}")) }
    }

    /// Like [`Batch::judge`], for an outcome of the runner. Panics if the answer differs.
    #[track_caller]
    pub(crate) fn expect(&self, name: &str, outcome: &Outcome) {
        let Outcome::Answered(answer) = outcome else { panic!("{name}: {outcome:?}") };
        self.judge(answer).unwrap_or_else(|complaint| panic!("{name}: {complaint}"));
    }
}

impl Change {
    fn record(&self, name: &str, place: usize) -> Value {
        let kind = match (&self.old, &self.new) {
            (None, Some(_)) => "INSERT",
            (Some(_), Some(_)) => "MODIFY",
            (Some(_), None) => "REMOVE",
            (None, None) => panic!("{name}: change {place} changes nothing"),
        };
        let (stream, view) = stream(name.split_once('/').map_or(name, |(function, _)| function));
        let image = |item: &Map<String, Value>| {
            item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>()
        };
        let item = self.new.as_ref().or(self.old.as_ref()).expect("one of them is there");
        let keys: Map<_, _> = ["pk", "sk"].map(|key| (key.to_owned(), attribute(&item[key]))).into_iter().collect();
        let mut change = json!({
            "ApproximateCreationDateTime": TIME,
            "Keys": keys,
            "SequenceNumber": sequence_number(place),
            "StreamViewType": view,
        });
        for (name, item) in [("NewImage", &self.new), ("OldImage", &self.old)] {
            if let Some(item) = item
                && (name == "NewImage" || view == "NEW_AND_OLD_IMAGES")
            {
                change[name] = image(item).into();
            }
        }
        change["SizeBytes"] = change.to_string().len().into();
        json!({
            "eventID": format!("{:016x}{place:016x}", super::request::fingerprint(name)),
            "eventName": kind,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "ap-northeast-2",
            "dynamodb": change,
            "eventSourceARN": stream,
        })
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn sequence_number(place: usize) -> String {
    format!("{:021}", FIRST_SEQUENCE_NUMBER + place as u64)
}

/// A value in DynamoDB's JSON.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(truth) => json!({ "BOOL": truth }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(elements) => json!({ "L": elements.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), attribute(value)));
            json!({ "M": members.collect::<Map<_, _>>() })
        }
    }
}
