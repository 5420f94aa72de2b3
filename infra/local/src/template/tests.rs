use std::time::Duration;

use serde_json::json;

use super::{Cors, Route, Template};

const SHIPPED: &str = include_str!("../../../template.yaml");

fn problem(text: &str) -> String {
    Template::parse(text).expect_err("the template should be refused").to_string()
}

#[test]
fn the_shipped_template_is_runnable() {
    let template = Template::parse(SHIPPED).unwrap();
    let names: Vec<_> = template.functions.iter().map(|function| function.binary.as_str()).collect();
    assert_eq!(names, ["accounts", "market", "matches"]);
    let tables: Vec<_> = template.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(tables, ["pairwork-CredentialsTable", "pairwork-LiveTable", "pairwork-MarketTable"]);
    assert_eq!(template.functions.iter().map(|function| function.routes.len()).sum::<usize>(), 17);
}

#[test]
fn a_function_is_merged_with_the_globals_and_its_variables_are_resolved() {
    let template = Template::parse(SHIPPED).unwrap();
    let matches = template.function("matches").unwrap();
    assert_eq!(matches.logical_id, "MatchesFunction");
    assert_eq!((matches.memory_mb, matches.timeout), (1769, Duration::from_secs(20)));
    assert_eq!(matches.environment["MARKET_TABLE"], "pairwork-MarketTable");
    assert_eq!(matches.environment["RAYON_NUM_THREADS"], "1");
    assert_eq!(matches.log_group, "/pairwork/production/matches");
    assert!(!matches.environment.contains_key("CREDENTIALS_TABLE"));
}

#[test]
fn a_table_is_a_create_table_request_with_its_expiry_and_stream_apart() {
    let template = Template::parse(SHIPPED).unwrap();
    let [_, live, market] = &template.tables[..] else { panic!("three tables") };
    assert_eq!(market.stream_view.as_deref(), Some("NEW_AND_OLD_IMAGES"));
    assert_eq!(market.expires_at, None);
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
        problem("Resources: { Queue: { Type: AWS::SQS::Queue } }"),
        "template: Queue.Type: the local runner does not run a AWS::SQS::Queue"
    );
    assert_eq!(
        problem("Parameters: { P: { Type: String } }\nResources: {}"),
        "template: P: a parameter needs a Default to be run locally"
    );
    assert_eq!(problem("[1, 2]"), "the template is not readable: it is not a mapping");
}
