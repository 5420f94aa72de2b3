//! Template, OpenAPI document and sample events name the same routes, and the template holds what no linter asks for.

use std::collections::{BTreeMap, BTreeSet};

use pairwork::TEMPLATE;
use pairwork::template::{Template, document};
use serde_json::Value;

use crate::golden::{compare, repository};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn template() -> Value {
    document(TEMPLATE).expect("the template is YAML")
}

/// The template's resources of one type, with their properties.
fn resources<'a>(template: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().expect("a template has resources");
    let of_kind = resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
    of_kind.map(|(name, resource)| (name.as_str(), &resource["Properties"]))
}

/// `METHOD PATH` of every route, with the binary of the function behind it.
fn template_routes() -> BTreeMap<String, String> {
    let template = Template::parse(TEMPLATE).expect("the template is sound");
    let routes = template.functions.iter().flat_map(|function| {
        function.routes.iter().map(|route| (route.key(), function.binary.clone())).collect::<Vec<_>>()
    });
    routes.collect()
}

fn openapi() -> Value {
    serde_json::from_str(&pairwork::openapi::document()).expect("the document is JSON")
}

/// Every operation by `METHOD PATH`.
fn operations(openapi: &Value) -> BTreeMap<String, &Value> {
    let paths = openapi["paths"].as_object().expect("a document has paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path holds operations");
        let operations = item.iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    operations.collect()
}

#[test]
fn the_openapi_document_is_up_to_date() {
    let path = repository().join("infra/openapi.json");
    if let Err(complaint) = compare(&path, &pairwork::openapi::document()) {
        panic!("{complaint}\nRun the test with PAIRWORK_REFRESH=1, or: pairwork openapi > infra/openapi.json");
    }
}

#[test]
fn every_route_is_an_operation_and_the_reverse() {
    let document = openapi();
    let operations: BTreeSet<String> = operations(&document).into_keys().collect();
    let routes: BTreeSet<String> = template_routes().into_keys().collect();
    assert_eq!(routes, operations, "left: infra/template.yaml, right: infra/openapi.json");
}

#[test]
fn every_route_has_an_event_of_its_function_and_every_event_a_route() {
    let routes = template_routes();
    let mut without_event: BTreeSet<&str> = routes.keys().map(String::as_str).collect();
    let template = Template::parse(TEMPLATE).expect("the template is sound");
    let followers: BTreeSet<String> = template
        .functions
        .iter()
        .filter(|function| !function.streams.is_empty())
        .map(|function| function.binary.clone())
        .collect();
    let functions = std::fs::read_dir(repository().join("events")).expect("there are events");
    for function in functions.map(|entry| entry.expect("a readable folder").path()).filter(|path| path.is_dir()) {
        let name = function.file_name().and_then(|name| name.to_str()).expect("a UTF-8 name").to_owned();
        for file in std::fs::read_dir(&function).expect("a readable folder") {
            let file = file.expect("a readable folder").path();
            let event: Value = serde_json::from_slice(&std::fs::read(&file).expect("a readable event"))
                .unwrap_or_else(|problem| panic!("{}: {problem}", file.display()));
            if let Some(records) = event["Records"].as_array() {
                assert!(followers.contains(&name), "{}: {name} follows no stream", file.display());
                assert!(records.iter().all(|record| record["eventSource"] == "aws:dynamodb"), "{}", file.display());
                continue;
            }
            if !event["repack"].is_null() {
                assert!(followers.contains(&name), "{}: {name} keeps no pool", file.display());
                continue;
            }
            let key = event["routeKey"].as_str().expect("an event names its route");
            assert_eq!(event["requestContext"]["routeKey"], key, "{}", file.display());
            assert_eq!(routes.get(key), Some(&name), "{}: {key} is not a route of {name}", file.display());
            without_event.remove(key);
        }
    }
    assert!(without_event.is_empty(), "no sample event for {without_event:?}");
    for follower in followers {
        let any = std::fs::read_dir(repository().join("events").join(&follower))
            .is_ok_and(|mut files| files.next().is_some());
        assert!(any, "no sample event for {follower}");
    }
}

