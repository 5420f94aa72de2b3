use std::time::Duration;

use serde_json::json;

use super::{Cors, Overrides, Pattern, Route, StartingPosition, StreamSource, Template, document};

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
        template.api.unwrap().cors,
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
        problem(&with("{ FunctionUrlConfig: {} }")),
        "template: Work.Properties.FunctionUrlConfig: the local runner does not support this property"
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
         another stack exports x, and there is no other stack here. \
         Give a value with `--parameter-overrides ImportValue:x=VALUE`"
    );
    assert_eq!(
        problem("Resources: { Bucket: { Type: AWS::S3::Bucket } }"),
        "template: Bucket.Type: the local runner does not run a AWS::S3::Bucket"
    );
    assert_eq!(
        problem(&format!("Parameters: {{ P: {{ Type: String }} }}\n{}", with("{ Timeout: !Ref P }"))),
        "template: Work.Properties.Timeout: the parameter P: it has no Default. \
         Give a value with `--parameter-overrides P=VALUE`"
    );
    assert_eq!(problem("Resources: {}"), "template: Resources: a template needs resources");
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

/// A template of one function with these properties, and whatever else stands above.
fn working(above: &str, properties: &str) -> String {
    format!(
        "{above}\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    \
         Metadata: {{ BuildProperties: {{ Binary: work }} }}\n    Properties: {properties}\n"
    )
}

/// The variable `A` of a function of a template.
fn variable(above: &str, value: &str, overrides: &[&str]) -> Result<String, String> {
    let text = working(above, &format!("{{ Environment: {{ Variables: {{ A: {value} }} }} }}"));
    let overrides = Overrides::parse(overrides.iter().copied()).unwrap();
    let template = Template::read(&document(&text).unwrap(), &overrides).map_err(|problem| problem.to_string())?;
    Ok(template.functions[0].environment["A"].clone())
}

#[test]
fn mappings_lists_and_encodings_are_resolved() {
    let maps = "Parameters: { Stage: { Type: String, Default: test } }\n\
                Mappings: { Sizes: { test: { Name: small, Number: 3 } } }";
    let is = |value: &str| variable(maps, value, &[]).unwrap();
    assert_eq!(is("!FindInMap [Sizes, !Ref Stage, Name]"), "small");
    assert_eq!(is("!FindInMap [Sizes, test, Number]"), "3");
    assert_eq!(is("{ 'Fn::FindInMap': [Sizes, other, Name, { DefaultValue: none }] }"), "none");
    assert_eq!(is("!Select [1, [a, b]]"), "b");
    assert_eq!(is("!Select ['2', !Split [',', 'a,b,c']]"), "c");
    assert_eq!(is("!Join ['-', !Split ['/', 'a/b']]"), "a-b");
    assert_eq!(is("{ 'Fn::Base64': hi }"), "aGk=");
    assert_eq!(is("!Select [0, !GetAZs '']"), "us-east-1a");
    assert_eq!(
        is("!Ref AWS::StackId"),
        "arn:aws:cloudformation:us-east-1:000000000000:stack/pairwork/00000000-0000-0000-0000-000000000000"
    );
    assert_eq!(variable("", "!ImportValue shared-vpc", &["ImportValue:shared-vpc=x"]).unwrap(), "x");
    let problem = |value: &str| variable(maps, value, &[]).unwrap_err();
    let place = "template: Work.Properties.Environment.Variables.A";
    assert_eq!(problem("!FindInMap [Sizes, other, Name]"), format!("{place}: Mappings have no Sizes.other.Name"));
    assert_eq!(problem("!Select [2, [a, b]]"), format!("{place}: Fn::Select asks for item 2 of 2"));
    assert_eq!(problem("!Select [x, [a]]"), format!("{place}: Fn::Select takes an index and a list"));
    assert_eq!(problem("!Split ['', 'a']"), format!("{place}: Fn::Split takes a separator and a text"));
}

