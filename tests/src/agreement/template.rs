//! `infra/template.yaml` keeps data and permissions safe, and bounds load and logs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::alarms::is_watched;
use super::operations::routes;
use super::{resources, template};

#[test]
fn events_are_sent_in_the_format_that_functions_read() {
    let template = template();
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        for (event_name, event) in function["Events"].as_object().expect("a function has events") {
            if event["Type"] == "DynamoDB" {
                continue;
            }
            if event["Type"] == "Schedule" {
                let schedule = event["Properties"]["Schedule"].as_str().unwrap_or_default();
                assert!(schedule.starts_with("rate(") || schedule.starts_with("cron("), "{name}.{event_name}");
                continue;
            }
            assert_eq!(event["Type"], "HttpApi", "{name}.{event_name}");
            // SAM's default is 2.0. Another version would fail only at the first request.
            let version = &event["Properties"]["PayloadFormatVersion"];
            assert!(version.is_null() || version == "2.0", "{name}.{event_name}: {version}");
            assert_eq!(event["Properties"]["ApiId"]["Ref"], "HttpApi", "{name}.{event_name}");
        }
    }
}

#[test]
fn a_stream_reader_neither_loses_nor_holds_up_a_change() {
    let template = template();
    let mut readers = 0;
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        for (event_name, event) in function["Events"].as_object().expect("a function has events") {
            if event["Type"] != "DynamoDB" {
                continue;
            }
            readers += 1;
            let (place, settings) = (format!("{name}.{event_name}"), &event["Properties"]);
            // The reader starts with the oldest change, so it misses none that was made before it was deployed.
            assert_eq!(settings["StartingPosition"], "TRIM_HORIZON", "{place}");
            assert_eq!(settings["FunctionResponseTypes"][0], "ReportBatchItemFailures", "{place}");
            assert_eq!(settings["BisectBatchOnFunctionError"], true, "{place}");
            // Without a limit on retries, one record can hold up its shard for a day.
            assert!(settings["MaximumRetryAttempts"].as_u64().is_some_and(|attempts| attempts > 0), "{place}");
            let queue = &settings["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0];
            let queue = queue.as_str().unwrap_or_else(|| panic!("{place}: no dead-letter queue"));
            let messages = json!({"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}});
            let metric = "ApproximateNumberOfMessagesVisible";
            assert!(is_watched("AWS/SQS", metric, "Maximum", &messages), "{place}: no alarm for dead letters");
            let age = json!({"Name": "FunctionName", "Value": {"Ref": name}});
            assert!(is_watched("AWS/Lambda", "IteratorAge", "Maximum", &age), "{place}: no alarm for late changes");
        }
    }
    assert_eq!(readers, 2);
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
    assert_eq!(roles, stated, "a role that no function takes");
}

#[test]
fn no_policy_has_a_wildcard() {
    let template = template();
    let statements = resources(&template, "AWS::IAM::Role").flat_map(|(name, role)| {
        assert!(role["ManagedPolicyArns"].is_null(), "{name}: managed policies hold wildcards");
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
fn tables_are_encrypted_and_retained_and_expire_what_they_must() {
    let template = template();
    let tables: BTreeMap<_, _> = resources(&template, "AWS::DynamoDB::Table").collect();
    assert_eq!(
        tables.keys().copied().collect::<Vec<_>>(),
        ["AuditTable", "CredentialsTable", "LiveTable", "MarketTable", "OutboxTable", "PoolTable", "TrustTable"]
    );
    for (name, table) in &tables {
        assert_eq!(table["SSESpecification"]["SSEEnabled"], true, "{name}");
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST", "{name}");
        assert_eq!(template["Resources"][name]["DeletionPolicy"], "Retain", "{name}");
        let recovery = &table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
        assert_eq!(recovery == true, !["LiveTable", "OutboxTable", "PoolTable"].contains(name), "{name}: backups");
        let expiry = &table["TimeToLiveSpecification"];
        let expires = expiry["Enabled"] == true && expiry["AttributeName"] == "expires_at";
        assert_eq!(
            expires,
            ["CredentialsTable", "LiveTable", "OutboxTable", "TrustTable"].contains(name),
            "{name}: {expiry}"
        );
        let stream = &table["StreamSpecification"]["StreamViewType"];
        let expected = match *name {
            "MarketTable" => "NEW_AND_OLD_IMAGES",
            "OutboxTable" => "NEW_IMAGE",
            _ => "",
        };
        assert_eq!(stream.as_str().unwrap_or_default(), expected, "{name}");
    }
}

#[test]
fn routes_that_cost_much_without_a_token_are_throttled_most() {
    let template = template();
    let (_, api) = resources(&template, "AWS::Serverless::HttpApi").next().expect("there is an API");
    let limits = |settings: &Value| {
        let number = |name: &str| settings[name].as_u64().filter(|limit| *limit > 0);
        number("ThrottlingRateLimit").zip(number("ThrottlingBurstLimit"))
    };
    let (rate, burst) = limits(&api["DefaultRouteSettings"]).expect("the API is throttled");
    let throttled = api["RouteSettings"].as_object().expect("routes are throttled");
    for key in ["POST /accounts", "POST /sessions", "POST /matches/score", "POST /matches/bids"] {
        let (own_rate, own_burst) = limits(&throttled[key]).unwrap_or_else(|| panic!("{key} is not throttled"));
        assert!(own_rate < rate && own_burst < burst, "{key} is throttled less than the rest");
    }
    let known = routes();
    for key in throttled.keys() {
        assert!(known.contains_key(key), "RouteSettings names {key}, which is no route");
    }
}

#[test]
fn every_log_group_has_a_retention_time() {
    let template = template();
    let groups: BTreeMap<_, _> = resources(&template, "AWS::Logs::LogGroup").collect();
    for (name, group) in &groups {
        assert!(!group["RetentionInDays"].is_null(), "{name} keeps its logs forever");
    }
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        let group = function["LoggingConfig"]["LogGroup"]["Ref"].as_str().unwrap_or_default();
        assert!(groups.contains_key(group), "{name} logs to {group:?}, which is no group of the template");
        assert_eq!(function["LoggingConfig"]["LogFormat"], "JSON", "{name}");
    }
}
