//! Alarms report every failure that an operator must act on.

use std::collections::BTreeSet;
use std::fs::read_to_string;

use serde_json::{Value, json};

use super::nested::{Deployed, deployed};
use super::{parsed, resources, template, template_folder};

fn alarms() -> Deployed {
    deployed("AWS::CloudWatch::Alarm")
}

/// The beginning of every alarm's name.
const PREFIX: &str = "pairwork/${Stage}/";

/// The names of all alarms without the prefix, such as `market/errors`.
pub(super) fn alarm_names() -> BTreeSet<String> {
    let name = |alarm: &Value| Some(alarm["AlarmName"]["Fn::Sub"].as_str()?.strip_prefix(PREFIX)?.to_owned());
    alarms().iter().map(|(path, alarm)| name(alarm).unwrap_or_else(|| panic!("{path} has no such name"))).collect()
}

/// Whether an alarm watches this metric of the resource in its first dimension.
pub(super) fn is_watched(namespace: &str, metric: &str, statistic: &str, dimension: &Value) -> bool {
    alarms().values().any(|alarm| {
        let statistics = [&alarm["Statistic"], &alarm["ExtendedStatistic"]];
        alarm["Namespace"] == namespace
            && alarm["MetricName"] == metric
            && statistics.iter().any(|found| *found == statistic)
            && alarm["Dimensions"] == json!([dimension])
    })
}

#[test]
fn every_alarm_notifies_the_topic_under_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (path, alarm) in alarms() {
        assert_eq!(alarm["AlarmActions"], json!([{"Ref": "AlarmTopic"}]), "{path} notifies nobody");
        assert_eq!(alarm["TreatMissingData"], "notBreaching", "{path}");
        assert_eq!(alarm["ComparisonOperator"], "GreaterThanOrEqualToThreshold", "{path}");
        assert!(alarm["Threshold"].as_u64().is_some_and(|threshold| threshold > 0), "{path}: {}", alarm["Threshold"]);
        let name = alarm["AlarmName"]["Fn::Sub"].as_str().unwrap_or_else(|| panic!("{path} does not name its stage"));
        let name = name.strip_prefix(PREFIX).unwrap_or_else(|| panic!("{path} is called {name}"));
        assert!(names.insert(name.to_owned()), "{path}: another alarm is called {name}, too");
    }
    let expected = [
        "accounts/errors",
        "accounts/p99",
        "accounts/throttles",
        "accounts/too-many-requests",
        "accounts/unauthorized",
        "api/5xx",
        "erase/errors",
        "erase/logged-errors",
        "erase/p99",
        "erase/throttles",
        "market/errors",
        "market/p99",
        "market/throttles",
        "market/too-many-requests",
        "market/unauthorized",
        "matches/errors",
        "matches/logged-errors",
        "matches/p99",
        "matches/throttles",
        "matches/too-many-requests",
        "matches/unauthorized",
        "notify/dead-letters",
        "notify/errors",
        "notify/late",
        "notify/logged-errors",
        "notify/p99",
        "notify/throttles",
        "stream/dead-letters",
        "stream/errors",
        "stream/late",
        "stream/logged-errors",
        "stream/p99",
        "stream/throttles",
    ];
    assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn every_function_raises_an_alarm_for_errors_throttles_and_slowness() {
    for (function, _) in resources(&template(), "AWS::Serverless::Function") {
        for (metric, statistic) in [("Errors", "Sum"), ("Throttles", "Sum"), ("Duration", "p99")] {
            let dimension = json!({"Name": "FunctionName", "Value": {"Ref": function}});
            assert!(is_watched("AWS/Lambda", metric, statistic, &dimension), "no alarm for {metric} of {function}");
        }
    }
}

#[test]
fn the_alarms_of_a_function_carry_its_name() {
    let alarms = alarms();
    for function in parsed().functions {
        let reference = json!([{"Name": "FunctionName", "Value": {"Ref": function.logical_id}}]);
        let names = alarms.values().filter(|alarm| alarm["Dimensions"] == reference).map(|alarm| &alarm["AlarmName"]);
        let prefix = format!("pairwork/${{Stage}}/{}/", function.binary);
        for name in names {
            let name = name["Fn::Sub"].as_str().expect("a name with its stage");
            assert!(name.starts_with(&prefix), "an alarm of {} is called {name}", function.binary);
        }
    }
}

#[test]
fn the_api_raises_an_alarm_for_server_errors() {
    let dimension = json!({"Name": "ApiId", "Value": {"Ref": "HttpApi"}});
    assert!(is_watched("AWS/ApiGateway", "5xx", "Sum", &dimension));
}

#[test]
fn errors_that_no_caller_sees_raise_an_alarm() {
    let (filters, alarms) = (deployed("AWS::Logs::MetricFilter"), alarms());
    for function in ["Matches", "Stream"] {
        let group = format!("{function}LogGroup");
        let (path, filter) = filters
            .iter()
            .find(|(_, filter)| filter["LogGroupName"]["Ref"] == group.as_str())
            .unwrap_or_else(|| panic!("no metric filter counts the errors in {group}"));
        // The functions' telemetry writes the level in this member.
        assert_eq!(filter["FilterPattern"], r#"{ $.level = "ERROR" }"#, "{path}");
        let metric = &filter["MetricTransformations"][0];
        let watched = alarms.values().any(|alarm| {
            alarm["Namespace"] == metric["MetricNamespace"] && alarm["MetricName"] == metric["MetricName"]
        });
        assert!(watched, "no alarm for {path}");
    }
}

#[test]
fn refused_callers_of_every_http_function_raise_an_alarm() {
    let (filters, alarms) = (deployed("AWS::Logs::MetricFilter"), alarms());
    for (function, properties) in resources(&template(), "AWS::Serverless::Function") {
        let events = properties["Events"].as_object().into_iter().flatten();
        if !events.into_iter().any(|(_, event)| event["Type"] == "HttpApi") {
            continue;
        }
        let group = &properties["LoggingConfig"]["LogGroup"];
        for event in ["sign_in_failed", "unauthorized", "too_many_requests"] {
            let counted = filters.values().any(|filter| {
                let metric = &filter["MetricTransformations"][0];
                let pattern = filter["FilterPattern"].as_str().unwrap_or_default();
                filter["LogGroupName"] == *group
                    && pattern.contains(&format!("$.security_event = \"{event}\""))
                    && alarms.values().any(|alarm| {
                        alarm["Namespace"] == metric["MetricNamespace"] && alarm["MetricName"] == metric["MetricName"]
                    })
            });
            assert!(counted, "no alarm for {event} of {function}");
        }
    }
}

#[test]
fn nested_stacks_hold_nothing_that_the_runner_would_have_to_run() {
    let template = parsed();
    assert!(!template.nested_stacks.is_empty());
    template.check_nested_stacks(|path| read_to_string(template_folder().join(path))).expect("alarms alone");
}