#[test]
fn what_only_an_account_holds_is_an_error_that_says_how_to_give_it() {
    let place = "template: Work.Properties.Environment.Variables.A";
    assert_eq!(
        variable("", "'{{resolve:ssm:/x}}'", &[]).unwrap_err(),
        format!(
            "{place}: the value of {{{{resolve:ssm:/x}}}} is in an account, which is not here. \
             Give one with `--parameter-overrides ssm:/x=VALUE`"
        )
    );
    let both = "!Sub '${AWS::Region} {{resolve:ssm:/x}} {{resolve:secretsmanager:y:SecretString:z}}!'";
    let given = ["ssm:/x=1", "secretsmanager:y:SecretString:z=2"];
    assert_eq!(variable("", both, &given).unwrap(), "us-east-1 1 2!");
    let stored = "Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /x } }";
    assert_eq!(
        variable(stored, "!Ref P", &[]).unwrap_err(),
        format!(
            "{place}: the parameter P: the value is that of the Systems Manager parameter /x, which is not here. \
             Give one with `--parameter-overrides P=VALUE`"
        )
    );
    assert_eq!(variable(stored, "!Ref P", &["P=local"]).unwrap(), "local");
    assert_eq!(variable(stored, "nothing of it", &[]).unwrap(), "nothing of it");
}

#[test]
fn a_value_is_one_that_its_parameter_takes() {
    let given =
        |rules: &str, overrides: &[&str]| variable(&format!("Parameters: {{ P: {{ {rules} }} }}"), "!Ref P", overrides);
    let allowed = "Type: String, Default: c, AllowedValues: [a, b]";
    assert_eq!(
        given(allowed, &[]).unwrap_err(),
        "template: Parameters.P.Default: \"c\" is not one of AllowedValues: a, b"
    );
    assert_eq!(given(allowed, &["P=b"]).unwrap(), "b");
    assert_eq!(
        given(allowed, &["P=d"]).unwrap_err(),
        "template: --parameter-overrides.P: \"d\" is not one of AllowedValues: a, b"
    );
    assert_eq!(
        given("Type: String, Default: aXb, AllowedPattern: '[a-z]+'", &[]).unwrap_err(),
        "template: Parameters.P.Default: \"aXb\" does not match AllowedPattern [a-z]+"
    );
    assert_eq!(given("Type: String, Default: ab, AllowedPattern: '[a-z]+'", &[]).unwrap(), "ab");
    assert_eq!(
        given("Type: Number, Default: many", &[]).unwrap_err(),
        "template: Parameters.P.Default: \"many\" is not a number"
    );
    assert_eq!(
        given("Type: Number, Default: 5, MaxValue: 4", &[]).unwrap_err(),
        "template: Parameters.P.Default: \"5\" is above 4"
    );
    assert_eq!(
        given("Type: String, Default: 'a', MinLength: 2", &[]).unwrap_err(),
        "template: Parameters.P.Default: \"a\" has a length below 2"
    );
    assert_eq!(
        given("Type: String, Default: a", &["Q=1"]).unwrap_err(),
        "template: --parameter-overrides.Q: the template has no such parameter; it has P"
    );
    let list = "Parameters: { P: { Type: CommaDelimitedList, Default: 'a,c', AllowedValues: [a, b] } }";
    assert_eq!(
        variable(list, "!Join ['-', !Ref P]", &[]).unwrap_err(),
        "template: Parameters.P.Default: \"c\" is not one of AllowedValues: a, b"
    );
    assert_eq!(variable(list, "!Join ['-', !Ref P]", &["P=b, a"]).unwrap(), "b-a");
}

