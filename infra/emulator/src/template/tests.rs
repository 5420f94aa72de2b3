use std::time::Duration;

use serde_json::json;

use super::{Cors, Pattern, Route, StartingPosition, StreamSource, Template};

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
fn a_list_parameter_reaches_the_cors_rules_as_a_list() {
    let template = Template::parse(
        r#"
Parameters:
  Origins: { Type: CommaDelimitedList, Default: "https://a.example, https://b.example" }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: { AllowOrigins: !Ref Origins, AllowMethods: [GET], MaxAge: 60, AllowCredentials: true }
"#,
    )
    .unwrap();
    assert_eq!(
        template.cors,
        Some(Cors {
            allow_origins: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
            allow_methods: vec!["GET".to_owned()],
            allow_credentials: true,
            max_age_s: Some(60),
            ..Cors::default()
        })
    );
}

#[test]
fn intrinsics_mean_what_they_mean_on_aws() {
    let template = Template::parse(
        r#"
Parameters:
  Stage: { Type: String, Default: test }
  Mail: { Type: String, Default: "" }
Conditions:
  HasMail: !Not [!Equals [!Ref Mail, ""]]
  Quiet: !And [!Not [!Condition HasMail], !Equals [!Ref Stage, test]]
Globals:
  Function:
    Environment: { Variables: { SHARED: yes-please, OWN: global } }
Resources:
  Things: { Type: AWS::DynamoDB::Table, Properties: { TableName: !Sub "${Stage}-things", KeySchema: [] } }
  Absent: { Type: AWS::Unheard::Of, Condition: HasMail }
  Work:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: work } }
    Properties:
      Environment:
        Variables:
          OWN: local
          NUMBER: 7
          TABLE: !Ref Things
          ARN: !GetAtt Things.Arn
          JOINED: !Join ["-", [a, !Ref Stage, !Ref "AWS::NoValue"]]
          TEXT: !Sub ["${Stage}/${word}/${Things.Arn}/${!literal}", { word: !Ref AWS::Region }]
          CHOSEN: !If [Quiet, quiet, loud]
          NOTHING: !If [HasMail, mail, !Ref AWS::NoValue]
      Events:
        All: { Type: HttpApi }
        Slow: { Type: HttpApi, Properties: { Method: get, Path: /slow, TimeoutInMillis: 90000 } }
"#,
    )
    .unwrap();
    let work = template.function("Work").unwrap();
    let expected = [
        ("ARN", "arn:aws:dynamodb:us-east-1:000000000000:table/test-things"),
        ("CHOSEN", "quiet"),
        ("JOINED", "a-test"),
        ("NUMBER", "7"),
        ("OWN", "local"),
        ("SHARED", "yes-please"),
        ("TABLE", "test-things"),
        ("TEXT", "test/us-east-1/arn:aws:dynamodb:us-east-1:000000000000:table/test-things/${literal}"),
    ];
    let variables: Vec<_> = work.environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(variables, expected);
    let thirty = Duration::from_secs(30);
    assert_eq!(
        work.routes,
        [
            Route { method: "ANY".to_owned(), path: "$default".to_owned(), timeout: thirty },
            Route { method: "GET".to_owned(), path: "/slow".to_owned(), timeout: thirty },
        ]
    );
    assert_eq!((work.memory_mb, work.timeout), (128, Duration::from_secs(3)), "Lambda's own defaults");
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
        problem(&with("{ Layers: [x] }")),
        "template: Work.Properties.Layers: the local runner does not support this property"
    );
    assert_eq!(
        problem(&with("{ Events: { Tick: { Type: Schedule } } }")),
        "template: Work.Properties.Events.Tick.Type: the local runner does not fire Schedule events"
    );
    assert_eq!(
        problem(&with("{ Environment: { Variables: { A: !Ref Missing } } }")),
        "template: Work.Properties.Environment.Variables.A: nothing is called Missing"
    );
    assert_eq!(
        problem(&with("{ Environment: { Variables: { A: !ImportValue x } } }")),
        "template: Work.Properties.Environment.Variables.A: \
         the local runner does not know Fn::ImportValue of this form"
    );
    assert_eq!(
        problem("Resources: { Bucket: { Type: AWS::S3::Bucket } }"),
        "template: Bucket.Type: the local runner does not run a AWS::S3::Bucket"
    );
    assert_eq!(
        problem("Parameters: { P: { Type: String } }\nResources: {}"),
        "template: P: a parameter needs a Default to be run locally"
    );
    assert_eq!(problem("[1, 2]"), "the template is not readable: it is not a mapping");
}

