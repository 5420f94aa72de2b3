//! The events that schedules send.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html> (rules),
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html> and
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html> (schedules).

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::template::{ACCOUNT, REGION, Schedule, ScheduleService};

/// The event of a schedule at one of its times. `id` is unique.
pub(super) fn event(schedule: &Schedule, time: Timestamp, id: &str) -> Bytes {
    let time = time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    if let Some(input) = &schedule.input {
        return Bytes::from(match schedule.service {
            ScheduleService::EventBridge => input.clone(),
            ScheduleService::Scheduler => input
                .replace("<aws.scheduler.schedule-arn>", &schedule.arn)
                .replace("<aws.scheduler.scheduled-time>", &time)
                .replace("<aws.scheduler.execution-id>", id)
                .replace("<aws.scheduler.attempt-number>", "1"),
        });
    }
    let (source, detail) = match schedule.service {
        ScheduleService::EventBridge => ("aws.events", json!({})),
        // EventBridge Scheduler writes the empty detail as a text.
        ScheduleService::Scheduler => ("aws.scheduler", Value::from("{}")),
    };
    let event = json!({
        "version": "0",
        "id": id,
        "detail-type": "Scheduled Event",
        "source": source,
        "account": ACCOUNT,
        "time": time,
        "region": REGION,
        "resources": [schedule.arn],
        "detail": detail,
    });
    Bytes::from(event.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::expression::Expression;

    fn sent(service: ScheduleService, input: Option<&str>) -> Value {
        let schedule = Schedule {
            name: "Tick".to_owned(),
            service,
            arn: "arn:aws:events:x:1:rule/tick".to_owned(),
            expression: Expression::of_rule("rate(1 minute)").unwrap(),
            input: input.map(str::to_owned),
        };
        let time = "2026-12-01T09:01:00.25Z".parse().unwrap();
        serde_json::from_slice(&event(&schedule, time, "an-id")).unwrap()
    }

    #[test]
    fn a_rule_sends_the_event_of_eventbridge() {
        let expected = json!({
            "version": "0",
            "id": "an-id",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": "2026-12-01T09:01:00Z",
            "region": REGION,
            "resources": ["arn:aws:events:x:1:rule/tick"],
            "detail": {},
        });
        assert_eq!(sent(ScheduleService::EventBridge, None), expected);
        let mut of_scheduler = expected;
        of_scheduler["source"] = "aws.scheduler".into();
        of_scheduler["detail"] = "{}".into();
        assert_eq!(sent(ScheduleService::Scheduler, None), of_scheduler);
    }

    #[test]
    fn an_input_takes_the_place_of_the_event() {
        let input = r#"{"at": "<aws.scheduler.scheduled-time>", "id": "<aws.scheduler.execution-id>"}"#;
        let filled = json!({"at": "2026-12-01T09:01:00Z", "id": "an-id"});
        assert_eq!(sent(ScheduleService::Scheduler, Some(input)), filled);
        assert_eq!(sent(ScheduleService::EventBridge, Some(input))["id"], "<aws.scheduler.execution-id>");
    }
}