#[test]
fn the_openapi_document_is_complete() {
    let document = openapi();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    for field in ["title", "description", "license"] {
        assert!(!document["info"][field].is_null(), "info.{field} is missing");
    }
    assert!(document["servers"].as_array().is_some_and(|servers| !servers.is_empty()));
    assert_eq!(document["components"]["securitySchemes"]["access_token"]["scheme"], "bearer");

    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for (route, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{route} has no operationId"));
        assert!(ids.insert(id.to_owned()), "{route}: the operationId {id} is given twice");
        assert!(operation["summary"].is_string(), "{route} has no summary");
        let tagged: Vec<_> = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(!tagged.is_empty() && tagged.iter().all(|tag| tags.contains(tag)), "{route}: tags {tagged:?}");

        let responses = operation["responses"].as_object().expect("responses");
        let signed_in = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
        assert_eq!(signed_in, responses.contains_key("401") && route != "POST /sessions", "{route}: security and 401");
        let refused: Vec<_> = responses.keys().filter(|status| status.starts_with('4')).collect();
        assert!(!refused.is_empty() || route == "GET /health", "{route} is never refused");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            // API Gateway's own answer is the one that is no problem document.
            let own = *status == "429";
            let media_type = if own { "application/json" } else { "application/problem+json" };
            let schema = &response["content"][media_type]["schema"];
            assert!(schema.is_object(), "{route}: {status} is no {media_type}");
            assert!(
                own || schema["$ref"] == "#/components/schemas/Problem",
                "{route}: {status} has a shape of its own"
            );
        }
    }
}

#[test]
fn every_reference_in_the_openapi_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
            _ => {}
        }
    }
    let document = openapi();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').expect("references stay inside the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn no_default_in_the_openapi_document_contradicts_its_type() {
    fn defaults(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                let nullable = members.get("type").is_none_or(|kind| kind.to_string().contains("null"));
                assert!(members.get("default") != Some(&Value::Null) || nullable, "{place} is null by default");
                members.iter().for_each(|(name, member)| defaults(member, &format!("{place}/{name}")));
            }
            Value::Array(elements) => elements.iter().for_each(|element| defaults(element, place)),
            _ => {}
        }
    }
    defaults(&openapi(), "");
}

#[test]
fn events_are_sent_in_the_format_that_functions_read() {
    let template = template();
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        for (event_name, event) in function["Events"].as_object().expect("a function has events") {
            if event["Type"] == "DynamoDB" {
                continue;
            }
            assert_eq!(event["Type"], "HttpApi", "{name}.{event_name}");
            // SAM's default is 2.0; a misspelled or other value would not be noticed before the first request.
            let version = &event["Properties"]["PayloadFormatVersion"];
            assert!(version.is_null() || version == "2.0", "{name}.{event_name}: {version}");
            assert_eq!(event["Properties"]["ApiId"]["Ref"], "HttpApi", "{name}.{event_name}");
        }
    }
}

