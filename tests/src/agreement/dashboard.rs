//! The dashboard shows metrics, functions, tables and queues that exist, and all of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::alarms::alarm_names;
use super::nested::deployed;
use super::{resources, template};

/// The metrics of AWS that the dashboard may show: namespace, names, and the dimension by which they are told apart.
/// `None`: the metrics have no dimension.
const METRICS: [(&str, &[&str], Option<Dimension>); 8] = [
    ("AWS/ApiGateway", &["4xx", "5xx", "Count", "Latency"], Some(Dimension("ApiId", "AWS::Serverless::HttpApi"))),
    ("AWS/CloudFront", &["Requests"], Some(Dimension("DistributionId", "AWS::CloudFront::Distribution"))),
    (
        "AWS/DynamoDB",
        &["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"],
        Some(Dimension("TableName", "AWS::DynamoDB::Table")),
    ),
    (
        "AWS/Lambda",
        &["Duration", "Errors", "Invocations", "IteratorAge", "Throttles"],
        Some(Dimension("FunctionName", "AWS::Serverless::Function")),
    ),
    ("AWS/Logs", &["IncomingBytes"], Some(Dimension("LogGroupName", "AWS::Logs::LogGroup"))),
    ("AWS/SES", &["Bounce", "Complaint"], None),
    ("AWS/SQS", &["ApproximateNumberOfMessagesVisible"], Some(Dimension("QueueName", "AWS::SQS::Queue"))),
    ("AWS/WAFV2", &["BlockedRequests"], Some(Dimension("WebACL", "AWS::WAFv2::WebACL"))),
];

/// The name of a dimension, and the type of the resources that are its values.
#[derive(Clone, Copy)]
struct Dimension(&'static str, &'static str);

/// The widgets of the one dashboard.
fn widgets() -> Vec<Value> {
    let dashboards = deployed("AWS::CloudWatch::Dashboard");
    let [dashboard] = dashboards.values().collect::<Vec<_>>()[..] else { panic!("one dashboard") };
    assert_eq!(dashboard["DashboardName"]["Fn::Sub"], "pairwork-${Stage}");
    let body = dashboard["DashboardBody"]["Fn::Sub"].as_str().expect("a body with references");
    let body: Value = serde_json::from_str(body).expect("the body is JSON");
    body["widgets"].as_array().expect("widgets").clone()
}

/// One line of a chart: namespace, metric, and names and values of its dimensions.
fn metrics() -> Vec<Vec<String>> {
    let widgets = widgets();
    let charts = widgets.iter().filter(|widget| widget["type"] == "metric");
    let lines = charts.flat_map(|chart| chart["properties"]["metrics"].as_array().expect("a chart has metrics"));
    let words =
        |line: &Value| line.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    lines.map(words).collect()
}

/// The values that the dimension of a resource may have: `${Name}`, an attribute, or the name that the template gives.
fn values(kind: &str) -> BTreeSet<String> {
    let template = template();
    let value = |(name, properties): (&str, &Value)| match kind {
        "AWS::SQS::Queue" => format!("${{{name}.QueueName}}"),
        "AWS::Logs::LogGroup" => properties["LogGroupName"]["Fn::Sub"].as_str().expect("a name").to_owned(),
        "AWS::WAFv2::WebACL" => properties["VisibilityConfig"]["MetricName"].as_str().expect("a name").to_owned(),
        _ => format!("${{{name}}}"),
    };
    resources(&template, kind).map(value).collect()
}

/// The metrics that the functions' logs are counted into.
fn own_metrics() -> BTreeSet<(String, String)> {
    let filters = deployed("AWS::Logs::MetricFilter");
    let metrics = filters.values().map(|filter| {
        let metric = &filter["MetricTransformations"][0];
        let namespace = metric["MetricNamespace"]["Fn::Sub"].as_str().expect("a namespace with its stage");
        let name = metric["MetricName"].as_str().expect("the name is plain text once its parameters are replaced");
        (namespace.to_owned(), name.to_owned())
    });
    metrics.collect()
}