/// A function that follows a stream, with these settings beside the two that it must have.
fn following(settings: &str) -> String {
    format!(
        r#"
Resources:
  Things: {{ Type: AWS::DynamoDB::Table, Properties: {{ StreamSpecification: {{ StreamViewType: KEYS_ONLY }} }} }}
  Plain: {{ Type: AWS::DynamoDB::Table, Properties: {{ KeySchema: [] }} }}
  Lost: {{ Type: AWS::SQS::Queue, Properties: {{ SqsManagedSseEnabled: true }} }}
  Follow:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildProperties: {{ Binary: follow }} }}
    Properties:
      Events:
        Changes:
          Type: DynamoDB
          Properties: {{ Stream: !GetAtt Things.StreamArn, StartingPosition: LATEST{settings} }}
"#
    )
}

#[test]
fn a_stream_is_followed_with_lambdas_own_defaults() {
    let template = Template::parse(&following("")).unwrap();
    let expected = StreamSource {
        name: "Changes".to_owned(),
        table: "Things".to_owned(),
        starting_position: StartingPosition::Latest,
        batch_size: 100,
        batching_window: Duration::ZERO,
        bisect: false,
        max_retries: None,
        max_age: None,
        reports_item_failures: false,
        lanes: 1,
        dead_letters: None,
        filters: Vec::new(),
    };
    assert_eq!(template.function("Follow").unwrap().streams, [expected]);
}

#[test]
fn every_setting_of_a_stream_is_read() {
    let settings = r#", BatchSize: 10, MaximumBatchingWindowInSeconds: 2, BisectBatchOnFunctionError: true,
            MaximumRetryAttempts: 3, MaximumRecordAgeInSeconds: 60, FunctionResponseTypes: [ReportBatchItemFailures],
            ParallelizationFactor: 4, DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } },
            FilterCriteria: { Filters: [{ Pattern: '{"eventName": ["INSERT"]}' }] }"#;
    let template = Template::parse(&following(settings)).unwrap();
    let expected = StreamSource {
        name: "Changes".to_owned(),
        table: "Things".to_owned(),
        starting_position: StartingPosition::Latest,
        batch_size: 10,
        batching_window: Duration::from_secs(2),
        bisect: true,
        max_retries: Some(3),
        max_age: Some(Duration::from_secs(60)),
        reports_item_failures: true,
        lanes: 4,
        dead_letters: Some("Lost".to_owned()),
        filters: vec![Pattern::parse(r#"{"eventName": ["INSERT"]}"#).unwrap()],
    };
    assert_eq!(template.function("Follow").unwrap().streams, [expected]);
}

#[test]
fn a_stream_setting_that_means_nothing_is_refused_by_name() {
    let refused = [
        (", BatchSzie: 10", "BatchSzie: the local runner does not support this property"),
        (", TumblingWindowInSeconds: 10", "TumblingWindowInSeconds: the local runner does not support this property"),
        (", BatchSize: 0", "BatchSize: expected a whole number, 1 to 10000"),
        (", MaximumBatchingWindowInSeconds: 301", "MaximumBatchingWindowInSeconds: expected a whole number, 0 to 300"),
        (", MaximumRetryAttempts: many", "MaximumRetryAttempts: expected a whole number, -1 to 10000"),
        (", MaximumRecordAgeInSeconds: 59", "MaximumRecordAgeInSeconds: expected -1, or 60 to 604800"),
        (", BisectBatchOnFunctionError: maybe", "BisectBatchOnFunctionError: expected true or false"),
        (", ParallelizationFactor: 11", "ParallelizationFactor: expected a whole number, 1 to 10"),
        (", FunctionResponseTypes: [ReportItems]", "FunctionResponseTypes: there is no ReportItems"),
        (
            ", DestinationConfig: { OnSuccess: {} }",
            "DestinationConfig.OnSuccess: the local runner does not support this property",
        ),
        (
            ", DestinationConfig: { OnFailure: { Destination: !GetAtt Things.Arn } }",
            "DestinationConfig.OnFailure.Destination: Things is no queue of this template",
        ),
        (
            ", FilterCriteria: { Filters: [{ Patern: '{}' }] }",
            "FilterCriteria.Filters.0.Pattern: expected a filter of one Pattern, JSON as text",
        ),
        (
            ", FilterCriteria: { Filters: [{ Pattern: '{}' }] }",
            "FilterCriteria.Filters.0.Pattern: the pattern is not an object with fields",
        ),
    ];
    for (settings, expected) in refused {
        let problem = problem(&following(settings));
        assert_eq!(problem, format!("template: Follow.Properties.Events.Changes.Properties.{expected}"), "{settings}");
    }
    let at = |change: &str, to: &str| problem(&following("").replace(change, to));
    let place = "template: Follow.Properties.Events.Changes.Properties";
    assert_eq!(at("LATEST", "NEWEST"), format!("{place}.StartingPosition: expected TRIM_HORIZON or LATEST"));
    assert_eq!(at("Things.StreamArn", "Plain.StreamArn"), format!("{place}.Stream: Plain has no stream"));
    assert_eq!(
        at("!GetAtt Things.StreamArn", "arn:aws:dynamodb:x"),
        format!("{place}.Stream: expected the StreamArn of a table of this template")
    );
}
