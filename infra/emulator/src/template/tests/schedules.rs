//! Schedules, and what becomes of their events.

use std::time::Duration;

use super::super::{AsynchronousInvocation, Function, ScheduleService, Template};
use super::problem;

/// A function with one event of a type, and with settings of its own.
fn scheduled(kind: &str, properties: &str, settings: &str) -> String {
    format!(
        r#"
Resources:
  Lost: {{ Type: AWS::SQS::Queue }}
  Work:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildProperties: {{ Binary: work }} }}
    Properties:
      {settings}
      Events:
        Tick: {{ Type: {kind}, Properties: {{ {properties} }} }}
"#
    )
}

fn read(kind: &str, properties: &str, settings: &str) -> Function {
    Template::parse(&scheduled(kind, properties, settings)).unwrap().function("Work").unwrap().clone()
}

#[test]
fn a_rule_and_a_schedule_are_read() {
    let function = read("Schedule", "Schedule: rate(5 minutes), Input: '{\"a\": 1}', Description: x", "");
    let [rule] = function.schedules.as_slice() else { panic!("no rule") };
    assert_eq!((rule.name.as_str(), rule.service), ("Tick", ScheduleService::EventBridge));
    assert_eq!(rule.arn, "arn:aws:events:us-east-1:000000000000:rule/pairwork-WorkTick");
    assert_eq!(rule.input.as_deref(), Some("{\"a\": 1}"));

    let properties = "ScheduleExpression: cron(0 9 * * ? *), ScheduleExpressionTimezone: Asia/Seoul, Name: morning";
    let function = read("ScheduleV2", properties, "");
    let [schedule] = function.schedules.as_slice() else { panic!("no schedule") };
    assert_eq!(schedule.service, ScheduleService::Scheduler);
    assert_eq!(schedule.arn, "arn:aws:scheduler:us-east-1:000000000000:schedule/default/morning");
}

#[test]
fn a_schedule_that_is_switched_off_is_left_out() {
    for (kind, properties) in [
        ("Schedule", "Schedule: rate(1 day), Enabled: false"),
        ("Schedule", "Schedule: rate(1 day), State: DISABLED"),
        ("ScheduleV2", "ScheduleExpression: rate(1 day), State: DISABLED"),
    ] {
        assert_eq!(read(kind, properties, "").schedules, [], "{properties}");
    }
    assert_eq!(read("Schedule", "Schedule: rate(1 day), State: ENABLED", "").schedules.len(), 1);
}

#[test]
fn a_schedule_that_means_nothing_is_refused_by_its_property() {
    for (kind, properties, expected) in [
        ("Schedule", "", "Schedule: expected rate(…) or cron(…)"),
        ("Schedule", "Schedule: hourly", "Schedule: expected rate(…) or cron(…), found \"hourly\""),
        (
            "Schedule",
            "Schedule: at(2026-12-01T00:00:00)",
            "Schedule: only a schedule of EventBridge Scheduler has at(…)",
        ),
        ("Schedule", "Schedule: rate(1 day), Input: later", "Input: expected JSON as text"),
        ("Schedule", "Schedule: rate(1 day), State: ON_HOLD", "State: expected ENABLED or DISABLED"),
        ("Schedule", "Schedule: rate(1 day), Rate: 1", "Rate: the emulator does not support this property"),
        (
            "ScheduleV2",
            "ScheduleExpression: cron(* * * * *)",
            "ScheduleExpression: a cron expression has 6 fields, and this has 5",
        ),
        (
            "ScheduleV2",
            "ScheduleExpression: rate(1 day), ScheduleExpressionTimezone: Asia/Atlantis",
            "ScheduleExpression: there is no time zone Asia/Atlantis",
        ),
        (
            "ScheduleV2",
            "ScheduleExpression: rate(1 day), StartDate: '2027-01-01T00:00:00Z'",
            "StartDate: the emulator does not support this property",
        ),
    ] {
        let problem = problem(&scheduled(kind, properties, ""));
        assert_eq!(problem, format!("template: Work.Properties.Events.Tick.Properties.{expected}"), "{properties}");
    }
}

#[test]
fn the_settings_of_asynchronous_invocations_are_read() {
    let settings = |written: &str| read("Schedule", "Schedule: rate(1 day)", written).asynchronous;
    assert_eq!(settings(""), AsynchronousInvocation::default());
    let written = "EventInvokeConfig: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, \
                   DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Lost.Arn } } }";
    let expected = AsynchronousInvocation {
        max_retries: 0,
        max_age: Duration::from_secs(60),
        dead_letters: Some("Lost".to_owned()),
    };
    assert_eq!(settings(written), expected);
    let refused =
        problem(&scheduled("Schedule", "Schedule: rate(1 day)", "EventInvokeConfig: { MaximumRetryAttempts: 3 }"));
    let place = "template: Work.Properties.EventInvokeConfig.MaximumRetryAttempts";
    assert_eq!(refused, format!("{place}: expected a whole number, 0 to 2"));
}
