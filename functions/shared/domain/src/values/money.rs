//! Money: a whole number of minor units of a currency. Amounts are never fractions and never converted.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::validation::{Field, FromJson, Object};
use crate::values::{Amount, Currency};

/// The largest amount, in minor units.
pub const MAX_AMOUNT: i64 = Amount::MAX;

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"amount": 45000, "currency": "KRW"}))]
pub struct Money {
    /// Minor units of the currency: cents of EUR, won of KRW.
    amount: Amount,
    /// The currency.
    currency: Currency,
}

impl Money {
    /// The price of `amount` minor units; `None` outside 0..=[`MAX_AMOUNT`].
    pub fn new(amount: i64, currency: Currency) -> Option<Self> {
        Some(Self { amount: Amount::new(amount)?, currency })
    }

    /// Minor units: cents of EUR, won of KRW.
    pub fn amount(self) -> i64 {
        self.amount.get()
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

impl FromJson for Money {
    fn from_json(value: &Value, field: Field<'_>) -> Option<Self> {
        let mut object = Object::of(value, field)?;
        let (amount, currency) = (object.required("amount"), object.required("currency"));
        Some(Self { amount: amount?, currency: currency? })
    }
}
