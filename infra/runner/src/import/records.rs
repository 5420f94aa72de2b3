//! Accounts, freelancers and projects as an import writes them.

use std::sync::Arc;

use accounts::import::SharedPassword;
use domain::account::Account;
use domain::freelancer::{Freelancer, FreelancerProfile, TrackRecord, WorkHistory};
use domain::project::{Project, ProjectBrief};
use domain::validation::{Violations, read};
use domain::values::{AccountId, Email, ProjectId};
use indicatif::ProgressBar;
use jiff::Timestamp;
use serde_json::Value;
use store::{Store, StoreError, Transaction};

use crate::LocalMarket;
use crate::filling::at_once::each;

/// Everything that an import writes, oldest first.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) members: Vec<Member>,
    pub(super) postings: Vec<Posting>,
}

/// An account.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) account: Account,
    pub(super) email: Email,
    /// `None` for an account that only posts projects.
    pub(super) talent: Option<Talent>,
}

/// The part of an account that makes it a freelancer.
#[derive(Debug)]
pub(super) struct Talent {
    pub(super) profile: FreelancerProfile,
    /// The history that the other market knows. `None` if it knows none.
    pub(super) past: Option<(TrackRecord, WorkHistory)>,
    /// When the freelancer came.
    pub(super) since: Timestamp,
}

/// A project.
#[derive(Debug)]
pub(super) struct Posting {
    pub(super) id: ProjectId,
    pub(super) owner_id: AccountId,
    pub(super) brief: ProjectBrief,
    pub(super) created_at: Timestamp,
}

/// How many records were written, and how many the market had already.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) new: usize,
    pub(super) existing: usize,
}

/// The profile that a request with this body would save.
///
/// # Errors
/// Every rule that the body breaks, as a sentence.
pub(super) fn profile(body: &Value) -> Result<FreelancerProfile, String> {
    read(body).map_err(|violations| sentence(&violations))
}

/// The brief that a request with this body would have posted at `created_at`.
///
/// # Errors
/// Every rule that the body breaks, as a sentence.
pub(super) fn brief(body: &Value, created_at: Timestamp) -> Result<ProjectBrief, String> {
    ProjectBrief::of_new(body, created_at).map_err(|violations| sentence(&violations))
}

fn sentence(violations: &Violations) -> String {
    let wrong = violations.as_slice().iter();
    let wrong = wrong.map(|violation| format!("{} {}", violation.pointer.trim_start_matches('/'), violation.detail));
    wrong.collect::<Vec<_>>().join("; ")
}

impl Records {
    /// Writes everything into a market, several records at once. The bar moves by one for each record.
    ///
    /// # Errors
    /// The store's, or a record that breaks a rule of the market.
    pub(super) async fn write(
        self,
        market: &LocalMarket,
        password: SharedPassword,
        bar: &ProgressBar,
    ) -> anyhow::Result<Written> {
        let store = market.store().await?;
        let (password, now) = (Arc::new(password), market.clock().now());
        let members =
            each(self.members, |member| add_member(store.clone(), password.clone(), member, now, bar.clone())).await?;
        let postings = each(self.postings, |posting| add_posting(store.clone(), posting, bar.clone())).await?;
        let all = members.len() + postings.len();
        let new = members.into_iter().chain(postings).filter(|is_new| *is_new).count();
        Ok(Written { new, existing: all - new })
    }
}

/// Returns whether the member is new.
async fn add_member(
    store: Store,
    password: Arc<SharedPassword>,
    member: Member,
    now: Timestamp,
    bar: ProgressBar,
) -> anyhow::Result<bool> {
    let Member { account, email, talent } = member;
    let mut transaction = Transaction::new();
    password.open_account(&mut transaction, &account, &email)?;
    let Some(talent) = talent else {
        return finish(store.commit(transaction).await, &bar);
    };
    let introduced = Freelancer::introduce(account.id, account.display_name, talent.profile, talent.since);
    transaction.save_freelancer(None, &introduced)?;
    let is_new = is_new(store.commit(transaction).await)?;
    if let Some((record, history)) = talent.past {
        // The present time, because this market learns of the history now.
        let past = introduced.state.replace_past(record, history, now);
        let mut transaction = Transaction::new();
        transaction.save_past(&introduced.state.track_record, &past)?;
        self::is_new(store.commit(transaction).await)?;
    }
    bar.inc(1);
    Ok(is_new)
}

/// Returns whether the project is new.
async fn add_posting(store: Store, posting: Posting, bar: ProgressBar) -> anyhow::Result<bool> {
    let posted = Project::post(posting.id, posting.owner_id, posting.brief, posting.created_at);
    // An import may exceed the bound of open projects, but its projects are counted.
    store.open_projects(posting.owner_id).await?;
    let mut transaction = Transaction::new();
    transaction.save_project(None, &posted, u32::MAX)?;
    finish(store.commit(transaction).await, &bar)
}

fn finish(committed: Result<(), StoreError>, bar: &ProgressBar) -> anyhow::Result<bool> {
    let is_new = is_new(committed)?;
    bar.inc(1);
    Ok(is_new)
}

/// Whether a commit wrote something. A conflict means that an earlier import has written the same.
fn is_new(committed: Result<(), StoreError>) -> anyhow::Result<bool> {
    match committed {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
