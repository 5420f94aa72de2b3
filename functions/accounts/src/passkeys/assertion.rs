//! An authenticator's answer that proves who somebody is.

use std::fmt;

use domain::{
    account::PasskeyChallenge,
    validation::{Field, FromJson, Refusal, Rule},
    values::AccountId,
};
use http_api::ApiError;
use jiff::Timestamp;
use serde_json::Value;
use store::{StoreError, Transaction};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    bin::{Decode, Encode},
    request::{auth::AuthenticationVerificationOptions, register::UserHandle64},
    response::{
        CredentialId, SentChallenge,
        auth::error::AuthCeremonyErr,
        register::{DynamicState, StaticState},
    },
};

use super::{
    Site,
    challenge::{self, CHALLENGE},
    stored::{Bytes, Owner, PASSKEY, Passkey},
};
use crate::{Accounts, sessions::invalid_credentials};

/// The answer of `navigator.credentials.get()`, as `toJSON()` gives it.
pub(crate) struct Assertion(DiscoverableAuthentication64);

impl fmt::Debug for Assertion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Assertion(…)")
    }
}

impl FromJson for Assertion {
    fn from_json(value: &Value, mut field: Field<'_>) -> Option<Self> {
        let json = serde_json::to_vec(value).ok()?;
        match DiscoverableAuthentication64::from_json_relaxed(&json) {
            Ok(answer) => Some(Self(answer)),
            Err(_) => {
                let detail = "must be what `toJSON()` of a passkey's answer to `navigator.credentials.get()` gives";
                field.refuse(Refusal::new(Rule::WrongType, detail));
                None
            }
        }
    }
}

/// An account that a passkey has proved.
pub(crate) struct Verified {
    pub(crate) account_id: AccountId,
    owner: Owner,
    passkey: Passkey,
    state: Bytes,
    challenge: SentChallenge,
}

impl Verified {
    /// Adds the writes that make the answer count once: the end of its challenge, and the new counter.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(crate) fn save(self, transaction: &mut Transaction, now: Timestamp) -> Result<(), StoreError> {
        challenge::use_up(transaction, self.challenge);
        self.passkey.used(transaction, self.owner, self.state, now)
    }
}

/// Whether a commit failed because another request used the challenge or the passkey first.
pub(crate) fn is_lost_race(error: &StoreError) -> bool {
    error.is_conflict_on(CHALLENGE) || error.is_conflict_on(PASSKEY)
}

/// Checks an answer: the challenge, the site, the signature, the counter, and that the person was verified.
///
/// # Errors
/// 401 `invalid_credentials` for an answer that proves nothing, whatever the reason; or the store's.
pub(crate) async fn verify(
    accounts: &Accounts,
    site: &Site,
    Assertion(answer): &Assertion,
    now: Timestamp,
) -> Result<Verified, ApiError> {
    let challenge = answer.challenge_relaxed().map_err(|_| invalid_credentials())?;
    let ceremony = challenge::read(accounts, challenge, PasskeyChallenge::Prove, now).await?;
    let ceremony = ceremony.ok_or_else(invalid_credentials)?;
    let credential_id = answer.raw_id();
    let owner = Owner::find(accounts, credential_id.as_ref()).await?.ok_or_else(invalid_credentials)?;
    let passkey = Passkey::read(accounts, owner).await?.ok_or_else(invalid_credentials)?;
    let state = match check(site, answer, credential_id, &ceremony, &passkey)? {
        Ok(state) => Bytes::of(&state),
        Err(error) => {
            if matches!(error, AuthCeremonyErr::SignatureCounter) {
                // A device counts its signatures. A counter that went back belongs to a copy, or to the original.
                let passkey_id = owner.passkey_id;
                tracing::warn!(security_event = "passkey_copied", %passkey_id, "security: passkey_copied");
            }
            return Err(invalid_credentials());
        }
    };
    Ok(Verified { account_id: owner.account_id, owner, passkey, state, challenge })
}

/// The state of the passkey after the answer, or the reason why the answer proves nothing.
///
/// # Errors
/// 500: an item of the store is unreadable.
fn check(
    site: &Site,
    answer: &DiscoverableAuthentication64,
    credential_id: CredentialId<&[u8]>,
    ceremony: &[u8],
    passkey: &Passkey,
) -> Result<Result<[u8; 7], AuthCeremonyErr>, ApiError> {
    let ceremony = DiscoverableAuthenticationServerState::decode(ceremony).map_err(ApiError::internal)?;
    let unreadable = || ApiError::internal("an unreadable passkey");
    let handle = passkey.user_handle.get().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok()).ok_or_else(unreadable)?;
    let Ok(handle) = UserHandle64::decode(handle);
    let key = StaticState::decode(&passkey.key.get().ok_or_else(unreadable)?).map_err(ApiError::internal)?;
    let state = passkey.state.get().and_then(|bytes| <[u8; 7]>::try_from(bytes).ok()).ok_or_else(unreadable)?;
    let state = DynamicState::decode(state).map_err(ApiError::internal)?;
    let mut credential =
        AuthenticatedCredential::new(credential_id, &handle, key, state).map_err(ApiError::internal)?;
    let origins = [site.origin.as_str()];
    let options = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        // A browser's extensions may answer to what nobody asked.
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    Ok(ceremony.verify(&site.rp_id, answer, &mut credential, &options).map(|_| {
        let Ok(state) = credential.dynamic_state().encode();
        state
    }))
}
