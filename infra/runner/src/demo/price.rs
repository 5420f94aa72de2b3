//! Prices of the demo market: set in US dollars, and rounded in the currency of the country.

use serde_json::{Value, json};

/// Minor units of `currency` worth about `usd` US dollars, in whole thousands of won, whole dollars or whole euros.
pub(crate) fn minor_units(usd: i64, currency: &str) -> i64 {
    match currency {
        "KRW" => usd * 1_000,
        "EUR" => usd * 92 / 100 * 100,
        _ => usd * 100,
    }
}

/// A price as the API takes it.
pub(crate) fn of_usd(usd: i64, currency: &str) -> Value {
    json!({"amount": minor_units(usd, currency), "currency": currency})
}