#[test]
fn sam_adds_an_api_for_the_routes_that_name_none() {
    let globals = "Globals: { HttpApi: { CorsConfiguration: { AllowOrigins: ['https://*'], AllowMethods: [GET] } } }";
    let route = "Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: / } } }";
    let variables = "Environment: { Variables: { \
                     ID: !Ref ServerlessHttpApi, \
                     URL: !GetAtt ServerlessHttpApi.ApiEndpoint, \
                     SUB: !Sub 'https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/x' } }";
    let template = Template::parse(&working(globals, &format!("{{ {route}, {variables} }}"))).unwrap();
    let api = template.api.unwrap();
    assert_eq!((api.logical_id.as_str(), api.stage.as_str()), ("ServerlessHttpApi", "$default"));
    assert_eq!(api.cors.unwrap().allow_origins, ["https://*"]);
    let variables = &template.functions[0].environment;
    assert_eq!(variables["ID"], "local");
    assert_eq!(variables["URL"], "https://local.execute-api.us-east-1.amazonaws.com");
    assert_eq!(variables["SUB"], "https://local.execute-api.us-east-1.amazonaws.com/x");
    let short = working("Globals: { HttpApi: { CorsConfiguration: true } }", &format!("{{ {route} }}"));
    assert_eq!(Template::parse(&short).unwrap().api.unwrap().cors.unwrap().allow_origins, ["*"]);
    assert_eq!(Template::parse(&working("", "{}")).unwrap().api, None);
}

#[test]
fn there_is_one_api_and_its_cors_rules_are_those_that_api_gateway_takes() {
    let api = |properties: &str| {
        format!("Resources: {{ Api: {{ Type: AWS::Serverless::HttpApi, Properties: {properties} }} }}")
    };
    assert_eq!(
        problem(&api("{ CorsConfiguration: { AllowOrigins: ['https://*.example.com'] } }")),
        "template: Api.Properties.CorsConfiguration.AllowOrigins: https://*.example.com is neither an origin nor one of \
         *, https://*, http://*"
    );
    assert_eq!(
        problem(&api("{ CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } }")),
        "template: Api.Properties.CorsConfiguration.AllowCredentials: API Gateway allows no credentials to the origin *"
    );
    assert_eq!(Template::parse(&api("{ StageName: v1 }")).unwrap().api.unwrap().stage, "v1");
    let two = "Resources: { A: { Type: AWS::Serverless::HttpApi }, B: { Type: AWS::Serverless::HttpApi } }";
    assert_eq!(problem(two), "template: B.Type: the local runner serves one HTTP API, and there is A already");
    let other = working("", "{ Events: { E: { Type: HttpApi, Properties: { ApiId: !Ref Work } } } }");
    assert_eq!(
        problem(&other),
        "template: Work.Properties.Events.E.Properties.ApiId: \
         expected a Ref to an AWS::Serverless::HttpApi of this template"
    );
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
            "AWS::KMS::Key (Key)",
            "AWS::Lambda::Permission (MayCall)",
            "AWS::Route53::RecordSet (Record)",
            "AWS::SSM::Parameter (Setting)",
            "AWS::WAFv2::WebACL (Wall)",
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
         Bucket.Type: the local runner does not run a AWS::S3::Bucket\n  \
         Work.Properties.Memory: the local runner does not support this property\n  \
         Work.Properties.Environment.Variables.A: nothing is called B\n  \
         Work.Properties.Environment.Variables.C: nothing is called D\n  \
         Work.Properties.Events.E.Type: the local runner does not fire S3 events\n  \
         Work.Properties.MemorySize: expected a whole number, 128 to 10240\n  \
         Work.Properties.Timeout: expected a whole number, 1 to 900"
    );
}

#[test]
fn a_byte_order_mark_is_read_over() {
    let text = format!("\u{feff}{}", working("", "{}"));
    assert_eq!(Template::parse(&text).unwrap().functions.len(), 1);
}

