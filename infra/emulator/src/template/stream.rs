//! Event source mappings of DynamoDB streams: `Events` of `Type: DynamoDB`, with every setting that changes what is
//! delivered.
//!
//! Settings and their ranges:
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-dynamodb.html>,
//! <https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html>.

use std::time::Duration;

use serde_json::Value;

use super::Pattern;
use super::properties::{Known, Properties};

/// One mapping of a table's stream to a function.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamSource {
    /// The event's name in the template, e.g. `ThingsChanges`.
    pub name: String,
    /// The logical id of the table whose stream is read.
    pub table: String,
    /// Where a mapping begins that has never read.
    pub starting_position: StartingPosition,
    /// The most records of one event.
    pub batch_size: usize,
    /// How long to gather records before an event that is not full is sent.
    pub batching_window: Duration,
    /// Whether a failed batch is cut in halves.
    pub bisect: bool,
    /// How often a failed batch is sent again; `None` for as long as its records live.
    pub max_retries: Option<u32>,
    /// The age at which a record is given up; `None` for never.
    pub max_age: Option<Duration>,
    /// Whether the function names the records that failed (`ReportBatchItemFailures`).
    pub reports_item_failures: bool,
    /// How many batches run side by side; changes of one item are never among two of them.
    pub lanes: usize,
    /// The logical id of the queue that is told of what was given up.
    pub dead_letters: Option<String>,
    /// Only records that one of these takes are delivered; all of them, if there are none.
    pub filters: Vec<Pattern>,
}

/// Where in a stream a new mapping begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPosition {
    /// At the oldest record there is.
    TrimHorizon,
    /// Behind the newest record there is.
    Latest,
}

/// Reads the event `name` of a function; `None` when it is switched off, or when nothing can be made of it.
pub(super) fn stream_source(name: &str, properties: &Properties<'_>) -> Option<StreamSource> {
    properties.only(Known {
        honoured: &[
            "BatchSize",
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "Enabled",
            "FilterCriteria",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "ParallelizationFactor",
            "StartingPosition",
            "Stream",
        ],
        silent: &["MetricsConfig"],
        ..Known::default()
    });
    let table = properties.resource_of("Stream", "StreamArn", "the StreamArn of a table of this template");
    let starting_position = match properties.text("StartingPosition").as_deref() {
        Some("LATEST") => StartingPosition::Latest,
        Some("TRIM_HORIZON") => StartingPosition::TrimHorizon,
        _ => {
            properties.fault("StartingPosition", "expected TRIM_HORIZON or LATEST");
            StartingPosition::TrimHorizon
        }
    };
    let batch_size = properties.within("BatchSize", 1..=10_000).unwrap_or(100);
    let window_s = properties.within("MaximumBatchingWindowInSeconds", 0..=300).unwrap_or(0);
    let max_retries = match properties.within("MaximumRetryAttempts", -1..=10_000) {
        None | Some(-1) => None,
        Some(attempts) => u32::try_from(attempts).ok(),
    };
    let max_age = match properties.within("MaximumRecordAgeInSeconds", -1..=604_800) {
        None | Some(-1) => None,
        Some(seconds @ 60..) => Some(seconds_of(seconds)),
        Some(_) => {
            properties.fault("MaximumRecordAgeInSeconds", "expected -1, or 60 to 604800");
            None
        }
    };
    let response_types = properties.texts("FunctionResponseTypes");
    for kind in response_types.iter().filter(|kind| *kind != "ReportBatchItemFailures") {
        properties.fault("FunctionResponseTypes", format!("there is no {kind}"));
    }
    let source = StreamSource {
        name: name.to_owned(),
        table: table?,
        starting_position,
        batch_size: usize::try_from(batch_size).unwrap_or(usize::MAX),
        batching_window: seconds_of(window_s),
        bisect: properties.truth("BisectBatchOnFunctionError"),
        max_retries,
        max_age,
        reports_item_failures: !response_types.is_empty(),
        lanes: usize::try_from(properties.within("ParallelizationFactor", 1..=10).unwrap_or(1)).unwrap_or(1),
        dead_letters: dead_letters(properties),
        filters: filters(properties),
    };
    (!properties.has("Enabled") || properties.truth("Enabled")).then_some(source)
}

fn dead_letters(properties: &Properties<'_>) -> Option<String> {
    let destinations = properties.section("DestinationConfig");
    destinations.only(Known { honoured: &["OnFailure"], ..Known::default() });
    if !destinations.has("OnFailure") {
        return None;
    }
    let on_failure = destinations.section("OnFailure");
    on_failure.only(Known { honoured: &["Destination", "Type"], ..Known::default() });
    if on_failure.text("Type").is_some_and(|kind| kind != "SQS") {
        on_failure.fault("Type", "the emulator keeps the letters of SQS queues only");
    }
    on_failure.resource_of("Destination", "Arn", "the Arn of a queue of this template")
}

fn filters(properties: &Properties<'_>) -> Vec<Pattern> {
    let criteria = properties.section("FilterCriteria");
    criteria.only(Known { honoured: &["Filters"], ..Known::default() });
    let place = criteria.place.key("Filters");
    let written = match criteria.value("Filters") {
        Value::Null => return Vec::new(),
        Value::Array(filters) if (1..=5).contains(&filters.len()) => filters,
        _ => {
            criteria.fault("Filters", "expected one to five filters");
            return Vec::new();
        }
    };
    let read = |(index, filter): (usize, &Value)| {
        let place = place.key(&index.to_string()).key("Pattern");
        let stranger = filter.as_object().and_then(|filter| filter.keys().find(|key| *key != "Pattern"));
        let text = filter["Pattern"].as_str().filter(|_| stranger.is_none());
        let pattern = match text {
            Some(text) => Pattern::parse(text).map_err(|problem| place.error(problem)),
            None => Err(place.error("expected a filter of one Pattern, JSON as text")),
        };
        criteria.scope.keep(pattern)
    };
    written.iter().enumerate().filter_map(read).collect()
}

fn seconds_of(seconds: i64) -> Duration {
    Duration::from_secs(seconds.unsigned_abs())
}
