//! Personal data as they are stored: each field sealed, under one data key for the record.

use domain::{account::PersonalData, values::AccountId};
use http_api::ApiError;
use sealing::{Sealed, Sealer};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{Condition, Store, StoreError, Transaction, keys};
use zeroize::Zeroizing;

use crate::sealed::failed;

/// The label of the record's write.
pub(crate) const PERSONAL_DATA: &str = "personal data";

/// The names of the sealed fields, to which the ciphertexts are bound.
const FIELDS: [&str; 3] = ["legal_name", "phone", "payout_account"];

/// The stored record. Each field holds JSON, and `null` for a part that is absent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    legal_name: Sealed,
    phone: Sealed,
    payout_account: Sealed,
    /// Grows with every change of the data.
    pub(crate) version: u64,
}

impl Stored {
    /// Reads the record of an account.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub(crate) async fn read(store: &Store, account_id: AccountId) -> Result<Option<Self>, StoreError> {
        store.get(&keys::personal_data(account_id)).await
    }

    /// Seals personal data.
    ///
    /// # Errors
    /// As [`Sealer::seal_fields`].
    pub(crate) async fn seal(
        sealer: &Sealer,
        account_id: AccountId,
        data: &PersonalData,
        version: u64,
    ) -> Result<Self, ApiError> {
        let PersonalData { legal_name, phone, payout_account } = data;
        let [name, number, account] = [text(legal_name)?, text(phone)?, text(payout_account)?];
        let fields = [(FIELDS[0], name.as_slice()), (FIELDS[1], &number), (FIELDS[2], &account)];
        let sealed = sealer.seal_fields(&keys::personal_data(account_id), fields).await.map_err(failed)?;
        let [legal_name, phone, payout_account] = sealed;
        Ok(Self { legal_name, phone, payout_account, version })
    }

    /// Opens personal data.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub(crate) async fn open(&self, sealer: &Sealer, account_id: AccountId) -> Result<PersonalData, ApiError> {
        Ok(PersonalData {
            legal_name: open(sealer, account_id, FIELDS[0], &self.legal_name).await?,
            phone: open(sealer, account_id, FIELDS[1], &self.phone).await?,
            payout_account: open(sealer, account_id, FIELDS[2], &self.payout_account).await?,
        })
    }

    /// Adds the write of the record, on the condition that the stored one still has the version `before`; 0: there is
    /// none.
    ///
    /// # Errors
    /// As [`Transaction::put`].
    pub(crate) fn save(
        &self,
        transaction: &mut Transaction,
        account_id: AccountId,
        before: u64,
    ) -> Result<(), StoreError> {
        let unchanged = if before == 0 { Condition::Absent } else { Condition::version(before) };
        transaction.put(PERSONAL_DATA, keys::personal_data(account_id), self, unchanged)?;
        Ok(())
    }
}

fn text<T: Serialize>(part: &Option<T>) -> Result<Zeroizing<Vec<u8>>, ApiError> {
    Ok(Zeroizing::new(serde_json::to_vec(part).map_err(ApiError::internal)?))
}

async fn open<T: DeserializeOwned>(
    sealer: &Sealer,
    account_id: AccountId,
    field: &str,
    sealed: &Sealed,
) -> Result<Option<T>, ApiError> {
    let opened = sealer.open(&keys::personal_data(account_id), field, sealed).await.map_err(failed)?;
    serde_json::from_slice(&opened).map_err(|_| ApiError::internal("a sealed field holds no such value"))
}
