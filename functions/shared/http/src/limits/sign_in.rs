//! The limits of sign-in: a guesser is slowed down, and the owner of an account still gets in.
//!
//! Three buckets count tries, and a right password gives its tokens back, so that they count wrong passwords in effect:
//!
//! - by address: one machine that tries many accounts;
//! - by account and address: one machine that tries many passwords of one account;
//! - by account: many machines that try passwords of one account. This bucket alone could lock the owner out. So it
//!   does not count tries from an address of an earlier sign-in to this account, or with a session that the account has
//!   had. Strangers cannot use up the tries of such an owner.
//!
//! The e-mail address stands for the account, whether there is one or not. So the limits do not tell which is true.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Condition, Key, Transaction, keys};

use super::{Action, Bucket, Limits, Per, hash, table::LIMITS};
use crate::{ApiError, limits::Caller};

/// How long an address stays known after the last sign-in from it.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A known address is written again only after this time, so that most sign-ins need no write for it.
const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The mark of a known address.
#[derive(Serialize, Deserialize)]
struct KnownAddress {
    /// The expiry in Unix seconds, which DynamoDB's time to live reads.
    expires_at: i64,
}

/// A password that may be checked. Call [`SignInAttempt::succeeded`] if it is right.
#[derive(Debug)]
#[must_use = "a right password gives its tokens back"]
pub struct SignInAttempt {
    limits: Limits,
    taken: Vec<Bucket>,
    /// The mark to write if the password is right.
    mark: Option<Key>,
    now: Timestamp,
}

impl Limits {
    /// Takes the tokens of one try to sign in to the account of an e-mail address. `email_key` is the key of the
    /// address. `device` is the id of an earlier session of this account whose token the caller has proved to hold.
    ///
    /// # Errors
    /// 429 `too_many_requests`, or the store's.
    pub async fn attempt_sign_in(
        &self,
        email_key: &str,
        caller: &Caller,
        device: Option<&str>,
        now: Timestamp,
    ) -> Result<SignInAttempt, ApiError> {
        let place = device.map_or_else(|| caller.address().to_string(), |device| format!("session {device}"));
        let mark = keys::known_address(&hash(&[email_key, &place]));
        let known = self.store.get::<KnownAddress>(&mark).await?;
        let known_until = known.map_or(i64::MIN, |known| known.expires_at);
        let is_known = device.is_some() || known_until > now.as_second();
        let mut taken = Vec::new();
        for limit in LIMITS.iter().filter(|limit| limit.action == Action::SignIn) {
            if limit.per == Per::Account && is_known {
                continue;
            }
            let Some(mut bucket) = self.bucket(limit, caller.account(email_key)) else { continue };
            if limit.per == Per::AccountAtAddress {
                bucket.key = keys::bucket(&limit.name(), &hash(&[email_key, &place]));
            }
            self.take_from(&bucket, now).await?;
            if limit.per != Per::Address {
                taken.push(bucket);
            }
        }
        let renewed_at = now.as_second().saturating_add((KNOWN_FOR - RENEWED_AFTER).as_secs());
        let mark = (device.is_none() && known_until < renewed_at).then_some(mark);
        Ok(SignInAttempt { limits: self.clone(), taken, mark, now })
    }
}

impl SignInAttempt {
    /// Notes that the password was right: the address is known now, and the tokens of the account come back.
    ///
    /// # Errors
    /// The store's.
    pub async fn succeeded(self) -> Result<(), ApiError> {
        let Self { limits, taken, mark, now } = self;
        for bucket in taken {
            limits.store.return_token(&bucket.key, bucket.size, now).await?;
        }
        if let Some(mark) = mark {
            let known = KnownAddress { expires_at: now.as_second().saturating_add(KNOWN_FOR.as_secs()) };
            let mut transaction = Transaction::new();
            transaction.put("known address", mark, &known, Condition::Always)?;
            limits.store.commit(transaction).await?;
        }
        Ok(())
    }
}
