//! Packing anew: the rows of all records as they are now, when a pool was lost, or is to be packed in another way.
//!
//! ```text
//! {"repack": "freelancers", "after": null}     asked for by hand: `infra/repack` asks until all is done
//! {"packed": 4200, "next": "01JD8ZB7M4…"}      next: what to send as `after`; null when all is done
//! ```
//!
//! Rows go into the feed as any change does, so matches go on meanwhile, and repeating it changes nothing. Who is in a
//! pool but no longer in the market stays there: to be rid of them, empty the pool's table first.

use std::time::Duration;

use domain::listing::Listing;
use domain::page::Limit;
use jiff::Timestamp;
use pool::Row;
use serde::{Deserialize, Serialize};
use store::keys::Collection;
use store::{Listed, PageOf};
use store::{Store, StoreError};
use ulid::Ulid;

use crate::change::{freelancer_row, project_row};

/// How long one call packs before it hands back the rest: well within the function's 30 s.
pub(crate) const BUDGET: Duration = Duration::from_secs(10);

/// The most records that are packed in a second. Whoever ranks reads the changes of the last 15 s four times a second,
/// so a flood of them would take the reads that the feed's partition has: at this rate that is an eighth of them for
/// each.
const RECORDS_PER_SECOND: u32 = 100;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repack {
    repack: Which,
    /// Go on behind this record; from the newest on if there is none.
    #[serde(default)]
    after: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    Freelancers,
    Projects,
}

/// How far it got.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Repacked {
    /// How many records this call has packed.
    pub(crate) packed: usize,
    /// What to send as `after`; `None` when all is done.
    pub(crate) next: Option<String>,
}

/// Why it ended before its time. What was packed before stays, and the same call may be made again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RepackError {
    #[error("`after` is none of what `next` said")]
    After,
    #[error("the store did not give or take the rows")]
    Store(#[from] StoreError),
}

/// How long so many records are to take.
pub(crate) fn pace(records: usize) -> Duration {
    Duration::from_secs(records as u64) / RECORDS_PER_SECOND
}

impl Repack {
    pub(crate) fn collection(&self) -> Collection {
        match self.repack {
            Which::Freelancers => Collection::Freelancers,
            Which::Projects => Collection::Projects,
        }
    }

    /// Where to go on.
    ///
    /// # Errors
    /// [`RepackError::After`].
    pub(crate) fn after(&self) -> Result<Option<Ulid>, RepackError> {
        self.after.as_deref().map(Ulid::from_string).transpose().map_err(|_| RepackError::After)
    }

    /// The rows of the page behind a record, and where the next page begins.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn page(
        &self,
        store: &Store,
        after: Option<Ulid>,
        now: Timestamp,
    ) -> Result<(Vec<Row>, Option<Ulid>), RepackError> {
        let page = PageOf { after, limit: Limit::LARGEST };
        match self.repack {
            Which::Freelancers => {
                let Listed { items, next_after } = store.list_freelancer_ids(&Listing::All, page).await?;
                let talents = store.talents(&items).await?.into_values();
                let row = |talent: Result<_, StoreError>| talent.map(|(it, history)| freelancer_row(&it, &history));
                Ok((talents.map(row).collect::<Result<_, _>>()?, next_after))
            }
            Which::Projects => {
                let Listed { items, next_after } = store.list_projects(&Listing::All, page, now).await?;
                Ok((items.iter().map(|project| project_row(project, now)).collect(), next_after))
            }
        }
    }
}
