//! Reading whole templates. What is special to one part of a template is in a file of its own.

mod api;
mod roles;
mod schedules;
mod streams;
mod values;

use std::time::Duration;

use serde_json::json;

use super::{Route, Template};

const THINGS: &str = include_str!("../../fixtures/things.yaml");

fn problem(text: &str) -> String {
    Template::parse(text).expect_err("the template should be refused").to_string()
}

#[test]
fn functions_and_tables_are_in_the_order_of_their_names() {
    let template = Template::parse(THINGS).unwrap();
    let names: Vec<_> = template.functions.iter().map(|function| function.binary.as_str()).collect();
    assert_eq!(names, ["keys", "things"]);
    let tables: Vec<_> = template.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(tables, ["pairwork-KeysTable", "pairwork-LiveTable", "pairwork-ThingsTable"]);
    let routes: Vec<_> = template.functions.iter().flat_map(|function| &function.routes).map(Route::key).collect();
    assert_eq!(routes, ["POST /things", "GET /things/{id}"]);
}

#[test]
fn a_function_is_merged_with_the_globals_and_its_variables_are_resolved() {
    let template = Template::parse(THINGS).unwrap();
    let things = template.function("things").unwrap();
    assert_eq!((things.logical_id.as_str(), things.name.as_str()), ("ThingsFunction", "pairwork-ThingsFunction"));
    assert_eq!(things.arn(), "arn:aws:lambda:us-east-1:000000000000:function:pairwork-ThingsFunction");
    assert_eq!((things.memory_mb, things.timeout), (512, Duration::from_secs(10)));
    let variables: Vec<_> = things.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(variables, [("LIVE_TABLE", "pairwork-LiveTable"), ("THINGS_TABLE", "pairwork-ThingsTable")]);
    assert_eq!((things.log_group.as_str(), things.log_format.as_str()), ("/test/things", "JSON"));
    assert!(!things.environment.contains_key("KEYS_TABLE"));
}

#[test]
fn a_table_is_a_create_table_request_with_its_expiry_and_stream_apart() {
    let template = Template::parse(THINGS).unwrap();
    let [_, live, things] = &template.tables[..] else { panic!("three tables") };
    assert_eq!(things.stream_view.as_deref(), Some("NEW_AND_OLD_IMAGES"));
    assert_eq!(things.expires_at, None);
    assert_eq!((live.stream_view.as_deref(), live.expires_at.as_deref()), (None, Some("expires_at")));
    assert_eq!(
        live.definition,
        json!({
            "TableName": "pairwork-LiveTable",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        })
    );
}

#[test]
fn what_cannot_be_run_is_refused_by_resource_and_key() {
    let with = |properties: &str| {
        format!(
            "Resources:\n  Work:\n    Type: AWS::Serverless::Function\n    \
             Metadata: {{ BuildProperties: {{ Binary: work }} }}\n    Properties: {properties}\n"
        )
    };
    assert_eq!(
        problem(&with("{ FunctionUrlConfig: {} }")),
        "template: Work.Properties.FunctionUrlConfig: the emulator does not support this property"
    );
    assert_eq!(
        problem(&with("{ Events: { Tick: { Type: SNS } } }")),
        "template: Work.Properties.Events.Tick.Type: the emulator does not fire SNS events"
    );
    assert_eq!(
        problem(&with("{ Environment: { Variables: { A: !Ref Missing } } }")),
        "template: Work.Properties.Environment.Variables.A: nothing is called Missing"
    );
    assert_eq!(
        problem(&with("{ Environment: { Variables: { A: !ImportValue x } } }")),
        "template: Work.Properties.Environment.Variables.A: \
         another stack exports x, and there is no other stack here. \
         Give a value with `--parameter-overrides ImportValue:x=VALUE`"
    );
    assert_eq!(
        problem("Resources: { Bucket: { Type: AWS::S3::Bucket } }"),
        "template: Bucket.Type: the emulator does not run a AWS::S3::Bucket that no distribution serves"
    );
    assert_eq!(
        problem(&format!("Parameters: {{ P: {{ Type: String }} }}\n{}", with("{ Timeout: !Ref P }"))),
        "template: Work.Properties.Timeout: the parameter P: it has no Default. \
         Give a value with `--parameter-overrides P=VALUE`"
    );
    assert_eq!(problem("Resources: {}"), "template: Resources: a template needs resources");
    assert_eq!(problem("[1, 2]"), "the template is not readable: it is not a mapping");
}

/// A template of one function with these properties, and whatever else stands above.
fn working(above: &str, properties: &str) -> String {
    format!(
        "{above}\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    \
         Metadata: {{ BuildProperties: {{ Binary: work }} }}\n    Properties: {properties}\n"
    )
}

