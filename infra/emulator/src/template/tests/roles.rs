//! The roles of functions.

use super::super::Template;
use super::{problem, working};

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
    let role = r#"
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole", !Ref Shared]
      Policies:
        - PolicyName: own
          PolicyDocument: { Statement: { Effect: Allow, Action: "dynamodb:Get*", Resource: "*" } }
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: { Statement: [{ Effect: Allow, Action: "dynamodb:Scan", Resource: a }] } }
  More:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: "dynamodb:Query", Resource: b }] }
"#;
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
        format!("{place}.Effect: the emulator judges Allow only")
    );
    assert_eq!(
        refused("[{ Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: '*', Condition: {} }] }]"),
        format!("{place}.Condition: the emulator does not judge this part of a statement")
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
        format!("{place}: the emulator does not know the managed policy SomebodysOwn")
    );
}
