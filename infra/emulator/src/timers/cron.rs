//! Cron expressions as EventBridge reads them: six fields, `minutes hours day-of-month month day-of-week year`.
//!
//! Days of the week are 1 (Sunday) to 7. One of the two fields for days must be `?`. Steps are counted from the first
//! value of their range: `1/10` in the minutes is 1, 11, 21 and so on.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{ToSpan, civil};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A cron expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cron {
    minutes: Vec<i16>,
    hours: Vec<i16>,
    days: Days,
    months: Vec<i16>,
    years: Vec<i16>,
}

/// The days of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    /// One of these has to apply.
    OfMonth(Vec<DayOfMonth>),
    /// One of these has to apply.
    OfWeek(Vec<DayOfWeek>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum DayOfMonth {
    Among(Vec<i16>),
    /// `L`
    Last,
    /// `15W`: the day from Monday to Friday that is nearest, in the same month.
    WeekdayNear(i16),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum DayOfWeek {
    Among(Vec<i16>),
    /// `6L`: the last Friday of the month.
    LastOf(i16),
    /// `3#2`: the second Tuesday of the month.
    Nth(i16, i16),
}

/// One field, for messages.
struct Field<'f> {
    name: &'f str,
    range: RangeInclusive<i16>,
    /// The names of the values, from the least on.
    names: &'f [&'f str],
    steps: bool,
    /// Whether a range may go on at the least value: `FRI-MON`.
    wraps: bool,
}

impl Cron {
    /// Reads the text between the parentheses of `cron(…)`.
    ///
    /// # Errors
    /// The mistake.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, day, month, weekday, year] = fields[..] else {
            return Err(format!("a cron expression has 6 fields, and this has {}", fields.len()));
        };
        let plain = |name, range| Field { name, range, names: &[], steps: true, wraps: true };
        let month_field = Field { names: &MONTHS, ..plain("month", 1..=12) };
        let days = match (day, weekday) {
            ("?", "?") => return Err("one of day-of-month and day-of-week must name days".to_owned()),
            ("?", weekday) => Days::OfWeek(each(weekday, day_of_week)?),
            (day, "?") => Days::OfMonth(each(day, day_of_month)?),
            _ => return Err("one of day-of-month and day-of-week must be ?".to_owned()),
        };
        Ok(Self {
            minutes: plain("minutes", 0..=59).values(minutes)?,
            hours: plain("hours", 0..=23).values(hours)?,
            days,
            months: month_field.values(month)?,
            years: Field { wraps: false, ..plain("year", 1970..=2199) }.values(year)?,
        })
    }

    /// The first moment of the expression behind another; `None` if there is none any more.
    pub(crate) fn after(&self, moment: DateTime) -> Option<DateTime> {
        let mut date = moment.date();
        let today = self.is_day(date).then(|| self.times().find(|time| date.to_datetime(*time) > moment)).flatten();
        if let Some(time) = today {
            return Some(date.to_datetime(time));
        }
        loop {
            date = match self.years.iter().find(|year| **year >= date.year())? {
                year if *year > date.year() => civil::date(*year, 1, 1),
                _ if !self.has_month(date) => date.last_of_month().tomorrow().ok()?,
                _ => date.tomorrow().ok()?,
            };
            if self.is_day(date) {
                return self.times().next().map(|time| date.to_datetime(time));
            }
        }
    }

    /// The last moment of the expression that is not behind another; `None` if there is none.
    pub(crate) fn until(&self, moment: DateTime) -> Option<DateTime> {
        let mut date = moment.date();
        let times = |date: Date| self.times().take_while(move |time| date.to_datetime(*time) <= moment).last();
        loop {
            if self.is_day(date)
                && let Some(time) = times(date)
            {
                return Some(date.to_datetime(time));
            }
            date = match self.years.iter().rev().find(|year| **year <= date.year())? {
                year if *year < date.year() => civil::date(*year, 12, 31),
                _ if !self.has_month(date) => date.first_of_month().yesterday().ok()?,
                _ => date.yesterday().ok()?,
            };
        }
    }

    /// The times of one day, in order.
    fn times(&self) -> impl Iterator<Item = civil::Time> {
        let hours = self.hours.iter();
        hours.flat_map(|hour| self.minutes.iter().map(|minute| civil::time(*hour as i8, *minute as i8, 0, 0)))
    }

    fn has_month(&self, date: Date) -> bool {
        self.months.contains(&i16::from(date.month()))
    }

    fn is_day(&self, date: Date) -> bool {
        self.years.contains(&date.year())
            && self.has_month(date)
            && match &self.days {
                Days::OfMonth(days) => days.iter().any(|day| day.is(date)),
                Days::OfWeek(days) => days.iter().any(|day| day.is(date)),
            }
    }
}

