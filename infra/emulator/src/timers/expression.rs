//! Schedule expressions: `rate(…)`, `cron(…)` and, for schedules of EventBridge Scheduler, `at(…)`.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html> (rules),
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html> (schedules and time zones).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::cron::Cron;

/// When a schedule fires.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    kind: Kind,
    zone: TimeZone,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Rate(SignedDuration),
    Cron(Box<Cron>),
    At(DateTime),
}

impl Expression {
    /// Reads the expression of a rule. Its times are UTC.
    ///
    /// # Errors
    /// The mistake.
    pub(crate) fn of_rule(text: &str) -> Result<Self, String> {
        match parse(text)? {
            Kind::At(_) => Err("only a schedule of EventBridge Scheduler has at(…)".to_owned()),
            kind => Ok(Self { kind, zone: TimeZone::UTC }),
        }
    }

    /// Reads the expression of a schedule of EventBridge Scheduler, in a time zone such as `Asia/Seoul`.
    ///
    /// # Errors
    /// The mistake.
    pub(crate) fn of_schedule(text: &str, zone: Option<&str>) -> Result<Self, String> {
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|_| format!("there is no time zone {name}"))?,
        };
        Ok(Self { kind: parse(text)?, zone })
    }

    /// The first time behind another at which the schedule fires. A rate is counted from `since`, the start of the
    /// run. A time of day that a change of the clocks leaves out is passed over; one that comes twice counts once.
    pub(crate) fn after(&self, time: Timestamp, since: Timestamp) -> Option<Timestamp> {
        match &self.kind {
            Kind::Rate(rate) => since.checked_add(*rate * (periods(*rate, since, time)? + 1)).ok(),
            Kind::At(moment) => self.timestamp(*moment).filter(|at| *at > time),
            Kind::Cron(cron) => {
                let mut moment = self.civil(time);
                loop {
                    moment = cron.after(moment)?;
                    if let Some(found) = self.timestamp(moment).filter(|found| *found > time) {
                        return Some(found);
                    }
                }
            }
        }
    }

    /// The last time up to another at which the schedule fires.
    pub(crate) fn until(&self, time: Timestamp, since: Timestamp) -> Option<Timestamp> {
        match &self.kind {
            Kind::Rate(rate) => since.checked_add(*rate * periods(*rate, since, time)?).ok(),
            Kind::At(moment) => self.timestamp(*moment).filter(|at| *at <= time),
            Kind::Cron(cron) => {
                let mut moment = self.civil(time);
                loop {
                    moment = cron.until(moment)?;
                    if let Some(found) = self.timestamp(moment).filter(|found| *found <= time) {
                        return Some(found);
                    }
                    moment = moment.checked_sub(SignedDuration::from_secs(60)).ok()?;
                }
            }
        }
    }

    fn civil(&self, time: Timestamp) -> DateTime {
        time.to_zoned(self.zone.clone()).datetime()
    }

    /// `None` for a time of day that does not exist.
    fn timestamp(&self, moment: DateTime) -> Option<Timestamp> {
        let found = self.zone.to_ambiguous_timestamp(moment).earlier().ok()?;
        (self.civil(found) == moment).then_some(found)
    }
}

/// How many whole periods lie between two times.
fn periods(rate: SignedDuration, since: Timestamp, time: Timestamp) -> Option<i32> {
    i32::try_from(time.duration_since(since).as_secs().max(0) / rate.as_secs()).ok()
}

fn parse(text: &str) -> Result<Kind, String> {
    let between = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = between("rate") {
        return parse_rate(rate).map(Kind::Rate);
    }
    if let Some(fields) = between("cron") {
        return Cron::parse(fields).map(|cron| Kind::Cron(Box::new(cron)));
    }
    if let Some(moment) = between("at") {
        let moment = moment.parse().map_err(|_| "at(…) holds a time such as 2026-12-01T09:00:00".to_owned());
        return moment.map(Kind::At);
    }
    Err(format!("expected rate(…) or cron(…), found {text:?}"))
}

