//! Data that an earlier version wrote: brought into the present form when a market starts on it.
//!
//! The functions read both forms, so the market serves meanwhile, and an interrupted migration goes on at the next
//! start. A deployed market needs no migration: a record gets its new form when it changes, and `infra/repack` packs
//! the pools.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domain::listing::Listing;
use domain::page::Limit;
use domain::values::AccountId;
use emulator::private_files;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use store::freelancers::FREELANCER;
use store::projects::PROJECT;
use store::{Listed, PageOf, Store, StoreError};

use crate::filling::at_once::each;
use crate::{LocalMarket, repack};

/// The file in the data folder that says in which form the data are.
const MARKER: &str = "format";

/// The form that this version writes. Versions up to 0.1 wrote form 1 and no marker. Behind it the marker holds the
/// fingerprint of the synonyms under which lists and pools were keyed.
const FORMAT: u32 = 2;

/// How often a record is migrated anew after others have changed it.
const ATTEMPTS: u32 = 5;

/// What a market's data folder needs.
#[derive(Debug)]
pub(crate) struct Migration {
    marker: PathBuf,
    /// Freelancers are still one item each.
    splits: bool,
    /// Lists and pools have keys that this version would not make.
    rekeys: bool,
}

/// How much was migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Migrated {
    pub(crate) freelancers: u64,
    pub(crate) projects: u64,
}

impl Migration {
    /// Looks at a data folder before the market starts on it.
    ///
    /// # Errors
    /// A folder that cannot be read, or one that a later version wrote.
    pub(crate) fn of(data: &Path) -> anyhow::Result<Self> {
        let marker = data.join(MARKER);
        let (format, synonyms) = match std::fs::read_to_string(&marker) {
            Ok(text) => {
                let mut words = text.split_whitespace();
                let format = words.next().and_then(|word| word.parse().ok());
                let format = format.with_context(|| format!("{} holds no number", marker.display()))?;
                (format, words.next().map(str::to_owned))
            }
            Err(_) if is_empty(data) => (FORMAT, Some(synonyms())),
            Err(_) => (1, None),
        };
        if format > FORMAT {
            bail!("{} was written by a later version: form {format}, and this version knows {FORMAT}", data.display());
        }
        Ok(Self { marker, splits: format < FORMAT, rekeys: synonyms != Some(self::synonyms()) })
    }

    /// Migrates what is to be migrated; `None` if that is nothing. Shows its progress.
    ///
    /// # Errors
    /// The store's, and those of `stream`. What was done stays done.
    pub(crate) async fn run(self, market: &LocalMarket) -> anyhow::Result<Option<Migrated>> {
        let mut migrated = None;
        if self.rekeys {
            let store = market.store().await?;
            if self.splits {
                split_freelancers(&store).await?;
            }
            list_freelancers_again(&store).await?;
            list_projects_again(&store, market.clock().now()).await?;
            let freelancers = repack::collection(market, "freelancers").await?;
            let projects = repack::collection(market, "projects").await?;
            market.caught_up().await?;
            migrated = Some(Migrated { freelancers, projects });
        }
        private_files::write(&self.marker, format!("{FORMAT} {}\n", synonyms()))
            .with_context(|| format!("writing {}", self.marker.display()))?;
        Ok(migrated)
    }
}

/// The fingerprint of this version's synonyms, as the marker holds it.
fn synonyms() -> String {
    format!("{:08x}", vocabulary::fingerprint())
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

/// Repeats what lost a race against another change of the record.
async fn retried<T, F>(record: &str, attempt: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(lost) if lost.is_conflict_on(record) => {}
            done => return done,
        }
    }
    attempt().await
}

/// Enters each open project into its lists under their present keys.
async fn list_projects_again(store: &Store, now: Timestamp) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = PageOf { after, limit: Limit::LARGEST };
        let Listed { items, next_after } = store.list_projects(&Listing::All, page, now).await?;
        let done = each(items, |project| {
            let store = store.clone();
            async move {
                let id = project.id;
                let again = || async {
                    // Read again after a lost race. A project that was closed meanwhile is in no public list.
                    match store.project(id).await? {
                        Some(project) => store.list_project_again(&project).await,
                        None => Ok(()),
                    }
                };
                retried(PROJECT, again).await.with_context(|| format!("project {id}"))
            }
        });
        done.await?;
        after = next_after;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Enters each freelancer into its lists under their present keys.
async fn list_freelancers_again(store: &Store) -> anyhow::Result<()> {
    let again = |store: Store, id| async move {
        retried(FREELANCER, || store.list_freelancer_again(id)).await.with_context(|| format!("freelancer {id}"))
    };
    each_freelancer(store, "{pos} freelancers listed anew", again).await
}

/// Gives each freelancer's track record and work history items of their own.
async fn split_freelancers(store: &Store) -> anyhow::Result<()> {
    let split = |store: Store, id| async move {
        retried(FREELANCER, || store.split_freelancer(id)).await.with_context(|| format!("freelancer {id}"))?;
        Ok(())
    };
    each_freelancer(store, "{pos} freelancers brought into the present form", split).await
}

/// Does the same for every freelancer, a page at a time, and shows the progress.
async fn each_freelancer<F>(store: &Store, progress: &str, work: impl Fn(Store, AccountId) -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let progress = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(progress)?);
    let mut after = None;
    loop {
        let page = PageOf { after, limit: Limit::LARGEST };
        let Listed { items, next_after } = store.list_freelancer_ids(&Listing::All, page).await?;
        let done = each(items, |id| work(store.clone(), id)).await?;
        progress.inc(done.len() as u64);
        after = next_after;
        if after.is_none() {
            progress.finish_and_clear();
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_says_whether_data_are_to_be_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let needs = |folder: &Path| Migration::of(folder).map(|it| (it.splits, it.rekeys)).unwrap();
        assert_eq!(needs(&folder.path().join("absent")), (false, false));
        assert_eq!(needs(folder.path()), (false, false), "an empty folder");
        std::fs::write(folder.path().join("dynamodb.sqlite"), "").unwrap();
        assert_eq!(needs(folder.path()), (true, true), "without a marker");
        let mark = |text: &str| std::fs::write(folder.path().join(MARKER), text).unwrap();
        mark(&format!("2 {}\n", synonyms()));
        assert_eq!(needs(folder.path()), (false, false));
        mark("2 00000000\n");
        assert_eq!(needs(folder.path()), (false, true), "under other synonyms");
        mark("3\n");
        assert!(Migration::of(folder.path()).unwrap_err().to_string().contains("a later version: form 3"));
    }
}