impl DayOfMonth {
    fn is(&self, date: Date) -> bool {
        match self {
            Self::Among(days) => days.contains(&i16::from(date.day())),
            Self::Last => date == date.last_of_month(),
            Self::WeekdayNear(day) => weekday_near(date, *day) == Some(date),
        }
    }
}

/// The day from Monday to Friday that is nearest to a day of a date's month.
fn weekday_near(date: Date, day: i16) -> Option<Date> {
    let wanted = Date::new(date.year(), date.month(), i8::try_from(day).ok()?).ok()?;
    let (first, last) = (wanted.first_of_month(), wanted.last_of_month());
    let by = match wanted.weekday() {
        Weekday::Saturday if wanted == first => 2,
        Weekday::Saturday => -1,
        Weekday::Sunday if wanted == last => -2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    wanted.checked_add(by.days()).ok()
}

impl DayOfWeek {
    fn is(&self, date: Date) -> bool {
        // Sunday is 1.
        let weekday = i16::from(date.weekday().to_sunday_one_offset());
        match self {
            Self::Among(days) => days.contains(&weekday),
            Self::LastOf(day) => weekday == *day && date.day() + 7 > date.last_of_month().day(),
            Self::Nth(day, nth) => weekday == *day && i16::from(date.day() - 1) / 7 + 1 == *nth,
        }
    }
}

/// Reads the alternatives of a field.
fn each<T>(field: &str, read: fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    field.split(',').map(read).collect()
}

fn day_of_month(text: &str) -> Result<DayOfMonth, String> {
    let field = Field { name: "day-of-month", range: 1..=31, names: &[], steps: true, wraps: true };
    Ok(match text.strip_suffix('W') {
        Some(day) => DayOfMonth::WeekdayNear(field.value(day)?),
        None if text == "L" => DayOfMonth::Last,
        None => DayOfMonth::Among(field.values(text)?),
    })
}

fn day_of_week(text: &str) -> Result<DayOfWeek, String> {
    let field = Field { name: "day-of-week", range: 1..=7, names: &WEEKDAYS, steps: false, wraps: true };
    if text == "L" {
        // The last day of the week.
        return Ok(DayOfWeek::Among(vec![7]));
    }
    if let Some((day, nth)) = text.split_once('#') {
        let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth));
        let nth = nth.ok_or("day-of-week: # is followed by the week of the month, 1 to 5")?;
        return Ok(DayOfWeek::Nth(field.value(day)?, nth));
    }
    Ok(match text.strip_suffix('L') {
        Some(day) => DayOfWeek::LastOf(field.value(day)?),
        None => DayOfWeek::Among(field.values(text)?),
    })
}

