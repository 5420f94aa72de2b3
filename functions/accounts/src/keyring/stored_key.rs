//! The stored form of a private signing key.

use jiff::Timestamp;
use sealing::{SealError, Sealed, Sealer};
use serde::{Deserialize, Serialize};
use store::{Condition, keys};
use tokens::{NotOurs, SigningKey, life::Generation};
use zeroize::Zeroizing;

use super::KeyringError;

/// The name of the sealed field, to which the ciphertext is bound.
const FIELD: &str = "sealed";

/// A signing key as it is stored: sealed, or in the clear as versions up to 0.1 stored it.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredKey {
    pub(super) generation: u32,
    pub(super) created_at: Timestamp,
    /// The private scalar, base64url, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<Sealed>,
    /// The private scalar, base64url, in the clear. Nothing writes it any more.
    #[serde(default, skip_serializing)]
    secret: Option<String>,
}

impl StoredKey {
    /// The stored form of a key.
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub(super) async fn seal(
        sealer: &Sealer,
        generation: u32,
        created_at: Timestamp,
        key: &SigningKey,
    ) -> Result<Self, SealError> {
        let secret = Zeroizing::new(key.secret());
        let sealed = sealer.seal(&keys::signing_key(generation), FIELD, secret.as_bytes()).await?;
        Ok(Self { generation, created_at, sealed: Some(sealed), secret: None })
    }

    /// The generation of the key.
    pub(super) fn generation(&self) -> Generation {
        Generation { number: self.generation, created_at: self.created_at }
    }

    /// The key.
    ///
    /// # Errors
    /// As [`Sealer::open`], or the secret is no key.
    pub(super) async fn open(&self, sealer: &Sealer) -> Result<SigningKey, KeyringError> {
        match (&self.sealed, &self.secret) {
            (Some(sealed), _) => {
                let opened = sealer.open(&keys::signing_key(self.generation), FIELD, sealed).await?;
                Ok(SigningKey::from_secret(std::str::from_utf8(&opened).map_err(|_| NotOurs)?)?)
            }
            (None, Some(secret)) => Ok(SigningKey::from_secret(secret)?),
            (None, None) => Err(NotOurs.into()),
        }
    }

    /// Whether the key is sealed under the configured version of the sealing key.
    pub(super) fn is_sealed_now(&self, sealer: &Sealer) -> bool {
        self.sealed.as_ref().is_some_and(|sealed| sealer.is_current(sealed))
    }

    /// The condition that the item is still as it was read.
    pub(super) fn is_unchanged(&self) -> Condition {
        match (&self.sealed, &self.secret) {
            (Some(sealed), _) => Condition::text("sealed", sealed.clone()),
            (None, secret) => Condition::text("secret", secret.clone().unwrap_or_default()),
        }
    }
}
