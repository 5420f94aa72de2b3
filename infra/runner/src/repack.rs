//! Has every record of a market packed anew for matching, as `infra/repack` does with a deployed one.

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::{LocalMarket, Outcome};

/// Asks `stream` until all is done. Gives how many records were packed, and says so as it goes on.
pub(crate) async fn everything(market: &LocalMarket) -> anyhow::Result<u64> {
    let mut packed = 0;
    let progress = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{pos} records packed anew")?);
    for collection in ["freelancers", "projects"] {
        let mut after = Value::Null;
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
                break;
            }
        }
    }
    progress.finish_and_clear();
    Ok(packed)
}