impl Field<'_> {
    /// Reads values, ranges and steps. The result is in order, without repetitions.
    fn values(&self, text: &str) -> Result<Vec<i16>, String> {
        let mut values = Vec::new();
        for part in text.split(',') {
            let (part, step) = match part.split_once('/') {
                None => (part, None),
                Some(_) if !self.steps => return Err(format!("{} has no steps", self.name)),
                Some((part, step)) => {
                    let step = step.parse::<u16>().ok().filter(|step| *step > 0);
                    (part, Some(step.ok_or_else(|| format!("{}: a step is a number above zero", self.name))?))
                }
            };
            let (first, last) = match part.split_once('-') {
                _ if part == "*" => (*self.range.start(), *self.range.end()),
                Some((first, last)) => (self.value(first)?, self.value(last)?),
                None if step.is_some() => (self.value(part)?, *self.range.end()),
                None => (self.value(part)?, self.value(part)?),
            };
            if first > last && !self.wraps {
                return Err(format!("{}: {part} ends before it begins", self.name));
            }
            let (least, most) = (*self.range.start(), *self.range.end());
            let size = most - least + 1;
            let last = if first > last { last + size } else { last };
            let range = (first..=last).step_by(usize::from(step.unwrap_or(1)));
            values.extend(range.map(|value| if value > most { value - size } else { value }));
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    fn value(&self, text: &str) -> Result<i16, String> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let named = named.and_then(|place| i16::try_from(place).ok()).map(|place| place + self.range.start());
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let value = named.or_else(|| text.parse().ok().filter(|_| is_number));
        value.filter(|value| self.range.contains(value)).ok_or_else(|| {
            format!("{}: expected {} to {}, found {text:?}", self.name, self.range.start(), self.range.end())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    /// The first moments of an expression behind the first moment of a day.
    fn moments(expression: &str, from: &str, count: usize) -> Vec<String> {
        let cron = Cron::parse(expression).unwrap();
        let mut moment = Some(at(from));
        let mut found = Vec::new();
        while let Some(next) = moment.and_then(|moment| cron.after(moment)).filter(|_| found.len() < count) {
            assert_eq!(cron.until(next), Some(next));
            found.push(next.strftime("%Y-%m-%d %a %H:%M").to_string());
            moment = Some(next);
        }
        found
    }

    #[test]
    fn the_documentations_examples_fire_when_it_says() {
        // 2026-12-01 is a Tuesday.
        let from = "2026-12-01T00:00";
        for (expression, expected) in [
            ("0 10 * * ? *", ["2026-12-01 Tue 10:00", "2026-12-02 Wed 10:00"]),
            ("15 12 * * ? *", ["2026-12-01 Tue 12:15", "2026-12-02 Wed 12:15"]),
            ("0 18 ? * MON-FRI *", ["2026-12-01 Tue 18:00", "2026-12-02 Wed 18:00"]),
            ("0 8 1 * ? *", ["2026-12-01 Tue 08:00", "2027-01-01 Fri 08:00"]),
            ("0/15 * * * ? *", ["2026-12-01 Tue 00:15", "2026-12-01 Tue 00:30"]),
            ("0/10 * ? * MON-FRI *", ["2026-12-01 Tue 00:10", "2026-12-01 Tue 00:20"]),
            ("0/5 8-17 ? * MON-FRI *", ["2026-12-01 Tue 08:00", "2026-12-01 Tue 08:05"]),
            ("0 9 ? * 2#1 *", ["2026-12-07 Mon 09:00", "2027-01-04 Mon 09:00"]),
            // The hours after midnight belong to the day on which they lie.
            ("0/30 20-2 ? * MON-FRI *", ["2026-12-01 Tue 00:30", "2026-12-01 Tue 01:00"]),
        ] {
            assert_eq!(moments(expression, from, 2), expected, "{expression}");
        }
    }

    #[test]
    fn every_wildcard_is_known() {
        for (expression, from, expected) in [
            ("1/10 0 * * ? *", "2026-12-01T00:00", "2026-12-01 Tue 00:01|2026-12-01 Tue 00:11|2026-12-01 Tue 00:21"),
            ("0 0 L * ? *", "2027-01-31T00:00", "2027-02-28 Sun 00:00|2027-03-31 Wed 00:00|2027-04-30 Fri 00:00"),
            ("0 0 L 2 ? *", "2027-03-01T00:00", "2028-02-29 Tue 00:00|2029-02-28 Wed 00:00|2030-02-28 Thu 00:00"),
            ("0 0 ? * L *", "2026-12-01T00:00", "2026-12-05 Sat 00:00|2026-12-12 Sat 00:00|2026-12-19 Sat 00:00"),
            ("15 10 ? * 6L *", "2026-12-01T00:00", "2026-12-25 Fri 10:15|2027-01-29 Fri 10:15|2027-02-26 Fri 10:15"),
            ("0 0 ? * 3#2 *", "2026-12-01T00:00", "2026-12-08 Tue 00:00|2027-01-12 Tue 00:00|2027-02-09 Tue 00:00"),
            ("0 0 ? * SUN#5 *", "2026-12-01T00:00", "2027-01-31 Sun 00:00|2027-05-30 Sun 00:00|2027-08-29 Sun 00:00"),
            // The 3rd of January 2027 is a Sunday, and the 3rd of April a Saturday.
            ("0 0 3W 1,4 ? *", "2026-12-01T00:00", "2027-01-04 Mon 00:00|2027-04-02 Fri 00:00|2028-01-03 Mon 00:00"),
            // The 1st of May 2027 is a Saturday, and the 31st of January a Sunday: neither leaves its month.
            ("0 0 1W 5 ? 2027", "2026-12-01T00:00", "2027-05-03 Mon 00:00"),
            ("0 0 31W 1-2 ? 2027", "2026-12-01T00:00", "2027-01-29 Fri 00:00"),
            ("0 0 1,L feb ? *", "2026-12-01T00:00", "2027-02-01 Mon 00:00|2027-02-28 Sun 00:00|2028-02-01 Tue 00:00"),
            (
                "0 12 1 JAN/6 ? 2027-2028",
                "2027-02-01T00:00",
                "2027-07-01 Thu 12:00|2028-01-01 Sat 12:00|2028-07-01 Sat 12:00",
            ),
            ("0 0 ? * FRI-SUN *", "2026-12-01T00:00", "2026-12-04 Fri 00:00|2026-12-05 Sat 00:00|2026-12-06 Sun 00:00"),
            ("0 22-2/2 * * ? *", "2026-12-01T00:30", "2026-12-01 Tue 02:00|2026-12-01 Tue 22:00|2026-12-02 Wed 00:00"),
            ("0 0 31 6 ? *", "2026-12-01T00:00", ""),
            ("0 0 1 1 ? 2020", "2026-12-01T00:00", ""),
            ("0 0 29 2 ? *", "2096-12-01T00:00", "2104-02-29 Fri 00:00|2108-02-29 Wed 00:00|2112-02-29 Mon 00:00"),
        ] {
            let found = moments(expression, from, 3).join("|");
            assert_eq!(found, expected, "{expression}");
        }
    }

    #[test]
    fn the_last_moment_up_to_another_is_found() {
        for (expression, until, expected) in [
            ("* * * * ? *", "2026-12-15T09:00:59", Some("2026-12-15T09:00")),
            ("0 12 * * ? *", "2026-12-15T09:00", Some("2026-12-14T12:00")),
            ("0 12 * * ? *", "2026-12-15T12:00", Some("2026-12-15T12:00")),
            ("30 23 L 2 ? *", "2026-12-15T12:00", Some("2026-02-28T23:30")),
            ("0 0 1 1 ? 2020", "2026-12-15T12:00", Some("2020-01-01T00:00")),
            ("0 0 1 1 ? 2030", "2026-12-15T12:00", None),
        ] {
            assert_eq!(Cron::parse(expression).unwrap().until(at(until)), expected.map(at), "{expression}");
        }
    }

    #[test]
    fn a_wrong_expression_is_refused_by_its_field() {
        for (expression, problem) in [
            ("* * * * *", "a cron expression has 6 fields, and this has 5"),
            ("* * * * * *", "one of day-of-month and day-of-week must be ?"),
            ("* * 1 * 2 *", "one of day-of-month and day-of-week must be ?"),
            ("* * ? * ? *", "one of day-of-month and day-of-week must name days"),
            ("60 * * * ? *", "minutes: expected 0 to 59, found \"60\""),
            ("* 24 * * ? *", "hours: expected 0 to 23, found \"24\""),
            ("* * 0 * ? *", "day-of-month: expected 1 to 31, found \"0\""),
            ("* * LW * ? *", "day-of-month: expected 1 to 31, found \"L\""),
            ("* * * JANUARY ? *", "month: expected 1 to 12, found \"JANUARY\""),
            ("* * ? * 0 *", "day-of-week: expected 1 to 7, found \"0\""),
            ("* * ? * 2/2 *", "day-of-week has no steps"),
            ("* * ? * 2#6 *", "day-of-week: # is followed by the week of the month, 1 to 5"),
            ("* * * * ? 2200", "year: expected 1970 to 2199, found \"2200\""),
            ("* * * * ? 2030-2027", "year: 2030-2027 ends before it begins"),
            ("+1 * * * ? *", "minutes: expected 0 to 59, found \"+1\""),
            ("*/0 * * * ? *", "minutes: a step is a number above zero"),
            ("1, * * * ? *", "minutes: expected 0 to 59, found \"\""),
            ("? * * * ? *", "minutes: expected 0 to 59, found \"?\""),
        ] {
            assert_eq!(Cron::parse(expression).unwrap_err(), problem, "{expression}");
        }
    }
}
