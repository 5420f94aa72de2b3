//! `EventInvokeConfig` of a function: what becomes of an event of an asynchronous invocation with which it fails.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html>.

use std::time::Duration;

use super::properties::{Known, Properties};

/// The settings of a function's asynchronous invocations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsynchronousInvocation {
    /// How often an event is sent again with which the function failed.
    pub max_retries: u32,
    /// The age at which an event is given up.
    pub max_age: Duration,
    /// The logical id of the queue that is told of what was given up.
    pub dead_letters: Option<String>,
}

impl Default for AsynchronousInvocation {
    fn default() -> Self {
        Self { max_retries: 2, max_age: Duration::from_secs(6 * 3_600), dead_letters: None }
    }
}

/// Reads the settings of a function.
pub(super) fn asynchronous_invocation(function: &Properties<'_>) -> AsynchronousInvocation {
    let properties = function.section("EventInvokeConfig");
    properties.only(Known {
        honoured: &["DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"],
        ..Known::default()
    });
    let mut read = AsynchronousInvocation { dead_letters: dead_letters(&properties), ..Default::default() };
    if let Some(retries) = properties.within("MaximumRetryAttempts", 0..=2) {
        read.max_retries = u32::try_from(retries).unwrap_or(0);
    }
    if let Some(seconds) = properties.within("MaximumEventAgeInSeconds", 60..=21_600) {
        read.max_age = Duration::from_secs(seconds.unsigned_abs());
    }
    read
}

/// The queue that is told. Other destinations, and a queue that SAM would create, have no effect here.
fn dead_letters(properties: &Properties<'_>) -> Option<String> {
    let destinations = properties.section("DestinationConfig");
    destinations.only(Known { honoured: &["OnFailure"], noted: &["OnSuccess"], ..Known::default() });
    let on_failure = destinations.section("OnFailure");
    on_failure.only(Known { honoured: &["Destination", "Type"], ..Known::default() });
    if on_failure.written.is_empty() {
        return None;
    }
    if !on_failure.has("Destination") || on_failure.text("Type").is_some_and(|kind| kind != "SQS") {
        properties.scope.note("OnFailure", &destinations.place);
        return None;
    }
    on_failure.resource_of("Destination", "Arn", "the Arn of a queue of this template")
}
