//! Logs and metrics. Both go to standard output, where Lambda collects them.
//!
//! Log lines are JSON objects with the request id. Metrics are lines in CloudWatch's embedded metric format. Neither
//! holds a token, a password, an e-mail address or the text of a record, at no level: libraries print whole requests at
//! `debug` and `trace`, so their lines of these levels are left out ([`is_free_of_secrets`]).

use std::{error::Error, io::Write};

use jiff::Timestamp;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    filter::{LevelFilter, Targets, filter_fn},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{Config, clock};

/// Starts logging. The level is `info` if the configured filter is not valid. A second call changes nothing.
pub fn init(config: &Config) {
    let filter = config.log_filter.parse().unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    // This fails only if logging has started already, as in a process that tests several functions.
    let capped = filter_fn(is_free_of_secrets);
    let _ = tracing_subscriber::registry().with(lines).with(filter).with(capped).try_init();
    METRICS.get_or_init(|| config.metrics_namespace.clone());
}

/// Our own crates, which log no secrets at any level. The runtime of Lambda, the SDK, HTTP and the database print
/// bodies and headers at the finest levels.
const OWN_CRATES: &[&str] = &[
    "accounts",
    "deals",
    "domain",
    "emulator",
    "http_api",
    "live",
    "mail",
    "market",
    "matches",
    "matching",
    "notify",
    "pairwork",
    "pool",
    "runtime",
    "schedule",
    "sealing",
    "store",
    "stream",
    "tokens",
    "vocabulary",
];

/// Whether a line may be logged: it is our own, or at least of the level `info`. No configuration overrules this.
pub fn is_free_of_secrets(line: &Metadata<'_>) -> bool {
    let its_crate = line.target().split("::").next().unwrap_or_default();
    *line.level() <= Level::INFO || OWN_CRATES.contains(&its_crate)
}

/// An error and its sources as one line. The field of an error in a log line holds its own text alone.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        // Many errors repeat their source in their own text.
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = error.source();
    }
    line
}

static METRICS: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();

/// Writes the metrics of a request, if a namespace is configured.
pub fn count(route: &str, status: u16, duration_ms: f64) {
    let Some(Some(namespace)) = METRICS.get() else { return };
    let line = embedded_metrics(namespace, route, status, duration_ms, clock::now());
    // A lost metric is better than a failed request.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line of CloudWatch's embedded metric format. Its specification:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
fn embedded_metrics(namespace: &str, route: &str, status: u16, duration_ms: f64, now: Timestamp) -> serde_json::Value {
    serde_json::json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": namespace,
                "Dimensions": [["route"]],
                "Metrics": [
                    {"Name": "duration", "Unit": "Milliseconds"},
                    {"Name": "refused", "Unit": "Count"},
                    {"Name": "failed", "Unit": "Count"},
                ],
            }],
        },
        "route": if route.is_empty() { "none" } else { route },
        "duration": duration_ms,
        "refused": u8::from((400..500).contains(&status)),
        "failed": u8::from(status >= 500),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_line_holds_every_declared_metric() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let line = embedded_metrics("Pairwork", "/projects/{id}", 404, 1.5, now);
        let declared = &line["_aws"]["CloudWatchMetrics"][0];
        for metric in declared["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric}");
        }
        assert_eq!(declared["Dimensions"][0][0], "route");
        assert_eq!(line["route"], "/projects/{id}");
        assert_eq!((&line["refused"], &line["failed"]), (&1.into(), &0.into()));
        assert_eq!(line["_aws"]["Timestamp"], 1_795_348_800_000_i64);
    }
}
