//! Passkeys as `credentials` stores them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::values::{AccountId, PasskeyId, PasskeyName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Condition, Key, Slice, StoreError, Transaction, keys};

use crate::Accounts;

/// The label of the write that counts an account's passkeys.
pub(super) const PASSKEYS: &str = "passkeys of the account";
/// The label of a passkey's write. A conflict on it means that the passkey was used or removed at the same time.
pub(super) const PASSKEY: &str = "passkey";
/// The label of the write that names a passkey's owner. A conflict on it means that the passkey has one already.
pub(super) const OWNER: &str = "passkey's owner";

/// Bytes, base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Bytes(String);

impl Bytes {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// `None`: the item was not written by this program.
    pub(super) fn get(&self) -> Option<Vec<u8>> {
        BASE64_URL_SAFE_NO_PAD.decode(&self.0).ok()
    }
}

/// The part that all passkeys of an account share.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Passkeys {
    /// The name under which authenticators keep the account: 64 random bytes. `None`: there was no passkey yet.
    #[serde(default)]
    pub(super) user_handle: Option<Bytes>,
    #[serde(default)]
    pub(super) count: u32,
    /// Grows with every write. 0: not written yet.
    #[serde(default)]
    pub(super) version: u64,
}

impl Passkeys {
    pub(super) async fn read(accounts: &Accounts, account_id: AccountId) -> Result<Self, StoreError> {
        Ok(accounts.store.get(&keys::passkeys(account_id)).await?.unwrap_or_default())
    }

    /// Adds the write of a changed number. The commit reports a conflict on [`PASSKEYS`] if another request changed it.
    pub(super) fn save(mut self, transaction: &mut Transaction, account_id: AccountId) -> Result<(), StoreError> {
        let unchanged = if self.version == 0 { Condition::Absent } else { Condition::version(self.version) };
        self.version += 1;
        transaction.put(PASSKEYS, keys::passkeys(account_id), &self, unchanged)?;
        Ok(())
    }
}

/// A passkey.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Passkey {
    pub(super) name: PasskeyName,
    /// The id that the authenticator gave it, at most 1,023 bytes.
    pub(super) credential_id: Bytes,
    /// The user handle that the authenticator keeps with it.
    pub(super) user_handle: Bytes,
    /// The public key and its extensions, in the library's encoding.
    pub(super) key: Bytes,
    /// The counter of signatures and the state of its backup, in the library's encoding.
    pub(super) state: Bytes,
    /// How a browser reaches the authenticator, in the library's encoding.
    pub(super) transports: u8,
    pub(super) created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_used_at: Option<Timestamp>,
}

impl Passkey {
    /// Adds a new passkey with its owner.
    pub(super) fn add(
        &self,
        transaction: &mut Transaction,
        account_id: AccountId,
        passkey_id: PasskeyId,
    ) -> Result<(), StoreError> {
        transaction.put(PASSKEY, item(account_id, passkey_id), self, Condition::Absent)?;
        let owner = Owner { account_id, passkey_id };
        transaction.put(OWNER, owner_key(&self.credential_id), &owner, Condition::Absent)?;
        Ok(())
    }

    /// Adds the write of a passkey that has signed. Of two answers with one counter, the commit takes the first, and
    /// reports a conflict on [`PASSKEY`] for the second.
    pub(super) fn used(
        self,
        transaction: &mut Transaction,
        Owner { account_id, passkey_id }: Owner,
        state: Bytes,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let unchanged = Condition::text("state", self.state.0.clone());
        let used = Self { state, last_used_at: Some(now), ..self };
        transaction.put(PASSKEY, item(account_id, passkey_id), &used, unchanged)?;
        Ok(())
    }

    /// Adds the removal of a passkey. The commit reports a conflict on [`PASSKEY`] if it is gone.
    pub(super) fn remove(&self, transaction: &mut Transaction, account_id: AccountId, passkey_id: PasskeyId) {
        transaction.delete(PASSKEY, item(account_id, passkey_id), Condition::Present);
        transaction.delete(OWNER, owner_key(&self.credential_id), Condition::Always);
    }

    pub(super) async fn read(accounts: &Accounts, owner: Owner) -> Result<Option<Self>, StoreError> {
        accounts.store.get(&item(owner.account_id, owner.passkey_id)).await
    }
}

/// The owner of a passkey.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) account_id: AccountId,
    pub(super) passkey_id: PasskeyId,
}

impl Owner {
    /// The owner of the passkey with this credential id.
    pub(super) async fn find(accounts: &Accounts, credential_id: &[u8]) -> Result<Option<Self>, StoreError> {
        accounts.store.get(&owner_key(&Bytes::of(credential_id))).await
    }
}

/// The passkeys of an account, oldest first.
pub(super) async fn all(accounts: &Accounts, account_id: AccountId) -> Result<Vec<(PasskeyId, Passkey)>, StoreError> {
    /// A passkey with its sort key, which is its id.
    #[derive(Deserialize)]
    struct Stored {
        sk: PasskeyId,
        #[serde(flatten)]
        passkey: Passkey,
    }
    let stored: Vec<Stored> = accounts.store.query(&keys::passkeys_of(account_id), Slice::ALL).await?;
    Ok(stored.into_iter().map(|Stored { sk, passkey }| (sk, passkey)).collect())
}

fn item(account_id: AccountId, passkey_id: PasskeyId) -> Key {
    keys::passkeys_of(account_id).item(passkey_id.to_string())
}

fn owner_key(credential_id: &Bytes) -> Key {
    keys::passkey_owner(&crate::hash(credential_id.0.as_bytes()))
}
