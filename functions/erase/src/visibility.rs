//! Withdraws the profile and the open projects of an account that is closing, and shows them again if it is kept.
//!
//! The state of the account decides, not the due item. So two items for one account lead to the same end in any order.

use domain::{event::Decided, freelancer::Freelancer, page::Limit, project::Project, values::AccountId};
use jiff::Timestamp;
use store::freelancers::FREELANCER;
use store::projects::PROJECT;
use store::{Listed, PageOf, Store, StoreError, Transaction};

use crate::Outcome;

/// A project that opens again is allowed whatever the bound of open projects is: it was counted before.
const NO_BOUND: u32 = u32::MAX;

/// # Errors
/// The store's.
pub(crate) async fn show_or_withdraw(
    store: &Store,
    account_id: AccountId,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    // Without an account, nothing is left to show.
    let Some(account) = store.account(account_id).await? else { return Ok(Outcome::Done) };
    let is_closing = account.erased_at.is_some();
    let mut after = None;
    loop {
        let page = PageOf { after, limit: Limit::LARGEST };
        let Listed { items, next_after } = store.list_projects_of(account_id, page, now).await?;
        for project in items {
            let decided = if is_closing { project.withdraw(now) } else { project.restore(now) };
            if let Some(decided) = decided
                && save_project(store, &project, &decided).await? == Outcome::Continue
            {
                return Ok(Outcome::Continue);
            }
        }
        after = next_after;
        if after.is_none() {
            break;
        }
    }
    if let Some(freelancer) = store.freelancer_to_change(account_id).await?
        && let Some(decided) = freelancer.set_withdrawn(is_closing, now)
        && save_freelancer(store, &freelancer, &decided).await? == Outcome::Continue
    {
        return Ok(Outcome::Continue);
    }
    // If the account was closed or kept meanwhile, the next run does it the other way.
    let is_same = store.account(account_id).await?.is_none_or(|now| now.erased_at == account.erased_at);
    Ok(if is_same { Outcome::Done } else { Outcome::Continue })
}

async fn save_project(store: &Store, before: &Project, decided: &Decided<Project>) -> Result<Outcome, StoreError> {
    store.open_projects(before.owner_id).await?;
    let mut transaction = Transaction::new();
    transaction.save_project(Some(before), decided, NO_BOUND)?;
    committed(store, transaction, PROJECT).await
}

async fn save_freelancer(
    store: &Store,
    before: &Freelancer,
    decided: &Decided<Freelancer>,
) -> Result<Outcome, StoreError> {
    let mut transaction = Transaction::new();
    transaction.save_freelancer(Some(before), decided)?;
    committed(store, transaction, FREELANCER).await
}

async fn committed(store: &Store, transaction: Transaction, record: &str) -> Result<Outcome, StoreError> {
    match store.commit(transaction).await {
        Err(lost) if lost.is_conflict_on(record) => Ok(Outcome::Continue),
        committed => committed.map(|()| Outcome::Done),
    }
}
