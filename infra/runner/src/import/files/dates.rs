//! Dates in the forms that people write: `2024-05-01`, `2024-05`, `May 2024`, `2024년 5월`, `05/2024`, and times.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// The years that a date may be of. Others are mistakes.
const YEARS: RangeInclusive<i32> = 1_900..=2_200;
/// Words for an end that has not come.
const ONGOING: [&str; 9] = ["present", "current", "currently", "now", "today", "ongoing", "현재", "재직중", "재직 중"];

/// A day, or a moment of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The first day of what was written: of a year, a month, or a day.
    Day(Date),
    /// An exact time.
    Time(Timestamp),
}

impl Moment {
    /// The moment that a text names; `None` if it names none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(time) = text.parse::<Timestamp>() {
            return Some(Self::Time(time)).filter(|_| YEARS.contains(&year_of(time)));
        }
        if text.contains(':')
            && let Ok(time) = text.replace(' ', "T").parse::<DateTime>()
        {
            // A time without an offset is taken as UTC.
            let time = TimeZone::UTC.to_timestamp(time).ok()?;
            return Some(Self::Time(time)).filter(|_| YEARS.contains(&year_of(time)));
        }
        day(text).map(Self::Day)
    }

    /// The start of the day, in UTC, or the time.
    pub(super) fn start(self) -> Option<Timestamp> {
        match self {
            Self::Day(day) => TimeZone::UTC.to_timestamp(day.into()).ok(),
            Self::Time(time) => Some(time),
        }
    }

    /// The end of the day, in UTC, or the time.
    pub(super) fn end(self) -> Option<Timestamp> {
        match self {
            Self::Day(day) => Self::Day(day.checked_add(1.day()).ok()?).start(),
            Self::Time(_) => self.start(),
        }
    }
}

fn year_of(time: Timestamp) -> i32 {
    time.to_zoned(TimeZone::UTC).year().into()
}

/// Whether a text says that something has not ended.
pub(super) fn is_ongoing(text: &str) -> bool {
    ONGOING.contains(&text.trim().to_lowercase().as_str())
}

/// The first day of the year, month or day that a text names.
fn day(text: &str) -> Option<Date> {
    // A time of day behind the date does not matter.
    let text = text.split(['T', ':']).next().unwrap_or_default();
    if text.chars().count() > 40 {
        return None;
    }
    let words = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    let named_month = words.filter_map(|word| month_of(&word)).next();
    let mut numbers: Vec<i32> = Vec::new();
    for digits in text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()) {
        match digits.len() {
            8 => {
                let (year, (month, day)) = (&digits[..4], digits[4..].split_at(2));
                numbers.extend([year, month, day].iter().filter_map(|part| part.parse::<i32>().ok()));
            }
            _ => numbers.push(digits.parse().ok()?),
        }
    }
    let place = numbers.iter().position(|year| YEARS.contains(year))?;
    let year = numbers.remove(place);
    let (month, day) = match (named_month, numbers.as_slice()) {
        (Some(month), []) => (month, 1),
        (Some(month), [day]) => (month, *day),
        (None, []) => (1, 1),
        (None, [month]) => (*month, 1),
        // Behind the year the month comes first. In front of it both orders are in use: 31/12/2024 tells itself, and
        // 05/04/2024 is read as in the United States.
        (None, [day, month]) if place == 2 && *day > 12 => (*month, *day),
        (None, [month, day]) => (*month, *day),
        _ => return None,
    };
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `May`, `may.`, `Sept`, `December`.
fn month_of(word: &str) -> Option<i32> {
    let start = word.get(..3)?;
    let place = MONTHS.iter().position(|month| *month == start)?;
    i32::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_dates_in_many_ways() {
        for (text, expected) in [
            ("2024-05-01", "2024-05-01"),
            ("2024-5-1", "2024-05-01"),
            ("2024-05", "2024-05-01"),
            ("2024", "2024-01-01"),
            ("20240501", "2024-05-01"),
            ("2024.05.01.", "2024-05-01"),
            ("2024/05/01", "2024-05-01"),
            ("2024년 5월 1일", "2024-05-01"),
            ("2024년 5월", "2024-05-01"),
            ("May 2024", "2024-05-01"),
            ("May, 2024", "2024-05-01"),
            ("Sept. 3, 2024", "2024-09-03"),
            ("3 September 2024", "2024-09-03"),
            ("Wed, 01 May 2024", "2024-05-01"),
            ("05/2024", "2024-05-01"),
            ("05/04/2024", "2024-05-04"),
            ("31/12/2024", "2024-12-31"),
        ] {
            assert_eq!(Moment::parse(text), Some(Moment::Day(expected.parse().unwrap())), "{text}");
        }
        for (text, expected) in [
            ("2024-05-01T09:00:00Z", "2024-05-01T09:00:00Z"),
            ("2024-05-01T09:00:00+09:00", "2024-05-01T00:00:00Z"),
            ("2024-05-01T09:00", "2024-05-01T09:00:00Z"),
            ("2024-05-01 09:00:00", "2024-05-01T09:00:00Z"),
        ] {
            assert_eq!(Moment::parse(text), Some(Moment::Time(expected.parse().unwrap())), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        let long = "2024-".repeat(1_000);
        for text in [
            "",
            "-",
            "soon",
            "Present",
            "2024-13-01",
            "2024-02-30",
            "May",
            "12/2",
            "1",
            "0000-00-00",
            "0001-01-01T00:00:00Z",
            &long,
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert!(is_ongoing(" Present ") && is_ongoing("현재") && !is_ongoing("2024"));
    }

    #[test]
    fn a_day_lasts_until_its_end() {
        let moment = Moment::parse("2024-02-29").unwrap();
        assert_eq!(moment.start(), Some("2024-02-29T00:00:00Z".parse().unwrap()));
        assert_eq!(moment.end(), Some("2024-03-01T00:00:00Z".parse().unwrap()));
    }
}
