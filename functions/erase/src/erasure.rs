//! Erases an account everywhere.
//!
//! The order decides: what lets a person in goes first, and what leads to the rest goes after the rest. So a run that
//! ends early can be continued: the projects are found by their owner's list, the login by the account's address, and
//! the account itself goes last. `stream` removes the rows of the pools, because it sees the records go.
//!
//! Three kinds of items go by themselves, because they expire: letters, the permits of letters' links and idempotency
//! records, all within a day. A pool keeps the tombstone of a record, its id and a time, for thirty days.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    page::Limit,
    values::{AccountId, Email},
};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::keys::{self, Collection, Facet};
use store::{Condition, Key, Listed, PageOf, Partition, Slice, Store, StoreError, Transaction, due::Due};

use crate::Outcome;

/// The labels of the deletions.
const OWN: &str = "own item";
const ACCOUNT: &str = "account";

/// # Errors
/// The store's.
pub(crate) async fn erase(store: &Store, due: &Due) -> Result<Outcome, StoreError> {
    let Due { at, account_id, .. } = *due;
    // The account was kept, or was closed again later. If it is gone, an earlier run came nearly to its end.
    if store.account(account_id).await?.is_some_and(|account| account.erased_at != Some(at)) {
        return Ok(Outcome::Done);
    }
    store.erase_sessions(account_id).await?;
    erase_login(store, account_id).await?;
    erase_passkeys(store, account_id).await?;
    erase_identities(store, account_id).await?;
    erase_market(store, account_id).await?;
    keep_what_the_law_asks();
    let credentials = keys::account_email(account_id);
    store.erase_partition(&Partition::new(credentials.table(), credentials.pk), |_| true).await?;
    let mut transaction = Transaction::new();
    transaction.delete(ACCOUNT, keys::account(account_id), Condition::Always);
    store.commit(transaction).await?;
    tracing::info!("erased an account");
    Ok(Outcome::Done)
}

/// The place for what must be kept although the account is erased, such as contracts and payments: nothing yet. The
/// audit trail stays: nobody may delete a row of it, and it names the account by its id and networks by pseudonyms.
fn keep_what_the_law_asks() {}

/// Frees the address, so that it may register anew.
async fn erase_login(store: &Store, account_id: AccountId) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Address {
        email: Email,
    }
    let address: Option<Address> = store.get(&keys::account_email(account_id)).await?;
    let Some(Address { email }) = address else { return Ok(()) };
    for key in [Some(email.key()), email.legacy_key()].into_iter().flatten() {
        delete_own(store, keys::email(&key), account_id).await?;
    }
    Ok(())
}

/// Removes what leads from an authenticator to the account, and then the passkeys.
async fn erase_passkeys(store: &Store, account_id: AccountId) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Passkey {
        credential_id: String,
    }
    let passkeys = keys::passkeys_of(account_id);
    for Passkey { credential_id } in store.query(&passkeys, Slice::ALL).await? {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(credential_id));
        delete_own(store, keys::passkey_owner(&hash), account_id).await?;
    }
    store.erase_partition(&passkeys, |_| true).await
}

/// Removes what leads from an account at a provider to this one.
async fn erase_identities(store: &Store, account_id: AccountId) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Identities {
        linked: Vec<Identity>,
    }
    #[derive(Deserialize)]
    struct Identity {
        provider: String,
        subject: String,
    }
    let identities: Option<Identities> = store.get(&keys::identities(account_id)).await?;
    for Identity { provider, subject } in identities.map(|it| it.linked).unwrap_or_default() {
        delete_own(store, keys::identity(&provider, &subject), account_id).await?;
    }
    Ok(())
}

/// Deletes an item that belongs to the account. It may belong to a new account by now, if an earlier run deleted it.
async fn delete_own(store: &Store, key: Key, account_id: AccountId) -> Result<(), StoreError> {
    let mut transaction = Transaction::new();
    transaction.delete(OWN, key, Condition::text("account_id", account_id.to_string()));
    match store.commit(transaction).await {
        Err(gone) if gone.is_conflict_on(OWN) => Ok(()),
        committed => committed,
    }
}

async fn erase_market(store: &Store, account_id: AccountId) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = PageOf { after, limit: Limit::LARGEST };
        let Listed { items, next_after } = store.list_projects_of(account_id, page, Timestamp::MAX).await?;
        for project in &items {
            store.erase_project(project).await?;
        }
        after = next_after;
        if after.is_none() {
            break;
        }
    }
    // Entries whose projects are gone.
    let owner = account_id.to_string();
    store.erase_partition(&keys::list(Collection::Projects, Facet::Owner(&owner)), |_| true).await?;
    let freelancer = store.freelancer_to_change(account_id).await?;
    store.erase_from_market(account_id, freelancer.as_ref()).await
}
