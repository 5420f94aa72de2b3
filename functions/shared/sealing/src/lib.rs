//! Sealing: sensitive fields of stored records are encrypted, each bound to its place.
//!
//! KMS makes a data key for every record and encrypts it under a key that never leaves KMS (envelope encryption). The
//! data key encrypts the fields of the record with AES-256-GCM-SIV (RFC 8452), which stays safe should a nonce ever
//! repeat. The associated data names table, key, field and key version. So a sealed field does not open in another
//! record, in another field, or under another version.
//!
//! KMS learns the table as encryption context, and so a role can be held to one table. It does not learn the record's
//! key, because AWS's log of calls shows the context, and a key may hold an address.
//!
//! **Rotation.** KMS renews its own key material every year, and opens old data keys all the same. To move to another
//! KMS key, set `SEALING_KEY` and raise `SEALING_KEY_VERSION`: new values are sealed under the new key, old ones stay
//! readable while the old key exists, and [`Sealer::is_current`] tells their owner to seal them again.

mod cache;
mod cipher;
mod kms;
mod sealed;

use std::sync::Arc;

use runtime::Config;
use store::Key;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

pub use sealed::{Malformed, Sealed};

use crate::cache::Cache;
use crate::cipher::{DataKey, Place};
use crate::kms::Kms;

/// The bytes of an opened field. They are overwritten when they are dropped.
pub type Opened = Zeroizing<Vec<u8>>;

/// Why a field was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// KMS is unreachable, slow or throttled. The same request may succeed a moment later.
    #[error("KMS is busy")]
    Busy(#[source] kms::KmsError),
    /// KMS refused: a permission, the key, or the data key's origin is wrong. Waiting does not help.
    #[error("KMS refused")]
    Refused(#[source] kms::KmsError),
    /// The sealed value belongs to another place or was changed.
    #[error("a sealed field does not open in this place")]
    Unopened,
    /// The operating system gave no randomness.
    #[error(transparent)]
    Entropy(#[from] runtime::entropy::NoEntropy),
}

impl From<kms::KmsError> for SealError {
    fn from(error: kms::KmsError) -> Self {
        if error.is_passing() { Self::Busy(error) } else { Self::Refused(error) }
    }
}

/// Seals and opens fields. Clones are cheap and share connections and cached data keys.
#[derive(Debug, Clone)]
pub struct Sealer {
    key_id: Arc<str>,
    key_version: u32,
    kms: Arc<OnceCell<Kms>>,
    cache: Arc<Cache>,
}

impl Sealer {
    /// A sealer under the configured key. It opens no connection and cannot fail.
    pub fn new(config: &Config) -> Self {
        Self {
            key_id: config.sealing_key.as_str().into(),
            key_version: config.sealing_key_version,
            kms: Arc::default(),
            cache: Arc::default(),
        }
    }

    /// Seals one field of the record at `key`, under a data key of its own.
    ///
    /// # Errors
    /// As [`SealError`].
    pub async fn seal(&self, key: &Key, field: &str, plaintext: &[u8]) -> Result<Sealed, SealError> {
        let [sealed] = self.seal_fields(key, [(field, plaintext)]).await?;
        Ok(sealed)
    }

    /// Seals fields of the record at `key` under one data key, with one call to KMS.
    ///
    /// # Errors
    /// As [`SealError`].
    pub async fn seal_fields<const N: usize>(
        &self,
        key: &Key,
        fields: [(&str, &[u8]); N],
    ) -> Result<[Sealed; N], SealError> {
        let table = key.table().name();
        let (data_key, wrapped) = self.kms().await.generate_data_key(&self.key_id, table).await?;
        let mut nonces = [[0; cipher::NONCE_BYTES]; N];
        for nonce in &mut nonces {
            *nonce = runtime::entropy::bytes()?;
        }
        let seal = |((field, plaintext), nonce): ((&str, &[u8]), [u8; cipher::NONCE_BYTES])| {
            let place = Place { key, field, key_version: self.key_version };
            let ciphertext = cipher::encrypt(&data_key, &nonce, &place, plaintext);
            Sealed::new(self.key_version, wrapped.clone(), nonce, ciphertext)
        };
        let mut with_nonces = nonces.into_iter();
        Ok(fields.map(|field| seal((field, with_nonces.next().unwrap_or_default()))))
    }

    /// Opens one field of the record at `key`.
    ///
    /// # Errors
    /// As [`SealError`].
    pub async fn open(&self, key: &Key, field: &str, sealed: &Sealed) -> Result<Opened, SealError> {
        let data_key = self.data_key(key.table().name(), sealed.data_key()).await?;
        let place = Place { key, field, key_version: sealed.key_version() };
        cipher::decrypt(&data_key, sealed.nonce(), &place, sealed.ciphertext()).ok_or(SealError::Unopened)
    }

    /// Whether a field was sealed under the configured version of the key. If not, its owner should seal it again.
    pub fn is_current(&self, sealed: &Sealed) -> bool {
        sealed.key_version() == self.key_version
    }

    async fn data_key(&self, table: &str, wrapped: &[u8]) -> Result<DataKey, SealError> {
        if let Some(known) = self.cache.get(table, wrapped) {
            return Ok(known);
        }
        let data_key = self.kms().await.decrypt(wrapped, table).await?;
        self.cache.put(table, wrapped, data_key.clone());
        Ok(data_key)
    }

    /// The client, connected when it is first needed.
    async fn kms(&self) -> &Kms {
        self.kms.get_or_init(Kms::connect).await
    }
}
