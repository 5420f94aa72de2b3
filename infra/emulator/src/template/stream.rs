//! Event source mappings of DynamoDB streams: `Events` of `Type: DynamoDB`, with every setting that changes what is delivered.
//!
//! Settings and their ranges:
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-dynamodb.html>,
//! <https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html>.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::resource::Properties;
use super::scope::Place;
use super::{Pattern, TemplateError};

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

/// Reads the event `name` of a function.
pub(super) fn stream_source(name: &str, properties: &Properties<'_>) -> Result<StreamSource, TemplateError> {
    properties.only(
        &[
            "BatchSize",
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "FilterCriteria",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "ParallelizationFactor",
            "StartingPosition",
            "Stream",
        ],
        &["MetricsConfig"],
    )?;
    let table = resource_of(properties, "Stream", "StreamArn", "the StreamArn of a table of this template")?;
    let starting_position = match properties.text("StartingPosition")?.as_deref() {
        Some("TRIM_HORIZON") => StartingPosition::TrimHorizon,
        Some("LATEST") => StartingPosition::Latest,
        _ => return Err(properties.place.key("StartingPosition").error("expected TRIM_HORIZON or LATEST")),
    };
    let batch_size = within(properties, "BatchSize", 1..=10_000)?.unwrap_or(100);
    let window_s = within(properties, "MaximumBatchingWindowInSeconds", 0..=300)?.unwrap_or(0);
    let max_retries = match within(properties, "MaximumRetryAttempts", -1..=10_000)? {
        None | Some(-1) => None,
        Some(attempts) => u32::try_from(attempts).ok(),
    };
    let max_age = match within(properties, "MaximumRecordAgeInSeconds", -1..=604_800)? {
        None | Some(-1) => None,
        Some(seconds @ 60..) => Some(seconds_of(seconds)),
        Some(_) => {
            return Err(properties.place.key("MaximumRecordAgeInSeconds").error("expected -1, or 60 to 604800"));
        }
    };
    let mut reports_item_failures = false;
    for kind in properties.texts("FunctionResponseTypes")? {
        if kind != "ReportBatchItemFailures" {
            return Err(properties.place.key("FunctionResponseTypes").error(format!("there is no {kind}")));
        }
        reports_item_failures = true;
    }
    Ok(StreamSource {
        name: name.to_owned(),
        table,
        starting_position,
        batch_size: usize::try_from(batch_size).unwrap_or(usize::MAX),
        batching_window: seconds_of(window_s),
        bisect: properties.truth("BisectBatchOnFunctionError")?,
        max_retries,
        max_age,
        reports_item_failures,
        lanes: usize::try_from(within(properties, "ParallelizationFactor", 1..=10)?.unwrap_or(1)).unwrap_or(1),
        dead_letters: dead_letters(properties)?,
        filters: filters(properties)?,
    })
}

fn dead_letters(properties: &Properties<'_>) -> Result<Option<String>, TemplateError> {
    let destinations = properties.section("DestinationConfig")?;
    destinations.only(&["OnFailure"], &[])?;
    if !destinations.written.contains_key("OnFailure") {
        return Ok(None);
    }
    let on_failure = destinations.section("OnFailure")?;
    on_failure.only(&["Destination", "Type"], &[])?;
    if on_failure.text("Type")?.is_some_and(|kind| kind != "SQS") {
        return Err(on_failure.place.key("Type").error("the local runner keeps the letters of SQS queues only"));
    }
    resource_of(&on_failure, "Destination", "Arn", "the Arn of a queue of this template").map(Some)
}

fn filters(properties: &Properties<'_>) -> Result<Vec<Pattern>, TemplateError> {
    let criteria = properties.section("FilterCriteria")?;
    criteria.only(&["Filters"], &[])?;
    let place = criteria.place.key("Filters");
    let written = match criteria.value("Filters")? {
        Value::Null => return Ok(Vec::new()),
        Value::Array(filters) if (1..=5).contains(&filters.len()) => filters,
        _ => return Err(place.error("expected one to five filters")),
    };
    let read = |(index, filter): (usize, Value)| {
        let place = place.key(&index.to_string()).key("Pattern");
        let stranger = filter.as_object().and_then(|filter| filter.keys().find(|key| *key != "Pattern"));
        let text = filter["Pattern"].as_str().filter(|_| stranger.is_none());
        let text = text.ok_or_else(|| place.error("expected a filter of one Pattern, JSON as text"))?;
        Pattern::parse(text).map_err(|problem| place.error(problem))
    };
    written.into_iter().enumerate().map(read).collect()
}

/// The logical id of the resource whose `attribute` the property is.
fn resource_of(
    properties: &Properties<'_>,
    key: &str,
    attribute: &str,
    expected: &str,
) -> Result<String, TemplateError> {
    let place = properties.place.key(key);
    let named = match properties.written.get(key).map(|written| &written["Fn::GetAtt"]) {
        Some(Value::Array(path)) if path.len() == 2 && path[1] == attribute => path[0].as_str(),
        _ => None,
    };
    let named = named.ok_or_else(|| place.error(format!("expected {expected}")))?;
    // Resolving says what is wrong with a name that leads nowhere.
    properties.text(key)?;
    Ok(named.to_owned())
}

/// A whole number, if the property is there.
fn within(properties: &Properties<'_>, key: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, TemplateError> {
    let problem = |place: &Place| place.error(format!("expected a whole number, {} to {}", range.start(), range.end()));
    let place = properties.place.key(key);
    let Some(text) = properties.text(key)? else { return Ok(None) };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.map(Some).ok_or_else(|| problem(&place))
}

fn seconds_of(seconds: i64) -> Duration {
    Duration::from_secs(seconds.unsigned_abs())
}