#[test]
fn streams_are_followed_without_losing_or_holding_up_a_change() {
    let template = template();
    let alarms: Vec<_> = resources(&template, "AWS::CloudWatch::Alarm").collect();
    let watched = |namespace: &str, metric: &str, dimension: &Value| {
        alarms.iter().any(|(_, alarm)| {
            alarm["Namespace"] == namespace
                && alarm["MetricName"] == metric
                && alarm["Dimensions"][0]["Value"] == *dimension
        })
    };
    let mut followed = 0;
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        for (event_name, event) in function["Events"].as_object().expect("a function has events") {
            if event["Type"] != "DynamoDB" {
                continue;
            }
            followed += 1;
            let (place, settings) = (format!("{name}.{event_name}"), &event["Properties"]);
            // A change from before the deployment counts, too.
            assert_eq!(settings["StartingPosition"], "TRIM_HORIZON", "{place}");
            assert_eq!(settings["FunctionResponseTypes"][0], "ReportBatchItemFailures", "{place}");
            assert_eq!(settings["BisectBatchOnFunctionError"], true, "{place}");
            // Without an end to retries one record holds up its shard for a day.
            assert!(settings["MaximumRetryAttempts"].as_u64().is_some_and(|attempts| attempts > 0), "{place}");
            let queue = &settings["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0];
            let queue = queue.as_str().unwrap_or_else(|| panic!("{place}: nobody is told of what is given up"));
            let queue_name = serde_json::json!({"Fn::GetAtt": [queue, "QueueName"]});
            assert!(watched("AWS/SQS", "ApproximateNumberOfMessagesVisible", &queue_name), "{place}: dead letters");
            let function_name = serde_json::json!({"Ref": name});
            assert!(watched("AWS/Lambda", "IteratorAge", &function_name), "{place}: lateness");
        }
    }
    assert_eq!(followed, 1);
}

#[test]
fn every_function_has_a_role_of_its_own() {
    let template = template();
    let mut roles = BTreeSet::new();
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        let role = &function["Role"]["Fn::GetAtt"];
        let role = role[0].as_str().or(role.as_str()).unwrap_or_else(|| panic!("{name} has no role of the template"));
        let role = role.split('.').next().unwrap_or_default().to_owned();
        assert_eq!(template["Resources"][&role]["Type"], "AWS::IAM::Role", "{name}: {role}");
        assert!(roles.insert(role), "{name} shares its role");
        assert!(function["Policies"].is_null(), "{name}: SAM would make another role for Policies");
    }
    let stated: BTreeSet<String> = resources(&template, "AWS::IAM::Role").map(|(name, _)| name.to_owned()).collect();
    assert_eq!(roles, stated, "a role that nobody takes");
}

#[test]
fn no_policy_holds_a_star() {
    let template = template();
    let statements = resources(&template, "AWS::IAM::Role").flat_map(|(name, role)| {
        assert!(role["ManagedPolicyArns"].is_null(), "{name}: managed policies hold stars");
        let policies = role["Policies"].as_array().expect("a role has policies");
        policies.iter().map(move |policy| (name, &policy["PolicyDocument"]["Statement"]))
    });
    for (name, statement) in statements {
        for one in statement.as_array().expect("a policy has statements") {
            assert_eq!(one["Effect"], "Allow", "{name}");
            assert!(one["NotAction"].is_null() && one["NotResource"].is_null(), "{name}: {one}");
            for part in ["Action", "Resource"] {
                assert!(!one[part].is_null() && !one[part].to_string().contains('*'), "{name}: {part} {}", one[part]);
            }
        }
    }
}

#[test]
fn tables_are_kept_safe_and_expire_what_they_must() {
    let template = template();
    let tables: BTreeMap<_, _> = resources(&template, "AWS::DynamoDB::Table").collect();
    assert_eq!(
        tables.keys().copied().collect::<Vec<_>>(),
        ["CredentialsTable", "LiveTable", "MarketTable", "PoolTable"]
    );
    for (name, table) in &tables {
        assert_eq!(table["SSESpecification"]["SSEEnabled"], true, "{name}");
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST", "{name}");
        assert_eq!(template["Resources"][name]["DeletionPolicy"], "Retain", "{name}");
        let recovery = &table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
        assert_eq!(recovery == true, !["LiveTable", "PoolTable"].contains(name), "{name}: backups");
        let expiry = &table["TimeToLiveSpecification"];
        let expires = expiry["Enabled"] == true && expiry["AttributeName"] == "expires_at";
        assert_eq!(expires, *name == "LiveTable", "{name}: {expiry}");
        let stream = &table["StreamSpecification"]["StreamViewType"];
        assert_eq!(stream == "NEW_AND_OLD_IMAGES", *name == "MarketTable", "{name}: {stream}");
    }
}

