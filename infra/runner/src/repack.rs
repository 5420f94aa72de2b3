//! Has every record of a market packed anew for matching, as `infra/repack` does with a deployed one.

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::{LocalMarket, Outcome};

/// Has both collections packed. Gives how many records were packed.
///
/// # Errors
/// As [`collection`].
pub(crate) async fn everything(market: &LocalMarket) -> anyhow::Result<u64> {
    Ok(collection(market, "freelancers").await? + collection(market, "projects").await?)
}

/// Asks `stream` until all records of a collection are packed. Gives their number, and shows its progress.
///
/// # Errors
/// A failure of `stream`.
pub(crate) async fn collection(market: &LocalMarket, collection: &str) -> anyhow::Result<u64> {
    let (mut packed, mut after) = (0, Value::Null);
    let progress = ProgressBar::new_spinner()
        .with_style(ProgressStyle::with_template("{pos} {msg} packed anew")?)
        .with_message(collection.to_owned());
    loop {
        let event = json!({"repack": collection, "after": after}).to_string();
        let answer: Value = match market.invoke("stream", event.into()).await? {
            Outcome::Answered(answer) => serde_json::from_slice(&answer)?,
            Outcome::Failed(error) => bail!("stream failed: {}", String::from_utf8_lossy(&error)),
            Outcome::Throttled | Outcome::TooLarge => bail!("stream could not be started"),
        };
        packed += answer["packed"].as_u64().unwrap_or_default();
        progress.set_position(packed);
        after = answer["next"].clone();
        if after.is_null() {
            progress.finish_and_clear();
            return Ok(packed);
        }
    }
}
