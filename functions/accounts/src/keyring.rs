//! The private signing keys. The first sign-in makes the first key, and later sign-ins replace it when a new one is
//! due.
//!
//! Two processes that make the same generation write the same item of the store: one write succeeds, and both processes
//! use its key. [`tokens::life`] decides when a key is due. Private halves are stored sealed ([`stored_key`]).

mod stored_key;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http_api::ApiError;
use jiff::{SignedDuration, Timestamp};
use sealing::{SealError, Sealer};
use store::{Condition, Slice, Store, StoreError, Transaction, keys};
use tokens::{
    NotOurs, SigningKey, Terms, life,
    life::Generation,
    published::{PUBLISHED_KEY, PublishedKey, published_keys},
};

use self::stored_key::StoredKey;

/// The label of the write on which two makers of one generation compete.
const SIGNING_KEY: &str = "signing key";

/// The signing keys that this process has read.
#[derive(Debug)]
pub(crate) struct Keyring {
    store: Store,
    sealer: Sealer,
    token_lifetime: SignedDuration,
    /// Every generation. `None`: its key is out of use, or could not be opened.
    known: Mutex<Vec<(Generation, Option<SigningKey>)>>,
}

/// Why no key can sign.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Entropy(#[from] runtime::entropy::NoEntropy),
    #[error("a signing key was not sealed or opened")]
    Seal(#[from] SealError),
    #[error("a stored signing key is unreadable")]
    Unreadable(#[from] NotOurs),
    #[error("the new signing key was not found")]
    Vanished,
}

impl From<KeyringError> for ApiError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Store(error) => error.into(),
            KeyringError::Seal(busy @ SealError::Busy(_)) => StoreError::Busy(Box::new(busy)).into(),
            error => Self::internal(error),
        }
    }
}

impl Keyring {
    /// A keyring that has read no key yet.
    pub(crate) fn new(store: Store, sealer: Sealer, terms: &Terms) -> Self {
        let token_lifetime = SignedDuration::from_secs(i64::from(terms.lifetime_seconds));
        Self { store, sealer, token_lifetime, known: Mutex::default() }
    }

    /// The key to sign with at `now`. Makes and publishes one if it is due.
    ///
    /// # Errors
    /// The store's, if this process has no key that may still sign.
    pub(crate) async fn signing_key(&self, now: Timestamp) -> Result<SigningKey, KeyringError> {
        let (key, due) = self.planned(now);
        if let (Some(key), None) = (&key, due) {
            return Ok(key.clone());
        }
        // Another process may have made the key already.
        match self.renew(now).await {
            Ok(()) => self.planned(now).0.ok_or(KeyringError::Vanished),
            // The old key may sign for a while longer. The next sign-in tries again.
            Err(error) => key.ok_or(error),
        }
    }

    async fn renew(&self, now: Timestamp) -> Result<(), KeyringError> {
        self.load(now).await?;
        let (_, Some(generation)) = self.planned(now) else { return Ok(()) };
        match self.make(generation, now).await {
            Err(KeyringError::Store(lost)) if lost.is_conflict_on(SIGNING_KEY) => {}
            made => made?,
        }
        self.load(now).await
    }

    /// The key to sign with and the generation to make.
    fn planned(&self, now: Timestamp) -> (Option<SigningKey>, Option<u32>) {
        let known = self.known();
        let generations: Vec<Generation> = known.iter().map(|(generation, _)| *generation).collect();
        let plan = life::plan(&generations, now);
        let key = known.iter().find(|(generation, _)| Some(generation.number) == plan.sign_with);
        (key.and_then(|(_, key)| key.clone()), plan.make)
    }

    async fn load(&self, now: Timestamp) -> Result<(), KeyringError> {
        let stored: Vec<StoredKey> = self.store.query(&keys::signing_keys(), Slice::ALL).await?;
        let generations: Vec<Generation> = stored.iter().map(StoredKey::generation).collect();
        let plan = life::plan(&generations, now);
        let mut keys = Vec::with_capacity(stored.len());
        for (stored, generation) in stored.iter().zip(generations) {
            // A key past its end signs nothing, and nobody needs its public half.
            if life::not_after(generation.created_at, self.token_lifetime) <= now {
                keys.push((generation, None));
                continue;
            }
            let key = match stored.open(&self.sealer).await {
                Ok(key) => key,
                Err(error) if plan.sign_with == Some(generation.number) => return Err(error),
                // Sign-in goes on without it.
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(generation = generation.number, error, "a signing key was not opened");
                    keys.push((generation, None));
                    continue;
                }
            };
            if !stored.is_sealed_now(&self.sealer) {
                self.seal_again(stored, &key).await;
            }
            keys.push((generation, Some(key)));
        }
        self.publish_missing(&keys, now).await?;
        *self.known() = keys;
        Ok(())
    }

    /// Seals a key that is stored in the clear, or under an earlier version of the sealing key. If that fails, the key
    /// stays readable, and the next process tries again.
    async fn seal_again(&self, stored: &StoredKey, key: &SigningKey) {
        let sealed = async {
            let sealed = StoredKey::seal(&self.sealer, stored.generation, stored.created_at, key).await?;
            let mut transaction = Transaction::new();
            let place = keys::signing_key(stored.generation);
            transaction.put(SIGNING_KEY, place, &sealed, stored.is_unchanged())?;
            Ok::<_, KeyringError>(self.store.commit(transaction).await?)
        };
        match sealed.await {
            Ok(()) => tracing::info!(generation = stored.generation, "sealed a signing key again"),
            // Another process was faster.
            Err(KeyringError::Store(lost)) if lost.is_conflict_on(SIGNING_KEY) => {}
            Err(error) => {
                let generation = stored.generation;
                tracing::warn!(
                    generation,
                    error = &error as &dyn std::error::Error,
                    "a signing key was not sealed again"
                );
            }
        }
    }

    /// Publishes the keys that are not in `trust`. Versions up to 0.1 published theirs in another table.
    async fn publish_missing(
        &self,
        keys: &[(Generation, Option<SigningKey>)],
        now: Timestamp,
    ) -> Result<(), KeyringError> {
        let published = published_keys(&self.store).await?;
        let keys = keys.iter().filter_map(|(generation, key)| Some((generation, key.as_ref()?)));
        for (generation, key) in keys {
            let key = self.published(*generation, key);
            if now < key.not_after && !published.contains(&key) {
                let mut transaction = Transaction::new();
                key.publish(&mut transaction)?;
                match self.store.commit(transaction).await {
                    Err(lost) if lost.is_conflict_on(PUBLISHED_KEY) => {}
                    committed => committed?,
                }
            }
        }
        Ok(())
    }

    fn published(&self, generation: Generation, key: &SigningKey) -> PublishedKey {
        let not_after = life::not_after(generation.created_at, self.token_lifetime);
        PublishedKey { jwk: key.public().to_jwk(), not_after }
    }

    /// Stores the private half and publishes the public half in one transaction.
    async fn make(&self, generation: u32, now: Timestamp) -> Result<(), KeyringError> {
        let key = SigningKey::generate()?;
        let stored = StoredKey::seal(&self.sealer, generation, now, &key).await?;
        let published = self.published(Generation { number: generation, created_at: now }, &key);
        let mut transaction = Transaction::new();
        transaction.put(SIGNING_KEY, keys::signing_key(generation), &stored, Condition::Absent)?;
        published.publish(&mut transaction)?;
        self.store.commit(transaction).await?;
        tracing::info!(generation, kid = key.public().kid(), "made a signing key");
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Vec<(Generation, Option<SigningKey>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
