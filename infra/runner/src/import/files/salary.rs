//! The salary of a job posting as a budget by the hour, or for the whole.
//!
//! A salary by the day, week, month or year becomes one by the hour: 8 hours a day, 40 a week, 2,080 a year.

use domain::values::Currency;
use serde_json::{Value, json};

use super::json::{list, member, text};

const HOURS_PER_DAY: f64 = 8.0;
const HOURS_PER_WEEK: f64 = 40.0;
const HOURS_PER_YEAR: f64 = 2_080.0;
const MONTHS_PER_YEAR: f64 = 12.0;

/// What a salary is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    /// This many hours.
    Hours(f64),
    /// The whole work.
    Whole,
}

/// The budget of a posting as a request sends it: the first of its salaries that names an amount, a currency and a
/// unit. `Err` if it names salaries, and none of them does.
pub(super) fn budget(posting: &Value) -> Result<Option<Value>, ()> {
    let salaries = [&posting["baseSalary"], &posting["estimatedSalary"]].into_iter().flat_map(list);
    let mut named = salaries.filter(|salary| !salary.is_null()).peekable();
    if named.peek().is_none() {
        return Ok(None);
    }
    named.find_map(|salary| budget_of(salary, &posting["salaryCurrency"])).map(Some).ok_or(())
}

fn budget_of(salary: &Value, posting_currency: &Value) -> Option<Value> {
    // A MonetaryAmount holds its numbers in `value`, a MonetaryAmountDistribution in its percentiles.
    let inner = list(&salary["value"]).iter().find(|value| value.is_object()).unwrap_or(salary);
    let currency = [&salary["currency"], &inner["currency"], posting_currency].into_iter().find_map(text)?;
    let currency: Currency = currency.trim().to_uppercase().parse().ok()?;
    let unit = [&inner["unitText"], &salary["unitText"], &inner["unitCode"], &salary["duration"]];
    let unit = unit.into_iter().find_map(|unit| unit_of(&text(unit)?))?;
    let (min, max) = range(salary, inner)?;
    let (kind, hours) = match unit {
        Unit::Hours(hours) => ("hourly", hours),
        Unit::Whole => ("fixed", 1.0),
    };
    let minor_units = |amount: f64| (amount / hours * 10_f64.powi(i32::from(currency.minor_digits()))).round();
    let (min, max) = (min.map(minor_units), minor_units(max));
    // A salary of 0 stands for one that is not told.
    let is_told = max >= 1.0 && max <= domain::values::MAX_AMOUNT as f64;
    is_told.then(
        || json!({"kind": kind, "min": min.map(|min| min as i64), "max": max as i64, "currency": currency.code()}),
    )
}

/// The least amount, if there is one, and the greatest. `None` for a salary without a greatest amount.
fn range(salary: &Value, inner: &Value) -> Option<(Option<f64>, f64)> {
    let number = |names: &[&str]| [inner, salary].into_iter().find_map(|value| amounts(member(value, names)));
    let min = number(&["minValue", "percentile10", "percentile25"]).map(|(min, _)| min);
    let max = number(&["maxValue", "percentile90", "percentile75"]).map(|(_, max)| max);
    let (min, max) = match (min, max) {
        (None, Some(max)) => return Some((None, max)),
        (Some(min), Some(max)) => (min, max),
        (_, None) => number(&["value", "median", "price"]).or_else(|| amounts(salary))?,
    };
    let (min, max) = if min > max { (max, min) } else { (min, max) };
    (min >= 0.0).then_some((Some(min), max))
}

