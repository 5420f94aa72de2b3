//! Fuzz targets: templates, profiles of faults, and parameters. A file that is wrong gets a message.

use fuzzing::Target;

use crate::faults::FaultProfile;
use crate::template::{Overrides, Template};

#[test]
fn fuzz_template() {
    let seeds = [include_str!("../fixtures/things.yaml"), SMALL];
    // A property can take the text of a parameter many times over, and a tree of YAML is much larger than its text:
    // aliases may multiply it until the reader's limit of repetitions.
    Target { base_bytes: 16 << 20, bytes_per_byte: 2_048, ..Target::new("template") }
        .run(seeds, |bytes| std::str::from_utf8(bytes).is_ok_and(|text| Template::parse(text).is_ok()));
}

const SMALL: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Name: {Type: String, Default: &name a, AllowedPattern: "[a-z]+"}
Conditions:
  Named: !Not [!Equals [!Ref Name, ""]]
Resources:
  Things:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !If [Named, !Sub "${Name}-${AWS::Region}", *name]
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
"#;

#[test]
fn fuzz_fault_profile() {
    let seed = "[store]\nthrottled = 0.1\nlost_replies = 0.2\nlongest_delay_ms = 20\n[streams]\ndeliveries = 2\n\
                shuffled = true\n[functions]\nkilled = 0.01\n";
    let seeds = [seed, include_str!("../../faults/everything.toml")];
    Target { bytes_per_byte: 512, ..Target::new("fault_profile") }.run(seeds, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let Ok(profile) = FaultProfile::parse(text) else { return false };
        assert!((0.0..=1.0).contains(&profile.store.throttled));
        true
    });
}

#[test]
fn fuzz_parameter_overrides() {
    Target::new("parameter_overrides").run(["Name=a", "Name=\"a b\" Other='c'"], |bytes| {
        std::str::from_utf8(bytes).is_ok_and(|text| Overrides::parse([text]).is_ok())
    });
}