#[test]
fn the_api_is_throttled_most_where_a_stranger_can_make_it_work() {
    let template = template();
    let (_, api) = resources(&template, "AWS::Serverless::HttpApi").next().expect("there is an API");
    let limits = |settings: &Value| {
        let number = |name: &str| settings[name].as_u64().filter(|limit| *limit > 0);
        number("ThrottlingRateLimit").zip(number("ThrottlingBurstLimit"))
    };
    let (rate, burst) = limits(&api["DefaultRouteSettings"]).expect("the API is throttled");
    let routes = api["RouteSettings"].as_object().expect("routes are throttled");
    for key in ["POST /accounts", "POST /sessions", "POST /matches/score", "POST /matches/bids"] {
        let (own_rate, own_burst) = limits(&routes[key]).unwrap_or_else(|| panic!("{key} is not throttled"));
        assert!(own_rate < rate && own_burst < burst, "{key} is throttled less than the rest");
    }
    let known = template_routes();
    for key in routes.keys() {
        assert!(known.contains_key(key), "RouteSettings name {key}, which is no route");
    }
}

#[test]
fn every_function_logs_for_a_limited_time() {
    let template = template();
    let groups: BTreeMap<_, _> = resources(&template, "AWS::Logs::LogGroup").collect();
    for (name, group) in &groups {
        assert!(!group["RetentionInDays"].is_null(), "{name} keeps its logs for ever");
    }
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        let group = function["LoggingConfig"]["LogGroup"]["Ref"].as_str().unwrap_or_default();
        assert!(groups.contains_key(group), "{name} logs to {group:?}, which is no group of the template");
        assert_eq!(function["LoggingConfig"]["LogFormat"], "JSON", "{name}");
    }
}

#[test]
fn errors_that_no_caller_sees_raise_an_alarm() {
    let template = template();
    let filters: Vec<_> = resources(&template, "AWS::Logs::MetricFilter").collect();
    let alarms: Vec<_> = resources(&template, "AWS::CloudWatch::Alarm").collect();
    for function in ["Matches", "Stream"] {
        let group = format!("{function}LogGroup");
        let (name, filter) = filters
            .iter()
            .find(|(_, filter)| filter["LogGroupName"]["Ref"] == group.as_str())
            .unwrap_or_else(|| panic!("nobody looks for errors in {group}"));
        // As the functions write them (`runtime::telemetry`).
        assert_eq!(filter["FilterPattern"], r#"{ $.level = "ERROR" }"#, "{name}");
        let metric = &filter["MetricTransformations"][0];
        let watched = alarms.iter().any(|(_, alarm)| {
            alarm["Namespace"] == metric["MetricNamespace"] && alarm["MetricName"] == metric["MetricName"]
        });
        assert!(watched, "no alarm for {name}");
    }
}

#[test]
fn every_function_raises_an_alarm_for_errors_throttles_and_slowness() {
    let template = template();
    let alarms: Vec<_> = resources(&template, "AWS::CloudWatch::Alarm").collect();
    for (name, alarm) in &alarms {
        assert_eq!(alarm["AlarmActions"][0]["Ref"], "AlarmTopic", "{name} tells nobody");
        assert_eq!(alarm["TreatMissingData"], "notBreaching", "{name}");
    }
    for (function, _) in resources(&template, "AWS::Serverless::Function") {
        for (metric, statistic) in [("Errors", "Sum"), ("Throttles", "Sum"), ("Duration", "p99")] {
            let watched = alarms.iter().any(|(_, alarm)| {
                let dimension = &alarm["Dimensions"][0];
                alarm["Namespace"] == "AWS/Lambda"
                    && alarm["MetricName"] == metric
                    && [&alarm["Statistic"], &alarm["ExtendedStatistic"]].iter().any(|found| *found == statistic)
                    && dimension["Name"] == "FunctionName"
                    && dimension["Value"]["Ref"] == function
            });
            assert!(watched, "no alarm for {metric} of {function}");
        }
    }
}
