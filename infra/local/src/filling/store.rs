//! The store behind a running market: for histories, which no request may claim for itself, and for imports.
//!
//! Everything written here passes the same rules, in the same transactions, as what a function writes.

use anyhow::Context;
use platform::{Config, Store};

use crate::LocalMarket;

/// Opens the store of a running market.
///
/// # Errors
/// When the market's template lacks one of the three tables.
pub(crate) async fn open(market: &LocalMarket) -> anyhow::Result<Store> {
    let table = |variable: &str| {
        let logical_id = match variable {
            "MARKET_TABLE" => "MarketTable",
            "LIVE_TABLE" => "LiveTable",
            "CREDENTIALS_TABLE" => "CredentialsTable",
            _ => return None,
        };
        market.table(logical_id).map(str::to_owned)
    };
    for variable in ["MARKET_TABLE", "LIVE_TABLE", "CREDENTIALS_TABLE"] {
        table(variable).with_context(|| format!("the template has no table for {variable}"))?;
    }
    Ok(Store::at(&market.dynamodb_url, &Config::read(table)?).await)
}
