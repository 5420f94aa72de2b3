//! Event source mappings of streams.

use std::time::Duration;

use super::super::{Pattern, StartingPosition, StreamSource, Template};
use super::problem;

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
        (", BatchSzie: 10", "BatchSzie: the emulator does not support this property"),
        (", TumblingWindowInSeconds: 10", "TumblingWindowInSeconds: the emulator does not support this property"),
        (", BatchSize: 0", "BatchSize: expected a whole number, 1 to 10000"),
        (", MaximumBatchingWindowInSeconds: 301", "MaximumBatchingWindowInSeconds: expected a whole number, 0 to 300"),
        (", MaximumRetryAttempts: many", "MaximumRetryAttempts: expected a whole number, -1 to 10000"),
        (", MaximumRecordAgeInSeconds: 59", "MaximumRecordAgeInSeconds: expected -1, or 60 to 604800"),
        (", BisectBatchOnFunctionError: maybe", "BisectBatchOnFunctionError: expected true or false"),
        (", ParallelizationFactor: 11", "ParallelizationFactor: expected a whole number, 1 to 10"),
        (", FunctionResponseTypes: [ReportItems]", "FunctionResponseTypes: there is no ReportItems"),
        (
            ", DestinationConfig: { OnSuccess: {} }",
            "DestinationConfig.OnSuccess: the emulator does not support this property",
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