/// The least and greatest number of a value: `52000`, `"52,000.50"`, `"₩30,000,000 ~ 40,000,000"`, `"50k-60k"`.
fn amounts(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Number(number) => number.as_f64().map(|number| (number, number)),
        Value::String(text) => {
            let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
            let mut numbers = Vec::new();
            let mut rest = text.as_str();
            while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
                let number = &rest[start..];
                let end = number.find(|c: char| !is_part(c)).unwrap_or(number.len());
                let thousands = number[end..].starts_with(['k', 'K']);
                numbers.push(amount(&number[..end])? * if thousands { 1_000.0 } else { 1.0 });
                rest = &number[end..];
            }
            match numbers.as_slice() {
                [one] => Some((*one, *one)),
                [min, max] => Some((*min, *max)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A number with separators. The last separator is a decimal point unless three digits follow it: `1.234,50`, `52,000`.
fn amount(text: &str) -> Option<f64> {
    let text = text.trim_end_matches(['.', ',']);
    let decimals = text.rfind(['.', ',']).filter(|&place| text.len() - place != 4);
    let (whole, fraction) = decimals.map_or((text, ""), |place| (&text[..place], &text[place + 1..]));
    format!("{}.{fraction}0", whole.replace(['.', ','], "")).parse().ok()
}

fn unit_of(text: &str) -> Option<Unit> {
    let unit = text.trim().to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| unit.contains(word));
    Some(match unit.as_str() {
        "hur" | "h" | "pt1h" => Unit::Hours(1.0),
        "mon" | "p1m" => Unit::Hours(HOURS_PER_YEAR / MONTHS_PER_YEAR),
        "ann" | "p1y" => Unit::Hours(HOURS_PER_YEAR),
        "wee" | "p1w" => Unit::Hours(HOURS_PER_WEEK),
        "p1d" => Unit::Hours(HOURS_PER_DAY),
        _ if is(&["hour", "시급", "시간"]) => Unit::Hours(1.0),
        _ if is(&["day", "daily", "일급", "일당"]) => Unit::Hours(HOURS_PER_DAY),
        _ if is(&["week", "주급"]) => Unit::Hours(HOURS_PER_WEEK),
        _ if is(&["month", "월급"]) => Unit::Hours(HOURS_PER_YEAR / MONTHS_PER_YEAR),
        _ if is(&["year", "annual", "annum", "연봉", "년"]) => Unit::Hours(HOURS_PER_YEAR),
        _ if is(&["project", "fixed", "total", "건당"]) => Unit::Whole,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salary(salary: Value) -> Result<Option<Value>, ()> {
        budget(&json!({ "baseSalary": salary }))
    }

    fn hourly(min: impl Into<Option<i64>>, max: i64, currency: &str) -> Result<Option<Value>, ()> {
        let min: Option<i64> = min.into();
        Ok(Some(json!({"kind": "hourly", "min": min, "max": max, "currency": currency})))
    }

    #[test]
    fn a_salary_of_any_unit_is_a_budget_by_the_hour() {
        let monetary = |value: Value| json!({"@type": "MonetaryAmount", "currency": "USD", "value": value});
        assert_eq!(
            salary(monetary(json!({"minValue": 20, "maxValue": 30.5, "unitText": "HOUR"}))),
            hourly(2_000, 3_050, "USD")
        );
        assert_eq!(
            salary(monetary(json!({"minValue": "83,200", "maxValue": "104,000.00", "unitText": "YEAR"}))),
            hourly(4_000, 5_000, "USD")
        );
        assert_eq!(salary(monetary(json!([{"value": 400, "unitText": "per day"}]))), hourly(5_000, 5_000, "USD"));
        assert_eq!(salary(monetary(json!({"maxValue": 1_000, "unitCode": "WEE"}))), hourly(None, 2_500, "USD"));
        let won = json!({"currency": "krw", "value": {"value": "3,466,667 ~ 5,200,000원", "unitText": "월급"}});
        assert_eq!(salary(won), hourly(20_000, 30_000, "KRW"));
        let fixed = json!({"currency": "EUR", "value": 5_000, "unitText": "PROJECT"});
        assert_eq!(
            salary(fixed),
            Ok(Some(json!({"kind": "fixed", "min": 500_000, "max": 500_000, "currency": "EUR"})))
        );
    }

    #[test]
    fn the_first_salary_that_is_understood_counts() {
        let posting = json!({
            "salaryCurrency": "GBP",
            "baseSalary": "competitive",
            "estimatedSalary": [null, {"median": 40, "duration": "PT1H"}, {"median": 50, "duration": "PT1H"}],
        });
        assert_eq!(budget(&posting), hourly(4_000, 4_000, "GBP"));
    }

    #[test]
    fn a_salary_without_amount_currency_or_unit_is_none() {
        assert_eq!(salary(Value::Null), Ok(None));
        for odd in [
            json!("competitive"),
            json!(50_000),
            json!({"currency": "USD", "value": 50_000}),
            json!({"currency": "doubloons", "value": {"value": 5, "unitText": "HOUR"}}),
            json!({"currency": "USD", "value": {"minValue": 5, "unitText": "HOUR"}}),
            json!({"currency": "USD", "value": {"value": 0, "unitText": "HOUR"}}),
            json!({"currency": "USD", "value": {"value": 1e300, "unitText": "HOUR"}}),
            json!({"currency": "USD", "value": {"value": -5, "unitText": "HOUR"}}),
            json!({"currency": "USD", "value": {"value": "1 2 3", "unitText": "HOUR"}}),
        ] {
            assert_eq!(salary(odd.clone()), Err(()), "{odd}");
        }
    }

    #[test]
    fn separators_of_both_kinds_are_read() {
        for (text, expected) in [
            ("52000", 52_000.0),
            ("52,000", 52_000.0),
            ("52.000,50", 52_000.5),
            ("52,000.5", 52_000.5),
            ("12.50", 12.5),
        ] {
            assert_eq!(amount(text), Some(expected), "{text}");
        }
        assert_eq!(amounts(&json!("$50k–60K")), Some((50_000.0, 60_000.0)));
    }
}