/// What the role of the function `Work` allows.
fn granted(properties: &str, more: &str) -> Vec<String> {
    let text = format!("{}  Things: {{ Type: AWS::Serverless::SimpleTable }}\n{more}", working("", properties));
    let template = Template::parse(&text).unwrap_or_else(|problem| panic!("{problem}"));
    let role = template.functions.into_iter().find(|function| function.logical_id == "Work").unwrap().role.unwrap();
    role.grants.into_iter().map(|grant| format!("{} {}", grant.action, grant.resource)).collect()
}

#[test]
fn sam_makes_a_role_of_policies() {
    const THINGS: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/pairwork-Things";
    assert_eq!(granted("{}", ""), [""; 0]);
    assert_eq!(granted("{ Policies: AWSLambdaBasicExecutionRole }", ""), [""; 0]);
    assert_eq!(granted("{ Policies: [AmazonDynamoDBFullAccess, AmazonS3ReadOnlyAccess] }", ""), ["dynamodb:* *"]);
    let crud = granted("{ Policies: [DynamoDBCrudPolicy: { TableName: !Ref Things }] }", "");
    assert_eq!(crud.len(), 20);
    assert!(crud.contains(&format!("dynamodb:PutItem {THINGS}")));
    assert!(crud.contains(&format!("dynamodb:Query {THINGS}/index/*")));
    assert_eq!(
        granted("{ Policies: [LambdaInvokePolicy: { FunctionName: !Ref Work }, S3ReadPolicy: { BucketName: x }] }", ""),
        ["lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:pairwork-Work*"]
    );
    let inline = "{ Policies: [{ Version: '2012-10-17', Statement: [\
                  { Effect: Allow, Action: 'dynamodb:Scan', Resource: !GetAtt Things.Arn },\
                  { Effect: Allow, Action: 's3:GetObject', Resource: !ImportValue x, Condition: {} }] }] }";
    assert_eq!(granted(inline, ""), [format!("dynamodb:Scan {THINGS}")]);
}

#[test]
fn a_roles_policies_are_read_wherever_they_stand() {
    let role = "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      \
                ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaRole', !Ref Shared]\n      \
                Policies: [{ PolicyName: own, PolicyDocument: { Statement: { Effect: Allow, Action: 'dynamodb:Get*', Resource: '*' } } }]\n  \
                Shared: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:Scan', Resource: a }] } } }\n  \
                More: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref Role], PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:Query', Resource: b }] } } }\n";
    assert_eq!(
        granted("{ Role: !GetAtt Role.Arn }", role),
        ["lambda:InvokeFunction *", "dynamodb:Scan a", "dynamodb:Get* *", "dynamodb:Query b"]
    );
}

#[test]
fn what_of_a_policy_cannot_be_judged_is_refused() {
    let refused = |policies: &str| problem(&working("", &format!("{{ Policies: {policies} }}")));
    let place = "template: Work.Properties.Policies";
    assert_eq!(
        refused("[{ Statement: [{ Effect: Deny, Action: 'dynamodb:*', Resource: '*' }] }]"),
        format!("{place}.Effect: the local runner judges Allow only")
    );
    assert_eq!(
        refused("[{ Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: '*', Condition: {} }] }]"),
        format!("{place}.Condition: the local runner does not judge this part of a statement")
    );
    assert_eq!(
        refused("[DynamoDbCrudPolicy: {}]"),
        format!("{place}.DynamoDbCrudPolicy: SAM has no policy template of this name")
    );
    assert_eq!(
        refused("[DynamoDBCrudPolicy: {}]"),
        format!("{place}.DynamoDBCrudPolicy.TableName: the policy template needs this parameter")
    );
    assert_eq!(
        refused("[SomebodysOwn]"),
        format!("{place}: the local runner does not know the managed policy SomebodysOwn")
    );
}

#[test]
fn a_binary_has_the_name_that_metadata_or_the_code_says() {
    let binary = |metadata: &str, code: &str| {
        let text = format!(
            "Resources: {{ Work: {{ Type: AWS::Serverless::Function, Metadata: {metadata}, Properties: {{ CodeUri: {code} }} }} }}"
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
