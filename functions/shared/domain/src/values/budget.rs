//! Budgets of projects.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::validation::{Field, FromJson, Object, Refusal, Rule};
use crate::values::{Amount, Currency};

/// The work that a budget pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetKind {
    /// One hour.
    Hourly,
    /// The whole project.
    Fixed,
}

impl std::str::FromStr for BudgetKind {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "hourly" => Ok(Self::Hourly),
            "fixed" => Ok(Self::Fixed),
            _ => Err(Refusal::new(Rule::UnknownValue, "must be hourly or fixed")),
        }
    }
}

/// The client's budget, by the hour or for the whole: a range, or an upper limit alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "hourly", "min": 30000, "max": 60000, "currency": "KRW"}))]
pub struct Budget {
    /// Whether the budget pays for an hour or for the project.
    kind: BudgetKind,
    /// The least the client offers, in minor units of the currency. Null or left out if there is no lower limit.
    #[serde(default)]
    min: Option<Amount>,
    /// The most the client pays, in minor units of the currency. At least `min`.
    max: Amount,
    /// The currency of both.
    currency: Currency,
}

impl Budget {
    /// A budget. `None` unless 0 ≤ `min` ≤ `max` ≤ [`MAX_AMOUNT`](super::MAX_AMOUNT).
    pub fn new(kind: BudgetKind, min: Option<i64>, max: i64, currency: Currency) -> Option<Self> {
        let max = Amount::new(max)?;
        let min = match min {
            Some(min) => Some(Amount::new(min).filter(|min| *min <= max)?),
            None => None,
        };
        Some(Self { kind, min, max, currency })
    }

    /// Whether the budget pays for one hour or for the whole project.
    pub fn kind(self) -> BudgetKind {
        self.kind
    }

    /// The least the client offers, in minor units; `None` if there is no lower limit.
    pub fn min(self) -> Option<i64> {
        self.min.map(Amount::get)
    }

    /// The most the client pays, in minor units.
    pub fn max(self) -> i64 {
        self.max.get()
    }

    /// The currency of both ends.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

impl FromJson for Budget {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut object = Object::of(value, field)?;
        let kind = object.required("kind");
        let min: Option<Amount> = object.optional("min");
        let max: Option<Amount> = object.required("max");
        let currency = object.required("currency");
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            object.refuse("max", Refusal::new(Rule::MinAboveMax, "must not be less than min"));
            return None;
        }
        Some(Self { kind: kind?, min, max: max?, currency: currency? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validation::read;

    #[test]
    fn the_lower_limit_may_be_left_out() {
        let fixed = json!({"kind": "fixed", "max": 1000.0, "currency": "KRW"});
        let expected = Budget::new(BudgetKind::Fixed, None, 1_000, "KRW".parse().unwrap()).unwrap();
        assert_eq!(read::<Budget>(&fixed), Ok(expected));
        assert_eq!(read(&serde_json::to_value(expected).unwrap()), Ok(expected));
    }

    #[test]
    fn the_lower_limit_is_not_above_the_upper_one() {
        assert_eq!(Budget::new(BudgetKind::Fixed, Some(2), 1, "KRW".parse().unwrap()), None);
        let wrong = read::<Budget>(&json!({"kind": "fixed", "min": 2, "max": 1, "currency": "KRW"})).unwrap_err();
        assert_eq!(wrong.as_slice()[0].pointer, "/max");
    }
}
