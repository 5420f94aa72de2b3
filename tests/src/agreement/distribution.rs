//! The distribution of `infra/template.yaml`: settings that exist on AWS alone, and the headers of the page.

use std::collections::HashMap;

use pairwork::template::Origin;
use serde_json::json;

use super::{parsed, resources, template};

#[test]
fn callers_reach_the_page_and_the_api_over_http_3_and_tls_1_3() {
    let template = template();
    let (_, distribution) = resources(&template, "AWS::CloudFront::Distribution").next().expect("a distribution");
    let config = &distribution["DistributionConfig"];
    assert_eq!(config["HttpVersion"], "http2and3");
    // The certificate of one's own domain name decides about TLS.
    let [_, own, _] = config["ViewerCertificate"]["Fn::If"].as_array().expect("two cases").as_slice() else {
        panic!("a condition and two cases")
    };
    assert_eq!(own["MinimumProtocolVersion"], "TLSv1.3_2025");
    let behaviors = config["CacheBehaviors"].as_array().expect("behaviors").iter();
    for behavior in behaviors.chain([&config["DefaultCacheBehavior"]]) {
        let policy = behavior["ViewerProtocolPolicy"].as_str();
        assert!(matches!(policy, Some("https-only" | "redirect-to-https")), "{behavior}");
    }
}

#[test]
fn the_firewall_limits_each_caller() {
    let template = template();
    let (name, acl) = resources(&template, "AWS::WAFv2::WebACL").next().expect("a web ACL");
    let (_, distribution) = resources(&template, "AWS::CloudFront::Distribution").next().expect("a distribution");
    let used = &distribution["DistributionConfig"]["WebACLId"];
    assert_eq!(used["Fn::If"][1], json!({"Fn::GetAtt": [name, "Arn"]}));
    assert_eq!(acl["Scope"], "CLOUDFRONT");
    let rules = acl["Rules"].as_array().expect("rules");
    let priorities: Vec<_> = rules.iter().map(|rule| &rule["Priority"]).collect();
    assert_eq!(priorities, [0, 1, 2]);
    let [blocked, limited @ ..] = rules.as_slice() else { panic!("no rule") };
    let limits: Vec<_> = limited.iter().map(|rule| &rule["Statement"]["RateBasedStatement"]["Limit"]).collect();
    assert_eq!(limits, [100, 3000]);
    for rule in limited {
        assert_eq!(rule["Statement"]["RateBasedStatement"]["AggregateKeyType"], "IP");
    }
    for rule in rules {
        assert_eq!(rule["Action"], json!({"Block": {}}));
    }
    // Both versions of IP have a list of callers to refuse, which the deployment leaves empty.
    let sets: Vec<_> = resources(&template, "AWS::WAFv2::IPSet").collect();
    let versions: Vec<_> = sets.iter().map(|(_, set)| &set["IPAddressVersion"]).collect();
    assert_eq!(versions, ["IPV4", "IPV6"]);
    let arns = sets.iter().map(|(name, _)| json!({"Fn::GetAtt": [name, "Arn"]}));
    let statements = arns.map(|arn| json!({"IPSetReferenceStatement": {"Arn": arn}}));
    assert_eq!(blocked["Statement"], json!({"OrStatement": {"Statements": statements.collect::<Vec<_>>()}}));
    assert!(sets.iter().all(|(_, set)| set["Addresses"] == json!([]) && set["Scope"] == "CLOUDFRONT"));
}

#[test]
fn only_the_distribution_reads_the_pages_bucket() {
    let template = template();
    let (name, bucket) = resources(&template, "AWS::S3::Bucket").next().expect("a bucket");
    let closed = bucket["PublicAccessBlockConfiguration"].as_object().expect("a block");
    assert!(closed.len() == 4 && closed.values().all(|value| *value == true));
    let (_, policy) = resources(&template, "AWS::S3::BucketPolicy").next().expect("a policy");
    assert_eq!(policy["Bucket"], json!({"Ref": name}));
    let statements = policy["PolicyDocument"]["Statement"].as_array().expect("statements");
    let [statement] = statements.as_slice() else { panic!("one statement") };
    assert_eq!(statement["Principal"], json!({"Service": "cloudfront.amazonaws.com"}));
    assert_eq!(statement["Action"], "s3:GetObject");
    assert!(statement["Condition"]["StringEquals"]["AWS:SourceArn"].is_object());
}

#[test]
fn the_pages_policy_allows_files_of_the_page_alone() {
    let distribution = parsed().distribution.expect("a distribution");
    let mut with_policy = Vec::new();
    for behavior in distribution.behaviors.iter().filter(|behavior| behavior.origin != Origin::Api) {
        let value = |name: &str| Some(&behavior.headers.iter().find(|header| header.name == name)?.value);
        assert_eq!(value("x-content-type-options").map(String::as_str), Some("nosniff"), "{}", behavior.path_pattern);
        let policy = value("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        if behavior.path_pattern == "/web/*" {
            continue;
        }
        with_policy.push(behavior.path_pattern.as_str());
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"));
        assert!(policy.contains("require-trusted-types-for 'script'; trusted-types service-worker"));
        for allowed in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"] {
            assert!(!policy.contains(allowed), "{allowed} in {policy}");
        }
    }
    // The document under both of its names, and the worker. The other files load nothing.
    assert_eq!(with_policy, ["/", "/web/index.html", "/web/sw.js"]);
}

#[test]
fn every_answer_asks_for_tls_and_forbids_embedding_and_guessing() {
    let template = template();
    let (_, distribution) = resources(&template, "AWS::CloudFront::Distribution").next().expect("a distribution");
    let config = &distribution["DistributionConfig"];
    let policies: HashMap<_, _> = resources(&template, "AWS::CloudFront::ResponseHeadersPolicy").collect();
    let behaviors = config["CacheBehaviors"].as_array().expect("behaviors").iter();
    for behavior in behaviors.chain([&config["DefaultCacheBehavior"]]) {
        let name = behavior["ResponseHeadersPolicyId"]["Ref"].as_str().expect("a policy");
        let security = &policies[name]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"];
        let tls = &security["StrictTransportSecurity"];
        assert!(tls["AccessControlMaxAgeSec"].as_u64() >= Some(31_536_000), "{name}");
        assert_eq!(tls["IncludeSubdomains"], true, "{name}");
        assert_eq!(security["ContentTypeOptions"], json!({"Override": true}), "{name}");
        let policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"].as_str().expect("a policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{name}");
    }
}