#[test]
fn the_dashboard_shows_only_metrics_that_exist() {
    let own = own_metrics();
    let metrics = metrics();
    assert!(metrics.len() > 50, "only {} metrics were read", metrics.len());
    for metric in metrics {
        let [namespace, name, dimensions @ ..] = metric.as_slice() else { panic!("{metric:?} has no name") };
        if namespace.starts_with("pairwork/") {
            assert!(dimensions.is_empty(), "{metric:?}");
            assert!(own.contains(&(namespace.clone(), name.clone())), "no metric filter counts {metric:?}");
            continue;
        }
        let (_, names, dimension) = METRICS.iter().find(|known| known.0 == namespace).expect("a known namespace");
        assert!(names.contains(&name.as_str()), "{metric:?}");
        match (dimension, dimensions) {
            (None, []) => {}
            (Some(Dimension(expected, kind)), [given, value, ..]) => {
                assert_eq!(given, expected, "{metric:?}");
                assert!(values(kind).contains(value), "{metric:?}: there are {:?}", values(kind));
            }
            _ => panic!("{metric:?} has other dimensions"),
        }
    }
}

#[test]
fn blocked_requests_are_those_of_the_firewalls_rules() {
    let template = template();
    let (_, acl) = resources(&template, "AWS::WAFv2::WebACL").next().expect("a web ACL");
    let name = |rule: &Value| rule["VisibilityConfig"]["MetricName"].as_str().expect("a name").to_owned();
    let rules: BTreeSet<String> = acl["Rules"].as_array().expect("rules").iter().map(name).collect();
    let shown = metrics().into_iter().filter(|metric| metric[0] == "AWS/WAFV2").map(|metric| metric[5].clone());
    assert_eq!(shown.collect::<BTreeSet<_>>(), rules);
}

#[test]
fn every_function_table_queue_and_alarm_is_on_the_dashboard() {
    let metrics = metrics();
    for (metric, kind) in [
        ("Invocations", "AWS::Serverless::Function"),
        ("Errors", "AWS::Serverless::Function"),
        ("Throttles", "AWS::Serverless::Function"),
        ("Duration", "AWS::Serverless::Function"),
        ("ReadThrottleEvents", "AWS::DynamoDB::Table"),
        ("WriteThrottleEvents", "AWS::DynamoDB::Table"),
        ("ConsumedReadCapacityUnits", "AWS::DynamoDB::Table"),
        ("ConsumedWriteCapacityUnits", "AWS::DynamoDB::Table"),
        ("ApproximateNumberOfMessagesVisible", "AWS::SQS::Queue"),
        ("IncomingBytes", "AWS::Logs::LogGroup"),
    ] {
        let shown: BTreeSet<String> =
            metrics.iter().filter(|line| line[1] == metric).map(|line| line[3].clone()).collect();
        assert_eq!(shown, values(kind), "{metric}: left the dashboard, right the template");
    }
    let prefix = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:pairwork/${Stage}/";
    let widgets = widgets();
    let alarms = widgets.iter().filter(|widget| widget["type"] == "alarm");
    let arns = alarms.flat_map(|widget| widget["properties"]["alarms"].as_array().expect("alarms"));
    let name = |arn: &Value| arn.as_str().and_then(|arn| arn.strip_prefix(prefix)).expect("an alarm's ARN").to_owned();
    assert_eq!(arns.map(name).collect::<BTreeSet<_>>(), alarm_names());
}

#[test]
fn no_two_widgets_overlap() {
    let mut taken = BTreeSet::new();
    for widget in widgets() {
        let number = |name: &str| widget[name].as_u64().unwrap_or_else(|| panic!("{widget} has no {name}"));
        let (x, y, width, height) = (number("x"), number("y"), number("width"), number("height"));
        assert!(x + width <= 24, "{widget} is too far to the right");
        for place in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(taken.insert(place), "{} lies over another widget", widget["properties"]["title"]);
        }
    }
}
