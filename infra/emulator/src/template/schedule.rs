//! `Events` of `Type: Schedule` (a rule of EventBridge) and `Type: ScheduleV2` (a schedule of EventBridge Scheduler).
//!
//! Sources:
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedule.html>,
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-schedulev2.html>.

use serde_json::Value;

use super::properties::{Known, Properties};
use super::scope::{ACCOUNT, REGION, STACK};
use crate::timers::expression::Expression;

/// A schedule that invokes a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The event's name in the template, e.g. `Sweep`.
    pub name: String,
    /// The service that keeps it.
    pub service: ScheduleService,
    /// The ARN of the rule or the schedule.
    pub arn: String,
    /// When it fires.
    pub expression: Expression,
    /// JSON that the function is sent in place of the service's own event.
    pub input: Option<String>,
}

/// The service that keeps a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleService {
    /// A rule of EventBridge.
    EventBridge,
    /// A schedule of EventBridge Scheduler.
    Scheduler,
}

/// Reads the event `name` of a function; `None` when it is switched off, or when nothing can be made of it.
pub(super) fn rule(function: &str, name: &str, properties: &Properties<'_>) -> Option<Schedule> {
    properties.only(Known {
        honoured: &["Enabled", "Input", "Name", "Schedule", "State"],
        silent: &["Description"],
        // Lambda's own queue takes an event without fail.
        noted: &["DeadLetterConfig", "RetryPolicy"],
    });
    let expression = expression(properties, "Schedule", Expression::of_rule);
    let physical_name = properties.text("Name").unwrap_or_else(|| format!("{STACK}-{function}{name}"));
    let schedule = Schedule {
        name: name.to_owned(),
        service: ScheduleService::EventBridge,
        arn: format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{physical_name}"),
        input: input(properties),
        expression: expression?,
    };
    let is_enabled = !properties.has("Enabled") || properties.truth("Enabled");
    (is_enabled && is_in_force(properties)).then_some(schedule)
}

/// Reads the event `name` of a function; `None` when it is switched off, or when nothing can be made of it.
pub(super) fn schedule(function: &str, name: &str, properties: &Properties<'_>) -> Option<Schedule> {
    properties.only(Known {
        honoured: &["GroupName", "Input", "Name", "ScheduleExpression", "ScheduleExpressionTimezone", "State"],
        silent: &["Description", "KmsKeyArn", "OmitName", "PermissionsBoundary", "RoleArn"],
        noted: &["DeadLetterConfig", "FlexibleTimeWindow", "RetryPolicy"],
    });
    let zone = properties.text("ScheduleExpressionTimezone");
    let read = |text: &str| Expression::of_schedule(text, zone.as_deref());
    let expression = expression(properties, "ScheduleExpression", read);
    let physical_name = properties.text("Name").unwrap_or_else(|| format!("{STACK}-{function}{name}"));
    let group = properties.text("GroupName").unwrap_or_else(|| "default".to_owned());
    let schedule = Schedule {
        name: name.to_owned(),
        service: ScheduleService::Scheduler,
        arn: format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{physical_name}"),
        input: input(properties),
        expression: expression?,
    };
    is_in_force(properties).then_some(schedule)
}

fn expression(
    properties: &Properties<'_>,
    key: &str,
    read: impl FnOnce(&str) -> Result<Expression, String>,
) -> Option<Expression> {
    match properties.text(key) {
        Some(text) => read(&text).map_err(|problem| properties.fault(key, problem)).ok(),
        None => {
            properties.fault(key, "expected rate(…) or cron(…)");
            None
        }
    }
}

/// The input, which has to be JSON.
fn input(properties: &Properties<'_>) -> Option<String> {
    let input = properties.text("Input")?;
    if serde_json::from_str::<Value>(&input).is_err() {
        properties.fault("Input", "expected JSON as text");
    }
    Some(input)
}

fn is_in_force(properties: &Properties<'_>) -> bool {
    match properties.text("State").as_deref() {
        None | Some("ENABLED") => true,
        Some("DISABLED") => false,
        Some(_) => {
            properties.fault("State", "expected ENABLED or DISABLED");
            false
        }
    }
}
