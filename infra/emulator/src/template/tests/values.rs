//! Parameters, intrinsics, and values from outside.

use std::time::Duration;

use super::super::{Overrides, Route, Template, document};
use super::working;

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
