//! The second factor: one-time codes of an authenticator app (RFC 6238), and recovery codes for a lost one.

mod handlers;
mod recovery;
mod totp;

use domain::{account::Role, values::AccountId};
use http_api::{
    ApiError,
    limits::{Action, Who},
};
use jiff::Timestamp;
use runtime::entropy::NoEntropy;
use sealing::Sealer;
use serde::{Deserialize, Serialize};
use store::{Condition, Store, StoreError, Transaction, keys};
use utoipa::ToSchema;

pub(crate) use self::handlers::{
    __path_add_totp, __path_confirm_totp, __path_make_recovery_codes, __path_remove_totp, InvalidCode, add_totp,
    confirm_totp, invalid_code, make_recovery_codes, remove_totp,
};
use self::totp::Totp;
use crate::{Accounts, raw_text::RawText};

/// The label of a standing's write. A conflict on it means that another request used a code or changed the factor.
pub(crate) const STANDING: &str = "standing";

/// A proof by the password alone, as the audit trail names it.
pub(crate) const PASSWORD: &str = "password";

/// An account's role and second factor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Standing {
    #[serde(default)]
    pub(crate) role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    totp: Option<Totp>,
    /// The hashes of the recovery codes that are left.
    #[serde(default)]
    recovery_codes: Vec<String>,
    /// Grows with every write. 0: not written yet.
    #[serde(default)]
    version: u64,
}

/// A second factor without its secrets, for the account's export.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SecondFactorExport {
    /// Whether signing in takes a code.
    is_confirmed: bool,
    /// The time of the last code that was used; null if none was.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

impl Standing {
    /// The second factor without its secrets; `None` if there is none.
    pub(crate) fn exported(&self) -> Option<SecondFactorExport> {
        let totp = self.totp.as_ref()?;
        Some(SecondFactorExport {
            is_confirmed: totp.is_confirmed,
            last_used_at: totp.last_used_at(),
            recovery_codes_left: self.recovery_codes.len(),
        })
    }

    /// Reads the standing of an account. An account without one is a member without a second factor.
    ///
    /// # Errors
    /// As [`store::Store::get`].
    pub(crate) async fn read(accounts: &Accounts, account_id: AccountId) -> Result<Self, ApiError> {
        Ok(Self::of(&accounts.store, account_id).await?)
    }

    /// As [`Standing::read`], for programs that have no handler's state.
    ///
    /// # Errors
    /// As [`store::Store::get`].
    pub(crate) async fn of(store: &Store, account_id: AccountId) -> Result<Self, StoreError> {
        Ok(store.get(&keys::standing(account_id)).await?.unwrap_or_default())
    }

    /// Whether signing in takes a code.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.totp.as_ref().is_some_and(|totp| totp.is_confirmed)
    }

    /// Opens the secret of the app, if there is one.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub(crate) async fn open(&mut self, sealer: &Sealer, account_id: AccountId) -> Result<(), ApiError> {
        match &mut self.totp {
            Some(totp) => totp.open(sealer, account_id).await,
            None => Ok(()),
        }
    }

    /// Uses up a code of the app, or a recovery code. `None`: the code is wrong, or was used before.
    pub(crate) fn spend(mut self, code: &str, now: Timestamp) -> Option<Self> {
        let code: String = code.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').collect();
        if let Some(totp) = self.totp.as_mut().filter(|totp| totp.is_confirmed)
            && totp.spend(&code, now)
        {
            return Some(self);
        }
        let hash = recovery::hash(&code);
        let place = self.recovery_codes.iter().position(|known| *known == hash)?;
        self.recovery_codes.remove(place);
        Some(self)
    }

    /// The number of recovery codes that are left.
    pub(crate) fn recovery_codes_left(&self) -> usize {
        self.recovery_codes.len()
    }

    /// Replaces the recovery codes. The standing keeps their hashes.
    ///
    /// # Errors
    /// There is no randomness.
    pub(crate) fn renew_recovery_codes(&mut self) -> Result<Vec<String>, NoEntropy> {
        let codes = recovery::new()?;
        self.recovery_codes = codes.iter().map(|code| recovery::hash(&code.replace('-', ""))).collect();
        Ok(codes)
    }

    /// The factors of a proof after [`try_code`], as the audit trail names them. There were `codes_before` recovery
    /// codes before it.
    pub(crate) fn factors_used(&self, codes_before: usize) -> &'static str {
        if self.recovery_codes.len() < codes_before { "password+recovery_code" } else { "password+totp" }
    }

    /// Adds the write of a changed standing.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(crate) fn save(mut self, transaction: &mut Transaction, account_id: AccountId) -> Result<(), StoreError> {
        let unchanged = if self.version == 0 { Condition::Absent } else { Condition::version(self.version) };
        self.version += 1;
        transaction.put(STANDING, keys::standing(account_id), &self, unchanged)?;
        Ok(())
    }
}

/// Tries a code. Wrong ones are limited; a right one is used up and does not count.
///
/// # Errors
/// 422 `invalid_code`, 429 `too_many_requests`, or the store's.
pub(crate) async fn try_code(
    accounts: &Accounts,
    (account_id, mut standing): (AccountId, Standing),
    code: &RawText,
    who: Who<'_>,
    now: Timestamp,
) -> Result<Standing, ApiError> {
    accounts.limits.take(Action::SecondFactor, who, now).await?;
    standing.open(&accounts.sealer, account_id).await?;
    let spent = standing.spend(code.as_str(), now).ok_or_else(invalid_code)?;
    accounts.limits.give_back(Action::SecondFactor, who, now).await?;
    Ok(spent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_good_for_one_use() {
        let codes = recovery::new().unwrap();
        assert_eq!(codes.len(), 10);
        let standing = Standing {
            recovery_codes: codes.iter().map(|code| recovery::hash(&code.replace('-', ""))).collect(),
            ..Standing::default()
        };
        let now = Timestamp::UNIX_EPOCH;
        let spent = standing.spend(&codes[3], now).unwrap();
        assert_eq!(spent.recovery_codes.len(), 9);
        assert!(spent.clone().spend(&codes[3], now).is_none());
        assert!(spent.spend(&codes[4].to_uppercase().replace('-', " "), now).is_some());
    }
}
