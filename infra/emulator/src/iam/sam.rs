//! SAM's policy templates: `Policies: [DynamoDBCrudPolicy: { TableName: !Ref Things }]`.
//!
//! Source:
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html>.

use serde_json::Value;

use super::grant::Grant;
use crate::template::fault::{Fault, TemplatePath};
use crate::template::scope::{ACCOUNT, REGION, Scope, text_of};

const READ: [&str; 5] = ["BatchGetItem", "DescribeTable", "GetItem", "Query", "Scan"];
const WRITE: [&str; 3] = ["BatchWriteItem", "PutItem", "UpdateItem"];
const CRUD: [&str; 10] = [
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "DeleteItem",
    "DescribeTable",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
];

/// Policy templates for services that are not emulated: they begin so.
const OTHERS: [&str; 48] = [
    "AMIDescribe",
    "AWSSecretsManager",
    "AcmGetCertificate",
    "Athena",
    "CloudFormationDescribe",
    "CloudWatch",
    "CodeCommit",
    "CodePipeline",
    "ComprehendBasicAccess",
    "CostExplorer",
    "DynamoDBBackupFullAccess",
    "DynamoDBRestoreFromBackup",
    "EC2",
    "EFS",
    "EKS",
    "ElasticMapReduce",
    "Elasticsearch",
    "EventBridgePutEvents",
    "FilterLogEvents",
    "Firehose",
    "Kinesis",
    "MobileAnalytics",
    "OrganizationsListAccounts",
    "PinpointEndpointAccess",
    "Polly",
    "Rekognition",
    "Route53ChangeResourceRecordSets",
    "S3",
    "SES",
    "SNS",
    "SQSPoller",
    "SSM",
    "SageMaker",
    "Serverless",
    "StepFunctions",
    "Textract",
    "VPCAccess",
    "CodeBuild",
    "Comprehend",
    "Cognito",
    "Connect",
    "Glue",
    "IAM",
    "IoT",
    "Lex",
    "Logs",
    "Translate",
    "XRay",
];

/// What a policy template allows.
///
/// # Errors
/// When there is no such template, or it lacks a parameter.
pub(super) fn policy(
    name: &str,
    parameters: &Value,
    scope: &Scope<'_>,
    place: &TemplatePath,
) -> Result<Vec<Grant>, Fault> {
    let parameter = |key: &str| match &parameters[key] {
        Value::Null => Err(place.key(key).error("the policy template needs this parameter")),
        written => text_of(&scope.resolve(written, &place.key(key))?, &place.key(key)),
    };
    let table = || Ok::<_, Fault>(format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{}", parameter("TableName")?));
    let on_table = |actions: &[&str]| {
        let table = table()?;
        let indexes = format!("{table}/index/*");
        let granted = actions.iter().flat_map(|action| {
            let action = format!("dynamodb:{action}");
            [Grant::new(&action, &table), Grant::new(&action, &indexes)]
        });
        Ok(granted.collect())
    };
    match name {
        "DynamoDBCrudPolicy" => on_table(&CRUD),
        "DynamoDBReadPolicy" => on_table(&READ),
        "DynamoDBWritePolicy" => on_table(&WRITE),
        "DynamoDBReconfigurePolicy" => Ok(vec![Grant::new("dynamodb:UpdateTable", &table()?)]),
        "DynamoDBStreamReadPolicy" => {
            let stream = format!("{}/stream/{}", table()?, parameter("StreamName")?);
            let mut grants = vec![Grant::new("dynamodb:ListStreams", &format!("{}/stream/*", table()?))];
            for action in ["DescribeStream", "GetRecords", "GetShardIterator"] {
                grants.push(Grant::new(&format!("dynamodb:{action}"), &stream));
            }
            Ok(grants)
        }
        "LambdaInvokePolicy" => {
            let function = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}*", parameter("FunctionName")?);
            Ok(vec![Grant::new("lambda:InvokeFunction", &function)])
        }
        "SQSSendMessagePolicy" => {
            let queue = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{}", parameter("QueueName")?);
            Ok(vec![Grant::new("sqs:SendMessage*", &queue)])
        }
        "KMSDecryptPolicy" | "KMSEncryptPolicy" => {
            let action = if name == "KMSDecryptPolicy" { "kms:Decrypt" } else { "kms:Encrypt" };
            Ok(vec![Grant::new(action, &format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{}", parameter("KeyId")?))])
        }
        "SESCrudPolicy" | "SESSendBouncePolicy" => {
            let identity = format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{}", parameter("IdentityName")?);
            let sends = name == "SESCrudPolicy";
            Ok(if sends { vec![Grant::new("ses:SendEmail", &identity)] } else { Vec::new() })
        }
        other if OTHERS.iter().any(|start| other.starts_with(start)) => Ok(Vec::new()),
        _ => Err(place.error("SAM has no policy template of this name")),
    }
}
