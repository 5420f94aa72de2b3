//! Packs all records again, when a pool was lost or the row format has changed.
//!
//! ```text
//! {"repack": "freelancers", "after": null}     an invocation; `infra/repack` repeats it until all records are packed
//! {"packed": 4200, "next": "01JD8ZB7M4…"}      the answer; send `next` as the next `after`; null at the end
//! ```
//!
//! Rows go into the feed like those of any change, so matches continue meanwhile, and a repetition changes nothing. A
//! row whose record no longer exists stays in the pool. To remove such rows, empty the pool's table first.

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

/// The longest packing of one call, well within the function's 30 s.
pub(crate) const BUDGET: Duration = Duration::from_secs(10);

/// The most records that are packed in a second. Readers read the changes of the last 15 s four times a second, so a
/// flood of changes would use up the read capacity of the feed's partition. At this rate, each reader uses an eighth of
/// it.
const RECORDS_PER_SECOND: u32 = 100;

/// A request to pack records again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repack {
    repack: Which,
    /// Continues after this record. `None`: starts with the newest record.
    #[serde(default)]
    after: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    Freelancers,
    Projects,
}

/// The progress of one call.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Repacked {
    /// The number of records that this call has packed.
    pub(crate) packed: usize,
    /// The value of `after` for the next call; `None` when all records are packed.
    pub(crate) next: Option<String>,
}

/// Why a call ended early. The rows that it has packed stay, and the same call may be repeated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RepackError {
    #[error("`after` is not a value of `next`")]
    After,
    #[error("the store could not read or write the rows")]
    Store(#[from] StoreError),
}

/// The shortest time for packing this many records.
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

    /// The record after which packing continues.
    ///
    /// # Errors
    /// [`RepackError::After`].
    pub(crate) fn after(&self) -> Result<Option<Ulid>, RepackError> {
        self.after.as_deref().map(Ulid::from_string).transpose().map_err(|_| RepackError::After)
    }

    /// The rows of the page after a record, and the position of the next page.
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
                let row =
                    |talent: Result<_, StoreError>| talent.map(|(it, history)| freelancer_row(&it, &history, now));
                Ok((talents.map(row).collect::<Result<_, _>>()?, next_after))
            }
            Which::Projects => {
                let Listed { items, next_after } = store.list_projects(&Listing::All, page, now).await?;
                Ok((items.iter().map(|project| project_row(project, now)).collect(), next_after))
            }
        }
    }
}