/// AWS wants the singular for one, and the plural for more.
fn parse_rate(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("rate({text}): expected e.g. rate(1 minute), rate(5 minutes), rate(1 hour) or rate(7 days)");
    let (value, unit) = text.split_once(' ').ok_or_else(wrong)?;
    let value: u32 = value.parse().ok().filter(|value| *value > 0).ok_or_else(wrong)?;
    let seconds: i64 = match (value, unit.trim_start()) {
        (1, "minute") | (2.., "minutes") => 60,
        (1, "hour") | (2.., "hours") => 3_600,
        (1, "day") | (2.., "days") => 86_400,
        _ => return Err(wrong()),
    };
    Ok(SignedDuration::from_secs(seconds * i64::from(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_is_counted_from_the_start() {
        let rule = Expression::of_rule("rate(5 minutes)").unwrap();
        let since = at("2026-12-01T09:00:20Z");
        assert_eq!(rule.after(since, since), Some(at("2026-12-01T09:05:20Z")));
        assert_eq!(rule.after(at("2026-12-01T09:05:20Z"), since), Some(at("2026-12-01T09:10:20Z")));
        assert_eq!(rule.until(at("2026-12-15T09:04:19Z"), since), Some(at("2026-12-15T09:00:20Z")));
    }

    #[test]
    fn a_rate_has_the_singular_for_one_alone() {
        for (text, seconds) in [("1 minute", 60), ("2 minutes", 120), ("1 hour", 3_600), ("3 days", 259_200)] {
            assert_eq!(parse_rate(text), Ok(SignedDuration::from_secs(seconds)), "{text}");
        }
        for text in ["1 minutes", "5 hour", "0 minutes", "-1 day", "1.5 hours", "1 week", "5", "", "five minutes"] {
            assert!(parse_rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rule_has_universal_time_and_a_schedule_its_zone() {
        let now = at("2026-12-01T00:00:00Z");
        let rule = Expression::of_rule("cron(0 9 * * ? *)").unwrap();
        assert_eq!(rule.after(now, now), Some(at("2026-12-01T09:00:00Z")));
        let schedule = Expression::of_schedule("cron(0 9 * * ? *)", Some("Asia/Seoul")).unwrap();
        assert_eq!(schedule.after(now, now), Some(at("2026-12-02T00:00:00Z")));
        assert_eq!(schedule.until(now, now), Some(now));
        assert!(Expression::of_schedule("rate(1 day)", Some("Asia/Atlantis")).is_err());
    }

    #[test]
    fn a_time_of_day_that_is_left_out_is_passed_over_and_one_that_comes_twice_counts_once() {
        let spring = Expression::of_schedule("cron(30 2 * * ? *)", Some("Europe/Berlin")).unwrap();
        let now = at("2027-03-27T12:00:00Z");
        // At 2:00 on the 28th the clocks go to 3:00.
        assert_eq!(spring.after(now, now), Some(at("2027-03-29T00:30:00Z")));
        assert_eq!(spring.until(at("2027-03-28T12:00:00Z"), now), Some(at("2027-03-27T01:30:00Z")));
        // At 3:00 on the 31st of October they go back to 2:00.
        let now = at("2027-10-30T12:00:00Z");
        let autumn = spring.after(now, now).unwrap();
        assert_eq!(autumn, at("2027-10-31T00:30:00Z"));
        assert_eq!(spring.after(autumn, now), Some(at("2027-11-01T01:30:00Z")));
    }

    #[test]
    fn one_time_schedules_fire_once() {
        let now = at("2026-12-01T00:00:00Z");
        let once = Expression::of_schedule("at(2026-12-01T09:00:00)", None).unwrap();
        assert_eq!(once.after(now, now), Some(at("2026-12-01T09:00:00Z")));
        assert_eq!(once.after(at("2026-12-01T09:00:00Z"), now), None);
        assert!(Expression::of_rule("at(2026-12-01T09:00:00)").is_err());
        for text in ["at(tomorrow)", "every day", "cron", "rate(1 minute", "Rate(1 minute)"] {
            assert!(Expression::of_schedule(text, None).is_err(), "{text}");
        }
    }
}
