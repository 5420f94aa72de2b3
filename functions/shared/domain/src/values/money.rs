//! Money: a whole number of minor units of a currency. Never a fraction, never converted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::validation::{Field, Object, Place};
use crate::values::Currency;

/// The largest amount, in minor units.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// A price: 0 to [`MAX_AMOUNT`] minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

impl Money {
    /// The price of `amount` minor units; `None` outside 0..=[`MAX_AMOUNT`].
    pub fn new(amount: i64, currency: Currency) -> Option<Self> {
        (0..=MAX_AMOUNT).contains(&amount).then_some(Self { amount, currency })
    }

    /// Minor units: cents of EUR, won of KRW.
    pub fn amount(self) -> i64 {
        self.amount
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

/// An amount of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Money, example = json!({"amount": 45000, "currency": "KRW"}))]
pub struct MoneyInput {
    /// Minor units of the currency: cents of EUR, won of KRW.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = i64, required, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount: Field<i64>,
    /// An active ISO 4217 currency code, in capitals.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    #[schema(value_type = String, required, pattern = "^[A-Z]{3}$")]
    pub currency: Field<String>,
}

impl MoneyInput {
    /// Reads optional money: `None` where it is absent or null, or after noting what is wrong.
    pub fn read(field: &Field<Object<Self>>, mut place: Place<'_>) -> Option<Money> {
        let Object(input) = field.optional(&mut place)?;
        let amount = input.amount.number_required(0, MAX_AMOUNT, place.member("amount"));
        let currency = input.currency.parse_required(place.member("currency"));
        Some(Money { amount: amount?, currency: currency? })
    }
}

impl From<Money> for MoneyInput {
    fn from(money: Money) -> Self {
        Self { amount: Field::Value(money.amount), currency: Field::Value(money.currency.code().to_owned()) }
    }
}
