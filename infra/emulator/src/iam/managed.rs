//! AWS's managed policies, as far as they speak of emulated services.
//!
//! Source: <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>.

use super::grant::Grant;

const READ_STREAM: [&str; 4] =
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

/// Policies that speak of services which are not emulated: their names begin so.
const OTHERS: [&str; 33] = [
    "AWSAppSync",
    "AWSKeyManagementService",
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaENIManagementAccess",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSStepFunctions",
    "AWSXRay",
    "AWSXray",
    "AmazonAPIGateway",
    "AmazonAthena",
    "AmazonBedrock",
    "AmazonCognito",
    "AmazonEC2",
    "AmazonEventBridge",
    "AmazonKinesis",
    "AmazonOpenSearch",
    "AmazonPolly",
    "AmazonRDS",
    "AmazonRekognition",
    "AmazonS3",
    "AmazonSNS",
    "AmazonSQS",
    "AmazonSSM",
    "AmazonTextract",
    "AmazonTranscribe",
    "CloudWatch",
    "ComprehendFullAccess",
    "ComprehendReadOnly",
    "SecretsManagerReadWrite",
    "TranslateFullAccess",
];

/// What a managed policy allows, by its name or ARN; `None` if the policy is not known.
pub(super) fn managed(name: &str) -> Option<Vec<Grant>> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let everywhere = |actions: &[&str]| actions.iter().map(|action| Grant::new(action, "*")).collect();
    Some(match name {
        "AdministratorAccess" | "PowerUserAccess" => everywhere(&["*"]),
        "AWSLambdaDynamoDBExecutionRole" => everywhere(&READ_STREAM),
        "AWSLambdaInvocation-DynamoDB" => everywhere(&[&READ_STREAM[..], &["lambda:InvokeFunction"]].concat()),
        "AWSLambdaRole" => everywhere(&["lambda:InvokeFunction"]),
        "AWSLambda_FullAccess" => everywhere(&["lambda:*"]),
        "AWSLambda_ReadOnlyAccess" => Vec::new(),
        "AmazonDynamoDBFullAccess" | "AmazonDynamoDBFullAccess_v2" => everywhere(&["dynamodb:*"]),
        "AmazonDynamoDBReadOnlyAccess" => everywhere(&[
            "dynamodb:BatchGetItem",
            "dynamodb:Describe*",
            "dynamodb:GetItem",
            "dynamodb:List*",
            "dynamodb:PartiQLSelect",
            "dynamodb:Query",
            "dynamodb:Scan",
        ]),
        "AmazonSESFullAccess" => everywhere(&["ses:*"]),
        "AmazonSESReadOnlyAccess" => Vec::new(),
        other if OTHERS.iter().any(|start| other.starts_with(start)) => Vec::new(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::managed;

    #[test]
    fn a_policy_is_known_by_its_name_or_its_arn() {
        let actions = |name: &str| managed(name).map(|grants| grants.len());
        assert_eq!(actions("AWSLambdaBasicExecutionRole"), Some(0));
        assert_eq!(actions("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"), Some(4));
        assert_eq!(actions("AmazonDynamoDBFullAccess"), Some(1));
        assert_eq!(actions("SomebodysOwnPolicy"), None);
    }
}