#[test]
fn what_has_no_effect_here_is_accepted_and_said_once() {
    let template = Template::parse(
        r#"
Globals: { Function: { Layers: [x], VpcConfig: { SubnetIds: [!Ref Nothing] } } }
Parameters: { Zone: { Type: String } }
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      DeploymentPreference: { Type: Canary10Percent5Minutes }
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 }
      EphemeralStorage: { Size: 1024 }
      PermissionsBoundary: arn:aws:iam::1:policy/x
      KmsKeyArn: !GetAtt Key.Arn
      PropagateTags: true
  Two: { Type: AWS::Serverless::Function }
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: { Domain: { DomainName: x.example }, PropagateTags: true, DisableExecuteApiEndpoint: true }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableClass: STANDARD
      WarmThroughput: { ReadUnitsPerSecond: 1 }
      OnDemandThroughput: { MaxReadRequestUnits: 1 }
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Record: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Zone } }
  Wall: { Type: AWS::WAFv2::WebACL }
  Key: { Type: AWS::KMS::Key }
  Setting: { Type: AWS::SSM::Parameter }
  MayCall: { Type: AWS::Lambda::Permission }
  Watched: { Type: AWS::CloudWatch::Alarm }
"#,
    )
    .unwrap();
    assert_eq!(
        template.notices,
        [
            "AWS::Lambda::Permission (MayCall)",
            "AWS::Route53::RecordSet (Record)",
            "AWS::SSM::Parameter (Setting)",
            "AutoPublishAlias (One)",
            "DeploymentPreference (One)",
            "DisableExecuteApiEndpoint (Api)",
            "Domain (Api)",
            "EphemeralStorage (One)",
            "KmsKeyArn (One)",
            "Layers (One, Two)",
            "OnDemandThroughput (Table)",
            "PermissionsBoundary (One)",
            "PropagateTags (Api, One)",
            "ProvisionedConcurrencyConfig (One)",
            "TableClass (Table)",
            "VpcConfig (One, Two)",
            "WarmThroughput (Table)",
        ]
    );
}

#[test]
fn all_faults_are_named_at_once() {
    let text = working(
        "Parameters: { P: { Type: Number, Default: x } }",
        "{ Timeout: 0, Memory: 1, MemorySize: much, Environment: { Variables: { A: !Ref B, C: !GetAtt D.Arn } },\
           Events: { E: { Type: S3 } } }\n  Bucket: { Type: AWS::S3::Bucket }",
    );
    assert_eq!(
        problem(&text),
        "template: 8 faults\n  \
         Parameters.P.Default: \"x\" is not a number\n  \
         Work.Properties.Memory: the emulator does not support this property\n  \
         Work.Properties.Environment.Variables.A: nothing is called B\n  \
         Work.Properties.Environment.Variables.C: nothing is called D\n  \
         Work.Properties.Events.E.Type: the emulator does not fire S3 events\n  \
         Work.Properties.MemorySize: expected a whole number, 128 to 10240\n  \
         Work.Properties.Timeout: expected a whole number, 1 to 900\n  \
         Bucket.Type: the emulator does not run a AWS::S3::Bucket that no distribution serves"
    );
}

#[test]
fn a_byte_order_mark_is_read_over() {
    let text = format!("\u{feff}{}", working("", "{}"));
    assert_eq!(Template::parse(&text).unwrap().functions.len(), 1);
}

#[test]
fn a_binary_has_the_name_that_metadata_or_the_code_says() {
    let binary = |metadata: &str, code: &str| {
        let text = format!(
            "Resources: {{ Work: {{ Type: AWS::Serverless::Function, Metadata: {metadata}, \
             Properties: {{ CodeUri: {code} }} }} }}"
        );
        let function = Template::parse(&text).unwrap().functions.remove(0);
        (function.binary, function.code.is_package)
    };
    let is = |name: &str, is_package: bool| (name.to_owned(), is_package);
    let stated = "{ BuildMethod: rust-cargolambda, BuildProperties: { Binary: own } }";
    assert_eq!(binary(stated, "."), is("own", false));
    assert_eq!(binary("{ BuildMethod: rust-cargolambda }", "./rust_app"), is("rust_app", true));
    assert_eq!(binary("{ BuildMethod: rust-cargolambda }", "."), is("Work", true));
    assert_eq!(binary("{ BuildMethod: makefile }", "target/lambda/get-product/"), is("get-product", false));
}

#[test]
fn a_simple_table_has_one_key() {
    let template = Template::parse(
        "Resources: { A: { Type: AWS::Serverless::SimpleTable }, B: { Type: AWS::Serverless::SimpleTable, \
         Properties: { TableName: b, PrimaryKey: { Name: number, Type: Number } } } }",
    )
    .unwrap();
    let definitions: Vec<_> = template.tables.into_iter().map(|table| table.definition).collect();
    let table = |name: &str, key: &str, kind: &str| {
        json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": kind}],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        })
    };
    assert_eq!(definitions, [table("pairwork-A", "id", "S"), table("b", "number", "N")]);
}
