//! Limits: how often one caller may do what costs much or can be abused.
//!
//! [`table`] states every limit. A handler takes a token before it works:
//!
//! ```text
//! market.limits.take(Action::Write, caller.account(account_id), now).await?;
//! ```
//!
//! A caller without a token gets 429 `too_many_requests`. The tokens are in DynamoDB ([`store::buckets`]), so the
//! limits hold for all processes of a function together. Only writes and costly POSTs take tokens: a read costs nothing
//! extra, and the firewall in front of the API limits all requests of an address.

mod caller;
mod refusal;
mod sign_in;
pub mod table;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use runtime::Config;
use sha2::{Digest, Sha256};
use store::{
    Key, Store,
    buckets::{BucketSize, Taken},
    keys,
};

use self::table::LIMITS;
pub use self::{
    caller::{AddressPrefix, Caller, Who},
    sign_in::SignInAttempt,
    table::{Action, Limit, Per},
};
use crate::{ApiError, Code};

/// The limits of a deployment, with the store of their buckets.
#[derive(Debug, Clone)]
pub struct Limits {
    store: Store,
    account_factor: u32,
    address_factor: u32,
}

impl Limits {
    /// The limits of the table, multiplied by the factors of the configuration.
    pub fn new(store: Store, config: &Config) -> Self {
        Self { store, account_factor: config.account_limit_factor, address_factor: config.address_limit_factor }
    }

    /// Takes one token from every bucket that counts this action for this caller.
    ///
    /// While the store is busy, writes and rankings pass: their limits protect the store, and it answers for itself.
    /// Actions that try a secret are refused.
    ///
    /// # Errors
    /// 429 `too_many_requests` if one of the buckets is empty, or the store's.
    pub async fn take(&self, action: Action, who: Who<'_>, now: Timestamp) -> Result<(), ApiError> {
        for limit in LIMITS.iter().filter(|limit| limit.action == action) {
            if let Some(bucket) = self.bucket(limit, who) {
                match self.take_from(&bucket, now).await {
                    Err(refusal) if refusal.code() == Code::BUSY && matches!(action, Action::Write | Action::Rank) => {
                        tracing::warn!(limit = limit.name(), "a busy store lets a request pass its limit");
                    }
                    taken => taken?,
                }
            }
        }
        Ok(())
    }

    /// Gives a token back, so that an action that succeeded does not count. Only the buckets by account get one.
    ///
    /// # Errors
    /// The store's.
    pub async fn give_back(&self, action: Action, who: Who<'_>, now: Timestamp) -> Result<(), ApiError> {
        for limit in LIMITS.iter().filter(|limit| limit.action == action && limit.per == Per::Account) {
            if let Some(bucket) = self.bucket(limit, who) {
                self.store.return_token(&bucket.key, bucket.size, now).await?;
            }
        }
        Ok(())
    }

    async fn take_from(&self, bucket: &Bucket, now: Timestamp) -> Result<(), ApiError> {
        match self.store.take_token(&bucket.key, bucket.size, now).await? {
            Taken::Token => Ok(()),
            Taken::Empty(wait) => Err(refusal::too_many_requests(bucket.limit, bucket.size, wait)),
        }
    }

    /// The bucket of a caller; `None` if the limit counts by something that this caller does not have.
    fn bucket(&self, limit: &'static Limit, who: Who<'_>) -> Option<Bucket> {
        let address = who.caller.address().to_string();
        let (parts, factor) = match limit.per {
            Per::Account => ([who.account?, ""], self.account_factor),
            Per::Address => ([&*address, ""], self.address_factor),
            Per::AccountAtAddress => ([who.account?, &*address], self.account_factor),
        };
        let key = keys::bucket(&limit.name(), &hash(&parts));
        let size = BucketSize { burst: limit.burst.saturating_mul(factor), refill: limit.refill / factor };
        Some(Bucket { limit, key, size })
    }
}

/// The bucket of one limit and one caller.
#[derive(Debug)]
struct Bucket {
    limit: &'static Limit,
    key: Key,
    size: BucketSize,
}

/// SHA-256 over texts, each after its length. The buckets need equality alone, so they hold no address and no e-mail.
fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}
