//! Resource types that a template may have, and that do nothing on this machine.

/// Without effect on what functions do, here or on AWS: how a stack is watched, billed and administered.
const SILENT: [&str; 20] = [
    "AWS::ApplicationInsights::",
    "AWS::Budgets::",
    "AWS::CE::",
    "AWS::CloudFront::OriginAccessControl",
    // Read with the distributions whose headers they are.
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CloudFormation::WaitConditionHandle",
    "AWS::CloudWatch::",
    // Read with the functions whose roles they are.
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::Oam::",
    "AWS::RUM::",
    "AWS::ResourceGroups::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::QueuePolicy",
    "AWS::Synthetics::",
    // Limits of callers, which the emulator enforces as little as throttling.
    "AWS::WAF::",
    "AWS::WAFRegional::",
    "AWS::WAFv2::",
];

/// Of effect on AWS, and of none here, which is said once.
const NOTED: [&str; 32] = [
    "AWS::ApiGateway::Account",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApplicationAutoScaling::",
    "AWS::Backup::",
    "AWS::CertificateManager::",
    "AWS::CloudFront::",
    "AWS::CodeDeploy::",
    "AWS::EC2::EIP",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::Events::EventBus",
    "AWS::Events::EventBusPolicy",
    "AWS::KMS::",
    "AWS::Lambda::Alias",
    "AWS::Lambda::CodeSigningConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Route53::",
    "AWS::SSM::Parameter",
    "AWS::Serverless::LayerVersion",
];

/// How a resource type counts that does nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    Silent,
    Noted,
}

/// Whether a resource of this type does nothing here.
pub(super) fn elsewhere(kind: &str) -> Option<Elsewhere> {
    let is = |known: &&str| if known.ends_with("::") { kind.starts_with(*known) } else { kind == *known };
    if SILENT.iter().any(is) { Some(Elsewhere::Silent) } else { NOTED.iter().any(is).then_some(Elsewhere::Noted) }
}

#[cfg(test)]
mod tests {
    use super::{Elsewhere, elsewhere};

    #[test]
    fn a_type_is_known_whole_or_by_its_service() {
        assert_eq!(elsewhere("AWS::CloudWatch::Alarm"), Some(Elsewhere::Silent));
        assert_eq!(elsewhere("AWS::WAFv2::WebACL"), Some(Elsewhere::Silent));
        assert_eq!(elsewhere("AWS::EC2::VPC"), Some(Elsewhere::Noted));
        assert_eq!(elsewhere("AWS::EC2::Instance"), None);
        assert_eq!(elsewhere("AWS::EC2::VPCPeeringConnection"), None);
        assert_eq!(elsewhere("AWS::S3::Bucket"), None);
        assert_eq!(elsewhere(""), None);
    }
}
