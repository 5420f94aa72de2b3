//! What a client will pay: a range, by the hour or for the whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Field, Object, Place, Refusal, Rule};
use crate::values::{Currency, MAX_AMOUNT};

/// What the range is for.
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

impl BudgetKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Fixed => "fixed",
        }
    }
}

/// A range of prices, `min` ≤ `max`, both 0 to [`MAX_AMOUNT`] minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    kind: BudgetKind,
    min: i64,
    max: i64,
    currency: Currency,
}

impl Budget {
    /// A budget; `None` unless 0 ≤ `min` ≤ `max` ≤ [`MAX_AMOUNT`].
    pub fn new(kind: BudgetKind, min: i64, max: i64, currency: Currency) -> Option<Self> {
        (0 <= min && min <= max && max <= MAX_AMOUNT).then_some(Self { kind, min, max, currency })
    }

    /// By the hour or for the whole.
    pub fn kind(self) -> BudgetKind {
        self.kind
    }

    /// The least the client offers, in minor units.
    pub fn min(self) -> i64 {
        self.min
    }

    /// The most the client pays, in minor units.
    pub fn max(self) -> i64 {
        self.max
    }

    /// The currency of both ends.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

/// What a client will pay: a range, by the hour or for the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Budget, example = json!({"kind": "hourly", "min": 30000, "max": 60000, "currency": "KRW"}))]
pub struct BudgetInput {
    /// What the range is for.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = BudgetKind, required)]
    pub kind: Field<String>,
    /// The least the client offers, in minor units.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = i64, required, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub min: Field<i64>,
    /// The most the client pays, in minor units; at least `min`.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = i64, required, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub max: Field<i64>,
    /// An active ISO 4217 currency code, in capitals.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, pattern = "^[A-Z]{3}$")]
    pub currency: Field<String>,
}

impl BudgetInput {
    /// Reads an optional budget: `None` where it is absent or null, or after noting what is wrong.
    pub fn read(field: &Field<Object<Self>>, mut place: Place<'_>) -> Option<Budget> {
        let Object(input) = field.optional(&mut place)?;
        let kind = input.kind.parse_required(place.member("kind"));
        let min = input.min.number_required(0, MAX_AMOUNT, place.member("min"));
        let max = input.max.number_required(0, MAX_AMOUNT, place.member("max"));
        let currency = input.currency.parse_required(place.member("currency"));
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            place.member("max").refuse(Refusal::new(Rule::MinAboveMax, "must not be less than min"));
            return None;
        }
        Some(Budget { kind: kind?, min: min?, max: max?, currency: currency? })
    }

    /// This patch laid over `base`, member by member (RFC 7396).
    pub fn over(self, base: Self) -> Self {
        Self {
            kind: self.kind.or(base.kind),
            min: self.min.or(base.min),
            max: self.max.or(base.max),
            currency: self.currency.or(base.currency),
        }
    }
}

impl From<Budget> for BudgetInput {
    fn from(budget: Budget) -> Self {
        Self {
            kind: Field::Value(budget.kind.as_str().to_owned()),
            min: Field::Value(budget.min),
            max: Field::Value(budget.max),
            currency: Field::Value(budget.currency.code().to_owned()),
        }
    }
}
